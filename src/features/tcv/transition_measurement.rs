//! Moving a measurement: one operation for every command, its guard, its effect.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    MeasurementId,
    access::{SeenMeasurement, see_measurement},
    guards,
    rows::{MeasurementRow, save},
    status::{LIFECYCLE, MeasurementKind, MeasurementMove, MeasurementStatus},
    view::MeasurementView,
};
use crate::{
    features::impact,
    platform::{
        command_fields::{self, Use},
        db::schema::tcv_measurements,
        error::AppError,
        lifecycle::next,
        text_enum::text_enum,
        web::{Answer, Body, Call, Reply, Tx},
    },
};

text_enum! {
    /// What can be asked of a measurement.
    MeasurementCommand {
        /// Hand in.
        Submit = "submit",
        /// Send back to the team; reason.
        Return = "return",
        /// Confirm.
        Verify = "verify",
        /// Show to anyone.
        Publish = "publish",
    }
}

impl MeasurementCommand {
    /// The move behind a command.
    pub const fn as_move(self) -> MeasurementMove {
        match self {
            Self::Submit => MeasurementMove::Submit,
            Self::Return => MeasurementMove::Return,
            Self::Verify => MeasurementMove::Verify,
            Self::Publish => MeasurementMove::Publish,
        }
    }

    /// Its line of the permission table.
    pub fn line(self) -> String {
        format!("transition_measurement.{}", self.as_str())
    }
}

/// What is asked of a measurement.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"action": "return", "reason": "The waiting time of the second week is missing."}))]
pub struct TransitionMeasurementRequest {
    /// What to do.
    #[schema(inline)]
    pub action: MeasurementCommand,
    /// Why: for `return`.
    #[schema(min_length = 1, max_length = 5000, pattern = r"\S")]
    pub reason: Option<String>,
}

/// Move a measurement.
///
/// A verified measurement takes the place of the one in force of the same pilot, service, kind and method version
/// (a replication also of the same district), which becomes `superseded`. Who created a measurement does not verify it.
#[utoipa::path(post, path = "/v1/tcv-measurements/{measurement_id}/transitions", tag = "TCV",
    request_body = TransitionMeasurementRequest,
    responses((status = 200, description = "The measurement after the move.", body = MeasurementView)))]
pub async fn transition_measurement(call: Call, body: Body) -> Answer {
    let id = call.id("measurement_id", MeasurementId::parse)?;
    call.look(move |connection, context| see_measurement(connection, context.actor.as_ref(), id).map(|_| ())).await?;
    let request: TransitionMeasurementRequest = body.read(&call).await?;
    call.write(move |tx| run(tx, id, &request)).await
}

fn run(tx: &mut Tx<'_>, id: MeasurementId, request: &TransitionMeasurementRequest) -> Result<Reply, AppError> {
    let actor = tx.actor()?.clone();
    let seen = see_measurement(tx.conn, Some(&actor), id)?;
    let (action, step) = (request.action.line(), request.action.as_move());
    tx.permit(&action, &seen.standing)?;
    if let Some(obstacle) = guards::author_obstacle(step, seen.is_author) {
        return Err(obstacle);
    }
    let needs_reason = LIFECYCLE.iter().any(|line| line.command == step && line.needs_reason);
    command_fields::check([("/reason", request.reason.is_some(), Use::always_and(needs_reason))])?;
    tx.check_version(seen.row.version)?;
    let to = next(LIFECYCLE, seen.row.status, step)?.to;
    let unmet = guards::unmet(step, &seen.row, &seen.pilot);
    if !unmet.is_empty() {
        return Err(AppError::conditions(unmet));
    }
    let mut after = MeasurementRow { status: to, ..seen.row.clone() };
    match step {
        MeasurementMove::Submit => after.submitted_at = Some(tx.now),
        MeasurementMove::Return => after.return_reason = request.reason.clone(),
        MeasurementMove::Verify => {
            (after.verified_by, after.verified_at) = (Some(actor.user_id), Some(tx.now));
            supersede(tx, &seen.row)?;
        }
        MeasurementMove::Publish | MeasurementMove::Supersede => {}
    }
    let row = save(tx, &action, &seen.row, after)?;
    if row.status.is_confirmed() {
        impact::follow_pilot(tx.conn, &seen.pilot, tx.now.day_in_dhaka())?;
    }
    Reply::record(row.version, &MeasurementView::new(SeenMeasurement { row, ..seen }))
}

/// Replications stand side by side, one for each district in which the pilot was done again; of the other kinds there
/// is one.
fn takes_the_place_of(newer: &MeasurementRow, older: &MeasurementRow) -> bool {
    newer.kind != MeasurementKind::Replication || newer.district_code == older.district_code
}

/// Takes out of force what `newer` replaces, so that there is one figure at most of each kind and method.
fn supersede(tx: &mut Tx<'_>, newer: &MeasurementRow) -> Result<(), AppError> {
    let mut older: Vec<MeasurementRow> = tcv_measurements::table
        .filter(tcv_measurements::pilot_id.eq(newer.pilot_id))
        .filter(tcv_measurements::service_id.eq(newer.service_id))
        .filter(tcv_measurements::kind.eq(newer.kind))
        .filter(tcv_measurements::method_version.eq(&newer.method_version))
        .filter(tcv_measurements::status.eq_any(MeasurementStatus::IN_FORCE))
        .filter(tcv_measurements::id.ne(newer.id))
        .order(tcv_measurements::id)
        .select(MeasurementRow::as_select())
        .load(tx.conn)?;
    older.retain(|row| takes_the_place_of(newer, row));
    for row in older {
        let status = next(LIFECYCLE, row.status, MeasurementMove::Supersede)?.to;
        save(tx, "transition_measurement.supersede", &row, MeasurementRow { status, ..row.clone() })?;
    }
    Ok(())
}
