//! Reading the audit trail. It is written by every change, in the transaction of the change (`platform::audit`).

mod entries;
mod export_audit_entries;
mod export_formats;
mod filter;
mod get_audit_entry;
mod list_audit_entries;

use crate::platform::web::{Operation, operations};

/// `/v1/audit-entries`.
pub fn operations() -> Vec<Operation> {
    operations! { list_audit_entries: list_audit_entries; export_audit_entries: export_audit_entries; get_audit_entry: get_audit_entry }
}
