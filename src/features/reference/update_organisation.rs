//! A change to an organisation. When it moves in the tree, its pilots, and those of all below it, are found under the
//! organisations above its new place.

use std::sync::Arc;

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, update};
use serde::Deserialize;
use utoipa::ToSchema;

use super::organisations::{
    OrganisationContent, OrganisationKind, OrganisationRow, OrganisationView, code_taken, organisation_chain,
    put_words, the_organisation,
};
use crate::platform::{
    db::{DbConnection, dialect, schema::organisations},
    error::{AppError, DatabaseIntent, ErrorCode, FieldError},
    ids::OrganisationId,
    text::TitleInput,
    web::{Answer, Body, Call, Reply, body::apply_patch},
};

/// What can be changed of an organisation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "describes the patch; the merged record is what is read")]
pub struct OrganisationPatch {
    /// What people call it.
    #[schema(nullable = false)]
    name: Option<TitleInput>,
    /// What it is.
    #[schema(nullable = false)]
    kind: Option<OrganisationKind>,
    /// The one it belongs to; null moves it to the top of the tree.
    parent_id: Option<OrganisationId>,
    /// The district it sits in.
    #[schema(min_length = 1, max_length = 60)]
    district_code: Option<String>,
    /// The upazila it sits in, one of that district.
    #[schema(min_length = 1, max_length = 60)]
    upazila_code: Option<String>,
    /// A code of one's own, by which imports know it.
    #[schema(min_length = 2, max_length = 60, pattern = "^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    code: Option<String>,
    /// Whether it is offered for new records.
    #[schema(nullable = false)]
    is_active: Option<bool>,
}

/// Change an organisation.
///
/// It can move below any organisation that is not itself below it.
#[utoipa::path(patch, path = "/v1/organisations/{organisation_id}", tag = "Reference",
    request_body = OrganisationPatch,
    responses((status = 200, description = "The organisation as it is now.", body = OrganisationView)))]
pub async fn update_organisation(call: Call, body: Body) -> Answer {
    let id = call.id("organisation_id", OrganisationId::parse)?;
    call.look(move |connection, _| the_organisation(connection, id)).await?;
    let patch = body.read_patch::<OrganisationPatch>(&call).await?;
    let state = Arc::clone(&call.state);
    call.write(move |tx| {
        let before = the_organisation(tx.conn, id)?;
        tx.check_version(before.version)?;
        let content = apply_patch(&state.schemas, &OrganisationContent::of(&before), &patch)?;
        content.check_references(tx.conn)?;
        let after = OrganisationRow {
            parent_id: content.parent_id,
            kind: content.kind,
            name_bn: content.name.bn,
            name_en: content.name.en,
            district_code: content.district_code,
            upazila_code: content.upazila_code,
            code: content.code,
            is_active: content.is_active,
            version: before.version + 1,
            updated_at: tx.now,
            ..before.clone()
        };
        let moves = after.parent_id != before.parent_id;
        if moves {
            refuse_cycle(tx.conn, &after)?;
            dialect::detach_organisation_facets(tx.conn, id)?;
        }
        save(tx.conn, &after, before.version)?;
        if moves {
            dialect::attach_organisation_facets(tx.conn, id)?;
        }
        put_words(tx.conn, &after)?;
        tx.audit("organisation", id.as_str(), Some(&before), Some(&after))?;
        Reply::record(after.version, &OrganisationView::from(after))
    })
    .await
}

fn refuse_cycle(connection: &mut DbConnection, row: &OrganisationRow) -> Result<(), AppError> {
    let Some(parent) = row.parent_id else { return Ok(()) };
    if organisation_chain(connection, parent)?.contains(&row.id) {
        return Err(AppError::validation(vec![FieldError::body(
            "/parent_id",
            "cycle",
            "An organisation cannot lie below itself.",
            "কোনো প্রতিষ্ঠান নিজের অধীনে থাকতে পারে না।",
        )]));
    }
    Ok(())
}

fn save(connection: &mut DbConnection, row: &OrganisationRow, version: i64) -> Result<(), AppError> {
    let changed = update(organisations::table.find(row.id).filter(organisations::version.eq(version)))
        .set((
            organisations::parent_id.eq(row.parent_id),
            organisations::kind.eq(row.kind),
            organisations::name_bn.eq(&row.name_bn),
            organisations::name_en.eq(&row.name_en),
            organisations::district_code.eq(&row.district_code),
            organisations::upazila_code.eq(&row.upazila_code),
            organisations::code.eq(&row.code),
            organisations::is_active.eq(row.is_active),
            organisations::version.eq(row.version),
            organisations::updated_at.eq(row.updated_at),
        ))
        .execute(connection)
        .or_conflict(code_taken())?;
    if changed == 0 { Err(AppError::new(ErrorCode::VersionMismatch)) } else { Ok(()) }
}
