//! A payment that did not arrive: its line is taken back as a whole, and the tranche can be asked for again.

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    access::see_tranche,
    account::Account,
    guards,
    rows::TrancheRow,
    status::{LIFECYCLE, TrancheMove},
    store::{advance, cancel_unpaid},
    terminate_funding_request::free_if_ended,
    transition_tranche::shown,
    view::TrancheView,
};
use crate::{
    features::funding::{
        ids::TrancheId,
        ledger::{EntryKind, LedgerEntryRow, Remark, reverse},
        requests::By,
    },
    platform::{
        db::{DbConnection, schema::ledger_entries},
        error::AppError,
        lifecycle::next,
        web::{Answer, Body, Call, Reply, Tx},
    },
};

/// Why a payment counts as failed.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "The account number was wrong; the bank returned the transfer."}))]
pub struct RecordPaymentFailureRequest {
    /// What happened.
    #[schema(min_length = 1, max_length = 5000, pattern = r"\S")]
    pub reason: String,
}

/// Record that a payment failed.
///
/// The money never arrived: the payment is taken back in the ledger, and the tranche can be asked for again. Not once a
/// report on its spending was handed in or some of it came back. `If-Match` names the version of the tranche.
#[utoipa::path(post, path = "/v1/tranches/{tranche_id}/payment-failure", tag = "Tranches",
    request_body = RecordPaymentFailureRequest, extensions(("x-money-step" = json!(true))),
    responses((status = 200, description = "The tranche, not paid.", body = TrancheView)))]
pub async fn record_payment_failure(call: Call, body: Body) -> Answer {
    let id = call.id("tranche_id", TrancheId::parse)?;
    call.look_before_step(move |connection, context| {
        let seen = see_tranche(connection, context.actor.as_ref(), id)?;
        context.permit("record_payment_failure", &seen.agreement.seen.standing)?;
        context.check_recent_login()
    })
    .await?;
    let request: RecordPaymentFailureRequest = body.read(&call).await?;
    call.write_money(move |tx| run(tx, id, &request)).await
}

fn run(tx: &mut Tx<'_>, id: TrancheId, request: &RecordPaymentFailureRequest) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let seen = see_tranche(tx.conn, Some(&actor), id)?;
    tx.permit("record_payment_failure", &seen.agreement.seen.standing)?;
    let before = &seen.account.tranche;
    tx.check_version(before.version)?;
    next(LIFECYCLE, before.status, TrancheMove::Fail)?;
    let unmet = guards::unmet_for_failure(&seen.account);
    if !unmet.is_empty() {
        return Err(AppError::conditions(unmet));
    }
    let line = payment(tx.conn, id)?.ok_or_else(|| AppError::internal("a paid tranche without its line"))?;
    let remark = Remark {
        reason: Some(request.reason.clone()),
        payment_reference: line.payment_reference.clone(),
        paid_on: line.paid_on,
        by_system: false,
    };
    reverse(tx, &line, remark)?;
    let prepared = TrancheRow {
        disbursed_by: None,
        disbursed_at: None,
        payment_reference: None,
        paid_on: None,
        status_reason: Some(request.reason.clone()),
        ..before.clone()
    };
    let (by, reason) = (By::Caller, Some(request.reason.as_str()));
    let tranche = advance(tx, "record_payment_failure", before, prepared, TrancheMove::Fail, by, reason)?;
    if seen.agreement.seen.row.status.is_final() {
        // The agreement ended meanwhile: it is not paid any more, and left as it is would stand in the way of gate 2.
        let failed = Account { tranche, paid: 0, ..seen.account.clone() };
        cancel_unpaid(tx, &[failed], By::System, &request.reason)?;
        free_if_ended(tx, &seen.agreement)?;
    }
    shown(tx, id)
}

/// The line of its latest payment: each one before was taken back, else there would not have been another.
fn payment(connection: &mut DbConnection, tranche: TrancheId) -> Result<Option<LedgerEntryRow>, AppError> {
    Ok(ledger_entries::table
        .filter(ledger_entries::tranche_id.eq(tranche))
        .filter(ledger_entries::kind.eq(EntryKind::Disburse))
        .order(ledger_entries::seq.desc())
        .select(LedgerEntryRow::as_select())
        .first(connection)
        .optional()?)
}
