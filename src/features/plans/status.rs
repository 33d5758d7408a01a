//! The lifecycles of a plan version and of a milestone.

use crate::platform::{
    lifecycle::{Move, words},
    text_enum::text_enum,
};

text_enum! {
    /// Where a plan version stands.
    PlanStatus {
        /// Being written.
        Draft = "draft",
        /// Handed in; its content is frozen.
        Submitted = "submitted",
        /// In force.
        Locked = "locked",
        /// A later version took its place.
        Superseded = "superseded",
    }
}

text_enum! {
    /// What moves a plan version.
    PlanMove {
        /// Hand in.
        Submit = "submit",
        /// Put in force while the pilot runs.
        Approve = "approve",
        /// Put in force by passing gate 1.
        Lock = "lock",
        /// Make way for a later version.
        Supersede = "supersede",
    }
}

text_enum! {
    /// Where a milestone stands.
    MilestoneStatus {
        /// Ahead.
        Planned = "planned",
        /// Reached, with evidence.
        Done = "done",
        /// Let go, with a reason.
        Waived = "waived",
    }
}

text_enum! {
    /// What can be asked of a milestone.
    MilestoneCommand {
        /// Report as reached; day and evidence.
        Complete = "complete",
        /// Take that back.
        Reopen = "reopen",
        /// Let go; reason.
        Waive = "waive",
    }
}

words! {
    PlanStatus { Draft "খসড়া", Submitted "জমা দেওয়া হয়েছে", Locked "চূড়ান্ত", Superseded "প্রতিস্থাপিত" }
    PlanMove { Submit "জমা দেওয়া", Approve "অনুমোদন", Lock "চূড়ান্ত করা", Supersede "প্রতিস্থাপন" }
    MilestoneStatus { Planned "পরিকল্পিত", Done "সম্পন্ন", Waived "ছাড় দেওয়া হয়েছে" }
    MilestoneCommand { Complete "সম্পন্ন করা", Reopen "পুনরায় খোলা", Waive "ছাড় দেওয়া" }
}

use MilestoneCommand as MC;
use MilestoneStatus as MS;
use PlanMove as PM;
use PlanStatus as PS;

/// Every move of a plan version.
pub const PLAN_LIFECYCLE: &[Move<PS, PM>] = &[
    Move {
        command: PM::Submit,
        from: &[PS::Draft],
        to: PS::Submitted,
        needs_reason: false,
        guard: "design, plan, a mandatory milestone with date and person, a budget, a risk; freezes and hashes the content",
    },
    Move {
        command: PM::Approve,
        from: &[PS::Submitted],
        to: PS::Locked,
        needs_reason: false,
        guard: "the pilot runs; an officer outside the team; progress of carried-over milestones travels along",
    },
    Move {
        command: PM::Lock,
        from: &[PS::Submitted],
        to: PS::Locked,
        needs_reason: false,
        guard: "gate 1 is passed; the hash still fits",
    },
    Move {
        command: PM::Supersede,
        from: &[PS::Submitted, PS::Locked],
        to: PS::Superseded,
        needs_reason: false,
        guard: "a later version was submitted, or put in force",
    },
];

/// Every move of a milestone.
pub const MILESTONE_LIFECYCLE: &[Move<MS, MC>] = &[
    Move {
        command: MC::Complete,
        from: &[MS::Planned],
        to: MS::Done,
        needs_reason: false,
        guard: "day and evidence; the plan is in force and the pilot runs",
    },
    Move {
        command: MC::Reopen,
        from: &[MS::Done, MS::Waived],
        to: MS::Planned,
        needs_reason: false,
        guard: "the pilot runs",
    },
    Move {
        command: MC::Waive,
        from: &[MS::Planned],
        to: MS::Waived,
        needs_reason: true,
        guard: "an officer outside the team",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::lifecycle::next;

    #[test]
    fn every_pair_is_decided_by_the_tables() {
        for &state in PS::ALL {
            for &command in PM::ALL {
                let listed = PLAN_LIFECYCLE.iter().any(|step| step.command == command && step.from.contains(&state));
                assert_eq!(next(PLAN_LIFECYCLE, state, command).is_ok(), listed);
            }
        }
        for &state in MS::ALL {
            for &command in MC::ALL {
                let listed =
                    MILESTONE_LIFECYCLE.iter().any(|step| step.command == command && step.from.contains(&state));
                assert_eq!(next(MILESTONE_LIFECYCLE, state, command).is_ok(), listed);
            }
        }
    }

    #[test]
    fn a_plan_never_becomes_a_draft_again() {
        assert!(PLAN_LIFECYCLE.iter().all(|step| step.to != PS::Draft));
    }
}
