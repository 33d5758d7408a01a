//! Changes of a team: written down for ever, and the change of its owner.

use diesel::{
    BoolExpressionMethods, ExpressionMethods, QueryDsl, RunQueryDsl, dsl::exists, insert_into, select, update,
};

use super::{
    PilotId, facets,
    rows::{MemberRole, PilotRow},
    save,
    status::PilotMove,
};
use crate::platform::{
    clock::Timestamp,
    db::{
        DbConnection,
        at_once::{Part, at_once},
        schema::{
            gate_decisions, milestones, pilot_duplicates, pilot_members, pilot_team_changes, pilot_transitions, plans,
            tcv_measurements,
        },
    },
    error::AppError,
    ids::{UserId, id_types},
    text_enum::text_enum,
    web::Tx,
};

id_types! {
    /// A change of a team.
    TeamChangeId;
}

text_enum! {
    /// What happened to someone's place in a team.
    TeamChange {
        /// They came.
        Joined = "joined",
        /// They went.
        Left = "left",
        /// They have another place.
        RoleChanged = "role_changed",
    }
}

/// Writes down a change of a team.
///
/// # Errors
/// Those of the database.
pub fn record(
    tx: &mut Tx<'_>,
    pilot: PilotId,
    user: UserId,
    change: TeamChange,
    role: MemberRole,
) -> Result<(), AppError> {
    let entry = recording(tx, pilot, user, change, role)?;
    Ok(at_once(tx.conn, &[entry])?)
}

/// The statement of [`record`].
///
/// # Errors
/// When nobody is logged in.
pub fn recording(
    tx: &Tx<'_>,
    pilot: PilotId,
    user: UserId,
    change: TeamChange,
    role: MemberRole,
) -> Result<Part<'static>, AppError> {
    Ok(Box::new(insert_into(pilot_team_changes::table).values((
        pilot_team_changes::id.eq(tx.new_id::<TeamChangeId>()),
        pilot_team_changes::pilot_id.eq(pilot.to_string()),
        pilot_team_changes::user_id.eq(user),
        pilot_team_changes::change.eq(change),
        pilot_team_changes::role.eq(role),
        pilot_team_changes::actor_id.eq(tx.actor()?.user_id),
        pilot_team_changes::at.eq(tx.now),
    ))))
}

/// Moves that an officer makes; who made one has judged the pilot.
const JUDGING: &[PilotMove] = &[
    PilotMove::StartScreening,
    PilotMove::RequestChanges,
    PilotMove::Accept,
    PilotMove::Reject,
    PilotMove::Merge,
    PilotMove::Hold,
    PilotMove::Resume,
    PilotMove::StartExecution,
    PilotMove::Complete,
];

/// Whether someone has judged a pilot as an officer: screened it, held it, decided at its gates, verified its
/// measurements, approved its plan or decided on its duplicates. They do not become its owner.
///
/// # Errors
/// Those of the database.
pub fn has_judged(connection: &mut DbConnection, pilot: &PilotRow, user: UserId) -> Result<bool, AppError> {
    if pilot.screener_id == Some(user) {
        return Ok(true);
    }
    let id = pilot.id.as_str();
    let judging = JUDGING.iter().map(|step| step.as_str());
    let moved = pilot_transitions::table
        .filter(pilot_transitions::pilot_id.eq(id))
        .filter(pilot_transitions::actor_id.eq(user))
        .filter(pilot_transitions::command.eq_any(judging));
    let decided = gate_decisions::table.filter(gate_decisions::pilot_id.eq(id)).filter(
        gate_decisions::decided_by
            .eq(user)
            .or(gate_decisions::confirmed_by.eq(user).and(gate_decisions::status.ne("withdrawn"))),
    );
    let verified = tcv_measurements::table
        .filter(tcv_measurements::pilot_id.eq(id))
        .filter(tcv_measurements::verified_by.eq(user));
    let compared =
        pilot_duplicates::table.filter(pilot_duplicates::pilot_id.eq(id)).filter(pilot_duplicates::decided_by.eq(user));
    let approved = plans::table.filter(plans::pilot_id.eq(id)).filter(plans::locked_by.eq(user));
    let waived = milestones::table.filter(milestones::pilot_id.eq(id)).filter(milestones::waived_by.eq(user));
    Ok(select(exists(moved)).get_result::<bool>(connection)?
        || select(exists(decided)).get_result::<bool>(connection)?
        || select(exists(verified)).get_result::<bool>(connection)?
        || select(exists(compared)).get_result::<bool>(connection)?
        || select(exists(approved)).get_result::<bool>(connection)?
        || select(exists(waived)).get_result::<bool>(connection)?)
}

/// Makes someone the owner of a pilot. The previous owner stays as a member or leaves; a deputy who becomes the owner
/// leaves that place empty; nothing else changes.
///
/// # Errors
/// `VersionMismatch` when someone else was first; those of the database.
pub fn change_owner(
    tx: &mut Tx<'_>,
    action: &str,
    pilot: &PilotRow,
    to: UserId,
    previous_stays: bool,
) -> Result<PilotRow, AppError> {
    let from = pilot.owner_id;
    // The old owner first: a pilot never has two.
    let left_at = (!previous_stays).then_some(tx.now);
    update(pilot_members::table.find((pilot.id, from)))
        .set((pilot_members::role.eq(MemberRole::Member), pilot_members::left_at.eq(left_at)))
        .execute(tx.conn)?;
    let change = if previous_stays { TeamChange::RoleChanged } else { TeamChange::Left };
    record(tx, pilot.id, from, change, MemberRole::Member)?;
    let is_present = pilot_members::table.find((pilot.id, to)).filter(pilot_members::left_at.is_null());
    let present = update(is_present).set(pilot_members::role.eq(MemberRole::Owner)).execute(tx.conn)?;
    if present == 0 {
        let was_here = pilot_members::table.find((pilot.id, to)).count().get_result::<i64>(tx.conn)? > 0;
        if !was_here {
            // As a member first: that is what ends somebody's support (`pilot_members_do_not_support`).
            insert_into(pilot_members::table)
                .values((
                    pilot_members::pilot_id.eq(pilot.id),
                    pilot_members::user_id.eq(to),
                    pilot_members::role.eq(MemberRole::Member),
                    pilot_members::added_at.eq(tx.now),
                ))
                .execute(tx.conn)?;
        }
        update(pilot_members::table.find((pilot.id, to)))
            .set((
                pilot_members::role.eq(MemberRole::Owner),
                pilot_members::added_at.eq(tx.now),
                pilot_members::left_at.eq(None::<Timestamp>),
            ))
            .execute(tx.conn)?;
    }
    record(
        tx,
        pilot.id,
        to,
        if present == 0 { TeamChange::Joined } else { TeamChange::RoleChanged },
        MemberRole::Owner,
    )?;
    let deputy_id = pilot.deputy_id.filter(|deputy| *deputy != to);
    let after = save(tx, action, pilot, PilotRow { owner_id: to, deputy_id, ..pilot.clone() })?;
    facets::index_facets(tx.conn, &after)?;
    Ok(after)
}
