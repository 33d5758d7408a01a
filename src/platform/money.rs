//! Money: whole poisha inside (1 BDT = 100 poisha), a decimal string with its currency outside, never a float.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::quantity::Hundredths;

/// An amount of money as the API shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"amount": "125000.00", "currency": "BDT"}))]
pub struct Money {
    /// Taka with two decimals.
    #[schema(max_length = 22, pattern = r"^-?[0-9]{1,17}\.[0-9]{2}$")]
    pub amount: String,
    /// ISO 4217.
    #[schema(inline)]
    pub currency: Currency,
}

/// An amount of money as a request states it: not negative.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"amount": "125000.00", "currency": "BDT"}))]
pub struct MoneyInput {
    /// Taka with exactly two decimals, up to 99,999,999,999.99.
    #[schema(inline)]
    pub amount: Hundredths,
    /// ISO 4217; only the taka is accepted.
    #[schema(inline)]
    pub currency: Currency,
}

/// The currencies that are accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum Currency {
    /// Bangladeshi taka.
    #[serde(rename = "BDT")]
    Bdt,
}

impl Money {
    /// The amount of so many poisha.
    pub fn from_poisha(poisha: i64) -> Self {
        Self { amount: Hundredths::new(poisha).to_string(), currency: Currency::Bdt }
    }
}

impl MoneyInput {
    /// The same amount in poisha.
    pub fn poisha(&self) -> i64 {
        self.amount.value()
    }

    /// The input that would state so many poisha.
    pub fn from_poisha(poisha: i64) -> Self {
        Self { amount: Hundredths::new(poisha), currency: Currency::Bdt }
    }
}
