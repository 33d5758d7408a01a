//! What a restore ends. A backup knows nothing of what was revoked, used up or switched off after it was taken; so whatever
//! lets someone in by itself is ended, and what cannot be decided is said. Where the former database can still be read, the
//! accounts are compared with it.

use std::collections::HashMap;

use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, QueryDsl, RunQueryDsl, delete, dsl::count_star, update,
};

use crate::platform::{
    audit::{self, AuditEvent},
    auth::Role,
    clock::{Clock, Timestamp},
    crypto::sha256_hex,
    db::{
        DbConnection, in_one_transaction,
        schema::{
            account_letters, api_keys, outbox_messages, recovery_codes, service_accounts, sessions, user_roles, users,
            webhook_endpoints,
        },
    },
    error::AppError,
    ids::UserId,
};

/// What was ended, and what people have to look at.
#[derive(Debug, Default)]
pub(super) struct Ended {
    sessions: Option<usize>,
    /// Beginning of the key, name of the service account, address of its owner.
    keys: Vec<(String, String, String)>,
    recovery_codes: Vec<String>,
    webhooks: Vec<(String, String)>,
    letters: usize,
    /// What the comparison found; `None`: there was nothing to compare with.
    differences: Option<Vec<String>>,
}

/// What decides whether someone gets in, and as what.
#[derive(Debug)]
struct Known {
    id: UserId,
    email: String,
    status: String,
    password_changed_at: Timestamp,
    has_second_factor: bool,
    roles: Vec<Role>,
}

/// Ends in the copy what may have been ended since, in one transaction, and writes that down in its audit trail.
pub(super) fn end(
    connection: &mut DbConnection,
    former: Option<&mut DbConnection>,
    clock: &Clock,
    keep_sessions: bool,
) -> Result<Ended, AppError> {
    // A former database that cannot be read any more is why one restores.
    let before = former.and_then(|former| accounts(former).ok());
    in_one_transaction(connection, |connection| {
        let now = clock.now();
        let mut ended = Ended::default();
        if !keep_sessions {
            let live = sessions::table.filter(sessions::revoked_at.is_null());
            ended.sessions = Some(update(live).set(sessions::revoked_at.eq(now)).execute(connection)?);
        }
        ended.keys = end_keys(connection, now)?;
        ended.recovery_codes = end_recovery_codes(connection, now)?;
        ended.webhooks = end_webhooks(connection, now)?;
        ended.letters = end_letters(connection, now)?;
        if let Some(before) = &before {
            ended.differences = Some(compare(connection, before, clock, now)?);
        }
        write_down(connection, clock, now, "database", "restored", &sha256_hex(ended.lines().join("\n").as_bytes()))?;
        Ok(ended)
    })
}

fn end_keys(connection: &mut DbConnection, now: Timestamp) -> Result<Vec<(String, String, String)>, AppError> {
    let live = api_keys::revoked_at.is_null().and(api_keys::expires_on.ge(now.day_in_dhaka()));
    let keys = api_keys::table
        .inner_join(service_accounts::table.inner_join(users::table))
        .filter(live)
        .order(api_keys::id)
        .select((api_keys::prefix, service_accounts::name, users::email))
        .load(connection)?;
    update(api_keys::table.filter(api_keys::revoked_at.is_null()))
        .set(api_keys::revoked_at.eq(now))
        .execute(connection)?;
    Ok(keys)
}

fn end_recovery_codes(connection: &mut DbConnection, now: Timestamp) -> Result<Vec<String>, AppError> {
    let unused = recovery_codes::table.filter(recovery_codes::used_at.is_null()).select(recovery_codes::user_id);
    let people =
        users::table.filter(users::id.eq_any(unused)).order(users::email).select(users::email).load(connection)?;
    update(recovery_codes::table.filter(recovery_codes::used_at.is_null()))
        .set(recovery_codes::used_at.eq(now))
        .execute(connection)?;
    Ok(people)
}

fn end_webhooks(connection: &mut DbConnection, now: Timestamp) -> Result<Vec<(String, String)>, AppError> {
    let endpoints = webhook_endpoints::table
        .inner_join(users::table.on(users::id.eq(webhook_endpoints::owner_id)))
        .filter(webhook_endpoints::status.eq("active"))
        .order(webhook_endpoints::id)
        .select((webhook_endpoints::id, users::email))
        .load(connection)?;
    update(webhook_endpoints::table.filter(webhook_endpoints::status.eq("active")))
        .set((
            webhook_endpoints::status.eq("disabled"),
            webhook_endpoints::status_reason.eq("The database was restored from a backup."),
            webhook_endpoints::version.eq(webhook_endpoints::version + 1),
            webhook_endpoints::updated_at.eq(now),
        ))
        .execute(connection)?;
    Ok(endpoints)
}

/// Tokens that were sent, and letters that were about to be.
fn end_letters(connection: &mut DbConnection, now: Timestamp) -> Result<usize, AppError> {
    let good = account_letters::table
        .filter(account_letters::token_sha256.is_not_null())
        .filter(account_letters::used_at.is_null())
        .filter(account_letters::expires_at.gt(now));
    let count: i64 = good.select(count_star()).first(connection)?;
    update(account_letters::table.filter(account_letters::token_sha256.is_not_null()))
        .set(account_letters::token_sha256.eq(None::<String>))
        .execute(connection)?;
    let queued = outbox_messages::table
        .filter(outbox_messages::topic.eq("account_letters"))
        .filter(outbox_messages::status.eq("pending"));
    let waiting = delete(queued).execute(connection)?;
    Ok(usize::try_from(count).unwrap_or_default() + waiting)
}

fn accounts(connection: &mut DbConnection) -> Result<Vec<Known>, AppError> {
    type Columns = (UserId, String, String, Timestamp, Option<Timestamp>);
    let rows: Vec<Columns> = users::table
        .order(users::email)
        .select((users::id, users::email, users::status, users::password_changed_at, users::second_factor_at))
        .load(connection)?;
    let held: Vec<(UserId, Role)> =
        user_roles::table.select((user_roles::user_id, user_roles::role)).load(connection)?;
    let mut roles: HashMap<UserId, Vec<Role>> = HashMap::new();
    for (user, role) in held {
        roles.entry(user).or_default().push(role);
    }
    Ok(rows
        .into_iter()
        .map(|(id, email, status, password_changed_at, second_factor_at)| Known {
            roles: roles.remove(&id).unwrap_or_default(),
            has_second_factor: second_factor_at.is_some(),
            id,
            email,
            status,
            password_changed_at,
        })
        .collect())
}

/// Who was disabled since the backup is disabled again; the rest is for people to judge.
fn compare(
    connection: &mut DbConnection,
    before: &[Known],
    clock: &Clock,
    now: Timestamp,
) -> Result<Vec<String>, AppError> {
    let copy = accounts(connection)?;
    let former: HashMap<UserId, &Known> = before.iter().map(|known| (known.id, known)).collect();
    let mut found = Vec::new();
    for user in &copy {
        let email = &user.email;
        let Some(former) = former.get(&user.id) else {
            found.push(format!("{email}: is not in the former database"));
            continue;
        };
        if former.status == "disabled" && user.status == "active" {
            update(users::table.find(user.id))
                .set((
                    users::status.eq("disabled"),
                    users::status_reason.eq("Disabled before the database was restored from a backup."),
                    users::version.eq(users::version + 1),
                    users::updated_at.eq(now),
                ))
                .execute(connection)?;
            write_down(connection, clock, now, "user", user.id.as_str(), &sha256_hex(b"disabled by a restore"))?;
            found.push(format!("{email}: was disabled since the backup, and is disabled"));
        }
        if former.password_changed_at > user.password_changed_at {
            found.push(format!(
                "{email}: has the password of before it was changed; user reset-password gives a new one"
            ));
        }
        if former.has_second_factor && !user.has_second_factor {
            found.push(format!("{email}: has no second factor any more"));
        }
        if !former.has_second_factor && user.has_second_factor {
            found.push(format!("{email}: has the second factor again that was switched off since"));
        }
        for role in user.roles.iter().filter(|role| !former.roles.contains(role)) {
            found.push(format!("{email}: has the role {} again; user roles takes it away", role.as_str()));
        }
    }
    Ok(found)
}

fn write_down(
    connection: &mut DbConnection,
    clock: &Clock,
    now: Timestamp,
    record_type: &'static str,
    record_id: &str,
    after: &str,
) -> Result<(), AppError> {
    let event = AuditEvent {
        at: now,
        actor_id: None,
        service_account_id: None,
        operation: "restore".to_owned(),
        record_type,
        record_id: record_id.to_owned(),
        request_id: "command-line".to_owned(),
        address: None,
        before_sha256: None,
        after_sha256: Some(after.to_owned()),
    };
    audit::record(connection, clock.new_uuid(now).into(), event)
}

impl Ended {
    /// For whoever restored it.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        match self.sessions {
            Some(count) => lines.push(format!("All sessions are ended ({count}); everyone logs in again.")),
            None => {
                lines.push("Sessions go on, as you said; one that was ended since the backup lives again.".to_owned())
            }
        }
        lines.push(format!("API keys: {} ended. Their owners have to make new ones:", self.keys.len()));
        lines.extend(self.keys.iter().map(|(prefix, name, owner)| format!("  {prefix}… of \"{name}\", {owner}")));
        lines
            .push(format!("Recovery codes: void. So many people have to make new ones: {}", self.recovery_codes.len()));
        lines.extend(self.recovery_codes.iter().map(|email| format!("  {email}")));
        lines.push(format!(
            "Webhook endpoints: {} disabled. Their owners have to enable them, and to rotate secrets that they had rotated since:",
            self.webhooks.len()
        ));
        lines.extend(self.webhooks.iter().map(|(id, owner)| format!("  {id}, {owner}")));
        lines.push(format!("Letters with a code: {} void. Whoever waits for one asks again.", self.letters));
        match &self.differences {
            None => lines.push(
                "There is no former database to compare accounts with: passwords, roles and disabled accounts are those of \
                 the time of the backup. Look through them."
                    .to_owned(),
            ),
            Some(found) => {
                lines.push(format!("Accounts compared with the former database, {} differences:", found.len()));
                lines.extend(found.iter().map(|line| format!("  {line}")));
            }
        }
        lines
    }
}
