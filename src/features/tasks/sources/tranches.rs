//! Tranches to be asked for, approved and paid.

use chrono::NaiveDate;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, QueryDsl, RunQueryDsl,
    dsl::{exists, not},
};

use crate::{
    features::{
        funding::{
            ids::TrancheId,
            reports::ReportStatus,
            requests::RequestStatus,
            tranches::{TrancheMove, TrancheStatus},
        },
        pilots::{MemberRole, status::PilotStatus},
        tasks::{
            MOST, Task, TaskKind, TaskSource, Viewer,
            bars::{never_did, never_in_team, never_reviewed},
            source::{Title, about},
        },
    },
    platform::{
        auth::Role,
        clock::Timestamp,
        db::{
            DbConnection,
            schema::{
                expenditure_reports, funding_requests, funding_reviews, pilot_members, pilots, tranche_transitions,
                tranches,
            },
        },
        error::AppError,
    },
};

diesel::alias!(const siblings: Alias<Siblings> = tranches as siblings);

/// Agreements under which something is paid.
const IN_FORCE: [RequestStatus; 2] = [RequestStatus::AgreementSigned, RequestStatus::Active];

/// Pilots that are paid.
const PAYABLE: [PilotStatus; 3] = [PilotStatus::Design, PilotStatus::InExecution, PilotStatus::Completed];

/// Tranches that are not paid and accounted for.
const UNFINISHED: [TrancheStatus; 6] = [
    TrancheStatus::Planned,
    TrancheStatus::Requested,
    TrancheStatus::Approved,
    TrancheStatus::Disbursed,
    TrancheStatus::Withheld,
    TrancheStatus::Failed,
];

/// A tranche: which, the request's reference, the pilot's title, since when it waits, until when.
type Row = (TrancheId, Option<String>, Title, Timestamp, Option<NaiveDate>);

fn task((id, reference, title, since, due_on): Row, kind: TaskKind, (en, bn): (&str, &str)) -> Task {
    Task { kind, title: about(en, bn, title), path: format!("/v1/tranches/{id}"), reference, due_on, since }
}

/// Tranches that somebody asked for.
pub struct TranchesToApprove;

impl TaskSource for TranchesToApprove {
    fn roles(&self) -> &'static [Role] {
        &[Role::FundApprover]
    }

    fn read_by(&self) -> &'static str {
        "get_tranche"
    }

    fn fetch(&self, connection: &mut DbConnection, viewer: Viewer<'_>) -> Result<Vec<Task>, AppError> {
        let me = viewer.me();
        let rows: Vec<Row> = tranches::table
            .inner_join(funding_requests::table.inner_join(pilots::table))
            .filter(tranches::status.eq(TrancheStatus::Requested))
            .filter(funding_requests::status.eq_any(IN_FORCE))
            .filter(pilots::status.eq_any(PAYABLE))
            .filter(never_in_team!(me))
            .filter(never_reviewed!(me))
            .filter(never_did!(me, TrancheMove::Request))
            .filter(never_did!(me, TrancheMove::Disburse))
            .order(tranches::id)
            .limit(MOST + 1)
            .select((
                tranches::id,
                funding_requests::reference,
                (pilots::title_bn, pilots::title_en),
                tranches::updated_at,
                tranches::planned_on.nullable(),
            ))
            .load(connection)?;
        let words = ("Approve a tranche", "কিস্তি অনুমোদন করুন");
        Ok(rows.into_iter().map(|row| task(row, TaskKind::TrancheApproval, words)).collect())
    }
}

/// Tranches that may be paid.
pub struct TranchesToPay;

impl TaskSource for TranchesToPay {
    fn roles(&self) -> &'static [Role] {
        &[Role::FinanceOfficer]
    }

    fn read_by(&self) -> &'static str {
        "get_tranche"
    }

    fn fetch(&self, connection: &mut DbConnection, viewer: Viewer<'_>) -> Result<Vec<Task>, AppError> {
        let me = viewer.me();
        let rows: Vec<Row> = tranches::table
            .inner_join(funding_requests::table.inner_join(pilots::table))
            .filter(tranches::status.eq(TrancheStatus::Approved))
            .filter(funding_requests::status.eq_any(IN_FORCE))
            .filter(pilots::status.eq_any(PAYABLE))
            .filter(never_in_team!(me))
            .filter(never_reviewed!(me))
            .filter(never_did!(me, TrancheMove::Request))
            .filter(never_did!(me, TrancheMove::Approve))
            .filter(funding_requests::first_approver_id.is_null().or(funding_requests::first_approver_id.ne(me)))
            .filter(funding_requests::awarded_by.is_null().or(funding_requests::awarded_by.ne(me)))
            .order(tranches::id)
            .limit(MOST + 1)
            .select((
                tranches::id,
                funding_requests::reference,
                (pilots::title_bn, pilots::title_en),
                tranches::updated_at,
                tranches::planned_on.nullable(),
            ))
            .load(connection)?;
        let words = ("Pay a tranche", "কিস্তি পরিশোধ করুন");
        Ok(rows.into_iter().map(|row| task(row, TaskKind::Disbursement, words)).collect())
    }
}

/// Tranches of the caller's pilots whose time has come, or whose payment failed, when the one before is accounted for.
pub struct TranchesToAskFor;

impl TaskSource for TranchesToAskFor {
    fn roles(&self) -> &'static [Role] {
        &[]
    }

    fn read_by(&self) -> &'static str {
        "get_tranche"
    }

    fn fetch(&self, connection: &mut DbConnection, viewer: Viewer<'_>) -> Result<Vec<Task>, AppError> {
        let me = viewer.me();
        let earlier = siblings
            .filter(siblings.field(tranches::request_id).eq(tranches::request_id))
            .filter(siblings.field(tranches::number).lt(tranches::number))
            .filter(siblings.field(tranches::status).eq_any(UNFINISHED));
        let unproven = expenditure_reports::table
            .filter(expenditure_reports::request_id.eq(tranches::request_id))
            .filter(expenditure_reports::status.ne(ReportStatus::Accepted));
        let rows: Vec<Row> = pilot_members::table
            .inner_join(pilots::table.on(pilots::id.eq(pilot_members::pilot_id)))
            .inner_join(tranches::table.on(tranches::pilot_id.eq(pilots::id)))
            .inner_join(funding_requests::table.on(funding_requests::id.eq(tranches::request_id)))
            .filter(pilot_members::user_id.eq(me))
            .filter(pilot_members::left_at.is_null())
            .filter(pilot_members::role.eq_any([MemberRole::Owner, MemberRole::Deputy]))
            .filter(pilots::status.eq_any(PAYABLE))
            .filter(funding_requests::status.eq_any(IN_FORCE))
            .filter(tranches::status.eq_any([TrancheStatus::Planned, TrancheStatus::Failed]))
            .filter(tranches::planned_on.le(viewer.today))
            .filter(not(exists(earlier)))
            .filter(not(exists(unproven)))
            .filter(never_reviewed!(me))
            .filter(never_did!(me, TrancheMove::Approve))
            .filter(never_did!(me, TrancheMove::Disburse))
            .order((pilot_members::pilot_id, tranches::id))
            .limit(MOST + 1)
            .select((
                tranches::id,
                funding_requests::reference,
                (pilots::title_bn, pilots::title_en),
                tranches::updated_at,
                tranches::planned_on.nullable(),
            ))
            .load(connection)?;
        let words = ("Ask for a tranche", "কিস্তি চান");
        Ok(rows.into_iter().map(|row| task(row, TaskKind::TrancheRequest, words)).collect())
    }
}
