//! What the money does when its pilot moves: it begins with gate 1, and it ends with the pilot.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper, delete};

use super::{
    account::{Account, accounts},
    terminate_funding_request::end,
};
use crate::{
    features::{
        funding::{
            awards::{move_up, release_reservation},
            ledger::Remark,
            requests::{By, FundingRequestRow, RequestMove, RequestStatus, advance},
        },
        pilots::{Follower, PilotRow, status::PilotMove},
    },
    platform::{db::schema::funding_requests, error::AppError, web::Tx},
};

/// Activates the request of a pilot that passes gate 1, and ends those of a pilot that ends.
pub struct RequestsFollow;

impl Follower for RequestsFollow {
    fn moved(&self, tx: &mut Tx<'_>, _: &PilotRow, after: &PilotRow, step: PilotMove) -> Result<(), AppError> {
        match step {
            PilotMove::StartExecution => activate(tx, after),
            PilotMove::Withdraw | PilotMove::Discontinue | PilotMove::Reject | PilotMove::Merge => {
                end_all(tx, after, step)
            }
            PilotMove::Submit
            | PilotMove::StartScreening
            | PilotMove::RequestChanges
            | PilotMove::Accept
            | PilotMove::Hold
            | PilotMove::Resume
            | PilotMove::Complete => Ok(()),
        }
    }
}

fn requests(tx: &mut Tx<'_>, pilot: &PilotRow) -> Result<Vec<FundingRequestRow>, AppError> {
    Ok(funding_requests::table
        .filter(funding_requests::pilot_id.eq(pilot.id))
        .order(funding_requests::id)
        .select(FundingRequestRow::as_select())
        .load(tx.conn)?)
}

fn activate(tx: &mut Tx<'_>, pilot: &PilotRow) -> Result<(), AppError> {
    for row in requests(tx, pilot)?.into_iter().filter(|row| row.status == RequestStatus::AgreementSigned) {
        let is_paid = |account: &Account| account.tranche.status.is_paid();
        if accounts(tx.conn, &[row.id])?.iter().any(is_paid) {
            let action = "transition_funding_request.activate";
            advance(tx, action, &row, row.clone(), RequestMove::Activate, By::System, None)?;
        }
    }
    Ok(())
}

/// Ends what is open, each by the way that its state has; then lets those who wait move up in every round concerned.
fn end_all(tx: &mut Tx<'_>, pilot: &PilotRow, step: PilotMove) -> Result<(), AppError> {
    let reason = format!("The pilot has ended: {}.", step.as_str());
    let mut rounds = Vec::new();
    for row in requests(tx, pilot)? {
        let round = row.round_id;
        if end_one(tx, row, &reason)? && !rounds.contains(&round) {
            rounds.push(round);
        }
    }
    rounds.into_iter().try_for_each(|round| move_up(tx, round))
}

/// Whether there was anything to end.
fn end_one(tx: &mut Tx<'_>, row: FundingRequestRow, reason: &str) -> Result<bool, AppError> {
    use RequestStatus as S;
    let remark = Remark { reason: Some(reason.to_owned()), by_system: true, ..Remark::default() };
    match row.status {
        S::Draft => {
            delete(funding_requests::table.find(row.id)).execute(tx.conn)?;
            tx.audit_as("delete_funding_request", "funding_request", row.id.as_str(), Some(&row), None)?;
        }
        S::Submitted
        | S::Eligibility
        | S::ChangesRequested
        | S::UnderReview
        | S::Panel
        | S::Recommended
        | S::Waitlisted => {
            release_reservation(tx, &row, remark)?;
            let action = "transition_funding_request.withdraw";
            advance(tx, action, &row, row.clone(), RequestMove::Withdraw, By::System, Some(reason))?;
        }
        S::Awarded => {
            let accounts = accounts(tx.conn, &[row.id])?;
            let action = "transition_funding_request.lapse";
            end(tx, action, &row, &accounts, RequestMove::Lapse, By::System, remark)?;
        }
        S::AgreementSigned | S::Active | S::Suspended => {
            let accounts = accounts(tx.conn, &[row.id])?;
            end(tx, "terminate_funding_request", &row, &accounts, RequestMove::Terminate, By::System, remark)?;
        }
        // All is paid: reports and refunds come in, and finance closes it.
        S::Closing | S::Ineligible | S::Declined | S::Closed | S::Terminated | S::Lapsed | S::Withdrawn => {
            return Ok(false);
        }
    }
    Ok(true)
}
