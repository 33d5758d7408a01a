//! The ledger of a fund, replayed and compared with what it and the records beside it say.

use diesel::{ExpressionMethods, JoinOnDsl, QueryDsl, RunQueryDsl, SelectableHelper};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    as_of::PositionQuery,
    kind::EntryKind,
    post::{Subject, totals},
    replay::{Fault, Limits, Replay},
    rows::LedgerEntryRow,
};
use crate::{
    features::funding::{
        funds::{find_fund, standing},
        ids::{ExpenditureReportId, FundId, FundingRequestId, LedgerEntryId, RoundId, TrancheId},
    },
    platform::{
        clock::Timestamp,
        db::{
            DbConnection,
            schema::{expenditure_reports, funding_requests, ledger_entries, tranches},
        },
        error::AppError,
        money::Money,
        text::Language,
        web::{Answer, Call, Reply},
    },
};

/// So many lines are in memory at a time.
const AT_ONCE: i64 = 1000;

/// Whether the books agree.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReconciliationView {
    /// Which fund.
    pub fund_id: FundId,
    /// Whether every line follows from those before it and no rule is broken.
    pub agrees: bool,
    /// How many lines were replayed; all of them if the books agree.
    #[schema(minimum = 0)]
    pub lines: i64,
    /// The first thing that is wrong; null if the books agree.
    pub disagreement: Option<DisagreementView>,
    /// What was put into the fund, by the replay.
    pub capital: Money,
    /// What of that its rounds have.
    pub allocated: Money,
    /// What recommendations hold.
    pub reserved: Money,
    /// What awards promise, paid or not.
    pub committed: Money,
    /// What was paid less what came back.
    pub disbursed: Money,
    /// What was accepted as spent.
    pub accepted: Money,
    /// When it was looked at.
    pub checked_at: Timestamp,
}

/// What is wrong, and where.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DisagreementView {
    /// What: `gap`, `kind`, `totals_differ` (L5), `L1`, `L2`, `L3`, `L3_awarded`, `L3_tranche`, `L4`, `below_zero`, `overflow`.
    #[schema(max_length = 40, example = "totals_differ")]
    pub code: String,
    /// The same in a sentence, in the language of `Accept-Language`.
    #[schema(max_length = 2000)]
    pub detail: String,
    /// The number of the line; null when it is a report on expenditure that disagrees.
    #[schema(minimum = 1)]
    pub seq: Option<i64>,
    /// The line.
    pub entry_id: Option<LedgerEntryId>,
    /// The round that it is about.
    pub round_id: Option<RoundId>,
    /// The funding request that it is about.
    pub request_id: Option<FundingRequestId>,
    /// The tranche that it is about.
    pub tranche_id: Option<TrancheId>,
}

/// Reconcile the ledger of a fund.
///
/// Replays every line from the first one, by round, request and tranche: each has to follow from those before it without
/// a gap, and to break none of the rules L1 to L4; awards, tranches and accepted expenditure are held against it. Names
/// the first thing that is wrong. For those who read the books of the fund.
#[utoipa::path(get, path = "/v1/funds/{fund_id}/reconciliation", tag = "Funds",
    responses((status = 200, description = "Whether the books agree.", body = ReconciliationView)))]
pub async fn get_reconciliation(call: Call) -> Answer {
    let id = call.id("fund_id", FundId::parse)?;
    call.read(move |connection, context| {
        find_fund(connection, id)?;
        context.permit("get_reconciliation", &standing(connection, context.actor.as_ref(), id)?)?;
        let language = context.meta.language;
        let mut replay = Replay::default();
        let (disagreement, accepted) = match replay_lines(connection, id, &mut replay, language)? {
            Some(found) => (Some(found), 0),
            None => check_expenditure(connection, id, &replay, language)?,
        };
        let sums = replay.sums();
        Reply::ok(&ReconciliationView {
            fund_id: id,
            agrees: disagreement.is_none(),
            lines: replay.lines,
            disagreement,
            capital: Money::from_poisha(sums.fund_capital),
            allocated: Money::from_poisha(sums.fund_allocated),
            reserved: Money::from_poisha(sums.round_reserved),
            committed: Money::from_poisha(sums.round_committed),
            disbursed: Money::from_poisha(sums.round_disbursed),
            accepted: Money::from_poisha(accepted),
            checked_at: context.now(),
        })
    })
    .await
}

/// Replays the lines that there are now, some at a time.
fn replay_lines(
    connection: &mut DbConnection,
    fund: FundId,
    replay: &mut Replay,
    language: Language,
) -> Result<Option<DisagreementView>, AppError> {
    let last = PositionQuery::default().last_line(connection, fund)?;
    loop {
        let lines: Vec<LedgerEntryRow> = ledger_entries::table
            .filter(ledger_entries::fund_id.eq(fund))
            .filter(ledger_entries::seq.gt(replay.lines))
            .filter(ledger_entries::seq.le(last))
            .order(ledger_entries::seq)
            .limit(AT_ONCE)
            .select(LedgerEntryRow::as_select())
            .load(connection)?;
        if lines.is_empty() {
            return Ok(None);
        }
        // Read after the lines, so that whatever a line relies on is there.
        let limits = limits_of(connection, &lines)?;
        for line in &lines {
            if let Err(fault) = replay.take(line, &limits) {
                return Ok(Some(DisagreementView::of_line(&fault, line, language)));
            }
        }
    }
}

/// What the records beside the ledger say of some lines.
fn limits_of(connection: &mut DbConnection, lines: &[LedgerEntryRow]) -> Result<Limits, AppError> {
    let requests: Vec<FundingRequestId> = lines.iter().filter_map(|line| line.request_id).collect();
    let parts: Vec<TrancheId> = lines.iter().filter_map(|line| line.tranche_id).collect();
    let taken_back: Vec<LedgerEntryId> = lines.iter().filter_map(|line| line.reverses_id).collect();
    let awarded: Vec<(FundingRequestId, Option<i64>)> = funding_requests::table
        .filter(funding_requests::id.eq_any(requests))
        .select((funding_requests::id, funding_requests::awarded))
        .load(connection)?;
    let amounts: Vec<(TrancheId, i64)> =
        tranches::table.filter(tranches::id.eq_any(parts)).select((tranches::id, tranches::amount)).load(connection)?;
    let reversed: Vec<(LedgerEntryId, EntryKind, i64)> = ledger_entries::table
        .filter(ledger_entries::id.eq_any(taken_back))
        .select((ledger_entries::id, ledger_entries::kind, ledger_entries::amount))
        .load(connection)?;
    Ok(Limits {
        awarded: awarded.into_iter().map(|(id, awarded)| (id, awarded.unwrap_or(0))).collect(),
        tranches: amounts.into_iter().collect(),
        reversed: reversed.into_iter().map(|(id, kind, amount)| (id, (kind, amount))).collect(),
    })
}

/// L4: of no tranche more is accepted as spent than is paid. Gives the first that breaks it, and the sum of what is accepted.
fn check_expenditure(
    connection: &mut DbConnection,
    fund: FundId,
    replay: &Replay,
    language: Language,
) -> Result<(Option<DisagreementView>, i64), AppError> {
    let mut sum = 0_i64;
    let mut after: Option<ExpenditureReportId> = None;
    loop {
        let mut rest = expenditure_reports::table
            .inner_join(funding_requests::table.on(funding_requests::id.eq(expenditure_reports::request_id)))
            .filter(funding_requests::fund_id.eq(fund))
            .filter(expenditure_reports::accepted.is_not_null())
            .order(expenditure_reports::id)
            .limit(AT_ONCE)
            .select((
                expenditure_reports::id,
                (expenditure_reports::tranche_id, funding_requests::id, funding_requests::round_id),
                expenditure_reports::accepted,
            ))
            .into_boxed();
        if let Some(after) = after {
            rest = rest.filter(expenditure_reports::id.gt(after));
        }
        let reports: Vec<AcceptedReport> = rest.load(connection)?;
        let Some((last, ..)) = reports.last() else { return Ok((None, sum)) };
        after = Some(*last);
        for (_, (tranche, request, round), accepted) in reports {
            let accepted = accepted.unwrap_or(0);
            // Paid since the replay began and accepted as well: asked again before it is called wrong.
            let exceeds = accepted > replay.paid(tranche)
                && accepted > totals(connection, Subject::Tranche(fund, round, request, tranche))?.tranche_disbursed;
            if exceeds {
                let fault = Fault::new(
                    "L4",
                    "More is accepted as spent than is paid of the tranche.",
                    "কিস্তিতে পরিশোধের চেয়ে বেশি ব্যয় গৃহীত হয়েছে।",
                );
                let found = DisagreementView {
                    round_id: Some(round),
                    request_id: Some(request),
                    tranche_id: Some(tranche),
                    ..DisagreementView::new(&fault, language)
                };
                return Ok((Some(found), sum));
            }
            sum = sum.saturating_add(accepted);
        }
    }
}

/// A report, what it is about, and what was accepted of it.
type AcceptedReport = (ExpenditureReportId, (TrancheId, FundingRequestId, RoundId), Option<i64>);

impl DisagreementView {
    fn new(fault: &Fault, language: Language) -> Self {
        Self {
            code: fault.code.to_owned(),
            detail: fault.detail.in_language(language).into_owned(),
            seq: None,
            entry_id: None,
            round_id: None,
            request_id: None,
            tranche_id: None,
        }
    }

    fn of_line(fault: &Fault, line: &LedgerEntryRow, language: Language) -> Self {
        Self {
            seq: Some(line.seq),
            entry_id: Some(line.id),
            round_id: line.round_id,
            request_id: line.request_id,
            tranche_id: line.tranche_id,
            ..Self::new(fault, language)
        }
    }
}
