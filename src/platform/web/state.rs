//! What every request can reach.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use ipnet::IpNet;
use serde_json::Value;

use super::{operation::OperationIndex, schemas::SchemaRegistry};
use crate::platform::{
    auth::{Passwords, Permission, Sessions, TokenService},
    clock::Clock,
    crypto::MacKey,
    db::Db,
    files::Files,
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
    /// Where files lie.
    pub files: Files,
    /// The largest body that is read, unpacked, in bytes.
    pub body_limit: usize,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
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
