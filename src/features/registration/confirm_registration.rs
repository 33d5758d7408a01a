//! The token of the letter and a password make the account. Until then nobody can log in with it, be found in it, or be
//! taken into a team.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::store::{self, Purpose, RegistrationRow};
use crate::{
    features::identity::{NewAccount, create_account},
    platform::{
        auth::{Role, weaknesses},
        error::{AppError, ErrorCode},
        ids::UserId,
        text::TitleInput,
        web::{Answer, Body, Call, Reply},
    },
};

/// The token of a letter, and the password that is to be.
#[derive(Clone, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "token": "q7Vx0m1cVxJkqj0cHh3nUuG1bq0k0aGQ3r0m8k2m2dE", "password": "seven boats carry mangoes north"
}))]
pub struct TokenAndPasswordRequest {
    /// As it stands in the letter.
    #[schema(min_length = 1, max_length = 200)]
    pub token: String,
    /// At least 10 characters, and not easy to guess.
    #[schema(min_length = 1, max_length = 1000)]
    pub password: String,
}

/// The new account.
#[derive(Serialize, ToSchema)]
pub struct RegisteredView {
    /// Its identifier.
    pub id: UserId,
    /// The login.
    #[schema(format = "email", max_length = 254)]
    pub email: String,
}

/// Confirm a registration.
///
/// Makes the account, with the role `innovator`. The token is good once, for 24 hours; a password that is refused does
/// not use it up. Log in next.
#[utoipa::path(post, path = "/v1/auth/registrations/confirm", tag = "Identity",
    request_body = TokenAndPasswordRequest,
    responses((status = 200, description = "There is an account now.", body = RegisteredView)))]
pub async fn confirm_registration(call: Call, body: Body) -> Answer {
    let request: TokenAndPasswordRequest = body.read(&call).await?;
    let (token, now) = (request.token.clone(), call.now());
    let row = call
        .look(move |connection, _| {
            let letter = store::open(connection, &token, Purpose::Registration, now)?;
            match letter.registration_id {
                Some(id) => store::find(connection, id)?.ok_or_else(invalid),
                None => Err(invalid()),
            }
        })
        .await?;
    let errors = weaknesses("/password", &request.password, &own_words(&row));
    if !errors.is_empty() {
        return Err(AppError::validation(errors));
    }
    let password_hash = call.state.passwords.hash(request.password).await?;
    call.write(move |tx| {
        let letter = store::open(tx.conn, &request.token, Purpose::Registration, tx.now)?;
        if letter.registration_id != Some(row.id) {
            return Err(invalid());
        }
        store::use_up(tx.conn, letter.id, tx.now)?;
        store::forget(tx.conn, &row.email)?;
        let designation = TitleInput { bn: row.designation_bn.clone(), en: row.designation_en.clone() };
        let new = NewAccount {
            email: row.email.clone(),
            name: TitleInput { bn: row.name_bn.clone(), en: row.name_en.clone() },
            designation: (designation.bn.is_some() || designation.en.is_some()).then_some(designation),
            organisation_id: row.organisation_id,
            language: row.language,
            roles: vec![Role::Innovator],
            password_hash: password_hash.clone(),
            must_change_password: false,
        };
        let id: UserId = tx.new_id();
        let account = create_account(tx.conn, id, new, tx.now)?;
        tx.audit("user", id.as_str(), None, Some(&account))?;
        Ok(Reply::ok(&RegisteredView { id, email: account.user.email })?.secret())
    })
    .await
}

fn invalid() -> AppError {
    AppError::new(ErrorCode::MailTokenInvalid)
}

fn own_words(row: &RegistrationRow) -> Vec<&str> {
    let names = [row.name_bn.as_deref(), row.name_en.as_deref()].into_iter().flatten();
    names.flat_map(str::split_whitespace).chain(row.email.split('@').next()).chain([row.email.as_str()]).collect()
}
