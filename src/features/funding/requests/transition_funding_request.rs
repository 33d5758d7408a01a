//! Moving a request: one operation for the moves that decide about no money. Recommending, awarding, signing, ending and
//! closing are operations of their own.

use chrono::NaiveDate;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, insert_into, update};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    access::{SeenRequest, see_request},
    actions,
    advance::{By, advance},
    content::RequestPart,
    facts::facts,
    guards,
    rows::FundingRequestRow,
    status::{LIFECYCLE, RequestMove},
    told,
    view::{FundingRequestView, reply},
};
use crate::{
    features::funding::{
        awards::{move_up, release_reservation},
        ids::FundingRequestId,
        ledger::Remark,
    },
    platform::{
        command_fields::{Use, misplaced},
        db::{json_list::JsonList, schema::funding_references},
        error::{AppError, ErrorParams, FieldError},
        text_enum::text_enum,
        web::{Answer, Body, Call, Reply, Tx},
    },
};

text_enum! {
    /// What can be asked of a request here.
    RequestCommand {
        /// Hand in.
        Submit = "submit",
        /// Take back; reason. Lets go of what is reserved.
        Withdraw = "withdraw",
        /// Begin to check the rules.
        StartEligibility = "start_eligibility",
        /// It breaks a rule; reason.
        FindIneligible = "find_ineligible",
        /// Send back: parts, reason, due date.
        RequestChanges = "request_changes",
        /// Give it to the reviewers.
        StartReview = "start_review",
        /// Give it to the panel.
        StartPanel = "start_panel",
        /// Pay nothing for now; reason.
        Suspend = "suspend",
        /// Pay again; reason.
        Resume = "resume",
        /// All is paid.
        StartClosing = "start_closing",
    }
}

impl RequestCommand {
    /// The move behind a command.
    pub const fn as_move(self) -> RequestMove {
        match self {
            Self::Submit => RequestMove::Submit,
            Self::Withdraw => RequestMove::Withdraw,
            Self::StartEligibility => RequestMove::StartEligibility,
            Self::FindIneligible => RequestMove::FindIneligible,
            Self::RequestChanges => RequestMove::RequestChanges,
            Self::StartReview => RequestMove::StartReview,
            Self::StartPanel => RequestMove::StartPanel,
            Self::Suspend => RequestMove::Suspend,
            Self::Resume => RequestMove::Resume,
            Self::StartClosing => RequestMove::StartClosing,
        }
    }

    /// Its line of the permission table.
    pub fn line(self) -> String {
        format!("transition_funding_request.{}", self.as_str())
    }

    /// Whether it stops or resumes payments of public money, so that a login has to be fresh.
    const fn needs_recent_login(self) -> bool {
        matches!(self, Self::Suspend | Self::Resume)
    }
}

/// What is asked of a request. Which of the other fields an action needs stands with it.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"action": "request_changes", "reason": "Please split the transport line.", "parts": ["budget_lines"], "due_on": "2026-08-01"}))]
pub struct TransitionFundingRequestRequest {
    /// What to do.
    #[schema(inline)]
    pub action: RequestCommand,
    /// Why: for `withdraw`, `find_ineligible`, `request_changes`, `suspend`, `resume`.
    #[schema(min_length = 1, max_length = 5000, pattern = r"\S")]
    pub reason: Option<String>,
    /// What is reopened: for `request_changes`.
    #[schema(inline, min_items = 1, max_items = 4)]
    pub parts: Option<Vec<RequestPart>>,
    /// The last day to hand it in again: for `request_changes`.
    pub due_on: Option<NaiveDate>,
}

/// Move a funding request.
///
/// `submit` gives the reference the first time. `withdraw` lets go of what is reserved, which then goes to who waits
/// longest. `suspend` and `resume` need a login of the last 15 minutes. `…/actions` tells beforehand what is open and why
/// the rest is not.
#[utoipa::path(post, path = "/v1/funding-requests/{request_id}/transitions", tag = "Funding requests",
    request_body = TransitionFundingRequestRequest,
    responses((status = 200, description = "The request after the move.", body = FundingRequestView)))]
pub async fn transition_funding_request(call: Call, body: Body) -> Answer {
    let id = call.id("request_id", FundingRequestId::parse)?;
    call.look(move |connection, context| see_request(connection, context.actor.as_ref(), id).map(|_| ())).await?;
    let request: TransitionFundingRequestRequest = body.read(&call).await?;
    let command = request.action;
    if command.needs_recent_login() {
        call.look(move |connection, context| {
            let seen = see_request(connection, context.actor.as_ref(), id)?;
            context.permit(&command.line(), &seen.standing)?;
            context.check_recent_login()
        })
        .await?;
    }
    match command {
        RequestCommand::Withdraw => call.write_in_turn(move |tx| run(tx, id, &request)).await,
        _ => call.write(move |tx| run(tx, id, &request)).await,
    }
}

fn run(tx: &mut Tx<'_>, id: FundingRequestId, request: &TransitionFundingRequestRequest) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let seen = see_request(tx.conn, Some(&actor), id)?;
    let (action, step) = (request.action.line(), request.action.as_move());
    tx.permit(&action, &seen.standing)?;
    check_fields(tx, request)?;
    let (version, _) = told::mark(tx.conn, &seen)?;
    tx.check_version(version)?;
    if let Some(obstacle) = actions::state_obstacle(request.action.as_str(), &seen, tx.now) {
        return Err(obstacle);
    }
    let facts = facts(tx.conn, &seen.row, &seen.round)?;
    let unmet = guards::unmet(step, &seen, &facts, tx.now.day_in_dhaka());
    if !unmet.is_empty() {
        return Err(AppError::conditions(unmet));
    }
    let prepared = match step {
        RequestMove::Submit => FundingRequestRow {
            plan_id: facts.plan,
            submitted_by: Some(actor.user_id),
            submitted_at: Some(tx.now),
            reference: Some(reference(tx, &seen.row)?),
            change_parts: JsonList::new(Vec::new()),
            change_reason: None,
            change_due_on: None,
            ..seen.row.clone()
        },
        RequestMove::RequestChanges => FundingRequestRow {
            change_parts: JsonList::new(request.parts.clone().unwrap_or_default()),
            change_reason: request.reason.clone(),
            change_due_on: request.due_on,
            ..seen.row.clone()
        },
        RequestMove::FindIneligible | RequestMove::Suspend => {
            FundingRequestRow { decision_reason: request.reason.clone(), ..seen.row.clone() }
        }
        RequestMove::Resume => FundingRequestRow { decision_reason: None, ..seen.row.clone() },
        RequestMove::Withdraw => FundingRequestRow { waitlisted_at: None, ..seen.row.clone() },
        _ => seen.row.clone(),
    };
    advance(tx, &action, &seen.row, prepared, step, By::Caller, request.reason.as_deref())?;
    if step == RequestMove::Withdraw {
        let_go(tx, &seen, request)?;
    }
    reply(tx.conn, &actor, id, tx.now)
}

/// The fields that belong to an action, all that are missing, of no use or wrong at once.
fn check_fields(tx: &Tx<'_>, request: &TransitionFundingRequestRequest) -> Result<(), AppError> {
    let step = request.action.as_move();
    let needs_reason = LIFECYCLE.iter().any(|line| line.command == step && line.needs_reason);
    let changes = step == RequestMove::RequestChanges;
    let today = tx.now.day_in_dhaka();
    let early = request.due_on.filter(|date| *date < today).map(|_| {
        FieldError::body("/due_on", "in_the_past", "This date has passed.", "এই তারিখ পার হয়ে গেছে।")
            .with(ErrorParams::minimum(today))
    });
    let parts = request.parts.as_deref().unwrap_or_default();
    let repeated = parts.iter().enumerate().filter(|(index, part)| parts.iter().take(*index).any(|it| it == *part));
    let repeated = repeated.map(|(index, _)| {
        FieldError::body(
            format!("/parts/{index}"),
            "duplicate",
            "This part is named twice.",
            "এই অংশটি দুবার উল্লেখ করা হয়েছে।",
        )
    });
    let mut errors = misplaced([
        ("/reason", request.reason.is_some(), Use::always_and(needs_reason)),
        ("/parts", request.parts.is_some(), Use::only_if(changes)),
        ("/due_on", request.due_on.is_some(), Use::only_if(changes)),
    ]);
    errors.extend(early.into_iter().chain(repeated));
    if errors.is_empty() { Ok(()) } else { Err(AppError::validation(errors)) }
}

/// What a withdrawn request held is free again, and goes to who waits longest.
fn let_go(tx: &mut Tx<'_>, seen: &SeenRequest, request: &TransitionFundingRequestRequest) -> Result<(), AppError> {
    let remark = Remark { reason: request.reason.clone(), ..Remark::default() };
    release_reservation(tx, &seen.row, remark)?;
    move_up(tx, seen.row.round_id)
}

/// `SIF-2026-00042`: the one it has, or the next number of the year, counted in Asia/Dhaka.
fn reference(tx: &mut Tx<'_>, row: &FundingRequestRow) -> Result<String, AppError> {
    if let Some(reference) = &row.reference {
        return Ok(reference.clone());
    }
    let year = tx.now.year_in_dhaka();
    let last: Option<i64> =
        funding_references::table.find(year).select(funding_references::last_number).first(tx.conn).optional()?;
    let number = last.unwrap_or(0) + 1;
    if last.is_some() {
        update(funding_references::table.find(year))
            .set(funding_references::last_number.eq(number))
            .execute(tx.conn)?;
    } else {
        insert_into(funding_references::table)
            .values((funding_references::year.eq(year), funding_references::last_number.eq(number)))
            .execute(tx.conn)?;
    }
    Ok(format!("SIF-{year}-{number:05}"))
}
