//! Recording that money of a tranche came back.

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    access::see_tranche,
    account::Account,
    guards,
    payment::{check_day, subject},
    store::{save, settle_if_it_adds_up},
    terminate_funding_request::free_if_ended,
    transition_tranche::shown,
    view::TrancheView,
};
use crate::{
    features::funding::{
        ids::TrancheId,
        ledger::{EntryKind, Remark, post},
    },
    platform::{
        error::{AppError, FieldError, Place},
        money::{Money, MoneyInput},
        text::Bilingual,
        web::{Answer, Body, Call, Reply, Tx},
    },
};

/// Money that came back.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"amount": {"amount": "1200.00", "currency": "BDT"}, "payment_reference": "CHALLAN-2026-77", "paid_on": "2026-12-01"}))]
pub struct RefundTrancheRequest {
    /// How much; at most what is neither accepted as spent nor back.
    pub amount: MoneyInput,
    /// What the payment is called at the bank or treasury.
    #[schema(min_length = 1, max_length = 100, pattern = r"\S")]
    pub payment_reference: String,
    /// Its day; not in the future, not before the tranche was paid.
    pub paid_on: NaiveDate,
}

/// Record a refund.
///
/// What was not spent, or not accepted as spent, and came back. A tranche of which accepted and refunded add up to what
/// was paid is settled. After a termination too; then what came back is free for others. `If-Match` names the version of
/// the tranche.
#[utoipa::path(post, path = "/v1/tranches/{tranche_id}/refunds", tag = "Tranches",
    request_body = RefundTrancheRequest, extensions(("x-money-step" = json!(true))),
    responses((status = 200, description = "The tranche after the refund.", body = TrancheView)))]
pub async fn refund_tranche(call: Call, body: Body) -> Answer {
    let id = call.id("tranche_id", TrancheId::parse)?;
    call.look_before_step(move |connection, context| {
        let seen = see_tranche(connection, context.actor.as_ref(), id)?;
        context.permit("refund_tranche", &seen.agreement.seen.standing)?;
        context.check_recent_login()
    })
    .await?;
    let request: RefundTrancheRequest = body.read(&call).await?;
    call.write_money(move |tx| run(tx, id, &request)).await
}

fn run(tx: &mut Tx<'_>, id: TrancheId, request: &RefundTrancheRequest) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let seen = see_tranche(tx.conn, Some(&actor), id)?;
    tx.permit("refund_tranche", &seen.agreement.seen.standing)?;
    let before = &seen.account.tranche;
    check_day(request.paid_on, tx.now.day_in_dhaka(), before.paid_on)?;
    tx.check_version(before.version)?;
    let unmet = guards::unmet_for_refund(&seen.account);
    if !unmet.is_empty() {
        return Err(AppError::conditions(unmet));
    }
    let amount = request.amount.poisha();
    check_amount(amount, seen.account.unproven())?;
    let remark = Remark {
        payment_reference: Some(request.payment_reference.clone()),
        paid_on: Some(request.paid_on),
        ..Remark::default()
    };
    post(tx, subject(&seen), EntryKind::Refund, amount, remark)?;
    let refunded = seen.account.refunded + amount;
    let after = Account { refunded, ..seen.account.clone() };
    if after.adds_up() {
        settle_if_it_adds_up(tx, "refund_tranche", &after)?;
    } else {
        save(tx, "refund_tranche", before, before.clone())?;
    }
    free_if_ended(tx, &seen.agreement)?;
    shown(tx, id)
}

fn check_amount(amount: i64, most: i64) -> Result<(), AppError> {
    let place = || Place::Body("/amount/amount".into());
    let error = if amount == 0 {
        FieldError::new(
            place(),
            "minimum",
            Bilingual::new("A refund has to be more than nothing.", "ফেরত শূন্যের বেশি হতে হবে।"),
        )
    } else if amount > most {
        let left = Money::from_poisha(most).amount;
        FieldError::new(
            place(),
            "maximum",
            Bilingual::new(
                format!("Of this tranche {left} taka are neither accepted as spent nor back."),
                format!("এই কিস্তির {left} টাকা ব্যয় হিসেবে গৃহীত হয়নি, ফেরতও আসেনি।"),
            ),
        )
    } else {
        return Ok(());
    };
    Err(AppError::validation(vec![error]))
}
