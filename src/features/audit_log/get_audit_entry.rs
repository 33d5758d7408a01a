//! One line of the audit trail.

use diesel::{QueryDsl, RunQueryDsl, SelectableHelper};

use super::entries::{AuditEntryRow, AuditEntryView};
use crate::platform::{
    db::schema::audit_entries,
    error::DatabaseIntent,
    ids::AuditEntryId,
    web::{Answer, Call, Reply},
};

/// Read an audit entry.
///
/// Entries never change.
#[utoipa::path(get, path = "/v1/audit-entries/{entry_id}", tag = "Audit",
    responses((status = 200, description = "The entry.", body = AuditEntryView)))]
pub async fn get_audit_entry(call: Call) -> Answer {
    let id = call.id("entry_id", AuditEntryId::parse)?;
    call.read(move |connection, _| {
        let row: AuditEntryRow =
            audit_entries::table.find(id).select(AuditEntryRow::as_select()).first(connection).or_not_found()?;
        Reply::record(1, &AuditEntryView::from(row))
    })
    .await
}
