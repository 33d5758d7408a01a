//! Lists kept by administrators and read by anyone: places, sectors, the SDGs, organisations, services, TCV methods.

mod codes;
mod create_organisation;
mod create_sector;
mod create_service;
mod districts;
mod divisions;
pub mod geocodes;
mod get_organisation;
mod get_service;
mod list_organisations;
mod list_services;
mod organisations;
mod sdg_goals;
mod sdg_targets;
mod sectors;
mod seed;
mod services;
mod tcv_methods;
mod upazilas;
mod update_organisation;
mod update_service;

pub use codes::{Scheme, parent_of_each, parents_of, sector_must_exist, unknown_codes};
pub use organisations::{
    OrganisationKind, OrganisationRow, find_organisation, insert_organisation, organisation_chain,
};
pub use seed::seed;
pub use services::{ServiceRow, find_service, insert_service, service_exists};

use crate::platform::web::{Operation, operations};

/// `/v1/divisions`, `/v1/districts`, `/v1/sectors`, `/v1/sdg-goals`, `/v1/sdg-targets`, `/v1/organisations`,
/// `/v1/services`, `/v1/tcv-methods`, `/v1/upazilas`.
pub fn operations() -> Vec<Operation> {
    operations! {
        divisions: list_divisions, get_division, update_division;
        districts: list_districts, get_district, update_district;
        sectors: list_sectors, get_sector, update_sector;
        create_sector: create_sector;
        sdg_goals: list_sdg_goals, get_sdg_goal, update_sdg_goal;
        sdg_targets: list_sdg_targets, get_sdg_target, update_sdg_target;
        list_organisations: list_organisations;
        get_organisation: get_organisation;
        create_organisation: create_organisation;
        update_organisation: update_organisation;
        list_services: list_services;
        get_service: get_service;
        create_service: create_service;
        update_service: update_service;
        tcv_methods: list_tcv_methods;
        upazilas: list_upazilas, get_upazila, update_upazila;
    }
}
