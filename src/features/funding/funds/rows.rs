//! A fund as it is stored.

use diesel::{AsChangeset, Identifiable, Insertable, Queryable, Selectable};
use serde::Serialize;

use super::status::FundStatus;
use crate::{
    features::funding::ids::FundId,
    platform::{clock::Timestamp, db::schema::funds, ids::UserId},
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
    /// Who made it.
    pub created_by: UserId,
    /// Counts changes.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}
