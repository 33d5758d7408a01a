//! A list as the file that can be imported again.

use std::collections::HashMap;

use actix_web::{HttpResponse, http::header};

use super::{
    known::{self, Known},
    lists::{Cell, List, ListName},
    plan::begins_formula,
};
use crate::platform::{
    error::AppError,
    web::{Answer, Call, query_type},
};

query_type! {
    /// Which list.
    ExportListQuery {
        /// The list.
        #[param(inline)]
        list: ListName,
    }
}

/// Export a list.
///
/// CSV in UTF-8 that can be imported again. Organisations and services without a code are left out: an import could not
/// know them. Before a cell that a spreadsheet would run stands an apostrophe, which an import takes off again.
#[utoipa::path(get, path = "/v1/exports", tag = "Imports", params(ExportListQuery),
    responses((status = 200, description = "The list.", body = String, content_type = "text/csv")))]
pub async fn export_list(call: Call) -> Answer {
    let query: ExportListQuery = call.query()?;
    let list = query.list.list().ok_or_else(AppError::not_found)?;
    let text =
        call.look(move |connection, _| known::load(connection, list).and_then(|known| write(list, known))).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}.csv\"", query.list.as_str())))
        .content_type("text/csv; charset=utf-8")
        .body(text))
}

fn write(list: &List, known: Known) -> Result<String, AppError> {
    let codes: HashMap<&str, &str> =
        known.organisations.iter().map(|(code, id)| (id.as_str(), code.as_str())).collect();
    let mut rows: Vec<_> = known.rows.iter().collect();
    rows.sort_by_key(|(code, _)| code.as_str());
    let mut writer = csv::Writer::from_writer(Vec::new());
    let heading = std::iter::once("code").chain(list.columns.iter().map(|column| column.heading));
    writer.write_record(heading).map_err(AppError::internal)?;
    for (code, stored) in rows {
        let cells = list.columns.iter().zip(&stored.values).map(|(column, value)| {
            let text = value.as_deref().unwrap_or_default();
            match column.cell {
                // One without a code cannot be named; the import would then leave the row at the top of the tree.
                Cell::Organisation => codes.get(text).copied().unwrap_or_default().to_owned(),
                _ if begins_formula(text) => format!("'{text}"),
                _ => text.to_owned(),
            }
        });
        writer.write_record(std::iter::once(code.clone()).chain(cells)).map_err(AppError::internal)?;
    }
    let bytes = writer.into_inner().map_err(AppError::internal)?;
    String::from_utf8(bytes).map_err(AppError::internal)
}
