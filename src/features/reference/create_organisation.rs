//! A new organisation.

use super::organisations::{OrganisationContent, OrganisationRow, OrganisationView, insert_organisation};
use crate::platform::web::{Answer, Body, Call, Reply};

/// Create an organisation.
///
/// Below another one, or at the top of the tree.
#[utoipa::path(post, path = "/v1/organisations", tag = "Reference", request_body = OrganisationContent,
    responses((status = 201, description = "Created.", body = OrganisationView)))]
pub async fn create_organisation(call: Call, body: Body) -> Answer {
    let content: OrganisationContent = body.read(&call).await?;
    call.write(move |tx| {
        content.check_references(tx.conn)?;
        let content = content.clone();
        let row = OrganisationRow {
            id: tx.new_id(),
            parent_id: content.parent_id,
            kind: content.kind,
            name_bn: content.name.bn,
            name_en: content.name.en,
            district_code: content.district_code,
            is_active: content.is_active,
            version: 1,
            created_at: tx.now,
            updated_at: tx.now,
            code: content.code,
            upazila_code: content.upazila_code,
        };
        insert_organisation(tx.conn, &row)?;
        tx.audit("organisation", row.id.as_str(), None, Some(&row))?;
        Reply::created(format!("/v1/organisations/{}", row.id), row.version, &OrganisationView::from(row))
    })
    .await
}
