//! Who sees an expenditure report: the pilot's team and staff.

use diesel::{QueryDsl, RunQueryDsl, SelectableHelper};

use super::rows::ExpenditureReportRow;
use crate::{
    features::{
        attachments::{AttachmentId, ParentKind, present},
        funding::{
            ids::ExpenditureReportId,
            tranches::{SeenTranche, see_tranche},
        },
    },
    platform::{
        auth::{Actor, Standing},
        db::{DbConnection, schema::expenditure_reports},
        error::{AppError, DatabaseIntent},
        ids::UserId,
    },
};

/// A report that the caller may see.
#[derive(Clone, Debug)]
pub struct SeenReport {
    /// The report.
    pub row: ExpenditureReportRow,
    /// The tranche that it is on.
    pub tranche: SeenTranche,
    /// Its files.
    pub files: Vec<AttachmentId>,
    /// Who reads it.
    pub reader: UserId,
}

impl SeenReport {
    /// What the caller is to its request.
    pub fn standing(&self) -> &Standing {
        &self.tranche.agreement.seen.standing
    }
}

/// The report, if the caller may see it.
///
/// # Errors
/// `NotFound`.
pub fn see_report(
    connection: &mut DbConnection,
    actor: Option<&Actor>,
    id: ExpenditureReportId,
) -> Result<SeenReport, AppError> {
    let reader = actor.ok_or_else(AppError::not_found)?.user_id;
    let row: ExpenditureReportRow = expenditure_reports::table
        .find(id)
        .select(ExpenditureReportRow::as_select())
        .first(connection)
        .or_not_found()?;
    let tranche = see_tranche(connection, actor, row.tranche_id)?;
    let files = present(connection, ParentKind::ExpenditureReport, &[row.id.to_string()])?;
    Ok(SeenReport { row, tranche, files: files.into_iter().map(|(_, file)| file).collect(), reader })
}
