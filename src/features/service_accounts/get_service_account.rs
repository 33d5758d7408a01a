//! One service account.

use super::{access::see, view::ServiceAccountView};
use crate::platform::{
    ids::ServiceAccountId,
    web::{Answer, Call, Reply},
};

/// Read a service account.
///
/// One's own; administrators and auditors read all.
#[utoipa::path(get, path = "/v1/service-accounts/{service_account_id}", tag = "Service accounts",
    responses((status = 200, description = "The service account.", body = ServiceAccountView)))]
pub async fn get_service_account(call: Call) -> Answer {
    let id = call.id("service_account_id", ServiceAccountId::parse)?;
    call.read(move |connection, context| {
        let (row, _) = see(connection, context.actor.as_ref(), id)?;
        Reply::record(row.version, &ServiceAccountView::new(row, context.user()?))
    })
    .await
}
