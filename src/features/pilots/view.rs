//! How a pilot is shown.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Facts, PilotId, actions,
    content::{Origin, Underserved},
    merged::Survivor,
    rows::PilotRow,
    status::{Phase, PilotStatus},
};
use crate::features::duplicates::PossibleDuplicateView;
use crate::platform::{
    auth::Standing,
    clock::Timestamp,
    ids::{OrganisationId, ServiceId, UserId},
    text::LocalizedText,
    text_enum::text_enum,
};

text_enum! {
    /// Who sees a record.
    Visibility {
        /// Its team and staff.
        Team = "team",
        /// Every logged-in person.
        Officials = "officials",
        /// Anyone.
        Public = "public",
    }
}

/// A person by name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PersonView {
    /// Their identifier.
    pub id: UserId,
    /// Their name.
    pub name: LocalizedText,
}

/// A pilot.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PilotView {
    /// Its identifier.
    pub id: PilotId,
    /// What people call it by; null until it is first submitted.
    #[schema(max_length = 20, pattern = "^PIL-[0-9]{4}-[0-9]{5,}$", example = "PIL-2026-00042")]
    pub reference: Option<String>,
    /// Title.
    pub title: LocalizedText,
    /// What it is about, for the public.
    pub summary: LocalizedText,
    /// What is wrong today.
    pub problem: LocalizedText,
    /// What will be done differently.
    pub proposed_change: LocalizedText,
    /// Which citizens it is for.
    pub citizen_group: LocalizedText,
    /// Which of them services often fail to reach.
    #[schema(inline, max_items = 7)]
    pub underserved: Vec<Underserved>,
    /// The public service that is improved.
    pub service_id: Option<ServiceId>,
    /// The sector.
    #[schema(max_length = 60, example = "livestock_fisheries")]
    pub sector_code: Option<String>,
    /// ISO 3166-2:BD codes of districts.
    #[schema(max_items = 64)]
    pub districts: Vec<String>,
    /// Codes of upazilas within them.
    #[schema(max_items = 100)]
    pub upazilas: Vec<String>,
    /// SDG target codes.
    #[schema(max_items = 20)]
    pub sdg_targets: Vec<String>,
    /// Free words.
    #[schema(max_items = 20)]
    pub tags: Vec<String>,
    /// Where the idea came from.
    #[schema(inline)]
    pub origin: Origin,
    /// Whose it is.
    pub owner: PersonView,
    /// Who stands in for the owner.
    pub deputy: Option<PersonView>,
    /// The owner's organisation.
    pub organisation_id: OrganisationId,
    /// The phase of the programme.
    #[schema(inline)]
    pub phase: Phase,
    /// Where it stands.
    #[schema(inline)]
    pub status: PilotStatus,
    /// Who sees it.
    #[schema(inline)]
    pub visibility: Visibility,
    /// Who screens it; shown to logged-in people.
    pub screener_id: Option<UserId>,
    /// Until when requested changes are due.
    pub changes_due_on: Option<NaiveDate>,
    /// When a pause is looked at again.
    pub review_on: Option<NaiveDate>,
    /// The pilot it goes on in; null also for those who may not see that one.
    pub merged_into_id: Option<PilotId>,
    /// Whether that pilot has been rejected, withdrawn or discontinued since.
    pub merged_into_ended: bool,
    /// How many people stand behind it.
    #[schema(minimum = 0)]
    pub supporter_count: i64,
    /// Similar pilots that are not decided upon yet, for its team and for staff, as far as they may see them; they
    /// have to be dismissed before it is accepted.
    #[schema(max_items = 10)]
    pub possible_duplicates: Vec<PossibleDuplicateView>,
    /// What an early end taught.
    #[schema(max_length = 5000)]
    pub lessons: Option<String>,
    /// First submitted.
    pub submitted_at: Option<Timestamp>,
    /// First screened.
    pub screening_at: Option<Timestamp>,
    /// Accepted into the programme: what "initiated" counts.
    pub initiated_at: Option<Timestamp>,
    /// Gate 1 passed.
    pub execution_at: Option<Timestamp>,
    /// Gate 2 passed.
    pub completed_at: Option<Timestamp>,
    /// Rejected, merged, withdrawn or discontinued.
    pub ended_at: Option<Timestamp>,
    /// First published.
    pub published_at: Option<Timestamp>,
    /// What the caller may do to it now; `…/actions` explains the rest.
    #[schema(max_items = 50)]
    pub allowed_actions: Vec<String>,
    /// Counts changes; the `ETag`.
    #[schema(minimum = 1)]
    pub version: i64,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A pilot in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PilotSummaryView {
    /// Its identifier.
    pub id: PilotId,
    /// What people call it by; null until it is first submitted.
    #[schema(max_length = 20, pattern = "^PIL-[0-9]{4}-[0-9]{5,}$", example = "PIL-2026-00042")]
    pub reference: Option<String>,
    /// Title.
    pub title: LocalizedText,
    /// What it is about.
    pub summary: LocalizedText,
    /// The public service that is improved.
    pub service_id: Option<ServiceId>,
    /// The sector.
    #[schema(max_length = 60, example = "livestock_fisheries")]
    pub sector_code: Option<String>,
    /// ISO 3166-2:BD codes of districts.
    #[schema(max_items = 64)]
    pub districts: Vec<String>,
    /// Codes of upazilas within them.
    #[schema(max_items = 100)]
    pub upazilas: Vec<String>,
    /// SDG target codes.
    #[schema(max_items = 20)]
    pub sdg_targets: Vec<String>,
    /// Free words.
    #[schema(max_items = 20)]
    pub tags: Vec<String>,
    /// Whose it is.
    pub owner: PersonView,
    /// The owner's organisation.
    pub organisation_id: OrganisationId,
    /// The phase of the programme.
    #[schema(inline)]
    pub phase: Phase,
    /// Where it stands.
    #[schema(inline)]
    pub status: PilotStatus,
    /// Who sees it.
    #[schema(inline)]
    pub visibility: Visibility,
    /// Accepted into the programme.
    pub initiated_at: Option<Timestamp>,
    /// Counts changes.
    #[schema(minimum = 1)]
    pub version: i64,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Visibility {
    /// Of a pilot.
    pub const fn of(is_listed: bool, is_public: bool) -> Self {
        match (is_listed, is_public) {
            (_, true) => Self::Public,
            (true, false) => Self::Officials,
            (false, false) => Self::Team,
        }
    }
}

/// What is shown with a pilot besides its row.
pub struct Shown {
    /// The owner's name.
    pub owner: LocalizedText,
    /// The deputy's.
    pub deputy: Option<LocalizedText>,
    /// Where a merged pilot goes on, for a reader who may know it.
    pub survivor: Option<Survivor>,
    /// How many supporters.
    pub supporters: i64,
    /// Similar pilots, as far as the reader may know of them.
    pub possible_duplicates: Vec<PossibleDuplicateView>,
    /// What actions ask besides the row.
    pub facts: Facts,
}

impl PilotView {
    /// The pilot as a caller of this standing sees it.
    pub fn new(row: PilotRow, shown: Shown, standing: &Standing) -> Self {
        Self {
            allowed_actions: actions::allowed(&row, standing, &shown.facts),
            visibility: Visibility::of(row.is_listed, row.is_public),
            id: row.id,
            reference: row.reference,
            title: LocalizedText::new(row.title_bn, row.title_en),
            summary: LocalizedText::new(row.summary_bn, row.summary_en),
            problem: LocalizedText::new(row.problem_bn, row.problem_en),
            proposed_change: LocalizedText::new(row.proposed_change_bn, row.proposed_change_en),
            citizen_group: LocalizedText::new(row.citizen_group_bn, row.citizen_group_en),
            underserved: row.underserved.to_vec(),
            service_id: row.service_id,
            sector_code: row.sector_code,
            districts: row.districts.to_vec(),
            upazilas: row.upazilas.to_vec(),
            sdg_targets: row.sdg_targets.to_vec(),
            tags: row.tags.to_vec(),
            origin: row.origin,
            owner: PersonView { id: row.owner_id, name: shown.owner },
            deputy: row.deputy_id.zip(shown.deputy).map(|(id, name)| PersonView { id, name }),
            organisation_id: row.organisation_id,
            phase: row.phase,
            status: row.status,
            screener_id: row.screener_id.filter(|_| standing.logged_in),
            changes_due_on: row.changes_due_on,
            review_on: row.review_on,
            merged_into_id: shown.survivor.map(|survivor| survivor.id),
            merged_into_ended: shown.survivor.is_some_and(|survivor| survivor.has_ended),
            supporter_count: shown.supporters,
            possible_duplicates: shown.possible_duplicates,
            lessons: row.lessons,
            submitted_at: row.submitted_at,
            screening_at: row.screening_at,
            initiated_at: row.initiated_at,
            execution_at: row.execution_at,
            completed_at: row.completed_at,
            ended_at: row.ended_at,
            published_at: row.published_at,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}
