//! Recording how often a service was used in a fiscal year: who has a pilot on it does not say.

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, insert_into};

use super::{
    access::standing_to_service,
    basis::begun_year,
    volumes::{CreateServiceVolumeRequest, ServiceVolumeView, VolumeRow},
};
use crate::platform::{
    clock::Timestamp,
    db::schema::service_volumes,
    error::AppError,
    ids::ServiceId,
    web::{Answer, Body, Call, Reply, Tx},
};

/// Record a service's volume.
///
/// How often it was used in a fiscal year, with the source of the number. If the year has one already, this corrects
/// it: the older revisions stay on record. Not by members of a pilot on the service.
#[utoipa::path(post, path = "/v1/services/{service_id}/volumes", tag = "Impact",
    request_body = CreateServiceVolumeRequest,
    responses((status = 201, description = "The volume that counts from now on.", body = ServiceVolumeView)))]
pub async fn create_service_volume(call: Call, body: Body) -> Answer {
    let id = call.id("service_id", ServiceId::parse)?;
    call.look(move |connection, context| {
        let standing = standing_to_service(connection, context.user()?, id)?;
        context.permit("create_service_volume", &standing)
    })
    .await?;
    let request: CreateServiceVolumeRequest = body.read(&call).await?;
    call.write(move |tx| run(tx, id, &request)).await
}

fn run(tx: &mut Tx<'_>, id: ServiceId, request: &CreateServiceVolumeRequest) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let standing = standing_to_service(tx.conn, &actor, id)?;
    tx.permit("create_service_volume", &standing)?;
    let year = begun_year(&request.fiscal_year, tx.now.day_in_dhaka())
        .map_err(|error| AppError::validation(vec![error]))?
        .begins_in();
    let before: Option<(i64, Timestamp)> = service_volumes::table
        .filter(service_volumes::service_id.eq(id))
        .filter(service_volumes::fiscal_year.eq(year))
        .order(service_volumes::revision.desc())
        .select((service_volumes::revision, service_volumes::recorded_at))
        .first(tx.conn)
        .optional()?;
    let row = VolumeRow {
        id: tx.new_id(),
        service_id: id,
        fiscal_year: year,
        revision: before.map_or(1, |(revision, _)| revision + 1),
        volume: request.volume,
        source: request.source.clone(),
        note: request.note.clone(),
        recorded_by: actor.user_id,
        recorded_at: before.map_or(tx.now, |(_, at)| at.max(tx.now)),
    };
    insert_into(service_volumes::table).values(&row).execute(tx.conn)?;
    tx.audit("service_volume", row.id.as_str(), None, Some(&row))?;
    Reply::created(format!("/v1/service-volumes/{}", row.id), 1, &ServiceVolumeView::new(row, true, true))
}
