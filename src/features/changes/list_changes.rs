//! The feed. A request looks at so many positions and no more, so it costs the same for everyone; a page may be empty
//! though the cursor moved on.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    feed::{ChangeView, head_position, load, tell},
    record_kind::RecordKind,
};
use crate::{
    features::pilots::Viewer,
    platform::{
        db::DbConnection,
        error::{AppError, ErrorCode},
        text_enum::text_enum,
        web::{Answer, Call, PageQuery, Reply, cursor::Cursor},
    },
};

/// How many changes a request looks at.
const MOST_LOOKED_AT: i64 = 500;
/// How far a request with a filter goes on in the order of all changes.
const FARTHEST: i64 = 20_000;

text_enum! {
    /// Where a feed begins.
    FeedStart {
        /// With the first change ever.
        Beginning = "beginning",
        /// After the latest change.
        Now = "now",
    }
}

/// Which changes.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListChangesQuery {
    /// How many changes, at most 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
    /// Where to go on: the `next_cursor` of the answer before, with the same filters.
    #[param(min_length = 1, max_length = 1000)]
    pub cursor: Option<String>,
    /// Where to begin without a cursor: at the beginning, unless told. With a cursor it plays no part.
    #[param(inline)]
    pub start: Option<FeedStart>,
    /// Begin after this position instead, such as that of the last webhook that arrived. With a cursor it plays no part.
    #[param(minimum = 0)]
    pub after_position: Option<i64>,
    /// Those of these kinds of records, such as `pilot,plan`.
    #[param(inline, min_items = 1, max_items = 20)]
    pub record_type: Option<Vec<RecordKind>>,
}

/// A part of the feed.
#[derive(Serialize, ToSchema)]
pub struct ChangePage {
    /// The changes, the oldest first.
    #[schema(max_items = 200)]
    pub items: Vec<ChangeView>,
    /// Send it as `cursor` to go on, now or later; it does not end.
    #[schema(max_length = 1000)]
    pub next_cursor: String,
    /// Whether there is more at once; if not, come back in a while.
    pub has_more: bool,
}

/// Follow changes.
///
/// Everything that happened to records that the caller may see now, in one order, the oldest first. A change has its
/// position after its transaction has committed, within about a second, so following `next_cursor` misses nothing, however
/// late a transaction commits. Delivered at least once and thin: read the record for what it is like. A page may be empty
/// with `has_more`: then nothing of what was looked at is for the caller. To go on, send the cursor, with the same
/// `record_type` if there was one. A key is told of those kinds of records that its scopes let it read, and of no other.
#[utoipa::path(get, path = "/v1/changes", tag = "Events", params(ListChangesQuery),
    responses((status = 200, description = "A part of the feed.", body = ChangePage)))]
pub async fn list_changes(call: Call) -> Answer {
    let query: ListChangesQuery = call.query()?;
    let page = PageQuery { limit: query.limit, cursor: query.cursor.clone(), include_total: None };
    let slice = call.slice(&page)?;
    let after = slice.after.as_ref().map(position).transpose()?;
    call.read(move |connection, context| {
        // Before the rows: a change that comes between is for the next request.
        let head = head_position(connection)?;
        let after = match (after, query.after_position, query.start) {
            (Some(after), ..) => after,
            (None, Some(position), _) => position,
            (None, None, Some(FeedStart::Now)) => head,
            (None, None, Some(FeedStart::Beginning) | None) => 0,
        };
        let viewer = Viewer::from(context.user()?);
        let wanted: Vec<String> = query.record_type.into_iter().flatten().map(|kind| kind.0).collect();
        let (items, reached) = part(connection, &viewer, (after, head), &wanted, slice.limit)?;
        let cursor = Cursor { key: reached.to_string(), id: String::new() };
        let (next_cursor, link) = context.cursor_and_link(&cursor);
        let reply = Reply::ok(&ChangePage { items, next_cursor, has_more: reached < head })?;
        Ok(Reply { next: Some(link), ..reply })
    })
    .await
}

fn position(cursor: &Cursor) -> Result<i64, AppError> {
    cursor.key.parse().map_err(|_| AppError::new(ErrorCode::InvalidCursor))
}

/// The next changes for a reader, and the position up to which nothing was left out.
fn part(
    connection: &mut DbConnection,
    viewer: &Viewer,
    (after, head): (i64, i64),
    record_types: &[String],
    limit: i64,
) -> Result<(Vec<ChangeView>, i64), AppError> {
    let until = head.min(after.saturating_add(FARTHEST));
    let rows = load(connection, (after, until), record_types, MOST_LOOKED_AT)?;
    let whole = i64::try_from(rows.len()).is_ok_and(|count| count < MOST_LOOKED_AT);
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let (mut items, mut reached) = (Vec::new(), after);
    for told in tell(connection, viewer, rows)? {
        if items.len() == limit {
            return Ok((items, reached));
        }
        reached = told.position;
        items.extend(told.change);
    }
    Ok((items, if whole { until.max(after) } else { reached }))
}
