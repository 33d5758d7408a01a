//! One engine for every record that moves through statuses: a constant table and a pure look-up.

use crate::platform::error::{AppError, ErrorCode};

/// A line of a lifecycle: a command takes a record from one of some statuses to another.
#[derive(Debug)]
pub struct Move<S: 'static, C> {
    /// What is asked for.
    pub command: C,
    /// Where it is possible.
    pub from: &'static [S],
    /// Where it leads.
    pub to: S,
    /// Whether a reason must be given.
    pub needs_reason: bool,
    /// The conditions, in a sentence for the generated page.
    pub guard: &'static str,
}

/// A word for a status or a command.
pub trait Word: Copy + PartialEq + 'static {
    /// The word as the API spells it.
    fn word(self) -> &'static str;
}

/// The move that `command` makes from `state`.
///
/// # Errors
/// `TransitionNotAllowed`, naming the state and where the command would be possible.
pub fn next<S: Word, C: Word>(
    table: &'static [Move<S, C>],
    state: S,
    command: C,
) -> Result<&'static Move<S, C>, AppError> {
    let possible = table.iter().filter(|step| step.command == command);
    if let Some(step) = possible.clone().find(|step| step.from.contains(&state)) {
        return Ok(step);
    }
    let from: Vec<&str> = possible.flat_map(|step| step.from).map(|state| state.word()).collect();
    let (command, state, from) = (command.word(), state.word(), from.join(", "));
    Err(AppError::new(ErrorCode::TransitionNotAllowed).detail(
        format!("`{command}` is not possible in `{state}`; it is in: {from}."),
        format!("`{state}` অবস্থায় `{command}` সম্ভব নয়; সম্ভব: {from}।"),
    ))
}

/// The table as a page of documentation.
pub fn page<S: Word, C: Word>(title: &str, table: &'static [Move<S, C>]) -> String {
    let mut page = format!("# Lifecycle: {title}\n\nGenerated from the table in the code; a test keeps it true.\n\n");
    page.push_str("| Command | From | To | Reason | Guard and effect |\n|---|---|---|---|---|\n");
    for step in table {
        let from: Vec<&str> = step.from.iter().map(|state| state.word()).collect();
        let reason = if step.needs_reason { "required" } else { "" };
        page.push_str(&format!(
            "| `{}` | {} | {} | {reason} | {} |\n",
            step.command.word(),
            from.join(", "),
            step.to.word(),
            step.guard
        ));
    }
    page
}

/// Makes a [`text_enum!`](crate::platform::text_enum) usable in a lifecycle.
macro_rules! words {
    ($($name:ty),+) => {$(
        impl $crate::platform::lifecycle::Word for $name {
            fn word(self) -> &'static str { self.as_str() }
        }
    )+};
}
pub(crate) use words;
