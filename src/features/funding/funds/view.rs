//! How a fund is shown: to everyone, with its capital.

use serde::Serialize;
use utoipa::ToSchema;

use super::{facts::FundFacts, guards::actions, rows::FundRow, status::FundStatus};
use crate::{
    features::{actions::open, funding::ids::FundId},
    platform::{auth::Standing, clock::Timestamp, money::Money, text::LocalizedText},
};

/// A fund.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FundView {
    /// Its identifier.
    pub id: FundId,
    /// What it is called.
    pub name: LocalizedText,
    /// What it is for; both languages may be null.
    pub description: LocalizedText,
    /// Where it stands.
    #[schema(inline)]
    pub status: FundStatus,
    /// Why it was closed or opened again.
    #[schema(max_length = 2000)]
    pub status_reason: Option<String>,
    /// What was put into it.
    pub capital: Money,
    /// What of that no round has.
    pub unallocated: Money,
    /// What the caller may do with it now.
    #[schema(max_items = 10)]
    pub allowed_actions: Vec<String>,
    /// Counts changes; the `ETag`.
    #[schema(minimum = 1)]
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl FundView {
    /// For a caller of this standing.
    pub fn new(row: FundRow, facts: &FundFacts, standing: &Standing) -> Self {
        Self {
            allowed_actions: open(actions(&row, facts, standing)),
            id: row.id,
            name: LocalizedText::new(row.name_bn, row.name_en),
            description: LocalizedText::new(row.description_bn, row.description_en),
            status: row.status,
            status_reason: row.status_reason,
            capital: Money::from_poisha(facts.totals.fund_capital),
            unallocated: Money::from_poisha(facts.totals.unallocated()),
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}
