//! What may I do to a report, and why not.

use super::{access::see_report, guards::actions};
use crate::{
    features::{actions::ActionsView, funding::ids::ExpenditureReportId},
    platform::web::{Answer, Call, Reply},
};

/// Explain what may be done to an expenditure report.
///
/// Every action, whether it is open to you now, and for a closed one each condition that fails.
#[utoipa::path(get, path = "/v1/expenditure-reports/{report_id}/actions", tag = "Expenditure reports",
    responses((status = 200, description = "All actions.", body = ActionsView)))]
pub async fn get_expenditure_report_actions(call: Call) -> Answer {
    let id = call.id("report_id", ExpenditureReportId::parse)?;
    call.read(move |connection, context| {
        let seen = see_report(connection, context.actor.as_ref(), id)?;
        context.permit("get_expenditure_report_actions", seen.standing())?;
        Reply::ok(&ActionsView::new(actions(&seen, context.now().day_in_dhaka()), context.meta.language))
    })
    .await
}
