//! The measurements of a pilot, oldest first.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl, SelectableHelper};

use super::{
    access::{SeenMeasurement, is_visible},
    rows::MeasurementRow,
    status::{MeasurementKind, MeasurementStatus},
    view::MeasurementView,
};
use crate::{
    features::pilots::{PilotId, see},
    platform::{
        db::schema::tcv_measurements,
        web::{Answer, Call, Page, cursor::Cursor, page_query, page_view},
    },
};

page_query! {
    /// Which measurements.
    ListMeasurementsQuery {
        /// Of these kinds.
        #[param(inline, min_items = 1, max_items = 4)]
        kind: Option<Vec<MeasurementKind>>,
        /// With these statuses.
        #[param(inline, min_items = 1, max_items = 6)]
        status: Option<Vec<MeasurementStatus>>,
    }
}

page_view! {
    /// A page of measurements, oldest first.
    MeasurementPage of MeasurementView
}

/// List a pilot's measurements.
///
/// Those that you may see, oldest first: team and staff see all, others what an officer has confirmed.
#[utoipa::path(get, path = "/v1/pilots/{pilot_id}/tcv-measurements", tag = "TCV", params(ListMeasurementsQuery),
    responses((status = 200, description = "A page of measurements.", body = MeasurementPage)))]
pub async fn list_measurements(call: Call) -> Answer {
    let id = call.id("pilot_id", PilotId::parse)?;
    let query: ListMeasurementsQuery = call.query()?;
    let slice = call.slice(&query.page())?;
    call.read(move |connection, context| {
        let actor = context.actor.as_ref();
        let pilot = see(connection, actor, id)?;
        let kinds: &[MeasurementKind] = query.kind.as_deref().unwrap_or(MeasurementKind::ALL);
        let statuses: &[MeasurementStatus] = query.status.as_deref().unwrap_or(MeasurementStatus::ALL);
        let statuses: Vec<MeasurementStatus> =
            statuses.iter().copied().filter(|status| is_visible(*status, &pilot.standing)).collect();
        let matching = tcv_measurements::table
            .filter(tcv_measurements::pilot_id.eq(id))
            .filter(tcv_measurements::kind.eq_any(kinds))
            .filter(tcv_measurements::status.eq_any(&statuses));
        let mut rows = matching
            .clone()
            .order(tcv_measurements::id)
            .limit(slice.fetch())
            .select(MeasurementRow::as_select())
            .into_boxed();
        if let Some(after) = slice.after_id() {
            rows = rows.filter(tcv_measurements::id.gt(after));
        }
        let rows: Vec<MeasurementRow> = rows.load(connection)?;
        let total = slice.total(|most| matching.select(tcv_measurements::id).limit(most).load::<String>(connection))?;
        MeasurementPage::reply(
            context,
            &slice,
            rows,
            total,
            |row| Cursor { key: String::new(), id: row.id.to_string() },
            |row| MeasurementView::new(SeenMeasurement::new(row, pilot.clone(), actor)),
        )
    })
    .await
}
