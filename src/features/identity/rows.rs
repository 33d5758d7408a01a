//! People as they are stored.

use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use serde::Serialize;

use crate::platform::{
    clock::Timestamp,
    db::schema::users,
    ids::{OrganisationId, UserId},
    text::{Language, TextInput, TitleInput},
    text_enum::text_enum,
};

text_enum! {
    /// Whether an account can be used.
    UserStatus {
        /// It can.
        Active = "active",
        /// It cannot: no login, no session.
        Disabled = "disabled",
    }
}

/// A person. `Serialize` is for the audit digest alone: no answer can hold a row, since none describes itself to the
/// OpenAPI document.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset, Serialize)]
#[diesel(table_name = users, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct UserRow {
    /// Its identifier.
    pub id: UserId,
    /// The login, in lower case.
    pub email: String,
    /// Bangla name.
    pub name_bn: Option<String>,
    /// English name.
    pub name_en: Option<String>,
    /// Bangla designation.
    pub designation_bn: Option<String>,
    /// English designation.
    pub designation_en: Option<String>,
    /// Where they work.
    pub organisation_id: Option<OrganisationId>,
    /// The language they prefer.
    pub language: Language,
    /// PHC string.
    pub password_hash: String,
    /// When it was set.
    pub password_changed_at: Timestamp,
    /// It was set by someone else.
    pub must_change_password: bool,
    /// Whether the account can be used.
    pub status: UserStatus,
    /// Why it cannot, as the administrator put it.
    pub status_reason: Option<String>,
    /// Counts changes.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When the second factor was switched on; `None`: it is off.
    pub second_factor_at: Option<Timestamp>,
}

impl UserRow {
    /// The designation as a request would put it.
    pub fn designation(&self) -> Option<TitleInput> {
        let text = TitleInput { bn: self.designation_bn.clone(), en: self.designation_en.clone() };
        text.is_present().then_some(text)
    }

    /// Words that a guesser would try first.
    pub fn own_words(&self) -> Vec<&str> {
        let local = self.email.split('@').next();
        let names = [self.name_bn.as_deref(), self.name_en.as_deref()].into_iter().flatten();
        names.flat_map(str::split_whitespace).chain(local).chain([self.email.as_str()]).collect()
    }
}
