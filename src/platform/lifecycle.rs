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

    /// What Bangla sentences call it.
    fn bangla(self) -> &'static str;
}

/// Several words as a Bangla sentence lists them.
pub fn bangla_list<W: Word>(words: impl IntoIterator<Item = W>) -> String {
    words.into_iter().map(|word| format!("‘{}’", word.bangla())).collect::<Vec<_>>().join(", ")
}

/// The move that `command` makes from `state`, if it makes one.
pub fn find<S: Word, C: Word>(table: &'static [Move<S, C>], state: S, command: C) -> Option<&'static Move<S, C>> {
    table.iter().find(|step| step.command == command && step.from.contains(&state))
}

/// The same for those who have to be told why not.
///
/// # Errors
/// `TransitionNotAllowed`, naming the state and where the command would be possible.
pub fn next<S: Word, C: Word>(
    table: &'static [Move<S, C>],
    state: S,
    command: C,
) -> Result<&'static Move<S, C>, AppError> {
    if let Some(step) = find(table, state, command) {
        return Ok(step);
    }
    let possible = table.iter().filter(|step| step.command == command);
    let from: Vec<S> = possible.flat_map(|step| step.from).copied().collect();
    let words: Vec<&str> = from.iter().map(|state| state.word()).collect();
    Err(AppError::new(ErrorCode::TransitionNotAllowed).detail(
        format!("`{}` is not possible in `{}`; it is in: {}.", command.word(), state.word(), words.join(", ")),
        format!("‘{}’ অবস্থায় ‘{}’ সম্ভব নয়; সম্ভব: {}।", state.bangla(), command.bangla(), bangla_list(from)),
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

/// Makes a [`text_enum!`](crate::platform::text_enum) usable in a lifecycle, by what Bangla calls each of its values.
macro_rules! words {
    ($($name:ident { $($variant:ident $bangla:literal),+ $(,)? })+) => {$(
        impl $crate::platform::lifecycle::Word for $name {
            fn word(self) -> &'static str { self.as_str() }

            fn bangla(self) -> &'static str { match self { $(Self::$variant => $bangla,)+ } }
        }
    )+};
}
pub(crate) use words;
