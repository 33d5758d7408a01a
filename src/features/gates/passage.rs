//! What a gate does to a pilot: when it is at hand, and how a pilot goes through.

use super::Gate;
use crate::{
    features::{
        pilots::{
            self, PilotRow,
            status::{LIFECYCLE, PilotMove},
        },
        plans,
    },
    platform::{error::AppError, lifecycle::next, web::Tx},
};

impl Gate {
    /// The move of a pilot that goes through.
    pub const fn as_move(self) -> PilotMove {
        match self {
            Self::Execution => PilotMove::StartExecution,
            Self::Celebration => PilotMove::Complete,
        }
    }

    /// Whether a pilot has been through.
    pub const fn is_passed(self, pilot: &PilotRow) -> bool {
        match self {
            Self::Execution => pilot.execution_at.is_some(),
            Self::Celebration => pilot.completed_at.is_some(),
        }
    }

    /// Makes sure that the pilot stands before this gate; its own lifecycle says where that is.
    ///
    /// # Errors
    /// `TransitionNotAllowed`.
    pub fn check_at_hand(self, pilot: &PilotRow) -> Result<(), AppError> {
        next(LIFECYCLE, pilot.status, self.as_move()).map(|_| ())
    }
}

/// Lets a pilot through; gate 1 fixes the plan that it is carried out by.
///
/// # Errors
/// `TransitionNotAllowed`; those of locking the plan and of the database.
pub fn pass(
    tx: &mut Tx<'_>,
    action: &str,
    pilot: &PilotRow,
    gate: Gate,
    reason: Option<&str>,
) -> Result<PilotRow, AppError> {
    if gate == Gate::Execution {
        plans::lock_current(tx, pilot)?;
    }
    pilots::advance(tx, action, pilot, pilot.clone(), gate.as_move(), None, reason)
}
