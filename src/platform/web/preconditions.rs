//! `If-Match` and `If-None-Match`: the version of a record in the form of an entity tag.

use actix_web::http::header::HeaderValue;

use crate::platform::{
    error::{AppError, ErrorCode, FieldError, Place},
    text::Bilingual,
};

/// The entity tag of a version.
pub fn etag(version: i64) -> String {
    format!("\"{version}\"")
}

/// The tags of an `If-Match` or `If-None-Match` header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tags {
    /// `*`.
    Any,
    /// These; a weak tag counts as the strong one, since a version is exact.
    These(Vec<String>),
}

impl Tags {
    /// Reads a header. What is no tag matches nothing.
    pub fn parse(header: &str) -> Self {
        if header.trim() == "*" {
            return Self::Any;
        }
        Self::These(header.split(',').map(|tag| tag.trim().trim_start_matches("W/").to_owned()).collect())
    }

    /// Reads an `If-Match`, which says what is meant to be changed: something that is no tag is a mistake to be told of, not
    /// a version that nothing has.
    ///
    /// # Errors
    /// `InvalidParameters` saying how it is written.
    pub fn precondition(header: &HeaderValue) -> Result<Self, AppError> {
        let is_tag = |tag: &str| {
            let tag = tag.trim();
            let strong = tag.strip_prefix("W/").unwrap_or(tag);
            let inside = strong.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
            inside.is_some_and(|inside| !inside.contains('"'))
        };
        match header.to_str() {
            Ok(text) if text.trim() == "*" || text.split(',').all(is_tag) => Ok(Self::parse(text)),
            _ => Err(AppError::parameters(vec![FieldError::new(
                Place::Header("If-Match"),
                "pattern",
                Bilingual::new(
                    "Write the version in double quotes, as it stands in `ETag`: `If-Match: \"1\"`; or `*`.",
                    "`ETag` হেডারে যেমন আছে, সংস্করণটি তেমনই উদ্ধৃতিচিহ্নে লিখুন: `If-Match: \"1\"`; অথবা `*`।",
                ),
            )])),
        }
    }

    /// Whether the present tag is among them.
    pub fn matches(&self, etag: &str) -> bool {
        match self {
            Self::Any => true,
            Self::These(tags) => tags.iter().any(|tag| tag == etag),
        }
    }
}

/// Lets a change through only when it names the present version.
///
/// # Errors
/// `IfMatchRequired` without a header, `VersionMismatch` for another version.
pub fn check_version(if_match: Option<&Tags>, present: i64) -> Result<(), AppError> {
    match if_match {
        None => Err(AppError::new(ErrorCode::IfMatchRequired)),
        Some(tags) if tags.matches(&etag(present)) => Ok(()),
        Some(_) => Err(AppError::new(ErrorCode::VersionMismatch).detail(
            format!("The record is at version {present} now."),
            format!("রেকর্ডটি এখন {present} নম্বর সংস্করণে আছে।"),
        )),
    }
}

/// Lets a request through only if it names one version: for what moves money any of several is no answer.
///
/// # Errors
/// `IfMatchRequired` without a header, `InvalidParameters` for `*` and for a list.
pub fn check_exact(if_match: Option<&Tags>) -> Result<(), AppError> {
    match if_match {
        None => Err(AppError::new(ErrorCode::IfMatchRequired)),
        Some(Tags::These(tags)) if tags.len() == 1 => Ok(()),
        Some(Tags::These(_) | Tags::Any) => Err(AppError::parameters(vec![FieldError::new(
            Place::Header("If-Match"),
            "exact_version_required",
            Bilingual::new(
                "What moves money names the version it means: `If-Match: \"1\"`.",
                "অর্থ স্থানান্তরে নির্দিষ্ট সংস্করণ উল্লেখ করতে হবে: `If-Match: \"1\"`।",
            ),
        )])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_tags_lists_and_the_star_are_understood() {
        assert!(Tags::parse("W/\"7\"").matches("\"7\""));
        assert!(Tags::parse("\"6\", \"7\"").matches("\"7\""));
        assert!(Tags::parse("*").matches("\"7\""));
        assert!(!Tags::parse("7").matches("\"7\""));
        assert!(!Tags::parse("\"70\"").matches("\"7\""));
    }

    #[test]
    fn what_is_no_tag_is_a_mistake_and_not_a_version() {
        let read = |text: &'static str| Tags::precondition(&HeaderValue::from_static(text));
        for text in ["1", "\"1", "1\"", "\"1\", 2", "", "W/1", "\"a\"b\"", "latest"] {
            assert!(read(text).is_err_and(|error| error.code == ErrorCode::InvalidParameters), "{text}");
        }
        for text in ["\"1\"", "W/\"1\"", "*", " * ", "\"1\" , \"2\""] {
            assert!(read(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn absent_and_stale_are_told_apart() {
        assert!(check_version(None, 7).is_err_and(|error| error.code == ErrorCode::IfMatchRequired));
        assert!(
            check_version(Some(&Tags::parse("\"6\"")), 7).is_err_and(|error| error.code == ErrorCode::VersionMismatch)
        );
    }
}
