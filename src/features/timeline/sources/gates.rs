//! Decisions at the gates: taken, and confirmed, rejected or withdrawn.

use diesel::{ExpressionMethods, NullableExpressionMethods, QueryDsl, RunQueryDsl};

use crate::{
    features::{
        gates::{Gate, GateOutcome, status::DecisionStatus},
        timeline::{Entry, EntryKind, Range, Source, Viewpoint, source::ranged},
    },
    platform::{
        clock::Timestamp,
        db::{DbConnection, schema::gate_decisions},
        error::AppError,
        ids::UserId,
        text::Bilingual,
    },
};

type Row = (String, Gate, GateOutcome, DecisionStatus, Option<String>, Option<UserId>, Option<Timestamp>);

fn entry(row: Row, event: &str, en: &'static str, bn: &'static str) -> Option<Entry> {
    let (id, gate, _, _, reason, actor_id, at) = row;
    let (gate_en, gate_bn) = match gate {
        Gate::Execution => ("gate 1", "প্রথম ধাপে"),
        Gate::Celebration => ("gate 2", "দ্বিতীয় ধাপে"),
    };
    Some(Entry {
        at: at?,
        href: format!("/v1/gate-decisions/{id}"),
        id,
        kind: EntryKind::GateDecision,
        event: event.to_owned(),
        actor_id,
        subject_id: None,
        summary: Bilingual::new(format!("At {gate_en}, {en}"), format!("{gate_bn} {bn}")),
        reason,
    })
}

/// Taken: passed, refused, or proposed with waivers.
pub struct GateDecisionsTaken;

impl Source for GateDecisionsTaken {
    fn read_by(&self) -> &'static str {
        "get_gate_decision"
    }

    fn fetch(&self, connection: &mut DbConnection, of: Viewpoint<'_>, range: &Range) -> Result<Vec<Entry>, AppError> {
        let query = gate_decisions::table
            .filter(gate_decisions::pilot_id.eq(of.pilot.id))
            .select((
                gate_decisions::id,
                gate_decisions::gate,
                gate_decisions::outcome,
                gate_decisions::status,
                gate_decisions::reason,
                gate_decisions::decided_by.nullable(),
                gate_decisions::decided_at.nullable(),
            ))
            .into_boxed();
        let rows: Vec<Row> = ranged!(query, range, gate_decisions::decided_at, gate_decisions::id).load(connection)?;
        Ok(rows
            .into_iter()
            .filter_map(|row| match row.2 {
                GateOutcome::Refuse => entry(row, "refuse", "the pilot was refused.", "পাইলটটি আটকানো হয়েছে।"),
                GateOutcome::Pass => entry(row, "pass", "a decision to pass was taken.", "পার হওয়ার সিদ্ধান্ত নেওয়া হয়েছে।"),
            })
            .collect())
    }
}

/// Answered by a second officer, or taken back.
pub struct GateDecisionsAnswered;

impl Source for GateDecisionsAnswered {
    fn read_by(&self) -> &'static str {
        "get_gate_decision"
    }

    fn fetch(&self, connection: &mut DbConnection, of: Viewpoint<'_>, range: &Range) -> Result<Vec<Entry>, AppError> {
        let query = gate_decisions::table
            .filter(gate_decisions::pilot_id.eq(of.pilot.id))
            .filter(gate_decisions::confirmed_at.is_not_null())
            .select((
                gate_decisions::id,
                gate_decisions::gate,
                gate_decisions::outcome,
                gate_decisions::status,
                gate_decisions::confirmation_reason,
                gate_decisions::confirmed_by,
                gate_decisions::confirmed_at,
            ))
            .into_boxed();
        let rows: Vec<Row> =
            ranged!(query, range, gate_decisions::confirmed_at, gate_decisions::id).load(connection)?;
        Ok(rows
            .into_iter()
            .filter_map(|row| {
                let (en, bn) = match row.3 {
                    DecisionStatus::Confirmed => ("the waivers were confirmed.", "ছাড় নিশ্চিত করা হয়েছে।"),
                    DecisionStatus::Rejected => ("the waivers were turned down.", "ছাড় নাকচ করা হয়েছে।"),
                    DecisionStatus::Withdrawn | DecisionStatus::Proposed => {
                        ("the proposal was withdrawn.", "প্রস্তাব প্রত্যাহার করা হয়েছে।")
                    }
                };
                let event = row.3.as_str();
                entry(row, event, en, bn)
            })
            .collect())
    }
}
