//! x
use crate::platform::web::Operation;
pub fn operations() -> Vec<Operation> {
    Vec::new()
}
