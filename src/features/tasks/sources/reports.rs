//! Expenditure reports to be written, checked and accepted.

use diesel::{BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, QueryDsl, RunQueryDsl};

use crate::{
    features::{
        funding::{
            ids::{ExpenditureReportId, TrancheId},
            reports::ReportStatus,
            tranches::TrancheStatus,
        },
        tasks::{
            MOST, Task, TaskKind, TaskSource, Viewer,
            bars::{never_in_team, never_reviewed},
            source::{Title, about},
        },
    },
    platform::{
        auth::Role,
        clock::Timestamp,
        db::{
            DbConnection,
            schema::{expenditure_reports, funding_requests, funding_reviews, pilot_members, pilots, tranches},
        },
        error::AppError,
    },
};

/// A report: which, the request's reference, the pilot's title, since when it waits.
type Row = (ExpenditureReportId, Option<String>, Title, Timestamp);

fn task((id, reference, title, since): Row, kind: TaskKind, (en, bn): (&str, &str)) -> Task {
    let path = format!("/v1/expenditure-reports/{id}");
    Task { kind, title: about(en, bn, title), path, reference, due_on: None, since }
}

/// Reports whose vouchers are to be checked: those handed in, and those in which something was contested.
pub struct ReportsToCheck(pub ReportStatus);

impl TaskSource for ReportsToCheck {
    fn roles(&self) -> &'static [Role] {
        &[Role::FundOfficer]
    }

    fn read_by(&self) -> &'static str {
        "get_expenditure_report"
    }

    fn fetch(&self, connection: &mut DbConnection, viewer: Viewer<'_>) -> Result<Vec<Task>, AppError> {
        let me = viewer.me();
        let rows: Vec<Row> = expenditure_reports::table
            .inner_join(funding_requests::table.on(funding_requests::id.eq(expenditure_reports::request_id)))
            .inner_join(pilots::table.on(pilots::id.eq(expenditure_reports::pilot_id)))
            .filter(expenditure_reports::status.eq(self.0))
            .filter(never_in_team!(me))
            .filter(never_reviewed!(me))
            .order(expenditure_reports::id)
            .limit(MOST + 1)
            .select((
                expenditure_reports::id,
                funding_requests::reference,
                (pilots::title_bn, pilots::title_en),
                expenditure_reports::updated_at,
            ))
            .load(connection)?;
        let words = ("Check the vouchers of an expenditure report", "ব্যয় প্রতিবেদনের ভাউচার যাচাই করুন");
        Ok(rows.into_iter().map(|row| task(row, TaskKind::ReportCheck, words)).collect())
    }
}

/// Reports whose vouchers somebody else has checked.
pub struct ReportsToAccept;

impl TaskSource for ReportsToAccept {
    fn roles(&self) -> &'static [Role] {
        &[Role::FinanceOfficer]
    }

    fn read_by(&self) -> &'static str {
        "get_expenditure_report"
    }

    fn fetch(&self, connection: &mut DbConnection, viewer: Viewer<'_>) -> Result<Vec<Task>, AppError> {
        let me = viewer.me();
        let rows: Vec<Row> = expenditure_reports::table
            .inner_join(funding_requests::table.on(funding_requests::id.eq(expenditure_reports::request_id)))
            .inner_join(pilots::table.on(pilots::id.eq(expenditure_reports::pilot_id)))
            .filter(expenditure_reports::status.eq(ReportStatus::Checked))
            .filter(expenditure_reports::checked_by.is_null().or(expenditure_reports::checked_by.ne(me)))
            .filter(never_in_team!(me))
            .filter(never_reviewed!(me))
            .order(expenditure_reports::id)
            .limit(MOST + 1)
            .select((
                expenditure_reports::id,
                funding_requests::reference,
                (pilots::title_bn, pilots::title_en),
                expenditure_reports::updated_at,
            ))
            .load(connection)?;
        let words = ("Accept an expenditure report, or contest it", "ব্যয় প্রতিবেদন গ্রহণ করুন বা আপত্তি জানান");
        Ok(rows.into_iter().map(|row| task(row, TaskKind::ReportAcceptance, words)).collect())
    }
}

/// Tranches that the caller's teams were paid and have not accounted for: no report, a draft, or one that was sent back.
pub struct ReportsToWrite;

/// A tranche, and the report on it if there is one: which, where it stands, since when.
type Owed = (TrancheId, Option<String>, Title, Timestamp, Option<(ExpenditureReportId, ReportStatus, Timestamp)>);

impl TaskSource for ReportsToWrite {
    fn roles(&self) -> &'static [Role] {
        &[]
    }

    fn read_by(&self) -> &'static str {
        "get_expenditure_report"
    }

    fn fetch(&self, connection: &mut DbConnection, viewer: Viewer<'_>) -> Result<Vec<Task>, AppError> {
        let rows: Vec<Owed> = pilot_members::table
            .inner_join(pilots::table.on(pilots::id.eq(pilot_members::pilot_id)))
            .inner_join(tranches::table.on(tranches::pilot_id.eq(pilots::id)))
            .inner_join(funding_requests::table.on(funding_requests::id.eq(tranches::request_id)))
            .left_join(expenditure_reports::table.on(expenditure_reports::tranche_id.eq(tranches::id)))
            .filter(pilot_members::user_id.eq(viewer.me()))
            .filter(pilot_members::left_at.is_null())
            .filter(tranches::status.eq(TrancheStatus::Disbursed))
            .order((pilot_members::pilot_id, tranches::id))
            .limit(MOST + 1)
            .select((
                tranches::id,
                funding_requests::reference,
                (pilots::title_bn, pilots::title_en),
                tranches::updated_at,
                (expenditure_reports::id, expenditure_reports::status, expenditure_reports::updated_at).nullable(),
            ))
            .load(connection)?;
        Ok(rows.into_iter().map(owed).collect())
    }
}

fn owed((tranche, reference, title, since, report): Owed) -> Task {
    let kind = TaskKind::Report;
    match report {
        Some((id, ReportStatus::Returned, returned_at)) => {
            let words = ("Change an expenditure report that was sent back", "ফেরত আসা ব্যয় প্রতিবেদন সংশোধন করুন");
            task((id, reference, title, returned_at), kind, words)
        }
        Some((id, ..)) => {
            task((id, reference, title, since), kind, ("Finish an expenditure report", "ব্যয় প্রতিবেদন সম্পন্ন করুন"))
        }
        None => Task {
            kind,
            title: about("Report what a tranche was spent on", "কিস্তির ব্যয় প্রতিবেদন দিন", title),
            path: format!("/v1/tranches/{tranche}"),
            reference,
            due_on: None,
            since,
        },
    }
}
