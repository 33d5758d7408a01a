//! How an agreement is stopped and how it ends: what is promised and not paid is free again.

use super::{Model, PILOTS, ROUNDS, Tranche, ensure, round_of};
use crate::funding::histories::commands::Step;

impl Model {
    pub fn stop(&mut self, at: usize, step: Step) -> Option<()> {
        let it = &mut self.requests[at];
        match step {
            Step::Suspend => {
                ensure(it.status == "active")?;
                it.status = "suspended";
            }
            Step::Resume => {
                ensure(it.status == "suspended")?;
                it.status = "active";
            }
            Step::StartClosing => {
                ensure(it.status == "active" && !it.tranches.iter().any(Tranche::is_unpaid))?;
                it.status = "closing";
            }
            Step::Lapse => {
                ensure(it.status == "awarded" && it.due.is_some_and(|due| due < self.day))?;
                self.end(at, "lapsed");
            }
            Step::Terminate => {
                ensure(it.is(&["agreement_signed", "active", "suspended"]))?;
                self.end(at, "terminated");
            }
            _ => {
                let is_over = |tranche: &Tranche| ["settled", "cancelled"].contains(&tranche.status);
                ensure(it.status == "closing" && it.tranches.iter().all(is_over))?;
                self.end(at, "closed");
            }
        }
        Some(())
    }

    /// Nothing more is paid, and the rest of the award goes to who waits.
    pub fn end(&mut self, at: usize, status: &'static str) {
        let it = &mut self.requests[at];
        it.status = status;
        it.tranches.iter_mut().filter(|tranche| tranche.is_unpaid()).for_each(|tranche| tranche.status = "cancelled");
        it.committed = it.net_paid();
        self.move_up(round_of(at));
    }

    /// The pilot has ended, and with it whatever of its requests is open, in every round.
    pub fn end_all_of(&mut self, pilot: usize) {
        for at in (0..ROUNDS).map(|round| round * PILOTS + pilot) {
            match self.requests[at].status {
                "panel" | "recommended" | "waitlisted" => {
                    (self.requests[at].status, self.requests[at].reserved) = ("withdrawn", 0);
                    self.move_up(round_of(at));
                }
                "awarded" => self.end(at, "lapsed"),
                "agreement_signed" | "active" | "suspended" => self.end(at, "terminated"),
                _ => {}
            }
        }
    }
}
