//! What the list of tasks is put together from.

use chrono::NaiveDate;

use super::task::Task;
use crate::platform::{
    auth::{Actor, Role},
    clock::Timestamp,
    db::DbConnection,
    error::AppError,
    ids::UserId,
    text::Bilingual,
};

/// So many tasks of one source are shown; one more is fetched to know whether there are more.
pub const MOST: i64 = 50;

/// Whose tasks, and when.
#[derive(Clone, Copy)]
pub struct Viewer<'a> {
    /// The caller.
    pub actor: &'a Actor,
    /// The moment.
    pub now: Timestamp,
    /// Its day in Dhaka.
    pub today: NaiveDate,
}

impl Viewer<'_> {
    /// The caller.
    pub fn me(&self) -> UserId {
        self.actor.user_id
    }
}

/// One kind of task.
pub trait TaskSource: Sync {
    /// The roles that can have such tasks; none is: anyone.
    fn roles(&self) -> &'static [Role];

    /// The operation by which its records are read: whoever may not do that by their key does not see them here either.
    fn read_by(&self) -> &'static str;

    /// What waits for the caller, at most [`MOST`] and one more.
    ///
    /// # Errors
    /// Those of the database.
    fn fetch(&self, connection: &mut DbConnection, viewer: Viewer<'_>) -> Result<Vec<Task>, AppError>;
}

/// A title in Bangla and in English, as it is stored.
pub type Title = (Option<String>, Option<String>);

/// What is to be done, followed by the title of what it is about: in the other language where one is missing.
pub fn about(en: &str, bn: &str, (title_bn, title_en): Title) -> Bilingual {
    let english = title_en.clone().or_else(|| title_bn.clone()).unwrap_or_default();
    let bangla = title_bn.or(title_en).unwrap_or_default();
    Bilingual::new(format!("{en}: {english}"), format!("{bn}: {bangla}"))
}
