//! What can go wrong, free of HTTP: one error type, one table of codes.

mod app_error;
mod code;
pub mod problem;
pub mod violations;

pub use app_error::{AppError, bangla_digits, Cause, DatabaseIntent, FieldError, Place};
pub use code::ErrorCode;
