//! How far the milestones of a plan version have come, as the version in force has it.

use std::collections::{BTreeMap, HashMap};

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{MilestoneId, PlanId, rows::MilestoneRow, status::MilestoneStatus, store::plan_in_force};
use crate::{
    features::pilots::PilotId,
    platform::{
        db::{DbConnection, schema::milestones},
        error::AppError,
    },
};

/// Of each milestone of a plan version, by its position: whether it is done or waived. A later version carries milestones
/// over, so it is the one in force that tells; one that it no longer has counts as open.
///
/// # Errors
/// Those of the database.
pub fn reached(connection: &mut DbConnection, pilot: PilotId, plan: PlanId) -> Result<BTreeMap<i32, bool>, AppError> {
    let in_force = plan_in_force(connection, pilot)?.map(|plan| plan.id);
    let all: Vec<MilestoneRow> =
        milestones::table.filter(milestones::pilot_id.eq(pilot)).select(MilestoneRow::as_select()).load(connection)?;
    let before: HashMap<MilestoneId, MilestoneId> =
        all.iter().filter_map(|row| row.previous_id.map(|previous| (row.id, previous))).collect();
    let is_reached = |named: &MilestoneRow| {
        all.iter()
            .filter(|row| Some(row.plan_id) == in_force && row.status != MilestoneStatus::Planned)
            .any(|row| goes_on_from(&before, row.id, named.id))
    };
    Ok(all.iter().filter(|row| row.plan_id == plan).map(|row| (row.position, is_reached(row))).collect())
}

/// Whether a milestone is the same as an earlier one, by however many versions in between.
fn goes_on_from(before: &HashMap<MilestoneId, MilestoneId>, from: MilestoneId, earlier: MilestoneId) -> bool {
    let mut at = Some(from);
    // No chain is longer than the list: it ends even if it went in a circle.
    for _ in 0..=before.len() {
        match at {
            Some(id) if id == earlier => return true,
            Some(id) => at = before.get(&id).copied(),
            None => return false,
        }
    }
    false
}
