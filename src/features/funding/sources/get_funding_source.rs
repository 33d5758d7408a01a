//! Reading one source.

use super::{access::see_source, view::FundingSourceView};
use crate::{
    features::funding::ids::FundingSourceId,
    platform::web::{Answer, Call, Reply},
};

/// Read a funding source.
///
/// For every logged-in person who may see its pilot.
#[utoipa::path(get, path = "/v1/funding-sources/{source_id}", tag = "Funding sources",
    responses((status = 200, description = "The source.", body = FundingSourceView)))]
pub async fn get_funding_source(call: Call) -> Answer {
    let id = call.id("source_id", FundingSourceId::parse)?;
    call.read(move |connection, context| {
        let seen = see_source(connection, context.actor.as_ref(), id)?;
        Reply::record(seen.row.version, &FundingSourceView::new(seen))
    })
    .await
}
