//! The ledger once more from its first line, by the pure rules of [`Totals`]: what it ought to say, against what it says.

use std::collections::HashMap;

use super::{
    kind::EntryKind,
    rows::LedgerEntryRow,
    totals::{Shortage, Totals},
};
use crate::{
    features::funding::ids::{FundingRequestId, LedgerEntryId, RoundId, TrancheId},
    platform::text::Bilingual,
};

/// What the records beside the ledger say of what some lines are about.
#[derive(Clone, Debug, Default)]
pub struct Limits {
    /// What was awarded to each request.
    pub awarded: HashMap<FundingRequestId, i64>,
    /// How much each tranche is.
    pub tranches: HashMap<TrancheId, i64>,
    /// What the lines that are taken back did.
    pub reversed: HashMap<LedgerEntryId, (EntryKind, i64)>,
}

/// Why a line cannot stand as it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The word for programs.
    pub code: &'static str,
    /// The sentence for people.
    pub detail: Bilingual,
}

impl Fault {
    /// A fault.
    pub fn new(code: &'static str, en: &'static str, bn: &'static str) -> Self {
        Self { code, detail: Bilingual::new(en, bn) }
    }
}

/// What there is after the lines so far.
#[derive(Clone, Debug, Default)]
pub struct Replay {
    /// How many lines were read.
    pub lines: i64,
    fund: Totals,
    rounds: HashMap<RoundId, Totals>,
    requests: HashMap<FundingRequestId, Totals>,
    tranches: HashMap<TrancheId, i64>,
}

impl Replay {
    /// What there was before a line, for what it is about.
    fn before(&self, line: &LedgerEntryRow) -> Totals {
        let round = line.round_id.and_then(|id| self.rounds.get(&id)).copied().unwrap_or_default();
        let request = line.request_id.and_then(|id| self.requests.get(&id)).copied().unwrap_or_default();
        let tranche = line.tranche_id.and_then(|id| self.tranches.get(&id)).copied().unwrap_or_default();
        Totals {
            fund_capital: self.fund.fund_capital,
            fund_allocated: self.fund.fund_allocated,
            round_allocated: round.round_allocated,
            round_reserved: round.round_reserved,
            round_committed: round.round_committed,
            round_disbursed: round.round_disbursed,
            request_reserved: request.request_reserved,
            request_committed: request.request_committed,
            request_disbursed: request.request_disbursed,
            tranche_disbursed: tranche,
        }
    }

    /// Goes on by a line.
    ///
    /// # Errors
    /// What is wrong with it; nothing is to be read after that.
    pub fn take(&mut self, line: &LedgerEntryRow, limits: &Limits) -> Result<(), Fault> {
        if line.seq != self.lines + 1 {
            return Err(Fault::new("gap", "A line is missing before this one.", "এর আগে একটি ভুক্তি নেই।"));
        }
        check_kind(line, limits)?;
        let after = self.before(line).after(line.effect, line.amount).map_err(fault_of)?;
        if after != line.after {
            return Err(Fault::new(
                "totals_differ",
                "What this line says there is after it is not what the lines give.",
                "এই ভুক্তির পরের স্থিতি আগের ভুক্তিগুলোর যোগফলের সমান নয়।",
            ));
        }
        let exceeds = |most: Option<i64>, there: i64| there > most.unwrap_or(0);
        if let Some(id) = line.request_id
            && exceeds(limits.awarded.get(&id).copied(), after.request_committed)
        {
            return Err(Fault::new(
                "L3_awarded",
                "More is promised to the request than was awarded.",
                "আবেদনে অনুদানের চেয়ে বেশি প্রতিশ্রুতি আছে।",
            ));
        }
        if let Some(id) = line.tranche_id
            && exceeds(limits.tranches.get(&id).copied(), after.tranche_disbursed)
        {
            return Err(Fault::new(
                "L3_tranche",
                "More is paid of the tranche than it amounts to.",
                "কিস্তির পরিমাণের চেয়ে বেশি পরিশোধ হয়েছে।",
            ));
        }
        self.lines = line.seq;
        self.fund = after;
        if let Some(id) = line.round_id {
            self.rounds.insert(id, after);
        }
        if let Some(id) = line.request_id {
            self.requests.insert(id, after);
        }
        if let Some(id) = line.tranche_id {
            self.tranches.insert(id, after.tranche_disbursed);
        }
        Ok(())
    }

    /// What there is of the fund, and the sums over its rounds.
    pub fn sums(&self) -> Totals {
        let mut sums = Totals {
            fund_capital: self.fund.fund_capital,
            fund_allocated: self.fund.fund_allocated,
            ..Totals::default()
        };
        for round in self.rounds.values() {
            sums.round_allocated += round.round_allocated;
            sums.round_reserved += round.round_reserved;
            sums.round_committed += round.round_committed;
            sums.round_disbursed += round.round_disbursed;
        }
        sums
    }

    /// What is paid of a tranche.
    pub fn paid(&self, tranche: TrancheId) -> i64 {
        self.tranches.get(&tranche).copied().unwrap_or(0)
    }
}

/// A line does what its kind says, and a reversal takes back one line as it is.
fn check_kind(line: &LedgerEntryRow, limits: &Limits) -> Result<(), Fault> {
    let is_sound = match line.reverses_id {
        None => line.kind == line.effect && line.kind != EntryKind::Reverse && line.amount > 0,
        Some(id) => {
            let taken_back = limits.reversed.get(&id).copied();
            line.kind == EntryKind::Reverse
                && line.amount < 0
                && taken_back == line.amount.checked_neg().map(|amount| (line.effect, amount))
        }
    };
    if is_sound {
        return Ok(());
    }
    Err(Fault::new("kind", "The line does something else than its kind says.", "ভুক্তিটির ধরন ও প্রভাব এক নয়।"))
}

fn fault_of(shortage: Shortage) -> Fault {
    match shortage {
        Shortage::Fund(_) => {
            Fault::new("L1", "The rounds have more than the fund.", "পর্বগুলোর বরাদ্দ তহবিলের মূলধনের চেয়ে বেশি।")
        }
        Shortage::Round(_) => {
            Fault::new("L2", "The round promises more than it has.", "পর্বের প্রতিশ্রুতি তার বরাদ্দের চেয়ে বেশি।")
        }
        Shortage::Commitment(_) => Fault::new(
            "L3",
            "More is paid to the request than was promised.",
            "আবেদনে প্রতিশ্রুতির চেয়ে বেশি পরিশোধ হয়েছে।",
        ),
        Shortage::Nothing(_) => Fault::new("below_zero", "A sum falls below zero.", "একটি যোগফল শূন্যের নিচে নেমেছে।"),
        Shortage::Overflow => Fault::new("overflow", "A sum cannot be counted.", "একটি যোগফল গণনার বাইরে।"),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{features::funding::ids::FundId, platform::clock::Timestamp};

    fn line(seq: i64, kind: EntryKind, amount: i64, after: Totals) -> LedgerEntryRow {
        let nil = Uuid::nil();
        let is_of_round = kind != EntryKind::CapitalIn;
        LedgerEntryRow {
            fund_id: FundId::from(nil),
            seq,
            id: LedgerEntryId::from(Uuid::from_u128(seq.unsigned_abs().into())),
            kind,
            effect: kind,
            amount,
            round_id: is_of_round.then(|| RoundId::from(nil)),
            request_id: None,
            tranche_id: None,
            reverses_id: None,
            step_key: String::new(),
            step_part: 1,
            actor_id: None,
            service_account_id: None,
            reason: None,
            payment_reference: None,
            paid_on: None,
            at: Timestamp::from_millis(0),
            after,
        }
    }

    fn code(replay: &mut Replay, line: &LedgerEntryRow) -> Option<&'static str> {
        replay.take(line, &Limits::default()).err().map(|fault| fault.code)
    }

    #[test]
    fn the_first_line_that_disagrees_is_named() {
        let put_in = Totals { fund_capital: 100, ..Totals::default() };
        let given = Totals { fund_capital: 100, fund_allocated: 60, round_allocated: 60, ..Totals::default() };
        let mut replay = Replay::default();
        assert_eq!(code(&mut replay, &line(2, EntryKind::CapitalIn, 100, put_in)), Some("gap"));
        assert_eq!(code(&mut replay, &line(1, EntryKind::CapitalIn, -100, put_in)), Some("kind"));
        assert_eq!(code(&mut replay, &line(1, EntryKind::CapitalIn, 99, put_in)), Some("totals_differ"));
        assert_eq!(code(&mut replay, &line(1, EntryKind::CapitalIn, 100, put_in)), None);
        assert_eq!(code(&mut replay, &line(2, EntryKind::Allocate, 101, given)), Some("L1"));
        assert_eq!(code(&mut replay, &line(2, EntryKind::Deallocate, 1, given)), Some("below_zero"));
        assert_eq!(code(&mut replay, &line(2, EntryKind::Allocate, 60, given)), None);
        assert_eq!((replay.lines, replay.sums()), (2, given));
        let back = LedgerEntryRow {
            effect: EntryKind::Allocate,
            reverses_id: Some(LedgerEntryId::from(Uuid::from_u128(2))),
            ..line(3, EntryKind::Reverse, -60, put_in)
        };
        let limits = |kind, amount| Limits {
            reversed: HashMap::from([(LedgerEntryId::from(Uuid::from_u128(2)), (kind, amount))]),
            ..Limits::default()
        };
        assert!(replay.clone().take(&back, &limits(EntryKind::Allocate, 59)).is_err_and(|fault| fault.code == "kind"));
        assert_eq!(replay.take(&back, &limits(EntryKind::Allocate, 60)), Ok(()));
    }
}
