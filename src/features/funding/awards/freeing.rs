//! Money that becomes free again, and who it goes to: those who wait, the longest first.

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper};

use crate::{
    features::funding::{
        ids::{FundingRequestId, RoundId},
        ledger::{EntryKind, Remark, Subject, post, totals},
        requests::{By, FundingRequestRow, RequestMove, RequestStatus, advance},
    },
    platform::{db::schema::funding_requests, error::AppError, web::Tx},
};

/// Lets go of what the recommendation of a request holds, if it holds anything.
///
/// # Errors
/// As `ledger::post`.
pub fn release_reservation(tx: &mut Tx<'_>, request: &FundingRequestRow, remark: Remark) -> Result<(), AppError> {
    let subject = Subject::Request(request.fund_id, request.round_id, request.id);
    let held = totals(tx.conn, subject)?.request_reserved;
    if held > 0 {
        post(tx, subject, EntryKind::Unreserve, held, remark)?;
    }
    Ok(())
}

/// Ends the promise for all that is not paid of an award, if anything is not.
///
/// # Errors
/// As `ledger::post`.
pub fn release_commitment(tx: &mut Tx<'_>, request: &FundingRequestRow, remark: Remark) -> Result<(), AppError> {
    let subject = Subject::Request(request.fund_id, request.round_id, request.id);
    let unpaid = totals(tx.conn, subject)?.unpaid();
    if unpaid > 0 {
        post(tx, subject, EntryKind::Decommit, unpaid, remark)?;
    }
    Ok(())
}

/// Moves up who waits in a round, the longest first, as long as there is money for the next one. Nobody is passed over:
/// where there is too little for the first, the others wait too. To be called by whatever frees money of a round.
///
/// # Errors
/// As `ledger::post` and `requests::advance`.
pub fn move_up(tx: &mut Tx<'_>, round: RoundId) -> Result<(), AppError> {
    move_up_but(tx, round, None)
}

/// The same, but for the one that was put there by this very step: it would only come straight back.
///
/// # Errors
/// As [`move_up`].
pub fn move_up_but(tx: &mut Tx<'_>, round: RoundId, newest: Option<FundingRequestId>) -> Result<(), AppError> {
    loop {
        let first: Option<FundingRequestRow> = funding_requests::table
            .filter(funding_requests::round_id.eq(round))
            .filter(funding_requests::status.eq(RequestStatus::Waitlisted))
            .order((funding_requests::waitlisted_at, funding_requests::id))
            .select(FundingRequestRow::as_select())
            .first(tx.conn)
            .optional()?;
        let Some(request) = first.filter(|request| Some(request.id) != newest) else { return Ok(()) };
        let subject = Subject::Request(request.fund_id, round, request.id);
        let wanted = request.recommended.unwrap_or(request.requested);
        if totals(tx.conn, subject)?.available() < wanted {
            return Ok(());
        }
        let prepared = FundingRequestRow {
            recommended: Some(wanted),
            waitlisted_at: None,
            decision_reason: None,
            first_approver_id: None,
            first_approved: None,
            first_approved_at: None,
            ..request.clone()
        };
        let action = "decide_funding_request.move_up";
        advance(tx, action, &request, prepared, RequestMove::MoveUp, By::System, None)?;
        post(tx, subject, EntryKind::Reserve, wanted, Remark { by_system: true, ..Remark::default() })?;
    }
}
