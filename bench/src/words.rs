//! Made-up words in two scripts, as unevenly used as real ones: the word of rank r is used 1/r as often as the first.

/// How many words there are.
const WORDS: usize = 20_000;

pub struct Vocabulary {
    words: Vec<String>,
    /// Running sums of the weights.
    weights: Vec<f64>,
}

const ENGLISH: [&str; 24] = [
    "ba", "ce", "di", "for", "gu", "ha", "in", "ka", "lo", "mi", "na", "or", "pe", "ra", "ser", "ta", "un", "vi", "wa",
    "yo", "zi", "sha", "tri", "mon",
];
const BANGLA: [&str; 24] = [
    "কা",
    "খি",
    "গু",
    "ঘ",
    "চা",
    "ছি",
    "জে",
    "টা",
    "ডি",
    "তা",
    "দে",
    "ধা",
    "নি",
    "পা",
    "বি",
    "ভা",
    "মি",
    "যা",
    "রি",
    "লা",
    "শে",
    "সা",
    "হি",
    "ন্ত",
];

impl Vocabulary {
    pub fn new() -> Self {
        let words = (0..WORDS).map(word).collect();
        let weights = (1..=WORDS)
            .scan(0.0, |sum, rank| {
                *sum += 1.0 / f64::from(u32::try_from(rank).unwrap_or(u32::MAX));
                Some(*sum)
            })
            .collect();
        Self { words, weights }
    }

    /// A word as often as people use it.
    pub fn any(&self, random: &mut fastrand::Rng) -> &str {
        let all = self.weights.last().copied().unwrap_or(1.0);
        let at = random.f64() * all;
        &self.words[self.weights.partition_point(|sum| *sum < at).min(WORDS - 1)]
    }

    /// So many words.
    pub fn text(&self, random: &mut fastrand::Rng, words: usize) -> String {
        (0..words).map(|_| self.any(random)).collect::<Vec<_>>().join(" ")
    }

    /// What somebody would search for: mostly not the commonest words, in twos or alone.
    pub fn search(&self, random: &mut fastrand::Rng) -> String {
        let mut term = || {
            // Evenly over the orders of magnitude of rank, from 10 on.
            let rank = 10.0 * 2000.0_f64.powf(random.f64());
            self.words[(rank as usize).min(WORDS - 1)].clone()
        };
        let first = term();
        let second = term();
        if random.bool() { first } else { format!("{first} {second}") }
    }
}

/// The word of a rank: its digits in base 24, as syllables; every second word is Bangla.
fn word(rank: usize) -> String {
    let syllables = if rank.is_multiple_of(2) { ENGLISH } else { BANGLA };
    let mut number = rank / 2 + 24;
    let mut text = String::new();
    while number > 0 {
        text.push_str(syllables[number % 24]);
        number /= 24;
    }
    text
}
