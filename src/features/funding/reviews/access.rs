//! Who reads a review, and how much of it.
//!
//! Its author reads all of it, always. Fund officers, approvers and auditors outside the team see who reviews and how far
//! it is, and what was written once it is handed in; before that nobody but the author does. Whoever has a part in
//! reviewing the same request is no more than a peer, whatever else they are: peers see nothing of each other until
//! their own is in and the panel has begun. The pilot's team never learns a name: a review is not there for them.

use diesel::{QueryDsl, RunQueryDsl, SelectableHelper};

use super::{rows::FundingReviewRow, status::ReviewStatus};
use crate::{
    features::funding::{
        ids::FundingReviewId,
        requests::{RequestStatus, SeenRequest, stand_to_request},
    },
    platform::{
        auth::{Actor, Role, Standing},
        db::{DbConnection, schema::funding_reviews},
        error::{AppError, DatabaseIntent},
        ids::UserId,
    },
};

/// Roles that see who reviews.
pub const OVERSEERS: &[Role] = &[Role::FundOfficer, Role::FundApprover, Role::Auditor];

/// As what someone reads a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// Who writes it.
    Author,
    /// Staff of the fund.
    Overseer,
    /// Another reviewer of the same request.
    Peer,
}

/// A review that the caller may see.
#[derive(Clone, Debug)]
pub struct SeenReview {
    /// The review.
    pub row: FundingReviewRow,
    /// Its request, and what the caller is to it.
    pub request: SeenRequest,
    /// As what they read it.
    pub reader: Reader,
}

impl SeenReview {
    /// What the caller is to the review.
    pub fn standing(&self) -> Standing {
        Standing { oneself: self.reader == Reader::Author, ..self.request.standing }
    }
}

/// Whether reviewing is over: the panel deals with the request, or has dealt with it.
pub const fn has_panel_begun(status: RequestStatus) -> bool {
    use RequestStatus as S;
    !matches!(
        status,
        S::Draft
            | S::Submitted
            | S::Eligibility
            | S::Ineligible
            | S::ChangesRequested
            | S::UnderReview
            // From wherever it was withdrawn: told is what is told in any case.
            | S::Withdrawn
    )
}

/// As what a caller reads a review of a request, if they may.
pub fn reader(request: &SeenRequest, row: &FundingReviewRow, me: UserId) -> Option<Reader> {
    if row.reviewer_id == me {
        return Some(Reader::Author);
    }
    if request.standing.team || request.standing.left_team {
        return None;
    }
    if let Some(own) = request.review {
        let is_blind = own != ReviewStatus::Submitted || !has_panel_begun(request.row.status);
        return (!is_blind && row.status == ReviewStatus::Submitted).then_some(Reader::Peer);
    }
    let oversees = request.standing.roles.has_any(OVERSEERS) && request.is_open_to_staff();
    oversees.then_some(Reader::Overseer)
}

/// The review, if the caller may see it.
///
/// # Errors
/// `NotFound` when there is none or the caller may not see it.
pub fn see_review(
    connection: &mut DbConnection,
    actor: Option<&Actor>,
    id: FundingReviewId,
) -> Result<SeenReview, AppError> {
    let actor = actor.ok_or_else(AppError::not_found)?;
    let row: FundingReviewRow =
        funding_reviews::table.find(id).select(FundingReviewRow::as_select()).first(connection).or_not_found()?;
    let request = stand_to_request(connection, actor, row.request_id)?;
    let reader = reader(&request, &row, actor.user_id).ok_or_else(AppError::not_found)?;
    Ok(SeenReview { row, request, reader })
}
