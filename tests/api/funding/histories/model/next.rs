//! What is due next for a request, so that a history gets somewhere.

use super::{Model, PILOTS, REQUESTS, Tranche, pilot_of, round_of};
use crate::funding::histories::commands::{Command, Pay, Step, Turn};

impl Model {
    /// The command with what is drawn at random made out: what is due next, which tranche, how much of it.
    pub fn resolve(&self, command: Command) -> Command {
        match command {
            Command::Next(request, choice) => self.due(self.going_on(request), choice),
            Command::Tranche(request, place, pay) => {
                let tranches = &self.requests[request].tranches;
                let Some(place) = place.checked_rem(tranches.len()) else { return self.due(request, 50) };
                let share = |percent: i64| tranches[place].amount * percent / 100;
                let pay = match pay {
                    Pay::Report(percent) => Pay::Report(share(percent)),
                    Pay::Accept(percent) => Pay::Accept(share(percent)),
                    Pay::Refund(percent) => Pay::Refund(share(percent)),
                    other => other,
                };
                Command::Tranche(request, place, pay)
            }
            other => other,
        }
    }

    /// This request or the first after it that has not come to its end.
    fn going_on(&self, request: usize) -> usize {
        let all = (request..REQUESTS).chain(0..request);
        let is_over = |at: usize| {
            let it = &self.requests[at];
            it.is(&["declined", "withdrawn", "lapsed", "closed"])
                || it.status == "terminated" && it.tranches.iter().all(is_done)
        };
        all.into_iter().find(|at| !is_over(*at)).unwrap_or(request)
    }

    fn due(&self, at: usize, choice: i64) -> Command {
        let (it, round, pilot) = (&self.requests[at], round_of(at), pilot_of(at));
        let step = |step| Command::Request(at, step);
        match it.status {
            "panel" => step(Step::Recommend(5_000_000 + choice * 50_000)),
            "recommended" => step(Step::Award { amount: None, second: it.set_by == Some(false) || choice % 2 == 0 }),
            "waitlisted" => Command::Allocate { round, amount: it.recommended },
            "awarded" if !self.released[round] => self.before_release(round, choice),
            "awarded" if it.due.is_some_and(|due| due < self.day) => step(Step::Lapse),
            "awarded" if it.tranches.is_empty() => step(Step::Plan { parts: 1 + choice % 3, off: 0 }),
            "awarded" => step(Step::Sign { owner: !it.signed[1] }),
            "suspended" => step(Step::Resume),
            status => {
                match (it.tranches.iter().position(|tranche| !is_done(tranche)), status) {
                    (_, "agreement_signed") if self.pilots[pilot] == "design" && it.net_paid() > 0 => {
                        Command::Pilot(pilot, Turn::PassGateOne)
                    }
                    (_, "active") if self.pilots[pilot] == "on_hold" => Command::Pilot(pilot, Turn::Resume),
                    // All is paid: reports come in as well while it closes.
                    (Some(_), "active") if choice < 25 && !it.tranches.iter().any(Tranche::is_unpaid) => {
                        step(Step::StartClosing)
                    }
                    (Some(place), "closing") if it.tranches[place].is_unpaid() => {
                        Command::Tranche(at, place, Pay::Cancel)
                    }
                    (Some(place), _) => Command::Tranche(at, place, payment(&it.tranches[place], choice)),
                    (None, "active") => step(Step::StartClosing),
                    (None, "closing") => step(Step::Close),
                    // It is over: something that has to be refused.
                    (None, _) => step(Step::Award { amount: None, second: choice % 2 == 0 }),
                }
            }
        }
    }

    /// A round is released when everything in it is decided.
    fn before_release(&self, round: usize, choice: i64) -> Command {
        let undecided = |at: &usize| self.requests[*at].is(&["panel", "recommended"]);
        match (round * PILOTS..(round + 1) * PILOTS).find(undecided) {
            None => Command::Release { round },
            Some(at) if choice % 3 == 0 => Command::Request(at, Step::Decline),
            Some(at) => self.due(at, choice),
        }
    }
}

fn is_done(tranche: &Tranche) -> bool {
    ["settled", "cancelled"].contains(&tranche.status)
}

fn payment(tranche: &Tranche, choice: i64) -> Pay {
    // Mostly all of it, else a little less.
    let much = |of: i64| if choice < 80 { of } else { of * choice / 100 };
    match (tranche.status, tranche.report) {
        ("planned" | "failed", _) => Pay::Ask,
        ("requested", _) => Pay::Approve { second: choice % 2 == 0 },
        ("approved", _) => Pay::Disburse,
        ("withheld", _) => Pay::LetGo,
        ("disbursed", "") if choice % 10 == 9 => Pay::Fail,
        ("disbursed", _) => Pay::Report(much(tranche.left())),
        (_, "submitted" | "disputed") => Pay::Check,
        (_, "checked") => Pay::Accept(much(tranche.total.min(tranche.left()))),
        _ => Pay::Refund(much(tranche.left() - tranche.accepted)),
    }
}
