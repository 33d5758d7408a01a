//! Judging a source, or taking it back.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    access::{SeenSource, save, see_source},
    guards,
    rows::FundingSourceRow,
    status::{LIFECYCLE, SourceCommand},
    view::FundingSourceView,
};
use crate::{
    features::{
        attachments::{self, ParentKind},
        funding::ids::FundingSourceId,
    },
    platform::{
        command_fields::{self, Use},
        error::AppError,
        lifecycle::next,
        web::{Answer, Body, Call, Reply, Tx},
    },
};

impl SourceCommand {
    /// Its line of the permission table.
    pub fn line(self) -> String {
        format!("transition_funding_source.{}", self.as_str())
    }
}

/// What is asked of a source.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"action": "refuse", "reason": "The letter names another pilot."}))]
pub struct TransitionFundingSourceRequest {
    /// What to do.
    #[schema(inline)]
    pub action: SourceCommand,
    /// Why: for `refuse` and `withdraw`.
    #[schema(min_length = 1, max_length = 5000, pattern = r"\S")]
    pub reason: Option<String>,
}

/// Move a funding source.
///
/// An officer outside the team, and not who declared it, confirms it by its document, or refuses it. Its owner or deputy
/// takes it back before gate 1.
#[utoipa::path(post, path = "/v1/funding-sources/{source_id}/transitions", tag = "Funding sources",
    request_body = TransitionFundingSourceRequest,
    responses((status = 200, description = "The source after the move.", body = FundingSourceView)))]
pub async fn transition_funding_source(call: Call, body: Body) -> Answer {
    let id = call.id("source_id", FundingSourceId::parse)?;
    call.look(move |connection, context| see_source(connection, context.actor.as_ref(), id).map(|_| ())).await?;
    let request: TransitionFundingSourceRequest = body.read(&call).await?;
    call.write(move |tx| run(tx, id, &request)).await
}

fn run(tx: &mut Tx<'_>, id: FundingSourceId, request: &TransitionFundingSourceRequest) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let seen = see_source(tx.conn, Some(&actor), id)?;
    let (command, action) = (request.action, request.action.line());
    tx.permit(&action, &seen.standing)?;
    if let Some(obstacle) = guards::declarer_obstacle(command, seen.is_declarer) {
        return Err(obstacle);
    }
    let needs_reason = LIFECYCLE.iter().any(|line| line.command == command && line.needs_reason);
    command_fields::check([("/reason", request.reason.is_some(), Use::always_and(needs_reason))])?;
    tx.check_version(seen.row.version)?;
    if let Some(obstacle) = guards::state_obstacle(command, &seen) {
        return Err(obstacle);
    }
    let has_document = match seen.row.document_id {
        Some(document) => attachments::is_present_on(tx.conn, document, ParentKind::Pilot, seen.row.pilot_id.as_str())?,
        None => false,
    };
    let unmet = guards::unmet(command, has_document);
    if !unmet.is_empty() {
        return Err(AppError::conditions(unmet));
    }
    let after = FundingSourceRow {
        status: next(LIFECYCLE, seen.row.status, command)?.to,
        decided_by: Some(actor.user_id),
        decided_at: Some(tx.now),
        reason: request.reason.clone(),
        ..seen.row.clone()
    };
    let row = save(tx, &action, &seen.row, after)?;
    Reply::record(row.version, &FundingSourceView::new(SeenSource { row, ..seen }))
}
