//! How an endpoint and a delivery stand.

use crate::platform::{
    lifecycle::{Move, words},
    text_enum::text_enum,
};

text_enum! {
    /// How an endpoint stands.
    EndpointStatus {
        /// It is told of changes.
        Active = "active",
        /// Its owner wants to be left alone for a while.
        Paused = "paused",
        /// It failed for too long, its service account was revoked, or an administrator stopped it.
        Disabled = "disabled",
    }
}

text_enum! {
    /// What can be done to an endpoint's status.
    EndpointCommand {
        /// Send nothing for a while.
        Pause = "pause",
        /// Send again, from now on.
        Enable = "enable",
        /// Send nothing until an administrator enables it again.
        Disable = "disable",
    }
}

text_enum! {
    /// How a delivery stands.
    DeliveryStatus {
        /// It is tried, or waits for the next attempt.
        Pending = "pending",
        /// It was taken with a 2xx status.
        Delivered = "delivered",
        /// It was given up.
        Failed = "failed",
        /// Its owner may no longer see the record.
        Skipped = "skipped",
    }
}

words! {
    EndpointStatus { Active "সক্রিয়", Paused "স্থগিত", Disabled "নিষ্ক্রিয়" }
    EndpointCommand { Pause "স্থগিত করা", Enable "সক্রিয় করা", Disable "নিষ্ক্রিয় করা" }
}

impl EndpointCommand {
    /// Its line in the permission table, by which it is also audited.
    pub const fn permission(self) -> &'static str {
        match self {
            Self::Pause => "transition_webhook_endpoint.pause",
            Self::Enable => "transition_webhook_endpoint.enable",
            Self::Disable => "transition_webhook_endpoint.disable",
        }
    }
}

/// The lifecycle of endpoints.
pub const LIFECYCLE: &[Move<EndpointStatus, EndpointCommand>] = &[
    Move {
        command: EndpointCommand::Pause,
        from: &[EndpointStatus::Active],
        to: EndpointStatus::Paused,
        needs_reason: false,
        guard: "none; what is pending fails and can be replayed",
    },
    Move {
        command: EndpointCommand::Enable,
        from: &[EndpointStatus::Paused, EndpointStatus::Disabled],
        to: EndpointStatus::Active,
        needs_reason: false,
        guard: "by its owner; what an administrator disabled, by an administrator; not after its service account has ended; changes in between are not sent, they are in the feed",
    },
    Move {
        command: EndpointCommand::Disable,
        from: &[EndpointStatus::Active, EndpointStatus::Paused, EndpointStatus::Disabled],
        to: EndpointStatus::Disabled,
        needs_reason: true,
        guard: "by an administrator; only an administrator enables it again",
    },
];
