//! Which moves of a request decide on it, and how much each held, promised or let go.

use std::collections::HashMap;

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use crate::{
    features::funding::{
        ids::{FundingRequestId, RequestTransitionId},
        ledger::{EntryKind, LedgerEntryRow},
        requests::{RequestMove, RequestTransitionRow},
    },
    platform::{
        db::{DbConnection, schema::ledger_entries},
        error::AppError,
    },
};

/// The moves that decide, each with what it posts.
pub const DECISIONS: [(RequestMove, EntryKind); 6] = [
    (RequestMove::Recommend, EntryKind::Reserve),
    (RequestMove::Award, EntryKind::Commit),
    (RequestMove::Decline, EntryKind::Unreserve),
    (RequestMove::Waitlist, EntryKind::Unreserve),
    (RequestMove::MoveUp, EntryKind::Reserve),
    (RequestMove::Lapse, EntryKind::Decommit),
];

/// How much these decisions posted, in poisha; those that posted nothing are left out.
///
/// # Errors
/// Those of the database.
pub fn amounts_of(
    connection: &mut DbConnection,
    decisions: &[RequestTransitionRow],
) -> Result<HashMap<RequestTransitionId, i64>, AppError> {
    let requests: Vec<FundingRequestId> = decisions.iter().map(|decision| decision.request_id).collect();
    let lines: Vec<LedgerEntryRow> = ledger_entries::table
        .filter(ledger_entries::request_id.eq_any(requests))
        .filter(ledger_entries::kind.eq_any(DECISIONS.map(|(_, kind)| kind)))
        .select(LedgerEntryRow::as_select())
        .load(connection)?;
    // A decision and its line of the ledger are of one transaction, and so of one instant.
    let lines: HashMap<_, i64> =
        lines.into_iter().map(|line| ((line.request_id, line.kind, line.at), line.amount)).collect();
    let posted = |decision: &RequestTransitionRow| {
        let (_, kind) = DECISIONS.iter().find(|(step, _)| *step == decision.command)?;
        let amount = lines.get(&(Some(decision.request_id), *kind, decision.at))?;
        Some((decision.id, *amount))
    };
    Ok(decisions.iter().filter_map(posted).collect())
}
