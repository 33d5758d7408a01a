//! Deciding on a possible duplicate: the team says what it thinks, an officer who may screen the pilot decides.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    get_duplicate::see_duplicate,
    rows::{DuplicateId, DuplicateRow, save},
    status::{DuplicateCommand, DuplicateProposal, LIFECYCLE},
    view::{DuplicateView, ended_obstacle},
};
use crate::platform::{
    command_fields::{self, Use},
    error::AppError,
    lifecycle::next,
    web::{Answer, Body, Call, Reply, Tx},
};

/// What is asked of a possible duplicate.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"action": "dismiss", "reason": "That one is for cattle, this one for poultry."}))]
pub struct TransitionDuplicateRequest {
    /// What to do.
    #[schema(inline)]
    pub action: DuplicateCommand,
    /// What the team thinks: for `propose`.
    #[schema(inline)]
    pub proposal: Option<DuplicateProposal>,
    /// Why: for `propose`, `dismiss`, `reopen`.
    #[schema(min_length = 1, max_length = 5000, pattern = r"\S")]
    pub reason: Option<String>,
}

/// Propose or decide what a possible duplicate is.
///
/// `dismiss` clears the way to acceptance; `accept` says that it is a duplicate, and the screener merges the pilot. Only
/// an officer who may screen the pilot, and has nothing to do with the other one, decides.
#[utoipa::path(post, path = "/v1/duplicates/{duplicate_id}/transitions", tag = "Duplicates",
    request_body = TransitionDuplicateRequest,
    responses((status = 200, description = "The possible duplicate as it is now.", body = DuplicateView)))]
pub async fn transition_duplicate(call: Call, body: Body) -> Answer {
    let id = call.id("duplicate_id", DuplicateId::parse)?;
    call.look(move |connection, context| see_duplicate(connection, context.user()?, id).map(|_| ())).await?;
    let request: TransitionDuplicateRequest = body.read(&call).await?;
    call.write(move |tx| run(tx, id, &request)).await
}

fn run(tx: &mut Tx<'_>, id: DuplicateId, request: &TransitionDuplicateRequest) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let ((before, reference, bn, en, status), seen) = see_duplicate(tx.conn, &actor, id)?;
    let action = request.action.line();
    tx.permit(action, &seen.standing)?;
    command_fields::check([
        ("/proposal", request.proposal.is_some(), Use::only_if(request.action == DuplicateCommand::Propose)),
        ("/reason", request.reason.is_some(), Use::always_and(request.action.needs_reason())),
    ])?;
    tx.check_version(before.version)?;
    if let Some(obstacle) = ended_obstacle(&seen.row) {
        return Err(obstacle);
    }
    let to = next(LIFECYCLE, before.status, request.action.as_move())?.to;
    let mut after = DuplicateRow { status: to, ..before.clone() };
    if request.action == DuplicateCommand::Propose {
        (after.proposal, after.proposal_reason) = (request.proposal, request.reason.clone());
        (after.proposed_by, after.proposed_at) = (Some(actor.user_id), Some(tx.now));
    } else {
        (after.decided_by, after.decided_at) = (Some(actor.user_id), Some(tx.now));
        after.reason = request.reason.clone();
    }
    let row = save(tx, action, &before, after)?;
    let version = row.version;
    Reply::record(version, &DuplicateView::new((row, reference, bn, en, status), &seen.row, &seen.standing))
}
