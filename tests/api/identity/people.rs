//! Accounts: made, changed, shown, and put out of use.

use serde_json::{Value, json};

use super::{NEW_PASSWORD, bearer, log_in, refresh, tokens, transition, user_path};
use crate::support::{client::findings, people::PASSWORD};

on_both_engines! {
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

    async fn people_are_found_by_the_beginnings_of_names_and_not_of_addresses(app: App) {
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
            assert!(!page.to_string().contains('@'), "addresses are not shown");
            ids
        };
        assert_eq!(find("rahim").await, [rahima.clone(), rahim.clone()]);
        assert_eq!(find("Rahima").await, std::slice::from_ref(&rahima));
        assert_eq!(find("khatun%20rah").await, std::slice::from_ref(&rahima));
        assert_eq!(find("uddin").await, std::slice::from_ref(&rahim));
        assert_eq!(find("%E0%A6%B0%E0%A6%B9%E0%A6%BF%E0%A6%AE%E0%A6%BE").await, std::slice::from_ref(&rahima));
        for nothing in ["ahima", "%27%22%29%20OR%201", "%21%21", "nobody@land", "mrahim", "mrahim@land.gov.bd", "gov"] {
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
        assert_eq!((find("salma").await, find("rahima").await), (vec![rahima.clone()], vec![]));
        admin.post(format!("{place}/transitions")).if_match("*").json(json!({"action": "disable", "reason": "Left."})).send().await.expect(200);
        assert_eq!(find("salma").await, Vec::<Value>::new());
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
}
