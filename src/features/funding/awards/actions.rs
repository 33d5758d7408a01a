//! What may be decided on a request, by whom, and what stands in the way: one place for the steps themselves, for
//! `allowed_actions` and for the tasks of those who decide.

use chrono::NaiveDate;

use crate::{
    features::{
        funding::requests::{FundingRequestRow, RequestMove, SeenRequest, status::LIFECYCLE},
        permissions::PERMISSIONS,
        pilots::PilotRow,
    },
    platform::{
        auth::can,
        error::{AppError, ErrorCode, FieldError},
        ids::UserId,
        lifecycle::next,
        text::Bilingual,
        text_enum::text_enum,
    },
};

text_enum! {
    /// What can be decided on a request.
    DecisionAction {
        /// Recommend an amount.
        Recommend = "recommend",
        /// Award it.
        Award = "award",
        /// Turn it down.
        Decline = "decline",
        /// Let it wait for money.
        Waitlist = "waitlist",
        /// Say that nobody signed in time.
        Lapse = "lapse",
    }
}

impl DecisionAction {
    /// Its line of the permission table.
    pub const fn line(self) -> &'static str {
        match self {
            Self::Recommend => "recommend_funding_request",
            Self::Award => "decide_funding_request.award",
            Self::Decline => "decide_funding_request.decline",
            Self::Waitlist => "decide_funding_request.waitlist",
            Self::Lapse => "lapse_funding_request",
        }
    }

    /// The move behind it.
    pub const fn as_move(self) -> RequestMove {
        match self {
            Self::Recommend => RequestMove::Recommend,
            Self::Award => RequestMove::Award,
            Self::Decline => RequestMove::Decline,
            Self::Waitlist => RequestMove::Waitlist,
            Self::Lapse => RequestMove::Lapse,
        }
    }
}

/// The conditions of a decision that fail whatever the amount.
pub fn unmet(
    action: DecisionAction,
    request: &FundingRequestRow,
    pilot: &PilotRow,
    today: NaiveDate,
) -> Vec<FieldError> {
    let condition = |code, en, bn| FieldError::condition(code, Bilingual::new(en, bn));
    match action {
        DecisionAction::Recommend | DecisionAction::Award | DecisionAction::Waitlist => pilot
            .ended_at
            .map(|_| condition("pilot_ended", "The pilot has ended.", "পাইলটটি শেষ হয়েছে।"))
            .into_iter()
            .collect(),
        DecisionAction::Decline => Vec::new(),
        DecisionAction::Lapse => match request.agreement_due_on {
            None => vec![condition(
                "results_not_released",
                "The results of the round are not released, so no agreement is due yet.",
                "পর্বের ফলাফল প্রকাশ করা হয়নি, তাই চুক্তির সময়সীমা শুরু হয়নি।",
            )],
            Some(due) if due >= today => vec![condition(
                "agreement_not_overdue",
                "The day until which the agreement can be signed has not passed.",
                "চুক্তি স্বাক্ষরের শেষ দিন এখনো পার হয়নি।",
            )],
            Some(_) => Vec::new(),
        },
    }
}

/// Of two approvers the second is another person.
pub fn second_approver_obstacle(request: &FundingRequestRow, me: UserId) -> Option<AppError> {
    (request.first_approver_id == Some(me)).then(|| {
        AppError::new(ErrorCode::SeparationOfDuties).detail(
            "You approved this already as the first of two, so a second person has to award it.",
            "দুই অনুমোদনকারীর প্রথমজন হিসেবে আপনি এটি অনুমোদন করেছেন, তাই দ্বিতীয় একজনকে অনুদান দিতে হবে।",
        )
    })
}

/// What the caller may decide now.
pub fn allowed_actions(seen: &SeenRequest, today: NaiveDate) -> Vec<DecisionAction> {
    let may = |action: &DecisionAction| {
        can(PERMISSIONS, action.line(), &seen.standing).is_ok()
            && next(LIFECYCLE, seen.row.status, action.as_move()).is_ok()
            && unmet(*action, &seen.row, &seen.pilot, today).is_empty()
            // Who approved first is an approver of it; who awarded it has nothing left to decide.
            && !(*action == DecisionAction::Award && seen.row.first_approver_id.is_some() && seen.standing.funding.approver)
    };
    DecisionAction::ALL.iter().copied().filter(may).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::auth::Permission;

    #[test]
    fn the_three_decisions_are_open_to_the_same_people() {
        let line = |action: DecisionAction| -> Option<&Permission> {
            PERMISSIONS.iter().find(|permission| permission.action == action.line())
        };
        let award = line(DecisionAction::Award).unwrap();
        for action in [DecisionAction::Decline, DecisionAction::Waitlist] {
            let other = line(action).unwrap();
            assert_eq!((award.allowed, award.unless), (other.allowed, other.unless));
        }
        assert!(DecisionAction::ALL.iter().all(|action| line(*action).is_some()));
    }
}
