//! Passwords: chosen, set by others, reset.

use serde_json::{Value, json};

use super::{NEW_PASSWORD, bearer, log_in, refresh, tokens, user_path};
use crate::support::{builders::*, client::findings, people::PASSWORD};

on_both_engines! {
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
}
