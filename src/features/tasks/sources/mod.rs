//! The sources, a file for each record that they read.

pub mod funding_sources;
pub mod gates;
pub mod handovers;
pub mod pilots;
pub mod reports;
pub mod requests;
pub mod reviews;
pub mod tranches;
