//! What every request can reach.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use ipnet::IpNet;
use serde_json::Value;

use super::{operation::OperationIndex, schemas::SchemaRegistry};
use crate::platform::{
    audit::SubjectColumn,
    auth::{Passwords, Permission, Sessions, TokenService},
    background::Chore,
    clock::Clock,
    crypto::MacKey,
    db::Db,
    outbound::Outbound,
    outbox,
};

/// Shared by all workers.
pub struct AppState {
    /// The database.
    pub db: Db,
    /// Time and identifiers.
    pub clock: Clock,
    /// Issues access tokens.
    pub tokens: TokenService,
    /// Turns them back into people.
    pub sessions: Sessions,
    /// Hashes passwords.
    pub passwords: Passwords,
    /// Signs cursors.
    pub cursor_key: MacKey,
    /// Which operation a request is for.
    pub operations: OperationIndex,
    /// What bodies must look like.
    pub schemas: SchemaRegistry,
    /// The permission table.
    pub permissions: &'static [Permission],
    /// The OpenAPI document.
    pub document: Arc<Value>,
    /// The largest body that is read, unpacked, in bytes.
    pub body_limit: usize,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// How a row tells what it hangs on.
    pub subject_columns: &'static [SubjectColumn],
    /// Who sends what waits in the outbox.
    pub outbox_handlers: &'static [&'static dyn outbox::Handler],
    /// What slices do in the background.
    pub chores: &'static [Chore],
    /// Asks addresses that users name.
    pub outbound: Outbound,
    /// Tells this instance from others on the same database.
    pub instance: String,
    /// Set when the process is about to stop.
    pub draining: AtomicBool,
}

impl AppState {
    /// Whether new work should go elsewhere.
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    /// Announces the end.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }
}
