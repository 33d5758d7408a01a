//! What a fuzzer seldom draws, sent to every operation of the document: U+0000, lone surrogates, 10^30, 2^63, repeated
//! keys, depth 200, texts of a megabyte. Each is refused as bad input, and nothing changes.

use std::collections::BTreeMap;

use awc::http::Method;
use serde_json::{Value, json};

use crate::support::{builders::*, client::Client, contract};

/// Kept out of a string literal, since Rust has no lone surrogates: the body is put together as text.
const SURROGATE: &str = r#""\ud800""#;

/// An operation that reads JSON, with its path filled in.
struct Target {
    id: String,
    method: Method,
    path: String,
    example: Value,
    /// Whether every identifier in its path is that of a record.
    is_real: bool,
}

fn targets(ids: &BTreeMap<&str, String>) -> Vec<Target> {
    let mut found = Vec::new();
    for (path, item) in contract::document()["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let content = &operation["requestBody"]["content"];
            let Some(media) = content.get("application/json").or_else(|| content.get("application/merge-patch+json"))
            else {
                continue;
            };
            let mut is_real = true;
            let filled: Vec<String> = path
                .split('/')
                .map(|part| match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
                    None => part.to_owned(),
                    Some(name) => ids.get(name).cloned().unwrap_or_else(|| {
                        is_real = false;
                        "0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e".to_owned()
                    }),
                })
                .collect();
            found.push(Target {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method: Method::from_bytes(method.to_uppercase().as_bytes()).unwrap(),
                path: filled.join("/"),
                example: media["example"].clone(),
                is_real,
            });
        }
    }
    found
}

/// The example with each of its texts and numbers in turn replaced by `text` and `number`, which are JSON already.
fn spoiled(example: &Value, text: &str, number: &str) -> Vec<String> {
    let mut pointers = Vec::new();
    leaves(example, String::new(), &mut pointers);
    pointers
        .iter()
        .map(|pointer| {
            let mut copy = example.clone();
            let leaf = copy.pointer_mut(pointer).unwrap();
            let with = if leaf.is_string() { text } else { number };
            *leaf = json!("@@");
            copy.to_string().replacen(r#""@@""#, with, 1)
        })
        .collect()
}

fn leaves(value: &Value, pointer: String, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(name, field)| leaves(field, format!("{pointer}/{name}"), found))
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(n, item)| leaves(item, format!("{pointer}/{n}"), found))
        }
        Value::String(_) | Value::Number(_) => found.push(pointer),
        Value::Bool(_) | Value::Null => {}
    }
}

/// The bodies, each with the statuses that refuse it.
fn bodies(example: &Value) -> Vec<(String, &'static [u16])> {
    let megabyte = format!("\"{}\"", "x".repeat(1_000_000));
    let mut all: Vec<(String, &'static [u16])> = Vec::new();
    for number in ["1000000000000000000000000000000", "9223372036854775808", "-9223372036854775809", "1e30"] {
        all.extend(spoiled(example, r#""a\u0000b""#, number).into_iter().map(|body| (body, &[422][..])));
    }
    all.extend(spoiled(example, SURROGATE, "1e999").into_iter().map(|body| (body, &[400][..])));
    all.extend(spoiled(example, &megabyte, "1e300").into_iter().take(2).map(|body| (body, &[413, 422][..])));
    let depth = format!("{{\"a\":{}1{}}}", "[".repeat(200), "]".repeat(200));
    all.push((depth, &[400]));
    let (text, name) = (example.to_string(), example.as_object().and_then(|fields| fields.keys().next().cloned()));
    if let (Some(name), Some(rest)) = (name, text.strip_prefix('{')) {
        all.push((format!("{{{}:null,{rest}", json!(name)), &[400]));
    }
    all
}

on_both_engines! {
    async fn every_body_refuses_it_and_nothing_changes(app: App) {
        let (owner, officer, admin, auditor) = (app.owner().await, app.officer().await, app.admin().await, app.auditor().await);
        let pilot = app.design(&owner, &officer).await;
        let draft = app.draft(&owner).await;
        let plan = owner.post(format!("{}/plans", path(&pilot))).json(plan_content(&owner)).send().await.expect(201);
        let taken = owner.post(format!("{}/tcv-measurements", path(&pilot))).json(measurement("baseline")).send().await.expect(201);
        let id = |record: &Value| record["id"].as_str().unwrap().to_owned();
        let (fund_officer, fund_approver, finance_officer) = (app.fund_officer().await, app.fund_approver().await, app.finance_officer().await);
        let round = app.open_round(&fund_officer, &finance_officer, &fund_approver, "1000.00").await;
        let first = async |list: &str| app.anonymous().get(list).send().await.expect(200)["items"][0].clone();
        let ids = BTreeMap::from([
            ("pilot_id", id(&draft)),
            ("plan_id", id(&plan)),
            ("fund_id", round["fund_id"].as_str().unwrap().to_owned()),
            ("round_id", id(&round)),
            ("milestone_id", id(&plan["milestones"][0])),
            ("measurement_id", id(&taken)),
            ("user_id", app.stranger().await.id.to_string()),
            ("organisation_id", id(&first("/v1/organisations").await)),
            ("service_id", id(&first("/v1/services").await)),
            ("division_code", "BD-A".to_owned()),
            ("district_code", "BD-28".to_owned()),
            ("goal_code", "2".to_owned()),
            ("target_code", "2.3".to_owned()),
            ("sector_code", first("/v1/sectors").await["code"].as_str().unwrap().to_owned()),
        ]);
        let entries = async || auditor.get("/v1/audit-entries?limit=1&include_total=true").send().await.expect(200)["total"].clone();
        let before = entries().await;
        let callers: [&Client; 7] = [&owner, &officer, &admin, &fund_officer, &fund_approver, &finance_officer, &app.anonymous()];
        let mut count = 0;
        for target in targets(&ids) {
            let send = async |who: &Client, body: &str| {
                who.request(target.method.clone(), &target.path).if_match("*").body("application/json", body).send().await
            };
            // Whoever may do it at all is told about the body.
            let mut told = None;
            for who in callers {
                if send(who, "[]").await.status == 422 {
                    told = Some(who);
                    break;
                }
            }
            assert!(told.is_some() || !target.is_real, "nobody gets as far as the body of {}", target.id);
            let Some(who) = told else { continue };
            for (body, refused) in bodies(&target.example) {
                let answer = send(who, &body).await;
                let start: String = body.chars().take(300).collect();
                assert!(refused.contains(&answer.status.as_u16()), "{}: {} for {start}", target.id, answer.status);
                count += 1;
            }
        }
        assert!(count > 500, "{count}");
        assert_eq!(entries().await, before, "something was changed");
    }

    async fn every_parameter_refuses_it_or_finds_nothing(app: App) {
        let (auditor, admin, owner) = (app.auditor().await, app.admin().await, app.owner().await);
        let pilot = app.draft(&owner).await;
        for (path, item) in contract::document()["paths"].as_object().unwrap() {
            let path = path.replace("{pilot_id}", pilot["id"].as_str().unwrap());
            for parameter in item["get"]["parameters"].as_array().into_iter().flatten().filter(|parameter| parameter["in"] == "query") {
                let (name, kind) = (parameter["name"].as_str().unwrap(), &parameter["schema"]["type"]);
                for value in ["a%00b", "%ED%A0%80", "9223372036854775808", "1e30", "1000000000000000000000000000000", "%F0%9F%98%80", "a%0Db%1Bc"] {
                    for who in [&auditor, &admin, &owner] {
                        let status = who.get(format!("{path}?{name}={value}")).send().await.status.as_u16();
                        let is_refused = [400, 403, 404].contains(&status);
                        let must_be = value.contains("%00") || value.contains("%1B") || kind == "integer" || kind == "boolean";
                        assert!(is_refused || !must_be && status == 200, "{path}?{name}={value}: {status}");
                    }
                }
                if !path.contains('{') {
                    let status = auditor.get(format!("{path}?{name}=1&{name}=1")).send().await.status.as_u16();
                    assert!([400, 403].contains(&status), "{path}: {name} twice: {status}");
                }
            }
        }
    }

    async fn line_ends_of_other_systems_are_read_as_ours(app: App) {
        let owner = app.owner().await;
        let sent = json!({"title": {"en": "Camp"}, "problem": {"en": "One.\r\nTwo.\rThree."}});
        let pilot = owner.post("/v1/pilots").json(sent).send().await.expect(201);
        assert_eq!(pilot["problem"]["en"], "One.\nTwo.\nThree.");
    }

    async fn leaving_a_team_needs_the_version_before_anything_else(app: App) {
        let (owner, officer, deputy) = (app.owner().await, app.officer().await, app.deputy().await);
        let pilot = app.design(&owner, &officer).await;
        join(&owner, &pilot, &deputy, "deputy").await;
        act(&owner, &pilot, json!({"action": "withdraw", "reason": "The office is closed."})).await;
        let place = format!("{}/members/{}", path(&pilot), deputy.id);
        owner.delete(&place).send().await.refused(428, "if_match_required");
        owner.delete(&place).if_match("\"1\"").send().await.refused(412, "version_mismatch");
        owner.delete(&place).if_match("*").send().await.refused(409, "transition_not_allowed");
    }

    async fn a_patch_may_not_take_away_what_has_to_stay(app: App) {
        let admin = app.admin().await;
        let user = format!("/v1/users/{}", app.stranger().await.id);
        let problem = admin.patch(&user).if_match("*").merge(json!({"language": null, "name": null, "email": null})).send().await.refused(422, "validation_failed");
        assert_eq!(crate::support::client::findings(&problem), ["#/email required", "#/language required", "#/name required"]);
        admin.patch(&user).if_match("*").merge(json!({"designation": null})).send().await.expect(200);
    }
}
