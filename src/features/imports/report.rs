//! What is wrong in a file, row by row.

use std::collections::BTreeMap;

use super::lists::List;
use crate::platform::{
    error::{AppError, ErrorCode, FieldError, Place},
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

/// All that is wrong, by row and then by column in the order of the list, bounded.
#[derive(Clone, Debug, Default)]
pub struct Report {
    columns: Vec<&'static str>,
    /// The first thousand, by row, column, and when they were found.
    errors: BTreeMap<(u64, usize, usize), RowError>,
    /// How many there are in all.
    pub total: usize,
}

impl Report {
    /// Of a file of this list.
    pub fn of(list: &List) -> Self {
        let columns = ["code"].into_iter().chain(list.columns.iter().map(|column| column.heading)).collect();
        Self { columns, ..Self::default() }
    }

    /// The first thousand errors.
    pub fn errors(&self) -> impl Iterator<Item = &RowError> {
        self.errors.values()
    }

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
        // What is about the whole row comes first.
        let place = column.map_or(0, |column| {
            self.columns.iter().position(|known| *known == column).map_or(self.columns.len() + 1, |place| place + 1)
        });
        let error = RowError { row, column: column.map(str::to_owned), code, detail: Bilingual::new(en, bn) };
        self.errors.insert((row, place, self.total), error);
        if self.errors.len() > MOST_LISTED {
            self.errors.pop_last();
        }
    }

    /// As a refusal: the first of them, and where to see the others.
    pub fn refusal(&self) -> AppError {
        let errors = self.errors().map(|error| {
            let column = error.column.as_ref().map(|column| format!("/{column}")).unwrap_or_default();
            FieldError::new(Place::Body(format!("/rows/{}{column}", error.row)), error.code, error.detail.clone())
        });
        let total = self.total;
        AppError::new(ErrorCode::ValidationFailed)
            .detail(
                format!("{total} errors; nothing was changed. A dry run lists up to 1,000 of them."),
                format!("{total}টি ত্রুটি; কিছুই পরিবর্তন হয়নি। পরীক্ষামূলক আমদানিতে (`dry_run`) ১,০০০টি পর্যন্ত দেখা যায়।"),
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
        ..AppError::new(ErrorCode::ImportRefused).errors(vec![FieldError::new(Place::Body(pointer), code, detail)])
    }
}

#[cfg(test)]
mod tests {
    use super::{super::lists::ListName, *};

    #[test]
    fn the_first_thousand_are_those_of_the_first_rows_however_they_were_found() {
        let mut report = Report::of(ListName::Sectors.list().unwrap());
        for row in (2..=1_502).rev() {
            report.add(row, Some("is_active"), "enum", "x", "x");
            report.add(row, Some("code"), "pattern", "x", "x");
            report.add(row, None, "column_count", "x", "x");
        }
        assert_eq!((report.total, report.errors().count()), (4_503, 1_000));
        let first: Vec<(u64, Option<&str>)> =
            report.errors().take(4).map(|error| (error.row, error.column.as_deref())).collect();
        assert_eq!(first, [(2, None), (2, Some("code")), (2, Some("is_active")), (3, None)]);
        assert_eq!(report.errors().last().map(|error| error.row), Some(335));
    }
}
