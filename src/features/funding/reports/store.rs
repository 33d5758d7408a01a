//! Storing a changed report.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, update};

use super::rows::ExpenditureReportRow;
use crate::platform::{
    db::schema::expenditure_reports,
    error::{AppError, ErrorCode},
    web::Tx,
};

/// Under its next version, if nobody was faster, with its audit entry.
///
/// # Errors
/// `VersionMismatch` when someone else was first.
pub fn save(
    tx: &mut Tx<'_>,
    action: &str,
    before: &ExpenditureReportRow,
    after: ExpenditureReportRow,
) -> Result<ExpenditureReportRow, AppError> {
    let after =
        ExpenditureReportRow { version: before.version + 1, updated_at: tx.now.max(before.updated_at), ..after };
    let present = expenditure_reports::table.find(before.id).filter(expenditure_reports::version.eq(before.version));
    if update(present).set(&after).execute(tx.conn)? == 0 {
        return Err(AppError::new(ErrorCode::VersionMismatch));
    }
    tx.audit_as(action, "expenditure_report", before.id.as_str(), Some(before), Some(&after))?;
    Ok(after)
}
