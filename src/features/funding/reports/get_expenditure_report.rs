//! Reading one report.

use super::{access::see_report, view::ExpenditureReportView};
use crate::{
    features::funding::ids::ExpenditureReportId,
    platform::web::{Answer, Call, Reply},
};

/// Read an expenditure report.
///
/// For the pilot's team and staff.
#[utoipa::path(get, path = "/v1/expenditure-reports/{report_id}", tag = "Expenditure reports",
    responses((status = 200, description = "The report.", body = ExpenditureReportView)))]
pub async fn get_expenditure_report(call: Call) -> Answer {
    let id = call.id("report_id", ExpenditureReportId::parse)?;
    call.read(move |connection, context| {
        let seen = see_report(connection, context.actor.as_ref(), id)?;
        context.permit("get_expenditure_report", seen.standing())?;
        let view = ExpenditureReportView::new(seen, context.now().day_in_dhaka());
        Reply::record(view.version, &view)
    })
    .await
}
