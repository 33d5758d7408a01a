//! Funding requests: in the hands of the fund, or back with their team.

use chrono::NaiveDate;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, QueryDsl, RunQueryDsl,
    dsl::{not, sql},
    sql_types::Bool,
};

use crate::{
    features::{
        funding::{ids::FundingRequestId, requests::RequestStatus, rounds::RoundStatus},
        pilots::MemberRole,
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
            schema::{funding_requests, funding_reviews, funding_rounds, pilot_members, pilots},
        },
        error::AppError,
    },
};

/// A request: which, its reference, the pilot's title, since when it waits, until when.
type Row = (FundingRequestId, Option<String>, Title, Timestamp, Option<NaiveDate>);

/// What the fund does with a request, step by step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestsAtFund {
    /// Begin to check the rules.
    ToTakeUp,
    /// Check them, and assign reviewers.
    ToCheck,
    /// Enough reviews are in: give it to the panel.
    ToPanel,
    /// Recommend an amount.
    ToRecommend,
    /// Decide.
    ToDecide,
    /// Nobody signed in time.
    ToLapse,
}

impl RequestsAtFund {
    /// Where such requests stand, what is to be done, in English and in Bangla.
    const fn about(self) -> (RequestStatus, TaskKind, &'static str, &'static str) {
        use RequestStatus as S;
        match self {
            Self::ToTakeUp => {
                (S::Submitted, TaskKind::Eligibility, "Begin to check a request", "আবেদনের যোগ্যতা যাচাই শুরু করুন")
            }
            Self::ToCheck => (
                S::Eligibility,
                TaskKind::Eligibility,
                "Finish checking a request, and assign reviewers",
                "আবেদনের যোগ্যতা যাচাই শেষ করুন ও মূল্যায়নকারী নিয়োগ দিন",
            ),
            Self::ToPanel => (
                S::UnderReview,
                TaskKind::Panel,
                "Enough reviews are in: call the panel",
                "যথেষ্ট মূল্যায়ন জমা হয়েছে: প্যানেলে পাঠান",
            ),
            Self::ToRecommend => {
                (S::Panel, TaskKind::Recommendation, "Write down what the panel recommends", "প্যানেলের সুপারিশ লিখুন")
            }
            Self::ToDecide => (S::Recommended, TaskKind::Approval, "Decide on an award", "অনুদানের সিদ্ধান্ত দিন"),
            Self::ToLapse => (
                S::Awarded,
                TaskKind::Lapse,
                "Nobody signed in time: let the award lapse",
                "সময়মতো স্বাক্ষর হয়নি: অনুদান তামাদি করুন",
            ),
        }
    }
}

impl TaskSource for RequestsAtFund {
    fn roles(&self) -> &'static [Role] {
        match self {
            Self::ToDecide => &[Role::FundApprover],
            Self::ToTakeUp | Self::ToCheck | Self::ToPanel | Self::ToRecommend | Self::ToLapse => &[Role::FundOfficer],
        }
    }

    fn read_by(&self) -> &'static str {
        "get_funding_request"
    }

    fn fetch(&self, connection: &mut DbConnection, viewer: Viewer<'_>) -> Result<Vec<Task>, AppError> {
        let me = viewer.me();
        let (status, kind, en, bn) = self.about();
        let mut query = funding_requests::table
            .inner_join(funding_rounds::table)
            .inner_join(pilots::table)
            .filter(funding_requests::status.eq(status))
            .filter(never_in_team!(me))
            .order(funding_requests::id)
            .limit(MOST + 1)
            .select((
                funding_requests::id,
                funding_requests::reference,
                (pilots::title_bn, pilots::title_en),
                funding_requests::updated_at,
                funding_requests::agreement_due_on,
            ))
            .into_boxed();
        query = match self {
            // In a sealed round staff see nothing before it is closed.
            Self::ToTakeUp => query.filter(not(funding_rounds::is_sealed
                .and(funding_rounds::status.eq_any([RoundStatus::Forecast, RoundStatus::Open])))),
            Self::ToCheck => query,
            Self::ToPanel => query.filter(sql::<Bool>(
                "(SELECT COUNT(*) FROM funding_reviews WHERE funding_reviews.request_id = funding_requests.id \
                 AND funding_reviews.status = 'submitted') >= funding_rounds.minimum_reviewers",
            )),
            Self::ToRecommend => query.filter(never_reviewed!(me)),
            Self::ToDecide => query
                .filter(never_reviewed!(me))
                .filter(funding_requests::recommended_by.is_null().or(funding_requests::recommended_by.ne(me)))
                .filter(funding_requests::first_approver_id.is_null().or(funding_requests::first_approver_id.ne(me))),
            Self::ToLapse => query.filter(funding_requests::agreement_due_on.lt(viewer.today)),
        };
        let rows: Vec<Row> = query.load(connection)?;
        Ok(rows.into_iter().map(|row| task(row, kind, (en, bn))).collect())
    }
}

fn task((id, reference, title, since, due_on): Row, kind: TaskKind, (en, bn): (&str, &str)) -> Task {
    Task { kind, title: about(en, bn, title), path: format!("/v1/funding-requests/{id}"), reference, due_on, since }
}

/// Requests of the caller's pilots that a fund officer sent back.
pub struct RequestsSentBack;

impl TaskSource for RequestsSentBack {
    fn roles(&self) -> &'static [Role] {
        &[]
    }

    fn read_by(&self) -> &'static str {
        "get_funding_request"
    }

    fn fetch(&self, connection: &mut DbConnection, viewer: Viewer<'_>) -> Result<Vec<Task>, AppError> {
        let rows: Vec<Row> = pilot_members::table
            .inner_join(pilots::table.on(pilots::id.eq(pilot_members::pilot_id)))
            .inner_join(funding_requests::table.on(funding_requests::pilot_id.eq(pilots::id)))
            .filter(pilot_members::user_id.eq(viewer.me()))
            .filter(pilot_members::left_at.is_null())
            .filter(pilot_members::role.eq_any([MemberRole::Owner, MemberRole::Deputy]))
            .filter(funding_requests::status.eq(RequestStatus::ChangesRequested))
            .order((pilot_members::pilot_id, funding_requests::id))
            .limit(MOST + 1)
            .select((
                funding_requests::id,
                funding_requests::reference,
                (pilots::title_bn, pilots::title_en),
                funding_requests::updated_at,
                funding_requests::change_due_on,
            ))
            .load(connection)?;
        let words = ("Change the request as the fund officer asked", "তহবিল কর্মকর্তার চাওয়া অনুযায়ী আবেদন সংশোধন করুন");
        Ok(rows.into_iter().map(|row| task(row, TaskKind::Changes, words)).collect())
    }
}

/// Agreements that wait for a signature: of the pilot's owner, or of a fund officer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgreementsToSign {
    /// Of the owner, once the tranches are planned.
    ByOwner,
    /// Of a fund officer, who plans the tranches first.
    ByOfficer,
}

const SIGN: (&str, &str) = ("Sign the agreement on an award", "অনুদানের চুক্তিতে স্বাক্ষর করুন");
const PLAN: (&str, &str) = ("Plan the tranches of an award and sign", "অনুদানের কিস্তি পরিকল্পনা করে স্বাক্ষর করুন");

impl TaskSource for AgreementsToSign {
    fn roles(&self) -> &'static [Role] {
        match self {
            Self::ByOwner => &[],
            Self::ByOfficer => &[Role::FundOfficer],
        }
    }

    fn read_by(&self) -> &'static str {
        "get_funding_request"
    }

    fn fetch(&self, connection: &mut DbConnection, viewer: Viewer<'_>) -> Result<Vec<Task>, AppError> {
        let me = viewer.me();
        let (rows, words): (Vec<Row>, _) = match self {
            Self::ByOwner => (
                pilot_members::table
                    .inner_join(pilots::table.on(pilots::id.eq(pilot_members::pilot_id)))
                    .inner_join(funding_requests::table.on(funding_requests::pilot_id.eq(pilots::id)))
                    .inner_join(funding_rounds::table.on(funding_rounds::id.eq(funding_requests::round_id)))
                    .filter(pilot_members::user_id.eq(me))
                    .filter(pilot_members::role.eq(MemberRole::Owner))
                    .filter(funding_requests::status.eq(RequestStatus::Awarded))
                    .filter(funding_rounds::released_at.is_not_null())
                    .filter(funding_requests::owner_signed_by.is_null())
                    .filter(
                        funding_requests::officer_signed_by.is_null().or(funding_requests::officer_signed_by.ne(me)),
                    )
                    .filter(funding_requests::agreement_due_on.ge(viewer.today))
                    .order((pilot_members::pilot_id, funding_requests::id))
                    .limit(MOST + 1)
                    .select((
                        funding_requests::id,
                        funding_requests::reference,
                        (pilots::title_bn, pilots::title_en),
                        funding_rounds::released_at.assume_not_null(),
                        funding_requests::agreement_due_on,
                    ))
                    .load(connection)?,
                SIGN,
            ),
            Self::ByOfficer => (
                funding_requests::table
                    .inner_join(funding_rounds::table)
                    .inner_join(pilots::table)
                    .filter(funding_requests::status.eq(RequestStatus::Awarded))
                    .filter(never_in_team!(me))
                    .filter(funding_rounds::released_at.is_not_null())
                    .filter(funding_requests::officer_signed_by.is_null())
                    .filter(funding_requests::owner_signed_by.is_null().or(funding_requests::owner_signed_by.ne(me)))
                    .filter(funding_requests::agreement_due_on.ge(viewer.today))
                    .order(funding_requests::id)
                    .limit(MOST + 1)
                    .select((
                        funding_requests::id,
                        funding_requests::reference,
                        (pilots::title_bn, pilots::title_en),
                        funding_rounds::released_at.assume_not_null(),
                        funding_requests::agreement_due_on,
                    ))
                    .load(connection)?,
                PLAN,
            ),
        };
        Ok(rows.into_iter().map(|row| task(row, TaskKind::Agreement, words)).collect())
    }
}
