//! A handover as it is stored.

use diesel::{
    AsChangeset, ExpressionMethods, Identifiable, Insertable, OptionalExtension, QueryDsl, Queryable, RunQueryDsl,
    Selectable, SelectableHelper, update,
};
use serde::Serialize;

use super::status::{HandoverMove, HandoverStatus, LIFECYCLE};
use crate::{
    features::pilots::PilotId,
    platform::{
        clock::Timestamp,
        db::{DbConnection, schema::pilot_handovers},
        error::{AppError, ErrorCode},
        ids::{UserId, id_types},
        lifecycle::next,
        web::Tx,
    },
};

id_types! {
    /// An offer to hand a pilot over.
    HandoverId;
}

/// How long an offer waits for its answer.
pub const OPEN_FOR: chrono::Duration = chrono::Duration::days(14);

/// An offer to hand a pilot over. `Serialize` is for the audit digest alone.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset, Identifiable, Serialize)]
#[diesel(table_name = pilot_handovers, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct HandoverRow {
    /// Its identifier.
    pub id: HandoverId,
    /// Of which pilot.
    pub pilot_id: PilotId,
    /// The owner when it was offered.
    pub from_user_id: UserId,
    /// Who is to be the owner.
    pub to_user_id: UserId,
    /// The owner, or an officer on their behalf.
    pub offered_by: UserId,
    /// Whether the old owner stays as a member.
    pub previous_owner_stays: bool,
    /// Why it is offered.
    pub reason: Option<String>,
    /// Where it stands, as far as somebody touched it: see [`HandoverRow::status_at`].
    pub status: HandoverStatus,
    /// Until when it waits.
    pub expires_at: Timestamp,
    /// When it was answered, or closed otherwise.
    pub answered_at: Option<Timestamp>,
    /// By whom; `None` when its time ran out.
    pub answered_by: Option<UserId>,
    /// Why.
    pub answer_reason: Option<String>,
    /// Counts changes.
    pub version: i64,
    /// When it was offered.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl HandoverRow {
    /// Where it stands now: an offer whose time is over has expired, although nobody wrote that down yet.
    pub fn status_at(&self, now: Timestamp) -> HandoverStatus {
        match self.status {
            HandoverStatus::Offered if now >= self.expires_at => HandoverStatus::Expired,
            other => other,
        }
    }
}

/// The offer that was not closed yet; its time may be over.
///
/// # Errors
/// Those of the database.
pub fn unanswered(connection: &mut DbConnection, pilot: PilotId) -> Result<Option<HandoverRow>, AppError> {
    Ok(pilot_handovers::table
        .filter(pilot_handovers::pilot_id.eq(pilot))
        .filter(pilot_handovers::status.eq(HandoverStatus::Offered))
        .select(HandoverRow::as_select())
        .first(connection)
        .optional()?)
}

/// Moves a handover, if nobody was faster, and audits it.
///
/// # Errors
/// `TransitionNotAllowed`; `VersionMismatch` when someone else was first.
pub fn advance(
    tx: &mut Tx<'_>,
    before: &HandoverRow,
    step: HandoverMove,
    by: Option<UserId>,
    reason: Option<String>,
) -> Result<HandoverRow, AppError> {
    // An offer that ran out did so then, not when somebody noticed.
    let at = if step == HandoverMove::Expire { before.expires_at } else { tx.now };
    let after = HandoverRow {
        status: next(LIFECYCLE, before.status, step)?.to,
        answered_at: Some(at),
        answered_by: by,
        answer_reason: reason,
        version: before.version + 1,
        updated_at: tx.now.max(before.updated_at),
        ..before.clone()
    };
    let changed = update(pilot_handovers::table.find(before.id).filter(pilot_handovers::version.eq(before.version)))
        .set(&after)
        .execute(tx.conn)?;
    if changed == 0 {
        return Err(AppError::new(ErrorCode::VersionMismatch));
    }
    let action = format!("transition_handover.{}", step.as_str());
    tx.audit_as(&action, "handover", before.id.as_str(), Some(before), Some(&after))?;
    Ok(after)
}
