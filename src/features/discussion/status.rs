//! The lifecycle of a comment.

use crate::platform::{
    lifecycle::{Move, words},
    text_enum::text_enum,
};

text_enum! {
    /// Where a comment stands.
    CommentStatus {
        /// It is read.
        Visible = "visible",
        /// Its author took it back; its text is gone.
        Retracted = "retracted",
        /// An officer took it out of sight.
        Hidden = "hidden",
    }
}

text_enum! {
    /// What can be asked of a comment.
    CommentCommand {
        /// Take one's own comment back; its text is erased.
        Retract = "retract",
        /// Take it out of sight; reason.
        Hide = "hide",
        /// Bring it back into sight.
        Show = "show",
    }
}

words! {
    CommentStatus { Visible "দৃশ্যমান", Retracted "ফিরিয়ে নেওয়া হয়েছে", Hidden "আড়াল করা হয়েছে" }
    CommentCommand { Retract "ফিরিয়ে নেওয়া", Hide "আড়াল করা", Show "দেখানো" }
}

use CommentCommand as C;
use CommentStatus as S;

/// Every move that a comment can make.
pub const LIFECYCLE: &[Move<S, C>] = &[
    Move {
        command: C::Retract,
        from: &[S::Visible],
        to: S::Retracted,
        needs_reason: false,
        guard: "its author; the text is erased",
    },
    Move {
        command: C::Hide,
        from: &[S::Visible],
        to: S::Hidden,
        needs_reason: true,
        guard: "its author and staff still read it",
    },
    Move { command: C::Show, from: &[S::Hidden], to: S::Visible, needs_reason: false, guard: "" },
];

impl CommentCommand {
    /// Its line of the permission table.
    pub const fn line(self) -> &'static str {
        match self {
            Self::Retract => "transition_pilot_comment.retract",
            Self::Hide => "transition_pilot_comment.hide",
            Self::Show => "transition_pilot_comment.show",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
                (S::Visible, C::Retract, S::Retracted),
                (S::Visible, C::Hide, S::Hidden),
                (S::Hidden, C::Show, S::Visible)
            ]
        );
        assert!(C::ALL.iter().all(|command| PERMISSIONS.iter().any(|line| line.action == command.line())));
    }
}
