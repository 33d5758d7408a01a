//! What every slice stands on. Knows nothing of pilots; never imports `features`.

pub mod audit;
pub mod auth;
pub mod background;
pub mod clock;
pub mod command_fields;
pub mod config;
pub mod crypto;
pub mod db;
pub mod error;
pub mod files;
pub mod fiscal_year;
pub mod ids;
pub mod leases;
pub mod lifecycle;
pub mod mail;
pub mod metrics;
pub mod money;
pub mod outbound;
pub mod outbox;
pub mod quantity;
pub mod telemetry;
pub mod text;
pub mod text_enum;
pub mod web;
