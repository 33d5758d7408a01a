//! What is public of an award: released, and not lapsed.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::{ExpressionMethods, JoinOnDsl, QueryDsl, RunQueryDsl};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    features::{
        funding::{
            ids::{FundId, FundingRequestId, RoundId},
            requests::RequestStatus,
        },
        pilots::PilotId,
    },
    platform::{
        clock::Timestamp,
        db::{
            DbConnection,
            json_list::JsonList,
            schema::{codes, funding_requests, funding_rounds, funds, organisations, pilots},
        },
        error::AppError,
        ids::OrganisationId,
        money::Money,
        text::LocalizedText,
    },
};

/// Where a request stands that has an award.
pub const AWARDED: &[RequestStatus] = &[
    RequestStatus::Awarded,
    RequestStatus::AgreementSigned,
    RequestStatus::Active,
    RequestStatus::Suspended,
    RequestStatus::Closing,
    RequestStatus::Closed,
    RequestStatus::Terminated,
];

/// Which awards.
#[derive(Clone, Copy, Debug, Default)]
pub struct Which {
    /// Those of this fund.
    pub fund: Option<FundId>,
    /// Those of this round.
    pub round: Option<RoundId>,
}

/// A text in Bangla and English.
pub type Both = (Option<String>, Option<String>);

/// An award with what it hangs on, as one statement reads it.
pub type AwardRow = (OfRequest, OfRound, OfPilot, OfOrganisation);
/// Identifier, reference, status, poisha, when, what for, last change.
pub type OfRequest = (FundingRequestId, Option<String>, RequestStatus, Option<i64>, Option<Timestamp>, Both, Timestamp);
/// Identifier, number, theme; the fund and its name.
pub type OfRound = (RoundId, i32, Both, FundId, Both);
/// Identifier, reference, title, districts.
pub type OfPilot = (PilotId, Option<String>, Both, JsonList<String>);
/// Identifier and name.
pub type OfOrganisation = (OrganisationId, Both);

/// A page of awards, the latest requests first.
///
/// # Errors
/// Those of the database.
pub fn page(
    connection: &mut DbConnection,
    which: Which,
    after: Option<String>,
    most: i64,
) -> diesel::QueryResult<Vec<AwardRow>> {
    let mut rows = funding_requests::table
        .inner_join(funding_rounds::table)
        .inner_join(pilots::table)
        .inner_join(funds::table.on(funds::id.eq(funding_requests::fund_id)))
        .inner_join(organisations::table.on(organisations::id.eq(pilots::organisation_id)))
        .filter(funding_rounds::released_at.is_not_null())
        .filter(funding_requests::status.eq_any(AWARDED))
        .order(funding_requests::id.desc())
        .limit(most)
        .select((
            (
                funding_requests::id,
                funding_requests::reference,
                funding_requests::status,
                funding_requests::awarded,
                funding_requests::awarded_at,
                (funding_requests::purpose_bn, funding_requests::purpose_en),
                funding_requests::updated_at,
            ),
            (
                funding_rounds::id,
                funding_rounds::number,
                (funding_rounds::theme_bn, funding_rounds::theme_en),
                funds::id,
                (funds::name_bn, funds::name_en),
            ),
            (pilots::id, pilots::reference, (pilots::title_bn, pilots::title_en), pilots::districts),
            (organisations::id, (organisations::name_bn, organisations::name_en)),
        ))
        .into_boxed();
    if let Some(fund) = which.fund {
        rows = rows.filter(funding_requests::fund_id.eq(fund));
    }
    if let Some(round) = which.round {
        rows = rows.filter(funding_requests::round_id.eq(round));
    }
    if let Some(after) = after {
        rows = rows.filter(funding_requests::id.lt(after));
    }
    rows.load(connection)
}

/// What the districts are called, by their codes: 64 of them.
///
/// # Errors
/// Those of the database.
pub fn district_names(connection: &mut DbConnection) -> Result<HashMap<String, Both>, AppError> {
    let names: Vec<(String, Both)> = codes::table
        .filter(codes::scheme.eq("district"))
        .select((codes::code, (codes::name_bn, codes::name_en)))
        .load(connection)?;
    Ok(names.into_iter().collect())
}

/// English where there is some, else Bangla.
pub fn readable(text: &Both) -> String {
    text.1.clone().or_else(|| text.0.clone()).unwrap_or_default()
}

/// An award.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AwardView {
    /// The funding request that it was made to.
    pub id: FundingRequestId,
    /// What people call it by.
    #[schema(max_length = 20, example = "SIF-2026-00042")]
    pub reference: Option<String>,
    /// Of which fund.
    pub fund_id: FundId,
    /// In which round.
    pub round: AwardRoundView,
    /// To which pilot.
    pub pilot: AwardedPilotView,
    /// Where the pilot is at home.
    pub organisation: AwardedOrganisationView,
    /// Where it works: ISO 3166-2:BD codes.
    #[schema(max_items = 64, example = json!(["BD-28"]))]
    pub district_codes: Vec<String>,
    /// How much.
    pub amount: Money,
    /// The day in Dhaka.
    pub awarded_on: Option<NaiveDate>,
    /// What became of it.
    #[schema(inline)]
    pub status: RequestStatus,
}

/// A round that something was awarded in.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AwardRoundView {
    /// Its identifier.
    pub id: RoundId,
    /// Counts the rounds of the fund from 1.
    #[schema(minimum = 1)]
    pub number: i32,
    /// What it is about.
    pub theme: LocalizedText,
}

/// A pilot that something was awarded to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AwardedPilotView {
    /// Its identifier.
    pub id: PilotId,
    /// What people call it by.
    #[schema(max_length = 20, example = "PIL-2026-00042")]
    pub reference: Option<String>,
    /// Its title.
    pub title: LocalizedText,
}

/// The organisation of such a pilot.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AwardedOrganisationView {
    /// Its identifier.
    pub id: OrganisationId,
    /// What it is called.
    pub name: LocalizedText,
}

fn localized((bn, en): Both) -> LocalizedText {
    LocalizedText::new(bn, en)
}

impl From<AwardRow> for AwardView {
    fn from((request, round, pilot, organisation): AwardRow) -> Self {
        Self {
            id: request.0,
            reference: request.1,
            fund_id: round.3,
            round: AwardRoundView { id: round.0, number: round.1, theme: localized(round.2) },
            pilot: AwardedPilotView { id: pilot.0, reference: pilot.1, title: localized(pilot.2) },
            organisation: AwardedOrganisationView { id: organisation.0, name: localized(organisation.1) },
            district_codes: pilot.3.to_vec(),
            amount: Money::from_poisha(request.3.unwrap_or(0)),
            awarded_on: request.4.map(Timestamp::day_in_dhaka),
            status: request.2,
        }
    }
}
