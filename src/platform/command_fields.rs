//! The fields that stand beside a command in its body: which one it needs, and which it has no use for. A field that would
//! be passed over is refused, since whoever sent it meant something by it.

use crate::platform::error::{AppError, FieldError};

/// What a command does with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// It cannot do without.
    Needed,
    /// It takes it.
    Possible,
    /// It has none.
    Useless,
}

impl Use {
    /// Needed by some commands, and of no use to the others.
    pub const fn only_if(is_needed: bool) -> Self {
        if is_needed { Self::Needed } else { Self::Useless }
    }

    /// Needed by some commands, and taken by all.
    pub const fn always_and(is_needed: bool) -> Self {
        if is_needed { Self::Needed } else { Self::Possible }
    }
}

/// What is wrong with the fields of a command, each by its pointer, whether it was sent, and what it is for: all at once.
pub fn misplaced(fields: impl IntoIterator<Item = (&'static str, bool, Use)>) -> Vec<FieldError> {
    fields
        .into_iter()
        .filter_map(|(pointer, is_there, of_use)| match (is_there, of_use) {
            (false, Use::Needed) => Some(FieldError::body(
                pointer,
                "required",
                "This action needs this field.",
                "এই কাজের জন্য এই ঘরটি আবশ্যক।",
            )),
            (true, Use::Useless) => Some(FieldError::body(
                pointer,
                "unexpected",
                "This action has no use for this field.",
                "এই কাজে এই ঘরটি লাগে না।",
            )),
            _ => None,
        })
        .collect()
}

/// The same for a command whose fields can be wrong in no other way.
///
/// # Errors
/// `ValidationFailed`.
pub fn check(fields: impl IntoIterator<Item = (&'static str, bool, Use)>) -> Result<(), AppError> {
    let wrong = misplaced(fields);
    if wrong.is_empty() { Ok(()) } else { Err(AppError::validation(wrong)) }
}
