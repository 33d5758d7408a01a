//! The shape of the permission table, and the two pure questions asked of it.

use super::{Reach, Role, RoleSet};
use crate::platform::error::{AppError, ErrorCode};

/// Whom a permission is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Anyone at all, without login.
    Anyone,
    /// Every logged-in person.
    LoggedIn,
    /// Holders of a role.
    Role(Role),
    /// The owner of the pilot.
    Owner,
    /// Its deputy.
    Deputy,
    /// Anyone in its team, owner and deputy included.
    Team,
    /// The officer who screens it.
    Screener,
    /// Who took the first decision, and only they.
    FirstDecider,
    /// The person whom the service account belongs to.
    Holder,
    /// Whose own record it is: who wrote a comment, who gave their support, whose membership it is.
    Oneself,
    /// To whom the record was offered.
    Receiver,
}

/// Who is shut out all the same: the separation of duties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unless {
    /// Anyone who is in the team or ever was: leaving it does not make a judge.
    InTeam,
    /// Anyone of the owner's organisation.
    InOwnersOrganisation,
    /// Who took the first of two decisions.
    FirstDecider,
    /// Who sees the pilot only because it is offered to them: until they take it, they read.
    Guest,
    /// Whose own account it is: nobody gives themselves more than they have.
    Oneself,
    /// Who reviews or reviewed the funding request.
    Reviewer,
    /// Who recommended it.
    Recommender,
    /// Who approved its award or one of its tranches, as the first or the second.
    Approver,
    /// Who asked for one of its tranches to be paid.
    Requester,
    /// Who paid one of its tranches.
    Disburser,
    /// Who is or was in the team of a pilot that asked this fund, as long as they are not told what was decided.
    Stake,
}

/// A line of the table: an action (an operation, or `operation.command`), who may do it, and who may not.
#[derive(Clone, Copy, Debug)]
pub struct Permission {
    /// `operationId`, or `operationId.command` for a transition.
    pub action: &'static str,
    /// Any one of these suffices.
    pub allowed: &'static [Who],
    /// Any one of these forbids.
    pub unless: &'static [Unless],
}

impl Permission {
    /// Whether it belongs to this operation.
    pub fn is_of(&self, operation: &str) -> bool {
        self.action.strip_prefix(operation).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }
}

/// What the caller is to the record in question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Whether there is a login at all.
    pub logged_in: bool,
    /// The caller's roles.
    pub roles: RoleSet,
    /// Owns the pilot.
    pub owner: bool,
    /// Is its deputy.
    pub deputy: bool,
    /// Is in its team in whatever place.
    pub team: bool,
    /// Was in its team once and left.
    pub left_team: bool,
    /// Screens it.
    pub screener: bool,
    /// Works where the owner works.
    pub in_owners_organisation: bool,
    /// Took the first of two decisions.
    pub first_decider: bool,
    /// The service account is theirs.
    pub holder: bool,
    /// It is their own record: written by them, or about them.
    pub oneself: bool,
    /// It was offered to them.
    pub receiver: bool,
    /// Sees the pilot only because it is offered to them now.
    pub guest: bool,
    /// What the caller did in paying for the pilot.
    pub funding: FundingPart,
    /// Is or was in the team of a pilot that waits for a decision of this fund.
    pub stake: bool,
    /// What the credential lets through of all this.
    pub reach: Reach,
}

/// What the caller did for one funding request: reviewer, approver and disburser are three people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FundingPart {
    /// Reviews or reviewed it.
    pub reviewer: bool,
    /// Recommended it.
    pub recommender: bool,
    /// Approved its award or one of its tranches.
    pub approver: bool,
    /// Asked for one of its tranches.
    pub requester: bool,
    /// Paid one of its tranches.
    pub disburser: bool,
}

impl Standing {
    /// The same without the bounds of a key: for the question whether a record is there for this caller at all.
    #[must_use]
    pub fn as_person(&self) -> Self {
        Self { reach: Reach::default(), ..*self }
    }

    fn is(&self, who: Who) -> bool {
        match who {
            Who::Anyone => true,
            Who::LoggedIn => self.logged_in,
            Who::Role(role) => self.roles.has(role),
            Who::Owner => self.owner,
            Who::Deputy => self.deputy,
            Who::Team => self.team,
            // Who took it on and is no officer any more decides nothing.
            Who::Screener => self.screener && self.roles.has(Role::ProgrammeOfficer),
            Who::FirstDecider => self.first_decider,
            Who::Holder => self.holder,
            Who::Oneself => self.oneself,
            Who::Receiver => self.receiver,
        }
    }

    fn is_barred(&self, bar: Unless) -> bool {
        match bar {
            Unless::InTeam => self.team || self.left_team,
            Unless::InOwnersOrganisation => self.in_owners_organisation,
            Unless::FirstDecider => self.first_decider,
            Unless::Guest => self.guest,
            Unless::Oneself => self.oneself,
            Unless::Reviewer => self.funding.reviewer,
            Unless::Recommender => self.funding.recommender,
            Unless::Approver => self.funding.approver,
            Unless::Requester => self.funding.requester,
            Unless::Disburser => self.funding.disburser,
            Unless::Stake => self.stake,
        }
    }
}

/// Whether this caller could do the operation to any record at all: asked before anything else is looked at.
///
/// # Errors
/// `Unauthenticated` without a login where one is needed; `Forbidden` for a login that never suffices.
pub fn may_call(permissions: &[Permission], logged_in: bool, roles: RoleSet) -> Result<(), AppError> {
    let possible = permissions.iter().flat_map(|permission| permission.allowed).any(|who| match who {
        Who::Anyone => true,
        Who::Role(role) => roles.has(*role),
        Who::LoggedIn
        | Who::Owner
        | Who::Deputy
        | Who::Team
        | Who::Screener
        | Who::FirstDecider
        | Who::Holder
        | Who::Oneself
        | Who::Receiver => logged_in,
    });
    if possible {
        Ok(())
    } else if logged_in {
        Err(denied(permissions.iter().flat_map(|permission| permission.allowed.iter().copied())))
    } else {
        Err(AppError::new(ErrorCode::Unauthenticated))
    }
}

/// Whether a caller of this standing may do `action`. Pure: roles × relation × scopes × separation of duties.
///
/// # Errors
/// `Forbidden` when no line allows it, `InsufficientScope` when it is beyond the reach of the caller's key,
/// `SeparationOfDuties` when a line allows it and a bar stands against it. An
/// action that is missing from the table is forbidden.
pub fn can(table: &[Permission], action: &str, standing: &Standing) -> Result<(), AppError> {
    obstacle(table, action, standing).map_or(Ok(()), |obstacle| Err(obstacle.explained()))
}

/// The same without the sentence: for the many questions of which only the answer is shown.
pub fn may(table: &[Permission], action: &str, standing: &Standing) -> bool {
    obstacle(table, action, standing).is_none()
}

/// What stands in a caller's way.
enum Obstacle {
    NoSuchLine,
    NotAmong(&'static [Who]),
    BeyondReach,
    Bar(Unless),
}

fn obstacle(table: &[Permission], action: &str, standing: &Standing) -> Option<Obstacle> {
    let line = table.iter().enumerate().find(|(_, permission)| permission.action == action);
    let Some((line, permission)) = line else { return Some(Obstacle::NoSuchLine) };
    if !permission.allowed.iter().any(|who| standing.is(*who)) {
        return Some(Obstacle::NotAmong(permission.allowed));
    }
    if !standing.reach.has(line) {
        return Some(Obstacle::BeyondReach);
    }
    permission.unless.iter().copied().find(|bar| standing.is_barred(*bar)).map(Obstacle::Bar)
}

impl Obstacle {
    fn explained(self) -> AppError {
        let separated =
            |en: &'static str, bn: &'static str| AppError::new(ErrorCode::SeparationOfDuties).detail(en, bn);
        match self {
            Self::NoSuchLine => AppError::forbidden("Nobody may do this.", "এটি কেউ করতে পারে না।"),
            Self::NotAmong(allowed) => denied(allowed.iter().copied()),
            Self::BeyondReach => AppError::new(ErrorCode::InsufficientScope).detail(
                "The service account lacks the scope for this; the operation's description names it.",
                "সার্ভিস অ্যাকাউন্টটির এই কাজের স্কোপ নেই; অপারেশনের বিবরণে স্কোপটির নাম আছে।",
            ),
            Self::Bar(Unless::InTeam) => separated(
                "You belong or belonged to this pilot's team, so someone outside it has to do this.",
                "আপনি এই পাইলটের দলের সদস্য অথবা সাবেক সদস্য, তাই দলের বাইরের কাউকে এটি করতে হবে।",
            ),
            Self::Bar(Unless::InOwnersOrganisation) => separated(
                "You work in the owner's organisation, so someone from another one has to do this.",
                "আপনি স্বত্বাধিকারীর প্রতিষ্ঠানে কর্মরত, তাই অন্য প্রতিষ্ঠানের কাউকে এটি করতে হবে।",
            ),
            Self::Bar(Unless::FirstDecider) => separated(
                "You took the first decision, so a second person has to do this.",
                "প্রথম সিদ্ধান্তটি আপনার, তাই দ্বিতীয় একজনকে এটি করতে হবে।",
            ),
            Self::Bar(Unless::Guest) => AppError::forbidden(
                "The pilot is offered to you: you can read it, and accept or decline the offer.",
                "পাইলটটি আপনাকে প্রস্তাব করা হয়েছে: আপনি এটি পড়তে পারেন এবং প্রস্তাব গ্রহণ বা প্রত্যাখ্যান করতে পারেন।",
            ),
            Self::Bar(Unless::Oneself) => separated(
                "Nobody gives themselves a role, so another administrator has to do this.",
                "নিজেকে ভূমিকা দেওয়া যায় না, তাই অন্য একজন প্রশাসককে এটি করতে হবে।",
            ),
            Self::Bar(Unless::Reviewer) => separated(
                "You review this request, so someone else has to do this.",
                "আপনি এই আবেদনের মূল্যায়নকারী, তাই অন্য কাউকে এটি করতে হবে।",
            ),
            Self::Bar(Unless::Recommender) => separated(
                "You recommended this request, so someone else has to do this.",
                "আপনি এই আবেদন সুপারিশ করেছেন, তাই অন্য কাউকে এটি করতে হবে।",
            ),
            Self::Bar(Unless::Approver) => separated(
                "You approved this award or one of its tranches, so someone else has to do this.",
                "আপনি এই অনুদান বা এর কিস্তি অনুমোদন করেছেন, তাই অন্য কাউকে এটি করতে হবে।",
            ),
            Self::Bar(Unless::Requester) => separated(
                "You asked for one of its tranches, so someone else has to do this.",
                "আপনি এর কিস্তি চেয়েছেন, তাই অন্য কাউকে এটি করতে হবে।",
            ),
            Self::Bar(Unless::Disburser) => separated(
                "You paid one of its tranches, so someone else has to do this.",
                "আপনি এর কিস্তি পরিশোধ করেছেন, তাই অন্য কাউকে এটি করতে হবে।",
            ),
            Self::Bar(Unless::Stake) => separated(
                "A pilot in whose team you are or were has asked this fund; its books and its decisions are closed to you until \
                 the results are released.",
                "আপনি যে পাইলটের দলে আছেন বা ছিলেন, সেটি এই তহবিলে আবেদন করেছে; ফলাফল প্রকাশ না হওয়া পর্যন্ত তহবিলের হিসাব ও সিদ্ধান্ত \
                 আপনার জন্য বন্ধ।",
            ),
        }
    }
}

fn denied(allowed: impl Iterator<Item = Who>) -> AppError {
    let mut names: Vec<(&str, &str)> = allowed.map(name).collect();
    names.sort_unstable();
    names.dedup();
    let en: Vec<&str> = names.iter().map(|(en, _)| *en).collect();
    let bn: Vec<&str> = names.iter().map(|(_, bn)| *bn).collect();
    AppError::forbidden(format!("This is for: {}.", en.join(", ")), format!("এটি করতে পারেন: {}।", bn.join(", ")))
}

/// What a kind of caller is called, in English and in Bangla.
pub const fn name(who: Who) -> (&'static str, &'static str) {
    match who {
        Who::Anyone => ("anyone", "যে কেউ"),
        Who::LoggedIn => ("every logged-in person", "লগইন করা সবাই"),
        Who::Owner => ("the pilot's owner", "পাইলটের স্বত্বাধিকারী"),
        Who::Deputy => ("the pilot's deputy", "পাইলটের সহকারী"),
        Who::Team => ("the pilot's team", "পাইলটের দল"),
        Who::Screener => ("the officer who screens it", "যাচাইকারী কর্মকর্তা"),
        Who::FirstDecider => ("the officer who took the decision", "সিদ্ধান্ত গ্রহণকারী কর্মকর্তা"),
        Who::Holder => ("the service account's owner", "সার্ভিস অ্যাকাউন্টের স্বত্বাধিকারী"),
        Who::Oneself => ("the person whose own record it is", "রেকর্ডটি যাঁর নিজের"),
        Who::Receiver => ("the person to whom it was offered", "যাঁকে প্রস্তাব দেওয়া হয়েছে"),
        Who::Role(role) => match role {
            Role::Innovator => ("innovators", "উদ্ভাবক"),
            Role::Mentor => ("mentors", "পরামর্শক"),
            Role::ProgrammeOfficer => ("programme officers", "প্রোগ্রাম কর্মকর্তা"),
            Role::FundOfficer => ("fund officers", "তহবিল কর্মকর্তা"),
            Role::Reviewer => ("reviewers", "মূল্যায়নকারী"),
            Role::FundApprover => ("fund approvers", "তহবিল অনুমোদনকারী"),
            Role::FinanceOfficer => ("finance officers", "অর্থ কর্মকর্তা"),
            Role::Consultee => ("consultees", "মতামতদাতা"),
            Role::Organiser => ("organisers", "আয়োজক"),
            Role::Auditor => ("auditors", "নিরীক্ষক"),
            Role::Admin => ("administrators", "প্রশাসক"),
        },
    }
}

/// What a bar is called in the documentation.
pub const fn bar_name(bar: Unless) -> &'static str {
    match bar {
        Unless::InTeam => "in the pilot's team, now or before",
        Unless::InOwnersOrganisation => "of the owner's organisation",
        Unless::FirstDecider => "the one who took the first decision",
        Unless::Guest => "who sees the pilot only as an offer",
        Unless::Oneself => "the one whose own account it is",
        Unless::Reviewer => "a reviewer of the request",
        Unless::Recommender => "the one who recommended it",
        Unless::Approver => "an approver of its award or its tranches",
        Unless::Requester => "the one who asked for a tranche",
        Unless::Disburser => "the one who paid a tranche",
        Unless::Stake => "in the team, now or before, of a pilot that waits for the fund's results",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &[Permission] = &[
        Permission { action: "screen", allowed: &[Who::Role(Role::ProgrammeOfficer)], unless: &[Unless::InTeam] },
        Permission { action: "submit", allowed: &[Who::Owner, Who::Deputy], unless: &[] },
    ];

    #[test]
    fn a_role_does_not_outweigh_belonging_to_the_team() {
        let roles: RoleSet = [Role::ProgrammeOfficer].into_iter().collect();
        let outside = Standing { logged_in: true, roles, ..Standing::default() };
        assert!(can(TABLE, "screen", &outside).is_ok());
        let former = Standing { left_team: true, ..outside };
        assert!(can(TABLE, "screen", &former).is_err_and(|error| error.code == ErrorCode::SeparationOfDuties));
        let inside = Standing { team: true, ..outside };
        assert!(can(TABLE, "screen", &inside).is_err_and(|error| error.code == ErrorCode::SeparationOfDuties));
    }

    #[test]
    fn what_is_not_in_the_table_is_forbidden() {
        let everything = Standing {
            logged_in: true,
            roles: Role::ALL.iter().copied().collect(),
            owner: true,
            ..Standing::default()
        };
        assert!(can(TABLE, "unheard_of", &everything).is_err());
    }

    #[test]
    fn the_first_gate_tells_anonymous_from_unsuited() {
        let screen = TABLE.get(..1).unwrap_or_default();
        assert!(
            may_call(screen, false, RoleSet::default()).is_err_and(|error| error.code == ErrorCode::Unauthenticated)
        );
        assert!(may_call(screen, true, RoleSet::default()).is_err_and(|error| error.code == ErrorCode::Forbidden));
        assert!(Permission { action: "transition_pilot.submit", allowed: &[], unless: &[] }.is_of("transition_pilot"));
        assert!(!Permission { action: "transition_pilots", allowed: &[], unless: &[] }.is_of("transition_pilot"));
    }
}
