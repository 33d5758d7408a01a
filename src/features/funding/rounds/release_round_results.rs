//! The day on which applicants are told.

use chrono::Days;

use super::{
    guards::check_can_release,
    rows::RoundRow,
    store::{find_round, save},
    view::FundingRoundView,
};
use crate::{
    features::funding::{
        funds::standing,
        ids::RoundId,
        requests::{self, FundingRequestRow, RequestStatus, announce, handed_in},
    },
    platform::{
        error::AppError,
        web::{Answer, Body, Call, Reply, Tx},
    },
};

const ACTION: &str = "release_round_results";

/// Release the results of a funding round.
///
/// Once, in `decided`, from the day on that the round names. From now on applicants are told what was decided, and the
/// agreement of each award has to be signed within the days that the round allows.
#[utoipa::path(post, path = "/v1/funding-rounds/{round_id}/release", tag = "Funding rounds",
    responses((status = 200, description = "The round, released.", body = FundingRoundView)))]
pub async fn release_round_results(call: Call, body: Body) -> Answer {
    let id = call.id("round_id", RoundId::parse)?;
    call.look(move |connection, context| {
        let fund = find_round(connection, id)?.fund_id;
        context.permit(ACTION, &standing(connection, context.actor.as_ref(), fund)?)
    })
    .await?;
    body.expect_nothing(&call).await?;
    call.write(move |tx| run(tx, id)).await
}

fn run(tx: &mut Tx<'_>, id: RoundId) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let (before, now) = (find_round(tx.conn, id)?, tx.now);
    let standing = standing(tx.conn, Some(&actor), before.fund_id)?;
    tx.permit(ACTION, &standing)?;
    tx.check_version(before.version)?;
    check_can_release(&before, now)?;
    let prepared = RoundRow { released_at: Some(now), released_by: Some(actor.user_id), ..before.clone() };
    let after = save(tx, ACTION, &before, prepared)?;
    let today = now.day_in_dhaka();
    let days = u64::try_from(after.agreement_within_days).unwrap_or_default();
    let due_on = today.checked_add_days(Days::new(days)).unwrap_or(today);
    for request in handed_in(tx.conn, id)? {
        if request.status == RequestStatus::Awarded {
            let prepared = FundingRequestRow { agreement_due_on: Some(due_on), ..request.clone() };
            requests::save(tx, ACTION, &request, prepared)?;
        } else {
            announce(tx, ACTION, &request)?;
        }
    }
    Reply::record(after.version, &FundingRoundView::load(tx.conn, after, &standing, now)?)
}
