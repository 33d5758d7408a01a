//! A fund as it is stored.

use diesel::{
    AsChangeset, ExpressionMethods, Identifiable, Insertable, QueryDsl, Queryable, RunQueryDsl, Selectable,
    SelectableHelper, update,
};
use serde::Serialize;

use super::status::FundStatus;
use crate::{
    features::funding::ids::FundId,
    platform::{
        clock::Timestamp,
        db::{DbConnection, schema::funds},
        error::{AppError, DatabaseIntent, ErrorCode},
        ids::UserId,
        web::Tx,
    },
};

/// A fund. `Serialize` is for the audit digest alone.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset, Identifiable, Serialize)]
#[diesel(table_name = funds, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct FundRow {
    /// Its identifier.
    pub id: FundId,
    /// Bangla name.
    pub name_bn: Option<String>,
    /// English name.
    pub name_en: Option<String>,
    /// What it is for, in Bangla.
    pub description_bn: Option<String>,
    /// What it is for, in English.
    pub description_en: Option<String>,
    /// Where it stands.
    pub status: FundStatus,
    /// Why it was closed or opened again.
    pub status_reason: Option<String>,
    /// Who made it.
    pub created_by: UserId,
    /// Counts changes.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// The fund of this id.
///
/// # Errors
/// `NotFound`; those of the database.
pub fn find_fund(connection: &mut DbConnection, id: FundId) -> Result<FundRow, AppError> {
    funds::table.find(id).select(FundRow::as_select()).first(connection).or_not_found()
}

/// Stores a changed fund under its next version, if nobody was faster, and audits it.
///
/// # Errors
/// `VersionMismatch` when someone else was first.
pub fn save(tx: &mut Tx<'_>, action: &str, before: &FundRow, after: FundRow) -> Result<FundRow, AppError> {
    let after = FundRow { version: before.version + 1, updated_at: tx.now.max(before.updated_at), ..after };
    let changed =
        update(funds::table.find(before.id).filter(funds::version.eq(before.version))).set(&after).execute(tx.conn)?;
    if changed == 0 {
        return Err(AppError::new(ErrorCode::VersionMismatch));
    }
    tx.audit_as(action, "fund", before.id.as_str(), Some(before), Some(&after))?;
    Ok(after)
}
