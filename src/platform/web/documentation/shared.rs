//! What operations refer to instead of saying it again: problems, headers, parameters.

use serde_json::{Map, Value, json};

use super::refer;
use crate::platform::error::{ErrorCode, problem::PROBLEM_JSON};

/// One answer for each status of a refusal, with all its codes.
pub(super) fn problem_responses() -> Value {
    let names = [
        (400, "BadRequest"),
        (401, "Unauthorized"),
        (403, "Forbidden"),
        (404, "NotFound"),
        (408, "RequestTimeout"),
        (409, "Conflict"),
        (412, "VersionMismatch"),
        (413, "BodyTooLarge"),
        (415, "UnsupportedMediaType"),
        (422, "ValidationFailed"),
        (428, "IfMatchRequired"),
        (429, "TooManyRequests"),
        (500, "InternalError"),
        (503, "Unavailable"),
    ];
    let mut responses = Map::new();
    for (status, name) in names {
        let codes: Vec<&ErrorCode> = ErrorCode::ALL.iter().filter(|code| code.status() == status).collect();
        let meanings: Vec<String> =
            codes.iter().map(|code| format!("- `{}`: {}", code.as_str(), code.meaning())).collect();
        let examples: Map<String, Value> = codes
            .iter()
            .map(|code| {
                let problem = json!({
                    "type": format!("https://innovation.gov.bd/problems/{}", code.as_str()), "title": code.title_en(),
                    "status": status, "detail": code.explanation().en, "code": code.as_str(),
                    "request_id": "0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e", "errors": []
                });
                (code.as_str().to_owned(), json!({"summary": code.title_en(), "value": problem}))
            })
            .collect();
        let mut headers = json!({"X-Request-Id": {"$ref": "#/components/headers/RequestId"}});
        if status != 503 {
            refer(&mut headers, "RateLimit-Policy", "RateLimitPolicy");
            refer(&mut headers, "RateLimit", "RateLimit");
        }
        match status {
            401 => refer(&mut headers, "WWW-Authenticate", "WwwAuthenticate"),
            429 | 503 => refer(&mut headers, "Retry-After", "RetryAfter"),
            _ => {}
        }
        responses.insert(
            name.into(),
            json!({
                "description": meanings.join("\n"),
                "headers": headers,
                "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": examples}}
            }),
        );
    }
    Value::Object(responses)
}

pub(super) fn shared_parameters() -> Value {
    json!({
        "IdempotencyKey": {
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "A text of your own, best a UUID. The same key with the same body gets the first answer again, for 72 hours.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"}
        },
        "IfMatch": {
            "name": "If-Match", "in": "header", "required": true,
            "description": "The `ETag` of the version that you mean to change, quotes included: `\"1\"`; or `*`.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^(\\*|(W/)?\"[^\",]*\"( *, *(W/)?\"[^\",]*\")*)$"}
        },
        "MoneyIdempotencyKey": {
            "name": "Idempotency-Key", "in": "header", "required": true,
            "description": "A text of your own, best a UUID. This moves money, so it is required: a retry with the same key moves nothing a second time.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"}
        },
        "MoneyIfMatch": {
            "name": "If-Match", "in": "header", "required": true,
            "description": "The `ETag` of the version that you mean, quotes included: `\"1\"`. This moves money, so neither `*` nor several will do.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^(W/)?\"[^\",]*\"$"}
        },
        "IfNoneMatch": {
            "name": "If-None-Match", "in": "header", "required": false,
            "description": "An `ETag` you already have, or several with commas; answers 304 if one is still current.",
            "schema": {"type": "string"}
        }
    })
}

pub(super) fn shared_headers() -> Value {
    let text = |description: &str| json!({"description": description, "schema": {"type": "string", "maxLength": 2000}});
    json!({
        "RequestId": text("Names this request in our logs; yours, if you sent a well-formed one."),
        "ETag": text("The version of the record, for `If-Match` and `If-None-Match`."),
        "Location": text("Where the new record is found."),
        "ContentDisposition": text("`attachment` with the file's name (RFC 6266, RFC 8187)."),
        "Link": text("`rel=\"next\"`: the next page, when there is one (RFC 8288)."),
        "WwwAuthenticate": text("How to log in (RFC 6750)."),
        "RateLimitPolicy": text("The limits that this request was counted by: name, requests `q` in `w` seconds (draft-ietf-httpapi-ratelimit-headers)."),
        "RateLimit": text("What is left of each: `r` requests, and `t` seconds until the whole share is there again. When the request was refused, `t` is `Retry-After`."),
        "RetryAfter": {"description": "Seconds to wait.", "schema": {"type": "integer", "format": "int32", "minimum": 0, "maximum": 86400}}
    })
}
