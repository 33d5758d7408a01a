//! Reading and writing plan versions.

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper, insert_into, update};

use super::{
    MilestoneId, PlanId,
    rows::{MilestoneRow, PlanRow},
    seal,
    status::{MilestoneStatus, PLAN_LIFECYCLE, PlanMove, PlanStatus},
};
use crate::{
    features::pilots::{PilotId, PilotRow},
    platform::{
        db::{
            DbConnection,
            schema::{milestones, plans},
        },
        error::{AppError, DatabaseIntent, ErrorCode},
        lifecycle::next,
        web::Tx,
    },
};

/// A plan version.
///
/// # Errors
/// `NotFound`.
pub fn find(connection: &mut DbConnection, id: PlanId) -> Result<PlanRow, AppError> {
    plans::table.find(id).select(PlanRow::as_select()).first(connection).or_not_found()
}

/// The one version of a pilot that has a status of which there is one at most.
///
/// # Errors
/// Those of the database.
pub fn with_status(
    connection: &mut DbConnection,
    pilot: PilotId,
    status: PlanStatus,
) -> Result<Option<PlanRow>, AppError> {
    Ok(plans::table
        .filter(plans::pilot_id.eq(pilot))
        .filter(plans::status.eq(status))
        .select(PlanRow::as_select())
        .first(connection)
        .optional()?)
}

/// The version that a gate looks at: the submitted one, else the one in force.
///
/// # Errors
/// Those of the database.
pub fn current_plan(connection: &mut DbConnection, pilot: PilotId) -> Result<Option<PlanRow>, AppError> {
    match with_status(connection, pilot, PlanStatus::Submitted)? {
        Some(submitted) => Ok(Some(submitted)),
        None => plan_in_force(connection, pilot),
    }
}

/// The version in force.
///
/// # Errors
/// Those of the database.
pub fn plan_in_force(connection: &mut DbConnection, pilot: PilotId) -> Result<Option<PlanRow>, AppError> {
    with_status(connection, pilot, PlanStatus::Locked)
}

/// The milestones of a version, in their order.
///
/// # Errors
/// Those of the database.
pub fn milestones_of(connection: &mut DbConnection, plan: PlanId) -> Result<Vec<MilestoneRow>, AppError> {
    Ok(milestones::table
        .filter(milestones::plan_id.eq(plan))
        .order(milestones::position)
        .select(MilestoneRow::as_select())
        .load(connection)?)
}

/// Stores new milestones.
///
/// # Errors
/// Those of the database.
pub fn insert_milestones(connection: &mut DbConnection, rows: &[MilestoneRow]) -> Result<(), AppError> {
    for row in rows {
        insert_into(milestones::table).values(row).execute(connection)?;
    }
    Ok(())
}

/// Stores a changed version of a plan under its next number, if nobody was faster, and audits it.
///
/// # Errors
/// `VersionMismatch` when someone else was first.
pub fn save(tx: &mut Tx<'_>, action: &str, before: &PlanRow, after: PlanRow) -> Result<PlanRow, AppError> {
    let after = PlanRow { version: before.version + 1, updated_at: tx.now, ..after };
    let changed =
        update(plans::table.find(before.id).filter(plans::version.eq(before.version))).set(&after).execute(tx.conn)?;
    if changed == 0 {
        return Err(AppError::new(ErrorCode::VersionMismatch));
    }
    tx.audit_as(action, "plan", before.id.as_str(), Some(before), Some(&after))?;
    Ok(after)
}

/// The same for a milestone.
///
/// # Errors
/// `VersionMismatch` when someone else was first.
pub fn save_milestone(
    tx: &mut Tx<'_>,
    action: &str,
    before: &MilestoneRow,
    after: MilestoneRow,
) -> Result<MilestoneRow, AppError> {
    let after = MilestoneRow { version: before.version + 1, updated_at: tx.now, ..after };
    let present = milestones::table.find(before.id).filter(milestones::version.eq(before.version));
    if update(present).set(&after).execute(tx.conn)? == 0 {
        return Err(AppError::new(ErrorCode::VersionMismatch));
    }
    tx.audit_as(action, "milestone", before.id.as_str(), Some(before), Some(&after))?;
    Ok(after)
}

/// Makes way: what had `status` before is superseded.
///
/// # Errors
/// Those of the database.
pub fn supersede(tx: &mut Tx<'_>, pilot: PilotId, status: PlanStatus) -> Result<Option<PlanRow>, AppError> {
    let Some(old) = with_status(tx.conn, pilot, status)? else { return Ok(None) };
    let to = next(PLAN_LIFECYCLE, old.status, PlanMove::Supersede)?.to;
    save(tx, "transition_plan.supersede", &old, PlanRow { status: to, ..old.clone() }).map(Some)
}

/// Puts the submitted version in force: by gate 1, or by an officer's approval while the pilot runs.
///
/// # Errors
/// `ConditionsUnmet` when nothing is submitted; `Conflict` when its content is not what was submitted.
pub fn put_in_force(tx: &mut Tx<'_>, action: &str, submitted: &PlanRow, step: PlanMove) -> Result<PlanRow, AppError> {
    let to = next(PLAN_LIFECYCLE, submitted.status, step)?.to;
    let own = milestones_of(tx.conn, submitted.id)?;
    seal::check(submitted, &own)?;
    let replaced = supersede(tx, submitted.pilot_id, PlanStatus::Locked)?.map(|plan| plan.id);
    let locked_by = Some(tx.actor()?.user_id);
    let after =
        save(tx, action, submitted, PlanRow { status: to, locked_at: Some(tx.now), locked_by, ..submitted.clone() })?;
    for milestone in own {
        carry_over(tx, action, milestone, replaced)?;
    }
    Ok(after)
}

/// Progress made under the version before counts on.
fn carry_over(
    tx: &mut Tx<'_>,
    action: &str,
    milestone: MilestoneRow,
    replaced: Option<PlanId>,
) -> Result<(), AppError> {
    let Some(previous_id) = milestone.previous_id else { return Ok(()) };
    let previous = find_milestone(tx.conn, previous_id)?;
    if Some(previous.plan_id) != replaced {
        return Err(AppError::new(ErrorCode::Conflict).detail(
            "A milestone goes on from a version that is no longer in force; submit a new version.",
            "একটি মাইলফলক এমন সংস্করণ থেকে এগিয়েছে যা আর কার্যকর নেই; নতুন সংস্করণ জমা দিন।",
        ));
    }
    if previous.status != MilestoneStatus::Planned {
        let after = MilestoneRow {
            status: previous.status,
            done_on: previous.done_on,
            evidence: previous.evidence,
            waived_by: previous.waived_by,
            waiver_reason: previous.waiver_reason,
            ..milestone.clone()
        };
        save_milestone(tx, action, &milestone, after)?;
    }
    Ok(())
}

/// A milestone.
///
/// # Errors
/// `NotFound`.
pub fn find_milestone(connection: &mut DbConnection, id: MilestoneId) -> Result<MilestoneRow, AppError> {
    milestones::table.find(id).select(MilestoneRow::as_select()).first(connection).or_not_found()
}

/// Locks the plan that gate 1 was passed with.
///
/// # Errors
/// `ConditionsUnmet` when nothing is submitted; `Conflict` when its content is not what was submitted.
pub fn lock_current(tx: &mut Tx<'_>, pilot: &PilotRow) -> Result<PlanRow, AppError> {
    let submitted = with_status(tx.conn, pilot.id, PlanStatus::Submitted)?.ok_or_else(|| {
        AppError::new(ErrorCode::ConditionsUnmet).detail("No plan version is submitted.", "কোনো পরিকল্পনা জমা দেওয়া হয়নি।")
    })?;
    put_in_force(tx, "transition_plan.lock", &submitted, PlanMove::Lock)
}
