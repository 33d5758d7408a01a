//! Expenditure reports: what a tranche was spent on, with vouchers.

mod access;
pub mod content;
mod create_expenditure_report;
mod delete_expenditure_report;
mod files;
mod get_expenditure_report;
mod get_expenditure_report_actions;
mod guards;
mod list_expenditure_reports;
mod rows;
pub mod status;
mod store;
mod transition_expenditure_report;
mod update_expenditure_report;
mod view;

pub use files::ExpenditureReportFiles;
pub use guards::unmet_for_beginning;
pub use rows::ExpenditureReportRow;
pub use status::{ReportCommand, ReportStatus};

use crate::platform::web::{Operation, operations};

/// `/v1/expenditure-reports`, and `…/expenditure-reports` of a tranche and of a funding request.
pub fn operations() -> Vec<Operation> {
    operations! {
        list_expenditure_reports: list_expenditure_reports;
        create_expenditure_report: create_expenditure_report;
        get_expenditure_report: get_expenditure_report;
        get_expenditure_report_actions: get_expenditure_report_actions;
        update_expenditure_report: update_expenditure_report;
        delete_expenditure_report: delete_expenditure_report;
        transition_expenditure_report: transition_expenditure_report;
    }
}
