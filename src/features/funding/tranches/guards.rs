//! The conditions of everything that is done with an agreement and its tranches: pure, all that fail at once.

use chrono::NaiveDate;

use super::{access::SeenTranche, account::Account, status::TrancheStatus};
use crate::{
    features::{
        funding::requests::{RequestStatus, SeenRequest},
        pilots::{PilotRow, status::PilotStatus},
    },
    platform::{error::FieldError, money::Money, text::Bilingual},
};

/// Whether it fails, its code, and why.
type Check = (bool, &'static str, Bilingual);

fn check(fails: bool, code: &'static str, en: &'static str, bn: &'static str) -> Check {
    (fails, code, Bilingual::new(en, bn))
}

fn failing(checks: impl IntoIterator<Item = Check>) -> Vec<FieldError> {
    checks
        .into_iter()
        .filter(|(fails, ..)| *fails)
        .map(|(_, code, detail)| FieldError::condition(code, detail))
        .collect()
}

fn released(seen: &SeenRequest) -> Check {
    check(
        seen.round.released_at.is_none(),
        "not_released",
        "The results of the round are not released yet.",
        "পর্বের ফলাফল এখনো প্রকাশ করা হয়নি।",
    )
}

/// Why the plan of an award cannot be written.
pub fn unmet_for_plan(seen: &SeenRequest) -> Vec<FieldError> {
    failing([
        check(
            seen.told_status() != RequestStatus::Awarded,
            "not_awarded",
            "Only an award that is not signed yet gets its plan of tranches.",
            "শুধু এখনো স্বাক্ষরিত নয় এমন অনুদানের কিস্তি-পরিকল্পনা করা যায়।",
        ),
        released(seen),
        check(
            seen.row.owner_signed_by.is_some() || seen.row.officer_signed_by.is_some(),
            "already_signed",
            "One side has signed: the plan that it signed stays.",
            "এক পক্ষ স্বাক্ষর করেছে: স্বাক্ষরিত পরিকল্পনা অপরিবর্তিত থাকে।",
        ),
    ])
}

/// Why an agreement whose tranches add up to so many poisha cannot be signed today.
pub fn unmet_for_signature(seen: &SeenRequest, planned: i64, today: NaiveDate) -> Vec<FieldError> {
    let awarded = seen.row.awarded.unwrap_or(0);
    let money = |poisha| Money::from_poisha(poisha).amount;
    failing([
        released(seen),
        (
            planned != awarded,
            "plan_does_not_add_up",
            Bilingual::new(
                format!("The tranches add up to {} taka, the award is {}.", money(planned), money(awarded)),
                format!("কিস্তিগুলোর যোগফল {} টাকা, অনুদান {} টাকা।", money(planned), money(awarded)),
            ),
        ),
        check(
            seen.row.agreement_due_on.is_some_and(|due| due < today),
            "agreement_overdue",
            "The day until which the agreement had to be signed has passed.",
            "চুক্তি স্বাক্ষরের শেষ দিন পার হয়ে গেছে।",
        ),
    ])
}

/// Why a pilot cannot be paid now: it is on hold or has ended. After gate 2 one tranche may still be paid.
fn pilot_checks(pilot: &PilotRow, is_post_completion: bool) -> [Check; 2] {
    let has_ended = match pilot.status {
        PilotStatus::Completed => !is_post_completion,
        PilotStatus::Discontinued | PilotStatus::Withdrawn | PilotStatus::Rejected | PilotStatus::Merged => true,
        PilotStatus::Draft
        | PilotStatus::Submitted
        | PilotStatus::Screening
        | PilotStatus::ChangesRequested
        | PilotStatus::Design
        | PilotStatus::InExecution
        | PilotStatus::OnHold => false,
    };
    [
        check(
            pilot.status == PilotStatus::OnHold,
            "pilot_on_hold",
            "The pilot is on hold: nothing is paid.",
            "পাইলটটি স্থগিত: কিছু পরিশোধ করা হয় না।",
        ),
        check(
            has_ended,
            "pilot_ended",
            "The pilot has ended; after gate 2 only a tranche that is marked for it is paid.",
            "পাইলটটি শেষ হয়েছে; গেট ২-এর পর শুধু চিহ্নিত কিস্তি পরিশোধ করা যায়।",
        ),
    ]
}

fn in_force(seen: &SeenRequest) -> Check {
    check(
        !matches!(seen.told_status(), RequestStatus::AgreementSigned | RequestStatus::Active),
        "agreement_not_in_force",
        "The agreement is not signed, or nothing is paid for now, or all is over.",
        "চুক্তি স্বাক্ষরিত নয়, অথবা আপাতত পরিশোধ বন্ধ, অথবা সব শেষ।",
    )
}

/// Why a tranche cannot be asked for.
pub fn unmet_for_request(seen: &SeenTranche) -> Vec<FieldError> {
    let (agreement, tranche) = (&seen.agreement, &seen.account.tranche);
    let before = agreement.before(tranche.number);
    let share = agreement.seen.round.minimum_utilisation;
    let [on_hold, ended] = pilot_checks(&agreement.seen.pilot, tranche.is_post_completion);
    failing([
        in_force(&agreement.seen),
        check(
            before.is_some_and(|before| !before.is_accepted()),
            "report_missing",
            "The expenditure report on the tranche before is not accepted.",
            "আগের কিস্তির ব্যয় প্রতিবেদন গৃহীত হয়নি।",
        ),
        (
            before.is_some_and(|before| !before.is_used(share)),
            "too_little_used",
            Bilingual::new(
                format!("Less than {share} % of the tranche before is accepted as spent."),
                format!("আগের কিস্তির {share}%-এর কম ব্যয় হিসেবে গৃহীত হয়েছে।"),
            ),
        ),
        milestones_reached(seen),
        on_hold,
        ended,
    ])
}

/// Why a tranche cannot be approved or paid. A milestone may have been opened again since it was asked for.
pub fn unmet_for_payment(seen: &SeenTranche) -> Vec<FieldError> {
    let [on_hold, ended] = pilot_checks(&seen.agreement.seen.pilot, seen.account.tranche.is_post_completion);
    failing([in_force(&seen.agreement.seen), milestones_reached(seen), on_hold, ended])
}

fn milestones_reached(seen: &SeenTranche) -> Check {
    let (reached, wanted) = (&seen.agreement.milestones, &seen.account.tranche.milestones);
    let open: Vec<String> =
        wanted.iter().filter(|position| reached.get(*position) != Some(&true)).map(i32::to_string).collect();
    (
        !open.is_empty(),
        "milestones_open",
        Bilingual::new(
            format!("Milestones that are not reached in the plan in force: {}.", open.join(", ")),
            format!("কার্যকর পরিকল্পনায় যে মাইলফলক অর্জিত হয়নি: {}।", open.join(", ")),
        ),
    )
}

/// Why a tranche can be neither held back nor let go of.
pub fn unmet_for_withholding(seen: &SeenTranche) -> Vec<FieldError> {
    let status = seen.agreement.seen.told_status();
    failing([check(
        !matches!(status, RequestStatus::AgreementSigned | RequestStatus::Active | RequestStatus::Suspended),
        "agreement_not_in_force",
        "The agreement is not signed, or all is over.",
        "চুক্তি স্বাক্ষরিত নয়, অথবা সব শেষ।",
    )])
}

/// Why a tranche cannot be given up. A payment may fail while the last reports come in: then it can neither be asked for
/// again nor stay, or the request would never close.
pub fn unmet_for_cancelling(seen: &SeenTranche) -> Vec<FieldError> {
    let is_closing = seen.agreement.seen.told_status() == RequestStatus::Closing;
    if is_closing { Vec::new() } else { unmet_for_withholding(seen) }
}

/// Why a payment cannot be said to have failed.
pub fn unmet_for_failure(account: &Account) -> Vec<FieldError> {
    failing([
        check(
            account.report.is_some_and(|report| report.was_submitted),
            "report_handed_in",
            "A report on its spending was handed in, so the money had arrived.",
            "ব্যয় প্রতিবেদন জমা হয়েছে, অর্থাৎ টাকা পৌঁছেছিল।",
        ),
        check(
            account.refunded != 0,
            "refunded_already",
            "Some of it came back, so the money had arrived.",
            "কিছু টাকা ফেরত এসেছে, অর্থাৎ টাকা পৌঁছেছিল।",
        ),
    ])
}

/// Why nothing of a tranche can come back.
pub fn unmet_for_refund(account: &Account) -> Vec<FieldError> {
    failing([
        check(
            !account.tranche.status.is_paid(),
            "not_paid",
            "Nothing of this tranche is paid.",
            "এই কিস্তির কিছু পরিশোধ করা হয়নি।",
        ),
        check(
            account.tranche.status.is_paid() && account.unproven() <= 0,
            "nothing_to_refund",
            "All of it is accepted as spent or came back.",
            "সবটুকু ব্যয় হিসেবে গৃহীত অথবা ফেরত এসেছে।",
        ),
    ])
}

/// Why a request cannot be closed.
pub fn unmet_for_closure(accounts: &[Account]) -> Vec<FieldError> {
    let any = |fails: &dyn Fn(&Account) -> bool| accounts.iter().any(fails);
    let paid = |it: &Account| it.tranche.status.is_paid();
    failing([
        check(
            any(&|it| it.tranche.status.is_unpaid()),
            "tranche_left",
            "A tranche is left to be paid: pay it or cancel it.",
            "একটি কিস্তি পরিশোধের বাকি আছে: পরিশোধ করুন বা বাতিল করুন।",
        ),
        check(
            any(&|it| paid(it) && !it.is_accepted()),
            "report_missing",
            "The report on a paid tranche is not accepted.",
            "একটি পরিশোধিত কিস্তির প্রতিবেদন গৃহীত হয়নি।",
        ),
        check(
            any(&|it| paid(it) && it.is_accepted() && it.tranche.status != TrancheStatus::Settled),
            "refund_missing",
            "Money of a tranche is still to be refunded.",
            "একটি কিস্তির টাকা ফেরত আসা বাকি।",
        ),
    ])
}
