//! A file as a table: UTF-8, a heading that fits the list, rows of its length.

use std::{
    fs::File,
    io::{BufReader, Read, Seek, SeekFrom},
};

use csv::{ByteRecord, ReaderBuilder, StringRecord};

use super::{
    lists::List,
    report::{Report, unreadable},
};
use crate::platform::{error::AppError, text::normalise};

/// The most rows of a file.
pub const MOST_ROWS: u64 = 100_000;

/// The rows of a file, and where the list's columns are in them.
pub struct Table {
    /// Where `code` is.
    pub code: usize,
    /// Where each column of the list is, if it is there at all.
    pub places: Vec<Option<usize>>,
    /// The rows with their numbers.
    pub rows: Vec<(u64, StringRecord)>,
    /// What is wrong with rows that could not be read.
    pub report: Report,
}

/// Reads a file.
///
/// # Errors
/// `ImportRefused` when it is no table of this list at all.
pub fn read(list: &List, file: &File) -> Result<Table, AppError> {
    let mut file = file.try_clone().map_err(AppError::internal)?;
    file.seek(SeekFrom::Start(0)).map_err(AppError::internal)?;
    let mut start = Vec::new();
    file.by_ref().take(4096).read_to_end(&mut start).map_err(AppError::internal)?;
    if start.starts_with(b"\xFF\xFE") || start.starts_with(b"\xFE\xFF") || start.contains(&0) {
        return Err(unreadable(
            String::new(),
            "encoding",
            "The file is UTF-16 or no text; save it as CSV in UTF-8.",
            "ফাইলটি UTF-16 অথবা লেখা নয়; UTF-8 এ CSV হিসেবে সংরক্ষণ করুন।",
        ));
    }
    let mark = if start.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    file.seek(SeekFrom::Start(mark)).map_err(AppError::internal)?;
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(BufReader::new(file));
    let mut record = ByteRecord::new();
    let mut heading: Option<(StringRecord, usize, Vec<Option<usize>>)> = None;
    let mut report = Report::of(list);
    let mut rows = Vec::new();
    let mut number = 0_u64;
    while reader.read_byte_record(&mut record).map_err(|_| broken(number + 1))? {
        number += 1;
        let Ok(text) = StringRecord::from_byte_record(record.clone()) else { return Err(encoding(number)) };
        let Some((titles, ..)) = &heading else {
            let (code, places) = columns(list, &text)?;
            heading = Some((text, code, places));
            continue;
        };
        if number > MOST_ROWS + 1 {
            return Err(unreadable(
                format!("/rows/{number}"),
                "too_many_rows",
                "At most 100,000 rows in one file.",
                "এক ফাইলে সর্বোচ্চ ১,০০,০০০ সারি।",
            ));
        }
        if text.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if text.len() == titles.len() {
            rows.push((number, text.iter().map(|cell| normalise(cell.trim_matches(' ').to_owned())).collect()));
        } else {
            let (has, needs) = (text.len(), titles.len());
            report.add(
                number,
                None,
                "column_count",
                format!("The row has {has} cells, the heading {needs}."),
                format!("সারিতে {has}টি ঘর, শিরোনামে {needs}টি।"),
            );
        }
    }
    let Some((_, code, places)) = heading else {
        return Err(unreadable(String::new(), "empty", "The file is empty.", "ফাইলটি খালি।"));
    };
    Ok(Table { code, places, rows, report })
}

/// Where the list's columns are. A heading that we do not know could be a mistyped one, so it is refused.
fn columns(list: &List, heading: &StringRecord) -> Result<(usize, Vec<Option<usize>>), AppError> {
    let mut errors = Vec::new();
    let titles: Vec<&str> = heading.iter().map(str::trim).collect();
    for (index, title) in titles.iter().enumerate() {
        let known = *title == "code" || list.columns.iter().any(|column| column.heading == *title);
        let shown: String = title.chars().take(60).collect();
        if !known {
            errors.push(("unknown_column", shown));
        } else if titles.iter().take(index).any(|other| other == title) {
            errors.push(("repeated_column", shown));
        }
    }
    let place = |wanted: &str| titles.iter().position(|title| *title == wanted);
    let places: Vec<Option<usize>> = list.columns.iter().map(|column| place(column.heading)).collect();
    for (column, place) in list.columns.iter().zip(&places) {
        if column.required && place.is_none() {
            errors.push(("missing_column", column.heading.to_owned()));
        }
    }
    let code = place("code");
    if code.is_none() {
        errors.push(("missing_column", "code".to_owned()));
    }
    if place("name_bn").is_none() && place("name_en").is_none() {
        errors.push(("missing_column", "name_bn".to_owned()));
    }
    match code {
        Some(code) if errors.is_empty() => Ok((code, places)),
        _ => {
            let names: Vec<&str> =
                ["code"].into_iter().chain(list.columns.iter().map(|column| column.heading)).collect();
            let names = names.join(",");
            let first = errors.first().map_or("", |(code, _)| *code);
            let mut refusal = unreadable(
                "/rows/1".to_owned(),
                if first == "unknown_column" { "unknown_column" } else { "missing_column" },
                format!("The heading does not fit; the columns are: {names}."),
                format!("শিরোনাম মেলে না; কলামগুলো: {names}।"),
            );
            let item = refusal.errors.first().cloned();
            refusal.errors = errors
                .into_iter()
                .take(50)
                .filter_map(|(code, title)| {
                    let mut item = item.clone()?;
                    item.place = crate::platform::error::Place::Body(format!("/rows/1/{title}"));
                    item.code = code;
                    Some(item)
                })
                .collect();
            Err(refusal)
        }
    }
}

fn encoding(row: u64) -> AppError {
    unreadable(
        format!("/rows/{row}"),
        "encoding",
        format!("Row {row} is not UTF-8, perhaps Windows-1252 or Bijoy; save the file as CSV in UTF-8."),
        format!("{row} নম্বর সারি UTF-8 নয়, সম্ভবত Windows-1252 বা বিজয়; UTF-8 এ CSV হিসেবে সংরক্ষণ করুন।"),
    )
}

fn broken(row: u64) -> AppError {
    unreadable(
        format!("/rows/{row}"),
        "malformed",
        format!("Row {row} cannot be read as CSV."),
        format!("{row} নম্বর সারি CSV হিসেবে পড়া যায় না।"),
    )
}
