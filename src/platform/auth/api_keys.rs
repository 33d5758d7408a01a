//! From an API key to the [`Actor`] it acts for. What the database said of a key is believed for one second, like a
//! session; the instance that revokes a key forgets it at once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::NaiveDate;
use diesel::{BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, update};
use moka::sync::Cache;

use super::{Actor, LineScopes, Role, Via};
use crate::platform::{
    clock::Timestamp,
    crypto::{random_token, sha256_hex},
    db::{
        Db, DbConnection,
        json_list::JsonList,
        schema::{api_keys, service_accounts, user_roles, users},
    },
    error::{AppError, ErrorCode},
    ids::{ApiKeyId, OrganisationId, ServiceAccountId, UserId},
    text::LocalizedText,
};

/// How every key begins, so that people and scanners of leaked secrets know one when they see it.
pub const KEY_PREFIX: &str = "ipk_";

/// How much of a key is kept for people to tell it by.
const SHOWN: usize = 12;

/// `last_used_at` is at most so much behind.
const USE_PRECISION: chrono::Duration = chrono::Duration::minutes(1);

/// A key that was just made.
pub struct NewKey {
    /// The key, to be shown once.
    pub key: String,
    /// Its beginning, to be shown for ever.
    pub prefix: String,
    /// What is stored of it.
    pub sha256: String,
}

impl NewKey {
    /// Of 32 random bytes.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn make() -> Result<Self, AppError> {
        let key = format!("{KEY_PREFIX}{}", random_token(32)?);
        Ok(Self { prefix: key.chars().take(SHOWN).collect(), sha256: sha256_hex(key.as_bytes()), key })
    }
}

/// Authenticates keys and remembers when they were used.
pub struct ApiKeys {
    known: Cache<String, Known>,
    used: Mutex<HashMap<ApiKeyId, Timestamp>>,
    scopes: Arc<LineScopes>,
}

#[derive(Clone)]
struct Known {
    actor: Actor,
    good_until: Timestamp,
}

impl ApiKeys {
    /// With an empty cache; `scopes` says what each line of the permission table asks of a key.
    pub fn new(scopes: Arc<LineScopes>) -> Self {
        let known = Cache::builder().max_capacity(20_000).time_to_live(Duration::from_secs(1)).build();
        Self { known, used: Mutex::default(), scopes }
    }

    /// Whether this is meant to be an API key.
    pub fn is_key(token: &str) -> bool {
        token.starts_with(KEY_PREFIX)
    }

    /// For whom this key acts.
    ///
    /// # Errors
    /// `InvalidApiKey` when it is unknown, expired or revoked, or when its service account or its owner is no longer
    /// active; those of the database.
    pub async fn authenticate(&self, db: &Db, key: &str, now: Timestamp) -> Result<Actor, AppError> {
        let digest = sha256_hex(key.as_bytes());
        let known = match self.known.get(&digest) {
            Some(known) => known,
            None => {
                let (sought, lines) = (digest.clone(), Arc::clone(&self.scopes));
                let (id, known) = db.read(move |connection| load(connection, &sought, &lines)).await?;
                // Noted here and not with each request, since this happens at most once a second.
                self.used.lock().unwrap_or_else(PoisonError::into_inner).insert(id, now);
                self.known.insert(digest, known.clone());
                known
            }
        };
        if now < known.good_until { Ok(known.actor) } else { Err(refused()) }
    }

    /// Forgets keys that changed here, by their stored digests.
    pub fn forget(&self, digests: &[String]) {
        for digest in digests {
            self.known.invalidate(digest);
        }
    }

    /// Writes down which keys were used, each at most once a minute; the server calls it in the background.
    ///
    /// # Errors
    /// Those of the database; what could not be written is tried again.
    pub async fn write_down_use(&self, db: &Db) -> Result<(), AppError> {
        let used = std::mem::take(&mut *self.used.lock().unwrap_or_else(PoisonError::into_inner));
        if used.is_empty() {
            return Ok(());
        }
        let moments = used.clone();
        let written = db
            .tend(move |connection| {
                for (id, at) in &moments {
                    let due = at.plus(-USE_PRECISION);
                    let stale = api_keys::last_used_at.is_null().or(api_keys::last_used_at.le(due));
                    update(api_keys::table.filter(api_keys::id.eq(id)).filter(stale))
                        .set(api_keys::last_used_at.eq(*at))
                        .execute(connection)?;
                }
                Ok(())
            })
            .await;
        if written.is_err() {
            let mut waiting = self.used.lock().unwrap_or_else(PoisonError::into_inner);
            for (id, at) in used {
                waiting.entry(id).or_insert(at);
            }
        }
        written
    }
}

fn refused() -> AppError {
    AppError::new(ErrorCode::InvalidApiKey)
}

type KeyColumns = (ApiKeyId, NaiveDate, Option<Timestamp>);
type AccountColumns = (ServiceAccountId, JsonList<String>, NaiveDate, String);
type OwnerColumns = (UserId, Option<OrganisationId>, String, bool, Option<Timestamp>, (Option<String>, Option<String>));

/// What is known of a live key of an active service account of an active owner.
fn load(connection: &mut DbConnection, digest: &str, lines: &LineScopes) -> Result<(ApiKeyId, Known), AppError> {
    let row: Option<(KeyColumns, AccountColumns, OwnerColumns)> = api_keys::table
        .inner_join(service_accounts::table.inner_join(users::table))
        .filter(api_keys::key_sha256.eq(digest))
        .select((
            (api_keys::id, api_keys::expires_on, api_keys::revoked_at),
            (service_accounts::id, service_accounts::scopes, service_accounts::ends_on, service_accounts::status),
            (
                users::id,
                users::organisation_id,
                users::status,
                users::must_change_password,
                users::second_factor_at,
                (users::name_bn, users::name_en),
            ),
        ))
        .first(connection)
        .optional()?;
    let Some(((id, expires_on, revoked_at), (service_account_id, scopes, ends_on, status), owner)) = row else {
        return Err(refused());
    };
    let (user_id, organisation_id, owner_status, must_change_password, second_factor_at, (name_bn, name_en)) = owner;
    if revoked_at.is_some() || status != "active" || owner_status != "active" {
        return Err(refused());
    }
    let roles: Vec<Role> =
        user_roles::table.filter(user_roles::user_id.eq(user_id)).select(user_roles::role).load(connection)?;
    let actor = Actor {
        user_id,
        via: Via::Key { service_account_id, scopes: Arc::from(scopes.to_vec()) },
        roles: roles.into_iter().collect(),
        reach: lines.reach(&scopes),
        name: Arc::new(LocalizedText::new(name_bn, name_en)),
        organisation_id,
        authenticated_at: Timestamp::from_millis(0),
        must_change_password,
        has_second_factor: second_factor_at.is_some(),
        at: Timestamp::from_millis(0),
    };
    Ok((id, Known { actor, good_until: Timestamp::after_day_in_dhaka(expires_on.min(ends_on)) }))
}
