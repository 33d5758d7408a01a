//! A change to a service. Its pilots go along to another sector, unless they named one of their own.

use std::sync::Arc;

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, update};
use serde::Deserialize;
use utoipa::ToSchema;

use super::organisations::code_taken;
use super::services::{ServiceContent, ServiceRow, ServiceView, put_words, the_service};
use crate::platform::{
    db::{dialect, schema::services},
    error::{AppError, DatabaseIntent, ErrorCode},
    ids::{OrganisationId, ServiceId},
    text::TitleInput,
    web::{Answer, Body, Call, Reply, body::apply_patch},
};

/// What can be changed of a service.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "describes the patch; the merged record is what is read")]
pub struct ServicePatch {
    /// What people call it.
    #[schema(nullable = false)]
    name: Option<TitleInput>,
    /// What it is about.
    #[schema(min_length = 1, max_length = 60, nullable = false)]
    sector_code: Option<String>,
    /// Who answers for it.
    #[schema(nullable = false)]
    organisation_id: Option<OrganisationId>,
    /// A code of one's own, by which imports know it.
    #[schema(min_length = 2, max_length = 60, pattern = "^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    code: Option<String>,
    /// Whether it is offered for new records.
    #[schema(nullable = false)]
    is_active: Option<bool>,
}

/// Change a service.
///
/// Pilots that name it keep doing so; those that were filed under its sector are filed under the new one.
#[utoipa::path(patch, path = "/v1/services/{service_id}", tag = "Reference", request_body = ServicePatch,
    responses((status = 200, description = "The service as it is now.", body = ServiceView)))]
pub async fn update_service(call: Call, body: Body) -> Answer {
    let id = call.id("service_id", ServiceId::parse)?;
    call.look(move |connection, _| the_service(connection, id)).await?;
    let patch = body.read_patch::<ServicePatch>(&call).await?;
    let state = Arc::clone(&call.state);
    call.write(move |tx| {
        let before = the_service(tx.conn, id)?;
        tx.check_version(before.version)?;
        let content = apply_patch(&state.schemas, &ServiceContent::of(&before), &patch)?;
        content.check_references(tx.conn)?;
        let after = ServiceRow {
            sector_code: content.sector_code,
            organisation_id: content.organisation_id,
            code: content.code,
            name_bn: content.name.bn,
            name_en: content.name.en,
            is_active: content.is_active,
            version: before.version + 1,
            updated_at: tx.now,
            ..before.clone()
        };
        let changed = update(services::table.find(id).filter(services::version.eq(before.version)))
            .set((
                services::sector_code.eq(&after.sector_code),
                services::organisation_id.eq(after.organisation_id),
                services::code.eq(&after.code),
                services::name_bn.eq(&after.name_bn),
                services::name_en.eq(&after.name_en),
                services::is_active.eq(after.is_active),
                services::version.eq(after.version),
                services::updated_at.eq(after.updated_at),
            ))
            .execute(tx.conn)
            .or_conflict(code_taken())?;
        if changed == 0 {
            return Err(AppError::new(ErrorCode::VersionMismatch));
        }
        if before.sector_code != after.sector_code {
            dialect::move_sector(tx.conn, id, (&before.sector_code, &after.sector_code), tx.now)?;
        }
        put_words(tx.conn, &after)?;
        tx.audit("service", id.as_str(), Some(&before), Some(&after))?;
        Reply::record(after.version, &ServiceView::from(after))
    })
    .await
}
