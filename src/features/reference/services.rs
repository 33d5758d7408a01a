//! Public services: what pilots improve, and what TCV is measured of.

use diesel::{
    ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper,
    dsl::exists, insert_into, select,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    codes::{Scheme, unknown_codes},
    organisations::{code_taken, find_organisation, name_words, offered},
};
use crate::platform::{
    clock::Timestamp,
    db::{DbConnection, dialect, schema::services},
    error::{AppError, DatabaseIntent, FieldError},
    ids::{OrganisationId, ServiceId},
    text::{LocalizedText, TitleInput},
    web::body::some_language,
};

/// A service. `Serialize` is for the audit digest alone.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Serialize)]
#[diesel(table_name = services, treat_none_as_default_value = false)]
pub struct ServiceRow {
    /// Its identifier.
    pub id: ServiceId,
    /// What it is about.
    pub sector_code: String,
    /// Who answers for it.
    pub organisation_id: OrganisationId,
    /// Bangla name.
    pub name_bn: Option<String>,
    /// English name.
    pub name_en: Option<String>,
    /// Whether it is offered for new records.
    pub is_active: bool,
    /// Counts changes.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// A code of one's own, by which imports know it.
    pub code: Option<String>,
}

/// A public service.
#[derive(Debug, Serialize, ToSchema)]
pub struct ServiceView {
    /// Its identifier.
    pub id: ServiceId,
    /// What people call it.
    pub name: LocalizedText,
    /// What it is about.
    #[schema(max_length = 60, example = "livestock_fisheries")]
    pub sector_code: String,
    /// Who answers for it.
    pub organisation_id: OrganisationId,
    /// A code of one's own, by which imports know it.
    #[schema(max_length = 60, example = "DLS-07")]
    pub code: Option<String>,
    /// Whether it is offered for new records.
    pub is_active: bool,
    /// Counts changes.
    #[schema(minimum = 1)]
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl From<ServiceRow> for ServiceView {
    fn from(row: ServiceRow) -> Self {
        Self {
            id: row.id,
            name: LocalizedText::new(row.name_bn, row.name_en),
            sector_code: row.sector_code,
            organisation_id: row.organisation_id,
            code: row.code,
            is_active: row.is_active,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// What is said of a service when it is created, and can be changed later.
#[derive(Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ServiceContent {
    /// What people call it.
    #[validate(custom(function = some_language))]
    pub name: TitleInput,
    /// What it is about.
    #[schema(min_length = 1, max_length = 60, example = "livestock_fisheries")]
    pub sector_code: String,
    /// Who answers for it.
    pub organisation_id: OrganisationId,
    /// A code of one's own, by which imports know it.
    #[serde(default)]
    #[schema(min_length = 2, max_length = 60, pattern = "^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    pub code: Option<String>,
    /// Whether it is offered for new records.
    #[serde(default = "offered")]
    #[schema(default = true)]
    pub is_active: bool,
}

impl ServiceContent {
    /// What a stored service says.
    pub fn of(row: &ServiceRow) -> Self {
        Self {
            name: TitleInput { bn: row.name_bn.clone(), en: row.name_en.clone() },
            sector_code: row.sector_code.clone(),
            organisation_id: row.organisation_id,
            code: row.code.clone(),
            is_active: row.is_active,
        }
    }

    /// Makes sure that what it refers to is there.
    ///
    /// # Errors
    /// `ValidationFailed`; those of the database.
    pub fn check_references(&self, connection: &mut DbConnection) -> Result<(), AppError> {
        let mut errors = Vec::new();
        if !unknown_codes(connection, Scheme::Sector, std::slice::from_ref(&self.sector_code))?.is_empty() {
            errors.push(FieldError::unknown_reference("/sector_code"));
        }
        if find_organisation(connection, self.organisation_id)?.is_none() {
            errors.push(FieldError::unknown_reference("/organisation_id"));
        }
        if errors.is_empty() { Ok(()) } else { Err(AppError::validation(errors)) }
    }
}

/// The service, if there is one.
///
/// # Errors
/// Those of the database.
pub fn find_service(connection: &mut DbConnection, id: ServiceId) -> Result<Option<ServiceRow>, AppError> {
    Ok(services::table.find(id).select(ServiceRow::as_select()).first(connection).optional()?)
}

/// Whether there is such a service.
///
/// # Errors
/// Those of the database.
pub fn service_exists(connection: &mut DbConnection, id: ServiceId) -> Result<bool, AppError> {
    Ok(select(exists(services::table.filter(services::id.eq(id)))).get_result(connection)?)
}

/// The service in the path.
///
/// # Errors
/// `NotFound`; those of the database.
pub(super) fn the_service(connection: &mut DbConnection, id: ServiceId) -> Result<ServiceRow, AppError> {
    services::table.find(id).select(ServiceRow::as_select()).first(connection).or_not_found()
}

/// Stores a new service together with the words it is found by.
///
/// # Errors
/// Those of the database.
pub fn insert_service(connection: &mut DbConnection, row: &ServiceRow) -> Result<(), AppError> {
    insert_into(services::table).values(row).execute(connection).or_conflict(code_taken())?;
    put_words(connection, row)
}

/// Renews the words a service is found by.
pub(super) fn put_words(connection: &mut DbConnection, row: &ServiceRow) -> Result<(), AppError> {
    let words = name_words(row.name_bn.as_deref(), row.name_en.as_deref());
    Ok(dialect::SERVICE_TEXT.put(connection, row.id.as_str(), &words)?)
}
