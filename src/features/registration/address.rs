//! Which addresses may register. One person is to have one account, since the rules of separation count people: so
//! there is one spelling of an address, and none with a `+` that leads to the same mailbox.

use crate::{
    features::identity::fold_email,
    platform::{
        error::{ErrorParams, FieldError, Place},
        text::Bilingual,
    },
};

/// The one spelling of an address that may register.
///
/// # Errors
/// At `/email`: `format`, `subaddress`, `domain_not_allowed`.
pub fn permitted(email: &str, domains: &[String]) -> Result<String, FieldError> {
    let folded = fold_email(email);
    let malformed = || {
        FieldError::body(
            "/email",
            "format",
            "This is not an address like name@office.gov.bd, in plain letters.",
            "এটি `name@office.gov.bd` এর মতো সাধারণ অক্ষরের ঠিকানা নয়।",
        )
    };
    let (local, domain) = folded.split_once('@').ok_or_else(malformed)?;
    if local.contains('+') {
        return Err(FieldError::body(
            "/email",
            "subaddress",
            "Give the address without the part after +.",
            "+ চিহ্নের পরের অংশ ছাড়া ঠিকানা দিন।",
        ));
    }
    if !is_local_part(local) || !is_domain(domain) {
        return Err(malformed());
    }
    let below = |allowed: &String| {
        domain == allowed || domain.strip_suffix(allowed.as_str()).is_some_and(|rest| rest.ends_with('.'))
    };
    if domains.iter().any(below) {
        return Ok(folded);
    }
    if domains.is_empty() {
        return Err(FieldError::body(
            "/email",
            "domain_not_allowed",
            "Nobody registers here; an administrator makes accounts.",
            "এখানে নিজে নিবন্ধন করা যায় না; প্রশাসক অ্যাকাউন্ট তৈরি করেন।",
        ));
    }
    let list = domains.join(", ");
    let detail = Bilingual::new(
        format!("Register with the address of your office, which ends in: {list}."),
        format!("আপনার অফিসের ইমেইল ঠিকানা দিয়ে নিবন্ধন করুন, যার শেষাংশ: {list}।"),
    );
    let error = FieldError::new(Place::Body("/email".to_owned()), "domain_not_allowed", detail);
    Err(error.with(ErrorParams::allowed(domains)))
}

/// ASCII only: what looks like another letter is another address.
fn is_local_part(local: &str) -> bool {
    (1..=64).contains(&local.len())
        && local.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-'".contains(&byte))
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
}

fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    domain.len() <= 189 && domain.contains('.') && domain.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(email: &str) -> Result<String, &'static str> {
        permitted(email, &["gov.bd".to_owned(), "a2i.example".to_owned()]).map_err(|error| error.code)
    }

    #[test]
    fn the_domain_and_those_below_it_are_permitted() {
        for email in
            ["rahima@gov.bd", "rahima@dls.gov.bd", " Rahima.K@DLS.Gov.BD ", "x@b.c.gov.bd", "o'hara@a2i.example"]
        {
            assert_eq!(judged(email), Ok(fold_email(email)), "{email}");
        }
    }

    #[test]
    fn what_only_looks_like_it_is_not() {
        for (email, code) in [
            ("x@evilgov.bd", "domain_not_allowed"),
            ("x@gov.bd.evil.com", "domain_not_allowed"),
            ("x@bd", "format"),
            ("x@.gov.bd", "format"),
            ("x@gov.bd.", "format"),
            ("x@evil.com@gov.bd", "format"),
            ("\"x@gov.bd\"@evil.com", "format"),
            ("x@gоv.bd", "format"),
            ("x@ｇｏｖ.bd", "format"),
            ("x@gov。bd", "format"),
            ("x@gov.bd\u{200b}", "format"),
            ("x@-.gov.bd", "format"),
            ("х@gov.bd", "format"),
            ("x+y@gov.bd", "subaddress"),
            ("x y@gov.bd", "format"),
            ("x@gov.bd\r\nBcc: y@evil.com", "format"),
            ("x@gov.bd,y@evil.com", "format"),
            ("@gov.bd", "format"),
            ("gov.bd", "format"),
            ("x..y@gov.bd", "format"),
            ("x@xn--gv-fka.bd", "domain_not_allowed"),
        ] {
            assert_eq!(judged(email), Err(code), "{email}");
        }
    }

    #[test]
    fn no_domain_is_no_registration() {
        assert!(permitted("x@gov.bd", &[]).is_err());
    }
}
