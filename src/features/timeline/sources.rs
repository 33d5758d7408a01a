//! The sources, a file for each record that they read.

pub mod gates;
pub mod handovers;
pub mod measurements;
pub mod plans;
pub mod team;
pub mod transitions;
