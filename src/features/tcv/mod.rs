//! TCV: the time, cost and visits that a public service takes a citizen, measured before and after a pilot.
//!
//! A team measures, an officer outside the team verifies, the figures of a public pilot are published. What was not
//! measured is null and never zero, and a worsening stays a worsening. The slice contributes [`TcvBaseline`] and
//! [`TcvEndline`] to the gates.

mod access;
mod attachments;
mod comparison;
mod content;
mod create_measurement;
mod delete_measurement;
mod gate_conditions;
mod get_measurement;
mod get_measurement_actions;
mod get_tcv_comparison;
mod guards;
mod ids;
mod list_measurements;
mod methods;
mod outcome;
mod pair;
mod parts;
mod resolve;
mod rows;
pub mod status;
mod transition_measurement;
mod update_measurement;
mod view;

pub use access::confirmed;
pub use attachments::MeasurementFiles;
pub use gate_conditions::{TcvBaseline, TcvEndline, has_verified_baseline};
pub use ids::MeasurementId;
pub use methods::by_version;
pub use outcome::{Outcome, outcome};

use crate::platform::web::{Operation, operations};

/// `/v1/tcv-measurements`, and of a pilot `…/tcv-measurements` and `…/tcv-comparison`.
pub fn operations() -> Vec<Operation> {
    operations! {
        list_measurements: list_measurements;
        create_measurement: create_measurement;
        get_measurement: get_measurement;
        get_measurement_actions: get_measurement_actions;
        update_measurement: update_measurement;
        delete_measurement: delete_measurement;
        transition_measurement: transition_measurement;
        get_tcv_comparison: get_tcv_comparison;
    }
}
