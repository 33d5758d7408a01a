//! What a caller is to a fund, its rounds and its ledger. Funds and rounds are public, so that everyone sees them; what
//! someone may do goes by their roles alone.

use crate::platform::auth::{Actor, Standing};

/// What this caller is to whatever belongs to a fund and to no pilot.
pub fn standing(actor: Option<&Actor>) -> Standing {
    actor.map_or_else(Standing::default, |actor| Standing {
        logged_in: true,
        roles: actor.roles,
        reach: actor.reach,
        ..Standing::default()
    })
}
