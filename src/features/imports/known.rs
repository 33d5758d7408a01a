//! What is stored: a list's rows by their codes, and what their cells may refer to. A query a table, none a row.

use std::collections::{HashMap, HashSet};

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};

use super::lists::{Cell, List, ListName};
use crate::{
    features::reference::Scheme,
    platform::{
        db::{
            DbConnection,
            schema::{codes, organisations, services},
        },
        error::AppError,
    },
};

/// A stored row in the form of a file's: the values of the list's columns, as text of the database.
#[derive(Clone, Debug)]
pub struct Stored {
    /// What the database knows it by: its id, or its code.
    pub key: String,
    /// In the order of [`List::columns`].
    pub values: Vec<Option<String>>,
}

/// Everything that rows are compared with and refer to.
#[derive(Default)]
pub struct Known {
    /// The list's rows by code.
    pub rows: HashMap<String, Stored>,
    /// Organisations by code.
    pub organisations: HashMap<String, String>,
    /// Each organisation's parent, those without a code included.
    pub parents: HashMap<String, Option<String>>,
    /// The codes of coded lists.
    pub codes: HashMap<Scheme, HashSet<String>>,
    /// Each upazila's district.
    pub districts: HashMap<String, String>,
    /// The last place in a coded list.
    pub last_position: i64,
}

/// A line of `organisations`: id, code, kind, names, parent, district, upazila, active.
type OrganisationLine = (
    String,
    Option<String>,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    bool,
);

/// A line of `services`: id, code, names, sector, organisation, active.
type ServiceLine = (String, Option<String>, Option<String>, Option<String>, String, String, bool);

/// A line of `codes`: code, parent, names, active, position.
type CodeLine = (String, Option<String>, Option<String>, Option<String>, bool, i64);

/// Loads it.
///
/// # Errors
/// Those of the database.
pub fn load(connection: &mut DbConnection, list: &List) -> Result<Known, AppError> {
    let mut known = Known::default();
    for scheme in list.columns.iter().filter_map(|column| match column.cell {
        Cell::Known(scheme) => Some(scheme),
        _ => None,
    }) {
        let found: Vec<(String, Option<String>)> =
            codes::table.filter(codes::scheme.eq(scheme)).select((codes::code, codes::parent_code)).load(connection)?;
        if scheme == Scheme::Upazila {
            known.districts = found.iter().filter_map(|(code, parent)| Some((code.clone(), parent.clone()?))).collect();
        }
        known.codes.insert(scheme, found.into_iter().map(|(code, _)| code).collect());
    }
    if matches!(list.name, ListName::Organisations | ListName::Services) {
        load_organisations(connection, list, &mut known)?;
    }
    match (list.name, list.scheme) {
        (ListName::Services, _) => load_services(connection, &mut known)?,
        (_, Some(scheme)) => load_codes(connection, list, scheme, &mut known)?,
        _ => {}
    }
    Ok(known)
}

fn load_organisations(connection: &mut DbConnection, list: &List, known: &mut Known) -> Result<(), AppError> {
    let lines: Vec<OrganisationLine> = organisations::table
        .select((
            organisations::id,
            organisations::code,
            organisations::kind,
            organisations::name_bn,
            organisations::name_en,
            organisations::parent_id,
            organisations::district_code,
            organisations::upazila_code,
            organisations::is_active,
        ))
        .load(connection)?;
    for (id, code, kind, bn, en, parent, district, upazila, active) in lines {
        known.parents.insert(id.clone(), parent.clone());
        let Some(code) = code else { continue };
        known.organisations.insert(code.clone(), id.clone());
        if list.name == ListName::Organisations {
            let values = vec![Some(kind), bn, en, parent, district, upazila, Some(active.to_string())];
            known.rows.insert(code, Stored { key: id, values });
        }
    }
    Ok(())
}

fn load_services(connection: &mut DbConnection, known: &mut Known) -> Result<(), AppError> {
    let lines: Vec<ServiceLine> = services::table
        .select((
            services::id,
            services::code,
            services::name_bn,
            services::name_en,
            services::sector_code,
            services::organisation_id,
            services::is_active,
        ))
        .load(connection)?;
    for (id, code, bn, en, sector, organisation, active) in lines {
        let Some(code) = code else { continue };
        let values = vec![bn, en, Some(sector), Some(organisation), Some(active.to_string())];
        known.rows.insert(code, Stored { key: id, values });
    }
    Ok(())
}

fn load_codes(connection: &mut DbConnection, list: &List, scheme: Scheme, known: &mut Known) -> Result<(), AppError> {
    let lines: Vec<CodeLine> = codes::table
        .filter(codes::scheme.eq(scheme))
        .select((codes::code, codes::parent_code, codes::name_bn, codes::name_en, codes::is_active, codes::position))
        .load(connection)?;
    for (code, parent, bn, en, active, position) in lines {
        known.last_position = known.last_position.max(position);
        let mut values = vec![bn, en];
        if list.name == ListName::Upazilas {
            values.push(parent);
        }
        values.push(Some(active.to_string()));
        known.rows.insert(code.clone(), Stored { key: code, values });
    }
    Ok(())
}
