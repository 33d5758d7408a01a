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
    "errors": [{"pointer": "#/title", "parameter": null, "header": null, "code": "required", "detail": "This field is required."}]
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
    #[schema(required, max_length = 2000)]
    pub detail: Option<String>,
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
            let detail = item.detail.in_language(language).to_owned();
            ProblemItem { pointer, parameter, header, code: item.code.to_owned(), detail }
        });
        Self {
            r#type: format!("{TYPE_BASE}{}", error.code.as_str()),
            title: title.to_owned(),
            status: error.code.status(),
            detail: error.detail.as_ref().map(|detail| detail.in_language(language).to_owned()),
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
