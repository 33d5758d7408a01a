//! One's own account: read by `get_me`, changed by `update_me`.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    accounts::{Account, find_account, save},
    rows::UserRow,
};
use crate::platform::{
    auth::Role,
    clock::Timestamp,
    ids::{OrganisationId, UserId},
    text::{Language, LocalizedText, TitleInput, columns},
    web::{
        Answer, Body, Call, Reply,
        body::{apply_patch, some_language},
    },
};

/// The caller's own account.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeView {
    /// Its identifier.
    pub id: UserId,
    /// The login.
    #[schema(format = "email", max_length = 254)]
    pub email: String,
    /// What people call them.
    pub name: LocalizedText,
    /// Their post; both languages may be null.
    pub designation: LocalizedText,
    /// Where they work.
    pub organisation_id: Option<OrganisationId>,
    /// The language they prefer.
    pub language: Language,
    /// What they are in the programme.
    #[schema(max_items = 11)]
    pub roles: Vec<Role>,
    /// Nothing but changing the password is possible until that is done.
    pub must_change_password: bool,
    /// Whether a login needs a code besides the password.
    pub has_second_factor: bool,
    /// Counts changes.
    #[schema(minimum = 1)]
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl From<Account> for MeView {
    fn from(Account { user, roles }: Account) -> Self {
        Self {
            id: user.id,
            email: user.email,
            name: LocalizedText::new(user.name_bn, user.name_en),
            designation: LocalizedText::new(user.designation_bn, user.designation_en),
            organisation_id: user.organisation_id,
            language: user.language,
            roles,
            must_change_password: user.must_change_password,
            has_second_factor: user.second_factor_at.is_some(),
            version: user.version,
            created_at: user.created_at,
            updated_at: user.updated_at,
        }
    }
}

/// What people can change of their own account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "describes the patch; the merged record is what is read")]
pub struct MePatch {
    /// What people call them.
    #[schema(nullable = false)]
    name: Option<TitleInput>,
    /// Their post; null takes it away.
    designation: Option<TitleInput>,
    /// The language they prefer.
    #[schema(nullable = false)]
    language: Option<Language>,
}

/// What a patch must leave behind.
#[derive(Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
struct MeContent {
    #[validate(custom(function = some_language))]
    name: TitleInput,
    #[validate(custom(function = some_language))]
    designation: Option<TitleInput>,
    language: Language,
}

/// Read one's own account.
///
/// Open before the password is changed, so that a front end can greet the person.
#[utoipa::path(get, path = "/v1/me", tag = "Identity",
    responses((status = 200, description = "The caller's account.", body = MeView)))]
pub async fn get_me(call: Call) -> Answer {
    let id = call.user()?.user_id;
    call.read(move |connection, _| {
        let account = find_account(connection, id)?;
        Reply::record(account.user.version, &MeView::from(account))
    })
    .await
}

/// Change one's own account.
///
/// Name, designation and language; everything else is for administrators.
#[utoipa::path(patch, path = "/v1/me", tag = "Identity", request_body = MePatch,
    responses((status = 200, description = "The account as it is now.", body = MeView)))]
pub async fn update_me(call: Call, body: Body) -> Answer {
    let id = call.user()?.user_id;
    let patch = body.read_patch::<MePatch>(&call).await?;
    let state = Arc::clone(&call.state);
    call.write(move |tx| {
        let before = find_account(tx.conn, id)?;
        tx.check_version(before.user.version)?;
        let present = MeContent {
            name: TitleInput { bn: before.user.name_bn.clone(), en: before.user.name_en.clone() },
            designation: before.user.designation(),
            language: before.user.language,
        };
        let content = apply_patch(&state.schemas, &present, &patch)?;
        let (designation_bn, designation_en) = columns(content.designation.as_ref());
        let user = UserRow {
            name_bn: content.name.bn,
            name_en: content.name.en,
            designation_bn,
            designation_en,
            language: content.language,
            ..before.user.clone()
        };
        let after = Account { user: save(tx.conn, user, tx.now)?, roles: before.roles.clone() };
        tx.audit("user", id.as_str(), Some(&before), Some(&after))?;
        Reply::record(after.user.version, &MeView::from(after))
    })
    .await
}
