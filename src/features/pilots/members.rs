//! The team of a pilot: its owner, at most one deputy, members.

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, insert_into, update};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    PilotId, facets, guards,
    rows::{MemberRole, PilotRow},
    save, see,
    status::PilotStatus,
    team::{TeamChange, has_judged, record},
};
use crate::{
    features::funding::requests::joining_obstacle,
    platform::{
        auth::Standing,
        clock::Timestamp,
        db::{
            DbConnection,
            schema::{pilot_members, users},
        },
        error::{AppError, ErrorCode, FieldError},
        ids::UserId,
        text::LocalizedText,
        text_enum::text_enum,
        web::{Answer, Body, Call, Reply, Tx},
    },
};

text_enum! {
    /// The places in a team that can be given.
    JoiningRole {
        /// Stands in for the owner; there is one at most.
        Deputy = "deputy",
        /// Works along.
        Member = "member",
    }
}

/// Who is to join, named by identifier or by the email address of their account.
#[derive(Clone, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "deputy@demo.innovation.gov.bd", "role": "deputy"}))]
pub struct AddPilotMemberRequest {
    /// Their identifier.
    pub user_id: Option<UserId>,
    /// Or their email address.
    #[schema(min_length = 3, max_length = 254)]
    pub email: Option<String>,
    /// Their place.
    #[schema(inline)]
    pub role: JoiningRole,
}

/// Someone in a team.
#[derive(Serialize, ToSchema)]
pub struct PilotMemberView {
    /// Who.
    pub user_id: UserId,
    /// Their name.
    pub name: LocalizedText,
    /// Their place.
    #[schema(inline)]
    pub role: MemberRole,
    /// Since when.
    pub added_at: Timestamp,
}

/// A team, whole: it is small.
#[derive(Serialize, ToSchema)]
pub struct PilotTeamView {
    /// Its people, the owner first.
    #[schema(max_items = 50)]
    pub items: Vec<PilotMemberView>,
    /// The pilot's version, for `If-Match` when someone leaves.
    #[schema(minimum = 1)]
    pub pilot_version: i64,
}

/// The largest team.
const LARGEST_TEAM: usize = 50;

/// Read a pilot's team.
///
/// The owner, the deputy and the members, whole.
#[utoipa::path(get, path = "/v1/pilots/{pilot_id}/members", tag = "Pilots",
    responses((status = 200, description = "The team.", body = PilotTeamView)))]
pub async fn list_pilot_members(call: Call) -> Answer {
    let id = call.id("pilot_id", PilotId::parse)?;
    call.read(move |connection, context| {
        let seen = see(connection, context.actor.as_ref(), id)?;
        Reply::record(seen.row.version, &team(connection, &seen.row)?)
    })
    .await
}

/// Take someone into a pilot's team.
///
/// As deputy, of whom there is one at most, or as member. A member can be made deputy. Nobody is asked before, so whoever
/// decides on funding requests or pays for them is not taken in, and a reviewer is not while a request is under way.
#[utoipa::path(post, path = "/v1/pilots/{pilot_id}/members", tag = "Pilots", request_body = AddPilotMemberRequest,
    responses((status = 201, description = "The team.", body = PilotTeamView)))]
pub async fn add_pilot_member(call: Call, body: Body) -> Answer {
    let id = call.id("pilot_id", PilotId::parse)?;
    call.look(move |connection, context| {
        let seen = see(connection, context.actor.as_ref(), id)?;
        context.permit("add_pilot_member", &seen.standing)
    })
    .await?;
    let request: AddPilotMemberRequest = body.read(&call).await?;
    call.write(move |tx| {
        let pilot = permitted(tx, "add_pilot_member", id, None)?;
        guards::team_obstacle(&pilot).map_or(Ok(()), Err)?;
        let user_id = find_active(tx.conn, request.user_id, request.email.as_deref())?;
        let deputy_id = place(tx, &pilot, user_id, request.role)?;
        let after = save(tx, "add_pilot_member", &pilot, PilotRow { deputy_id, ..pilot.clone() })?;
        facets::index_facets(tx.conn, &after)?;
        Reply::created(format!("/v1/pilots/{id}/members"), after.version, &team(tx.conn, &after)?)
    })
    .await
}

/// Let someone leave a pilot's team.
///
/// Anyone but the owner; whoever is in a team may leave it by themselves. `If-Match` takes the pilot's version.
#[utoipa::path(delete, path = "/v1/pilots/{pilot_id}/members/{user_id}", tag = "Pilots",
    responses((status = 204, description = "They have left.")))]
pub async fn remove_pilot_member(call: Call, body: Body) -> Answer {
    let id = call.id("pilot_id", PilotId::parse)?;
    let user_id = call.id("user_id", UserId::parse)?;
    call.look(move |connection, context| {
        let seen = see(connection, context.actor.as_ref(), id)?;
        let oneself = context.actor.as_ref().is_some_and(|actor| actor.user_id == user_id);
        context.permit("remove_pilot_member", &Standing { oneself, ..seen.standing })
    })
    .await?;
    body.expect_nothing(&call).await?;
    call.write(move |tx| {
        let pilot = permitted(tx, "remove_pilot_member", id, Some(user_id))?;
        let role: Option<MemberRole> = pilot_members::table
            .find((id, user_id))
            .filter(pilot_members::left_at.is_null())
            .select(pilot_members::role)
            .first(tx.conn)
            .optional()?;
        let role = role.ok_or_else(AppError::not_found)?;
        // Before the state: who does not say which version they mean is told that first.
        tx.check_version(pilot.version)?;
        guards::team_obstacle(&pilot).map_or(Ok(()), Err)?;
        if role == MemberRole::Owner {
            return Err(AppError::new(ErrorCode::Conflict).detail(
                "The owner cannot leave the team; hand the pilot over instead.",
                "স্বত্বাধিকারী দল ছাড়তে পারেন না; বদলে পাইলটটি হস্তান্তর করুন।",
            ));
        }
        update(pilot_members::table.find((id, user_id))).set(pilot_members::left_at.eq(tx.now)).execute(tx.conn)?;
        record(tx, id, user_id, TeamChange::Left, role)?;
        let deputy_id = pilot.deputy_id.filter(|deputy| *deputy != user_id);
        let after = save(tx, "remove_pilot_member", &pilot, PilotRow { deputy_id, ..pilot.clone() })?;
        facets::index_facets(tx.conn, &after)?;
        Ok(Reply::no_content())
    })
    .await
}

/// The pilot, if the caller may change its team; `about` is whom the change is about.
fn permitted(tx: &mut Tx<'_>, action: &str, id: PilotId, about: Option<UserId>) -> Result<PilotRow, AppError> {
    let actor = tx.actor()?.clone();
    let seen = see(tx.conn, Some(&actor), id)?;
    tx.permit(action, &Standing { oneself: about == Some(actor.user_id), ..seen.standing })?;
    Ok(seen.row)
}

/// The active account that a request means by `user_id` or by `email`.
///
/// # Errors
/// `ValidationFailed` when it names none, both, or nobody; those of the database.
pub fn find_active(
    connection: &mut DbConnection,
    user_id: Option<UserId>,
    email: Option<&str>,
) -> Result<UserId, AppError> {
    let active = users::table.filter(users::status.eq("active")).select(users::id).into_boxed();
    let (found, pointer) = match (user_id, email) {
        (Some(id), None) => (active.filter(users::id.eq(id)).first(connection).optional()?, "/user_id"),
        (None, Some(email)) => {
            (active.filter(users::email.eq(email.trim().to_lowercase())).first(connection).optional()?, "/email")
        }
        (id, _) => {
            let (pointer, code) = if id.is_some() { ("/email", "unexpected") } else { ("/user_id", "required") };
            return Err(AppError::validation(vec![FieldError::body(
                pointer,
                code,
                "Name the person by user_id or by email, by one of them.",
                "ব্যক্তিকে শনাক্তকারী (`user_id`) অথবা ইমেইলের (`email`) যেকোনো একটি দিয়ে উল্লেখ করুন।",
            )]));
        }
    };
    found.ok_or_else(|| {
        AppError::validation(vec![FieldError::body(
            pointer,
            "unknown_reference",
            "There is no active account of this kind.",
            "এমন কোনো সক্রিয় অ্যাকাউন্ট নেই।",
        )])
    })
}

/// Gives a person a place, and tells who is the deputy then.
fn place(tx: &mut Tx<'_>, pilot: &PilotRow, user_id: UserId, role: JoiningRole) -> Result<Option<UserId>, AppError> {
    let conflict = |en: &'static str, bn: &'static str| Err(AppError::new(ErrorCode::AlreadyExists).detail(en, bn));
    let ever: Vec<(UserId, MemberRole, Option<Timestamp>)> = pilot_members::table
        .filter(pilot_members::pilot_id.eq(pilot.id))
        .select((pilot_members::user_id, pilot_members::role, pilot_members::left_at))
        .load(tx.conn)?;
    let was_here = ever.iter().any(|(id, _, left_at)| *id == user_id && left_at.is_some());
    let present: Vec<(UserId, MemberRole)> =
        ever.iter().filter(|(.., left_at)| left_at.is_none()).map(|(id, role, _)| (*id, *role)).collect();
    if pilot.status == PilotStatus::Screening && pilot.screener_id == Some(user_id) {
        // Taken into the team the screener could no longer decide, and nobody else can either.
        return Err(AppError::new(ErrorCode::Conflict).detail(
            "This officer is screening the pilot and cannot join its team meanwhile.",
            "এই কর্মকর্তা পাইলটটি যাচাই করছেন, তাই এই সময়ে দলে যোগ দিতে পারেন না।",
        ));
    }
    let is_here = present.iter().any(|(id, _)| *id == user_id);
    if !is_here && let Some(obstacle) = joining_obstacle(tx.conn, pilot.id, user_id)? {
        return Err(obstacle);
    }
    if role == JoiningRole::Deputy && has_judged(tx.conn, pilot, user_id)? {
        return Err(AppError::new(ErrorCode::Conflict).detail(
            "They judged this pilot as an officer, and cannot become its deputy.",
            "তিনি কর্মকর্তা হিসেবে এই পাইলট বিচার করেছেন, তাই এর সহকারী হতে পারেন না।",
        ));
    }
    let held = present.iter().find(|(id, _)| *id == user_id).map(|(_, role)| *role);
    let (new_role, deputy_id) = match role {
        JoiningRole::Deputy if pilot.deputy_id.is_some_and(|deputy| deputy != user_id) => {
            return conflict(
                "There is a deputy already; let them leave first.",
                "ইতিমধ্যে একজন সহকারী আছেন; আগে তাঁকে সরান।",
            );
        }
        JoiningRole::Deputy => (MemberRole::Deputy, Some(user_id)),
        JoiningRole::Member => (MemberRole::Member, pilot.deputy_id),
    };
    match held {
        None if present.len() >= LARGEST_TEAM => {
            return Err(AppError::new(ErrorCode::Conflict)
                .detail("A team has at most 50 people.", "দলে সর্বোচ্চ ৫০ জন থাকতে পারেন।"));
        }
        None if was_here => {
            update(pilot_members::table.find((pilot.id, user_id)))
                .set((
                    pilot_members::role.eq(new_role),
                    pilot_members::added_at.eq(tx.now),
                    pilot_members::left_at.eq(None::<Timestamp>),
                ))
                .execute(tx.conn)?;
        }
        None => {
            insert_into(pilot_members::table)
                .values((
                    pilot_members::pilot_id.eq(pilot.id),
                    pilot_members::user_id.eq(user_id),
                    pilot_members::role.eq(new_role),
                    pilot_members::added_at.eq(tx.now),
                ))
                .execute(tx.conn)?;
        }
        Some(MemberRole::Member) if new_role == MemberRole::Deputy => {
            update(pilot_members::table.find((pilot.id, user_id)))
                .set(pilot_members::role.eq(new_role))
                .execute(tx.conn)?;
        }
        Some(_) => return conflict("They are in the team already.", "তিনি ইতিমধ্যে দলে আছেন।"),
    }
    let change = if held.is_some() { TeamChange::RoleChanged } else { TeamChange::Joined };
    record(tx, pilot.id, user_id, change, new_role)?;
    Ok(deputy_id)
}

/// Who, Bangla and English name, place, since when.
type MemberColumns = (UserId, Option<String>, Option<String>, MemberRole, Timestamp);

fn team(connection: &mut DbConnection, pilot: &PilotRow) -> Result<PilotTeamView, AppError> {
    let mut rows: Vec<MemberColumns> = pilot_members::table
        .inner_join(users::table)
        .filter(pilot_members::pilot_id.eq(pilot.id))
        .filter(pilot_members::left_at.is_null())
        .select((users::id, users::name_bn, users::name_en, pilot_members::role, pilot_members::added_at))
        .load(connection)?;
    rows.sort_by_key(|(id, _, _, role, _)| (*role, *id));
    let items = rows
        .into_iter()
        .map(|(user_id, bn, en, role, added_at)| PilotMemberView {
            user_id,
            name: LocalizedText::new(bn, en),
            role,
            added_at,
        })
        .collect();
    Ok(PilotTeamView { items, pilot_version: pilot.version })
}
