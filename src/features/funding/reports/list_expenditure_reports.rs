//! The reports on a request's tranches, oldest first.

use std::sync::Arc;

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{access::SeenReport, rows::ExpenditureReportRow, view::ExpenditureReportView};
use crate::{
    features::{
        attachments::{ParentKind, present},
        funding::{
            ids::FundingRequestId,
            requests::see_request,
            tranches::{Account, Agreement, SeenTranche, sees_money},
        },
    },
    platform::{
        db::schema::expenditure_reports,
        web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
    },
};

page_query! {
    /// Which part of the reports.
    ListExpenditureReportsQuery {}
}

page_view! {
    /// A page of expenditure reports, oldest first.
    ExpenditureReportPage of ExpenditureReportView
}

/// List the expenditure reports of a funding request.
///
/// For the pilot's team and staff, oldest first.
#[utoipa::path(get, path = "/v1/funding-requests/{request_id}/expenditure-reports", tag = "Expenditure reports",
    params(ListExpenditureReportsQuery),
    responses((status = 200, description = "A page of reports.", body = ExpenditureReportPage)))]
pub async fn list_expenditure_reports(call: Call) -> Answer {
    let id = call.id("request_id", FundingRequestId::parse)?;
    let query: ListExpenditureReportsQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        let seen = see_request(connection, context.actor.as_ref(), id)?;
        context.permit("list_expenditure_reports", &seen.standing)?;
        let reader = context.user()?.user_id;
        let is_open = sees_money(&seen);
        let agreement = Arc::new(Agreement::of(connection, seen)?);
        let of_requests = Some(id).filter(|_| is_open);
        let matching =
            expenditure_reports::table.filter(expenditure_reports::request_id.eq_any(of_requests.as_slice()));
        let mut rows = matching
            .clone()
            .order(expenditure_reports::id)
            .limit(slice.fetch())
            .select(ExpenditureReportRow::as_select())
            .into_boxed();
        if let Some(after) = slice.after_id() {
            rows = rows.filter(expenditure_reports::id.gt(after));
        }
        let rows: Vec<ExpenditureReportRow> = rows.load(connection)?;
        let total =
            slice.total(|most| matching.select(expenditure_reports::id).limit(most).load::<String>(connection))?;
        let ids: Vec<String> = rows.iter().map(|row| row.id.to_string()).collect();
        let files = present(connection, ParentKind::ExpenditureReport, &ids)?;
        let of_tranche = |row: &ExpenditureReportRow| -> Option<&Account> {
            agreement.accounts.iter().find(|account| account.tranche.id == row.tranche_id)
        };
        let reports: Vec<SeenReport> = rows
            .into_iter()
            .filter_map(|row| {
                let account = of_tranche(&row)?.clone();
                let of_report = |(parent, file): &(String, _)| (*parent == row.id.to_string()).then_some(*file);
                let files = files.iter().filter_map(of_report).collect();
                Some(SeenReport {
                    tranche: SeenTranche { agreement: Arc::clone(&agreement), account },
                    files,
                    reader,
                    row,
                })
            })
            .collect();
        let today = context.now().day_in_dhaka();
        ExpenditureReportPage::reply(
            context,
            &slice,
            reports,
            total,
            |seen| Cursor { key: String::new(), id: seen.row.id.to_string() },
            |seen| ExpenditureReportView::new(seen, today),
        )
    })
    .await
}
