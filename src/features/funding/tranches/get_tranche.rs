//! Reading one tranche.

use super::{access::see_tranche, view::TrancheView};
use crate::{
    features::funding::ids::TrancheId,
    platform::web::{Answer, Call, Reply},
};

/// Read a tranche.
///
/// For the pilot's team once the results are released, and for staff.
#[utoipa::path(get, path = "/v1/tranches/{tranche_id}", tag = "Tranches",
    responses((status = 200, description = "The tranche.", body = TrancheView)))]
pub async fn get_tranche(call: Call) -> Answer {
    let id = call.id("tranche_id", TrancheId::parse)?;
    call.read(move |connection, context| {
        let seen = see_tranche(connection, context.actor.as_ref(), id)?;
        context.permit("get_tranche", &seen.agreement.seen.standing)?;
        let view = TrancheView::new(&seen);
        Reply::record(view.version, &view)
    })
    .await
}
