//! A new source: what the team says that someone gives.

use diesel::{RunQueryDsl, insert_into};

use super::{
    access::SeenSource, content::FundingSourceContent, guards, rows::FundingSourceRow, status::SourceStatus,
    view::FundingSourceView,
};
use crate::{
    features::pilots::{PilotId, see},
    platform::{
        db::schema::funding_sources,
        error::AppError,
        web::{Answer, Body, Call, Reply, Tx},
    },
};

/// Declare a funding source.
///
/// Local money, or goods at their value. It counts at gate 1 once an officer outside the team has confirmed it by its
/// document.
#[utoipa::path(post, path = "/v1/pilots/{pilot_id}/funding-sources", tag = "Funding sources",
    request_body = FundingSourceContent,
    responses((status = 201, description = "The source.", body = FundingSourceView)))]
pub async fn declare_funding_source(call: Call, body: Body) -> Answer {
    let id = call.id("pilot_id", PilotId::parse)?;
    call.look(move |connection, context| {
        let pilot = see(connection, context.actor.as_ref(), id)?;
        context.permit("declare_funding_source", &pilot.standing)
    })
    .await?;
    let content: FundingSourceContent = body.read(&call).await?;
    call.write(move |tx| run(tx, id, &content)).await
}

fn run(tx: &mut Tx<'_>, id: PilotId, content: &FundingSourceContent) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let pilot = see(tx.conn, Some(&actor), id)?;
    tx.permit("declare_funding_source", &pilot.standing)?;
    if let Some(obstacle) = guards::ended_obstacle(&pilot.row) {
        return Err(obstacle);
    }
    content.check(tx.conn, id)?;
    let blank = FundingSourceRow {
        id: tx.new_id(),
        pilot_id: id,
        kind: content.kind,
        provider_bn: None,
        provider_en: None,
        amount: 0,
        description: None,
        status: SourceStatus::Declared,
        document_id: None,
        declared_by: actor.user_id,
        decided_by: None,
        decided_at: None,
        reason: None,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    let row = blank.with_content(content);
    insert_into(funding_sources::table).values(&row).execute(tx.conn)?;
    tx.audit("funding_source", row.id.as_str(), None, Some(&row))?;
    let (id, version) = (row.id, row.version);
    let view = FundingSourceView::new(SeenSource::new(row, pilot, &actor));
    Reply::created(format!("/v1/funding-sources/{id}"), version, &view)
}
