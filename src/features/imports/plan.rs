//! From a table and what is stored to what has to change, or to all that is wrong. Pure but for new identifiers.

use std::collections::HashMap;

use super::{
    known::{Known, Stored},
    lists::{Cell, Column, List, ListName, kinds},
    report::Report,
    table::Table,
};
use crate::features::reference::{OrganisationKind, Scheme, geocodes};

/// The longest name.
const LONGEST_NAME: usize = 200;

/// A row that has to change.
pub struct Change {
    /// Its code.
    pub code: String,
    /// What it shall be.
    pub row: Stored,
    /// Whether its name is another one than before.
    pub renamed: bool,
    /// Whether it comes below another parent.
    pub moved: bool,
}

/// What an import would do.
#[derive(Default)]
pub struct Plan {
    /// New rows, in the order of the file.
    pub created: Vec<Change>,
    /// Changed rows.
    pub updated: Vec<Change>,
    /// How many are as they are.
    pub unchanged: usize,
    /// What is wrong.
    pub report: Report,
}

/// Compares.
pub fn plan(list: &List, table: &Table, mut known: Known, new_id: impl Fn() -> String) -> Plan {
    let mut plan = Plan { report: table.report.clone(), ..Plan::default() };
    let codes = codes(list, table, &mut plan.report);
    // Rows may refer to rows further down, so every code gets its identifier first.
    let mut keys: HashMap<&str, String> = HashMap::new();
    for code in codes.iter().flatten().map(String::as_str) {
        let key = known.rows.get(code).map_or_else(
            || if list.scheme.is_some() { code.to_owned() } else { new_id() },
            |stored| stored.key.clone(),
        );
        if list.name == ListName::Organisations {
            known.organisations.insert(code.to_owned(), key.clone());
        }
        keys.insert(code, key);
    }
    let mut numbers: HashMap<String, u64> = HashMap::new();
    for ((number, record), code) in table.rows.iter().zip(&codes) {
        let before = code.as_ref().and_then(|code| known.rows.get(code));
        let row = Row { number: *number, record, before, code: code.as_deref() };
        let values = values(list, table, &row, &known, &mut plan.report);
        let (Some(values), Some(code)) = (values, code) else { continue };
        let key = keys.get(code.as_str()).cloned().unwrap_or_default();
        let place = |heading: &str| list.columns.iter().position(|column| column.heading == heading);
        let differs = |heading: &str| {
            let at = place(heading).unwrap_or(usize::MAX);
            before.is_some_and(|before| before.values.get(at) != values.get(at))
        };
        if list.name == ListName::Organisations {
            let parent = place("parent_code").and_then(|at| values.get(at).cloned().flatten());
            known.parents.insert(key.clone(), parent);
            numbers.insert(key.clone(), *number);
        }
        let change = Change {
            code: code.clone(),
            renamed: differs("name_bn") || differs("name_en"),
            moved: differs("parent_code"),
            row: Stored { key, values },
        };
        match before {
            None => plan.created.push(change),
            Some(before) if before.values == change.row.values => plan.unchanged += 1,
            Some(_) => plan.updated.push(change),
        }
    }
    refuse_cycles(&known.parents, &numbers, &mut plan.report);
    plan
}

/// The codes of the rows; none where the code is no code or stood before.
fn codes(list: &List, table: &Table, report: &mut Report) -> Vec<Option<String>> {
    let mut first: HashMap<&str, u64> = HashMap::new();
    let read = |(number, record): &'_ (u64, csv::StringRecord)| {
        (*number, record.get(table.code).unwrap_or_default().to_owned())
    };
    let all: Vec<(u64, String)> = table.rows.iter().map(read).collect();
    all.iter()
        .map(|(number, code)| {
            if !list.name.is_code(code) {
                let word = if code.is_empty() { "required" } else { "pattern" };
                let (en, bn) = match list.name {
                    ListName::Upazilas => (
                        "The code is the geocode of the Bureau of Statistics: six digits, such as 302672.",
                        "কোডটি পরিসংখ্যান ব্যুরোর জিওকোড: ছয় অঙ্ক, যেমন `302672`।",
                    ),
                    _ => (
                        "The code has letters, digits, dots, dashes and underscores, begins with a letter or digit, and is short.",
                        "কোডে থাকবে ইংরেজি অক্ষর, অঙ্ক, ডট, হাইফেন ও আন্ডারস্কোর; শুরু হবে অক্ষর বা অঙ্ক দিয়ে।",
                    ),
                };
                report.add(*number, Some("code"), word, en, bn);
                return None;
            }
            if let Some(earlier) = first.get(code.as_str()) {
                report.add(
                    *number,
                    Some("code"),
                    "duplicate",
                    format!("The code stands in row {earlier} already."),
                    format!("কোডটি {earlier} নম্বর সারিতে আছে।"),
                );
                return None;
            }
            first.insert(code, *number);
            Some(code.clone())
        })
        .collect()
}

struct Row<'a> {
    number: u64,
    record: &'a csv::StringRecord,
    before: Option<&'a Stored>,
    code: Option<&'a str>,
}

/// The values of a row; none if one of them is wrong. A column that is not in the file stays as it is stored.
fn values(
    list: &List,
    table: &Table,
    row: &Row<'_>,
    known: &Known,
    report: &mut Report,
) -> Option<Vec<Option<String>>> {
    let found = report.total;
    let mut values = Vec::with_capacity(list.columns.len());
    for (index, (column, place)) in list.columns.iter().zip(&table.places).enumerate() {
        let stored = || row.before.and_then(|before| before.values.get(index).cloned().flatten());
        let value = match place.and_then(|place| row.record.get(place)) {
            None => stored().or_else(|| (column.cell == Cell::Flag).then(|| "true".to_owned())),
            Some(cell) => read_cell(column, cell, row.number, known, report),
        };
        values.push(value);
    }
    let of = |heading: &str| {
        let at = list.columns.iter().position(|column| column.heading == heading)?;
        values.get(at).cloned().flatten()
    };
    if of("name_bn").is_none() && of("name_en").is_none() && report.total == found {
        report.add(
            row.number,
            Some("name_bn"),
            "language_missing",
            "Give the name in Bangla, in English, or in both.",
            "নামটি বাংলা, ইংরেজি অথবা উভয় ভাষায় দিন।",
        );
    }
    if list.name == ListName::Organisations
        && let (Some(upazila), district) = (of("upazila_code"), of("district_code"))
        && known.districts.get(&upazila) != district.as_ref()
    {
        report.add(
            row.number,
            Some("upazila_code"),
            "wrong_parent",
            "The upazila does not lie in this district.",
            "উপজেলাটি এই জেলার নয়।",
        );
    }
    if list.name == ListName::Upazilas
        && let (Some(code), Some(district)) = (row.code, of("district_code"))
        && !geocodes::lies_in(code, &district)
    {
        let begin = geocodes::of_district(&district).unwrap_or_default();
        report.add(
            row.number,
            Some("code"),
            "wrong_parent",
            format!("The geocode is not of this district: those of {district} begin with {begin}."),
            format!("জিওকোডটি এই জেলার নয়: {district} জেলার জিওকোড `{begin}` দিয়ে শুরু।"),
        );
    }
    (report.total == found).then_some(values)
}

fn read_cell(column: &Column, cell: &str, row: u64, known: &Known, report: &mut Report) -> Option<String> {
    let mut refuse = |code, en: String, bn: String| {
        report.add(row, Some(column.heading), code, en, bn);
        None
    };
    // The mark that our own export puts before what a spreadsheet would run.
    let text = match cell.strip_prefix('\'') {
        Some(rest) if begins_formula(rest) => rest,
        _ if begins_formula(cell) => {
            return refuse(
                "formula",
                "A cell must not begin with =, +, -, @ or a tab: a spreadsheet would run it.".into(),
                "ঘর =, +, -, @ বা ট্যাব দিয়ে শুরু হতে পারে না: স্প্রেডশিট তা চালিয়ে দেয়।".into(),
            );
        }
        _ => cell,
    };
    if crate::platform::text::has_forbidden_character(text) {
        return refuse("control_character", "This holds a control character.".into(), "এতে নিয়ন্ত্রণ অক্ষর আছে।".into());
    }
    if text.is_empty() && column.cell != Cell::Flag {
        return match column.required {
            true => refuse("required", "This cell is required.".into(), "এই ঘরটি আবশ্যক।".into()),
            false => None,
        };
    }
    let unknown = || ("unknown_reference", "There is no such code.".to_owned(), "এমন কোনো কোড নেই।".to_owned());
    match column.cell {
        Cell::Name if text.chars().count() > LONGEST_NAME => {
            refuse("max_length", "This may have at most 200 characters.".into(), "সর্বোচ্চ ২০০টি অক্ষর দেওয়া যাবে।".into())
        }
        Cell::Name => Some(text.to_owned()),
        Cell::Kind if OrganisationKind::parse(text).is_none() => {
            let list = kinds();
            refuse("enum", format!("This must be one of: {list}."), format!("এর একটি হতে হবে: `{list}`।"))
        }
        Cell::Kind => Some(text.to_owned()),
        Cell::Known(scheme) if !knows(known, scheme, text) => {
            let (code, en, bn) = unknown();
            refuse(code, en, bn)
        }
        Cell::Known(_) => Some(text.to_owned()),
        Cell::Organisation => match known.organisations.get(text) {
            Some(id) => Some(id.clone()),
            None => {
                let (code, en, bn) = unknown();
                refuse(code, en, bn)
            }
        },
        Cell::Flag => match text.to_ascii_lowercase().as_str() {
            "" | "true" => Some("true".to_owned()),
            "false" => Some("false".to_owned()),
            _ => refuse("enum", "This must be true or false.".into(), "`true` অথবা `false` হতে হবে।".into()),
        },
    }
}

fn knows(known: &Known, scheme: Scheme, code: &str) -> bool {
    known.codes.get(&scheme).is_some_and(|codes| codes.contains(code))
}

/// Whether a spreadsheet would run this.
pub fn begins_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// Nobody lies below themselves. Each organisation is walked past once.
fn refuse_cycles(parents: &HashMap<String, Option<String>>, numbers: &HashMap<String, u64>, report: &mut Report) {
    let mut walk_of: HashMap<&str, usize> = HashMap::new();
    for (walk, start) in parents.keys().enumerate() {
        let mut at = start.as_str();
        while !walk_of.contains_key(at) {
            walk_of.insert(at, walk);
            match parents.get(at) {
                Some(Some(parent)) => at = parent,
                _ => break,
            }
        }
        let closed = walk_of.get(at) == Some(&walk) && parents.get(at).is_some_and(Option::is_some);
        if closed {
            // The circle has at least one row of the file: what was stored had none.
            let mut row = None;
            let mut member = at;
            while let Some(Some(parent)) = parents.get(member) {
                row = row.into_iter().chain(numbers.get(member).copied()).min();
                member = parent;
                if member == at {
                    break;
                }
            }
            report.add(
                row.unwrap_or(0),
                Some("parent_code"),
                "cycle",
                "An organisation cannot lie below itself.",
                "কোনো প্রতিষ্ঠান নিজের অধীনে থাকতে পারে না।",
            );
        }
    }
}
