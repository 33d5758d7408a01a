//! How an expenditure report is shown.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{access::SeenReport, guards, status::ReportStatus};
use crate::{
    features::{
        actions::open,
        attachments::AttachmentId,
        funding::ids::{ExpenditureReportId, FundingRequestId, TrancheId},
        pilots::PilotId,
        plans::BudgetHead,
    },
    platform::{clock::Timestamp, ids::UserId, money::Money},
};

/// Something that money was spent on.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ExpenditureLineView {
    /// The budget head.
    #[schema(inline)]
    pub head: BudgetHead,
    /// In words.
    #[schema(max_length = 500)]
    pub description: String,
    /// How much.
    pub amount: Money,
    /// When.
    pub spent_on: NaiveDate,
    /// The number on the voucher.
    #[schema(max_length = 60)]
    pub voucher_number: String,
    /// The voucher.
    pub voucher_id: Option<AttachmentId>,
}

/// What a tranche was spent on.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ExpenditureReportView {
    /// Its identifier.
    pub id: ExpenditureReportId,
    /// On which tranche.
    pub tranche_id: TrancheId,
    /// Of which funding request.
    pub funding_request_id: FundingRequestId,
    /// Of which pilot.
    pub pilot_id: PilotId,
    /// Where it stands.
    #[schema(inline)]
    pub status: ReportStatus,
    /// Why it was returned or disputed.
    #[schema(max_length = 5000)]
    pub status_reason: Option<String>,
    /// What the money was spent on.
    #[schema(max_items = 200)]
    pub lines: Vec<ExpenditureLineView>,
    /// What the lines add up to.
    pub total: Money,
    /// What is accepted as spent; null until then.
    pub accepted: Option<Money>,
    /// Who wrote it.
    pub created_by: UserId,
    /// Who handed it in.
    pub submitted_by: Option<UserId>,
    /// When.
    pub submitted_at: Option<Timestamp>,
    /// Who checked its vouchers.
    pub checked_by: Option<UserId>,
    /// When.
    pub checked_at: Option<Timestamp>,
    /// Who accepted it.
    pub accepted_by: Option<UserId>,
    /// When.
    pub accepted_at: Option<Timestamp>,
    /// What the caller may do with it now.
    #[schema(max_items = 20)]
    pub allowed_actions: Vec<String>,
    /// Counts changes; the `ETag`.
    #[schema(minimum = 1)]
    pub version: i64,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl ExpenditureReportView {
    /// The report as this caller sees it.
    pub fn new(seen: SeenReport, today: NaiveDate) -> Self {
        let allowed_actions = open(guards::actions(&seen, today));
        let row = seen.row;
        let line = |line: &super::content::ExpenditureLine| ExpenditureLineView {
            head: line.head,
            description: line.description.clone(),
            amount: Money::from_poisha(line.amount.poisha()),
            spent_on: line.spent_on,
            voucher_number: line.voucher_number.clone(),
            voucher_id: line.voucher_id,
        };
        Self {
            id: row.id,
            tranche_id: row.tranche_id,
            funding_request_id: row.request_id,
            pilot_id: row.pilot_id,
            status: row.status,
            status_reason: row.status_reason,
            lines: row.lines.iter().map(line).collect(),
            total: Money::from_poisha(row.total),
            accepted: row.accepted.map(Money::from_poisha),
            created_by: row.created_by,
            submitted_by: row.submitted_by,
            submitted_at: row.submitted_at,
            checked_by: row.checked_by,
            checked_at: row.checked_at,
            accepted_by: row.accepted_by,
            accepted_at: row.accepted_at,
            allowed_actions,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}
