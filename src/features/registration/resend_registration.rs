//! The letter of a registration once more; the token of the earlier one is void then.

use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    letters::order,
    register::{LetterOrderedView, ordered},
    store::{Order, RegistrationRow},
};
use crate::{
    features::identity::fold_email,
    platform::web::{Answer, Body, Call},
};

/// Whose letter.
#[derive(Clone, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "rahima@dls.gov.bd"}))]
pub struct AddressRequest {
    /// The address.
    #[schema(min_length = 3, max_length = 254)]
    pub email: String,
}

/// Send the letter of a registration again.
///
/// The answer is the same whether or not there is a registration. The tokens of earlier letters are void.
#[utoipa::path(post, path = "/v1/auth/registrations/resend", tag = "Identity", request_body = AddressRequest,
    responses((status = 202, description = "Taken; look into the mailbox.", body = LetterOrderedView)))]
pub async fn resend_registration(call: Call, body: Body) -> Answer {
    let request: AddressRequest = body.read(&call).await?;
    let email = fold_email(&request.email);
    call.write(move |tx| {
        let letter = tx.new_id();
        order(tx, &email, &Order::Resend { letter, email: email.clone() })?;
        tx.audit::<RegistrationRow>("account_letter", letter.as_str(), None, None)?;
        ordered()
    })
    .await
}
