//! Service accounts: programs that act for a person by API keys. What a key does counts as done by the owner, so that
//! the rules of separation see one person; its scopes only narrow down what the owner may do. Only the owner makes keys:
//! an administrator who could would act in someone else's name.

mod access;
mod content;
mod create_api_key;
mod create_service_account;
mod get_service_account;
mod get_service_account_actions;
mod list_api_keys;
mod list_service_accounts;
mod revoke_api_key;
mod rows;
mod status;
mod transition_service_account;
mod update_service_account;
mod view;

pub use status::LIFECYCLE as SERVICE_ACCOUNT_LIFECYCLE;

use crate::platform::web::{Operation, operations};

/// `/v1/service-accounts`.
pub fn operations() -> Vec<Operation> {
    operations! {
        list_service_accounts: list_service_accounts;
        create_service_account: create_service_account;
        get_service_account: get_service_account;
        get_service_account_actions: get_service_account_actions;
        update_service_account: update_service_account;
        transition_service_account: transition_service_account;
        list_api_keys: list_api_keys;
        create_api_key: create_api_key;
        revoke_api_key: revoke_api_key;
    }
}
