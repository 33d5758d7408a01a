//! The awards as a file, read page by page while it is sent, so it may be of any size.

use actix_web::{HttpResponse, http::header, web::Bytes};
use chrono::NaiveDate;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};
use futures_util::stream::try_unfold;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    award::{AwardRow, Which, district_names, page, readable},
    common_grants::{self, CommonGrantsAward, CommonGrantsOpportunity, CommonGrantsPackage},
    csv,
    three_sixty_giving::{self, ThreeSixtyGivingGrant, ThreeSixtyGivingPackage},
};
use crate::{
    features::funding::{
        ids::{FundId, RoundId},
        rounds::RoundRow,
    },
    platform::{
        clock::Timestamp,
        db::{Db, DbConnection, schema::funding_rounds},
        error::AppError,
        text_enum::text_enum,
        web::{Answer, Call, query_type},
    },
};

/// So many rows are in memory at a time.
const AT_ONCE: i64 = 500;

text_enum! {
    /// How awards are written.
    AwardFormat {
        /// A JSON package of grants of the 360Giving data standard.
        ThreeSixtyGiving = "three_sixty_giving",
        /// Opportunities and awards as JSON in the shapes of CommonGrants.
        CommonGrants = "common_grants",
        /// One table with a line of names, for spreadsheets.
        Csv = "csv",
    }
}

impl AwardFormat {
    const fn media_type(self) -> &'static str {
        match self {
            Self::ThreeSixtyGiving | Self::CommonGrants => "application/json",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }

    const fn file_name(self) -> &'static str {
        match self {
            Self::ThreeSixtyGiving => "awards-360giving.json",
            Self::CommonGrants => "awards-commongrants.json",
            Self::Csv => "awards.csv",
        }
    }
}

query_type! {
    /// Which awards, and how.
    ExportAwardsQuery {
        /// How they are written.
        #[param(inline)]
        format: AwardFormat,
        /// Those of this fund.
        #[param(inline)]
        fund_id: Option<FundId>,
        /// Those of this round.
        #[param(inline)]
        round_id: Option<RoundId>,
    }
}

/// What the JSON formats look like.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes what is streamed")]
pub enum AwardExport {
    /// 360Giving.
    ThreeSixtyGiving(ThreeSixtyGivingPackage),
    /// CommonGrants.
    CommonGrants(CommonGrantsPackage),
}

/// Export awards.
///
/// The awards that `list_awards` shows, as open data: a package of the 360Giving standard, opportunities and awards in the
/// shapes of CommonGrants, or CSV (RFC 4180; a cell of text that a spreadsheet would take for a formula begins with an
/// apostrophe). An answer that breaks off, without the end of its last chunk, is not whole.
#[utoipa::path(get, path = "/v1/awards/export", tag = "Awards", params(ExportAwardsQuery),
    responses((status = 200, description = "The file.", content(
        (AwardExport = "application/json"),
        (String = "text/csv", example = "id,reference,status,amount\r\n")))))]
pub async fn export_awards(call: Call) -> Answer {
    let query: ExportAwardsQuery = call.query()?;
    let source = Source {
        db: call.state.db.clone(),
        format: query.format,
        which: Which { fund: query.fund_id, round: query.round_id },
        today: call.now().day_in_dhaka(),
    };
    let stream = try_unfold(Some((source, Place::Head)), |state| async move {
        let Some((source, place)) = state else { return Ok(None) };
        let (bytes, next) = source.part(place).await?;
        Ok::<_, AppError>(Some((Bytes::from(bytes), next.map(|next| (source, next)))))
    });
    Ok(HttpResponse::Ok()
        .content_type(query.format.media_type())
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", query.format.file_name())))
        .streaming(stream))
}

/// Where the parts come from.
struct Source {
    db: Db,
    format: AwardFormat,
    which: Which,
    today: NaiveDate,
}

/// Which part of the file is next. The identifier is that of the last row that was written.
enum Place {
    /// What stands before all.
    Head,
    /// The rounds, of CommonGrants.
    Rounds(Option<RoundId>),
    /// The awards.
    Awards(Option<String>),
}

impl Source {
    /// A part, and which comes next; `None` after the last.
    async fn part(&self, place: Place) -> Result<(Vec<u8>, Option<Place>), AppError> {
        let (format, which, today) = (self.format, self.which, self.today);
        match place {
            Place::Head => match format {
                AwardFormat::ThreeSixtyGiving => {
                    Ok((three_sixty_giving::head(today)?.into_bytes(), Some(Place::Awards(None))))
                }
                AwardFormat::CommonGrants => Ok((common_grants::HEAD.into(), Some(Place::Rounds(None)))),
                AwardFormat::Csv => Ok((csv::lines([COLUMNS])?, Some(Place::Awards(None)))),
            },
            Place::Rounds(after) => self.db.read(move |connection| rounds(connection, which, after)).await,
            Place::Awards(after) => self.db.read(move |connection| awards(connection, format, which, after)).await,
        }
    }
}

fn rounds(
    connection: &mut DbConnection,
    which: Which,
    after: Option<RoundId>,
) -> Result<(Vec<u8>, Option<Place>), AppError> {
    let mut chosen =
        funding_rounds::table.order(funding_rounds::id).limit(AT_ONCE).select(RoundRow::as_select()).into_boxed();
    if let Some(fund) = which.fund {
        chosen = chosen.filter(funding_rounds::fund_id.eq(fund));
    }
    if let Some(round) = which.round {
        chosen = chosen.filter(funding_rounds::id.eq(round));
    }
    if let Some(after) = after {
        chosen = chosen.filter(funding_rounds::id.gt(after));
    }
    let rows: Vec<RoundRow> = chosen.load(connection)?;
    let mut text = items(rows.iter().map(CommonGrantsOpportunity::from), after.is_none())?;
    match rows.last().filter(|_| is_full(rows.len())) {
        Some(last) => Ok((text, Some(Place::Rounds(Some(last.id))))),
        None => {
            text.extend(common_grants::BETWEEN.as_bytes());
            Ok((text, Some(Place::Awards(None))))
        }
    }
}

fn awards(
    connection: &mut DbConnection,
    format: AwardFormat,
    which: Which,
    after: Option<String>,
) -> Result<(Vec<u8>, Option<Place>), AppError> {
    let is_first = after.is_none();
    let rows = page(connection, which, after, AT_ONCE)?;
    let mut text = match format {
        AwardFormat::ThreeSixtyGiving => {
            let districts = district_names(connection)?;
            let grants: Vec<ThreeSixtyGivingGrant> =
                rows.iter().map(|row| ThreeSixtyGivingGrant::new(row, &districts)).collect::<Result<_, _>>()?;
            items(grants, is_first)?
        }
        AwardFormat::CommonGrants => items(rows.iter().map(CommonGrantsAward::from), is_first)?,
        AwardFormat::Csv => csv::lines(rows.iter().map(cells))?,
    };
    if let Some(last) = rows.last().filter(|_| is_full(rows.len())) {
        return Ok((text, Some(Place::Awards(Some(last.0.0.to_string())))));
    }
    text.extend(match format {
        AwardFormat::ThreeSixtyGiving => three_sixty_giving::TAIL.as_bytes(),
        AwardFormat::CommonGrants => common_grants::TAIL.as_bytes(),
        AwardFormat::Csv => b"",
    });
    Ok((text, None))
}

fn is_full(rows: usize) -> bool {
    i64::try_from(rows).is_ok_and(|rows| rows == AT_ONCE)
}

/// Some items of a JSON array, with the commas before them.
fn items<T: Serialize>(items: impl IntoIterator<Item = T>, mut is_first: bool) -> Result<Vec<u8>, AppError> {
    let mut text = Vec::new();
    for item in items {
        if !is_first {
            text.push(b',');
        }
        is_first = false;
        serde_json::to_writer(&mut text, &item).map_err(AppError::internal)?;
    }
    Ok(text)
}

const COLUMNS: [&str; 15] = [
    "id",
    "reference",
    "status",
    "amount",
    "currency",
    "awarded_on",
    "fund",
    "round_number",
    "round_theme",
    "pilot_reference",
    "pilot_title_bn",
    "pilot_title_en",
    "organisation",
    "district_codes",
    "purpose",
];

fn cells((request, round, pilot, organisation): &AwardRow) -> [String; 15] {
    [
        request.0.to_string(),
        csv::maybe(request.1.clone()),
        request.2.as_str().to_owned(),
        csv::maybe_taka(request.3),
        "BDT".to_owned(),
        csv::plain(request.4.map(Timestamp::day_in_dhaka)),
        csv::text(readable(&round.4)),
        round.1.to_string(),
        csv::text(readable(&round.2)),
        csv::maybe(pilot.1.clone()),
        csv::maybe(pilot.2.0.clone()),
        csv::maybe(pilot.2.1.clone()),
        csv::text(readable(&organisation.1)),
        csv::text(pilot.3.join(" ")),
        csv::text(readable(&request.5)),
    ]
}
