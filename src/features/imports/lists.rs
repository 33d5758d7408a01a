//! The lists: their columns in the file, in the database, and what a cell has to be.

use crate::{
    features::reference::{OrganisationKind, Scheme, geocodes},
    platform::{
        db::dialect::{self, ColumnType, TextIndex},
        text_enum::text_enum,
    },
};

text_enum! {
    /// A list that can be imported.
    ListName {
        /// The tree of organisations.
        Organisations = "organisations",
        /// Public services.
        Services = "services",
        /// Sectors.
        Sectors = "sectors",
        /// Upazilas below their districts.
        Upazilas = "upazilas",
    }
}

/// What a cell has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// A name for people; one of the two languages is needed.
    Name,
    /// A word for a kind of organisation.
    Kind,
    /// A code of a coded list.
    Known(Scheme),
    /// The code of an organisation.
    Organisation,
    /// `true` or `false`; true when empty.
    Flag,
}

/// A column beside the code.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its heading in the file.
    pub heading: &'static str,
    /// Its name in the database.
    pub stored: &'static str,
    /// What its cells have to be.
    pub cell: Cell,
    /// Whether the column has to be there, and no cell of it empty.
    pub required: bool,
}

/// A list.
pub struct List {
    /// Its name.
    pub name: ListName,
    /// The table it lies in.
    pub table: &'static str,
    /// For lists that share a table.
    pub scheme: Option<Scheme>,
    /// The words its rows are found by.
    pub words: Option<&'static TextIndex>,
    /// The columns beside `code`, in the order of an export.
    pub columns: &'static [Column],
}

const fn column(heading: &'static str, stored: &'static str, cell: Cell, required: bool) -> Column {
    Column { heading, stored, cell, required }
}

const NAME_BN: Column = column("name_bn", "name_bn", Cell::Name, false);
const NAME_EN: Column = column("name_en", "name_en", Cell::Name, false);
const IS_ACTIVE: Column = column("is_active", "is_active", Cell::Flag, false);

/// Every list.
pub const LISTS: &[List] = &[
    List {
        name: ListName::Organisations,
        table: "organisations",
        scheme: None,
        words: Some(&dialect::ORGANISATION_TEXT),
        columns: &[
            column("kind", "kind", Cell::Kind, true),
            NAME_BN,
            NAME_EN,
            column("parent_code", "parent_id", Cell::Organisation, false),
            column("district_code", "district_code", Cell::Known(Scheme::District), false),
            column("upazila_code", "upazila_code", Cell::Known(Scheme::Upazila), false),
            IS_ACTIVE,
        ],
    },
    List {
        name: ListName::Services,
        table: "services",
        scheme: None,
        words: Some(&dialect::SERVICE_TEXT),
        columns: &[
            NAME_BN,
            NAME_EN,
            column("sector_code", "sector_code", Cell::Known(Scheme::Sector), true),
            column("organisation_code", "organisation_id", Cell::Organisation, true),
            IS_ACTIVE,
        ],
    },
    List {
        name: ListName::Sectors,
        table: "codes",
        scheme: Some(Scheme::Sector),
        words: None,
        columns: &[NAME_BN, NAME_EN, IS_ACTIVE],
    },
    List {
        name: ListName::Upazilas,
        table: "codes",
        scheme: Some(Scheme::Upazila),
        words: Some(&dialect::UPAZILA_TEXT),
        columns: &[
            NAME_BN,
            NAME_EN,
            column("district_code", "parent_code", Cell::Known(Scheme::District), true),
            IS_ACTIVE,
        ],
    },
];

impl ListName {
    /// What the list is like.
    pub fn list(self) -> Option<&'static List> {
        LISTS.iter().find(|list| list.name == self)
    }

    /// Whether a text can be a code of this list.
    pub fn is_code(self, text: &str) -> bool {
        if self == Self::Upazilas {
            return geocodes::is_upazila(text);
        }
        let fits = |c: char| match self {
            Self::Sectors => c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_',
            _ => c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'),
        };
        let begins = text.chars().next().is_some_and(|c| match self {
            Self::Sectors => c.is_ascii_lowercase(),
            _ => c.is_ascii_alphanumeric(),
        });
        begins && (2..=60).contains(&text.len()) && text.chars().all(fits)
    }
}

impl Cell {
    /// How the database stores it.
    pub const fn column_type(self) -> ColumnType {
        match self {
            Self::Flag => ColumnType::Flag,
            _ => ColumnType::Text,
        }
    }
}

/// The words for kinds of organisations, for a sentence.
pub fn kinds() -> String {
    OrganisationKind::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_its_list() {
        assert!(ListName::ALL.iter().all(|name| name.list().is_some_and(|list| list.name == *name)));
    }

    #[test]
    fn codes_are_plain() {
        assert!(
            ListName::Upazilas.is_code("302672")
                && !ListName::Upazilas.is_code("SAVAR")
                && ListName::Organisations.is_code("DLS-01.a")
        );
        assert!(
            !ListName::Upazilas.is_code("3026720")
                && !ListName::Organisations.is_code("-a")
                && !ListName::Services.is_code("a b")
        );
        assert!(ListName::Sectors.is_code("health") && !ListName::Sectors.is_code("Health"));
    }
}
