//! The one way in which a tranche moves: compare-and-set, its line of history, its audit entry.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, insert_into, update};

use super::{
    account::Account,
    rows::{TrancheRow, TrancheTransitionRow},
    status::{LIFECYCLE, TrancheMove},
};
use crate::{
    features::funding::requests::By,
    platform::{
        db::schema::{tranche_transitions, tranches},
        error::{AppError, ErrorCode},
        lifecycle::next,
        web::Tx,
    },
};

/// Moves a tranche; `prepared` is the row with all else that the move changes.
///
/// # Errors
/// `TransitionNotAllowed`; `VersionMismatch` when someone else was first.
pub fn advance(
    tx: &mut Tx<'_>,
    action: &str,
    before: &TrancheRow,
    prepared: TrancheRow,
    step: TrancheMove,
    by: By,
    reason: Option<&str>,
) -> Result<TrancheRow, AppError> {
    let to = next(LIFECYCLE, before.status, step)?.to;
    let after = save(tx, action, before, TrancheRow { status: to, ..prepared })?;
    let row = TrancheTransitionRow {
        id: tx.new_id(),
        tranche_id: before.id,
        request_id: before.request_id,
        command: step,
        from_status: before.status,
        to_status: to,
        actor_id: match by {
            By::Caller => Some(tx.actor()?.user_id),
            By::System => None,
        },
        reason: reason.map(str::to_owned),
        at: tx.now,
    };
    insert_into(tranche_transitions::table).values(&row).execute(tx.conn)?;
    Ok(after)
}

/// Stores a changed tranche under its next version, if nobody was faster, and audits it. What moves none of its columns
/// does so as well: a refund makes another version, so that of two who know the same one the second is refused.
///
/// # Errors
/// `VersionMismatch` when someone else was first.
pub fn save(tx: &mut Tx<'_>, action: &str, before: &TrancheRow, after: TrancheRow) -> Result<TrancheRow, AppError> {
    let after = TrancheRow { version: before.version + 1, updated_at: tx.now.max(before.updated_at), ..after };
    let changed = update(tranches::table.find(before.id).filter(tranches::version.eq(before.version)))
        .set(&after)
        .execute(tx.conn)?;
    if changed == 0 {
        return Err(AppError::new(ErrorCode::VersionMismatch));
    }
    tx.audit_as(action, "tranche", before.id.as_str(), Some(before), Some(&after))?;
    Ok(after)
}

/// Settles a tranche once its report is accepted and nothing is left to come back.
///
/// # Errors
/// Those of [`advance`].
pub fn settle_if_it_adds_up(tx: &mut Tx<'_>, action: &str, account: &Account) -> Result<TrancheRow, AppError> {
    let before = &account.tranche;
    if !account.adds_up() {
        return Ok(before.clone());
    }
    advance(tx, action, before, before.clone(), TrancheMove::Settle, By::System, None)
}

/// Cancels every tranche that is not paid, since the request ends; gives those that it cancelled.
///
/// # Errors
/// Those of [`advance`].
pub fn cancel_unpaid(tx: &mut Tx<'_>, accounts: &[Account], by: By, reason: &str) -> Result<Vec<TrancheRow>, AppError> {
    let unpaid = accounts.iter().map(|account| &account.tranche).filter(|tranche| tranche.status.is_unpaid());
    unpaid
        .map(|before| {
            let prepared = TrancheRow { status_reason: Some(reason.to_owned()), ..before.clone() };
            advance(tx, "transition_tranche.cancel", before, prepared, TrancheMove::Cancel, by, Some(reason))
        })
        .collect()
}
