//! The targets of the Sustainable Development Goals.

use super::codes::{self, CodePatch, Scheme, code_view};
use crate::platform::web::{Answer, Body, Call, page_query};

code_view! {
    /// A target of a Sustainable Development Goal.
    SdgTargetView, SdgTargetPage, "1.1",
    /// The goal it belongs to.
    goal_code
}

page_query! {
    /// Which of them.
    ListSdgTargetsQuery {
        /// Only those of this goal.
        #[param(min_length = 1, max_length = 60)]
        goal: Option<String>,
    }
}

/// List targets of the Sustainable Development Goals.
///
/// In their customary order.
#[utoipa::path(get, path = "/v1/sdg-targets", tag = "Reference", params(ListSdgTargetsQuery),
    responses((status = 200, description = "A page of targets of the Sustainable Development Goals.", body = SdgTargetPage)))]
pub async fn list_sdg_targets(call: Call) -> Answer {
    let query: ListSdgTargetsQuery = call.query()?;
    let page = query.page();
    codes::list::<SdgTargetPage>(call, page, Scheme::SdgTarget, query.goal).await
}

/// Read a target of the Sustainable Development Goals.
///
/// By its code.
#[utoipa::path(get, path = "/v1/sdg-targets/{target_code}", tag = "Reference",
    responses((status = 200, description = "The target of the Sustainable Development Goals.", body = SdgTargetView)))]
pub async fn get_sdg_target(call: Call) -> Answer {
    codes::get::<SdgTargetView>(call, Scheme::SdgTarget, "target_code").await
}

/// Change a target of the Sustainable Development Goals.
///
/// Its name, and whether it is offered for new records; the code never changes.
#[utoipa::path(patch, path = "/v1/sdg-targets/{target_code}", tag = "Reference", request_body = CodePatch,
    responses((status = 200, description = "The target of the Sustainable Development Goals as it is now.", body = SdgTargetView)))]
pub async fn update_sdg_target(call: Call, body: Body) -> Answer {
    codes::update::<SdgTargetView>(call, body, Scheme::SdgTarget, "target_code").await
}
