//! A new fund, without capital.

use diesel::{RunQueryDsl, insert_into};

use super::{
    access::standing, content::FundContent, facts::FundFacts, rows::FundRow, status::FundStatus, view::FundView,
};
use crate::platform::{
    db::schema::funds,
    error::AppError,
    web::{Answer, Body, Call, Reply, Tx},
};

/// Create a fund.
///
/// It begins without capital; a finance officer puts that in by `add_fund_capital`.
#[utoipa::path(post, path = "/v1/funds", tag = "Funds", request_body = FundContent,
    responses((status = 201, description = "The fund.", body = FundView)))]
pub async fn create_fund(call: Call, body: Body) -> Answer {
    let content: FundContent = body.read(&call).await?;
    call.write(move |tx| run(tx, &content)).await
}

fn run(tx: &mut Tx<'_>, content: &FundContent) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let row = content.onto(FundRow {
        id: tx.new_id(),
        name_bn: None,
        name_en: None,
        description_bn: None,
        description_en: None,
        status: FundStatus::Active,
        status_reason: None,
        created_by: actor.user_id,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    });
    insert_into(funds::table).values(&row).execute(tx.conn)?;
    tx.audit("fund", row.id.as_str(), None, Some(&row))?;
    let standing = standing(tx.conn, Some(&actor), row.id)?;
    let view = FundView::new(row, &FundFacts::default(), &standing);
    Reply::created(format!("/v1/funds/{}", view.id), view.version, &view)
}
