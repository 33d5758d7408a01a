//! Who came and went, for the team and for staff: others see who is in the team now, and not who was.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};

use crate::{
    features::{
        pilots::{MemberRole, TeamChange},
        timeline::{Entry, EntryKind, Range, Source, Viewpoint, source::ranged},
    },
    platform::{
        clock::Timestamp,
        db::{DbConnection, schema::pilot_team_changes},
        error::AppError,
        ids::UserId,
        text::Bilingual,
    },
};

type Row = (String, UserId, TeamChange, MemberRole, Option<UserId>, Timestamp);

/// Changes of the team.
pub struct TeamChanges;

impl Source for TeamChanges {
    fn read_by(&self) -> &'static str {
        "list_pilot_members"
    }

    fn fetch(&self, connection: &mut DbConnection, of: Viewpoint<'_>, range: &Range) -> Result<Vec<Entry>, AppError> {
        if !of.is_insider() {
            return Ok(Vec::new());
        }
        let query = pilot_team_changes::table
            .filter(pilot_team_changes::pilot_id.eq(of.pilot.id.to_string()))
            .select((
                pilot_team_changes::id,
                pilot_team_changes::user_id,
                pilot_team_changes::change,
                pilot_team_changes::role,
                pilot_team_changes::actor_id,
                pilot_team_changes::at,
            ))
            .into_boxed();
        let rows: Vec<Row> = ranged!(query, range, pilot_team_changes::at, pilot_team_changes::id).load(connection)?;
        let href = format!("/v1/pilots/{}/members", of.pilot.id);
        Ok(rows
            .into_iter()
            .map(|(id, user, change, role, actor_id, at)| Entry {
                at,
                id,
                kind: EntryKind::Team,
                event: change.as_str().to_owned(),
                actor_id,
                subject_id: Some(user),
                summary: sentence(change, role),
                reason: None,
                href: href.clone(),
            })
            .collect())
    }
}

fn sentence(change: TeamChange, role: MemberRole) -> Bilingual {
    let (place_en, place_bn) = match role {
        MemberRole::Owner => ("owner", "স্বত্বাধিকারী"),
        MemberRole::Deputy => ("deputy", "সহকারী"),
        MemberRole::Member => ("member", "সদস্য"),
    };
    match change {
        TeamChange::Joined => Bilingual::new(
            format!("Someone joined the team as {place_en}."),
            format!("একজন {place_bn} হিসেবে দলে যোগ দিয়েছেন।"),
        ),
        TeamChange::Left => Bilingual::new("Someone left the team.", "একজন দল ছেড়েছেন।"),
        TeamChange::RoleChanged => {
            Bilingual::new(format!("Someone in the team became {place_en}."), format!("দলের একজন {place_bn} হয়েছেন।"))
        }
    }
}
