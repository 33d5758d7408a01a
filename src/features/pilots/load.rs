//! One query for a pilot with the names it is shown with.

use diesel::{
    ExpressionMethods, JoinOnDsl, NullableExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper,
};

use super::{
    Facts, PilotId, access, merged,
    rows::PilotRow,
    view::{PilotView, Shown},
};
use crate::features::duplicates;
use crate::platform::{
    auth::Actor,
    db::{
        DbConnection,
        schema::{pilot_tallies, pilots, users},
    },
    error::{AppError, DatabaseIntent},
    text::LocalizedText,
};

diesel::alias!(users as owners: Owners, users as deputies: Deputies);

type Name = Option<String>;

/// The row, the names of owner and deputy, and how many supporters and open duplicates it has.
type Loaded = (PilotRow, Name, Name, Name, Name, Option<(i64, i64)>);

/// The pilot as this caller sees it.
///
/// # Errors
/// `NotFound` when there is none or the caller may not see it.
pub fn view(connection: &mut DbConnection, actor: Option<&Actor>, id: PilotId) -> Result<PilotView, AppError> {
    let (row, owner_bn, owner_en, deputy_bn, deputy_en, tallies): Loaded = pilots::table
        .inner_join(owners.on(owners.field(users::id).eq(pilots::owner_id)))
        .left_join(deputies.on(deputies.field(users::id).nullable().eq(pilots::deputy_id)))
        .left_join(pilot_tallies::table)
        .filter(pilots::id.eq(id))
        .select((
            PilotRow::as_select(),
            owners.field(users::name_bn),
            owners.field(users::name_en),
            deputies.field(users::name_bn).nullable(),
            deputies.field(users::name_en).nullable(),
            (pilot_tallies::supporters, pilot_tallies::open_duplicates).nullable(),
        ))
        .first(connection)
        .or_not_found()?;
    let standing = access::standing(connection, actor, &row)?;
    if !access::is_visible(&row, &standing) {
        return Err(AppError::not_found());
    }
    let (supporters, open_duplicates) = tallies.unwrap_or_default();
    let possible_duplicates = match open_duplicates {
        0 => Vec::new(),
        _ => duplicates::offered(connection, actor, &row, &standing)?,
    };
    let shown = Shown {
        owner: LocalizedText::new(owner_bn, owner_en),
        deputy: row.deputy_id.map(|_| LocalizedText::new(deputy_bn, deputy_en)),
        survivor: merged::survivor_as_seen(connection, actor, &row)?,
        supporters,
        possible_duplicates,
        facts: Facts { open_duplicates },
    };
    Ok(PilotView::new(row, shown, &standing))
}

/// What an action asks besides the row.
///
/// # Errors
/// Those of the database.
pub fn facts(connection: &mut DbConnection, id: PilotId) -> Result<Facts, AppError> {
    let open: Option<i64> =
        pilot_tallies::table.find(id.as_str()).select(pilot_tallies::open_duplicates).first(connection).optional()?;
    Ok(Facts { open_duplicates: open.unwrap_or(0) })
}
