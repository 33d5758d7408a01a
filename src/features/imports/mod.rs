//! Reference lists from CSV and back: organisations, services, sectors, upazilas.
//!
//! A file is read as a [`table::Table`], compared with what is stored into a [`plan::Plan`], and applied in one
//! transaction or not at all. What the lists are like stands in one table, [`lists`]; the API and the command line run
//! the same code. An import is one change: the audit names the file by its digest.

mod apply;
mod create_import;
mod export_list;
mod import;
mod known;
mod lists;
mod plan;
mod report;
mod table;
mod view;

pub use import::{Imported, import, read_table};
pub use lists::ListName;
pub use report::RowError;

use crate::platform::web::{Operation, operations};

/// `/v1/imports`, `/v1/exports`.
pub fn operations() -> Vec<Operation> {
    operations! {
        create_import: create_import;
        export_list: export_list;
    }
}
