//! Money of the fund for a round, and back.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    guards::check_can_allocate,
    store::{find_round, find_with_fund, save},
};
use crate::{
    features::funding::{
        amounts::more_than_nothing,
        awards::move_up,
        funds::{check_is_active, standing},
        ids::RoundId,
        ledger::{EntryKind, LedgerEntryView, Remark, Subject, post},
    },
    platform::{
        error::AppError,
        money::MoneyInput,
        text_enum::text_enum,
        web::{Answer, Body, Call, Reply, Tx},
    },
};

text_enum! {
    /// Which way the money goes.
    AllocationDirection {
        /// From the fund to the round.
        Allocate = "allocate",
        /// Back to the fund.
        Deallocate = "deallocate",
    }
}

/// How much, which way, and why.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "direction": "allocate", "amount": {"amount": "2000000.00", "currency": "BDT"}, "reason": "Decision of the board of 3 July."
}))]
pub struct AllocateToRoundRequest {
    /// Which way the money goes.
    #[schema(inline)]
    pub direction: AllocationDirection,
    /// How much; more than nothing.
    #[validate(custom(function = "more_than_nothing"))]
    pub amount: MoneyInput,
    /// Why.
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    pub reason: String,
}

/// Allocate money to a funding round.
///
/// Writes `allocate` or `deallocate` to the ledger; the round's version counts up. A fund gives no more than it has, a
/// round gives back no more than it has neither reserved nor committed. More money moves those up who wait for it, the
/// longest first. Asks for a login within the last 15 minutes.
#[utoipa::path(post, path = "/v1/funding-rounds/{round_id}/allocations", tag = "Funding rounds",
    request_body = AllocateToRoundRequest, extensions(("x-money-step" = json!(true))),
    responses((status = 201, description = "The line of the ledger.", body = LedgerEntryView)))]
pub async fn allocate_to_round(call: Call, body: Body) -> Answer {
    let id = call.id("round_id", RoundId::parse)?;
    call.look_before_step(move |connection, context| {
        let fund = find_round(connection, id)?.fund_id;
        context.permit("allocate_to_round", &standing(connection, context.actor.as_ref(), fund)?)?;
        context.check_recent_login()
    })
    .await?;
    let request: AllocateToRoundRequest = body.read(&call).await?;
    call.write_money(move |tx| run(tx, id, &request)).await
}

fn run(tx: &mut Tx<'_>, id: RoundId, request: &AllocateToRoundRequest) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let (before, fund) = find_with_fund(tx.conn, id)?;
    let standing = standing(tx.conn, Some(&actor), fund.id)?;
    tx.permit("allocate_to_round", &standing)?;
    tx.check_version(before.version)?;
    // What is left over goes back in every state, so that no taka is lost in a round that is put away.
    let kind = match request.direction {
        AllocationDirection::Allocate => {
            check_is_active(fund.status)?;
            check_can_allocate(&before)?;
            EntryKind::Allocate
        }
        AllocationDirection::Deallocate => EntryKind::Deallocate,
    };
    let remark = Remark { reason: Some(request.reason.clone()), ..Remark::default() };
    let line = post(tx, Subject::Round(fund.id, id), kind, request.amount.poisha(), remark)?;
    save(tx, "allocate_to_round", &before, before.clone())?;
    if kind == EntryKind::Allocate {
        move_up(tx, id)?;
    }
    Reply::created(format!("/v1/ledger-entries/{}", line.id), 1, &LedgerEntryView::from(line))
}
