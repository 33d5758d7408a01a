//! What the letters say, in the language of whoever gets them. Plain text: nothing in it is ever run or loaded.

use super::store::{LetterRow, Purpose};
use crate::platform::{
    mail::{Letter, plain_text},
    text::Language,
};

/// The letter, ready to be sent. `token` stands in the part of the link that browsers keep to themselves.
pub fn letter(row: &LetterRow, language: Language, name: &str, token: &str, public_url: &str) -> Letter {
    let name = plain_text(name);
    let link = |page: &str| format!("{public_url}/{page}#token={token}");
    let (subject, text) = match (row.purpose, language) {
        (Purpose::Registration, Language::En) => (
            "Confirm your registration",
            format!(
                "Dear colleague,\n\nsomeone, probably you, asked for an account with Innovation Pilots for this address.\n\n\
                 Open this page within 24 hours and choose a password:\n\n{}\n\nOr enter this code there:\n\n{token}\n\n\
                 If it was not you, do nothing: without this letter there is no account.\n",
                link("registration")
            ),
        ),
        (Purpose::Registration, Language::Bn) => (
            "আপনার নিবন্ধন নিশ্চিত করুন",
            format!(
                "প্রিয় সহকর্মী,\n\nএই ঠিকানার জন্য ইনোভেশন পাইলটস-এ একটি অ্যাকাউন্টের অনুরোধ এসেছে, সম্ভবত আপনার কাছ থেকে।\n\n\
                 ২৪ ঘণ্টার মধ্যে এই পাতা খুলে একটি পাসওয়ার্ড ঠিক করুন:\n\n{}\n\nঅথবা সেখানে এই কোডটি দিন:\n\n{token}\n\n\
                 অনুরোধটি আপনার না হলে কিছু করতে হবে না: এই চিঠি ছাড়া কোনো অ্যাকাউন্ট তৈরি হয় না।\n",
                link("registration")
            ),
        ),
        (Purpose::PasswordReset, Language::En) => (
            "Set a new password",
            format!(
                "Dear {name},\n\nsomeone, probably you, asked for a new password for your account with Innovation \
                 Pilots.\n\nOpen this page within 24 hours and choose one:\n\n{}\n\nOr enter this code there:\n\n{token}\n\n\
                 All your sessions end then. If it was not you, do nothing: your password stays as it is.\n",
                link("password-reset")
            ),
        ),
        (Purpose::PasswordReset, Language::Bn) => (
            "নতুন পাসওয়ার্ড ঠিক করুন",
            format!(
                "প্রিয় {name},\n\nইনোভেশন পাইলটস-এ আপনার অ্যাকাউন্টের জন্য নতুন পাসওয়ার্ডের অনুরোধ এসেছে, সম্ভবত আপনার কাছ থেকে।\n\n\
                 ২৪ ঘণ্টার মধ্যে এই পাতা খুলে একটি পাসওয়ার্ড ঠিক করুন:\n\n{}\n\nঅথবা সেখানে এই কোডটি দিন:\n\n{token}\n\n\
                 তখন আপনার সব সেশন শেষ হবে। অনুরোধটি আপনার না হলে কিছু করতে হবে না: পাসওয়ার্ড আগের মতোই থাকবে।\n",
                link("password-reset")
            ),
        ),
        (Purpose::Notice, Language::En) => (
            "You have an account already",
            format!(
                "Dear {name},\n\nsomeone, probably you, tried to register this address with Innovation Pilots. It has an \
                 account already.\n\nIf you have forgotten your password, ask for a new one:\n\n{public_url}/password-reset\n\n\
                 If it was not you, do nothing.\n"
            ),
        ),
        (Purpose::Notice, Language::Bn) => (
            "আপনার অ্যাকাউন্ট আগে থেকেই আছে",
            format!(
                "প্রিয় {name},\n\nএই ঠিকানা দিয়ে ইনোভেশন পাইলটস-এ নিবন্ধনের চেষ্টা হয়েছে, সম্ভবত আপনিই করেছেন। ঠিকানাটির একটি \
                 অ্যাকাউন্ট আগে থেকেই আছে।\n\nপাসওয়ার্ড ভুলে গেলে নতুন একটি চেয়ে নিন:\n\n{public_url}/password-reset\n\n\
                 চেষ্টাটি আপনার না হলে কিছু করতে হবে না।\n"
            ),
        ),
    };
    Letter { id: row.id.to_string(), to: row.email.clone(), subject: subject.to_owned(), text, at: row.created_at }
}

/// A name that cannot be read as an address of something, in one line. A letter to an address that is not proven yet has
/// no name at all: whoever registers a stranger's mailbox chooses it.
pub fn plain_name(name: &str) -> String {
    let mut plain = String::new();
    let mut letters = name.chars().take(80).peekable();
    while let Some(letter) = letters.next() {
        let is_mark = matches!(u32::from(letter), 0x0980..=0x09ff | 0x200c | 0x200d);
        let ends_a_word = letter == '.' && letters.peek().is_none_or(|next| next.is_whitespace());
        if letter.is_alphabetic() || is_mark || matches!(letter, ' ' | '-' | '\'') || ends_a_word {
            plain.push(letter);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_a_letter_is_a_name() {
        assert_eq!(plain_name("মোঃ রহিম উদ্দিন"), "মোঃ রহিম উদ্দিন");
        assert_eq!(plain_name("Md. Rahim O'Hara-Khan"), "Md. Rahim O'Hara-Khan");
        assert_eq!(plain_name("win at https://evil.example/x\nnow"), "win at httpsevilexamplexnow");
    }
}
