//! Who may say what savings are counted from: no one who has a pilot in it.

use diesel::{ExpressionMethods, JoinOnDsl, QueryDsl, RunQueryDsl, dsl::exists, select};

use crate::{
    features::reference,
    platform::{
        auth::{Actor, Standing},
        db::{
            DbConnection,
            schema::{pilot_members, pilots},
        },
        error::{AppError, ErrorCode},
        ids::ServiceId,
    },
};

/// What the caller is to a service: of the team of one of its pilots, now or before, or not.
///
/// # Errors
/// `NotFound` when there is no such service; `SeparationOfDuties` for an officer of such a team.
pub fn standing_to_service(
    connection: &mut DbConnection,
    actor: &Actor,
    service: ServiceId,
) -> Result<Standing, AppError> {
    must_exist(connection, service)?;
    let team = select(exists(
        pilot_members::table
            .inner_join(pilots::table.on(pilots::id.eq(pilot_members::pilot_id)))
            .filter(pilot_members::user_id.eq(actor.user_id))
            .filter(pilots::service_id.eq(service)),
    ))
    .get_result(connection)?;
    if team && actor.roles.is_staff() {
        return Err(AppError::new(ErrorCode::SeparationOfDuties).detail(
            "You belong or belonged to the team of a pilot on this service, so someone else has to do this.",
            "আপনি এই সেবার কোনো পাইলটের দলের সদস্য অথবা সাবেক সদস্য, তাই অন্য কাউকে এটি করতে হবে।",
        ));
    }
    Ok(Standing { logged_in: true, roles: actor.roles, reach: actor.reach, team, ..Standing::default() })
}

/// The service in the path has to be there.
///
/// # Errors
/// `NotFound`.
pub fn must_exist(connection: &mut DbConnection, service: ServiceId) -> Result<(), AppError> {
    if reference::service_exists(connection, service)? { Ok(()) } else { Err(AppError::not_found()) }
}
