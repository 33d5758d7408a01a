//! From an access token to an [`Actor`]: the signature is checked once a token, the session once a second.

use std::{sync::Arc, time::Duration};

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use metrics::Counter;
use moka::sync::Cache;

use super::{Actor, Claims, Reach, Role, TokenService, Via};
use crate::platform::{
    clock::Timestamp,
    crypto::sha256_hex,
    db::{
        Db, DbConnection,
        schema::{sessions, user_roles, users},
    },
    error::{AppError, DatabaseIntent, ErrorCode},
    ids::{OrganisationId, SessionId, UserId},
    text::LocalizedText,
};

/// How long an instance may go on believing in a session that another one has ended.
const FRESH: Duration = Duration::from_secs(1);

/// Authenticates requests.
pub struct Sessions {
    tokens: TokenService,
    verified: Cache<String, Claims>,
    actors: Cache<SessionId, Actor>,
    /// Found in memory, asked of the database.
    lookups: [Counter; 2],
}

type SessionColumns = (UserId, Timestamp, Timestamp, Option<Timestamp>);
type UserColumns = (Option<OrganisationId>, String, bool, Option<Timestamp>, (Option<String>, Option<String>));

impl Sessions {
    /// With empty caches.
    pub fn new(tokens: TokenService) -> Self {
        let verified = Cache::builder().max_capacity(20_000).time_to_live(Duration::from_secs(600)).build();
        let actors = Cache::builder().max_capacity(20_000).time_to_live(FRESH).build();
        Self { tokens, verified, actors, lookups: [Counter::noop(), Counter::noop()] }
    }

    /// The same, counting where sessions are found: in memory, in the database.
    #[must_use]
    pub fn counted(mut self, lookups: [Counter; 2]) -> Self {
        self.lookups = lookups;
        self
    }

    /// How many sessions are remembered.
    pub fn remembered(&self) -> u64 {
        self.actors.entry_count()
    }

    /// Who holds this token.
    ///
    /// # Errors
    /// `InvalidToken` when it is not good or its session has ended; those of the database.
    pub async fn authenticate(&self, db: &Db, token: &str, now: Timestamp) -> Result<Actor, AppError> {
        let digest = sha256_hex(token.as_bytes());
        let claims = match self.verified.get(&digest) {
            Some(claims) => claims,
            None => {
                let claims = self.tokens.verify(token, now)?;
                self.verified.insert(digest, claims.clone());
                claims
            }
        };
        TokenService::check_times(&claims, now)?;
        let session_id = claims.sid;
        let actor = match self.actors.get(&session_id) {
            Some(actor) => {
                let [memory, _] = &self.lookups;
                memory.increment(1);
                actor
            }
            None => {
                let [_, database] = &self.lookups;
                database.increment(1);
                let actor = db.read(move |connection| load_actor(connection, session_id, now)).await?;
                self.actors.insert(session_id, actor.clone());
                actor
            }
        };
        if actor.user_id == claims.sub { Ok(actor) } else { Err(AppError::new(ErrorCode::InvalidToken)) }
    }

    /// Forgets what is remembered of these sessions, after they changed here.
    pub fn forget(&self, sessions: &[SessionId]) {
        for session in sessions {
            self.actors.invalidate(session);
        }
    }
}

/// The person behind a live session of an active account.
fn load_actor(connection: &mut DbConnection, session_id: SessionId, now: Timestamp) -> Result<Actor, AppError> {
    let refused = || AppError::new(ErrorCode::InvalidToken);
    let ((user_id, authenticated_at, expires_at, revoked_at), user): (SessionColumns, UserColumns) = sessions::table
        .inner_join(users::table)
        .filter(sessions::id.eq(session_id))
        .select((
            (users::id, sessions::authenticated_at, sessions::expires_at, sessions::revoked_at),
            (
                users::organisation_id,
                users::status,
                users::must_change_password,
                users::second_factor_at,
                (users::name_bn, users::name_en),
            ),
        ))
        .first(connection)
        .or_not_found()
        .map_err(|error| if error.code == ErrorCode::NotFound { refused() } else { error })?;
    let (organisation_id, status, must_change_password, second_factor_at, (name_bn, name_en)) = user;
    if revoked_at.is_some() || expires_at <= now || status != "active" {
        return Err(refused());
    }
    let roles: Vec<Role> =
        user_roles::table.filter(user_roles::user_id.eq(user_id)).select(user_roles::role).load(connection)?;
    Ok(Actor {
        user_id,
        via: Via::Session(session_id),
        roles: roles.into_iter().collect(),
        reach: Reach::default(),
        name: Arc::new(LocalizedText::new(name_bn, name_en)),
        organisation_id,
        authenticated_at,
        must_change_password,
        has_second_factor: second_factor_at.is_some(),
        at: now,
    })
}
