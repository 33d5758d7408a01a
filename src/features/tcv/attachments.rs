//! Files on a measurement: as long as the team edits it. What an officer verifies by is not exchanged afterwards.

use super::{MeasurementId, access::see_measurement, status::MeasurementStatus};
use crate::{
    features::attachments::{AttachmentParent, Evidence, ParentKind, SeenParent},
    platform::{auth::Actor, db::DbConnection, error::AppError},
};

/// A measurement as something that files hang on.
pub struct MeasurementFiles;

impl AttachmentParent for MeasurementFiles {
    fn kind(&self) -> ParentKind {
        ParentKind::TcvMeasurement
    }

    fn see(&self, connection: &mut DbConnection, actor: Option<&Actor>, id: &str) -> Result<SeenParent, AppError> {
        let id = MeasurementId::parse(id).ok_or_else(AppError::not_found)?;
        let seen = see_measurement(connection, actor, id)?;
        let evidence = match seen.row.status {
            MeasurementStatus::Draft if seen.row.submitted_at.is_none() => Evidence::Draft,
            status if status.is_editable() => Evidence::Open,
            _ => Evidence::Frozen,
        };
        Ok(SeenParent { standing: seen.standing, evidence })
    }
}
