//! What an applicant writes.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::rows::FundingRequestRow;
use crate::{
    features::{funding::sources::SourceKind, plans::BudgetLine},
    platform::{
        db::json_list::JsonList,
        error::{AppError, ErrorParams, FieldError},
        money::MoneyInput,
        text::{ProseInput, TitleInput, columns},
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

/// Changes to a request (RFC 7396): what is absent stays, null empties; lists are replaced whole.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(
    dead_code,
    reason = "describes the members of a merge patch; the merged record is read as FundingRequestContent"
)]
#[schema(example = json!({"purpose": {"bn": "চারটি শিবির", "en": "Four camps"}}))]
pub struct FundingRequestPatch {
    requested: Option<MoneyInput>,
    purpose: Option<ProseInput>,
    #[schema(max_items = 100)]
    budget_lines: Option<Vec<BudgetLine>>,
    #[schema(max_items = 50)]
    co_funding: Option<Vec<CoFunding>>,
}

impl FundingRequestContent {
    /// The content of a stored request, to be patched.
    pub fn of(row: &FundingRequestRow) -> Self {
        let (bn, en) = (row.purpose_bn.clone(), row.purpose_en.clone());
        Self {
            requested: MoneyInput::from_poisha(row.requested),
            purpose: (bn.is_some() || en.is_some()).then_some(ProseInput { bn, en }),
            budget_lines: row.budget_lines.to_vec(),
            co_funding: row.co_funding.to_vec(),
        }
    }

    /// A request for nothing is none.
    ///
    /// # Errors
    /// `ValidationFailed`.
    pub fn check(&self) -> Result<(), AppError> {
        if self.requested.poisha() > 0 {
            return Ok(());
        }
        let error =
            FieldError::body("/requested/amount", "minimum", "Ask for more than nothing.", "শূন্যের বেশি অর্থ চাইতে হবে।");
        Err(AppError::validation(vec![error.with(ErrorParams::minimum("0.01"))]))
    }

    /// The parts in which two contents differ.
    pub fn differences(&self, other: &Self) -> Vec<RequestPart> {
        let differs = |part: RequestPart| match part {
            RequestPart::Requested => self.requested != other.requested,
            RequestPart::Purpose => self.purpose != other.purpose,
            RequestPart::BudgetLines => self.budget_lines != other.budget_lines,
            RequestPart::CoFunding => self.co_funding != other.co_funding,
        };
        RequestPart::ALL.iter().copied().filter(|part| differs(*part)).collect()
    }
}

impl FundingRequestRow {
    /// The same with this content.
    #[must_use]
    pub fn with_content(self, content: &FundingRequestContent) -> Self {
        let (purpose_bn, purpose_en) = columns(content.purpose.as_ref());
        Self {
            requested: content.requested.poisha(),
            purpose_bn,
            purpose_en,
            budget_lines: JsonList::new(content.budget_lines.clone()),
            co_funding: JsonList::new(content.co_funding.clone()),
            ..self
        }
    }
}
