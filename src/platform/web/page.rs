//! Lists, page by page: what is asked for, and the shape of what is answered.

use diesel::QueryResult;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{call::Context, cursor::Cursor, reply::Reply};
use crate::platform::error::AppError;

/// Counting stops here.
pub const MOST_COUNTED: i64 = 10_000;

/// The three parameters of every list.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct PageQuery {
    /// How many items, 50 unless told.
    pub limit: Option<i64>,
    /// Where to go on.
    pub cursor: Option<String>,
    /// Whether to count.
    pub include_total: Option<bool>,
}

/// Which part of a list is wanted.
#[derive(Clone, Debug)]
pub struct Slice {
    /// How many items.
    pub limit: i64,
    /// After which row.
    pub after: Option<Cursor>,
    /// Whether to count.
    pub include_total: bool,
}

impl Slice {
    /// How many rows to fetch: one more than wanted tells whether there is a next page.
    pub const fn fetch(&self) -> i64 {
        self.limit + 1
    }

    /// Counts, if that is wanted. `rows` fetches at most one more than [`MOST_COUNTED`].
    ///
    /// # Errors
    /// Those of the database.
    pub fn total<T>(&self, rows: impl FnOnce(i64) -> QueryResult<Vec<T>>) -> Result<Option<i64>, AppError> {
        if !self.include_total {
            return Ok(None);
        }
        i64::try_from(rows(MOST_COUNTED + 1)?.len()).map(Some).map_err(AppError::internal)
    }

    /// The id after which to go on, for lists whose order is that of the ids.
    pub fn after_id(&self) -> Option<String> {
        self.after.as_ref().map(|cursor| cursor.id.clone())
    }
}

/// How many items the whole list has.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Total {
    /// The number counted.
    #[schema(minimum = 0, maximum = 10000)]
    pub value: i64,
    /// Whether there are exactly so many, or at least.
    #[schema(inline)]
    pub relation: Relation,
}

/// How a counted number is meant.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Exactly.
    Eq,
    /// At least.
    Gte,
}

impl Total {
    /// From a count that stopped at one more than [`MOST_COUNTED`].
    pub const fn new(counted: i64) -> Self {
        if counted > MOST_COUNTED {
            Self { value: MOST_COUNTED, relation: Relation::Gte }
        } else {
            Self { value: counted, relation: Relation::Eq }
        }
    }
}

/// A page of views.
pub trait Page: Serialize + ToSchema + Sized {
    /// What it holds.
    type Item;

    /// Puts it together.
    fn of(items: Vec<Self::Item>, next_cursor: Option<String>, total: Option<Total>) -> Self;

    /// The answer for `rows` that were fetched with [`Slice::fetch`].
    ///
    /// # Errors
    /// When the page cannot be written as JSON: a fault of ours.
    fn reply<R>(
        context: &Context,
        slice: &Slice,
        mut rows: Vec<R>,
        total: Option<i64>,
        cursor_of: impl Fn(&R) -> Cursor,
        view: impl FnMut(R) -> Self::Item,
    ) -> Result<Reply, AppError> {
        let limit = usize::try_from(slice.limit).unwrap_or(usize::MAX);
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| has_more).map(|row| context.cursor_and_link(&cursor_of(row)));
        let (cursor, link) = next.unzip();
        let page = Self::of(rows.into_iter().map(view).collect(), cursor, total.map(Total::new));
        Ok(Reply { next: link, ..Reply::ok(&page)? })
    }
}

/// Declares the page type of a view.
macro_rules! page_view {
    ($(#[$doc:meta])* $name:ident of $item:ty) => {
        $(#[$doc])*
        #[derive(serde::Serialize, utoipa::ToSchema)]
        pub struct $name {
            /// The items of this page.
            #[schema(max_items = 200)]
            pub items: Vec<$item>,
            /// Send it as `cursor` for the next page; null on the last one.
            #[schema(max_length = 1000)]
            pub next_cursor: Option<String>,
            /// How many there are in all; null unless `include_total=true`.
            pub total: Option<$crate::platform::web::page::Total>,
        }

        impl $crate::platform::web::Page for $name {
            type Item = $item;

            fn of(items: Vec<$item>, next_cursor: Option<String>, total: Option<$crate::platform::web::page::Total>) -> Self {
                Self { items, next_cursor, total }
            }
        }
    };
}
pub(crate) use page_view;

/// Declares the query type of a list: the three page parameters and its own filters.
macro_rules! page_query {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, serde::Deserialize, utoipa::IntoParams)]
        #[into_params(parameter_in = Query)]
        pub struct $name {
            /// How many items, at most 200.
            #[param(minimum = 1, maximum = 200, default = 50)]
            pub limit: Option<i64>,
            /// Where to go on: the `next_cursor` of the page before, with the same filters and sort.
            #[param(min_length = 1, max_length = 1000)]
            pub cursor: Option<String>,
            /// Whether to count the whole list; counting stops at 10,000.
            pub include_total: Option<bool>,
            $($(#[$field_doc])* pub $field: $type,)*
        }

        impl $name {
            /// The page parameters.
            pub fn page(&self) -> $crate::platform::web::PageQuery {
                $crate::platform::web::PageQuery { limit: self.limit, cursor: self.cursor.clone(), include_total: self.include_total }
            }
        }
    };
}
pub(crate) use page_query;
