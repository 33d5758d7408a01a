//! A new report on a tranche: a draft of the pilot's team. Vouchers are attached to the draft and named in its lines.

use diesel::{RunQueryDsl, insert_into};

use super::{
    access::see_report, content::ExpenditureReportContent, guards, rows::ExpenditureReportRow, status::ReportStatus,
    view::ExpenditureReportView,
};
use crate::{
    features::funding::{
        ids::{ExpenditureReportId, TrancheId},
        tranches::see_tranche,
    },
    platform::{
        db::{json_list::JsonList, schema::expenditure_reports},
        error::AppError,
        web::{Answer, Body, Call, Reply, Tx},
    },
};

/// Begin an expenditure report.
///
/// One for each tranche, once it is paid. Attach the vouchers to the draft, name them in its lines, and hand it in.
#[utoipa::path(post, path = "/v1/tranches/{tranche_id}/expenditure-reports", tag = "Expenditure reports",
    request_body = ExpenditureReportContent,
    responses((status = 201, description = "The draft.", body = ExpenditureReportView)))]
pub async fn create_expenditure_report(call: Call, body: Body) -> Answer {
    let id = call.id("tranche_id", TrancheId::parse)?;
    call.look(move |connection, context| {
        let seen = see_tranche(connection, context.actor.as_ref(), id)?;
        context.permit("create_expenditure_report", &seen.agreement.seen.standing)
    })
    .await?;
    let content: ExpenditureReportContent = body.read(&call).await?;
    call.write(move |tx| run(tx, id, &content)).await
}

fn run(tx: &mut Tx<'_>, id: TrancheId, content: &ExpenditureReportContent) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let seen = see_tranche(tx.conn, Some(&actor), id)?;
    tx.permit("create_expenditure_report", &seen.agreement.seen.standing)?;
    let unmet = guards::unmet_for_beginning(&seen.account);
    if !unmet.is_empty() {
        return Err(AppError::conditions(unmet));
    }
    content.check(&[])?;
    let row = ExpenditureReportRow {
        id: tx.new_id::<ExpenditureReportId>(),
        tranche_id: id,
        request_id: seen.account.tranche.request_id,
        pilot_id: seen.account.tranche.pilot_id,
        status: ReportStatus::Draft,
        lines: JsonList::new(content.lines.clone()),
        total: content.total(),
        accepted: None,
        created_by: actor.user_id,
        submitted_by: None,
        submitted_at: None,
        checked_by: None,
        checked_at: None,
        accepted_by: None,
        accepted_at: None,
        status_reason: None,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    insert_into(expenditure_reports::table).values(&row).execute(tx.conn)?;
    tx.audit("expenditure_report", row.id.as_str(), None, Some(&row))?;
    let (location, version) = (format!("/v1/expenditure-reports/{}", row.id), row.version);
    let view = ExpenditureReportView::new(see_report(tx.conn, Some(&actor), row.id)?, tx.now.day_in_dhaka());
    Reply::created(location, version, &view)
}
