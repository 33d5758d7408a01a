//! A service account is used until it is revoked. That is final: whoever needs one again makes a new one.

use crate::platform::{
    lifecycle::{Move, words},
    text_enum::text_enum,
};

text_enum! {
    /// Whether a service account can be used.
    ServiceAccountStatus {
        /// Its keys work until their last day.
        Active = "active",
        /// None of its keys ever works again.
        Revoked = "revoked",
    }
}

text_enum! {
    /// What can be done to a service account's status.
    ServiceAccountCommand {
        /// Its keys stop working at once, for ever.
        Revoke = "revoke",
    }
}

impl ServiceAccountCommand {
    /// Its line in the permission table, by which it is also audited.
    pub const fn permission(self) -> &'static str {
        match self {
            Self::Revoke => "transition_service_account.revoke",
        }
    }
}

words! {
    ServiceAccountStatus { Active "সক্রিয়", Revoked "বাতিল" }
    ServiceAccountCommand { Revoke "বাতিল করা" }
}

/// The lifecycle of service accounts.
pub const LIFECYCLE: &[Move<ServiceAccountStatus, ServiceAccountCommand>] = &[Move {
    command: ServiceAccountCommand::Revoke,
    from: &[ServiceAccountStatus::Active],
    to: ServiceAccountStatus::Revoked,
    needs_reason: true,
    guard: "none; all keys stop working within a second, for ever",
}];
