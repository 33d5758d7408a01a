//! What a file can hang on. A slice that wants files implements the trait, and is listed in `ATTACHMENT_PARENTS`.

use crate::{
    features::ATTACHMENT_PARENTS,
    platform::{
        auth::{Actor, Standing},
        db::DbConnection,
        error::{AppError, ErrorCode},
        text_enum::text_enum,
    },
};

text_enum! {
    /// What a file hangs on.
    ParentKind {
        /// A pilot.
        Pilot = "pilot",
        /// A version of a pilot's plan.
        Plan = "plan",
        /// A TCV measurement.
        TcvMeasurement = "tcv_measurement",
        /// A funding request.
        FundingRequest = "funding_request",
        /// An expenditure report.
        ExpenditureReport = "expenditure_report",
    }
}

impl ParentKind {
    /// The line of the permission table that says who adds files.
    pub const fn adding(self) -> &'static str {
        match self {
            Self::FundingRequest => "add_attachment.funding_request",
            Self::Pilot | Self::Plan | Self::TcvMeasurement | Self::ExpenditureReport => "add_attachment",
        }
    }
}

/// Lists ask for one kind; this one is only what a query begins with before it is read.
impl Default for ParentKind {
    fn default() -> Self {
        Self::Pilot
    }
}

/// Whether files of a record may still come and go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// It was never shown to anyone outside: a file that is deleted leaves no trace but the audit's.
    Draft,
    /// It counts already: a file that is deleted leaves what it was, and who took it away.
    Open,
    /// What is there stays; more may come.
    Growing,
    /// Judged by, or ended: nothing comes and nothing goes.
    Frozen,
}

/// A record that the caller may see.
#[derive(Clone, Copy, Debug)]
pub struct SeenParent {
    /// What the caller is to it.
    pub standing: Standing,
    /// Whether its files may still come and go.
    pub evidence: Evidence,
}

impl SeenParent {
    /// Lets a new file through.
    ///
    /// # Errors
    /// `EvidenceFrozen`.
    pub fn check_open(&self) -> Result<(), AppError> {
        if self.evidence == Evidence::Frozen { Err(AppError::new(ErrorCode::EvidenceFrozen)) } else { Ok(()) }
    }

    /// Lets a file be taken away.
    ///
    /// # Errors
    /// `EvidenceFrozen`.
    pub fn check_removable(&self) -> Result<(), AppError> {
        match self.evidence {
            Evidence::Draft | Evidence::Open => Ok(()),
            Evidence::Growing | Evidence::Frozen => Err(AppError::new(ErrorCode::EvidenceFrozen)),
        }
    }
}

/// A kind of record that files hang on.
pub trait AttachmentParent: Sync {
    /// Which kind.
    fn kind(&self) -> ParentKind;

    /// The record, if the caller may see it, by its own rules.
    ///
    /// # Errors
    /// `NotFound`; those of the database.
    fn see(&self, connection: &mut DbConnection, actor: Option<&Actor>, id: &str) -> Result<SeenParent, AppError>;
}

/// The record that a file hangs on, if the caller may see it.
///
/// # Errors
/// `NotFound`; those of the database.
pub fn see_parent(
    connection: &mut DbConnection,
    actor: Option<&Actor>,
    kind: ParentKind,
    id: &str,
) -> Result<SeenParent, AppError> {
    let parent = ATTACHMENT_PARENTS.iter().find(|parent| parent.kind() == kind).ok_or_else(AppError::not_found)?;
    parent.see(connection, actor, id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_parent() {
        for kind in ParentKind::ALL {
            assert_eq!(ATTACHMENT_PARENTS.iter().filter(|parent| parent.kind() == *kind).count(), 1, "{kind:?}");
        }
    }
}
