//! What becomes of the endpoints of a service account when that is revoked.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{
    rows::{EndpointRow, save},
    status::EndpointStatus,
};
use crate::platform::{db::schema::webhook_endpoints, error::AppError, ids::ServiceAccountId, web::Tx};

/// Disables all endpoints that keys of this service account made, in the transaction of its end; what waits to be sent is
/// not sent.
///
/// # Errors
/// Those of the database.
pub fn end_with_account(tx: &mut Tx<'_>, id: ServiceAccountId, action: &str) -> Result<(), AppError> {
    let endpoints: Vec<EndpointRow> = webhook_endpoints::table
        .filter(webhook_endpoints::service_account_id.eq(id))
        .filter(webhook_endpoints::status.ne(EndpointStatus::Disabled))
        .order(webhook_endpoints::id)
        .select(EndpointRow::as_select())
        .load(tx.conn)?;
    for before in endpoints {
        let after = EndpointRow {
            status: EndpointStatus::Disabled,
            status_reason: Some("The service account was revoked.".to_owned()),
            ..before.clone()
        };
        save(tx, action, &before, after)?;
    }
    Ok(())
}
