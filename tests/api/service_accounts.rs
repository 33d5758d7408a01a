//! Service accounts: keys act as their owner, within their scopes, until they are expired or revoked.

use chrono::Duration;
use innovation_pilots::platform::auth::Role;
use serde_json::{Value, json};

use crate::support::{
    App, Client, Response,
    builders::*,
    client::findings,
    people::{PASSWORD, Person},
};

const ENDS: &str = "2027-06-30";

async fn account(owner: &Client, scopes: &[&str]) -> Value {
    let body = json!({"name": "Dashboard", "scopes": scopes, "ends_on": ENDS});
    owner.post("/v1/service-accounts").json(body).send().await.expect(201)
}

fn place(account: &Value) -> String {
    format!("/v1/service-accounts/{}", account["id"].as_str().unwrap())
}

async fn make_key(owner: &Client, account: &Value, expires_on: &str, password: &str) -> Response {
    let body = json!({"expires_on": expires_on, "password": password});
    owner.post(format!("{}/keys", place(account))).json(body).send().await
}

/// A program with a key of a new service account of this owner.
async fn program(app: &App, owner: &Client, scopes: &[&str]) -> (Client, Value, Value) {
    let account = account(owner, scopes).await;
    let key = make_key(owner, &account, ENDS, PASSWORD).await.expect(201);
    (app.anonymous().with_token(key["key"].as_str().unwrap()), account, key)
}

async fn revoke(who: &Client, account: &Value) -> Response {
    let body = json!({"action": "revoke", "reason": "No longer needed."});
    who.post(format!("{}/transitions", place(account))).if_match("*").json(body).send().await
}

on_both_engines! {
    async fn a_key_is_shown_once_and_acts_as_its_owner(app: App) {
        let (owner, auditor) = (app.owner().await, app.auditor().await);
        let account = account(&owner, &["pilots:write", "pilots:read", "pilots:read", "identity:read"]).await;
        assert_eq!((&account["scopes"], &account["owner_id"], &account["allowed_actions"]), (&json!(["identity:read", "pilots:read", "pilots:write"]), &json!(owner.id), &json!(["revoke"])));
        let body = json!({"expires_on": ENDS, "password": PASSWORD});
        let create = || owner.post(format!("{}/keys", place(&account))).key("k-1").json(body.clone());
        let first = create().send().await;
        let created = first.expect(201);
        assert!(first.header("cache-control").unwrap().contains("no-store"));
        let key = created["key"].as_str().unwrap();
        assert!(key.starts_with(created["prefix"].as_str().unwrap()) && key.len() > 40);
        let again = create().send().await.expect(201);
        assert_eq!((&again["id"], &again["key"]), (&created["id"], &Value::Null));
        let listed = owner.get(format!("{}/keys", place(&account))).send().await.expect(200);
        assert!(listed["items"].as_array().unwrap().len() == 1 && !listed.to_string().contains(key));

        let program = app.anonymous().with_token(key);
        assert_eq!(program.get("/v1/me").send().await.expect(200)["id"], json!(owner.id));
        let pilot = program.post("/v1/pilots").json(content(&app)).send().await.expect(201);
        assert_eq!(pilot["owner"]["id"].as_str().or(pilot["owner_id"].as_str()), Some(owner.id.as_str()), "{pilot}");
        owner.patch(path(&pilot)).if_match("*").merge(json!({"tags": ["a"]})).send().await.expect(200);
        let entries = auditor.get(format!("/v1/audit-entries?record_type=pilot&record_id={}", pilot["id"].as_str().unwrap())).send().await.expect(200);
        let told: Vec<_> = entries["items"].as_array().unwrap().iter().map(|entry| (&entry["operation"], &entry["actor_id"], &entry["service_account_id"])).collect();
        assert_eq!(told, [(&json!("update_pilot"), &json!(owner.id), &Value::Null), (&json!("create_pilot"), &json!(owner.id), &account["id"])]);
        let of_it = auditor.get(format!("/v1/audit-entries?service_account_id={}", account["id"].as_str().unwrap())).send().await.expect(200);
        assert_eq!(of_it["items"].as_array().unwrap().len(), 1);
    }

    async fn a_key_cannot_leave_its_scopes(app: App) {
        let owner = app.owner().await;
        let (program, ..) = program(&app, &owner, &["pilots:read"]).await;
        program.get("/v1/pilots").send().await.expect(200);
        // What is open to anyone is open to it.
        program.get("/v1/sectors").send().await.expect(200);
        for (request, scope) in [
            (program.post("/v1/pilots").json(content(&app)), "pilots:write"),
            (program.get("/v1/me"), "identity:read"),
            (program.get("/v1/service-accounts"), "service_accounts:read"),
            (program.get("/v1/pilots/0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e/plans"), "plans:read"),
        ] {
            let problem = request.send().await.refused(403, "insufficient_scope");
            assert!(problem["detail"].as_str().unwrap().contains(scope), "{problem}");
        }
        assert_eq!(owner.get("/v1/pilots").send().await.expect(200)["items"], json!([]));
    }

    async fn a_key_is_told_of_nothing_by_the_side_that_it_may_not_read(app: App) {
        let (owner, officer, auditor) = (app.owner().await, app.officer().await, app.auditor().await);
        let design = app.design(&owner, &officer).await;
        let plan = app.planned(&owner, &design).await;
        app.measured(&owner, &officer, &design, "baseline").await;
        let refusal = json!({"gate": "execution", "outcome": "refuse", "reason": "Not yet."});
        officer.post(format!("{}/gate-decisions", path(&design))).json(refusal).send().await.expect(201);
        innovation_pilots::platform::audit::seal_due(&app.state).await.unwrap();
        let kinds = |page: &Value, name: &str| {
            let kinds = page["items"].as_array().unwrap().iter().map(|item| item[name].as_str().unwrap().to_owned());
            kinds.collect::<std::collections::BTreeSet<String>>()
        };
        let timeline = async |who: &Client| {
            let page = who.get(format!("{}/timeline?include_total=true&limit=200", path(&design))).send().await.expect(200);
            assert_eq!(page["total"]["value"].as_u64(), u64::try_from(page["items"].as_array().unwrap().len()).ok());
            kinds(&page, "kind")
        };
        let feed = async |who: &Client| kinds(&who.get("/v1/changes?limit=200").send().await.expect(200), "record_type");
        let all = timeline(&owner).await;
        assert!(["transition", "plan", "measurement", "gate_decision", "team"].iter().all(|kind| all.contains(*kind)), "{all:?}");
        let seen = feed(&owner).await;
        assert!(["pilot", "plan", "tcv_measurement", "gate_decision", "sector", "service_account"].iter().filter(|kind| seen.contains(**kind)).count() >= 4, "{seen:?}");

        let (narrow, ..) = program(&app, &owner, &["pilots:read", "events:read"]).await;
        assert_eq!(timeline(&narrow).await, ["team", "transition"].map(str::to_owned).into());
        let told = feed(&narrow).await;
        assert!(told.contains("pilot"), "{told:?}");
        for kind in ["plan", "tcv_measurement", "gate_decision", "attachment", "user", "handover", "api_key"] {
            assert!(!told.contains(kind), "{kind}: {told:?}");
        }
        narrow.get(format!("/v1/plans/{}", plan["id"].as_str().unwrap())).send().await.refused(403, "insufficient_scope");
        let (wider, ..) = program(&app, &owner, &["pilots:read", "plans:read", "events:read"]).await;
        assert!(timeline(&wider).await.contains("plan") && !timeline(&wider).await.contains("measurement"));
        assert!(feed(&wider).await.contains("plan") && !feed(&wider).await.contains("tcv_measurement"));
        // An auditor's own key: roles do not widen scopes.
        let (audit, ..) = program(&app, &auditor, &["events:read"]).await;
        let told = feed(&audit).await;
        assert!(["user", "session", "service_account", "api_key", "pilot", "plan"].iter().all(|kind| !told.contains(*kind)), "{told:?}");
    }

    async fn what_anyone_may_read_a_key_without_the_scope_reads_as_anyone(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let (draft, public) = (app.draft(&owner).await, app.published(&owner, &officer).await);
        let (program, ..) = program(&app, &owner, &["tcv:read"]).await;
        let anyone = app.anonymous();
        let service = app.people.service;
        for place in [
            "/v1/pilots".to_owned(), path(&public), format!("{}/comments", path(&public)), format!("{}/tcv-comparison", path(&public)),
            format!("/v1/services/{service}/savings"), format!("/v1/services/{service}/volumes"), "/v1/values-of-time".to_owned(), "/v1/sectors".to_owned(),
        ] {
            let expected = anyone.get(&place).send().await;
            let met = program.get(&place).send().await;
            assert_eq!(met.status, expected.status, "{place}");
            if !place.ends_with("comparison") {
                assert_eq!(met.json(), expected.json(), "{place}");
            }
        }
        // Not as its owner, who would see the draft.
        program.get(path(&draft)).send().await.refused(404, "not_found");
        owner.get(path(&draft)).send().await.expect(200);
        // What no stranger reads names the scope.
        program.get(format!("{}/plans", path(&public))).send().await.refused(403, "insufficient_scope");
        app.anonymous().with_token("ipk_nothing").get("/v1/pilots").send().await.refused(401, "invalid_api_key");
    }

    async fn a_key_is_offered_what_it_may_do_and_no_more(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let draft = app.draft(&owner).await;
        let design = app.design(&owner, &officer).await;
        let actions = |record: &Value| record["allowed_actions"].as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect::<Vec<_>>();
        let of = async |who: &Client, pilot: &Value| actions(&who.get(path(pilot)).send().await.expect(200));
        assert!(["edit", "delete", "submit", "add_member"].iter().all(|it| actions(&draft).contains(&(*it).to_owned())), "{draft}");
        let (reader, ..) = program(&app, &owner, &["pilots:read"]).await;
        assert_eq!(of(&reader, &draft).await, Vec::<String>::new());
        let (writer, ..) = program(&app, &owner, &["pilots:read", "pilots:write"]).await;
        let offered = of(&writer, &design).await;
        assert!(offered.contains(&"edit".to_owned()) || offered.contains(&"add_member".to_owned()), "{offered:?}");
        for (action, scope) in [("comment", "discussion"), ("add_attachment", "attachments"), ("hand_over", "handovers")] {
            assert!(!offered.contains(&action.to_owned()), "{action} needs {scope}:write: {offered:?}");
        }
        // Explained the same way, with the reason.
        let explained = reader.get(format!("{}/actions", path(&draft))).send().await.expect(200);
        let edit = explained["items"].as_array().unwrap().iter().find(|item| item["action"] == "edit").unwrap().clone();
        assert_eq!((&edit["allowed"], &edit["conditions"][0]["code"]), (&json!(false), &json!("insufficient_scope")));
        // The same on what hangs on a pilot.
        let plan = json!({"milestones": [{"title": {"en": "First camp"}, "is_mandatory": true}]});
        let plan = owner.post(format!("{}/plans", path(&design))).json(plan).send().await.expect(201);
        let place = format!("/v1/plans/{}", plan["id"].as_str().unwrap());
        assert!(!actions(&plan).is_empty());
        let (reader, ..) = program(&app, &owner, &["plans:read"]).await;
        assert_eq!(actions(&reader.get(&place).send().await.expect(200)), Vec::<String>::new());
    }

    async fn no_scope_makes_a_key_do_what_takes_a_person(app: App) {
        let admin = app.person("Admin", &[Role::Admin, Role::Innovator], app.people.a2i).await;
        let stranger = app.stranger().await;
        let all = crate::support::contract::document()["components"]["schemas"]["Scope"]["enum"].as_array().unwrap().clone();
        let all: Vec<&str> = all.iter().map(|scope| scope.as_str().unwrap()).collect();
        assert!(all.len() > 10 && !all.contains(&"users:write") && !all.contains(&"identity:write") && !all.contains(&"service_accounts:write"), "{all:?}");
        let (program, account, key) = program(&app, &admin, &all).await;
        program.get("/v1/users").send().await.expect(200);
        let user = format!("/v1/users/{}", stranger.id);
        for request in [
            program.post(format!("{user}/roles")).json(json!({"role": "admin"})),
            program.delete(format!("{user}/roles/innovator")).if_match("*"),
            program.post(format!("{user}/password-resets")),
            program.post(format!("{user}/second-factor-resets")),
            program.post(format!("{user}/transitions")).if_match("*").json(json!({"action": "disable", "reason": "x"})),
            program.post("/v1/me/password").json(json!({"current_password": PASSWORD, "new_password": "seven boats carry mangoes north"})),
            program.post("/v1/me/second-factor").json(json!({"password": PASSWORD})),
            program.post("/v1/service-accounts").json(json!({"name": "x", "scopes": ["pilots:read"], "ends_on": ENDS})),
            program.patch(place(&account)).if_match("*").merge(json!({"ends_on": "2028-06-30"})),
            program.post(format!("{}/keys", place(&account))).json(json!({"expires_on": ENDS, "password": PASSWORD})),
            program.delete(format!("{}/keys/{}", place(&account), key["id"].as_str().unwrap())).if_match("*"),
            program.post("/v1/auth/logout-everywhere"),
        ] {
            request.send().await.refused(403, "person_required");
        }
        // A person's role is still asked for.
        program.get("/v1/audit-entries").send().await.refused(403, "forbidden");
    }

    async fn the_separation_of_duties_sees_the_owner(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let inside = app.person("Inside", &[Role::ProgrammeOfficer], app.people.a2i).await;
        let design = app.design(&owner, &officer).await;
        join(&owner, &design, &inside, "member").await;
        let (program, ..) = program(&app, &inside, &["pilots:read", "pilots:write"]).await;
        let publish = program.post(format!("{}/transitions", path(&design))).if_match("*").json(json!({"action": "publish"}));
        publish.send().await.refused(403, "separation_of_duties");
    }

    async fn a_key_ends_with_its_day_its_revocation_and_its_owner(app: App) {
        let (owner, admin) = (app.owner().await, app.admin().await);
        let (first, account, key) = program(&app, &owner, &["pilots:read"]).await;
        let short = make_key(&owner, &account, "2026-07-01", PASSWORD).await.expect(201);
        let short = app.anonymous().with_token(short["key"].as_str().unwrap());
        short.get("/v1/pilots").send().await.expect(200);
        app.advance(Duration::hours(15) - Duration::seconds(1));
        short.get("/v1/pilots").send().await.expect(200);
        // Midnight in Dhaka.
        app.advance(Duration::seconds(1));
        short.get("/v1/pilots").send().await.refused(401, "invalid_api_key");
        first.get("/v1/pilots").send().await.expect(200);
        let owner = app.renewed(&owner).await;
        let admin = app.renewed(&admin).await;
        owner.delete(format!("{}/keys/{}", place(&account), key["id"].as_str().unwrap())).if_match("*").send().await.expect(204);
        let refused = first.get("/v1/pilots").send().await;
        refused.refused(401, "invalid_api_key");
        assert!(refused.header("www-authenticate").unwrap().contains("invalid_token"));

        let (second, account, _) = program(&app, &owner, &["pilots:read"]).await;
        second.get("/v1/pilots").send().await.expect(200);
        assert_eq!(revoke(&admin, &account).await.expect(200)["status"], "revoked");
        second.get("/v1/pilots").send().await.refused(401, "invalid_api_key");
        revoke(&owner, &account).await.refused(409, "transition_not_allowed");
        make_key(&owner, &account, ENDS, PASSWORD).await.refused(409, "conflict");

        let (third, ..) = program(&app, &owner, &["pilots:read"]).await;
        third.get("/v1/pilots").send().await.expect(200);
        let disable = admin.post(format!("/v1/users/{}/transitions", owner.id)).if_match("*");
        disable.json(json!({"action": "disable", "reason": "Left."})).send().await.expect(200);
        tokio::time::sleep(std::time::Duration::from_millis(1050)).await;
        third.get("/v1/pilots").send().await.refused(401, "invalid_api_key");
        for unknown in ["ipk_", "ipk_q7Vx0m1cVxJkqj0cHh3nUuG1bq0k0aGQ3r0m8k2m2dE"] {
            app.anonymous().with_token(unknown).get("/v1/pilots").send().await.refused(401, "invalid_api_key");
        }
    }

    async fn scopes_taken_away_are_gone_at_once(app: App) {
        let owner = app.owner().await;
        let (program, account, _) = program(&app, &owner, &["pilots:read", "identity:read"]).await;
        program.get("/v1/me").send().await.expect(200);
        let changed = owner.patch(place(&account)).if_match("*").merge(json!({"scopes": ["pilots:read"]})).send().await.expect(200);
        assert_eq!(changed["scopes"], json!(["pilots:read"]));
        program.get("/v1/me").send().await.refused(403, "insufficient_scope");
        owner.patch(place(&account)).if_match("\"1\"").merge(json!({"name": "x"})).send().await.refused(412, "version_mismatch");
    }

    async fn the_last_use_is_known_to_a_minute(app: App) {
        let owner = app.owner().await;
        let (program, account, _) = program(&app, &owner, &["pilots:read"]).await;
        let last_use = async || {
            app.state.api_keys.write_down_use(&app.state.db).await.unwrap();
            let owner = app.renewed(&owner).await;
            owner.get(format!("{}/keys", place(&account))).send().await.expect(200)["items"][0]["last_used_at"].clone()
        };
        assert_eq!(last_use().await, Value::Null);
        let first = app.state.clock.now();
        program.get("/v1/pilots").send().await.expect(200);
        assert_eq!(last_use().await, json!(first));
        // The server asks the database about a key once a second.
        let pause = std::time::Duration::from_millis(1050);
        for (seconds, expected) in [(30, first), (31, first.plus(Duration::seconds(61)))] {
            app.advance(Duration::seconds(seconds));
            tokio::time::sleep(pause).await;
            program.get("/v1/pilots").send().await.expect(200);
            assert_eq!(last_use().await, json!(expected), "{seconds}");
        }
    }

    async fn days_scopes_and_numbers_have_bounds(app: App) {
        let owner = app.owner().await;
        let create = async |body: Value| findings(&owner.post("/v1/service-accounts").json(body).send().await.refused(422, "validation_failed"));
        let body = |ends_on: &str, scope: &str| json!({"name": "x", "scopes": [scope], "ends_on": ends_on});
        assert_eq!(create(body("2026-06-30", "pilots:read")).await, ["#/ends_on in_the_past"]);
        assert_eq!(create(body("2028-07-04", "pilots:read")).await, ["#/ends_on too_late"]);
        let late = owner.post("/v1/service-accounts").bangla().json(body("2028-07-04", "pilots:read")).send().await.refused(422, "validation_failed");
        assert_eq!((&late["errors"][0]["params"]["maximum"], &late["errors"][0]["detail"]), (&json!("2028-07-02"), &json!("এই দিন অনেক পরে: সর্বশেষ ২০২৮-০৭-০২ পর্যন্ত দেওয়া যায়।")));
        assert_eq!(create(body(ENDS, "users:write")).await, ["#/scopes/0 enum"]);
        assert_eq!(create(json!({"name": " ", "scopes": [], "ends_on": "soon", "owner_id": owner.id})).await, ["#/ends_on format", "#/name min_length", "#/owner_id unknown_field", "#/scopes min_items"]);
        let account = account(&owner, &["pilots:read"]).await;
        let key = async |day: &str, password: &str| findings(&make_key(&owner, &account, day, password).await.refused(422, "validation_failed"));
        assert_eq!(key("2026-06-30", PASSWORD).await, ["#/expires_on in_the_past"]);
        assert_eq!(key("2027-07-01", PASSWORD).await, ["#/expires_on too_late"]);
        assert_eq!(key(ENDS, "not mine").await, ["#/password wrong_password"]);
        for _ in 0..5 {
            make_key(&owner, &account, ENDS, PASSWORD).await.expect(201);
        }
        make_key(&owner, &account, ENDS, PASSWORD).await.refused(409, "conflict");
    }

    async fn only_owners_and_overseers_see_a_service_account_and_only_owners_make_keys(app: App) {
        let (owner, stranger, admin, auditor) = (app.owner().await, app.stranger().await, app.admin().await, app.auditor().await);
        let account = account(&owner, &["pilots:read"]).await;
        let ids = async |who: &Person, query: &str| -> Vec<Value> {
            let page = who.get(format!("/v1/service-accounts{query}")).send().await.expect(200);
            page["items"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect()
        };
        for who in [&owner, &admin, &auditor] {
            assert_eq!(ids(who, "").await, [account["id"].clone()]);
        }
        assert!(ids(&stranger, "").await.is_empty());
        assert!(ids(&stranger, &format!("?owner_id={}", owner.id)).await.is_empty());
        assert!(ids(&admin, "?status=revoked").await.is_empty());
        stranger.get(place(&account)).send().await.refused(404, "not_found");
        make_key(&admin, &account, ENDS, PASSWORD).await.refused(403, "forbidden");
        revoke(&stranger, &account).await.refused(404, "not_found");
        for (operation, record) in [("create_service_account", "service_account")] {
            let entries = auditor.get(format!("/v1/audit-entries?operation={operation}")).send().await.expect(200);
            assert_eq!(entries["items"][0]["record_type"], record);
        }
    }
}
