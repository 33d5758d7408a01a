//! Who can become the owner of a pilot, and when an officer may offer it in the owner's place.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, dsl::exists, select};

use crate::{
    features::pilots::{PilotRow, has_judged},
    platform::{
        auth::Role,
        db::{
            DbConnection,
            schema::{user_roles, users},
        },
        error::{AppError, FieldError},
        ids::{OrganisationId, UserId},
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
    ];
    Ok(failing(&checks))
}

/// Why an officer may not act in the owner's place: the owner is still there.
///
/// # Errors
/// Those of the database.
pub fn unmet_on_behalf(connection: &mut DbConnection, pilot: &PilotRow) -> Result<Vec<FieldError>, AppError> {
    let (status, organisation): (String, Option<OrganisationId>) =
        users::table.find(pilot.owner_id).select((users::status, users::organisation_id)).first(connection)?;
    let is_there = status == "active" && organisation == Some(pilot.organisation_id);
    Ok(failing(&[(
        is_there,
        "owner_present",
        "The owner has an active account and works in the pilot's organisation, so they hand it over themselves.",
        "স্বত্বাধিকারীর অ্যাকাউন্ট সক্রিয় এবং তিনি পাইলটের প্রতিষ্ঠানে কর্মরত, তাই হস্তান্তর তাঁকেই করতে হবে।",
    )]))
}

fn failing(checks: &[(bool, &'static str, &'static str, &'static str)]) -> Vec<FieldError> {
    checks
        .iter()
        .filter(|(fails, ..)| *fails)
        .map(|(_, code, en, bn)| FieldError::condition(code, Bilingual::new(*en, *bn)))
        .collect()
}
