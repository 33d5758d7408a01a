//! The timeline of a pilot: one page of a merge of all sources.

use std::collections::HashMap;

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use utoipa::openapi::{RefOr, Schema};

use super::{
    entry::{Entry, TimelineEntryView},
    source::{Range, Source, Viewpoint},
};
use crate::{
    features::{
        TIMELINE_SOURCES,
        permissions::PERMISSIONS,
        pilots::{PersonView, PilotId, see},
    },
    platform::{
        clock::Timestamp,
        db::{DbConnection, schema::users},
        error::{AppError, ErrorCode},
        ids::UserId,
        text::LocalizedText,
        web::{Answer, Call, Page, cursor::Cursor, page::Slice, page_query, page_view, query::one_of},
    },
};

page_query! {
    /// Which part of the timeline.
    GetPilotTimelineQuery {
        /// The order.
        #[param(schema_with = orders)]
        sort: Option<String>,
    }
}

fn orders() -> RefOr<Schema> {
    one_of(&["-at", "at"], "-at", "The order; a minus is: the latest first.")
}

page_view! {
    /// A page of a pilot's timeline.
    TimelinePage of TimelineEntryView
}

/// Read a pilot's timeline.
///
/// Transitions, plan versions, gate decisions, measurements, the team, handovers and merges in one list, the latest
/// first unless `sort=at`. Each entry is there for those who may see its record, and for a key that may read it; reasons
/// are told to those who may read them there.
#[utoipa::path(get, path = "/v1/pilots/{pilot_id}/timeline", tag = "Pilots", params(GetPilotTimelineQuery),
    responses((status = 200, description = "A page of the timeline.", body = TimelinePage)))]
pub async fn get_pilot_timeline(call: Call) -> Answer {
    let id = call.id("pilot_id", PilotId::parse)?;
    let query: GetPilotTimelineQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        let actor = context.user()?;
        let seen = see(connection, Some(actor), id)?;
        let of = Viewpoint { pilot: &seen.row, actor, standing: &seen.standing };
        let descending = query.sort.as_deref() != Some("at");
        let entries = merge(connection, of, descending, &slice)?;
        let total = match slice.include_total {
            true => Some(total(connection, of)?),
            false => None,
        };
        let names = names(connection, entries.iter().flat_map(|(_, it)| [it.actor_id, it.subject_id]).flatten())?;
        let person =
            |id: Option<UserId>| id.map(|id| PersonView { id, name: names.get(&id).cloned().unwrap_or_default() });
        TimelinePage::reply(
            context,
            &slice,
            entries,
            total,
            |(source, entry)| Cursor { key: format!("{} {source}", entry.at), id: entry.id.clone() },
            |(_, entry)| TimelineEntryView {
                kind: entry.kind,
                event: entry.event,
                at: entry.at,
                actor: person(entry.actor_id),
                subject: person(entry.subject_id),
                summary: LocalizedText::new(Some(entry.summary.bn().into_owned()), Some(entry.summary.en.into_owned())),
                reason: entry.reason,
                record_id: entry.id,
                href: entry.href,
            },
        )
    })
    .await
}

/// One page more one entry, in order, each with the number of its source, which breaks ties: one record can have two
/// entries of one instant.
///
/// # Errors
/// `InvalidCursor`; those of the database.
pub fn merge(
    connection: &mut DbConnection,
    of: Viewpoint<'_>,
    descending: bool,
    slice: &Slice,
) -> Result<Vec<(usize, Entry)>, AppError> {
    let place = slice.after.as_ref().map(place).transpose()?;
    let mut entries: Vec<(usize, Entry)> = Vec::new();
    let is_open = |source: &&dyn Source| of.standing.reach.covers(PERMISSIONS, source.read_by());
    for (number, source) in TIMELINE_SOURCES.iter().enumerate().filter(|(_, source)| is_open(source)) {
        let from = place.as_ref().map(|(at, id, last)| {
            // Of the sources that come after the last entry's own, the same place is still to come.
            let is_to_come = if descending { number < *last } else { number > *last };
            (*at, id.clone(), is_to_come)
        });
        let range = Range { descending, from, limit: slice.fetch() };
        entries.extend(source.fetch(connection, of, &range)?.into_iter().map(|entry| (number, entry)));
    }
    entries.sort_by(|(left_source, left), (right_source, right)| {
        let ascending = (left.at, &left.id, left_source).cmp(&(right.at, &right.id, right_source));
        if descending { ascending.reverse() } else { ascending }
    });
    entries.truncate(usize::try_from(slice.fetch()).unwrap_or(usize::MAX));
    Ok(entries)
}

fn place(cursor: &Cursor) -> Result<(Timestamp, String, usize), AppError> {
    let parts = cursor
        .key
        .split_once(' ')
        .and_then(|(at, source)| Some((Timestamp::parse(at)?, source.parse::<usize>().ok()?)));
    let (at, source) = parts.ok_or_else(|| AppError::new(ErrorCode::InvalidCursor))?;
    Ok((at, cursor.id.clone(), source))
}

/// All entries, counted by reading them: a pilot has some hundred at most.
fn total(connection: &mut DbConnection, of: Viewpoint<'_>) -> Result<i64, AppError> {
    let all = Slice { limit: crate::platform::web::page::MOST_COUNTED, after: None, include_total: false };
    i64::try_from(merge(connection, of, true, &all)?.len()).map_err(AppError::internal)
}

fn names(
    connection: &mut DbConnection,
    ids: impl Iterator<Item = UserId>,
) -> Result<HashMap<UserId, LocalizedText>, AppError> {
    let mut ids: Vec<UserId> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    let rows: Vec<(UserId, Option<String>, Option<String>)> = users::table
        .filter(users::id.eq_any(ids))
        .select((users::id, users::name_bn, users::name_en))
        .load(connection)?;
    Ok(rows.into_iter().map(|(id, bn, en)| (id, LocalizedText::new(bn, en))).collect())
}
