mod drafting;
mod lifecycle;
mod listing;
