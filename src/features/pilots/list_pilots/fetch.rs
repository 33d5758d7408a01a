//! The queries of a list. Two shapes: over `pilots`, and over `pilot_facets` when a facet is asked for, whose index
//! then gives the order. The macro writes the conditions that both share once. Words come in by `search`.

use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, QueryDsl, Queryable, RunQueryDsl, Selectable,
    SelectableHelper, dsl::exists,
};

use super::{Audience, Filters, Stream};
use crate::{
    features::pilots::{
        PilotId,
        status::{Phase, PilotStatus},
    },
    platform::{
        clock::Timestamp,
        db::{
            DbConnection, dialect,
            json_list::JsonList,
            schema::{pilot_facets, pilots, users},
        },
        error::{AppError, ErrorCode},
        ids::{OrganisationId, ServiceId, UserId},
        web::page::Slice,
    },
};

diesel::alias!(pilot_facets as other_facets: OtherFacets);

diesel::define_sql_function! {
    /// The value itself, behind a function, so that no index is looked for: where a facet leads, its index gives the
    /// order, and SQLite would otherwise begin with an index on `pilots` and sort.
    #[sql_name = "coalesce"]
    fn text_itself(value: diesel::sql_types::Text, never: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

diesel::define_sql_function! {
    /// As [`text_itself`].
    #[sql_name = "coalesce"]
    fn bool_itself(value: diesel::sql_types::Bool, never: diesel::sql_types::Bool) -> diesel::sql_types::Bool;
}

/// The columns of a list.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = pilots)]
#[expect(missing_docs, reason = "the columns of PilotRow")]
pub struct SummaryRow {
    pub id: PilotId,
    pub reference: Option<String>,
    pub title_bn: Option<String>,
    pub title_en: Option<String>,
    pub summary_bn: Option<String>,
    pub summary_en: Option<String>,
    pub service_id: Option<ServiceId>,
    pub sector_code: Option<String>,
    pub districts: JsonList<String>,
    pub upazilas: JsonList<String>,
    pub sdg_targets: JsonList<String>,
    pub tags: JsonList<String>,
    pub owner_id: UserId,
    pub organisation_id: OrganisationId,
    pub phase: Phase,
    pub status: PilotStatus,
    pub is_listed: bool,
    pub is_public: bool,
    pub initiated_at: Option<Timestamp>,
    pub version: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    #[diesel(select_expression = users::name_bn)]
    pub owner_name_bn: Option<String>,
    #[diesel(select_expression = users::name_en)]
    pub owner_name_en: Option<String>,
}

/// Everything but the order: audience, status, phase, dates, words, further facets.
macro_rules! narrowed {
    ($query:expr, $connection:expr, $stream:expr, $filters:expr, $text:expr, $facets:expr, $columns:expr) => {{
        let (id, updated_at, status_column, phase_column, is_listed, is_public) = $columns;
        let mut query = $query;
        match $stream.audience {
            Audience::Staff => {}
            // Written without `= TRUE`, so that the partial indexes on just this condition are used.
            Audience::Officials => query = query.filter(is_listed),
            Audience::Public => query = query.filter(is_public),
            Audience::OwnUnlisted(_) => query = query.filter(diesel::dsl::not(is_listed)),
        }
        if let Some(status) = $stream.status {
            query = query.filter(status_column.eq(status));
        }
        if let Some(phase) = $stream.phase {
            query = query.filter(phase_column.eq(phase));
        }
        if let Some(first) = &$filters.first_id {
            query = query.filter(id.ge(first.clone()));
        }
        if let Some(end) = &$filters.end_id {
            query = query.filter(id.lt(end.clone()));
        }
        if let Some(from) = $filters.updated_from {
            query = query.filter(updated_at.ge(from));
        }
        if let Some(before) = $filters.updated_before {
            query = query.filter(updated_at.lt(before));
        }
        match $text {
            Text::Any => {}
            Text::Among(ids) => query = query.filter(id.eq_any(ids)),
            Text::Containing(words) => {
                for (position, word) in words.iter().enumerate() {
                    let is_whole = position + 1 < words.len();
                    query = query.filter(dialect::pilot_text::contains($connection, word, is_whole));
                }
            }
        }
        for (kind, value) in $facets {
            query = query.filter(exists(
                other_facets
                    .filter(other_facets.field(pilot_facets::kind).eq(*kind))
                    .filter(other_facets.field(pilot_facets::value).eq(value.clone()))
                    .filter(other_facets.field(pilot_facets::pilot_id).eq(pilots::id)),
            ));
        }
        query
    }};
}

/// The columns of the conditions when `pilots` leads, and when a facet does.
macro_rules! columns {
    (pilots) => {
        (pilots::id, pilots::updated_at, pilots::status, pilots::phase, pilots::is_listed, pilots::is_public)
    };
    (facet) => {
        (
            pilot_facets::pilot_id,
            pilot_facets::pilot_updated_at,
            text_itself(pilots::status, ""),
            text_itself(pilots::phase, ""),
            bool_itself(pilots::is_listed, false),
            bool_itself(pilots::is_public, false),
        )
    };
}

/// The order and the place to go on. `x <= a AND (x < a OR id < b)` lets the index start at the place, which a plain
/// OR would not.
macro_rules! ordered {
    ($query:expr, $filters:expr, $slice:expr, $id:expr, $updated_at:expr) => {{
        let mut query = $query;
        let sort = $filters.sort;
        if let Some(after) = &$slice.after {
            let id = after.id.clone();
            if sort.by_update {
                let at = Timestamp::parse(&after.key).ok_or_else(|| AppError::new(ErrorCode::InvalidCursor))?;
                query = match sort.descending {
                    true => query.filter($updated_at.le(at).and($updated_at.lt(at).or($id.lt(id)))),
                    false => query.filter($updated_at.ge(at).and($updated_at.gt(at).or($id.gt(id)))),
                };
            } else {
                query = if sort.descending { query.filter($id.lt(id)) } else { query.filter($id.gt(id)) };
            }
        }
        match (sort.by_update, sort.descending) {
            (true, true) => query.order(($updated_at.desc(), $id.desc())),
            (true, false) => query.order(($updated_at.asc(), $id.asc())),
            (false, true) => query.order($id.desc()),
            (false, false) => query.order($id.asc()),
        }
        .limit($slice.fetch())
    }};
}

/// How a query takes the words that are searched for.
#[derive(Clone, Copy, Debug)]
pub enum Text<'a> {
    /// No words.
    Any,
    /// These records hold them.
    Among(&'a [PilotId]),
    /// Each record is asked for them.
    Containing(&'a [String]),
}

/// One page more one row, in order, whatever the words are.
///
/// # Errors
/// `InvalidCursor`; those of the database.
pub fn fetch(
    connection: &mut DbConnection,
    streams: &[Stream],
    filters: &Filters,
    text: Text<'_>,
    slice: &Slice,
) -> Result<Vec<SummaryRow>, AppError> {
    let mut rows = Vec::new();
    for stream in streams {
        rows.extend(fetch_stream(connection, *stream, filters, text, slice)?);
    }
    if streams.len() > 1 {
        rows.sort_by(|left, right| {
            let ascending = match filters.sort.by_update {
                true => (left.updated_at, left.id).cmp(&(right.updated_at, right.id)),
                false => left.id.cmp(&right.id),
            };
            if filters.sort.descending { ascending.reverse() } else { ascending }
        });
        rows.truncate(usize::try_from(slice.fetch()).unwrap_or(usize::MAX));
    }
    Ok(rows)
}

fn fetch_stream(
    connection: &mut DbConnection,
    stream: Stream,
    filters: &Filters,
    text: Text<'_>,
    slice: &Slice,
) -> Result<Vec<SummaryRow>, AppError> {
    let (leading, checked) = split_facets(stream, filters, text);
    match leading {
        None => {
            let query = pilots::table
                .inner_join(users::table.on(users::id.eq(pilots::owner_id)))
                .select(SummaryRow::as_select())
                .into_boxed();
            let query = narrowed!(query, connection, stream, filters, text, &checked, columns!(pilots));
            Ok(ordered!(query, filters, slice, pilots::id, pilots::updated_at).load(connection)?)
        }
        Some((kind, value)) => {
            let query = pilot_facets::table
                .inner_join(pilots::table)
                .inner_join(users::table.on(users::id.eq(pilots::owner_id)))
                .filter(pilot_facets::kind.eq(kind))
                .filter(pilot_facets::value.eq(value))
                .select(SummaryRow::as_select())
                .into_boxed();
            let query = narrowed!(query, connection, stream, filters, text, &checked, columns!(facet));
            Ok(ordered!(query, filters, slice, pilot_facets::pilot_id, pilot_facets::pilot_updated_at)
                .load(connection)?)
        }
    }
}

/// A `(kind, value)` pair.
type Facet = (&'static str, String);

/// The facet whose index is read, and those that are only checked. One's own unlisted pilots are few, so they are
/// found by their team. Where records are already named, nothing leads.
fn split_facets(stream: Stream, filters: &Filters, text: Text<'_>) -> (Option<Facet>, Vec<Facet>) {
    let mut facets = filters.facets.clone();
    if let Audience::OwnUnlisted(user) = stream.audience {
        facets.insert(0, ("member", user.to_string()));
    }
    match text {
        Text::Among(_) => (None, facets),
        Text::Any | Text::Containing(_) if facets.is_empty() => (None, facets),
        Text::Any | Text::Containing(_) => (Some(facets.remove(0)), facets),
    }
}

/// How many match, at most `most`.
///
/// # Errors
/// Those of the database.
pub fn count(
    connection: &mut DbConnection,
    streams: &[Stream],
    filters: &Filters,
    text: Text<'_>,
    most: i64,
) -> Result<i64, AppError> {
    let mut total = 0;
    for stream in streams {
        let (leading, checked) = split_facets(*stream, filters, text);
        let found: Vec<PilotId> = match leading {
            None => {
                let query = pilots::table.select(pilots::id).into_boxed();
                narrowed!(query, connection, stream, filters, text, &checked, columns!(pilots))
                    .limit(most - total)
                    .load(connection)?
            }
            Some((kind, value)) => {
                let query = pilot_facets::table
                    .inner_join(pilots::table)
                    .filter(pilot_facets::kind.eq(kind))
                    .filter(pilot_facets::value.eq(value))
                    .select(pilots::id)
                    .into_boxed();
                narrowed!(query, connection, stream, filters, text, &checked, columns!(facet))
                    .limit(most - total)
                    .load(connection)?
            }
        };
        total += i64::try_from(found.len()).unwrap_or(i64::MAX);
        if total >= most {
            break;
        }
    }
    Ok(total)
}
