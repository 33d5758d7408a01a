//! Files on a plan version: with its draft, and frozen with it.

use super::{PlanId, get_plan::see_plan, status::PlanStatus};
use crate::{
    features::attachments::{AttachmentParent, Evidence, ParentKind, SeenParent},
    platform::{auth::Actor, db::DbConnection, error::AppError},
};

/// A plan version as something that files hang on.
pub struct PlanFiles;

impl AttachmentParent for PlanFiles {
    fn kind(&self) -> ParentKind {
        ParentKind::Plan
    }

    fn see(&self, connection: &mut DbConnection, actor: Option<&Actor>, id: &str) -> Result<SeenParent, AppError> {
        let (plan, seen) = see_plan(connection, actor, PlanId::parse(id).ok_or_else(AppError::not_found)?)?;
        let evidence = if plan.status == PlanStatus::Draft { Evidence::Draft } else { Evidence::Frozen };
        Ok(SeenParent { standing: seen.standing, evidence })
    }
}
