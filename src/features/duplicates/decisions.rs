//! What becomes of a pair when its pilot is handed in again: pure.

use super::{
    rows::DuplicateRow,
    score::Likeness,
    status::{DuplicateMove, DuplicateStatus, LIFECYCLE},
};
use crate::platform::{db::json_list::JsonList, error::AppError, lifecycle::next};

/// By so much two pilots have to become more alike before a dismissed pair is asked about again.
const CLEARLY_MORE: i32 = 10;

/// The pair after it was found again, if that changes it.
///
/// # Errors
/// None that the table of moves allows.
pub fn after_finding(before: &DuplicateRow, likeness: &Likeness) -> Result<Option<DuplicateRow>, AppError> {
    let found = DuplicateRow {
        score: likeness.score,
        shared_words: JsonList::new(likeness.shared_words.clone()),
        ..before.clone()
    };
    let asks_again = match before.status {
        DuplicateStatus::Open | DuplicateStatus::Accepted => {
            let changed = found.score != before.score || found.shared_words != before.shared_words;
            return Ok(changed.then_some(found));
        }
        // What an officer saw and dismissed stays dismissed; their score stays the measure.
        DuplicateStatus::Dismissed => likeness.score >= before.score + CLEARLY_MORE,
        DuplicateStatus::Lapsed => true,
    };
    if !asks_again {
        return Ok(None);
    }
    let status = next(LIFECYCLE, before.status, DuplicateMove::FindAgain)?.to;
    Ok(Some(DuplicateRow {
        status,
        proposal: None,
        proposal_reason: None,
        proposed_by: None,
        proposed_at: None,
        ..found
    }))
}

/// The pair after it was not found again, if that changes it.
///
/// # Errors
/// None that the table of moves allows.
pub fn after_missing(before: &DuplicateRow) -> Result<Option<DuplicateRow>, AppError> {
    if !DuplicateStatus::IN_THE_WAY.contains(&before.status) {
        return Ok(None);
    }
    let status = next(LIFECYCLE, before.status, DuplicateMove::Lapse)?.to;
    Ok(Some(DuplicateRow { status, ..before.clone() }))
}
