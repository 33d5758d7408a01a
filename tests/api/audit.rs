//! The audit trail: every change leaves its mark, nothing else does, and no mark can be wiped away.

use diesel::connection::SimpleConnection;
use serde_json::{Value, json};

use crate::support::{
    App, Client, Engine, Response,
    app::START,
    builders::*,
    client::Request,
    people::{PASSWORD, Person},
};

async fn list(auditor: &Client, query: &str) -> Vec<Value> {
    auditor.get(format!("/v1/audit-entries?limit=200&{query}")).send().await.expect(200)["items"]
        .as_array()
        .unwrap()
        .clone()
}

async fn count(auditor: &Client) -> i64 {
    auditor.get("/v1/audit-entries?limit=1&include_total=true").send().await.expect(200)["total"]["value"]
        .as_i64()
        .unwrap()
}

/// Sends a change under a request id of its own and insists on what it leaves behind: entries of this operation, by this
/// person, now, from here. Gives the answer and the entries, the oldest first.
struct Watch<'a> {
    app: &'a App,
    auditor: Person,
    number: std::cell::Cell<u32>,
}

impl Watch<'_> {
    async fn change(
        &self,
        who: Option<&Person>,
        operation: &str,
        record_type: &str,
        request: Request,
    ) -> (Response, Vec<Value>) {
        let number = self.number.get() + 1;
        self.number.set(number);
        let request_id = format!("change-{number:04}");
        let before = count(&self.auditor).await;
        let answer = request.header("X-Request-Id", &request_id).send().await;
        assert!(answer.status.is_success(), "{operation}: {}", String::from_utf8_lossy(&answer.body));
        let mut entries = list(&self.auditor, "").await;
        entries.retain(|entry| entry["request_id"] == request_id.as_str());
        entries.reverse();
        assert!(!entries.is_empty(), "{operation} leaves nothing behind");
        assert_eq!(i64::try_from(entries.len()).unwrap(), count(&self.auditor).await - before, "{operation}");
        for entry in &entries {
            assert_eq!(entry["operation"], operation, "{entry}");
            assert_eq!(entry["record_type"], record_type, "{entry}");
            assert_eq!(entry["actor_id"], who.map_or(Value::Null, |who| json!(who.id)), "{entry}");
            assert_eq!(entry["at"], json!(self.app.state.clock.now()), "{entry}");
            assert_eq!(entry["address"], "127.0.0.1", "{entry}");
            assert_ne!(
                entry["before_sha256"],
                entry["after_sha256"].as_str().map_or(json!(""), |digest| json!(digest)),
                "{entry}"
            );
            for digest in ["before_sha256", "after_sha256"].map(|name| &entry[name]) {
                let well_formed = digest
                    .as_str()
                    .is_none_or(|text| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()));
                assert!(well_formed, "{entry}");
            }
            let read = self
                .auditor
                .get(format!("/v1/audit-entries/{}", entry["id"].as_str().unwrap()))
                .send()
                .await
                .expect(200);
            assert_eq!(&read, entry);
        }
        (answer, entries)
    }

    /// A change of one record, which leaves one entry. `digests` tells which are there: before, after.
    async fn one(
        &self,
        who: &Person,
        operation: &str,
        record_type: &str,
        digests: (bool, bool),
        request: Request,
    ) -> (Value, Value) {
        let (answer, mut entries) = self.change(Some(who), operation, record_type, request).await;
        assert_eq!(entries.len(), 1, "{operation}: {entries:#?}");
        let entry = entries.remove(0);
        assert_eq!((entry["before_sha256"].is_string(), entry["after_sha256"].is_string()), digests, "{entry}");
        (answer.json(), entry)
    }
}

const CREATED: (bool, bool) = (false, true);
const CHANGED: (bool, bool) = (true, true);
const DELETED: (bool, bool) = (true, false);

async fn watch(app: &App) -> Watch<'_> {
    Watch { app, auditor: app.auditor().await, number: std::cell::Cell::new(0) }
}

fn steps(who: &Person, record: &str) -> Request {
    who.post(format!("{record}/transitions")).if_match("*")
}

on_both_engines! {
    async fn every_change_to_a_pilot_is_written_down(app: App) {
        let watch = watch(&app).await;
        let (owner, officer) = (app.owner().await, app.officer().await);
        let deputy = app.person("Deputy", &[], app.people.land_office).await;
        let (pilot, created) = watch.one(&owner, "create_pilot", "pilot", CREATED, owner.post("/v1/pilots").json(content(&app))).await;
        assert_eq!((&created["record_id"], &created["at"]), (&pilot["id"], &json!(START)));
        let place = path(&pilot);
        app.advance(chrono::Duration::seconds(1));
        let (_, edited) = watch.one(&owner, "update_pilot", "pilot", CHANGED, owner.patch(&place).if_match("*").merge(json!({"tags": ["a"]}))).await;
        // Each entry begins where the one before ended.
        assert_eq!(edited["before_sha256"], created["after_sha256"]);
        let joining = owner.post(format!("{place}/members")).json(json!({"user_id": deputy.id, "role": "deputy"}));
        let (_, joined) = watch.one(&owner, "add_pilot_member", "pilot", CHANGED, joining).await;
        assert_eq!(joined["before_sha256"], edited["after_sha256"]);
        let leaving = owner.delete(format!("{place}/members/{}", deputy.id)).if_match("*");
        watch.one(&owner, "remove_pilot_member", "pilot", CHANGED, leaving).await;
        for (who, action) in [(&owner, json!({"action": "submit"})), (&officer, json!({"action": "start_screening"})), (&officer, json!({"action": "accept"})), (&officer, json!({"action": "publish"})), (&officer, json!({"action": "unpublish", "reason": "x"}))] {
            let operation = format!("transition_pilot.{}", action["action"].as_str().unwrap());
            let (_, entry) = watch.one(who, &operation, "pilot", CHANGED, steps(who, &place).json(action)).await;
            assert_eq!(entry["record_id"], pilot["id"]);
        }
        let (other, other_created) = watch.one(&owner, "create_pilot", "pilot", CREATED, owner.post("/v1/pilots").json(content(&app))).await;
        let (_, deleted) = watch.one(&owner, "delete_pilot", "pilot", DELETED, owner.delete(path(&other)).if_match("*")).await;
        assert_eq!((&deleted["record_id"], &deleted["before_sha256"]), (&other["id"], &other_created["after_sha256"]));
    }

    async fn every_change_to_plans_measurements_and_gates_is_written_down(app: App) {
        let watch = watch(&app).await;
        let (owner, officer) = (app.owner().await, app.officer().await);
        let pilot = app.design(&owner, &officer).await;
        let plan = json!({
            "solution_design": {"en": "x"}, "implementation_plan": {"en": "x"},
            "budget_lines": [{"head": "transport", "description": "Boats", "amount": {"amount": "84000.00", "currency": "BDT"}}],
            "risks": [{"description": "Floods", "likelihood": "low", "impact": "low", "mitigation": "Wait."}],
            "milestones": [{"title": {"en": "First camp"}, "due_on": "2026-09-01", "responsible_id": owner.id, "is_mandatory": true}]
        });
        let (first, _) = watch.one(&owner, "create_plan", "plan", CREATED, owner.post(format!("{}/plans", path(&pilot))).json(plan.clone())).await;
        watch.one(&owner, "delete_plan", "plan", DELETED, owner.delete(format!("/v1/plans/{}", first["id"].as_str().unwrap())).if_match("*")).await;
        let (plan, _) = watch.one(&owner, "create_plan", "plan", CREATED, owner.post(format!("{}/plans", path(&pilot))).json(plan)).await;
        let place = format!("/v1/plans/{}", plan["id"].as_str().unwrap());
        watch.one(&owner, "update_plan", "plan", CHANGED, owner.patch(&place).if_match("*").merge(json!({"solution_design": {"en": "y"}}))).await;
        watch.one(&owner, "transition_plan.submit", "plan", CHANGED, steps(&owner, &place).json(json!({"action": "submit"}))).await;

        let taken = json!({"kind": "baseline", "sample_size": 40, "period_start_on": "2026-01-04", "period_end_on": "2026-01-29", "visits": {"apply": "1.00", "follow_up": "1.00", "collect": "1.00"}});
        let begin = || owner.post(format!("{}/tcv-measurements", path(&pilot))).json(taken.clone());
        let (draft, _) = watch.one(&owner, "create_measurement", "tcv_measurement", CREATED, begin()).await;
        watch.one(&owner, "delete_measurement", "tcv_measurement", DELETED, owner.delete(format!("/v1/tcv-measurements/{}", draft["id"].as_str().unwrap())).if_match("*")).await;
        let (measurement, _) = watch.one(&owner, "create_measurement", "tcv_measurement", CREATED, begin()).await;
        let place = format!("/v1/tcv-measurements/{}", measurement["id"].as_str().unwrap());
        watch.one(&owner, "update_measurement", "tcv_measurement", CHANGED, owner.patch(&place).if_match("*").merge(json!({"sample_size": 41}))).await;
        for (who, action) in [(&owner, json!({"action": "submit"})), (&officer, json!({"action": "return", "reason": "x"})), (&owner, json!({"action": "submit"})), (&officer, json!({"action": "verify"}))] {
            let operation = format!("transition_measurement.{}", action["action"].as_str().unwrap());
            watch.one(who, &operation, "tcv_measurement", CHANGED, steps(who, &place).json(action)).await;
        }

        let refusal = json!({"gate": "execution", "outcome": "refuse", "reason": "Not yet."});
        watch.one(&officer, "create_gate_decision", "gate_decision", CREATED, officer.post(format!("{}/gate-decisions", path(&pilot))).json(refusal)).await;
    }

    async fn every_change_to_accounts_and_sessions_is_written_down(app: App) {
        let watch = watch(&app).await;
        let (admin, owner) = (app.admin().await, app.owner().await);
        let login = app.anonymous().post("/v1/auth/login").json(json!({"email": owner.email, "password": PASSWORD}));
        let (answer, entries) = watch.change(None, "login", "session", login).await;
        assert_eq!(entries.len(), 1);
        let session = Person { client: app.anonymous().with_token(answer.json()["access_token"].as_str().unwrap()), ..owner.clone() };
        watch.one(&session, "logout", "session", (false, false), session.post("/v1/auth/logout")).await;
        watch.one(&owner, "update_me", "user", CHANGED, owner.patch("/v1/me").if_match("*").merge(json!({"language": "bn"}))).await;
        let new_password = json!({"current_password": PASSWORD, "new_password": "seven boats carry mangoes north"});
        watch.one(&owner, "change_password", "user", CHANGED, owner.post("/v1/me/password").json(new_password)).await;
        let new = json!({"email": "new@test.gov.bd", "name": {"en": "New"}, "language": "en", "roles": ["innovator"]});
        let (user, created) = watch.one(&admin, "create_user", "user", CREATED, admin.post("/v1/users").json(new)).await;
        assert_eq!(created["record_id"], user["id"]);
        let place = format!("/v1/users/{}", user["id"].as_str().unwrap());
        watch.one(&admin, "update_user", "user", CHANGED, admin.patch(&place).if_match("*").merge(json!({"language": "bn"}))).await;
        watch.one(&admin, "grant_role", "user", CHANGED, admin.post(format!("{place}/roles")).json(json!({"role": "auditor"}))).await;
        watch.one(&admin, "revoke_role", "user", CHANGED, admin.delete(format!("{place}/roles/auditor")).if_match("*")).await;
        watch.one(&admin, "reset_password", "user", CHANGED, admin.post(format!("{place}/password-resets"))).await;
        watch.one(&admin, "transition_user.disable", "user", CHANGED, steps(&admin, &place).json(json!({"action": "disable", "reason": "x"}))).await;
        watch.one(&admin, "transition_user.enable", "user", CHANGED, steps(&admin, &place).json(json!({"action": "enable"}))).await;
        // One for each session that ends.
        let (_, ended) = watch.change(Some(&owner), "logout_everywhere", "session", owner.post("/v1/auth/logout-everywhere")).await;
        assert_eq!(ended.len(), 1);
    }

    async fn every_change_to_reference_data_is_written_down(app: App) {
        let watch = watch(&app).await;
        let admin = app.admin().await;
        for (operation, record_type, place, code) in [
            ("update_division", "division", "/v1/divisions/BD-F", "BD-F"),
            ("update_district", "district", "/v1/districts/BD-28", "BD-28"),
            ("update_sector", "sector", "/v1/sectors/health", "health"),
            ("update_sdg_goal", "sdg_goal", "/v1/sdg-goals/2", "2"),
            ("update_sdg_target", "sdg_target", "/v1/sdg-targets/2.3", "2.3"),
        ] {
            let (_, entry) = watch.one(&admin, operation, record_type, CHANGED, admin.patch(place).if_match("*").merge(json!({"is_active": false}))).await;
            assert_eq!(entry["record_id"], code);
        }
        watch.one(&admin, "create_sector", "sector", CREATED, admin.post("/v1/sectors").json(json!({"code": "sports", "name": {"en": "Sports"}}))).await;
        let new = json!({"name": {"en": "New"}, "kind": "ngo"});
        let (organisation, _) = watch.one(&admin, "create_organisation", "organisation", CREATED, admin.post("/v1/organisations").json(new)).await;
        let place = format!("/v1/organisations/{}", organisation["id"].as_str().unwrap());
        watch.one(&admin, "update_organisation", "organisation", CHANGED, admin.patch(place).if_match("*").merge(json!({"kind": "firm"}))).await;
        let new = json!({"name": {"en": "New"}, "sector_code": "sports", "organisation_id": organisation["id"]});
        let (service, _) = watch.one(&admin, "create_service", "service", CREATED, admin.post("/v1/services").json(new)).await;
        let place = format!("/v1/services/{}", service["id"].as_str().unwrap());
        watch.one(&admin, "update_service", "service", CHANGED, admin.patch(place).if_match("*").merge(json!({"is_active": false}))).await;
    }

    async fn reading_and_being_refused_leave_nothing(app: App) {
        let (owner, officer, admin, auditor) = (app.owner().await, app.officer().await, app.admin().await, app.auditor().await);
        let (draft, design) = (app.draft(&owner).await, app.design(&owner, &officer).await);
        let before = count(&auditor).await;
        for place in ["/v1/pilots", "/v1/me", "/v1/people", "/v1/users", "/v1/organisations", "/v1/divisions", "/v1/audit-entries", "/readyz"] {
            for who in [&owner, &officer, &admin, &auditor] {
                who.get(place).send().await;
            }
        }
        for part in ["", "/transitions", "/actions", "/members", "/plans", "/tcv-measurements", "/tcv-comparison", "/final-report", "/gates/execution", "/gate-decisions"] {
            officer.get(format!("{}{part}", path(&design))).send().await.expect(200);
        }
        let stranger = app.stranger().await;
        owner.post("/v1/pilots").json(json!({})).send().await.refused(422, "validation_failed");
        owner.post("/v1/pilots").body("application/json", "{").send().await.refused(400, "malformed_body");
        owner.patch(path(&draft)).merge(json!({"tags": []})).send().await.refused(428, "if_match_required");
        owner.patch(path(&draft)).if_match("\"9\"").merge(json!({"tags": []})).send().await.refused(412, "version_mismatch");
        owner.delete(path(&design)).if_match("*").send().await.refused(409, "transition_not_allowed");
        officer.patch(path(&draft)).if_match("*").merge(json!({"tags": []})).send().await.refused(403, "forbidden");
        stranger.delete(path(&draft)).if_match("*").send().await.refused(404, "not_found");
        app.anonymous().post("/v1/pilots").json(content(&app)).send().await.refused(401, "unauthenticated");
        steps(&owner, &path(&design)).json(json!({"action": "submit"})).send().await.refused(409, "transition_not_allowed");
        admin.delete(format!("/v1/users/{}/roles/admin", admin.id)).if_match("*").send().await.refused(409, "conflict");
        app.anonymous().post("/v1/auth/login").json(json!({"email": owner.email, "password": "wrong"})).send().await.refused(401, "invalid_credentials");
        assert_eq!(count(&auditor).await, before);
    }

    async fn a_retry_with_its_key_is_written_down_once(app: App) {
        let (owner, auditor) = (app.owner().await, app.auditor().await);
        for _ in 0..3 {
            owner.post("/v1/pilots").key("k-1").json(content(&app)).send().await.expect(201);
        }
        assert_eq!(list(&auditor, "operation=create_pilot").await.len(), 1);
    }

    async fn only_the_auditor_reads_it(app: App) {
        let (owner, officer, admin, auditor) = (app.owner().await, app.officer().await, app.admin().await, app.auditor().await);
        app.draft(&owner).await;
        let entry = format!("/v1/audit-entries/{}", list(&auditor, "").await[0]["id"].as_str().unwrap());
        for place in ["/v1/audit-entries", &entry] {
            auditor.get(place).send().await.expect(200);
            app.anonymous().get(place).send().await.refused(401, "unauthenticated");
            for who in [&owner, &officer, &admin] {
                who.get(place).send().await.refused(403, "forbidden");
            }
            for method in [awc::http::Method::PATCH, awc::http::Method::DELETE, awc::http::Method::PUT, awc::http::Method::POST] {
                auditor.request(method, place).send().await.refused(405, "method_not_allowed");
            }
        }
        auditor.get("/v1/audit-entries/0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e").send().await.refused(404, "not_found");
    }

    async fn it_is_read_by_record_person_operation_and_time(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let design = app.design(&owner, &officer).await;
        app.advance(chrono::Duration::hours(1));
        let (owner, auditor) = (app.renewed(&owner).await, app.auditor().await);
        let later = app.draft(&owner).await;
        let operations = async |query: String| -> Vec<String> {
            list(&auditor, &query).await.iter().map(|entry| entry["operation"].as_str().unwrap().to_owned()).collect()
        };
        let design_id = design["id"].as_str().unwrap();
        assert_eq!(operations(String::new()).await, ["create_pilot", "transition_pilot.accept", "transition_pilot.start_screening", "transition_pilot.submit", "create_pilot"]);
        assert_eq!(operations(format!("record_type=pilot&record_id={design_id}")).await.len(), 4);
        assert_eq!(operations(format!("record_type=plan&record_id={design_id}")).await, Vec::<String>::new());
        assert_eq!(operations(format!("actor_id={}", officer.id)).await, ["transition_pilot.accept", "transition_pilot.start_screening"]);
        assert_eq!(list(&auditor, "operation=create_pilot").await.iter().map(|entry| &entry["record_id"]).collect::<Vec<_>>(), [&later["id"], &design["id"]]);
        assert_eq!(operations("at_gte=2026-07-01T04:00:00.000Z".to_owned()).await, ["create_pilot"]);
        assert_eq!(operations("at_lt=2026-07-01T04:00:00.000Z".to_owned()).await.len(), 4);
        assert_eq!(operations(format!("actor_id={}&operation=create_pilot&at_gte=2026-07-01T04:00:00Z", owner.id)).await, ["create_pilot"]);
        for wrong in ["record_type=pilot", "record_id=x", "actor_id=x", "at_gte=yesterday", "sort=at", "limit=201"] {
            auditor.get(format!("/v1/audit-entries?{wrong}")).send().await.refused(400, "invalid_parameters");
        }
        // In pages it is the same list.
        let whole: Vec<Value> = list(&auditor, "").await;
        let (mut walked, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = auditor.get(format!("/v1/audit-entries?limit=2{cursor}")).send().await.expect(200);
            walked.extend(page["items"].as_array().unwrap().iter().cloned());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(walked, whole);
    }

    async fn it_holds_no_personal_data(app: App) {
        let (owner, admin, auditor) = (app.owner().await, app.admin().await, app.auditor().await);
        owner.patch("/v1/me").if_match("*").merge(json!({"name": {"en": "Unmistakable"}})).send().await.expect(200);
        admin.patch(format!("/v1/users/{}", owner.id)).if_match("*").merge(json!({"email": "unmistakable@test.gov.bd"})).send().await.expect(200);
        let text = json!(list(&auditor, "").await).to_string().to_lowercase();
        assert!(!text.contains("unmistakable") && !text.contains("test.gov.bd"), "{text}");
    }

    async fn the_database_itself_refuses_to_alter_what_was_written(app: App) {
        let (owner, officer, auditor) = (app.owner().await, app.officer().await, app.auditor().await);
        let pilot = app.design(&owner, &officer).await;
        let history = format!("{}/transitions", path(&pilot));
        let before = (list(&auditor, "").await, owner.get(&history).send().await.expect(200));
        let mut connection = app.database.connect();
        for (table, column) in [("audit_entries", "actor_id"), ("pilot_transitions", "reason")] {
            let mut attempts = vec![
                format!("UPDATE {table} SET {column} = 'forged'"),
                format!("UPDATE {table} SET {column} = {column}"),
                format!("UPDATE {table} SET id = 'forged' WHERE id = (SELECT min(id) FROM {table})"),
                format!("DELETE FROM {table}"),
                format!("DELETE FROM {table} WHERE id = (SELECT min(id) FROM {table})"),
            ];
            match app.engine {
                Engine::Postgres => attempts.extend([
                    format!("TRUNCATE {table}"),
                    format!("TRUNCATE {table} CASCADE"),
                    format!("INSERT INTO {table} SELECT * FROM {table} ON CONFLICT (id) DO UPDATE SET {column} = 'forged'"),
                ]),
                // Without `recursive_triggers` a row that is replaced is not deleted in the eyes of a trigger.
                Engine::Sqlite => attempts.extend([
                    format!("INSERT OR REPLACE INTO {table} SELECT * FROM {table}"),
                    format!("REPLACE INTO {table} SELECT * FROM {table} LIMIT 1"),
                    format!("UPDATE OR REPLACE {table} SET id = (SELECT max(id) FROM {table})"),
                    format!("INSERT INTO {table} SELECT * FROM {table} WHERE true ON CONFLICT (id) DO UPDATE SET {column} = 'forged'"),
                    replace_by_rowid(table),
                ]),
            }
            for attempt in attempts {
                let refusal = connection.batch_execute(&attempt).map_err(|error| error.to_string());
                assert!(refusal.as_ref().is_err_and(|text| text.contains("append-only")), "{attempt}: {refusal:?}");
            }
        }
        assert_eq!((list(&auditor, "").await, owner.get(&history).send().await.expect(200)), before);
        // And goes on taking what is new.
        app.draft(&owner).await;
        assert_eq!(list(&auditor, "").await.len(), before.0.len() + 1);
    }
}

/// A row of SQLite can be replaced by its hidden number as well, under another id.
fn replace_by_rowid(table: &str) -> String {
    let columns = match table {
        "audit_entries" => "at, operation, record_type, record_id, request_id",
        _ => "pilot_id, command, from_status, to_status, actor_id, at",
    };
    format!(
        "INSERT OR REPLACE INTO {table} (rowid, id, {columns}) SELECT rowid, 'forged', {columns} FROM {table} LIMIT 1"
    )
}
