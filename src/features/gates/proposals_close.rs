//! A pilot that comes to its end leaves no proposal behind that nobody could confirm.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper, update};

use super::{
    rows::GateDecisionRow,
    status::{DecisionCommand, DecisionStatus, LIFECYCLE},
};
use crate::{
    features::pilots::{Follower, PilotRow, status::PilotMove},
    platform::{db::schema::gate_decisions, error::AppError, lifecycle::next, web::Tx},
};

/// Withdraws the open proposals of a pilot that has ended, in the name of whoever ended it.
pub struct ProposalsClose;

impl Follower for ProposalsClose {
    fn moved(&self, tx: &mut Tx<'_>, _: &PilotRow, after: &PilotRow, step: PilotMove) -> Result<(), AppError> {
        if after.ended_at.is_none() {
            return Ok(());
        }
        let open: Vec<GateDecisionRow> = gate_decisions::table
            .filter(gate_decisions::pilot_id.eq(after.id))
            .filter(gate_decisions::status.eq(DecisionStatus::Proposed))
            .order(gate_decisions::id)
            .select(GateDecisionRow::as_select())
            .load(tx.conn)?;
        for before in open {
            let closed = GateDecisionRow {
                status: next(LIFECYCLE, before.status, DecisionCommand::Withdraw)?.to,
                confirmed_by: Some(tx.actor()?.user_id),
                confirmed_at: Some(tx.now),
                confirmation_reason: Some(format!("The pilot has ended: {}.", step.as_str())),
                version: before.version + 1,
                ..before.clone()
            };
            update(gate_decisions::table.find(before.id)).set(&closed).execute(tx.conn)?;
            let action = DecisionCommand::Withdraw.permission();
            tx.audit_as(action, "gate_decision", before.id.as_str(), Some(&before), Some(&closed))?;
        }
        Ok(())
    }
}
