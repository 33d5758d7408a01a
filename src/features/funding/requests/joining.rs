//! Who must not join the team of a pilot while it asks for money.

use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, RunQueryDsl, dsl::exists, select};

use super::RequestStatus;
use crate::{
    features::pilots::PilotId,
    platform::{
        auth::Role,
        db::{
            DbConnection,
            schema::{funding_requests, user_roles},
        },
        error::AppError,
        ids::UserId,
    },
};

/// Who handles other people's requests.
const HANDLING: [Role; 4] = [Role::FundOfficer, Role::FundApprover, Role::FinanceOfficer, Role::Reviewer];

/// Whether someone who handles requests would join a pilot with a request under way. Whoever is in a team decides nothing
/// about it, and nobody is asked before they are taken in: so an applicant could take the approvers in, one by one, and
/// leave a whole round undecided, or become the property of a reviewer who has judged already.
///
/// # Errors
/// Those of the database.
pub fn would_be_barred(connection: &mut DbConnection, pilot: PilotId, person: UserId) -> Result<bool, AppError> {
    let under_way = funding_requests::table
        .filter(funding_requests::pilot_id.eq(pilot))
        .filter(funding_requests::status.ne_all(RequestStatus::ALL.iter().filter(|it| it.is_idle())));
    let handles = user_roles::table.filter(user_roles::user_id.eq(person)).filter(user_roles::role.eq_any(HANDLING));
    Ok(select(exists(under_way).and(exists(handles))).get_result(connection)?)
}
