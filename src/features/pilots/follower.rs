//! What other slices do when a pilot changes, moves or goes: each registers one follower, so that the pilot knows none of them.

use super::{rows::PilotRow, status::PilotMove};
use crate::platform::{error::AppError, web::Tx};

/// What an action asks besides the pilot's row.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts {
    /// Similar pilots that stand in the way: not decided upon, or found to be the same and not merged.
    pub open_duplicates: i64,
    /// The owner's account is disabled, or the owner no longer works where the pilot is at home.
    pub owner_has_left: bool,
    /// It is being screened, and its screener's account is disabled, or they are no officer any more.
    pub screener_has_left: bool,
    /// The caller supports it.
    pub is_supported: bool,
}

/// A slice that acts when a pilot changes, moves or goes, in the same transaction.
pub trait Follower: Sync {
    /// Called after every change of the row, that of a move too.
    ///
    /// # Errors
    /// An error undoes the change.
    fn changed(&self, _tx: &mut Tx<'_>, _before: &PilotRow, _after: &PilotRow) -> Result<(), AppError> {
        Ok(())
    }

    /// Called before a draft is deleted.
    ///
    /// # Errors
    /// An error keeps it.
    fn deleting(&self, _tx: &mut Tx<'_>, _pilot: &PilotRow) -> Result<(), AppError> {
        Ok(())
    }

    /// Called after a move and its line of history are written.
    ///
    /// # Errors
    /// An error undoes the move.
    fn moved(&self, _tx: &mut Tx<'_>, _before: &PilotRow, _after: &PilotRow, _step: PilotMove) -> Result<(), AppError> {
        Ok(())
    }
}
