//! What may I do, and why not: every action on a pilot, and for a closed one each condition that fails.

use serde::Serialize;
use utoipa::ToSchema;

use super::{PilotId, actions, facts, see};
use crate::platform::{
    error::FieldError,
    text::Language,
    web::{Answer, Call, Reply},
};

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

impl ActionView {
    /// An action with what stands in its way.
    pub fn new(action: &str, obstacles: &[FieldError], language: Language) -> Self {
        let conditions = obstacles
            .iter()
            .map(|found| ObstacleView {
                code: found.code.to_owned(),
                detail: found.detail.in_language(language).into_owned(),
            })
            .collect();
        Self { action: action.to_owned(), allowed: obstacles.is_empty(), conditions }
    }
}

/// Explain what may be done to a pilot.
///
/// Every action, whether it is open to you now, and for a closed one each condition that fails.
#[utoipa::path(get, path = "/v1/pilots/{pilot_id}/actions", tag = "Pilots",
    responses((status = 200, description = "All actions.", body = ActionsView)))]
pub async fn get_pilot_actions(call: Call) -> Answer {
    let id = call.id("pilot_id", PilotId::parse)?;
    call.read(move |connection, context| {
        let seen = see(connection, context.actor.as_ref(), id)?;
        let facts = facts(connection, id)?;
        let items = actions::all()
            .map(|(name, line)| {
                ActionView::new(
                    name,
                    &actions::obstacles(name, &line, &seen.row, &seen.standing, &facts),
                    context.meta.language,
                )
            })
            .collect();
        Reply::ok(&ActionsView { items })
    })
    .await
}
