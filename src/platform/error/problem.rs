//! The problem document of RFC 9457: how an error looks on the wire.

use serde::Serialize;
use utoipa::ToSchema;

use super::{AppError, Place};
use crate::platform::text::Language;

/// Its media type.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// Where the meaning of the codes is written down; a reference, not an address to fetch.
const TYPE_BASE: &str = "https://innovation.gov.bd/problems/";

/// Why a request was refused. `code` is the contract; titles and details follow `Accept-Language`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "type": "https://innovation.gov.bd/problems/validation_failed", "title": "Request is not valid", "status": 422,
    "detail": "1 field is not valid.", "code": "validation_failed", "request_id": "0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e",
    "errors": [{"pointer": "#/title", "parameter": null, "header": null, "code": "required", "detail": "This field is required.",
        "params": {"allowed": [], "minimum": null, "maximum": null}}]
}))]
pub struct Problem {
    /// Identifies the code.
    #[schema(max_length = 200)]
    pub r#type: String,
    /// The code in a few words.
    #[schema(max_length = 200)]
    pub title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// This occurrence in a sentence.
    #[schema(max_length = 2000)]
    pub detail: String,
    /// The word to switch on.
    #[schema(max_length = 60, pattern = "^[a-z0-9_]+$")]
    pub code: String,
    /// Quote this when asking for help.
    #[schema(max_length = 128)]
    pub request_id: String,
    /// Everything that is wrong, at most 50.
    #[schema(max_items = 50)]
    pub errors: Vec<ProblemItem>,
}

/// One thing that is wrong, and where: in the body, a parameter, a header, or (all three null) a condition.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemItem {
    /// A JSON pointer into the request body, as a URI fragment.
    #[schema(required, max_length = 500)]
    pub pointer: Option<String>,
    /// The name of a query parameter.
    #[schema(required, max_length = 200)]
    pub parameter: Option<String>,
    /// The name of a request header.
    #[schema(required, max_length = 100)]
    pub header: Option<String>,
    /// The word to switch on.
    #[schema(max_length = 60)]
    pub code: String,
    /// The same in a sentence.
    #[schema(max_length = 2000)]
    pub detail: String,
    /// What would do.
    pub params: ErrorParams,
}

/// What would do instead, for programs; empty and null where it is not a matter of that.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ErrorParams {
    /// Each value that would do.
    #[schema(max_items = 200, example = json!(["created_at", "-created_at"]))]
    pub allowed: Vec<String>,
    /// The least: a number, a length, a day or an instant.
    #[schema(required, max_length = 60)]
    pub minimum: Option<String>,
    /// The most.
    #[schema(required, max_length = 60, example = "2028-07-01")]
    pub maximum: Option<String>,
}

impl ErrorParams {
    /// One of these.
    pub fn allowed<T: ToString>(values: impl IntoIterator<Item = T>) -> Self {
        Self { allowed: values.into_iter().take(200).map(|value| value.to_string()).collect(), ..Self::default() }
    }

    /// Not less than this.
    pub fn minimum(limit: impl ToString) -> Self {
        Self { minimum: Some(limit.to_string()), ..Self::default() }
    }

    /// Not more than this.
    pub fn maximum(limit: impl ToString) -> Self {
        Self { maximum: Some(limit.to_string()), ..Self::default() }
    }
}

impl Problem {
    /// The document for an error.
    pub fn new(error: &AppError, request_id: &str, language: Language) -> Self {
        let title = match language {
            Language::Bn => error.code.title_bn(),
            Language::En => error.code.title_en(),
        };
        let errors = error.errors.iter().map(|item| {
            let (pointer, parameter, header) = match &item.place {
                Place::Body(pointer) => (Some(shorten(format!("#{pointer}"), 500)), None, None),
                Place::Parameter(name) => (None, Some(shorten(name.clone(), 200)), None),
                Place::Header(name) => (None, None, Some((*name).to_owned())),
                Place::Condition => (None, None, None),
            };
            let detail = item.detail.in_language(language).into_owned();
            ProblemItem { pointer, parameter, header, code: item.code.to_owned(), detail, params: item.params.clone() }
        });
        Self {
            r#type: format!("{TYPE_BASE}{}", error.code.as_str()),
            title: title.to_owned(),
            status: error.code.status(),
            detail: error.sentence().in_language(language).into_owned(),
            code: error.code.as_str().to_owned(),
            request_id: request_id.to_owned(),
            errors: errors.collect(),
        }
    }
}

/// A client can name a field as long as its body allows; the answer need not.
fn shorten(text: String, most: usize) -> String {
    if text.chars().count() <= most { text } else { text.chars().take(most - 1).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::error::ErrorCode;

    #[test]
    fn every_code_explains_itself_in_both_languages() {
        for &code in ErrorCode::ALL {
            let of = |language| Problem::new(&AppError::new(code), "x", language);
            let (en, bn) = (of(Language::En), of(Language::Bn));
            assert!(en.detail.ends_with('.') && en.detail != en.title, "{code:?}: {}", en.detail);
            assert!(en.detail.is_ascii() || en.detail.contains('…'), "{code:?}: {}", en.detail);
            assert!(bn.detail.ends_with('।') && bn.detail != bn.title, "{code:?}: {}", bn.detail);
            let bare = bn.detail.split('`').step_by(2).collect::<String>();
            assert!(!bare.bytes().any(|byte| byte.is_ascii_digit() || byte == b'_'), "{code:?}: {}", bn.detail);
        }
    }

    #[test]
    fn what_is_wrong_is_counted_where_nobody_says_more() {
        let item = || crate::platform::error::FieldError::parameter("sort", "enum", "No.", "না।");
        let of = |error: AppError, language| Problem::new(&error, "x", language).detail;
        let three = || AppError::parameters(vec![item(), item(), item()]);
        assert_eq!(of(three(), Language::Bn), "৩টি প্যারামিটার বা হেডার সঠিক নয়।");
        assert_eq!(of(three(), Language::En), "3 parameters or headers are not valid.");
        assert_eq!(of(AppError::conditions(vec![item()]), Language::En), "1 condition is not met.");
    }
}
