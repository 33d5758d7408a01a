//! What an operator should change in the settings of the database.

use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::BigInt};

use super::{Db, Engine};
use crate::platform::error::AppError;

/// A stall of ten seconds at four hundred changes a second, each of which reads in fifteen places, less what PostgreSQL
/// folds together.
const LEAST_REMEMBERED: i64 = 50_000;

#[derive(QueryableByName)]
struct Memory {
    #[diesel(sql_type = BigInt)]
    places: i64,
}

impl Db {
    /// A sentence for the log, if there is anything to change. PostgreSQL remembers what serializable transactions read
    /// until all that ran beside them have ended; when that memory is full, changes are refused.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub async fn advice(&self) -> Result<Option<String>, AppError> {
        if self.engine() == Engine::Sqlite {
            return Ok(None);
        }
        let asked = "SELECT current_setting('max_pred_locks_per_transaction')::bigint \
                     * (current_setting('max_connections')::bigint \
                        + current_setting('max_prepared_transactions')::bigint) AS places";
        let Memory { places } = self.read(move |connection| Ok(sql_query(asked).get_result(connection)?)).await?;
        Ok((places < LEAST_REMEMBERED).then(|| {
            format!(
                "PostgreSQL remembers {places} places that transactions read; after a stall under load it refuses changes. \
                 Set max_pred_locks_per_transaction so that it comes to {LEAST_REMEMBERED}: with 100 connections, to 512."
            )
        }))
    }
}
