//! The pilot as it is stored.

use chrono::NaiveDate;
use diesel::{AsChangeset, Identifiable, Insertable, Queryable, Selectable};
use serde::Serialize;

use super::{
    PilotId,
    content::{Origin, Underserved},
    status::{Phase, PilotStatus},
};
use crate::platform::{
    clock::Timestamp,
    db::{json_list::JsonList, schema::pilots},
    ids::{OrganisationId, ServiceId, UserId},
    text_enum::text_enum,
};

text_enum! {
    /// A person's place in a team.
    MemberRole {
        /// Whose pilot it is.
        Owner = "owner",
        /// Stands in for the owner.
        Deputy = "deputy",
        /// Works along.
        Member = "member",
    }
}

/// A pilot. `Serialize` is for the audit digest alone.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset, Identifiable, Serialize)]
#[diesel(table_name = pilots, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct PilotRow {
    /// Its identifier.
    pub id: PilotId,
    /// `PIL-2026-00042`, given on the first submit.
    pub reference: Option<String>,
    /// Title.
    pub title_bn: Option<String>,
    /// Title.
    pub title_en: Option<String>,
    /// Summary.
    pub summary_bn: Option<String>,
    /// Summary.
    pub summary_en: Option<String>,
    /// The problem.
    pub problem_bn: Option<String>,
    /// The problem.
    pub problem_en: Option<String>,
    /// What is to change.
    pub proposed_change_bn: Option<String>,
    /// What is to change.
    pub proposed_change_en: Option<String>,
    /// For which citizens.
    pub citizen_group_bn: Option<String>,
    /// For which citizens.
    pub citizen_group_en: Option<String>,
    /// Which of them are underserved.
    pub underserved: JsonList<Underserved>,
    /// The service that is improved.
    pub service_id: Option<ServiceId>,
    /// Its sector.
    pub sector_code: Option<String>,
    /// ISO 3166-2:BD codes.
    pub districts: JsonList<String>,
    /// SDG target codes.
    pub sdg_targets: JsonList<String>,
    /// Free words.
    pub tags: JsonList<String>,
    /// Where the idea came from.
    pub origin: Origin,
    /// Whose it is.
    pub owner_id: UserId,
    /// Who stands in.
    pub deputy_id: Option<UserId>,
    /// The owner's organisation when it was created.
    pub organisation_id: OrganisationId,
    /// The phase of `status`, kept for filters.
    pub phase: Phase,
    /// Where it stands.
    pub status: PilotStatus,
    /// Accepted once: every logged-in user sees it.
    pub is_listed: bool,
    /// Published: anyone sees it.
    pub is_public: bool,
    /// Who screens or screened it.
    pub screener_id: Option<UserId>,
    /// Until when requested changes are due.
    pub changes_due_on: Option<NaiveDate>,
    /// When a pause is looked at again.
    pub review_on: Option<NaiveDate>,
    /// The pilot it goes on in.
    pub merged_into_id: Option<PilotId>,
    /// What an early end taught.
    pub lessons: Option<String>,
    /// First submitted.
    pub submitted_at: Option<Timestamp>,
    /// First screened.
    pub screening_at: Option<Timestamp>,
    /// Accepted: this is what "initiated" counts.
    pub initiated_at: Option<Timestamp>,
    /// Gate 1 passed.
    pub execution_at: Option<Timestamp>,
    /// Gate 2 passed.
    pub completed_at: Option<Timestamp>,
    /// Rejected, merged, withdrawn or discontinued.
    pub ended_at: Option<Timestamp>,
    /// First published.
    pub published_at: Option<Timestamp>,
    /// Counts changes.
    pub version: i64,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Codes of upazilas within its districts.
    pub upazilas: JsonList<String>,
}

impl PilotRow {
    /// Whether both languages of title and summary are there, as publication needs.
    pub const fn is_fit_for_publication(&self) -> bool {
        self.title_bn.is_some() && self.title_en.is_some() && self.summary_bn.is_some() && self.summary_en.is_some()
    }
}
