//! Files on a pilot: from the first draft until it ends.

use super::{PilotId, see, status::PilotStatus};
use crate::{
    features::attachments::{AttachmentParent, Evidence, ParentKind, SeenParent},
    platform::{auth::Actor, db::DbConnection, error::AppError},
};

/// A pilot as something that files hang on.
pub struct PilotFiles;

impl AttachmentParent for PilotFiles {
    fn kind(&self) -> ParentKind {
        ParentKind::Pilot
    }

    fn see(&self, connection: &mut DbConnection, actor: Option<&Actor>, id: &str) -> Result<SeenParent, AppError> {
        let seen = see(connection, actor, PilotId::parse(id).ok_or_else(AppError::not_found)?)?;
        let evidence = match seen.row.ended_at {
            Some(_) => Evidence::Frozen,
            None if seen.row.status == PilotStatus::Draft && seen.row.submitted_at.is_none() => Evidence::Draft,
            None => Evidence::Open,
        };
        Ok(SeenParent { standing: seen.standing, evidence })
    }
}
