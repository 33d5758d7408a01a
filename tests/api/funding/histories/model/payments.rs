//! The tranches of an agreement: asked for, approved, paid, reported on, back.

use super::{Model, Request, Tranche, USED, ensure, pilot_of};
use crate::funding::histories::commands::Pay;

impl Request {
    /// Whether something is paid under its agreement.
    fn pays(&self) -> bool {
        self.is(&["agreement_signed", "active"])
    }

    /// Of the tranche before, left out what was cancelled, enough is accepted as spent.
    fn used_before(&self, place: usize) -> bool {
        let before = self.tranches[..place].iter().rfind(|tranche| tranche.status != "cancelled");
        before.is_none_or(|it| it.report == "accepted" && it.accepted * 100 >= it.paid * USED)
    }
}

impl Model {
    pub fn pay(&mut self, at: usize, place: usize, pay: Pay) -> Option<()> {
        let pilot = self.pilots[pilot_of(at)];
        let pays = self.requests[at].pays() && ["design", "in_execution"].contains(&pilot);
        let runs = self.requests[at].is(&["agreement_signed", "active", "suspended"]);
        let used_before = self.requests[at].used_before(place);
        let it = &mut self.requests[at];
        let tranche = &mut it.tranches[place];
        match pay {
            Pay::Ask => {
                ensure(["planned", "failed"].contains(&tranche.status) && pays && used_before)?;
                tranche.status = "requested";
            }
            Pay::Approve { .. } => {
                ensure(tranche.status == "requested" && pays)?;
                tranche.status = "approved";
            }
            Pay::Disburse => {
                ensure(tranche.status == "approved" && pays)?;
                (tranche.status, tranche.paid) = ("disbursed", tranche.amount);
                if pilot == "in_execution" {
                    it.status = "active";
                }
            }
            Pay::Fail => {
                // What was reported on or came back had arrived.
                ensure(tranche.status == "disbursed" && tranche.report.is_empty() && tranche.refunded == 0)?;
                (tranche.status, tranche.paid) = ("failed", 0);
                self.free_if_over(at);
            }
            Pay::Withhold => {
                ensure(["planned", "requested", "approved"].contains(&tranche.status) && runs)?;
                tranche.status = "withheld";
            }
            Pay::LetGo => {
                ensure(tranche.status == "withheld" && runs)?;
                tranche.status = "planned";
            }
            Pay::Cancel => {
                // A payment that fails while the last reports come in must not keep the request open for ever.
                ensure(tranche.is_unpaid() && (runs || it.status == "closing"))?;
                tranche.status = "cancelled";
            }
            Pay::Report(total) => {
                ensure(tranche.status == "disbursed" && total <= tranche.left())?;
                (tranche.status, tranche.report, tranche.total) = ("reported", "submitted", total);
            }
            Pay::Check => {
                ensure(["submitted", "disputed"].contains(&tranche.report))?;
                tranche.report = "checked";
            }
            Pay::Accept(accepted) => {
                ensure(tranche.report == "checked" && accepted <= tranche.total && accepted <= tranche.left())?;
                (tranche.report, tranche.accepted) = ("accepted", accepted);
                settle(tranche);
            }
            Pay::Return => {
                ensure(["submitted", "checked", "disputed"].contains(&tranche.report))?;
                (tranche.report, tranche.status) = ("returned", "disbursed");
            }
            Pay::Dispute => {
                ensure(["submitted", "checked"].contains(&tranche.report))?;
                tranche.report = "disputed";
            }
            Pay::Refund(amount) => {
                ensure(tranche.is_paid() && amount > 0 && amount <= tranche.left() - tranche.accepted)?;
                tranche.refunded += amount;
                settle(tranche);
                self.free_if_over(at);
            }
        }
        Some(())
    }

    /// What comes back after the end is promised to nobody any more.
    fn free_if_over(&mut self, at: usize) {
        if self.requests[at].is(&["terminated", "closed"]) {
            let status = self.requests[at].status;
            self.end(at, status);
        }
    }
}

/// Accepted and back add up to what was paid: nothing is left to be said.
fn settle(tranche: &mut Tranche) {
    if tranche.report == "accepted" && tranche.accepted + tranche.refunded == tranche.paid {
        tranche.status = "settled";
    }
}
