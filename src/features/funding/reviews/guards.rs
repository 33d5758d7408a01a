//! The conditions of a review's moves, each with a code and a sentence, and what the caller may do with it now.

use std::iter;

use super::{
    access::{SeenReview, has_panel_begun},
    content::FundingReviewContent,
    rows::FundingReviewRow,
    status::{LIFECYCLE, ReviewCommand, ReviewStatus},
    ties::Ties,
};
use crate::{
    features::{
        actions::Action,
        funding::{
            requests::{FundingRequestRow, RequestStatus},
            rounds::policy::Criterion,
        },
    },
    platform::{
        error::{AppError, ErrorCode, FieldError},
        lifecycle::{Word, bangla_list, next},
        text::Bilingual,
        text_enum::text_enum,
    },
};

text_enum! {
    /// What someone may do with a review.
    ReviewAction {
        /// Write in it.
        Edit = "edit",
        /// Declare to be free of conflicts.
        Declare = "declare",
        /// Declare a conflict, and step back.
        Recuse = "recuse",
        /// Hand in.
        Submit = "submit",
        /// Give the place to someone else.
        Replace = "replace",
    }
}

/// Where reviewers may be assigned.
const ASSIGNING: [RequestStatus; 2] = [RequestStatus::Eligibility, RequestStatus::UnderReview];

/// Why nobody can be assigned to a request now, if so.
pub fn assignment_obstacle(status: RequestStatus) -> Option<AppError> {
    (!ASSIGNING.contains(&status)).then(|| {
        AppError::new(ErrorCode::TransitionNotAllowed).detail(
            format!("In `{}` no reviewers are assigned; it is in: eligibility, under_review.", status.as_str()),
            format!("‘{}’ অবস্থায় মূল্যায়নকারী নিয়োগ করা যায় না; সম্ভব: {}।", status.bangla(), bangla_list(ASSIGNING)),
        )
    })
}

/// Why a review can no longer be written, if so.
pub fn edit_obstacle(review: &FundingReviewRow, request: RequestStatus) -> Option<AppError> {
    let status = review.status;
    if status != ReviewStatus::Declared {
        return Some(AppError::new(ErrorCode::TransitionNotAllowed).detail(
            format!("In `{}` a review is not written; it is in: declared.", status.as_str()),
            format!("‘{}’ অবস্থায় মূল্যায়ন লেখা যায় না; সম্ভব: {}।", status.bangla(), bangla_list([ReviewStatus::Declared])),
        ));
    }
    is_over(request).then(|| {
        AppError::new(ErrorCode::TransitionNotAllowed)
            .detail("The request is no longer reviewed.", "আবেদনটির মূল্যায়ন আর চলছে না।")
    })
}

/// Whether nothing is reviewed any more.
fn is_over(request: RequestStatus) -> bool {
    has_panel_begun(request) || request.is_final()
}

/// The conditions of a move that fail now.
pub fn unmet(
    command: ReviewCommand,
    review: &FundingReviewRow,
    request: &FundingRequestRow,
    rubric: &[Criterion],
    ties: &Ties,
) -> Vec<FieldError> {
    let mut failing = Vec::new();
    match command {
        ReviewCommand::Recuse => {}
        ReviewCommand::Declare => {
            failing.extend(is_over(request.status).then(over));
            failing.extend(ties.meanwhile());
        }
        ReviewCommand::Replace => failing.extend((!ASSIGNING.contains(&request.status)).then(over)),
        ReviewCommand::Submit => {
            failing.extend((request.status != RequestStatus::UnderReview).then(not_under_review));
            let missing = FundingReviewContent::missing(&review.scores, rubric);
            failing.extend(missing.into_iter().map(|criterion| criterion_missing(&criterion.code)));
            failing.extend(review.scores.iter().all(|given| given.score.is_none()).then(nothing_scored));
            failing.extend(ties.meanwhile());
        }
    }
    failing
}

fn over() -> FieldError {
    let detail = Bilingual::new("The request is no longer reviewed.", "আবেদনটির মূল্যায়ন আর চলছে না।");
    FieldError::condition("review_over", detail)
}

fn not_under_review() -> FieldError {
    let detail = Bilingual::new("The request is not under review.", "আবেদনটি মূল্যায়নের পর্যায়ে নেই।");
    FieldError::condition("not_under_review", detail)
}

fn criterion_missing(code: &str) -> FieldError {
    let detail = Bilingual::new(
        format!("`{code}` is neither scored nor marked as not applicable."),
        format!("`{code}` মানদণ্ডে নম্বর দেওয়া হয়নি, প্রযোজ্য নয় বলেও চিহ্নিত হয়নি।"),
    );
    FieldError::condition("criterion_missing", detail)
}

fn nothing_scored() -> FieldError {
    let detail = Bilingual::new("At least one criterion has to be scored.", "অন্তত একটি মানদণ্ডে নম্বর দিতে হবে।");
    FieldError::condition("nothing_scored", detail)
}

/// Everything that can be done with a review, with what closes it; `ties` are the author's.
pub fn actions(seen: &SeenReview, ties: &Ties) -> Vec<Action> {
    let (standing, request, row) = (seen.standing(), &seen.request, &seen.row);
    let command_of = |command: ReviewCommand| {
        Action::new(command.as_str(), command.line(), &standing, next(LIFECYCLE, row.status, command).err())
            .needing(|| unmet(command, row, &request.row, &request.round.rubric, ties))
    };
    let edit = Action::new("edit", "update_funding_review", &standing, edit_obstacle(row, request.row.status))
        .needing(|| ties.meanwhile());
    iter::once(edit).chain(ReviewCommand::ALL.iter().copied().map(command_of)).collect()
}

/// The names of the open ones.
pub fn allowed_actions(seen: &SeenReview, ties: &Ties) -> Vec<ReviewAction> {
    actions(seen, ties).iter().filter(|action| action.is_open()).filter_map(|it| ReviewAction::parse(it.name)).collect()
}
