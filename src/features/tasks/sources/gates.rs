//! Decisions at a gate that wait for a second officer.

use diesel::{ExpressionMethods, JoinOnDsl, QueryDsl, RunQueryDsl, dsl::sql, sql_types::Bool};

use crate::{
    features::{
        gates::{Gate, GateDecisionId},
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
            schema::{gate_decisions, pilot_members, pilots},
        },
        error::AppError,
    },
};

/// A proposal: which, at which gate, the pilot's reference and title, since when.
type Row = (GateDecisionId, Gate, Option<String>, Title, Timestamp);

/// Proposals of other officers.
pub struct GateProposals;

impl TaskSource for GateProposals {
    fn roles(&self) -> &'static [Role] {
        &[Role::ProgrammeOfficer]
    }

    fn read_by(&self) -> &'static str {
        "get_gate_decision"
    }

    fn fetch(&self, connection: &mut DbConnection, viewer: Viewer<'_>) -> Result<Vec<Task>, AppError> {
        let rows: Vec<Row> = gate_decisions::table
            .inner_join(pilots::table.on(pilots::id.eq(gate_decisions::pilot_id)))
            // As it stands in the index of open proposals, which is not used for a value that is bound.
            .filter(sql::<Bool>("gate_decisions.status = 'proposed'"))
            .filter(gate_decisions::decided_by.ne(viewer.me()))
            .filter(never_in_team!(viewer.me()))
            .order(gate_decisions::pilot_id)
            .limit(MOST + 1)
            .select((
                gate_decisions::id,
                gate_decisions::gate,
                pilots::reference,
                (pilots::title_bn, pilots::title_en),
                gate_decisions::decided_at,
            ))
            .load(connection)?;
        let task = |(id, gate, reference, title, since): Row| Task {
            kind: TaskKind::GateConfirmation,
            title: match gate {
                Gate::Execution => {
                    about("Confirm or reject the decision at gate 1", "গেট ১-এর সিদ্ধান্ত নিশ্চিত বা নাকচ করুন", title)
                }
                Gate::Celebration => {
                    about("Confirm or reject the decision at gate 2", "গেট ২-এর সিদ্ধান্ত নিশ্চিত বা নাকচ করুন", title)
                }
            },
            path: format!("/v1/gate-decisions/{id}"),
            reference,
            due_on: None,
            since,
        };
        Ok(rows.into_iter().map(task).collect())
    }
}
