//! The decision on a request: award, decline, or let it wait. Money and request move in one transaction, and what
//! becomes free goes to who waits longest.

use chrono::Duration;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    actions::{DecisionAction, second_approver_obstacle, unmet},
    amounts::wrong_amount,
    freeing::{move_up, move_up_but, release_reservation},
    panel::{meeting_of, quorum_missing},
    recommend_funding_request::reply,
    view::DecidedRequestView,
};
use crate::{
    features::funding::{
        ids::{FundingRequestId, PanelMeetingId},
        ledger::{EntryKind, Remark, Subject, post},
        requests::{By, FundingRequestRow, RequestStatus, SeenRequest, advance, save, see_request, status::LIFECYCLE},
    },
    platform::{
        error::{AppError, FieldError},
        lifecycle::next,
        money::{Money, MoneyInput},
        text::Bilingual,
        text_enum::text_enum,
        web::{Answer, Body, Call, Reply, Tx},
    },
};

text_enum! {
    /// What is decided.
    FundingDecision {
        /// Give the money.
        Award = "award",
        /// Give none.
        Decline = "decline",
        /// Give it when there is some.
        Waitlist = "waitlist",
    }
}

impl FundingDecision {
    const fn action(self) -> DecisionAction {
        match self {
            Self::Award => DecisionAction::Award,
            Self::Decline => DecisionAction::Decline,
            Self::Waitlist => DecisionAction::Waitlist,
        }
    }
}

/// What is decided, how much, why.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"decision": "award", "amount": {"amount": "75000.00", "currency": "BDT"}, "panel_meeting_id": null, "reason": null}))]
pub struct DecideFundingRequestRequest {
    /// What.
    #[schema(inline)]
    pub decision: FundingDecision,
    /// For `award`: at most what is recommended; without it what the first approver approved, or what is recommended. For
    /// `waitlist` of a request that has no recommendation: what it waits for. Else not to be sent.
    #[serde(default)]
    pub amount: Option<MoneyInput>,
    /// The meeting of the round's panel that dealt with it: for `waitlist` of a request that has no recommendation. Else not
    /// to be sent.
    #[serde(default)]
    pub panel_meeting_id: Option<PanelMeetingId>,
    /// Why: for `decline` and `waitlist`.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 5000, pattern = r"\S")]
    pub reason: Option<String>,
}

/// Decide on a funding request.
///
/// By a fund approver who logged in within the last 15 minutes and has no other part in it: not of the pilot's team, no
/// reviewer, not who recommended it, not who pays. `award` turns what is held into what is promised; above the round's limit
/// the first approval is only written down, and a second approver awards the same amount. `decline` and `waitlist` let go of what
/// is held. An approver who lets a request wait that nobody has recommended names the panel's meeting and the amount, as a
/// recommendation would, and counts as who recommended it.
/// What becomes free goes to the requests that wait, the longest first, as far as it suffices for the next. The applicant is
/// told nothing before the results of the round are released.
#[utoipa::path(post, path = "/v1/funding-requests/{request_id}/decisions", tag = "Awards",
    request_body = DecideFundingRequestRequest, extensions(("x-money-step" = json!(true))),
    responses((status = 200, description = "The request, decided, or approved by the first of two.", body = DecidedRequestView)))]
pub async fn decide_funding_request(call: Call, body: Body) -> Answer {
    let id = call.id("request_id", FundingRequestId::parse)?;
    call.look_before_step(move |connection, context| {
        let seen = see_request(connection, context.actor.as_ref(), id)?;
        // Which of the three it is stands in the body; they are open to the same people.
        context.permit(DecisionAction::Award.line(), &seen.standing)?;
        context.check_recent_login()
    })
    .await?;
    let request: DecideFundingRequestRequest = body.read(&call).await?;
    call.write_money(move |tx| run(tx, id, &request)).await
}

fn run(tx: &mut Tx<'_>, id: FundingRequestId, request: &DecideFundingRequestRequest) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let seen = see_request(tx.conn, Some(&actor), id)?;
    let action = request.decision.action();
    tx.permit(action.line(), &seen.standing)?;
    let (mut wrong, sets_amount) = (wrong_fields(&seen, request), sets_amount(&seen, request));
    let named = request.panel_meeting_id.filter(|_| sets_amount);
    let meeting = match named {
        Some(id) => meeting_of(tx.conn, seen.row.round_id, id)?,
        None => None,
    };
    if named.is_some() && meeting.is_none() {
        wrong.push(FieldError::unknown_reference("/panel_meeting_id"));
    }
    if !wrong.is_empty() {
        return Err(AppError::validation(wrong));
    }
    tx.check_version(seen.row.version)?;
    next(LIFECYCLE, seen.row.status, action.as_move())?;
    let mut failing = unmet(action, &seen.row, &seen.pilot, tx.now.day_in_dhaka());
    if let Some(meeting) = &meeting {
        failing.extend(quorum_missing(tx.conn, &seen, meeting)?);
    }
    if !failing.is_empty() {
        return Err(AppError::conditions(failing));
    }
    match request.decision {
        FundingDecision::Award => award(tx, &seen, request)?,
        FundingDecision::Decline | FundingDecision::Waitlist => turn_away(tx, &seen, request)?,
    }
    reply(tx, id)
}

/// Whether this puts a request on the waiting list that was not recommended: then it says what a recommendation would.
fn sets_amount(seen: &SeenRequest, request: &DecideFundingRequestRequest) -> bool {
    request.decision == FundingDecision::Waitlist && seen.row.status == RequestStatus::Panel
}

/// What is recommended, requested or approved already decides what may be sent.
fn wrong_fields(seen: &SeenRequest, request: &DecideFundingRequestRequest) -> Vec<FieldError> {
    let row = &seen.row;
    let mut wrong = Vec::new();
    if request.decision != FundingDecision::Award && request.reason.is_none() {
        wrong.push(FieldError::body(
            "/reason",
            "required",
            "This decision needs a reason.",
            "এই সিদ্ধান্তের কারণ দিতে হবে।",
        ));
    }
    let sets_amount = sets_amount(seen, request);
    match (sets_amount, request.panel_meeting_id) {
        (true, None) => wrong.push(FieldError::body(
            "/panel_meeting_id",
            "required",
            "Nothing is recommended yet: name the meeting of the panel that dealt with it.",
            "এখনো কিছু সুপারিশ করা হয়নি: প্যানেলের যে সভায় এটি আলোচিত হয়েছে তা উল্লেখ করুন।",
        )),
        (false, Some(_)) => wrong.push(FieldError::body(
            "/panel_meeting_id",
            "unexpected",
            "This decision has no use for a meeting.",
            "এই সিদ্ধান্তে সভার উল্লেখ লাগে না।",
        )),
        _ => {}
    }
    match (&request.amount, request.decision) {
        (Some(amount), FundingDecision::Award) => {
            wrong.extend(wrong_amount(amount.poisha(), row.recommended.unwrap_or(row.requested), &seen.round));
        }
        (Some(amount), _) if sets_amount => wrong.extend(wrong_amount(amount.poisha(), row.requested, &seen.round)),
        (None, _) if sets_amount => wrong.push(FieldError::body(
            "/amount",
            "required",
            "Nothing is recommended yet: say how much it waits for.",
            "এখনো কিছু সুপারিশ করা হয়নি: কত টাকার জন্য অপেক্ষা করছে তা দিন।",
        )),
        (Some(_), _) => wrong.push(FieldError::body(
            "/amount",
            "unexpected",
            "This decision has no use for an amount.",
            "এই সিদ্ধান্তে টাকার পরিমাণ লাগে না।",
        )),
        (None, _) => {}
    }
    wrong
}

/// Awards it, or writes down the first approval of two.
fn award(tx: &mut Tx<'_>, seen: &SeenRequest, request: &DecideFundingRequestRequest) -> Result<(), AppError> {
    let (before, round, me) = (&seen.row, &seen.round, tx.actor()?.user_id);
    let line = DecisionAction::Award.line();
    let named = request.amount.as_ref().map(MoneyInput::poisha);
    let amount = named.or(before.first_approved).or(before.recommended).unwrap_or(before.requested);
    if let Some(obstacle) = second_approver_obstacle(before, me) {
        return Err(obstacle);
    }
    match before.first_approved {
        None if amount > round.two_approvers_above => {
            let approved = FundingRequestRow {
                first_approver_id: Some(me),
                first_approved: Some(amount),
                first_approved_at: Some(tx.now),
                ..before.clone()
            };
            save(tx, line, before, approved)?;
            return Ok(());
        }
        Some(first) if first != amount => return Err(AppError::conditions(vec![other_amount(first)])),
        _ => {}
    }
    let today = tx.now.day_in_dhaka();
    let agreement_due_on = round.released_at.map(|_| today + Duration::days(i64::from(round.agreement_within_days)));
    let prepared = FundingRequestRow {
        awarded: Some(amount),
        awarded_by: Some(me),
        awarded_at: Some(tx.now),
        agreement_due_on,
        decision_reason: request.reason.clone(),
        ..before.clone()
    };
    let step = DecisionAction::Award.as_move();
    let row = advance(tx, line, before, prepared, step, By::Caller, request.reason.as_deref())?;
    let remark = Remark { reason: request.reason.clone(), ..Remark::default() };
    release_reservation(tx, &row, remark.clone())?;
    post(tx, Subject::Request(row.fund_id, row.round_id, row.id), EntryKind::Commit, amount, remark)?;
    move_up(tx, row.round_id)
}

fn other_amount(first: i64) -> FieldError {
    let amount = Money::from_poisha(first).amount;
    FieldError::condition(
        "another_amount_approved",
        Bilingual::new(
            format!("The first approver approved {amount} taka; the second awards the same, or declines."),
            format!("প্রথম অনুমোদনকারী {amount} টাকা অনুমোদন করেছেন; দ্বিতীয়জন একই পরিমাণ দেবেন, নয়তো প্রত্যাখ্যান করবেন।"),
        ),
    )
}

/// Declines it or lets it wait; what was held for it is free for the others.
fn turn_away(tx: &mut Tx<'_>, seen: &SeenRequest, request: &DecideFundingRequestRequest) -> Result<(), AppError> {
    let (before, me) = (&seen.row, tx.actor()?.user_id);
    let action = request.decision.action();
    let waits = request.decision == FundingDecision::Waitlist;
    let named = request.amount.as_ref().map(MoneyInput::poisha);
    let mut prepared = FundingRequestRow {
        first_approver_id: None,
        first_approved: None,
        first_approved_at: None,
        waitlisted_at: waits.then_some(tx.now),
        decision_reason: request.reason.clone(),
        ..before.clone()
    };
    if let Some(amount) = named.filter(|_| waits) {
        // Who sets the amount recommends it, so another approver has to award it.
        (prepared.recommended, prepared.recommended_by) = (Some(amount), Some(me));
        prepared.panel_meeting_id = request.panel_meeting_id;
        prepared.recommended_at = Some(tx.now);
    }
    let reason = request.reason.as_deref();
    let row = advance(tx, action.line(), before, prepared, action.as_move(), By::Caller, reason)?;
    release_reservation(tx, &row, Remark { reason: request.reason.clone(), ..Remark::default() })?;
    move_up_but(tx, row.round_id, waits.then_some(row.id))
}
