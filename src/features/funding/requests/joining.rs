//! Who must not join the team of a pilot because they handle requests for money.
//!
//! Whoever is, or was, in a team decides nothing about its requests. Nobody is asked before an owner takes them in, so an
//! applicant could take in the approvers one by one, before or after asking for money, and leave a whole round undecided;
//! or become the property of a reviewer who has judged already.

use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, RunQueryDsl, dsl::exists, select};

use super::RequestStatus;
use crate::{
    features::pilots::PilotId,
    platform::{
        auth::Role,
        db::{
            DbConnection,
            schema::{funding_requests, funding_rounds, user_roles},
        },
        error::{AppError, ErrorCode},
        ids::UserId,
    },
};

/// The few who move every request on, and those who check them.
const MOVING: [Role; 4] = [Role::FundOfficer, Role::FundApprover, Role::FinanceOfficer, Role::Auditor];
/// They, and those who score some of them.
const HANDLING: [Role; 5] =
    [Role::FundOfficer, Role::FundApprover, Role::FinanceOfficer, Role::Auditor, Role::Reviewer];

/// Why someone is not taken into a team by its owner, if there is a reason.
///
/// # Errors
/// Those of the database.
pub fn joining_obstacle(
    connection: &mut DbConnection,
    pilot: PilotId,
    person: UserId,
) -> Result<Option<AppError>, AppError> {
    let conflict = |en, bn| Some(AppError::new(ErrorCode::Conflict).detail(en, bn));
    if holds_one_of(connection, person, &MOVING)? {
        return Ok(conflict(
            "They decide on funding requests, pay for them or audit them. They are not taken into a team, since it would bar \
             them from every request of its pilot and from the books of the fund.",
            "তিনি অর্থায়নের আবেদনে সিদ্ধান্ত দেন, অর্থ পরিশোধ করেন বা নিরীক্ষা করেন। দলে নিলে এই পাইলটের কোনো আবেদন বা তহবিলের হিসাব নিয়ে আর \
             কাজ করতে পারতেন না, তাই তাঁকে দলে নেওয়া যায় না।",
        ));
    }
    Ok(if would_be_barred(connection, pilot, person)? {
        conflict(
            "They review funding requests, and cannot join the team while one of this pilot is under way.",
            "তিনি অর্থায়নের আবেদন মূল্যায়ন করেন, তাই এই পাইলটের আবেদন চলমান থাকা অবস্থায় দলে যোগ দিতে পারেন না।",
        )
    } else {
        None
    })
}

/// Whether someone who handles requests would join a pilot with a request under way.
///
/// # Errors
/// Those of the database.
pub fn would_be_barred(connection: &mut DbConnection, pilot: PilotId, person: UserId) -> Result<bool, AppError> {
    let idle = RequestStatus::ALL.iter().filter(|it| it.is_idle());
    // What is decided and not told counts as under way, or the refusal would tell it.
    let untold = funding_requests::status.eq_any(RequestStatus::UNTOLD).and(funding_rounds::released_at.is_null());
    let under_way = funding_requests::table
        .inner_join(funding_rounds::table)
        .filter(funding_requests::pilot_id.eq(pilot))
        .filter(funding_requests::status.ne_all(idle).or(untold));
    let handles = user_roles::table.filter(user_roles::user_id.eq(person)).filter(user_roles::role.eq_any(HANDLING));
    Ok(select(exists(under_way).and(exists(handles))).get_result(connection)?)
}

fn holds_one_of(connection: &mut DbConnection, person: UserId, roles: &[Role]) -> Result<bool, AppError> {
    let held = user_roles::table.filter(user_roles::user_id.eq(person)).filter(user_roles::role.eq_any(roles.to_vec()));
    Ok(select(exists(held)).get_result(connection)?)
}
