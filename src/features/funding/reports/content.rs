//! What a team reports of its spending.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    features::{attachments::AttachmentId, plans::BudgetHead},
    platform::{
        error::{AppError, FieldError},
        money::MoneyInput,
    },
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

/// An expenditure report as a team writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"lines": [{"head": "transport", "description": "Boats for the first camp", "amount": {"amount": "24000.00", "currency": "BDT"}, "spent_on": "2026-10-03", "voucher_number": "V-17", "voucher_id": null}]}))]
pub struct ExpenditureReportContent {
    /// What the money was spent on; none says that nothing was.
    #[schema(max_items = 200)]
    pub lines: Vec<ExpenditureLine>,
}

/// Changes to a report (RFC 7396): the lines are replaced as a whole.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(
    dead_code,
    reason = "describes the members of a merge patch; the merged record is read as ExpenditureReportContent"
)]
#[schema(example = json!({"lines": []}))]
pub struct ExpenditureReportPatch {
    #[schema(nullable = false, max_items = 200)]
    lines: Option<Vec<ExpenditureLine>>,
}

impl ExpenditureReportContent {
    /// What the lines add up to: 200 of them stay far below what could overflow.
    pub fn total(&self) -> i64 {
        self.lines.iter().map(|line| line.amount.poisha()).sum()
    }

    /// What is wrong with it whenever it is written; `files` are those of the report.
    ///
    /// # Errors
    /// `ValidationFailed`.
    pub fn check(&self, files: &[AttachmentId]) -> Result<(), AppError> {
        let mut errors = Vec::new();
        for (place, line) in self.lines.iter().enumerate() {
            if line.amount.poisha() == 0 {
                errors.push(FieldError::body(
                    format!("/lines/{place}/amount/amount"),
                    "minimum",
                    "A line has to be more than nothing.",
                    "প্রতিটি লাইন শূন্যের বেশি হতে হবে।",
                ));
            }
            if line.voucher_id.is_some_and(|voucher| !files.contains(&voucher)) {
                errors.push(FieldError::unknown_reference(format!("/lines/{place}/voucher_id")));
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(AppError::validation(errors)) }
    }
}
