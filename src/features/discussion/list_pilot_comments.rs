//! The comments on a pilot, oldest first.

use diesel::{
    BoolExpressionMethods, ExpressionMethods, NullableExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper,
    dsl::not,
};

use super::comment::{CommentAndName, CommentId, CommentRow, CommentView, sees_internal};
use crate::{
    features::pilots::{PilotId, see},
    platform::{
        db::schema::{pilot_comments, pilot_members, users},
        web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
    },
};

page_query! {
    /// Which part of the comments.
    ListPilotCommentsQuery {}
}

page_view! {
    /// A page of comments, oldest first.
    CommentPage of CommentView
}

/// List the comments on a pilot.
///
/// Those that you may see, oldest first. A comment that was retracted or hidden keeps its place without its text.
#[utoipa::path(get, path = "/v1/pilots/{pilot_id}/comments", tag = "Discussion", params(ListPilotCommentsQuery),
    responses((status = 200, description = "A page of comments.", body = CommentPage)))]
pub async fn list_pilot_comments(call: Call) -> Answer {
    let id = call.id("pilot_id", PilotId::parse)?;
    let query: ListPilotCommentsQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        let actor = context.actor.as_ref();
        let seen = see(connection, actor, id)?;
        let of_pilot = || {
            let all =
                pilot_comments::table.inner_join(users::table).filter(pilot_comments::pilot_id.eq(id)).into_boxed();
            let Some(reader) = actor else { return all.filter(not(pilot_comments::is_internal)) };
            if seen.standing.roles.is_staff() {
                return all;
            }
            // What a merge brought along stays with the team that it was said to.
            let teams = pilot_members::table
                .filter(pilot_members::user_id.eq(reader.user_id))
                .filter(pilot_members::left_at.is_null())
                .select(pilot_members::pilot_id.nullable());
            let said_to_them = pilot_comments::origin_pilot_id.eq_any(teams);
            let public = not(pilot_comments::is_internal);
            match sees_internal(&seen.standing) {
                true => all.filter(public.or(pilot_comments::origin_pilot_id.is_null()).or(said_to_them)),
                false => all.filter(public.or(said_to_them)),
            }
        };
        let mut rows = of_pilot().order(pilot_comments::id).limit(slice.fetch()).select((
            CommentRow::as_select(),
            users::name_bn,
            users::name_en,
        ));
        if let Some(after) = slice.after_id() {
            rows = rows.filter(pilot_comments::id.gt(after));
        }
        let rows: Vec<CommentAndName> = rows.load(connection)?;
        let total =
            slice.total(|most| of_pilot().select(pilot_comments::id).limit(most).load::<CommentId>(connection))?;
        CommentPage::reply(
            context,
            &slice,
            rows,
            total,
            |(row, ..)| Cursor { key: String::new(), id: row.id.to_string() },
            |row| CommentView::new(row, actor, &seen.standing),
        )
    })
    .await
}
