//! The kinds of records that changes are told of, as words in requests.

use serde::{Deserialize, Serialize};
use utoipa::{PartialSchema, ToSchema, openapi};

use crate::features::CHANGE_AUDIENCES;

/// A kind of record: one of those in `CHANGE_AUDIENCES`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecordKind(pub String);

impl PartialSchema for RecordKind {
    fn schema() -> openapi::RefOr<openapi::schema::Schema> {
        openapi::ObjectBuilder::new()
            .schema_type(openapi::schema::Type::String)
            .enum_values(Some(CHANGE_AUDIENCES.iter().map(|(kind, ..)| *kind)))
            .build()
            .into()
    }
}

impl ToSchema for RecordKind {}
