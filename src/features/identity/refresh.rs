//! The next pair of tokens for a session.
//!
//! Each refresh token is good for one use. Two tabs may send the same one at nearly the same time, so within a grace of
//! 20 seconds it gives a fresh pair again. After that a second use means that two parties hold it, and nobody knows
//! which of them is the thief: the session ends.

use chrono::Duration;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, update};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    rows::{UserRow, UserStatus},
    session_store::{self, OpenSession, TokensView},
};
use crate::platform::{
    clock::Timestamp,
    crypto::sha256_hex,
    db::{
        DbConnection,
        schema::{refresh_tokens, sessions, users},
    },
    error::{AppError, ErrorCode},
    ids::{SessionId, UserId},
    web::{Answer, Body, Call, Reply},
};

/// How long after its first use a token may be used again.
const GRACE: Duration = Duration::seconds(20);

/// The token to be replaced.
#[derive(Clone, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"refresh_token": "q7Vx0m1cVxJkqj0cHh3nUuG1bq0k0aGQ3r0m8k2m2dE"}))]
pub struct RefreshRequest {
    /// The `refresh_token` of the last answer.
    #[schema(min_length = 1, max_length = 200)]
    pub refresh_token: String,
}

/// Refresh the tokens.
///
/// Gives the next pair; the old refresh token is used up. Sending an old one again ends the session.
#[utoipa::path(post, path = "/v1/auth/refresh", tag = "Identity", request_body = RefreshRequest,
    responses((status = 200, description = "The next pair.", body = TokensView)))]
pub async fn refresh(call: Call, body: Body) -> Answer {
    let request: RefreshRequest = body.read(&call).await?;
    let digest = sha256_hex(request.refresh_token.as_bytes());
    let (tokens, sought) = (call.state.tokens.clone(), digest.clone());
    let outcome = call
        .write_reply(move |tx| {
            let found = find(tx.conn, &sought)?.ok_or_else(|| AppError::new(ErrorCode::RefreshTokenInvalid))?;
            match judge(&found, tx.now)? {
                Use::First => {
                    update(refresh_tokens::table.find(&sought))
                        .set(refresh_tokens::used_at.eq(tx.now))
                        .execute(tx.conn)?;
                }
                Use::WithinGrace => {}
            }
            Ok(Reply::ok(&session_store::issue_tokens(tx, &tokens, &found.session)?)?.secret())
        })
        .await;
    if outcome.as_ref().is_err_and(|error| error.code == ErrorCode::RefreshTokenReused) {
        end_session(&call, digest).await?;
    }
    outcome.map(|reply| reply.into_response(None))
}

/// In a transaction of its own, because the refusal rolls the first one back.
async fn end_session(call: &Call, digest: String) -> Result<(), AppError> {
    let changed = session_store::Changed::default();
    let noted = changed.clone();
    call.write_reply(move |tx| {
        if let Some(found) = find(tx.conn, &digest)? {
            let session = found.session.session_id;
            session_store::revoke(tx.conn, session, tx.now)?;
            tx.audit_as::<UserRow>("refresh.reused", "session", session.as_str(), None, None)?;
            noted.note(vec![session]);
        }
        Ok(Reply::no_content())
    })
    .await?;
    changed.forget(&call.state.sessions);
    Ok(())
}

struct Found {
    session: OpenSession,
    used_at: Option<Timestamp>,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
    status: UserStatus,
}

#[derive(Debug, PartialEq, Eq)]
enum Use {
    First,
    WithinGrace,
}

fn judge(found: &Found, now: Timestamp) -> Result<Use, AppError> {
    if found.revoked_at.is_some() || found.expires_at <= now || found.status != UserStatus::Active {
        return Err(AppError::new(ErrorCode::RefreshTokenInvalid));
    }
    match found.used_at {
        None => Ok(Use::First),
        Some(used_at) if now <= used_at.plus(GRACE) => Ok(Use::WithinGrace),
        Some(_) => Err(AppError::new(ErrorCode::RefreshTokenReused)),
    }
}

type Columns = (UserId, SessionId, Timestamp, Timestamp, Option<Timestamp>, UserStatus, bool);

fn find(connection: &mut DbConnection, digest: &str) -> Result<Option<Found>, AppError> {
    let token: Option<(SessionId, Option<Timestamp>)> = refresh_tokens::table
        .find(digest)
        .select((refresh_tokens::session_id, refresh_tokens::used_at))
        .first(connection)
        .optional()?;
    let Some((session_id, used_at)) = token else { return Ok(None) };
    let row: Columns = sessions::table
        .inner_join(users::table)
        .filter(sessions::id.eq(session_id))
        .select((
            users::id,
            sessions::id,
            sessions::authenticated_at,
            sessions::expires_at,
            sessions::revoked_at,
            users::status,
            users::must_change_password,
        ))
        .first(connection)?;
    let (user_id, session_id, authenticated_at, expires_at, revoked_at, status, must_change_password) = row;
    let session = OpenSession { user_id, session_id, authenticated_at, must_change_password };
    Ok(Some(Found { session, used_at, expires_at, revoked_at, status }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(used_at: Option<i64>) -> Found {
        let at = Timestamp::from_millis;
        let id = uuid::Uuid::nil();
        Found {
            session: OpenSession {
                user_id: id.into(),
                session_id: id.into(),
                authenticated_at: at(0),
                must_change_password: false,
            },
            used_at: used_at.map(at),
            expires_at: at(1_000_000),
            revoked_at: None,
            status: UserStatus::Active,
        }
    }

    fn code(found: &Found, now: i64) -> Option<ErrorCode> {
        judge(found, Timestamp::from_millis(now)).err().map(|error| error.code)
    }

    #[test]
    fn a_second_use_has_twenty_seconds_of_grace() {
        let at = Timestamp::from_millis;
        assert_eq!(judge(&found(None), at(500)).ok(), Some(Use::First));
        assert_eq!(judge(&found(Some(500)), at(20_500)).ok(), Some(Use::WithinGrace));
        assert_eq!(code(&found(Some(500)), 20_501), Some(ErrorCode::RefreshTokenReused));
    }

    #[test]
    fn an_ended_session_gives_nothing_and_accuses_nobody() {
        let revoked = Found { revoked_at: Some(Timestamp::from_millis(1)), ..found(Some(0)) };
        assert_eq!(code(&revoked, 900_000), Some(ErrorCode::RefreshTokenInvalid));
        assert_eq!(code(&found(None), 1_000_000), Some(ErrorCode::RefreshTokenInvalid));
        let disabled = Found { status: UserStatus::Disabled, ..found(None) };
        assert_eq!(code(&disabled, 1), Some(ErrorCode::RefreshTokenInvalid));
    }
}
