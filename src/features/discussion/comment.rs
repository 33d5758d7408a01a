//! A comment as it is stored, who sees it, and how it is shown.
//!
//! A comment is seen by whoever sees its pilot. What was written before the pilot was accepted stays between its team and
//! staff, although everyone sees the pilot later.

use diesel::{
    AsChangeset, ExpressionMethods, Identifiable, Insertable, QueryDsl, Queryable, RunQueryDsl, Selectable,
    SelectableHelper,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::status::{CommentCommand, CommentStatus, LIFECYCLE};
use crate::{
    features::{
        actions::Action,
        pilots::{PersonView, PilotId, Seen, access::team_ids, see},
    },
    platform::{
        auth::{Actor, Standing},
        clock::Timestamp,
        db::{
            DbConnection,
            schema::{pilot_comments, users},
        },
        error::{AppError, DatabaseIntent},
        ids::{UserId, id_types},
        lifecycle::next,
        text::LocalizedText,
    },
};

id_types! {
    /// A comment on a pilot.
    CommentId;
}

/// A comment. `Serialize` is for the audit digest alone.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset, Identifiable, Serialize)]
#[diesel(table_name = pilot_comments, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct CommentRow {
    /// Its identifier.
    pub id: CommentId,
    /// On which pilot.
    pub pilot_id: PilotId,
    /// On which it was written, if that one was merged since.
    pub origin_pilot_id: Option<PilotId>,
    /// By whom.
    pub author_id: UserId,
    /// For the team and for staff.
    pub is_internal: bool,
    /// What is said.
    pub text_bn: Option<String>,
    /// What is said.
    pub text_en: Option<String>,
    /// Where it stands.
    pub status: CommentStatus,
    /// Who hid it.
    pub hidden_by: Option<UserId>,
    /// Why.
    pub hidden_reason: Option<String>,
    /// Counts changes.
    pub version: i64,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A comment on a pilot.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CommentView {
    /// Its identifier.
    pub id: CommentId,
    /// On which pilot.
    pub pilot_id: PilotId,
    /// The pilot it was written on, if that one was merged into `pilot_id` since; told to its team and to staff.
    pub origin_pilot_id: Option<PilotId>,
    /// Who wrote it; null for those who are not logged in.
    pub author: Option<PersonView>,
    /// Written before the pilot was accepted: for the team and for staff.
    pub is_internal: bool,
    /// What is said; both null when it was retracted, and when it is hidden from the reader.
    pub text: LocalizedText,
    /// Where it stands.
    #[schema(inline)]
    pub status: CommentStatus,
    /// Why it is hidden; told to its author and to staff.
    #[schema(max_length = 5000)]
    pub hidden_reason: Option<String>,
    /// What the caller may do with it now.
    #[schema(inline, max_items = 3)]
    pub allowed_actions: Vec<CommentCommand>,
    /// Counts changes; the `ETag`.
    #[schema(minimum = 1)]
    pub version: i64,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A comment with its author's Bangla and English name.
pub type CommentAndName = (CommentRow, Option<String>, Option<String>);

/// Whether a reader who sees the pilot sees the comments that were written before it was accepted. What a merge brought
/// along was said to another team, see [`reads`].
pub fn sees_internal(standing: &Standing) -> bool {
    standing.team || standing.roles.is_staff()
}

/// Whether a reader who sees the pilot sees this comment. An internal one stays between the team that it was said to and
/// staff, also when a merge has moved it to the pilot of another team.
fn reads(
    connection: &mut DbConnection,
    actor: Option<&Actor>,
    of_pilot: &Standing,
    row: &CommentRow,
) -> Result<bool, AppError> {
    match (row.origin_pilot_id, actor) {
        _ if !row.is_internal || of_pilot.roles.is_staff() => Ok(true),
        (None, _) => Ok(of_pilot.team),
        (Some(_), None) => Ok(false),
        (Some(origin), Some(actor)) => Ok(team_ids(connection, origin)?.contains(&actor.user_id)),
    }
}

/// What the caller is to a comment.
pub fn standing(actor: Option<&Actor>, of_pilot: &Standing, row: &CommentRow) -> Standing {
    Standing { oneself: actor.is_some_and(|actor| actor.user_id == row.author_id), ..*of_pilot }
}

/// What may be done to a comment by a caller of this standing.
pub fn action(command: CommentCommand, row: &CommentRow, standing: &Standing) -> Action {
    Action::new(command.as_str(), command.line(), standing, next(LIFECYCLE, row.status, command).err())
}

/// A comment and its pilot, if the caller may see both.
///
/// # Errors
/// `NotFound`.
pub fn see_comment(
    connection: &mut DbConnection,
    actor: Option<&Actor>,
    id: CommentId,
) -> Result<(CommentAndName, Seen), AppError> {
    let found: CommentAndName = pilot_comments::table
        .inner_join(users::table)
        .filter(pilot_comments::id.eq(id))
        .select((CommentRow::as_select(), users::name_bn, users::name_en))
        .first(connection)
        .or_not_found()?;
    let seen = see(connection, actor, found.0.pilot_id)?;
    if !reads(connection, actor, &seen.standing, &found.0)? {
        return Err(AppError::not_found());
    }
    Ok((found, seen))
}

impl CommentView {
    /// The comment as this caller sees it; `of_pilot` is what they are to its pilot.
    pub fn new((row, bn, en): CommentAndName, actor: Option<&Actor>, of_pilot: &Standing) -> Self {
        let standing = standing(actor, of_pilot, &row);
        let reads_hidden = standing.oneself || standing.roles.is_staff();
        let is_read = row.status != CommentStatus::Hidden || reads_hidden;
        let open = |command: &CommentCommand| action(*command, &row, &standing).is_open();
        Self {
            allowed_actions: CommentCommand::ALL.iter().copied().filter(open).collect(),
            author: standing.logged_in.then(|| PersonView { id: row.author_id, name: LocalizedText::new(bn, en) }),
            text: match is_read {
                true => LocalizedText::new(row.text_bn, row.text_en),
                false => LocalizedText::default(),
            },
            hidden_reason: row.hidden_reason.filter(|_| reads_hidden),
            origin_pilot_id: row.origin_pilot_id.filter(|_| sees_internal(&standing)),
            id: row.id,
            pilot_id: row.pilot_id,
            is_internal: row.is_internal,
            status: row.status,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}
