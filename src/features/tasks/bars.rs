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

/// Nobody who did this for a tranche of the request: `tranches::approved_by` and the like, by an alias of the table.
macro_rules! never_did {
    ($me:expr, $column:ident) => {
        diesel::dsl::not(diesel::dsl::exists(
            siblings
                .filter(siblings.field(tranches::request_id).eq(funding_requests::id))
                .filter(siblings.field(tranches::$column).eq($me)),
        ))
    };
}
pub(super) use never_did;
