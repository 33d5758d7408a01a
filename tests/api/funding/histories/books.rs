//! What the database says: every line of the ledgers, and where every record stands. And what has to hold of it by itself.

use std::collections::BTreeMap;

use diesel::{QueryDsl, RunQueryDsl};
use innovation_pilots::platform::db::schema::{
    expenditure_reports, funding_requests, funding_rounds, funds, ledger_entries, pilots, tranches,
};

use crate::support::App;

/// Fund, number, what it does, poisha, round, request, tranche.
pub type Line = (String, i64, String, i64, Option<String>, Option<String>, Option<String>);

#[derive(Clone, Debug, PartialEq)]
pub struct Books {
    pub lines: Vec<Line>,
    /// Status and version of every fund, round, request, tranche, report and pilot.
    pub records: BTreeMap<String, (String, i64)>,
    /// Of each tranche its request, number and amount.
    pub tranches: BTreeMap<String, (String, i32, i64)>,
    /// Of each tranche its report, and what is accepted.
    pub reports: BTreeMap<String, (String, Option<i64>)>,
    /// What each request was awarded.
    pub awarded: BTreeMap<String, i64>,
}

/// All of it, in one transaction.
pub async fn books(app: &App) -> Books {
    let read = |connection: &mut innovation_pilots::platform::db::DbConnection| {
        use ledger_entries as l;
        let lines: Vec<Line> = l::table
            .order((l::fund_id, l::seq))
            .select((l::fund_id, l::seq, l::effect, l::amount, l::round_id, l::request_id, l::tranche_id))
            .load(connection)?;
        let mut records = BTreeMap::new();
        let mut take = |rows: Vec<(String, String, i64)>| {
            records.extend(rows.into_iter().map(|(id, status, version)| (id, (status, version))));
        };
        take(funds::table.select((funds::id, funds::status, funds::version)).load(connection)?);
        {
            use funding_rounds as r;
            take(r::table.select((r::id, r::status, r::version)).load(connection)?);
        }
        {
            use funding_requests as r;
            take(r::table.select((r::id, r::status, r::version)).load(connection)?);
        }
        take(tranches::table.select((tranches::id, tranches::status, tranches::version)).load(connection)?);
        {
            use expenditure_reports as r;
            take(r::table.select((r::id, r::status, r::version)).load(connection)?);
        }
        take(pilots::table.select((pilots::id, pilots::status, pilots::version)).load(connection)?);
        let parts: Vec<(String, String, i32, i64)> = tranches::table
            .select((tranches::id, tranches::request_id, tranches::number, tranches::amount))
            .load(connection)?;
        let reports: Vec<(String, String, Option<i64>)> = expenditure_reports::table
            .select((expenditure_reports::tranche_id, expenditure_reports::id, expenditure_reports::accepted))
            .load(connection)?;
        let awarded: Vec<(String, Option<i64>)> =
            funding_requests::table.select((funding_requests::id, funding_requests::awarded)).load(connection)?;
        Ok(Books {
            lines,
            records,
            tranches: parts.into_iter().map(|(id, request, number, amount)| (id, (request, number, amount))).collect(),
            reports: reports.into_iter().map(|(tranche, id, accepted)| (tranche, (id, accepted))).collect(),
            awarded: awarded.into_iter().map(|(id, awarded)| (id, awarded.unwrap_or(0))).collect(),
        })
    };
    app.state.db.read(read).await.unwrap()
}

impl Books {
    pub fn status(&self, id: &str) -> &str {
        &self.records[id].0
    }

    /// What `If-Match` names.
    pub fn version(&self, id: &str) -> String {
        format!("\"{}\"", self.records[id].1)
    }

    /// What the lines with these effects add up to, of those about this round, request, tranche or fund.
    pub fn sum(&self, about: &str, plus: &str, minus: &str) -> i64 {
        let is_about = |line: &&Line| {
            line.0 == about || [&line.4, &line.5, &line.6].into_iter().flatten().any(|it| it.as_str() == about)
        };
        let sign = |effect: &str| i64::from(effect == plus) - i64::from(effect == minus);
        self.lines.iter().filter(is_about).map(|line| sign(&line.2) * line.3).sum()
    }

    /// L1 to L4 after every line, and that numbers have no gap.
    pub fn check(&self, after: &str) {
        let mut sums: BTreeMap<(&str, &str), i64> = BTreeMap::new();
        let mut numbers: BTreeMap<&str, i64> = BTreeMap::new();
        for (fund, seq, effect, amount, round, request, tranche) in &self.lines {
            let number = numbers.entry(fund).or_default();
            *number += 1;
            assert_eq!(seq, number, "{after}: a gap");
            let subjects = [Some(fund), round.as_ref(), request.as_ref(), tranche.as_ref()];
            for subject in subjects.into_iter().flatten() {
                *sums.entry((subject, effect)).or_default() += amount;
            }
            let sum = |subject: &str, plus: &str, minus: &str| -> i64 {
                let of = |effect: &str| sums.get(&(subject, effect)).copied().unwrap_or(0);
                of(plus) - of(minus)
            };
            let allocated = sum(fund, "allocate", "deallocate");
            assert!((0..=sum(fund, "capital_in", "")).contains(&allocated), "{after}: L1 at {fund} {seq}");
            if let Some(round) = round {
                let held = sum(round, "reserve", "unreserve") + sum(round, "commit", "decommit");
                assert!(held >= 0 && held <= sum(round, "allocate", "deallocate"), "{after}: L2 at {fund} {seq}");
            }
            if let Some(request) = request {
                let (committed, paid) = (sum(request, "commit", "decommit"), sum(request, "disburse", "refund"));
                let bounds = [0, paid, committed, self.awarded[request.as_str()]];
                assert!(bounds.is_sorted(), "{after}: L3 at {fund} {seq}: {bounds:?}");
            }
            if let Some(tranche) = tranche {
                let paid = sum(tranche, "disburse", "refund");
                assert!((0..=self.tranches[tranche.as_str()].2).contains(&paid), "{after}: {tranche} at {fund} {seq}");
            }
        }
        for (tranche, (_, accepted)) in &self.reports {
            assert!(accepted.unwrap_or(0) <= self.sum(tranche, "disburse", "refund"), "{after}: L4 of {tranche}");
        }
    }

    /// Lines are only added.
    pub fn goes_on_from(&self, before: &Self) -> bool {
        before.lines.iter().all(|line| self.lines.contains(line))
    }

    /// The tranche of a request in this place.
    pub fn tranche(&self, request: &str, place: usize) -> Option<&String> {
        let is_it =
            |(of, number, _): &(String, i32, i64)| of == request && usize::try_from(*number).unwrap() == place + 1;
        self.tranches.iter().find(|(_, tranche)| is_it(tranche)).map(|(id, _)| id)
    }
}
