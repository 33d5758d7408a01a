//! Digests by which pilots worth comparing are found without reading all of them: combinations of words that two
//! unrelated pilots hardly share and two similar ones share several of.
//!
//! - each pair of the title's words;
//! - each word of the title together with the service;
//! - of the body, the words with the smallest digest under several hash functions (MinHash), alone together with the
//!   service, and two by two without it.
//!
//! The smallest digests choose the same words in two similar texts, whatever their length, so a pilot has some sixty
//! shingles at most, however much is written.

use std::collections::BTreeSet;

use super::{
    profile::{Profile, Stems, Text},
    words::is_weak,
};

/// Of a title, at most so many words.
const OF_TITLE: usize = 6;
/// Of a body together with the service.
const OF_BODY: u64 = 6;
/// Of a body alone, two words each.
const BANDS: u64 = 4;
/// A body of fewer words has no bands: they would be those of every short text.
const SHORTEST_BODY: usize = 6;

/// The shingles of a pilot, sorted.
pub fn shingles(profile: &Profile) -> Vec<i64> {
    let service = profile.service_id.map(|id| id.to_string()).unwrap_or_default();
    let mut found = BTreeSet::new();
    for text in [&profile.bn, &profile.en] {
        add(text, &service, &mut found);
    }
    found.into_iter().collect()
}

fn add(text: &Text, service: &str, found: &mut BTreeSet<i64>) {
    let title = smallest(&text.title, OF_TITLE);
    for (index, one) in title.iter().enumerate() {
        found.insert(digest(&["service and title", service, one]));
        for other in title.iter().skip(index + 1) {
            found.insert(digest(&["title", one.min(other), one.max(other)]));
        }
    }
    if let [only] = title.as_slice() {
        found.insert(digest(&["title", only]));
    }
    for seed in 0..OF_BODY {
        if let Some(word) = minimum(&text.body, seed) {
            found.insert(digest(&["service and body", service, word]));
        }
    }
    if text.body.len() >= SHORTEST_BODY {
        for band in 0..BANDS {
            let rows = (minimum(&text.body, 100 + 2 * band), minimum(&text.body, 101 + 2 * band));
            if let (Some(one), Some(other)) = rows {
                found.insert(digest(&["body", one, other]));
            }
        }
    }
}

/// The words that say something, those with the smallest digests first.
fn smallest(stems: &Stems, most: usize) -> Vec<&str> {
    let mut chosen: Vec<(u64, &str)> =
        stems.keys().filter(|stem| !is_weak(stem)).map(|stem| (mixed(stem, 0), stem.as_str())).collect();
    chosen.sort_unstable();
    chosen.truncate(most);
    chosen.into_iter().map(|(_, stem)| stem).collect()
}

/// The word with the smallest digest under one hash function.
fn minimum(stems: &Stems, seed: u64) -> Option<&str> {
    stems.keys().filter(|stem| !is_weak(stem)).min_by_key(|stem| mixed(stem, seed)).map(String::as_str)
}

fn digest(parts: &[&str]) -> i64 {
    let hash = parts.iter().fold(OFFSET, |hash, part| finish(fnv(hash, part.as_bytes())));
    i64::from_be_bytes(hash.to_be_bytes())
}

fn mixed(word: &str, seed: u64) -> u64 {
    finish(fnv(OFFSET ^ finish(seed), word.as_bytes()))
}

/// FNV-1a: what is stored must stay the same for ever, whatever hasher the standard library has.
const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;

fn fnv(start: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(start, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The finaliser of SplitMix64: every bit of the input reaches every bit of the result.
fn finish(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}
