//! Exact decimals with two places: poisha of a taka, hundredths of a minute, hundredths of a visit.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use utoipa::{PartialSchema, ToSchema, openapi};

/// A number of hundredths. In JSON a string with exactly two decimals, such as `"12.50"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hundredths(i64);

/// What a request may state: not negative, at most eleven digits before the point.
pub const PATTERN: &str = r"^[0-9]{1,11}\.[0-9]{2}$";

impl Hundredths {
    /// So many hundredths.
    pub const fn new(hundredths: i64) -> Self {
        Self(hundredths)
    }

    /// The number of hundredths.
    pub const fn value(self) -> i64 {
        self.0
    }

    /// Reads `digits.digits` with exactly two decimals; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, cents) = text.split_once('.')?;
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.len() > 11 || cents.len() != 2 || !digits(whole) || !digits(cents) {
            return None;
        }
        let whole: i64 = whole.parse().ok()?;
        let cents: i64 = cents.parse().ok()?;
        Some(Self(whole * 100 + cents))
    }
}

impl fmt::Display for Hundredths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let magnitude = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", magnitude / 100, magnitude % 100)
    }
}

impl Serialize for Hundredths {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hundredths {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("not a decimal with two places"))
    }
}

impl PartialSchema for Hundredths {
    fn schema() -> openapi::RefOr<openapi::schema::Schema> {
        openapi::ObjectBuilder::new()
            .schema_type(openapi::schema::Type::String)
            // It bounds the length too.
            .pattern(Some(PATTERN))
            .examples([serde_json::json!("12.50")])
            .build()
            .into()
    }
}
impl ToSchema for Hundredths {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_two_decimals_exactly() {
        for (text, value) in
            [("0.00", 0), ("0.05", 5), ("125000.00", 12_500_000), ("99999999999.99", 9_999_999_999_999)]
        {
            assert_eq!(Hundredths::parse(text).map(Hundredths::value), Some(value));
            assert_eq!(Hundredths::new(value).to_string(), text);
        }
        assert_eq!(Hundredths::new(-5).to_string(), "-0.05");
        assert_eq!(Hundredths::new(i64::MIN).to_string(), "-92233720368547758.08");
    }

    #[test]
    fn refuses_everything_else() {
        for text in
            ["", "1", "1.0", "1.000", "-1.00", "+1.00", " 1.00", "1,00", ".50", "1e2", "৫.০০", "123456789012.00"]
        {
            assert_eq!(Hundredths::parse(text), None, "{text}");
        }
    }
}
