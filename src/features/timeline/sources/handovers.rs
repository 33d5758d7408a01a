//! Handovers: offered and answered, for the team and for staff. That the pilot has another owner, everyone sees who sees
//! the pilot; the reasons they are not told.

use diesel::{ExpressionMethods, NullableExpressionMethods, QueryDsl, RunQueryDsl};

use crate::{
    features::{
        handovers::HandoverStatus,
        timeline::{Entry, EntryKind, Range, Source, Viewpoint, source::ranged},
    },
    platform::{
        clock::Timestamp,
        db::{DbConnection, schema::pilot_handovers},
        error::AppError,
        ids::UserId,
        text::Bilingual,
    },
};

type Row = (String, HandoverStatus, UserId, Option<UserId>, Option<String>, Option<Timestamp>);

fn entry(row: Row, event: &str, en: &'static str, bn: &'static str) -> Option<Entry> {
    let (id, _, receiver, actor_id, reason, at) = row;
    Some(Entry {
        at: at?,
        href: format!("/v1/handovers/{id}"),
        id,
        kind: EntryKind::Handover,
        event: event.to_owned(),
        actor_id,
        subject_id: Some(receiver),
        summary: Bilingual::new(en, bn),
        reason,
    })
}

/// Offered.
pub struct HandoversOffered;

impl Source for HandoversOffered {
    fn read_by(&self) -> &'static str {
        "get_handover"
    }

    fn fetch(&self, connection: &mut DbConnection, of: Viewpoint<'_>, range: &Range) -> Result<Vec<Entry>, AppError> {
        if !of.is_insider() {
            return Ok(Vec::new());
        }
        let query = pilot_handovers::table
            .filter(pilot_handovers::pilot_id.eq(of.pilot.id))
            .select((
                pilot_handovers::id,
                pilot_handovers::status,
                pilot_handovers::to_user_id,
                pilot_handovers::offered_by.nullable(),
                pilot_handovers::reason,
                pilot_handovers::created_at.nullable(),
            ))
            .into_boxed();
        let rows: Vec<Row> =
            ranged!(query, range, pilot_handovers::created_at, pilot_handovers::id).load(connection)?;
        let offered = |row| {
            entry(
                row,
                "offered",
                "The pilot was offered to another officer.",
                "পাইলটটি অন্য কর্মকর্তাকে দেওয়ার প্রস্তাব করা হয়েছে।",
            )
        };
        Ok(rows.into_iter().filter_map(offered).collect())
    }
}

/// Answered, or closed otherwise.
pub struct HandoversAnswered;

impl Source for HandoversAnswered {
    fn read_by(&self) -> &'static str {
        "get_handover"
    }

    fn fetch(&self, connection: &mut DbConnection, of: Viewpoint<'_>, range: &Range) -> Result<Vec<Entry>, AppError> {
        let mut query = pilot_handovers::table
            .filter(pilot_handovers::pilot_id.eq(of.pilot.id))
            .filter(pilot_handovers::answered_at.is_not_null())
            .select((
                pilot_handovers::id,
                pilot_handovers::status,
                pilot_handovers::to_user_id,
                pilot_handovers::answered_by,
                pilot_handovers::answer_reason,
                pilot_handovers::answered_at,
            ))
            .into_boxed();
        let is_insider = of.is_insider();
        if !is_insider {
            query = query.filter(pilot_handovers::status.eq(HandoverStatus::Accepted));
        }
        let rows: Vec<Row> =
            ranged!(query, range, pilot_handovers::answered_at, pilot_handovers::id).load(connection)?;
        let answered = |row: Row| {
            let (en, bn) = match row.1 {
                HandoverStatus::Accepted => ("The pilot has another owner.", "পাইলটটির স্বত্বাধিকারী বদলেছে।"),
                HandoverStatus::Declined => ("The handover was declined.", "হস্তান্তর গ্রহণ করা হয়নি।"),
                HandoverStatus::Withdrawn => ("The handover was taken back.", "হস্তান্তরের প্রস্তাব ফিরিয়ে নেওয়া হয়েছে।"),
                HandoverStatus::Expired => ("Nobody answered the handover in time.", "হস্তান্তরের প্রস্তাবের সময় পার হয়েছে।"),
                HandoverStatus::Offered | HandoverStatus::Lapsed => {
                    ("The handover was closed, since the pilot ended.", "পাইলট শেষ হওয়ায় হস্তান্তর বন্ধ হয়েছে।")
                }
            };
            let event = row.1.as_str();
            entry(row, event, en, bn).map(|found| Entry { reason: found.reason.filter(|_| is_insider), ..found })
        };
        Ok(rows.into_iter().filter_map(answered).collect())
    }
}
