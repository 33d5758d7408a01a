//! Logins, sessions, tokens, passwords, and the accounts behind them.

use std::fs;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use innovation_pilots::platform::auth::Role;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, jwk::JwkSet};
use serde_json::{Value, json};

use crate::support::{
    App, Client, Engine, Response,
    builders::*,
    client::findings,
    people::{PASSWORD, Person},
};

const NEW_PASSWORD: &str = "seven boats carry mangoes north";

async fn log_in(app: &App, email: &str, password: &str) -> Response {
    app.anonymous().post("/v1/auth/login").json(json!({"email": email, "password": password})).send().await
}

/// The tokens of a fresh session.
async fn tokens(app: &App, email: &str, password: &str) -> Value {
    log_in(app, email, password).await.expect(200)
}

fn bearer(app: &App, tokens: &Value) -> Client {
    app.anonymous().with_token(tokens["access_token"].as_str().unwrap())
}

async fn refresh(app: &App, tokens: &Value) -> Response {
    app.anonymous().post("/v1/auth/refresh").json(json!({"refresh_token": tokens["refresh_token"]})).send().await
}

/// A problem without what differs from request to request.
fn essence(answer: &Response) -> Value {
    let mut problem = answer.json();
    problem["request_id"] = Value::Null;
    problem
}

fn user_path(person: &Person) -> String {
    format!("/v1/users/{}", person.id)
}

async fn transition(who: &Client, person: &Person, command: Value) -> Response {
    who.post(format!("{}/transitions", user_path(person))).if_match("*").json(command).send().await
}

async fn revoke(who: &Client, person: &Person, role: &str) -> Response {
    who.delete(format!("{}/roles/{role}", user_path(person))).if_match("*").send().await
}

async fn grant(who: &Client, person: &Person, role: &str) -> Response {
    who.post(format!("{}/roles", user_path(person))).json(json!({"role": role})).send().await
}

on_both_engines! {
    async fn a_login_opens_a_session(app: App) {
        let owner = app.owner().await;
        let answer = log_in(&app, &format!(" {} ", owner.email.to_uppercase()), PASSWORD).await;
        let pair = answer.expect(200);
        assert_eq!((&pair["token_type"], &pair["expires_in"], &pair["must_change_password"]), (&json!("Bearer"), &json!(600), &json!(false)));
        assert!(answer.header("cache-control").unwrap().contains("no-store"));
        assert_eq!(bearer(&app, &pair).get("/v1/me").send().await.expect(200)["id"], json!(owner.id));
    }

    async fn whoever_does_not_get_in_learns_nothing(app: App) {
        let (owner, admin) = (app.owner().await, app.admin().await);
        let gone = app.person("Gone", &[], app.people.land_office).await;
        transition(&admin, &gone, json!({"action": "disable", "reason": "Left."})).await.expect(200);
        let wrong = log_in(&app, &owner.email, "not the password").await;
        wrong.refused(401, "invalid_credentials");
        assert!(wrong.header("www-authenticate").is_some());
        for (email, password) in [("nobody@test.gov.bd", PASSWORD), (gone.email.as_str(), PASSWORD), (gone.email.as_str(), "wrong"), (owner.email.as_str(), "")] {
            let answer = log_in(&app, email, password).await;
            if password.is_empty() {
                assert_eq!(findings(&answer.refused(422, "validation_failed")), ["#/password min_length"]);
            } else {
                answer.refused(401, "invalid_credentials");
                assert_eq!(essence(&answer), essence(&wrong), "{email}");
            }
        }
    }

    async fn each_refresh_gives_the_next_pair(app: App) {
        let owner = app.owner().await;
        let first = tokens(&app, &owner.email, PASSWORD).await;
        app.advance(chrono::Duration::minutes(11));
        bearer(&app, &first).get("/v1/me").send().await.refused(401, "invalid_token");
        let second = refresh(&app, &first).await.expect(200);
        assert_ne!(first["refresh_token"], second["refresh_token"]);
        bearer(&app, &second).get("/v1/me").send().await.expect(200);
        app.advance(chrono::Duration::minutes(11));
        let third = refresh(&app, &second).await.expect(200);
        bearer(&app, &third).get("/v1/me").send().await.expect(200);
        for unknown in ["x", "q7Vx0m1cVxJkqj0cHh3nUuG1bq0k0aGQ3r0m8k2m2dE", first["access_token"].as_str().unwrap()] {
            let answer = app.anonymous().post("/v1/auth/refresh").json(json!({"refresh_token": unknown})).send().await;
            if unknown.len() <= 200 {
                answer.refused(401, "refresh_token_invalid");
            } else {
                answer.refused(422, "validation_failed");
            }
        }
    }

    async fn two_tabs_may_refresh_at_nearly_the_same_time(app: App) {
        let owner = app.owner().await;
        let first = tokens(&app, &owner.email, PASSWORD).await;
        let (one, two) = futures_util::future::join(refresh(&app, &first), refresh(&app, &first)).await;
        let (one, two) = (one.expect(200), two.expect(200));
        assert_ne!(one["refresh_token"], two["refresh_token"]);
        app.advance(chrono::Duration::seconds(20));
        let late = refresh(&app, &first).await.expect(200);
        for pair in [&one, &two, &late] {
            bearer(&app, pair).get("/v1/me").send().await.expect(200);
            refresh(&app, pair).await.expect(200);
        }
    }

    async fn a_stolen_refresh_token_ends_the_session(app: App) {
        let owner = app.owner().await;
        let stolen = tokens(&app, &owner.email, PASSWORD).await;
        let other = tokens(&app, &owner.email, PASSWORD).await;
        let kept = refresh(&app, &stolen).await.expect(200);
        bearer(&app, &kept).get("/v1/me").send().await.expect(200);
        app.advance(chrono::Duration::seconds(21));
        refresh(&app, &stolen).await.refused(401, "refresh_token_reused");
        // At once, for thief and owner alike; the owner's other login goes on.
        bearer(&app, &kept).get("/v1/me").send().await.refused(401, "invalid_token");
        bearer(&app, &stolen).get("/v1/me").send().await.refused(401, "invalid_token");
        refresh(&app, &kept).await.refused(401, "refresh_token_invalid");
        refresh(&app, &stolen).await.refused(401, "refresh_token_invalid");
        bearer(&app, &other).get("/v1/me").send().await.expect(200);
        let auditor = app.auditor().await;
        let entries = auditor.get("/v1/audit-entries?operation=refresh.reused").send().await.expect(200);
        assert_eq!(entries["items"].as_array().unwrap().len(), 1);
    }

    async fn a_logout_ends_this_session_and_no_other(app: App) {
        let owner = app.owner().await;
        let (one, two) = (tokens(&app, &owner.email, PASSWORD).await, tokens(&app, &owner.email, PASSWORD).await);
        bearer(&app, &one).get("/v1/me").send().await.expect(200);
        bearer(&app, &one).post("/v1/auth/logout").send().await.expect(204);
        bearer(&app, &one).get("/v1/me").send().await.refused(401, "invalid_token");
        refresh(&app, &one).await.refused(401, "refresh_token_invalid");
        bearer(&app, &two).get("/v1/me").send().await.expect(200);
        refresh(&app, &two).await.expect(200);
    }

    async fn a_logout_everywhere_ends_all_sessions(app: App) {
        let (owner, stranger) = (app.owner().await, app.stranger().await);
        let (one, two) = (tokens(&app, &owner.email, PASSWORD).await, tokens(&app, &owner.email, PASSWORD).await);
        for pair in [&one, &two] {
            bearer(&app, pair).get("/v1/me").send().await.expect(200);
        }
        bearer(&app, &one).post("/v1/auth/logout-everywhere").send().await.expect(204);
        for pair in [&one, &two] {
            bearer(&app, pair).get("/v1/me").send().await.refused(401, "invalid_token");
            refresh(&app, pair).await.refused(401, "refresh_token_invalid");
        }
        owner.get("/v1/me").send().await.refused(401, "invalid_token");
        stranger.get("/v1/me").send().await.expect(200);
    }

    async fn a_session_ends_after_thirty_days(app: App) {
        let owner = app.owner().await;
        let pair = tokens(&app, &owner.email, PASSWORD).await;
        app.advance(chrono::Duration::days(30));
        refresh(&app, &pair).await.refused(401, "refresh_token_invalid");
    }

    async fn a_new_password_takes_the_place_of_the_old_one(app: App) {
        let owner = app.owner().await;
        let (here, elsewhere) = (tokens(&app, &owner.email, PASSWORD).await, tokens(&app, &owner.email, PASSWORD).await);
        bearer(&app, &elsewhere).get("/v1/me").send().await.expect(200);
        let change = async |current: &str, new: &str| {
            bearer(&app, &here).post("/v1/me/password").json(json!({"current_password": current, "new_password": new})).send().await
        };
        let refused = async |current: &str, new: &str| findings(&change(current, new).await.refused(422, "validation_failed"));
        assert_eq!(refused("not the password", NEW_PASSWORD).await, ["#/current_password wrong_password"]);
        assert_eq!(refused(PASSWORD, "short").await, ["#/new_password min_length"]);
        assert_eq!(refused(PASSWORD, "password12").await, ["#/new_password weak_password"]);
        assert_eq!(refused(PASSWORD, &owner.email).await, ["#/new_password weak_password"]);
        assert!(refused(PASSWORD, PASSWORD).await.contains(&"#/new_password same_password".to_owned()));
        bearer(&app, &elsewhere).get("/v1/me").send().await.expect(200);
        change(PASSWORD, NEW_PASSWORD).await.expect(204);
        bearer(&app, &here).get("/v1/me").send().await.expect(200);
        refresh(&app, &here).await.expect(200);
        bearer(&app, &elsewhere).get("/v1/me").send().await.refused(401, "invalid_token");
        refresh(&app, &elsewhere).await.refused(401, "refresh_token_invalid");
        log_in(&app, &owner.email, PASSWORD).await.refused(401, "invalid_credentials");
        tokens(&app, &owner.email, NEW_PASSWORD).await;
    }

    async fn guessing_at_the_current_password_is_slowed_down_too(app: App) {
        let owner = app.owner().await;
        let change = async |current: &str| {
            owner.post("/v1/me/password").json(json!({"current_password": current, "new_password": NEW_PASSWORD})).send().await
        };
        for _ in 0..5 {
            change("not the password").await.refused(422, "validation_failed");
        }
        let answer = change(PASSWORD).await;
        answer.refused(429, "too_many_attempts");
        assert_eq!(answer.header("retry-after"), Some("2"));
        app.advance(chrono::Duration::seconds(2));
        change(PASSWORD).await.expect(204);
    }

    async fn a_password_set_by_someone_else_is_changed_before_anything_else(app: App) {
        let admin = app.admin().await;
        let new = json!({"email": "New.Officer@test.gov.bd", "name": {"bn": "রহিমা খাতুন"}, "language": "bn", "roles": ["innovator"], "organisation_id": app.people.a2i});
        let answer = admin.post("/v1/users").key("new-1").json(new.clone()).send().await;
        let user = answer.expect(201);
        assert_eq!((&user["email"], &user["must_change_password"]), (&json!("new.officer@test.gov.bd"), &json!(true)));
        let temporary = user["temporary_password"].as_str().unwrap().to_owned();
        // A retry tells everything but the password.
        let again = admin.post("/v1/users").key("new-1").json(new).send().await.expect(201);
        assert_eq!((&again["id"], &again["temporary_password"]), (&user["id"], &Value::Null));
        let pair = tokens(&app, "new.officer@test.gov.bd", &temporary).await;
        assert_eq!(pair["must_change_password"], true);
        let person = bearer(&app, &pair);
        person.get("/v1/pilots").send().await.refused(403, "password_change_required");
        person.post("/v1/pilots").json(content(&app)).send().await.refused(403, "password_change_required");
        person.patch("/v1/me").if_match("*").merge(json!({"language": "en"})).send().await.refused(403, "password_change_required");
        assert_eq!(person.get("/v1/me").send().await.expect(200)["must_change_password"], true);
        // A refresh is no way around it.
        let next = refresh(&app, &pair).await.expect(200);
        assert_eq!(next["must_change_password"], true);
        bearer(&app, &next).get("/v1/pilots").send().await.refused(403, "password_change_required");
        let change = json!({"current_password": temporary, "new_password": NEW_PASSWORD});
        person.post("/v1/me/password").json(change).send().await.expect(204);
        person.get("/v1/pilots").send().await.expect(200);
        person.post("/v1/pilots").json(content(&app)).send().await.expect(201);
        assert_eq!(tokens(&app, "new.officer@test.gov.bd", NEW_PASSWORD).await["must_change_password"], false);
    }

    async fn a_reset_password_ends_all_sessions_and_has_to_be_changed(app: App) {
        let (admin, owner) = (app.admin().await, app.owner().await);
        let pair = tokens(&app, &owner.email, PASSWORD).await;
        bearer(&app, &pair).get("/v1/me").send().await.expect(200);
        let reset = admin.post(format!("{}/password-resets", user_path(&owner))).send().await.expect(201);
        bearer(&app, &pair).get("/v1/me").send().await.refused(401, "invalid_token");
        refresh(&app, &pair).await.refused(401, "refresh_token_invalid");
        log_in(&app, &owner.email, PASSWORD).await.refused(401, "invalid_credentials");
        let temporary = reset["temporary_password"].as_str().unwrap();
        assert_eq!(tokens(&app, &owner.email, temporary).await["must_change_password"], true);
        let read = admin.get(user_path(&owner)).send().await.expect(200);
        assert!(!read.to_string().contains(temporary) && read.get("temporary_password").is_none());
    }

    async fn a_disabled_account_is_out_at_once_and_can_come_back(app: App) {
        let (admin, owner) = (app.admin().await, app.owner().await);
        let pair = tokens(&app, &owner.email, PASSWORD).await;
        for session in [&bearer(&app, &pair), &owner.client] {
            session.get("/v1/me").send().await.expect(200);
        }
        let problem = transition(&admin, &owner, json!({"action": "disable"})).await.refused(422, "validation_failed");
        assert_eq!(findings(&problem), ["#/reason required"]);
        let disabled = transition(&admin, &owner, json!({"action": "disable", "reason": "Left."})).await.expect(200);
        assert_eq!((&disabled["status"], &disabled["status_reason"], &disabled["allowed_actions"]), (&json!("disabled"), &json!("Left."), &json!(["enable"])));
        for session in [&bearer(&app, &pair), &owner.client] {
            session.get("/v1/me").send().await.refused(401, "invalid_token");
        }
        refresh(&app, &pair).await.refused(401, "refresh_token_invalid");
        transition(&admin, &owner, json!({"action": "disable", "reason": "Left."})).await.refused(409, "transition_not_allowed");
        transition(&admin, &owner, json!({"action": "enable"})).await.expect(200);
        // The old sessions stay ended.
        bearer(&app, &pair).get("/v1/me").send().await.refused(401, "invalid_token");
        refresh(&app, &pair).await.refused(401, "refresh_token_invalid");
        tokens(&app, &owner.email, PASSWORD).await;
    }

    async fn a_role_is_felt_at_once(app: App) {
        let admin = app.admin().await;
        let person = app.person("Person", &[], app.people.land_office).await;
        let create = async || person.post("/v1/pilots").json(content(&app)).send().await;
        create().await.refused(403, "forbidden");
        let granted = grant(&admin, &person, "innovator").await;
        assert_eq!((&granted.expect(201)["roles"], granted.etag()), (&json!(["innovator"]), "\"2\"".to_owned()));
        create().await.expect(201);
        grant(&admin, &person, "innovator").await.refused(409, "already_exists");
        revoke(&admin, &person, "innovator").await.expect(204);
        create().await.refused(403, "forbidden");
        revoke(&admin, &person, "innovator").await.refused(404, "not_found");
        revoke(&admin, &person, "emperor").await.refused(404, "not_found");
        admin.delete(format!("{}/roles/innovator", user_path(&person))).send().await.refused(428, "if_match_required");
        let problem = grant(&admin, &person, "emperor").await.refused(422, "validation_failed");
        assert_eq!(findings(&problem), ["#/role enum"]);
        // Who gives it to themselves is refused before anything.
        grant(&person, &person, "admin").await.refused(403, "forbidden");
    }

    async fn an_administrator_is_always_left(app: App) {
        let admin = app.admin().await;
        revoke(&admin, &admin, "admin").await.refused(409, "conflict");
        transition(&admin, &admin, json!({"action": "disable", "reason": "x"})).await.refused(409, "conflict");
        let second = app.person("Second Admin", &[Role::Admin], app.people.a2i).await;
        transition(&admin, &admin, json!({"action": "disable", "reason": "x"})).await.refused(409, "conflict");
        transition(&admin, &second, json!({"action": "disable", "reason": "x"})).await.expect(200);
        // A disabled administrator is none.
        revoke(&admin, &admin, "admin").await.refused(409, "conflict");
        transition(&admin, &second, json!({"action": "enable"})).await.expect(200);
        revoke(&admin, &admin, "admin").await.expect(204);
        admin.get("/v1/users").send().await.refused(403, "forbidden");
    }

    async fn two_administrators_cannot_depose_each_other_at_once(app: App) {
        for round in 0..5 {
            let one = app.person(&format!("One {round}"), &[Role::Admin], app.people.a2i).await;
            let two = app.person(&format!("Two {round}"), &[Role::Admin], app.people.a2i).await;
            let (first, second) = futures_util::future::join(revoke(&one, &two, "admin"), revoke(&two, &one, "admin")).await;
            assert!((first.status == 204) != (second.status == 204), "{} and {}", first.status, second.status);
            // The next round begins without an administrator.
            let left = if first.status == 204 { &one } else { &two };
            revoke(left, left, "admin").await.refused(409, "conflict");
            depose(&app, left).await;
        }
    }

    async fn accounts_are_created_listed_and_changed(app: App) {
        let (admin, auditor) = (app.admin().await, app.auditor().await);
        let new = |email: &str| json!({
            "email": email, "name": {"en": "Rahima Khatun"}, "designation": {"en": "Officer"}, "language": "en",
            "roles": ["programme_officer", "innovator", "innovator"], "organisation_id": app.people.land_office, "password": NEW_PASSWORD
        });
        let answer = admin.post("/v1/users").json(new("Rahima@Test.gov.bd")).send().await;
        let user = answer.expect(201);
        let place = answer.header("location").unwrap().to_owned();
        assert_eq!((&user["email"], &user["roles"], &user["temporary_password"]), (&json!("rahima@test.gov.bd"), &json!(["innovator", "programme_officer"]), &Value::Null));
        admin.post("/v1/users").json(new("RAHIMA@test.gov.bd")).send().await.refused(409, "already_exists");
        let mut weak = new("weak@test.gov.bd");
        weak["password"] = json!("rahimakhatun");
        assert_eq!(findings(&admin.post("/v1/users").json(weak).send().await.refused(422, "validation_failed")), ["#/password weak_password"]);
        let mut lost = new("lost@test.gov.bd");
        lost["organisation_id"] = json!("0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e");
        assert_eq!(findings(&admin.post("/v1/users").json(lost).send().await.refused(422, "validation_failed")), ["#/organisation_id unknown_reference"]);

        let read = auditor.get(&place).send().await.expect(200);
        assert_eq!((&read["allowed_actions"], &read["roles"]), (&json!([]), &user["roles"]));
        let emails = async |query: &str| -> Vec<String> {
            let page = auditor.get(format!("/v1/users?{query}")).send().await.expect(200);
            page["items"].as_array().unwrap().iter().map(|user| user["email"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(emails("").await, [&admin.email, &auditor.email, "rahima@test.gov.bd"]);
        assert_eq!(emails("email=RAHIMA@test.gov.bd").await, ["rahima@test.gov.bd"]);
        assert_eq!(emails("role=innovator").await, ["rahima@test.gov.bd"]);
        assert_eq!(emails(&format!("organisation_id={}", app.people.land_office)).await, ["rahima@test.gov.bd"]);
        assert_eq!(emails("role=innovator&status=disabled").await, Vec::<String>::new());
        let first = auditor.get("/v1/users?limit=2&include_total=true").send().await.expect(200);
        assert_eq!(first["total"]["value"], 3);
        assert_eq!(emails(&format!("limit=2&cursor={}", first["next_cursor"].as_str().unwrap())).await, ["rahima@test.gov.bd"]);

        admin.patch(&place).merge(json!({"language": "bn"})).send().await.refused(428, "if_match_required");
        let changed = admin.patch(&place).if_match("\"1\"").merge(json!({"email": "R.Khatun@Test.gov.bd", "designation": null, "organisation_id": null})).send().await.expect(200);
        assert_eq!((&changed["email"], &changed["version"], &changed["organisation_id"]), (&json!("r.khatun@test.gov.bd"), &json!(2), &Value::Null));
        assert_eq!(changed["designation"], json!({"bn": null, "en": null}));
        admin.patch(&place).if_match("\"1\"").merge(json!({"language": "bn"})).send().await.refused(412, "version_mismatch");
        admin.patch(&place).if_match("*").merge(json!({"email": admin.email})).send().await.refused(409, "already_exists");
        for hidden in [json!({"roles": ["admin"]}), json!({"status": "disabled"}), json!({"password_hash": "x"}), json!({"must_change_password": false})] {
            admin.patch(&place).if_match("*").merge(hidden).send().await.refused(422, "validation_failed");
        }
        auditor.patch(&place).if_match("*").merge(json!({"language": "bn"})).send().await.refused(403, "forbidden");
    }

    async fn people_change_of_themselves_what_is_theirs(app: App) {
        let owner = app.owner().await;
        let me = owner.get("/v1/me").send().await;
        assert_eq!(me.etag(), "\"1\"");
        let changed = owner.patch("/v1/me").if_match("\"1\"").merge(json!({"name": {"bn": "মালিক"}, "language": "bn"})).send().await.expect(200);
        assert_eq!(changed["name"], json!({"bn": "মালিক", "en": "Owner"}));
        owner.patch("/v1/me").if_match("\"1\"").merge(json!({"language": "en"})).send().await.refused(412, "version_mismatch");
        let nameless = owner.patch("/v1/me").if_match("*").merge(json!({"name": null})).send().await;
        assert!(!findings(&nameless.refused(422, "validation_failed")).is_empty());
        for foreign in [json!({"roles": ["admin"]}), json!({"email": "a@b.c"}), json!({"organisation_id": app.people.a2i})] {
            owner.patch("/v1/me").if_match("*").merge(foreign).send().await.refused(422, "validation_failed");
        }
    }

    async fn colleagues_see_names_but_no_addresses(app: App) {
        let (owner, stranger, admin) = (app.owner().await, app.stranger().await, app.admin().await);
        let found = stranger.get(format!("/v1/people?email={}", owner.email.to_uppercase())).send().await.expect(200);
        assert_eq!(found["items"].as_array().unwrap().len(), 1);
        assert_eq!((&found["items"][0]["id"], &found["items"][0]["name"]["en"]), (&json!(owner.id), &json!("Owner")));
        let all = stranger.get("/v1/people").send().await;
        assert!(!String::from_utf8_lossy(&all.body).contains('@'));
        transition(&admin, &owner, json!({"action": "disable", "reason": "Left."})).await.expect(200);
        let left = stranger.get(format!("/v1/people?organisation_id={}", app.people.livestock_office)).send().await.expect(200);
        assert_eq!(left["items"], json!([]));
    }

    async fn people_are_found_by_the_beginnings_of_names_and_addresses(app: App) {
        let (admin, owner) = (app.admin().await, app.owner().await);
        let person = async |email: &str, bn: &str, en: &str| {
            let body = json!({"email": email, "name": {"bn": bn, "en": en}, "language": "bn"});
            admin.post("/v1/users").json(body).send().await.expect(201)["id"].clone()
        };
        let rahima = person("rahima.khatun@dls.gov.bd", "রহিমা খাতুন", "Rahima Khatun").await;
        let rahim = person("mrahim@land.gov.bd", "মোঃ রহিম", "Md. Rahim Uddin").await;
        let find = async |q: &str| -> Vec<Value> {
            let page = owner.get(format!("/v1/people?include_total=true&q={q}")).send().await.expect(200);
            let ids: Vec<Value> = page["items"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect();
            assert_eq!(page["total"]["value"].as_u64(), u64::try_from(ids.len()).ok());
            assert!(!page.to_string().contains('@'), "addresses are looked for, not shown");
            ids
        };
        assert_eq!(find("rahim").await, [rahima.clone(), rahim.clone()]);
        assert_eq!(find("Rahima").await, [rahima.clone()]);
        assert_eq!(find("khatun%20rah").await, [rahima.clone()]);
        assert_eq!(find("uddin").await, [rahim.clone()]);
        assert_eq!(find("%E0%A6%B0%E0%A6%B9%E0%A6%BF%E0%A6%AE%E0%A6%BE").await, [rahima.clone()]);
        assert_eq!(find("rahima.kh").await, [rahima.clone()]);
        assert_eq!(find("mrahim@land").await, [rahim.clone()]);
        for nothing in ["ahima", "%27%22%29%20OR%201", "%21%21", "nobody@land"] {
            assert_eq!(find(nothing).await, Vec::<Value>::new(), "{nothing}");
        }
        assert_eq!(findings(&owner.get("/v1/people?q=r").send().await.refused(400, "invalid_parameters")), ["q min_length"]);
        // Page by page, with what else there is to filter by.
        let page = owner.get("/v1/people?q=rahim&limit=1").send().await.expect(200);
        let next = owner.get(format!("/v1/people?q=rahim&limit=1&cursor={}", page["next_cursor"].as_str().unwrap())).send().await.expect(200);
        assert_eq!((&page["items"][0]["id"], &next["items"][0]["id"], &next["next_cursor"]), (&rahima, &rahim, &Value::Null));
        // A new name finds, the old one does not, and who is disabled is not found.
        let place = format!("/v1/users/{}", rahima.as_str().unwrap());
        admin.patch(&place).if_match("*").merge(json!({"name": {"bn": null, "en": "Salma Begum"}})).send().await.expect(200);
        assert_eq!((find("salma").await, find("rahima").await), (vec![rahima.clone()], vec![rahima.clone()]));
        admin.patch(&place).if_match("*").merge(json!({"email": "salma@dls.gov.bd"})).send().await.expect(200);
        assert_eq!(find("rahima").await, Vec::<Value>::new());
        admin.post(format!("{place}/transitions")).if_match("*").json(json!({"action": "disable", "reason": "Left."})).send().await.expect(200);
        assert_eq!(find("salma").await, Vec::<Value>::new());
    }

    async fn nobody_gives_themselves_a_role(app: App) {
        let (admin, other, auditor) = (app.admin().await, app.person("Other", &[Role::Admin], app.people.a2i).await, app.auditor().await);
        let grant = async |who: &Client, to: &Person, role: &str| who.post(format!("/v1/users/{}/roles", to.id)).json(json!({"role": role})).send().await;
        let problem = grant(&admin, &admin, "programme_officer").await.refused(403, "separation_of_duties");
        assert!(problem["detail"].as_str().unwrap().contains("Nobody gives themselves a role"), "{problem}");
        let bangla = admin.post(format!("/v1/users/{}/roles", admin.id)).bangla().json(json!({"role": "auditor"})).send().await;
        assert!(bangla.refused(403, "separation_of_duties")["detail"].as_str().unwrap().contains("নিজেকে ভূমিকা দেওয়া যায় না"));
        assert_eq!(admin.get("/v1/me").send().await.expect(200)["roles"], json!(["admin"]));
        let entries = auditor.get("/v1/audit-entries?operation=grant_role").send().await.expect(200);
        assert_eq!(entries["items"], json!([]));
        grant(&other, &admin, "programme_officer").await.expect(201);
        assert_eq!(admin.get("/v1/me").send().await.expect(200)["roles"], json!(["programme_officer", "admin"]));
        // Giving one up takes nobody else.
        admin.delete(format!("/v1/users/{}/roles/programme_officer", admin.id)).if_match("*").send().await.expect(204);
    }

    async fn nobody_reads_a_password_hash(app: App) {
        let (admin, auditor, owner) = (app.admin().await, app.auditor().await, app.owner().await);
        log_in(&app, &owner.email, PASSWORD).await.expect(200);
        for who in [&admin, &auditor, &owner] {
            for place in ["/v1/me".to_owned(), "/v1/users".to_owned(), user_path(&owner), "/v1/people".to_owned(), "/v1/audit-entries".to_owned()] {
                let answer = who.get(&place).send().await;
                let text = String::from_utf8_lossy(&answer.body).to_lowercase();
                assert!(!text.contains("argon2") && !text.contains("password_hash"), "{place}: {text}");
            }
        }
        assert!(!crate::support::contract::document().to_string().contains("password_hash"));
    }

    async fn the_public_keys_verify_a_real_token(app: App) {
        let owner = app.owner().await;
        let pair = tokens(&app, &owner.email, PASSWORD).await;
        let published = app.anonymous().get("/.well-known/jwks.json").send().await.expect(200);
        assert!(published["keys"].as_array().unwrap().iter().all(|key| key.get("d").is_none()), "a private key is public");
        let keys: JwkSet = serde_json::from_value(published).unwrap();
        let token = pair["access_token"].as_str().unwrap();
        let header = jsonwebtoken::decode_header(token).unwrap();
        assert_eq!((header.alg, header.typ.as_deref()), (Algorithm::EdDSA, Some("at+jwt")));
        let key = DecodingKey::from_jwk(keys.find(header.kid.as_deref().unwrap()).unwrap()).unwrap();
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&["innovation-pilots-api"]);
        validation.set_issuer(&["innovation-pilots"]);
        // The clock of the tests is not that of the machine.
        (validation.validate_exp, validation.validate_nbf) = (false, false);
        let claims = jsonwebtoken::decode::<Value>(token, &key, &validation).unwrap().claims;
        assert_eq!(claims["sub"], json!(owner.id));
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 600);
    }

    async fn a_forged_token_is_refused_whatever_is_wrong_with_it(app: App) {
        let forger = Forger::new(&app).await;
        // The same tools make a good one, so what is refused below is refused for its own fault.
        let good = forger.sign(&forger.header, &forger.claims);
        app.anonymous().with_token(&good).get("/v1/me").send().await.expect(200);
        for (fault, token) in forger.forgeries(&good) {
            let client = app.anonymous().with_token(&token);
            let answer = client.get("/v1/me").send().await;
            assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (401, &json!("invalid_token")), "{fault}");
            assert!(answer.header("www-authenticate").unwrap().contains("invalid_token"), "{fault}");
            // Nor does it make a stranger of its bearer where strangers are welcome.
            for public in ["/v1/divisions", "/v1/pilots", "/healthz"] {
                let answer = client.get(public).send().await;
                assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (401, &json!("invalid_token")), "{fault} on {public}");
            }
        }
        for credentials in ["Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "nonsense", ""] {
            app.anonymous().get("/v1/divisions").header("Authorization", credentials).send().await.refused(401, "invalid_token");
        }
        app.anonymous().with_token("x").post("/v1/auth/login").json(json!({"email": "a@b.c", "password": "x"})).send().await.refused(401, "invalid_token");
    }

    async fn a_token_ends_to_the_second_even_when_it_is_known(app: App) {
        let owner = app.owner().await;
        owner.get("/v1/me").send().await.expect(200);
        app.advance(chrono::Duration::seconds(599));
        owner.get("/v1/me").send().await.expect(200);
        app.advance(chrono::Duration::seconds(1));
        owner.get("/v1/me").send().await.refused(401, "invalid_token");
    }
}

/// Takes an account out of use behind the application's back.
async fn depose(app: &App, person: &Person) {
    use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
    use innovation_pilots::platform::db::schema::user_roles;
    let id = person.id;
    app.state
        .db
        .write(move |connection| {
            diesel::delete(user_roles::table.filter(user_roles::user_id.eq(id))).execute(connection)?;
            Ok(())
        })
        .await
        .unwrap();
}

/// Someone who knows how tokens are made, and in the worst case has a key.
struct Forger {
    header: Header,
    claims: Value,
    key: EncodingKey,
    /// The public half, as published.
    public: Vec<u8>,
    now: i64,
}

impl Forger {
    async fn new(app: &App) -> Self {
        let owner = app.owner().await;
        let header = jsonwebtoken::decode_header(owner.token()).unwrap();
        let claims =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(owner.token().split('.').nth(1).unwrap()).unwrap()).unwrap();
        let key =
            EncodingKey::from_ed_der(&fs::read(app.database.folder().join("keys/access-token.ed25519.der")).unwrap());
        let keys = app.anonymous().get("/.well-known/jwks.json").send().await.expect(200);
        let public = URL_SAFE_NO_PAD.decode(keys["keys"][0]["x"].as_str().unwrap()).unwrap();
        Self { header, claims, key, public, now: app.state.clock.now().seconds() }
    }

    fn sign(&self, header: &Header, claims: &Value) -> String {
        jsonwebtoken::encode(header, claims, &self.key).unwrap()
    }

    /// With some claims changed; null takes one away.
    fn claiming(&self, changes: Value) -> String {
        let mut claims = self.claims.clone();
        for (name, value) in changes.as_object().unwrap() {
            if value.is_null() {
                claims.as_object_mut().unwrap().remove(name);
            } else {
                claims[name] = value.clone();
            }
        }
        self.sign(&self.header, &claims)
    }

    fn forgeries(&self, good: &str) -> Vec<(&'static str, String)> {
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let kid = self.header.kid.as_deref().unwrap();
        let unsigned = |alg: &str| {
            format!("{}.{}.", encode(&json!({"alg": alg, "typ": "at+jwt", "kid": kid})), encode(&self.claims))
        };
        let hmac = Header { alg: Algorithm::HS256, ..self.header.clone() };
        let by_hmac =
            |secret: &[u8]| jsonwebtoken::encode(&hmac, &self.claims, &EncodingKey::from_secret(secret)).unwrap();
        let other =
            aws_lc_rs::signature::Ed25519KeyPair::generate_pkcs8v1(&aws_lc_rs::rand::SystemRandom::new()).unwrap();
        let other = EncodingKey::from_ed_der(other.as_ref());
        let header = |change: fn(&mut Header)| {
            let mut header = self.header.clone();
            change(&mut header);
            self.sign(&header, &self.claims)
        };
        let parts: Vec<&str> = good.split('.').collect();
        let mut promoted = self.claims.clone();
        promoted["sub"] = json!("0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e");
        vec![
            ("alg none", unsigned("none")),
            ("alg None", unsigned("None")),
            ("no signature", unsigned("EdDSA")),
            ("HS256 with the public key", by_hmac(&self.public)),
            ("HS256 with the public key as text", by_hmac(URL_SAFE_NO_PAD.encode(&self.public).as_bytes())),
            ("HS256 with nothing", by_hmac(b"")),
            ("a key of its own", jsonwebtoken::encode(&self.header, &self.claims, &other).unwrap()),
            ("another kid", header(|header| header.kid = Some("another".to_owned()))),
            ("no kid", header(|header| header.kid = None)),
            ("typ JWT", header(|header| header.typ = Some("JWT".to_owned()))),
            ("no typ", header(|header| header.typ = None)),
            ("no exp", self.claiming(json!({"exp": null}))),
            ("no nbf", self.claiming(json!({"nbf": null}))),
            ("no aud", self.claiming(json!({"aud": null}))),
            ("no iss", self.claiming(json!({"iss": null}))),
            ("no sub", self.claiming(json!({"sub": null}))),
            ("no sid", self.claiming(json!({"sid": null}))),
            ("another aud", self.claiming(json!({"aud": "another-api"}))),
            ("another iss", self.claiming(json!({"iss": "another-issuer"}))),
            ("expired", self.claiming(json!({"nbf": self.now - 700, "exp": self.now}))),
            ("not yet valid", self.claiming(json!({"nbf": self.now + 1}))),
            ("exp as text", self.claiming(json!({"exp": "9999999999"}))),
            ("a session that is not", self.claiming(json!({"sid": "0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e"}))),
            ("someone else's session", self.sign(&self.header, &promoted)),
            ("other claims under a good signature", format!("{}.{}.{}", parts[0], encode(&promoted), parts[2])),
            ("a cut signature", good[..good.len() - 4].to_owned()),
            ("more parts", format!("{good}.{}", parts[2])),
            ("nonsense", "abc.def.ghi".to_owned()),
            ("something long", "a".repeat(4000)),
        ]
    }
}

/// Tests of an application behind a proxy that names its clients.
fn behind_a_proxy<F: Future<Output = ()>>(engine: Engine, test: impl FnOnce(App) -> F) {
    actix_web::rt::System::new().block_on(async {
        let trusting = |config: &mut innovation_pilots::platform::config::Config| {
            config.server.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
        };
        if let Some(app) = App::start_with(engine, trusting).await {
            test(app).await;
        }
    });
}

async fn log_in_from(app: &App, address: &str, email: &str, password: &str) -> Response {
    let attempt = json!({"email": email, "password": password});
    app.anonymous().post("/v1/auth/login").header("X-Forwarded-For", address).json(attempt).send().await
}

async fn guess(app: &App, address: &str, email: &str, times: usize) {
    for _ in 0..times {
        log_in_from(app, address, email, "a guess").await.refused(401, "invalid_credentials");
    }
}

mod guesses {
    use super::*;

    async fn the_sixth_from_one_address_has_to_wait(app: App) {
        let (owner, stranger) = (app.owner().await, app.stranger().await);
        guess(&app, "203.0.113.9", &owner.email, 5).await;
        for password in ["a guess", PASSWORD] {
            let answer = log_in_from(&app, "203.0.113.9", &owner.email, password).await;
            answer.refused(429, "too_many_attempts");
            assert_eq!(answer.header("retry-after"), Some("2"));
        }
        // Someone else behind the same address is not held up.
        log_in_from(&app, "203.0.113.9", &stranger.email, PASSWORD).await.expect(200);
        app.advance(chrono::Duration::seconds(2));
        guess(&app, "203.0.113.9", &owner.email, 1).await;
        let answer = log_in_from(&app, "203.0.113.9", &owner.email, PASSWORD).await;
        assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (429, Some("4")));
        app.advance(chrono::Duration::seconds(4));
        log_in_from(&app, "203.0.113.9", &owner.email, PASSWORD).await.expect(200);
        // A success wipes the slate.
        guess(&app, "203.0.113.9", &owner.email, 5).await;
    }

    async fn do_not_lock_an_owner_out_who_is_elsewhere(app: App) {
        let owner = app.owner().await;
        for address in ["198.51.100.1", "198.51.100.2", "2001:db8::1"] {
            guess(&app, address, &owner.email, 5).await;
            log_in_from(&app, address, &owner.email, PASSWORD).await.refused(429, "too_many_attempts");
        }
        log_in_from(&app, "203.0.113.9", &owner.email, PASSWORD).await.expect(200);
        // Nor does the owner's login let the guessers on.
        log_in_from(&app, "198.51.100.1", &owner.email, PASSWORD).await.refused(429, "too_many_attempts");
        // A network of 64 bits is one line.
        log_in_from(&app, "2001:db8::2", &owner.email, PASSWORD).await.refused(429, "too_many_attempts");
        log_in_from(&app, "2001:db8:0:1::1", &owner.email, PASSWORD).await.expect(200);
    }

    async fn at_many_accounts_are_counted_together(app: App) {
        let owner = app.owner().await;
        for number in 0..30 {
            guess(&app, "198.51.100.1", &format!("nobody.{number}@test.gov.bd"), 1).await;
        }
        log_in_from(&app, "198.51.100.1", &owner.email, PASSWORD).await.refused(429, "too_many_attempts");
        log_in_from(&app, "198.51.100.2", &owner.email, PASSWORD).await.expect(200);
    }

    async fn cannot_choose_their_address(app: App) {
        let owner = app.owner().await;
        // What the guesser puts in front is not what the proxy saw.
        for number in 0..5 {
            guess(&app, &format!("203.0.113.{number}, 198.51.100.1"), &owner.email, 1).await;
        }
        log_in_from(&app, "203.0.113.77, 198.51.100.1", &owner.email, PASSWORD).await.refused(429, "too_many_attempts");
    }

    async fn sent_all_at_once_are_counted_all_the_same(app: App) {
        let owner = app.owner().await;
        let storm = (0..20).map(|_| log_in_from(&app, "198.51.100.1", &owner.email, "a guess"));
        let answers = futures_util::future::join_all(storm).await;
        let judged = answers.iter().filter(|answer| answer.status == 401).count();
        assert!(judged <= 5, "{judged} guesses were judged");
        log_in_from(&app, "198.51.100.1", &owner.email, PASSWORD).await.refused(429, "too_many_attempts");
    }

    macro_rules! on_both_engines_behind_a_proxy {
        ($($name:ident)*) => {$(
            mod $name {
                use super::*;

                #[test]
                fn on_sqlite() {
                    behind_a_proxy(Engine::Sqlite, super::$name);
                }

                #[test]
                fn on_postgres() {
                    behind_a_proxy(Engine::Postgres, super::$name);
                }
            }
        )*};
    }

    on_both_engines_behind_a_proxy! {
        the_sixth_from_one_address_has_to_wait
        do_not_lock_an_owner_out_who_is_elsewhere
        at_many_accounts_are_counted_together
        cannot_choose_their_address
        sent_all_at_once_are_counted_all_the_same
    }
}
