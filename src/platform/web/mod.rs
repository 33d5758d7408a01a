//! The edge: everything between a socket and a rule.

pub mod body;
pub mod call;
pub mod cursor;
pub mod documentation;
pub mod download;
pub mod edge;
pub mod full_house;
pub mod idempotency;
pub mod in_flight;
pub mod limits;
pub mod meta;
pub mod methods;
pub mod operation;
pub mod page;
pub mod preconditions;
pub mod published;
pub mod query;
mod readable_schemas;
pub mod reply;
pub mod schemas;
pub mod state;
pub mod strict_json;
pub mod tx;
pub mod upload;

pub use body::Body;
pub use call::{Answer, Call};
pub use methods::read_only;
pub use operation::Operation;
pub(crate) use operation::operations;
pub use page::{Page, PageQuery};
pub(crate) use page::{page_query, page_view};
pub(crate) use query::query_type;
pub use reply::Reply;
pub use state::{AccountRules, AppState};
pub use tx::Tx;
