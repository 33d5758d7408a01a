//! Webhooks, by the Standard Webhooks specification: endpoints that are told of changes which their owner may see.
//!
//! The way of a change: the sealer gives it its position; [`fan_out`] makes a delivery for each endpoint that wants it
//! and queues it in the outbox; [`WebhookSender`] looks again whether the owner may see it now, signs and posts it. What
//! is sent is thin, so nothing private leaves. An endpoint that a key made sees what the key may read, and ends with its
//! service account.

mod access;
mod create_webhook_endpoint;
mod delete_webhook_endpoint;
mod deliveries;
mod end_with_account;
mod endpoint_view;
mod fan_out;
mod get_webhook_delivery;
mod get_webhook_endpoint;
mod get_webhook_endpoint_actions;
mod ids;
mod list_webhook_deliveries;
mod list_webhook_endpoints;
mod purge;
mod replay;
mod rotate_webhook_secret;
mod rows;
mod secret;
mod send;
pub mod status;
mod test_webhook_endpoint;
mod transition_webhook_endpoint;
mod update_webhook_endpoint;

pub use end_with_account::end_with_account;
pub use fan_out::fan_out;
pub use purge::purge;
pub use send::WebhookSender;

use crate::platform::web::{Operation, operations};

/// `/v1/webhook-endpoints` and `/v1/webhook-deliveries`.
pub fn operations() -> Vec<Operation> {
    operations! {
        list_webhook_endpoints: list_webhook_endpoints;
        create_webhook_endpoint: create_webhook_endpoint;
        get_webhook_endpoint: get_webhook_endpoint;
        get_webhook_endpoint_actions: get_webhook_endpoint_actions;
        update_webhook_endpoint: update_webhook_endpoint;
        delete_webhook_endpoint: delete_webhook_endpoint;
        transition_webhook_endpoint: transition_webhook_endpoint;
        rotate_webhook_secret: rotate_webhook_secret;
        test_webhook_endpoint: test_webhook_endpoint;
        list_webhook_deliveries: list_webhook_deliveries;
        get_webhook_delivery: get_webhook_delivery;
        replay: replay_webhook_delivery, replay_webhook_deliveries;
    }
}
