//! Ending an agreement early: what is not paid is free again, what is paid and not proven is to be recovered.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    access::{Agreement, see_agreement},
    account::Account,
    store::cancel_unpaid,
};
use crate::{
    features::funding::{
        awards::{move_up, release_commitment},
        ids::{FundingRequestId, TrancheId},
        ledger::{Remark, Subject, totals},
        requests::{By, FundingRequestRow, RequestMove, RequestStatus, advance, see_request, status::LIFECYCLE},
    },
    platform::{
        error::AppError,
        lifecycle::next,
        money::Money,
        web::{Answer, Body, Call, Reply, Tx},
    },
};

/// Why an agreement ends early.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "The office was merged into another one."}))]
pub struct TerminateFundingRequestRequest {
    /// Why; the team reads it.
    #[schema(min_length = 1, max_length = 5000, pattern = r"\S")]
    pub reason: String,
}

/// How a funding request ended.
#[derive(Serialize, ToSchema)]
pub struct FundingEndView {
    /// Which funding request.
    pub funding_request_id: FundingRequestId,
    /// Where it stands.
    #[schema(inline)]
    pub status: RequestStatus,
    /// What was promised and not paid: free again.
    pub released: Money,
    /// The tranches that will not be paid.
    #[schema(max_items = 20)]
    pub cancelled_tranches: Vec<TrancheId>,
    /// What was paid and is neither accepted as spent nor back.
    pub to_recover: Money,
    /// Its version; the `ETag`.
    #[schema(minimum = 1)]
    pub version: i64,
}

/// Terminate a funding request.
///
/// From the signed agreement on. What is not paid is free again and goes to who waits longest; unpaid tranches are
/// cancelled. What is paid and not proven stays to be recovered: reports and refunds are still recorded. `If-Match` names
/// the version of the funding request.
#[utoipa::path(post, path = "/v1/funding-requests/{request_id}/termination", tag = "Tranches",
    request_body = TerminateFundingRequestRequest, extensions(("x-money-step" = json!(true))),
    responses((status = 200, description = "How it ended.", body = FundingEndView)))]
pub async fn terminate_funding_request(call: Call, body: Body) -> Answer {
    let id = call.id("request_id", FundingRequestId::parse)?;
    call.look_before_step(move |connection, context| {
        let seen = see_request(connection, context.actor.as_ref(), id)?;
        context.permit("terminate_funding_request", &seen.standing)?;
        context.check_recent_login()
    })
    .await?;
    let request: TerminateFundingRequestRequest = body.read(&call).await?;
    call.write_money(move |tx| run(tx, id, &request)).await
}

fn run(tx: &mut Tx<'_>, id: FundingRequestId, request: &TerminateFundingRequestRequest) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let seen = see_request(tx.conn, Some(&actor), id)?;
    tx.permit("terminate_funding_request", &seen.standing)?;
    tx.check_version(seen.row.version)?;
    next(LIFECYCLE, seen.told_status(), RequestMove::Terminate)?;
    let accounts = see_agreement(tx.conn, Some(&actor), id)?.accounts;
    let remark = Remark { reason: Some(request.reason.clone()), ..Remark::default() };
    let end = end(tx, "terminate_funding_request", &seen.row, &accounts, RequestMove::Terminate, By::Caller, remark)?;
    move_up(tx, seen.row.round_id)?;
    Reply::record(end.version, &end)
}

/// Ends a request to which money is committed: cancels what is not paid and lets go of it. Whoever calls it lets those who
/// wait move up afterwards.
///
/// # Errors
/// Those of `requests::advance` and `ledger::post`.
pub fn end(
    tx: &mut Tx<'_>,
    action: &str,
    row: &FundingRequestRow,
    accounts: &[Account],
    step: RequestMove,
    by: By,
    remark: Remark,
) -> Result<FundingEndView, AppError> {
    let reason = remark.reason.clone().unwrap_or_default();
    let released = totals(tx.conn, Subject::Request(row.fund_id, row.round_id, row.id))?.unpaid();
    release_commitment(tx, row, remark)?;
    let cancelled = cancel_unpaid(tx, accounts, by, &reason)?;
    let decision_reason = Some(reason.clone()).filter(|reason| !reason.is_empty()).or(row.decision_reason.clone());
    let prepared = FundingRequestRow { decision_reason, ..row.clone() };
    let after =
        advance(tx, action, row, prepared, step, by, Some(&reason).filter(|it| !it.is_empty()).map(String::as_str))?;
    Ok(FundingEndView {
        funding_request_id: row.id,
        status: after.status,
        released: Money::from_poisha(released),
        cancelled_tranches: cancelled.into_iter().map(|tranche| tranche.id).collect(),
        to_recover: Money::from_poisha(accounts.iter().map(Account::unproven).sum()),
        version: after.version,
    })
}

/// What comes back after the end of a request is free at once, and goes to who waits longest.
///
/// # Errors
/// Those of `ledger::post`.
pub fn free_if_ended(tx: &mut Tx<'_>, agreement: &Agreement) -> Result<(), AppError> {
    let row = &agreement.seen.row;
    if row.status.is_final() {
        release_commitment(tx, row, Remark { by_system: true, ..Remark::default() })?;
        move_up(tx, row.round_id)?;
    }
    Ok(())
}
