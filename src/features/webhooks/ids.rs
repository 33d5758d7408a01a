//! Identifiers of this slice.

use crate::platform::ids::id_types;

id_types! {
    /// Where someone wants to be told of changes.
    WebhookEndpointId;
    /// One change on its way to one endpoint.
    WebhookDeliveryId;
}
