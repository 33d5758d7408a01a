//! The panel's recommendation: an amount, for which money of the round is held from now on.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    actions::{DecisionAction, unmet},
    amounts::wrong_amount,
    panel::{meeting_of, quorum_missing},
    view::DecidedRequestView,
};
use crate::{
    features::funding::{
        ids::{FundingRequestId, PanelMeetingId},
        ledger::{EntryKind, Remark, Subject, post},
        requests::{By, FundingRequestRow, RequestMove, advance, see_request, status::LIFECYCLE},
    },
    platform::{
        error::{AppError, FieldError},
        lifecycle::next,
        money::MoneyInput,
        web::{Answer, Body, Call, Reply, Tx},
    },
};

const ACTION: DecisionAction = DecisionAction::Recommend;

/// How much, and on which meeting it rests.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "amount": {"amount": "75000.00", "currency": "BDT"}, "panel_meeting_id": "0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e",
    "reason": "Strong benefit; the budget for fuel is cut."
}))]
pub struct RecommendFundingRequestRequest {
    /// At most what is requested, between the smallest and the largest award of the round.
    pub amount: MoneyInput,
    /// The meeting of the round's panel that dealt with it.
    pub panel_meeting_id: PanelMeetingId,
    /// Why.
    #[schema(min_length = 1, max_length = 5000, pattern = r"\S")]
    pub reason: String,
}

/// Recommend a funding request.
///
/// By a fund officer who neither belongs to the pilot's team nor reviews the request, once it is before the panel. The
/// meeting is one of the round's, with a quorum that does not count anyone of the pilot's team, now or before. Posts
/// `reserve`: the amount is held, and refused with `insufficient_funds` when the round has less.
#[utoipa::path(post, path = "/v1/funding-requests/{request_id}/recommendation", tag = "Awards",
    request_body = RecommendFundingRequestRequest, extensions(("x-money-step" = json!(true))),
    responses((status = 200, description = "The request, recommended.", body = DecidedRequestView)))]
pub async fn recommend_funding_request(call: Call, body: Body) -> Answer {
    let id = call.id("request_id", FundingRequestId::parse)?;
    call.look_before_step(move |connection, context| {
        let seen = see_request(connection, context.actor.as_ref(), id)?;
        context.permit(ACTION.line(), &seen.standing)
    })
    .await?;
    let request: RecommendFundingRequestRequest = body.read(&call).await?;
    call.write_money(move |tx| run(tx, id, &request)).await
}

fn run(tx: &mut Tx<'_>, id: FundingRequestId, request: &RecommendFundingRequestRequest) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let seen = see_request(tx.conn, Some(&actor), id)?;
    tx.permit(ACTION.line(), &seen.standing)?;
    let before = &seen.row;
    let amount = request.amount.poisha();
    let meeting = meeting_of(tx.conn, before.round_id, request.panel_meeting_id)?;
    let mut wrong = wrong_amount(amount, before.requested, &seen.round);
    let Some(meeting) = meeting else {
        wrong.push(FieldError::unknown_reference("/panel_meeting_id"));
        return Err(AppError::validation(wrong));
    };
    if !wrong.is_empty() {
        return Err(AppError::validation(wrong));
    }
    tx.check_version(before.version)?;
    next(LIFECYCLE, before.status, RequestMove::Recommend)?;
    let mut failing = unmet(ACTION, before, &seen.pilot, tx.now.day_in_dhaka());
    failing.extend(quorum_missing(tx.conn, &seen, &meeting)?);
    if !failing.is_empty() {
        return Err(AppError::conditions(failing));
    }
    let prepared = FundingRequestRow {
        panel_meeting_id: Some(meeting.id),
        recommended: Some(amount),
        recommended_by: Some(actor.user_id),
        recommended_at: Some(tx.now),
        first_approver_id: None,
        first_approved: None,
        first_approved_at: None,
        ..before.clone()
    };
    let row = advance(tx, ACTION.line(), before, prepared, RequestMove::Recommend, By::Caller, Some(&request.reason))?;
    let remark = Remark { reason: Some(request.reason.clone()), ..Remark::default() };
    post(tx, Subject::Request(row.fund_id, row.round_id, row.id), EntryKind::Reserve, amount, remark)?;
    reply(tx, id)
}

/// The request as the caller sees it now.
///
/// # Errors
/// Those of the database.
pub fn reply(tx: &mut Tx<'_>, id: FundingRequestId) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let seen = see_request(tx.conn, Some(&actor), id)?;
    let view = DecidedRequestView::new(seen, tx.now);
    Reply::record(view.version, &view)
}
