//! The lifecycle of a gate decision. Only one with waivers has a way to go: it waits for a second officer.

use crate::platform::{
    lifecycle::{Move, words},
    text_enum::text_enum,
};

text_enum! {
    /// Where a gate decision stands.
    DecisionStatus {
        /// Waits for a second officer, because it waives a condition.
        Proposed = "proposed",
        /// It holds.
        Confirmed = "confirmed",
        /// The second officer turned it down.
        Rejected = "rejected",
        /// Whoever took it took it back.
        Withdrawn = "withdrawn",
    }
}

text_enum! {
    /// What can be asked of a gate decision.
    DecisionCommand {
        /// Let the waivers stand and the pilot pass.
        Confirm = "confirm",
        /// Turn the waivers down; reason.
        Reject = "reject",
        /// Take one's own proposal back.
        Withdraw = "withdraw",
    }
}

words! {
    DecisionStatus { Proposed "প্রস্তাবিত", Confirmed "নিশ্চিত", Rejected "নাকচ", Withdrawn "প্রত্যাহৃত" }
    DecisionCommand { Confirm "নিশ্চিত করা", Reject "নাকচ করা", Withdraw "প্রত্যাহার" }
}

impl DecisionCommand {
    /// Its line in the permission table, by which it is also audited.
    pub const fn permission(self) -> &'static str {
        match self {
            Self::Confirm => "transition_gate_decision.confirm",
            Self::Reject => "transition_gate_decision.reject",
            Self::Withdraw => "transition_gate_decision.withdraw",
        }
    }

    /// Whether it has to say why.
    pub fn needs_reason(self) -> bool {
        LIFECYCLE.iter().any(|step| step.command == self && step.needs_reason)
    }
}

/// Every move that a gate decision can make.
pub const LIFECYCLE: &[Move<DecisionStatus, DecisionCommand>] = &[
    Move {
        command: DecisionCommand::Confirm,
        from: &[DecisionStatus::Proposed],
        to: DecisionStatus::Confirmed,
        needs_reason: false,
        guard: "a second officer; exactly the waived conditions are unmet, the plan version is still the current one, \
                the gate is still at hand; moves the pilot",
    },
    Move {
        command: DecisionCommand::Reject,
        from: &[DecisionStatus::Proposed],
        to: DecisionStatus::Rejected,
        needs_reason: true,
        guard: "a second officer",
    },
    Move {
        command: DecisionCommand::Withdraw,
        from: &[DecisionStatus::Proposed],
        to: DecisionStatus::Withdrawn,
        needs_reason: false,
        guard: "the officer who proposed it",
    },
];

#[cfg(test)]
mod tests {
    use super::{DecisionCommand as C, DecisionStatus as S, *};
    use crate::{features::permissions::PERMISSIONS, platform::lifecycle::next};

    #[test]
    fn every_pair_of_status_and_command_is_decided() {
        let open: Vec<(S, C, S)> = S::ALL
            .iter()
            .flat_map(|state| C::ALL.iter().map(|command| (*state, *command)))
            .filter_map(|(state, command)| next(LIFECYCLE, state, command).ok().map(|step| (state, command, step.to)))
            .collect();
        assert_eq!(
            open,
            [
                (S::Proposed, C::Confirm, S::Confirmed),
                (S::Proposed, C::Reject, S::Rejected),
                (S::Proposed, C::Withdraw, S::Withdrawn),
            ]
        );
    }

    #[test]
    fn every_command_is_in_the_permission_table_and_only_a_rejection_needs_a_reason() {
        for command in C::ALL {
            assert!(PERMISSIONS.iter().any(|line| line.action == command.permission()), "{command:?}");
            assert_eq!(command.needs_reason(), *command == C::Reject);
        }
    }
}
