//! What is wrong in a file, row by row.

use crate::platform::{
    error::{AppError, ErrorCode, FieldError, Place, bangla_digits},
    text::Bilingual,
};

/// So many are listed; the rest is only counted.
pub const MOST_LISTED: usize = 1000;

/// One thing that is wrong.
#[derive(Clone, Debug)]
pub struct RowError {
    /// The row as a spreadsheet counts: the heading is row 1.
    pub row: u64,
    /// The heading of the column; none if it is about the whole row.
    pub column: Option<String>,
    /// What, as a word for programs.
    pub code: &'static str,
    /// What, as a sentence for people.
    pub detail: Bilingual,
}

/// All that is wrong, bounded.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The first thousand.
    pub errors: Vec<RowError>,
    /// How many there are in all.
    pub total: usize,
}

impl Report {
    /// Adds one.
    pub fn add(
        &mut self,
        row: u64,
        column: Option<&str>,
        code: &'static str,
        en: impl Into<std::borrow::Cow<'static, str>>,
        bn: impl Into<std::borrow::Cow<'static, str>>,
    ) {
        self.total += 1;
        if self.errors.len() < MOST_LISTED {
            self.errors.push(RowError { row, column: column.map(str::to_owned), code, detail: Bilingual::new(en, bn) });
        }
    }

    /// As a refusal: the first of them, and where to see the others.
    pub fn refusal(&self) -> AppError {
        let errors = self.errors.iter().map(|error| FieldError {
            place: Place::Body(
                error
                    .column
                    .as_ref()
                    .map_or_else(|| format!("/rows/{}", error.row), |column| format!("/rows/{}/{column}", error.row)),
            ),
            code: error.code,
            detail: error.detail.clone(),
        });
        let total = self.total;
        AppError::new(ErrorCode::ValidationFailed)
            .detail(
                format!("{total} errors; nothing was changed. A dry run lists up to 1,000 of them."),
                format!("{}টি ত্রুটি; কিছুই পরিবর্তন হয়নি। dry_run দিলে ১,০০০টি পর্যন্ত দেখা যায়।", bangla_digits(total)),
            )
            .errors(errors.collect())
    }
}

/// The file as a whole cannot be read.
pub fn unreadable(
    pointer: String,
    code: &'static str,
    en: impl Into<std::borrow::Cow<'static, str>>,
    bn: impl Into<std::borrow::Cow<'static, str>>,
) -> AppError {
    let detail = Bilingual::new(en, bn);
    AppError {
        detail: Some(detail.clone()),
        ..AppError::new(ErrorCode::ImportRefused).errors(vec![FieldError { place: Place::Body(pointer), code, detail }])
    }
}
