//! Whether the caller has a second factor, and how many recovery codes are left.

use serde::Serialize;
use utoipa::ToSchema;

use super::{recovery_codes, store};
use crate::platform::{
    clock::Timestamp,
    text_enum::text_enum,
    web::{Answer, Call, Reply},
};

text_enum! {
    /// How a second factor stands.
    SecondFactorStatus {
        /// There is none.
        Off = "off",
        /// It was begun and waits for its first code.
        Pending = "pending",
        /// A login needs it.
        On = "on",
    }
}

/// The caller's second factor.
#[derive(Serialize, ToSchema)]
pub struct SecondFactorView {
    /// How it stands.
    pub status: SecondFactorStatus,
    /// Whether the caller can do nothing else before it is on.
    pub is_required: bool,
    /// Since when it is on.
    pub confirmed_at: Option<Timestamp>,
    /// Recovery codes that were not used yet.
    #[schema(minimum = 0, maximum = 10)]
    pub recovery_codes_left: i64,
}

/// Read one's own second factor.
///
/// Whether it is on, and how many recovery codes are left.
#[utoipa::path(get, path = "/v1/me/second-factor", tag = "Identity",
    responses((status = 200, description = "How it stands.", body = SecondFactorView)))]
pub async fn get_second_factor(call: Call) -> Answer {
    let actor = call.user()?.clone();
    call.read(move |connection, context| {
        let row = store::find(connection, actor.user_id)?;
        let confirmed_at = row.as_ref().and_then(|row| row.confirmed_at);
        let status = match (&row, confirmed_at) {
            (None, _) => SecondFactorStatus::Off,
            (Some(_), None) => SecondFactorStatus::Pending,
            (Some(_), Some(_)) => SecondFactorStatus::On,
        };
        Reply::ok(&SecondFactorView {
            status,
            is_required: context.state.accounts.lacks_second_factor(actor.roles, false),
            confirmed_at,
            recovery_codes_left: recovery_codes::left(connection, actor.user_id)?,
        })
    })
    .await
}
