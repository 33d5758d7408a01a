//! Tables for spreadsheets.

use crate::platform::{error::AppError, money::Money};

/// A cell of text. A spreadsheet takes one that begins like a formula for a formula, so an apostrophe is put before it
/// (OWASP, "CSV Injection"). Numbers of ours are no text: a negative one is a number and nothing else.
pub fn text(cell: impl Into<String>) -> String {
    let cell = cell.into();
    let begins_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if begins_formula { format!("'{cell}") } else { cell }
}

/// The same of what may be missing.
pub fn maybe(cell: Option<impl Into<String>>) -> String {
    cell.map(text).unwrap_or_default()
}

/// Taka with two decimals.
pub fn taka(poisha: i64) -> String {
    Money::from_poisha(poisha).amount
}

/// The same of what may be missing.
pub fn maybe_taka(poisha: Option<i64>) -> String {
    poisha.map(taka).unwrap_or_default()
}

/// Whatever else may be missing and is no free text: a day, a moment, an identifier.
pub fn plain(cell: Option<impl ToString>) -> String {
    cell.map(|cell| cell.to_string()).unwrap_or_default()
}

/// Lines as RFC 4180 has them.
///
/// # Errors
/// A fault of ours.
pub fn lines<L: IntoIterator<Item = C>, C: AsRef<[u8]>>(
    lines: impl IntoIterator<Item = L>,
) -> Result<Vec<u8>, AppError> {
    let mut writer = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(Vec::new());
    for line in lines {
        writer.write_record(line).map_err(AppError::internal)?;
    }
    writer.into_inner().map_err(AppError::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_a_formula_and_numbers_stay_numbers() {
        for bad in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"] {
            assert_eq!(text(bad), format!("'{bad}"));
        }
        assert_eq!((text("SIF-2026-00042"), maybe(None::<String>)), ("SIF-2026-00042".to_owned(), String::new()));
        assert_eq!((taka(-5), maybe_taka(None)), ("-0.05".to_owned(), String::new()));
        assert_eq!(lines([["a,\"b\"", "c\r\nd"]]).unwrap(), b"\"a,\"\"b\"\"\",\"c\r\nd\"\r\n");
    }
}
