//! The one way in which a request moves: compare-and-set, its line of history, its audit entry.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, insert_into, update};

use super::{
    rows::{FundingRequestRow, RequestTransitionRow},
    status::{LIFECYCLE, RequestMove},
};
use crate::platform::{
    db::schema::{funding_request_transitions, funding_requests},
    error::{AppError, ErrorCode},
    lifecycle::next,
    web::Tx,
};

/// Who moves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The caller.
    Caller,
    /// The system, as a consequence of what the caller did elsewhere.
    System,
}

/// Moves a request; `prepared` is the row with all else that the move changes.
///
/// # Errors
/// `TransitionNotAllowed`; `VersionMismatch` when someone else was first.
pub fn advance(
    tx: &mut Tx<'_>,
    action: &str,
    before: &FundingRequestRow,
    prepared: FundingRequestRow,
    step: RequestMove,
    by: By,
    reason: Option<&str>,
) -> Result<FundingRequestRow, AppError> {
    let to = next(LIFECYCLE, before.status, step)?.to;
    let ended_at = if to.is_final() { before.ended_at.or(Some(tx.now)) } else { before.ended_at };
    let after = save(tx, action, before, FundingRequestRow { status: to, ended_at, ..prepared })?;
    let actor_id = match by {
        By::Caller => Some(tx.actor()?.user_id),
        By::System => None,
    };
    let row = RequestTransitionRow {
        id: tx.new_id(),
        request_id: before.id,
        command: step,
        from_status: before.status,
        to_status: to,
        actor_id,
        reason: reason.map(str::to_owned),
        version: after.version,
        at: tx.now,
    };
    insert_into(funding_request_transitions::table).values(&row).execute(tx.conn)?;
    Ok(after)
}

/// Stores a changed request under its next version, if nobody was faster, and audits it.
///
/// # Errors
/// `VersionMismatch` when someone else was first.
pub fn save(
    tx: &mut Tx<'_>,
    action: &str,
    before: &FundingRequestRow,
    after: FundingRequestRow,
) -> Result<FundingRequestRow, AppError> {
    let after = FundingRequestRow { version: before.version + 1, updated_at: tx.now.max(before.updated_at), ..after };
    let changed = update(funding_requests::table.find(before.id).filter(funding_requests::version.eq(before.version)))
        .set(&after)
        .execute(tx.conn)?;
    if changed == 0 {
        return Err(AppError::new(ErrorCode::VersionMismatch));
    }
    tx.audit_as(action, "funding_request", before.id.as_str(), Some(before), Some(&after))?;
    Ok(after)
}
