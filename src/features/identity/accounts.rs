//! Accounts as they are stored: found, made, and changed one version at a time. The API and the command line both go
//! through here.

use std::collections::HashMap;

use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper, delete, dsl::exists, insert_into,
    select, update,
};
use serde::Serialize;

use super::rows::{UserRow, UserStatus};
use crate::platform::{
    auth::Role,
    clock::Timestamp,
    db::{
        DbConnection, dialect,
        schema::{user_roles, user_words, users},
    },
    error::{AppError, DatabaseIntent, ErrorCode},
    ids::{OrganisationId, UserId},
    text::{Language, TitleInput, columns, search_words},
};

/// A person with their roles. `Serialize` is for the audit digest alone.
#[derive(Clone, Debug, Serialize)]
pub struct Account {
    /// The person.
    pub user: UserRow,
    /// In the order of [`Role::ALL`].
    pub roles: Vec<Role>,
}

/// Someone who is to get an account.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// The login.
    pub email: String,
    /// What people call them.
    pub name: TitleInput,
    /// Their post.
    pub designation: Option<TitleInput>,
    /// Where they work.
    pub organisation_id: Option<OrganisationId>,
    /// The language they prefer.
    pub language: Language,
    /// What they are in the programme.
    pub roles: Vec<Role>,
    /// PHC string.
    pub password_hash: String,
    /// Whether they have to replace it first.
    pub must_change_password: bool,
}

/// The form in which addresses are stored and compared.
pub fn fold_email(email: &str) -> String {
    email.trim().to_lowercase()
}

/// The person with this address.
///
/// # Errors
/// Those of the database.
pub fn find_by_email(connection: &mut DbConnection, email: &str) -> Result<Option<UserRow>, AppError> {
    Ok(users::table
        .filter(users::email.eq(fold_email(email)))
        .select(UserRow::as_select())
        .first(connection)
        .optional()?)
}

/// The account with this identifier.
///
/// # Errors
/// `NotFound`; those of the database.
pub fn find_account(connection: &mut DbConnection, id: UserId) -> Result<Account, AppError> {
    let user = users::table.find(id).select(UserRow::as_select()).first(connection).or_not_found()?;
    with_roles(connection, vec![user])?.pop().ok_or_else(AppError::not_found)
}

/// These people with their roles, in one query.
///
/// # Errors
/// Those of the database.
pub fn with_roles(connection: &mut DbConnection, people: Vec<UserRow>) -> Result<Vec<Account>, AppError> {
    let ids: Vec<UserId> = people.iter().map(|user| user.id).collect();
    let held: Vec<(UserId, Role)> = user_roles::table
        .filter(user_roles::user_id.eq_any(ids))
        .select((user_roles::user_id, user_roles::role))
        .load(connection)?;
    let mut by_user: HashMap<UserId, Vec<Role>> = HashMap::new();
    for (user, role) in held {
        by_user.entry(user).or_default().push(role);
    }
    let account = |user: UserRow| {
        let mut roles = by_user.remove(&user.id).unwrap_or_default();
        roles.sort();
        Account { user, roles }
    };
    Ok(people.into_iter().map(account).collect())
}

/// Stores a new account.
///
/// # Errors
/// `AlreadyExists` when the address has one; those of the database.
pub fn create_account(
    connection: &mut DbConnection,
    id: UserId,
    new: NewAccount,
    now: Timestamp,
) -> Result<Account, AppError> {
    let (designation_bn, designation_en) = columns(new.designation.as_ref());
    let user = UserRow {
        id,
        email: fold_email(&new.email),
        name_bn: new.name.bn,
        name_en: new.name.en,
        designation_bn,
        designation_en,
        organisation_id: new.organisation_id,
        language: new.language,
        password_hash: new.password_hash,
        password_changed_at: now,
        must_change_password: new.must_change_password,
        status: UserStatus::Active,
        status_reason: None,
        version: 1,
        created_at: now,
        updated_at: now,
        second_factor_at: None,
    };
    insert_into(users::table).values(&user).execute(connection).or_conflict(email_taken())?;
    put_words(connection, &user)?;
    let mut roles = new.roles;
    roles.sort();
    roles.dedup();
    for role in &roles {
        insert_role(connection, id, *role, now)?;
    }
    Ok(Account { user, roles })
}

fn email_taken() -> AppError {
    AppError::new(ErrorCode::AlreadyExists)
        .detail("There is an account with this email address.", "এই ইমেইল ঠিকানায় একটি অ্যাকাউন্ট আছে।")
}

/// Stores `user` as the version after its present one.
///
/// # Errors
/// `VersionMismatch` when someone else was faster; `AlreadyExists` when the address has another account; those of the
/// database.
pub fn save(connection: &mut DbConnection, user: UserRow, now: Timestamp) -> Result<UserRow, AppError> {
    let next = UserRow { version: user.version + 1, updated_at: now, ..user };
    let changed = update(users::table.filter(users::id.eq(next.id)).filter(users::version.eq(next.version - 1)))
        .set(&next)
        .execute(connection)
        .or_conflict(email_taken())?;
    if changed == 0 {
        return Err(AppError::new(ErrorCode::VersionMismatch));
    }
    put_words(connection, &next)?;
    Ok(next)
}

/// Notes the words by which someone is found: those of their names. Not of their address, which could be worked out
/// letter by letter from who is found by its beginnings.
///
/// # Errors
/// Those of the database.
pub fn put_words(connection: &mut DbConnection, user: &UserRow) -> Result<(), AppError> {
    let texts = [user.name_bn.as_deref(), user.name_en.as_deref()];
    let mut words: Vec<String> = texts.into_iter().flatten().flat_map(search_words).collect();
    words.sort();
    words.dedup();
    Ok(dialect::USER_TEXT.put(connection, user.id.as_str(), &words)?)
}

/// Notes the words of everyone who has none yet: of accounts that are older than the search.
///
/// # Errors
/// Those of the database.
pub fn put_missing_words(connection: &mut DbConnection) -> Result<(), AppError> {
    loop {
        let some: Vec<UserRow> = users::table
            .filter(users::id.ne_all(user_words::table.select(user_words::user_id)))
            .order(users::id)
            .limit(1000)
            .select(UserRow::as_select())
            .load(connection)?;
        if some.is_empty() {
            return Ok(());
        }
        for user in &some {
            put_words(connection, user)?;
        }
    }
}

/// Gives a role.
///
/// # Errors
/// `AlreadyExists` when it is held already; those of the database.
pub fn grant(
    connection: &mut DbConnection,
    account: &Account,
    role: Role,
    now: Timestamp,
) -> Result<Account, AppError> {
    if account.roles.contains(&role) {
        return Err(AppError::new(ErrorCode::AlreadyExists)
            .detail("The person holds this role already.", "ব্যক্তিটির এই ভূমিকা আগে থেকেই আছে।"));
    }
    insert_role(connection, account.user.id, role, now)?;
    let mut roles = account.roles.clone();
    roles.push(role);
    roles.sort();
    Ok(Account { user: save(connection, account.user.clone(), now)?, roles })
}

/// Takes a role away.
///
/// # Errors
/// `NotFound` when it is not held, `Conflict` when the last administrator would be lost; those of the database.
pub fn revoke_role(
    connection: &mut DbConnection,
    account: &Account,
    role: Role,
    now: Timestamp,
) -> Result<Account, AppError> {
    if !account.roles.contains(&role) {
        return Err(AppError::not_found());
    }
    if role == Role::Admin {
        keep_an_admin(connection, account)?;
    }
    delete(user_roles::table.find((account.user.id, role))).execute(connection)?;
    let roles = account.roles.iter().copied().filter(|held| *held != role).collect();
    Ok(Account { user: save(connection, account.user.clone(), now)?, roles })
}

fn insert_role(connection: &mut DbConnection, id: UserId, role: Role, now: Timestamp) -> Result<(), AppError> {
    insert_into(user_roles::table)
        .values((user_roles::user_id.eq(id), user_roles::role.eq(role), user_roles::granted_at.eq(now)))
        .execute(connection)?;
    Ok(())
}

/// Makes sure that, without this account, an active administrator is left.
///
/// # Errors
/// `Conflict`; those of the database.
pub fn keep_an_admin(connection: &mut DbConnection, account: &Account) -> Result<(), AppError> {
    if !account.roles.contains(&Role::Admin) || account.user.status != UserStatus::Active {
        return Ok(());
    }
    let others = user_roles::table
        .inner_join(users::table)
        .filter(user_roles::role.eq(Role::Admin))
        .filter(user_roles::user_id.ne(account.user.id))
        .filter(users::status.eq(UserStatus::Active));
    if select(exists(others)).get_result(connection)? {
        return Ok(());
    }
    Err(AppError::new(ErrorCode::Conflict).detail(
        "This is the last active administrator. Make someone else one first.",
        "ইনি শেষ সক্রিয় প্রশাসক। আগে অন্য কাউকে প্রশাসক করুন।",
    ))
}

/// Sets a password that has been hashed already.
///
/// # Errors
/// As [`save`].
pub fn set_password(
    connection: &mut DbConnection,
    account: &Account,
    hash: String,
    must_change: bool,
    now: Timestamp,
) -> Result<Account, AppError> {
    let user = UserRow {
        password_hash: hash,
        password_changed_at: now,
        must_change_password: must_change,
        ..account.user.clone()
    };
    Ok(Account { user: save(connection, user, now)?, roles: account.roles.clone() })
}
