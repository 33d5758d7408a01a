//! Letters that tell the holder of an account what was done to its security: if it was someone else, this is how they find
//! out. Bangla first, English below, whatever language they prefer: it has to be understood. No token and no secret is in
//! them, and of the holder nothing but the name.

use serde::{Deserialize, Serialize};

use super::{
    letters::enqueue_order,
    store::{LetterId, Order},
    texts::plain_name,
};
use crate::{
    features::identity::rows::UserRow,
    platform::{clock::Timestamp, db::DbConnection, error::AppError, ids::UserId, mail::Letter, text_enum::text_enum},
};

text_enum! {
    /// What was done.
    AccountEvent {
        /// The holder changed the password.
        PasswordChanged = "password_changed",
        /// The password was set by the token of a letter.
        PasswordReset = "password_reset",
        /// An administrator set a password.
        PasswordSetByAdmin = "password_set_by_admin",
        /// The second factor was switched on.
        SecondFactorOn = "second_factor_on",
        /// It was switched off.
        SecondFactorOff = "second_factor_off",
        /// An administrator switched it off.
        SecondFactorReset = "second_factor_reset",
        /// There are new recovery codes.
        RecoveryCodesRenewed = "recovery_codes_renewed",
    }
}

/// What waits in the outbox.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Happened {
    /// The letter that it is to become.
    pub letter: LetterId,
    /// Whose account.
    pub user: UserId,
    /// The address of the account at that moment.
    pub email: String,
    /// What.
    pub event: AccountEvent,
    /// When, in milliseconds since 1970.
    pub at: i64,
}

/// Queues the letter, in the transaction of what it tells of.
///
/// # Errors
/// Those of the database.
pub fn tell_holder(
    connection: &mut DbConnection,
    letter: LetterId,
    user: &UserRow,
    event: AccountEvent,
    at: Timestamp,
) -> Result<(), AppError> {
    let happened = Happened { letter, user: user.id, email: user.email.clone(), event, at: at.millis() };
    enqueue_order(connection, at, &user.email, &Order::Happened(happened))
}

/// The letter, ready to be sent.
pub fn letter(happened: &Happened, user: &UserRow, public_url: &str) -> Letter {
    let (bn, en) = sentences(happened.event);
    let name = |first: &Option<String>, second: &Option<String>| {
        plain_name(first.as_deref().or(second.as_deref()).unwrap_or_default())
    };
    let at = Timestamp::from_millis(happened.at);
    let (name_bn, name_en) = (name(&user.name_bn, &user.name_en), name(&user.name_en, &user.name_bn));
    let text = format!(
        "প্রিয় {name_bn},\n\n{bn}\n\nসময়: {at} (UTC)\n\nকাজটি আপনার হলে কিছু করতে হবে না। আপনার না হলে এখনই নতুন পাসওয়ার্ড চেয়ে নিন \
         এবং প্রশাসককে জানান:\n\n{public_url}/password-reset\n\n----\n\n\
         Dear {name_en},\n\n{en}\n\nTime: {at} (UTC)\n\nIf it was you, there is nothing to do. If it was not, ask for a new \
         password at once and tell an administrator:\n\n{public_url}/password-reset\n",
    );
    let subject = "আপনার অ্যাকাউন্টের নিরাপত্তা / Security of your account".to_owned();
    Letter { id: happened.letter.to_string(), to: happened.email.clone(), subject, text, at }
}

const fn sentences(event: AccountEvent) -> (&'static str, &'static str) {
    match event {
        AccountEvent::PasswordChanged => (
            "ইনোভেশন পাইলটস-এ আপনার পাসওয়ার্ড পরিবর্তন করা হয়েছে। অন্য সব সেশন শেষ হয়েছে।",
            "your password for Innovation Pilots was changed. All other sessions have ended.",
        ),
        AccountEvent::PasswordReset => (
            "ইমেইলে পাঠানো কোড দিয়ে ইনোভেশন পাইলটস-এ আপনার নতুন পাসওয়ার্ড ঠিক করা হয়েছে। সব সেশন শেষ হয়েছে।",
            "a new password for Innovation Pilots was set with the code of a letter. All sessions have ended.",
        ),
        AccountEvent::PasswordSetByAdmin => (
            "একজন প্রশাসক ইনোভেশন পাইলটস-এ আপনার জন্য অস্থায়ী পাসওয়ার্ড ঠিক করেছেন। সব সেশন শেষ হয়েছে।",
            "an administrator set a temporary password for your account with Innovation Pilots. All sessions have ended.",
        ),
        AccountEvent::SecondFactorOn => (
            "ইনোভেশন পাইলটস-এ আপনার অ্যাকাউন্টে দ্বিতীয় ধাপের যাচাই চালু করা হয়েছে।",
            "the second factor of your account with Innovation Pilots was switched on.",
        ),
        AccountEvent::SecondFactorOff => (
            "ইনোভেশন পাইলটস-এ আপনার অ্যাকাউন্টে দ্বিতীয় ধাপের যাচাই বন্ধ করা হয়েছে।",
            "the second factor of your account with Innovation Pilots was switched off.",
        ),
        AccountEvent::SecondFactorReset => (
            "একজন প্রশাসক ইনোভেশন পাইলটস-এ আপনার অ্যাকাউন্টের দ্বিতীয় ধাপের যাচাই বন্ধ করেছেন। সব সেশন শেষ হয়েছে।",
            "an administrator switched off the second factor of your account with Innovation Pilots. All sessions have ended.",
        ),
        AccountEvent::RecoveryCodesRenewed => (
            "ইনোভেশন পাইলটস-এ আপনার অ্যাকাউন্টের নতুন পুনরুদ্ধার কোড তৈরি হয়েছে। আগের কোডগুলো আর চলবে না।",
            "new recovery codes were made for your account with Innovation Pilots. The earlier ones are void.",
        ),
    }
}
