//! What can go wrong, free of HTTP: one error type, one table of codes.

mod app_error;
mod code;
mod decimal;
mod explanations;
pub mod problem;
pub mod violations;

pub use app_error::{AppError, Cause, DatabaseIntent, FieldError, Place};
pub use code::ErrorCode;
pub use problem::ErrorParams;
