//! Sessions: logins, refreshes, logouts, and when they end.

use serde_json::json;

use super::{bearer, essence, log_in, refresh, tokens, transition};
use crate::support::{client::findings, people::PASSWORD};

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
}
