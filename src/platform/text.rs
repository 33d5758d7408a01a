//! Text for people: two languages, one normal form, and the words it is found by.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};
use unicode_segmentation::UnicodeSegmentation;
use utoipa::ToSchema;

use super::text_enum::text_enum;

text_enum! {
    /// The two languages of the service.
    Language {
        /// Bangla.
        Bn = "bn",
        /// English.
        En = "en",
    }
}

impl Language {
    /// The preferred of our two languages in an `Accept-Language` header; English when neither is named.
    pub fn from_accept_language(header: &str) -> Self {
        let mut best = (Self::En, 0.0_f32);
        for part in header.split(',') {
            let mut pieces = part.trim().split(';');
            let tag = pieces.next().unwrap_or_default().to_ascii_lowercase();
            let weight =
                pieces.find_map(|piece| piece.trim().strip_prefix("q=")).map_or(1.0, |q| q.parse().unwrap_or(0.0));
            let language = match tag.split('-').next() {
                Some("bn") => Self::Bn,
                Some("en") => Self::En,
                _ => continue,
            };
            if weight > best.1 {
                best = (language, weight);
            }
        }
        best.0
    }
}

/// A sentence of ours in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bilingual {
    /// The English sentence.
    pub en: Cow<'static, str>,
    bn: Cow<'static, str>,
}

impl Bilingual {
    /// Pairs an English sentence with the Bangla one.
    pub fn new(en: impl Into<Cow<'static, str>>, bn: impl Into<Cow<'static, str>>) -> Self {
        Self { en: en.into(), bn: bn.into() }
    }

    /// The Bangla sentence, its numbers in Bangla digits: the one place where it is made readable.
    pub fn bn(&self) -> Cow<'_, str> {
        with_bangla_digits(&self.bn)
    }

    /// The sentence in `language`.
    pub fn in_language(&self, language: Language) -> Cow<'_, str> {
        match language {
            Language::Bn => self.bn(),
            Language::En => Cow::Borrowed(&self.en),
        }
    }
}

/// Every digit in Bangla.
pub fn bangla_digits(text: &str) -> String {
    text.chars().map(|c| c.to_digit(10).and_then(|digit| char::from_u32(u32::from('০') + digit)).unwrap_or(c)).collect()
}

/// The numbers of a Bangla sentence in Bangla digits. What has to be typed as it stands keeps its own: words with Latin
/// letters (`PIL-2026-00042`, `UTF-8`) and whatever is between backticks.
fn with_bangla_digits(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return Cow::Borrowed(text);
    }
    let mut written = String::with_capacity(text.len() * 2);
    for (part, piece) in text.split('`').enumerate() {
        if part > 0 {
            written.push('`');
        }
        if part % 2 == 1 {
            written.push_str(piece);
            continue;
        }
        for word in piece.split_inclusive(char::is_whitespace) {
            if word.bytes().any(|byte| byte.is_ascii_alphabetic()) {
                written.push_str(word);
            } else {
                written.push_str(&bangla_digits(word));
            }
        }
    }
    Cow::Owned(written)
}

/// People's text as the API shows it: each language is there or null.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"bn": "পশু স্বাস্থ্য শিবির", "en": "Animal Health Camp"}))]
pub struct LocalizedText {
    /// Bangla.
    #[schema(required, max_length = 5000)]
    pub bn: Option<String>,
    /// English.
    #[schema(required, max_length = 5000)]
    pub en: Option<String>,
}

impl LocalizedText {
    /// From two columns.
    pub fn new(bn: Option<String>, en: Option<String>) -> Self {
        Self { bn, en }
    }

    /// Whether both languages are there, as publication needs.
    pub fn is_complete(&self) -> bool {
        self.bn.is_some() && self.en.is_some()
    }

    /// Whether at least one language is there.
    pub fn is_present(&self) -> bool {
        self.bn.is_some() || self.en.is_some()
    }
}

/// A name or title in a request: at least one language, at most 200 characters in each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({"bn": "পশু স্বাস্থ্য শিবির", "en": "Animal Health Camp"}))]
pub struct TitleInput {
    /// Bangla.
    #[schema(min_length = 1, max_length = 200, pattern = r"\S")]
    pub bn: Option<String>,
    /// English.
    #[schema(min_length = 1, max_length = 200, pattern = r"\S")]
    pub en: Option<String>,
}

/// Prose in a request: at least one language, at most 5,000 characters in each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({"bn": "খামারিরা দূরে যেতে বাধ্য হন।", "en": "Farmers have to travel far."}))]
pub struct ProseInput {
    /// Bangla.
    #[schema(min_length = 1, max_length = 5000, pattern = r"\S")]
    pub bn: Option<String>,
    /// English.
    #[schema(min_length = 1, max_length = 5000, pattern = r"\S")]
    pub en: Option<String>,
}

/// What the two kinds of text input have in common.
pub trait TextInput {
    /// Bangla, then English.
    fn languages(&self) -> (&Option<String>, &Option<String>);

    /// Whether at least one language is there.
    fn is_present(&self) -> bool {
        let (bn, en) = self.languages();
        bn.is_some() || en.is_some()
    }
}

impl TextInput for TitleInput {
    fn languages(&self) -> (&Option<String>, &Option<String>) {
        (&self.bn, &self.en)
    }
}

impl TextInput for ProseInput {
    fn languages(&self) -> (&Option<String>, &Option<String>) {
        (&self.bn, &self.en)
    }
}

impl<T: TextInput> TextInput for &T {
    fn languages(&self) -> (&Option<String>, &Option<String>) {
        T::languages(self)
    }
}

/// The two columns of an optional text input.
pub fn columns<T: TextInput>(text: Option<&T>) -> (Option<String>, Option<String>) {
    text.map(TextInput::languages).map_or((None, None), |(bn, en)| (bn.clone(), en.clone()))
}

/// Normal form C, line ends as U+000A.
pub fn normalise(text: String) -> String {
    let text = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text };
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => text,
        _ => text.nfc().collect(),
    }
}

/// The texts without a forbidden character, as a pattern for the published schemas.
pub const PLAIN: &str = r"^[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u200B\u202A-\u202E\u2060\u2066-\u2069\u3164\uFEFF\uFFFE\uFFFF]*$";

/// The same, for a text that has to have something to read in it.
pub const PLAIN_NOT_BLANK: &str = r"^[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u200B\u202A-\u202E\u2060\u2066-\u2069\u3164\uFEFF\uFFFE\uFFFF]*[^\s\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u200B\u202A-\u202E\u2060\u2066-\u2069\u3164\uFEFF\uFFFE\uFFFF][^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u200B\u202A-\u202E\u2060\u2066-\u2069\u3164\uFEFF\uFFFE\uFFFF]*$";

/// The same, for one line without spaces at its ends.
pub const PLAIN_LINE: &str = r"^[^\s\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u200B\u202A-\u202E\u2060\u2066-\u2069\u3164\uFEFF\uFFFE\uFFFF](?:[^\u0000-\u001F\u007F-\u009F\u200B\u202A-\u202E\u2060\u2066-\u2069\u3164\uFEFF\uFFFE\uFFFF]*[^\s\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u200B\u202A-\u202E\u2060\u2066-\u2069\u3164\uFEFF\uFFFE\uFFFF])?$";

/// Whether text holds a control character other than a line end or a tab, a non-character, something invisible that
/// looks like nothing (Bangla needs the joiners, so they stay), or a mark that turns the reading direction.
pub fn has_forbidden_character(text: &str) -> bool {
    text.chars().any(|c| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{FFFE}' | '\u{FFFF}' | '\u{FEFF}' | '\u{200B}' | '\u{2060}' | '\u{3164}')
            || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    })
}

/// The words of a text, in the form in which they are stored and looked up: NFC, lower case, joiners gone,
/// Bangla digits as ASCII digits. Cut by UAX #29, so that a Bangla word keeps its vowel signs and conjuncts.
pub fn search_words(text: &str) -> Vec<String> {
    let folded: String = text
        .nfc()
        .filter(|c| !matches!(c, '\u{200C}' | '\u{200D}'))
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            '০'..='৯' => char::from_digit(u32::from(c).wrapping_sub(u32::from('০')), 10).unwrap_or(c),
            _ => c,
        })
        .collect();
    folded
        .unicode_words()
        .flat_map(|word| word.split(['\'', '’', '.', ',', '_', ':', ';', '·']))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bangla_sentence_counts_in_bangla() {
        let of = |bn: &'static str| Bilingual::new("", bn).bn().into_owned();
        assert_eq!(of("সর্বোচ্চ 200টি, 1,000 নয়; 2026-07-31 পর্যন্ত।"), "সর্বোচ্চ ২০০টি, ১,০০০ নয়; ২০২৬-০৭-৩১ পর্যন্ত।");
        let exact = "`2026-27` এর মতো, PIL-2026-00042 বা UTF-8";
        assert_eq!(of(exact), exact);
        assert_eq!(Bilingual::new("At most 5.", "সর্বোচ্চ 5").in_language(Language::En), "At most 5.");
    }

    #[test]
    fn bangla_words_stay_whole() {
        assert_eq!(search_words("খামারি, সম্প্রসারণ ও পেনশন।"), ["খামারি", "সম্প্রসারণ", "ও", "পেনশন"]);
    }

    #[test]
    fn composed_and_decomposed_are_one_word() {
        // য় as one code point and as য + nukta; ো as one and as ে + া.
        assert_eq!(search_words("\u{09B8}\u{09AE}\u{09DF}"), search_words("\u{09B8}\u{09AE}\u{09AF}\u{09BC}"));
        assert_eq!(search_words("ক\u{09CB}"), search_words("ক\u{09C7}\u{09BE}"));
        assert_eq!(search_words("২০২৬ Camp"), ["2026", "camp"]);
    }

    #[test]
    fn the_preferred_language_wins() {
        assert_eq!(Language::from_accept_language("bn-BD,en;q=0.8"), Language::Bn);
        assert_eq!(Language::from_accept_language("fr, en;q=0.3, bn;q=0.2"), Language::En);
        assert_eq!(Language::from_accept_language(""), Language::En);
        assert_eq!(Language::from_accept_language("bn;q=0"), Language::En);
    }

    #[test]
    fn the_published_patterns_say_the_same() {
        let compiled = |pattern: &str| jsonschema::validator_for(&serde_json::json!({"pattern": pattern})).unwrap();
        let (plain, not_blank) = (compiled(PLAIN), compiled(PLAIN_NOT_BLANK));
        for c in ('\0'..='\u{FFFF}').chain(['\u{1F600}', char::MAX]) {
            // A carriage return is turned into a line feed before anyone looks.
            let is_allowed = c == '\r' || !has_forbidden_character(&c.to_string());
            assert_eq!(plain.is_valid(&format!("a{c}b").into()), is_allowed, "{c:?}");
        }
        let line = compiled(PLAIN_LINE);
        for (text, is_line) in
            [("a", true), ("ক খ", true), (" a", false), ("a ", false), ("a\nb", false), ("a\u{1b}b", false)]
        {
            assert_eq!(line.is_valid(&text.into()), is_line, "{text:?}");
        }
        for (text, is_readable) in [("", false), (" \n\t", false), (" ক ", true), ("a\n\nb", true), ("a\u{0}", false)]
        {
            assert_eq!(not_blank.is_valid(&text.into()), is_readable, "{text:?}");
        }
    }

    #[test]
    fn control_characters_are_seen() {
        assert!(has_forbidden_character("a\u{0}b"));
        assert!(has_forbidden_character("a\u{85}b"));
        assert!(!has_forbidden_character("a\n\tখ"));
        assert_eq!(normalise("a\r\nb\rc".into()), "a\nb\nc");
    }
}
