//! Moving a report: handed in by the team, checked by the fund, accepted by finance; and its tranche with it.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    access::{SeenReport, see_report},
    guards,
    rows::ExpenditureReportRow,
    status::{LIFECYCLE, ReportCommand},
    store::save,
    view::ExpenditureReportView,
};
use crate::{
    features::funding::{
        ids::ExpenditureReportId,
        requests::By,
        tranches::{self, TrancheMove, see_tranche},
    },
    platform::{
        command_fields::{self, Use},
        error::{AppError, FieldError, Place},
        lifecycle::next,
        money::{Money, MoneyInput},
        text::Bilingual,
        web::{Answer, Body, Call, Reply, Tx},
    },
};

/// What is asked of a report.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"action": "accept", "accepted_amount": {"amount": "24000.00", "currency": "BDT"}, "reason": null}))]
pub struct TransitionExpenditureReportRequest {
    /// What to do.
    #[schema(inline)]
    pub action: ReportCommand,
    /// For `accept`: how much is accepted as spent; at most the total of the report and what remains paid.
    #[serde(default)]
    pub accepted_amount: Option<MoneyInput>,
    /// Why: for `return` and `dispute`.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 5000, pattern = r"\S")]
    pub reason: Option<String>,
}

/// Move an expenditure report.
///
/// `submit`: the lines add up to no more than remains paid, were spent between the payment and today, and each has its
/// voucher among the files of the report. `check` is for a fund officer, `accept` for a finance officer who did not check
/// it; both outside the team. What is not accepted is to be refunded; a tranche of which accepted and refunded add up to
/// what was paid is settled.
#[utoipa::path(post, path = "/v1/expenditure-reports/{report_id}/transitions", tag = "Expenditure reports",
    request_body = TransitionExpenditureReportRequest,
    responses((status = 200, description = "The report after the move.", body = ExpenditureReportView)))]
pub async fn transition_expenditure_report(call: Call, body: Body) -> Answer {
    let id = call.id("report_id", ExpenditureReportId::parse)?;
    call.look(move |connection, context| see_report(connection, context.actor.as_ref(), id).map(|_| ())).await?;
    let request: TransitionExpenditureReportRequest = body.read(&call).await?;
    call.write(move |tx| run(tx, id, &request)).await
}

fn run(
    tx: &mut Tx<'_>,
    id: ExpenditureReportId,
    request: &TransitionExpenditureReportRequest,
) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let seen = see_report(tx.conn, Some(&actor), id)?;
    let command = request.action;
    tx.permit(command.line(), seen.standing())?;
    if let Some(obstacle) = guards::checker_obstacle(command, &seen) {
        return Err(obstacle);
    }
    check_fields(request)?;
    tx.check_version(seen.row.version)?;
    let to = next(LIFECYCLE, seen.row.status, command)?.to;
    let (by, at) = (Some(actor.user_id), Some(tx.now));
    let moved = ExpenditureReportRow { status: to, ..seen.row.clone() };
    let prepared = match command {
        ReportCommand::Submit => {
            let unmet = guards::unmet_for_submit(&seen, tx.now.day_in_dhaka());
            if !unmet.is_empty() {
                return Err(AppError::conditions(unmet));
            }
            ExpenditureReportRow { submitted_by: by, submitted_at: at, status_reason: None, ..moved }
        }
        ReportCommand::Check => ExpenditureReportRow { checked_by: by, checked_at: at, status_reason: None, ..moved },
        ReportCommand::Accept => {
            let accepted = request.accepted_amount.as_ref().map_or(0, MoneyInput::poisha);
            check_accepted(accepted, seen.row.total.min(seen.tranche.account.remaining()))?;
            ExpenditureReportRow { accepted: Some(accepted), accepted_by: by, accepted_at: at, ..moved }
        }
        ReportCommand::Return | ReportCommand::Dispute => {
            ExpenditureReportRow { checked_by: None, checked_at: None, status_reason: request.reason.clone(), ..moved }
        }
    };
    save(tx, command.line(), &seen.row, prepared)?;
    move_tranche(tx, command, &seen)?;
    let seen = see_report(tx.conn, Some(&actor), id)?;
    let version = seen.row.version;
    Reply::record(version, &ExpenditureReportView::new(seen, tx.now.day_in_dhaka()))
}

/// The tranche goes with its report.
fn move_tranche(tx: &mut Tx<'_>, command: ReportCommand, seen: &SeenReport) -> Result<(), AppError> {
    let (before, action) = (&seen.tranche.account.tranche, command.line());
    let step = match command {
        ReportCommand::Submit => TrancheMove::Report,
        ReportCommand::Return => TrancheMove::Reopen,
        ReportCommand::Accept => {
            let actor = tx.actor()?.clone();
            let after = see_tranche(tx.conn, Some(&actor), before.id)?;
            tranches::settle_if_it_adds_up(tx, action, &after.account)?;
            return Ok(());
        }
        ReportCommand::Check | ReportCommand::Dispute => return Ok(()),
    };
    tranches::advance(tx, action, before, before.clone(), step, By::System, None)?;
    Ok(())
}

fn check_fields(request: &TransitionExpenditureReportRequest) -> Result<(), AppError> {
    let needs_reason = LIFECYCLE.iter().any(|line| line.command == request.action && line.needs_reason);
    let accepts = request.action == ReportCommand::Accept;
    command_fields::check([
        ("/reason", request.reason.is_some(), Use::always_and(needs_reason)),
        ("/accepted_amount", request.accepted_amount.is_some(), Use::only_if(accepts)),
    ])
}

fn check_accepted(accepted: i64, most: i64) -> Result<(), AppError> {
    if accepted <= most {
        return Ok(());
    }
    let most = Money::from_poisha(most).amount;
    let detail = Bilingual::new(
        format!("At most {most} taka: the total of the report, and what remains paid."),
        format!("সর্বোচ্চ {most} টাকা: প্রতিবেদনের মোট, এবং পরিশোধিত অর্থের অবশিষ্ট।"),
    );
    let place = Place::Body("/accepted_amount/amount".into());
    Err(AppError::validation(vec![FieldError::new(place, "maximum", detail)]))
}
