//! What a timeline is put together from.

use super::entry::Entry;
use crate::{
    features::pilots::PilotRow,
    platform::{
        auth::{Actor, Standing},
        clock::Timestamp,
        db::DbConnection,
        error::AppError,
    },
};

/// Whose timeline it is, and who reads it.
#[derive(Clone, Copy)]
pub struct Viewpoint<'a> {
    /// The pilot.
    pub pilot: &'a PilotRow,
    /// The reader.
    pub actor: &'a Actor,
    /// What the reader is to the pilot.
    pub standing: &'a Standing,
}

impl Viewpoint<'_> {
    /// Whether the reader is of the team or of staff, who are told reasons and what is not confirmed.
    pub fn is_insider(&self) -> bool {
        self.standing.team || self.standing.roles.is_staff()
    }
}

/// Which part of a source is wanted. The order is by time, then by identifier.
#[derive(Clone, Debug)]
pub struct Range {
    /// The latest first.
    pub descending: bool,
    /// Where to go on: a time, an identifier, and whether that very place is still to come.
    pub from: Option<(Timestamp, String, bool)>,
    /// At most so many.
    pub limit: i64,
}

/// One kind of entry.
pub trait Source: Sync {
    /// The operation by which its records are read: whoever may not do that by their key does not see them here either.
    fn read_by(&self) -> &'static str;

    /// The entries of a range that this reader may see, in its order.
    ///
    /// # Errors
    /// Those of the database.
    fn fetch(&self, connection: &mut DbConnection, of: Viewpoint<'_>, range: &Range) -> Result<Vec<Entry>, AppError>;
}

/// Adds range and order to a boxed query, by a column of time that may be null and one of identifiers. Written as
/// `at <= t AND (at < t OR id < i)`, so that the index starts at the place.
macro_rules! ranged {
    ($query:expr, $range:expr, $at:expr, $id:expr) => {{
        use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl};
        let (mut query, range) = ($query, $range);
        if let Some((at, id, includes)) = &range.from {
            query = match (range.descending, includes) {
                (true, true) => query.filter($at.le(*at).and($at.lt(*at).or($id.le(id.clone())))),
                (true, false) => query.filter($at.le(*at).and($at.lt(*at).or($id.lt(id.clone())))),
                (false, true) => query.filter($at.ge(*at).and($at.gt(*at).or($id.ge(id.clone())))),
                (false, false) => query.filter($at.ge(*at).and($at.gt(*at).or($id.gt(id.clone())))),
            };
        }
        let query = match range.descending {
            true => query.order(($at.desc(), $id.desc())),
            false => query.order(($at.asc(), $id.asc())),
        };
        query.limit(range.limit)
    }};
}
pub(crate) use ranged;
