//! How a tranche is shown.

use std::sync::Arc;

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    access::{Agreement, SeenTranche},
    account::Account,
    actions,
    status::TrancheStatus,
};
use crate::{
    features::{
        actions::open,
        funding::ids::{ExpenditureReportId, FundingRequestId, TrancheId},
        pilots::PilotId,
    },
    platform::{clock::Timestamp, ids::UserId, money::Money},
};

/// A part of an award.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TrancheView {
    /// Its identifier.
    pub id: TrancheId,
    /// Of which funding request.
    pub funding_request_id: FundingRequestId,
    /// Of which pilot.
    pub pilot_id: PilotId,
    /// Its number.
    #[schema(minimum = 1, maximum = 20)]
    pub number: i32,
    /// How much it is.
    pub amount: Money,
    /// When it is planned.
    pub planned_on: NaiveDate,
    /// The milestones that have to be reached before it is asked for, by their position in the plan version of the request.
    #[schema(max_items = 100)]
    pub milestones: Vec<i32>,
    /// Whether it may be paid after gate 2.
    pub is_post_completion: bool,
    /// Where it stands.
    #[schema(inline)]
    pub status: TrancheStatus,
    /// Why it is withheld, failed or cancelled.
    #[schema(max_length = 5000)]
    pub status_reason: Option<String>,
    /// Who asked for it.
    pub requested_by: Option<UserId>,
    /// When.
    pub requested_at: Option<Timestamp>,
    /// Who approved it.
    pub approved_by: Option<UserId>,
    /// When.
    pub approved_at: Option<Timestamp>,
    /// Who paid it.
    pub disbursed_by: Option<UserId>,
    /// When that was recorded.
    pub disbursed_at: Option<Timestamp>,
    /// What the payment is called at the bank or treasury.
    #[schema(max_length = 100)]
    pub payment_reference: Option<String>,
    /// The day of the payment.
    pub paid_on: Option<NaiveDate>,
    /// What was paid; a payment that failed does not count.
    pub paid: Money,
    /// What of it is accepted as spent; null before a report is accepted.
    pub accepted: Option<Money>,
    /// What of it came back.
    pub refunded: Money,
    /// What is neither accepted as spent nor back.
    pub unproven: Money,
    /// The report on its spending.
    pub expenditure_report_id: Option<ExpenditureReportId>,
    /// What the caller may do with it now.
    #[schema(max_items = 20)]
    pub allowed_actions: Vec<String>,
    /// Counts changes; the `ETag`.
    #[schema(minimum = 1)]
    pub version: i64,
    /// When it was planned.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl TrancheView {
    /// The tranche as this caller sees it.
    pub fn new(seen: &SeenTranche) -> Self {
        let Account { tranche, report, paid, refunded } = &seen.account;
        let tranche = tranche.clone();
        Self {
            allowed_actions: open(actions::all(seen)),
            paid: Money::from_poisha(*paid),
            accepted: report.and_then(|report| report.accepted).map(Money::from_poisha),
            refunded: Money::from_poisha(*refunded),
            unproven: Money::from_poisha(seen.account.unproven()),
            expenditure_report_id: report.map(|report| report.id),
            id: tranche.id,
            funding_request_id: tranche.request_id,
            pilot_id: tranche.pilot_id,
            number: tranche.number,
            amount: Money::from_poisha(tranche.amount),
            planned_on: tranche.planned_on,
            milestones: tranche.milestones.to_vec(),
            is_post_completion: tranche.is_post_completion,
            status: tranche.status,
            status_reason: tranche.status_reason,
            requested_by: tranche.requested_by,
            requested_at: tranche.requested_at,
            approved_by: tranche.approved_by,
            approved_at: tranche.approved_at,
            disbursed_by: tranche.disbursed_by,
            disbursed_at: tranche.disbursed_at,
            payment_reference: tranche.payment_reference,
            paid_on: tranche.paid_on,
            version: tranche.version,
            created_at: tranche.created_at,
            updated_at: tranche.updated_at,
        }
    }

    /// All tranches of an agreement.
    pub fn all(agreement: Agreement) -> Vec<Self> {
        let agreement = Arc::new(agreement);
        let one =
            |account: &Account| Self::new(&SeenTranche { agreement: Arc::clone(&agreement), account: account.clone() });
        agreement.accounts.iter().map(one).collect()
    }
}
