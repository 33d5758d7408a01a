//! The conditions of a request's moves, each with a code and a sentence: pure.

use chrono::NaiveDate;

use super::{
    access::SeenRequest,
    facts::{Checked, RequestFacts},
    rows::FundingRequestRow,
    status::{RequestMove, RequestStatus},
};
use crate::{
    features::{
        funding::rounds::{RoundRow, RoundStatus},
        pilots::{PilotRow, status::PilotStatus},
    },
    platform::{
        clock::Timestamp,
        error::{AppError, ErrorCode, ErrorParams, FieldError, Place},
        lifecycle::{Word, bangla_list},
        money::Money,
        text::Bilingual,
    },
};

fn condition(
    code: &'static str,
    en: impl Into<std::borrow::Cow<'static, str>>,
    bn: impl Into<std::borrow::Cow<'static, str>>,
) -> FieldError {
    FieldError::condition(code, Bilingual::new(en, bn))
}

fn taka(poisha: i64) -> String {
    Money::from_poisha(poisha).amount
}

/// Money is asked for while the pilot is designed: gate 1 wants it to be there.
pub fn pilot_obstacle(pilot: &PilotRow) -> Option<FieldError> {
    (pilot.status != PilotStatus::Design).then(|| {
        condition(
            "pilot_not_in_design",
            format!("The pilot is in `{}`; money is asked for in `design`.", pilot.status.as_str()),
            format!(
                "পাইলটটি ‘{}’ অবস্থায় আছে; অর্থের আবেদন হয় ‘{}’ অবস্থায়।",
                pilot.status.bangla(),
                PilotStatus::Design.bangla()
            ),
        )
    })
}

/// What the state of request and round says against a submit. Who was asked for changes hands them in until the round
/// is decided.
pub fn submit_obstacle(row: &FundingRequestRow, round: &RoundRow, now: Timestamp) -> Option<AppError> {
    match (row.status, round.status) {
        (RequestStatus::Draft, _) => round.check_takes_requests(now).err(),
        (_, RoundStatus::Decided | RoundStatus::Archived) => Some(
            AppError::new(ErrorCode::RoundNotOpen)
                .detail("All requests of the round are decided.", "পর্বের সব আবেদনের সিদ্ধান্ত হয়ে গেছে।"),
        ),
        _ => None,
    }
}

/// What of a move is not given.
pub fn unmet(step: RequestMove, seen: &SeenRequest, facts: &RequestFacts, today: NaiveDate) -> Vec<FieldError> {
    let (row, round) = (&seen.row, &seen.round);
    match step {
        RequestMove::Submit => unmet_for_submit(seen, facts, today),
        RequestMove::FindIneligible => {
            let late = row.status == RequestStatus::ChangesRequested && is_late(row, today);
            let unfit = row.status == RequestStatus::Eligibility && facts.checked == Checked::Unmet;
            let open = condition(
                "no_rule_broken",
                "No rule is found broken by the latest check, and no time for changes has run out.",
                "সর্বশেষ যাচাইয়ে কোনো নিয়ম ভঙ্গ পাওয়া যায়নি, সংশোধনের সময়ও পার হয়নি।",
            );
            if late || unfit { Vec::new() } else { vec![open] }
        }
        RequestMove::StartReview => {
            let checked = match facts.checked {
                Checked::Met => None,
                Checked::NotYet => Some(condition(
                    "eligibility_unchecked",
                    "What was handed in has not been checked against the rules of the round.",
                    "জমা দেওয়া আবেদনটি পর্বের নিয়মের সঙ্গে যাচাই করা হয়নি।",
                )),
                Checked::Unmet => Some(condition(
                    "rule_not_met",
                    "The latest check has a rule that is not met.",
                    "সর্বশেষ যাচাইয়ে একটি নিয়ম পূরণ হয়নি।",
                )),
            };
            let reviewers = enough(facts.reviewers, round.minimum_reviewers).then_some(()).is_none().then(|| {
                condition(
                    "too_few_reviewers",
                    format!(
                        "{} reviewers are assigned; the round asks for {}.",
                        facts.reviewers, round.minimum_reviewers
                    ),
                    format!("{} জন মূল্যায়নকারী নিযুক্ত; পর্বে প্রয়োজন {} জন।", facts.reviewers, round.minimum_reviewers),
                )
            });
            checked.into_iter().chain(reviewers).collect()
        }
        RequestMove::StartPanel if !enough(facts.reviews, round.minimum_reviewers) => vec![condition(
            "too_few_reviews",
            format!("{} reviews are in; the round asks for {}.", facts.reviews, round.minimum_reviewers),
            format!("{}টি মূল্যায়ন জমা পড়েছে; পর্বে প্রয়োজন {}টি।", facts.reviews, round.minimum_reviewers),
        )],
        RequestMove::StartClosing if facts.unpaid_tranches > 0 => vec![condition(
            "tranches_unpaid",
            format!("Tranches neither paid nor cancelled: {}.", facts.unpaid_tranches),
            format!("পরিশোধ বা বাতিল হয়নি এমন কিস্তি: {}টি।", facts.unpaid_tranches),
        )],
        _ => Vec::new(),
    }
}

fn enough(there: usize, minimum: i32) -> bool {
    i32::try_from(there).unwrap_or(i32::MAX) >= minimum
}

fn is_late(row: &FundingRequestRow, today: NaiveDate) -> bool {
    row.change_due_on.is_some_and(|due| due < today)
}

/// What `submit` still needs, all at once; pointers lead into the request as it is stored.
fn unmet_for_submit(seen: &SeenRequest, facts: &RequestFacts, today: NaiveDate) -> Vec<FieldError> {
    let row = &seen.row;
    let late = is_late(row, today).then(|| {
        condition(
            "changes_late",
            "The day until which the changes were due has passed.",
            "সংশোধন জমা দেওয়ার শেষ দিন পার হয়ে গেছে।",
        )
    });
    let plan = facts.plan.is_none().then(|| {
        condition(
            "plan_missing",
            "No plan version is submitted; the request rests on one.",
            "কোনো পরিকল্পনা জমা দেওয়া হয়নি; আবেদনটি পরিকল্পনার ওপর নির্ভর করে।",
        )
    });
    let purpose = (row.purpose_bn.is_none() && row.purpose_en.is_none())
        .then(|| FieldError::body("/purpose", "required", "Say what the money is for.", "অর্থ কী কাজে লাগবে তা লিখুন।"));
    pilot_obstacle(&seen.pilot)
        .into_iter()
        .chain(late)
        .chain(plan)
        .chain(purpose)
        .chain(amount_out_of_bounds(row, &seen.round))
        .chain(sum_mismatch(row))
        .collect()
}

fn amount_out_of_bounds(row: &FundingRequestRow, round: &RoundRow) -> Option<FieldError> {
    let at = |code, detail| FieldError::new(Place::Body("/requested/amount".to_owned()), code, detail);
    let (smallest, largest) = (round.smallest_award, round.largest_award);
    if row.requested < smallest {
        let limit = taka(smallest);
        let detail = Bilingual::new(
            format!("The smallest award of the round is {limit} taka."),
            format!("পর্বের ক্ষুদ্রতম অনুদান {limit} টাকা।"),
        );
        Some(at("minimum", detail).with(ErrorParams::minimum(limit)))
    } else if row.requested > largest {
        let limit = taka(largest);
        let detail = Bilingual::new(
            format!("The largest award of the round is {limit} taka."),
            format!("পর্বের বৃহত্তম অনুদান {limit} টাকা।"),
        );
        Some(at("maximum", detail).with(ErrorParams::maximum(limit)))
    } else {
        None
    }
}

fn sum_mismatch(row: &FundingRequestRow) -> Option<FieldError> {
    let sum = row.budget_lines.iter().fold(0_i64, |sum, line| sum.saturating_add(line.amount.poisha()));
    let difference = sum.saturating_sub(row.requested);
    let apart = taka(difference.saturating_abs());
    let (en, bn) = match difference {
        0 => return None,
        1.. => (
            format!("The budget lines add up to {apart} taka more than is requested."),
            format!("বাজেটের যোগফল চাওয়া অর্থের চেয়ে {apart} টাকা বেশি।"),
        ),
        _ => (
            format!("The budget lines add up to {apart} taka less than is requested."),
            format!("বাজেটের যোগফল চাওয়া অর্থের চেয়ে {apart} টাকা কম।"),
        ),
    };
    Some(FieldError::new(Place::Body("/budget_lines".to_owned()), "sum_mismatch", Bilingual::new(en, bn)))
}

/// An applicant takes back what is not decided. That it is decided shows by this refusal, which way does not. What waits
/// for money is not decided: if it were refused too, its moving up would show by the withdrawal being open again.
pub fn withdraw_obstacle(seen: &SeenRequest) -> Option<AppError> {
    let is_decided = matches!(seen.row.status, RequestStatus::Awarded | RequestStatus::Declined);
    (is_decided && !seen.is_told()).then(|| {
        AppError::new(ErrorCode::TransitionNotAllowed).detail(
            "The request is decided upon; you are told how when the results of the round are released.",
            "আবেদনটির সিদ্ধান্ত হয়েছে; পর্বের ফল প্রকাশের সময় তা জানানো হবে।",
        )
    })
}

/// Why a request is not edited in this state.
pub fn edit_obstacle(status: RequestStatus) -> Option<AppError> {
    let editable = [RequestStatus::Draft, RequestStatus::ChangesRequested];
    (!editable.contains(&status)).then(|| {
        AppError::new(ErrorCode::TransitionNotAllowed).detail(
            format!("In `{}` the request is not edited; it is in: draft, changes_requested.", status.as_str()),
            format!("‘{}’ অবস্থায় আবেদন সম্পাদনা করা যায় না; সম্ভব: {}।", status.bangla(), bangla_list(editable)),
        )
    })
}

/// Only what was never handed in can be deleted.
pub fn deletion_obstacle(status: RequestStatus) -> Option<AppError> {
    (status != RequestStatus::Draft).then(|| {
        AppError::new(ErrorCode::TransitionNotAllowed).detail(
            "Only a draft can be deleted; withdraw the request instead.",
            "শুধু খসড়া মুছে ফেলা যায়; বদলে আবেদনটি প্রত্যাহার করুন।",
        )
    })
}

/// Rules are checked in `eligibility`.
pub fn check_obstacle(status: RequestStatus) -> Option<AppError> {
    (status != RequestStatus::Eligibility).then(|| {
        AppError::new(ErrorCode::TransitionNotAllowed).detail(
            format!("In `{}` the rules are not checked; they are in: eligibility.", status.as_str()),
            format!("‘{}’ অবস্থায় নিয়ম যাচাই হয় না; সম্ভব: {}।", status.bangla(), bangla_list([RequestStatus::Eligibility])),
        )
    })
}
