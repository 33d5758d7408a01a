//! The people of the tests. They are written to the database directly, their sessions too: what a login does is shown
//! by the tests of the login.

use diesel::{ExpressionMethods, RunQueryDsl, insert_into};
use innovation_pilots::platform::{
    auth::{Role, hash_now},
    clock::Timestamp,
    db::schema::{organisations, services, sessions, user_roles, users},
    ids::{OrganisationId, ServiceId, SessionId, UserId},
    web::AppState,
};

use super::{App, Client};

/// The password of everyone.
pub const PASSWORD: &str = "correct horse battery staple";

static HASH: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| hash_now(PASSWORD).unwrap());

/// Organisations and a service that every test finds.
#[derive(Clone, Copy)]
pub struct People {
    /// Where owners and deputies work.
    pub livestock_office: OrganisationId,
    /// Where officers work.
    pub a2i: OrganisationId,
    /// Where strangers work.
    pub land_office: OrganisationId,
    /// The service that pilots improve.
    pub service: ServiceId,
}

pub async fn found(state: &AppState) -> People {
    let clock = state.clock.clone();
    state
        .db
        .write(move |connection| {
            let now = clock.now();
            let mut organisation = |name: &str, kind: &str| {
                let id = OrganisationId::from(clock.new_uuid(now));
                insert_into(organisations::table)
                    .values((
                        organisations::id.eq(id),
                        organisations::kind.eq(kind),
                        organisations::name_en.eq(name),
                        organisations::is_active.eq(true),
                        organisations::version.eq(1_i64),
                        organisations::created_at.eq(now),
                        organisations::updated_at.eq(now),
                    ))
                    .execute(connection)
                    .unwrap();
                id
            };
            let (livestock_office, a2i, land_office) = (
                organisation("Upazila Livestock Office", "field_office"),
                organisation("a2i", "directorate"),
                organisation("Land Office", "field_office"),
            );
            let service = ServiceId::from(clock.new_uuid(now));
            insert_into(services::table)
                .values((
                    services::id.eq(service),
                    services::sector_code.eq("livestock_fisheries"),
                    services::organisation_id.eq(livestock_office),
                    services::name_en.eq("Treatment of livestock"),
                    services::is_active.eq(true),
                    services::version.eq(1_i64),
                    services::created_at.eq(now),
                    services::updated_at.eq(now),
                ))
                .execute(connection)
                .unwrap();
            Ok(People { livestock_office, a2i, land_office, service })
        })
        .await
        .unwrap()
}

/// A person with a session.
#[derive(Clone)]
pub struct Person {
    pub id: UserId,
    pub session: SessionId,
    pub email: String,
    pub client: Client,
}

/// What they can do by themselves, they do as a client.
impl std::ops::Deref for Person {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl App {
    /// A person with these roles in this organisation, logged in.
    pub async fn person(&self, name: &str, roles: &[Role], organisation: OrganisationId) -> Person {
        let (clock, roles, name) = (self.state.clock.clone(), roles.to_vec(), name.to_owned());
        let email = format!("{}@test.gov.bd", name.to_lowercase().replace(' ', "."));
        let stored_email = email.clone();
        let (id, session, now) = self
            .state
            .db
            .write(move |connection| {
                let now = clock.now();
                let id = UserId::from(clock.new_uuid(now));
                insert_into(users::table)
                    .values((
                        users::id.eq(id),
                        users::email.eq(&stored_email),
                        users::name_en.eq(&name),
                        users::organisation_id.eq(organisation),
                        users::language.eq("en"),
                        users::password_hash.eq(HASH.as_str()),
                        users::password_changed_at.eq(now),
                        users::must_change_password.eq(false),
                        users::status.eq("active"),
                        users::version.eq(1_i64),
                        users::created_at.eq(now),
                        users::updated_at.eq(now),
                    ))
                    .execute(connection)
                    .unwrap();
                for role in &roles {
                    insert_into(user_roles::table)
                        .values((
                            user_roles::user_id.eq(id),
                            user_roles::role.eq(*role),
                            user_roles::granted_at.eq(now),
                        ))
                        .execute(connection)
                        .unwrap();
                }
                let session = SessionId::from(clock.new_uuid(now));
                insert_into(sessions::table)
                    .values((
                        sessions::id.eq(session),
                        sessions::user_id.eq(id),
                        sessions::authenticated_at.eq(now),
                        sessions::expires_at.eq(Timestamp::from_millis(now.millis() + 400 * 86_400_000)),
                    ))
                    .execute(connection)
                    .unwrap();
                Ok((id, session, now))
            })
            .await
            .unwrap();
        let token = self.state.tokens.issue(id, session, now, now).unwrap();
        Person { id, session, email, client: Client::new(&self.base, Some(token)) }
    }

    /// The same person with a token of the present, after the clock was advanced.
    pub async fn renewed(&self, person: &Person) -> Person {
        let now = self.state.clock.now();
        let token = self.state.tokens.issue(person.id, person.session, now, now).unwrap();
        Person { client: Client::new(&self.base, Some(token)), ..person.clone() }
    }

    pub async fn owner(&self) -> Person {
        self.person("Owner", &[Role::Innovator], self.people.livestock_office).await
    }

    pub async fn officer(&self) -> Person {
        self.person("Officer", &[Role::ProgrammeOfficer], self.people.a2i).await
    }

    pub async fn second_officer(&self) -> Person {
        self.person("Second Officer", &[Role::ProgrammeOfficer], self.people.a2i).await
    }

    pub async fn stranger(&self) -> Person {
        self.person("Stranger", &[Role::Innovator], self.people.land_office).await
    }

    pub async fn admin(&self) -> Person {
        self.person("Admin", &[Role::Admin], self.people.a2i).await
    }

    pub async fn auditor(&self) -> Person {
        self.person("Auditor", &[Role::Auditor], self.people.a2i).await
    }

    pub async fn fund_officer(&self) -> Person {
        self.person("Fund Officer", &[Role::FundOfficer], self.people.a2i).await
    }

    pub async fn fund_approver(&self) -> Person {
        self.person("Fund Approver", &[Role::FundApprover], self.people.a2i).await
    }

    pub async fn second_fund_approver(&self) -> Person {
        self.person("Second Fund Approver", &[Role::FundApprover], self.people.a2i).await
    }

    pub async fn finance_officer(&self) -> Person {
        self.person("Finance Officer", &[Role::FinanceOfficer], self.people.a2i).await
    }

    /// Someone of the committee; each by another name.
    pub async fn reviewer(&self, name: &str) -> Person {
        self.person(name, &[Role::Reviewer], self.people.land_office).await
    }
}
