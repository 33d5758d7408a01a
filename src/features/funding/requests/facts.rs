//! What the guards of a request ask of other records.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};

use super::{rows::FundingRequestRow, status::RequestStatus};
use crate::{
    features::{
        funding::{
            reviews::ReviewStatus,
            rounds::RoundRow,
            tranches::{TrancheStatus, accounts, unmet_for_closure},
        },
        plans::{self, PlanId},
    },
    platform::{
        clock::Timestamp,
        db::{
            DbConnection,
            schema::{eligibility_results, funding_reviews, tranches},
        },
        error::{AppError, FieldError},
    },
};

/// What the latest check found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checked {
    /// What was handed in last was not checked yet.
    NotYet,
    /// Every rule is met.
    Met,
    /// One is not.
    Unmet,
}

/// What the guards ask of other records.
#[derive(Clone, Debug)]
pub struct RequestFacts {
    /// The plan version that counts now.
    pub plan: Option<PlanId>,
    /// What the latest check found.
    pub checked: Checked,
    /// How many reviewers are assigned and have not stepped back.
    pub reviewers: usize,
    /// How many of them handed their review in.
    pub reviews: usize,
    /// How many tranches are neither paid nor cancelled.
    pub unpaid_tranches: usize,
    /// What its tranches add up to, in poisha.
    pub planned: i64,
    /// While it is closing: what stands open before it is closed.
    pub unmet_for_closure: Vec<FieldError>,
}

/// The facts of a request now.
///
/// # Errors
/// Those of the database.
pub fn facts(
    connection: &mut DbConnection,
    row: &FundingRequestRow,
    round: &RoundRow,
) -> Result<RequestFacts, AppError> {
    let reviews: Vec<ReviewStatus> = funding_reviews::table
        .filter(funding_reviews::request_id.eq(row.id))
        .select(funding_reviews::status)
        .load(connection)?;
    let tranches: Vec<(TrancheStatus, i64)> = tranches::table
        .filter(tranches::request_id.eq(row.id))
        .select((tranches::status, tranches::amount))
        .load(connection)?;
    Ok(RequestFacts {
        plan: plans::current_plan(connection, row.pilot_id)?.map(|plan| plan.id),
        checked: checked(connection, row, round)?,
        reviewers: reviews
            .iter()
            .filter(|it| matches!(it, ReviewStatus::Assigned | ReviewStatus::Declared | ReviewStatus::Submitted))
            .count(),
        reviews: reviews.iter().filter(|it| **it == ReviewStatus::Submitted).count(),
        unpaid_tranches: tranches.iter().filter(|(status, _)| is_unpaid(*status)).count(),
        planned: tranches.iter().map(|(_, amount)| amount).sum(),
        unmet_for_closure: match row.status {
            RequestStatus::Closing => unmet_for_closure(&accounts(connection, &[row.id])?),
            _ => Vec::new(),
        },
    })
}

const fn is_unpaid(status: TrancheStatus) -> bool {
    match status {
        TrancheStatus::Planned
        | TrancheStatus::Requested
        | TrancheStatus::Approved
        | TrancheStatus::Withheld
        | TrancheStatus::Failed => true,
        TrancheStatus::Disbursed | TrancheStatus::Reported | TrancheStatus::Settled | TrancheStatus::Cancelled => false,
    }
}

/// A check counts for what was handed in when it was made; a round without rules needs none.
fn checked(connection: &mut DbConnection, row: &FundingRequestRow, round: &RoundRow) -> Result<Checked, AppError> {
    if round.eligibility_rules.is_empty() {
        return Ok(Checked::Met);
    }
    let results: Vec<(bool, Timestamp)> = eligibility_results::table
        .filter(eligibility_results::request_id.eq(row.id))
        .filter(eligibility_results::check_number.eq(row.eligibility_check))
        .select((eligibility_results::is_met, eligibility_results::created_at))
        .load(connection)?;
    let is_stale = |at: &Timestamp| row.submitted_at.is_none_or(|submitted| *at < submitted);
    Ok(if results.is_empty() || results.iter().any(|(_, at)| is_stale(at)) {
        Checked::NotYet
    } else if results.iter().all(|(is_met, _)| *is_met) {
        Checked::Met
    } else {
        Checked::Unmet
    })
}
