//! What a team writes of a source.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{rows::FundingSourceRow, status::SourceKind};
use crate::{
    features::{
        attachments::{self, AttachmentId, ParentKind},
        pilots::PilotId,
    },
    platform::{
        db::DbConnection,
        error::{AppError, ErrorParams, FieldError},
        money::MoneyInput,
        text::{TitleInput, columns},
        web::body::some_language,
    },
};

/// A funding source as its team declares it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "kind": "office_budget", "provider": {"bn": "উপজেলা পরিষদ", "en": "Upazila council"},
    "amount": {"amount": "25000.00", "currency": "BDT"}, "description": "From the development budget.",
    "document_id": "0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e"
}))]
pub struct FundingSourceContent {
    /// What kind.
    #[schema(inline)]
    pub kind: SourceKind,
    /// Who gives it.
    #[validate(custom(function = "some_language"))]
    pub provider: TitleInput,
    /// How much it is, or what it is worth; more than nothing.
    pub amount: MoneyInput,
    /// What exactly.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    pub description: Option<String>,
    /// The document that confirms it: a file on the pilot. Without one an officer cannot confirm it.
    #[serde(default)]
    pub document_id: Option<AttachmentId>,
}

/// Changes to a source (RFC 7396): what is absent stays, null empties.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(
    dead_code,
    reason = "describes the members of a merge patch; the merged record is read as FundingSourceContent"
)]
#[schema(example = json!({"amount": {"amount": "30000.00", "currency": "BDT"}}))]
pub struct FundingSourcePatch {
    #[schema(inline)]
    kind: Option<SourceKind>,
    provider: Option<TitleInput>,
    amount: Option<MoneyInput>,
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    description: Option<String>,
    document_id: Option<AttachmentId>,
}

impl FundingSourceContent {
    /// The content of a stored source, to be patched.
    pub fn of(row: &FundingSourceRow) -> Self {
        Self {
            kind: row.kind,
            provider: TitleInput { bn: row.provider_bn.clone(), en: row.provider_en.clone() },
            amount: MoneyInput::from_poisha(row.amount),
            description: row.description.clone(),
            document_id: row.document_id,
        }
    }

    /// What the schema cannot say: the amount is more than nothing, and the document is a file on this pilot.
    ///
    /// # Errors
    /// `ValidationFailed`; those of the database.
    pub fn check(&self, connection: &mut DbConnection, pilot: PilotId) -> Result<(), AppError> {
        let mut errors = Vec::new();
        if self.amount.poisha() <= 0 {
            let error = FieldError::body(
                "/amount/amount",
                "minimum",
                "A source gives more than nothing.",
                "উৎস থেকে শূন্যের বেশি অর্থ আসতে হবে।",
            );
            errors.push(error.with(ErrorParams::minimum("0.01")));
        }
        if let Some(id) = self.document_id
            && !attachments::is_present_on(connection, id, ParentKind::Pilot, pilot.as_str())?
        {
            errors.push(FieldError::unknown_reference("/document_id"));
        }
        if errors.is_empty() { Ok(()) } else { Err(AppError::validation(errors)) }
    }
}

impl FundingSourceRow {
    /// The same with this content.
    #[must_use]
    pub fn with_content(self, content: &FundingSourceContent) -> Self {
        let (provider_bn, provider_en) = columns(Some(&content.provider));
        Self {
            kind: content.kind,
            provider_bn,
            provider_en,
            amount: content.amount.poisha(),
            description: content.description.clone(),
            document_id: content.document_id,
            ..self
        }
    }
}
