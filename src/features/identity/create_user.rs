//! A new account. Whoever sets its password is not its holder, so the holder has to change it first.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    accounts::{NewAccount, create_account},
    user_changes::{check_organisation, view},
    user_view::{UserView, UserWithPasswordView},
};
use crate::platform::{
    auth::{Role, weaknesses},
    crypto::random_token,
    error::AppError,
    ids::OrganisationId,
    text::{Language, TitleInput},
    web::{Answer, Body, Call, Reply, body::some_language},
};

/// Bytes of randomness in a password that we make up: 16 characters.
pub const TEMPORARY_PASSWORD: usize = 12;

/// Someone who is to get an account.
#[derive(Clone, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "email": "officer@demo.innovation.gov.bd", "name": {"bn": "রহিমা খাতুন", "en": "Rahima Khatun"},
    "designation": {"en": "Programme Officer"}, "organisation_id": null, "language": "bn",
    "roles": ["programme_officer"]
}))]
pub struct CreateUserRequest {
    /// The login; upper and lower case are one.
    #[schema(format = "email", min_length = 3, max_length = 254)]
    pub email: String,
    /// What people call them.
    #[validate(custom(function = some_language))]
    pub name: TitleInput,
    /// Their post.
    #[validate(custom(function = some_language))]
    pub designation: Option<TitleInput>,
    /// Where they work.
    pub organisation_id: Option<OrganisationId>,
    /// The language they prefer.
    pub language: Language,
    /// What they are in the programme.
    #[serde(default)]
    #[schema(max_items = 11)]
    pub roles: Vec<Role>,
    /// A first password; without it one is made up.
    #[schema(min_length = 10, max_length = 1000)]
    pub password: Option<String>,
}

impl CreateUserRequest {
    fn own_words(&self) -> Vec<&str> {
        let names = [self.name.bn.as_deref(), self.name.en.as_deref()].into_iter().flatten();
        names.flat_map(str::split_whitespace).chain(self.email.split('@').next()).chain([self.email.as_str()]).collect()
    }
}

/// Create an account.
///
/// Without `password` one is made up and returned once, as `temporary_password`. Either way it has to be changed at the
/// first login.
#[utoipa::path(post, path = "/v1/users", tag = "Users", request_body = CreateUserRequest,
    responses((status = 201, description = "Created.", body = UserWithPasswordView)))]
pub async fn create_user(call: Call, body: Body) -> Answer {
    let request: CreateUserRequest = body.read(&call).await?;
    let (password, temporary) = match &request.password {
        Some(password) => {
            let errors = weaknesses("/password", password, &request.own_words());
            if !errors.is_empty() {
                return Err(AppError::validation(errors));
            }
            (password.clone(), None)
        }
        None => {
            let made = random_token(TEMPORARY_PASSWORD)?;
            (made.clone(), Some(made))
        }
    };
    let password_hash = call.state.passwords.hash(password).await?;
    call.write(move |tx| {
        check_organisation(tx.conn, request.organisation_id)?;
        let request = request.clone();
        let new = NewAccount {
            email: request.email,
            name: request.name,
            designation: request.designation,
            organisation_id: request.organisation_id,
            language: request.language,
            roles: request.roles,
            password_hash: password_hash.clone(),
            must_change_password: true,
        };
        let id = tx.new_id();
        let account = create_account(tx.conn, id, new, tx.now)?;
        tx.audit("user", id.as_str(), None, Some(&account))?;
        let user: UserView = view(tx, account)?;
        let mut answer = UserWithPasswordView { user, temporary_password: temporary.clone() };
        let reply = Reply::created(format!("/v1/users/{id}"), 1, &answer)?;
        answer.temporary_password = None;
        reply.secret_once(&answer)
    })
    .await
}
