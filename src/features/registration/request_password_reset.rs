//! Asking for a new password. Nothing changes until the token of the letter comes back.

use super::{
    letters::order,
    register::{LetterOrderedView, ordered},
    resend_registration::AddressRequest,
    store::{Order, RegistrationRow},
};
use crate::{
    features::identity::fold_email,
    platform::web::{Answer, Body, Call},
};

/// Ask for a new password.
///
/// A letter with a token goes to the address if it has an active account; the answer is the same if not. The tokens of
/// earlier letters are void. At most five letters an hour go to one address.
#[utoipa::path(post, path = "/v1/auth/password-resets", tag = "Identity", request_body = AddressRequest,
    responses((status = 202, description = "Taken; look into the mailbox.", body = LetterOrderedView)))]
pub async fn request_password_reset(call: Call, body: Body) -> Answer {
    let request: AddressRequest = body.read(&call).await?;
    let email = fold_email(&request.email);
    call.write(move |tx| {
        let letter = tx.new_id();
        order(tx, &email, &Order::PasswordReset { letter, email: email.clone() })?;
        tx.audit::<RegistrationRow>("account_letter", letter.as_str(), None, None)?;
        ordered()
    })
    .await
}
