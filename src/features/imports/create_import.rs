//! An import: all of a file, or nothing of it.

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    import::{import, read_table},
    lists::ListName,
    view::ImportView,
};
use crate::platform::{
    error::AppError,
    web::{Answer, Body, Call, Reply, query_type},
};

/// The largest file.
const LARGEST: u64 = 32 << 20;

query_type! {
    /// Which list, and whether in earnest.
    CreateImportQuery {
        /// The list.
        #[param(inline)]
        list: ListName,
        /// Only say what would happen, with up to 1,000 errors.
        dry_run: Option<bool>,
    }
}

/// The bytes of a CSV file.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "it is for the document; the bytes are streamed")]
pub struct CsvFile(Vec<u8>);

/// What the audit keeps the digest of.
#[derive(Serialize)]
struct Digested<'a> {
    list: ListName,
    file_sha256: &'a str,
    created: usize,
    updated: usize,
}

/// Import a list.
///
/// CSV in UTF-8 with a heading; rows are known by their `code`: a new one is created, a known one is changed, what is
/// not in the file stays. A column that is not in the file stays as it is. The columns are: organisations `code, kind,
/// name_bn, name_en, parent_code, district_code, upazila_code, is_active`; services `code, name_bn, name_en,
/// sector_code, organisation_code, is_active`; sectors `code, name_bn, name_en, is_active`; upazilas `code, name_bn,
/// name_en, district_code, is_active`, with the six-digit geocode of the Bureau of Statistics as code. At most 100,000
/// rows and 32 MiB. If rows are wrong nothing is changed: 422 `validation_failed` with the first 50 errors; a dry run
/// answers 200 and lists up to 1,000, by row and then by column. What is no table of the list at all (not UTF-8, another
/// heading, too many rows) is refused whole, in a dry run too: 422 `import_refused`.
#[utoipa::path(post, path = "/v1/imports", tag = "Imports", params(CreateImportQuery),
    request_body(content = CsvFile, content_type = "text/csv", example = json!("code,name_bn,name_en\nsports_culture,ক্রীড়া ও সংস্কৃতি,Sports and culture\n")),
    responses((status = 200, description = "What it did.", body = ImportView)))]
pub async fn create_import(call: Call, body: Body) -> Answer {
    let query: CreateImportQuery = call.query()?;
    let (list, dry_run) = (query.list, query.dry_run.unwrap_or(false));
    let file = body.read_file(&call, "text/csv", LARGEST, &format!("{} {dry_run}", list.as_str())).await?;
    let sha256 = file.sha256.clone();
    let table =
        tokio::task::spawn_blocking(move || read_table(list, &file.file)).await.map_err(AppError::internal)??;
    let (table, clock) = (Arc::new(table), call.state.clock.clone());
    if dry_run {
        return call
            .read(move |connection, context| {
                let done = import(connection, &clock, context.now(), list, &table, true)?;
                Reply::ok(&ImportView::new(list, true, done, context.meta.language))
            })
            .await;
    }
    let language = call.meta.language;
    call.write(move |tx| {
        let done = import(tx.conn, &clock, tx.now, list, &table, false)?;
        if done.report.total > 0 {
            return Err(done.report.refusal());
        }
        let digested = Digested { list, file_sha256: &sha256, created: done.created, updated: done.updated };
        tx.audit("import", list.as_str(), None, Some(&digested))?;
        Reply::ok(&ImportView::new(list, false, done, language))
    })
    .await
}
