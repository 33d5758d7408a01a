//! The only place where the two engines are told apart in a query.

pub mod pilot_text;
mod text_index;

use diesel::{
    QueryResult, RunQueryDsl,
    sql_types::{BigInt, Bool, Text, Timestamp as SqlTimestamp},
};
pub use text_index::{ORGANISATION_TEXT, PILOT_TEXT, SERVICE_TEXT, TextIndex, UPAZILA_TEXT, USER_TEXT};

pub use super::batch::{
    Batch, ColumnType, drop_words, insert_rows, insert_words, pilots_below, refile_pilots, update_rows,
};
use super::{
    DatabaseUrl, DbConnection, DbSize,
    statement::{Statement, statement},
};
use crate::platform::{
    clock::Timestamp,
    ids::{AuditEntryId, OrganisationId, ServiceId},
};

/// The insert of a pilot's facets: these `(kind, value)` pairs, its organisation and all above that.
///
/// # Errors
/// When the pairs cannot be written as JSON.
pub fn facets_of(
    connection: &DbConnection,
    pilot_id: &str,
    updated_at: Timestamp,
    facets: &[(&'static str, String)],
    organisation: OrganisationId,
) -> QueryResult<Statement<'static>> {
    let pairs =
        serde_json::to_string(facets).map_err(|error| diesel::result::Error::SerializationError(error.into()))?;
    let (given, at) = match connection {
        DbConnection::Sqlite(_) => {
            ("SELECT json_extract(value, '$[0]') AS kind, json_extract(value, '$[1]') AS value FROM json_each(?)", "?")
        }
        DbConnection::Postgres(_) => {
            ("SELECT pair->>0 AS kind, pair->>1 AS value FROM json_array_elements(?::json) AS pair", "?::timestamp")
        }
    };
    Ok(statement(format!(
        "INSERT INTO pilot_facets (kind, value, pilot_id, pilot_updated_at) \
         WITH RECURSIVE chain (id, parent_id) AS ( \
             SELECT id, parent_id FROM organisations WHERE id = ? \
             UNION ALL \
             SELECT above.id, above.parent_id FROM chain JOIN organisations AS above ON above.id = chain.parent_id), \
         pilot (id, updated_at) AS (SELECT CAST(? AS TEXT), {at}) \
         SELECT found.kind, found.value, pilot.id, pilot.updated_at \
         FROM ({given} UNION ALL SELECT 'organisation', id FROM chain) AS found CROSS JOIN pilot"
    ))
    .bind::<Text, _>(organisation)
    .bind::<Text, _>(pilot_id.to_owned())
    .bind::<SqlTimestamp, _>(updated_at)
    .bind::<Text, _>(pairs))
}

/// Inserts the shingles of a pilot in one statement.
///
/// # Errors
/// Those of the database.
pub fn insert_shingles(connection: &mut DbConnection, pilot_id: &str, shingles: &[i64]) -> QueryResult<usize> {
    let list =
        serde_json::to_string(shingles).map_err(|error| diesel::result::Error::SerializationError(error.into()))?;
    let text = match connection {
        DbConnection::Sqlite(_) => "INSERT INTO pilot_shingles (shingle, pilot_id) SELECT value, ? FROM json_each(?)",
        DbConnection::Postgres(_) => {
            "INSERT INTO pilot_shingles (shingle, pilot_id) \
             SELECT item::bigint, ? FROM json_array_elements_text(?::json) AS item"
        }
    };
    statement(text).bind::<Text, _>(pilot_id).bind::<Text, _>(list).execute(connection)
}

/// The backend of [`DbConnection`].
pub type Backend = <DbConnection as diesel::Connection>::Backend;

/// Inserts codes of one scheme, `[code, parent or null, Bangla, English, position]` each, in one statement.
///
/// # Errors
/// Those of the database.
pub fn insert_codes(
    connection: &mut DbConnection,
    scheme: &str,
    now: Timestamp,
    rows: &[(String, Option<String>, String, String, i64)],
) -> QueryResult<usize> {
    let rows = serde_json::to_string(rows).map_err(|error| diesel::result::Error::SerializationError(error.into()))?;
    let statement = match connection {
        DbConnection::Sqlite(_) => {
            "INSERT INTO codes (scheme, code, parent_code, name_bn, name_en, position, is_active, version, created_at, \
             updated_at) SELECT $1, json_extract(value, '$[0]'), json_extract(value, '$[1]'), \
             json_extract(value, '$[2]'), json_extract(value, '$[3]'), json_extract(value, '$[4]'), TRUE, 1, $2, $2 \
             FROM json_each($3)"
        }
        DbConnection::Postgres(_) => {
            "INSERT INTO codes (scheme, code, parent_code, name_bn, name_en, position, is_active, version, created_at, \
             updated_at) SELECT $1, item->>0, item->>1, item->>2, item->>3, (item->>4)::bigint, TRUE, 1, $2, $2 \
             FROM json_array_elements($3::json) AS item"
        }
    };
    diesel::sql_query(statement)
        .bind::<Text, _>(scheme)
        .bind::<SqlTimestamp, _>(now)
        .bind::<Text, _>(rows)
        .execute(connection)
}

#[derive(diesel::QueryableByName)]
struct InChain {
    #[diesel(sql_type = Text)]
    id: OrganisationId,
}

/// An organisation and all above it, nearest first; empty if there is no such organisation.
///
/// # Errors
/// Those of the database.
pub fn organisation_chain(connection: &mut DbConnection, id: OrganisationId) -> QueryResult<Vec<OrganisationId>> {
    let rows: Vec<InChain> = statement(
        "WITH RECURSIVE chain (id, parent_id, depth) AS ( \
             SELECT id, parent_id, 0 FROM organisations WHERE id = ? \
             UNION ALL \
             SELECT above.id, above.parent_id, chain.depth + 1 FROM chain JOIN organisations AS above \
             ON above.id = chain.parent_id) \
         SELECT id FROM chain ORDER BY depth",
    )
    .bind::<Text, _>(id)
    .load(connection)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Who stands above an organisation, for the two statements below.
const ABOVE: &str = "WITH RECURSIVE above (id) AS ( \
     SELECT parent_id FROM organisations WHERE id = $1 AND parent_id IS NOT NULL \
     UNION ALL \
     SELECT next.parent_id FROM above JOIN organisations AS next ON next.id = above.id \
     WHERE next.parent_id IS NOT NULL)";

/// Before an organisation moves in the tree: its pilots, and those of all below it, are no longer found under those
/// above it.
///
/// # Errors
/// Those of the database.
pub fn detach_organisation_facets(connection: &mut DbConnection, id: OrganisationId) -> QueryResult<usize> {
    diesel::sql_query(format!(
        "{ABOVE} DELETE FROM pilot_facets WHERE kind = 'organisation' AND value IN (SELECT id FROM above) \
         AND pilot_id IN (SELECT pilot_id FROM pilot_facets WHERE kind = 'organisation' AND value = $1)"
    ))
    .bind::<Text, _>(id)
    .execute(connection)
}

/// After an organisation has moved: its pilots, and those of all below it, are found under those above it now.
///
/// # Errors
/// Those of the database.
pub fn attach_organisation_facets(connection: &mut DbConnection, id: OrganisationId) -> QueryResult<usize> {
    diesel::sql_query(format!(
        "{ABOVE} INSERT INTO pilot_facets (pilot_id, pilot_updated_at, kind, value) \
         SELECT pilot_id, pilot_updated_at, 'organisation', above.id FROM pilot_facets CROSS JOIN above \
         WHERE kind = 'organisation' AND value = $1"
    ))
    .bind::<Text, _>(id)
    .execute(connection)
}

/// After a service has moved to another sector: its pilots that were filed under the old one are filed under the new one.
/// Those that named a sector of their own keep it.
///
/// # Errors
/// Those of the database.
pub fn move_sector(
    connection: &mut DbConnection,
    service: ServiceId,
    (from, to): (&str, &str),
    now: Timestamp,
) -> QueryResult<usize> {
    // SQLite numbers parameters by their first appearance, so they appear in the order in which they are bound.
    diesel::sql_query(
        "UPDATE pilot_facets SET value = $1 WHERE kind = 'sector' AND value = $2 \
         AND pilot_id IN (SELECT pilot_id FROM pilot_facets WHERE kind = 'service' AND value = $3)",
    )
    .bind::<Text, _>(to)
    .bind::<Text, _>(from)
    .bind::<Text, _>(service)
    .execute(connection)?;
    diesel::sql_query(
        "UPDATE pilots SET sector_code = $1, version = version + 1, updated_at = $2 WHERE sector_code = $3 \
         AND id IN (SELECT pilot_id FROM pilot_facets WHERE kind = 'service' AND value = $4)",
    )
    .bind::<Text, _>(to)
    .bind::<SqlTimestamp, _>(now)
    .bind::<Text, _>(from)
    .bind::<Text, _>(service)
    .execute(connection)
}

#[derive(diesel::QueryableByName)]
struct Bytes {
    #[diesel(sql_type = BigInt)]
    bytes: i64,
}

/// How large the database behind `url` is.
///
/// # Errors
/// Those of the database.
pub(super) fn size(
    connection: &mut DbConnection,
    url: &DatabaseUrl,
) -> Result<DbSize, crate::platform::error::AppError> {
    let statement = match connection {
        DbConnection::Sqlite(_) => {
            "SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()"
        }
        DbConnection::Postgres(_) => "SELECT pg_database_size(current_database()) AS bytes",
    };
    let row: Bytes = diesel::sql_query(statement).get_result(connection)?;
    let wal_bytes = match url {
        DatabaseUrl::Sqlite(path) => {
            let mut wal = path.clone().into_os_string();
            wal.push("-wal");
            // No file is no log.
            Some(std::fs::metadata(wal).map_or(0, |file| file.len()))
        }
        DatabaseUrl::Postgres(_) => None,
    };
    Ok(DbSize { bytes: u64::try_from(row.bytes).unwrap_or(0), wal_bytes })
}

#[derive(diesel::QueryableByName)]
struct Locked {
    #[diesel(sql_type = Bool)]
    locked: bool,
}

/// Takes the right to work on an idempotency key until the transaction ends; `false` when another instance has it.
/// On SQLite there is one writer, so the right is already held.
///
/// # Errors
/// Those of the database.
pub fn try_lock_key(connection: &mut DbConnection, key: &str) -> QueryResult<bool> {
    match connection {
        DbConnection::Sqlite(_) => Ok(true),
        DbConnection::Postgres(_) => {
            let digest = crate::platform::crypto::sha256_hex(key.as_bytes());
            let number = digest.get(..15).and_then(|hex| i64::from_str_radix(hex, 16).ok()).unwrap_or(0);
            let row: Locked = statement("SELECT pg_try_advisory_xact_lock(?) AS locked")
                .bind::<BigInt, _>(number)
                .get_result(connection)?;
            Ok(row.locked)
        }
    }
}

/// Appends links to the audit chain, `(place, entry, hash before, hash)`, in one statement.
///
/// # Errors
/// Those of the database.
pub fn insert_links(
    connection: &mut DbConnection,
    links: &[(i64, AuditEntryId, String, String)],
    now: Timestamp,
) -> QueryResult<usize> {
    let rows = serde_json::to_string(links).map_err(|error| diesel::result::Error::SerializationError(error.into()))?;
    let text = match connection {
        DbConnection::Sqlite(_) => {
            "INSERT INTO audit_chain (seq, entry_id, previous_hash, hash, sealed_at) \
             SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'), \
             json_extract(value, '$[3]'), ? FROM json_each(?)"
        }
        DbConnection::Postgres(_) => {
            "INSERT INTO audit_chain (seq, entry_id, previous_hash, hash, sealed_at) \
             SELECT (item->>0)::bigint, item->>1, item->>2, item->>3, ? FROM json_array_elements(?::json) AS item"
        }
    };
    statement(text).bind::<SqlTimestamp, _>(now).bind::<Text, _>(rows).execute(connection)
}
