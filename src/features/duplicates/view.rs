//! How possible duplicates are shown, and to whom.
//!
//! They are for the pilot's team and for staff. The other pilot may be one that the team must not know of: then the pair
//! is not there for them, neither its words nor that it exists, and only the officer sees and decides it.

use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, QueryDsl, RunQueryDsl, SelectableHelper, dsl::exists,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    rows::{DuplicateId, DuplicateRow},
    status::{DuplicateCommand, DuplicateProposal, DuplicateStatus, LIFECYCLE},
};
use crate::{
    features::{
        actions::Action,
        pilots::{PilotId, PilotRow, status::PilotStatus},
    },
    platform::{
        auth::{Actor, Standing},
        clock::Timestamp,
        db::{
            DbConnection,
            dialect::Backend,
            schema::{pilot_duplicates, pilot_members, pilots},
        },
        error::{AppError, ErrorCode},
        ids::UserId,
        lifecycle::next,
        text::LocalizedText,
    },
};

/// A pilot that another one resembles.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SimilarPilotView {
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

/// Two pilots that may be one.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DuplicateView {
    /// Its identifier.
    pub id: DuplicateId,
    /// The pilot that was handed in later.
    pub pilot_id: PilotId,
    /// The one that it resembles.
    pub other: SimilarPilotView,
    /// How much, from 0 to 100.
    #[schema(minimum = 0, maximum = 100)]
    pub score: i32,
    /// Words that both have.
    #[schema(max_items = 20)]
    pub shared_words: Vec<String>,
    /// Where it stands.
    #[schema(inline)]
    pub status: DuplicateStatus,
    /// What the team thinks of it.
    #[schema(inline)]
    pub proposal: Option<DuplicateProposal>,
    /// Why.
    #[schema(max_length = 5000)]
    pub proposal_reason: Option<String>,
    /// Who says so.
    pub proposed_by: Option<UserId>,
    /// When.
    pub proposed_at: Option<Timestamp>,
    /// Which officer decided last.
    pub decided_by: Option<UserId>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// Why.
    #[schema(max_length = 5000)]
    pub reason: Option<String>,
    /// What the caller may do with it now.
    #[schema(inline, max_items = 4)]
    pub allowed_actions: Vec<DuplicateCommand>,
    /// Counts changes; the `ETag`.
    #[schema(minimum = 1)]
    pub version: i64,
    /// When it was first found.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A possible duplicate as it is shown with its pilot.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PossibleDuplicateView {
    /// The record to decide on: `/v1/duplicates/{id}`.
    pub id: DuplicateId,
    /// The pilot that it resembles.
    pub other: SimilarPilotView,
    /// How much, from 0 to 100.
    #[schema(minimum = 0, maximum = 100)]
    pub score: i32,
    /// Where it stands.
    #[schema(inline)]
    pub status: DuplicateStatus,
}

/// A pair with what is shown of the other pilot: reference, title in Bangla and in English, status.
pub type PairAndOther = (DuplicateRow, Option<String>, Option<String>, Option<String>, PilotStatus);

type PairsOfPilots = diesel::dsl::InnerJoinOn<
    pilot_duplicates::table,
    pilots::table,
    diesel::dsl::Eq<pilots::id, pilot_duplicates::other_id>,
>;

/// The pairs that a reader may know of, of pilots that they see as insiders.
pub fn visible<'a>(actor: &Actor) -> diesel::dsl::IntoBoxed<'a, PairsOfPilots, Backend> {
    let pairs =
        pilot_duplicates::table.inner_join(pilots::table.on(pilots::id.eq(pilot_duplicates::other_id))).into_boxed();
    if actor.roles.is_staff() {
        return pairs;
    }
    pairs.filter(
        pilots::is_listed.or(exists(
            pilot_members::table
                .filter(pilot_members::pilot_id.eq(pilots::id))
                .filter(pilot_members::user_id.eq(actor.user_id))
                .filter(pilot_members::left_at.is_null()),
        )),
    )
}

/// What is still in the way of a pilot and may be told to this reader, the most similar first.
///
/// # Errors
/// Those of the database.
pub fn offered(
    connection: &mut DbConnection,
    actor: Option<&Actor>,
    pilot: &PilotRow,
    standing: &Standing,
) -> Result<Vec<PossibleDuplicateView>, AppError> {
    let Some(actor) = actor.filter(|_| standing.team || standing.roles.is_staff()) else { return Ok(Vec::new()) };
    let rows: Vec<PairAndOther> = visible(actor)
        .filter(pilot_duplicates::pilot_id.eq(pilot.id))
        .filter(pilot_duplicates::status.eq_any(DuplicateStatus::IN_THE_WAY))
        .order((pilot_duplicates::score.desc(), pilot_duplicates::id))
        .limit(10)
        .select((DuplicateRow::as_select(), pilots::reference, pilots::title_bn, pilots::title_en, pilots::status))
        .load(connection)?;
    let view = |(row, reference, bn, en, status): PairAndOther| PossibleDuplicateView {
        id: row.id,
        other: SimilarPilotView { id: row.other_id, reference, title: LocalizedText::new(bn, en), status },
        score: row.score,
        status: row.status,
    };
    Ok(rows.into_iter().map(view).collect())
}

/// Those of some pilots whose team someone is in or ever was.
///
/// # Errors
/// Those of the database.
pub fn own_among(connection: &mut DbConnection, actor: &Actor, ids: &[PilotId]) -> Result<Vec<PilotId>, AppError> {
    Ok(pilot_members::table
        .filter(pilot_members::user_id.eq(actor.user_id))
        .filter(pilot_members::pilot_id.eq_any(ids))
        .select(pilot_members::pilot_id)
        .load(connection)?)
}

/// What a caller is to a pair: belonging to the other team is as close as belonging to this one.
pub fn standing(of_pilot: &Standing, is_in_other_team: bool) -> Standing {
    Standing { left_team: of_pilot.left_team || is_in_other_team, ..*of_pilot }
}

/// Nothing is decided any more of a pilot that has ended.
pub fn ended_obstacle(pilot: &PilotRow) -> Option<AppError> {
    let ended = AppError::new(ErrorCode::TransitionNotAllowed).detail("The pilot has ended.", "পাইলটটি শেষ হয়েছে।");
    pilot.ended_at.map(|_| ended)
}

/// What may be done to a pair by a caller of this standing.
pub fn action(command: DuplicateCommand, row: &DuplicateRow, pilot: &PilotRow, standing: &Standing) -> Action {
    let state = ended_obstacle(pilot).or_else(|| next(LIFECYCLE, row.status, command.as_move()).err());
    Action::new(command.as_str(), command.line(), standing, state)
}

impl DuplicateView {
    /// The pair as a caller of this standing sees it.
    pub fn new((row, reference, bn, en, status): PairAndOther, pilot: &PilotRow, standing: &Standing) -> Self {
        let open = |command: &DuplicateCommand| action(*command, &row, pilot, standing).is_open();
        Self {
            allowed_actions: DuplicateCommand::ALL.iter().copied().filter(open).collect(),
            other: SimilarPilotView { id: row.other_id, reference, title: LocalizedText::new(bn, en), status },
            shared_words: row.shared_words.to_vec(),
            id: row.id,
            pilot_id: row.pilot_id,
            score: row.score,
            status: row.status,
            proposal: row.proposal,
            proposal_reason: row.proposal_reason,
            proposed_by: row.proposed_by,
            proposed_at: row.proposed_at,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
            reason: row.reason,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}
