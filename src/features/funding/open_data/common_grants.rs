//! Rounds and awards in the shapes of the CommonGrants protocol, version 0.5: `OpportunityBase` and `AwardBase`,
//! <https://commongrants.org/protocol/>. What is optional there and not public here is left out.

use serde::Serialize;
use utoipa::ToSchema;

use super::award::{AwardRow, Both, readable};
use crate::{
    features::funding::{
        ids::{FundingRequestId, RoundId},
        requests::RequestStatus,
        rounds::{RoundRow, RoundStatus},
    },
    platform::{clock::Timestamp, money::Money},
};

/// What stands before the opportunities.
pub const HEAD: &str = r#"{"opportunities":["#;
/// What stands between them and the awards.
pub const BETWEEN: &str = r#"],"awards":["#;
/// What stands behind all.
pub const TAIL: &str = "]}";

/// Opportunities and awards.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CommonGrantsPackage {
    /// The rounds.
    #[schema(max_items = 10_000_000)]
    pub opportunities: Vec<CommonGrantsOpportunity>,
    /// The awards.
    #[schema(max_items = 10_000_000)]
    pub awards: Vec<CommonGrantsAward>,
}

/// A status in the words of the protocol.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(rename_all = "camelCase")]
pub struct CommonGrantsStatus {
    /// Of a round `forecasted`, `open` or `closed`; of an award `awarded`, `completed`, `cancelled` or `custom`.
    #[schema(max_length = 20, example = "open")]
    pub value: String,
    /// The status here, which says more.
    #[schema(max_length = 40)]
    pub custom_value: String,
}

/// A round.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(rename_all = "camelCase")]
pub struct CommonGrantsOpportunity {
    /// Its identifier.
    pub id: RoundId,
    /// Its theme.
    #[schema(max_length = 300)]
    pub title: String,
    /// Where it stands.
    pub status: CommonGrantsStatus,
    /// What it is for.
    #[schema(max_length = 5000)]
    pub description: String,
    /// How much is given.
    pub funding: CommonGrantsFunding,
    /// When it opens and closes.
    pub key_dates: CommonGrantsDates,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub last_modified_at: Timestamp,
}

/// How much a round gives.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(rename_all = "camelCase")]
pub struct CommonGrantsFunding {
    /// The least.
    pub min_award_amount: Money,
    /// The most.
    pub max_award_amount: Money,
}

/// The dates of a round.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(rename_all = "camelCase")]
pub struct CommonGrantsDates {
    /// From when it takes requests.
    pub post_date: CommonGrantsEvent,
    /// Until when.
    pub close_date: CommonGrantsEvent,
}

/// A moment with a name.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(rename_all = "camelCase")]
pub struct CommonGrantsEvent {
    /// What it is called.
    #[schema(max_length = 60)]
    pub name: String,
    /// Of which kind it is.
    #[schema(max_length = 20, example = "singleDate")]
    pub event_type: String,
    /// Where the clock stands.
    #[schema(max_length = 60)]
    pub description: String,
    /// The day in Dhaka.
    pub date: chrono::NaiveDate,
    /// The time there.
    #[schema(value_type = String, max_length = 8, pattern = r"^[0-9]{2}:[0-9]{2}:[0-9]{2}$", example = "17:00:00")]
    pub time: String,
}

/// An award.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(rename_all = "camelCase")]
pub struct CommonGrantsAward {
    /// Its identifier, that of the funding request.
    pub id: FundingRequestId,
    /// The title of the pilot.
    #[schema(max_length = 300)]
    pub title: String,
    /// What people call it by.
    pub identifiers: CommonGrantsIdentifiers,
    /// What it is for.
    #[schema(max_length = 5000)]
    pub description: String,
    /// What became of it.
    pub status: CommonGrantsStatus,
    /// How much.
    pub funding: CommonGrantsAwardFunding,
    /// When it was made.
    pub key_dates: CommonGrantsAwardDates,
    /// The round that it was made in.
    pub opportunity: CommonGrantsRef,
    /// The fund that gives it.
    pub funders: CommonGrantsOrganisations,
    /// Who gets it.
    pub recipient_organizations: CommonGrantsOrganisations,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub last_modified_at: Timestamp,
}

/// Identifiers by the register that gave them.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(rename_all = "camelCase")]
pub struct CommonGrantsIdentifiers {
    /// The register of the fund.
    pub other_ids: CommonGrantsReferences,
}

/// What the fund calls it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CommonGrantsReferences {
    /// The reference.
    #[serde(rename = "awd:bd:sif")]
    #[schema(rename = "awd:bd:sif")]
    pub reference: CommonGrantsReference,
}

/// A reference.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CommonGrantsReference {
    /// What people call it by.
    #[schema(max_length = 20, example = "SIF-2026-00042")]
    pub id: String,
}

/// How much was awarded.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(rename_all = "camelCase")]
pub struct CommonGrantsAwardFunding {
    /// The award.
    pub awarded_amount: Money,
}

/// The dates of an award.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(rename_all = "camelCase")]
pub struct CommonGrantsAwardDates {
    /// The decision.
    pub award_date: CommonGrantsEvent,
}

/// A round by its identifier and title.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CommonGrantsRef {
    /// Its identifier.
    pub id: RoundId,
    /// Its title.
    #[schema(max_length = 300)]
    pub title: String,
}

/// Organisations, of which one comes first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CommonGrantsOrganisations {
    /// The one.
    pub primary: CommonGrantsOrganisation,
}

/// An organisation by its identifier and name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CommonGrantsOrganisation {
    /// Its identifier.
    #[schema(format = Uuid, min_length = 36, max_length = 36)]
    pub id: String,
    /// What it is called.
    #[schema(max_length = 300)]
    pub name: String,
}

fn event(name: &str, at: Timestamp) -> CommonGrantsEvent {
    CommonGrantsEvent {
        name: name.to_owned(),
        event_type: "singleDate".to_owned(),
        description: "Asia/Dhaka (UTC+06:00)".to_owned(),
        date: at.day_in_dhaka(),
        time: at.in_dhaka().format("%H:%M:%S").to_string(),
    }
}

fn organisation(id: String, name: &Both) -> CommonGrantsOrganisations {
    CommonGrantsOrganisations { primary: CommonGrantsOrganisation { id, name: readable(name) } }
}

fn status_of_round(status: RoundStatus) -> CommonGrantsStatus {
    let value = match status {
        RoundStatus::Forecast => "forecasted",
        RoundStatus::Open => "open",
        RoundStatus::Closed | RoundStatus::Deciding | RoundStatus::Decided | RoundStatus::Archived => "closed",
    };
    CommonGrantsStatus { value: value.to_owned(), custom_value: status.as_str().to_owned() }
}

fn status_of_award(status: RequestStatus) -> CommonGrantsStatus {
    let value = match status {
        RequestStatus::Awarded | RequestStatus::AgreementSigned => "awarded",
        RequestStatus::Closed => "completed",
        RequestStatus::Terminated => "cancelled",
        _ => "custom",
    };
    CommonGrantsStatus { value: value.to_owned(), custom_value: status.as_str().to_owned() }
}

impl From<&RoundRow> for CommonGrantsOpportunity {
    fn from(row: &RoundRow) -> Self {
        Self {
            id: row.id,
            title: readable(&(row.theme_bn.clone(), row.theme_en.clone())),
            status: status_of_round(row.status),
            description: readable(&(row.description_bn.clone(), row.description_en.clone())),
            funding: CommonGrantsFunding {
                min_award_amount: Money::from_poisha(row.smallest_award),
                max_award_amount: Money::from_poisha(row.largest_award),
            },
            key_dates: CommonGrantsDates {
                post_date: event("Opens", row.opens_at),
                close_date: event("Closes", row.closes_at),
            },
            created_at: row.created_at,
            last_modified_at: row.updated_at,
        }
    }
}

impl From<&AwardRow> for CommonGrantsAward {
    fn from((request, round, pilot, place): &AwardRow) -> Self {
        let awarded_at = request.4.unwrap_or(request.6);
        let (title, purpose) = (readable(&pilot.2), readable(&request.5));
        let reference = request.1.clone().unwrap_or_else(|| request.0.to_string());
        Self {
            id: request.0,
            description: if purpose.is_empty() { title.clone() } else { purpose },
            title,
            identifiers: CommonGrantsIdentifiers {
                other_ids: CommonGrantsReferences { reference: CommonGrantsReference { id: reference } },
            },
            status: status_of_award(request.2),
            funding: CommonGrantsAwardFunding { awarded_amount: Money::from_poisha(request.3.unwrap_or(0)) },
            key_dates: CommonGrantsAwardDates { award_date: event("Awarded", awarded_at) },
            opportunity: CommonGrantsRef { id: round.0, title: readable(&round.2) },
            funders: organisation(round.3.to_string(), &round.4),
            recipient_organizations: organisation(place.0.to_string(), &place.1),
            created_at: awarded_at,
            last_modified_at: request.6,
        }
    }
}
