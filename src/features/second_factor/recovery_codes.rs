//! The ten codes for the day when the phone is gone.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, delete, insert_into, update};
use serde::Serialize;
use utoipa::ToSchema;

use crate::platform::{
    auth::Vault,
    clock::Timestamp,
    crypto::random_bytes,
    db::{DbConnection, schema::recovery_codes},
    error::AppError,
    ids::UserId,
    web::Tx,
};

/// How many there are.
const COUNT: usize = 10;
/// Characters of one: 60 bits.
const LENGTH: usize = 12;
/// Without those that are easily mistaken for others.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Ten codes, each good for one login in place of the app's.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"recovery_codes": ["abcd-efgh-2345", "mnpq-rstu-6789"]}))]
pub struct RecoveryCodesView {
    /// Shown this once: to be printed or kept in a safe place.
    #[schema(max_items = 10)]
    pub recovery_codes: Vec<String>,
}

/// Replaces all codes of a person by ten new ones.
///
/// # Errors
/// Those of the database and of randomness.
pub fn renew(tx: &mut Tx<'_>, vault: &Vault, user: UserId) -> Result<RecoveryCodesView, AppError> {
    forget(tx.conn, user)?;
    let mut codes = Vec::new();
    for _ in 0..COUNT {
        let letters: Vec<char> = random_bytes(LENGTH)?
            .iter()
            .filter_map(|byte| ALPHABET.get(usize::from(byte % 32)).copied().map(char::from))
            .collect();
        let code: String = letters.iter().collect();
        let digest = vault.code_digests(user.as_str(), &code).into_iter().next();
        insert_into(recovery_codes::table)
            .values((
                recovery_codes::user_id.eq(user),
                recovery_codes::code_digest.eq(digest.unwrap_or_default()),
                recovery_codes::created_at.eq(tx.now),
            ))
            .execute(tx.conn)?;
        let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
        codes.push(groups.join("-"));
    }
    Ok(RecoveryCodesView { recovery_codes: codes })
}

/// Uses a code up; whether there was one.
///
/// # Errors
/// Those of the database.
pub fn use_up(
    connection: &mut DbConnection,
    vault: &Vault,
    user: UserId,
    code: &str,
    now: Timestamp,
) -> Result<bool, AppError> {
    let unused = recovery_codes::table
        .filter(recovery_codes::user_id.eq(user))
        .filter(recovery_codes::code_digest.eq_any(vault.code_digests(user.as_str(), code)))
        .filter(recovery_codes::used_at.is_null());
    Ok(update(unused).set(recovery_codes::used_at.eq(now)).execute(connection)? == 1)
}

/// How many are left.
///
/// # Errors
/// Those of the database.
pub fn left(connection: &mut DbConnection, user: UserId) -> Result<i64, AppError> {
    Ok(recovery_codes::table
        .filter(recovery_codes::user_id.eq(user))
        .filter(recovery_codes::used_at.is_null())
        .count()
        .get_result(connection)?)
}

/// Drops all codes of a person.
///
/// # Errors
/// Those of the database.
pub fn forget(connection: &mut DbConnection, user: UserId) -> Result<(), AppError> {
    delete(recovery_codes::table.filter(recovery_codes::user_id.eq(user))).execute(connection)?;
    Ok(())
}
