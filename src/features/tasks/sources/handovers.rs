//! Pilots that are offered to the caller.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};

use crate::{
    features::{
        handovers::{HandoverId, HandoverStatus},
        tasks::{
            MOST, Task, TaskKind, TaskSource, Viewer,
            source::{Title, about},
        },
    },
    platform::{
        auth::Role,
        clock::Timestamp,
        db::{
            DbConnection,
            schema::{pilot_handovers, pilots},
        },
        error::AppError,
    },
};

/// An offer: which, the pilot's reference and title, since when it waits, until when.
type Row = (HandoverId, Option<String>, Title, Timestamp, Timestamp);

/// Offers that wait for the caller's answer.
pub struct HandoversOffered;

impl TaskSource for HandoversOffered {
    fn roles(&self) -> &'static [Role] {
        &[]
    }

    fn read_by(&self) -> &'static str {
        "get_handover"
    }

    fn fetch(&self, connection: &mut DbConnection, viewer: Viewer<'_>) -> Result<Vec<Task>, AppError> {
        let rows: Vec<Row> = pilot_handovers::table
            .inner_join(pilots::table)
            .filter(pilot_handovers::to_user_id.eq(viewer.me()))
            .filter(pilot_handovers::status.eq(HandoverStatus::Offered))
            .filter(pilot_handovers::expires_at.gt(viewer.now))
            .order(pilot_handovers::id)
            .limit(MOST + 1)
            .select((
                pilot_handovers::id,
                pilots::reference,
                (pilots::title_bn, pilots::title_en),
                pilot_handovers::created_at,
                pilot_handovers::expires_at,
            ))
            .load(connection)?;
        let task = |(id, reference, title, since, expires_at): Row| Task {
            kind: TaskKind::Handover,
            title: about("Take over a pilot, or decline", "পাইলটের দায়িত্ব গ্রহণ বা প্রত্যাখ্যান করুন", title),
            path: format!("/v1/handovers/{id}"),
            reference,
            due_on: Some(expires_at.day_in_dhaka()),
            since,
        };
        Ok(rows.into_iter().map(task).collect())
    }
}
