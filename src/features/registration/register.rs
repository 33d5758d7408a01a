//! Asking for an account. The password is chosen later, by whoever has the letter: a password given here could be that
//! of a stranger who wants an account in someone else's name.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    address::permitted,
    letters::order,
    store::{self, LIFE, Order, RegistrationRow},
};
use crate::{
    features::identity::check_organisation,
    platform::{
        error::AppError,
        ids::OrganisationId,
        text::{Language, TitleInput, columns},
        web::{Answer, Body, Call, Reply, body::some_language},
    },
};

/// Who asks for an account.
#[derive(Clone, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "email": "rahima@dls.gov.bd", "name": {"bn": "রহিমা খাতুন", "en": "Rahima Khatun"},
    "designation": {"en": "Upazila Livestock Officer"}, "organisation_id": null, "language": "bn"
}))]
pub struct RegisterRequest {
    /// The address of one's office. Blanks around it do not matter, so it is not of the format `email`.
    #[schema(min_length = 3, max_length = 254)]
    pub email: String,
    /// What people call them.
    #[validate(custom(function = some_language))]
    pub name: TitleInput,
    /// Their post.
    #[validate(custom(function = some_language))]
    pub designation: Option<TitleInput>,
    /// Where they work.
    pub organisation_id: Option<OrganisationId>,
    /// The language they prefer, also for the letter.
    pub language: Language,
}

/// That the request was taken. It is the same whether or not the address has an account.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"token_valid_seconds": 86400}))]
pub struct LetterOrderedView {
    /// For how long the token in the letter will be good, if there is to be one.
    #[schema(minimum = 0, maximum = 86400)]
    pub token_valid_seconds: i64,
}

/// 202 for a letter that may be written.
///
/// # Errors
/// When the view cannot be written as JSON: a fault of ours.
pub fn ordered() -> Result<Reply, AppError> {
    let view = LetterOrderedView { token_valid_seconds: LIFE.num_seconds() };
    Ok(Reply { status: 202, ..Reply::ok(&view)?.secret() })
}

/// Register.
///
/// For civil servants with an address of an allowed domain, see `get_registration_rules`. A letter with a token goes to
/// the address; `confirm_registration` takes it together with a password. An address that has an account already gets
/// a letter that says so, and the same answer here. At most five letters an hour go to one address.
#[utoipa::path(post, path = "/v1/auth/registrations", tag = "Identity", request_body = RegisterRequest,
    responses((status = 202, description = "Taken; look into the mailbox.", body = LetterOrderedView)))]
pub async fn register(call: Call, body: Body) -> Answer {
    let request: RegisterRequest = body.read(&call).await?;
    let email = permitted(&request.email, &call.state.accounts.registration_domains)
        .map_err(|error| AppError::validation(vec![error]))?;
    call.write(move |tx| {
        check_organisation(tx.conn, request.organisation_id)?;
        let (designation_bn, designation_en) = columns(request.designation.as_ref());
        let row = RegistrationRow {
            id: tx.new_id(),
            email: email.clone(),
            name_bn: request.name.bn.clone(),
            name_en: request.name.en.clone(),
            designation_bn,
            designation_en,
            organisation_id: request.organisation_id,
            language: request.language,
            created_at: tx.now,
        };
        store::insert(tx.conn, &row)?;
        let letter = tx.new_id();
        order(tx, &email, &Order::Registration { letter, registration: row.id })?;
        tx.audit("registration", row.id.as_str(), None, Some(&row))?;
        ordered()
    })
    .await
}
