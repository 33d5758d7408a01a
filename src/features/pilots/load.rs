//! One query for a pilot with the names it is shown with.

use diesel::{ExpressionMethods, JoinOnDsl, NullableExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{PilotId, access, rows::PilotRow, view::PilotView};
use crate::platform::{
    auth::Actor,
    db::{
        DbConnection,
        schema::{pilots, users},
    },
    error::{AppError, DatabaseIntent},
    text::LocalizedText,
};

diesel::alias!(users as owners: Owners, users as deputies: Deputies);

type Name = Option<String>;

/// The pilot as this caller sees it.
///
/// # Errors
/// `NotFound` when there is none or the caller may not see it.
pub fn view(connection: &mut DbConnection, actor: Option<&Actor>, id: PilotId) -> Result<PilotView, AppError> {
    let (row, owner_bn, owner_en, deputy_bn, deputy_en): (PilotRow, Name, Name, Name, Name) = pilots::table
        .inner_join(owners.on(owners.field(users::id).eq(pilots::owner_id)))
        .left_join(deputies.on(deputies.field(users::id).nullable().eq(pilots::deputy_id)))
        .filter(pilots::id.eq(id))
        .select((
            PilotRow::as_select(),
            owners.field(users::name_bn),
            owners.field(users::name_en),
            deputies.field(users::name_bn).nullable(),
            deputies.field(users::name_en).nullable(),
        ))
        .first(connection)
        .or_not_found()?;
    let standing = access::standing(connection, actor, &row)?;
    if !access::is_visible(&row, &standing) {
        return Err(AppError::not_found());
    }
    let deputy = row.deputy_id.map(|_| LocalizedText::new(deputy_bn, deputy_en));
    Ok(PilotView::new(row, LocalizedText::new(owner_bn, owner_en), deputy, &standing))
}
