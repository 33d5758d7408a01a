//! What pilots changed by service, sector and programme: volumes, values of time, shares, reductions, savings.

mod figures;
mod savings;
mod yearly;

use diesel::{Connection, connection::SimpleConnection};
use innovation_pilots::{
    features::impact::{Scope, statement},
    platform::{auth::Role, db::DbConnection},
};
use serde_json::{Value, json};

use crate::support::{App, Client, Engine, builders::*, client::findings, people::Person};

fn money(amount: &str) -> Value {
    json!({"amount": amount, "currency": "BDT"})
}

/// A measurement with these minutes and this cost, all in one part; visits were not measured.
fn taken(kind: &str, minutes: &str, taka: &str) -> Value {
    let mut content = measurement(kind);
    content["time"] = json!({"travel": minutes, "waiting": "0.00", "processing": "0.00"});
    let none = || money("0.00");
    content["cost"] =
        json!({"travel": money(taka), "fees": none(), "assistance": none(), "communication": none(), "other": none()});
    content["visits"] = Value::Null;
    content
}

/// The people of these tests.
struct Cast {
    owner: Person,
    deputy: Person,
    officer: Person,
    admin: Person,
}

impl Cast {
    async fn of(app: &App) -> Self {
        Self {
            owner: app.owner().await,
            deputy: app.deputy().await,
            officer: app.officer().await,
            admin: app.admin().await,
        }
    }

    async fn renew(&mut self, app: &App) {
        for person in [&mut self.owner, &mut self.deputy, &mut self.officer, &mut self.admin] {
            *person = app.renewed(person).await;
        }
    }

    async fn service(&self, app: &App, sector: &str) -> String {
        let content = json!({"name": {"en": "A service"}, "sector_code": sector, "organisation_id": app.people.a2i});
        self.admin.post("/v1/services").json(content).send().await.expect(201)["id"].as_str().unwrap().to_owned()
    }

    /// A public pilot through gate 1, with a baseline.
    async fn running(&self, app: &App, service: &str, before: (&str, &str)) -> Value {
        let mut draft = content(app);
        draft["service_id"] = json!(service);
        let pilot = self.owner.post("/v1/pilots").json(draft).send().await.expect(201);
        act(&self.owner, &pilot, json!({"action": "submit"})).await;
        for action in ["start_screening", "accept", "publish"] {
            act(&self.officer, &pilot, json!({"action": action})).await;
        }
        join(&self.owner, &pilot, &self.deputy, "deputy").await;
        app.verified(&self.owner, &self.officer, &pilot, taken("baseline", before.0, before.1)).await;
        let plan = app.planned(&self.owner, &pilot).await;
        app.funded(&self.owner, &self.officer, &pilot, &plan).await;
        app.pass(&self.officer, &pilot, "execution").await;
        pilot
    }

    async fn ended(&self, app: &App, pilot: &Value, after: (&str, &str)) -> Value {
        app.verified(&self.owner, &self.officer, pilot, taken("endline", after.0, after.1)).await
    }

    async fn celebrated(&self, app: &App, pilot: &Value) {
        let plan = app.plan_in_force(&self.owner, pilot).await;
        let done = json!({"action": "complete", "done_on": "2026-07-01", "evidence": "Attendance sheet."});
        step(&self.owner, &milestone_path(&plan["milestones"][0]), done).await;
        self.owner
            .patch(format!("{}/final-report", path(pilot)))
            .if_match("\"0\"")
            .merge(final_report())
            .send()
            .await
            .expect(200);
        app.pass(&self.officer, pilot, "celebration").await;
    }

    /// A public pilot through both gates.
    async fn completed(&self, app: &App, service: &str, before: (&str, &str), after: (&str, &str)) -> Value {
        let pilot = self.running(app, service, before).await;
        self.ended(app, &pilot, after).await;
        self.celebrated(app, &pilot).await;
        pilot
    }

    async fn publish(&self, pilot: &Value) {
        let listed =
            self.officer.get(format!("{}/tcv-measurements?status=verified", path(pilot))).send().await.expect(200);
        for measured in listed["items"].as_array().unwrap() {
            step(&self.officer, &measurement_path(measured), json!({"action": "publish"})).await;
        }
    }

    async fn volume(&self, service: &str, year: &str, volume: i64) -> Value {
        let content =
            json!({"fiscal_year": year, "volume": volume, "source": "Annual report", "note": "All upazilas."});
        self.officer.post(format!("/v1/services/{service}/volumes")).json(content).send().await.expect(201)
    }

    async fn value_of_time(&self, year: &str, per_hour: &str) -> Value {
        let content = json!({"fiscal_year": year, "per_hour": money(per_hour), "source": "Labour Force Survey", "note": "Mean wage."});
        self.admin.post("/v1/values-of-time").json(content).send().await.expect(201)
    }

    async fn share(&self, service: &str, shares: &[(&Value, i64)]) -> Value {
        self.officer
            .post(format!("/v1/services/{service}/attributions"))
            .json(shares_of(shares))
            .send()
            .await
            .expect(201)
    }
}

fn shares_of(shares: &[(&Value, i64)]) -> Value {
    let shares: Vec<Value> =
        shares.iter().map(|(pilot, points)| json!({"pilot_id": pilot["id"], "basis_points": points})).collect();
    json!({"reason": "By upazilas reached.", "shares": shares})
}

async fn read(who: &Client, path: impl AsRef<str>) -> Value {
    who.get(path).send().await.expect(200)
}

fn connect(app: &App) -> DbConnection {
    match app.engine {
        Engine::Sqlite => {
            DbConnection::Sqlite(Connection::establish(app.database.url.trim_start_matches("sqlite://")).unwrap())
        }
        Engine::Postgres => DbConnection::Postgres(Connection::establish(&app.database.url).unwrap()),
    }
}

/// A pilot of its own team is what bars an officer.
async fn insider(app: &App, cast: &Cast, pilot: &Value) -> Person {
    let insider = app.person("Insider", &[Role::Innovator, Role::ProgrammeOfficer], app.people.a2i).await;
    join(&cast.owner, pilot, &insider, "member").await;
    insider
}
