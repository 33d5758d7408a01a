//! One line of a timeline.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    features::pilots::PersonView,
    platform::{
        clock::Timestamp,
        ids::UserId,
        text::{Bilingual, LocalizedText},
        text_enum::text_enum,
    },
};

text_enum! {
    /// What an entry is about.
    EntryKind {
        /// The pilot moved.
        Transition = "transition",
        /// A step of a pilot that was merged into this one.
        Merge = "merge",
        /// A plan version.
        Plan = "plan",
        /// A decision at a gate.
        GateDecision = "gate_decision",
        /// A measurement.
        Measurement = "measurement",
        /// The team.
        Team = "team",
        /// A handover.
        Handover = "handover",
    }
}

/// Something that happened.
#[derive(Clone, Debug)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// The record's identifier: with `at` it gives the order.
    pub id: String,
    /// What it is about.
    pub kind: EntryKind,
    /// What happened, as a word.
    pub event: String,
    /// Who did it.
    pub actor_id: Option<UserId>,
    /// Whom it concerns: who joined, left or receives.
    pub subject_id: Option<UserId>,
    /// What happened, in a sentence.
    pub summary: Bilingual,
    /// Why, if the reader may know.
    pub reason: Option<String>,
    /// Where the record is found.
    pub href: String,
}

/// A line of a timeline.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TimelineEntryView {
    /// What it is about.
    #[schema(inline)]
    pub kind: EntryKind,
    /// What happened, as a word: `submit`, `locked`, `verified`, `joined` …
    #[schema(max_length = 60, example = "submit")]
    pub event: String,
    /// When.
    pub at: Timestamp,
    /// Who did it; null when nobody did, or when it is not known any more.
    pub actor: Option<PersonView>,
    /// Whom it concerns: who joined, left or receives; null when it concerns no one person.
    pub subject: Option<PersonView>,
    /// What happened, in a sentence.
    pub summary: LocalizedText,
    /// Why, in words; told to those who may read it on the record.
    #[schema(max_length = 5000)]
    pub reason: Option<String>,
    /// The record's identifier.
    #[schema(format = Uuid, min_length = 36, max_length = 36)]
    pub record_id: String,
    /// Where it is found.
    #[schema(max_length = 200, example = "/v1/plans/0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e")]
    pub href: String,
}
