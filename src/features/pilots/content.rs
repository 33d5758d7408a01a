//! What a team writes of its pilot: the body of `create_pilot`, and what a merge patch changes.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::rows::PilotRow;
use crate::platform::{
    ids::ServiceId,
    text::{ProseInput, TitleInput},
    text_enum::text_enum,
    web::body::some_language,
};

text_enum! {
    /// Where an idea came from.
    Origin {
        /// A secret shopper's visit.
        EmpathyVisit = "empathy_visit",
        /// What citizens said.
        CitizenFeedback = "citizen_feedback",
        /// An Innovation Circle.
        Circle = "circle",
        /// A training.
        Training = "training",
        /// Another pilot, done again elsewhere.
        Replication = "replication",
        /// The officer's own.
        OwnIdea = "own_idea",
    }
}

text_enum! {
    /// Groups that services often fail to reach.
    Underserved {
        /// Women.
        Women = "women",
        /// Children.
        Children = "children",
        /// Older people.
        OlderPeople = "older_people",
        /// Persons with disabilities.
        PersonsWithDisabilities = "persons_with_disabilities",
        /// The rural poor.
        RuralPoor = "rural_poor",
        /// Ethnic minorities.
        EthnicMinorities = "ethnic_minorities",
        /// Migrants.
        Migrants = "migrants",
    }
}

/// A pilot as its team writes it. A draft needs a title; the rest is asked for on `submit`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "title": {"bn": "পশু স্বাস্থ্য শিবির", "en": "Animal Health Camp"},
    "problem": {"bn": "খামারিদের অসুস্থ পশু নিয়ে দূরে যেতে হয়।", "en": "Farmers have to take sick animals far."},
    "proposed_change": {"bn": "গ্রামে মাসিক শিবির।", "en": "A monthly camp in the village."},
    "citizen_group": {"bn": "ক্ষুদ্র খামারি", "en": "Small farmers"},
    "underserved": ["rural_poor"], "districts": ["BD-28"], "sdg_targets": ["2.3"], "tags": ["livestock"], "origin": "empathy_visit"
}))]
pub struct PilotContent {
    /// A title in at least one language; both before publication.
    #[validate(custom(function = "some_language"))]
    pub title: TitleInput,
    /// What it is about, for the public.
    #[serde(default)]
    #[validate(custom(function = "some_language"))]
    pub summary: Option<ProseInput>,
    /// What is wrong today.
    #[serde(default)]
    #[validate(custom(function = "some_language"))]
    pub problem: Option<ProseInput>,
    /// What will be done differently.
    #[serde(default)]
    #[validate(custom(function = "some_language"))]
    pub proposed_change: Option<ProseInput>,
    /// Which citizens it is for.
    #[serde(default)]
    #[validate(custom(function = "some_language"))]
    pub citizen_group: Option<TitleInput>,
    /// Which of them services often fail to reach.
    #[serde(default)]
    #[schema(inline, max_items = 7)]
    pub underserved: Vec<Underserved>,
    /// The public service that is improved.
    #[serde(default)]
    pub service_id: Option<ServiceId>,
    /// The sector; that of the service unless given.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 60)]
    pub sector_code: Option<String>,
    /// Where: ISO 3166-2:BD codes of districts.
    #[serde(default)]
    #[schema(max_items = 64, value_type = Vec<DistrictCode>, inline)]
    pub districts: Vec<String>,
    /// Where more closely: codes of upazilas, each in one of the districts.
    #[serde(default)]
    #[schema(max_items = 100, value_type = Vec<UpazilaCode>, inline)]
    pub upazilas: Vec<String>,
    /// SDG targets it serves, such as `2.3`.
    #[serde(default)]
    #[schema(max_items = 20, value_type = Vec<SdgTargetCode>, inline)]
    pub sdg_targets: Vec<String>,
    /// Free words to find it by.
    #[serde(default)]
    #[schema(max_items = 20, value_type = Vec<Tag>, inline)]
    pub tags: Vec<String>,
    /// Where the idea came from.
    #[serde(default = "own_idea")]
    #[schema(inline, default = "own_idea")]
    pub origin: Origin,
}

/// ISO 3166-2:BD.
#[derive(ToSchema)]
#[schema(value_type = String, pattern = "^BD-[0-9]{2}$", min_length = 5, max_length = 5, example = "BD-28")]
#[expect(dead_code, reason = "describes the items of a list to the OpenAPI document")]
pub struct DistrictCode(String);

/// The code of an upazila, best the geocode of the Bureau of Statistics.
#[derive(ToSchema)]
#[schema(value_type = String, pattern = "^[A-Za-z0-9][A-Za-z0-9._-]*$", min_length = 2, max_length = 20, example = "302672")]
#[expect(dead_code, reason = "describes the items of a list to the OpenAPI document")]
pub struct UpazilaCode(String);

/// The number of an SDG target.
#[derive(ToSchema)]
#[schema(value_type = String, pattern = "^[0-9]{1,2}\\.[0-9a-d]{1,2}$", min_length = 3, max_length = 5, example = "2.3")]
#[expect(dead_code, reason = "describes the items of a list to the OpenAPI document")]
pub struct SdgTargetCode(String);

/// One word or a few, without spaces at its ends.
#[derive(ToSchema)]
#[schema(value_type = String, pattern = r"^\S(.*\S)?$", min_length = 1, max_length = 50, example = "livestock")]
#[expect(dead_code, reason = "describes the items of a list to the OpenAPI document")]
pub struct Tag(String);

const fn own_idea() -> Origin {
    Origin::OwnIdea
}

/// Changes to a pilot (RFC 7396): what is absent stays, null empties.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "describes the members of a merge patch; the merged record is read as PilotContent")]
#[schema(example = json!({"summary": {"en": "Camps bring the veterinarian to the village."}, "tags": ["livestock", "camp"]}))]
pub struct PilotPatch {
    #[schema(nullable = false)]
    title: Option<TitleInput>,
    summary: Option<ProseInput>,
    problem: Option<ProseInput>,
    proposed_change: Option<ProseInput>,
    citizen_group: Option<TitleInput>,
    #[schema(inline, max_items = 7)]
    underserved: Option<Vec<Underserved>>,
    service_id: Option<ServiceId>,
    #[schema(min_length = 1, max_length = 60)]
    sector_code: Option<String>,
    #[schema(max_items = 64, value_type = Option<Vec<DistrictCode>>, inline)]
    districts: Option<Vec<String>>,
    #[schema(max_items = 100, value_type = Option<Vec<UpazilaCode>>, inline)]
    upazilas: Option<Vec<String>>,
    #[schema(max_items = 20, value_type = Option<Vec<SdgTargetCode>>, inline)]
    sdg_targets: Option<Vec<String>>,
    #[schema(max_items = 20, value_type = Option<Vec<Tag>>, inline)]
    tags: Option<Vec<String>>,
    #[schema(inline)]
    origin: Option<Origin>,
}

impl PilotContent {
    /// The content of a stored pilot, to be patched.
    pub fn of(row: &PilotRow) -> Self {
        let prose = |bn: &Option<String>, en: &Option<String>| {
            (bn.is_some() || en.is_some()).then(|| ProseInput { bn: bn.clone(), en: en.clone() })
        };
        Self {
            title: TitleInput { bn: row.title_bn.clone(), en: row.title_en.clone() },
            summary: prose(&row.summary_bn, &row.summary_en),
            problem: prose(&row.problem_bn, &row.problem_en),
            proposed_change: prose(&row.proposed_change_bn, &row.proposed_change_en),
            citizen_group: (row.citizen_group_bn.is_some() || row.citizen_group_en.is_some())
                .then(|| TitleInput { bn: row.citizen_group_bn.clone(), en: row.citizen_group_en.clone() }),
            underserved: row.underserved.to_vec(),
            service_id: row.service_id,
            sector_code: row.sector_code.clone(),
            districts: row.districts.to_vec(),
            upazilas: row.upazilas.to_vec(),
            sdg_targets: row.sdg_targets.to_vec(),
            tags: row.tags.to_vec(),
            origin: row.origin,
        }
    }
}
