//! Deleting a draft that was never handed in; everything else stays for ever.

use diesel::{QueryDsl, RunQueryDsl, delete};

use super::{PilotId, guards, rows::PilotRow, see};
use crate::{
    features::PILOT_FOLLOWERS,
    platform::{
        db::schema::pilots,
        web::{Answer, Body, Call, Reply},
    },
};

/// Delete a draft.
///
/// Only a draft that was never submitted; anything later is withdrawn instead.
#[utoipa::path(delete, path = "/v1/pilots/{pilot_id}", tag = "Pilots", responses((status = 204, description = "It is gone.")))]
pub async fn delete_pilot(call: Call, body: Body) -> Answer {
    let id = call.id("pilot_id", PilotId::parse)?;
    call.look(move |connection, context| {
        let seen = see(connection, context.actor.as_ref(), id)?;
        context.permit("delete_pilot", &seen.standing)
    })
    .await?;
    body.expect_nothing(&call).await?;
    call.write(move |tx| {
        let actor = tx.actor()?.clone();
        let seen = see(tx.conn, Some(&actor), id)?;
        tx.permit("delete_pilot", &seen.standing)?;
        tx.check_version(seen.row.version)?;
        if let Some(obstacle) = guards::deletion_obstacle(&seen.row) {
            return Err(obstacle);
        }
        PILOT_FOLLOWERS.iter().try_for_each(|follower| follower.deleting(tx, &seen.row))?;
        delete(pilots::table.find(id)).execute(tx.conn)?;
        tx.audit::<PilotRow>("pilot", id.as_str(), Some(&seen.row), None)?;
        Ok(Reply::no_content())
    })
    .await
}
