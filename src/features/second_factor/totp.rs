//! Codes of RFC 6238 as every authenticator app makes them: SHA-1, six digits, thirty seconds.

use totp_rs::{Builder, Totp};

use crate::platform::{clock::Timestamp, error::AppError};

/// Bytes of a secret, as RFC 4226 recommends.
pub const SECRET_BYTES: usize = 20;

/// What the app shows above the code.
const ISSUER: &str = "Innovation Pilots";

/// Seconds of a step of time.
const STEP: u64 = 30;

/// The generator of a secret. Codes of the step before and the step after are good too, for clocks that differ.
///
/// # Errors
/// When the secret is none: a fault of ours.
pub fn generator(secret: &[u8], email: &str) -> Result<Totp, AppError> {
    Builder::new()
        .with_secret(secret.to_vec())
        .with_digits(6)
        .with_step_duration(STEP)
        .with_skew(1)
        .with_issuer(Some(ISSUER))
        .with_account_name(email.replace(':', ""))
        .build()
        .map_err(AppError::internal)
}

/// The step of time that a code belongs to, if it is one of `now`.
pub fn step_of(totp: &Totp, code: &str, now: Timestamp) -> Option<i64> {
    let seconds = u64::try_from(now.seconds()).ok()?;
    totp.check(code, seconds).and_then(|step| i64::try_from(step).ok())
}

/// A code as people type it: without spaces and hyphens, in lower case, Bangla digits as well.
pub fn tidy(code: &str) -> String {
    code.chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| match u32::from(c).checked_sub(u32::from('০')).filter(|digit| *digit < 10) {
            Some(digit) => char::from_digit(digit, 10).unwrap_or(c),
            None => c.to_ascii_lowercase(),
        })
        .collect()
}

/// Whether a tidy code can be one of an app.
pub fn is_totp(code: &str) -> bool {
    code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_rfc() {
        // RFC 6238, appendix B, cut to six digits.
        let totp = generator(b"12345678901234567890", "a@b").unwrap();
        let at = |seconds: i64| Timestamp::from_millis(seconds * 1000);
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            assert_eq!(step_of(&totp, code, at(seconds)), Some(seconds / 30), "{code}");
            assert_eq!(step_of(&totp, code, at(seconds + 30)), Some(seconds / 30), "{code}");
            assert_eq!(step_of(&totp, code, at(seconds + 90)), None, "{code}");
        }
    }

    #[test]
    fn codes_are_read_as_people_type_them() {
        assert_eq!(tidy(" ২৮৭ 082 "), "287082");
        assert_eq!(tidy("ABCD-efgh-2345"), "abcdefgh2345");
        assert!(is_totp("287082") && !is_totp("28708a") && !is_totp("2870820"));
    }
}
