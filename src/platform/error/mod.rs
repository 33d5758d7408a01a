//! What can go wrong, free of HTTP: one error type, one table of codes.

mod app_error;
mod code;
pub mod problem;
pub mod violations;

pub use app_error::{AppError, Cause, DatabaseIntent, FieldError, Place, bangla_digits};
pub use code::ErrorCode;
