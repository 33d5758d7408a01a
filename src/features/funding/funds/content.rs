//! What is written of a fund.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::rows::FundRow;
use crate::platform::{
    text::{ProseInput, TitleInput, columns},
    web::body::some_language,
};

/// A fund as its officers write it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": {"bn": "সার্ভিস ইনোভেশন ফান্ড", "en": "Service Innovation Fund"},
    "description": {"bn": "সেবা সহজ করার পাইলটের জন্য।", "en": "For pilots that make services easier."}
}))]
pub struct FundContent {
    /// What it is called.
    #[validate(custom(function = "some_language"))]
    pub name: TitleInput,
    /// What it is for.
    #[validate(custom(function = "some_language"))]
    #[serde(default)]
    pub description: Option<ProseInput>,
}

/// Changes to a fund (RFC 7396): what is absent stays, null empties.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "describes the members of a merge patch; the merged record is read as FundContent")]
#[schema(example = json!({"description": {"en": "For pilots that make services easier."}}))]
pub struct FundPatch {
    #[schema(nullable = false)]
    name: Option<TitleInput>,
    description: Option<ProseInput>,
}

impl FundContent {
    /// The content of a stored fund, to be patched.
    pub fn of(row: &FundRow) -> Self {
        let description = (row.description_bn.is_some() || row.description_en.is_some())
            .then(|| ProseInput { bn: row.description_bn.clone(), en: row.description_en.clone() });
        Self { name: TitleInput { bn: row.name_bn.clone(), en: row.name_en.clone() }, description }
    }

    /// The row with this content.
    pub fn onto(&self, row: FundRow) -> FundRow {
        let (name_bn, name_en) = columns(Some(&self.name));
        let (description_bn, description_en) = columns(self.description.as_ref());
        FundRow { name_bn, name_en, description_bn, description_en, ..row }
    }
}
