//! Deleting a draft; what was handed in stays for ever. Its files go with it.

use diesel::{QueryDsl, RunQueryDsl, delete};

use super::{access::see_report, guards, rows::ExpenditureReportRow};
use crate::{
    features::funding::ids::ExpenditureReportId,
    platform::{
        db::schema::expenditure_reports,
        web::{Answer, Body, Call, Reply},
    },
};

/// Delete a draft of an expenditure report.
///
/// Only a draft that was never submitted.
#[utoipa::path(delete, path = "/v1/expenditure-reports/{report_id}", tag = "Expenditure reports",
    responses((status = 204, description = "It is gone.")))]
pub async fn delete_expenditure_report(call: Call, body: Body) -> Answer {
    let id = call.id("report_id", ExpenditureReportId::parse)?;
    call.look(move |connection, context| {
        let seen = see_report(connection, context.actor.as_ref(), id)?;
        context.permit("delete_expenditure_report", seen.standing())
    })
    .await?;
    body.expect_nothing(&call).await?;
    call.write(move |tx| {
        let actor = tx.actor()?.clone();
        let seen = see_report(tx.conn, Some(&actor), id)?;
        tx.permit("delete_expenditure_report", seen.standing())?;
        tx.check_version(seen.row.version)?;
        guards::check_deletable(&seen.row)?;
        delete(expenditure_reports::table.find(id)).execute(tx.conn)?;
        tx.audit::<ExpenditureReportRow>("expenditure_report", id.as_str(), Some(&seen.row), None)?;
        Ok(Reply::no_content())
    })
    .await
}
