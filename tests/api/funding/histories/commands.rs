//! What people can do in a history, drawn at random: half of it is what is due next for some request, so that histories go
//! far; the rest is anything at any time.

use proptest::prelude::*;

use super::model::{PILOTS, REQUESTS, ROUNDS};

/// A command, in poisha. What is drawn of a tranche is in percent of it, up to somewhat more than there is, until the
/// model has made out how much that is.
#[derive(Clone, Debug)]
pub enum Command {
    Capital {
        fund: usize,
        amount: i64,
    },
    Allocate {
        round: usize,
        amount: i64,
    },
    Deallocate {
        round: usize,
        amount: i64,
    },
    /// Says that a round is decided, and tells the applicants.
    Release {
        round: usize,
    },
    /// Something is done to a request.
    Request(usize, Step),
    /// To the tranche in this place of a request; as drawn, counted round and round.
    Tranche(usize, usize, Pay),
    /// To a pilot.
    Pilot(usize, Turn),
    /// A month passes.
    Later,
    /// What is due next for a request; a number to choose by.
    Next(usize, i64),
    /// Someone who may not tries what the command of this number does.
    Forbidden {
        request: usize,
        who: usize,
        what: usize,
    },
    /// The last command that moved money comes once more with its key.
    Again,
    /// And with its key and another content.
    AgainChanged,
}

#[derive(Clone, Copy, Debug)]
pub enum Step {
    Recommend(i64),
    Award {
        amount: Option<i64>,
        second: bool,
    },
    Decline,
    Waitlist(i64),
    Withdraw,
    /// In so many parts, which add up to so much too much.
    Plan {
        parts: i64,
        off: i64,
    },
    /// By the owner, or by the officer of the fund.
    Sign {
        owner: bool,
    },
    Lapse,
    Suspend,
    Resume,
    Terminate,
    StartClosing,
    Close,
}

#[derive(Clone, Copy, Debug)]
pub enum Pay {
    Ask,
    Approve { second: bool },
    Disburse,
    Fail,
    Withhold,
    LetGo,
    Cancel,
    Report(i64),
    Check,
    Accept(i64),
    Return,
    Dispute,
    Refund(i64),
}

#[derive(Clone, Copy, Debug)]
pub enum Turn {
    PassGateOne,
    Hold,
    Resume,
    Discontinue,
    Withdraw,
}

pub fn command() -> impl Strategy<Value = Command> {
    let amount = || 1..12_000_000_i64;
    let request = || 0..REQUESTS;
    prop_oneof![
        1 => (0..2_usize, amount()).prop_map(|(fund, amount)| Command::Capital { fund, amount }),
        2 => (0..ROUNDS, amount()).prop_map(|(round, amount)| Command::Allocate { round, amount }),
        2 => (0..ROUNDS, amount()).prop_map(|(round, amount)| Command::Deallocate { round, amount }),
        2 => (0..ROUNDS).prop_map(|round| Command::Release { round }),
        12 => (request(), step()).prop_map(|(request, step)| Command::Request(request, step)),
        14 => (request(), 0..3_usize, pay()).prop_map(|(request, place, pay)| Command::Tranche(request, place, pay)),
        2 => (0..PILOTS, turn()).prop_map(|(pilot, turn)| Command::Pilot(pilot, turn)),
        1 => Just(Command::Later),
        60 => (request(), 0..100_i64).prop_map(|(request, choice)| Command::Next(request, choice)),
        4 => (request(), 0..4_usize, 0..8_usize).prop_map(|(request, who, what)| Command::Forbidden { request, who, what }),
        2 => Just(Command::Again),
        2 => Just(Command::AgainChanged),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let award = || 5_000_000..10_500_000_i64;
    prop_oneof![
        2 => award().prop_map(Step::Recommend),
        3 => (proptest::option::weighted(0.3, award()), any::<bool>()).prop_map(|(amount, second)| Step::Award { amount, second }),
        1 => Just(Step::Decline),
        3 => award().prop_map(Step::Waitlist),
        1 => Just(Step::Withdraw),
        1 => (1..4_i64, -1..2_i64).prop_map(|(parts, off)| Step::Plan { parts, off }),
        2 => any::<bool>().prop_map(|owner| Step::Sign { owner }),
        1 => Just(Step::Lapse),
        2 => Just(Step::Suspend),
        1 => Just(Step::Resume),
        1 => Just(Step::Terminate),
        1 => Just(Step::StartClosing),
        1 => Just(Step::Close),
    ]
}

fn pay() -> impl Strategy<Value = Pay> {
    let share = || prop_oneof![3 => 0..110_i64, 1 => Just(100)];
    prop_oneof![
        1 => Just(Pay::Ask),
        1 => any::<bool>().prop_map(|second| Pay::Approve { second }),
        1 => Just(Pay::Disburse),
        4 => Just(Pay::Fail),
        1 => Just(Pay::Withhold),
        1 => Just(Pay::LetGo),
        2 => Just(Pay::Cancel),
        1 => share().prop_map(Pay::Report),
        1 => Just(Pay::Check),
        1 => share().prop_map(Pay::Accept),
        1 => Just(Pay::Return),
        1 => Just(Pay::Dispute),
        1 => share().prop_map(Pay::Refund),
    ]
}

fn turn() -> impl Strategy<Value = Turn> {
    prop_oneof![
        3 => Just(Turn::PassGateOne),
        2 => Just(Turn::Hold),
        3 => Just(Turn::Resume),
        1 => Just(Turn::Discontinue),
        1 => Just(Turn::Withdraw),
    ]
}
