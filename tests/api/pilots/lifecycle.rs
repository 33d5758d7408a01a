//! Moving pilots: the way to acceptance, its side exits, and everyone who tries to take a short cut.

use innovation_pilots::platform::auth::Role;
use serde_json::json;

use crate::support::{builders::*, client::findings, funding_reviews::tasks};

on_both_engines! {
    async fn from_draft_to_design_with_its_history(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let pilot = app.submitted(&owner).await;
        assert_eq!(pilot["reference"], "PIL-2026-00001");
        let screening = act(&officer, &pilot, json!({"action": "start_screening"})).await;
        assert_eq!(screening["screener_id"], json!(officer.id));
        let back = act(&officer, &pilot, json!({"action": "request_changes", "reason": "Which service?", "due_on": "2026-07-20"})).await;
        assert_eq!(back["changes_due_on"], "2026-07-20");
        act(&owner, &pilot, json!({"action": "submit"})).await;
        act(&officer, &pilot, json!({"action": "start_screening"})).await;
        let accepted = act(&officer, &pilot, json!({"action": "accept"})).await;
        assert_eq!(accepted["reference"], "PIL-2026-00001");
        assert_eq!((&accepted["status"], &accepted["visibility"]), (&json!("design"), &json!("officials")));
        assert!(accepted["initiated_at"].is_string());
        let history = owner.get(format!("{}/transitions", path(&pilot))).send().await.expect(200);
        let steps: Vec<&str> = history["items"].as_array().unwrap().iter().map(|step| step["action"].as_str().unwrap()).collect();
        assert_eq!(steps, ["submit", "start_screening", "request_changes", "submit", "start_screening", "accept"]);
        assert_eq!(history["items"][2]["reason"], "Which service?");
    }

    async fn submit_names_everything_that_is_missing(app: App) {
        let owner = app.owner().await;
        let pilot = owner.post("/v1/pilots").json(json!({"title": {"en": "Bare"}})).send().await.expect(201);
        let submit = owner.post(format!("{}/transitions", path(&pilot))).if_match("*").json(json!({"action": "submit"}));
        let problem = submit.send().await.refused(409, "conditions_unmet");
        assert_eq!(findings(&problem), ["citizen_group_missing", "place_missing", "problem_missing", "proposed_change_missing", "service_missing"]);
        let actions = owner.get(format!("{}/actions", path(&pilot))).send().await.expect(200);
        let submit = actions["items"].as_array().unwrap().iter().find(|item| item["action"] == "submit").unwrap().clone();
        assert_eq!((submit["allowed"].clone(), submit["conditions"].as_array().unwrap().len()), (json!(false), 5));
    }

    async fn each_action_asks_for_its_own_fields(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let pilot = app.screening(&owner, &officer).await;
        let attempt = async |command: serde_json::Value| {
            let answer = officer.post(format!("{}/transitions", path(&pilot))).if_match("*").json(command).send().await;
            findings(&answer.refused(422, "validation_failed"))
        };
        assert_eq!(attempt(json!({"action": "request_changes"})).await, ["#/due_on required", "#/reason required"]);
        assert_eq!(attempt(json!({"action": "request_changes", "reason": " ", "due_on": "2026-02-30"})).await, ["#/due_on format", "#/reason min_length"]);
        assert_eq!(attempt(json!({"action": "request_changes", "reason": "x", "due_on": "2026-06-30"})).await, ["#/due_on in_the_past"]);
        assert_eq!(attempt(json!({"action": "reject"})).await, ["#/reason required", "#/reason_code required"]);
        assert_eq!(attempt(json!({"action": "merge"})).await, ["#/merged_into_id required"]);
        assert_eq!(attempt(json!({"action": "merge", "merged_into_id": pilot["id"]})).await, ["#/merged_into_id unknown_reference"]);
        assert_eq!(attempt(json!({"action": "complete"})).await, ["#/action enum"]);
        assert_eq!(officer.get(path(&pilot)).send().await.expect(200)["version"], pilot["version"]);
    }

    async fn the_side_exits(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let survivor = app.design(&owner, &officer).await;
        let merged = app.screening(&owner, &officer).await;
        let merged = act(&officer, &merged, json!({"action": "merge", "merged_into_id": survivor["id"]})).await;
        assert_eq!((&merged["status"], &merged["merged_into_id"]), (&json!("merged"), &survivor["id"]));
        let rejected = app.screening(&owner, &officer).await;
        let rejected = act(&officer, &rejected, json!({"action": "reject", "reason": "No service.", "reason_code": "out_of_scope"})).await;
        assert_eq!(rejected["status"], "rejected");
        let withdrawn = act(&owner, &survivor, json!({"action": "withdraw", "reason": "Transferred."})).await;
        assert_eq!((&withdrawn["status"], &withdrawn["visibility"]), (&json!("withdrawn"), &json!("officials")));
        owner.post(format!("{}/transitions", path(&rejected))).if_match("*").json(json!({"action": "submit"})).send().await.refused(409, "transition_not_allowed");
    }

    async fn nobody_screens_their_own_pilot_by_another_role(app: App) {
        let both = app.person("Both", &[Role::Innovator, Role::ProgrammeOfficer], app.people.land_office).await;
        let own = app.submitted(&both).await;
        let start = json!({"action": "start_screening"});
        both.post(format!("{}/transitions", path(&own))).if_match("*").json(start.clone()).send().await.refused(403, "separation_of_duties");
        // Nor as a member of the team, nor for a colleague of the same office.
        let owner = app.owner().await;
        let pilot = app.submitted(&owner).await;
        join(&owner, &pilot, &both, "member").await;
        both.post(format!("{}/transitions", path(&pilot))).if_match("*").json(start.clone()).send().await.refused(403, "separation_of_duties");
        let colleague = app.person("Colleague", &[Role::ProgrammeOfficer], app.people.livestock_office).await;
        colleague.post(format!("{}/transitions", path(&pilot))).if_match("*").json(start).send().await.refused(403, "separation_of_duties");
        assert_eq!(owner.get(path(&pilot)).send().await.expect(200)["status"], "submitted");
    }

    async fn a_screening_is_the_screeners_alone(app: App) {
        let (owner, officer, second) = (app.owner().await, app.officer().await, app.second_officer().await);
        let pilot = app.screening(&owner, &officer).await;
        let accept = || json!({"action": "accept"});
        second.post(format!("{}/transitions", path(&pilot))).if_match("*").json(accept()).send().await.refused(403, "forbidden");
        officer.post(format!("{}/transitions", path(&pilot))).if_match("*").json(accept()).send().await.expect(200);
    }

    async fn a_screener_who_is_no_officer_any_more_decides_nothing(app: App) {
        let roles = [Role::ProgrammeOfficer, Role::FinanceOfficer];
        let (owner, officer, admin) = (app.owner().await, app.person("Was Officer", &roles, app.people.a2i).await, app.admin().await);
        let pilot = app.screening(&owner, &officer).await;
        admin.delete(format!("/v1/users/{}/roles/programme_officer", officer.id)).if_match("*").send().await.expect(204);
        for action in [json!({"action": "accept"}), json!({"action": "reject", "reason": "x", "reason_code": "out_of_scope"})] {
            officer.post(format!("{}/transitions", path(&pilot))).if_match("*").json(action).send().await.refused(403, "forbidden");
        }
        assert_eq!(officer.get(path(&pilot)).send().await.expect(200)["status"], "screening");
    }

    async fn who_can_screen_no_more_leaves_it_to_another(app: App) {
        let (owner, second, admin) = (app.owner().await, app.second_officer().await, app.admin().await);
        let start = async |who: &crate::support::Client, pilot: &serde_json::Value| {
            who.post(format!("{}/transitions", path(pilot))).if_match("*").json(json!({"action": "start_screening"})).send().await
        };
        let (gone, disabled) = (app.officer().await, app.person("Disabled", &[Role::ProgrammeOfficer], app.people.a2i).await);
        for officer in [&gone, &disabled] {
            let pilot = app.screening(&owner, officer).await;
            for who in [&second, officer] {
                let refusal = start(who, &pilot).await.refused(409, "conditions_unmet");
                assert_eq!(findings(&refusal), ["being_screened"]);
            }
            assert_eq!(tasks(&second).await, []);
            if officer.id == gone.id {
                admin.delete(format!("/v1/users/{}/roles/programme_officer", officer.id)).if_match("*").send().await.expect(204);
            } else {
                let body = json!({"action": "disable", "reason": "Left."});
                admin.post(format!("/v1/users/{}/transitions", officer.id)).if_match("*").json(body).send().await.expect(200);
            }
            let shown = second.get(path(&pilot)).send().await.expect(200);
            assert!(shown["allowed_actions"].as_array().unwrap().contains(&json!("start_screening")), "{shown}");
            assert_eq!(tasks(&second).await, [("screening".to_owned(), path(&pilot))]);
            assert_eq!(start(&second, &pilot).await.expect(200)["screener_id"], json!(second.id));
            act(&second, &pilot, json!({"action": "accept"})).await;
        }
    }

    async fn a_field_that_an_action_would_pass_over_is_refused(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let pilot = app.screening(&owner, &officer).await;
        let body = json!({
            "action": "withdraw", "reason": "x", "reason_code": "out_of_scope", "due_on": "2031-01-01", "review_on": "2031-01-01",
            "merged_into_id": pilot["id"], "lessons": "x"
        });
        let refusal = owner.post(format!("{}/transitions", path(&pilot))).if_match("*").json(body).send().await;
        let unexpected = ["due_on", "lessons", "merged_into_id", "reason_code", "review_on"].map(|name| format!("#/{name} unexpected"));
        assert_eq!(findings(&refusal.refused(422, "validation_failed")), unexpected);
        assert_eq!(owner.get(path(&pilot)).send().await.expect(200)["status"], "screening");
    }

    async fn who_screened_it_does_not_become_its_deputy(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let pilot = app.design(&owner, &officer).await;
        let body = json!({"user_id": officer.id, "role": "deputy"});
        owner.post(format!("{}/members", path(&pilot))).json(body).send().await.refused(409, "conflict");
    }

    async fn of_two_officers_at_once_one_screens(app: App) {
        let (owner, one, two) = (app.owner().await, app.officer().await, app.second_officer().await);
        for _ in 0..5 {
            let pilot = app.submitted(&owner).await;
            let start = |officer: &crate::support::Client| {
                officer.post(format!("{}/transitions", path(&pilot))).if_match("*").json(json!({"action": "start_screening"})).send()
            };
            let (first, second) = futures_util::future::join(start(&one), start(&two)).await;
            let mut outcomes = [first.status.as_u16(), second.status.as_u16()];
            outcomes.sort_unstable();
            assert_eq!(outcomes, [200, 409]);
            let winner = if first.status == 200 { &one } else { &two };
            let seen = owner.get(path(&pilot)).send().await.expect(200);
            assert_eq!((&seen["screener_id"], &seen["status"]), (&json!(winner.id), &json!("screening")));
        }
    }

    async fn with_the_version_named_the_slower_one_gets_412(app: App) {
        let (owner, one, two) = (app.owner().await, app.officer().await, app.second_officer().await);
        let pilot = app.submitted(&owner).await;
        let start = json!({"action": "start_screening"});
        one.post(format!("{}/transitions", path(&pilot))).if_match(version(&pilot)).json(start.clone()).send().await.expect(200);
        two.post(format!("{}/transitions", path(&pilot))).if_match(version(&pilot)).json(start.clone()).send().await.refused(412, "version_mismatch");
        two.post(format!("{}/transitions", path(&pilot))).json(start).send().await.refused(428, "if_match_required");
    }

    async fn a_second_submit_with_the_same_key_is_the_first(app: App) {
        let owner = app.owner().await;
        let pilot = app.draft(&owner).await;
        let submit = || owner.post(format!("{}/transitions", path(&pilot))).if_match(version(&pilot)).key("submit-1").json(json!({"action": "submit"})).send();
        let first = submit().await.expect(200);
        let second = submit().await;
        assert_eq!(second.expect(200), first);
        assert_eq!(second.header("idempotent-replayed"), Some("true"));
    }

    async fn references_are_gap_free_under_a_crowd(app: App) {
        let owner = app.owner().await;
        let mut drafts = Vec::new();
        for _ in 0..12 {
            drafts.push(app.draft(&owner).await);
        }
        let submitted = futures_util::future::join_all(drafts.iter().map(|pilot| act(&owner, pilot, json!({"action": "submit"})))).await;
        let mut references: Vec<String> = submitted.iter().map(|pilot| pilot["reference"].as_str().unwrap().to_owned()).collect();
        references.sort();
        assert_eq!(references, (1..=12).map(|number| format!("PIL-2026-{number:05}")).collect::<Vec<_>>());
    }

    async fn a_stranger_finds_no_draft_whatever_they_send(app: App) {
        let (owner, stranger) = (app.owner().await, app.stranger().await);
        let pilot = app.draft(&owner).await;
        for who in [&stranger.client, &app.anonymous()] {
            who.get(path(&pilot)).send().await.refused(404, "not_found");
        }
        stranger.patch(path(&pilot)).if_match("*").body("text/plain", "x").send().await.refused(404, "not_found");
        stranger.delete(path(&pilot)).send().await.refused(404, "not_found");
        stranger.post(format!("{}/transitions", path(&pilot))).json(json!({"nonsense": 1})).send().await.refused(404, "not_found");
        for part in ["transitions", "actions", "members"] {
            stranger.get(format!("{}/{part}", path(&pilot))).send().await.refused(404, "not_found");
        }
        owner.get(path(&pilot)).send().await.expect(200);
    }

    async fn publication_needs_both_languages_and_can_be_taken_back(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let mut only_english = content(&app);
        only_english["summary"] = json!({"en": "English only."});
        let pilot = owner.post("/v1/pilots").json(only_english).send().await.expect(201);
        for (who, action) in [(&owner.client, "submit"), (&officer.client, "start_screening"), (&officer.client, "accept")] {
            act(who, &pilot, json!({"action": action})).await;
        }
        let publish = officer.post(format!("{}/transitions", path(&pilot))).if_match("*").json(json!({"action": "publish"}));
        assert_eq!(findings(&publish.send().await.refused(409, "conditions_unmet")), ["translation_missing"]);
        let public = app.published(&owner, &officer).await;
        assert_eq!(app.anonymous().get(path(&public)).send().await.expect(200)["visibility"], "public");
        act(&officer, &public, json!({"action": "unpublish", "reason": "A name in it."})).await;
        app.anonymous().get(path(&public)).send().await.refused(404, "not_found");
    }

    async fn teams_have_one_owner_and_at_most_one_deputy(app: App) {
        let (owner, stranger) = (app.owner().await, app.stranger().await);
        let (one, two) = (app.person("One", &[], app.people.land_office).await, app.person("Two", &[], app.people.land_office).await);
        let pilot = app.draft(&owner).await;
        let members = format!("{}/members", path(&pilot));
        owner.post(&members).json(json!({"email": one.email.to_uppercase(), "role": "deputy"})).send().await.expect(201);
        owner.post(&members).json(json!({"user_id": two.id, "role": "deputy"})).send().await.refused(409, "already_exists");
        owner.post(&members).json(json!({"user_id": owner.id, "role": "member"})).send().await.refused(409, "already_exists");
        let problem = owner.post(&members).json(json!({"email": "nobody@test.gov.bd", "role": "member"})).send().await.refused(422, "validation_failed");
        assert_eq!(findings(&problem), ["#/email unknown_reference"]);
        owner.post(&members).json(json!({"user_id": one.id, "email": "x@y", "role": "member"})).send().await.refused(422, "validation_failed");
        // The deputy acts for the owner; a stranger does not exist here.
        one.post(&members).json(json!({"user_id": two.id, "role": "member"})).send().await.expect(201);
        two.post(&members).json(json!({"user_id": stranger.id, "role": "member"})).send().await.refused(403, "forbidden");
        let team = two.get(&members).send().await.expect(200);
        assert_eq!(team["items"].as_array().unwrap().iter().map(|person| person["role"].as_str().unwrap()).collect::<Vec<_>>(), ["owner", "deputy", "member"]);
        owner.delete(format!("{members}/{}", owner.id)).if_match("*").send().await.refused(409, "conflict");
        owner.delete(format!("{members}/{}", one.id)).if_match("*").send().await.expect(204);
        one.get(path(&pilot)).send().await.refused(404, "not_found");
        assert_eq!(owner.get(path(&pilot)).send().await.expect(200)["deputy"], json!(null));
    }
}
