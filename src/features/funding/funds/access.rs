//! What a caller is to a fund, its rounds and its ledger. Funds and rounds are public, so that everyone sees them; what
//! someone may do goes by their roles alone.

use diesel::{ExpressionMethods, JoinOnDsl, QueryDsl, RunQueryDsl};

use crate::{
    features::funding::{ids::FundId, requests::RequestStatus},
    platform::{
        auth::{Actor, Standing},
        db::{
            DbConnection,
            schema::{funding_requests, funding_rounds, pilot_members, pilots},
        },
        error::{AppError, ErrorCode},
    },
};

/// What this caller is to whatever belongs to a fund and to no pilot.
pub fn standing(actor: Option<&Actor>) -> Standing {
    actor.map_or_else(Standing::default, |actor| Standing {
        logged_in: true,
        roles: actor.roles,
        reach: actor.reach,
        ..Standing::default()
    })
}

/// Closes the books of a fund, or of all, to someone who is or was in the team of a pilot that asked a round of it whose results are not
/// released: what is held and promised there would tell them the decision.
///
/// # Errors
/// `SeparationOfDuties`; those of the database.
pub fn check_no_stake(
    connection: &mut DbConnection,
    actor: Option<&Actor>,
    fund: Option<FundId>,
) -> Result<(), AppError> {
    let Some(actor) = actor else { return Ok(()) };
    // As many as the pilots of one person have asked: a handful.
    let undecided: Vec<FundId> = funding_requests::table
        .inner_join(funding_rounds::table)
        .inner_join(pilots::table.inner_join(pilot_members::table.on(pilot_members::pilot_id.eq(pilots::id))))
        .filter(pilot_members::user_id.eq(actor.user_id))
        .filter(funding_rounds::released_at.is_null())
        .filter(funding_requests::status.ne(RequestStatus::Draft))
        .select(funding_requests::fund_id)
        .load(connection)?;
    if !undecided.iter().any(|asked| fund.is_none_or(|fund| fund == *asked)) {
        return Ok(());
    }
    Err(AppError::new(ErrorCode::SeparationOfDuties).detail(
        "A pilot in whose team you are or were has asked this fund; the books are closed to you until the results are released.",
        "আপনি যে পাইলটের দলে আছেন বা ছিলেন, সেটি এই তহবিলে আবেদন করেছে; ফলাফল প্রকাশ না হওয়া পর্যন্ত হিসাব আপনার জন্য বন্ধ।",
    ))
}
