//! Who may register here, for a form that says so before it is filled in.

use serde::Serialize;
use utoipa::ToSchema;

use crate::platform::web::{Answer, Call, Reply};

/// Who may register.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"is_open": true, "domains": ["gov.bd"]}))]
pub struct RegistrationRulesView {
    /// Whether anyone may; otherwise administrators make all accounts.
    pub is_open: bool,
    /// Domains of mail addresses whose people may, with all domains below them.
    #[schema(max_items = 200)]
    pub domains: Vec<String>,
}

/// Read who may register.
///
/// The domains of mail addresses that `register` takes, as they are configured here.
#[utoipa::path(get, path = "/v1/auth/registrations", tag = "Identity",
    responses((status = 200, description = "Who may register.", body = RegistrationRulesView)))]
pub async fn get_registration_rules(call: Call) -> Answer {
    let domains = call.state.accounts.registration_domains.clone();
    let view = RegistrationRulesView { is_open: !domains.is_empty(), domains };
    call.read(move |_, _| Reply::ok(&view)).await
}
