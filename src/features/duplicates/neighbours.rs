//! The few pilots worth comparing: those that share most shingles. Each shingle is one short range of the table's primary
//! key, read from its newest end and no further than a bound, so the work is the same among a thousand pilots and among
//! a million.

use std::collections::HashMap;

use diesel::{
    QueryableByName, RunQueryDsl,
    sql_types::{BigInt, Text},
};

use crate::{
    features::pilots::PilotId,
    platform::{db::DbConnection, error::AppError},
};

/// Of one shingle, at most so many pilots, the latest: what more pilots share says little.
pub const MOST_PER_SHINGLE: usize = 64;

/// At most so many pilots are compared exactly.
const MOST_COMPARED: usize = 40;

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = BigInt)]
    #[expect(dead_code, reason = "keeps the rows of one pilot apart")]
    shingle: i64,
    #[diesel(sql_type = Text)]
    pilot_id: PilotId,
}

/// The pilots that share the most of these shingles, without `except`.
///
/// # Errors
/// Those of the database.
pub fn neighbours(connection: &mut DbConnection, shingles: &[i64], except: PilotId) -> Result<Vec<PilotId>, AppError> {
    if shingles.is_empty() {
        return Ok(Vec::new());
    }
    // Numbers of our own making, so they may stand in the text. The ranges are parts of one statement.
    let ranges: Vec<String> = shingles
        .iter()
        .map(|shingle| {
            format!(
                "SELECT * FROM (SELECT shingle, pilot_id FROM pilot_shingles WHERE shingle = {shingle} \
                 ORDER BY pilot_id DESC LIMIT {MOST_PER_SHINGLE}) AS part"
            )
        })
        .collect();
    let found: Vec<Found> = diesel::sql_query(ranges.join(" UNION ALL ")).load(connection)?;
    let mut shared: HashMap<PilotId, usize> = HashMap::new();
    for Found { pilot_id, .. } in found {
        if pilot_id != except {
            *shared.entry(pilot_id).or_default() += 1;
        }
    }
    let mut ranked: Vec<(usize, PilotId)> = shared.into_iter().map(|(id, count)| (count, id)).collect();
    ranked.sort_unstable_by(|left, right| right.cmp(left));
    ranked.truncate(MOST_COMPARED);
    Ok(ranked.into_iter().map(|(_, id)| id).collect())
}
