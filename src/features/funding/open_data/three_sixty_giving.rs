//! Awards in the words of the 360Giving data standard, version 1.4: <https://standard.threesixtygiving.org/>.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Number;
use utoipa::ToSchema;

use super::award::{AwardRow, Both, readable};
use crate::platform::{clock::Timestamp, error::AppError, money::Money};

/// Before every identifier, so that it is one of its kind in the world.
const PREFIX: &str = "360G-bd-a2i";
/// What a2i has for an identifier there.
const FUNDER: &str = "360G-bd-a2i-org:a2i";
/// Who publishes.
const PUBLISHER: &str = "a2i Innovation Lab";
/// What it may be used under.
const LICENSE: &str = "https://creativecommons.org/licenses/by/4.0/";

/// What stands before the grants of a package.
///
/// # Errors
/// A fault of ours.
pub fn head(issued: NaiveDate) -> Result<String, AppError> {
    let publisher = ThreeSixtyGivingPublisher { identifier: FUNDER.to_owned(), name: PUBLISHER.to_owned() };
    let publisher = serde_json::to_string(&publisher).map_err(AppError::internal)?;
    Ok(format!(r#"{{"version":"1.4","license":"{LICENSE}","issued":"{issued}","publisher":{publisher},"grants":["#))
}

/// What stands behind them.
pub const TAIL: &str = "]}";

/// A package of grants.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(rename_all = "camelCase")]
pub struct ThreeSixtyGivingPackage {
    /// Of the standard.
    #[schema(max_length = 10, example = "1.4")]
    pub version: String,
    /// What it may be used under.
    #[schema(max_length = 200)]
    pub license: String,
    /// The day of the export.
    pub issued: NaiveDate,
    /// Who publishes.
    pub publisher: ThreeSixtyGivingPublisher,
    /// The grants; no page is too long for the stream.
    #[schema(max_items = 10_000_000)]
    pub grants: Vec<ThreeSixtyGivingGrant>,
}

/// Who publishes.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ThreeSixtyGivingPublisher {
    /// Its identifier.
    #[schema(max_length = 200)]
    pub identifier: String,
    /// What it is called.
    #[schema(max_length = 300)]
    pub name: String,
}

/// An organisation by its identifier and name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrganizationRef {
    /// Its identifier.
    #[schema(max_length = 200)]
    pub id: String,
    /// What it is called.
    #[schema(max_length = 300)]
    pub name: String,
}

/// A grant.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(rename_all = "camelCase")]
pub struct ThreeSixtyGivingGrant {
    /// One of its kind in the world.
    #[schema(max_length = 200, example = "360G-bd-a2i-SIF-2026-00042")]
    pub id: String,
    /// The title of the pilot.
    #[schema(max_length = 300)]
    pub title: String,
    /// What it is for.
    #[schema(max_length = 5000)]
    pub description: String,
    /// ISO 4217.
    #[schema(max_length = 3, example = "BDT")]
    pub currency: String,
    /// A number, as the standard asks for it: taka with up to two decimals.
    #[schema(value_type = f64, minimum = 0, example = 125000)]
    pub amount_awarded: Number,
    /// The day in Dhaka.
    pub award_date: NaiveDate,
    /// Who gets it.
    #[schema(max_items = 1)]
    pub recipient_organization: Vec<OrganizationRef>,
    /// Who gives it.
    #[schema(max_items = 1)]
    pub funding_organization: Vec<OrganizationRef>,
    /// Where it helps.
    #[schema(max_items = 64)]
    pub beneficiary_location: Vec<ThreeSixtyGivingLocation>,
    /// `Yes`: rounds are open to every pilot.
    #[schema(max_length = 3, example = "Yes")]
    pub from_open_call: String,
    /// Out of which fund and round.
    #[schema(max_items = 1)]
    pub grant_programme: Vec<ThreeSixtyGivingProgramme>,
    /// When it last changed.
    pub date_modified: Timestamp,
}

/// A place.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(rename_all = "camelCase")]
pub struct ThreeSixtyGivingLocation {
    /// What it is called.
    #[schema(max_length = 200)]
    pub name: String,
    /// ISO 3166-1.
    #[schema(max_length = 2, example = "BD")]
    pub country_code: String,
    /// ISO 3166-2.
    #[schema(max_length = 10, example = "BD-28")]
    pub geo_code: String,
    /// Of which kind the code is.
    #[schema(max_length = 20, example = "ISO3166-2")]
    pub geo_code_type: String,
}

/// A programme that grants come out of.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ThreeSixtyGivingProgramme {
    /// The round.
    #[schema(max_length = 60)]
    pub code: String,
    /// Fund, number and theme.
    #[schema(max_length = 600)]
    pub title: String,
    /// The same.
    #[schema(max_length = 600)]
    pub description: String,
}

impl ThreeSixtyGivingGrant {
    /// An award in these words.
    ///
    /// # Errors
    /// A fault of ours.
    pub fn new(
        (request, round, pilot, organisation): &AwardRow,
        districts: &HashMap<String, Both>,
    ) -> Result<Self, AppError> {
        let title = readable(&pilot.2);
        let purpose = readable(&request.5);
        let amount = Money::from_poisha(request.3.unwrap_or(0)).amount;
        let theme = readable(&round.2);
        let place = |code: &String| ThreeSixtyGivingLocation {
            name: districts.get(code).map_or_else(|| code.clone(), readable),
            country_code: "BD".to_owned(),
            geo_code: code.clone(),
            geo_code_type: "ISO3166-2".to_owned(),
        };
        Ok(Self {
            id: format!("{PREFIX}-{}", request.1.clone().unwrap_or_else(|| request.0.to_string())),
            description: if purpose.is_empty() { title.clone() } else { purpose },
            title,
            currency: "BDT".to_owned(),
            // Every sum of ours has fewer digits than such a number keeps.
            amount_awarded: serde_json::from_str(&amount).map_err(AppError::internal)?,
            award_date: request.4.unwrap_or(request.6).day_in_dhaka(),
            recipient_organization: vec![OrganizationRef {
                id: format!("{PREFIX}-org:{}", organisation.0),
                name: readable(&organisation.1),
            }],
            funding_organization: vec![OrganizationRef { id: FUNDER.to_owned(), name: PUBLISHER.to_owned() }],
            beneficiary_location: pilot.3.iter().map(place).collect(),
            from_open_call: "Yes".to_owned(),
            grant_programme: vec![ThreeSixtyGivingProgramme {
                code: round.0.to_string(),
                title: format!("{}, round {}", readable(&round.4), round.1),
                description: theme,
            }],
            date_modified: request.6,
        })
    }
}
