//! The suite: HTTP to the application as `app.rs` builds it, on both engines, as people of every role.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]
#![expect(clippy::disallowed_methods, reason = "the suite finds its PostgreSQL in the environment")]

#[macro_use]
mod support;

mod accounts;
mod attachments;
mod audit;
mod authorization;
mod backup;
mod chain;
mod changes;
mod conventions;
mod deployment;
mod discussion;
mod documents;
mod duplicates;
mod duties;
mod funding;
mod gates;
mod handovers;
mod identity;
mod impact;
mod imports;
mod journey;
mod limits;
mod nasty_input;
mod observability;
mod operating;
mod outages;
mod outbox;
mod pilots;
mod plans;
mod record_actions;
mod reference;
mod second_factor;
mod service_accounts;
mod structure;
mod tcv;
mod timeline;
mod together;
mod tour;
mod webhooks;
