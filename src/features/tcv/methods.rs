//! The versions of the method by which T, C and V are measured.

use std::cmp::Ordering;

use diesel::{Queryable, RunQueryDsl, Selectable, SelectableHelper, query_dsl::methods::SelectDsl};

use crate::platform::{
    db::{DbConnection, schema::tcv_methods},
    error::AppError,
};

/// What a version of the method asks for.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = tcv_methods)]
pub struct Method {
    /// Which version, such as `2026.1`.
    pub version: String,
    /// The smallest sample of a baseline that opens gate 1.
    pub minimum_sample_size: i32,
    /// The days that have to lie between baseline and endline.
    pub minimum_days_between: i32,
}

/// Every version, the newest first: a handful of rows.
///
/// # Errors
/// Those of the database.
pub fn newest_first(connection: &mut DbConnection) -> Result<Vec<Method>, AppError> {
    let mut methods: Vec<Method> = tcv_methods::table.select(Method::as_select()).load(connection)?;
    methods.sort_by(|left, right| by_version(&right.version, &left.version));
    Ok(methods)
}

/// `2026.10` comes after `2026.9`, which neither engine's order of texts knows.
pub fn by_version(left: &str, right: &str) -> Ordering {
    let numbers = |version: &str| -> Vec<u64> { version.split('.').map(|part| part.parse().unwrap_or(0)).collect() };
    numbers(left).cmp(&numbers(right)).then_with(|| left.cmp(right))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_as_numbers() {
        assert_eq!(by_version("2026.10", "2026.9"), Ordering::Greater);
        assert_eq!(by_version("2026.1", "2027"), Ordering::Less);
        assert_eq!(by_version("2026.1", "2026.1"), Ordering::Equal);
    }
}
