//! A change to an account: who someone is and where they work. Roles, status and password have operations of their own.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    accounts::{Account, find_account, fold_email, save},
    rows::UserRow,
    user_changes::{change, check_organisation, view},
    user_view::UserView,
};
use crate::platform::{
    ids::{OrganisationId, UserId},
    text::{Language, TitleInput, columns},
    web::{
        Answer, Body, Call, Reply,
        body::{apply_patch, some_language},
    },
};

/// What can be changed of an account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "describes the patch; the merged record is what is read")]
pub struct UserPatch {
    /// The login.
    #[schema(format = "email", min_length = 3, max_length = 254, nullable = false)]
    email: Option<String>,
    /// What people call them.
    #[schema(nullable = false)]
    name: Option<TitleInput>,
    /// Their post; null takes it away.
    designation: Option<TitleInput>,
    /// Where they work; null takes it away.
    organisation_id: Option<OrganisationId>,
    /// The language they prefer.
    #[schema(nullable = false)]
    language: Option<Language>,
}

/// What a patch must leave behind.
#[derive(Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
struct UserContent {
    email: String,
    #[validate(custom(function = some_language))]
    name: TitleInput,
    #[validate(custom(function = some_language))]
    designation: Option<TitleInput>,
    organisation_id: Option<OrganisationId>,
    language: Language,
}

/// Change an account.
///
/// Who someone is and where they work; for roles, status and password see the other operations.
#[utoipa::path(patch, path = "/v1/users/{user_id}", tag = "Users", request_body = UserPatch,
    responses((status = 200, description = "The account as it is now.", body = UserView)))]
pub async fn update_user(call: Call, body: Body) -> Answer {
    let id = call.id("user_id", UserId::parse)?;
    call.look(move |connection, _| find_account(connection, id)).await?;
    let patch = body.read_patch::<UserPatch>(&call).await?;
    let state = Arc::clone(&call.state);
    change(call, id, move |tx, before| {
        tx.check_version(before.user.version)?;
        let present = UserContent {
            email: before.user.email.clone(),
            name: TitleInput { bn: before.user.name_bn.clone(), en: before.user.name_en.clone() },
            designation: before.user.designation(),
            organisation_id: before.user.organisation_id,
            language: before.user.language,
        };
        let content = apply_patch(&state.schemas, &present, &patch)?;
        check_organisation(tx.conn, content.organisation_id)?;
        let (designation_bn, designation_en) = columns(content.designation.as_ref());
        let user = UserRow {
            email: fold_email(&content.email),
            name_bn: content.name.bn,
            name_en: content.name.en,
            designation_bn,
            designation_en,
            organisation_id: content.organisation_id,
            language: content.language,
            ..before.user.clone()
        };
        let after = Account { user: save(tx.conn, user, tx.now)?, roles: before.roles.clone() };
        let reply = Reply::record(after.user.version, &view(tx, after.clone())?)?;
        Ok((after, reply))
    })
    .await
}
