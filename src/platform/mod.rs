//! What every slice stands on. Knows nothing of pilots; never imports `features`.

pub mod clock;
pub mod crypto;
pub mod db;
pub mod error;
pub mod ids;
pub mod money;
pub mod quantity;
pub mod text;
pub mod text_enum;
