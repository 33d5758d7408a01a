//! Writing lines. Whoever moves money says what for, and gets what there is afterwards; nothing else writes here.

use chrono::NaiveDate;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper, dsl::max, insert_into};

use super::{
    kind::EntryKind,
    rows::LedgerEntryRow,
    totals::{Shortage, Totals},
};
use crate::{
    features::funding::ids::{FundId, FundingRequestId, LedgerEntryId, RoundId, TrancheId},
    platform::{
        auth::Actor,
        clock::Timestamp,
        db::{DbConnection, dialect::Backend, schema::ledger_entries},
        error::{AppError, Cause, DatabaseIntent, ErrorCode},
        money::Money,
        web::Tx,
    },
};

/// What a line is about.
#[derive(Clone, Copy, Debug)]
pub enum Subject {
    /// The fund as a whole.
    Fund(FundId),
    /// One of its rounds.
    Round(FundId, RoundId),
    /// A request to that round.
    Request(FundId, RoundId, FundingRequestId),
    /// A tranche of that request.
    Tranche(FundId, RoundId, FundingRequestId, TrancheId),
}

impl Subject {
    /// Its fund.
    pub const fn fund(self) -> FundId {
        match self {
            Self::Fund(fund) | Self::Round(fund, _) | Self::Request(fund, ..) | Self::Tranche(fund, ..) => fund,
        }
    }

    /// Its round.
    pub const fn round(self) -> Option<RoundId> {
        match self {
            Self::Fund(_) => None,
            Self::Round(_, round) | Self::Request(_, round, _) | Self::Tranche(_, round, ..) => Some(round),
        }
    }

    /// Its request.
    pub const fn request(self) -> Option<FundingRequestId> {
        match self {
            Self::Fund(_) | Self::Round(..) => None,
            Self::Request(_, _, request) | Self::Tranche(_, _, request, _) => Some(request),
        }
    }

    /// Its tranche.
    pub const fn tranche(self) -> Option<TrancheId> {
        match self {
            Self::Tranche(.., tranche) => Some(tranche),
            Self::Fund(_) | Self::Round(..) | Self::Request(..) => None,
        }
    }
}

/// What is said of a line besides its amount.
#[derive(Clone, Debug, Default)]
pub struct Remark {
    /// Why.
    pub reason: Option<String>,
    /// What the payment is called at the bank or treasury.
    pub payment_reference: Option<String>,
    /// The day of the payment.
    pub paid_on: Option<NaiveDate>,
    /// Whether the system does it, and not the caller.
    pub by_system: bool,
}

/// Adds a line of so many poisha, more than 0, and audits it.
///
/// # Errors
/// `InsufficientFunds` when L1, L2 or L3 would break; a lost race, to be run again.
pub fn post(
    tx: &mut Tx<'_>,
    subject: Subject,
    kind: EntryKind,
    amount: i64,
    remark: Remark,
) -> Result<LedgerEntryRow, AppError> {
    if amount <= 0 {
        return Err(AppError::internal("a line of the ledger has to be more than nothing"));
    }
    append(tx, subject, (kind, kind, amount), None, remark)
}

/// Takes a line back as a whole: a payment that failed.
///
/// # Errors
/// As [`post`]; `Conflict` when it was taken back before.
pub fn reverse(tx: &mut Tx<'_>, line: &LedgerEntryRow, remark: Remark) -> Result<LedgerEntryRow, AppError> {
    let subject = match (line.round_id, line.request_id, line.tranche_id) {
        (Some(round), Some(request), Some(tranche)) => Subject::Tranche(line.fund_id, round, request, tranche),
        (Some(round), Some(request), None) => Subject::Request(line.fund_id, round, request),
        (Some(round), ..) => Subject::Round(line.fund_id, round),
        (None, ..) => Subject::Fund(line.fund_id),
    };
    let amount = line.amount.checked_neg().ok_or_else(|| AppError::internal("no such amount"))?;
    append(tx, subject, (EntryKind::Reverse, line.kind, amount), Some(line.id), remark)
}

fn append(
    tx: &mut Tx<'_>,
    subject: Subject,
    (kind, effect, amount): (EntryKind, EntryKind, i64),
    reverses_id: Option<LedgerEntryId>,
    remark: Remark,
) -> Result<LedgerEntryRow, AppError> {
    let before = totals(tx.conn, subject)?;
    let after = before.after(effect, amount).map_err(|shortage| refusal(shortage, amount))?;
    let last: Option<(i64, Timestamp)> = ledger_entries::table
        .filter(ledger_entries::fund_id.eq(subject.fund()))
        .order(ledger_entries::seq.desc())
        .select((ledger_entries::seq, ledger_entries::at))
        .first(tx.conn)
        .optional()?;
    let step_key = tx.step_key();
    let part: Option<i32> = ledger_entries::table
        .filter(ledger_entries::step_key.eq(&step_key))
        .select(max(ledger_entries::step_part))
        .first(tx.conn)?;
    let actor = if remark.by_system { None } else { Some(tx.actor()?.clone()) };
    let row = LedgerEntryRow {
        fund_id: subject.fund(),
        seq: last.map_or(0, |(seq, _)| seq) + 1,
        id: tx.new_id(),
        kind,
        effect,
        amount,
        round_id: subject.round(),
        request_id: subject.request(),
        tranche_id: subject.tranche(),
        reverses_id,
        step_key,
        step_part: part.unwrap_or(0) + 1,
        actor_id: actor.as_ref().map(|actor| actor.user_id),
        service_account_id: actor.as_ref().and_then(Actor::service_account_id),
        reason: remark.reason,
        payment_reference: remark.payment_reference,
        paid_on: remark.paid_on,
        // Never before the line before, so that what there was at a moment is one line.
        at: last.map_or(tx.now, |(_, at)| at.max(tx.now)),
        after,
    };
    // Two that go on from the same line: one of them has lost, and reads the ledger anew.
    let lost = AppError {
        cause: Cause::Retry("another line of the ledger came first".into()),
        ..AppError::new(ErrorCode::Overloaded).retry_after(1)
    };
    insert_into(ledger_entries::table).values(&row).execute(tx.conn).or_conflict(lost)?;
    tx.audit("ledger_entry", row.id.as_str(), None, Some(&row))?;
    Ok(row)
}

/// What there is now for a subject.
///
/// # Errors
/// Those of the database.
pub fn totals(connection: &mut DbConnection, subject: Subject) -> Result<Totals, AppError> {
    totals_until(connection, subject, i64::MAX)
}

/// What there was for a subject after the line of this number of its fund.
///
/// # Errors
/// Those of the database.
pub fn totals_until(connection: &mut DbConnection, subject: Subject, seq: i64) -> Result<Totals, AppError> {
    let mut found = Totals::default();
    let mut last = |lines: ledger_entries::BoxedQuery<'static, Backend>| {
        lines
            .filter(ledger_entries::seq.le(seq))
            .order(ledger_entries::seq.desc())
            .limit(1)
            .select(Totals::as_select())
            .first(connection)
            .optional()
    };
    let all = || ledger_entries::table.into_boxed();
    let fund: Option<Totals> = last(all().filter(ledger_entries::fund_id.eq(subject.fund())))?;
    if let Some(fund) = fund {
        (found.fund_capital, found.fund_allocated) = (fund.fund_capital, fund.fund_allocated);
    }
    if let Some(id) = subject.round()
        && let Some(round) = last(all().filter(ledger_entries::round_id.eq(id)))?
    {
        found.round_allocated = round.round_allocated;
        found.round_reserved = round.round_reserved;
        found.round_committed = round.round_committed;
        found.round_disbursed = round.round_disbursed;
    }
    if let Some(id) = subject.request()
        && let Some(request) = last(all().filter(ledger_entries::request_id.eq(id)))?
    {
        found.request_reserved = request.request_reserved;
        found.request_committed = request.request_committed;
        found.request_disbursed = request.request_disbursed;
    }
    if let Some(id) = subject.tranche()
        && let Some(tranche) = last(all().filter(ledger_entries::tranche_id.eq(id)))?
    {
        found.tranche_disbursed = tranche.tranche_disbursed;
    }
    Ok(found)
}

fn refusal(shortage: Shortage, asked: i64) -> AppError {
    let money = |poisha: i64| Money::from_poisha(poisha).amount;
    let (en, bn) = match shortage {
        Shortage::Fund(free) => (
            format!("The fund has {} taka that no round has; this takes {}.", money(free), money(asked.abs())),
            format!("তহবিলে কোনো পর্বে বরাদ্দ নয় এমন {} টাকা আছে; প্রয়োজন {} টাকা।", money(free), money(asked.abs())),
        ),
        Shortage::Round(free) => (
            format!("The round has {} taka available; this takes {}.", money(free), money(asked.abs())),
            format!("পর্বে {} টাকা পাওয়া যায়; প্রয়োজন {} টাকা।", money(free), money(asked.abs())),
        ),
        Shortage::Commitment(free) => (
            format!("Of what was awarded {} taka are not paid; this takes {}.", money(free), money(asked.abs())),
            format!("অনুদানের {} টাকা অপরিশোধিত; প্রয়োজন {} টাকা।", money(free), money(asked.abs())),
        ),
        Shortage::Nothing(there) => (
            format!("There are {} taka to take this from; this takes {}.", money(there), money(asked.abs())),
            format!("এখান থেকে নেওয়ার মতো {} টাকা আছে; প্রয়োজন {} টাকা।", money(there), money(asked.abs())),
        ),
        Shortage::Overflow => {
            ("The sum is larger than can be kept.".to_owned(), "যোগফলটি রাখার সীমার চেয়ে বড়।".to_owned())
        }
    };
    AppError::new(ErrorCode::InsufficientFunds).detail(en, bn)
}
