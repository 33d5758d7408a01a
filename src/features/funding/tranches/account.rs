//! What became of the money of an agreement: of each tranche what was paid, what came back, what is accepted as spent.
//! Two statements for however many requests; the sums are pure.

use std::collections::HashMap;

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{rows::TrancheRow, status::TrancheStatus};
use crate::{
    features::funding::{
        ids::{ExpenditureReportId, FundingRequestId, TrancheId},
        ledger::EntryKind,
        reports::ReportStatus,
    },
    platform::{
        db::{
            DbConnection,
            schema::{expenditure_reports, ledger_entries, tranches},
        },
        error::AppError,
    },
};

/// The report on a tranche.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reported {
    /// Which one.
    pub id: ExpenditureReportId,
    /// Where it stands.
    pub status: ReportStatus,
    /// Whether it was ever handed in.
    pub was_submitted: bool,
    /// Poisha accepted as spent.
    pub accepted: Option<i64>,
}

/// A tranche with its money.
#[derive(Clone, Debug)]
pub struct Account {
    /// The tranche.
    pub tranche: TrancheRow,
    /// Poisha paid; a payment that failed does not count.
    pub paid: i64,
    /// Poisha that came back.
    pub refunded: i64,
    /// What it was spent on.
    pub report: Option<Reported>,
}

impl Account {
    /// What is accepted as spent.
    pub fn accepted(&self) -> i64 {
        self.report.and_then(|report| report.accepted).unwrap_or(0)
    }

    /// Whether its report is accepted.
    pub fn is_accepted(&self) -> bool {
        self.report.is_some_and(|report| report.status == ReportStatus::Accepted)
    }

    /// What is still with the pilot, spent or not: paid less refunded.
    pub const fn remaining(&self) -> i64 {
        self.paid - self.refunded
    }

    /// What is neither accepted as spent nor back.
    pub fn unproven(&self) -> i64 {
        self.remaining() - self.accepted()
    }

    /// Whether nothing is left to be said of it: cancelled, or accepted and back to the last poisha.
    pub fn is_settled(&self) -> bool {
        matches!(self.tranche.status, TrancheStatus::Settled | TrancheStatus::Cancelled)
    }

    /// Whether accepted and refunded add up to what was paid, so that it can be settled.
    pub fn adds_up(&self) -> bool {
        self.is_accepted() && self.unproven() == 0
    }

    /// Whether at least so many percent of what was paid are accepted as spent; in whole numbers.
    pub fn is_used(&self, percent: i32) -> bool {
        i128::from(self.accepted()) * 100 >= i128::from(self.paid) * i128::from(percent)
    }
}

/// The accounts of requests, by request and number.
///
/// # Errors
/// Those of the database.
pub fn accounts(connection: &mut DbConnection, requests: &[FundingRequestId]) -> Result<Vec<Account>, AppError> {
    let rows: Vec<TrancheRow> = tranches::table
        .filter(tranches::request_id.eq_any(requests))
        .order((tranches::request_id, tranches::number))
        .select(TrancheRow::as_select())
        .load(connection)?;
    let lines: Vec<(Option<TrancheId>, EntryKind, i64)> = ledger_entries::table
        .filter(ledger_entries::request_id.eq_any(requests))
        .filter(ledger_entries::tranche_id.is_not_null())
        .select((ledger_entries::tranche_id, ledger_entries::effect, ledger_entries::amount))
        .load(connection)?;
    let reports: Vec<ReportColumns> = expenditure_reports::table
        .filter(expenditure_reports::request_id.eq_any(requests))
        .select((
            expenditure_reports::tranche_id,
            expenditure_reports::id,
            expenditure_reports::status,
            expenditure_reports::submitted_at.is_not_null(),
            expenditure_reports::accepted,
        ))
        .load(connection)?;
    let reports: HashMap<TrancheId, Reported> = reports
        .into_iter()
        .map(|(tranche, id, status, was_submitted, accepted)| {
            (tranche, Reported { id, status, was_submitted, accepted })
        })
        .collect();
    let sum = |tranche: TrancheId, effect: EntryKind| -> i64 {
        lines.iter().filter(|line| line.0 == Some(tranche) && line.1 == effect).map(|line| line.2).sum()
    };
    Ok(rows
        .into_iter()
        .map(|tranche| Account {
            paid: sum(tranche.id, EntryKind::Disburse),
            refunded: sum(tranche.id, EntryKind::Refund),
            report: reports.get(&tranche.id).copied(),
            tranche,
        })
        .collect())
}

/// Tranche, report, status, whether handed in, accepted.
type ReportColumns = (TrancheId, ExpenditureReportId, ReportStatus, bool, Option<i64>);
