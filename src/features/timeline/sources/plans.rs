//! Plan versions: handed in, and come into force. Drafts are not on the timeline: nothing has happened yet.

use diesel::{ExpressionMethods, NullableExpressionMethods, QueryDsl, RunQueryDsl};

use crate::{
    features::timeline::{Entry, EntryKind, Range, Source, Viewpoint, source::ranged},
    platform::{
        clock::Timestamp,
        db::{DbConnection, schema::plans},
        error::AppError,
        ids::UserId,
        text::Bilingual,
    },
};

type Row = (String, i32, Option<UserId>, Option<Timestamp>);

fn entries(rows: Vec<Row>, event: &'static str, en: &'static str, bn: &'static str) -> Vec<Entry> {
    rows.into_iter()
        .filter_map(|(id, number, actor_id, at)| {
            Some(Entry {
                at: at?,
                href: format!("/v1/plans/{id}"),
                id,
                kind: EntryKind::Plan,
                event: event.to_owned(),
                actor_id,
                subject_id: None,
                summary: Bilingual::new(
                    format!("Plan version {number} {en}"),
                    format!("পরিকল্পনার {number} নম্বর সংস্করণ {bn}"),
                ),
                reason: None,
            })
        })
        .collect()
}

/// Handed in.
pub struct PlansSubmitted;

impl Source for PlansSubmitted {
    fn read_by(&self) -> &'static str {
        "get_plan"
    }

    fn fetch(&self, connection: &mut DbConnection, of: Viewpoint<'_>, range: &Range) -> Result<Vec<Entry>, AppError> {
        let query = plans::table
            .filter(plans::pilot_id.eq(of.pilot.id))
            .filter(plans::submitted_at.is_not_null())
            .select((plans::id, plans::number, plans::created_by.nullable(), plans::submitted_at))
            .into_boxed();
        let rows: Vec<Row> = ranged!(query, range, plans::submitted_at, plans::id).load(connection)?;
        Ok(entries(rows, "submitted", "was handed in.", "জমা দেওয়া হয়েছে।"))
    }
}

/// Come into force.
pub struct PlansLocked;

impl Source for PlansLocked {
    fn read_by(&self) -> &'static str {
        "get_plan"
    }

    fn fetch(&self, connection: &mut DbConnection, of: Viewpoint<'_>, range: &Range) -> Result<Vec<Entry>, AppError> {
        let query = plans::table
            .filter(plans::pilot_id.eq(of.pilot.id))
            .filter(plans::locked_at.is_not_null())
            .select((plans::id, plans::number, plans::locked_by, plans::locked_at))
            .into_boxed();
        let rows: Vec<Row> = ranged!(query, range, plans::locked_at, plans::id).load(connection)?;
        Ok(entries(rows, "locked", "came into force.", "কার্যকর হয়েছে।"))
    }
}
