//! What stands against changing a source, and what may be done to it now: pure.

use std::iter;

use super::{
    access::SeenSource,
    status::{LIFECYCLE, SourceCommand, SourceStatus},
};
use crate::{
    features::{actions::Action, pilots::PilotRow},
    platform::{
        error::{AppError, ErrorCode, FieldError},
        lifecycle::{Word, bangla_list, next},
        text::Bilingual,
    },
};

/// A pilot that has ended is given nothing more.
pub fn ended_obstacle(pilot: &PilotRow) -> Option<AppError> {
    pilot.ended_at.map(|_| {
        AppError::new(ErrorCode::TransitionNotAllowed).detail(
            "The pilot has ended, so its funding sources no longer change.",
            "পাইলটটি শেষ হয়েছে, তাই অর্থের উৎস আর পরিবর্তন হয় না।",
        )
    })
}

/// Why a source is not edited in this state.
pub fn edit_obstacle(status: SourceStatus) -> Option<AppError> {
    (status != SourceStatus::Declared).then(|| {
        AppError::new(ErrorCode::TransitionNotAllowed).detail(
            format!("In `{}` the source is not edited; it is in: declared.", status.as_str()),
            format!("‘{}’ অবস্থায় উৎস সম্পাদনা করা যায় না; সম্ভব: {}।", status.bangla(), bangla_list([SourceStatus::Declared])),
        )
    })
}

/// Nobody judges what they declared themselves, not even after leaving the team.
pub fn declarer_obstacle(command: SourceCommand, is_declarer: bool) -> Option<AppError> {
    (command != SourceCommand::Withdraw && is_declarer).then(|| {
        AppError::new(ErrorCode::SeparationOfDuties).detail(
            "You declared this source, so someone else has to judge it.",
            "এই উৎস আপনার ঘোষিত, তাই অন্য কাউকে এটি যাচাই করতে হবে।",
        )
    })
}

/// What the state of source and pilot says against a command.
pub fn state_obstacle(command: SourceCommand, seen: &SeenSource) -> Option<AppError> {
    let passed = (command == SourceCommand::Withdraw && seen.pilot.execution_at.is_some()).then(|| {
        AppError::new(ErrorCode::TransitionNotAllowed).detail(
            "The pilot has passed gate 1 on this money, so it is not taken back.",
            "পাইলটটি এই অর্থের ভিত্তিতে প্রথম ধাপ পার হয়েছে, তাই এটি ফিরিয়ে নেওয়া যায় না।",
        )
    });
    next(LIFECYCLE, seen.row.status, command).err().or_else(|| ended_obstacle(&seen.pilot)).or(passed)
}

/// What `confirm` still needs; `has_document` is: the document is still there, on this pilot.
pub fn unmet(command: SourceCommand, has_document: bool) -> Vec<FieldError> {
    if command != SourceCommand::Confirm || has_document {
        return Vec::new();
    }
    let detail = Bilingual::new(
        "The source names no document that is attached to the pilot.",
        "উৎসটিতে পাইলটে সংযুক্ত কোনো দলিলের উল্লেখ নেই।",
    );
    vec![FieldError::condition("document_missing", detail)]
}

/// Everything that can be done to a source, with what closes it.
pub fn actions(seen: &SeenSource) -> Vec<Action> {
    let edit_state = edit_obstacle(seen.row.status).or_else(|| ended_obstacle(&seen.pilot));
    let edit = Action::new("edit", "update_funding_source", &seen.standing, edit_state);
    let commands = SourceCommand::ALL.iter().copied().map(|command| {
        let state = declarer_obstacle(command, seen.is_declarer).or_else(|| state_obstacle(command, seen));
        Action::new(command.as_str(), &command.line(), &seen.standing, state)
            .needing(|| unmet(command, seen.row.document_id.is_some()))
    });
    iter::once(edit).chain(commands).collect()
}
