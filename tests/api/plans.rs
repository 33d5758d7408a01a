//! Plan versions: written, handed in, frozen, replaced; their milestones; the final report.

use diesel::{Connection, RunQueryDsl};
use innovation_pilots::platform::{auth::Role, db::DbConnection};
use serde_json::{Value, json};

use crate::support::{App, Client, Engine, Response, builders::*, client::findings};

/// A connection of our own, past the application.
fn direct(app: &App) -> DbConnection {
    let url = app.database.url.trim_start_matches("sqlite://").to_owned();
    match app.engine {
        Engine::Sqlite => DbConnection::Sqlite(Connection::establish(&url).unwrap()),
        Engine::Postgres => DbConnection::Postgres(Connection::establish(&url).unwrap()),
    }
}

/// The first answer of a statement: how many rows it touched, or why it was refused.
fn sql(connection: &mut DbConnection, statement: &str) -> Result<usize, String> {
    diesel::sql_query(statement).execute(connection).map_err(|error| error.to_string())
}

async fn command(who: &Client, path: &str, command: Value) -> Response {
    who.post(format!("{path}/transitions")).if_match("*").json(command).send().await
}

/// A content whose first budget line costs this much.
fn costing(content: &Value, amount: Value) -> Value {
    let mut content = content.clone();
    content["budget_lines"][0]["amount"] = amount;
    content
}

on_both_engines! {
    async fn a_draft_is_written_changed_and_deleted(app: App) {
        let (owner, officer, stranger) = (app.owner().await, app.officer().await, app.stranger().await);
        let pilot = app.design(&owner, &officer).await;
        let plans = format!("{}/plans", path(&pilot));
        stranger.post(&plans).json(json!({})).send().await.refused(403, "forbidden");
        let answer = owner.post(&plans).json(plan_content(&owner)).send().await;
        let plan = answer.expect(201);
        assert_eq!((answer.header("location"), answer.etag()), (Some(plan_path(&plan).as_str()), "\"1\"".to_owned()));
        assert_eq!((&plan["number"], &plan["status"], &plan["content_sha256"]), (&json!(1), &json!("draft"), &json!(null)));
        assert_eq!(plan["budget_total"], json!({"amount": "100000.00", "currency": "BDT"}));
        assert_eq!(plan["allowed_actions"], json!(["edit", "delete", "submit"]));
        assert_eq!(owner.get(plan_path(&plan)).send().await.expect(200), plan);
        owner.post(&plans).json(json!({})).send().await.refused(409, "already_exists");

        let patch = json!({"tcv_targets": {"visits": "2.00", "cost": null}, "risks": null, "implementation_plan": {"bn": null},
            "budget_lines": [{"head": "other", "description": "Tea", "amount": {"amount": "0.50", "currency": "BDT"}}]});
        owner.patch(plan_path(&plan)).merge(patch.clone()).send().await.refused(428, "if_match_required");
        let changed = owner.patch(plan_path(&plan)).if_match(version(&plan)).merge(patch.clone()).send().await.expect(200);
        owner.patch(plan_path(&plan)).if_match(version(&plan)).merge(patch).send().await.refused(412, "version_mismatch");
        assert_eq!(changed["budget_total"]["amount"], "0.50");
        assert_eq!(changed["tcv_targets"], json!({"time_minutes": "30.00", "cost": null, "visits": "2.00"}));
        assert_eq!(changed["implementation_plan"], json!({"bn": null, "en": "Union by union."}));
        assert_eq!((&changed["risks"], &changed["solution_design"]), (&json!([]), &plan["solution_design"]));
        let titles = |plan: &Value| plan["milestones"].as_array().unwrap().iter().map(|it| it["title"].clone()).collect::<Vec<_>>();
        assert_eq!(titles(&changed), titles(&plan));

        stranger.delete(plan_path(&plan)).if_match("*").send().await.refused(404, "not_found");
        owner.delete(plan_path(&plan)).if_match(version(&plan)).send().await.refused(412, "version_mismatch");
        owner.delete(plan_path(&plan)).if_match(version(&changed)).send().await.expect(204);
        owner.get(plan_path(&plan)).send().await.refused(404, "not_found");
        owner.get(milestone_path(&changed["milestones"][0])).send().await.refused(404, "not_found");
        assert_eq!(owner.get(&plans).send().await.expect(200)["items"], json!([]));
    }

    async fn a_plan_is_for_an_accepted_pilot_and_for_whoever_sees_it(app: App) {
        let (owner, officer, stranger) = (app.owner().await, app.officer().await, app.stranger().await);
        let draft = app.draft(&owner).await;
        owner.post(format!("{}/plans", path(&draft))).json(json!({})).send().await.refused(409, "transition_not_allowed");
        stranger.post(format!("{}/plans", path(&draft))).json(json!({"nonsense": 1})).send().await.refused(404, "not_found");
        let pilot = app.published(&owner, &officer).await;
        let plan = app.planned(&owner, &pilot).await;
        let milestone = milestone_path(&plan["milestones"][0]);
        for found in [plan_path(&plan), milestone, format!("{}/plans", path(&pilot)), format!("{}/final-report", path(&pilot))] {
            app.anonymous().get(&found).send().await.refused(401, "unauthenticated");
            stranger.get(&found).send().await.expect(200);
        }
    }

    async fn submit_names_all_that_is_missing(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let pilot = app.design(&owner, &officer).await;
        let plan = owner.post(format!("{}/plans", path(&pilot))).json(json!({})).send().await.expect(201);
        let submit = json!({"action": "submit"});
        let problem = command(&owner, &plan_path(&plan), submit.clone()).await.refused(409, "conditions_unmet");
        assert_eq!(
            findings(&problem),
            ["budget_missing", "implementation_plan_missing", "mandatory_milestone_missing", "risks_missing", "solution_design_missing"]
        );
        assert_eq!(closed_on(&owner, &plan_path(&plan), "submit").await, findings(&problem));
        assert_eq!(closed_on(&officer, &plan_path(&plan), "approve").await, ["transition_not_allowed"]);
        // A milestone that is not mandatory, has no day or no person does not do.
        let mut content = plan_content(&owner);
        content["milestones"] = json!([
            {"title": {"en": "a"}, "is_mandatory": false, "due_on": "2026-09-01", "responsible_id": owner.id},
            {"title": {"en": "b"}, "is_mandatory": true, "due_on": "2026-09-01"},
            {"title": {"en": "c"}, "is_mandatory": true, "responsible_id": owner.id}
        ]);
        owner.patch(plan_path(&plan)).if_match("*").merge(content).send().await.expect(200);
        let problem = command(&owner, &plan_path(&plan), submit.clone()).await.refused(409, "conditions_unmet");
        assert_eq!(findings(&problem), ["mandatory_milestone_missing"]);
        let submitted = owner.post(format!("{}/transitions", plan_path(&plan))).json(submit);
        submitted.send().await.refused(428, "if_match_required");
    }

    async fn what_was_submitted_is_frozen_over_http(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let pilot = app.design(&owner, &officer).await;
        let plan = app.planned(&owner, &pilot).await;
        assert_eq!(plan["content_sha256"].as_str().unwrap().len(), 64);
        assert_eq!(plan["allowed_actions"], json!([]));
        owner.patch(plan_path(&plan)).if_match("*").merge(json!({"risks": []})).send().await.refused(409, "transition_not_allowed");
        owner.delete(plan_path(&plan)).if_match("*").send().await.refused(409, "transition_not_allowed");
        command(&owner, &plan_path(&plan), json!({"action": "submit"})).await.refused(409, "transition_not_allowed");
        command(&officer, &plan_path(&plan), json!({"action": "approve"})).await.refused(409, "transition_not_allowed");
        let done = json!({"action": "complete", "done_on": "2026-07-01", "evidence": "Too early."});
        command(&owner, &milestone_path(&plan["milestones"][0]), done).await.refused(409, "transition_not_allowed");
        assert_eq!(owner.get(plan_path(&plan)).send().await.expect(200), plan);
    }

    async fn what_was_submitted_is_frozen_in_the_database(app: App) {
        let (owner, officer, deputy) = (app.owner().await, app.officer().await, app.deputy().await);
        let pilot = app.in_execution(&owner, Some(&deputy), &officer).await;
        let locked = app.plan_in_force(&owner, &pilot).await;
        let submitted = app.planned(&owner, &pilot).await;
        let mut connection = direct(&app);
        for plan in [&locked, &submitted] {
            let (id, milestone) = (plan["id"].as_str().unwrap(), plan["milestones"][0]["id"].as_str().unwrap());
            let of_plan = |change: &str| format!("UPDATE plans SET {change} WHERE id = '{id}'");
            let of_milestone = |change: &str| format!("UPDATE milestones SET {change} WHERE id = '{milestone}'");
            let refused = [
                of_plan("solution_design_bn = 'x'"), of_plan("solution_design_en = NULL"), of_plan("implementation_plan_bn = 'x'"),
                of_plan("implementation_plan_en = 'x'"), of_plan("budget_lines = '[]'"), of_plan("budget_total = budget_total + 1"),
                of_plan("risks = '[]'"), of_plan("target_time = 1"), of_plan("target_cost = NULL"), of_plan("target_visits = 0"),
                of_plan("content_sha256 = 'x'"), of_plan("number = 99"), of_plan("status = 'draft', content_sha256 = NULL"),
                of_milestone("title_en = 'x'"), of_milestone("title_bn = NULL"), of_milestone("due_on = NULL"),
                of_milestone("responsible_id = NULL"), of_milestone("is_mandatory = NOT is_mandatory"), of_milestone("position = 9"),
                format!("DELETE FROM milestones WHERE id = '{milestone}'"),
                format!("INSERT INTO milestones (id, plan_id, pilot_id, position, title_en, is_mandatory, status, version, created_at, updated_at)
                    SELECT 'new', plan_id, pilot_id, 50, 'x', is_mandatory, 'planned', 1, created_at, updated_at FROM milestones WHERE id = '{milestone}'"),
                format!("DELETE FROM plans WHERE id = '{id}'"),
            ];
            for statement in refused {
                let refusal = sql(&mut connection, &statement).expect_err(&statement);
                assert!(refusal.contains("frozen"), "{statement}: {refusal}");
            }
            // Progress is no content.
            assert_eq!(sql(&mut connection, &of_milestone("version = version")), Ok(1));
        }
        assert_eq!(owner.get(plan_path(&submitted)).send().await.expect(200), submitted);
        assert_eq!(owner.get(plan_path(&locked)).send().await.expect(200), locked);
    }

    async fn nobody_moves_a_milestone_into_what_was_submitted(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let pilot = app.design(&owner, &officer).await;
        let submitted = app.planned(&owner, &pilot).await;
        let draft = owner.post(format!("{}/plans", path(&pilot))).json(plan_content(&owner)).send().await.expect(201);
        let statement = format!(
            "UPDATE milestones SET plan_id = '{}', position = 50 WHERE id = '{}'",
            submitted["id"].as_str().unwrap(), draft["milestones"][0]["id"].as_str().unwrap()
        );
        let refusal = sql(&mut direct(&app), &statement).expect_err("a milestone was smuggled into a frozen plan");
        assert!(refusal.contains("frozen"), "{refusal}");
    }

    async fn a_new_version_takes_the_place_of_the_submitted_one(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let pilot = app.design(&owner, &officer).await;
        let first = app.planned(&owner, &pilot).await;
        let second = app.planned(&owner, &pilot).await;
        assert_eq!((&second["number"], &second["status"]), (&json!(2), &json!("submitted")));
        let replaced = owner.get(plan_path(&first)).send().await.expect(200);
        assert_eq!((&replaced["status"], &replaced["content_sha256"]), (&json!("superseded"), &first["content_sha256"]));
        command(&owner, &plan_path(&first), json!({"action": "submit"})).await.refused(409, "transition_not_allowed");
        let plans = owner.get(format!("{}/plans?include_total=true", path(&pilot))).send().await.expect(200);
        assert_eq!(plans["items"].as_array().unwrap().len(), 2);
    }

    async fn after_gate_one_an_officer_approves_and_progress_travels(app: App) {
        let (owner, officer, deputy) = (app.owner().await, app.officer().await, app.deputy().await);
        let pilot = app.in_execution(&owner, Some(&deputy), &officer).await;
        let old = app.plan_in_force(&owner, &pilot).await;
        let (done, waived) = (milestone_path(&old["milestones"][0]), milestone_path(&old["milestones"][1]));
        step(&owner, &done, json!({"action": "complete", "done_on": "2026-06-30", "evidence": "Photos."})).await;
        step(&officer, &waived, json!({"action": "waive", "reason": "No camera."})).await;
        let mut content = plan_content(&owner);
        let of = |plan: &Value, index: usize| plan["milestones"][index]["id"].clone();
        content["milestones"] = json!([
            {"title": {"en": "New"}, "is_mandatory": false},
            {"title": {"en": "Film"}, "is_mandatory": false, "previous_milestone_id": of(&old, 1)},
            {"title": {"en": "Camp"}, "due_on": "2026-10-01", "responsible_id": owner.id, "is_mandatory": true, "previous_milestone_id": of(&old, 0)}
        ]);
        let new = owner.post(format!("{}/plans", path(&pilot))).json(content).send().await.expect(201);
        command(&officer, &plan_path(&new), json!({"action": "approve"})).await.refused(409, "transition_not_allowed");
        step(&owner, &plan_path(&new), json!({"action": "submit"})).await;
        assert_eq!(app.plan_in_force(&owner, &pilot).await["id"], old["id"], "until it is approved");
        let approve = json!({"action": "approve"});
        command(&owner, &plan_path(&new), approve.clone()).await.refused(403, "forbidden");
        let member = app.person("Insider", &[Role::ProgrammeOfficer], app.people.a2i).await;
        join(&owner, &pilot, &member, "member").await;
        command(&member, &plan_path(&new), approve.clone()).await.refused(403, "separation_of_duties");
        assert_eq!(officer.get(plan_path(&new)).send().await.expect(200)["allowed_actions"], json!(["approve"]));
        let approved = command(&officer, &plan_path(&new), approve).await.expect(200);
        assert_eq!((&approved["status"], &approved["locked_by"]), (&json!("locked"), &json!(officer.id)));
        let progress: Vec<Value> = approved["milestones"].as_array().unwrap().iter().map(|it| json!([it["status"], it["done_on"], it["evidence"], it["waived_by"], it["waiver_reason"]])).collect();
        assert_eq!(
            progress,
            [json!(["planned", null, null, null, null]), json!(["waived", null, null, officer.id, "No camera."]), json!(["done", "2026-06-30", "Photos.", null, null])]
        );
        assert_eq!(condition(&owner, &pilot, "G2.MILESTONES").await.0, "met");
        assert_eq!(owner.get(plan_path(&old)).send().await.expect(200)["status"], "superseded");
        command(&owner, &done, json!({"action": "reopen"})).await.refused(409, "transition_not_allowed");
    }

    async fn a_milestone_refers_to_the_team_and_to_the_version_in_force(app: App) {
        let (owner, officer, stranger) = (app.owner().await, app.officer().await, app.stranger().await);
        let (other, waiting) = (app.design(&owner, &officer).await, app.design(&owner, &officer).await);
        let pilot = app.in_execution(&owner, None, &officer).await;
        let elsewhere = app.planned(&owner, &other).await["milestones"][0]["id"].clone();
        let own = app.plan_in_force(&owner, &pilot).await["milestones"][0]["id"].clone();
        let step = |previous: &Value, person: &Value| json!({"title": {"en": "x"}, "is_mandatory": false, "responsible_id": person, "previous_milestone_id": previous});
        let milestones = json!([step(&elsewhere, &json!(stranger.id)), step(&own, &json!(owner.id)), step(&own, &json!(null))]);
        let problem = owner.post(format!("{}/plans", path(&pilot))).json(json!({"milestones": milestones})).send().await.refused(422, "validation_failed");
        assert_eq!(
            findings(&problem),
            ["#/milestones/0/previous_milestone_id unknown_reference", "#/milestones/0/responsible_id unknown_reference", "#/milestones/2/previous_milestone_id duplicate"]
        );
        // Before gate 1 nothing is in force, so there is no progress to go on from.
        let submitted = app.planned(&owner, &waiting).await["milestones"][0]["id"].clone();
        let milestones = json!([step(&submitted, &json!(null))]);
        let problem = owner.post(format!("{}/plans", path(&waiting))).json(json!({"milestones": milestones})).send().await.refused(422, "validation_failed");
        assert_eq!(findings(&problem), ["#/milestones/0/previous_milestone_id unknown_reference"]);
    }

    async fn milestones_are_done_reopened_and_waived(app: App) {
        let (owner, officer, deputy) = (app.owner().await, app.officer().await, app.deputy().await);
        let pilot = app.in_execution(&owner, Some(&deputy), &officer).await;
        let plan = app.plan_in_force(&owner, &pilot).await;
        let milestone = milestone_path(&plan["milestones"][0]);
        let refused = async |who: &Client, body: Value| findings(&command(who, &milestone, body).await.refused(422, "validation_failed"));
        assert_eq!(refused(&owner, json!({"action": "complete"})).await, ["#/done_on required", "#/evidence required"]);
        assert_eq!(refused(&owner, json!({"action": "complete", "done_on": "2026-07-02", "evidence": "x"})).await, ["#/done_on in_the_future"]);
        assert_eq!(refused(&owner, json!({"action": "complete", "done_on": "2026-06-31", "evidence": " "})).await, ["#/done_on format", "#/evidence min_length"]);
        assert_eq!(refused(&officer, json!({"action": "waive"})).await, ["#/reason required"]);
        assert_eq!(refused(&owner, json!({"action": "forget", "by": 1})).await, ["#/action enum", "#/by unknown_field"]);
        let complete = json!({"action": "complete", "done_on": "2026-07-01", "evidence": "List."});
        command(&officer, &milestone, complete.clone()).await.refused(403, "forbidden");
        owner.post(format!("{milestone}/transitions")).json(complete.clone()).send().await.refused(428, "if_match_required");

        let waive = json!({"action": "waive", "reason": "The flood."});
        command(&owner, &milestone, waive.clone()).await.refused(403, "forbidden");
        assert_eq!(closed_on(&owner, &milestone, "waive").await, ["forbidden"]);
        assert_eq!(closed_on(&owner, &milestone, "reopen").await, ["transition_not_allowed"]);
        let member = app.person("Insider", &[Role::ProgrammeOfficer], app.people.a2i).await;
        join(&owner, &pilot, &member, "member").await;
        command(&member, &milestone, waive.clone()).await.refused(403, "separation_of_duties");

        let done = command(&deputy, &milestone, complete.clone()).await.expect(200);
        assert_eq!((&done["status"], &done["done_on"], &done["allowed_actions"]), (&json!("done"), &json!("2026-07-01"), &json!(["reopen"])));
        command(&owner, &milestone, complete).await.refused(409, "transition_not_allowed");
        command(&officer, &milestone, waive.clone()).await.refused(409, "transition_not_allowed");
        let reopened = command(&owner, &milestone, json!({"action": "reopen"})).await.expect(200);
        assert_eq!((&reopened["status"], &reopened["done_on"], &reopened["evidence"]), (&json!("planned"), &json!(null), &json!(null)));
        let waived = command(&officer, &milestone, waive.clone()).await.expect(200);
        assert_eq!((&waived["status"], &waived["waived_by"], &waived["waiver_reason"]), (&json!("waived"), &json!(officer.id), &json!("The flood.")));
        assert_eq!(owner.get(&milestone).send().await.expect(200)["version"], 4);

        // On hold nothing moves.
        act(&officer, &pilot, json!({"action": "hold", "reason": "Flood.", "review_on": "2026-08-01"})).await;
        command(&owner, &milestone, json!({"action": "reopen"})).await.refused(409, "transition_not_allowed");
    }

    async fn the_bounds_of_money_are_named_where_they_are(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let pilot = app.design(&owner, &officer).await;
        let content = plan_content(&owner);
        let attempt = async |amount: Value| {
            let answer = owner.post(format!("{}/plans", path(&pilot))).json(costing(&content, amount)).send().await;
            findings(&answer.refused(422, "validation_failed"))
        };
        let bdt = |amount: &str| json!({"amount": amount, "currency": "BDT"});
        let (amount, currency) = ("#/budget_lines/0/amount/amount", "#/budget_lines/0/amount/currency");
        let huge = format!("1{}.00", "0".repeat(30));
        // Each mistake once, and by its own name.
        for (wrong, code) in [
            ("1.234", "decimals"), ("1", "decimals"), ("1.5", "decimals"), ("-1.00", "negative"), ("1,000.00", "pattern"), ("1e3", "pattern"),
            ("১.০০", "pattern"), (" 1.00", "pattern"), (&huge, "maximum"), ("100000000000.00", "maximum"),
        ] {
            assert_eq!(attempt(bdt(wrong)).await, [format!("{amount} {code}")], "{wrong}");
        }
        assert_eq!(attempt(json!({"amount": 5.25, "currency": "BDT"})).await, [format!("{amount} type")]);
        assert_eq!(attempt(json!({"amount": "5.25", "currency": "USD"})).await, [format!("{currency} enum")]);
        assert_eq!(attempt(json!({"amount": "5.25"})).await, [format!("{currency} required")]);
        // The largest, a hundred times, still adds up.
        let mut largest = content.clone();
        largest["budget_lines"] = json!(vec![json!({"head": "other", "description": "x", "amount": bdt("99999999999.99")}); 100]);
        let plan = owner.post(format!("{}/plans", path(&pilot))).json(largest.clone()).send().await.expect(201);
        assert_eq!(plan["budget_total"]["amount"], "9999999999999.00");
        largest["budget_lines"].as_array_mut().unwrap().push(json!({"head": "other", "description": "x", "amount": bdt("0.01")}));
        let problem = owner.patch(plan_path(&plan)).if_match("*").merge(largest).send().await.refused(422, "validation_failed");
        assert_eq!(findings(&problem), ["#/budget_lines max_items"]);
    }

    async fn everything_wrong_in_a_plan_is_named_at_once(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let pilot = app.design(&owner, &officer).await;
        let wrong = json!({
            "colour": "red", "solution_design": {"fr": "x"}, "risks": [{"description": "x", "likelihood": "certain", "impact": "low"}],
            "tcv_targets": {"time_minutes": "1.234", "cost": {"amount": "-1.00", "currency": "BDT"}, "beauty": "1.00"},
            "milestones": [{"title": {"en": "x"}, "is_mandatory": "yes", "due_on": "2026-02-30", "status": "done"}]
        });
        let problem = owner.post(format!("{}/plans", path(&pilot))).json(wrong).send().await.refused(422, "validation_failed");
        assert_eq!(
            findings(&problem),
            [
                "#/colour unknown_field", "#/milestones/0/due_on format", "#/milestones/0/is_mandatory type", "#/milestones/0/status unknown_field",
                "#/risks/0/likelihood enum", "#/risks/0/mitigation required", "#/solution_design/fr unknown_field",
                "#/tcv_targets/beauty unknown_field", "#/tcv_targets/cost/amount negative", "#/tcv_targets/time_minutes decimals"
            ]
        );
    }

    async fn the_final_report_begins_at_version_0(app: App) {
        let (owner, officer, deputy) = (app.owner().await, app.officer().await, app.deputy().await);
        let waiting = app.design(&owner, &officer).await;
        let early = owner.patch(format!("{}/final-report", path(&waiting))).if_match("\"0\"").merge(final_report());
        early.send().await.refused(409, "transition_not_allowed");
        let pilot = app.in_execution(&owner, Some(&deputy), &officer).await;
        let report = format!("{}/final-report", path(&pilot));
        let blank = owner.get(&report).send().await;
        assert_eq!((blank.etag(), blank.expect(200)["version"].clone()), ("\"0\"".to_owned(), json!(0)));
        officer.patch(&report).if_match("\"0\"").merge(final_report()).send().await.refused(403, "forbidden");
        owner.patch(&report).merge(final_report()).send().await.refused(428, "if_match_required");
        owner.patch(&report).if_match("\"1\"").merge(final_report()).send().await.refused(412, "version_mismatch");
        let answer = deputy.patch(&report).if_match("\"0\"").merge(final_report()).send().await;
        assert_eq!((answer.etag(), answer.expect(200)["version"].clone()), ("\"1\"".to_owned(), json!(1)));
        owner.patch(&report).if_match("\"0\"").merge(final_report()).send().await.refused(412, "version_mismatch");
        let changed = owner.patch(&report).if_match("\"1\"").merge(json!({"cost_per_transaction": null, "public_summary": {"bn": null}})).send().await.expect(200);
        assert_eq!((&changed["cost_per_transaction"], &changed["public_summary"]), (&json!(null), &json!({"bn": null, "en": "Treatment close by."})));
        assert_eq!(changed["what_worked"]["en"], "Farmers came in numbers.");
        let wrong = json!({"cost_per_transaction": {"amount": "-1.00", "currency": "BDT"}, "mood": "good"});
        let problem = owner.patch(&report).if_match("*").merge(wrong).send().await.refused(422, "validation_failed");
        assert_eq!(findings(&problem), ["#/cost_per_transaction/amount negative", "#/mood unknown_field"]);
        let problem = owner.patch(&report).if_match("*").merge(json!({"public_summary": {"en": null}})).send().await.refused(422, "validation_failed");
        assert_eq!(findings(&problem), ["#/public_summary language_missing"]);
        assert_eq!(owner.get(&report).send().await.expect(200), changed);
    }

    async fn of_two_first_reports_at_once_one_is_kept(app: App) {
        let (owner, officer, deputy) = (app.owner().await, app.officer().await, app.deputy().await);
        let pilot = app.in_execution(&owner, Some(&deputy), &officer).await;
        let report = format!("{}/final-report", path(&pilot));
        let write = |who: &Client| who.patch(&report).if_match("\"0\"").merge(final_report()).send();
        let (one, two) = futures_util::future::join(write(&owner), write(&deputy)).await;
        let mut outcomes = [one.status.as_u16(), two.status.as_u16()];
        outcomes.sort_unstable();
        assert_eq!(outcomes, [200, 412]);
    }
}
