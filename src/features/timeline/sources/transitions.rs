//! The moves of the pilot, and those of the pilots that were merged into it.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};

use crate::{
    features::{
        pilots::{PilotId, merged_into},
        timeline::{Entry, EntryKind, Range, Source, Viewpoint, source::ranged},
    },
    platform::{
        clock::Timestamp,
        db::{DbConnection, schema::pilot_transitions},
        error::AppError,
        ids::UserId,
        text::Bilingual,
    },
};

type Row = (String, PilotId, String, UserId, Option<String>, Timestamp);

fn load(connection: &mut DbConnection, pilots: &[PilotId], range: &Range) -> Result<Vec<Row>, AppError> {
    let query = pilot_transitions::table
        .select((
            pilot_transitions::id,
            pilot_transitions::pilot_id,
            pilot_transitions::command,
            pilot_transitions::actor_id,
            pilot_transitions::reason,
            pilot_transitions::at,
        ))
        .into_boxed();
    let query = match pilots {
        [one] => query.filter(pilot_transitions::pilot_id.eq(one.to_string())),
        several => query.filter(pilot_transitions::pilot_id.eq_any(several.iter().map(ToString::to_string))),
    };
    Ok(ranged!(query, range, pilot_transitions::at, pilot_transitions::id).load(connection)?)
}

fn entry((id, pilot, command, actor, reason, at): Row, kind: EntryKind, summary: Bilingual) -> Entry {
    Entry {
        at,
        id,
        kind,
        event: command,
        actor_id: Some(actor),
        subject_id: None,
        summary,
        reason,
        href: format!("/v1/pilots/{pilot}/transitions"),
    }
}

/// What a command did, in a sentence.
fn sentence(command: &str) -> (&'static str, &'static str) {
    match command {
        "submit" => ("The pilot was handed in.", "পাইলটটি জমা দেওয়া হয়েছে।"),
        "start_screening" => ("An officer took on the screening.", "একজন কর্মকর্তা যাচাই শুরু করেছেন।"),
        "request_changes" => ("Changes were asked for.", "পরিবর্তন চাওয়া হয়েছে।"),
        "accept" => ("The pilot was accepted into the programme.", "পাইলটটি কর্মসূচিতে গৃহীত হয়েছে।"),
        "reject" => ("The pilot was turned down.", "পাইলটটি প্রত্যাখ্যাত হয়েছে।"),
        "merge" => ("The pilot was merged into another one.", "পাইলটটি অন্য একটিতে একীভূত হয়েছে।"),
        "withdraw" => ("The pilot was withdrawn.", "পাইলটটি প্রত্যাহার করা হয়েছে।"),
        "hold" => ("The pilot was put on hold.", "পাইলটটি স্থগিত করা হয়েছে।"),
        "resume" => ("The pilot went on.", "পাইলটটি আবার শুরু হয়েছে।"),
        "discontinue" => ("The pilot was ended early.", "পাইলটটি আগেই শেষ করা হয়েছে।"),
        "start_execution" => ("The pilot went into execution.", "পাইলটটির বাস্তবায়ন শুরু হয়েছে।"),
        "complete" => ("The pilot was completed.", "পাইলটটি সম্পন্ন হয়েছে।"),
        "publish" => ("The pilot was published.", "পাইলটটি উন্মুক্ত করা হয়েছে।"),
        "unpublish" => ("The pilot was taken back from the public.", "পাইলটটি আর উন্মুক্ত নেই।"),
        _ => ("The pilot moved.", "পাইলটটির অবস্থা বদলেছে।"),
    }
}

/// The pilot's own moves; reasons are for the team and for staff.
pub struct Transitions;

impl Source for Transitions {
    fn read_by(&self) -> &'static str {
        "list_pilot_transitions"
    }

    fn fetch(&self, connection: &mut DbConnection, of: Viewpoint<'_>, range: &Range) -> Result<Vec<Entry>, AppError> {
        let rows = load(connection, &[of.pilot.id], range)?;
        let is_told = of.is_insider();
        Ok(rows
            .into_iter()
            .map(|row| {
                let (en, bn) = sentence(&row.2);
                let found = entry(row, EntryKind::Transition, Bilingual::new(en, bn));
                Entry { reason: found.reason.filter(|_| is_told), ..found }
            })
            .collect())
    }
}

/// The way of the pilots that were merged into this one, for readers who may see those; the merge itself included.
pub struct Merges;

impl Source for Merges {
    fn read_by(&self) -> &'static str {
        "list_pilot_transitions"
    }

    fn fetch(&self, connection: &mut DbConnection, of: Viewpoint<'_>, range: &Range) -> Result<Vec<Entry>, AppError> {
        let merged = merged_into(connection, of.actor, of.pilot.id)?;
        if merged.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<PilotId> = merged.iter().map(|(id, _)| *id).collect();
        let rows = load(connection, &ids, range)?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let reference = merged
                    .iter()
                    .find(|(id, _)| *id == row.1)
                    .and_then(|(_, reference)| reference.clone())
                    .unwrap_or_default();
                let (en, bn) = sentence(&row.2);
                let summary = match row.2.as_str() {
                    "merge" => Bilingual::new(
                        format!("{reference} was merged into this pilot."),
                        format!("{reference} এই পাইলটে একীভূত হয়েছে।"),
                    ),
                    _ => Bilingual::new(format!("{reference}: {en}"), format!("{reference}: {bn}")),
                };
                entry(row, EntryKind::Merge, summary)
            })
            .collect())
    }
}
