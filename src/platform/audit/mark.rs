//! What the feed of changes has to know of an entry beyond the entry itself.

use serde_json::Value;

/// A column by which rows tell what they hang on, and the kind of record that it names.
#[derive(Clone, Copy, Debug)]
pub struct SubjectColumn {
    /// The column, such as `pilot_id`.
    pub column: &'static str,
    /// The kind of record, such as `pilot`.
    pub kind: &'static str,
}

/// What a changed record hangs on, and its version after the change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// Kind and id of the record that decides who is told.
    pub subject: Option<(&'static str, String)>,
    /// The version; of a deleted record the last one it had.
    pub version: Option<i64>,
}

impl Mark {
    /// Reads it off the stored row. `said` is what the transaction said of itself, which counts more.
    pub fn of(
        columns: &[SubjectColumn],
        (record_type, record_id): (&str, &str),
        row: Option<&[u8]>,
        said: Option<(&'static str, String)>,
    ) -> Self {
        let row: Value = row.and_then(|json| serde_json::from_slice(json).ok()).unwrap_or_default();
        let named = || {
            columns.iter().find_map(|SubjectColumn { column, kind }| {
                if *kind == record_type {
                    return Some((*kind, record_id.to_owned()));
                }
                row.get(*column).and_then(Value::as_str).map(|id| (*kind, id.to_owned()))
            })
        };
        Self { subject: said.or_else(named), version: row.get("version").and_then(Value::as_i64) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[SubjectColumn] = &[SubjectColumn { column: "pilot_id", kind: "pilot" }];

    #[test]
    fn a_row_tells_what_it_hangs_on() {
        let row = br#"{"id":"1","pilot_id":"p","version":7}"#;
        let mark = Mark::of(COLUMNS, ("plan", "1"), Some(row), None);
        assert_eq!(mark, Mark { subject: Some(("pilot", "p".into())), version: Some(7) });
        let said = Mark::of(COLUMNS, ("plan", "1"), Some(row), Some(("pilot", "q".into())));
        assert_eq!(said.subject, Some(("pilot", "q".into())));
        assert_eq!(Mark::of(COLUMNS, ("pilot", "p"), None, None).subject, Some(("pilot", "p".into())));
        assert_eq!(Mark::of(COLUMNS, ("user", "u"), Some(b"{}"), None), Mark::default());
    }
}
