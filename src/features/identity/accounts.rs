//! Finding accounts.

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper};

use super::rows::UserRow;
use crate::platform::{
    db::{DbConnection, schema::users},
    error::AppError,
};

/// The form in which addresses are stored and compared.
pub fn fold_email(email: &str) -> String {
    email.trim().to_lowercase()
}

/// The account with this address.
///
/// # Errors
/// Those of the database.
pub fn find_by_email(connection: &mut DbConnection, email: &str) -> Result<Option<UserRow>, AppError> {
    Ok(users::table
        .filter(users::email.eq(fold_email(email)))
        .select(UserRow::as_select())
        .first(connection)
        .optional()?)
}
