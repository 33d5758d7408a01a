//! Files on a report: its vouchers, as long as the team edits it. What the fund judges by is not exchanged afterwards.

use super::{access::see_report, status::ReportStatus};
use crate::{
    features::{
        attachments::{AttachmentParent, Evidence, ParentKind, SeenParent},
        funding::ids::ExpenditureReportId,
    },
    platform::{auth::Actor, db::DbConnection, error::AppError},
};

/// A report as something that files hang on.
pub struct ExpenditureReportFiles;

impl AttachmentParent for ExpenditureReportFiles {
    fn kind(&self) -> ParentKind {
        ParentKind::ExpenditureReport
    }

    fn see(&self, connection: &mut DbConnection, actor: Option<&Actor>, id: &str) -> Result<SeenParent, AppError> {
        let id = ExpenditureReportId::parse(id).ok_or_else(AppError::not_found)?;
        let seen = see_report(connection, actor, id)?;
        let evidence = match seen.row.status {
            ReportStatus::Draft => Evidence::Draft,
            ReportStatus::Returned => Evidence::Open,
            ReportStatus::Submitted | ReportStatus::Checked | ReportStatus::Accepted | ReportStatus::Disputed => {
                Evidence::Frozen
            }
        };
        Ok(SeenParent { standing: *seen.standing(), evidence })
    }
}
