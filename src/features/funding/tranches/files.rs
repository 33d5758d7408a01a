//! Files on a funding request: the team's while it edits the request, the agreement once the award is released. What is
//! signed is never exchanged, so then files come and none goes.

use crate::{
    features::{
        attachments::{AttachmentParent, Evidence, ParentKind, SeenParent},
        funding::{
            ids::FundingRequestId,
            requests::{RequestStatus, see_request},
        },
    },
    platform::{auth::Actor, db::DbConnection, error::AppError},
};

/// A funding request as something that files hang on.
pub struct FundingRequestFiles;

impl AttachmentParent for FundingRequestFiles {
    fn kind(&self) -> ParentKind {
        ParentKind::FundingRequest
    }

    fn see(&self, connection: &mut DbConnection, actor: Option<&Actor>, id: &str) -> Result<SeenParent, AppError> {
        let id = FundingRequestId::parse(id).ok_or_else(AppError::not_found)?;
        let seen = see_request(connection, actor, id)?;
        if !seen.is_file_open() {
            return Err(AppError::not_found());
        }
        let is_released = seen.round.released_at.is_some();
        // A fund officer adds the agreement and nothing else.
        let evidence = match (seen.told_status(), seen.standing.team) {
            (RequestStatus::Draft, true) => Evidence::Draft,
            (RequestStatus::ChangesRequested, true) => Evidence::Open,
            (RequestStatus::Awarded, _) if is_released => Evidence::Growing,
            _ => Evidence::Frozen,
        };
        Ok(SeenParent { standing: seen.standing, evidence })
    }
}
