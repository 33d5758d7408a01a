//! Pilots to be screened or taken over, and pilots that came back to their team.

use chrono::NaiveDate;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, QueryDsl, RunQueryDsl,
    dsl::{exists, not},
};

use crate::{
    features::{
        pilots::{PilotId, status::PilotStatus},
        tasks::{
            MOST, Task, TaskKind, TaskSource, Viewer,
            bars::never_in_team,
            source::{Title, about},
        },
    },
    platform::{
        auth::Role,
        clock::Timestamp,
        db::{
            DbConnection,
            schema::{pilot_members, pilots, user_roles, users},
        },
        error::AppError,
    },
};

diesel::alias!(users as screeners: Screeners);

/// A pilot: which, its reference, its title, since when it waits, until when.
type Row = (PilotId, Option<String>, Title, Timestamp, Option<NaiveDate>);

fn task((id, reference, title, since, due_on): Row, kind: TaskKind, (en, bn): (&str, &str)) -> Task {
    Task { kind, title: about(en, bn, title), path: format!("/v1/pilots/{id}"), reference, due_on, since }
}

/// Pilots that nobody screens yet.
pub struct PilotsToScreen;

impl TaskSource for PilotsToScreen {
    fn roles(&self) -> &'static [Role] {
        &[Role::ProgrammeOfficer]
    }

    fn read_by(&self) -> &'static str {
        "get_pilot"
    }

    fn fetch(&self, connection: &mut DbConnection, viewer: Viewer<'_>) -> Result<Vec<Task>, AppError> {
        let words = ("Screen a pilot", "পাইলট যাচাই করুন");
        without_screener(connection, viewer, PilotStatus::Submitted, words)
    }
}

/// Pilots whose screening has stopped, since its officer can do it no more.
pub struct ScreeningsToTakeOver;

impl TaskSource for ScreeningsToTakeOver {
    fn roles(&self) -> &'static [Role] {
        &[Role::ProgrammeOfficer]
    }

    fn read_by(&self) -> &'static str {
        "get_pilot"
    }

    fn fetch(&self, connection: &mut DbConnection, viewer: Viewer<'_>) -> Result<Vec<Task>, AppError> {
        let words = ("Take over the screening of a pilot", "পাইলটের যাচাইয়ের দায়িত্ব নিন");
        without_screener(connection, viewer, PilotStatus::Screening, words)
    }
}

/// Pilots of this status that no active officer screens, for an officer who works neither where the pilot is at home nor
/// beside its owner.
fn without_screener(
    connection: &mut DbConnection,
    viewer: Viewer<'_>,
    status: PilotStatus,
    words: (&str, &str),
) -> Result<Vec<Task>, AppError> {
    let officer = user_roles::table
        .inner_join(screeners.on(screeners.field(users::id).eq(user_roles::user_id)))
        .filter(user_roles::user_id.nullable().eq(pilots::screener_id))
        .filter(user_roles::role.eq(Role::ProgrammeOfficer))
        .filter(screeners.field(users::status).eq("active"));
    let mut query = pilots::table
        .inner_join(users::table.on(users::id.eq(pilots::owner_id)))
        .filter(pilots::status.eq(status))
        .filter(never_in_team!(viewer.me()))
        .order(pilots::id)
        .limit(MOST + 1)
        .select((
            pilots::id,
            pilots::reference,
            (pilots::title_bn, pilots::title_en),
            pilots::updated_at,
            pilots::changes_due_on,
        ))
        .into_boxed();
    // One that is handed in again still names who screened it before.
    if status == PilotStatus::Screening {
        query = query.filter(not(exists(officer)));
    }
    if let Some(office) = viewer.actor.organisation_id {
        query = query
            .filter(pilots::organisation_id.ne(office))
            .filter(users::organisation_id.is_null().or(users::organisation_id.ne(office)));
    }
    let rows: Vec<Row> = query.load(connection)?;
    // What was due was due to the team, which has handed it in.
    Ok(rows.into_iter().map(|row| Task { due_on: None, ..task(row, TaskKind::Screening, words) }).collect())
}

/// Pilots that the caller has begun to screen.
pub struct ScreeningsToFinish;

impl TaskSource for ScreeningsToFinish {
    fn roles(&self) -> &'static [Role] {
        &[Role::ProgrammeOfficer]
    }

    fn read_by(&self) -> &'static str {
        "get_pilot"
    }

    fn fetch(&self, connection: &mut DbConnection, viewer: Viewer<'_>) -> Result<Vec<Task>, AppError> {
        let rows: Vec<Row> = pilots::table
            .filter(pilots::status.eq(PilotStatus::Screening))
            .filter(pilots::screener_id.eq(viewer.me()))
            .filter(never_in_team!(viewer.me()))
            .order(pilots::id)
            .limit(MOST + 1)
            .select((
                pilots::id,
                pilots::reference,
                (pilots::title_bn, pilots::title_en),
                pilots::updated_at,
                pilots::changes_due_on,
            ))
            .load(connection)?;
        let words = ("Finish the screening of a pilot", "পাইলটের যাচাই শেষ করুন");
        Ok(rows.into_iter().map(|row| Task { due_on: None, ..task(row, TaskKind::Screening, words) }).collect())
    }
}

/// Pilots of the caller's teams that an officer sent back.
pub struct PilotsSentBack;

impl TaskSource for PilotsSentBack {
    fn roles(&self) -> &'static [Role] {
        &[]
    }

    fn read_by(&self) -> &'static str {
        "get_pilot"
    }

    fn fetch(&self, connection: &mut DbConnection, viewer: Viewer<'_>) -> Result<Vec<Task>, AppError> {
        let rows: Vec<Row> = pilot_members::table
            .inner_join(pilots::table.on(pilots::id.eq(pilot_members::pilot_id)))
            .filter(pilot_members::user_id.eq(viewer.me()))
            .filter(pilot_members::left_at.is_null())
            .filter(pilots::status.eq(PilotStatus::ChangesRequested))
            .order(pilot_members::pilot_id)
            .limit(MOST + 1)
            .select((
                pilots::id,
                pilots::reference,
                (pilots::title_bn, pilots::title_en),
                pilots::updated_at,
                pilots::changes_due_on,
            ))
            .load(connection)?;
        let words = ("Change the pilot as the officer asked", "কর্মকর্তার চাওয়া অনুযায়ী পাইলট সংশোধন করুন");
        Ok(rows.into_iter().map(|row| task(row, TaskKind::Changes, words)).collect())
    }
}
