//! An expenditure report as it is stored.

use diesel::{AsChangeset, Identifiable, Insertable, Queryable, Selectable};
use serde::Serialize;

use super::{content::ExpenditureLine, status::ReportStatus};
use crate::{
    features::{
        funding::ids::{ExpenditureReportId, FundingRequestId, TrancheId},
        pilots::PilotId,
    },
    platform::{
        clock::Timestamp,
        db::{json_list::JsonList, schema::expenditure_reports},
        ids::UserId,
    },
};

/// An expenditure report. `Serialize` is for the audit digest alone.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset, Identifiable, Serialize)]
#[diesel(table_name = expenditure_reports, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct ExpenditureReportRow {
    /// Its identifier.
    pub id: ExpenditureReportId,
    /// Of which tranche.
    pub tranche_id: TrancheId,
    /// Of which funding request.
    pub request_id: FundingRequestId,
    /// Of which pilot.
    pub pilot_id: PilotId,
    /// Where it stands.
    pub status: ReportStatus,
    /// What was spent.
    pub lines: JsonList<ExpenditureLine>,
    /// Their sum in poisha.
    pub total: i64,
    /// Poisha accepted as spent.
    pub accepted: Option<i64>,
    /// Who made it.
    pub created_by: UserId,
    /// Who handed it in.
    pub submitted_by: Option<UserId>,
    /// When.
    pub submitted_at: Option<Timestamp>,
    /// Who checked it.
    pub checked_by: Option<UserId>,
    /// When.
    pub checked_at: Option<Timestamp>,
    /// Who accepted it.
    pub accepted_by: Option<UserId>,
    /// When.
    pub accepted_at: Option<Timestamp>,
    /// Why it is withheld, failed, cancelled, returned or disputed.
    pub status_reason: Option<String>,
    /// Counts changes.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}
