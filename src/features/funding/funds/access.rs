//! What a caller is to a fund, its rounds and its ledger. Funds and rounds are public, so that everyone sees them; what
//! someone may do goes by their roles, unless a pilot of theirs waits for the fund's decision.

use diesel::{ExpressionMethods, JoinOnDsl, QueryDsl, RunQueryDsl};

use crate::{
    features::funding::{FUND_STAFF, ids::FundId, requests::RequestStatus},
    platform::{
        auth::{Actor, Standing},
        db::{
            DbConnection,
            schema::{funding_requests, funding_rounds, pilot_members, pilots},
        },
        error::AppError,
        ids::UserId,
    },
};

/// What this caller is to what belongs to a fund and to no pilot.
///
/// # Errors
/// Those of the database.
pub fn standing(connection: &mut DbConnection, actor: Option<&Actor>, fund: FundId) -> Result<Standing, AppError> {
    Ok(Stakes::of(connection, actor)?.standing(actor, Some(fund)))
}

/// The funds in whose decisions someone has a stake: they are or were in the team of a pilot that asked a round of it whose
/// results are not released. What is held and promised there would tell them the decision, and what they turn away
/// or lay out there would be for their own pilot.
#[derive(Default)]
pub struct Stakes(Vec<FundId>);

impl Stakes {
    /// A caller's. Only those who handle requests or read the books are looked up: nobody else is let near either.
    ///
    /// # Errors
    /// Those of the database.
    pub fn of(connection: &mut DbConnection, actor: Option<&Actor>) -> Result<Self, AppError> {
        match actor {
            Some(actor) if actor.roles.has_any(FUND_STAFF) => Self::of_person(connection, actor.user_id),
            _ => Ok(Self::default()),
        }
    }

    /// A person's.
    ///
    /// # Errors
    /// Those of the database.
    pub fn of_person(connection: &mut DbConnection, person: UserId) -> Result<Self, AppError> {
        // As many as the pilots of one person have asked: a handful.
        let undecided = funding_requests::table
            .inner_join(funding_rounds::table)
            .inner_join(pilots::table.inner_join(pilot_members::table.on(pilot_members::pilot_id.eq(pilots::id))))
            .filter(pilot_members::user_id.eq(person))
            .filter(funding_rounds::released_at.is_null())
            .filter(funding_requests::status.ne(RequestStatus::Draft))
            .select(funding_requests::fund_id)
            .load(connection)?;
        Ok(Self(undecided))
    }

    /// Whether there is one in this fund; without a fund, in any.
    pub fn are_in(&self, fund: Option<FundId>) -> bool {
        self.0.iter().any(|asked| fund.is_none_or(|fund| fund == *asked))
    }

    /// What this caller is to a fund; without one, to all of them.
    pub fn standing(&self, actor: Option<&Actor>, fund: Option<FundId>) -> Standing {
        actor.map_or_else(Standing::default, |actor| Standing {
            logged_in: true,
            roles: actor.roles,
            stake: self.are_in(fund),
            reach: actor.reach,
            ..Standing::default()
        })
    }
}
