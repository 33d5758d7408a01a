//! What a team reports of its spending.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    features::{attachments::AttachmentId, plans::BudgetHead},
    platform::money::MoneyInput,
};

/// Something that money was spent on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"head": "transport", "description": "Boats for the first camp", "amount": {"amount": "24000.00", "currency": "BDT"}, "spent_on": "2026-10-03", "voucher_number": "V-17", "voucher_id": null}))]
pub struct ExpenditureLine {
    /// The budget head.
    #[schema(inline)]
    pub head: BudgetHead,
    /// In words.
    #[schema(min_length = 1, max_length = 500, pattern = r"\S")]
    pub description: String,
    /// How much.
    pub amount: MoneyInput,
    /// When.
    pub spent_on: NaiveDate,
    /// The number on the voucher.
    #[schema(min_length = 1, max_length = 60, pattern = r"\S")]
    pub voucher_number: String,
    /// The voucher: a file attached to this report; has to be there when it is handed in.
    #[serde(default)]
    pub voucher_id: Option<AttachmentId>,
}
