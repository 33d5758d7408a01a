//! `Idempotency-Key`: the answer is stored with the effect, in one transaction, so a retry gets the first answer.

use std::{
    collections::HashSet,
    sync::{LazyLock, Mutex, PoisonError},
};

use chrono::Duration;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, delete, insert_into};

use super::{call::Context, reply::Reply};
use crate::platform::{
    clock::Timestamp,
    db::{DbConnection, dialect, schema::idempotency_keys},
    error::{AppError, DatabaseIntent, ErrorCode},
};

/// For how long an answer is kept.
const KEEP: Duration = Duration::hours(72);

/// Payload digest, status, `Location`, `ETag`, body, moment.
type Stored = (String, i32, Option<String>, Option<String>, String, Timestamp);

/// Keys that this process is working on.
static RUNNING: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default);

/// The place of a key in [`RUNNING`], given back when the work ends, however it ends.
pub struct InProgress(String);

impl InProgress {
    /// Claims a key.
    ///
    /// # Errors
    /// `IdempotencyKeyInUse` while another request of this process works on it.
    pub fn claim(scope: String) -> Result<Self, AppError> {
        let fresh = RUNNING.lock().unwrap_or_else(PoisonError::into_inner).insert(scope.clone());
        if fresh { Ok(Self(scope)) } else { Err(in_use()) }
    }
}

impl Drop for InProgress {
    fn drop(&mut self) {
        RUNNING.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.0);
    }
}

fn in_use() -> AppError {
    AppError::new(ErrorCode::IdempotencyKeyInUse).retry_after(1)
}

/// A key with all that it is bound to.
pub struct Key<'a> {
    principal: String,
    method: &'a str,
    route: &'a str,
    key: &'a str,
    payload_sha256: &'a str,
}

impl<'a> Key<'a> {
    /// The key of a request, if it sent one. Bound to the path as sent, so that it cannot meet another record's.
    pub fn of(context: &'a Context) -> Option<Self> {
        let key = context.idempotency_key.as_deref()?;
        let principal =
            context.actor.as_ref().map_or_else(|| "anonymous".to_owned(), |actor| actor.user_id.to_string());
        Some(Self {
            principal,
            method: "POST",
            route: &context.path,
            key,
            payload_sha256: context.payload_sha256.get().map_or("", String::as_str),
        })
    }

    /// The same in one string.
    pub fn scope(&self) -> String {
        format!("{} {} {} {}", self.principal, self.method, self.route, self.key)
    }

    /// The answer of the first request, if there was one.
    ///
    /// # Errors
    /// `IdempotencyKeyReused` when its payload was another; `IdempotencyKeyInUse` while another instance works on it.
    pub fn replay(&self, connection: &mut DbConnection, now: Timestamp) -> Result<Option<Reply>, AppError> {
        if !dialect::try_lock_key(connection, &self.scope())? {
            return Err(in_use());
        }
        let row: Option<Stored> = idempotency_keys::table
            .find((&self.principal, self.method, self.route, self.key))
            .select((
                idempotency_keys::payload_sha256,
                idempotency_keys::status,
                idempotency_keys::location,
                idempotency_keys::etag,
                idempotency_keys::body,
                idempotency_keys::created_at,
            ))
            .first(connection)
            .optional()?;
        let Some((payload_sha256, status, location, etag, body, created_at)) = row else { return Ok(None) };
        if created_at.plus(KEEP) <= now {
            delete(idempotency_keys::table.find((&self.principal, self.method, self.route, self.key)))
                .execute(connection)?;
            return Ok(None);
        }
        if payload_sha256 != self.payload_sha256 {
            return Err(AppError::new(ErrorCode::IdempotencyKeyReused));
        }
        let status = u16::try_from(status).map_err(AppError::internal)?;
        Ok(Some(Reply { status, location, etag, body, replayed: true, ..Reply::default() }))
    }

    /// Whether an answer is kept.
    ///
    /// # Errors
    /// Those of the database.
    pub fn is_answered(&self, connection: &mut DbConnection, now: Timestamp) -> Result<bool, AppError> {
        let created_at: Option<Timestamp> = idempotency_keys::table
            .find((&self.principal, self.method, self.route, self.key))
            .select(idempotency_keys::created_at)
            .first(connection)
            .optional()?;
        Ok(created_at.is_some_and(|at| at.plus(KEEP) > now))
    }

    /// Keeps an answer.
    ///
    /// # Errors
    /// Those of the database.
    pub fn store(&self, connection: &mut DbConnection, reply: &Reply, now: Timestamp) -> Result<(), AppError> {
        insert_into(idempotency_keys::table)
            .values((
                idempotency_keys::principal.eq(&self.principal),
                idempotency_keys::method.eq(self.method),
                idempotency_keys::route.eq(self.route),
                idempotency_keys::key.eq(self.key),
                idempotency_keys::payload_sha256.eq(self.payload_sha256),
                idempotency_keys::status.eq(i32::from(reply.status)),
                idempotency_keys::location.eq(reply.location.as_deref()),
                idempotency_keys::etag.eq(reply.etag.as_deref()),
                idempotency_keys::body.eq(reply.body_for_retries.as_ref().unwrap_or(&reply.body)),
                idempotency_keys::created_at.eq(now),
            ))
            .execute(connection)
            .or_conflict(in_use())?;
        Ok(())
    }
}

/// Drops the answers that are older than the time they are kept; the server calls it now and then.
///
/// # Errors
/// Those of the database.
pub fn purge(connection: &mut DbConnection, now: Timestamp) -> Result<usize, AppError> {
    Ok(delete(idempotency_keys::table.filter(idempotency_keys::created_at.lt(now.plus(-KEEP)))).execute(connection)?)
}
