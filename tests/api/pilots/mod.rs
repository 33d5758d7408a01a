mod drafting;
mod lifecycle;
mod listing;
pub mod query_plans;
