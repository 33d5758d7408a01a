//! A short list kept as a JSON array in one text column: shown with its record, never searched.

use diesel::{
    backend::Backend,
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    serialize::{self, Output, ToSql},
    sql_types::Text,
};
use serde::{Serialize, de::DeserializeOwned};

/// The items, and the text that is stored.
#[derive(Clone, Debug, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct JsonList<T: std::fmt::Debug> {
    items: Vec<T>,
    text: String,
}

impl<T: Serialize + std::fmt::Debug> JsonList<T> {
    /// Of these items.
    pub fn new(items: Vec<T>) -> Self {
        let text = serde_json::to_string(&items).unwrap_or_else(|_| "[]".to_owned());
        Self { items, text }
    }
}

impl<T: std::fmt::Debug> std::ops::Deref for JsonList<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.items
    }
}

impl<T: Serialize + std::fmt::Debug> Serialize for JsonList<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.items.serialize(serializer)
    }
}

impl<T: DeserializeOwned + std::fmt::Debug, DB: Backend> FromSql<Text, DB> for JsonList<T>
where
    String: FromSql<Text, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        let text = String::from_sql(bytes)?;
        Ok(Self { items: serde_json::from_str(&text)?, text })
    }
}

impl<T: std::fmt::Debug, DB: Backend> ToSql<Text, DB> for JsonList<T>
where
    str: ToSql<Text, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.text.as_str().to_sql(out)
    }
}
