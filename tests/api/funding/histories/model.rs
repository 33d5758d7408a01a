//! What the model knows, written from the rules (`domain.md`, section 4) and not from the code. It has no ledger: only what
//! each record stands at, in plain numbers. A command gives `None` where it has to be refused; whoever asks throws the half
//! changed copy away then.

mod decisions;
mod endings;
mod next;
mod payments;

use super::commands::{Command, Turn};

/// What a request asks for, in poisha, and the most that one gets.
pub const REQUESTED: i64 = 10_000_000;
/// The most that one approver awards alone.
pub const TWO_ABOVE: i64 = 8_000_000;
/// The share of a tranche that has to be used before the next one, in percent.
pub const USED: i64 = 75;
/// For so many days an agreement can be signed.
pub const SIGN_WITHIN: i64 = 30;
/// Of which fund each round is.
pub const FUND_OF: [usize; ROUNDS] = [0, 0, 1];
pub const ROUNDS: usize = 3;
pub const PILOTS: usize = 3;
/// One of each pilot in each round.
pub const REQUESTS: usize = ROUNDS * PILOTS;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tranche {
    pub status: &'static str,
    pub amount: i64,
    pub paid: i64,
    pub refunded: i64,
    /// Where its report stands; empty: none was handed in.
    pub report: &'static str,
    pub total: i64,
    pub accepted: i64,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    pub status: &'static str,
    pub recommended: i64,
    pub reserved: i64,
    pub committed: i64,
    pub awarded: i64,
    /// Which of two approved first, and how much.
    pub first: Option<(bool, i64)>,
    /// Since which command it waits.
    pub waits_since: usize,
    /// The approver who let it wait without a recommendation, and so set the amount: they do not decide on it.
    pub set_by: Option<bool>,
    /// The last day to sign.
    pub due: Option<i64>,
    /// By the officer, by the owner.
    pub signed: [bool; 2],
    pub tranches: Vec<Tranche>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    pub day: i64,
    /// How many commands there were.
    pub count: usize,
    /// The capital of each fund.
    pub capital: [i64; 2],
    pub allocated: [i64; ROUNDS],
    pub released: [bool; ROUNDS],
    /// Where each pilot stands.
    pub pilots: [&'static str; PILOTS],
    pub requests: Vec<Request>,
}

pub fn ensure(holds: bool) -> Option<()> {
    holds.then_some(())
}

pub const fn round_of(request: usize) -> usize {
    request / PILOTS
}

pub const fn pilot_of(request: usize) -> usize {
    request % PILOTS
}

impl Tranche {
    /// What is with the pilot: paid less what came back.
    pub fn left(&self) -> i64 {
        self.paid - self.refunded
    }

    pub fn is_unpaid(&self) -> bool {
        ["planned", "requested", "approved", "withheld", "failed"].contains(&self.status)
    }

    pub fn is_paid(&self) -> bool {
        ["disbursed", "reported", "settled"].contains(&self.status)
    }
}

impl Request {
    pub fn net_paid(&self) -> i64 {
        self.tranches.iter().map(Tranche::left).sum()
    }

    pub fn is(&self, statuses: &[&str]) -> bool {
        statuses.contains(&self.status)
    }
}

impl Model {
    pub fn new() -> Self {
        let blank = Request { status: "panel", ..Request::default() };
        Self {
            day: 0,
            count: 0,
            capital: [0; 2],
            allocated: [0; ROUNDS],
            released: [false; ROUNDS],
            pilots: ["design"; PILOTS],
            requests: vec![blank; REQUESTS],
        }
    }

    pub fn of_round(&self, round: usize) -> &[Request] {
        &self.requests[round * PILOTS..][..PILOTS]
    }

    pub fn available(&self, round: usize) -> i64 {
        self.allocated[round] - self.of_round(round).iter().map(|it| it.reserved + it.committed).sum::<i64>()
    }

    /// Money of a round goes to who waits longest, as far as it suffices for the next.
    pub fn move_up(&mut self, round: usize) {
        loop {
            let free = self.available(round);
            let waiting = self.requests[round * PILOTS..][..PILOTS].iter_mut().filter(|it| it.status == "waitlisted");
            let Some(next) = waiting.min_by_key(|it| it.waits_since) else { return };
            if next.recommended > free {
                return;
            }
            (next.status, next.reserved, next.first) = ("recommended", next.recommended, None);
        }
    }

    /// What becomes of everything by a command; `None` when it has to be refused.
    pub fn apply(&mut self, command: &Command) -> Option<()> {
        self.count += 1;
        match *command {
            Command::Capital { fund, amount } => self.capital[fund] += amount,
            Command::Allocate { round, amount } => {
                self.allocated[round] += amount;
                let fund = FUND_OF[round];
                let given: i64 = (0..ROUNDS).filter(|it| FUND_OF[*it] == fund).map(|it| self.allocated[it]).sum();
                ensure(given <= self.capital[fund])?;
                self.move_up(round);
            }
            Command::Deallocate { round, amount } => {
                self.allocated[round] -= amount;
                ensure(self.available(round) >= 0)?;
            }
            Command::Release { round } => self.release(round)?,
            Command::Request(request, step) => self.decide(request, step)?,
            Command::Tranche(request, place, pay) => self.pay(request, place, pay)?,
            Command::Pilot(pilot, turn) => self.turn(pilot, turn)?,
            Command::Later => self.day += 31,
            Command::Next(..) | Command::Forbidden { .. } | Command::Again | Command::AgainChanged => return None,
        }
        Some(())
    }

    fn turn(&mut self, pilot: usize, turn: Turn) -> Option<()> {
        let (from, to): (&[&str], _) = match turn {
            Turn::PassGateOne => (&["design"], "in_execution"),
            Turn::Hold => (&["in_execution"], "on_hold"),
            Turn::Resume => (&["on_hold"], "in_execution"),
            Turn::Discontinue => (&["in_execution", "on_hold"], "discontinued"),
            Turn::Withdraw => (&["design"], "withdrawn"),
        };
        ensure(from.contains(&self.pilots[pilot]))?;
        self.pilots[pilot] = to;
        match turn {
            Turn::PassGateOne => {
                let own = self.requests.iter_mut().enumerate().filter(|(it, _)| pilot_of(*it) == pilot);
                for (_, request) in own.filter(|(_, it)| it.status == "agreement_signed") {
                    if request.tranches.iter().any(Tranche::is_paid) {
                        request.status = "active";
                    }
                }
            }
            Turn::Discontinue | Turn::Withdraw => self.end_all_of(pilot),
            Turn::Hold | Turn::Resume => {}
        }
        Some(())
    }
}
