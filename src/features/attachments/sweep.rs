//! Objects without a row: uploads that were refused or cut off, and files of deleted records. They go after a day, when
//! no upload can be on its way any more.

use std::collections::HashSet;

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use futures_util::TryStreamExt;

use super::add_attachment::PREFIX;
use crate::platform::{
    clock::Timestamp,
    db::{Db, schema::attachments},
    error::AppError,
    files::Files,
};

/// Objects that are looked up at once.
const AT_ONCE: usize = 500;

/// Removes the objects that were written before `before` and have no row, or only that of a file taken away. Says how
/// many.
///
/// # Errors
/// `StorageUnavailable`; those of the database.
pub async fn sweep(db: &Db, files: &Files, before: Timestamp) -> Result<usize, AppError> {
    let mut swept = 0;
    let mut batches = files.list(PREFIX, AT_ONCE);
    while let Some(batch) = batches.try_next().await? {
        let old: Vec<String> =
            batch.into_iter().filter(|object| object.written_at < before).map(|object| object.key).collect();
        let asked = old.clone();
        let known: HashSet<String> = db
            .read(move |connection| {
                let keys: Vec<String> = attachments::table
                    .filter(attachments::object_key.eq_any(&asked))
                    .filter(attachments::deleted_at.is_null())
                    .select(attachments::object_key)
                    .load(connection)?;
                Ok(keys.into_iter().collect())
            })
            .await?;
        for key in old.iter().filter(|key| !known.contains(*key)) {
            files.delete(key).await?;
            swept += 1;
        }
    }
    Ok(swept)
}
