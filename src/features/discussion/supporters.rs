//! Supporters: anyone who is logged in and sees a pilot can stand behind it, once, but not its own team, present or
//! former. The database counts them, and drops who joins the team.

use diesel::{
    BoolExpressionMethods, ExpressionMethods, Insertable, QueryDsl, Queryable, RunQueryDsl, Selectable,
    SelectableHelper, delete, insert_into,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    features::pilots::{PersonView, PilotId, see, support_obstacle, supported_already},
    platform::{
        auth::Standing,
        clock::Timestamp,
        db::schema::{pilot_supporters, users},
        error::{AppError, DatabaseIntent, ErrorCode},
        ids::UserId,
        text::LocalizedText,
        web::{Answer, Body, Call, Page, Reply, cursor::Cursor, page_query, page_view},
    },
};

/// Support has no content that could change, so it is always at its first version.
const VERSION: i64 = 1;

/// Someone's support. `Serialize` is for the audit digest alone.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Serialize)]
#[diesel(table_name = pilot_supporters, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct SupporterRow {
    /// Of which pilot.
    pub pilot_id: PilotId,
    /// Whose.
    pub user_id: UserId,
    /// The pilot it was given to, if that one was merged since.
    pub origin_pilot_id: Option<PilotId>,
    /// Since when.
    pub supported_at: Timestamp,
}

/// Someone who stands behind a pilot.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SupporterView {
    /// Who.
    pub person: PersonView,
    /// Which pilot.
    pub pilot_id: PilotId,
    /// Since when.
    pub supported_at: Timestamp,
}

page_query! {
    /// Which part of the supporters.
    ListSupportersQuery {}
}

page_view! {
    /// A page of supporters, latest first.
    SupporterPage of SupporterView
}

/// A supporter with their Bangla and English name.
type SupporterAndName = (SupporterRow, Option<String>, Option<String>);

fn view((row, bn, en): SupporterAndName) -> SupporterView {
    SupporterView {
        person: PersonView { id: row.user_id, name: LocalizedText::new(bn, en) },
        pilot_id: row.pilot_id,
        supported_at: row.supported_at,
    }
}

/// List the supporters of a pilot.
///
/// The latest first.
#[utoipa::path(get, path = "/v1/pilots/{pilot_id}/supporters", tag = "Discussion", params(ListSupportersQuery),
    responses((status = 200, description = "A page of supporters.", body = SupporterPage)))]
pub async fn list_supporters(call: Call) -> Answer {
    let id = call.id("pilot_id", PilotId::parse)?;
    let query: ListSupportersQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        see(connection, context.actor.as_ref(), id)?;
        let mut rows = pilot_supporters::table
            .inner_join(users::table)
            .filter(pilot_supporters::pilot_id.eq(id))
            .order((pilot_supporters::supported_at.desc(), pilot_supporters::user_id.desc()))
            .limit(slice.fetch())
            .select((SupporterRow::as_select(), users::name_bn, users::name_en))
            .into_boxed();
        if let Some(after) = &slice.after {
            let at = Timestamp::parse(&after.key).ok_or_else(|| AppError::new(ErrorCode::InvalidCursor))?;
            let earlier = pilot_supporters::supported_at.lt(at);
            rows = rows.filter(
                pilot_supporters::supported_at.le(at).and(earlier.or(pilot_supporters::user_id.lt(after.id.clone()))),
            );
        }
        let rows: Vec<SupporterAndName> = rows.load(connection)?;
        let total = slice.total(|most| {
            pilot_supporters::table
                .filter(pilot_supporters::pilot_id.eq(id))
                .select(pilot_supporters::user_id)
                .limit(most)
                .load::<UserId>(connection)
        })?;
        SupporterPage::reply(
            context,
            &slice,
            rows,
            total,
            |(row, ..)| Cursor { key: row.supported_at.to_string(), id: row.user_id.to_string() },
            view,
        )
    })
    .await
}

/// Support a pilot.
///
/// Once a person, as long as the pilot has not ended. Its team, present or former, cannot.
#[utoipa::path(post, path = "/v1/pilots/{pilot_id}/supporters", tag = "Discussion",
    responses((status = 201, description = "Your support.", body = SupporterView)))]
pub async fn support_pilot(call: Call, body: Body) -> Answer {
    let id = call.id("pilot_id", PilotId::parse)?;
    call.look(move |connection, context| {
        let seen = see(connection, context.actor.as_ref(), id)?;
        context.permit("support_pilot", &seen.standing)
    })
    .await?;
    body.expect_nothing(&call).await?;
    call.write(move |tx| {
        let actor = tx.actor()?.clone();
        let seen = see(tx.conn, Some(&actor), id)?;
        tx.permit("support_pilot", &seen.standing)?;
        if let Some(obstacle) = support_obstacle(&seen.row) {
            return Err(obstacle);
        }
        let row = SupporterRow { pilot_id: id, user_id: actor.user_id, origin_pilot_id: None, supported_at: tx.now };
        insert_into(pilot_supporters::table).values(&row).execute(tx.conn).or_conflict(supported_already())?;
        tx.audit("pilot_support", id.as_str(), None, Some(&row))?;
        let (bn, en) = users::table.find(actor.user_id).select((users::name_bn, users::name_en)).first(tx.conn)?;
        Reply::created(format!("/v1/pilots/{id}/supporters"), VERSION, &view((row, bn, en)))
    })
    .await
}

/// Withdraw one's support.
///
/// One's own alone. `If-Match` takes the `ETag` of `support_pilot`, or `*`.
#[utoipa::path(delete, path = "/v1/pilots/{pilot_id}/supporters/{user_id}", tag = "Discussion",
    responses((status = 204, description = "It is withdrawn.")))]
pub async fn withdraw_support(call: Call, body: Body) -> Answer {
    let id = call.id("pilot_id", PilotId::parse)?;
    let user_id = call.id("user_id", UserId::parse)?;
    call.look(move |connection, context| {
        let seen = see(connection, context.actor.as_ref(), id)?;
        let oneself = context.actor.as_ref().is_some_and(|actor| actor.user_id == user_id);
        context.permit("withdraw_support", &Standing { oneself, ..seen.standing })
    })
    .await?;
    body.expect_nothing(&call).await?;
    call.write(move |tx| {
        let actor = tx.actor()?.clone();
        let seen = see(tx.conn, Some(&actor), id)?;
        tx.permit("withdraw_support", &Standing { oneself: actor.user_id == user_id, ..seen.standing })?;
        let before: SupporterRow = pilot_supporters::table
            .find((id, user_id))
            .select(SupporterRow::as_select())
            .first(tx.conn)
            .or_not_found()?;
        tx.check_version(VERSION)?;
        delete(pilot_supporters::table.find((id, user_id))).execute(tx.conn)?;
        tx.audit::<SupporterRow>("pilot_support", id.as_str(), Some(&before), None)?;
        Ok(Reply::no_content())
    })
    .await
}
