//! The stored second factor of a person: being set up, switched on, used, wiped.

use diesel::{
    ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper,
    delete, insert_into, update,
};

use super::{
    recovery_codes,
    totp::{generator, is_totp, step_of, tidy},
};
use crate::platform::{
    auth::Vault,
    clock::Timestamp,
    db::{DbConnection, schema::second_factors},
    error::AppError,
    ids::UserId,
    web::Tx,
};

/// As stored.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = second_factors, treat_none_as_default_value = false)]
pub struct SecondFactorRow {
    /// Whose.
    pub user_id: UserId,
    /// Sealed for that person.
    pub sealed_secret: String,
    /// Codes of this step of time and earlier ones are spent.
    pub last_step: i64,
    /// When it was switched on; `None`: it is being set up.
    pub confirmed_at: Option<Timestamp>,
    /// When it was set up.
    pub created_at: Timestamp,
}

/// The second factor of a person, in whatever state.
///
/// # Errors
/// Those of the database.
pub fn find(connection: &mut DbConnection, user: UserId) -> Result<Option<SecondFactorRow>, AppError> {
    Ok(second_factors::table.find(user).select(SecondFactorRow::as_select()).first(connection).optional()?)
}

/// Begins to set one up, in place of one that was begun before.
///
/// # Errors
/// Those of the database and of sealing.
pub fn begin(tx: &mut Tx<'_>, vault: &Vault, user: UserId, secret: &[u8]) -> Result<(), AppError> {
    wipe(tx.conn, user)?;
    let row = SecondFactorRow {
        user_id: user,
        sealed_secret: vault.seal(secret, user.as_str())?,
        last_step: 0,
        confirmed_at: None,
        created_at: tx.now,
    };
    insert_into(second_factors::table).values(&row).execute(tx.conn)?;
    Ok(())
}

/// Switches on what was begun, if `code` shows that the app has it.
///
/// # Errors
/// Those of the database.
pub fn confirm(tx: &mut Tx<'_>, vault: &Vault, row: &SecondFactorRow, code: &str) -> Result<bool, AppError> {
    if !spend(tx, vault, row, &tidy(code))? {
        return Ok(false);
    }
    update(second_factors::table.find(row.user_id)).set(second_factors::confirmed_at.eq(tx.now)).execute(tx.conn)?;
    Ok(true)
}

/// Uses up a code of the app or a recovery code; whether it was good. In the transaction of what it permits: of two
/// requests with one code at the same time the second one finds it spent.
///
/// # Errors
/// Those of the database.
pub fn use_code(tx: &mut Tx<'_>, vault: &Vault, user: UserId, code: &str) -> Result<bool, AppError> {
    let code = tidy(code);
    let Some(row) = find(tx.conn, user)?.filter(|row| row.confirmed_at.is_some()) else { return Ok(false) };
    if is_totp(&code) {
        return spend(tx, vault, &row, &code);
    }
    recovery_codes::use_up(tx.conn, vault, user, &code, tx.now)
}

/// Spends a code of the app: its step of time has to be later than the last one that was spent.
fn spend(tx: &mut Tx<'_>, vault: &Vault, row: &SecondFactorRow, code: &str) -> Result<bool, AppError> {
    let totp = generator(&vault.open(&row.sealed_secret, row.user_id.as_str())?, "")?;
    let Some(step) = step_of(&totp, code, tx.now) else { return Ok(false) };
    let unspent = second_factors::table.find(row.user_id).filter(second_factors::last_step.lt(step));
    Ok(update(unspent).set(second_factors::last_step.eq(step)).execute(tx.conn)? == 1)
}

/// Drops the second factor of a person and all recovery codes.
///
/// # Errors
/// Those of the database.
pub fn wipe(connection: &mut DbConnection, user: UserId) -> Result<(), AppError> {
    recovery_codes::forget(connection, user)?;
    delete(second_factors::table.find(user)).execute(connection)?;
    Ok(())
}
