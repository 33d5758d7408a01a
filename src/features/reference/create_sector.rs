//! A new sector. Of the coded lists only this one grows: places and SDGs are set by others.

use diesel::{RunQueryDsl, insert_into};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    codes::{CodeRow, Scheme, next_position},
    sectors::SectorView,
};
use crate::platform::{
    db::schema::codes,
    error::{AppError, DatabaseIntent, ErrorCode},
    text::TitleInput,
    web::{Answer, Body, Call, Reply, body::some_language},
};

/// A new sector.
#[derive(Clone, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct CreateSectorRequest {
    /// Its code, which never changes.
    #[schema(min_length = 2, max_length = 60, pattern = "^[a-z][a-z0-9_]*$", example = "sports_culture")]
    pub code: String,
    /// What people call it.
    #[validate(custom(function = some_language))]
    pub name: TitleInput,
}

/// Create a sector.
///
/// It comes last in the order.
#[utoipa::path(post, path = "/v1/sectors", tag = "Reference", request_body = CreateSectorRequest,
    responses((status = 201, description = "Created.", body = SectorView)))]
pub async fn create_sector(call: Call, body: Body) -> Answer {
    let request: CreateSectorRequest = body.read(&call).await?;
    call.write(move |tx| {
        let row = CodeRow {
            scheme: Scheme::Sector,
            code: request.code.clone(),
            parent_code: None,
            name_bn: request.name.bn.clone(),
            name_en: request.name.en.clone(),
            position: next_position(tx.conn, Scheme::Sector)?,
            is_active: true,
            version: 1,
            created_at: tx.now,
            updated_at: tx.now,
        };
        let taken =
            AppError::new(ErrorCode::AlreadyExists).detail("There is a sector with this code.", "এই কোডে একটি খাত আছে।");
        insert_into(codes::table).values(&row).execute(tx.conn).or_conflict(taken)?;
        tx.audit("sector", &row.code, None, Some(&row))?;
        Reply::created(format!("/v1/sectors/{}", row.code), row.version, &SectorView::from(row))
    })
    .await
}
