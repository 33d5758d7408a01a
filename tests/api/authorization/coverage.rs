//! That nothing is left out: every operation, every line of the permission table and every command has a case.

use std::collections::{BTreeMap, BTreeSet};

use innovation_pilots::features::permissions::PERMISSIONS;
use serde_json::Value;

use super::{
    case::{Case, operation_of},
    matrix::MATRIX,
};
use crate::support::contract;

/// Every `operationId` of the document with its declared security.
fn documented() -> BTreeMap<&'static str, &'static Value> {
    let paths = contract::document()["paths"].as_object().unwrap().values();
    let operations = paths.flat_map(|path| path.as_object().unwrap().values());
    operations
        .filter_map(|operation| operation.get("operationId").map(|id| (id.as_str().unwrap(), &operation["security"])))
        .collect()
}

/// Those of this matrix, and those of funding, which has other people.
fn all_cases() -> impl Iterator<Item = &'static Case> {
    MATRIX.iter().chain(crate::funding::matrix::cases())
}

#[test]
fn every_operation_has_a_case() {
    let cases: BTreeSet<&str> = all_cases().map(|case| operation_of(case.action)).collect();
    let missing: Vec<_> = documented().into_keys().filter(|operation| !cases.contains(operation)).collect();
    assert!(missing.is_empty(), "no case for: {missing:?}");
}

#[test]
fn every_line_of_the_table_has_a_case_and_every_case_a_line() {
    let cases: BTreeSet<&str> = all_cases().map(|case| case.action).collect();
    let lines: BTreeSet<&str> = PERMISSIONS.iter().map(|permission| permission.action).collect();
    assert_eq!(cases.difference(&lines).collect::<Vec<_>>(), Vec::<&&str>::new(), "cases without a line");
    assert_eq!(lines.difference(&cases).collect::<Vec<_>>(), Vec::<&&str>::new(), "lines without a case");
    assert_eq!(lines.len(), PERMISSIONS.len(), "a line stands twice");
}

#[test]
fn every_line_belongs_to_an_operation_and_every_operation_has_a_line() {
    let documented: BTreeSet<&str> = documented().into_keys().collect();
    let permitted: BTreeSet<&str> = PERMISSIONS.iter().map(|permission| operation_of(permission.action)).collect();
    assert_eq!(documented, permitted);
}

#[test]
fn every_command_of_a_transition_has_a_line() {
    for (schema, definition) in contract::document()["components"]["schemas"].as_object().unwrap() {
        let Some(record) = schema.strip_prefix("Transition").and_then(|name| name.strip_suffix("Request")) else {
            continue;
        };
        let record: String = record.chars().enumerate().fold(String::new(), |mut name, (index, letter)| {
            if letter.is_uppercase() && index > 0 {
                name.push('_');
            }
            name.extend(letter.to_lowercase());
            name
        });
        let reference = definition.pointer("/properties/action/$ref").and_then(Value::as_str);
        let action = match reference {
            Some(reference) => contract::document().pointer(reference.trim_start_matches('#')).unwrap(),
            None => &definition["properties"]["action"],
        };
        let commands = action["enum"].as_array().unwrap_or_else(|| panic!("{schema} has no list of actions"));
        for command in commands {
            let action = format!("transition_{record}.{}", command.as_str().unwrap());
            assert!(PERMISSIONS.iter().any(|permission| permission.action == action), "no line for {action}");
        }
    }
}

#[test]
fn the_document_says_where_a_login_is_needed() {
    for (operation, security) in documented() {
        let all_need_login = all_cases()
            .filter(|case| operation_of(case.action) == operation)
            .all(|case| case.expected.starts_with('1'));
        let open = security.as_array().unwrap().iter().any(|way| way.as_object().unwrap().is_empty())
            || security.as_array().unwrap().is_empty();
        assert_eq!(open, !all_need_login, "{operation}: {security}");
    }
}
