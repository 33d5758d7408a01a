//! How a line of the ledger is shown.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{kind::EntryKind, rows::LedgerEntryRow, totals::Totals};
use crate::{
    features::funding::ids::{FundId, FundingRequestId, LedgerEntryId, RoundId, TrancheId},
    platform::{
        clock::Timestamp,
        ids::{ServiceAccountId, UserId},
        money::Money,
    },
};

/// A line of the ledger; never changed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LedgerEntryView {
    /// Its identifier.
    pub id: LedgerEntryId,
    /// Of which fund.
    pub fund_id: FundId,
    /// Counts the lines of the fund from 1, without gaps.
    #[schema(minimum = 1)]
    pub seq: i64,
    /// What kind.
    #[schema(inline)]
    pub kind: EntryKind,
    /// What it does; of a reversal, what it takes back.
    #[schema(inline)]
    pub effect: EntryKind,
    /// How much; negative where a line is taken back.
    pub amount: Money,
    /// Of which round.
    pub round_id: Option<RoundId>,
    /// Of which funding request.
    pub request_id: Option<FundingRequestId>,
    /// Of which tranche.
    pub tranche_id: Option<TrancheId>,
    /// The line that it takes back.
    pub reverses_id: Option<LedgerEntryId>,
    /// By whom; null is: the system.
    pub actor_id: Option<UserId>,
    /// By whose key.
    pub service_account_id: Option<ServiceAccountId>,
    /// Why.
    #[schema(max_length = 5000)]
    pub reason: Option<String>,
    /// What the payment is called at the bank or treasury.
    #[schema(max_length = 200)]
    pub payment_reference: Option<String>,
    /// The day of the payment.
    pub paid_on: Option<NaiveDate>,
    /// When.
    pub at: Timestamp,
    /// What there is after it.
    pub after: LedgerTotalsView,
}

/// What there is after a line: of the fund, and of the round, request and tranche that it is about; null for what it is
/// not about.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LedgerTotalsView {
    /// What was put into the fund.
    pub fund_capital: Money,
    /// What of it the rounds have.
    pub fund_allocated: Money,
    /// What the round has.
    pub round_allocated: Option<Money>,
    /// What its recommendations hold.
    pub round_reserved: Option<Money>,
    /// What its awards promise, paid or not.
    pub round_committed: Option<Money>,
    /// What it paid less what came back.
    pub round_disbursed: Option<Money>,
    /// What the recommendation of the request holds.
    pub request_reserved: Option<Money>,
    /// What is promised to the request.
    pub request_committed: Option<Money>,
    /// What was paid to it less what came back.
    pub request_disbursed: Option<Money>,
    /// What was paid of the tranche less what came back.
    pub tranche_disbursed: Option<Money>,
}

impl LedgerTotalsView {
    fn new(after: &Totals, row: &LedgerEntryRow) -> Self {
        let of = |is_about: bool, poisha: i64| is_about.then(|| Money::from_poisha(poisha));
        let (round, request) = (row.round_id.is_some(), row.request_id.is_some());
        Self {
            fund_capital: Money::from_poisha(after.fund_capital),
            fund_allocated: Money::from_poisha(after.fund_allocated),
            round_allocated: of(round, after.round_allocated),
            round_reserved: of(round, after.round_reserved),
            round_committed: of(round, after.round_committed),
            round_disbursed: of(round, after.round_disbursed),
            request_reserved: of(request, after.request_reserved),
            request_committed: of(request, after.request_committed),
            request_disbursed: of(request, after.request_disbursed),
            tranche_disbursed: of(row.tranche_id.is_some(), after.tranche_disbursed),
        }
    }
}

impl From<LedgerEntryRow> for LedgerEntryView {
    fn from(row: LedgerEntryRow) -> Self {
        Self {
            after: LedgerTotalsView::new(&row.after, &row),
            id: row.id,
            fund_id: row.fund_id,
            seq: row.seq,
            kind: row.kind,
            effect: row.effect,
            amount: Money::from_poisha(row.amount),
            round_id: row.round_id,
            request_id: row.request_id,
            tranche_id: row.tranche_id,
            reverses_id: row.reverses_id,
            actor_id: row.actor_id,
            service_account_id: row.service_account_id,
            reason: row.reason,
            payment_reference: row.payment_reference,
            paid_on: row.paid_on,
            at: row.at,
        }
    }
}
