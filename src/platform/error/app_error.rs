//! The one error type. Handlers and rules return it; the web edge turns it into a problem document.

use std::fmt;

use diesel::result::{DatabaseErrorKind, Error as DieselError};

use super::{ErrorCode, ErrorParams};
use crate::platform::text::Bilingual;

/// At most so many field errors are reported.
const MOST_FIELD_ERRORS: usize = 50;

/// Where in the request something is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A JSON pointer into the body, such as `/title/en`.
    Body(String),
    /// A query parameter.
    Parameter(String),
    /// A request header.
    Header(&'static str),
    /// Not in the request: a condition of the record's own.
    Condition,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Where.
    pub place: Place,
    /// What, as a word for programs.
    pub code: &'static str,
    /// What, as a sentence for people.
    pub detail: Bilingual,
    /// What would do, for programs.
    pub params: ErrorParams,
}

impl FieldError {
    /// Something wrong at a place.
    pub fn new(place: Place, code: &'static str, detail: Bilingual) -> Self {
        Self { place, code, detail, params: ErrorParams::default() }
    }

    /// Something wrong at a JSON pointer of the body.
    pub fn body(pointer: impl Into<String>, code: &'static str, en: &'static str, bn: &'static str) -> Self {
        Self::new(Place::Body(pointer.into()), code, Bilingual::new(en, bn))
    }

    /// With what would do.
    #[must_use]
    pub fn with(self, params: ErrorParams) -> Self {
        Self { params, ..self }
    }

    /// The body names a record that is not there.
    pub fn unknown_reference(pointer: impl Into<String>) -> Self {
        Self::body(pointer, "unknown_reference", "There is no such record.", "এমন কোনো রেকর্ড নেই।")
    }

    /// Something wrong with a query parameter.
    pub fn parameter(name: impl Into<String>, code: &'static str, en: &'static str, bn: &'static str) -> Self {
        Self::new(Place::Parameter(name.into()), code, Bilingual::new(en, bn))
    }

    /// A condition of the record that fails.
    pub fn condition(code: &'static str, detail: Bilingual) -> Self {
        Self::new(Place::Condition, code, detail)
    }
}

/// What lies behind an error; logged, never shown.
#[derive(Clone, Debug)]
pub enum Cause {
    /// Nothing more than what the answer says.
    None,
    /// A fault of ours.
    Internal(String),
    /// The transaction lost a race and may be run again.
    Retry(String),
}

/// A refusal or a fault.
#[derive(Clone, Debug)]
pub struct AppError {
    /// Which one.
    pub code: ErrorCode,
    /// A sentence about this occurrence.
    pub detail: Option<Bilingual>,
    /// Every single thing that is wrong.
    pub errors: Vec<FieldError>,
    /// After how many seconds a repetition makes sense.
    pub retry_after: Option<i64>,
    /// For the log.
    pub cause: Cause,
}

impl AppError {
    /// An error that its code says all about.
    pub const fn new(code: ErrorCode) -> Self {
        Self { code, detail: None, errors: Vec::new(), retry_after: None, cause: Cause::None }
    }

    /// Adds the sentence about this occurrence.
    #[must_use]
    pub fn detail(
        mut self,
        en: impl Into<std::borrow::Cow<'static, str>>,
        bn: impl Into<std::borrow::Cow<'static, str>>,
    ) -> Self {
        self.detail = Some(Bilingual::new(en, bn));
        self
    }

    /// Adds what is wrong, field by field.
    #[must_use]
    pub fn errors(mut self, mut errors: Vec<FieldError>) -> Self {
        errors.truncate(MOST_FIELD_ERRORS);
        self.errors = errors;
        self
    }

    /// Says when to come back.
    #[must_use]
    pub const fn retry_after(mut self, seconds: i64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// A fault of ours.
    pub fn internal(cause: impl fmt::Display) -> Self {
        Self { cause: Cause::Internal(cause.to_string()), ..Self::new(ErrorCode::InternalError) }
    }

    /// No such record for this caller.
    pub const fn not_found() -> Self {
        Self::new(ErrorCode::NotFound)
    }

    /// Seen, but not allowed.
    pub fn forbidden(
        en: impl Into<std::borrow::Cow<'static, str>>,
        bn: impl Into<std::borrow::Cow<'static, str>>,
    ) -> Self {
        Self::new(ErrorCode::Forbidden).detail(en, bn)
    }

    /// 422 with everything that is wrong.
    pub fn validation(errors: Vec<FieldError>) -> Self {
        let (en, bn) = count_sentence(errors.len());
        Self::new(ErrorCode::ValidationFailed).detail(en, bn).errors(errors)
    }

    /// 409 with every failing condition.
    pub fn conditions(errors: Vec<FieldError>) -> Self {
        Self::new(ErrorCode::ConditionsUnmet).errors(errors)
    }

    /// 400 with everything that is wrong with parameters and headers.
    pub fn parameters(errors: Vec<FieldError>) -> Self {
        Self::new(ErrorCode::InvalidParameters).errors(errors)
    }

    /// The sentence about this occurrence; where nobody said more, what the code means, or how much is wrong.
    pub fn sentence(&self) -> Bilingual {
        let counted = |en: (&str, &str), bn: &str| {
            let count = self.errors.len();
            let words = if count == 1 { en.0 } else { en.1 };
            Bilingual::new(format!("{count} {words}"), format!("{count}{bn}"))
        };
        match (&self.detail, self.code) {
            (Some(detail), _) => detail.clone(),
            (None, ErrorCode::InvalidParameters) if !self.errors.is_empty() => counted(
                ("parameter or header is not valid.", "parameters or headers are not valid."),
                "টি প্যারামিটার বা হেডার সঠিক নয়।",
            ),
            (None, ErrorCode::ConditionsUnmet) if !self.errors.is_empty() => {
                counted(("condition is not met.", "conditions are not met."), "টি শর্ত পূরণ হয়নি।")
            }
            (None, code) => code.explanation(),
        }
    }

    /// Whether the transaction may be run again.
    pub const fn is_retryable(&self) -> bool {
        matches!(self.cause, Cause::Retry(_))
    }
}

fn count_sentence(count: usize) -> (String, String) {
    match count {
        1 => ("1 field is not valid.".into(), "১টি ঘর সঠিক নয়।".into()),
        _ => (format!("{count} fields are not valid."), format!("{count}টি ঘর সঠিক নয়।")),
    }
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.as_str())?;
        if let Some(detail) = &self.detail {
            write!(f, ": {}", detail.en)?;
        }
        match &self.cause {
            Cause::None => Ok(()),
            Cause::Internal(cause) | Cause::Retry(cause) => write!(f, " ({cause})"),
        }
    }
}

impl std::error::Error for AppError {}

/// A database error has no meaning of its own: it is a fault, a lost race, or a lost connection.
impl From<DieselError> for AppError {
    fn from(error: DieselError) -> Self {
        let text = error.to_string();
        let lost_race = matches!(&error, DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _))
            || [
                "deadlock detected",
                "could not serialize",
                "due to lock timeout",
                "database is locked",
                "database table is locked",
            ]
            .iter()
            .any(|sign| text.contains(sign));
        // PostgreSQL's memory of who read what, full since one transaction stays long; it empties when that one ends.
        let crowded = text.contains("out of shared memory");
        let lost_connection = matches!(
            &error,
            DieselError::DatabaseError(DatabaseErrorKind::ClosedConnection, _) | DieselError::BrokenTransactionManager
        ) || [
            "server closed the connection",
            "terminating connection",
            "connection to server",
            "no connection to the server",
            "the database system is",
        ]
        .iter()
        .any(|sign| text.contains(sign));
        if lost_race {
            let refusal = Self::new(ErrorCode::Overloaded).retry_after(1).detail(
                "Others were changing the same records at the same moment. Nothing was changed.",
                "একই মুহূর্তে অন্যরা একই তথ্য পরিবর্তন করছিলেন। কিছুই পরিবর্তন হয়নি।",
            );
            Self { cause: Cause::Retry(text), ..refusal }
        } else if crowded {
            let refusal = Self::new(ErrorCode::Overloaded).retry_after(1).detail(
                "The database has more under way than it can keep apart. Nothing was changed.",
                "ডেটাবেসে এই মুহূর্তে একসঙ্গে খুব বেশি কাজ চলছে। কিছুই পরিবর্তন হয়নি।",
            );
            Self { cause: Cause::Retry(text), ..refusal }
        } else if lost_connection {
            Self { cause: Cause::Internal(text), ..Self::new(ErrorCode::DatabaseUnavailable).retry_after(2) }
        } else {
            Self::internal(text)
        }
    }
}

/// Lets a caller say what the absence or the doubling of a row means to it.
pub trait DatabaseIntent<T> {
    /// A missing row means 404.
    ///
    /// # Errors
    /// `NotFound` for a missing row; any other database error as a fault.
    fn or_not_found(self) -> Result<T, AppError>;

    /// A broken unique constraint means `conflict`.
    ///
    /// # Errors
    /// `conflict` for a doubled row; any other database error as a fault.
    fn or_conflict(self, conflict: AppError) -> Result<T, AppError>;
}

impl<T> DatabaseIntent<T> for Result<T, DieselError> {
    fn or_not_found(self) -> Result<T, AppError> {
        self.map_err(|error| match error {
            DieselError::NotFound => AppError::not_found(),
            other => other.into(),
        })
    }

    fn or_conflict(self, conflict: AppError) -> Result<T, AppError> {
        self.map_err(|error| match error {
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => conflict,
            other => other.into(),
        })
    }
}
