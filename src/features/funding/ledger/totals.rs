//! What there is after a line of the ledger: pure. The same rules stand a second time in the database, which refuses a
//! line that does not go on from the one before (`migrations/*/0026_ledger`).

use diesel::{Insertable, Queryable, Selectable};
use serde::Serialize;

use super::kind::EntryKind;
use crate::platform::db::schema::ledger_entries;

/// Poisha in a fund, and in the round, request and tranche that a line is about; 0 for what it is not about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Queryable, Selectable, Insertable, Serialize)]
#[diesel(table_name = ledger_entries)]
pub struct Totals {
    /// What was put into the fund.
    pub fund_capital: i64,
    /// What of it the rounds have.
    pub fund_allocated: i64,
    /// What the round has.
    pub round_allocated: i64,
    /// What its recommendations hold.
    pub round_reserved: i64,
    /// What its awards promise, paid or not.
    pub round_committed: i64,
    /// What was paid less what came back.
    pub round_disbursed: i64,
    /// What the recommendation of the request holds.
    pub request_reserved: i64,
    /// What is promised to the request.
    pub request_committed: i64,
    /// What was paid to it less what came back.
    pub request_disbursed: i64,
    /// What was paid of the tranche less what came back.
    pub tranche_disbursed: i64,
}

/// Why a line cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortage {
    /// L1: the rounds would have more than the fund; so much is not given to any.
    Fund(i64),
    /// L2: the round would promise more than it has; so much is free.
    Round(i64),
    /// L3: more than was committed would be paid; so much is left to pay.
    Commitment(i64),
    /// Less than nothing would be left of what is taken away; so much there is.
    Nothing(i64),
    /// The sum is beyond what can be counted.
    Overflow,
}

impl Totals {
    /// What of the capital no round has.
    pub const fn unallocated(&self) -> i64 {
        self.fund_capital - self.fund_allocated
    }

    /// `available(round) = allocated - reserved - committed`.
    pub const fn available(&self) -> i64 {
        self.round_allocated - self.round_reserved - self.round_committed
    }

    /// What is promised to the request and not paid.
    pub const fn unpaid(&self) -> i64 {
        self.request_committed - self.request_disbursed
    }

    /// What there is after a line with this effect. `amount` is positive, or negative where a line is taken back.
    ///
    /// # Errors
    /// The invariant that would break: L1 to L3, or a sum below zero.
    pub fn after(&self, effect: EntryKind, amount: i64) -> Result<Self, Shortage> {
        let mut next = *self;
        let minus = amount.checked_neg().ok_or(Shortage::Overflow)?;
        let add = |sum: &mut i64, by: i64| -> Result<(), Shortage> {
            let there = *sum;
            *sum = there.checked_add(by).ok_or(Shortage::Overflow)?;
            if *sum < 0 { Err(Shortage::Nothing(there)) } else { Ok(()) }
        };
        match effect {
            EntryKind::CapitalIn => add(&mut next.fund_capital, amount)?,
            EntryKind::Allocate | EntryKind::Deallocate => {
                let by = if effect == EntryKind::Allocate { amount } else { minus };
                add(&mut next.fund_allocated, by)?;
                add(&mut next.round_allocated, by)?;
            }
            EntryKind::Reserve | EntryKind::Unreserve => {
                let by = if effect == EntryKind::Reserve { amount } else { minus };
                add(&mut next.request_reserved, by)?;
                add(&mut next.round_reserved, by)?;
            }
            EntryKind::Commit | EntryKind::Decommit => {
                let by = if effect == EntryKind::Commit { amount } else { minus };
                add(&mut next.request_committed, by)?;
                add(&mut next.round_committed, by)?;
            }
            EntryKind::Disburse | EntryKind::Refund => {
                let by = if effect == EntryKind::Disburse { amount } else { minus };
                add(&mut next.tranche_disbursed, by)?;
                add(&mut next.request_disbursed, by)?;
                add(&mut next.round_disbursed, by)?;
            }
            EntryKind::Reverse => return Err(Shortage::Nothing(0)),
        }
        if next.unallocated() < 0 {
            return Err(Shortage::Fund(self.unallocated()));
        }
        if next.available() < 0 {
            return Err(Shortage::Round(self.available()));
        }
        if next.unpaid() < 0 {
            return Err(Shortage::Commitment(self.unpaid()));
        }
        Ok(next)
    }
}

#[cfg(test)]
mod tests {
    use super::{EntryKind as K, *};

    fn play(lines: &[(K, i64)]) -> Result<Totals, Shortage> {
        lines.iter().try_fold(Totals::default(), |totals, (kind, amount)| totals.after(*kind, *amount))
    }

    #[test]
    fn an_award_from_capital_to_refund() {
        let totals = play(&[
            (K::CapitalIn, 1_000),
            (K::Allocate, 600),
            (K::Reserve, 500),
            (K::Unreserve, 500),
            (K::Commit, 450),
            (K::Disburse, 200),
            (K::Refund, 50),
            (K::Decommit, 300),
        ])
        .unwrap();
        assert_eq!((totals.unallocated(), totals.available(), totals.unpaid()), (400, 450, 0));
        assert_eq!((totals.request_committed, totals.request_disbursed, totals.tranche_disbursed), (150, 150, 150));
    }

    #[test]
    fn each_invariant_says_how_much_there_is() {
        let round = [(K::CapitalIn, 100), (K::Allocate, 60)];
        let with = |more: &[(K, i64)]| play(&[&round[..], more].concat());
        assert_eq!(with(&[(K::Allocate, 41)]), Err(Shortage::Fund(40)));
        assert_eq!(with(&[(K::Reserve, 61)]), Err(Shortage::Round(60)));
        assert_eq!(with(&[(K::Commit, 50), (K::Deallocate, 11)]), Err(Shortage::Round(10)));
        assert_eq!(with(&[(K::Commit, 50), (K::Disburse, 51)]), Err(Shortage::Commitment(50)));
        assert_eq!(with(&[(K::Commit, 50), (K::Disburse, 50), (K::Decommit, 1)]), Err(Shortage::Commitment(0)));
        assert_eq!(with(&[(K::Unreserve, 1)]), Err(Shortage::Nothing(0)));
        assert_eq!(with(&[(K::CapitalIn, -1)]).map(|it| it.fund_capital), Ok(99));
        assert_eq!(with(&[(K::CapitalIn, -41)]), Err(Shortage::Fund(40)));
        assert_eq!(with(&[(K::CapitalIn, i64::MAX)]), Err(Shortage::Overflow));
        assert_eq!(with(&[(K::Disburse, i64::MIN)]), Err(Shortage::Overflow));
    }
}
