//! Capital for a fund: the first line of every taka.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    access::standing,
    guards::check_is_active,
    rows::{find_fund, save},
};
use crate::{
    features::funding::{
        amounts::more_than_nothing,
        ids::FundId,
        ledger::{EntryKind, LedgerEntryView, Remark, Subject, post},
    },
    platform::{
        error::AppError,
        money::MoneyInput,
        web::{Answer, Body, Call, Reply, Tx},
    },
};

/// How much, and why.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "amount": {"amount": "5000000.00", "currency": "BDT"}, "reason": "Budget of 2026-27, first quarter.",
    "payment_reference": "TR-2026-0117"
}))]
pub struct AddFundCapitalRequest {
    /// How much; more than nothing.
    #[validate(custom(function = "more_than_nothing"))]
    pub amount: MoneyInput,
    /// Why.
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    pub reason: String,
    /// What the payment is called at the bank or treasury.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 100, pattern = r"\S")]
    pub payment_reference: Option<String>,
}

/// Add capital to a fund.
///
/// Writes `capital_in` to the ledger; the fund's version counts up. Asks for a login within the last 15 minutes.
#[utoipa::path(post, path = "/v1/funds/{fund_id}/capital", tag = "Funds", request_body = AddFundCapitalRequest,
    extensions(("x-money-step" = json!(true))),
    responses((status = 201, description = "The line of the ledger.", body = LedgerEntryView)))]
pub async fn add_fund_capital(call: Call, body: Body) -> Answer {
    let id = call.id("fund_id", FundId::parse)?;
    call.look_before_step(move |connection, context| {
        find_fund(connection, id)?;
        context.permit("add_fund_capital", &standing(connection, context.actor.as_ref(), id)?)?;
        context.check_recent_login()
    })
    .await?;
    let request: AddFundCapitalRequest = body.read(&call).await?;
    call.write_money(move |tx| run(tx, id, &request)).await
}

fn run(tx: &mut Tx<'_>, id: FundId, request: &AddFundCapitalRequest) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let standing = standing(tx.conn, Some(&actor), id)?;
    let before = find_fund(tx.conn, id)?;
    tx.permit("add_fund_capital", &standing)?;
    tx.check_version(before.version)?;
    check_is_active(before.status)?;
    let remark = Remark {
        reason: Some(request.reason.clone()),
        payment_reference: request.payment_reference.clone(),
        ..Remark::default()
    };
    let line = post(tx, Subject::Fund(id), EntryKind::CapitalIn, request.amount.poisha(), remark)?;
    save(tx, "add_fund_capital", &before, before.clone())?;
    Reply::created(format!("/v1/ledger-entries/{}", line.id), 1, &LedgerEntryView::from(line))
}
