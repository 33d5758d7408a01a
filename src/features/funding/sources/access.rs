//! Who sees a source: every logged-in person who sees its pilot.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper, update};

use super::rows::FundingSourceRow;
use crate::{
    features::{
        funding::ids::FundingSourceId,
        pilots::{PilotRow, Seen, see},
    },
    platform::{
        auth::{Actor, Standing},
        db::{DbConnection, schema::funding_sources},
        error::{AppError, DatabaseIntent, ErrorCode},
        web::Tx,
    },
};

/// A source that the caller may see, and what they are to it.
#[derive(Clone, Debug)]
pub struct SeenSource {
    /// The source.
    pub row: FundingSourceRow,
    /// Its pilot.
    pub pilot: PilotRow,
    /// What the caller is to the pilot.
    pub standing: Standing,
    /// Whether the caller declared it.
    pub is_declarer: bool,
}

impl SeenSource {
    /// A source of a pilot that the caller sees.
    pub fn new(row: FundingSourceRow, pilot: Seen, actor: &Actor) -> Self {
        let is_declarer = actor.user_id == row.declared_by;
        Self { row, pilot: pilot.row, standing: pilot.standing, is_declarer }
    }
}

/// The source, if the caller may see it.
///
/// # Errors
/// `NotFound`.
pub fn see_source(
    connection: &mut DbConnection,
    actor: Option<&Actor>,
    id: FundingSourceId,
) -> Result<SeenSource, AppError> {
    let actor = actor.ok_or_else(AppError::not_found)?;
    let row: FundingSourceRow =
        funding_sources::table.find(id).select(FundingSourceRow::as_select()).first(connection).or_not_found()?;
    let pilot = see(connection, Some(actor), row.pilot_id)?;
    Ok(SeenSource::new(row, pilot, actor))
}

/// Stores a changed source under its next version, if nobody was faster, and audits it.
///
/// # Errors
/// `VersionMismatch` when someone else was first.
pub fn save(
    tx: &mut Tx<'_>,
    action: &str,
    before: &FundingSourceRow,
    after: FundingSourceRow,
) -> Result<FundingSourceRow, AppError> {
    let after = FundingSourceRow { version: before.version + 1, updated_at: tx.now.max(before.updated_at), ..after };
    let changed = update(funding_sources::table.find(before.id).filter(funding_sources::version.eq(before.version)))
        .set(&after)
        .execute(tx.conn)?;
    if changed == 0 {
        return Err(AppError::new(ErrorCode::VersionMismatch));
    }
    tx.audit_as(action, "funding_source", before.id.as_str(), Some(before), Some(&after))?;
    Ok(after)
}
