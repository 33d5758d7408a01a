//! The Sustainable Development Goals.

use super::codes::{self, CodePatch, ListCodesQuery, Scheme, code_view};
use crate::platform::web::{Answer, Body, Call};

code_view! {
    /// A Sustainable Development Goal of the United Nations.
    SdgGoalView, SdgGoalPage, "1"
}

/// List Sustainable Development Goals.
///
/// In their customary order.
#[utoipa::path(get, path = "/v1/sdg-goals", tag = "Reference", params(ListCodesQuery),
    responses((status = 200, description = "A page of Sustainable Development Goals.", body = SdgGoalPage)))]
pub async fn list_sdg_goals(call: Call) -> Answer {
    let query: ListCodesQuery = call.query()?;
    codes::list::<SdgGoalPage>(call, query.page(), Scheme::SdgGoal, None).await
}

/// Read a Sustainable Development Goal.
///
/// By its code.
#[utoipa::path(get, path = "/v1/sdg-goals/{goal_code}", tag = "Reference",
    responses((status = 200, description = "The Sustainable Development Goal.", body = SdgGoalView)))]
pub async fn get_sdg_goal(call: Call) -> Answer {
    codes::get::<SdgGoalView>(call, Scheme::SdgGoal, "goal_code").await
}

/// Change a Sustainable Development Goal.
///
/// Its name, and whether it is offered for new records; the code never changes.
#[utoipa::path(patch, path = "/v1/sdg-goals/{goal_code}", tag = "Reference", request_body = CodePatch,
    responses((status = 200, description = "The Sustainable Development Goal as it is now.", body = SdgGoalView)))]
pub async fn update_sdg_goal(call: Call, body: Body) -> Answer {
    codes::update::<SdgGoalView>(call, body, Scheme::SdgGoal, "goal_code").await
}
