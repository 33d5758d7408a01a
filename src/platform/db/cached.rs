//! Writes that are prepared once for each connection. diesel prepares every `UPDATE` anew, and on PostgreSQL every
//! `INSERT`, since their text may differ from time to time; to plan one costs PostgreSQL as much as to run it.

use diesel::{
    QueryResult, RunQueryDsl,
    query_builder::{AstPass, QueryFragment, QueryId},
};

use super::{DbConnection, dialect::Backend};

/// A write whose text is the same every time, or one of a few: whole rows whose `None` is NULL. Each text is kept.
pub struct Cached<Q>(Q);

/// Takes a write as one to prepare once.
pub fn cached<Q: QueryFragment<Backend>>(write: Q) -> Cached<Q> {
    Cached(write)
}

impl<Q: QueryFragment<Backend>> QueryFragment<Backend> for Cached<Q> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }

    fn is_safe_to_cache_prepared(&self, _: &Backend) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<Q> QueryId for Cached<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q> RunQueryDsl<DbConnection> for Cached<Q> {}
