//! Moving a tranche up to its payment: asked for by the pilot, approved by the fund.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    access::see_tranche,
    actions,
    rows::TrancheRow,
    status::{LIFECYCLE, TrancheCommand},
    store::advance,
    view::TrancheView,
};
use crate::{
    features::funding::{ids::TrancheId, requests::By},
    platform::{
        command_fields::{self, Use},
        error::AppError,
        lifecycle::next,
        web::{Answer, Body, Call, Reply, Tx},
    },
};

/// What is asked of a tranche.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"action": "request", "reason": null}))]
pub struct TransitionTrancheRequest {
    /// What to do.
    #[schema(inline)]
    pub action: TrancheCommand,
    /// Why: for `withhold`, `release` and `cancel`.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 5000, pattern = r"\S")]
    pub reason: Option<String>,
}

/// Move a tranche.
///
/// `request` needs a signed agreement, the report on the tranche before accepted and spent to the share that the round
/// asks for, the milestones of the tranche reached, and a pilot that is not on hold. `approve` needs a login within the
/// last 15 minutes; who approves has not asked for a tranche of this request, paid one, or reviewed it. `cancel` says
/// that a tranche will not be paid; its money is free when the request closes. How it is paid: `disburse_tranche`.
#[utoipa::path(post, path = "/v1/tranches/{tranche_id}/transitions", tag = "Tranches",
    request_body = TransitionTrancheRequest,
    responses((status = 200, description = "The tranche after the move.", body = TrancheView)))]
pub async fn transition_tranche(call: Call, body: Body) -> Answer {
    let id = call.id("tranche_id", TrancheId::parse)?;
    call.look(move |connection, context| see_tranche(connection, context.actor.as_ref(), id).map(|_| ())).await?;
    let request: TransitionTrancheRequest = body.read(&call).await?;
    if request.action == TrancheCommand::Approve {
        call.look(move |connection, context| {
            let seen = see_tranche(connection, context.actor.as_ref(), id)?;
            context.permit(TrancheCommand::Approve.line(), &seen.agreement.seen.standing)?;
            context.check_recent_login()
        })
        .await?;
    }
    call.write(move |tx| run(tx, id, &request)).await
}

fn run(tx: &mut Tx<'_>, id: TrancheId, request: &TransitionTrancheRequest) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let seen = see_tranche(tx.conn, Some(&actor), id)?;
    let (command, step) = (request.action, request.action.as_move());
    tx.permit(command.line(), &seen.agreement.seen.standing)?;
    let needs_reason = LIFECYCLE.iter().any(|line| line.command == step && line.needs_reason);
    command_fields::check([("/reason", request.reason.is_some(), Use::always_and(needs_reason))])?;
    let before = &seen.account.tranche;
    tx.check_version(before.version)?;
    next(LIFECYCLE, before.status, step)?;
    let unmet = actions::unmet(command, &seen);
    if !unmet.is_empty() {
        return Err(AppError::conditions(unmet));
    }
    let (by, at) = (Some(actor.user_id), Some(tx.now));
    // Asked for anew: who approved and paid before stays known in the history.
    let blank = TrancheRow {
        requested_by: None,
        requested_at: None,
        approved_by: None,
        approved_at: None,
        disbursed_by: None,
        disbursed_at: None,
        payment_reference: None,
        paid_on: None,
        status_reason: None,
        ..before.clone()
    };
    let prepared = match command {
        TrancheCommand::Request => TrancheRow { requested_by: by, requested_at: at, ..blank },
        TrancheCommand::Approve => TrancheRow { approved_by: by, approved_at: at, ..before.clone() },
        TrancheCommand::Release => blank,
        TrancheCommand::Withhold | TrancheCommand::Cancel => {
            TrancheRow { status_reason: request.reason.clone(), ..before.clone() }
        }
    };
    advance(tx, command.line(), before, prepared, step, By::Caller, request.reason.as_deref())?;
    shown(tx, id)
}

/// The answer of everything that is done to a tranche: how it is now, as the caller sees it.
///
/// # Errors
/// Those of the database.
pub fn shown(tx: &mut Tx<'_>, id: TrancheId) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let view = TrancheView::new(&see_tranche(tx.conn, Some(&actor), id)?);
    Reply::record(view.version, &view)
}
