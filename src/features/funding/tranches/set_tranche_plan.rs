//! The plan of an award: in which parts it is paid, when, and for which milestones. It stands once one side has signed.

use chrono::NaiveDate;
use diesel::{QueryDsl, RunQueryDsl, delete, insert_into};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    access::{Agreement, see_agreement},
    guards,
    rows::TrancheRow,
    status::TrancheStatus,
    view::TrancheView,
};
use crate::{
    features::funding::{
        ids::FundingRequestId,
        requests::{save, see_request},
    },
    platform::{
        db::{json_list::JsonList, schema::tranches},
        error::{AppError, FieldError, Place},
        money::{Money, MoneyInput},
        text::Bilingual,
        web::{Answer, Body, Call, Reply, Tx},
    },
};

/// A part of an award.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"amount": {"amount": "50000.00", "currency": "BDT"}, "planned_on": "2026-10-01", "milestones": [1], "is_post_completion": false}))]
pub struct TrancheInput {
    /// How much; more than nothing.
    pub amount: MoneyInput,
    /// When it is to be paid.
    pub planned_on: NaiveDate,
    /// The milestones that have to be reached before it is asked for, by their position in the plan version of the request.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub milestones: Vec<i32>,
    /// Whether it may be paid after gate 2: one at most, the last.
    #[serde(default)]
    pub is_post_completion: bool,
}

/// The whole plan.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"tranches": [{"amount": {"amount": "84000.00", "currency": "BDT"}, "planned_on": "2026-10-01", "milestones": [], "is_post_completion": false}]}))]
pub struct SetTranchePlanRequest {
    /// The tranches in their order; they add up to the award exactly.
    #[schema(min_items = 1, max_items = 20)]
    pub tranches: Vec<TrancheInput>,
}

/// The plan of an award.
#[derive(Serialize, ToSchema)]
pub struct TranchePlanView {
    /// Of which funding request.
    pub funding_request_id: FundingRequestId,
    /// What the tranches add up to.
    pub awarded: Money,
    /// The tranches in their order.
    #[schema(max_items = 20)]
    pub items: Vec<TrancheView>,
    /// The version of the funding request, which a plan changes; the `ETag`.
    #[schema(minimum = 1)]
    pub version: i64,
}

/// Plan the tranches of an award.
///
/// The whole plan takes the place of what was there. It adds up to the award exactly and has at most as many tranches as
/// the round allows. Possible once the results are released and until one side has signed. `If-Match` names the version
/// of the funding request.
#[utoipa::path(post, path = "/v1/funding-requests/{request_id}/tranches", tag = "Tranches",
    request_body = SetTranchePlanRequest, extensions(("x-changes-version" = json!(true))),
    responses((status = 200, description = "The plan as it is now.", body = TranchePlanView)))]
pub async fn set_tranche_plan(call: Call, body: Body) -> Answer {
    let id = call.id("request_id", FundingRequestId::parse)?;
    call.look(move |connection, context| {
        let seen = see_request(connection, context.actor.as_ref(), id)?;
        context.permit("set_tranche_plan", &seen.standing)
    })
    .await?;
    let request: SetTranchePlanRequest = body.read(&call).await?;
    call.write(move |tx| run(tx, id, &request)).await
}

fn run(tx: &mut Tx<'_>, id: FundingRequestId, request: &SetTranchePlanRequest) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let seen = see_request(tx.conn, Some(&actor), id)?;
    tx.permit("set_tranche_plan", &seen.standing)?;
    tx.check_version(seen.row.version)?;
    let unmet = guards::unmet_for_plan(&seen);
    if !unmet.is_empty() {
        return Err(AppError::conditions(unmet));
    }
    let agreement = Agreement::of(tx.conn, seen)?;
    check_plan(&agreement, &request.tranches)?;
    for account in &agreement.accounts {
        delete(tranches::table.find(account.tranche.id)).execute(tx.conn)?;
        tx.audit("tranche", account.tranche.id.as_str(), Some(&account.tranche), None)?;
    }
    for (number, planned) in (1_i32..).zip(&request.tranches) {
        let row = TrancheRow {
            id: tx.new_id(),
            request_id: id,
            pilot_id: agreement.seen.row.pilot_id,
            number,
            amount: planned.amount.poisha(),
            planned_on: planned.planned_on,
            milestones: JsonList::new(planned.milestones.clone()),
            is_post_completion: planned.is_post_completion,
            status: TrancheStatus::Planned,
            requested_by: None,
            requested_at: None,
            approved_by: None,
            approved_at: None,
            disbursed_by: None,
            disbursed_at: None,
            payment_reference: None,
            paid_on: None,
            status_reason: None,
            version: 1,
            created_at: tx.now,
            updated_at: tx.now,
        };
        insert_into(tranches::table).values(&row).execute(tx.conn)?;
        tx.audit("tranche", row.id.as_str(), None, Some(&row))?;
    }
    // Whoever signs says which version of the request they mean, and with it which plan.
    let row = save(tx, "set_tranche_plan", &agreement.seen.row, agreement.seen.row.clone())?;
    let agreement = see_agreement(tx.conn, Some(&actor), id)?;
    let view = TranchePlanView {
        funding_request_id: id,
        awarded: Money::from_poisha(row.awarded.unwrap_or(0)),
        items: TrancheView::all(agreement),
        version: row.version,
    };
    Reply::record(view.version, &view)
}

/// Everything that is wrong with a plan.
fn check_plan(agreement: &Agreement, planned: &[TrancheInput]) -> Result<(), AppError> {
    let mut errors = Vec::new();
    let (most, awarded) = (agreement.seen.round.most_tranches, agreement.seen.row.awarded.unwrap_or(0));
    if i32::try_from(planned.len()).map_or(true, |count| count > most) {
        let detail = Bilingual::new(
            format!("The round allows {most} tranches at most."),
            format!("এই পর্বে সর্বোচ্চ {most}টি কিস্তি করা যায়।"),
        );
        errors.push(FieldError::new(Place::Body("/tranches".into()), "too_many", detail));
    }
    let sum: i64 = planned.iter().map(|tranche| tranche.amount.poisha()).sum();
    if sum != awarded {
        let money = |poisha: i64| Money::from_poisha(poisha).amount;
        let detail = Bilingual::new(
            format!(
                "The tranches add up to {} taka; the award is {}: a difference of {}.",
                money(sum),
                money(awarded),
                money(sum - awarded)
            ),
            format!(
                "কিস্তিগুলোর যোগফল {} টাকা, অনুদান {} টাকা: পার্থক্য {} টাকা।",
                money(sum),
                money(awarded),
                money(sum - awarded)
            ),
        );
        errors.push(FieldError::new(Place::Body("/tranches".into()), "sum_mismatch", detail));
    }
    for (place, tranche) in planned.iter().enumerate() {
        if tranche.amount.poisha() == 0 {
            errors.push(FieldError::body(
                format!("/tranches/{place}/amount/amount"),
                "minimum",
                "A tranche has to be more than nothing.",
                "কিস্তি শূন্যের বেশি হতে হবে।",
            ));
        }
        if tranche.is_post_completion && place + 1 != planned.len() {
            errors.push(FieldError::body(
                format!("/tranches/{place}/is_post_completion"),
                "only_the_last",
                "Only the last tranche may be paid after gate 2.",
                "শুধু শেষ কিস্তি গেট ২-এর পর পরিশোধ করা যায়।",
            ));
        }
        for (at, position) in tranche.milestones.iter().enumerate() {
            let pointer = format!("/tranches/{place}/milestones/{at}");
            if !agreement.milestones.contains_key(position) {
                errors.push(FieldError::unknown_reference(pointer));
            } else if tranche.milestones.iter().take(at).any(|earlier| earlier == position) {
                errors.push(FieldError::body(pointer, "duplicate", "It is named twice.", "এটি দুবার উল্লেখ করা হয়েছে।"));
            }
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(AppError::validation(errors)) }
}
