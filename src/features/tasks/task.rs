//! One thing that waits.

use std::cmp::Ordering;

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::platform::{
    clock::Timestamp,
    text::{Bilingual, LocalizedText},
    text_enum::text_enum,
};

text_enum! {
    /// What is to be done.
    TaskKind {
        /// Screen a pilot.
        Screening = "screening",
        /// Answer the offer of a pilot.
        Handover = "handover",
        /// Say whether there is a conflict of interest.
        ConflictDeclaration = "conflict_declaration",
        /// Write a review.
        Review = "review",
        /// Check the rules of a round.
        Eligibility = "eligibility",
        /// Give a request to the panel.
        Panel = "panel",
        /// Recommend an amount.
        Recommendation = "recommendation",
        /// Decide on an award.
        Approval = "approval",
        /// Sign an agreement.
        Agreement = "agreement",
        /// Let an award lapse.
        Lapse = "lapse",
        /// Let a tranche be paid.
        TrancheApproval = "tranche_approval",
        /// Pay a tranche.
        Disbursement = "disbursement",
        /// Ask for a tranche.
        TrancheRequest = "tranche_request",
        /// Check an expenditure report.
        ReportCheck = "report_check",
        /// Accept an expenditure report.
        ReportAcceptance = "report_acceptance",
        /// Write an expenditure report.
        Report = "report",
        /// Do what was asked for, and hand in again.
        Changes = "changes",
        /// Confirm local money.
        SourceConfirmation = "source_confirmation",
        /// Confirm or reject another officer's decision at a gate.
        GateConfirmation = "gate_confirmation",
    }
}

/// Something that waits for someone.
#[derive(Clone, Debug)]
pub struct Task {
    /// What is to be done.
    pub kind: TaskKind,
    /// In a sentence.
    pub title: Bilingual,
    /// Where the record is found.
    pub path: String,
    /// What people call it by, or its pilot.
    pub reference: Option<String>,
    /// The last day for it.
    pub due_on: Option<NaiveDate>,
    /// Since when it waits.
    pub since: Timestamp,
}

impl Task {
    /// Whether its day has passed.
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.due_on.is_some_and(|due_on| due_on < today)
    }
}

/// Overdue first, then by the day on which they are due, then what waits longest. What was due first is overdue most, so
/// the first two are one.
pub fn by_urgency(left: &Task, right: &Task) -> Ordering {
    let key = |task: &Task| (task.due_on.is_none(), task.due_on, task.since);
    key(left).cmp(&key(right)).then_with(|| left.path.cmp(&right.path))
}

/// Something that waits for the caller.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TaskView {
    /// What is to be done.
    #[schema(inline)]
    pub kind: TaskKind,
    /// In a sentence.
    pub title: LocalizedText,
    /// Where the record is found.
    #[schema(max_length = 200, example = "/v1/funding-reviews/0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e")]
    pub path: String,
    /// What people call the record or its pilot by.
    #[schema(max_length = 20, example = "SIF-2026-00042")]
    pub reference: Option<String>,
    /// The last day for it; null: there is none.
    pub due_on: Option<NaiveDate>,
    /// Since when it waits.
    pub since: Timestamp,
    /// Whether its last day has passed.
    pub is_overdue: bool,
}

impl TaskView {
    /// As it is shown on a day.
    pub fn new(task: Task, today: NaiveDate) -> Self {
        Self {
            is_overdue: task.is_overdue(today),
            kind: task.kind,
            title: LocalizedText::new(Some(task.title.bn().into_owned()), Some(task.title.en.into_owned())),
            path: task.path,
            reference: task.reference,
            due_on: task.due_on,
            since: task.since,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_urgent_comes_first() {
        let task = |path: &str, due_on: Option<&str>, since| Task {
            kind: TaskKind::Review,
            title: Bilingual::new("", ""),
            path: path.to_owned(),
            reference: None,
            due_on: due_on.map(|day| day.parse().unwrap()),
            since: Timestamp::from_millis(since),
        };
        let mut tasks = [
            task("old", None, 1),
            task("soon", Some("2026-07-03"), 9),
            task("overdue", Some("2026-07-01"), 5),
            task("new", None, 2),
            task("soon too", Some("2026-07-03"), 8),
        ];
        tasks.sort_by(by_urgency);
        assert_eq!(tasks.each_ref().map(|task| task.path.as_str()), ["overdue", "soon too", "soon", "old", "new"]);
        let today = "2026-07-02".parse().unwrap();
        assert_eq!(tasks.iter().filter(|task| task.is_overdue(today)).count(), 1);
    }
}
