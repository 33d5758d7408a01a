//! What is wrong with a text that should be an amount with two decimals.

use super::ErrorParams;
use crate::platform::text::Bilingual;

/// The code, the sentence and the bounds.
pub type Finding = (&'static str, Bilingual, ErrorParams);

/// The most that can be stated.
const MOST: &str = "99999999999.99";

/// Says which rule a text breaks that is no amount of eleven digits and two decimals.
pub fn finding(text: &str) -> Finding {
    let (is_negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, decimals) = rest.split_once('.').unwrap_or((rest, ""));
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_number(whole) || !is_number(decimals) || rest.ends_with('.') {
        let detail = Bilingual::new(
            "This is no amount: write digits, a point and two decimals, such as 75000.00.",
            "এটি কোনো পরিমাণ নয়: ইংরেজি অঙ্ক, দশমিক বিন্দু ও দুই ঘর লিখুন, যেমন `75000.00`।",
        );
        ("pattern", detail, ErrorParams::default())
    } else if is_negative {
        let detail = Bilingual::new("This may not be negative.", "এটি ঋণাত্মক হতে পারে না।");
        ("negative", detail, ErrorParams::minimum("0.00"))
    } else if decimals.len() != 2 {
        let detail = Bilingual::new(
            "This needs exactly two decimals, such as 75000.00.",
            "দশমিকের পরে ঠিক দুই ঘর দিতে হবে, যেমন `75000.00`।",
        );
        ("decimals", detail, ErrorParams::default())
    } else {
        let detail = Bilingual::new(format!("This may be at most {MOST}."), format!("এটি সর্বোচ্চ {MOST} হতে পারে।"));
        ("maximum", detail, ErrorParams::maximum(MOST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mistake_has_its_own_code() {
        for (text, code) in [
            ("5.000", "decimals"),
            ("5", "decimals"),
            ("5.0", "decimals"),
            ("-5.00", "negative"),
            ("-0.001", "negative"),
            ("123456789012.00", "maximum"),
            ("", "pattern"),
            (".50", "pattern"),
            ("5.", "pattern"),
            ("1e2", "pattern"),
            ("1,000.00", "pattern"),
            ("৫.০০", "pattern"),
            ("--5.00", "pattern"),
        ] {
            assert_eq!(finding(text).0, code, "{text}");
        }
    }
}
