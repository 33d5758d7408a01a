//! Several statements in one journey. To PostgreSQL each statement is a message and an answer, which cost more than a small
//! insert does; SQLite is called, not asked, so it gets them one by one.

use diesel::{
    QueryResult, RunQueryDsl,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sql_types::Untyped,
};

use super::{DbConnection, dialect::Backend};

/// One of the statements: an insert, an update or a delete. None sees what the others write.
pub type Part<'a> = Box<dyn QueryFragment<Backend> + Send + 'a>;

/// Runs them all, in this order where the engine takes them one by one.
///
/// # Errors
/// Those of the database.
pub fn at_once(connection: &mut DbConnection, parts: &[Part<'_>]) -> QueryResult<()> {
    let journeys: Vec<&[Part<'_>]> = match connection {
        DbConnection::Sqlite(_) => parts.chunks(1).collect(),
        DbConnection::Postgres(_) => vec![parts],
    };
    for parts in journeys {
        Journey { parts }.execute(connection)?;
    }
    Ok(())
}

/// All but the last as common table expressions of the last.
struct Journey<'a> {
    parts: &'a [Part<'a>],
}

impl QueryFragment<Backend> for Journey<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        let Some((last, first)) = self.parts.split_last() else { return Ok(()) };
        for (number, part) in first.iter().enumerate() {
            out.push_sql(if number == 0 { "WITH part_" } else { ", part_" });
            out.push_sql(&number.to_string());
            out.push_sql(" AS (");
            part.walk_ast(out.reborrow())?;
            out.push_sql(")");
        }
        if !first.is_empty() {
            out.push_sql(" ");
        }
        last.walk_ast(out)
    }
}

impl QueryId for Journey<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Journey<'_> {
    type SqlType = Untyped;
}

impl RunQueryDsl<DbConnection> for Journey<'_> {}
