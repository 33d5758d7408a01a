//! The two gates as one mechanism: conditions that the slices contribute, decisions, waivers.

pub mod condition;

pub use condition::{Condition, ConditionResult, Evaluated, Finding, Gate};
