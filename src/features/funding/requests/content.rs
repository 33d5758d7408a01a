//! What an applicant writes.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    features::{funding::sources::SourceKind, plans::BudgetLine},
    platform::{
        money::MoneyInput,
        text::{ProseInput, TitleInput},
        text_enum::text_enum,
        web::body::some_language,
    },
};

text_enum! {
    /// A part of a request, to be reopened when changes are requested.
    RequestPart {
        /// The amount, and with it the budget.
        Requested = "requested",
        /// What it is for.
        Purpose = "purpose",
        /// What it is spent on.
        BudgetLines = "budget_lines",
        /// What others give.
        CoFunding = "co_funding",
    }
}

/// What someone else gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "office_budget", "provider": {"bn": "উপজেলা পরিষদ", "en": "Upazila council"}, "amount": {"amount": "25000.00", "currency": "BDT"}}))]
pub struct CoFunding {
    /// What kind of source.
    #[schema(inline)]
    pub kind: SourceKind,
    /// Who.
    #[validate(custom(function = "some_language"))]
    pub provider: TitleInput,
    /// How much.
    pub amount: MoneyInput,
}

/// A funding request as its applicant writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "requested": {"amount": "84000.00", "currency": "BDT"},
    "purpose": {"bn": "তিনটি শিবির", "en": "Three camps"},
    "budget_lines": [{"head": "transport", "description": "Boats", "amount": {"amount": "84000.00", "currency": "BDT"}}],
    "co_funding": [{"kind": "office_budget", "provider": {"bn": "উপজেলা পরিষদ", "en": "Upazila council"}, "amount": {"amount": "25000.00", "currency": "BDT"}}]
}))]
pub struct FundingRequestContent {
    /// How much is asked for; more than nothing.
    pub requested: MoneyInput,
    /// What it is for.
    #[validate(custom(function = "some_language"))]
    #[serde(default)]
    pub purpose: Option<ProseInput>,
    /// What it is spent on; the lines add up to `requested` exactly when it is handed in.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub budget_lines: Vec<BudgetLine>,
    /// What others give.
    #[validate(nested)]
    #[serde(default)]
    #[schema(max_items = 50)]
    pub co_funding: Vec<CoFunding>,
}
