//! Organisations, services and people of the demo. They are written directly: there is nobody yet who could give the
//! commands.

use std::collections::HashMap;

use actix_web::web::Data;
use diesel::{ExpressionMethods, RunQueryDsl, insert_into};

use super::{
    PASSWORD,
    data::{self, DemoOrganisation, DemoPerson, DemoService},
};
use crate::{
    features::{
        identity::{
            self,
            rows::{UserRow, UserStatus},
        },
        reference::{OrganisationKind, OrganisationRow, ServiceRow, insert_organisation, insert_service},
    },
    platform::{
        audit::{self, AuditEvent},
        auth::Role,
        clock::{Clock, Timestamp},
        db::{
            DbConnection,
            schema::{sessions, user_roles, users},
        },
        error::AppError,
        ids::{OrganisationId, ServiceId, SessionId, UserId},
        text::Language,
        web::AppState,
    },
};

/// How far back the stories reach.
const DAYS: i64 = 1_000;

/// A person of the demo, logged in while the data is loaded.
#[derive(Clone, Copy)]
pub struct Account {
    /// Who.
    pub id: UserId,
    /// The session under which they act; it has ended when loading is done.
    pub session: SessionId,
}

/// Everyone, and every service, by key.
pub struct People {
    accounts: HashMap<String, Account>,
    services: HashMap<String, ServiceId>,
}

impl People {
    /// Writes them to the database.
    ///
    /// # Errors
    /// Those of the database, or of a file that is not as it should be.
    pub async fn found(state: &Data<AppState>) -> Result<Self, AppError> {
        let hash = state.passwords.hash(PASSWORD.to_owned()).await?;
        let clock = state.clock.clone();
        state
            .db
            .write(move |connection| {
                let now = clock.now();
                let begun = now.plus(-chrono::Duration::days(DAYS));
                let organisations = write_organisations(connection, &clock, begun)?;
                let services = write_services(connection, &clock, begun, &organisations)?;
                let mut accounts = HashMap::new();
                for person in data::read::<DemoPerson>(data::PEOPLE).map_err(AppError::internal)? {
                    let account = write_person(connection, &clock, (begun, now), &person, &organisations, &hash)?;
                    accounts.insert(person.key, account);
                }
                Ok(Self { accounts, services })
            })
            .await
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.accounts.len()
    }

    /// A person by key.
    ///
    /// # Errors
    /// When the data names someone who is not there.
    pub fn account(&self, key: &str) -> Result<&Account, String> {
        self.accounts.get(key).ok_or_else(|| format!("there is no person {key}"))
    }

    /// A service by key.
    ///
    /// # Errors
    /// When the data names one that is not there.
    pub fn service(&self, key: &str) -> Result<ServiceId, String> {
        self.services.get(key).copied().ok_or_else(|| format!("there is no service {key}"))
    }
}

fn missing(key: &str) -> AppError {
    AppError::internal(format!("the demo data names {key}, which is not there"))
}

fn write_organisations(
    connection: &mut DbConnection,
    clock: &Clock,
    at: Timestamp,
) -> Result<HashMap<String, OrganisationId>, AppError> {
    let mut ids = HashMap::new();
    for item in data::read::<DemoOrganisation>(data::ORGANISATIONS).map_err(AppError::internal)? {
        let parent_id = item.parent_key.map(|key| ids.get(&key).copied().ok_or_else(|| missing(&key))).transpose()?;
        let row = OrganisationRow {
            id: OrganisationId::from(clock.new_uuid(at)),
            parent_id,
            kind: OrganisationKind::parse(&item.kind).ok_or_else(|| missing(&item.kind))?,
            name_bn: item.name.bn,
            name_en: item.name.en,
            district_code: item.district,
            is_active: true,
            version: 1,
            created_at: at,
            updated_at: at,
            code: None,
            upazila_code: None,
        };
        insert_organisation(connection, &row)?;
        ids.insert(item.key, row.id);
    }
    Ok(ids)
}

fn write_services(
    connection: &mut DbConnection,
    clock: &Clock,
    at: Timestamp,
    organisations: &HashMap<String, OrganisationId>,
) -> Result<HashMap<String, ServiceId>, AppError> {
    let mut ids = HashMap::new();
    for item in data::read::<DemoService>(data::SERVICES).map_err(AppError::internal)? {
        let row = ServiceRow {
            id: ServiceId::from(clock.new_uuid(at)),
            sector_code: item.sector,
            organisation_id: organisations
                .get(&item.organisation)
                .copied()
                .ok_or_else(|| missing(&item.organisation))?,
            name_bn: item.name.bn,
            name_en: item.name.en,
            is_active: true,
            version: 1,
            created_at: at,
            updated_at: at,
            code: None,
        };
        insert_service(connection, &row)?;
        ids.insert(item.key, row.id);
    }
    Ok(ids)
}

fn write_person(
    connection: &mut DbConnection,
    clock: &Clock,
    (begun, now): (Timestamp, Timestamp),
    person: &DemoPerson,
    organisations: &HashMap<String, OrganisationId>,
    hash: &str,
) -> Result<Account, AppError> {
    let id = UserId::from(clock.new_uuid(begun));
    let row = UserRow {
        id,
        email: person.email.clone(),
        name_bn: person.name.bn.clone(),
        name_en: person.name.en.clone(),
        designation_bn: person.designation.bn.clone(),
        designation_en: person.designation.en.clone(),
        organisation_id: Some(
            organisations.get(&person.organisation).copied().ok_or_else(|| missing(&person.organisation))?,
        ),
        language: Language::Bn,
        password_hash: hash.to_owned(),
        password_changed_at: begun,
        must_change_password: false,
        status: UserStatus::Active,
        status_reason: None,
        version: 1,
        created_at: begun,
        updated_at: begun,
        second_factor_at: None,
    };
    insert_into(users::table).values(&row).execute(connection)?;
    identity::put_words(connection, &row)?;
    for role in &person.roles {
        let role = Role::parse(role).ok_or_else(|| missing(role))?;
        insert_into(user_roles::table)
            .values((user_roles::user_id.eq(id), user_roles::role.eq(role), user_roles::granted_at.eq(begun)))
            .execute(connection)?;
    }
    let session = SessionId::from(clock.new_uuid(begun));
    // Good until this very moment: the stories are all told in the past.
    insert_into(sessions::table)
        .values((
            sessions::id.eq(session),
            sessions::user_id.eq(id),
            // What moves money asks for a recent login; on each day of the stories this one counts as that.
            sessions::authenticated_at.eq(now),
            sessions::expires_at.eq(now),
        ))
        .execute(connection)?;
    let event = AuditEvent {
        at: now,
        actor_id: None,
        service_account_id: None,
        operation: "cli.serve.demo".to_owned(),
        record_type: "user",
        record_id: id.to_string(),
        request_id: "demo-data".to_owned(),
        address: None,
        before_sha256: None,
        after_sha256: Some(audit::digest(&row)?),
    };
    audit::record(connection, clock.new_uuid(now).into(), event)?;
    Ok(Account { id, session })
}
