//! Names and sentences for what a JSON schema finds wrong.

use jsonschema::{ValidationError, error::ValidationErrorKind as Kind};

use super::{ErrorParams, FieldError, Place, decimal};
use crate::platform::{
    quantity,
    text::{Bilingual, PLAIN, PLAIN_LINE, PLAIN_NOT_BLANK, has_forbidden_character},
};

/// One finding: a path inside the instance, a code and a sentence.
pub struct Violation {
    /// JSON pointer, empty for the whole.
    pub pointer: String,
    /// The word for programs.
    pub code: &'static str,
    /// The sentence for people.
    pub detail: Bilingual,
    /// What would do.
    pub params: ErrorParams,
}

impl Violation {
    fn new(pointer: String, code: &'static str, en: impl Into<String>, bn: impl Into<String>) -> Self {
        Self { pointer, code, detail: Bilingual::new(en.into(), bn.into()), params: ErrorParams::default() }
    }

    fn with(self, params: ErrorParams) -> Self {
        Self { params, ..self }
    }

    /// The finding at a place of the request.
    pub fn at(self, place: Place) -> FieldError {
        FieldError { place, code: self.code, detail: self.detail, params: self.params }
    }
}

/// Translates one finding of the schema library into ours; some of its findings are several of ours.
pub fn translate(error: &ValidationError<'_>, found: &mut Vec<Violation>) {
    let pointer = error.instance_path().to_string();
    let one = match error.kind() {
        Kind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            Violation::new(
                format!("{pointer}/{}", escape(name)),
                "required",
                "This field is required.",
                "এই ঘরটি আবশ্যক।",
            )
        }
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            found.extend(unexpected.iter().map(|name| {
                let pointer = format!("{pointer}/{}", escape(name));
                Violation::new(pointer, "unknown_field", "There is no such field.", "এমন কোনো ঘর নেই।")
            }));
            return;
        }
        // An optional object is "null or the object": speak of the object.
        Kind::OneOfNotValid { context } | Kind::AnyOf { context } => {
            let of_object = context.iter().find(|branch| {
                !branch.is_empty()
                    && !branch.iter().any(|nested| {
                        matches!(nested.kind(), Kind::Type { .. }) && nested.instance_path() == error.instance_path()
                    })
            });
            if let Some(branch) = of_object {
                branch.iter().for_each(|nested| translate(nested, found));
                return;
            }
            Violation::new(pointer, "type", "This is not of the right type.", "এটি সঠিক ধরনের নয়।")
        }
        // Nothing stands where something has to: in a merge patch it asks to take away what must stay.
        Kind::Type { .. } if error.instance().is_null() && !pointer.is_empty() => {
            Violation::new(pointer, "required", "This field is required.", "এই ঘরটি আবশ্যক।")
        }
        Kind::Type { .. } => Violation::new(pointer, "type", "This is not of the right type.", "এটি সঠিক ধরনের নয়।"),
        // Its type says so already.
        Kind::Enum { .. } if error.instance().is_null() && !pointer.is_empty() => return,
        Kind::Enum { options } => {
            let options: Vec<&str> =
                options.as_array().into_iter().flatten().filter_map(|option| option.as_str()).collect();
            let (list, quoted) = (options.join(", "), options.join("`, `"));
            Violation::new(
                pointer,
                "enum",
                format!("This must be one of: {list}."),
                format!("এর একটি হতে হবে: `{quoted}`।"),
            )
            .with(ErrorParams::allowed(options))
        }
        Kind::Constant { expected_value } => {
            let one = expected_value.as_str().map_or_else(|| expected_value.to_string(), str::to_owned);
            Violation::new(pointer, "enum", format!("This must be {one}."), format!("এটি `{one}` হতে হবে।"))
                .with(ErrorParams::allowed([one]))
        }
        Kind::MinLength { limit } => match limit {
            1 => Violation::new(pointer, "min_length", "This must not be empty.", "এটি খালি রাখা যাবে না।"),
            _ => Violation::new(
                pointer,
                "min_length",
                format!("This needs at least {limit} characters."),
                format!("অন্তত {limit}টি অক্ষর প্রয়োজন।"),
            )
            .with(ErrorParams::minimum(limit)),
        },
        Kind::MaxLength { limit } => Violation::new(
            pointer,
            "max_length",
            format!("This may have at most {limit} characters."),
            format!("সর্বোচ্চ {limit}টি অক্ষর দেওয়া যাবে।"),
        )
        .with(ErrorParams::maximum(limit)),
        Kind::Minimum { limit } | Kind::ExclusiveMinimum { limit } => Violation::new(
            pointer,
            "minimum",
            format!("This must be at least {limit}."),
            format!("এটি অন্তত {limit} হতে হবে।"),
        )
        .with(ErrorParams::minimum(limit)),
        Kind::Maximum { limit } | Kind::ExclusiveMaximum { limit } => Violation::new(
            pointer,
            "maximum",
            format!("This may be at most {limit}."),
            format!("এটি সর্বোচ্চ {limit} হতে পারে।"),
        )
        .with(ErrorParams::maximum(limit)),
        Kind::MinItems { limit } => Violation::new(
            pointer,
            "min_items",
            format!("This needs at least {limit} items."),
            format!("অন্তত {limit}টি দিতে হবে।"),
        )
        .with(ErrorParams::minimum(limit)),
        Kind::MaxItems { limit } => Violation::new(
            pointer,
            "max_items",
            format!("This may have at most {limit} items."),
            format!("সর্বোচ্চ {limit}টি দেওয়া যাবে।"),
        )
        .with(ErrorParams::maximum(limit)),
        Kind::MinProperties { .. } => {
            Violation::new(pointer, "min_properties", "This must not be empty.", "এটি খালি রাখা যাবে না।")
        }
        Kind::UniqueItems => {
            Violation::new(pointer, "unique_items", "Each item may stand here once.", "একই জিনিস দুবার দেওয়া যাবে না।")
        }
        // Whoever reads the text looks for these characters himself, everywhere, and says so in words of their own.
        Kind::Pattern { pattern }
            if [PLAIN, PLAIN_LINE, PLAIN_NOT_BLANK].contains(&pattern.as_str())
                && error.instance().as_str().is_some_and(has_forbidden_character) =>
        {
            return;
        }
        Kind::Pattern { pattern } if [r"\S", PLAIN_NOT_BLANK].contains(&pattern.as_str()) => {
            Violation::new(pointer, "min_length", "This must not be empty.", "এটি খালি রাখা যাবে না।")
        }
        Kind::Pattern { pattern: broken } if broken == quantity::PATTERN => {
            let (code, detail, params) = decimal::finding(error.instance().as_str().unwrap_or_default());
            Violation { pointer, code, detail, params }
        }
        Kind::Pattern { .. } => {
            Violation::new(pointer, "pattern", "This does not have the expected form.", "এটি প্রত্যাশিত আকারে নেই।")
        }
        Kind::Format { format } => Violation::new(
            pointer,
            "format",
            format!("This is not a valid {format}."),
            format!("এটি সঠিক {} নয়।", format_in_bangla(format)),
        ),
        _ => Violation::new(pointer, "invalid", "This is not valid.", "এটি সঠিক নয়।"),
    };
    // Two keywords of a schema can say one thing, such as that a text is empty.
    if !found.iter().any(|other| other.pointer == one.pointer && other.code == one.code) {
        found.push(one);
    }
}

/// What Bangla calls a format of the schema.
fn format_in_bangla(format: &str) -> &str {
    match format {
        "date" => "তারিখ (`YYYY-MM-DD`)",
        "date-time" => "সময় (`YYYY-MM-DDThh:mm:ssZ`)",
        "uuid" => "শনাক্তকারী (UUID)",
        "email" => "ইমেইল ঠিকানা",
        "uri" => "ওয়েব ঠিকানা",
        other => other,
    }
}

/// RFC 6901 escaping of one reference token.
pub fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
