//! Statements written by hand that are prepared once for each connection: diesel prepares what `sql_query` makes anew
//! every time, and planning a recursive query costs PostgreSQL more than running it.

use std::borrow::Cow;

use diesel::{
    QueryResult, RunQueryDsl,
    expression::AsExpression,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sql_types::{SingleValue, SqlType, Untyped},
};

use super::{DbConnection, dialect::Backend};

/// A statement with its values. Of one place in the program there must be few texts, since each is kept.
pub struct Statement<'a> {
    text: Cow<'a, str>,
    values: Vec<Box<dyn QueryFragment<Backend> + Send + 'a>>,
}

/// A statement in which each `?` stands for one value, in the order of their binding.
pub fn statement<'a>(text: impl Into<Cow<'a, str>>) -> Statement<'a> {
    Statement { text: text.into(), values: Vec::new() }
}

impl<'a> Statement<'a> {
    /// Gives the next `?` its value.
    #[must_use]
    pub fn bind<ST, T>(mut self, value: T) -> Self
    where
        ST: SqlType + SingleValue,
        T: AsExpression<ST>,
        T::Expression: QueryFragment<Backend> + Send + 'a,
    {
        self.values.push(Box::new(value.as_expression()));
        self
    }
}

/// The rows of one insert, whose number is known only when it is run.
pub struct Rows {
    text: String,
    rows: usize,
    in_row: usize,
    statement: Statement<'static>,
}

impl Rows {
    /// For a table and its columns: `table (a, b)`.
    pub fn of(target: &str) -> Self {
        Self { text: format!("INSERT INTO {target} VALUES "), rows: 0, in_row: 0, statement: statement("") }
    }

    /// What comes next is the first value of a row.
    pub fn begin_row(&mut self) {
        self.text.push_str(if self.rows == 0 { "(" } else { "), (" });
        self.rows += 1;
        self.in_row = 0;
    }

    /// The next value of the row.
    pub fn value<ST, T>(&mut self, value: T)
    where
        ST: SqlType + SingleValue,
        T: AsExpression<ST>,
        T::Expression: QueryFragment<Backend> + Send + 'static,
    {
        self.text.push_str(if self.in_row == 0 { "?" } else { ", ?" });
        self.in_row += 1;
        self.statement.values.push(Box::new(value.as_expression()));
    }

    /// The insert of all rows; there has to be one.
    pub fn insert(self) -> Statement<'static> {
        Statement { text: Cow::Owned(self.text + ")"), ..self.statement }
    }
}

impl QueryFragment<Backend> for Statement<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        let mut values = self.values.iter();
        for (number, part) in self.text.split('?').enumerate() {
            if number > 0
                && let Some(value) = values.next()
            {
                value.walk_ast(out.reborrow())?;
            }
            out.push_sql(part);
        }
        Ok(())
    }
}

impl QueryId for Statement<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Statement<'_> {
    type SqlType = Untyped;
}

impl RunQueryDsl<DbConnection> for Statement<'_> {}
