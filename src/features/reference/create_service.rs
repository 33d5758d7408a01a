//! A new service.

use super::services::{ServiceContent, ServiceRow, ServiceView, insert_service};
use crate::platform::web::{Answer, Body, Call, Reply};

/// Create a service.
///
/// In a sector, with the organisation that answers for it.
#[utoipa::path(post, path = "/v1/services", tag = "Reference", request_body = ServiceContent,
    responses((status = 201, description = "Created.", body = ServiceView)))]
pub async fn create_service(call: Call, body: Body) -> Answer {
    let content: ServiceContent = body.read(&call).await?;
    call.write(move |tx| {
        content.check_references(tx.conn)?;
        let content = content.clone();
        let row = ServiceRow {
            id: tx.new_id(),
            sector_code: content.sector_code,
            organisation_id: content.organisation_id,
            name_bn: content.name.bn,
            name_en: content.name.en,
            is_active: content.is_active,
            version: 1,
            created_at: tx.now,
            updated_at: tx.now,
            code: content.code,
        };
        insert_service(tx.conn, &row)?;
        tx.audit("service", row.id.as_str(), None, Some(&row))?;
        Reply::created(format!("/v1/services/{}", row.id), row.version, &ServiceView::from(row))
    })
    .await
}
