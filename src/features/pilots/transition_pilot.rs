//! Moving a pilot: one operation for every command, its guard, its effect, its line of history.

use chrono::NaiveDate;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, insert_into, update};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    PilotId, TransitionId, facts, guards, load,
    rows::PilotRow,
    see,
    status::{LIFECYCLE, PilotMove, PilotStatus},
    view::PilotView,
};
use crate::features::{PILOT_FOLLOWERS, duplicates::dismissed_between};
use crate::platform::{
    auth::{Actor, Standing},
    command_fields::{Use, misplaced},
    db::schema::{pilot_references, pilot_transitions, pilots},
    error::{AppError, ErrorCode, ErrorParams, FieldError},
    lifecycle::next,
    text_enum::text_enum,
    web::{Answer, Body, Call, Reply, Tx},
};

text_enum! {
    /// What can be asked of a pilot.
    PilotCommand {
        /// Hand in for screening.
        Submit = "submit",
        /// Take on the screening.
        StartScreening = "start_screening",
        /// Send back to the team; reason and due date.
        RequestChanges = "request_changes",
        /// Take into the programme.
        Accept = "accept",
        /// Turn down; reason and reason code.
        Reject = "reject",
        /// Fold into the pilot `merged_into_id`.
        Merge = "merge",
        /// Give up; reason.
        Withdraw = "withdraw",
        /// Pause; reason and review date.
        Hold = "hold",
        /// Go on after a pause.
        Resume = "resume",
        /// End early; lessons.
        Discontinue = "discontinue",
        /// Show to anyone.
        Publish = "publish",
        /// Show to officials only again; reason.
        Unpublish = "unpublish",
    }
}

text_enum! {
    /// Why a pilot is turned down.
    RejectionReason {
        /// No public service is improved.
        OutOfScope = "out_of_scope",
        /// It cannot be done as described.
        NotFeasible = "not_feasible",
        /// It is being done already.
        AlreadyDone = "already_done",
        /// Too little is known of it.
        InsufficientInformation = "insufficient_information",
        /// Something else; the reason says what.
        Other = "other",
    }
}

impl PilotCommand {
    /// The move behind a command; publication moves nothing.
    pub const fn as_move(self) -> Option<PilotMove> {
        Some(match self {
            Self::Submit => PilotMove::Submit,
            Self::StartScreening => PilotMove::StartScreening,
            Self::RequestChanges => PilotMove::RequestChanges,
            Self::Accept => PilotMove::Accept,
            Self::Reject => PilotMove::Reject,
            Self::Merge => PilotMove::Merge,
            Self::Withdraw => PilotMove::Withdraw,
            Self::Hold => PilotMove::Hold,
            Self::Resume => PilotMove::Resume,
            Self::Discontinue => PilotMove::Discontinue,
            Self::Publish | Self::Unpublish => return None,
        })
    }
}

/// What is asked of a pilot. Which of the other fields an action needs stands with it.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"action": "request_changes", "reason": "Please name the service.", "due_on": "2026-08-01"}))]
pub struct TransitionPilotRequest {
    /// What to do.
    #[schema(inline)]
    pub action: PilotCommand,
    /// Why: for `request_changes`, `reject`, `withdraw`, `hold`, `unpublish`.
    #[schema(min_length = 1, max_length = 5000, pattern = r"\S")]
    pub reason: Option<String>,
    /// Why, as a word: for `reject`.
    #[schema(inline)]
    pub reason_code: Option<RejectionReason>,
    /// Until when: for `request_changes`.
    pub due_on: Option<NaiveDate>,
    /// When to look again: for `hold`.
    pub review_on: Option<NaiveDate>,
    /// The surviving pilot: for `merge`.
    pub merged_into_id: Option<PilotId>,
    /// What was learned: for `discontinue`.
    #[schema(min_length = 1, max_length = 5000, pattern = r"\S")]
    pub lessons: Option<String>,
}

/// Move a pilot.
///
/// The state of a pilot is changed in no other way. `…/actions` tells beforehand what is open and why the rest is not.
#[utoipa::path(post, path = "/v1/pilots/{pilot_id}/transitions", tag = "Pilots", request_body = TransitionPilotRequest,
    responses((status = 200, description = "The pilot after the move.", body = PilotView)))]
pub async fn transition_pilot(call: Call, body: Body) -> Answer {
    let id = call.id("pilot_id", PilotId::parse)?;
    call.look(move |connection, context| see(connection, context.actor.as_ref(), id).map(|_| ())).await?;
    let request: TransitionPilotRequest = body.read(&call).await?;
    call.write(move |tx| run(tx, id, &request)).await
}

fn run(tx: &mut Tx<'_>, id: PilotId, request: &TransitionPilotRequest) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let seen = see(tx.conn, Some(&actor), id)?;
    let action = format!("transition_pilot.{}", request.action.as_str());
    tx.permit(&action, &seen.standing)?;
    check_fields(tx, request)?;
    tx.check_version(seen.row.version)?;
    match request.action.as_move() {
        Some(step) => {
            let prepared = prepare(tx, &action, &actor, &seen.row, request)?;
            advance(
                tx,
                &action,
                &seen.row,
                prepared,
                step,
                request.reason_code,
                request.reason.as_deref().or(request.lessons.as_deref()),
            )?;
        }
        None => publish(tx, &action, &seen.row, request)?,
    }
    let view = load::view(tx.conn, Some(&actor), id)?;
    Reply::record(view.version, &view)
}

/// The fields that belong to an action, all that are missing, of no use or too early at once.
fn check_fields(tx: &Tx<'_>, request: &TransitionPilotRequest) -> Result<(), AppError> {
    use PilotCommand::{Discontinue, Hold, Merge, Reject, RequestChanges, Unpublish, Withdraw};
    let is = |action: PilotCommand| Use::only_if(request.action == action);
    let explains = [RequestChanges, Reject, Withdraw, Hold, Unpublish].contains(&request.action);
    let today = tx.now.day_in_dhaka();
    let early = |date: Option<NaiveDate>, pointer: &'static str| {
        date.filter(|date| *date < today)
            .map(|_| FieldError::body(pointer, "in_the_past", "This date has passed.", "এই তারিখ পার হয়ে গেছে।"))
            .map(|error| error.with(ErrorParams::minimum(today)))
    };
    let mut errors = misplaced([
        ("/reason", request.reason.is_some(), Use::always_and(explains)),
        ("/reason_code", request.reason_code.is_some(), is(Reject)),
        ("/due_on", request.due_on.is_some(), is(RequestChanges)),
        ("/review_on", request.review_on.is_some(), is(Hold)),
        ("/merged_into_id", request.merged_into_id.is_some(), is(Merge)),
        ("/lessons", request.lessons.is_some(), is(Discontinue)),
    ]);
    errors.extend(early(request.due_on, "/due_on"));
    errors.extend(early(request.review_on, "/review_on"));
    if errors.is_empty() { Ok(()) } else { Err(AppError::validation(errors)) }
}

/// The row with what a command brings along, its guard checked. The state is checked first: a guard that fails where
/// the move is impossible anyway would mislead.
fn prepare(
    tx: &mut Tx<'_>,
    action: &str,
    actor: &Actor,
    row: &PilotRow,
    request: &TransitionPilotRequest,
) -> Result<PilotRow, AppError> {
    if let Some(step) = request.action.as_move() {
        next(LIFECYCLE, row.status, step)?;
    }
    let row = row.clone();
    Ok(match request.action {
        PilotCommand::Submit => {
            let unmet = guards::unmet_for_submit(&row);
            if !unmet.is_empty() {
                return Err(AppError::conditions(unmet));
            }
            let reference = match &row.reference {
                Some(reference) => reference.clone(),
                None => next_reference(tx)?,
            };
            PilotRow { reference: Some(reference), changes_due_on: None, ..row }
        }
        PilotCommand::StartScreening => {
            let unmet = guards::unmet_for_screening(&row, &facts(tx.conn, row.id)?);
            if !unmet.is_empty() {
                return Err(AppError::conditions(unmet));
            }
            PilotRow { screener_id: Some(actor.user_id), ..row }
        }
        PilotCommand::RequestChanges => PilotRow { changes_due_on: request.due_on, ..row },
        PilotCommand::Accept => {
            let unmet = guards::unmet_for_accept(&facts(tx.conn, row.id)?);
            if !unmet.is_empty() {
                return Err(AppError::conditions(unmet));
            }
            PilotRow { is_listed: true, initiated_at: row.initiated_at.or(Some(tx.now)), ..row }
        }
        PilotCommand::Merge => {
            PilotRow { merged_into_id: survivor(tx, action, actor, &row, request.merged_into_id)?, ..row }
        }
        PilotCommand::Hold => PilotRow { review_on: request.review_on, ..row },
        PilotCommand::Resume => PilotRow { review_on: None, ..row },
        PilotCommand::Discontinue => PilotRow { lessons: request.lessons.clone(), ..row },
        PilotCommand::Reject | PilotCommand::Withdraw | PilotCommand::Publish | PilotCommand::Unpublish => row,
    })
}

/// Moves a pilot and writes its history. The gates call it with `StartExecution` and `Complete`.
///
/// # Errors
/// `TransitionNotAllowed`; `VersionMismatch` when someone else was first.
pub fn advance(
    tx: &mut Tx<'_>,
    action: &str,
    before: &PilotRow,
    prepared: PilotRow,
    step: PilotMove,
    reason_code: Option<RejectionReason>,
    reason: Option<&str>,
) -> Result<PilotRow, AppError> {
    let to = next(LIFECYCLE, before.status, step)?.to;
    let now = Some(tx.now);
    let mut after = PilotRow { status: to, phase: to.phase(), ..prepared };
    // The date of each first transition, kept for ever.
    match to {
        PilotStatus::Submitted => after.submitted_at = after.submitted_at.or(now),
        PilotStatus::Screening => after.screening_at = after.screening_at.or(now),
        PilotStatus::InExecution => after.execution_at = after.execution_at.or(now),
        PilotStatus::Completed => after.completed_at = after.completed_at.or(now),
        PilotStatus::Rejected | PilotStatus::Merged | PilotStatus::Withdrawn | PilotStatus::Discontinued => {
            after.ended_at = after.ended_at.or(now)
        }
        PilotStatus::Draft | PilotStatus::ChangesRequested | PilotStatus::Design | PilotStatus::OnHold => {}
    }
    let after = save(tx, action, before, after)?;
    insert_into(pilot_transitions::table)
        .values((
            pilot_transitions::id.eq(tx.new_id::<TransitionId>()),
            pilot_transitions::pilot_id.eq(before.id.as_str()),
            pilot_transitions::command.eq(step.as_str()),
            pilot_transitions::from_status.eq(before.status.as_str()),
            pilot_transitions::to_status.eq(to.as_str()),
            pilot_transitions::actor_id.eq(tx.actor()?.user_id),
            pilot_transitions::reason_code.eq(reason_code.map(RejectionReason::as_str)),
            pilot_transitions::reason.eq(reason),
            pilot_transitions::at.eq(tx.now),
        ))
        .execute(tx.conn)?;
    if before.reference != after.reference {
        super::facets::index(tx.conn, &after)?;
    }
    PILOT_FOLLOWERS.iter().try_for_each(|follower| follower.moved(tx, before, &after, step))?;
    Ok(after)
}

/// Stores a changed pilot under its next version, if nobody was faster, and audits it.
///
/// # Errors
/// `VersionMismatch` when someone else was first.
pub fn save(tx: &mut Tx<'_>, action: &str, before: &PilotRow, after: PilotRow) -> Result<PilotRow, AppError> {
    let after = PilotRow { version: before.version + 1, updated_at: tx.now.max(before.updated_at), ..after };
    let changed = update(pilots::table.find(before.id).filter(pilots::version.eq(before.version)))
        .set(&after)
        .execute(tx.conn)?;
    if changed == 0 {
        return Err(AppError::new(ErrorCode::VersionMismatch));
    }
    tx.audit_as(action, "pilot", before.id.as_str(), Some(before), Some(&after))?;
    PILOT_FOLLOWERS.iter().try_for_each(|follower| follower.changed(tx, before, &after))?;
    Ok(after)
}

fn publish(tx: &mut Tx<'_>, action: &str, row: &PilotRow, request: &TransitionPilotRequest) -> Result<(), AppError> {
    if let Some(obstacle) = guards::publication_obstacle(request.action, row) {
        return Err(obstacle);
    }
    let publishing = request.action == PilotCommand::Publish;
    let unmet = if publishing { guards::unmet_for_publish(row) } else { Vec::new() };
    if !unmet.is_empty() {
        return Err(AppError::conditions(unmet));
    }
    let published_at = row.published_at.or(Some(tx.now).filter(|_| publishing));
    save(tx, action, row, PilotRow { is_public: publishing, published_at, ..row.clone() })?;
    insert_into(pilot_transitions::table)
        .values((
            pilot_transitions::id.eq(tx.new_id::<TransitionId>()),
            pilot_transitions::pilot_id.eq(row.id.as_str()),
            pilot_transitions::command.eq(request.action.as_str()),
            pilot_transitions::from_status.eq(row.status.as_str()),
            pilot_transitions::to_status.eq(row.status.as_str()),
            pilot_transitions::actor_id.eq(tx.actor()?.user_id),
            pilot_transitions::reason.eq(request.reason.as_deref()),
            pilot_transitions::at.eq(tx.now),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// `PIL-2026-00042`: the next number of the year, counted in Asia/Dhaka.
fn next_reference(tx: &mut Tx<'_>) -> Result<String, AppError> {
    let year = tx.now.year_in_dhaka();
    let last: Option<i64> =
        pilot_references::table.find(year).select(pilot_references::last_number).first(tx.conn).optional()?;
    let number = last.unwrap_or(0) + 1;
    if last.is_some() {
        update(pilot_references::table.find(year)).set(pilot_references::last_number.eq(number)).execute(tx.conn)?;
    } else {
        insert_into(pilot_references::table)
            .values((pilot_references::year.eq(year), pilot_references::last_number.eq(number)))
            .execute(tx.conn)?;
    }
    Ok(format!("PIL-{year}-{number:05}"))
}

/// The pilot that another one goes on in: seen by the screener, alive, not itself, no affair of the screener's own, and
/// not one that an officer found to be another pilot: two decisions that contradict each other do not stand side by
/// side, so the older one is taken back first, with its reason on record. What was merged has ended, so a pilot that is alive never goes on in this one: there is no circle.
fn survivor(
    tx: &mut Tx<'_>,
    action: &str,
    actor: &Actor,
    row: &PilotRow,
    id: Option<PilotId>,
) -> Result<Option<PilotId>, AppError> {
    let refused = |en: &'static str, bn: &'static str| {
        AppError::validation(vec![FieldError::body("/merged_into_id", "unknown_reference", en, bn)])
    };
    let Some(id) = id else { return Ok(None) };
    if id == row.id {
        return Err(refused("A pilot cannot be merged into itself.", "পাইলটকে নিজের সঙ্গে একীভূত করা যায় না।"));
    }
    let other = match see(tx.conn, Some(actor), id) {
        Ok(other) => {
            // Whoever screens one pilot must not enlarge their own by it.
            let apart = Standing { screener: true, in_owners_organisation: false, ..other.standing };
            tx.permit(action, &apart)?;
            other.row
        }
        Err(error) if error.code == ErrorCode::NotFound => {
            return Err(refused("There is no such pilot.", "এমন কোনো পাইলট নেই।"));
        }
        Err(error) => return Err(error),
    };
    if other.ended_at.is_some() || other.status == PilotStatus::Draft {
        return Err(refused("That pilot is a draft or has ended.", "পাইলটটি খসড়া অথবা শেষ হয়ে গেছে।"));
    }
    let dismissed = dismissed_between(tx.conn, row.id, id)?;
    if !dismissed.is_empty() {
        return Err(AppError::conditions(dismissed.into_iter().map(guards::dismissed_as_duplicate).collect()));
    }
    Ok(Some(id))
}
