//! What the state of a round lets be done: pure.

use std::collections::HashSet;

use super::{
    facts::RoundFacts,
    policy::{Criterion, EligibilityRule, RuleKind},
    rows::RoundRow,
    status::{LIFECYCLE, RoundCommand, RoundStatus},
};
use crate::{
    features::actions::Action,
    platform::{
        auth::Standing,
        clock::Timestamp,
        error::{AppError, ErrorCode, FieldError},
        lifecycle::{Word, next},
        text::Bilingual,
    },
};

impl RoundRow {
    /// Whether a request can be begun or handed in now.
    ///
    /// # Errors
    /// `RoundNotOpen`, saying whether it has not begun, is closed, or its time is over.
    pub fn check_takes_requests(&self, now: Timestamp) -> Result<(), AppError> {
        let (opens, closes) = (self.opens_at, self.closes_at);
        let (en, bn) = match self.status {
            RoundStatus::Forecast => {
                ("The round is only announced so far.".to_owned(), "পর্বটি এখন পর্যন্ত কেবল ঘোষিত।".to_owned())
            }
            RoundStatus::Open if now < opens => {
                (format!("The round takes requests from {opens} on."), format!("পর্বটি `{opens}` থেকে আবেদন নেবে।"))
            }
            RoundStatus::Open if now < closes => return Ok(()),
            RoundStatus::Open => {
                (format!("The round took requests until {closes}."), format!("পর্বটি `{closes}` পর্যন্ত আবেদন নিয়েছে।"))
            }
            RoundStatus::Closed | RoundStatus::Deciding | RoundStatus::Decided | RoundStatus::Archived => {
                ("The round is closed.".to_owned(), "পর্বটি বন্ধ।".to_owned())
            }
        };
        Err(AppError::new(ErrorCode::RoundNotOpen).detail(en, bn))
    }

    /// Whether the number of its requests is told: it is nobody's business while more can come.
    pub const fn tells_number(&self) -> bool {
        !matches!(self.status, RoundStatus::Forecast | RoundStatus::Open)
    }
}

fn refuse(en: &'static str, bn: &'static str) -> AppError {
    AppError::new(ErrorCode::TransitionNotAllowed).detail(en, bn)
}

/// Its rules are fixed once it is open.
///
/// # Errors
/// `TransitionNotAllowed`.
pub fn check_can_edit(row: &RoundRow) -> Result<(), AppError> {
    if row.status == RoundStatus::Forecast {
        return Ok(());
    }
    Err(refuse(
        "The rules of a round are fixed once it is open; its closing can be moved by an extension.",
        "পর্ব খোলার পর নিয়ম বদলায় না; বন্ধের সময় কেবল বর্ধিত করা যায়।",
    ))
}

/// A later closing is for a round that still takes requests.
///
/// # Errors
/// `TransitionNotAllowed`.
pub fn check_can_extend(row: &RoundRow, now: Timestamp) -> Result<(), AppError> {
    if row.status == RoundStatus::Open && now < row.closes_at {
        return Ok(());
    }
    Err(refuse(
        "A round is extended while it is open and its time is not over.",
        "পর্ব খোলা ও সময় বাকি থাকতেই কেবল বর্ধিত করা যায়।",
    ))
}

/// A panel meets while the round is decided upon.
///
/// # Errors
/// `TransitionNotAllowed`.
pub fn check_can_meet(row: &RoundRow) -> Result<(), AppError> {
    if row.status == RoundStatus::Deciding {
        return Ok(());
    }
    Err(refuse("Panels meet while the round is in `deciding`.", "প্যানেল সভা হয় ‘সিদ্ধান্ত চলছে’ অবস্থায়।"))
}

/// Why the results cannot be released now.
///
/// # Errors
/// `TransitionNotAllowed`, `ConditionsUnmet`.
pub fn check_can_release(row: &RoundRow, now: Timestamp) -> Result<(), AppError> {
    if row.released_at.is_some() {
        return Err(refuse("The results are released already.", "ফলাফল ইতিমধ্যে প্রকাশিত হয়েছে।"));
    }
    if row.status != RoundStatus::Decided {
        let (decided, present) = (RoundStatus::Decided, row.status);
        return Err(AppError::new(ErrorCode::TransitionNotAllowed).detail(
            format!("Results are released in `{}`; the round is in `{}`.", decided.word(), present.word()),
            format!("ফলাফল প্রকাশ হয় ‘{}’ অবস্থায়; পর্বটি ‘{}’ অবস্থায় আছে।", decided.bangla(), present.bangla()),
        ));
    }
    if now.day_in_dhaka() < row.release_on {
        let day = row.release_on;
        return Err(AppError::conditions(vec![FieldError::condition(
            "too_early",
            Bilingual::new(format!("Results are released from {day} on."), format!("{day} থেকে ফলাফল প্রকাশ করা যাবে।")),
        )]));
    }
    Ok(())
}

/// Money goes to a round as long as it is not put away, of a fund that is active.
///
/// # Errors
/// `TransitionNotAllowed`.
pub fn check_can_allocate(row: &RoundRow) -> Result<(), AppError> {
    if row.status == RoundStatus::Archived {
        return Err(refuse("The round is put away.", "পর্বটি সংরক্ষণে চলে গেছে।"));
    }
    Ok(())
}

/// What stands in the way of a command besides the state.
pub fn unmet(row: &RoundRow, facts: &RoundFacts, command: RoundCommand, now: Timestamp) -> Vec<FieldError> {
    match command {
        RoundCommand::Open => {
            let checks = [
                (!facts.is_fund_active, "fund_closed", "The fund is closed.", "তহবিলটি বন্ধ।"),
                (row.closes_at <= now, "closed_in_the_past", "It would close in the past.", "বন্ধের সময় পার হয়ে গেছে।"),
            ];
            let mut found = failing(&checks);
            found.extend(faults_of_rubric(&row.rubric));
            found.extend(faults_of_rules(&row.eligibility_rules));
            found
        }
        RoundCommand::Close => {
            failing(&[(now < row.closes_at, "time_not_over", "Its time is not over yet.", "পর্বটির সময় এখনো শেষ হয়নি।")])
        }
        RoundCommand::StartDeciding => Vec::new(),
        RoundCommand::FinishDeciding => failing(&[(
            facts.undecided > 0,
            "request_undecided",
            "A request is between its submit and its decision.",
            "একটি আবেদনের সিদ্ধান্ত এখনো হয়নি।",
        )]),
        RoundCommand::Archive => failing(&[
            (row.released_at.is_none(), "not_released", "The results are not released.", "ফলাফল প্রকাশিত হয়নি।"),
            (
                facts.going_on > 0,
                "request_going_on",
                "A request of the round has not come to its end.",
                "পর্বের একটি আবেদন এখনো শেষ অবস্থায় পৌঁছায়নি।",
            ),
        ]),
    }
}

/// A rubric with which reviewers can score.
fn faults_of_rubric(rubric: &[Criterion]) -> Vec<FieldError> {
    let mut codes = HashSet::new();
    let ascends = |criterion: &Criterion| {
        criterion.anchors.iter().zip(criterion.anchors.iter().skip(1)).all(|(low, high)| low.score < high.score)
    };
    let checks = [
        (rubric.is_empty(), "rubric_missing", "There is nothing to score.", "মূল্যায়নের কোনো মানদণ্ড নেই।"),
        (
            !rubric.iter().all(|criterion| codes.insert(criterion.code.as_str())),
            "criterion_repeated",
            "Two criteria have the same code.",
            "দুটি মানদণ্ডের কোড একই।",
        ),
        (
            !rubric.iter().all(ascends),
            "anchors_not_ascending",
            "The scores of a criterion's anchors have to ascend, each one once.",
            "মানদণ্ডের নম্বরগুলো ক্রমবর্ধমান ও আলাদা হতে হবে।",
        ),
    ];
    failing(&checks)
}

/// Rules that can be checked.
fn faults_of_rules(rules: &[EligibilityRule]) -> Vec<FieldError> {
    let mut codes = HashSet::new();
    let checks = [
        (
            !rules.iter().all(|rule| codes.insert(rule.code.as_str())),
            "rule_repeated",
            "Two rules of eligibility have the same code.",
            "দুটি যোগ্যতার নিয়মের কোড একই।",
        ),
        (
            !rules.iter().all(|rule| (rule.kind == RuleKind::CoFunding) == rule.percent.is_some()),
            "percent_misplaced",
            "`co_funding` needs `percent`, and no other rule has it.",
            "`co_funding` নিয়মে `percent` দিতে হবে, অন্য নিয়মে নয়।",
        ),
    ];
    failing(&checks)
}

fn failing(checks: &[(bool, &'static str, &'static str, &'static str)]) -> Vec<FieldError> {
    let condition = |(_, code, en, bn): &(bool, &'static str, &'static str, &'static str)| {
        FieldError::condition(code, Bilingual::new(*en, *bn))
    };
    checks.iter().filter(|(fails, ..)| *fails).map(condition).collect()
}

/// Everything that can be done to a round, with what closes it.
pub fn actions(row: &RoundRow, facts: &RoundFacts, standing: &Standing, now: Timestamp) -> Vec<Action> {
    let others = [
        ("edit", "update_funding_round", check_can_edit(row)),
        ("extend", "extend_funding_round", check_can_extend(row, now)),
        ("allocate", "allocate_to_round", check_can_allocate(row)),
        ("add_panel_meeting", "create_panel_meeting", check_can_meet(row)),
        ("release", "release_round_results", check_can_release(row, now)),
    ];
    let commands = RoundCommand::ALL.iter().map(|&command| {
        Action::new(command.as_str(), command.line(), standing, next(LIFECYCLE, row.status, command).err())
            .needing(|| unmet(row, facts, command, now))
    });
    let of = |(name, line, state): (&'static str, &str, Result<(), AppError>)| {
        Action::new(name, line, standing, state.err())
    };
    others.into_iter().map(of).chain(commands).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(codes: &[(&str, RuleKind, Option<i32>)]) -> Vec<EligibilityRule> {
        let rule = |(code, kind, percent): &(&str, RuleKind, Option<i32>)| EligibilityRule {
            code: (*code).to_owned(),
            kind: *kind,
            statement: crate::platform::text::TitleInput::default(),
            percent: *percent,
        };
        codes.iter().map(rule).collect()
    }

    fn criterion(code: &str, scores: &[i32]) -> Criterion {
        let anchor = |score: &i32| super::super::policy::Anchor {
            score: *score,
            meaning: crate::platform::text::TitleInput::default(),
        };
        Criterion {
            code: code.to_owned(),
            title: crate::platform::text::TitleInput::default(),
            weight: 1,
            anchors: scores.iter().map(anchor).collect(),
        }
    }

    fn codes(faults: Vec<FieldError>) -> Vec<&'static str> {
        faults.into_iter().map(|fault| fault.code).collect()
    }

    #[test]
    fn a_rubric_has_criteria_whose_scores_ascend() {
        assert_eq!(codes(faults_of_rubric(&[])), ["rubric_missing"]);
        assert!(faults_of_rubric(&[criterion("a", &[0, 5]), criterion("b", &[1, 2, 3])]).is_empty());
        let bad = [criterion("a", &[0, 5]), criterion("a", &[2, 2])];
        assert_eq!(codes(faults_of_rubric(&bad)), ["criterion_repeated", "anchors_not_ascending"]);
    }

    #[test]
    fn percent_is_for_co_funding_and_nothing_else() {
        use RuleKind::{CoFunding, Manual};
        assert!(faults_of_rules(&rules(&[("a", Manual, None), ("b", CoFunding, Some(10))])).is_empty());
        let bad = rules(&[("a", Manual, Some(1)), ("a", CoFunding, None)]);
        assert_eq!(codes(faults_of_rules(&bad)), ["rule_repeated", "percent_misplaced"]);
    }
}
