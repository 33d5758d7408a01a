//! Reading one possible duplicate.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{
    rows::{DuplicateId, DuplicateRow},
    view::{DuplicateView, PairAndOther, own_among, standing, visible},
};
use crate::{
    features::{
        permissions::PERMISSIONS,
        pilots::{Seen, see},
    },
    platform::{
        auth::{Actor, can},
        db::{
            DbConnection,
            schema::{pilot_duplicates, pilots},
        },
        error::{AppError, DatabaseIntent},
        web::{Answer, Call, Reply},
    },
};

/// Read a possible duplicate.
///
/// For the pilot's team and for staff, if they may see the other pilot.
#[utoipa::path(get, path = "/v1/duplicates/{duplicate_id}", tag = "Duplicates",
    responses((status = 200, description = "The possible duplicate.", body = DuplicateView)))]
pub async fn get_duplicate(call: Call) -> Answer {
    let id = call.id("duplicate_id", DuplicateId::parse)?;
    call.read(move |connection, context| {
        let (pair, seen) = see_duplicate(connection, context.user()?, id)?;
        Reply::record(pair.0.version, &DuplicateView::new(pair, &seen.row, &seen.standing))
    })
    .await
}

/// A pair and its pilot, with what the caller is to both pilots, if they may know of it.
///
/// # Errors
/// `NotFound`, also for an official who sees the pilot but is none of its team.
pub fn see_duplicate(
    connection: &mut DbConnection,
    actor: &Actor,
    id: DuplicateId,
) -> Result<(PairAndOther, Seen), AppError> {
    let pair: PairAndOther = visible(actor)
        .filter(pilot_duplicates::id.eq(id))
        .select((DuplicateRow::as_select(), pilots::reference, pilots::title_bn, pilots::title_en, pilots::status))
        .first(connection)
        .or_not_found()?;
    let seen = see(connection, Some(actor), pair.0.pilot_id)?;
    if can(PERMISSIONS, "get_duplicate", &seen.standing.as_person()).is_err() {
        return Err(AppError::not_found());
    }
    let is_own = !own_among(connection, actor, &[pair.0.other_id])?.is_empty();
    Ok((pair, Seen { standing: standing(&seen.standing, is_own), ..seen }))
}
