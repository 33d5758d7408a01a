//! Measurements of time, cost and visits: who writes, verifies and sees them, and what they say when compared.

use innovation_pilots::platform::auth::Role;
use serde_json::{Value, json};

use crate::support::{Client, Response, builders::*, client::findings};

async fn command(who: &Client, measurement: &Value, command: Value) -> Response {
    who.post(format!("{}/transitions", measurement_path(measurement))).if_match("*").json(command).send().await
}

fn measurements(pilot: &Value) -> String {
    format!("{}/tcv-measurements", path(pilot))
}

/// A measurement's content with other members.
fn with(kind: &str, change: Value) -> Value {
    let mut content = measurement(kind);
    for (name, value) in change.as_object().unwrap() {
        content[name] = value.clone();
    }
    content
}

fn money(amount: &str) -> Value {
    json!({"amount": amount, "currency": "BDT"})
}

on_both_engines! {
    async fn what_was_not_measured_is_null_and_never_nothing(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let pilot = app.design(&owner, &officer).await;
        let content = with("baseline", json!({"time": {"travel": "60.00", "waiting": null}, "cost": null, "visits": {"apply": "0.00", "follow_up": "0.00", "collect": "0.00"}}));
        let answer = owner.post(measurements(&pilot)).json(content).send().await;
        let created = answer.expect(201);
        assert_eq!((answer.header("location"), answer.etag()), (Some(measurement_path(&created).as_str()), "\"1\"".to_owned()));
        assert_eq!(created["time"], json!({"travel": "60.00", "waiting": null, "processing": null}));
        assert_eq!(created["cost"], json!({"travel": null, "fees": null, "assistance": null, "communication": null, "other": null}));
        assert_eq!((&created["time_total"], &created["cost_total"], &created["visits_total"]), (&json!(null), &json!(null), &json!("0.00")));
        assert_eq!((&created["service_id"], &created["method_version"]), (&json!(app.people.service), &json!("2026.1")));
        assert_eq!(owner.get(measurement_path(&created)).send().await.expect(200), created);
        let patch = json!({"time": {"waiting": "1.25", "processing": "0.05"}, "visits": {"collect": null}});
        let changed = owner.patch(measurement_path(&created)).if_match("\"1\"").merge(patch).send().await.expect(200);
        assert_eq!((&changed["time_total"], &changed["visits_total"]), (&json!("61.30"), &json!(null)));
        let emptied = owner.patch(measurement_path(&created)).if_match("\"2\"").merge(json!({"time": null})).send().await.expect(200);
        assert_eq!(emptied["time"], json!({"travel": null, "waiting": null, "processing": null}));
        assert_eq!(emptied["allowed_actions"], json!(["edit", "delete"]));
        let problem = command(&owner, &created, json!({"action": "submit"})).await.refused(409, "conditions_unmet");
        assert_eq!(findings(&problem), ["nothing_measured"]);
        assert_eq!(closed_on(&owner, &measurement_path(&created), "submit").await, ["nothing_measured"]);
        assert_eq!(closed_on(&officer, &measurement_path(&created), "verify").await, ["transition_not_allowed"]);
    }

    async fn the_published_figures_come_out(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let pilot = app.design(&owner, &officer).await;
        let comparison = async || owner.get(format!("{}/tcv-comparison", path(&pilot))).send().await.expect(200);
        assert_eq!(comparison().await["time"]["total"]["reason"], "no_baseline");
        app.verified(&owner, &officer, &pilot, with("baseline", json!({"visits": {"apply": "2.00", "follow_up": "0.00"}}))).await;
        assert_eq!(comparison().await["cost"]["total"]["reason"], "no_endline");
        app.verified(&owner, &officer, &pilot, with("endline", json!({"visits": {"apply": "3.00", "follow_up": "1.00", "collect": "1.00"}}))).await;
        let compared = comparison().await;
        let figure = |one: &Value, total: &str| (one[total]["reduction_percent"].clone(), one[total]["reason"].clone());
        assert_eq!(compared["cost"]["total"], json!({"baseline": money("2500.00"), "endline": money("75.00"), "reduction_percent": "97.0", "reason": null}));
        assert_eq!(compared["time"]["total"], json!({"baseline": "100.00", "endline": "23.00", "reduction_percent": "77.0", "reason": null}));
        // Not stated: null, whatever the other side says.
        assert_eq!(compared["visits"]["total"], json!({"baseline": null, "endline": "5.00", "reduction_percent": null, "reason": "not_measured"}));
        assert_eq!(figure(&compared["visits"], "collect"), (json!(null), json!("not_measured")));
        // Nothing to relate to; a worsening.
        assert_eq!(figure(&compared["visits"], "follow_up"), (json!(null), json!("baseline_zero")));
        assert_eq!(figure(&compared["visits"], "apply"), (json!("-50.0"), json!(null)));
        assert_eq!(figure(&compared["cost"], "other"), (json!(null), json!("baseline_zero")));
    }

    async fn nobody_verifies_their_own_figures(app: App) {
        let (owner, officer, stranger) = (app.owner().await, app.officer().await, app.stranger().await);
        let pilot = app.design(&owner, &officer).await;
        let insider = app.person("Insider", &[Role::Innovator, Role::ProgrammeOfficer], app.people.a2i).await;
        join(&owner, &pilot, &insider, "member").await;
        let verify = json!({"action": "verify"});
        let created = insider.post(measurements(&pilot)).json(measurement("baseline")).send().await.expect(201);
        officer.post(measurements(&pilot)).json(measurement("baseline")).send().await.refused(403, "forbidden");
        stranger.post(measurements(&pilot)).json(measurement("baseline")).send().await.refused(403, "forbidden");
        command(&officer, &created, verify.clone()).await.refused(409, "transition_not_allowed");
        step(&owner, &measurement_path(&created), json!({"action": "submit"})).await;
        command(&owner, &created, verify.clone()).await.refused(403, "forbidden");
        command(&insider, &created, verify.clone()).await.refused(403, "separation_of_duties");
        // Nor after leaving the team.
        owner.delete(format!("{}/members/{}", path(&pilot), insider.id)).if_match("*").send().await.expect(204);
        command(&insider, &created, verify.clone()).await.refused(403, "separation_of_duties");
        let seen = insider.get(measurement_path(&created)).send().await.expect(200);
        assert_eq!(seen["allowed_actions"], json!([]));
        let verified = command(&officer, &created, verify.clone()).await.expect(200);
        assert_eq!((&verified["status"], &verified["verified_by"]), (&json!("verified"), &json!(officer.id)));
        command(&officer, &created, verify).await.refused(409, "transition_not_allowed");
        owner.patch(measurement_path(&created)).if_match("*").merge(json!({"sample_size": 50})).send().await.refused(409, "transition_not_allowed");
        owner.delete(measurement_path(&created)).if_match("*").send().await.refused(409, "transition_not_allowed");
    }

    async fn what_is_sent_back_is_corrected_and_comes_again(app: App) {
        let (owner, officer, stranger) = (app.owner().await, app.officer().await, app.stranger().await);
        let pilot = app.design(&owner, &officer).await;
        let created = owner.post(measurements(&pilot)).json(measurement("baseline")).send().await.expect(201);
        let measured = measurement_path(&created);
        step(&owner, &measured, json!({"action": "submit"})).await;
        owner.patch(&measured).if_match("*").merge(json!({"sample_size": 50})).send().await.refused(409, "transition_not_allowed");
        let problem = command(&officer, &created, json!({"action": "return"})).await.refused(422, "validation_failed");
        assert_eq!(findings(&problem), ["#/reason required"]);
        command(&owner, &created, json!({"action": "return", "reason": "Oops."})).await.refused(403, "forbidden");
        let back = command(&officer, &created, json!({"action": "return", "reason": "Which villages?"})).await.expect(200);
        assert_eq!((&back["status"], &back["return_reason"]), (&json!("returned"), &json!("Which villages?")));
        owner.delete(&measured).if_match("*").send().await.refused(409, "transition_not_allowed");
        owner.patch(&measured).if_match("*").merge(json!({"sample_size": 50})).send().await.expect(200);
        step(&owner, &measured, json!({"action": "submit"})).await;
        step(&officer, &measured, json!({"action": "verify"})).await;
        let seen = stranger.get(&measured).send().await.expect(200);
        assert_eq!((&seen["sample_size"], &seen["return_reason"]), (&json!(50), &json!(null)), "the reason is for team and staff");
    }

    async fn a_newer_figure_takes_the_place_of_its_kind_alone(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let pilot = app.published(&owner, &officer).await;
        let first = app.measured(&owner, &officer, &pilot, "baseline").await;
        let endline = app.measured(&owner, &officer, &pilot, "endline").await;
        step(&officer, &measurement_path(&first), json!({"action": "publish"})).await;
        let second = app.verified(&owner, &officer, &pilot, with("baseline", json!({"sample_size": 60}))).await;
        let status = async |one: &Value| owner.get(measurement_path(one)).send().await.expect(200)["status"].clone();
        assert_eq!((status(&first).await, status(&second).await, status(&endline).await), (json!("superseded"), json!("verified"), json!("verified")));
        command(&officer, &first, json!({"action": "publish"})).await.refused(409, "transition_not_allowed");
        let compared = owner.get(format!("{}/tcv-comparison", path(&pilot))).send().await.expect(200);
        assert_eq!(compared["baseline"]["id"], second["id"]);
        let listed = owner.get(format!("{}?kind=baseline&status=superseded&include_total=true", measurements(&pilot))).send().await.expect(200);
        assert_eq!(listed["items"].as_array().unwrap().iter().map(|it| it["id"].clone()).collect::<Vec<_>>(), [first["id"].clone()]);
    }

    async fn two_verified_at_once_leave_one_in_force(app: App) {
        let (owner, one, two) = (app.owner().await, app.officer().await, app.second_officer().await);
        let pilot = app.design(&owner, &one).await;
        let mut created = Vec::new();
        for _ in 0..2 {
            let draft = owner.post(measurements(&pilot)).json(measurement("baseline")).send().await.expect(201);
            created.push(step(&owner, &measurement_path(&draft), json!({"action": "submit"})).await);
        }
        let verify = json!({"action": "verify"});
        let (first, second) = futures_util::future::join(command(&one, &created[0], verify.clone()), command(&two, &created[1], verify.clone())).await;
        first.expect(200);
        second.expect(200);
        let listed = owner.get(format!("{}?status=verified", measurements(&pilot))).send().await.expect(200);
        assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    }

    async fn drafts_are_hidden_and_the_public_sees_what_is_published(app: App) {
        let (owner, officer, stranger, auditor) = (app.owner().await, app.officer().await, app.stranger().await, app.auditor().await);
        let pilot = app.published(&owner, &officer).await;
        let created = owner.post(measurements(&pilot)).json(measurement("baseline")).send().await.expect(201);
        let measured = measurement_path(&created);
        let items = async |who: &Client| who.get(format!("{}?include_total=true", measurements(&pilot))).send().await.expect(200)["items"].as_array().unwrap().len();
        for round in 0..2 {
            stranger.get(&measured).send().await.refused(404, "not_found");
            stranger.patch(&measured).if_match("*").body("text/plain", "x").send().await.refused(404, "not_found");
            stranger.delete(&measured).send().await.refused(404, "not_found");
            stranger.post(format!("{measured}/transitions")).json(json!({"nonsense": 1})).send().await.refused(404, "not_found");
            assert_eq!((items(&stranger).await, items(&owner).await, items(&auditor).await), (0, 1, 1));
            if round == 0 {
                step(&owner, &measured, json!({"action": "submit"})).await;
            }
        }
        step(&officer, &measured, json!({"action": "verify"})).await;
        assert_eq!(items(&stranger).await, 1);
        app.anonymous().get(&measured).send().await.refused(401, "unauthenticated");
        app.anonymous().get(measurements(&pilot)).send().await.refused(401, "unauthenticated");
        let seen = async |who: &Client| who.get(format!("{}/tcv-comparison", path(&pilot))).send().await.expect(200)["baseline"]["id"].clone();
        assert_eq!((seen(&stranger).await, seen(&app.anonymous()).await), (created["id"].clone(), json!(null)));
        command(&owner, &created, json!({"action": "publish"})).await.refused(403, "forbidden");
        step(&officer, &measured, json!({"action": "publish"})).await;
        assert_eq!(seen(&app.anonymous()).await, created["id"]);
        // With the pilot its figures go, too.
        act(&officer, &pilot, json!({"action": "unpublish", "reason": "A name in it."})).await;
        app.anonymous().get(format!("{}/tcv-comparison", path(&pilot))).send().await.refused(404, "not_found");
    }

    async fn figures_of_a_pilot_that_is_not_public_are_not_published(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let pilot = app.design(&owner, &officer).await;
        let verified = app.measured(&owner, &officer, &pilot, "baseline").await;
        let problem = command(&officer, &verified, json!({"action": "publish"})).await.refused(409, "conditions_unmet");
        assert_eq!(findings(&problem), ["pilot_not_public"]);
    }

    async fn a_small_sample_and_an_early_endline_keep_the_gates_shut(app: App) {
        let (owner, officer, deputy) = (app.owner().await, app.officer().await, app.deputy().await);
        let pilot = app.design(&owner, &officer).await;
        join(&owner, &pilot, &deputy, "deputy").await;
        let plan = app.planned(&owner, &pilot).await;
        app.funded(&owner, &officer, &pilot, &plan).await;
        let methods = app.anonymous().get("/v1/tcv-methods").send().await.expect(200);
        let method = &methods["items"][0];
        let (least, days) = (method["minimum_sample_size"].as_i64().unwrap(), method["minimum_days_between"].as_i64().unwrap());
        let pass = async |gate: &str| officer.post(format!("{}/gate-decisions", path(&pilot))).json(json!({"gate": gate, "outcome": "pass"})).send().await;
        app.verified(&owner, &officer, &pilot, with("baseline", json!({"sample_size": least - 1}))).await;
        let (result, why) = condition(&owner, &pilot, "G1.TCV_BASELINE").await;
        assert_eq!((result.as_str(), why), ("unmet", format!("The verified baseline has a sample of {}; the method asks for at least {least}.", least - 1)));
        assert_eq!(findings(&pass("execution").await.refused(409, "conditions_unmet")), ["G1.TCV_BASELINE"]);
        app.verified(&owner, &officer, &pilot, with("baseline", json!({"sample_size": least}))).await;
        pass("execution").await.expect(201);

        let end = chrono::NaiveDate::from_ymd_opt(2026, 1, 29).unwrap();
        let early = end + chrono::Duration::days(days - 1);
        app.verified(&owner, &officer, &pilot, with("endline", json!({"period_start_on": early}))).await;
        let (result, why) = condition(&owner, &pilot, "G2.TCV_ENDLINE").await;
        assert_eq!((result.as_str(), why.contains(&early.to_string())), ("unmet", true), "{why}");
        assert!(findings(&pass("celebration").await.refused(409, "conditions_unmet")).contains(&"G2.TCV_ENDLINE".to_owned()));
        app.verified(&owner, &officer, &pilot, with("endline", json!({"period_start_on": end + chrono::Duration::days(days)}))).await;
        assert_eq!(condition(&owner, &pilot, "G2.TCV_ENDLINE").await.0, "met");
    }

    async fn a_sample_is_a_whole_number_from_one_to_a_million(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let pilot = app.design(&owner, &officer).await;
        let draft = owner.post(measurements(&pilot)).json(measurement("baseline")).send().await.expect(201);
        let body = |size: &str| measurement("baseline").to_string().replace("\"sample_size\":40", &format!("\"sample_size\":{size}"));
        let cases = [
            ("9223372036854775808", "maximum"), ("9223372036854775807", "maximum"), ("1000000000000000000000000000000", "maximum"), ("1e30", "maximum"),
            ("1000001", "maximum"), ("2147483648", "maximum"), ("1.5", "type"), ("0", "minimum"), ("-1", "minimum"), ("-9223372036854775809", "minimum"),
            ("\"40\"", "type"), ("null", "required"),
        ];
        for (size, code) in cases {
            let created = owner.post(measurements(&pilot)).body("application/json", body(size)).send().await;
            assert_eq!(findings(&created.refused(422, "validation_failed")), [format!("#/sample_size {code}")], "{size}");
            let patch = owner.patch(measurement_path(&draft)).if_match("*").body("application/merge-patch+json", format!("{{\"sample_size\":{size}}}"));
            // Null takes the member away (RFC 7396), and it is required.
            let allowed = [format!("#/sample_size {code}"), "#/sample_size required".to_owned()];
            let found = findings(&patch.send().await.refused(422, "validation_failed"));
            assert!(found.len() == 1 && allowed.contains(&found[0]), "{size}: {found:?}");
        }
        assert_eq!(owner.get(measurement_path(&draft)).send().await.expect(200), draft);
    }

    async fn forty_written_as_a_decimal_is_forty(app: App) {
        // JSON Schema knows one number, however it is written.
        let (owner, officer) = (app.owner().await, app.officer().await);
        let pilot = app.design(&owner, &officer).await;
        let body = measurement("baseline").to_string().replace("\"sample_size\":40", "\"sample_size\":40.0");
        let created = owner.post(measurements(&pilot)).body("application/json", body).send().await.expect(201);
        assert_eq!(created["sample_size"], 40);
        let patch = owner.patch(measurement_path(&created)).if_match("*").body("application/merge-patch+json", "{\"sample_size\":4.1e1}");
        assert_eq!(patch.send().await.expect(200)["sample_size"], 41);
    }

    async fn a_period_runs_forward_and_lies_in_the_past(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let pilot = app.design(&owner, &officer).await;
        let attempt = async |start: &str, end: &str| {
            let content = with("baseline", json!({"period_start_on": start, "period_end_on": end}));
            findings(&owner.post(measurements(&pilot)).json(content).send().await.refused(422, "validation_failed"))
        };
        assert_eq!(attempt("2026-02-02", "2026-02-01").await, ["#/period_end_on period_reversed"]);
        assert_eq!(attempt("2026-06-30", "2026-07-02").await, ["#/period_end_on in_the_future"]);
        assert_eq!(attempt("2026-07-03", "2026-07-02").await, ["#/period_end_on in_the_future", "#/period_end_on period_reversed", "#/period_start_on in_the_future"]);
        assert_eq!(attempt("2026-02-30", "01/02/2026").await, ["#/period_end_on format", "#/period_start_on format"]);
        let today = with("baseline", json!({"period_start_on": "2026-07-01", "period_end_on": "2026-07-01"}));
        let draft = owner.post(measurements(&pilot)).json(today).send().await.expect(201);
        let patch = owner.patch(measurement_path(&draft)).if_match("*").merge(json!({"period_end_on": "2026-06-30"})).send().await;
        assert_eq!(findings(&patch.refused(422, "validation_failed")), ["#/period_end_on period_reversed"]);
    }

    async fn everything_wrong_is_named_at_once(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let pilot = app.design(&owner, &officer).await;
        let wrong = json!({
            "kind": "midline", "sample_size": 0, "period_start_on": "soon", "colour": "red", "district_code": "Kurigram", "status": "verified",
            "time": {"travel": "-1.00", "queueing": "1.00"}, "cost": {"fees": {"amount": "1.234", "currency": "USD"}}, "visits": {"apply": 1}
        });
        let problem = owner.post(measurements(&pilot)).json(wrong).send().await.refused(422, "validation_failed");
        assert_eq!(
            findings(&problem),
            [
                "#/colour unknown_field", "#/cost/fees/amount decimals", "#/cost/fees/currency enum", "#/district_code max_length", "#/district_code pattern",
                "#/kind enum", "#/period_end_on required", "#/period_start_on format", "#/sample_size minimum", "#/status unknown_field",
                "#/time/queueing unknown_field", "#/time/travel negative", "#/visits/apply type"
            ]
        );
        let nowhere = with("baseline", json!({
            "service_id": "0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e", "method_version": "1999.1", "district_code": "BD-99",
            "period_start_on": "2026-07-03", "period_end_on": "2026-07-02"
        }));
        let problem = owner.post(measurements(&pilot)).json(nowhere).send().await.refused(422, "validation_failed");
        assert_eq!(
            findings(&problem),
            [
                "#/district_code unknown_reference", "#/method_version unknown_reference", "#/period_end_on in_the_future",
                "#/period_end_on period_reversed", "#/period_start_on in_the_future", "#/service_id unknown_reference"
            ]
        );
        assert_eq!(owner.get(measurements(&pilot)).send().await.expect(200)["items"], json!([]));
    }

    async fn nothing_is_measured_of_a_pilot_that_has_ended(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let pilot = app.design(&owner, &officer).await;
        let draft = owner.post(measurements(&pilot)).json(measurement("baseline")).send().await.expect(201);
        act(&owner, &pilot, json!({"action": "withdraw", "reason": "The office moves."})).await;
        for kind in ["baseline", "endline", "follow_up", "replication"] {
            owner.post(measurements(&pilot)).json(measurement(kind)).send().await.refused(409, "transition_not_allowed");
        }
        owner.patch(measurement_path(&draft)).if_match("*").merge(json!({"sample_size": 50})).send().await.refused(409, "transition_not_allowed");
        let seen = owner.get(measurement_path(&draft)).send().await.expect(200);
        assert_eq!((&seen["allowed_actions"], &seen["sample_size"]), (&json!(["delete"]), &json!(40)));
        assert_eq!(findings(&command(&owner, &draft, json!({"action": "submit"})).await.refused(409, "conditions_unmet")), ["pilot_ended"]);
        owner.delete(measurement_path(&draft)).if_match("*").send().await.expect(204);
        assert_eq!(owner.get(measurements(&pilot)).send().await.expect(200)["items"], json!([]));
    }

    async fn replications_in_two_districts_stand_side_by_side(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let pilot = app.design(&owner, &officer).await;
        let again = async |district: Value| app.verified(&owner, &officer, &pilot, with("replication", json!({"district_code": district}))).await;
        let (kurigram, bogura) = (again(json!("BD-28")).await, again(json!("BD-03")).await);
        let nowhere = again(Value::Null).await;
        let status = async |one: &Value| owner.get(measurement_path(one)).send().await.expect(200)["status"].clone();
        assert_eq!((status(&kurigram).await, status(&bogura).await, status(&nowhere).await), (json!("verified"), json!("verified"), json!("verified")));
        let newer = again(json!("BD-28")).await;
        again(Value::Null).await;
        assert_eq!((status(&kurigram).await, status(&bogura).await, status(&newer).await, status(&nowhere).await), (json!("superseded"), json!("verified"), json!("verified"), json!("superseded")));
        // A follow-up is of the pilot, wherever it was taken.
        let first = app.verified(&owner, &officer, &pilot, with("follow_up", json!({"district_code": "BD-28"}))).await;
        app.verified(&owner, &officer, &pilot, with("follow_up", json!({"district_code": "BD-03"}))).await;
        assert_eq!(status(&first).await, "superseded");
    }

    async fn a_date_of_the_last_century_is_a_slip_of_the_pen(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let pilot = app.design(&owner, &officer).await;
        for start in ["1999-12-31", "0206-01-04", "0001-01-01"] {
            let content = with("baseline", json!({"period_start_on": start}));
            assert_eq!(findings(&owner.post(measurements(&pilot)).json(content).send().await.refused(422, "validation_failed")), ["#/period_start_on implausible"], "{start}");
        }
        let draft = owner.post(measurements(&pilot)).json(with("baseline", json!({"period_start_on": "2000-01-01"}))).send().await.expect(201);
        let patch = owner.patch(measurement_path(&draft)).if_match("*").merge(json!({"period_start_on": "1999-01-01"})).send().await;
        assert_eq!(findings(&patch.refused(422, "validation_failed")), ["#/period_start_on implausible"]);
    }

    async fn a_draft_is_deleted_and_then_gone(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let pilot = app.design(&owner, &officer).await;
        let draft = owner.post(measurements(&pilot)).json(measurement("follow_up")).send().await.expect(201);
        owner.delete(measurement_path(&draft)).send().await.refused(428, "if_match_required");
        officer.delete(measurement_path(&draft)).if_match("*").send().await.refused(403, "forbidden");
        owner.delete(measurement_path(&draft)).if_match(version(&draft)).send().await.expect(204);
        owner.get(measurement_path(&draft)).send().await.refused(404, "not_found");
    }
}
