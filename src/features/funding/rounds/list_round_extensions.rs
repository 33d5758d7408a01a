//! Each time that the closing of a round was moved, with the reason.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};
use serde::Serialize;
use utoipa::ToSchema;

use super::{rows::RoundExtensionRow, store::find_round};
use crate::{
    features::funding::ids::{RoundExtensionId, RoundId},
    platform::{
        clock::Timestamp,
        db::schema::round_extensions,
        ids::UserId,
        web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
    },
};

page_query! {
    /// Which part of the extensions.
    ListRoundExtensionsQuery {}
}

/// A later closing of a round.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RoundExtensionView {
    /// Its identifier.
    pub id: RoundExtensionId,
    /// Of which round.
    pub round_id: RoundId,
    /// When it would have closed.
    pub from_closes_at: Timestamp,
    /// When it closed instead.
    pub to_closes_at: Timestamp,
    /// Why.
    #[schema(max_length = 2000)]
    pub reason: String,
    /// By whom; shown to logged-in people.
    pub extended_by: Option<UserId>,
    /// When that was decided.
    pub created_at: Timestamp,
}

page_view! {
    /// A page of extensions, oldest first.
    RoundExtensionPage of RoundExtensionView
}

/// List the extensions of a funding round.
///
/// Each time that its closing was moved, oldest first.
#[utoipa::path(get, path = "/v1/funding-rounds/{round_id}/extensions", tag = "Funding rounds",
    params(ListRoundExtensionsQuery),
    responses((status = 200, description = "A page of extensions.", body = RoundExtensionPage)))]
pub async fn list_round_extensions(call: Call) -> Answer {
    let id = call.id("round_id", RoundId::parse)?;
    let query: ListRoundExtensionsQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        find_round(connection, id)?;
        let all = round_extensions::table.filter(round_extensions::round_id.eq(id));
        let total =
            slice.total(|most| all.select(round_extensions::id).limit(most).load::<RoundExtensionId>(connection))?;
        let mut rest =
            all.order(round_extensions::id).limit(slice.fetch()).select(RoundExtensionRow::as_select()).into_boxed();
        if let Some(after) = slice.after_id() {
            rest = rest.filter(round_extensions::id.gt(after));
        }
        let rows: Vec<RoundExtensionRow> = rest.load(connection)?;
        let logged_in = context.actor.is_some();
        let cursor = |row: &RoundExtensionRow| Cursor { key: String::new(), id: row.id.to_string() };
        RoundExtensionPage::reply(context, &slice, rows, total, cursor, |row| RoundExtensionView {
            id: row.id,
            round_id: row.round_id,
            from_closes_at: row.from_closes_at,
            to_closes_at: row.to_closes_at,
            reason: row.reason,
            extended_by: Some(row.extended_by).filter(|_| logged_in),
            created_at: row.created_at,
        })
    })
    .await
}
