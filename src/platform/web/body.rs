//! Request bodies: media type, size, compression, JSON, schema, rules; in this order, each with its own refusal.

use std::future::Ready;

use actix_web::{
    FromRequest, HttpRequest,
    dev::{Decompress, Payload},
    http::header,
    web::BytesMut,
};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;
use validator::{Validate, ValidationErrors, ValidationErrorsKind};

use super::{Call, strict_json};
use crate::platform::{
    crypto::hex,
    error::{AppError, ErrorCode, ErrorParams, FieldError, Place, violations::Violation},
    text::Bilingual,
};

/// A body that has not been read yet, so that refusals that need no body come first.
pub struct Body {
    pub(super) payload: Payload,
    pub(super) headers: header::HeaderMap,
}

impl FromRequest for Body {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        std::future::ready(Ok(Self { payload: payload.take(), headers: request.headers().clone() }))
    }
}

impl Body {
    /// Reads a JSON body of type `T`.
    ///
    /// # Errors
    /// `UnsupportedMediaType`, `BodyTooLarge`, `MalformedBody`, `ValidationFailed`.
    pub async fn read<T: DeserializeOwned + ToSchema + Validate>(self, call: &Call) -> Result<T, AppError> {
        let value = self.value(call, &["application/json"]).await?;
        checked(call, value)
    }

    /// Reads a merge patch (RFC 7396) whose members are those of `P`; the merged record is checked by
    /// [`apply_patch`].
    ///
    /// # Errors
    /// As [`Body::read`].
    pub async fn read_patch<P: ToSchema>(self, call: &Call) -> Result<Value, AppError> {
        let mut value = self.value(call, &["application/merge-patch+json", "application/json"]).await?;
        let mut errors = strict_json::clean(&mut value);
        errors.extend(schema_errors(call, &P::name(), &value)?);
        if errors.is_empty() { Ok(value) } else { Err(AppError::validation(errors)) }
    }

    /// Makes sure that nothing is sent where nothing is expected.
    ///
    /// # Errors
    /// `BodyTooLarge`, `MalformedBody`, and `ValidationFailed` for anything but an empty body or `{}`.
    pub async fn expect_nothing(self, call: &Call) -> Result<(), AppError> {
        let bytes = self.bytes(call).await?;
        if bytes.is_empty() {
            return Ok(());
        }
        match strict_json::parse(&bytes)? {
            Value::Object(fields) if fields.is_empty() => Ok(()),
            _ => Err(AppError::validation(vec![FieldError::body(
                "",
                "unknown_field",
                "This operation takes no body.",
                "এখানে কোনো বিষয়বস্তু লাগে না।",
            )])),
        }
    }

    async fn value(self, call: &Call, media_types: &[&str]) -> Result<Value, AppError> {
        let sent = self.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !media_types.iter().any(|known| is_media_type(sent, known)) {
            return Err(AppError::new(ErrorCode::UnsupportedMediaType)
                .detail(format!("Send {}.", media_types.join(" or ")), format!("{} পাঠান।", media_types.join(" অথবা "))));
        }
        let bytes = self.bytes(call).await?;
        strict_json::parse(&bytes)
    }

    async fn bytes(self, call: &Call) -> Result<BytesMut, AppError> {
        let limit = call.state.body_limit;
        let too_large = || {
            AppError::new(ErrorCode::BodyTooLarge)
                .detail(format!("At most {limit} bytes."), format!("সর্বোচ্চ {limit} বাইট।"))
        };
        let encoding =
            self.headers.get(header::CONTENT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("identity");
        if !["identity", "gzip", "br", "deflate"].contains(&encoding) {
            return Err(AppError::new(ErrorCode::UnsupportedMediaType).detail(
                "Send gzip, br, deflate or no Content-Encoding.",
                "gzip, br, deflate অথবা Content-Encoding ছাড়া পাঠান।",
            ));
        }
        let announced = self
            .headers
            .get(header::CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok())
            .and_then(|text| text.parse::<usize>().ok());
        if announced.is_some_and(|length| length > limit) {
            return Err(too_large());
        }
        let mut stream = Decompress::from_headers(self.payload, &self.headers);
        let mut bytes = BytesMut::new();
        let reading = async {
            while let Some(chunk) = stream.next().await {
                let chunk = chunk.map_err(|_| {
                    AppError::new(ErrorCode::MalformedBody)
                        .detail("The body broke off or cannot be unpacked.", "বিষয়বস্তু অসম্পূর্ণ অথবা খোলা যাচ্ছে না।")
                })?;
                if bytes.len() + chunk.len() > limit {
                    return Err(too_large());
                }
                bytes.extend_from_slice(&chunk);
            }
            Ok(())
        };
        let aside = call.state.in_flight.step_aside();
        let read = tokio::time::timeout(call.state.body_timeout, reading).await;
        drop(aside);
        read.map_err(|_| AppError::new(ErrorCode::RequestTimeout))??;
        // Keyed, since it is stored and a body may hold a password. First writer wins; a body is read once.
        let _ = call.payload_sha256.set(hex(&call.state.cursor_key.sign(&bytes)));
        Ok(bytes)
    }
}

fn is_media_type(sent: &str, known: &str) -> bool {
    let mut parts = sent.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    essence.eq_ignore_ascii_case(known)
        && parts.all(|parameter| parameter.eq_ignore_ascii_case("charset=utf-8") || parameter.is_empty())
}

fn in_body(found: Violation) -> FieldError {
    let place = Place::Body(found.pointer.clone());
    found.at(place)
}

fn schema_errors(call: &Call, schema: &str, value: &Value) -> Result<Vec<FieldError>, AppError> {
    let violations = call.state.schemas.violations(schema, value)?;
    Ok(violations.into_iter().map(in_body).collect())
}

/// Checks a value against the published schema of `T` and against its rules, and reads it.
fn checked<T: DeserializeOwned + ToSchema + Validate>(call: &Call, mut value: Value) -> Result<T, AppError> {
    let mut errors = strict_json::clean(&mut value);
    errors.extend(schema_errors(call, &T::name(), &value)?);
    if !errors.is_empty() {
        return Err(AppError::validation(errors));
    }
    let read: T = serde_json::from_value(value).map_err(|_| {
        AppError::validation(vec![FieldError::body("", "type", "This is not of the right type.", "এটি সঠিক ধরনের নয়।")])
    })?;
    read.validate().map_err(|errors| AppError::validation(rule_errors(&errors)))?;
    Ok(read)
}

/// The record that a merge patch makes of `present`, checked like a new one.
///
/// # Errors
/// `ValidationFailed` naming every field of the merged record that is wrong.
pub fn apply_patch<T: DeserializeOwned + serde::Serialize + ToSchema + Validate>(
    schemas: &super::schemas::SchemaRegistry,
    present: &T,
    patch: &Value,
) -> Result<T, AppError> {
    let mut merged = serde_json::to_value(present).map_err(AppError::internal)?;
    merge(&mut merged, patch);
    let violations = schemas.violations_as::<T>(&merged)?;
    if !violations.is_empty() {
        return Err(AppError::validation(violations.into_iter().map(in_body).collect()));
    }
    let read: T = serde_json::from_value(merged).map_err(AppError::internal)?;
    read.validate().map_err(|errors| AppError::validation(rule_errors(&errors)))?;
    Ok(read)
}

/// RFC 7396, section 2.
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    if let Value::Object(target) = target {
        for (name, value) in patch {
            if value.is_null() {
                target.remove(name);
            } else {
                merge(target.entry(name.clone()).or_insert(Value::Null), value);
            }
        }
    }
}

/// What the rules beyond the schema found, as field errors. A rule's message is `English|Bangla`.
fn rule_errors(errors: &ValidationErrors) -> Vec<FieldError> {
    let mut found = Vec::new();
    collect(errors, "", &mut found);
    found
}

fn collect(errors: &ValidationErrors, prefix: &str, found: &mut Vec<FieldError>) {
    let mut fields: Vec<_> = errors.errors().iter().collect();
    fields.sort_by_key(|(name, _)| name.to_string());
    for (name, kind) in fields {
        // validator files rules about the whole struct under `__all__`.
        let pointer = if name.as_ref() == "__all__" { prefix.to_owned() } else { format!("{prefix}/{name}") };
        match kind {
            ValidationErrorsKind::Struct(nested) => collect(nested, &pointer, found),
            ValidationErrorsKind::List(items) => {
                items.iter().for_each(|(index, nested)| collect(nested, &format!("{pointer}/{index}"), found))
            }
            ValidationErrorsKind::Field(broken) => found.extend(broken.iter().map(|rule| {
                let said = |name: &str| rule.params.get(name).and_then(Value::as_str);
                let field = said(FIELD).map(|name| format!("{prefix}/{name}"));
                let part = said(PART).map(|name| format!("{pointer}/{name}"));
                let bound = |name: &str| said(name).map(str::to_owned);
                let bounds = ErrorParams { minimum: bound(MINIMUM), maximum: bound(MAXIMUM), ..ErrorParams::default() };
                let message = rule.message.as_deref().unwrap_or("This is not valid.|এটি সঠিক নয়।");
                let (en, bn) = message.split_once('|').unwrap_or((message, message));
                let code = RULES.iter().find(|code| **code == rule.code).copied().unwrap_or("invalid");
                FieldError::new(
                    Place::Body(field.or(part).unwrap_or_else(|| pointer.clone())),
                    code,
                    Bilingual::new(en.to_owned(), bn.to_owned()),
                )
                .with(bounds)
            })),
        }
    }
}

/// The codes of rules that a schema cannot express.
const RULES: &[&str] = &[
    "language_missing",
    "period_reversed",
    "nothing_measured",
    "duplicate",
    "required",
    "in_the_future",
    "minimum",
    "maximum",
    "amounts_reversed",
];

/// The parameter of a rule about the whole struct that names the field to mend.
const FIELD: &str = "field";
/// The parameter of a rule about a field that names the part of it to mend.
const PART: &str = "part";
/// The parameters that say what would do.
const MINIMUM: &str = "least";
const MAXIMUM: &str = "most";

/// Builds the error of such a rule.
pub fn broken_rule(code: &'static str, english_and_bangla: &'static str) -> validator::ValidationError {
    validator::ValidationError::new(code).with_message(english_and_bangla.into())
}

/// The same for a rule about the whole struct that one of its fields breaks.
pub fn of_field(name: &'static str, rule: validator::ValidationError) -> validator::ValidationError {
    saying(FIELD, name, rule)
}

/// The same for a rule about a field that one part of it breaks.
pub fn of_part(name: &'static str, rule: validator::ValidationError) -> validator::ValidationError {
    saying(PART, name, rule)
}

/// The same with the least that would do.
pub fn minimum(least: &'static str, rule: validator::ValidationError) -> validator::ValidationError {
    saying(MINIMUM, least, rule)
}

/// The same with the most that would do.
pub fn maximum(most: &'static str, rule: validator::ValidationError) -> validator::ValidationError {
    saying(MAXIMUM, most, rule)
}

fn saying(what: &'static str, value: &'static str, mut rule: validator::ValidationError) -> validator::ValidationError {
    rule.add_param(what.into(), &value);
    rule
}

/// The rule of all people's text: at least one language.
///
/// # Errors
/// `language_missing`.
pub fn some_language(text: &impl crate::platform::text::TextInput) -> Result<(), validator::ValidationError> {
    if text.is_present() {
        Ok(())
    } else {
        Err(broken_rule(
            "language_missing",
            "Give the text in Bangla, in English, or in both.|লেখাটি বাংলা, ইংরেজি অথবা উভয় ভাষায় দিন।",
        ))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn media_types_are_exact() {
        assert!(is_media_type("application/json", "application/json"));
        assert!(is_media_type("Application/JSON; charset=UTF-8", "application/json"));
        assert!(!is_media_type("application/json; charset=latin1", "application/json"));
        assert!(!is_media_type("text/json", "application/json"));
        assert!(!is_media_type("", "application/json"));
    }

    #[test]
    fn merge_follows_rfc_7396() {
        let mut target = json!({"a": {"b": 1, "c": 2}, "d": [1], "e": "x"});
        merge(&mut target, &json!({"a": {"b": null, "n": 3}, "d": [2], "e": null}));
        assert_eq!(target, json!({"a": {"c": 2, "n": 3}, "d": [2]}));
    }
}
