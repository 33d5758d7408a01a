//! Measurements: handed in, which the team and staff see, and verified, which everyone does who sees the pilot.

use diesel::{ExpressionMethods, NullableExpressionMethods, QueryDsl, RunQueryDsl};

use crate::{
    features::{
        tcv::status::MeasurementKind,
        timeline::{Entry, EntryKind, Range, Source, Viewpoint, source::ranged},
    },
    platform::{
        clock::Timestamp,
        db::{DbConnection, schema::tcv_measurements},
        error::AppError,
        ids::UserId,
        text::Bilingual,
    },
};

type Row = (String, MeasurementKind, Option<UserId>, Option<Timestamp>);

fn entries(rows: Vec<Row>, event: &'static str, en: &'static str, bn: &'static str) -> Vec<Entry> {
    let name = |kind: MeasurementKind| match kind {
        MeasurementKind::Baseline => ("The baseline", "প্রারম্ভিক পরিমাপ"),
        MeasurementKind::Endline => ("The endline", "সমাপনী পরিমাপ"),
        MeasurementKind::FollowUp => ("A follow-up measurement", "অনুবর্তী পরিমাপ"),
        MeasurementKind::Replication => ("The measurement of a replication", "পুনরাবৃত্তির পরিমাপ"),
    };
    rows.into_iter()
        .filter_map(|(id, kind, actor_id, at)| {
            let (kind_en, kind_bn) = name(kind);
            Some(Entry {
                at: at?,
                href: format!("/v1/tcv-measurements/{id}"),
                id,
                kind: EntryKind::Measurement,
                event: event.to_owned(),
                actor_id,
                subject_id: None,
                summary: Bilingual::new(format!("{kind_en} {en}"), format!("{kind_bn} {bn}")),
                reason: None,
            })
        })
        .collect()
}

/// Handed in.
pub struct MeasurementsSubmitted;

impl Source for MeasurementsSubmitted {
    fn read_by(&self) -> &'static str {
        "get_measurement"
    }

    fn fetch(&self, connection: &mut DbConnection, of: Viewpoint<'_>, range: &Range) -> Result<Vec<Entry>, AppError> {
        if !of.is_insider() {
            return Ok(Vec::new());
        }
        let query = tcv_measurements::table
            .filter(tcv_measurements::pilot_id.eq(of.pilot.id))
            .filter(tcv_measurements::submitted_at.is_not_null())
            .select((
                tcv_measurements::id,
                tcv_measurements::kind,
                tcv_measurements::created_by.nullable(),
                tcv_measurements::submitted_at,
            ))
            .into_boxed();
        let rows: Vec<Row> =
            ranged!(query, range, tcv_measurements::submitted_at, tcv_measurements::id).load(connection)?;
        Ok(entries(rows, "submitted", "was handed in.", "জমা দেওয়া হয়েছে।"))
    }
}

/// Verified: once that has been, it stays so.
pub struct MeasurementsVerified;

impl Source for MeasurementsVerified {
    fn read_by(&self) -> &'static str {
        "get_measurement"
    }

    fn fetch(&self, connection: &mut DbConnection, of: Viewpoint<'_>, range: &Range) -> Result<Vec<Entry>, AppError> {
        let query = tcv_measurements::table
            .filter(tcv_measurements::pilot_id.eq(of.pilot.id))
            .filter(tcv_measurements::verified_at.is_not_null())
            .select((
                tcv_measurements::id,
                tcv_measurements::kind,
                tcv_measurements::verified_by,
                tcv_measurements::verified_at,
            ))
            .into_boxed();
        let rows: Vec<Row> =
            ranged!(query, range, tcv_measurements::verified_at, tcv_measurements::id).load(connection)?;
        Ok(entries(rows, "verified", "was verified.", "যাচাই করা হয়েছে।"))
    }
}
