//! Sessions: opened by a login, carried on by refresh tokens, ended by logout, theft or an administrator.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::Duration;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, delete, insert_into, update};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::{
    auth::{Sessions, TokenService},
    clock::Timestamp,
    crypto::{random_token, sha256_hex},
    db::{
        DbConnection,
        schema::{refresh_tokens, sessions},
    },
    error::AppError,
    ids::{SessionId, UserId},
    web::Tx,
};

/// How long a session lives without a new login.
const SESSION_LIFE: Duration = Duration::days(30);

/// The two tokens of a session.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({
    "access_token": "eyJhbGciOiJFZERTQSJ9.e30.c2ln", "token_type": "Bearer", "expires_in": 600,
    "refresh_token": "q7Vx0m1cVxJkqj0cHh3nUuG1bq0k0aGQ3r0m8k2m2dE", "must_change_password": false
}))]
pub struct TokensView {
    /// Send it as `Authorization: Bearer …`.
    #[schema(max_length = 2000)]
    pub access_token: String,
    /// Always `Bearer`.
    #[schema(max_length = 10)]
    pub token_type: String,
    /// Seconds for which the access token is good.
    #[schema(minimum = 0, maximum = 86400)]
    pub expires_in: i64,
    /// Good for one `refresh`, which gives the next one.
    #[schema(max_length = 200)]
    pub refresh_token: String,
    /// Nothing but changing the password is possible until that is done.
    pub must_change_password: bool,
}

/// A live session with what its tokens need.
pub struct OpenSession {
    /// Whose.
    pub user_id: UserId,
    /// Its identifier.
    pub session_id: SessionId,
    /// When the person proved who they are.
    pub authenticated_at: Timestamp,
    /// Whether the password has to be changed first.
    pub must_change_password: bool,
}

/// Opens a session for a person who has just proved who they are.
///
/// # Errors
/// Those of the database.
pub fn open(tx: &mut Tx<'_>, user_id: UserId, must_change_password: bool) -> Result<OpenSession, AppError> {
    let session_id: SessionId = tx.new_id();
    insert_into(sessions::table)
        .values((
            sessions::id.eq(session_id),
            sessions::user_id.eq(user_id),
            sessions::authenticated_at.eq(tx.now),
            sessions::expires_at.eq(tx.now.plus(SESSION_LIFE)),
        ))
        .execute(tx.conn)?;
    Ok(OpenSession { user_id, session_id, authenticated_at: tx.now, must_change_password })
}

/// A fresh pair of tokens for a session.
///
/// # Errors
/// Those of the database, of randomness and of signing.
pub fn issue_tokens(tx: &mut Tx<'_>, tokens: &TokenService, session: &OpenSession) -> Result<TokensView, AppError> {
    let refresh_token = random_token(32)?;
    insert_into(refresh_tokens::table)
        .values((
            refresh_tokens::token_sha256.eq(sha256_hex(refresh_token.as_bytes())),
            refresh_tokens::session_id.eq(session.session_id),
            refresh_tokens::issued_at.eq(tx.now),
        ))
        .execute(tx.conn)?;
    Ok(TokensView {
        access_token: tokens.issue(session.user_id, session.session_id, session.authenticated_at, tx.now)?,
        token_type: "Bearer".to_owned(),
        expires_in: crate::platform::auth::ACCESS_SECONDS,
        refresh_token,
        must_change_password: session.must_change_password,
    })
}

/// Ends all live sessions of a person but `except`, and tells which.
///
/// # Errors
/// Those of the database.
pub fn revoke_all(
    connection: &mut DbConnection,
    user_id: UserId,
    except: Option<SessionId>,
    now: Timestamp,
) -> Result<Vec<SessionId>, AppError> {
    let ended: Vec<SessionId> = live(connection, user_id)?.into_iter().filter(|id| Some(*id) != except).collect();
    for session in &ended {
        revoke(connection, *session, now)?;
    }
    Ok(ended)
}

/// The sessions of a person that have not been ended.
///
/// # Errors
/// Those of the database.
pub fn live(connection: &mut DbConnection, user_id: UserId) -> Result<Vec<SessionId>, AppError> {
    Ok(sessions::table
        .filter(sessions::user_id.eq(user_id))
        .filter(sessions::revoked_at.is_null())
        .select(sessions::id)
        .load(connection)?)
}

/// Sessions, or keys, about which a transaction changed something. The server remembers them for a second; after the
/// commit it has to forget these, so that the change is felt at once.
#[derive(Clone)]
pub struct Changed<T = SessionId>(Arc<Mutex<Vec<T>>>);

impl<T> Default for Changed<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T> Changed<T> {
    /// Notes them; a transaction that is run again notes them anew.
    pub fn note(&self, changed: Vec<T>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = changed;
    }

    /// What was noted.
    pub fn taken(&self) -> Vec<T> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Changed {
    /// To be called after the commit.
    pub fn forget(&self, sessions: &Sessions) {
        sessions.forget(&self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// Ends one session.
///
/// # Errors
/// Those of the database.
pub fn revoke(connection: &mut DbConnection, session: SessionId, now: Timestamp) -> Result<(), AppError> {
    update(sessions::table.find(session)).set(sessions::revoked_at.eq(now)).execute(connection)?;
    Ok(())
}

/// Drops sessions that ended long ago, with their tokens: a reused token of theirs is merely unknown then.
///
/// # Errors
/// Those of the database.
pub fn purge(connection: &mut DbConnection, now: Timestamp) -> Result<usize, AppError> {
    let old = sessions::table.filter(sessions::expires_at.lt(now.plus(-SESSION_LIFE)));
    delete(refresh_tokens::table.filter(refresh_tokens::session_id.eq_any(old.select(sessions::id))))
        .execute(connection)?;
    Ok(delete(old).execute(connection)?)
}
