//! Editing a report, as long as it has not been handed in or has come back.

use super::{
    access::{SeenReport, see_report},
    content::{ExpenditureReportContent, ExpenditureReportPatch},
    guards,
    rows::ExpenditureReportRow,
    store::save,
    view::ExpenditureReportView,
};
use crate::{
    features::funding::ids::ExpenditureReportId,
    platform::{
        db::json_list::JsonList,
        web::{Answer, Body, Call, Reply, body::apply_patch},
    },
};

/// Change an expenditure report.
///
/// A merge patch (RFC 7396): the lines are replaced as a whole. Only a draft, or a report that was sent back.
#[utoipa::path(patch, path = "/v1/expenditure-reports/{report_id}", tag = "Expenditure reports",
    request_body(content = ExpenditureReportPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The changed report.", body = ExpenditureReportView)))]
pub async fn update_expenditure_report(call: Call, body: Body) -> Answer {
    let id = call.id("report_id", ExpenditureReportId::parse)?;
    call.look(move |connection, context| {
        let seen = see_report(connection, context.actor.as_ref(), id)?;
        context.permit("update_expenditure_report", seen.standing())
    })
    .await?;
    let patch = body.read_patch::<ExpenditureReportPatch>(&call).await?;
    let state = call.state.clone();
    call.write(move |tx| {
        let actor = tx.actor()?.clone();
        let seen = see_report(tx.conn, Some(&actor), id)?;
        tx.permit("update_expenditure_report", seen.standing())?;
        tx.check_version(seen.row.version)?;
        guards::check_editable(&seen.row)?;
        let present = ExpenditureReportContent { lines: seen.row.lines.to_vec() };
        let content: ExpenditureReportContent = apply_patch(&state.schemas, &present, &patch)?;
        content.check(&seen.files)?;
        let changed =
            ExpenditureReportRow { total: content.total(), lines: JsonList::new(content.lines), ..seen.row.clone() };
        let row = save(tx, "update_expenditure_report", &seen.row, changed)?;
        Reply::record(row.version, &ExpenditureReportView::new(SeenReport { row, ..seen }, tx.now.day_in_dhaka()))
    })
    .await
}
