//! Whether requests should be sent here: not draining, the database answers, and its tables are those we know.

use serde::Serialize;
use utoipa::ToSchema;

use crate::platform::{
    db::migrations,
    error::{AppError, ErrorCode},
    web::{Answer, Call, Reply},
};

/// That requests are welcome.
#[derive(Serialize, ToSchema)]
pub struct ReadinessView {
    /// Always `ready`.
    #[schema(max_length = 20, example = "ready")]
    pub status: String,
}

/// Tell whether requests should be sent here.
///
/// 503 while the process is stopping, the database does not answer, or its schema is not the one of this program.
#[utoipa::path(get, path = "/readyz", tag = "System", responses((status = 200, description = "It is ready.", body = ReadinessView)))]
pub async fn get_readiness(call: Call) -> Answer {
    if call.state.is_draining() {
        return Err(AppError::new(ErrorCode::ShuttingDown).retry_after(5));
    }
    call.state.db.ping().await?;
    let current = call.look(|connection, _| migrations::is_current(connection)).await?;
    if !current {
        return Err(AppError::new(ErrorCode::DatabaseUnavailable)
            .detail("The database has to be migrated.", "ডেটাবেস হালনাগাদ করতে হবে।")
            .retry_after(5));
    }
    Ok(Reply::ok(&ReadinessView { status: "ready".into() })?.secret().into_response(None))
}
