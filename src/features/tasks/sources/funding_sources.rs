//! Local money that a team has declared, with a document to confirm it by.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};

use crate::{
    features::{
        funding::{ids::FundingSourceId, sources::SourceStatus},
        tasks::{
            MOST, Task, TaskKind, TaskSource, Viewer,
            bars::never_in_team,
            source::{Title, about},
        },
    },
    platform::{
        auth::Role,
        clock::Timestamp,
        db::{
            DbConnection,
            schema::{funding_sources, pilot_members, pilots},
        },
        error::AppError,
    },
};

/// A source: which, the pilot's reference and title, since when it waits.
type Row = (FundingSourceId, Option<String>, Title, Timestamp);

/// Sources that wait for an officer.
pub struct FundingSourcesToConfirm;

impl TaskSource for FundingSourcesToConfirm {
    fn roles(&self) -> &'static [Role] {
        &[Role::ProgrammeOfficer, Role::FinanceOfficer]
    }

    fn read_by(&self) -> &'static str {
        "get_funding_source"
    }

    fn fetch(&self, connection: &mut DbConnection, viewer: Viewer<'_>) -> Result<Vec<Task>, AppError> {
        let rows: Vec<Row> = funding_sources::table
            .inner_join(pilots::table)
            .filter(funding_sources::status.eq(SourceStatus::Declared))
            .filter(funding_sources::document_id.is_not_null())
            // Of a pilot that has ended nothing is judged any more.
            .filter(pilots::ended_at.is_null())
            .filter(funding_sources::declared_by.ne(viewer.me()))
            .filter(never_in_team!(viewer.me()))
            .order(funding_sources::id)
            .limit(MOST + 1)
            .select((
                funding_sources::id,
                pilots::reference,
                (pilots::title_bn, pilots::title_en),
                funding_sources::updated_at,
            ))
            .load(connection)?;
        let task = |(id, reference, title, since): Row| Task {
            kind: TaskKind::SourceConfirmation,
            title: about("Confirm local money for a pilot", "পাইলটের স্থানীয় অর্থায়ন নিশ্চিত করুন", title),
            path: format!("/v1/funding-sources/{id}"),
            reference,
            due_on: None,
            since,
        };
        Ok(rows.into_iter().map(task).collect())
    }
}
