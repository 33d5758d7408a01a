//! What every slice stands on. Knows nothing of pilots; never imports `features`.

pub mod audit;
pub mod auth;
pub mod clock;
pub mod config;
pub mod crypto;
pub mod db;
pub mod error;
pub mod files;
pub mod ids;
pub mod lifecycle;
pub mod money;
pub mod quantity;
pub mod text;
pub mod text_enum;
pub mod web;
