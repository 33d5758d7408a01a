//! What every request can reach.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use actix_web::web::Bytes;
use ipnet::IpNet;

use super::{in_flight::InFlight, limits::RateLimits, operation::OperationIndex, schemas::SchemaRegistry};
use crate::platform::{
    audit::SubjectColumn,
    auth::{ApiKeys, LineScopes, Passwords, Permission, RoleSet, Sessions, TokenService, Vault},
    background::Chore,
    clock::Clock,
    crypto::MacKey,
    db::Db,
    files::Files,
    mail::Mailer,
    metrics::Metrics,
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
    /// Turns API keys into the people they act for.
    pub api_keys: ApiKeys,
    /// What the lines of the permission table ask of keys.
    pub scopes: Arc<LineScopes>,
    /// Seals what is stored and has to be read again.
    pub vault: Vault,
    /// Sends letters.
    pub mailer: Mailer,
    /// How people come by an account, and what a login needs.
    pub accounts: AccountRules,
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
    /// The OpenAPI document, as it is sent: as a tree it would be ten times as large.
    pub document: Bytes,
    /// Where files lie.
    pub files: Files,
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
    /// How long a body may take to arrive.
    pub body_timeout: Duration,
    /// How often a caller may ask.
    pub limits: RateLimits,
    /// How much is being served.
    pub in_flight: InFlight,
    /// What is counted and measured.
    pub metrics: Metrics,
    /// Set when the process is about to stop.
    pub draining: AtomicBool,
}

/// How people come by an account, and what a login needs.
#[derive(Clone, Debug)]
pub struct AccountRules {
    /// Mail domains whose people may register, in lower case; those below them too.
    pub registration_domains: Vec<String>,
    /// Staff need a second factor.
    pub second_factor_for_staff: bool,
    /// Where people reach the front end, as it was configured.
    pub configured_url: Option<String>,
    /// The first address that is listened on, once it is.
    pub listening_at: OnceLock<SocketAddr>,
}

impl AccountRules {
    /// Where people reach the front end; links in letters begin with it. If nobody said where that is, this machine: an
    /// address that means all of its networks becomes the machine's own.
    pub fn public_url(&self) -> String {
        if let Some(url) = &self.configured_url {
            return url.clone();
        }
        let mut address = self.listening_at.get().copied().unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080)));
        match address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
            IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
            _ => {}
        }
        format!("http://{address}")
    }

    /// Whether someone with these roles has to set up a second factor first.
    pub fn lacks_second_factor(&self, roles: RoleSet, has_second_factor: bool) -> bool {
        self.second_factor_for_staff && roles.is_staff() && !has_second_factor
    }
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
