//! One organisation.

use super::organisations::{OrganisationView, the_organisation};
use crate::platform::{
    ids::OrganisationId,
    web::{Answer, Call, Reply},
};

/// Read an organisation.
///
/// Follow `parent_id` for the ones above it.
#[utoipa::path(get, path = "/v1/organisations/{organisation_id}", tag = "Reference",
    responses((status = 200, description = "The organisation.", body = OrganisationView)))]
pub async fn get_organisation(call: Call) -> Answer {
    let id = call.id("organisation_id", OrganisationId::parse)?;
    call.read(move |connection, _| {
        let row = the_organisation(connection, id)?;
        Reply::record(row.version, &OrganisationView::from(row))
    })
    .await
}
