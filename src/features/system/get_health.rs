//! Whether the process lives; nothing else is asked.

use serde::Serialize;
use utoipa::ToSchema;

use crate::platform::web::{Answer, Call, Reply};

/// That the process lives.
#[derive(Serialize, ToSchema)]
pub struct HealthView {
    /// Always `ok`.
    #[schema(max_length = 20, example = "ok")]
    pub status: String,
}

/// Tell whether the process lives.
///
/// Asks nothing of the database, so that a slow database does not get the process restarted.
#[utoipa::path(get, path = "/healthz", tag = "System", responses((status = 200, description = "It lives.", body = HealthView)))]
pub async fn get_health(_call: Call) -> Answer {
    Ok(Reply::ok(&HealthView { status: "ok".into() })?.secret().into_response(None))
}
