//! A request that has passed the first gates: route, login, permission, parameters.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, OnceLock},
};

use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, dev::Payload, http::header, web};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    AppState, Reply,
    cursor::Cursor,
    idempotency::{InProgress, Key},
    meta::{Principal, RequestMeta},
    operation::OperationInfo,
    page::{PageQuery, Slice},
    preconditions::{self, Tags},
    query,
    tx::Tx,
};
use crate::platform::{
    auth::{Actor, ApiKeys, Standing, can, may_call},
    clock::Timestamp,
    db::DbConnection,
    error::{AppError, ErrorCode, FieldError, Place},
    text::Bilingual,
};

/// What a handler returns.
pub type Answer = Result<HttpResponse, AppError>;

/// How old a login may be where public money is decided about.
const RECENT_LOGIN: chrono::Duration = chrono::Duration::minutes(15);

/// Operations that remain open to someone who has to change their password first.
const OPEN_BEFORE_PASSWORD_CHANGE: &[&str] = &["get_me", "change_password", "logout"];

/// Operations that remain open to staff who have to set up their second factor first.
const OPEN_BEFORE_SECOND_FACTOR: &[&str] =
    &["get_me", "change_password", "logout", "get_second_factor", "begin_second_factor", "confirm_second_factor"];

/// Query parameters that a cursor does not belong to: where to go on, how far, and where to begin without one.
const NO_FILTERS: &[&str] = &["cursor", "limit", "include_total", "start", "after_position"];

/// What is known of a request once it has passed the first gates.
pub struct Context {
    /// What every request can reach.
    pub state: Arc<AppState>,
    /// The operation it is for.
    pub operation: Arc<OperationInfo>,
    /// The person behind it; `None` for a stranger.
    pub actor: Option<Actor>,
    /// Its id, language and origin.
    pub meta: RequestMeta,
    /// Its path as sent.
    pub path: String,
    pub(super) if_match: Option<Tags>,
    pub(super) idempotency_key: Option<String>,
    pub(super) payload_sha256: OnceLock<String>,
    path_parameters: Vec<(String, String)>,
    if_none_match: Option<Tags>,
    query: Value,
    /// The list that a cursor belongs to: operation, filters and sort.
    list: String,
    raw_query: Vec<(String, String)>,
}

/// The extractor of every handler.
pub struct Call(pub(super) Arc<Context>);

impl std::ops::Deref for Call {
    type Target = Context;

    fn deref(&self) -> &Context {
        &self.0
    }
}

impl Context {
    /// The person behind the request.
    ///
    /// # Errors
    /// `Unauthenticated` when there is none.
    pub fn user(&self) -> Result<&Actor, AppError> {
        self.actor.as_ref().ok_or_else(|| AppError::new(ErrorCode::Unauthenticated))
    }

    /// Lets only someone through who logged in within the last 15 minutes; a key never did.
    ///
    /// # Errors
    /// `StepUpRequired`, `PersonRequired`, `Unauthenticated`.
    pub fn check_recent_login(&self) -> Result<(), AppError> {
        let actor = self.user()?;
        actor.session_id()?;
        if actor.authenticated_at.plus(RECENT_LOGIN) < self.now() {
            return Err(AppError::new(ErrorCode::StepUpRequired));
        }
        Ok(())
    }

    /// The moment.
    pub fn now(&self) -> Timestamp {
        self.state.clock.now()
    }

    /// Asks the permission table.
    ///
    /// # Errors
    /// `Forbidden`, `SeparationOfDuties`.
    pub fn permit(&self, action: &str, standing: &Standing) -> Result<(), AppError> {
        can(self.state.permissions, action, standing)
    }

    /// The record id in the path.
    ///
    /// # Errors
    /// `NotFound` when it cannot be one.
    pub fn id<T>(&self, name: &str, parse: impl FnOnce(&str) -> Option<T>) -> Result<T, AppError> {
        parse(self.path_parameter(name)?).ok_or_else(AppError::not_found)
    }

    /// A part of the path.
    ///
    /// # Errors
    /// `NotFound` when the route has no such part: a fault of ours.
    pub fn path_parameter(&self, name: &str) -> Result<&str, AppError> {
        self.path_parameters
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .ok_or_else(AppError::not_found)
    }

    /// The query parameters, already checked against the document.
    ///
    /// # Errors
    /// When the type asks for what the document does not declare: a fault of ours.
    pub fn query<T: DeserializeOwned>(&self) -> Result<T, AppError> {
        serde_json::from_value(self.query.clone()).map_err(AppError::internal)
    }

    /// Which part of a list is asked for.
    ///
    /// # Errors
    /// `InvalidCursor`.
    pub fn slice(&self, query: &PageQuery) -> Result<Slice, AppError> {
        let after =
            query.cursor.as_deref().map(|text| Cursor::decode(text, &self.state.cursor_key, &self.list)).transpose()?;
        Ok(Slice { limit: query.limit.unwrap_or(50), after, include_total: query.include_total.unwrap_or(false) })
    }

    /// Whether the caller has what this entity tag names, by `If-None-Match`.
    pub fn has_already(&self, etag: &str) -> bool {
        self.if_none_match.as_ref().is_some_and(|tags| tags.matches(etag))
    }

    /// The text of a cursor of this list, and the link to the page it begins.
    pub fn cursor_and_link(&self, cursor: &Cursor) -> (String, String) {
        let text = cursor.encode(&self.state.cursor_key, &self.list);
        let mut link = url_query(self.raw_query.iter().filter(|(name, _)| name != "cursor"));
        link.push_str(if link.is_empty() { "cursor=" } else { "&cursor=" });
        link.push_str(&text);
        (text, format!("{}?{link}", self.path))
    }
}

impl Call {
    /// Answers from the database without changing it.
    ///
    /// # Errors
    /// Those of `work` and of [`crate::platform::db::Db::read`].
    pub async fn read<F>(self, work: F) -> Answer
    where
        F: FnOnce(&mut DbConnection, &Context) -> Result<Reply, AppError> + Send + 'static,
    {
        let context = Arc::clone(&self.0);
        let reply = self.state.db.read(move |connection| work(connection, &context)).await?;
        Ok(reply.into_response(self.if_none_match.as_ref()))
    }

    /// Looks something up before the body is read: who may not see the record gets 404 whatever they sent.
    ///
    /// # Errors
    /// As [`Call::read`].
    pub async fn look<T, F>(&self, work: F) -> Result<T, AppError>
    where
        T: Send + 'static,
        F: FnOnce(&mut DbConnection, &Context) -> Result<T, AppError> + Send + 'static,
    {
        let context = Arc::clone(&self.0);
        self.state.db.read(move |connection| work(connection, &context)).await
    }

    /// The same before what moves money. Doing it can be what bars someone from doing it again (whoever sets an amount does
    /// not award it), and a retry gets the first answer all the same: it is looked for in the transaction, before anything
    /// is decided.
    ///
    /// # Errors
    /// As [`Call::read`].
    pub async fn look_before_step<F>(&self, work: F) -> Result<(), AppError>
    where
        F: FnOnce(&mut DbConnection, &Context) -> Result<(), AppError> + Send + 'static,
    {
        match self.look(work).await {
            Err(barred) if barred.code == ErrorCode::SeparationOfDuties => {
                let answered = self.look(|connection, context| match Key::of(context) {
                    Some(key) => key.is_answered(connection, context.now()),
                    None => Ok(false),
                });
                if answered.await? { Ok(()) } else { Err(barred) }
            }
            looked => looked,
        }
    }

    /// Changes the database in one serializable transaction; with an `Idempotency-Key`, once.
    ///
    /// # Errors
    /// Those of `work`, of [`crate::platform::db::Db::write`] and of the key.
    pub async fn write<F>(self, work: F) -> Answer
    where
        F: FnMut(&mut Tx<'_>) -> Result<Reply, AppError> + Send + 'static,
    {
        self.write_reply(work).await.map(|reply| reply.into_response(None))
    }

    /// The same for what moves money. The request has to carry an `Idempotency-Key` and to name the version it means.
    ///
    /// # Errors
    /// As [`Call::write`]; `IdempotencyKeyRequired`, `IfMatchRequired`, `InvalidParameters` for `If-Match: *`.
    pub async fn write_money<F>(self, work: F) -> Answer
    where
        F: FnMut(&mut Tx<'_>) -> Result<Reply, AppError> + Send + 'static,
    {
        preconditions::check_exact(self.if_match.as_ref())?;
        if self.idempotency_key.is_none() {
            return Err(AppError::new(ErrorCode::IdempotencyKeyRequired));
        }
        let db = self.state.db.clone();
        db.write_money(self.once(work)?).await.map(|reply| reply.into_response(None))
    }

    /// The same for a step that may let go of money without naming an amount: in turn with what moves money, but with the
    /// headers of any other transition.
    ///
    /// # Errors
    /// As [`Call::write`].
    pub async fn write_in_turn<F>(self, work: F) -> Answer
    where
        F: FnMut(&mut Tx<'_>) -> Result<Reply, AppError> + Send + 'static,
    {
        let db = self.state.db.clone();
        db.write_money(self.once(work)?).await.map(|reply| reply.into_response(None))
    }

    /// The same for a command that only adds records of its own, all of them left to the end by [`Tx::leave`]: it decides
    /// nothing by what others change, so it need not be serializable, and on PostgreSQL no other one makes it lose a race.
    /// An `Idempotency-Key` is locked and kept in a transaction; without one there is but the statement that adds.
    ///
    /// # Errors
    /// As [`Call::write`].
    pub async fn add<F>(self, work: F) -> Answer
    where
        F: FnMut(&mut Tx<'_>) -> Result<Reply, AppError> + Send + 'static,
    {
        let db = self.state.db.clone();
        let work = self.once(work)?;
        let added = if self.idempotency_key.is_some() { db.tend(work).await } else { db.add(work).await };
        added.map(|reply| reply.into_response(None))
    }

    /// As [`Call::write`] for handlers that have something to do after the commit.
    ///
    /// # Errors
    /// As [`Call::write`].
    pub async fn write_reply<F>(&self, work: F) -> Result<Reply, AppError>
    where
        F: FnMut(&mut Tx<'_>) -> Result<Reply, AppError> + Send + 'static,
    {
        self.state.db.write(self.once(work)?).await
    }

    /// What a transaction does: the work, or what was answered to the same key before.
    fn once<F>(
        &self,
        mut work: F,
    ) -> Result<impl FnMut(&mut DbConnection) -> Result<Reply, AppError> + Send + use<F>, AppError>
    where
        F: FnMut(&mut Tx<'_>) -> Result<Reply, AppError> + Send + 'static,
    {
        let context = Arc::clone(&self.0);
        let claim = Key::of(&context).map(|key| InProgress::claim(key.scope())).transpose()?;
        Ok(move |connection: &mut DbConnection| {
            let _claim = &claim;
            let now = context.now();
            let key = Key::of(&context);
            if let Some(key) = &key
                && let Some(reply) = key.replay(connection, now)?
            {
                return Ok(reply);
            }
            let mut tx = Tx::new(connection, now, &context);
            let reply = work(&mut tx)?;
            tx.finish()?;
            if let Some(key) = &key {
                key.store(connection, &reply, now)?;
            }
            Ok(reply)
        })
    }
}

impl FromRequest for Call {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, AppError>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { admit(&request).await })
    }
}

/// The pattern of the route that was taken, found once for all who ask: actix tries its patterns anew each time.
pub struct RoutePattern(pub String);

/// The gates, in the order that `api.md` sets: route, login, permission; then parameters and headers.
async fn admit(request: &HttpRequest) -> Result<Call, AppError> {
    let state =
        request.app_data::<web::Data<AppState>>().ok_or_else(|| AppError::internal("no state"))?.clone().into_inner();
    let pattern = request.match_pattern().ok_or_else(AppError::not_found)?;
    let operation = state.operations.find(request.method(), &pattern).ok_or_else(AppError::not_found)?;
    request.extensions_mut().insert(RoutePattern(pattern));
    let meta = RequestMeta::from_request(request);
    let authenticated = authenticate(&state, request).await;
    // A bad token is no credential: it is counted by the address it came from.
    let credential = match &authenticated {
        Ok(actor) => actor.as_ref().map(Actor::credential),
        Err(error) if error.code.status() == 401 => None,
        Err(error) => return Err(error.clone()),
    };
    let charge = state.limits.charge(operation.limits, credential, meta.address);
    request.extensions_mut().insert(charge.headers.clone());
    if let Ok(Some(actor)) = &authenticated {
        request.extensions_mut().insert(Principal(actor.user_id));
    }
    charge.pass()?;
    // Sessions and keys are believed for a second: the moment is this request's own.
    let actor = authenticated?.map(|actor| Actor { at: state.clock.now(), ..actor });
    may_call(&operation.permissions, actor.is_some(), actor.as_ref().map(|actor| actor.roles).unwrap_or_default())?;
    if actor.as_ref().is_some_and(|actor| actor.must_change_password)
        && !OPEN_BEFORE_PASSWORD_CHANGE.contains(&operation.id)
    {
        return Err(AppError::new(ErrorCode::PasswordChangeRequired));
    }
    // What anyone may read, a key without the scope reads as anyone does.
    let actor = match actor.map(|actor| operation.scope.check(&actor).map(|()| actor)).transpose() {
        Err(_) if operation.is_open() => None,
        checked => checked?,
    };
    if let Some(actor) = &actor
        && state.accounts.lacks_second_factor(actor.roles, actor.has_second_factor)
        && !OPEN_BEFORE_SECOND_FACTOR.contains(&operation.id)
    {
        return Err(AppError::new(ErrorCode::SecondFactorSetupRequired));
    }
    let raw_query = query::pairs(request.query_string());
    let query = query::check(&operation, &state.schemas, &raw_query)?;
    let header = |name: header::HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    let if_match = request.headers().get(header::IF_MATCH).filter(|_| operation.takes_if_match);
    let if_match = if_match.map(Tags::precondition).transpose()?;
    let idempotency_key = if operation.takes_idempotency_key { idempotency_key(request)? } else { None };
    let mut list: Vec<_> = raw_query.iter().filter(|(name, _)| !NO_FILTERS.contains(&name.as_str())).collect();
    list.sort();
    let list = format!("{} {}", operation.id, url_query(list.into_iter()));
    Ok(Call(Arc::new(Context {
        actor,
        meta,
        path: request.path().to_owned(),
        path_parameters: request.match_info().iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        if_match,
        if_none_match: header(header::IF_NONE_MATCH).map(Tags::parse),
        idempotency_key,
        payload_sha256: OnceLock::new(),
        query,
        list,
        raw_query,
        state,
        operation,
    })))
}

/// A bad token is always 401, never a stranger.
async fn authenticate(state: &AppState, request: &HttpRequest) -> Result<Option<Actor>, AppError> {
    let Some(value) = request.headers().get(header::AUTHORIZATION) else { return Ok(None) };
    let refused = || AppError::new(ErrorCode::InvalidToken);
    let value = value.to_str().map_err(|_| refused())?;
    let (scheme, token) = value.split_once(' ').ok_or_else(refused)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(refused());
    }
    if ApiKeys::is_key(token.trim()) {
        return state.api_keys.authenticate(&state.db, token.trim(), state.clock.now()).await.map(Some);
    }
    state.sessions.authenticate(&state.db, token.trim(), state.clock.now()).await.map(Some)
}

fn idempotency_key(request: &HttpRequest) -> Result<Option<String>, AppError> {
    let Some(value) = request.headers().get("idempotency-key") else { return Ok(None) };
    let key = value
        .to_str()
        .ok()
        .filter(|key| (1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()));
    key.map(|key| Some(key.to_owned())).ok_or_else(|| {
        let detail = Bilingual::new(
            "This must be 1 to 255 visible ASCII characters.",
            "এটি ১ থেকে ২৫৫টি দৃশ্যমান ASCII অক্ষর হতে হবে।",
        );
        AppError::parameters(vec![FieldError::new(Place::Header("Idempotency-Key"), "pattern", detail)])
    })
}

fn url_query<'a>(pairs: impl Iterator<Item = &'a (String, String)>) -> String {
    let pairs: Vec<String> =
        pairs.map(|(name, value)| format!("{}={}", query::encode(name), query::encode(value))).collect();
    pairs.join("&")
}
