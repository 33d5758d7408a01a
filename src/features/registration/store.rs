//! Registrations that wait for their proof, and the letters that were sent.

use chrono::Duration;
use diesel::{
    ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper,
    delete, insert_into, update,
};
use serde::{Deserialize, Serialize};

use super::notices::Happened;
use crate::platform::{
    clock::Timestamp,
    crypto::sha256_hex,
    db::{
        DbConnection,
        schema::{account_letters, registrations},
    },
    error::{AppError, ErrorCode},
    ids::{OrganisationId, UserId, id_types},
    text::Language,
    text_enum::text_enum,
};

id_types! {
    /// Someone who asked for an account.
    RegistrationId;
    /// A letter to an address.
    LetterId;
}

text_enum! {
    /// What a letter is for.
    Purpose {
        /// To prove an address and come by an account.
        Registration = "registration",
        /// To set a new password.
        PasswordReset = "password_reset",
        /// To tell that the address has an account already.
        Notice = "notice",
    }
}

/// For how long the token of a letter is good.
pub const LIFE: Duration = Duration::hours(24);

/// How long what was not confirmed is kept.
const KEEP: Duration = Duration::days(7);

/// A registration as stored. `Serialize` is for the audit digest alone.
#[derive(Clone, Debug, Serialize, Queryable, Selectable, Insertable)]
#[diesel(table_name = registrations, treat_none_as_default_value = false)]
pub struct RegistrationRow {
    pub id: RegistrationId,
    pub email: String,
    pub name_bn: Option<String>,
    pub name_en: Option<String>,
    pub designation_bn: Option<String>,
    pub designation_en: Option<String>,
    pub organisation_id: Option<OrganisationId>,
    pub language: Language,
    pub created_at: Timestamp,
}

/// A letter as stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = account_letters, treat_none_as_default_value = false)]
pub struct LetterRow {
    pub id: LetterId,
    pub purpose: Purpose,
    pub email: String,
    pub registration_id: Option<RegistrationId>,
    pub user_id: Option<UserId>,
    pub token_sha256: Option<String>,
    pub password_changed_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

/// What waits in the outbox: who is to be written to, and why. No secret.
#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Order {
    /// The first letter of a registration.
    Registration {
        /// The letter that it is to become.
        letter: LetterId,
        /// Which.
        registration: RegistrationId,
    },
    /// Once more for the latest registration of an address.
    Resend {
        /// The letter that it is to become.
        letter: LetterId,
        /// Whose.
        email: String,
    },
    /// A new password for whoever is behind an address.
    PasswordReset {
        /// The letter that it is to become.
        letter: LetterId,
        /// Whose.
        email: String,
    },
    /// What was done to the security of an account, for its holder.
    Happened(Happened),
}

/// The registration of this id.
///
/// # Errors
/// Those of the database.
pub fn find(connection: &mut DbConnection, id: RegistrationId) -> Result<Option<RegistrationRow>, AppError> {
    Ok(registrations::table.find(id).select(RegistrationRow::as_select()).first(connection).optional()?)
}

/// The latest registration of an address.
///
/// # Errors
/// Those of the database.
pub fn latest(connection: &mut DbConnection, email: &str) -> Result<Option<RegistrationRow>, AppError> {
    Ok(registrations::table
        .filter(registrations::email.eq(email))
        .order(registrations::id.desc())
        .select(RegistrationRow::as_select())
        .first(connection)
        .optional()?)
}

/// Drops all registrations of an address with their letters: one of them was confirmed, or the address has an account.
///
/// # Errors
/// Those of the database.
pub fn forget(connection: &mut DbConnection, email: &str) -> Result<(), AppError> {
    void_letters(connection, email, Purpose::Registration)?;
    delete(registrations::table.filter(registrations::email.eq(email))).execute(connection)?;
    Ok(())
}

/// Makes the letters of a purpose worthless that went to this address before.
///
/// # Errors
/// Those of the database.
pub fn void_letters(connection: &mut DbConnection, email: &str, purpose: Purpose) -> Result<(), AppError> {
    let earlier =
        account_letters::table.filter(account_letters::email.eq(email)).filter(account_letters::purpose.eq(purpose));
    update(earlier).set(account_letters::token_sha256.eq(None::<String>)).execute(connection)?;
    Ok(())
}

/// The letter that a token came with, if it is still good.
///
/// # Errors
/// `MailTokenInvalid`; those of the database.
pub fn open(
    connection: &mut DbConnection,
    token: &str,
    purpose: Purpose,
    now: Timestamp,
) -> Result<LetterRow, AppError> {
    account_letters::table
        .filter(account_letters::token_sha256.eq(sha256_hex(token.as_bytes())))
        .select(LetterRow::as_select())
        .first(connection)
        .optional()?
        .filter(|letter: &LetterRow| letter.purpose == purpose && letter.used_at.is_none() && now < letter.expires_at)
        .ok_or_else(|| AppError::new(ErrorCode::MailTokenInvalid))
}

/// Uses the letter up.
///
/// # Errors
/// Those of the database.
pub fn use_up(connection: &mut DbConnection, letter: LetterId, now: Timestamp) -> Result<(), AppError> {
    update(account_letters::table.find(letter)).set(account_letters::used_at.eq(now)).execute(connection)?;
    Ok(())
}

/// Stores a registration.
///
/// # Errors
/// Those of the database.
pub fn insert(connection: &mut DbConnection, row: &RegistrationRow) -> Result<(), AppError> {
    insert_into(registrations::table).values(row).execute(connection)?;
    Ok(())
}

/// Drops registrations that nobody confirmed, and old letters; the server calls it now and then.
///
/// # Errors
/// Those of the database.
pub fn purge(connection: &mut DbConnection, now: Timestamp) -> Result<usize, AppError> {
    let old = now.plus(-KEEP);
    Ok(delete(account_letters::table.filter(account_letters::created_at.lt(old))).execute(connection)?
        + delete(registrations::table.filter(registrations::created_at.lt(old))).execute(connection)?)
}
