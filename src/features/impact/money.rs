//! Sums of money that may be larger than any one payment.

use serde::Serialize;
use utoipa::ToSchema;

use crate::platform::money::Currency;

/// A computed amount of money, as large as it may get.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"amount": "101850000.00", "currency": "BDT"}))]
pub struct LargeMoney {
    /// Taka with two decimals; negative when more was spent than before.
    #[schema(max_length = 42, pattern = r"^-?[0-9]+\.[0-9]{2}$")]
    pub amount: String,
    /// ISO 4217.
    #[schema(inline)]
    pub currency: Currency,
}

impl LargeMoney {
    /// Of a decimal with two places.
    pub const fn new(amount: String) -> Self {
        Self { amount, currency: Currency::Bdt }
    }
}
