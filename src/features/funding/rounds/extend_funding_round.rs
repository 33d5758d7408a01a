//! A later closing of a round, with its reason, for ever.

use diesel::{RunQueryDsl, insert_into};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    guards::check_can_extend,
    rows::{RoundExtensionRow, RoundRow},
    store::{find_round, save},
    view::FundingRoundView,
};
use crate::{
    features::funding::{funds::standing, ids::RoundId},
    platform::{
        clock::Timestamp,
        db::schema::round_extensions,
        error::{AppError, ErrorParams, FieldError},
        web::{Answer, Body, Call, Reply, Tx},
    },
};

/// Until when, and why.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"closes_at": "2026-10-15T23:59:59.000+06:00", "reason": "Floods in the north."}))]
pub struct ExtendFundingRoundRequest {
    /// When it closes instead; later than its present closing.
    #[schema(value_type = String, format = DateTime, max_length = 40)]
    pub closes_at: Timestamp,
    /// Why.
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    pub reason: String,
}

/// Extend a funding round.
///
/// Moves its closing to later, while it is open and its time is not over. Each extension stays on record for everyone to
/// see; the day of the release moves along if it would lie before the new closing.
#[utoipa::path(post, path = "/v1/funding-rounds/{round_id}/extensions", tag = "Funding rounds",
    request_body = ExtendFundingRoundRequest,
    responses((status = 200, description = "The round with its later closing.", body = FundingRoundView)))]
pub async fn extend_funding_round(call: Call, body: Body) -> Answer {
    let id = call.id("round_id", RoundId::parse)?;
    call.look(move |connection, context| {
        let fund = find_round(connection, id)?.fund_id;
        context.permit("extend_funding_round", &standing(connection, context.actor.as_ref(), fund)?)
    })
    .await?;
    let request: ExtendFundingRoundRequest = body.read(&call).await?;
    call.write(move |tx| run(tx, id, &request)).await
}

fn run(tx: &mut Tx<'_>, id: RoundId, request: &ExtendFundingRoundRequest) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let (before, now) = (find_round(tx.conn, id)?, tx.now);
    let standing = standing(tx.conn, Some(&actor), before.fund_id)?;
    tx.permit("extend_funding_round", &standing)?;
    tx.check_version(before.version)?;
    check_can_extend(&before, now)?;
    if request.closes_at <= before.closes_at {
        return Err(AppError::validation(vec![
            FieldError::body(
                "/closes_at",
                "not_later",
                "This has to be later than its present closing.",
                "এটি বর্তমান বন্ধের সময়ের পরে হতে হবে।",
            )
            .with(ErrorParams::minimum(before.closes_at)),
        ]));
    }
    let row = RoundExtensionRow {
        id: tx.new_id(),
        round_id: id,
        from_closes_at: before.closes_at,
        to_closes_at: request.closes_at,
        reason: request.reason.clone(),
        extended_by: actor.user_id,
        created_at: now,
    };
    insert_into(round_extensions::table).values(&row).execute(tx.conn)?;
    tx.audit("round_extension", row.id.as_str(), None, Some(&row))?;
    let prepared = RoundRow {
        closes_at: request.closes_at,
        release_on: before.release_on.max(request.closes_at.day_in_dhaka()),
        ..before.clone()
    };
    let after = save(tx, "extend_funding_round", &before, prepared)?;
    Reply::record(after.version, &FundingRoundView::load(tx.conn, after, &standing, now)?)
}
