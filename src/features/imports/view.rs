//! How an import is shown.

use serde::Serialize;
use utoipa::ToSchema;

use super::{import::Imported, lists::ListName};
use crate::platform::text::Language;

/// What an import did, or in a dry run would do.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportView {
    /// The list.
    #[schema(inline)]
    pub list: ListName,
    /// Whether it was a dry run.
    pub dry_run: bool,
    /// Whether the list is now as the file says.
    pub applied: bool,
    /// Rows in the file that could be read.
    #[schema(minimum = 0)]
    pub rows: usize,
    /// How many are new.
    #[schema(minimum = 0)]
    pub created: usize,
    /// How many are changed.
    #[schema(minimum = 0)]
    pub updated: usize,
    /// How many are as they were.
    #[schema(minimum = 0)]
    pub unchanged: usize,
    /// How many errors there are in all.
    #[schema(minimum = 0)]
    pub error_count: usize,
    /// The first 1,000 of them, by row and then by column.
    #[schema(max_items = 1000)]
    pub errors: Vec<ImportErrorView>,
}

/// One thing that is wrong in a file.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportErrorView {
    /// The row as a spreadsheet counts: the heading is row 1.
    #[schema(minimum = 0)]
    pub row: u64,
    /// The heading of the column; null if it is about the whole row.
    #[schema(max_length = 60)]
    pub column: Option<String>,
    /// The word to switch on.
    #[schema(max_length = 60, example = "unknown_reference")]
    pub code: String,
    /// The same in a sentence.
    #[schema(max_length = 500)]
    pub detail: String,
}

impl ImportView {
    /// Of an import, in the caller's language.
    pub fn new(list: ListName, dry_run: bool, done: Imported, language: Language) -> Self {
        let errors = done.report.errors().map(|error| ImportErrorView {
            row: error.row,
            column: error.column.clone(),
            code: error.code.to_owned(),
            detail: error.detail.in_language(language).into_owned(),
        });
        Self {
            list,
            dry_run,
            applied: !dry_run && done.report.total == 0,
            rows: done.rows,
            created: done.created,
            updated: done.updated,
            unchanged: done.unchanged,
            error_count: done.report.total,
            errors: errors.collect(),
        }
    }
}
