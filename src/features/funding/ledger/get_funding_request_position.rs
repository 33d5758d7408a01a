//! What a request has, tranche by tranche.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    as_of::PositionQuery,
    post::{Subject, totals_until},
};
use crate::{
    features::funding::{
        ids::{FundId, FundingRequestId, RoundId, TrancheId},
        requests::see_request,
        tranches::TrancheRow,
    },
    platform::{
        clock::Timestamp,
        db::{
            DbConnection,
            schema::{expenditure_reports, ledger_entries, tranches},
        },
        error::AppError,
        money::Money,
        web::{Answer, Call, Reply},
    },
};

/// What a request had at a moment.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FundingRequestPositionView {
    /// Which request.
    pub request_id: FundingRequestId,
    /// To which round.
    pub round_id: RoundId,
    /// Of which fund.
    pub fund_id: FundId,
    /// At the end of which day in Dhaka; null is: now.
    pub as_of: Option<NaiveDate>,
    /// The last line of the fund's ledger that counts; 0 when there is none.
    #[schema(minimum = 0)]
    pub seq: i64,
    /// What its recommendation holds.
    pub reserved: Money,
    /// What is promised to it, paid or not.
    pub committed: Money,
    /// What was paid less what came back.
    pub disbursed: Money,
    /// What is promised and not paid.
    pub unpaid: Money,
    /// What was accepted as spent.
    pub accepted: Money,
    /// What was paid and is neither proven nor back.
    pub unproven: Money,
    /// The same by tranche; empty before there is a plan.
    #[schema(max_items = 20)]
    pub tranches: Vec<TranchePositionView>,
}

/// What a tranche had at a moment.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TranchePositionView {
    /// Which tranche.
    pub tranche_id: TrancheId,
    /// Its number, from 1.
    #[schema(minimum = 1, maximum = 20)]
    pub number: i32,
    /// What is planned.
    pub amount: Money,
    /// What was paid less what came back.
    pub disbursed: Money,
    /// What was accepted as spent.
    pub accepted: Money,
}

/// Read the position of a funding request.
///
/// Now, or as it was at the end of a day: what is promised, paid, and proven, tranche by tranche. For those who read the
/// books of the fund; for the pilot's team once the results of the round are released.
#[utoipa::path(get, path = "/v1/funding-requests/{request_id}/position", tag = "Funds", params(PositionQuery),
    responses((status = 200, description = "The position.", body = FundingRequestPositionView)))]
pub async fn get_funding_request_position(call: Call) -> Answer {
    let id = call.id("request_id", FundingRequestId::parse)?;
    let query = PositionQuery::of(&call)?;
    call.read(move |connection, context| {
        let seen = see_request(connection, context.actor.as_ref(), id)?;
        context.permit("get_funding_request_position", &seen.standing)?;
        if !seen.is_told() {
            return Err(AppError::forbidden(
                "The results of the round are not released yet.",
                "পর্বের ফলাফল এখনো প্রকাশিত হয়নি।",
            ));
        }
        let row = seen.row;
        let seq = query.last_line(connection, row.fund_id)?;
        let totals = totals_until(connection, Subject::Request(row.fund_id, row.round_id, id), seq)?;
        let (tranches, accepted) = by_tranche(connection, id, seq, query.before())?;
        Reply::ok(&FundingRequestPositionView {
            request_id: id,
            round_id: row.round_id,
            fund_id: row.fund_id,
            as_of: query.as_of,
            seq,
            reserved: Money::from_poisha(totals.request_reserved),
            committed: Money::from_poisha(totals.request_committed),
            disbursed: Money::from_poisha(totals.request_disbursed),
            unpaid: Money::from_poisha(totals.unpaid()),
            accepted: Money::from_poisha(accepted),
            unproven: Money::from_poisha(totals.request_disbursed - accepted),
            tranches,
        })
    })
    .await
}

/// What was paid and accepted of each tranche, and the sum of what was accepted. A request has 20 tranches at most, each
/// paid and refunded a few times.
fn by_tranche(
    connection: &mut DbConnection,
    request: FundingRequestId,
    seq: i64,
    before: Option<Timestamp>,
) -> Result<(Vec<TranchePositionView>, i64), AppError> {
    let planned: Vec<TrancheRow> = tranches::table
        .filter(tranches::request_id.eq(request))
        .order(tranches::number)
        .select(TrancheRow::as_select())
        .load(connection)?;
    let paid: Vec<(Option<TrancheId>, i64)> = ledger_entries::table
        .filter(ledger_entries::request_id.eq(request))
        .filter(ledger_entries::seq.le(seq))
        .filter(ledger_entries::tranche_id.is_not_null())
        .order(ledger_entries::seq)
        .select((ledger_entries::tranche_id, ledger_entries::tranche_disbursed))
        .load(connection)?;
    let paid: HashMap<TrancheId, i64> = paid.into_iter().filter_map(|(id, sum)| Some((id?, sum))).collect();
    let mut reports = expenditure_reports::table
        .filter(expenditure_reports::request_id.eq(request))
        .filter(expenditure_reports::accepted.is_not_null())
        .select((expenditure_reports::tranche_id, expenditure_reports::accepted))
        .into_boxed();
    if let Some(before) = before {
        reports = reports.filter(expenditure_reports::accepted_at.lt(before));
    }
    let reports: Vec<(TrancheId, Option<i64>)> = reports.load(connection)?;
    let accepted: HashMap<TrancheId, i64> = reports.into_iter().filter_map(|(id, sum)| Some((id, sum?))).collect();
    let of = |sums: &HashMap<TrancheId, i64>, id| Money::from_poisha(sums.get(&id).copied().unwrap_or(0));
    let views = planned
        .into_iter()
        .map(|row| TranchePositionView {
            tranche_id: row.id,
            number: row.number,
            amount: Money::from_poisha(row.amount),
            disbursed: of(&paid, row.id),
            accepted: of(&accepted, row.id),
        })
        .collect();
    Ok((views, accepted.values().sum()))
}
