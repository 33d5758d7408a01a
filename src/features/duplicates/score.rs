//! How alike two pilots are, in whole hundredths. All of it is integer arithmetic on words, so both engines and every
//! machine give the same number.

use std::collections::BTreeSet;

use super::{
    profile::{Profile, Stems, Text},
    words::is_weak,
};

/// From here on two pilots are offered as possible duplicates.
pub const THRESHOLD: i32 = 55;

/// What a score is made of, out of a hundred: the two texts, the service, the places.
const OF_TEXT: i32 = 80;
const OF_SERVICE: i32 = 15;
const OF_PLACE: i32 = 5;

/// So many shared words are told.
const MOST_SHARED: usize = 20;

/// A score and the words that two pilots share, as the first one writes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Likeness {
    /// From 0 to 100.
    pub score: i32,
    /// Shared words.
    pub shared_words: Vec<String>,
}

/// Compares two pilots. The language in which they are more alike counts, since many are written in one only.
pub fn compare(one: &Profile, other: &Profile) -> Likeness {
    let text = text_score(&one.bn, &other.bn).max(text_score(&one.en, &other.en));
    let service = if one.service_id.is_some() && one.service_id == other.service_id { 100 } else { 0 };
    let place = if one.districts.iter().any(|district| other.districts.contains(district)) { 100 } else { 0 };
    let mut shared_words: Vec<String> = Vec::new();
    for (mine, theirs) in [(&one.bn, &other.bn), (&one.en, &other.en)] {
        for (left, right) in [(&mine.title, &theirs.title), (&mine.body, &theirs.body)] {
            let shared = left.iter().filter(|(stem, _)| right.contains_key(*stem) && !is_weak(stem));
            shared_words.extend(shared.map(|(_, written)| written.clone()));
        }
    }
    let mut seen = BTreeSet::new();
    shared_words.retain(|word| seen.insert(word.clone()));
    shared_words.truncate(MOST_SHARED);
    Likeness { score: (OF_TEXT * text + OF_SERVICE * service + OF_PLACE * place) / 100, shared_words }
}

/// Title and body count the same; where one side has no body, the title alone does.
fn text_score(one: &Text, other: &Text) -> i32 {
    let title = overlap(&one.title, &other.title, true);
    match (one.body.is_empty(), other.body.is_empty()) {
        (false, false) => (title + overlap(&one.body, &other.body, false)) / 2,
        _ => title * 2 / 3,
    }
}

/// Twice what is shared, through the sum of both (Sørensen and Dice), in hundredths; weak words weigh a third. With
/// `forgiving`, a word that is almost spelled like one on the other side counts as shared: for titles, which are short.
fn overlap(one: &Stems, other: &Stems, forgiving: bool) -> i32 {
    let weight = |stem: &str| if is_weak(stem) { 1 } else { 3 };
    let sum = |stems: &Stems| stems.keys().map(|stem| weight(stem)).sum::<i32>();
    let all = sum(one) + sum(other);
    if all == 0 {
        return 0;
    }
    let mut shared = 0;
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    for stem in one.keys() {
        if other.contains_key(stem) {
            taken.insert(stem);
            shared += 2 * weight(stem);
        }
    }
    if forgiving {
        for stem in one.keys().filter(|stem| !other.contains_key(*stem)) {
            let alike = other
                .keys()
                .find(|known| !one.contains_key(*known) && !taken.contains(known.as_str()) && almost_same(stem, known));
            if let Some(known) = alike {
                taken.insert(known);
                shared += weight(stem) + weight(known);
            }
        }
    }
    shared * 100 / all
}

/// Whether two words share most of their pairs of neighbouring letters.
fn almost_same(one: &str, other: &str) -> bool {
    let pairs = |word: &str| -> Vec<(char, char)> { word.chars().zip(word.chars().skip(1)).collect() };
    let (one, mut other) = (pairs(one), pairs(other));
    let all = one.len() + other.len();
    if one.len() < 4 || other.len() < 4 {
        return false;
    }
    let mut shared = 0;
    for pair in &one {
        if let Some(place) = other.iter().position(|known| known == pair) {
            other.swap_remove(place);
            shared += 2;
        }
    }
    shared * 4 >= all * 3
}
