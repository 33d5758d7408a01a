//! The lists that come with the program. What is missing is added; what administrators changed stays as it is.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, dsl::exists, insert_into, select};

use super::codes::Scheme;
use crate::platform::{
    clock::Clock,
    db::{
        DbConnection, dialect,
        schema::{codes, tcv_methods},
    },
    error::AppError,
};

const LISTS: [(Scheme, &str); 5] = [
    (Scheme::Division, include_str!("data/divisions.csv")),
    (Scheme::District, include_str!("data/districts.csv")),
    (Scheme::Sector, include_str!("data/sectors.csv")),
    (Scheme::SdgGoal, include_str!("data/sdg_goals.csv")),
    (Scheme::SdgTarget, include_str!("data/sdg_targets.csv")),
];

/// The first version of the TCV method: the smallest sample, the fewest days between baseline and endline.
const METHOD: (&str, &str, &str, i32, i32) =
    ("2026.1", "সময়, খরচ ও যাতায়াত (টিসিভি) পদ্ধতি ২০২৬.১", "Time, cost and visits (TCV), method 2026.1", 30, 90);

/// A line of a list: code, code of the parent, Bangla name, English name.
type Line = (String, Option<String>, String, String);

/// Adds what is missing; one query a list when nothing is.
///
/// # Errors
/// Those of the database.
pub fn seed(connection: &mut DbConnection, clock: &Clock) -> Result<(), AppError> {
    let now = clock.now();
    for (scheme, text) in LISTS {
        let known: Vec<(String, i64)> =
            codes::table.filter(codes::scheme.eq(scheme)).select((codes::code, codes::position)).load(connection)?;
        // Administrators may have added codes of their own, so new ones come after all that are there.
        let last = known.iter().map(|(_, position)| *position).max().unwrap_or(0);
        let missing = lines(text)?.into_iter().filter(|line| !known.iter().any(|(code, _)| *code == line.0));
        let rows: Vec<_> = (last + 1..)
            .zip(missing)
            .map(|(position, (code, parent, bn, en))| (code, parent, bn, en, position))
            .collect();
        if !rows.is_empty() {
            dialect::insert_codes(connection, scheme.as_str(), now, &rows)?;
        }
    }
    let (version, bn, en, sample, days) = METHOD;
    if !select(exists(tcv_methods::table.find(version))).get_result::<bool>(connection)? {
        insert_into(tcv_methods::table)
            .values((
                tcv_methods::version.eq(version),
                tcv_methods::name_bn.eq(bn),
                tcv_methods::name_en.eq(en),
                tcv_methods::minimum_sample_size.eq(sample),
                tcv_methods::minimum_days_between.eq(days),
            ))
            .execute(connection)?;
    }
    Ok(())
}

/// Columns are found by their heading; the parent's ends in `_code`.
fn lines(text: &str) -> Result<Vec<Line>, AppError> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headings = reader.headers().map_err(AppError::internal)?.clone();
    let column = |wanted: fn(&str) -> bool| headings.iter().position(wanted);
    let parent = column(|heading| heading.ends_with("_code"));
    let [Some(code), Some(bn), Some(en)] = [
        column(|heading| heading == "code"),
        column(|heading| heading == "name_bn"),
        column(|heading| heading == "name_en"),
    ] else {
        return Err(AppError::internal("a list lacks a column"));
    };
    reader
        .records()
        .map(|record| {
            let record = record.map_err(AppError::internal)?;
            let text = |index: usize| record.get(index).unwrap_or_default().to_owned();
            Ok((text(code), parent.map(text), text(bn), text(en)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn list(scheme: Scheme) -> Vec<Line> {
        let (_, text) = LISTS.iter().find(|(known, _)| *known == scheme).expect("every scheme has a list");
        lines(text).expect("the list can be read")
    }

    #[test]
    fn the_lists_are_complete_and_named_in_both_languages() {
        let sizes: Vec<usize> = LISTS.iter().map(|(scheme, _)| list(*scheme).len()).collect();
        assert_eq!(sizes, [8, 64, 17, 17, 169]);
        for (code, _, bn, en) in LISTS.iter().flat_map(|(scheme, _)| list(*scheme)) {
            assert!(!bn.is_empty() && !en.is_empty(), "{code} lacks a name");
            assert!(bn.chars().any(|c| ('\u{0980}'..='\u{09FF}').contains(&c)), "{code} is not in Bangla");
        }
    }

    #[test]
    fn every_parent_exists_and_no_code_stands_twice() {
        for (children, parents) in [(Scheme::District, Scheme::Division), (Scheme::SdgTarget, Scheme::SdgGoal)] {
            let above: HashSet<String> = list(parents).into_iter().map(|line| line.0).collect();
            assert!(list(children).into_iter().all(|line| line.1.is_some_and(|parent| above.contains(&parent))));
        }
        for (scheme, _) in &LISTS {
            let codes: HashSet<String> = list(*scheme).into_iter().map(|line| line.0).collect();
            assert_eq!(codes.len(), list(*scheme).len());
        }
    }
}
