//! A line of the ledger as it is stored.

use chrono::NaiveDate;
use diesel::{Insertable, Queryable, Selectable};
use serde::Serialize;

use super::{kind::EntryKind, totals::Totals};
use crate::{
    features::funding::ids::{FundId, FundingRequestId, LedgerEntryId, RoundId, TrancheId},
    platform::{
        clock::Timestamp,
        db::schema::ledger_entries,
        ids::{ServiceAccountId, UserId},
    },
};

/// A line of the ledger. `Serialize` is for the audit digest alone.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Serialize)]
#[diesel(table_name = ledger_entries, treat_none_as_default_value = false)]
pub struct LedgerEntryRow {
    /// Of which fund.
    pub fund_id: FundId,
    /// Counts the lines of the fund from 1, without gaps.
    pub seq: i64,
    /// Its identifier.
    pub id: LedgerEntryId,
    /// What kind.
    pub kind: EntryKind,
    /// What it does; of a reversal, what it takes back.
    pub effect: EntryKind,
    /// Poisha.
    pub amount: i64,
    /// Of which round.
    pub round_id: Option<RoundId>,
    /// Of which funding request.
    pub request_id: Option<FundingRequestId>,
    /// Of which tranche.
    pub tranche_id: Option<TrancheId>,
    /// The line that it takes back.
    pub reverses_id: Option<LedgerEntryId>,
    /// What asked for it.
    pub step_key: String,
    /// Which line of that step it is.
    pub step_part: i32,
    /// By whom; `None` is: the system.
    pub actor_id: Option<UserId>,
    /// By whose key.
    pub service_account_id: Option<ServiceAccountId>,
    /// Why.
    pub reason: Option<String>,
    /// What the payment is called at the bank or treasury.
    pub payment_reference: Option<String>,
    /// The day of the payment.
    pub paid_on: Option<NaiveDate>,
    /// When.
    pub at: Timestamp,
    /// What there is after this line.
    #[diesel(embed)]
    #[serde(flatten)]
    pub after: Totals,
}
