//! What people say of a pilot, and who stands behind it. Both move along when the pilot is merged into another one.

mod add_pilot_comment;
mod comment;
mod get_pilot_comment;
mod get_pilot_comment_actions;
mod list_pilot_comments;
mod merging;
mod status;
mod supporters;
mod transition_pilot_comment;

pub use comment::CommentId;
pub use merging::Merging;
pub use status::LIFECYCLE as COMMENT_LIFECYCLE;

use crate::platform::web::{Operation, operations};

/// `/v1/pilots/{pilot_id}/comments`, `/v1/comments`, `/v1/pilots/{pilot_id}/supporters`.
pub fn operations() -> Vec<Operation> {
    operations! {
        list_pilot_comments: list_pilot_comments;
        add_pilot_comment: add_pilot_comment;
        get_pilot_comment: get_pilot_comment;
        get_pilot_comment_actions: get_pilot_comment_actions;
        transition_pilot_comment: transition_pilot_comment;
        supporters: list_supporters, support_pilot, withdraw_support;
    }
}
