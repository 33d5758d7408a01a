//! Signing an agreement: the owner for the pilot, a fund officer for the fund, both the same file. The second signature
//! puts it in force.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{access::Agreement, guards};
use crate::{
    features::{
        attachments::{AttachmentId, ParentKind, present},
        funding::{
            ids::FundingRequestId,
            requests::{
                By, FundingRequestRow, RequestMove, RequestStatus, SeenRequest, advance, save, see_request,
                status::LIFECYCLE, told,
            },
        },
    },
    platform::{
        auth::Standing,
        clock::Timestamp,
        error::{AppError, ErrorCode, FieldError},
        ids::UserId,
        lifecycle::next,
        money::Money,
        web::{Answer, Body, Call, Reply, Tx},
    },
};

/// What is signed.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"file_id": "0197a3c0-0000-7000-8000-000000000001"}))]
pub struct SignAgreementRequest {
    /// The signed agreement: a file attached to the funding request. Both sides name the same one.
    pub file_id: AttachmentId,
}

/// How far an agreement has come.
#[derive(Serialize, ToSchema)]
pub struct AgreementView {
    /// Of which funding request.
    pub funding_request_id: FundingRequestId,
    /// Where that stands.
    #[schema(inline)]
    pub status: RequestStatus,
    /// How much is awarded.
    pub awarded: Money,
    /// The signed agreement.
    pub file_id: Option<AttachmentId>,
    /// Until when it has to be signed.
    pub due_on: Option<chrono::NaiveDate>,
    /// Who signed for the pilot.
    pub owner_signed_by: Option<UserId>,
    /// When.
    pub owner_signed_at: Option<Timestamp>,
    /// Who signed for the fund.
    pub officer_signed_by: Option<UserId>,
    /// When.
    pub officer_signed_at: Option<Timestamp>,
    /// The version of the funding request; the `ETag`.
    #[schema(minimum = 1)]
    pub version: i64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Owner,
    Officer,
}

/// Sign an agreement.
///
/// By the pilot's owner and by a fund officer outside its team, in either order, until the day that the award names. The
/// tranches have to add up to the award. As long as the other side has not signed, a side can sign again with another
/// file. The second signature puts the agreement in force. `If-Match` names the version of the funding request, and with
/// it the plan that is signed.
#[utoipa::path(post, path = "/v1/funding-requests/{request_id}/agreement-signatures", tag = "Tranches",
    request_body = SignAgreementRequest, extensions(("x-changes-version" = json!(true))),
    responses((status = 200, description = "How far the agreement has come.", body = AgreementView)))]
pub async fn sign_agreement(call: Call, body: Body) -> Answer {
    let id = call.id("request_id", FundingRequestId::parse)?;
    call.look(move |connection, context| {
        let seen = see_request(connection, context.actor.as_ref(), id)?;
        side(&seen.standing, |line| context.permit(line, &seen.standing)).map(|_| ())
    })
    .await?;
    let request: SignAgreementRequest = body.read(&call).await?;
    call.write(move |tx| run(tx, id, &request)).await
}

/// Who is the owner signs for the pilot, whatever else they are.
/// Nobody signs for both sides: after a handover who signed for the fund may own the pilot.
pub fn other_side_obstacle(seen: &SeenRequest) -> Option<AppError> {
    let others = if seen.standing.owner { seen.row.officer_signed_by } else { seen.row.owner_signed_by };
    (others == Some(seen.reader)).then(|| {
        AppError::new(ErrorCode::SeparationOfDuties).detail(
            "You signed for the other side, so someone else has to do this.",
            "আপনি অপর পক্ষের হয়ে স্বাক্ষর করেছেন, তাই অন্য কাউকে এটি করতে হবে।",
        )
    })
}

fn side(standing: &Standing, permit: impl Fn(&str) -> Result<(), AppError>) -> Result<Side, AppError> {
    if standing.owner {
        permit("sign_agreement.owner").map(|()| Side::Owner)
    } else {
        permit("sign_agreement.officer").map(|()| Side::Officer)
    }
}

fn run(tx: &mut Tx<'_>, id: FundingRequestId, request: &SignAgreementRequest) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let seen = see_request(tx.conn, Some(&actor), id)?;
    let side = side(&seen.standing, |line| tx.permit(line, &seen.standing))?;
    let others = match side {
        Side::Owner => seen.row.officer_signed_by,
        Side::Officer => seen.row.owner_signed_by,
    };
    if let Some(obstacle) = other_side_obstacle(&seen) {
        return Err(obstacle);
    }
    let (version, _) = told::mark(tx.conn, &seen)?;
    tx.check_version(version)?;
    next(LIFECYCLE, seen.told_status(), RequestMove::SignAgreement)?;
    let agreement = Agreement::of(tx.conn, seen)?;
    let unmet = guards::unmet_for_signature(&agreement.seen, agreement.planned(), tx.now.day_in_dhaka());
    if !unmet.is_empty() {
        return Err(AppError::conditions(unmet));
    }
    check_file(tx, &agreement.seen, request.file_id, others)?;
    let before = &agreement.seen.row;
    let mut signed = FundingRequestRow { agreement_file_id: Some(request.file_id), ..before.clone() };
    let (by, at) = (Some(actor.user_id), Some(tx.now));
    match side {
        Side::Owner => (signed.owner_signed_by, signed.owner_signed_at) = (by, at),
        Side::Officer => (signed.officer_signed_by, signed.officer_signed_at) = (by, at),
    }
    let row = if others.is_some() {
        advance(tx, "sign_agreement", before, signed, RequestMove::SignAgreement, By::System, None)?
    } else {
        save(tx, "sign_agreement", before, signed)?
    };
    let view = AgreementView::from(row);
    Reply::record(view.version, &view)
}

fn check_file(tx: &mut Tx<'_>, seen: &SeenRequest, file: AttachmentId, others: Option<UserId>) -> Result<(), AppError> {
    let files = present(tx.conn, ParentKind::FundingRequest, &[seen.row.id.to_string()])?;
    if !files.iter().any(|(_, present)| *present == file) {
        return Err(AppError::validation(vec![FieldError::unknown_reference("/file_id")]));
    }
    if others.is_some() && seen.row.agreement_file_id != Some(file) {
        return Err(AppError::validation(vec![FieldError::body(
            "/file_id",
            "other_file",
            "The other side signed another file.",
            "অপর পক্ষ অন্য একটি ফাইলে স্বাক্ষর করেছে।",
        )]));
    }
    Ok(())
}

impl From<FundingRequestRow> for AgreementView {
    fn from(row: FundingRequestRow) -> Self {
        Self {
            funding_request_id: row.id,
            status: row.status,
            awarded: Money::from_poisha(row.awarded.unwrap_or(0)),
            file_id: row.agreement_file_id,
            due_on: row.agreement_due_on,
            owner_signed_by: row.owner_signed_by,
            owner_signed_at: row.owner_signed_at,
            officer_signed_by: row.officer_signed_by,
            officer_signed_at: row.officer_signed_at,
            version: row.version,
        }
    }
}
