//! The conditions of a gate as they stand, and what waivers may make of them. All but [`evaluate`] is pure.

use super::{Condition, ConditionResult, Evaluated, Finding, Gate, rows::GateWaiver};
use crate::{
    features::{GATE_CONDITIONS, pilots::PilotRow},
    platform::{
        db::DbConnection,
        error::{AppError, FieldError},
        text::Bilingual,
    },
};

/// A condition and how it stands.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// The condition's code.
    pub code: &'static str,
    /// Whether it can be waived.
    pub is_waivable: bool,
    /// How it stands.
    pub finding: Finding,
}

/// All conditions of a gate, as they stand for a pilot now.
///
/// # Errors
/// Those of the database.
pub fn evaluate(connection: &mut DbConnection, pilot: &PilotRow, gate: Gate) -> Result<Vec<Evaluation>, AppError> {
    let of_gate = GATE_CONDITIONS.iter().filter(|condition| condition.gate() == gate);
    of_gate.map(|condition| evaluate_one(connection, pilot, *condition)).collect()
}

fn evaluate_one(
    connection: &mut DbConnection,
    pilot: &PilotRow,
    condition: &dyn Condition,
) -> Result<Evaluation, AppError> {
    let finding = condition.evaluate(connection, pilot)?;
    Ok(Evaluation { code: condition.code(), is_waivable: condition.is_waivable(), finding })
}

impl Evaluation {
    fn is_unmet(&self) -> bool {
        self.finding.result == ConditionResult::Unmet
    }

    fn as_obstacle(&self) -> FieldError {
        FieldError::condition(self.code, self.finding.detail.clone())
    }
}

/// Whether nothing stands in the way.
pub fn is_met(evaluations: &[Evaluation]) -> bool {
    !evaluations.iter().any(Evaluation::is_unmet)
}

/// What a decision keeps of an evaluation: unmet conditions that it waives are `waived`.
pub fn snapshot(evaluations: &[Evaluation], waivers: &[GateWaiver]) -> Vec<Evaluated> {
    evaluations
        .iter()
        .map(|it| Evaluated {
            code: it.code.to_owned(),
            result: if it.is_unmet() && covers(waivers, it) { ConditionResult::Waived } else { it.finding.result },
            is_waivable: it.is_waivable,
            detail_en: it.finding.detail.en.to_string(),
            detail_bn: it.finding.detail.bn().into_owned(),
            evidence: it.finding.evidence.clone(),
        })
        .collect()
}

/// What is wrong with waivers as they are sent: each has to name another unmet, waivable condition of the gate.
pub fn wrong_waivers(evaluations: &[Evaluation], waivers: &[GateWaiver]) -> Vec<FieldError> {
    let wrong = |(index, waiver): (usize, &GateWaiver)| {
        let (code, en, bn) = match evaluations.iter().find(|it| it.code == waiver.code) {
            _ if waivers.iter().take(index).any(|earlier| earlier.code == waiver.code) => {
                ("duplicate", "This condition is waived twice.", "এই শর্তে দুবার ছাড় চাওয়া হয়েছে।")
            }
            None => ("unknown_condition", "The gate has no such condition.", "এই ধাপে এমন কোনো শর্ত নেই।"),
            Some(it) if !it.is_waivable => {
                ("not_waivable", "This condition can never be waived.", "এই শর্তে কখনো ছাড় দেওয়া যায় না।")
            }
            Some(it) if !it.is_unmet() => ("not_unmet", "This condition needs no waiver.", "এই শর্তে ছাড়ের প্রয়োজন নেই।"),
            Some(_) => return None,
        };
        Some(FieldError::body(format!("/waivers/{index}/code"), code, en, bn))
    };
    waivers.iter().enumerate().filter_map(wrong).collect()
}

/// The unmet conditions that no waiver covers.
pub fn uncovered(evaluations: &[Evaluation], waivers: &[GateWaiver]) -> Vec<FieldError> {
    evaluations.iter().filter(|it| it.is_unmet() && !covers(waivers, it)).map(Evaluation::as_obstacle).collect()
}

/// Why a proposal can no longer be confirmed: a condition that is unmet now and was not waived, or may not be; and a
/// waiver that has lost its object, since the second officer would sign for something that is not so.
pub fn changed_since_proposed(evaluations: &[Evaluation], waivers: &[GateWaiver]) -> Vec<FieldError> {
    let blocked = evaluations.iter().filter(|it| it.is_unmet() && !(it.is_waivable && covers(waivers, it)));
    let void = evaluations.iter().filter(|it| !it.is_unmet() && covers(waivers, it));
    let unknown = waivers.iter().filter(|waiver| !evaluations.iter().any(|it| it.code == waiver.code));
    let needless = |it: &Evaluation| {
        let detail = Bilingual::new(
            format!("{} is waived but is no longer unmet; decide anew.", it.code),
            format!("{} শর্তে ছাড় দেওয়া হয়েছে, কিন্তু এখন তার প্রয়োজন নেই; নতুন করে সিদ্ধান্ত নিন।", it.code),
        );
        FieldError::condition(it.code, detail)
    };
    let gone = |waiver: &GateWaiver| {
        let detail = Bilingual::new(
            format!("{} is waived but is no longer a condition of this gate.", waiver.code),
            format!("{} শর্তে ছাড় দেওয়া হয়েছে, কিন্তু এটি আর এই ধাপের শর্ত নয়।", waiver.code),
        );
        FieldError::condition("unknown_condition", detail)
    };
    blocked.map(Evaluation::as_obstacle).chain(void.map(needless)).chain(unknown.map(gone)).collect()
}

fn covers(waivers: &[GateWaiver], evaluation: &Evaluation) -> bool {
    waivers.iter().any(|waiver| waiver.code == evaluation.code)
}

#[cfg(test)]
mod tests {
    use super::{super::Team, *};
    use crate::platform::error::Place;

    fn found(code: &'static str, is_waivable: bool, result: ConditionResult) -> Evaluation {
        let finding = Finding { result, detail: Bilingual::new("Why.", "কেন।"), evidence: Vec::new() };
        Evaluation { code, is_waivable, finding }
    }

    fn gate() -> Vec<Evaluation> {
        vec![
            found("MET", true, ConditionResult::Met),
            found("ASIDE", true, ConditionResult::NotApplicable),
            found("SOFT", true, ConditionResult::Unmet),
            found("HARD", false, ConditionResult::Unmet),
        ]
    }

    fn waive(codes: &[&str]) -> Vec<GateWaiver> {
        codes.iter().map(|code| GateWaiver { code: (*code).to_owned(), reason: "So be it.".to_owned() }).collect()
    }

    fn codes(errors: &[FieldError]) -> Vec<&'static str> {
        errors.iter().map(|error| error.code).collect()
    }

    #[test]
    fn every_wrong_waiver_is_named_at_once() {
        let wrong = wrong_waivers(&gate(), &waive(&["SOFT", "NONE", "HARD", "MET", "ASIDE", "SOFT", "NONE"]));
        let places: Vec<Place> = (1..7).map(|index| Place::Body(format!("/waivers/{index}/code"))).collect();
        assert_eq!(
            codes(&wrong),
            ["unknown_condition", "not_waivable", "not_unmet", "not_unmet", "duplicate", "duplicate"]
        );
        assert_eq!(wrong.into_iter().map(|error| error.place).collect::<Vec<_>>(), places);
        assert!(wrong_waivers(&gate(), &waive(&["SOFT"])).is_empty());
    }

    #[test]
    fn a_waiver_covers_its_condition_and_no_other() {
        assert_eq!(codes(&uncovered(&gate(), &[])), ["SOFT", "HARD"]);
        assert_eq!(codes(&uncovered(&gate(), &waive(&["SOFT"]))), ["HARD"]);
        let stored: Vec<ConditionResult> =
            snapshot(&gate(), &waive(&["MET", "SOFT"])).into_iter().map(|it| it.result).collect();
        use ConditionResult::{Met, NotApplicable, Unmet, Waived};
        assert_eq!(stored, [Met, NotApplicable, Waived, Unmet]);
    }

    #[test]
    fn a_gate_is_met_when_no_condition_is_unmet() {
        assert!(!is_met(&gate()));
        assert!(is_met(gate().get(..2).unwrap_or_default()));
    }

    #[test]
    fn a_proposal_is_confirmed_only_as_it_was_proposed() {
        let soft = vec![found("MET", true, ConditionResult::Met), found("SOFT", true, ConditionResult::Unmet)];
        assert!(changed_since_proposed(&soft, &waive(&["SOFT"])).is_empty());
        // Another one fails now; a waived one is met now; a condition is gone; one may no longer be waived.
        assert_eq!(codes(&changed_since_proposed(&soft, &[])), ["SOFT"]);
        assert_eq!(codes(&changed_since_proposed(&soft, &waive(&["SOFT", "MET"]))), ["MET"]);
        assert_eq!(codes(&changed_since_proposed(&soft, &waive(&["SOFT", "GONE"]))), ["unknown_condition"]);
        assert_eq!(codes(&changed_since_proposed(&gate(), &waive(&["SOFT", "HARD"]))), ["HARD"]);
    }

    #[test]
    fn no_two_conditions_share_a_code_and_each_begins_with_its_gate() {
        for (index, condition) in GATE_CONDITIONS.iter().enumerate() {
            let prefix = if condition.gate() == Gate::Execution { "G1." } else { "G2." };
            assert!(condition.code().starts_with(prefix), "{}", condition.code());
            assert!(!GATE_CONDITIONS.iter().take(index).any(|earlier| earlier.code() == condition.code()));
        }
        assert!(GATE_CONDITIONS.iter().any(|condition| condition.code() == Team.code()));
    }
}
