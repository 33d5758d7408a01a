//! A new request: a draft of the pilot's owner for one round.

use diesel::{OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper, insert_into};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    access::see_request,
    content::{CoFunding, FundingRequestContent},
    guards,
    rows::FundingRequestRow,
    status::RequestStatus,
    view::{FundingRequestView, show},
};
use crate::{
    features::{
        funding::{ids::RoundId, rounds::RoundRow},
        pilots::{PilotId, see},
        plans::BudgetLine,
    },
    platform::{
        db::{
            json_list::JsonList,
            schema::{funding_requests, funding_rounds},
        },
        error::{AppError, DatabaseIntent, ErrorCode, FieldError},
        money::MoneyInput,
        text::ProseInput,
        web::{Answer, Body, Call, Reply, Tx, body::some_language},
    },
};

/// A new funding request. A draft may be incomplete; the rest is asked for on `submit`.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "round_id": "0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e",
    "requested": {"amount": "84000.00", "currency": "BDT"},
    "purpose": {"bn": "তিনটি শিবির", "en": "Three camps"},
    "budget_lines": [{"head": "transport", "description": "Boats", "amount": {"amount": "84000.00", "currency": "BDT"}}],
    "co_funding": []
}))]
pub struct CreateFundingRequestRequest {
    /// Which round is asked.
    pub round_id: RoundId,
    /// How much is asked for; more than nothing.
    pub requested: MoneyInput,
    /// What it is for.
    #[validate(custom(function = "some_language"))]
    #[serde(default)]
    pub purpose: Option<ProseInput>,
    /// What it is spent on; the lines add up to `requested` exactly when it is handed in.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub budget_lines: Vec<BudgetLine>,
    /// What others give.
    #[validate(nested)]
    #[serde(default)]
    #[schema(max_items = 50)]
    pub co_funding: Vec<CoFunding>,
}

/// Begin a funding request.
///
/// It begins as a draft, which its team alone sees, while the round takes requests and the pilot is in `design`. A pilot
/// has one live request a round.
#[utoipa::path(post, path = "/v1/pilots/{pilot_id}/funding-requests", tag = "Funding requests",
    request_body = CreateFundingRequestRequest,
    responses((status = 201, description = "The draft.", body = FundingRequestView)))]
pub async fn create_funding_request(call: Call, body: Body) -> Answer {
    let id = call.id("pilot_id", PilotId::parse)?;
    call.look(move |connection, context| {
        let seen = see(connection, context.actor.as_ref(), id)?;
        context.permit("create_funding_request", &seen.standing)
    })
    .await?;
    let request: CreateFundingRequestRequest = body.read(&call).await?;
    call.write(move |tx| run(tx, id, &request)).await
}

fn run(tx: &mut Tx<'_>, id: PilotId, request: &CreateFundingRequestRequest) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let pilot = see(tx.conn, Some(&actor), id)?;
    tx.permit("create_funding_request", &pilot.standing)?;
    let content = FundingRequestContent {
        requested: request.requested.clone(),
        purpose: request.purpose.clone(),
        budget_lines: request.budget_lines.clone(),
        co_funding: request.co_funding.clone(),
    };
    content.check()?;
    let round: Option<RoundRow> =
        funding_rounds::table.find(request.round_id).select(RoundRow::as_select()).first(tx.conn).optional()?;
    let round = round.ok_or_else(|| AppError::validation(vec![FieldError::unknown_reference("/round_id")]))?;
    round.check_takes_requests(tx.now)?;
    if let Some(obstacle) = guards::pilot_obstacle(&pilot.row) {
        return Err(AppError::conditions(vec![obstacle]));
    }
    let blank = FundingRequestRow {
        id: tx.new_id(),
        reference: None,
        fund_id: round.fund_id,
        round_id: round.id,
        pilot_id: id,
        status: RequestStatus::Draft,
        requested: 0,
        purpose_bn: None,
        purpose_en: None,
        budget_lines: JsonList::new(Vec::new()),
        co_funding: JsonList::new(Vec::new()),
        plan_id: None,
        created_by: actor.user_id,
        submitted_by: None,
        submitted_at: None,
        change_parts: JsonList::new(Vec::new()),
        change_reason: None,
        change_due_on: None,
        eligibility_check: 0,
        panel_meeting_id: None,
        recommended: None,
        recommended_by: None,
        recommended_at: None,
        first_approver_id: None,
        first_approved: None,
        first_approved_at: None,
        awarded: None,
        awarded_by: None,
        awarded_at: None,
        waitlisted_at: None,
        decision_reason: None,
        agreement_due_on: None,
        agreement_file_id: None,
        owner_signed_by: None,
        owner_signed_at: None,
        officer_signed_by: None,
        officer_signed_at: None,
        ended_at: None,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    let row = blank.with_content(&content);
    let second = AppError::new(ErrorCode::AlreadyExists).detail(
        "The pilot has a request to this round already; edit, withdraw or delete it.",
        "এই পর্বে পাইলটটির একটি আবেদন আগে থেকেই আছে; সেটি সম্পাদনা, প্রত্যাহার বা মুছে ফেলুন।",
    );
    insert_into(funding_requests::table).values(&row).execute(tx.conn).or_conflict(second)?;
    tx.audit("funding_request", row.id.as_str(), None, Some(&row))?;
    let seen = see_request(tx.conn, Some(&actor), row.id)?;
    let view: FundingRequestView = show(tx.conn, &seen, tx.now)?;
    Reply::created(format!("/v1/funding-requests/{}", row.id), row.version, &view)
}
