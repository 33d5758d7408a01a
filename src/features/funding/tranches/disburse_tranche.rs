//! Recording that a tranche was paid. This system is no bank: the money moves elsewhere, under the reference that is
//! recorded here.

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    access::{SeenTranche, see_tranche},
    guards,
    payment::{check_day, subject},
    rows::TrancheRow,
    status::{LIFECYCLE, TrancheMove},
    store::advance,
    transition_tranche::shown,
    view::TrancheView,
};
use crate::{
    features::funding::{
        ids::TrancheId,
        ledger::{EntryKind, Remark, post},
        requests::{self, By, RequestMove, RequestStatus},
    },
    platform::{
        error::AppError,
        lifecycle::next,
        web::{Answer, Body, Call, Reply, Tx},
    },
};

/// A payment.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"payment_reference": "BEFTN-2026-118372", "paid_on": "2026-10-04"}))]
pub struct DisburseTrancheRequest {
    /// What it is called at the bank or treasury.
    #[schema(min_length = 1, max_length = 100, pattern = r"\S")]
    pub payment_reference: String,
    /// The day of the payment; not in the future, not before the tranche was approved.
    pub paid_on: NaiveDate,
}

/// Record the payment of a tranche.
///
/// The whole tranche, once it is approved. Who records it has not asked for a tranche of this request, approved one or the
/// award, or reviewed it, and has logged in within the last 15 minutes. The first payment to a pilot that is through
/// gate 1 makes its request active. `If-Match` names the version of the tranche.
#[utoipa::path(post, path = "/v1/tranches/{tranche_id}/disbursement", tag = "Tranches",
    request_body = DisburseTrancheRequest, extensions(("x-money-step" = json!(true))),
    responses((status = 200, description = "The tranche, paid.", body = TrancheView)))]
pub async fn disburse_tranche(call: Call, body: Body) -> Answer {
    let id = call.id("tranche_id", TrancheId::parse)?;
    call.look_before_step(move |connection, context| {
        let seen = see_tranche(connection, context.actor.as_ref(), id)?;
        context.permit("disburse_tranche", &seen.agreement.seen.standing)?;
        context.check_recent_login()
    })
    .await?;
    let request: DisburseTrancheRequest = body.read(&call).await?;
    call.write_money(move |tx| run(tx, id, &request)).await
}

fn run(tx: &mut Tx<'_>, id: TrancheId, request: &DisburseTrancheRequest) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let seen = see_tranche(tx.conn, Some(&actor), id)?;
    tx.permit("disburse_tranche", &seen.agreement.seen.standing)?;
    let before = &seen.account.tranche;
    check_day(request.paid_on, tx.now.day_in_dhaka(), before.approved_at.map(|at| at.day_in_dhaka()))?;
    tx.check_version(before.version)?;
    next(LIFECYCLE, before.status, TrancheMove::Disburse)?;
    let unmet = guards::unmet_for_payment(&seen);
    if !unmet.is_empty() {
        return Err(AppError::conditions(unmet));
    }
    let remark = Remark {
        payment_reference: Some(request.payment_reference.clone()),
        paid_on: Some(request.paid_on),
        ..Remark::default()
    };
    post(tx, subject(&seen), EntryKind::Disburse, before.amount, remark)?;
    let prepared = TrancheRow {
        disbursed_by: Some(actor.user_id),
        disbursed_at: Some(tx.now),
        payment_reference: Some(request.payment_reference.clone()),
        paid_on: Some(request.paid_on),
        status_reason: None,
        ..before.clone()
    };
    advance(tx, "disburse_tranche", before, prepared, TrancheMove::Disburse, By::Caller, None)?;
    activate(tx, &seen)?;
    shown(tx, id)
}

/// The request of a pilot that is through gate 1 becomes active with its first payment.
fn activate(tx: &mut Tx<'_>, seen: &SeenTranche) -> Result<(), AppError> {
    let row = &seen.agreement.seen.row;
    if row.status == RequestStatus::AgreementSigned && seen.agreement.seen.pilot.execution_at.is_some() {
        requests::advance(tx, "disburse_tranche", row, row.clone(), RequestMove::Activate, By::System, None)?;
    }
    Ok(())
}
