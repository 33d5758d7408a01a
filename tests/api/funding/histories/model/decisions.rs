//! From the panel to the signed agreement.

use super::{Model, REQUESTED, SIGN_WITHIN, TWO_ABOVE, Tranche, ensure, pilot_of, round_of};
use crate::funding::histories::commands::Step;

impl Model {
    /// Results are told once nothing is undecided; from then on agreements are due.
    pub fn release(&mut self, round: usize) -> Option<()> {
        ensure(!self.released[round] && !self.of_round(round).iter().any(|it| it.is(&["panel", "recommended"])))?;
        self.released[round] = true;
        let due = self.day + SIGN_WITHIN;
        let own = self.requests.iter_mut().enumerate().filter(|(it, _)| round_of(*it) == round);
        own.filter(|(_, it)| it.status == "awarded").for_each(|(_, it)| it.due = Some(due));
        Some(())
    }

    pub fn decide(&mut self, at: usize, step: Step) -> Option<()> {
        let (round, free, day) = (round_of(at), self.available(round_of(at)), self.day);
        let is_released = self.released[round];
        let has_ended = ["withdrawn", "discontinued"].contains(&self.pilots[pilot_of(at)]);
        let count = self.count;
        let it = &mut self.requests[at];
        match step {
            Step::Recommend(amount) => {
                ensure(it.status == "panel" && !has_ended && amount <= REQUESTED && amount <= free)?;
                (it.status, it.recommended, it.reserved) = ("recommended", amount, amount);
            }
            Step::Award { amount, second } => {
                let amount = amount.unwrap_or(it.first.map_or(it.recommended, |(_, amount)| amount));
                ensure(it.status == "recommended" && it.set_by != Some(second) && amount <= it.recommended)?;
                ensure(it.first.is_none_or(|(who, first)| who != second && first == amount))?;
                if amount > TWO_ABOVE && it.first.is_none() {
                    it.first = Some((second, amount));
                    return Some(());
                }
                (it.status, it.reserved, it.committed, it.awarded) = ("awarded", 0, amount, amount);
                it.due = is_released.then_some(day + SIGN_WITHIN);
                self.move_up(round);
            }
            Step::Decline => {
                ensure(it.is(&["panel", "recommended", "waitlisted"]) && it.set_by != Some(false))?;
                (it.status, it.reserved) = ("declined", 0);
                self.move_up(round);
            }
            Step::Waitlist(amount) => {
                let from_panel = it.status == "panel";
                ensure(from_panel && amount <= REQUESTED || it.status == "recommended" && it.set_by != Some(false))?;
                if from_panel {
                    (it.recommended, it.set_by) = (amount, Some(false));
                }
                (it.status, it.reserved, it.first, it.waits_since) = ("steps back", 0, None, count);
                // Others may move up by what it held; itself not in the same step.
                self.move_up(round);
                self.requests[at].status = "waitlisted";
            }
            Step::Withdraw => {
                // Who waits is not told so before the release, and a withdrawal must not tell it either.
                ensure(it.is(&["panel", "recommended"]) || is_released && it.status == "waitlisted")?;
                (it.status, it.reserved) = ("withdrawn", 0);
                self.move_up(round);
            }
            Step::Plan { parts, off } => {
                ensure(it.status == "awarded" && is_released && it.signed == [false; 2] && off == 0)?;
                let one = |amount| Tranche { status: "planned", amount, ..Tranche::default() };
                let part = it.awarded / parts;
                it.tranches = vec![one(part); usize::try_from(parts - 1).unwrap()];
                it.tranches.push(one(it.awarded - part * (parts - 1)));
            }
            Step::Sign { owner } => {
                let planned: i64 = it.tranches.iter().map(|tranche| tranche.amount).sum();
                ensure(it.status == "awarded" && planned == it.awarded && it.due.is_some_and(|due| day <= due))?;
                it.signed[usize::from(owner)] = true;
                if it.signed == [true; 2] {
                    it.status = "agreement_signed";
                }
            }
            Step::Lapse | Step::Suspend | Step::Resume | Step::Terminate | Step::StartClosing | Step::Close => {
                return self.stop(at, step);
            }
        }
        Some(())
    }
}
