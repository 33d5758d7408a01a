//! Where a search looks, one stretch of time after the other: pure.
//!
//! The first stretch holds some hundred pilots. What was found there says how long the next one has to be for the page to
//! become full, so that little more is read than is shown, however common the words are.

/// The digits of an id that stand before a word, with the mark before them, from the shortest piece of time to the
/// longest: 16^6 ms are 4.7 hours, each digit less is 16 times that. The migration `words_by_time` writes them.
const STEPS: [(u32, char); 3] = [(FINEST, '\u{e006}'), (5, '\u{e005}'), (LONGEST, '\u{e004}')];
/// So many digits number the shortest pieces.
const FINEST: u32 = 6;
/// So many the longest.
const LONGEST: u32 = 4;
/// So many pieces are asked for at once; of the longest so many more.
const MOST_PIECES: u64 = 4;
const MOST_LONG_PIECES: u64 = 16;
/// While nothing was found, a stretch is so many times as long as all before it.
const GROWTH: u64 = 16;
/// After so many stretches everything that is left is asked for at once.
const MOST_STRETCHES: u32 = 24;

/// Some pieces of time, and what their first digits are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stretch {
    /// All that is left.
    Rest,
    /// Where the first `digits` of the ids are from one number to another.
    Within {
        /// How many digits.
        digits: u32,
        /// What stands before them in the index.
        mark: char,
        /// The lowest number.
        from: u64,
        /// The highest.
        to: u64,
    },
}

impl Stretch {
    /// Whether it may hold so much that it is worth while to see first which word is rare in it.
    pub const fn is_long(&self) -> bool {
        matches!(self, Self::Rest | Self::Within { digits: LONGEST, .. })
    }

    /// What stands before a word in each piece.
    pub fn before_words(&self) -> Vec<String> {
        match self {
            Self::Rest => vec![String::new()],
            Self::Within { digits, mark, from, to } => {
                (*from..=*to).map(|piece| format!("{mark}{}", in_digits(piece, *digits))).collect()
            }
        }
    }
}

/// The way through all pilots in their order, or against it.
#[derive(Debug)]
pub struct Walk {
    descending: bool,
    /// The next shortest piece; none when the last one was looked at.
    at: Option<u64>,
    /// The shortest piece that holds the last pilot.
    end: u64,
    /// The shortest piece up to which the first stretch goes.
    near: u64,
    /// How many shortest pieces were looked at.
    covered: u64,
    stretches: u32,
}

impl Walk {
    /// From the pilot `first`; up to `near` there are some hundred, and `last` is the last of all. None if these are no
    /// identifiers.
    pub fn new(descending: bool, first: &str, near: &str, last: &str) -> Option<Self> {
        let (at, near, end) = (piece(first)?, piece(near)?, piece(last)?);
        Some(Self { descending, at: Some(at), end, near, covered: 0, stretches: 0 })
    }

    /// The next stretch, after so many of the wanted ones were found; and the bound behind which the one after it begins,
    /// to compare identifiers with.
    pub fn next(&mut self, found: usize, wanted: usize) -> Option<(Stretch, String)> {
        let at = self.at?;
        self.stretches += 1;
        let goal = self.goal(at, found, wanted);
        let number = |of: u64, digits: u32| of >> (4 * (FINEST - digits));
        let fits = |(digits, _): &&(u32, char)| number(at, *digits).abs_diff(number(goal, *digits)) < MOST_PIECES;
        let (digits, mark) = STEPS.iter().find(fits).copied().unwrap_or(STEPS[2]);
        // To the end through long pieces: one word without a time is sooner found than many with one.
        if self.stretches > MOST_STRETCHES || digits == LONGEST && goal == self.end {
            self.at = None;
            return Some((Stretch::Rest, String::new()));
        }
        let from = number(at, digits);
        let to = self.towards(from, number(goal, digits).abs_diff(from).min(MOST_LONG_PIECES - 1));
        let is_last = number(self.end, digits) == to;
        let shift = 4 * (FINEST - digits);
        let (beyond, bound) =
            if self.descending { ((to << shift).checked_sub(1), to) } else { (Some((to + 1) << shift), to + 1) };
        self.covered += beyond.unwrap_or(0).abs_diff(at);
        self.at = beyond.filter(|_| !is_last);
        let stretch = Stretch::Within { digits, mark, from: from.min(to), to: from.max(to) };
        Some((stretch, in_digits(bound, digits)))
    }

    /// Up to which shortest piece to look.
    fn goal(&self, at: u64, found: usize, wanted: usize) -> u64 {
        if self.covered == 0 {
            return self.near;
        }
        let (found, wanted) = (u64::try_from(found).unwrap_or(u64::MAX), u64::try_from(wanted).unwrap_or(u64::MAX));
        let longest = self.covered.saturating_mul(GROWTH);
        // Half as much again as the density so far asks for.
        let missing = wanted.saturating_sub(found).saturating_mul(self.covered).saturating_mul(3);
        let length = missing.checked_div(found.saturating_mul(2)).map_or(longest, |length| length.min(longest));
        let goal = self.towards(at, length);
        if self.descending { goal.max(self.end) } else { goal.min(self.end) }
    }

    fn towards(&self, from: u64, by: u64) -> u64 {
        if self.descending { from.saturating_sub(by) } else { from.saturating_add(by) }
    }
}

/// The shortest piece that an id is of.
fn piece(id: &str) -> Option<u64> {
    u64::from_str_radix(id.get(..6)?, 16).ok()
}

fn in_digits(number: u64, digits: u32) -> String {
    format!("{number:0width$x}", width = usize::try_from(digits).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(descending: bool, first: &str, near: &str, last: &str) -> Walk {
        Walk::new(descending, first, near, last).unwrap()
    }

    fn step(walk: &mut Walk, found: usize) -> (Vec<String>, String) {
        let (stretch, bound) = walk.next(found, 26).unwrap();
        let pieces = stretch.before_words();
        (pieces.iter().map(|piece| piece.chars().skip(1).collect()).collect(), bound)
    }

    #[test]
    fn a_search_begins_with_the_shortest_pieces_that_hold_enough() {
        let mut latest_first = walk(true, "0192f0c1-7c1e", "0192f0bf-0000", "01800000-0000");
        assert_eq!(step(&mut latest_first, 0), (vec!["0192f0".to_owned()], "0192f0".to_owned()));
        let mut oldest_first = walk(false, "0192f0c1-7c1e", "0192f3c1-7c1e", "01930000-0000");
        assert_eq!(step(&mut oldest_first, 0).0.len(), 4);
        let mut sparse = walk(true, "0192f0c1-7c1e", "01900000-0000", "01000000-0000");
        assert_eq!(step(&mut sparse, 0), (["0190", "0191", "0192"].map(str::to_owned).to_vec(), "0190".to_owned()));
    }

    #[test]
    fn what_was_found_says_how_far_to_go_on() {
        let mut many = walk(true, "0192f0c1-7c1e", "0192f0bf-0000", "01000000-0000");
        step(&mut many, 0);
        // 20 in a piece: the next one gives the 6 that are missing.
        assert_eq!(step(&mut many, 20), (["0192ef"].map(str::to_owned).to_vec(), "0192ef".to_owned()));
        let mut few = walk(true, "0192f0c1-7c1e", "0192f0bf-0000", "01000000-0000");
        step(&mut few, 0);
        // Nothing: 16 times as far, which begins in the next longer piece.
        assert_eq!(step(&mut few, 0), (["0192d", "0192e"].map(str::to_owned).to_vec(), "0192d".to_owned()));
        assert_eq!(step(&mut few, 0).1, "0190");
    }

    #[test]
    fn it_ends_with_the_last_pilot_and_leaves_no_gap() {
        for (descending, first, last) in [(true, "0192f0", "016000"), (false, "016000", "0192f0")] {
            let mut walk = walk(descending, first, first, last);
            let mut at = piece(first).unwrap();
            let mut is_whole = false;
            // Some are found, so that it does not go to the end at once.
            while let Some((stretch, bound)) = walk.next(13, 26) {
                let Stretch::Within { digits, from, to, .. } = stretch else {
                    is_whole = true;
                    continue;
                };
                assert!((from..=to).contains(&(at >> (4 * (FINEST - digits)))), "{at:x} {from:x} {to:x}");
                let next = piece(&format!("{bound:0<6}")).unwrap();
                at = if descending { next - 1 } else { next };
            }
            assert!(is_whole, "the rest is asked for in one");
        }
        // Through short pieces it just ends.
        let mut short = walk(true, "0192f0", "0192ef", "0192ef");
        assert_eq!(step(&mut short, 0).1, "0192ef");
        assert_eq!(short.next(0, 26), None);
    }
}
