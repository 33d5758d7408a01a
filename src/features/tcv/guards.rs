//! The conditions of a measurement's moves, each with a code and a sentence, and what may be done to it now.

use super::{
    access::SeenMeasurement,
    rows::MeasurementRow,
    status::{LIFECYCLE, MeasurementKind, MeasurementMove, MeasurementStatus},
    transition_measurement::MeasurementCommand,
};
use crate::{
    features::{actions::Action, pilots::PilotRow},
    platform::{
        error::{AppError, ErrorCode, FieldError},
        lifecycle::{Word, bangla_list, next},
        text::Bilingual,
    },
};

/// The conditions of a move that fail now.
pub fn unmet(step: MeasurementMove, row: &MeasurementRow, pilot: &PilotRow) -> Vec<FieldError> {
    let failing = match step {
        MeasurementMove::Submit => vec![
            (
                row.time_total().or(row.cost_total()).or(row.visits_total()).is_none(),
                "nothing_measured",
                "At least one of time, cost and visits has to be measured in all its parts.",
                "সময়, খরচ ও যাতায়াতের অন্তত একটি সব অংশসহ পরিমাপ করতে হবে।",
            ),
            (pilot.ended_at.is_some(), "pilot_ended", "The pilot has ended.", "পাইলটটি শেষ হয়েছে।"),
            gate_is_passed(row.kind, pilot),
        ],
        MeasurementMove::Publish => vec![(
            !pilot.is_public,
            "pilot_not_public",
            "The pilot has to be public first.",
            "আগে পাইলটটি উন্মুক্ত করতে হবে।",
        )],
        MeasurementMove::Verify => vec![gate_is_passed(row.kind, pilot)],
        MeasurementMove::Return | MeasurementMove::Supersede => Vec::new(),
    };
    failing
        .into_iter()
        .filter(|(fails, ..)| *fails)
        .map(|(_, code, en, bn)| FieldError::condition(code, Bilingual::new(en, bn)))
        .collect()
}

/// What a gate was passed on stays what it was: no new baseline after gate 1, no new endline after gate 2.
fn gate_is_passed(kind: MeasurementKind, pilot: &PilotRow) -> (bool, &'static str, &'static str, &'static str) {
    let passed = match kind {
        MeasurementKind::Baseline => pilot.execution_at.is_some(),
        MeasurementKind::Endline => pilot.completed_at.is_some(),
        MeasurementKind::FollowUp | MeasurementKind::Replication => false,
    };
    (
        passed,
        "gate_passed",
        "The gate that this kind of measurement is for has been passed; measure a follow-up instead.",
        "এই ধরনের পরিমাপের গেট পার হয়ে গেছে; বদলে অনুবর্তী পরিমাপ নিন।",
    )
}

/// Nobody confirms their own figures, not even after leaving the team.
pub fn author_obstacle(step: MeasurementMove, is_author: bool) -> Option<AppError> {
    (matches!(step, MeasurementMove::Verify | MeasurementMove::Return) && is_author).then(|| {
        AppError::new(ErrorCode::SeparationOfDuties).detail(
            "You created this measurement, so someone else has to judge it.",
            "এই পরিমাপটি আপনার তৈরি, তাই অন্য কাউকে এটি যাচাই করতে হবে।",
        )
    })
}

/// Why a measurement can no longer be edited, if so.
pub fn edit_obstacle(status: MeasurementStatus) -> Option<AppError> {
    let word = status.as_str();
    (!status.is_editable()).then(|| {
        AppError::new(ErrorCode::TransitionNotAllowed).detail(
            format!("In `{word}` the measurement is no longer edited; it is in: draft, returned."),
            format!(
                "‘{}’ অবস্থায় পরিমাপ সম্পাদনা করা যায় না; সম্ভব: {}।",
                status.bangla(),
                bangla_list([MeasurementStatus::Draft, MeasurementStatus::Returned])
            ),
        )
    })
}

/// Nothing new is measured of a pilot that has ended, nor is a draft of it carried on.
pub fn ended_obstacle(pilot: &PilotRow) -> Option<AppError> {
    pilot.ended_at.map(|_| {
        AppError::new(ErrorCode::TransitionNotAllowed).detail(
            "The pilot has ended, so nothing more is measured of it.",
            "পাইলটটি শেষ হয়েছে, তাই আর কিছু পরিমাপ করা যায় না।",
        )
    })
}

/// Only what was never handed in can be deleted.
pub fn deletion_obstacle(status: MeasurementStatus) -> Option<AppError> {
    (status != MeasurementStatus::Draft).then(|| {
        AppError::new(ErrorCode::TransitionNotAllowed)
            .detail("Only a draft that was never submitted can be deleted.", "শুধু কখনো জমা না দেওয়া খসড়া মুছে ফেলা যায়।")
    })
}

/// Everything that can be done to a measurement, with what closes it.
pub fn actions(seen: &SeenMeasurement) -> Vec<Action> {
    let (status, standing) = (seen.row.status, &seen.standing);
    let edit = edit_obstacle(status).or_else(|| ended_obstacle(&seen.pilot));
    let others = [
        Action::new("edit", "update_measurement", standing, edit),
        Action::new("delete", "delete_measurement", standing, deletion_obstacle(status)),
    ];
    let commands = MeasurementCommand::ALL.iter().map(|command| {
        let step = command.as_move();
        let state = author_obstacle(step, seen.is_author).or_else(|| next(LIFECYCLE, status, step).err());
        Action::new(command.as_str(), &command.line(), standing, state).needing(|| unmet(step, &seen.row, &seen.pilot))
    });
    others.into_iter().chain(commands).collect()
}
