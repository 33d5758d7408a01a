//! What is compared of a pilot.

use std::collections::BTreeMap;

use super::words::{Word, words};
use crate::{features::pilots::PilotRow, platform::ids::ServiceId};

/// More words than this of one text are not looked at: a bound on the work, far above what people write.
const MOST_WORDS: usize = 400;

/// Compared forms with one way in which each was written.
pub type Stems = BTreeMap<String, String>;

/// A pilot's words in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// Those of the title.
    pub title: Stems,
    /// Those of problem, proposed change and summary.
    pub body: Stems,
}

/// What is compared of a pilot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The Bangla text.
    pub bn: Text,
    /// The English text.
    pub en: Text,
    /// The service that is to improve.
    pub service_id: Option<ServiceId>,
    /// Where.
    pub districts: Vec<String>,
}

impl Profile {
    /// Of a pilot.
    pub fn of(row: &PilotRow) -> Self {
        Self {
            bn: Text {
                title: stems(&[&row.title_bn]),
                body: stems(&[&row.problem_bn, &row.proposed_change_bn, &row.summary_bn]),
            },
            en: Text {
                title: stems(&[&row.title_en]),
                body: stems(&[&row.problem_en, &row.proposed_change_en, &row.summary_en]),
            },
            service_id: row.service_id,
            districts: row.districts.to_vec(),
        }
    }
}

fn stems(texts: &[&Option<String>]) -> Stems {
    let mut found = Stems::new();
    for Word { written, stem } in texts.iter().filter_map(|text| text.as_deref()).flat_map(words) {
        if found.len() >= MOST_WORDS {
            break;
        }
        found.entry(stem).or_insert(written);
    }
    found
}
