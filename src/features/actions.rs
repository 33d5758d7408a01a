//! What may be done to a record, and why the rest may not: what `GET …/actions` answers of every record with a state, and
//! `allowed_actions`, which are the names of the open ones.

use serde::Serialize;
use utoipa::ToSchema;

use super::permissions::PERMISSIONS;
use crate::platform::{
    auth::{Standing, can},
    error::{AppError, FieldError},
    text::Language,
};

/// An action on a record, and what closes it to one caller.
#[derive(Clone, Debug)]
pub struct Action {
    /// Its name.
    pub name: &'static str,
    /// Why it is closed; none when it is open.
    pub obstacles: Vec<FieldError>,
}

impl Action {
    /// An action that a line of the permission table closes, or the state, or both.
    pub fn new(name: &'static str, line: &str, standing: &Standing, state: Option<AppError>) -> Self {
        let person = can(PERMISSIONS, line, standing).err();
        Self { name, obstacles: person.into_iter().chain(state).flat_map(as_conditions).collect() }
    }

    /// The same with its conditions, which are asked for while nothing else closes it.
    #[must_use]
    pub fn needing(mut self, unmet: impl FnOnce() -> Vec<FieldError>) -> Self {
        if self.is_open() {
            self.obstacles = unmet();
        }
        self
    }

    /// Whether the caller may do it now.
    pub fn is_open(&self) -> bool {
        self.obstacles.is_empty()
    }
}

/// A refusal as what closes an action: the conditions that it lists, or itself.
pub fn as_conditions(refusal: AppError) -> Vec<FieldError> {
    if refusal.errors.is_empty() {
        vec![FieldError::condition(refusal.code.as_str(), refusal.sentence())]
    } else {
        refusal.errors
    }
}

/// The names of the open ones.
pub fn open(actions: impl IntoIterator<Item = Action>) -> Vec<String> {
    actions.into_iter().filter(Action::is_open).map(|action| action.name.to_owned()).collect()
}

/// All actions on a record.
#[derive(Serialize, ToSchema)]
pub struct ActionsView {
    /// One entry an action.
    #[schema(max_items = 50)]
    pub items: Vec<ActionView>,
}

/// An action and whether it is open to the caller.
#[derive(Serialize, ToSchema)]
pub struct ActionView {
    /// Its name, as `allowed_actions` and transitions spell it.
    #[schema(max_length = 60, example = "submit")]
    pub action: String,
    /// Whether the caller may do it now.
    pub allowed: bool,
    /// Why not; empty when allowed.
    #[schema(max_items = 50)]
    pub conditions: Vec<ObstacleView>,
}

/// A condition that fails.
#[derive(Serialize, ToSchema)]
pub struct ObstacleView {
    /// The word to switch on.
    #[schema(max_length = 60, example = "place_missing")]
    pub code: String,
    /// The same in a sentence, in the language of `Accept-Language`.
    #[schema(max_length = 2000, example = "The place is missing: name at least one district.")]
    pub detail: String,
}

impl ActionsView {
    /// These actions, with their sentences in a language.
    pub fn new(actions: impl IntoIterator<Item = Action>, language: Language) -> Self {
        let obstacle = |found: &FieldError| ObstacleView {
            code: found.code.to_owned(),
            detail: found.detail.in_language(language).into_owned(),
        };
        let view = |action: Action| ActionView {
            action: action.name.to_owned(),
            allowed: action.is_open(),
            conditions: action.obstacles.iter().map(obstacle).collect(),
        };
        Self { items: actions.into_iter().map(view).collect() }
    }
}
