//! The bars of the permission table as conditions of statements. Macros, since the types of such conditions cannot be
//! written.

/// Nobody who is or was in the pilot's team.
macro_rules! never_in_team {
    ($me:expr) => {
        diesel::dsl::not(diesel::dsl::exists(
            pilot_members::table.filter(pilot_members::pilot_id.eq(pilots::id)).filter(pilot_members::user_id.eq($me)),
        ))
    };
}
pub(super) use never_in_team;

/// Nobody who has or had a review of the request.
macro_rules! never_reviewed {
    ($me:expr) => {
        diesel::dsl::not(diesel::dsl::exists(
            funding_reviews::table
                .filter(funding_reviews::request_id.eq(funding_requests::id))
                .filter(funding_reviews::reviewer_id.eq($me)),
        ))
    };
}
pub(super) use never_reviewed;

/// Nobody who ever did this with a tranche of the request: out of the history, since a tranche that is asked for again
/// forgets who approved and paid it the first time.
macro_rules! never_did {
    ($me:expr, $step:expr) => {
        diesel::dsl::not(diesel::dsl::exists(
            tranche_transitions::table
                .filter(tranche_transitions::request_id.eq(funding_requests::id))
                .filter(tranche_transitions::actor_id.eq($me))
                .filter(tranche_transitions::command.eq($step)),
        ))
    };
}
pub(super) use never_did;
