//! What becomes of the sources of a draft that is thrown away: they go with it, each with its line in the audit.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper, delete};

use super::rows::FundingSourceRow;
use crate::{
    features::pilots::{Follower, PilotRow},
    platform::{db::schema::funding_sources, error::AppError, web::Tx},
};

/// Deletes the sources of a pilot that is deleted.
pub struct SourcesFollow;

impl Follower for SourcesFollow {
    fn deleting(&self, tx: &mut Tx<'_>, pilot: &PilotRow) -> Result<(), AppError> {
        let rows: Vec<FundingSourceRow> = funding_sources::table
            .filter(funding_sources::pilot_id.eq(pilot.id))
            .order(funding_sources::id)
            .select(FundingSourceRow::as_select())
            .load(tx.conn)?;
        for row in rows {
            delete(funding_sources::table.find(row.id)).execute(tx.conn)?;
            tx.audit::<FundingSourceRow>("funding_source", row.id.as_str(), Some(&row), None)?;
        }
        Ok(())
    }
}
