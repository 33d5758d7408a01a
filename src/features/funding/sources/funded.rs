//! The condition that a pilot's money is there before it runs.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{rows::FundingSourceRow, status::SourceStatus};
use crate::{
    features::{
        funding::{ids::FundingRequestId, requests::RequestStatus},
        gates::{Condition, ConditionResult, Finding, Gate},
        pilots::PilotRow,
        plans,
    },
    platform::{
        clock::Timestamp,
        db::{
            DbConnection,
            schema::{funding_requests, funding_rounds, funding_sources},
        },
        error::AppError,
        money::Money,
        text::Bilingual,
    },
};

/// `G1.FUNDED`: confirmed sources, and awards whose agreement is signed, cover the budget of the plan. The award need not
/// be paid: its first tranche waits for nothing but this gate's other side. It can never be waived.
pub struct Funded;

/// An award's agreement is signed, and the award has not ended early.
const SIGNED: &[RequestStatus] = &[
    RequestStatus::AgreementSigned,
    RequestStatus::Active,
    RequestStatus::Suspended,
    RequestStatus::Closing,
    RequestStatus::Closed,
];

/// Poisha that the plan asks for, and that are there for it.
#[derive(Clone, Copy, Debug)]
struct Covered {
    budget: i64,
    /// Of confirmed sources.
    sources: i64,
    /// Of awards whose agreement is signed.
    awards: i64,
    /// Of awards that are released and wait for their agreement.
    unsigned: i64,
}

impl Covered {
    /// How the condition stands, and why.
    fn finding(self) -> (ConditionResult, Bilingual) {
        let taka = |poisha: i64| Money::from_poisha(poisha).amount;
        let there = self.sources.saturating_add(self.awards);
        let (sources, awards, budget) = (taka(self.sources), taka(self.awards), taka(self.budget));
        let mut en = format!(
            "Confirmed sources give {sources} taka and signed awards {awards} taka of a budget of {budget} taka"
        );
        let mut bn = format!("বাজেট {budget} টাকা; নিশ্চিত উৎস থেকে {sources} টাকা এবং স্বাক্ষরিত অনুদান থেকে {awards} টাকা");
        if there >= self.budget {
            return (ConditionResult::Met, Bilingual::new(en + ".", bn + "।"));
        }
        let missing = taka(self.budget.saturating_sub(there));
        en += &format!("; {missing} taka are missing.");
        bn += &format!("; ঘাটতি {missing} টাকা।");
        if self.unsigned > 0 {
            let unsigned = taka(self.unsigned);
            en += &format!(" An award of {unsigned} taka counts once its agreement is signed.");
            bn += &format!(" {unsigned} টাকার অনুদান চুক্তি স্বাক্ষরের পর গণ্য হবে।");
        }
        (ConditionResult::Unmet, Bilingual::new(en, bn))
    }
}

impl Condition for Funded {
    fn code(&self) -> &'static str {
        "G1.FUNDED"
    }

    fn gate(&self) -> Gate {
        Gate::Execution
    }

    fn is_waivable(&self) -> bool {
        false
    }

    fn evaluate(&self, connection: &mut DbConnection, pilot: &PilotRow) -> Result<Finding, AppError> {
        let Some(plan) = plans::current_plan(connection, pilot.id)? else {
            let detail = Bilingual::new(
                "No plan version is submitted, so there is no budget to cover.",
                "কোনো পরিকল্পনা জমা দেওয়া হয়নি, তাই বাজেট নেই।",
            );
            return Ok(Finding { result: ConditionResult::Unmet, detail, evidence: Vec::new() });
        };
        let sources: Vec<FundingSourceRow> = funding_sources::table
            .filter(funding_sources::pilot_id.eq(pilot.id))
            .filter(funding_sources::status.eq(SourceStatus::Confirmed))
            .order(funding_sources::id)
            .select(FundingSourceRow::as_select())
            .load(connection)?;
        let requests: Vec<Award> = funding_requests::table
            .inner_join(funding_rounds::table)
            .filter(funding_requests::pilot_id.eq(pilot.id))
            .order(funding_requests::id)
            .select((
                funding_requests::id,
                funding_requests::status,
                funding_requests::awarded,
                funding_rounds::released_at,
            ))
            .load(connection)?;
        let requests: Vec<Award> = requests.into_iter().filter(is_told).collect();
        let evidence = std::iter::once(format!("/v1/plans/{}", plan.id))
            .chain(sources.iter().map(|source| format!("/v1/funding-sources/{}", source.id)))
            .chain(requests.iter().map(|(id, ..)| format!("/v1/funding-requests/{id}")))
            .collect();
        let sum = |statuses: &[RequestStatus]| {
            let of = requests.iter().filter(|(_, status, ..)| statuses.contains(status));
            of.fold(0_i64, |sum, (_, _, awarded, _)| sum.saturating_add(awarded.unwrap_or(0)))
        };
        let money = Covered {
            budget: plan.budget_total,
            sources: sources.iter().fold(0_i64, |sum, source| sum.saturating_add(source.amount)),
            awards: sum(SIGNED),
            unsigned: sum(&[RequestStatus::Awarded]),
        };
        let (result, detail) = money.finding();
        Ok(Finding { result, detail, evidence })
    }
}

/// A request: its status, what is awarded, when the results of its round were released.
type Award = (FundingRequestId, RequestStatus, Option<i64>, Option<Timestamp>);

/// Every official reads the gate, so nothing of a request counts or shows before its round's results are released. What
/// is signed was released before.
fn is_told((_, status, _, released_at): &Award) -> bool {
    SIGNED.contains(status) || *status == RequestStatus::Awarded && released_at.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn to_the_poisha_and_unsigned_awards_do_not_count() {
        let covered = Covered { budget: 10_000, sources: 4_000, awards: 6_000, unsigned: 0 };
        assert_eq!(covered.finding().0, ConditionResult::Met);
        let (result, detail) = Covered { awards: 5_999, unsigned: 1_000, ..covered }.finding();
        assert_eq!(result, ConditionResult::Unmet);
        assert!(
            detail.en.contains("0.01 taka are missing") && detail.en.contains("10.00 taka counts once"),
            "{detail:?}"
        );
        assert!(!Covered { awards: 0, ..covered }.finding().1.en.contains("agreement"));
    }

    #[test]
    fn what_is_not_released_is_not_told() {
        let award = |status, released| (uuid::Uuid::nil().into(), status, Some(1), released);
        let released = Some(Timestamp::from_millis(0));
        assert!(is_told(&award(RequestStatus::Awarded, released)) && !is_told(&award(RequestStatus::Awarded, None)));
        assert!(!is_told(&award(RequestStatus::Recommended, released)));
        assert!(is_told(&award(RequestStatus::AgreementSigned, released)));
    }
}
