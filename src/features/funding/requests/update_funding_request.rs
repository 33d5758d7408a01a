//! Editing a request: all of a draft, and the reopened parts of one that came back.

use super::{
    access::see_request,
    advance::save,
    content::{FundingRequestContent, FundingRequestPatch, RequestPart},
    guards,
    rows::FundingRequestRow,
    status::RequestStatus,
    view::{FundingRequestView, reply},
};
use crate::{
    features::funding::ids::FundingRequestId,
    platform::{
        error::{AppError, FieldError},
        web::{Answer, Body, Call, body::apply_patch},
    },
};

/// Change a funding request.
///
/// A merge patch (RFC 7396); lists are replaced whole. A draft is changed at will; while changes are requested, the parts
/// in `change_parts` alone: `requested` reopens the budget lines too.
#[utoipa::path(patch, path = "/v1/funding-requests/{request_id}", tag = "Funding requests",
    request_body(content = FundingRequestPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The changed request.", body = FundingRequestView)))]
pub async fn update_funding_request(call: Call, body: Body) -> Answer {
    let id = call.id("request_id", FundingRequestId::parse)?;
    call.look(move |connection, context| {
        let seen = see_request(connection, context.actor.as_ref(), id)?;
        context.permit("update_funding_request", &seen.standing)
    })
    .await?;
    let patch = body.read_patch::<FundingRequestPatch>(&call).await?;
    let state = call.state.clone();
    call.write(move |tx| {
        let actor = tx.actor()?.clone();
        let seen = see_request(tx.conn, Some(&actor), id)?;
        tx.permit("update_funding_request", &seen.standing)?;
        if let Some(obstacle) = guards::edit_obstacle(seen.told_status()) {
            return Err(obstacle);
        }
        tx.check_version(seen.row.version)?;
        let present = FundingRequestContent::of(&seen.row);
        let content: FundingRequestContent = apply_patch(&state.schemas, &present, &patch)?;
        content.check()?;
        check_reopened(&seen.row, &content.differences(&present))?;
        save(tx, "update_funding_request", &seen.row, seen.row.clone().with_content(&content))?;
        reply(tx.conn, &actor, id, tx.now)
    })
    .await
}

/// Names every part that is changed without having been reopened.
fn check_reopened(row: &FundingRequestRow, changed: &[RequestPart]) -> Result<(), AppError> {
    if row.status != RequestStatus::ChangesRequested {
        return Ok(());
    }
    let is_open = |part: RequestPart| {
        row.change_parts.contains(&part)
            || part == RequestPart::BudgetLines && row.change_parts.contains(&RequestPart::Requested)
    };
    let errors: Vec<FieldError> = changed
        .iter()
        .filter(|part| !is_open(**part))
        .map(|part| {
            FieldError::body(
                format!("/{}", part.as_str()),
                "not_reopened",
                "This part was not reopened.",
                "এই অংশটি সংশোধনের জন্য খোলা হয়নি।",
            )
        })
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(AppError::validation(errors)) }
}
