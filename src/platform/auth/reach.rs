//! How far a credential reaches: which lines of the permission table the scopes of an API key leave open. It goes with
//! the caller wherever the table is asked, so what a key is refused is neither offered to it nor shown on the side.

use super::{Permission, ScopeNeed};
use crate::platform::error::AppError;

/// Room for so many lines of the table.
const WORDS: usize = 8;

/// The lines that are open, a bit each. By default, as for a person, all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach([u64; WORDS]);

impl Default for Reach {
    fn default() -> Self {
        Self([u64::MAX; WORDS])
    }
}

impl Reach {
    /// Whether the line of this action is open. For a key an action that is missing from the table is not.
    pub fn covers(self, table: &[Permission], action: &str) -> bool {
        self == Self::default() || table.iter().position(|line| line.action == action).is_some_and(|at| self.has(at))
    }

    /// Whether the line at this place is open.
    pub(super) fn has(self, line: usize) -> bool {
        self.0.get(line / 64).is_some_and(|word| (word >> (line % 64)) & 1 == 1)
    }
}

/// What each line of the permission table asks of a key, in the order of the lines.
#[derive(Debug)]
pub struct LineScopes(Vec<ScopeNeed>);

impl LineScopes {
    /// In the order of the lines.
    ///
    /// # Errors
    /// When the table has grown beyond what a [`Reach`] has room for.
    pub fn new(needs: Vec<ScopeNeed>) -> Result<Self, AppError> {
        if needs.len() > WORDS * 64 {
            return Err(AppError::internal("the permission table has too many lines for a Reach"));
        }
        Ok(Self(needs))
    }

    /// What a key with these scopes reaches.
    pub fn reach(&self, scopes: &[String]) -> Reach {
        let mut words = [0; WORDS];
        for (line, _) in self.0.iter().enumerate().filter(|(_, need)| need.is_met_by(scopes)) {
            if let Some(word) = words.get_mut(line / 64) {
                *word |= 1_u64 << (line % 64);
            }
        }
        Reach(words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::auth::Who;

    #[test]
    fn a_key_reaches_the_lines_of_its_scopes_and_a_person_all() {
        let line = |action| Permission { action, allowed: &[Who::LoggedIn], unless: &[] };
        let table: Vec<Permission> = (0..130).map(|_| line("other")).chain([line("get_plan"), line("login")]).collect();
        let mut needs = vec![ScopeNeed::Scope("pilots:read".into()); 130];
        needs.extend([ScopeNeed::Scope("plans:read".into()), ScopeNeed::Person]);
        let lines = LineScopes::new(needs).unwrap();
        let reach = lines.reach(&["plans:read".into()]);
        assert!(reach.covers(&table, "get_plan") && !reach.covers(&table, "other") && !reach.covers(&table, "login"));
        assert!(!reach.covers(&table, "nothing") && !lines.reach(&[]).covers(&table, "get_plan"));
        for action in ["other", "get_plan", "login", "nothing"] {
            assert!(Reach::default().covers(&table, action));
        }
        assert!(LineScopes::new(vec![ScopeNeed::None; 513]).is_err());
    }
}
