//! Words in a form in which inflections and spellings of one word are the same, in Bangla and in English. Nobody reads
//! these forms; they are only compared.

use std::{collections::HashSet, sync::LazyLock};

use crate::platform::text::search_words;

/// Words that say nothing of a pilot.
const STOP_WORDS: &str = "a an the of to in for and or on at by with from is are was were be been being have has had \
    their they them it its this that these those as into who whom which will would can could shall should may must so \
    not no than then there here he she his her we our you your i do does did done get gets got make makes made take \
    takes taken taking many much more most very all any each every some such only also when where while after before about over under \
    through now today already one two across between per own \
    ও এবং এর এ এই ওই সেই যে যা তা তার তাদের তাঁদের তিনি তারা করে করতে করা করার করেন করবে করবেন করছে হয় হয়ে হতে হবে হচ্ছে \
    জন্য জন্যে থেকে না নয় নেই কি একটি এক একজন দিয়ে দেওয়া দেয় দেন দিতে সঙ্গে সাথে মধ্যে উপর ওপর কোনো কোন আর বা নিয়ে \
    নিতে যায় যান যেতে পর পরে আগে প্রতি সব সকল অনেক বেশি কম আছে ছিল থাকে পারে পারেন কাছে দ্বারা মাধ্যমে হিসেবে এখন তবে কিন্তু \
    যাবে যাওয়া পাওয়া পেতে পাবেন বসে";

/// Words that every second pilot has: they count little.
const WEAK_WORDS: &str = "service services citizen citizens people public government office offices officer officers \
    upazila district union programme program project pilot initiative system online digital new small rural village \
    villages improve better easy time cost visit visits apply application \
    সেবা নাগরিক মানুষ জনগণ সরকারি অফিস কার্যালয় কর্মকর্তা উপজেলা জেলা ইউনিয়ন কর্মসূচি প্রকল্প পাইলট উদ্যোগ ব্যবস্থা \
    অনলাইন ডিজিটাল নতুন ক্ষুদ্র গ্রামীণ গ্রাম সহজ সময় খরচ যাতায়াত আবেদন";

static STOPPED: LazyLock<HashSet<String>> = LazyLock::new(|| search_words(STOP_WORDS).into_iter().collect());
static WEAK: LazyLock<HashSet<String>> =
    LazyLock::new(|| search_words(WEAK_WORDS).iter().map(|word| stem(word)).collect());

/// A word as it was written, in lower case, and the form in which it is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// As it was written.
    pub written: String,
    /// As it is compared.
    pub stem: String,
}

/// The words of a text that say something, in their order.
pub fn words(text: &str) -> impl Iterator<Item = Word> {
    search_words(text)
        .into_iter()
        .filter(|word| !STOPPED.contains(word) && !word.chars().all(|c| c.is_ascii_digit()))
        .map(|written| Word { stem: stem(&written), written })
        .filter(|word| word.stem.chars().count() >= 2)
}

/// Whether a compared form is one of a word that every second pilot has.
pub fn is_weak(stem: &str) -> bool {
    WEAK.contains(stem)
}

fn stem(word: &str) -> String {
    if word.chars().any(|c| matches!(c, '\u{0980}'..='\u{09FF}')) { bangla_stem(word) } else { english_stem(word) }
}

/// Endings of Bangla nouns, the longer ones first, in the spelling of [`fold_bangla`]: plural, article, case.
const BANGLA_ENDINGS: &[&str] = &[
    "গুলোতে",
    "গুলোকে",
    "গুলিতে",
    "গুলিকে",
    "সমুহের",
    "সমুহকে",
    "গুলোর",
    "গুলির",
    "সমুহে",
    "দেরকে",
    "সমুহ",
    "গুলো",
    "গুলি",
    "টিকে",
    "টিতে",
    "টাকে",
    "টাতে",
    "গনের",
    "দের",
    "েরা",
    "টির",
    "টার",
    "গন",
    "রা",
    "টি",
    "টা",
    "কে",
    "তে",
    "ের",
    "েও",
    "র",
    "ে",
    "য",
    "ও",
];

/// At least so many characters remain of a word.
const SHORTEST: usize = 3;

fn bangla_stem(word: &str) -> String {
    let mut stem = fold_bangla(word);
    // An ending may follow another one: খামার-গুলো-তে. Three rounds suffice, and end where a fourth would.
    for _ in 0..3 {
        let shorter = BANGLA_ENDINGS
            .iter()
            .filter_map(|ending| stem.strip_suffix(ending))
            .find(|rest| rest.chars().count() >= SHORTEST);
        match shorter {
            Some(rest) => stem = rest.to_owned(),
            None => break,
        }
    }
    stem
}

/// One letter for those that are mistaken for one another in spelling: long and short vowels, the three s, the two n.
fn fold_bangla(word: &str) -> String {
    word.chars()
        .filter_map(|c| match c {
            'ী' => Some('ি'),
            'ূ' => Some('ু'),
            'ঈ' => Some('ই'),
            'ঊ' => Some('উ'),
            'ণ' => Some('ন'),
            'শ' | 'ষ' => Some('স'),
            'ঙ' => Some('ং'),
            'ৎ' => Some('ত'),
            // Candrabindu, visarga, nukta.
            '\u{0981}' | '\u{0983}' | '\u{09BC}' => None,
            other => Some(other),
        })
        .collect()
}

/// Endings of English words, the longer ones first, and what they become.
const ENGLISH_ENDINGS: &[(&str, &str)] = &[
    ("isations", ""),
    ("isation", ""),
    ("ations", ""),
    ("ation", ""),
    ("ating", ""),
    ("ated", ""),
    ("ates", ""),
    ("ate", ""),
    ("ings", ""),
    ("ing", ""),
    ("ers", ""),
    ("er", ""),
    ("ies", "i"),
    ("ied", "i"),
    ("ed", ""),
    ("es", ""),
    ("ly", ""),
    ("s", ""),
    ("e", ""),
    ("y", "i"),
];

fn english_stem(word: &str) -> String {
    // British and American spelling.
    let mut stem = word.replace('z', "s").replace("our", "or");
    if let Some(rest) = stem.strip_suffix("tre") {
        stem = format!("{rest}ter");
    }
    let shorter = ENGLISH_ENDINGS
        .iter()
        .filter_map(|(ending, instead)| stem.strip_suffix(ending).map(|rest| (rest, instead)))
        .find(|(rest, _)| rest.chars().count() >= SHORTEST);
    if let Some((rest, instead)) = shorter {
        stem = format!("{rest}{instead}");
    }
    // programme, program; running, run.
    let mut ending = stem.chars().rev();
    if let (Some(last), Some(other)) = (ending.next(), ending.next())
        && last == other
        && stem.chars().count() > SHORTEST
    {
        stem.pop();
    }
    stem
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stems(text: &str) -> Vec<String> {
        words(text).map(|word| word.stem).collect()
    }

    #[test]
    fn inflections_of_a_word_are_one_word() {
        for forms in [
            ["খামারি", "খামারিরা", "খামারিদের", "খামারিকে"],
            ["শিবির", "শিবিরের", "শিবিরে", "শিবিরগুলো"],
            ["চিকিৎসা", "চিকিৎসার", "চিকিৎসায়", "চিকিৎসাকে"],
            ["farmer", "farmers", "farming", "farm"],
            ["vaccine", "vaccines", "vaccination", "vaccinated"],
        ] {
            let first = stems(forms[0]);
            assert_eq!(first.len(), 1);
            assert!(forms.iter().all(|form| stems(form) == first), "{:?}", forms.map(stems));
        }
    }

    #[test]
    fn spellings_of_a_word_are_one_word() {
        for (one, other) in [
            ("শ্রেণী", "শ্রেণি"),
            ("রূপান্তর", "রুপান্তর"),
            ("পরিবহণ", "পরিবহন"),
            ("programme", "program"),
            ("digitisation", "digitization"),
            ("centre", "center"),
            ("সময়", "সম\u{09AF}\u{09BC}"),
        ] {
            assert_eq!(stems(one), stems(other), "{one} {other}");
        }
    }

    #[test]
    fn words_that_say_nothing_are_left_out_and_others_stay_apart() {
        assert_eq!(stems("the of এবং জন্য 2026 ২০২৬"), Vec::<String>::new());
        assert_ne!(stems("পেনশন"), stems("পানি"));
        assert_ne!(stems("land"), stems("lamp"));
        assert!(is_weak(&stems("সেবার")[0]) && is_weak(&stems("citizens")[0]) && !is_weak(&stems("camp")[0]));
    }
}
