//! How a handover is shown. The receiver goes on reading the pilot's reference and title in it when the offer is no
//! longer open, and with it the pilot closed to them.

use diesel::{ExpressionMethods, JoinOnDsl, QueryDsl, RunQueryDsl, SelectableHelper};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    rows::{HandoverId, HandoverRow},
    status::{HandoverCommand, HandoverStatus, LIFECYCLE},
};
use crate::{
    features::{
        actions::Action,
        pilots::{PersonView, PilotId, PilotRow, access, status::PilotStatus},
    },
    platform::{
        auth::{Actor, Standing},
        clock::Timestamp,
        db::{
            DbConnection,
            schema::{pilot_handovers, pilots, users},
        },
        error::{AppError, DatabaseIntent},
        ids::UserId,
        lifecycle::next,
        text::LocalizedText,
    },
};

diesel::alias!(users as givers: Givers, users as takers: Takers);

/// What a handover is about.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HandedPilotView {
    /// Its identifier.
    pub id: PilotId,
    /// What people call it by.
    #[schema(max_length = 20, example = "PIL-2026-00042")]
    pub reference: Option<String>,
    /// Its title.
    pub title: LocalizedText,
    /// Where it stands.
    #[schema(inline)]
    pub status: PilotStatus,
}

/// An offer to hand a pilot over.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HandoverView {
    /// Its identifier.
    pub id: HandoverId,
    /// What is handed over.
    pub pilot: HandedPilotView,
    /// The owner when it was offered.
    pub from: PersonView,
    /// Who is to be the owner.
    pub to: PersonView,
    /// Who offered it: the owner, or an officer on their behalf.
    pub offered_by: UserId,
    /// Whether the old owner stays in the team as a member.
    pub previous_owner_stays: bool,
    /// Why it is offered.
    #[schema(max_length = 5000)]
    pub reason: Option<String>,
    /// Where it stands.
    #[schema(inline)]
    pub status: HandoverStatus,
    /// Until when it waits for its answer.
    pub expires_at: Timestamp,
    /// When it was answered, or closed otherwise.
    pub answered_at: Option<Timestamp>,
    /// By whom; null when its time ran out.
    pub answered_by: Option<UserId>,
    /// Why.
    #[schema(max_length = 5000)]
    pub answer_reason: Option<String>,
    /// What the caller may do with it now; whether the pilot and they are still what they have to be, `…/actions` says.
    #[schema(inline, max_items = 3)]
    pub allowed_actions: Vec<HandoverCommand>,
    /// Counts changes; the `ETag`.
    #[schema(minimum = 1)]
    pub version: i64,
    /// When it was offered.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A name in Bangla and in English.
type Name = (Option<String>, Option<String>);

/// A handover with all that it is shown with: reference, title and status of the pilot, the names of both people.
pub type Loaded = (HandoverRow, (Option<String>, Name, PilotStatus), Name, Name);

/// The query behind every view of handovers; a macro, since its type cannot be written.
macro_rules! handovers {
    () => {
        pilot_handovers::table
            .inner_join(pilots::table)
            .inner_join(givers.on(givers.field(users::id).eq(pilot_handovers::from_user_id)))
            .inner_join(takers.on(takers.field(users::id).eq(pilot_handovers::to_user_id)))
            .select((
                HandoverRow::as_select(),
                (pilots::reference, (pilots::title_bn, pilots::title_en), pilots::status),
                (givers.field(users::name_bn), givers.field(users::name_en)),
                (takers.field(users::name_bn), takers.field(users::name_en)),
            ))
            .into_boxed()
    };
}

/// The latest handovers of one pilot or for one person, from `before` on.
///
/// # Errors
/// Those of the database.
pub fn latest(
    connection: &mut DbConnection,
    of: Of,
    before: Option<String>,
    limit: i64,
) -> Result<Vec<Loaded>, AppError> {
    let mut query = handovers!().order(pilot_handovers::id.desc()).limit(limit);
    query = match of {
        Of::Pilot(id) => query.filter(pilot_handovers::pilot_id.eq(id)),
        Of::Receiver(id) => query.filter(pilot_handovers::to_user_id.eq(id)),
    };
    if let Some(before) = before {
        query = query.filter(pilot_handovers::id.lt(before));
    }
    Ok(query.load(connection)?)
}

/// Whose handovers.
#[derive(Clone, Copy)]
pub enum Of {
    /// Of a pilot.
    Pilot(PilotId),
    /// Offered to someone.
    Receiver(UserId),
}

/// A handover, its pilot, and what the caller is to both, if they may see it: the receiver, the pilot's team, staff.
///
/// # Errors
/// `NotFound`.
pub fn see_handover(
    connection: &mut DbConnection,
    actor: &Actor,
    id: HandoverId,
) -> Result<(Loaded, PilotRow, Standing), AppError> {
    let loaded: Loaded = handovers!().filter(pilot_handovers::id.eq(id)).first(connection).or_not_found()?;
    let pilot: PilotRow =
        pilots::table.find(loaded.0.pilot_id).select(PilotRow::as_select()).first(connection).or_not_found()?;
    let standing = standing(actor, &access::standing(connection, Some(actor), &pilot)?, &loaded.0);
    if standing.receiver || standing.team || standing.roles.is_staff() {
        Ok((loaded, pilot, standing))
    } else {
        Err(AppError::not_found())
    }
}

/// What a caller is to a handover.
pub fn standing(actor: &Actor, of_pilot: &Standing, row: &HandoverRow) -> Standing {
    Standing { receiver: actor.user_id == row.to_user_id, oneself: actor.user_id == row.offered_by, ..*of_pilot }
}

/// What may be done to a handover of this status by a caller of this standing, but for what the pilot and the receiver have
/// become meanwhile.
pub fn action(command: HandoverCommand, status: HandoverStatus, standing: &Standing) -> Action {
    Action::new(command.as_str(), command.line(), standing, next(LIFECYCLE, status, command.as_move()).err())
}

impl HandoverView {
    /// The handover as a caller of this standing sees it now.
    pub fn new((row, pilot, from, to): Loaded, standing: &Standing, now: Timestamp) -> Self {
        let status = row.status_at(now);
        let (reference, (title_bn, title_en), pilot_status) = pilot;
        let open = |command: &HandoverCommand| action(*command, status, standing).is_open();
        let person = |id: UserId, (bn, en): Name| PersonView { id, name: LocalizedText::new(bn, en) };
        Self {
            allowed_actions: HandoverCommand::ALL.iter().copied().filter(open).collect(),
            pilot: HandedPilotView {
                id: row.pilot_id,
                reference,
                title: LocalizedText::new(title_bn, title_en),
                status: pilot_status,
            },
            from: person(row.from_user_id, from),
            to: person(row.to_user_id, to),
            answered_at: if status == HandoverStatus::Expired { Some(row.expires_at) } else { row.answered_at },
            id: row.id,
            offered_by: row.offered_by,
            previous_owner_stays: row.previous_owner_stays,
            reason: row.reason,
            status,
            expires_at: row.expires_at,
            answered_by: row.answered_by,
            answer_reason: row.answer_reason,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}
