//! One import, for the API and the command line alike.

use std::fs::File;

use super::{
    apply, known,
    lists::ListName,
    plan::{self, Plan},
    report::Report,
    table::{self, Table},
};
use crate::platform::{
    clock::{Clock, Timestamp},
    db::DbConnection,
    error::AppError,
};

/// What an import did, or would do.
#[derive(Clone, Debug)]
pub struct Imported {
    /// Rows in the file.
    pub rows: usize,
    /// New.
    pub created: usize,
    /// Changed.
    pub updated: usize,
    /// As they were.
    pub unchanged: usize,
    /// What is wrong; if there is anything, nothing was changed.
    pub report: Report,
}

/// Reads a file as the table of a list.
///
/// # Errors
/// `ImportRefused`.
pub fn read_table(list: ListName, file: &File) -> Result<Table, AppError> {
    table::read(list.list().ok_or_else(AppError::not_found)?, file)
}

/// Compares a table with what is stored, and, unless it is a dry run or anything is wrong, makes it so.
///
/// # Errors
/// Those of the database.
pub fn import(
    connection: &mut DbConnection,
    clock: &Clock,
    now: Timestamp,
    name: ListName,
    table: &Table,
    dry_run: bool,
) -> Result<Imported, AppError> {
    let list = name.list().ok_or_else(AppError::not_found)?;
    let known = known::load(connection, list)?;
    let last_position = known.last_position;
    let plan: Plan = plan::plan(list, table, known, || clock.new_uuid(now).to_string());
    if !dry_run && plan.report.total == 0 {
        apply::apply(connection, list, &plan, last_position, now)?;
    }
    Ok(Imported {
        rows: table.rows.len(),
        created: plan.created.len(),
        updated: plan.updated.len(),
        unchanged: plan.unchanged,
        report: plan.report,
    })
}
