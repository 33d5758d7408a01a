//! The conditions of a pilot's moves, each with a code and a sentence.

use super::{Facts, rows::PilotRow, status::PilotStatus, transition_pilot::PilotCommand};
use crate::features::{actions::as_conditions, duplicates::DuplicateId};
use crate::platform::{
    error::{AppError, ErrorCode, FieldError},
    lifecycle::Word,
    text::Bilingual,
};

/// What `submit` still needs.
pub fn unmet_for_submit(row: &PilotRow) -> Vec<FieldError> {
    let text = |bn: &Option<String>, en: &Option<String>| bn.is_some() || en.is_some();
    let needs = [
        (text(&row.title_bn, &row.title_en), "title_missing", "The title is missing.", "শিরোনাম নেই।"),
        (text(&row.problem_bn, &row.problem_en), "problem_missing", "The problem is missing.", "সমস্যার বিবরণ নেই।"),
        (
            text(&row.proposed_change_bn, &row.proposed_change_en),
            "proposed_change_missing",
            "The proposed change is missing.",
            "প্রস্তাবিত পরিবর্তন নেই।",
        ),
        (row.service_id.is_some(), "service_missing", "The service is missing.", "সেবার নাম নেই।"),
        (
            !row.districts.is_empty(),
            "place_missing",
            "The place is missing: name at least one district.",
            "স্থান নেই: অন্তত একটি জেলা দিন।",
        ),
        (
            text(&row.citizen_group_bn, &row.citizen_group_en),
            "citizen_group_missing",
            "The citizen group is missing.",
            "নাগরিক গোষ্ঠীর বিবরণ নেই।",
        ),
    ];
    needs
        .into_iter()
        .filter(|(met, ..)| !met)
        .map(|(_, code, en, bn)| FieldError::condition(code, Bilingual::new(en, bn)))
        .collect()
}

/// What `start_screening` still needs.
pub fn unmet_for_screening(row: &PilotRow, facts: &Facts) -> Vec<FieldError> {
    if row.status != PilotStatus::Screening || facts.screener_has_left {
        return Vec::new();
    }
    vec![FieldError::condition(
        "being_screened",
        Bilingual::new(
            "An officer is screening it. Another one takes it over only when they can do it no more.",
            "একজন কর্মকর্তা এটি যাচাই করছেন। তিনি আর যাচাই করতে না পারলেই কেবল অন্য কেউ দায়িত্ব নিতে পারেন।",
        ),
    )]
}

/// What `accept` still needs.
pub fn unmet_for_accept(facts: &Facts) -> Vec<FieldError> {
    if facts.open_duplicates == 0 {
        return Vec::new();
    }
    vec![FieldError::condition(
        "duplicate_open",
        Bilingual::new(
            "A similar pilot was found: dismiss each one with a reason under `…/duplicates`, or merge the pilot.",
            "মিল আছে এমন পাইলট পাওয়া গেছে: `…/duplicates`-এ প্রতিটি কারণসহ খারিজ করুন, অথবা পাইলটটি একীভূত করুন।",
        ),
    )]
}

/// What `merge` stumbles over: an officer decided that the two are not one.
pub fn dismissed_as_duplicate(pair: DuplicateId) -> FieldError {
    FieldError::condition(
        "duplicate_dismissed",
        Bilingual::new(
            format!(
                "An officer decided that these are two pilots. Take that decision back first, with a reason: `reopen` at \
                 `/v1/duplicates/{pair}/transitions`; then merge."
            ),
            format!(
                "একজন কর্মকর্তা সিদ্ধান্ত দিয়েছেন যে এ দুটি আলাদা পাইলট। আগে কারণসহ সেই সিদ্ধান্ত পুনরায় খুলুন: \
                 `/v1/duplicates/{pair}/transitions`-এ `reopen`; তারপর একীভূত করুন।"
            ),
        ),
    )
}

/// What `publish` still needs.
pub fn unmet_for_publish(row: &PilotRow) -> Vec<FieldError> {
    if row.is_fit_for_publication() {
        return Vec::new();
    }
    vec![FieldError::condition(
        "translation_missing",
        Bilingual::new(
            "Title and summary are needed in Bangla and in English.",
            "শিরোনাম ও সারসংক্ষেপ বাংলা ও ইংরেজি উভয় ভাষায় প্রয়োজন।",
        ),
    )]
}

/// Publication does not move a pilot, so it is not in the lifecycle.
pub fn publication_obstacle(command: PilotCommand, row: &PilotRow) -> Option<AppError> {
    let refuse =
        |en: &'static str, bn: &'static str| Some(AppError::new(ErrorCode::TransitionNotAllowed).detail(en, bn));
    match command {
        PilotCommand::Publish if row.is_public => refuse("The pilot is public already.", "পাইলটটি ইতিমধ্যে উন্মুক্ত।"),
        PilotCommand::Publish if !row.is_listed => {
            refuse("Only a pilot that was accepted can be published.", "শুধু গৃহীত পাইলট উন্মুক্ত করা যায়।")
        }
        PilotCommand::Unpublish if !row.is_public => refuse("The pilot is not public.", "পাইলটটি উন্মুক্ত নয়।"),
        _ => None,
    }
}

/// Why a pilot can no longer be edited.
pub fn not_editable(row: &PilotRow) -> AppError {
    let status = row.status.as_str();
    AppError::new(ErrorCode::TransitionNotAllowed).detail(
        format!("In `{status}` the pilot is no longer edited; later edits go through a plan version."),
        format!("‘{}’ অবস্থায় পাইলট সম্পাদনা করা যায় না; পরের পরিবর্তন পরিকল্পনার নতুন সংস্করণে করুন।", row.status.bangla()),
    )
}

/// Only what was never handed in can be deleted.
pub fn deletion_obstacle(row: &PilotRow) -> Option<AppError> {
    let deletable = row.status == PilotStatus::Draft && row.reference.is_none();
    (!deletable).then(|| {
        AppError::new(ErrorCode::TransitionNotAllowed).detail(
            "Only a draft that was never submitted can be deleted; withdraw the pilot instead.",
            "শুধু কখনো জমা না দেওয়া খসড়া মুছে ফেলা যায়; বদলে পাইলটটি প্রত্যাহার করুন।",
        )
    })
}

/// A team changes as long as the pilot has not ended.
pub fn team_obstacle(row: &PilotRow) -> Option<AppError> {
    row.ended_at.map(|_| {
        AppError::new(ErrorCode::TransitionNotAllowed)
            .detail("The pilot has ended, so its team no longer changes.", "পাইলটটি শেষ হয়েছে, তাই দল আর পরিবর্তন হয় না।")
    })
}

/// Why an officer may not hand the pilot over in the owner's place: the owner is still there.
pub fn unmet_on_behalf(facts: &Facts) -> Vec<FieldError> {
    if facts.owner_has_left {
        return Vec::new();
    }
    vec![FieldError::condition(
        "owner_present",
        Bilingual::new(
            "The owner has an active account and works in the pilot's organisation, so they hand it over themselves.",
            "স্বত্বাধিকারীর অ্যাকাউন্ট সক্রিয় এবং তিনি পাইলটের প্রতিষ্ঠানে কর্মরত, তাই হস্তান্তর তাঁকেই করতে হবে।",
        ),
    )]
}

fn impossible(en: &'static str, bn: &'static str) -> AppError {
    AppError::new(ErrorCode::TransitionNotAllowed).detail(en, bn)
}

/// A merged pilot is talked about where it goes on.
pub fn comment_obstacle(row: &PilotRow) -> Option<AppError> {
    (row.status == PilotStatus::Merged).then(|| {
        impossible(
            "The pilot was merged into another one; comment there.",
            "পাইলটটি অন্য একটিতে একীভূত হয়েছে; সেখানে মন্তব্য করুন।",
        )
    })
}

/// Support is for what was handed in and has not ended.
pub fn support_obstacle(row: &PilotRow) -> Option<AppError> {
    (row.reference.is_none() || row.ended_at.is_some()).then(|| {
        impossible(
            "Only a pilot that was submitted and has not ended can be supported.",
            "শুধু জমা দেওয়া এবং শেষ না হওয়া পাইলট সমর্থন করা যায়।",
        )
    })
}

/// The refusal of a second support.
pub fn supported_already() -> AppError {
    AppError::new(ErrorCode::AlreadyExists)
        .detail("You support this pilot already.", "আপনি ইতিমধ্যে এই পাইলটকে সমর্থন করছেন।")
}

/// What closes support besides the pilot's state: one has given it.
pub fn unmet_for_support(facts: &Facts) -> Vec<FieldError> {
    if facts.is_supported { as_conditions(supported_already()) } else { Vec::new() }
}

/// Only what was given can be withdrawn.
pub fn unmet_for_withdrawing_support(facts: &Facts) -> Vec<FieldError> {
    if facts.is_supported {
        return Vec::new();
    }
    let sentence = Bilingual::new("You do not support this pilot.", "আপনি এই পাইলটকে সমর্থন করছেন না।");
    vec![FieldError::condition("not_supported", sentence)]
}

/// What has ended stays with whom it ended.
pub fn handover_obstacle(row: &PilotRow) -> Option<AppError> {
    row.ended_at.map(|_| {
        impossible("The pilot has ended, so it is no longer handed over.", "পাইলটটি শেষ হয়েছে, তাই আর হস্তান্তর হয় না।")
    })
}
