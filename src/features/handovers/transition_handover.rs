//! Answering an offer, or taking it back.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    guards::acceptance_obstacle,
    letters::{News, tell},
    rows::{HandoverId, advance},
    status::{HandoverCommand, HandoverMove, HandoverStatus, LIFECYCLE},
    view::{HandoverView, see_handover},
};
use crate::{
    features::pilots::change_owner,
    platform::{
        error::AppError,
        lifecycle::next,
        web::{Answer, Body, Call, Reply, Tx},
    },
};

/// What is asked of an offer.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"action": "accept", "reason": null}))]
pub struct TransitionHandoverRequest {
    /// What to do.
    #[schema(inline)]
    pub action: HandoverCommand,
    /// Why, if you like.
    #[schema(min_length = 1, max_length = 5000, pattern = r"\S")]
    pub reason: Option<String>,
}

/// Accept, decline or withdraw an offer.
///
/// `accept` makes the receiver the owner. The previous owner leaves the team or stays as a member, as was offered; a
/// receiver who was the deputy leaves that place empty; nothing else of the pilot changes. Who offered it is told the
/// answer by mail, the receiver that it was taken back.
#[utoipa::path(post, path = "/v1/handovers/{handover_id}/transitions", tag = "Handovers",
    request_body = TransitionHandoverRequest,
    responses((status = 200, description = "The handover as it is now.", body = HandoverView)))]
pub async fn transition_handover(call: Call, body: Body) -> Answer {
    let id = call.id("handover_id", HandoverId::parse)?;
    call.look(move |connection, context| see_handover(connection, context.user()?, id).map(|_| ())).await?;
    let request: TransitionHandoverRequest = body.read(&call).await?;
    call.write(move |tx| run(tx, id, &request)).await
}

fn run(tx: &mut Tx<'_>, id: HandoverId, request: &TransitionHandoverRequest) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let (loaded, pilot, standing) = see_handover(tx.conn, &actor, id)?;
    let before = loaded.0.clone();
    tx.permit(request.action.line(), &standing)?;
    tx.check_version(before.version)?;
    let step = request.action.as_move();
    next(LIFECYCLE, before.status_at(tx.now), step)?;
    if step == HandoverMove::Accept
        && let Some(obstacle) = acceptance_obstacle(tx.conn, &before, &pilot)?
    {
        return Err(obstacle);
    }
    let after = advance(tx, &before, step, Some(actor.user_id), request.reason.clone())?;
    if after.status == HandoverStatus::Accepted {
        change_owner(tx, request.action.line(), &pilot, after.to_user_id, after.previous_owner_stays)?;
    }
    tell(tx, &after, News::of(request.action))?;
    // The receiver may be in the team now, or whoever withdrew it no longer.
    let (_, pilot_offer, from, to) = loaded;
    let view = HandoverView::new((after, pilot_offer, from, to), &standing, tx.now);
    Reply::record(view.version, &view)
}
