//! Carries out a plan, a thousand rows a statement.

use serde_json::{Value, json};

use super::{
    lists::{Cell, List, ListName},
    plan::{Change, Plan},
};
use crate::platform::{
    clock::Timestamp,
    db::{
        DbConnection,
        dialect::{self, Batch, ColumnType},
    },
    error::AppError,
    text::search_words,
};

/// Rows a statement.
const AT_ONCE: usize = 1000;

/// Writes it.
///
/// # Errors
/// Those of the database.
pub fn apply(
    connection: &mut DbConnection,
    list: &List,
    plan: &Plan,
    last_position: i64,
    now: Timestamp,
) -> Result<(), AppError> {
    let key = if list.scheme.is_some() { "code" } else { "id" };
    let columns: Vec<(&str, ColumnType)> =
        list.columns.iter().map(|column| (column.stored, column.cell.column_type())).collect();
    let mut position = last_position;
    // Parents first: a row may name one that stands below it in the file.
    for layer in layers(list, &plan.created) {
        for part in layer.chunks(AT_ONCE) {
            let mut all = vec![(key, ColumnType::Text)];
            all.extend(match list.scheme {
                Some(_) => [("scheme", ColumnType::Text), ("position", ColumnType::Integer)].to_vec(),
                None => [("code", ColumnType::Text)].to_vec(),
            });
            all.extend(&columns);
            let rows: Vec<Value> = part
                .iter()
                .map(|change| {
                    position += 1;
                    let mut row = vec![json!(change.row.key)];
                    match list.scheme {
                        Some(scheme) => row.extend([json!(scheme.as_str()), json!(position)]),
                        None => row.push(json!(change.code)),
                    }
                    row.extend(cells(list, change));
                    Value::Array(row)
                })
                .collect();
            dialect::insert_rows(connection, &Batch { table: list.table, columns: &all, rows: &rows }, now)?;
        }
    }
    let moved: Vec<&str> = plan
        .updated
        .iter()
        .filter(|change| change.moved && list.name == ListName::Organisations)
        .map(|change| change.row.key.as_str())
        .collect();
    let pilots = if moved.is_empty() { Vec::new() } else { dialect::pilots_below(connection, &moved)? };
    for part in plan.updated.chunks(AT_ONCE) {
        let mut all = vec![(key, ColumnType::Text)];
        all.extend(&columns);
        let rows: Vec<Value> = part
            .iter()
            .map(|change| Value::Array(std::iter::once(json!(change.row.key)).chain(cells(list, change)).collect()))
            .collect();
        let scheme = list.scheme.map(|scheme| scheme.as_str());
        dialect::update_rows(connection, &Batch { table: list.table, columns: &all, rows: &rows }, scheme, now)?;
    }
    if !pilots.is_empty() {
        dialect::refile_pilots(connection, &pilots)?;
    }
    put_words(connection, list, plan)
}

/// New organisations by their depth below what is there already. Other lists are one layer.
fn layers<'a>(list: &List, created: &'a [Change]) -> Vec<Vec<&'a Change>> {
    if list.name != ListName::Organisations {
        return vec![created.iter().collect()];
    }
    let at = list.columns.iter().position(|column| column.cell == Cell::Organisation).unwrap_or(usize::MAX);
    let parent = |change: &Change| change.row.values.get(at).cloned().flatten();
    let new: std::collections::HashMap<&str, &Change> =
        created.iter().map(|change| (change.row.key.as_str(), change)).collect();
    let mut layers: Vec<Vec<&Change>> = Vec::new();
    let mut depths: std::collections::HashMap<&str, usize> = std::collections::HashMap::new();
    for change in created {
        let mut path = vec![change];
        let mut depth = loop {
            let Some(last) = path.last() else { break 0 };
            match parent(last).and_then(|id| new.get(id.as_str()).copied()) {
                None => break 0,
                Some(above) => match depths.get(above.row.key.as_str()) {
                    Some(depth) => break depth + 1,
                    None => path.push(above),
                },
            }
        };
        while let Some(next) = path.pop() {
            if depths.insert(&next.row.key, depth).is_none() {
                while layers.len() <= depth {
                    layers.push(Vec::new());
                }
                if let Some(layer) = layers.get_mut(depth) {
                    layer.push(next);
                }
            }
            depth += 1;
        }
    }
    layers
}

fn cells<'a>(list: &'a List, change: &'a Change) -> impl Iterator<Item = Value> + 'a {
    list.columns.iter().zip(&change.row.values).map(|(column, value)| match column.cell {
        Cell::Flag => json!(value.as_deref() == Some("true")),
        _ => json!(value),
    })
}

/// The words of new and renamed rows.
fn put_words(connection: &mut DbConnection, list: &List, plan: &Plan) -> Result<(), AppError> {
    let Some(index) = list.words else { return Ok(()) };
    let renamed: Vec<&Change> = plan.updated.iter().filter(|change| change.renamed).collect();
    let old: Vec<&str> = renamed.iter().map(|change| change.row.key.as_str()).collect();
    if !old.is_empty() {
        dialect::drop_words(connection, index, &old)?;
    }
    let words: Vec<(String, String)> = plan
        .created
        .iter()
        .chain(renamed)
        .map(|change| {
            let names = list.columns.iter().zip(&change.row.values).filter(|(column, _)| column.cell == Cell::Name);
            let words: Vec<String> = names.filter_map(|(_, value)| value.as_deref()).flat_map(search_words).collect();
            (change.row.key.clone(), words.join(" "))
        })
        .collect();
    for part in words.chunks(AT_ONCE) {
        dialect::insert_words(connection, index, part)?;
    }
    Ok(())
}
