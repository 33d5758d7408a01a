//! `user create | roles | reset-password | disable | enable`: how the first administrator comes to be, and the way back
//! in when nobody can log in any more. Each command is one transaction and leaves its line in the audit trail.

use std::{io::BufRead, time::Duration};

use clap::Subcommand;
use validator::ValidateEmail;

use super::{migrate, say};
use crate::{
    features::identity::{
        self, Account, NewAccount, TEMPORARY_PASSWORD, UserCommand, apply_user_command, create_account, end_sessions,
        find_account, find_by_email, set_password,
    },
    features::{
        registration::{AccountEvent, tell_holder},
        second_factor,
    },
    platform::{
        audit::{self, AuditEvent},
        auth::{Role, hash_now, weaknesses},
        clock::{Clock, Timestamp},
        config::Config,
        crypto::random_token,
        db::{DatabaseUrl, Db, DbConnection, DbSettings},
        error::AppError,
        text::{Language, TitleInput, has_forbidden_character, normalise},
    },
};

#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    step: Step,
}

#[derive(Subcommand)]
enum Step {
    /// Make an account. Without --password-stdin a password is made up and printed once.
    Create(Create),
    /// Grant and revoke roles.
    Roles {
        /// Whose.
        #[arg(long)]
        email: String,
        /// A role to give; may be repeated.
        #[arg(long, value_parser = role, required_unless_present = "revoke")]
        grant: Vec<Role>,
        /// A role to take away; may be repeated.
        #[arg(long, value_parser = role)]
        revoke: Vec<Role>,
    },
    /// Make up a new password, print it once, and end all sessions.
    ResetPassword {
        /// Whose.
        #[arg(long)]
        email: String,
    },
    /// Switch the second factor off and end all sessions.
    ResetSecondFactor {
        /// Whose.
        #[arg(long)]
        email: String,
    },
    /// Refuse all logins from now on and end all sessions.
    Disable {
        /// Whose.
        #[arg(long)]
        email: String,
        /// Why.
        #[arg(long, default_value = "Disabled on the command line.", value_parser = text)]
        reason: String,
    },
    /// Let the person log in again.
    Enable {
        /// Whose.
        #[arg(long)]
        email: String,
    },
}

#[derive(clap::Args)]
struct Create {
    /// The login.
    #[arg(long)]
    email: String,
    /// English name; this or the Bangla one is needed.
    #[arg(long, value_parser = text, required_unless_present = "name_bn")]
    name_en: Option<String>,
    /// Bangla name.
    #[arg(long, value_parser = text)]
    name_bn: Option<String>,
    /// A role; may be repeated.
    #[arg(long, value_parser = role)]
    role: Vec<Role>,
    /// Read the password from the first line of standard input; it need not be changed at the first login.
    #[arg(long)]
    password_stdin: bool,
}

pub(super) fn run(config: &Config, arguments: Arguments) -> Result<(), String> {
    let clock = Clock::system();
    match arguments.step {
        Step::Create(create) => run_create(config, clock, create),
        Step::Roles { email, grant, revoke } => {
            change(config, clock, email, "cli.user.roles", move |connection, mut account, now| {
                for role in &grant {
                    account = identity::grant(connection, &account, *role, now)?;
                }
                for role in &revoke {
                    account = identity::revoke_role(connection, &account, *role, now)?;
                }
                Ok(account)
            })
            .map(|account| {
                let roles: Vec<&str> = account.roles.iter().map(|role| role.as_str()).collect();
                say(&format!("{}: {}", account.user.email, roles.join(", ")));
            })
        }
        Step::ResetPassword { email } => {
            let password = random_token(TEMPORARY_PASSWORD).map_err(explain)?;
            let hash = hash_now(&password).map_err(explain)?;
            let account = change(config, clock, email, "cli.user.reset_password", move |connection, account, now| {
                end_sessions(connection, account.user.id, None, now)?;
                set_password(connection, &account, hash.clone(), true, now)
            })?;
            say_password(&account, &password);
            Ok(())
        }
        Step::ResetSecondFactor { email } => {
            change(config, clock, email, "cli.user.reset_second_factor", move |connection, account, now| {
                end_sessions(connection, account.user.id, None, now)?;
                second_factor::wipe(connection, account.user.id)?;
                let mut user = account.user.clone();
                user.second_factor_at = None;
                Ok(Account { user: identity::save(connection, user, now)?, roles: account.roles })
            })
            .map(|account| say(&format!("{} logs in with the password alone", account.user.email)))
        }
        Step::Disable { email, reason } => {
            change(config, clock, email, "cli.user.disable", move |connection, account, now| {
                end_sessions(connection, account.user.id, None, now)?;
                apply_user_command(connection, &account, UserCommand::Disable, Some(reason.clone()), now)
            })
            .map(|account| say(&format!("{} is disabled", account.user.email)))
        }
        Step::Enable { email } => change(config, clock, email, "cli.user.enable", |connection, account, now| {
            apply_user_command(connection, &account, UserCommand::Enable, None, now)
        })
        .map(|account| say(&format!("{} is active", account.user.email))),
    }
}

fn run_create(config: &Config, clock: Clock, create: Create) -> Result<(), String> {
    if !create.email.validate_email() || create.email.len() > 254 {
        return Err(format!("{} is not an email address", create.email));
    }
    let name = TitleInput { bn: create.name_bn, en: create.name_en };
    let (password, given) = if create.password_stdin {
        (read_password(&create.email, &name)?, true)
    } else {
        (random_token(TEMPORARY_PASSWORD).map_err(explain)?, false)
    };
    let new = NewAccount {
        email: normalise(create.email),
        name,
        designation: None,
        organisation_id: None,
        language: Language::Bn,
        roles: create.role,
        password_hash: hash_now(&password).map_err(explain)?,
        must_change_password: !given,
    };
    let account = write(config, clock, move |connection, clock| {
        let now = clock.now();
        let account = create_account(connection, clock.new_uuid(now).into(), new.clone(), now)?;
        write_down(connection, clock, now, "cli.user.create", None, &account)?;
        Ok(account)
    })?;
    if given {
        say(&format!("{} is created", account.user.email));
    } else {
        say_password(&account, &password);
    }
    Ok(())
}

fn say_password(account: &Account, password: &str) {
    say(&format!("{}: temporary password {password}", account.user.email));
    say("It is shown this once and has to be changed at the next login.");
}

fn read_password(email: &str, name: &TitleInput) -> Result<String, String> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|error| error.to_string())?;
    let password = normalise(line.trim_end_matches(['\r', '\n']).to_owned());
    let own_words: Vec<&str> = [Some(email), name.bn.as_deref(), name.en.as_deref()].into_iter().flatten().collect();
    match weaknesses("/password", &password, &own_words).first() {
        Some(weakness) => Err(weakness.detail.en.to_string()),
        None => Ok(password),
    }
}

/// Changes the account with this address.
fn change<F>(
    config: &Config,
    clock: Clock,
    email: String,
    operation: &'static str,
    mut work: F,
) -> Result<Account, String>
where
    F: FnMut(&mut DbConnection, Account, Timestamp) -> Result<Account, AppError> + Send + 'static,
{
    write(config, clock, move |connection, clock| {
        let now = clock.now();
        let user = find_by_email(connection, &email)?.ok_or_else(|| {
            AppError::not_found().detail("There is no account with this address.", "এই ঠিকানায় কোনো অ্যাকাউন্ট নেই।")
        })?;
        let before = find_account(connection, user.id)?;
        let after = work(connection, before.clone(), now)?;
        write_down(connection, clock, now, operation, Some(&before), &after)?;
        let told = match operation {
            "cli.user.reset_password" => Some(AccountEvent::PasswordSetByAdmin),
            "cli.user.reset_second_factor" => Some(AccountEvent::SecondFactorReset),
            _ => None,
        };
        if let Some(event) = told {
            tell_holder(connection, clock.new_uuid(now).into(), &after.user, event, now)?;
        }
        Ok(after)
    })
}

fn write_down(
    connection: &mut DbConnection,
    clock: &Clock,
    now: Timestamp,
    operation: &'static str,
    before: Option<&Account>,
    after: &Account,
) -> Result<(), AppError> {
    let event = AuditEvent {
        at: now,
        actor_id: None,
        service_account_id: None,
        operation: operation.to_owned(),
        record_type: "user",
        record_id: after.user.id.to_string(),
        request_id: "command-line".to_owned(),
        address: None,
        before_sha256: before.map(audit::digest).transpose()?,
        after_sha256: Some(audit::digest(after)?),
    };
    audit::record(connection, clock.new_uuid(now).into(), event)
}

/// One transaction on a database that is brought up to date first.
fn write<T, F>(config: &Config, clock: Clock, mut work: F) -> Result<T, String>
where
    T: Send + 'static,
    F: FnMut(&mut DbConnection, &Clock) -> Result<T, AppError> + Send + 'static,
{
    let url = DatabaseUrl::parse(&config.database.url)?;
    migrate::up(&url, &clock)?;
    let wait = Duration::from_millis(config.database.wait_milliseconds);
    let db = Db::open(&DbSettings { url, read_url: None, connections: 1, wait }).map_err(explain)?;
    actix_web::rt::System::new()
        .block_on(async move { db.write(move |connection| work(connection, &clock)).await })
        .map_err(explain)
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| {
        let known: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
        format!("the roles are: {}", known.join(", "))
    })
}

fn text(text: &str) -> Result<String, String> {
    let text = normalise(text.trim().to_owned());
    if text.is_empty() || text.chars().count() > 200 || has_forbidden_character(&text) {
        return Err("1 to 200 characters, none of them a control character".into());
    }
    Ok(text)
}

#[expect(clippy::needless_pass_by_value, reason = "the signature that map_err wants")]
fn explain(error: AppError) -> String {
    let details: Vec<String> = error.errors.iter().map(|error| error.detail.en.to_string()).collect();
    if details.is_empty() { error.to_string() } else { format!("{error} {}", details.join(" ")) }
}
