//! What the fund asks of gate 2: every taka that a pilot got is accounted for.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::account::{Account, accounts};
use crate::{
    features::{
        funding::{
            ids::FundingRequestId,
            requests::{FundingRequestRow, RequestStatus},
            rounds::RoundRow,
        },
        gates::{Condition, ConditionResult, Finding, Gate},
        pilots::PilotRow,
    },
    platform::{
        db::{
            DbConnection,
            schema::{funding_requests, funding_rounds},
        },
        error::AppError,
        text::{Bilingual, Language},
    },
};

/// `G2.MONEY`: each paid tranche has its accepted report, nothing is left to come back, and nothing is left to be paid but
/// what may be paid later.
pub struct MoneySettled;

impl Condition for MoneySettled {
    fn code(&self) -> &'static str {
        "G2.MONEY"
    }

    fn gate(&self) -> Gate {
        Gate::Celebration
    }

    fn is_waivable(&self) -> bool {
        false
    }

    fn evaluate(&self, connection: &mut DbConnection, pilot: &PilotRow) -> Result<Finding, AppError> {
        let rows: Vec<(FundingRequestRow, RoundRow)> = funding_requests::table
            .inner_join(funding_rounds::table)
            .filter(funding_requests::pilot_id.eq(pilot.id))
            .order(funding_requests::id)
            .select((FundingRequestRow::as_select(), RoundRow::as_select()))
            .load(connection)?;
        let requests: Vec<Told> = rows.into_iter().map(|(row, round)| Told::new(row, &round)).collect();
        let ids: Vec<FundingRequestId> = requests.iter().map(|request| request.id).collect();
        Ok(finding(&requests, &accounts(connection, &ids)?))
    }
}

/// A request as everyone is told of it who sees the pilot: before its results are released no more than that there is one.
struct Told {
    id: FundingRequestId,
    name: String,
    status: RequestStatus,
    is_released: bool,
}

impl Told {
    fn new(row: FundingRequestRow, round: &RoundRow) -> Self {
        let is_released = round.released_at.is_some();
        let status = row.status.as_told(is_released);
        Self { id: row.id, name: row.reference.unwrap_or_else(|| row.id.to_string()), status, is_released }
    }

    /// Whether money of the fund is held for it, promised to it or paid; or may be, as far as is told.
    fn concerns_money(&self) -> bool {
        use RequestStatus as S;
        match self.status {
            S::UnderReview
            | S::Panel
            | S::Recommended
            | S::Awarded
            | S::AgreementSigned
            | S::Active
            | S::Suspended
            | S::Closing
            | S::Closed
            | S::Terminated => true,
            S::Draft
            | S::Submitted
            | S::Eligibility
            | S::Ineligible
            | S::ChangesRequested
            | S::Declined
            | S::Waitlisted
            | S::Lapsed
            | S::Withdrawn => false,
        }
    }

    /// What stands open before anything is paid.
    fn obstacle(&self) -> Option<Bilingual> {
        let name = &self.name;
        match self.status {
            RequestStatus::UnderReview | RequestStatus::Panel => Some(Bilingual::new(
                "A funding request is not decided yet; it can be withdrawn.",
                "একটি অর্থায়নের আবেদন এখনো নিষ্পত্তি হয়নি; এটি প্রত্যাহার করা যায়।",
            )),
            RequestStatus::Recommended => Some(Bilingual::new(
                format!("Money is reserved for the funding request {name}."),
                format!("অর্থায়নের আবেদন {name}-এর জন্য অর্থ সংরক্ষিত আছে।"),
            )),
            RequestStatus::Awarded => Some(Bilingual::new(
                format!("The award of {name} is not signed."),
                format!("{name}-এর অনুদানের চুক্তি স্বাক্ষরিত হয়নি।"),
            )),
            _ => None,
        }
    }
}

/// What stands open of a tranche.
fn obstacle(name: &str, account: &Account) -> Option<Bilingual> {
    let (tranche, number) = (&account.tranche, account.tranche.number);
    if tranche.status.is_unpaid() && !tranche.is_post_completion {
        return Some(Bilingual::new(
            format!("Tranche {number} of {name} is still to be paid or cancelled."),
            format!("{name}-এর কিস্তি {number} পরিশোধ বা বাতিল করা বাকি।"),
        ));
    }
    if tranche.status.is_paid() && !account.is_accepted() {
        return Some(Bilingual::new(
            format!("Tranche {number} of {name} has no accepted expenditure report."),
            format!("{name}-এর কিস্তি {number}-এর কোনো গৃহীত ব্যয় প্রতিবেদন নেই।"),
        ));
    }
    (tranche.status.is_paid() && account.unproven() != 0).then(|| {
        Bilingual::new(
            format!("Money of tranche {number} of {name} is still to be refunded."),
            format!("{name}-এর কিস্তি {number}-এর টাকা ফেরত আসা বাকি।"),
        )
    })
}

fn finding(requests: &[Told], accounts: &[Account]) -> Finding {
    let concerned: Vec<&Told> = requests.iter().filter(|request| request.concerns_money()).collect();
    let released = concerned.iter().filter(|request| request.is_released);
    let evidence: Vec<String> = released.map(|request| format!("/v1/funding-requests/{}", request.id)).collect();
    if concerned.is_empty() {
        let detail = Bilingual::new(
            "The pilot has no money of the Service Innovation Fund.",
            "পাইলটটির সার্ভিস ইনোভেশন ফান্ডের কোনো অর্থ নেই।",
        );
        return Finding { result: ConditionResult::NotApplicable, detail, evidence };
    }
    let obstacles: Vec<Bilingual> = concerned
        .iter()
        .flat_map(|request| {
            let own = accounts.iter().filter(|account| account.tranche.request_id == request.id);
            // Of an award that is not signed the plan says nothing yet.
            let of_tranches = own.filter_map(|account| obstacle(&request.name, account));
            match request.obstacle() {
                Some(of_request) => vec![of_request],
                None => of_tranches.collect(),
            }
        })
        .collect();
    if obstacles.is_empty() {
        let detail = Bilingual::new("Every taka is accounted for.", "প্রতিটি টাকার হিসাব দেওয়া হয়েছে।");
        return Finding { result: ConditionResult::Met, detail, evidence };
    }
    let join = |language| obstacles.iter().map(|one| one.in_language(language)).collect::<Vec<_>>().join(" ");
    let detail = Bilingual::new(join(Language::En), join(Language::Bn));
    Finding { result: ConditionResult::Unmet, detail, evidence }
}
