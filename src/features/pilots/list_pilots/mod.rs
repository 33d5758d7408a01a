//! The list of pilots: filters, sort, search, page by page.
//!
//! A list reads index ranges and never sorts: see `streams` for how audience and values between commas become
//! ranges, `fetch` for the queries, and `search` for words.

mod fetch;
mod filters;
mod search;
mod streams;

pub use fetch::SummaryRow;
pub use filters::{Filters, ListPilotsQuery, Sort};
pub use search::{count, fetch};
pub use streams::{Audience, Stream, streams};

use super::view::{PersonView, PilotSummaryView, Visibility};
use crate::platform::{
    text::LocalizedText,
    web::{Answer, Call, Page, cursor::Cursor, page::MOST_COUNTED, page_view},
};

page_view! {
    /// A page of pilots.
    PilotPage of PilotSummaryView
}

/// List pilots.
///
/// Those that you may see. All filters can be combined; `status` and `phase` take several values between commas. `q`
/// finds whole words, the last one perhaps only begun, in Bangla and in English.
#[utoipa::path(get, path = "/v1/pilots", tag = "Pilots", params(ListPilotsQuery),
    responses((status = 200, description = "A page of pilots.", body = PilotPage)))]
pub async fn list_pilots(call: Call) -> Answer {
    let query: ListPilotsQuery = call.query()?;
    if query.member_id.is_some() {
        // A team is not for everyone to see, so neither is it by a filter.
        call.user()?;
    }
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        let filters = Filters::new(&query);
        let Some(filters) = filters else {
            // `q` held no word, so nothing can match.
            return PilotPage::reply(
                context,
                &slice,
                Vec::new(),
                slice.include_total.then_some(0),
                cursor_of(Sort::default()),
                view,
            );
        };
        let streams = streams(context.actor.as_ref(), &filters);
        let rows = fetch(connection, &streams, &filters, &slice)?;
        let total = match slice.include_total {
            true => Some(count(connection, &streams, &filters, MOST_COUNTED + 1)?),
            false => None,
        };
        PilotPage::reply(context, &slice, rows, total, cursor_of(filters.sort), view)
    })
    .await
}

fn cursor_of(sort: Sort) -> impl Fn(&SummaryRow) -> Cursor {
    move |row| Cursor {
        key: if sort.by_update { row.updated_at.to_string() } else { String::new() },
        id: row.id.to_string(),
    }
}

fn view(row: SummaryRow) -> PilotSummaryView {
    PilotSummaryView {
        visibility: Visibility::of(row.is_listed, row.is_public),
        id: row.id,
        reference: row.reference,
        title: LocalizedText::new(row.title_bn, row.title_en),
        summary: LocalizedText::new(row.summary_bn, row.summary_en),
        service_id: row.service_id,
        sector_code: row.sector_code,
        districts: row.districts.to_vec(),
        upazilas: row.upazilas.to_vec(),
        sdg_targets: row.sdg_targets.to_vec(),
        tags: row.tags.to_vec(),
        owner: PersonView { id: row.owner_id, name: LocalizedText::new(row.owner_name_bn, row.owner_name_en) },
        organisation_id: row.organisation_id,
        phase: row.phase,
        status: row.status,
        initiated_at: row.initiated_at,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}
