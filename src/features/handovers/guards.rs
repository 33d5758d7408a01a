//! Who can become the owner of a pilot.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, dsl::exists, select};

use super::rows::HandoverRow;
use crate::{
    features::{
        funding::requests::would_be_barred,
        pilots::{PilotRow, handover_obstacle, has_judged},
    },
    platform::{
        auth::Role,
        db::{DbConnection, schema::user_roles},
        error::{AppError, ErrorCode, FieldError},
        ids::UserId,
        text::Bilingual,
    },
};

/// Why someone cannot become the owner: all reasons at once. Asked when it is offered and again when it is accepted.
///
/// # Errors
/// Those of the database.
pub fn unmet_by_receiver(
    connection: &mut DbConnection,
    pilot: &PilotRow,
    receiver: UserId,
) -> Result<Vec<FieldError>, AppError> {
    let roles = user_roles::table.filter(user_roles::user_id.eq(receiver)).filter(user_roles::role.eq(Role::Innovator));
    let is_innovator: bool = select(exists(roles)).get_result(connection)?;
    let checks = [
        (pilot.owner_id == receiver, "owner_already", "They own the pilot already.", "তিনি ইতিমধ্যে পাইলটটির স্বত্বাধিকারী।"),
        (
            !is_innovator,
            "not_an_innovator",
            "Only an innovator can own a pilot.",
            "শুধু উদ্ভাবক পাইলটের স্বত্বাধিকারী হতে পারেন।",
        ),
        (
            has_judged(connection, pilot, receiver)?,
            "judged_the_pilot",
            "They screened this pilot or decided on it as an officer, so they cannot own it.",
            "তিনি কর্মকর্তা হিসেবে এই পাইলট যাচাই করেছেন বা সিদ্ধান্ত দিয়েছেন, তাই এর স্বত্বাধিকারী হতে পারেন না।",
        ),
        (
            would_be_barred(connection, pilot.id, receiver)?,
            "handles_funding_requests",
            "They review or decide on funding requests, and one of this pilot is under way.",
            "তিনি অর্থায়নের আবেদন মূল্যায়ন করেন বা সিদ্ধান্ত দেন, আর এই পাইলটের একটি আবেদন চলমান।",
        ),
    ];
    Ok(failing(&checks))
}

/// Why an offer cannot be accepted by its receiver. Time has passed since it was made: all that was checked then has to be so
/// still.
///
/// # Errors
/// Those of the database.
pub fn acceptance_obstacle(
    connection: &mut DbConnection,
    offer: &HandoverRow,
    pilot: &PilotRow,
) -> Result<Option<AppError>, AppError> {
    if let Some(obstacle) = handover_obstacle(pilot) {
        return Ok(Some(obstacle));
    }
    if pilot.owner_id != offer.from_user_id {
        return Ok(Some(
            AppError::new(ErrorCode::Conflict)
                .detail("The pilot has another owner now.", "পাইলটটির স্বত্বাধিকারী এখন অন্যজন।"),
        ));
    }
    let unmet = unmet_by_receiver(connection, pilot, offer.to_user_id)?;
    Ok((!unmet.is_empty()).then(|| AppError::conditions(unmet)))
}

fn failing(checks: &[(bool, &'static str, &'static str, &'static str)]) -> Vec<FieldError> {
    checks
        .iter()
        .filter(|(fails, ..)| *fails)
        .map(|(_, code, en, bn)| FieldError::condition(code, Bilingual::new(*en, *bn)))
        .collect()
}
