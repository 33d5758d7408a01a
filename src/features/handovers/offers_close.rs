//! A pilot that comes to its end is no longer on offer.

use super::{
    rows::{advance, unanswered},
    status::{HandoverMove, HandoverStatus},
};
use crate::{
    features::pilots::{Follower, PilotRow, status::PilotMove},
    platform::{error::AppError, web::Tx},
};

/// Closes the open offer of a pilot that has ended.
pub struct OffersClose;

impl Follower for OffersClose {
    fn moved(&self, tx: &mut Tx<'_>, _: &PilotRow, after: &PilotRow, _: PilotMove) -> Result<(), AppError> {
        if after.ended_at.is_none() {
            return Ok(());
        }
        let Some(offer) = unanswered(tx.conn, after.id)? else { return Ok(()) };
        let is_over = offer.status_at(tx.now) == HandoverStatus::Expired;
        let by = tx.actor()?.user_id;
        match is_over {
            true => advance(tx, &offer, HandoverMove::Expire, None, None)?,
            false => advance(tx, &offer, HandoverMove::Lapse, Some(by), None)?,
        };
        Ok(())
    }
}
