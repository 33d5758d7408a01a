//! A new round of a fund, announced.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, dsl::max, insert_into};

use super::{
    content::FundingRoundContent, facts::RoundFacts, rows::RoundRow, status::RoundStatus, view::FundingRoundView,
};
use crate::{
    features::funding::{
        funds::{check_is_active, find_fund, standing},
        ids::FundId,
    },
    platform::{
        db::{json_list::JsonList, schema::funding_rounds},
        error::{AppError, Cause, DatabaseIntent, ErrorCode},
        web::{Answer, Body, Call, Reply, Tx},
    },
};

/// Create a funding round.
///
/// It begins in `forecast`, where its rules can still change, and has no money yet: see `allocate_to_round`. Its number
/// is the next one of its fund.
#[utoipa::path(post, path = "/v1/funds/{fund_id}/rounds", tag = "Funding rounds", request_body = FundingRoundContent,
    responses((status = 201, description = "The round.", body = FundingRoundView)))]
pub async fn create_funding_round(call: Call, body: Body) -> Answer {
    let id = call.id("fund_id", FundId::parse)?;
    call.look(move |connection, context| {
        find_fund(connection, id)?;
        context.permit("create_funding_round", &standing(connection, context.actor.as_ref(), id)?)
    })
    .await?;
    let content: FundingRoundContent = body.read(&call).await?;
    call.write(move |tx| run(tx, id, &content)).await
}

fn run(tx: &mut Tx<'_>, fund: FundId, content: &FundingRoundContent) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let standing = standing(tx.conn, Some(&actor), fund)?;
    tx.permit("create_funding_round", &standing)?;
    check_is_active(find_fund(tx.conn, fund)?.status)?;
    let last: Option<i32> = funding_rounds::table
        .filter(funding_rounds::fund_id.eq(fund))
        .select(max(funding_rounds::number))
        .first(tx.conn)?;
    let row = content.onto(RoundRow {
        id: tx.new_id(),
        fund_id: fund,
        number: last.unwrap_or(0) + 1,
        theme_bn: None,
        theme_en: None,
        description_bn: None,
        description_en: None,
        status: RoundStatus::Forecast,
        opens_at: content.opens_at,
        closes_at: content.closes_at,
        is_sealed: content.is_sealed,
        smallest_award: 0,
        largest_award: 0,
        two_approvers_above: 0,
        minimum_reviewers: 0,
        panel_quorum: 0,
        spread_threshold: 0,
        rubric: JsonList::new(Vec::new()),
        eligibility_rules: JsonList::new(Vec::new()),
        minimum_utilisation: 0,
        most_tranches: 0,
        agreement_within_days: 0,
        release_on: content.release_on,
        released_at: None,
        released_by: None,
        created_by: actor.user_id,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    });
    // Two that take the same number: one of them has lost, and counts anew.
    let lost = AppError {
        cause: Cause::Retry("another round took the number".into()),
        ..AppError::new(ErrorCode::Overloaded).retry_after(1)
    };
    insert_into(funding_rounds::table).values(&row).execute(tx.conn).or_conflict(lost)?;
    tx.audit("funding_round", row.id.as_str(), None, Some(&row))?;
    let view =
        FundingRoundView::new(row, RoundFacts { is_fund_active: true, ..RoundFacts::default() }, &standing, tx.now);
    Reply::created(format!("/v1/funding-rounds/{}", view.id), view.version, &view)
}
