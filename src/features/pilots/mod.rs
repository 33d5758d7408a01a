//! The pilot: what its team writes, who belongs to it, who sees it, and its way through the lifecycle. This slice owns
//! the stage; the gates ask it to move by [`advance`].

pub mod access;
mod actions;
mod attachments;
mod content;
mod create_pilot;
mod delete_pilot;
mod facets;
mod follower;
mod get_pilot;
mod get_pilot_actions;
mod guards;
mod ids;
mod list_pilot_transitions;
pub mod list_pilots;
mod load;
mod members;
mod merged;
mod references;
mod rows;
pub mod status;
mod team;
mod transition_pilot;
mod update_pilot;
mod view;
mod viewers;

pub use access::{Seen, see};
pub use attachments::PilotFiles;
pub use follower::{Facts, Follower};
pub use guards::{comment_obstacle, handover_obstacle, support_obstacle, supported_already, unmet_on_behalf};
pub use ids::{PilotId, TransitionId};
pub use load::facts;
pub use members::find_active;
pub use merged::{merged_into, survivor_as_seen};
pub use rows::{MemberRole, PilotRow};
pub use team::{TeamChange, change_owner, has_judged};
pub use transition_pilot::{advance, save};
pub use view::PersonView;
pub use viewers::{Viewer, see_many};

use crate::platform::web::{Operation, operations};

/// `/v1/pilots` and what hangs on one: `…/transitions`, `…/actions`, `…/members`.
pub fn operations() -> Vec<Operation> {
    operations! {
        list_pilots: list_pilots;
        create_pilot: create_pilot;
        get_pilot: get_pilot;
        update_pilot: update_pilot;
        delete_pilot: delete_pilot;
        transition_pilot: transition_pilot;
        list_pilot_transitions: list_pilot_transitions;
        get_pilot_actions: get_pilot_actions;
        members: list_pilot_members, add_pilot_member, remove_pilot_member;
    }
}
