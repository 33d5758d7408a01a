mod drafting;
mod lifecycle;
mod listing;
mod query_plans;
mod search;
