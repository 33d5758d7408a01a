//! Offering a pilot to another officer.

use diesel::{RunQueryDsl, insert_into};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    guards::unmet_by_receiver,
    letters::{News, tell},
    rows::{HandoverRow, OPEN_FOR, advance, unanswered},
    status::{HandoverMove, HandoverStatus},
    view::{HandoverView, see_handover},
};
use crate::{
    features::pilots::{PilotId, facts, find_active, handover_obstacle, see, unmet_on_behalf},
    platform::{
        auth::{Role, Standing},
        db::schema::pilot_handovers,
        error::{AppError, DatabaseIntent, ErrorCode, FieldError},
        ids::UserId,
        web::{Answer, Body, Call, Reply, Tx},
    },
};

const OWN: &str = "offer_handover.own";
const ON_BEHALF: &str = "offer_handover.on_behalf";

/// To whom, and what becomes of the present owner.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "deputy@demo.innovation.gov.bd", "previous_owner_stays": false, "reason": "I am transferred to Bhola in August."}))]
pub struct OfferHandoverRequest {
    /// Their identifier.
    pub user_id: Option<UserId>,
    /// Or their email address.
    #[schema(min_length = 3, max_length = 254)]
    pub email: Option<String>,
    /// Whether the present owner stays in the team as a member.
    pub previous_owner_stays: bool,
    /// Why; an officer who acts on behalf of an owner has to say it.
    #[schema(min_length = 1, max_length = 5000, pattern = r"\S")]
    pub reason: Option<String>,
}

/// Offer a pilot to another officer.
///
/// By its owner; or by a programme officer outside the team, with a reason, when the owner's account is disabled or the
/// owner works elsewhere now. The receiver is told by mail, has fourteen days to accept, and reads the pilot until then
/// although it may be a draft. Whoever screened the pilot or decided on it
/// cannot take it over.
#[utoipa::path(post, path = "/v1/pilots/{pilot_id}/handovers", tag = "Handovers", request_body = OfferHandoverRequest,
    responses((status = 201, description = "The offer.", body = HandoverView)))]
pub async fn offer_handover(call: Call, body: Body) -> Answer {
    let id = call.id("pilot_id", PilotId::parse)?;
    call.look(move |connection, context| {
        let seen = see(connection, context.actor.as_ref(), id)?;
        context.permit(line(&seen.standing), &seen.standing)
    })
    .await?;
    let request: OfferHandoverRequest = body.read(&call).await?;
    call.write(move |tx| run(tx, id, &request)).await
}

/// As what someone offers it: as the owner, or on the owner's behalf.
fn line(standing: &Standing) -> &'static str {
    if !standing.owner && standing.roles.has(Role::ProgrammeOfficer) { ON_BEHALF } else { OWN }
}

fn run(tx: &mut Tx<'_>, id: PilotId, request: &OfferHandoverRequest) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let seen = see(tx.conn, Some(&actor), id)?;
    let action = line(&seen.standing);
    tx.permit(action, &seen.standing)?;
    if action == ON_BEHALF && request.reason.is_none() {
        return Err(AppError::validation(vec![FieldError::body(
            "/reason",
            "required",
            "On behalf of an owner this needs a reason.",
            "স্বত্বাধিকারীর পক্ষে হস্তান্তরের কারণ দিতে হবে।",
        )]));
    }
    let receiver = find_active(tx.conn, request.user_id, request.email.as_deref())?;
    if let Some(obstacle) = handover_obstacle(&seen.row) {
        return Err(obstacle);
    }
    if action == ON_BEHALF && receiver == actor.user_id {
        return Err(AppError::new(ErrorCode::SeparationOfDuties)
            .detail("You cannot hand someone else's pilot over to yourself.", "অন্যের পাইলট নিজের কাছে হস্তান্তর করা যায় না।"));
    }
    let mut unmet = unmet_by_receiver(tx.conn, &seen.row, receiver)?;
    if action == ON_BEHALF {
        unmet.extend(unmet_on_behalf(&facts(tx.conn, id)?));
    }
    if !unmet.is_empty() {
        return Err(AppError::conditions(unmet));
    }
    let open = AppError::new(ErrorCode::AlreadyExists).detail(
        "An offer is open; it has to be answered or withdrawn first.",
        "একটি প্রস্তাব খোলা আছে; আগে তার উত্তর দিতে বা তা প্রত্যাহার করতে হবে।",
    );
    if let Some(earlier) = unanswered(tx.conn, id)? {
        if earlier.status_at(tx.now) == HandoverStatus::Offered {
            return Err(open);
        }
        advance(tx, &earlier, HandoverMove::Expire, None, None)?;
    }
    let row = HandoverRow {
        id: tx.new_id(),
        pilot_id: id,
        from_user_id: seen.row.owner_id,
        to_user_id: receiver,
        offered_by: actor.user_id,
        previous_owner_stays: request.previous_owner_stays,
        reason: request.reason.clone(),
        status: HandoverStatus::Offered,
        expires_at: tx.now.plus(OPEN_FOR),
        answered_at: None,
        answered_by: None,
        answer_reason: None,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    insert_into(pilot_handovers::table).values(&row).execute(tx.conn).or_conflict(open)?;
    tx.audit_as(action, "handover", row.id.as_str(), None, Some(&row))?;
    tell(tx, &row, News::Offered)?;
    let (loaded, _, standing) = see_handover(tx.conn, &actor, row.id)?;
    let view = HandoverView::new(loaded, &standing, tx.now);
    Reply::created(format!("/v1/handovers/{}", row.id), row.version, &view)
}
