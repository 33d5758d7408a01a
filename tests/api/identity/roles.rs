//! Roles: felt at once, and an administrator is always left.

use innovation_pilots::platform::auth::Role;
use serde_json::json;

use super::{depose, grant, revoke, transition, user_path};
use crate::support::{Client, builders::*, client::findings, people::Person};

on_both_engines! {
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

    async fn nobody_gives_themselves_a_role(app: App) {
        let (admin, other, auditor) = (app.admin().await, app.person("Other", &[Role::Admin], app.people.a2i).await, app.auditor().await);
        let give = async |who: &Client, to: &Person, role: &str| who.post(format!("/v1/users/{}/roles", to.id)).json(json!({"role": role})).send().await;
        let problem = give(&admin, &admin, "programme_officer").await.refused(403, "separation_of_duties");
        assert!(problem["detail"].as_str().unwrap().contains("Nobody gives themselves a role"), "{problem}");
        let bangla = admin.post(format!("/v1/users/{}/roles", admin.id)).bangla().json(json!({"role": "auditor"})).send().await;
        assert!(bangla.refused(403, "separation_of_duties")["detail"].as_str().unwrap().contains("নিজেকে ভূমিকা দেওয়া যায় না"));
        assert_eq!(admin.get("/v1/me").send().await.expect(200)["roles"], json!(["admin"]));
        let entries = auditor.get("/v1/audit-entries?operation=grant_role").send().await.expect(200);
        assert_eq!(entries["items"], json!([]));
        give(&other, &admin, "programme_officer").await.expect(201);
        assert_eq!(admin.get("/v1/me").send().await.expect(200)["roles"], json!(["programme_officer", "admin"]));
        // Giving one up takes nobody else.
        admin.delete(format!("/v1/users/{}/roles/programme_officer", admin.id)).if_match("*").send().await.expect(204);
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
}
