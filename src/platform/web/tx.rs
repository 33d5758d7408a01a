//! A write in progress: the connection, the moment, the caller, and what has to be said of it.

use serde::Serialize;
use uuid::Uuid;

use super::{call::Context, idempotency::Key, preconditions};
use crate::platform::{
    audit::{self, AuditEvent, Entry, Mark},
    auth::{Actor, Standing, can},
    clock::Timestamp,
    crypto::sha256_hex,
    db::{
        DbConnection,
        at_once::{Part, at_once},
    },
    error::AppError,
};

/// One serializable transaction on behalf of a request.
pub struct Tx<'a> {
    /// The connection it runs on.
    pub conn: &'a mut DbConnection,
    /// The moment it counts as done; the same for every row it writes.
    pub now: Timestamp,
    context: &'a Context,
    concerned: Option<(&'static str, String)>,
    said: Vec<Entry>,
    left: Vec<Part<'static>>,
}

/// So many entries go in one statement.
const ENTRIES_AT_ONCE: usize = 32;

impl<'a> Tx<'a> {
    pub(super) fn new(conn: &'a mut DbConnection, now: Timestamp, context: &'a Context) -> Self {
        Self { conn, now, context, concerned: None, said: Vec::new(), left: Vec::new() }
    }

    /// Leaves statements to the end of the transaction, where they are run in one journey with the entries of the audit
    /// trail. Nothing that is read until then sees what they write.
    pub fn leave(&mut self, parts: impl IntoIterator<Item = Part<'static>>) {
        self.left.extend(parts);
    }

    /// Runs what was left, right before the commit.
    pub(super) fn finish(self) -> Result<(), AppError> {
        let Self { conn, said, left: mut parts, .. } = self;
        let mut said = said.into_iter().peekable();
        while said.peek().is_some() || !parts.is_empty() {
            if said.peek().is_some() {
                parts.extend(audit::appending(said.by_ref().take(ENTRIES_AT_ONCE)));
            }
            at_once(conn, &parts)?;
            parts.clear();
        }
        Ok(())
    }
    /// A new identifier of this moment.
    pub fn new_id<T: From<Uuid>>(&self) -> T {
        T::from(self.context.state.clock.new_uuid(self.now))
    }

    /// Who is doing it.
    ///
    /// # Errors
    /// `Unauthenticated` on an operation that is open to anyone.
    pub fn actor(&self) -> Result<&Actor, AppError> {
        self.context.user()
    }

    /// What this request is in the ledger: the same for a retry with the same `Idempotency-Key`, and no other's.
    pub fn step_key(&self) -> String {
        let scope = Key::of(self.context).map(|key| key.scope());
        sha256_hex(scope.unwrap_or_else(|| self.context.meta.request_id.clone() + &self.now.to_string()).as_bytes())
    }

    /// Lets the change through only if `If-Match` names the present version.
    ///
    /// # Errors
    /// `IfMatchRequired`, `VersionMismatch`.
    pub fn check_version(&self, present: i64) -> Result<(), AppError> {
        preconditions::check_version(self.context.if_match.as_ref(), present)
    }

    /// Says what the changes that follow hang on, such as `("pilot", …)`, where their rows do not tell by a column named in
    /// `features::SUBJECT_COLUMNS`. It decides who is told of them.
    pub fn concerns(&mut self, kind: &'static str, id: &str) {
        self.concerned = Some((kind, id.to_owned()));
    }

    /// Asks the permission table.
    ///
    /// # Errors
    /// `Forbidden`, `SeparationOfDuties`.
    pub fn permit(&self, action: &str, standing: &Standing) -> Result<(), AppError> {
        can(self.context.state.permissions, action, standing)
    }

    /// Has it written down that a record changed; `None` is: it was not there.
    ///
    /// # Errors
    /// When the record cannot be written as JSON: a fault of ours.
    pub fn audit<T: Serialize>(
        &mut self,
        record_type: &'static str,
        record_id: &str,
        before: Option<&T>,
        after: Option<&T>,
    ) -> Result<(), AppError> {
        self.audit_as(self.context.operation.id, record_type, record_id, before, after)
    }

    /// The same, named more exactly than by the operation, such as `transition_pilot.submit`.
    ///
    /// # Errors
    /// As [`Tx::audit`].
    pub fn audit_as<T: Serialize>(
        &mut self,
        operation: &str,
        record_type: &'static str,
        record_id: &str,
        before: Option<&T>,
        after: Option<&T>,
    ) -> Result<(), AppError> {
        let before = before.map(audit::columns).transpose()?;
        let after = after.map(audit::columns).transpose()?;
        let mark = Mark::of(
            self.context.state.subject_columns,
            (record_type, record_id),
            after.as_deref().or(before.as_deref()),
            self.concerned.clone(),
        );
        let event = AuditEvent {
            at: self.now,
            actor_id: self.context.actor.as_ref().map(|actor| actor.user_id),
            service_account_id: self.context.actor.as_ref().and_then(Actor::service_account_id),
            operation: operation.to_owned(),
            record_type,
            record_id: record_id.to_owned(),
            request_id: self.context.meta.request_id.clone(),
            address: self.context.meta.address.map(|address| address.to_string()),
            before_sha256: before.as_deref().map(sha256_hex),
            after_sha256: after.as_deref().map(sha256_hex),
        };
        let id = self.new_id();
        self.said.push(Entry { id, event, mark });
        Ok(())
    }
}
