//! What pilots changed by service, sector and programme: volumes, values of time, shares, reductions, savings.

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

on_both_engines! {
    async fn the_published_figures_come_out_for_a_service(app: App) {
        let cast = Cast::of(&app).await;
        let service = app.people.service.to_string();
        let place = format!("/v1/services/{service}/tcv");
        let nothing = read(&cast.officer, &place).await;
        assert_eq!((&nothing["pilots"], &nothing["method_version"], &nothing["cost"]["reason"]), (&json!(0), &json!(null), &json!("not_measured")));
        let pilot = cast.running(&app, &service, ("100.00", "2500.00")).await;
        assert_eq!(read(&cast.officer, &place).await["pilots"], 0, "a baseline alone says nothing");
        cast.ended(&app, &pilot, ("23.00", "75.00")).await;
        let found = read(&cast.officer, &place).await;
        assert_eq!((&found["basis"], &found["pilots"], &found["method_version"], &found["fiscal_year"]), (&json!("verified"), &json!(1), &json!("2026.1"), &json!("2025-26")));
        assert_eq!(found["cost"], json!({"baseline": money("2500.00"), "endline": money("75.00"), "reduction_percent": "97.0", "reason": null, "pilots": 1, "weighting": "equal"}));
        assert_eq!(found["time"], json!({"baseline": "100.00", "endline": "23.00", "reduction_percent": "77.0", "reason": null, "pilots": 1, "weighting": "equal"}));
        assert_eq!(found["visits"], json!({"baseline": null, "endline": null, "reduction_percent": null, "reason": "not_measured", "pilots": 0, "weighting": null}));
        app.anonymous().get("/v1/services/0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e/tcv").send().await.refused(404, "not_found");
        app.anonymous().get("/v1/services/x/savings").send().await.refused(404, "not_found");
        app.anonymous().get("/v1/sectors/nowhere/tcv").send().await.refused(404, "not_found");
    }

    async fn the_public_sees_what_is_published_and_no_trace_of_the_rest(app: App) {
        let mut cast = Cast::of(&app).await;
        let service = app.people.service.to_string();
        let anonymous = app.anonymous();
        let places = [format!("/v1/services/{service}/tcv"), "/v1/programme/tcv".to_owned(), format!("/v1/services/{service}/savings?fiscal_year=2026-27"), "/v1/programme/savings?fiscal_year=2026-27".to_owned()];
        let seen = async || {
            let mut answers = Vec::new();
            for place in &places {
                answers.push(read(&anonymous, place).await);
            }
            answers
        };
        cast.volume(&service, "2026-27", 1_000).await;
        let empty = seen().await;
        let pilot = cast.completed(&app, &service, ("100.00", "2500.00"), ("23.00", "75.00")).await;
        assert_eq!(seen().await, empty, "verified is not published");
        for basis in ["verified", "published"] {
            let place = format!("/v1/programme/tcv?basis={basis}");
            let answer = anonymous.get(&place).send().await;
            if basis == "verified" { answer.refused(401, "unauthenticated"); } else { answer.expect(200); }
            let expected = if basis == "verified" { 1 } else { 0 };
            assert_eq!(read(&cast.owner, &place).await["pilots"], expected, "{basis}");
        }
        cast.publish(&pilot).await;
        let public = read(&anonymous, &places[0]).await;
        assert_eq!((&public["pilots"], &public["cost"]["reduction_percent"], &public["basis"]), (&json!(1), &json!("97.0"), &json!("published")));
        // Another one, measured but hidden: to the public it is not there, neither as a pilot nor as what was left out.
        let before = seen().await;
        let hidden = cast.completed(&app, &service, ("100.00", "100.00"), ("90.00", "90.00")).await;
        cast.publish(&hidden).await;
        act(&cast.officer, &hidden, json!({"action": "unpublish", "reason": "A name in it."})).await;
        assert_eq!(seen().await, before);
        assert_eq!(read(&cast.officer, &places[0]).await["pilots"], 2);
        anonymous.get(format!("{}/savings", path(&hidden))).send().await.refused(404, "not_found");
        // What is hidden later is gone from the days before, too.
        app.advance(chrono::Duration::days(3));
        cast.renew(&app).await;
        assert_eq!(read(&anonymous, format!("{}?as_of=2026-07-02", places[0])).await["pilots"], 1);
        act(&cast.officer, &pilot, json!({"action": "unpublish", "reason": "A name in it."})).await;
        for day in ["2026-07-01", "2026-07-02", "2026-07-04"] {
            assert_eq!(read(&anonymous, format!("{}?as_of={day}", places[0])).await["pilots"], 0, "{day}");
        }
        assert_eq!(read(&cast.officer, format!("{}?as_of=2026-07-02", places[0])).await["pilots"], 2, "officials still see it");
        act(&cast.officer, &pilot, json!({"action": "publish"})).await;
        assert_eq!(read(&anonymous, &places[0]).await["pilots"], 1);
    }

    async fn figures_are_those_of_the_day_that_is_asked_for(app: App) {
        let mut cast = Cast::of(&app).await;
        let service = app.people.service.to_string();
        let place = format!("/v1/services/{service}/tcv");
        let pilot = cast.running(&app, &service, ("100.00", "100.00")).await;
        cast.ended(&app, &pilot, ("50.00", "40.00")).await;
        app.advance(chrono::Duration::days(2));
        cast.renew(&app).await;
        // A newer endline takes the place of the older one, from that day on.
        cast.ended(&app, &pilot, ("110.00", "30.00")).await;
        let at = async |day: &str| {
            let found = read(&cast.officer, format!("{place}?as_of={day}")).await;
            (found["time"]["reduction_percent"].clone(), found["cost"]["reduction_percent"].clone())
        };
        assert_eq!(at("2026-06-30").await, (json!(null), json!(null)));
        assert_eq!(at("2026-07-01").await, (json!("50.0"), json!("60.0")));
        assert_eq!(at("2026-07-02").await, (json!("50.0"), json!("60.0")));
        assert_eq!(at("2026-07-03").await, (json!("-10.0"), json!("70.0")), "a worsening stays one");
        let problem = cast.officer.get(format!("{place}?as_of=2026-07-04&fiscal_year=2026-28")).send().await.refused(400, "invalid_parameters");
        assert_eq!(findings(&problem), ["as_of in_the_future", "fiscal_year fiscal_year"]);
        let problem = cast.officer.get(format!("{place}?fiscal_year=2027-28&basis=drafts&colour=red")).send().await.refused(400, "invalid_parameters");
        assert_eq!(findings(&problem), ["basis enum", "colour unknown_parameter"]);
        let problem = cast.officer.get(format!("{place}?fiscal_year=2027-28")).send().await.refused(400, "invalid_parameters");
        assert_eq!(findings(&problem), ["fiscal_year in_the_future"]);
        // Yesterday's year is over, today's is not.
        assert_eq!(read(&cast.officer, format!("{place}?as_of=2026-06-30")).await["fiscal_year"], "2024-25");
    }

    async fn volumes_are_corrected_and_never_changed(app: App) {
        let mut cast = Cast::of(&app).await;
        let service = app.people.service.to_string();
        let place = format!("/v1/services/{service}/volumes");
        let first = cast.volume(&service, "2025-26", 40_000).await;
        assert_eq!((&first["revision"], &first["is_current"], &first["recorded_by"]), (&json!(1), &json!(true), &json!(cast.officer.id)));
        app.advance(chrono::Duration::days(1));
        cast.renew(&app).await;
        let second = cast.volume(&service, "2025-26", 42_000).await;
        cast.volume(&service, "2024-25", 0).await;
        assert_eq!(second["revision"], 2);
        let of = |row: &Value| format!("/v1/service-volumes/{}", row["id"].as_str().unwrap());
        let corrected = app.anonymous().get(of(&first)).send().await;
        assert_ne!(corrected.etag(), app.anonymous().get(of(&second)).send().await.etag());
        let corrected = corrected.expect(200);
        assert_eq!((&corrected["is_current"], &corrected["volume"], &corrected["note"], &corrected["recorded_by"]), (&json!(false), &json!(40_000), &json!(null), &json!(null)));
        assert_eq!(read(&cast.owner, of(&first)).await["note"], "All upazilas.");
        let numbers = async |query: &str| {
            let listed = read(&app.anonymous(), format!("{place}?include_total=true{query}")).await;
            let rows: Vec<i64> = listed["items"].as_array().unwrap().iter().map(|row| row["volume"].as_i64().unwrap()).collect();
            assert_eq!(listed["total"]["value"].as_u64().unwrap(), u64::try_from(rows.len()).unwrap());
            rows
        };
        assert_eq!(numbers("").await, [40_000, 42_000, 0]);
        assert_eq!(numbers("&fiscal_year=2025-26&only_current=true").await, [42_000]);
        let first_page = read(&app.anonymous(), format!("{place}?limit=2")).await;
        let rest = read(&app.anonymous(), format!("{place}?limit=2&cursor={}", first_page["next_cursor"].as_str().unwrap())).await;
        assert_eq!(rest["items"].as_array().unwrap().len(), 1);
        let volume_on = async |day: &str| read(&cast.officer, format!("/v1/services/{service}/tcv?as_of={day}&fiscal_year=2025-26")).await["volume"].clone();
        assert_eq!((volume_on("2026-06-30").await, volume_on("2026-07-01").await, volume_on("2026-07-02").await), (json!(null), json!(40_000), json!(42_000)));
        // What cannot be.
        let wrong = json!({"fiscal_year": "2025-27", "volume": -1, "source": " ", "note": "  ", "colour": 1});
        let problem = cast.officer.post(&place).json(wrong).send().await.refused(422, "validation_failed");
        assert_eq!(findings(&problem), ["#/colour unknown_field", "#/note min_length", "#/source min_length", "#/volume minimum"]);
        for (year, code) in [("2025-27", "fiscal_year"), ("2027-28", "in_the_future"), ("1999-00", "pattern")] {
            let content = json!({"fiscal_year": year, "volume": 1, "source": "x", "note": "x"});
            assert_eq!(findings(&cast.officer.post(&place).json(content).send().await.refused(422, "validation_failed")), [format!("#/fiscal_year {code}")]);
        }
        let large = json!({"fiscal_year": "2025-26", "volume": 1_000_000_001, "source": "x", "note": "x"});
        assert_eq!(findings(&cast.officer.post(&place).json(large).send().await.refused(422, "validation_failed")), ["#/volume maximum"]);
        assert_eq!(numbers("").await.len(), 3, "nothing was changed");
        // Who has a pilot on the service does not say how often it is used.
        let pilot = cast.running(&app, &service, ("1.00", "1.00")).await;
        let insider = insider(&app, &cast, &pilot).await;
        let content = json!({"fiscal_year": "2025-26", "volume": 1_000_000, "source": "x", "note": "x"});
        insider.post(&place).json(content.clone()).send().await.refused(403, "separation_of_duties");
        cast.owner.delete(format!("{}/members/{}", path(&pilot), insider.id)).if_match("*").send().await.expect(204);
        insider.post(&place).json(content.clone()).send().await.refused(403, "separation_of_duties");
        insider.post(format!("/v1/services/{service}/attributions")).json(shares_of(&[])).send().await.refused(403, "separation_of_duties");
        cast.owner.post(&place).json(content).send().await.refused(403, "forbidden");
    }

    async fn two_corrections_at_once_are_two_revisions(app: App) {
        let cast = Cast::of(&app).await;
        let service = app.people.service.to_string();
        let second = app.second_officer().await;
        let place = format!("/v1/services/{service}/volumes");
        let content = |volume: i64| json!({"fiscal_year": "2025-26", "volume": volume, "source": "x", "note": "x"});
        let answers = futures_util::future::join_all((0..8).map(|number| {
            let who = if number % 2 == 0 { &cast.officer } else { &second };
            who.post(&place).json(content(number)).send()
        })).await;
        let mut revisions: Vec<i64> = answers.iter().map(|answer| answer.expect(201)["revision"].as_i64().unwrap()).collect();
        revisions.sort_unstable();
        assert_eq!(revisions, (1..=8).collect::<Vec<i64>>());
        let current = read(&cast.officer, format!("{place}?only_current=true")).await;
        assert_eq!(current["items"].as_array().unwrap().iter().map(|row| row["revision"].clone()).collect::<Vec<_>>(), [json!(8)]);
        // One key, one effect.
        let once = cast.officer.post(&place).key("k-1").json(content(9)).send().await.expect(201);
        assert_eq!(cast.officer.post(&place).key("k-1").json(content(9)).send().await.expect(201)["id"], once["id"]);
    }

    async fn values_of_time_are_corrected_and_never_changed(app: App) {
        let cast = Cast::of(&app).await;
        let first = cast.value_of_time("2025-26", "60.00").await;
        let second = cast.value_of_time("2025-26", "62.50").await;
        assert_eq!((&first["revision"], &second["revision"], &second["per_hour"]), (&json!(1), &json!(2), &money("62.50")));
        let listed = read(&app.anonymous(), "/v1/values-of-time?fiscal_year=2025-26&include_total=true").await;
        let current: Vec<Value> = listed["items"].as_array().unwrap().iter().map(|row| row["is_current"].clone()).collect();
        assert_eq!((current, &listed["total"]["value"]), (vec![json!(false), json!(true)], &json!(2)));
        assert_eq!(read(&app.anonymous(), "/v1/values-of-time?only_current=true").await["items"][0]["id"], second["id"]);
        let one = read(&app.anonymous(), format!("/v1/values-of-time/{}", first["id"].as_str().unwrap())).await;
        assert_eq!((&one["is_current"], &one["note"]), (&json!(false), &json!(null)));
        let wrong = json!({"fiscal_year": "2025-26", "per_hour": {"amount": "-1.00", "currency": "USD"}, "source": "x", "note": "x"});
        let problem = cast.officer.post("/v1/values-of-time").json(wrong).send().await.refused(422, "validation_failed");
        assert_eq!(findings(&problem), ["#/per_hour/amount negative", "#/per_hour/currency enum"]);
        let next = json!({"fiscal_year": "2027-28", "per_hour": money("1.00"), "source": "x", "note": "x"});
        assert_eq!(findings(&cast.officer.post("/v1/values-of-time").json(next).send().await.refused(422, "validation_failed")), ["#/fiscal_year in_the_future"]);
        app.anonymous().get("/v1/values-of-time?fiscal_year=2025-27").send().await.refused(400, "invalid_parameters");
    }

    async fn shares_are_at_most_the_whole(app: App) {
        let cast = Cast::of(&app).await;
        let service = app.people.service.to_string();
        let elsewhere = cast.service(&app, "health").await;
        let place = format!("/v1/services/{service}/attributions");
        let (one, two) = (cast.running(&app, &service, ("1.00", "1.00")).await, cast.running(&app, &service, ("1.00", "1.00")).await);
        let other = cast.running(&app, &elsewhere, ("1.00", "1.00")).await;
        let draft = app.draft(&cast.owner).await;
        let refused = async |shares: &[(&Value, i64)]| findings(&cast.officer.post(&place).json(shares_of(shares)).send().await.refused(422, "validation_failed"));
        assert_eq!(refused(&[(&one, 6_000), (&two, 4_001)]).await, ["#/shares more_than_whole"]);
        assert_eq!(refused(&[(&one, 6_000), (&one, 6_000), (&other, 1), (&draft, 1)]).await, ["#/shares more_than_whole", "#/shares/1/pilot_id duplicate", "#/shares/2/pilot_id unknown_reference", "#/shares/3/pilot_id unknown_reference"]);
        assert_eq!(refused(&[(&one, 10_001)]).await, ["#/shares/0/basis_points maximum"]);
        assert_eq!(refused(&[(&one, -1)]).await, ["#/shares/0/basis_points minimum"]);
        assert_eq!(read(&cast.owner, &place).await["items"], json!([]));
        let first = cast.share(&service, &[(&one, 6_000), (&two, 4_000)]).await;
        let second = cast.share(&service, &[(&two, 10_000)]).await;
        assert_eq!((&first["revision"], &second["revision"]), (&json!(1), &json!(2)));
        let listed = read(&cast.owner, format!("{place}?include_total=true")).await;
        assert_eq!((&listed["total"]["value"], &listed["items"][0]["is_current"], &listed["items"][1]["is_current"]), (&json!(2), &json!(false), &json!(true)));
        assert_eq!(listed["items"][0]["shares"].as_array().unwrap().len(), 2);
        assert_eq!(read(&cast.owner, format!("/v1/attributions/{}", first["id"].as_str().unwrap())).await["shares"], listed["items"][0]["shares"]);
        app.anonymous().get(&place).send().await.refused(401, "unauthenticated");
        // At the same time, each in itself the whole: one after the other, and one of them counts.
        let (third, fourth) = (app.second_officer().await, app.person("Third", &[Role::ProgrammeOfficer], app.people.a2i).await);
        let answers = futures_util::future::join(
            third.post(&place).json(shares_of(&[(&one, 10_000)])).send(),
            fourth.post(&place).json(shares_of(&[(&two, 9_999)])).send(),
        ).await;
        answers.0.expect(201);
        answers.1.expect(201);
        let listed = read(&cast.owner, &place).await;
        let revisions: Vec<Value> = listed["items"].as_array().unwrap().iter().filter(|row| row["is_current"] == true).map(|row| row["revision"].clone()).collect();
        assert_eq!(revisions, [json!(4)]);
        // The second wall: the database itself.
        let mut connection = connect(&app);
        let id = first["id"].as_str().unwrap();
        let more = format!("INSERT INTO attribution_shares (attribution_id, pilot_id, basis_points) VALUES ('{id}', '{}', 1)", other["id"].as_str().unwrap());
        let refusal = connection.batch_execute(&more).unwrap_err().to_string();
        assert!(refusal.contains("more than the whole"), "{refusal}");
        for table in ["service_volumes", "values_of_time", "attributions", "attribution_shares"] {
            cast.volume(&service, "2025-26", 1).await;
            cast.value_of_time("2025-26", "1.00").await;
            let column = if table == "attribution_shares" { "basis_points" } else { "revision" };
            for change in [format!("UPDATE {table} SET {column} = {column}"), format!("DELETE FROM {table}")] {
                let refusal = connection.batch_execute(&change).unwrap_err().to_string();
                assert!(refusal.contains("append-only"), "{refusal}");
            }
        }
    }

    async fn savings_keep_money_and_time_apart(app: App) {
        let cast = Cast::of(&app).await;
        let service = app.people.service.to_string();
        let place = format!("/v1/services/{service}/savings?fiscal_year=2026-27");
        let reasons = async |path: &str| {
            let found = read(&cast.officer, path).await;
            (found["cost"]["saved"].clone(), found["cost"]["reason"].clone(), found["time"]["value"].clone(), found["time"]["reason"].clone())
        };
        let none = |reason: &str| (json!(null), json!(reason), json!(null), json!(reason));
        assert_eq!(reasons(&place).await, none("not_measured"));
        let pilot = cast.running(&app, &service, ("100.00", "2500.00")).await;
        cast.ended(&app, &pilot, ("23.00", "75.00")).await;
        assert_eq!(reasons(&place).await, none("not_completed"));
        cast.celebrated(&app, &pilot).await;
        assert_eq!(reasons(&place).await, none("no_volume"));
        cast.volume(&service, "2026-27", 1_000).await;
        let found = read(&cast.officer, &place).await;
        assert_eq!(found["cost"]["saved"], money("2425000.00"));
        assert_eq!((&found["time"]["minutes"], &found["time"]["value"], &found["time"]["reason"]), (&json!("77000.00"), &json!(null), &json!("no_value_of_time")));
        cast.value_of_time("2026-27", "62.50").await;
        let found = read(&cast.officer, &place).await;
        assert_eq!(found["cost"], json!({"saved": money("2425000.00"), "reason": null, "services": 1, "pilots": 1, "services_left_out": [], "pilots_left_out": []}));
        // 77,000 minutes are 1283 1/3 hours, at 62.50 taka: rounded once, at the end.
        assert_eq!(found["time"], json!({"minutes": "77000.00", "value": money("80208.33"), "reason": null, "services": 1, "pilots": 1, "services_left_out": [], "pilots_left_out": []}));
        // The year in which the change came does not count, whatever its volume.
        cast.volume(&service, "2025-26", 1_000).await;
        cast.value_of_time("2025-26", "62.50").await;
        let early = format!("/v1/services/{service}/savings?fiscal_year=2025-26");
        assert_eq!(reasons(&early).await, none("too_early"));
        assert_eq!(read(&cast.officer, &early).await["cost"]["pilots_left_out"], json!([{"reason": "too_early", "number": 1}]));
        // Of the pilot, the sector and the programme.
        let sector = read(&cast.officer, format!("/v1/services/{service}")).await["sector_code"].as_str().unwrap().to_owned();
        for path in [format!("{}/savings?fiscal_year=2026-27", path(&pilot)), format!("/v1/sectors/{sector}/savings?fiscal_year=2026-27"), "/v1/programme/savings?fiscal_year=2026-27".to_owned()] {
            let found = read(&cast.officer, &path).await;
            assert_eq!((&found["cost"]["saved"], &found["time"]["value"]), (&money("2425000.00"), &money("80208.33")), "{path}");
        }
        let elsewhere = read(&cast.officer, "/v1/sectors/health/savings?fiscal_year=2026-27").await;
        assert_eq!((&elsewhere["cost"]["saved"], &elsewhere["cost"]["services"]), (&json!(null), &json!(0)));
    }

    async fn several_pilots_share_a_service(app: App) {
        let mut cast = Cast::of(&app).await;
        let service = app.people.service.to_string();
        cast.volume(&service, "2026-27", 1_000).await;
        let one = cast.completed(&app, &service, ("100.00", "200.00"), ("50.00", "100.00")).await;
        let whole = read(&cast.officer, format!("/v1/services/{service}/savings?fiscal_year=2026-27")).await;
        assert_eq!(whole["cost"]["saved"], money("100000.00"), "the only pilot has the whole service");
        let two = cast.completed(&app, &service, ("100.00", "100.00"), ("100.00", "120.00")).await;
        let savings = async |path: &str, cast: &Cast| read(&cast.officer, format!("{path}/savings?fiscal_year=2026-27")).await["cost"].clone();
        let of_service = format!("/v1/services/{service}");
        let unshared = savings(&of_service, &cast).await;
        assert_eq!((&unshared["saved"], &unshared["reason"], &unshared["pilots_left_out"]), (&json!(null), &json!("no_share"), &json!([{"reason": "no_share", "number": 2}])));
        // Without shares the pilots count alike: (300 - 220) / 300, and 150 of 200 minutes are left.
        let tcv = read(&cast.officer, format!("{of_service}/tcv")).await;
        assert_eq!((&tcv["cost"]["reduction_percent"], &tcv["cost"]["baseline"], &tcv["cost"]["weighting"], &tcv["time"]["reduction_percent"]), (&json!("26.7"), &money("150.00"), &json!("equal"), &json!("25.0")));
        app.advance(chrono::Duration::days(1));
        cast.renew(&app).await;
        cast.share(&service, &[(&one, 3_000), (&two, 5_000)]).await;
        assert_eq!(savings(&path(&one), &cast).await["saved"], money("30000.00"));
        assert_eq!(savings(&path(&two), &cast).await["saved"], money("-10000.00"), "a worsening costs");
        let shared = savings(&of_service, &cast).await;
        assert_eq!((&shared["saved"], &shared["pilots"]), (&money("20000.00"), &json!(2)));
        // By the shares: (3·200 + 5·100) / 8 = 137.50 before, (3·100 + 5·120) / 8 = 112.50 after.
        let tcv = read(&cast.officer, format!("{of_service}/tcv")).await;
        assert_eq!((&tcv["cost"]["baseline"], &tcv["cost"]["endline"], &tcv["cost"]["reduction_percent"], &tcv["cost"]["weighting"]), (&money("137.50"), &money("112.50"), &json!("18.2"), &json!("shares")));
        let yesterday = read(&cast.officer, format!("{of_service}/savings?fiscal_year=2026-27&as_of=2026-07-01")).await;
        assert_eq!(yesterday["cost"]["reason"], "no_share", "yesterday nothing was shared yet");
        // Who is not named has no share.
        cast.share(&service, &[(&one, 3_000)]).await;
        let partly = savings(&of_service, &cast).await;
        assert_eq!((&partly["saved"], &partly["pilots"], &partly["pilots_left_out"]), (&money("30000.00"), &json!(1), &json!([{"reason": "no_share", "number": 1}])));
    }

    async fn who_comes_later_takes_nothing_from_the_years_before(app: App) {
        let mut cast = Cast::of(&app).await;
        let service = app.people.service.to_string();
        cast.volume(&service, "2026-27", 1_000).await;
        let one = cast.completed(&app, &service, ("100.00", "200.00"), ("50.00", "100.00")).await;
        cast.publish(&one).await;
        let place = format!("/v1/services/{service}/savings?fiscal_year=2026-27");
        let saved = async |cast: &Cast| read(&cast.officer, &place).await["cost"].clone();
        assert_eq!(saved(&cast).await["saved"], money("100000.00"));
        // A second pilot, measured but not completed, then completed: its endline lies in the year itself.
        app.advance(chrono::Duration::days(10));
        cast.renew(&app).await;
        let two = cast.running(&app, &service, ("100.00", "100.00")).await;
        let mut endline = taken("endline", "10.00", "10.00");
        (endline["period_start_on"], endline["period_end_on"]) = (json!("2026-07-02"), json!("2026-07-08"));
        app.verified(&cast.owner, &cast.officer, &two, endline).await;
        let running = saved(&cast).await;
        assert_eq!((&running["saved"], &running["pilots_left_out"]), (&money("100000.00"), &json!([{"reason": "not_completed", "number": 1}])));
        cast.celebrated(&app, &two).await;
        let both = saved(&cast).await;
        assert_eq!((&both["saved"], &both["pilots_left_out"]), (&money("100000.00"), &json!([{"reason": "too_early", "number": 1}])));
        assert_eq!(read(&app.anonymous(), &place).await["cost"]["saved"], both["saved"], "officials see no less than the public");
        for (pilot, amount, reason) in [(&one, money("100000.00"), json!(null)), (&two, json!(null), json!("too_early"))] {
            let own = read(&cast.officer, format!("{}/savings?fiscal_year=2026-27", path(pilot))).await["cost"].clone();
            assert_eq!((&own["saved"], &own["reason"]), (&amount, &reason));
        }
        // The year before: too early for both. That other services were never measured is not the reason.
        let other = cast.service(&app, "health").await;
        for whole in [format!("/v1/services/{service}"), "/v1/programme".to_owned()] {
            let found = read(&cast.officer, format!("{whole}/savings?fiscal_year=2024-25")).await;
            assert_eq!((&found["cost"]["reason"], &found["time"]["reason"]), (&json!("too_early"), &json!("too_early")), "{whole}");
        }
        assert_eq!(read(&cast.officer, format!("/v1/services/{other}/savings?fiscal_year=2024-25")).await["cost"]["reason"], "not_measured");
    }

    async fn services_are_put_together_alike_and_by_volume(app: App) {
        let cast = Cast::of(&app).await;
        let (one, two, three, four) = (cast.service(&app, "health").await, cast.service(&app, "health").await, cast.service(&app, "health").await, cast.service(&app, "health").await);
        cast.completed(&app, &one, ("100.00", "100.00"), ("50.00", "10.00")).await;
        cast.completed(&app, &two, ("100.00", "1000.00"), ("100.00", "1500.00")).await;
        cast.completed(&app, &three, ("100.00", "0.00"), ("10.00", "5.00")).await;
        cast.volume(&one, "2025-26", 100).await;
        cast.volume(&two, "2025-26", 10).await;
        let found = read(&cast.officer, "/v1/sectors/health/tcv").await;
        assert_eq!((&found["services"], &found["pilots"], &found["sector_code"]), (&json!(4), &json!(3), &json!("health")));
        // (90 % - 50 %) / 2; the third cost nothing before, the fourth was never measured.
        assert_eq!(found["cost"]["mean_of_services"], json!({"reduction_percent": "20.0", "reason": null, "services": 2, "pilots": 2,
            "services_left_out": [{"reason": "baseline_zero", "number": 1}, {"reason": "not_measured", "number": 1}]}));
        // (100·90 - 10·500) / (100·100 + 10·1000).
        assert_eq!(found["cost"]["pooled"], json!({"reduction_percent": "20.0", "reason": null, "services": 2, "pilots": 2,
            "services_left_out": [{"reason": "no_volume", "number": 1}, {"reason": "not_measured", "number": 1}]}));
        // (50 + 0 + 90) / 3 = 46.67; pooled 5000 / 11000 = 45.45.
        assert_eq!((&found["time"]["mean_of_services"]["reduction_percent"], &found["time"]["mean_of_services"]["services"]), (&json!("46.7"), &json!(3)));
        assert_eq!((&found["time"]["pooled"]["reduction_percent"], &found["time"]["pooled"]["services"]), (&json!("45.5"), &json!(2)));
        assert_eq!(found["visits"]["mean_of_services"]["reason"], "not_measured");
        assert_eq!(found["visits"]["mean_of_services"]["services_left_out"], json!([{"reason": "not_measured", "number": 4}]));
        let programme = read(&cast.officer, "/v1/programme/tcv").await;
        assert_eq!((&programme["cost"]["mean_of_services"]["reduction_percent"], &programme["sector_code"], &programme["pilots"]), (&json!("20.0"), &json!(null), &json!(3)));
        // A service that cost nothing and costs something now is a worsening in the pool.
        cast.volume(&three, "2025-26", 200).await;
        let found = read(&cast.officer, "/v1/sectors/health/tcv").await;
        assert_eq!(found["cost"]["pooled"]["reduction_percent"], "15.0");
        assert_eq!(read(&cast.officer, format!("/v1/services/{three}/tcv")).await["cost"]["reason"], "baseline_zero");
        let moved = json!({"sector_code": "agriculture"});
        cast.admin.patch(format!("/v1/services/{four}")).if_match("*").json(moved).send().await.expect(200);
        assert_eq!(read(&cast.officer, "/v1/sectors/health/tcv").await["services"], 3);
    }

    async fn two_pilots_verified_at_once_both_count(app: App) {
        let cast = Cast::of(&app).await;
        let second = app.second_officer().await;
        let service = app.people.service.to_string();
        let mut submitted = Vec::new();
        for _ in 0..2 {
            let pilot = cast.running(&app, &service, ("100.00", "100.00")).await;
            let drafted = cast.owner.post(format!("{}/tcv-measurements", path(&pilot))).json(taken("endline", "50.00", "10.00")).send().await.expect(201);
            submitted.push(step(&cast.owner, &measurement_path(&drafted), json!({"action": "submit"})).await);
        }
        let verify = |who: &Person, one: &Value| who.post(format!("{}/transitions", measurement_path(one))).if_match("*").json(json!({"action": "verify"})).send();
        let (left, right) = futures_util::future::join(verify(&cast.officer, &submitted[0]), verify(&second, &submitted[1])).await;
        left.expect(200);
        right.expect(200);
        let found = read(&cast.officer, format!("/v1/services/{service}/tcv")).await;
        assert_eq!((&found["pilots"], &found["cost"]["reduction_percent"]), (&json!(2), &json!("90.0")));
    }

    async fn the_sums_are_those_of_the_records(app: App) {
        let mut cast = Cast::of(&app).await;
        let (one, two) = (cast.service(&app, "health").await, app.people.service.to_string());
        for service in [&one, &two] {
            cast.volume(service, "2026-27", 500).await;
        }
        cast.value_of_time("2026-27", "50.00").await;
        let first = cast.completed(&app, &one, ("100.00", "200.00"), ("50.00", "100.00")).await;
        app.advance(chrono::Duration::days(1));
        cast.renew(&app).await;
        let second = cast.running(&app, &one, ("30.00", "20.00")).await;
        cast.ended(&app, &second, ("20.00", "30.00")).await;
        cast.ended(&app, &second, ("10.00", "10.00")).await;
        cast.share(&one, &[(&first, 2_500), (&second, 7_500)]).await;
        let third = cast.completed(&app, &two, ("30.00", "20.00"), ("20.00", "10.00")).await;
        cast.publish(&first).await;
        cast.publish(&third).await;
        act(&cast.officer, &third, json!({"action": "unpublish", "reason": "x"})).await;
        let ask = async || {
            let mut answers = Vec::new();
            for who in [&app.anonymous(), &cast.officer.client] {
                for path in ["/v1/programme/tcv", "/v1/programme/savings?fiscal_year=2026-27"] {
                    answers.push(read(who, path).await);
                }
                for service in [&one, &two] {
                    answers.push(read(who, format!("/v1/services/{service}/tcv")).await);
                    answers.push(read(who, format!("/v1/services/{service}/savings?fiscal_year=2026-27")).await);
                }
            }
            answers
        };
        let followed = ask().await;
        assert_eq!(followed[0]["pilots"], 1, "the public sees the first");
        assert_eq!(followed[6]["pilots"], 3, "officials see all");
        connect(&app).batch_execute("DELETE FROM service_tcv; DELETE FROM pilot_effects;").unwrap();
        assert_eq!(ask().await[6]["pilots"], 0);
        crate::support::database::migrate(&app.database.url);
        assert_eq!(ask().await, followed, "made anew from pilots, measurements and shares");
    }

    async fn figures_read_one_entry_of_an_index_for_each_service(app: App) {
        let mut connection = connect(&app);
        if app.engine == Engine::Postgres {
            // On an empty table PostgreSQL would rather read all of it; told not to, it shows whether an index fits.
            connection.batch_execute("SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off; SET plan_cache_mode = force_generic_plan;").unwrap();
        }
        for scope in [Scope::Service(app.people.service), Scope::Sector("health".to_owned()), Scope::Programme] {
            let plan = crate::pilots::query_plans::plan(&mut connection, &statement(&scope));
            let (totals, volumes, services) = match app.engine {
                Engine::Sqlite => ("SEARCH t USING INDEX sqlite_autoindex_service_tcv_1 (service_id=? AND audience=? AND day<?)", "SEARCH v USING INDEX service_volumes_revisions (service_id=? AND fiscal_year=?)", "SEARCH s USING"),
                Engine::Postgres => ("Index Scan Backward using service_tcv_pkey", "Index Scan Backward using service_volumes_revisions", "using services_"),
            };
            assert!(plan.contains(totals) && plan.contains(volumes), "{plan}");
            assert!(!plan.contains("Sort") && !plan.contains("TEMP B-TREE"), "{plan}");
            assert!(scope == Scope::Programme || plan.contains(services), "{plan}");
            assert!(!plan.contains("pilots") && !plan.contains("measurements"), "{plan}");
        }
    }
}
