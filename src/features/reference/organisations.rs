//! Organisations: a tree of ministries, directorates, administrations and offices.

use diesel::{
    Insertable, OptionalExtension, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper, insert_into,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::codes::{Scheme, parent_of_each, unknown_codes};
use crate::platform::{
    clock::Timestamp,
    db::{DbConnection, dialect, schema::organisations},
    error::{AppError, DatabaseIntent, ErrorCode, FieldError},
    ids::OrganisationId,
    text::{LocalizedText, TitleInput, search_words},
    text_enum::text_enum,
    web::body::some_language,
};

text_enum! {
    /// What an organisation is.
    OrganisationKind {
        /// Ministry.
        Ministry = "ministry",
        /// Division of a ministry, or one that stands for itself.
        Division = "division",
        /// Directorate or department.
        Directorate = "directorate",
        /// Administration of a division of the country.
        DivisionalAdministration = "divisional_administration",
        /// Administration of a district.
        DistrictAdministration = "district_administration",
        /// Administration of a sub-district.
        UpazilaAdministration = "upazila_administration",
        /// Office that serves citizens.
        FieldOffice = "field_office",
        /// Non-governmental organisation.
        Ngo = "ngo",
        /// Private firm.
        Firm = "firm",
        /// University.
        University = "university",
        /// Partner abroad.
        ForeignPartner = "foreign_partner",
    }
}

/// An organisation. `Serialize` is for the audit digest alone.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Serialize)]
#[diesel(table_name = organisations, treat_none_as_default_value = false)]
pub struct OrganisationRow {
    /// Its identifier.
    pub id: OrganisationId,
    /// The one it belongs to.
    pub parent_id: Option<OrganisationId>,
    /// What it is.
    pub kind: OrganisationKind,
    /// Bangla name.
    pub name_bn: Option<String>,
    /// English name.
    pub name_en: Option<String>,
    /// The district it sits in.
    pub district_code: Option<String>,
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
    /// The upazila it sits in.
    pub upazila_code: Option<String>,
}

/// An organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrganisationView {
    /// Its identifier.
    pub id: OrganisationId,
    /// What people call it.
    pub name: LocalizedText,
    /// What it is.
    pub kind: OrganisationKind,
    /// The one it belongs to; null at the top of the tree.
    pub parent_id: Option<OrganisationId>,
    /// The district it sits in.
    #[schema(max_length = 60, example = "BD-13")]
    pub district_code: Option<String>,
    /// The upazila it sits in.
    #[schema(max_length = 60, example = "302672")]
    pub upazila_code: Option<String>,
    /// A code of one's own, by which imports know it.
    #[schema(max_length = 60, example = "DLS")]
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

impl From<OrganisationRow> for OrganisationView {
    fn from(row: OrganisationRow) -> Self {
        Self {
            id: row.id,
            name: LocalizedText::new(row.name_bn, row.name_en),
            kind: row.kind,
            parent_id: row.parent_id,
            district_code: row.district_code,
            upazila_code: row.upazila_code,
            code: row.code,
            is_active: row.is_active,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// What is said of an organisation when it is created, and can be changed later.
#[derive(Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": {"bn": "প্রাণিসম্পদ অধিদপ্তর", "en": "Department of Livestock Services"}, "kind": "directorate",
    "parent_id": null, "district_code": "BD-13", "is_active": true
}))]
pub struct OrganisationContent {
    /// What people call it.
    #[validate(custom(function = some_language))]
    pub name: TitleInput,
    /// What it is.
    pub kind: OrganisationKind,
    /// The one it belongs to; none at the top of the tree.
    pub parent_id: Option<OrganisationId>,
    /// The district it sits in.
    #[schema(min_length = 1, max_length = 60)]
    pub district_code: Option<String>,
    /// The upazila it sits in, one of that district.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 60)]
    pub upazila_code: Option<String>,
    /// A code of one's own, by which imports know it.
    #[serde(default)]
    #[schema(min_length = 2, max_length = 60, pattern = "^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    pub code: Option<String>,
    /// Whether it is offered for new records.
    #[serde(default = "offered")]
    #[schema(default = true)]
    pub is_active: bool,
}

/// New records are offered unless it is said otherwise.
pub(super) const fn offered() -> bool {
    true
}

impl OrganisationContent {
    /// What a stored organisation says.
    pub fn of(row: &OrganisationRow) -> Self {
        Self {
            name: TitleInput { bn: row.name_bn.clone(), en: row.name_en.clone() },
            kind: row.kind,
            parent_id: row.parent_id,
            district_code: row.district_code.clone(),
            upazila_code: row.upazila_code.clone(),
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
        if let Some(parent) = self.parent_id
            && find_organisation(connection, parent)?.is_none()
        {
            errors.push(FieldError::unknown_reference("/parent_id"));
        }
        if !unknown_codes(connection, Scheme::District, self.district_code.as_slice())?.is_empty() {
            errors.push(FieldError::unknown_reference("/district_code"));
        }
        if let Some(upazila) = &self.upazila_code {
            match parent_of_each(connection, Scheme::Upazila, std::slice::from_ref(upazila))?.first() {
                None => errors.push(FieldError::unknown_reference("/upazila_code")),
                Some((_, district)) if *district == self.district_code => {}
                Some(_) => errors.push(FieldError::body(
                    "/upazila_code",
                    "wrong_parent",
                    "The upazila does not lie in this district.",
                    "উপজেলাটি এই জেলার নয়।",
                )),
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(AppError::validation(errors)) }
    }
}

/// Two records with one code.
pub(super) fn code_taken() -> AppError {
    AppError::new(ErrorCode::AlreadyExists).detail("Another record has this code.", "অন্য একটি রেকর্ডের এই কোড আছে।")
}

/// The organisation, if there is one.
///
/// # Errors
/// Those of the database.
pub fn find_organisation(
    connection: &mut DbConnection,
    id: OrganisationId,
) -> Result<Option<OrganisationRow>, AppError> {
    Ok(organisations::table.find(id).select(OrganisationRow::as_select()).first(connection).optional()?)
}

/// The organisation in the path.
///
/// # Errors
/// `NotFound`; those of the database.
pub(super) fn the_organisation(connection: &mut DbConnection, id: OrganisationId) -> Result<OrganisationRow, AppError> {
    organisations::table.find(id).select(OrganisationRow::as_select()).first(connection).or_not_found()
}

/// Stores a new organisation together with the words it is found by.
///
/// # Errors
/// Those of the database.
pub fn insert_organisation(connection: &mut DbConnection, row: &OrganisationRow) -> Result<(), AppError> {
    insert_into(organisations::table).values(row).execute(connection).or_conflict(code_taken())?;
    put_words(connection, row)
}

/// Renews the words an organisation is found by.
pub(super) fn put_words(connection: &mut DbConnection, row: &OrganisationRow) -> Result<(), AppError> {
    let words = name_words(row.name_bn.as_deref(), row.name_en.as_deref());
    Ok(dialect::ORGANISATION_TEXT.put(connection, row.id.as_str(), &words)?)
}

/// The words of a name in both languages.
pub(super) fn name_words(bn: Option<&str>, en: Option<&str>) -> Vec<String> {
    [bn, en].into_iter().flatten().flat_map(search_words).collect()
}

/// An organisation and all above it, nearest first; empty if there is no such organisation.
///
/// # Errors
/// Those of the database.
pub fn organisation_chain(connection: &mut DbConnection, id: OrganisationId) -> Result<Vec<OrganisationId>, AppError> {
    Ok(dialect::organisation_chain(connection, id)?)
}
