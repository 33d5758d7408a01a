//! The suite: HTTP to the application as `app.rs` builds it, on both engines, as people of every role.
#![expect(missing_docs, reason = "the names of the tests say what they show")]
#![expect(clippy::disallowed_methods, reason = "the suite finds its PostgreSQL in the environment")]

#[macro_use]
mod support;

mod audit;
mod authorization;
mod conventions;
mod identity;
mod pilots;
mod reference;
