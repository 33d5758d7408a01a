//! Looking at the outbox: what waits, what was sent, what was given up. Never what a message says.

mod get_outbox_message;
mod list_outbox_messages;
mod messages;

use crate::platform::web::{Operation, operations};

/// `/v1/outbox-messages`.
pub fn operations() -> Vec<Operation> {
    operations! { list_outbox_messages: list_outbox_messages; get_outbox_message: get_outbox_message }
}
