//! The conditions of everything that is done with a report: pure, all that fail at once. And what may be done to it now.

use chrono::NaiveDate;

use super::{
    access::SeenReport,
    rows::ExpenditureReportRow,
    status::{LIFECYCLE, ReportCommand, ReportStatus},
};
use crate::{
    features::{
        actions::Action,
        funding::tranches::{Account, TrancheStatus},
    },
    platform::{
        error::{AppError, ErrorCode, FieldError},
        lifecycle::next,
        money::Money,
        text::Bilingual,
    },
};

/// Why no report on a tranche can be begun.
pub fn unmet_for_beginning(account: &Account) -> Vec<FieldError> {
    let checks = [
        (
            account.tranche.status != TrancheStatus::Disbursed,
            "not_paid",
            "A report is begun once the tranche is paid.",
            "কিস্তি পরিশোধের পর প্রতিবেদন শুরু করা যায়।",
        ),
        (
            account.report.is_some(),
            "report_exists",
            "There is a report on this tranche already.",
            "এই কিস্তির একটি প্রতিবেদন আগে থেকেই আছে।",
        ),
    ];
    let failing = checks.into_iter().filter(|(fails, ..)| *fails);
    failing.map(|(_, code, en, bn)| FieldError::condition(code, Bilingual::new(en, bn))).collect()
}

/// Why a report cannot be handed in.
pub fn unmet_for_submit(seen: &SeenReport, today: NaiveDate) -> Vec<FieldError> {
    let account = &seen.tranche.account;
    let mut found = Vec::new();
    if account.tranche.status != TrancheStatus::Disbursed {
        found.push(FieldError::condition(
            "not_paid",
            Bilingual::new("The tranche is not paid.", "কিস্তিটি পরিশোধ করা হয়নি।"),
        ));
    } else if seen.row.total > account.remaining() {
        let (total, paid) = (Money::from_poisha(seen.row.total).amount, Money::from_poisha(account.remaining()).amount);
        found.push(FieldError::condition(
            "more_than_paid",
            Bilingual::new(
                format!("The lines add up to {total} taka; of what was paid {paid} remain."),
                format!("লাইনগুলোর যোগফল {total} টাকা; পরিশোধিত অর্থের {paid} টাকা অবশিষ্ট।"),
            ),
        ));
    }
    for (number, line) in (1_usize..).zip(seen.row.lines.iter()) {
        if !line.voucher_id.is_some_and(|voucher| seen.files.contains(&voucher)) {
            found.push(FieldError::condition(
                "voucher_missing",
                Bilingual::new(
                    format!("Line {number} has no voucher among the files of the report."),
                    format!("লাইন {number}-এর ভাউচার প্রতিবেদনের ফাইলে নেই।"),
                ),
            ));
        }
        if line.spent_on > today || account.tranche.paid_on.is_some_and(|paid| line.spent_on < paid) {
            found.push(FieldError::condition(
                "spent_outside",
                Bilingual::new(
                    format!("Line {number} was not spent between the payment and today."),
                    format!("লাইন {number}-এর ব্যয় পরিশোধের দিন ও আজকের মধ্যে নয়।"),
                ),
            ));
        }
    }
    found
}

/// Who checked a report does not accept it.
pub fn checker_obstacle(command: ReportCommand, seen: &SeenReport) -> Option<AppError> {
    (command == ReportCommand::Accept && seen.row.checked_by == Some(seen.reader)).then(|| {
        AppError::new(ErrorCode::SeparationOfDuties).detail(
            "You checked this report, so someone else has to accept it.",
            "আপনি এই প্রতিবেদন যাচাই করেছেন, তাই অন্য কাউকে এটি গ্রহণ করতে হবে।",
        )
    })
}

/// Only a draft, or a report that was sent back, is edited.
///
/// # Errors
/// `TransitionNotAllowed`.
pub fn check_editable(row: &ExpenditureReportRow) -> Result<(), AppError> {
    if row.status.is_editable() {
        return Ok(());
    }
    Err(AppError::new(ErrorCode::TransitionNotAllowed)
        .detail("A report that was handed in is not edited.", "জমা দেওয়া প্রতিবেদন সম্পাদনা করা যায় না।"))
}

/// Only a draft that was never handed in is deleted.
///
/// # Errors
/// `TransitionNotAllowed`.
pub fn check_deletable(row: &ExpenditureReportRow) -> Result<(), AppError> {
    if row.status == ReportStatus::Draft {
        return Ok(());
    }
    Err(AppError::new(ErrorCode::TransitionNotAllowed)
        .detail("Only a draft that was never submitted can be deleted.", "শুধু কখনো জমা না দেওয়া খসড়া মুছে ফেলা যায়।"))
}

/// Everything that can be done to a report, with what closes it.
pub fn actions(seen: &SeenReport, today: NaiveDate) -> Vec<Action> {
    let standing = seen.standing();
    let others = [
        Action::new("edit", "update_expenditure_report", standing, check_editable(&seen.row).err()),
        Action::new("delete", "delete_expenditure_report", standing, check_deletable(&seen.row).err()),
        Action::new("add_attachment", "add_attachment", standing, check_editable(&seen.row).err()),
    ];
    let commands = ReportCommand::ALL.iter().map(|&command| {
        let state = checker_obstacle(command, seen).or_else(|| next(LIFECYCLE, seen.row.status, command).err());
        Action::new(command.as_str(), command.line(), standing, state).needing(|| match command {
            ReportCommand::Submit => unmet_for_submit(seen, today),
            _ => Vec::new(),
        })
    });
    others.into_iter().chain(commands).collect()
}
