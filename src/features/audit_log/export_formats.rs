//! An entry as a line of CSV or of JSON.

use crate::platform::{error::AppError, text_enum::text_enum};

use super::entries::AuditEntryView;

text_enum! {
    /// How an export is written.
    ExportFormat {
        /// One table with a line of names, for spreadsheets.
        Csv = "csv",
        /// One JSON object a line, for programs.
        Jsonl = "jsonl",
    }
}

const COLUMNS: [&str; 13] = [
    "seq",
    "at",
    "actor_id",
    "service_account_id",
    "operation",
    "record_type",
    "record_id",
    "request_id",
    "address",
    "before_sha256",
    "after_sha256",
    "id",
    "hash",
];

impl ExportFormat {
    /// What it is called in `Content-Type`.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Jsonl => "application/x-ndjson",
        }
    }

    /// What comes before the entries.
    ///
    /// # Errors
    /// A fault of ours.
    pub fn head(self) -> Result<Vec<u8>, AppError> {
        match self {
            Self::Csv => csv_lines(std::iter::once(COLUMNS.map(str::to_owned))),
            Self::Jsonl => Ok(Vec::new()),
        }
    }

    /// The lines of some entries.
    ///
    /// # Errors
    /// A fault of ours.
    pub fn lines(self, entries: Vec<AuditEntryView>) -> Result<Vec<u8>, AppError> {
        match self {
            Self::Csv => csv_lines(entries.into_iter().map(cells)),
            Self::Jsonl => {
                let mut text = Vec::new();
                for entry in &entries {
                    serde_json::to_writer(&mut text, entry).map_err(AppError::internal)?;
                    text.push(b'\n');
                }
                Ok(text)
            }
        }
    }
}

fn cells(entry: AuditEntryView) -> [String; 13] {
    let text = Option::unwrap_or_default;
    [
        entry.seq.map(|seq| seq.to_string()),
        Some(entry.at.to_string()),
        entry.actor_id.map(|id| id.to_string()),
        entry.service_account_id.map(|id| id.to_string()),
        Some(entry.operation),
        Some(entry.record_type),
        Some(entry.record_id),
        Some(entry.request_id),
        entry.address,
        entry.before_sha256,
        entry.after_sha256,
        Some(entry.id.to_string()),
        entry.hash,
    ]
    .map(text)
    .map(harmless)
}

/// A spreadsheet takes a cell that begins like a formula for one. Callers choose their own request ids, so an apostrophe
/// is put before such a cell (OWASP, "CSV Injection").
fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { format!("'{cell}") } else { cell }
}

fn csv_lines(lines: impl Iterator<Item = [String; 13]>) -> Result<Vec<u8>, AppError> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for line in lines {
        writer.write_record(line).map_err(AppError::internal)?;
    }
    writer.into_inner().map_err(AppError::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for bad in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(harmless(bad.to_owned()), format!("'{bad}"));
        }
        assert_eq!(harmless("pilot".into()), "pilot");
        let line = csv_lines(std::iter::once(COLUMNS.map(|_| "a,\"b\"\r\n".to_owned()))).unwrap();
        assert!(String::from_utf8(line).unwrap().starts_with("\"a,\"\"b\"\"\r\n\","));
    }
}
