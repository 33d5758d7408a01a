//! What the checks of a request's eligibility found, oldest first.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    access::{SeenRequest, see_request},
    rows::EligibilityResultRow,
};
use crate::{
    features::funding::ids::{EligibilityResultId, FundingRequestId},
    platform::{
        clock::Timestamp,
        db::schema::eligibility_results,
        ids::UserId,
        text::LocalizedText,
        web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
    },
};

page_query! {
    /// Which part of the results.
    ListEligibilityResultsQuery {}
}

/// What one rule said of a request in one check.
#[derive(Serialize, ToSchema)]
pub struct EligibilityResultView {
    /// Its identifier.
    pub id: EligibilityResultId,
    /// Which check, from 1; the latest counts.
    #[schema(minimum = 1)]
    pub check_number: i32,
    /// The rule's code.
    #[schema(max_length = 40, example = "co_funding")]
    pub rule: String,
    /// Whether it is fulfilled.
    pub is_met: bool,
    /// Why.
    pub reason: LocalizedText,
    /// Who checked; null to the applicant.
    pub decided_by: Option<UserId>,
    /// When.
    pub created_at: Timestamp,
}

impl EligibilityResultView {
    /// The result as this caller sees it.
    pub fn new(row: EligibilityResultRow, seen: &SeenRequest) -> Self {
        Self {
            id: row.id,
            check_number: row.check_number,
            rule: row.rule_code,
            is_met: row.is_met,
            reason: LocalizedText::new(row.reason_bn, row.reason_en),
            decided_by: Some(row.decided_by).filter(|_| !seen.standing.team),
            created_at: row.created_at,
        }
    }
}

page_view! {
    /// A page of results, oldest first.
    EligibilityResultPage of EligibilityResultView
}

/// List what the checks of eligibility found.
///
/// Every result of every check, oldest first. Whoever sees the request sees them.
#[utoipa::path(get, path = "/v1/funding-requests/{request_id}/eligibility-results", tag = "Funding requests",
    params(ListEligibilityResultsQuery),
    responses((status = 200, description = "A page of results.", body = EligibilityResultPage)))]
pub async fn list_eligibility_results(call: Call) -> Answer {
    let id = call.id("request_id", FundingRequestId::parse)?;
    let query: ListEligibilityResultsQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        let seen = see_request(connection, context.actor.as_ref(), id)?;
        seen.check_file_open()?;
        let all = eligibility_results::table.filter(eligibility_results::request_id.eq(id));
        let mut rows = all
            .order(eligibility_results::id)
            .limit(slice.fetch())
            .select(EligibilityResultRow::as_select())
            .into_boxed();
        if let Some(after) = slice.after_id() {
            rows = rows.filter(eligibility_results::id.gt(after));
        }
        let rows: Vec<EligibilityResultRow> = rows.load(connection)?;
        let total = slice
            .total(|most| all.select(eligibility_results::id).limit(most).load::<EligibilityResultId>(connection))?;
        EligibilityResultPage::reply(
            context,
            &slice,
            rows,
            total,
            |row| Cursor { key: String::new(), id: row.id.to_string() },
            |row| EligibilityResultView::new(row, &seen),
        )
    })
    .await
}
