//! What a list of pilots can be narrowed to, and its orders.

use utoipa::openapi::{RefOr, Schema};

use crate::{
    features::pilots::status::{Phase, PilotStatus},
    platform::{
        clock::Timestamp,
        ids::{OrganisationId, ServiceId, UserId},
        text::search_words,
        web::{page_query, query::one_of},
    },
};

page_query! {
    /// Which pilots, in which order.
    ListPilotsQuery {
        /// In these phases.
        #[param(inline, min_items = 1, max_items = 3)]
        phase: Option<Vec<Phase>>,
        /// With these statuses.
        #[param(inline, min_items = 1, max_items = 12)]
        status: Option<Vec<PilotStatus>>,
        /// Of this sector.
        #[param(min_length = 1, max_length = 60)]
        sector_code: Option<String>,
        /// For this public service.
        #[param(inline)]
        service_id: Option<ServiceId>,
        /// In this district (ISO 3166-2:BD).
        #[param(min_length = 5, max_length = 5)]
        district_code: Option<String>,
        /// In this upazila.
        #[param(min_length = 2, max_length = 20)]
        upazila_code: Option<String>,
        /// In this division (ISO 3166-2:BD).
        #[param(min_length = 4, max_length = 4)]
        division_code: Option<String>,
        /// Of this organisation or one below it.
        #[param(inline)]
        organisation_id: Option<OrganisationId>,
        /// Of this owner.
        #[param(inline)]
        owner_id: Option<UserId>,
        /// With this person in the team, as owner, deputy or member. Needs a login.
        #[param(inline)]
        member_id: Option<UserId>,
        /// Serving this SDG, such as `2`.
        #[param(min_length = 1, max_length = 2)]
        sdg_goal: Option<String>,
        /// Serving this SDG target, such as `2.3`.
        #[param(min_length = 3, max_length = 5)]
        sdg_target: Option<String>,
        /// With this tag.
        #[param(min_length = 1, max_length = 50)]
        tag: Option<String>,
        /// Created at or after this instant.
        #[param(value_type = Option<String>, format = DateTime, max_length = 40)]
        created_at_gte: Option<String>,
        /// Created before this instant.
        #[param(value_type = Option<String>, format = DateTime, max_length = 40)]
        created_at_lt: Option<String>,
        /// Changed at or after this instant.
        #[param(value_type = Option<String>, format = DateTime, max_length = 40)]
        updated_at_gte: Option<String>,
        /// Changed before this instant.
        #[param(value_type = Option<String>, format = DateTime, max_length = 40)]
        updated_at_lt: Option<String>,
        /// Words to find, in Bangla or English.
        #[param(min_length = 1, max_length = 200)]
        q: Option<String>,
        /// The order.
        #[param(schema_with = orders)]
        sort: Option<String>,
    }
}

fn orders() -> RefOr<Schema> {
    one_of(
        &["-created_at", "created_at", "-updated_at", "updated_at"],
        "-created_at",
        "The order; a minus is: the latest first.",
    )
}

/// An order: by creation, which is the order of the ids, or by last change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// By last change.
    pub by_update: bool,
    /// The latest first.
    pub descending: bool,
}

impl Default for Sort {
    fn default() -> Self {
        Self { by_update: false, descending: true }
    }
}

/// The filters in the form in which the queries use them.
#[derive(Clone, Debug, Default)]
pub struct Filters {
    /// Any of these; all when empty.
    pub phases: Vec<Phase>,
    /// Any of these; all when empty.
    pub statuses: Vec<PilotStatus>,
    /// All of these `(kind, value)` pairs of `pilot_facets`.
    pub facets: Vec<(&'static str, String)>,
    /// Ids from here on: `created_at_gte` in the form of a UUIDv7.
    pub first_id: Option<String>,
    /// Ids before this one: `created_at_lt`.
    pub end_id: Option<String>,
    /// Changed at or after.
    pub updated_from: Option<Timestamp>,
    /// Changed before.
    pub updated_before: Option<Timestamp>,
    /// All of these words, the last one perhaps only begun.
    pub words: Vec<String>,
    /// The order.
    pub sort: Sort,
}

impl Filters {
    /// From the query; `None` when `q` holds no word at all.
    pub fn new(query: &ListPilotsQuery) -> Option<Self> {
        let words = query.q.as_deref().map(search_words).unwrap_or_default();
        if query.q.is_some() && words.is_empty() {
            return None;
        }
        let instant = |text: &Option<String>| text.as_deref().and_then(Timestamp::parse);
        let facets = [
            ("service", query.service_id.map(|id| id.to_string())),
            ("owner", query.owner_id.map(|id| id.to_string())),
            ("member", query.member_id.map(|id| id.to_string())),
            ("tag", query.tag.as_ref().map(|tag| tag.to_lowercase())),
            ("upazila", query.upazila_code.clone()),
            ("organisation", query.organisation_id.map(|id| id.to_string())),
            ("sdg_target", query.sdg_target.clone()),
            ("district", query.district_code.clone()),
            ("sector", query.sector_code.clone()),
            ("sdg_goal", query.sdg_goal.clone()),
            ("division", query.division_code.clone()),
        ];
        let sort = query.sort.as_deref().unwrap_or("-created_at");
        Some(Self {
            phases: distinct(query.phase.as_deref().unwrap_or_default()),
            statuses: distinct(query.status.as_deref().unwrap_or_default()),
            // The rarer kind first: the first facet is the one whose index is read.
            facets: facets.into_iter().filter_map(|(kind, value)| value.map(|value| (kind, value))).collect(),
            first_id: instant(&query.created_at_gte).map(first_id_of),
            end_id: instant(&query.created_at_lt).map(first_id_of),
            updated_from: instant(&query.updated_at_gte),
            updated_before: instant(&query.updated_at_lt),
            words,
            sort: Sort { by_update: sort.ends_with("updated_at"), descending: sort.starts_with('-') },
        })
    }
}

fn distinct<T: Copy + Ord>(values: &[T]) -> Vec<T> {
    let mut values = values.to_vec();
    values.sort_unstable();
    values.dedup();
    values
}

/// The smallest UUIDv7 of a millisecond: the order of the ids is that of creation.
fn first_id_of(at: Timestamp) -> String {
    let millis = u64::try_from(at.millis()).unwrap_or(0) & 0xffff_ffff_ffff;
    uuid::Uuid::from_u128(u128::from(millis) << 80).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::clock::Clock;

    #[test]
    fn an_instant_parts_the_ids_made_before_from_those_made_after() {
        let at = Timestamp::from_millis(1_700_000_000_123);
        let clock = Clock::fixed(at);
        let border = first_id_of(at);
        assert!(clock.new_uuid(Timestamp::from_millis(at.millis() - 1)).to_string() < border);
        assert!(clock.new_uuid(at).to_string() >= border);
    }

    #[test]
    fn a_search_for_nothing_finds_nothing_rather_than_everything() {
        assert!(Filters::new(&ListPilotsQuery { q: Some("।।".into()), ..ListPilotsQuery::default() }).is_none());
        assert!(Filters::new(&ListPilotsQuery::default()).is_some());
    }
}
