//! A tranche and its history as they are stored.

use chrono::NaiveDate;
use diesel::{AsChangeset, Identifiable, Insertable, Queryable, Selectable};
use serde::Serialize;

use super::status::{TrancheMove, TrancheStatus};
use crate::{
    features::{
        funding::ids::{FundingRequestId, TrancheId, TrancheTransitionId},
        pilots::PilotId,
    },
    platform::{
        clock::Timestamp,
        db::{
            json_list::JsonList,
            schema::{tranche_transitions, tranches},
        },
        ids::UserId,
    },
};

/// A tranche. `Serialize` is for the audit digest alone.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset, Identifiable, Serialize)]
#[diesel(table_name = tranches, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct TrancheRow {
    /// Its identifier.
    pub id: TrancheId,
    /// Of which funding request.
    pub request_id: FundingRequestId,
    /// Of which pilot.
    pub pilot_id: PilotId,
    /// Its number, from 1.
    pub number: i32,
    /// Poisha.
    pub amount: i64,
    /// When it is planned.
    pub planned_on: NaiveDate,
    /// The milestones that have to be done, by their place in the plan.
    pub milestones: JsonList<i32>,
    /// Whether it may be paid after gate 2.
    pub is_post_completion: bool,
    /// Where it stands.
    pub status: TrancheStatus,
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
    pub payment_reference: Option<String>,
    /// The day of the payment.
    pub paid_on: Option<NaiveDate>,
    /// Why it is withheld, failed, cancelled, returned or disputed.
    pub status_reason: Option<String>,
    /// Counts changes.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A move of a tranche. `Serialize` is for the audit digest alone.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Serialize)]
#[diesel(table_name = tranche_transitions, treat_none_as_default_value = false)]
pub struct TrancheTransitionRow {
    /// Its identifier.
    pub id: TrancheTransitionId,
    /// Of which tranche.
    pub tranche_id: TrancheId,
    /// Of which funding request.
    pub request_id: FundingRequestId,
    /// What moved it.
    pub command: TrancheMove,
    /// From where.
    pub from_status: TrancheStatus,
    /// To where.
    pub to_status: TrancheStatus,
    /// By whom; `None` is: the system.
    pub actor_id: Option<UserId>,
    /// Why.
    pub reason: Option<String>,
    /// When.
    pub at: Timestamp,
}
