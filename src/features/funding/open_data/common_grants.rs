//! Rounds and awards in the shapes of the CommonGrants protocol: <https://commongrants.org/>.

use serde::Serialize;
use utoipa::ToSchema;

use super::award::{AwardRow, readable};
use crate::{
    features::funding::rounds::{RoundRow, RoundStatus},
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
    /// `forecasted`, `open`, `closed` or `custom`.
    #[schema(max_length = 20, example = "open")]
    pub value: String,
    /// The status here.
    #[schema(max_length = 40)]
    pub custom_value: String,
}

/// A round.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(rename_all = "camelCase")]
pub struct CommonGrantsOpportunity {
    /// Its identifier.
    #[schema(max_length = 36)]
    pub id: String,
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
    /// The day in Dhaka.
    pub date: chrono::NaiveDate,
    /// The moment.
    pub at: Timestamp,
}

/// An award.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(rename_all = "camelCase")]
pub struct CommonGrantsAward {
    /// Its identifier.
    #[schema(max_length = 36)]
    pub id: String,
    /// What people call it by.
    #[schema(max_length = 20)]
    pub reference: String,
    /// The round that it was made in.
    #[schema(max_length = 36)]
    pub opportunity_id: String,
    /// The title of the pilot.
    #[schema(max_length = 300)]
    pub title: String,
    /// Who gets it.
    #[schema(max_length = 300)]
    pub recipient_name: String,
    /// How much.
    pub amount: Money,
    /// The day in Dhaka.
    pub award_date: chrono::NaiveDate,
    /// What became of it.
    pub status: CommonGrantsStatus,
    /// When it last changed.
    pub last_modified_at: Timestamp,
}

fn event(name: &str, at: Timestamp) -> CommonGrantsEvent {
    CommonGrantsEvent { name: name.to_owned(), event_type: "singleDate".to_owned(), date: at.day_in_dhaka(), at }
}

impl From<&RoundRow> for CommonGrantsOpportunity {
    fn from(row: &RoundRow) -> Self {
        let value = match row.status {
            RoundStatus::Forecast => "forecasted",
            RoundStatus::Open => "open",
            RoundStatus::Closed | RoundStatus::Deciding | RoundStatus::Decided | RoundStatus::Archived => "closed",
        };
        Self {
            id: row.id.to_string(),
            title: readable(&(row.theme_bn.clone(), row.theme_en.clone())),
            status: CommonGrantsStatus { value: value.to_owned(), custom_value: row.status.as_str().to_owned() },
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
    fn from((request, round, pilot, organisation): &AwardRow) -> Self {
        Self {
            id: request.0.to_string(),
            reference: request.1.clone().unwrap_or_default(),
            opportunity_id: round.0.to_string(),
            title: readable(&pilot.2),
            recipient_name: readable(&organisation.1),
            amount: Money::from_poisha(request.3.unwrap_or(0)),
            award_date: request.4.unwrap_or(request.6).day_in_dhaka(),
            status: CommonGrantsStatus { value: "custom".to_owned(), custom_value: request.2.as_str().to_owned() },
            last_modified_at: request.6,
        }
    }
}
