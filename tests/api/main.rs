//! The suite: HTTP to the application as `app.rs` builds it, on both engines, as people of every role.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]
#![expect(clippy::disallowed_methods, reason = "the suite finds its PostgreSQL in the environment")]

#[macro_use]
mod support;

mod audit;
mod authorization;
mod conventions;
mod documents;
mod duties;
mod gates;
mod identity;
mod journey;
mod nasty_input;
mod outages;
mod pilots;
mod plans;
mod reference;
mod structure;
mod tcv;
mod tour;
