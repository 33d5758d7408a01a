//! Local money: declared with a document, judged by somebody else, counted at gate 1 to the poisha.

use serde_json::{Value, json};

use innovation_pilots::platform::auth::Role;

use crate::support::{Client, Response, builders::*, client::findings, funding_funds::taka};

fn of(pilot: &Value) -> String {
    format!("{}/funding-sources", path(pilot))
}

async fn try_step(who: &Client, source: &Value, command: Value) -> Response {
    who.post(format!("{}/transitions", source_path(source))).if_match("*").json(command).send().await
}

on_both_engines! {
    async fn the_sources_of_a_draft_go_with_it(app: App) {
        let (owner, auditor) = (app.owner().await, app.auditor().await);
        let pilot = app.draft(&owner).await;
        let content = json!({"kind": "in_kind", "provider": {"en": "A mill"}, "amount": taka("1.00")});
        let [kept, withdrawn] = [owner.post(of(&pilot)).json(content.clone()).send().await.expect(201), owner.post(of(&pilot)).json(content).send().await.expect(201)];
        try_step(&owner, &withdrawn, json!({"action": "withdraw", "reason": "x"})).await.expect(200);
        owner.delete(path(&pilot)).if_match("*").send().await.expect(204);
        for source in [&kept, &withdrawn] {
            auditor.get(source_path(source)).send().await.refused(404, "not_found");
            let trail = format!("/v1/audit-entries?record_type=funding_source&record_id={}", source["id"].as_str().unwrap());
            let entries = auditor.get(trail).send().await.expect(200);
            assert!(entries["items"].as_array().unwrap().iter().any(|entry| entry["operation"] == "delete_pilot"), "{entries}");
        }
    }

    async fn a_source_is_declared_confirmed_and_covers_the_budget_exactly(app: App) {
        let (owner, deputy, officer) = (app.owner().await, app.deputy().await, app.officer().await);
        let pilot = app.design(&owner, &officer).await;
        join(&owner, &pilot, &deputy, "deputy").await;
        app.planned(&owner, &pilot).await;
        let bare = json!({"kind": "in_kind", "provider": {"en": "A mill"}, "amount": taka("99999.99")});
        let wrong = json!({"kind": "in_kind", "provider": {}, "amount": taka("1.00")});
        assert_eq!(findings(&owner.post(of(&pilot)).json(wrong).send().await.refused(422, "validation_failed")), ["#/provider language_missing"]);
        let wrong = json!({"kind": "in_kind", "provider": {"bn": "কল"}, "amount": taka("0.00"), "document_id": pilot["id"]});
        assert_eq!(findings(&owner.post(of(&pilot)).json(wrong).send().await.refused(422, "validation_failed")), ["#/amount/amount minimum", "#/document_id unknown_reference"]);
        let stranger = app.stranger().await;
        stranger.post(of(&pilot)).json(bare.clone()).send().await.refused(403, "forbidden");
        let declared = deputy.post(of(&pilot)).json(bare).send().await;
        let source = declared.expect(201);
        assert_eq!(declared.header("location").unwrap(), source_path(&source));
        assert_eq!((&source["status"], &source["allowed_actions"]), (&json!("declared"), &json!(["edit", "withdraw"])));
        assert_eq!(findings(&try_step(&officer, &source, json!({"action": "confirm"})).await.refused(409, "conditions_unmet")), ["document_missing"]);
        for who in [&owner, &deputy] {
            try_step(who, &source, json!({"action": "confirm"})).await.refused(403, "forbidden");
        }
        let files = format!("/v1/attachments?parent_kind=pilot&parent_id={}", pilot["id"].as_str().unwrap());
        let letter = owner.post(files).form("a.txt", "text/plain", "We give it.").send().await.expect(201);
        owner.patch(source_path(&source)).if_match("\"7\"").merge(json!({"document_id": letter["id"]})).send().await.refused(412, "version_mismatch");
        officer.patch(source_path(&source)).if_match("*").merge(json!({})).send().await.refused(403, "forbidden");
        let named = owner.patch(source_path(&source)).if_match(version(&source)).merge(json!({"document_id": letter["id"]})).send().await.expect(200);
        assert_eq!((&named["document_id"], &named["version"]), (&letter["id"], &json!(2)));
        assert_eq!(condition(&owner, &pilot, "G1.FUNDED").await.0, "unmet", "declared is not enough");
        let confirmed = try_step(&officer, &source, json!({"action": "confirm"})).await.expect(200);
        assert_eq!((&confirmed["status"], &confirmed["decided_by"]), (&json!("confirmed"), &json!(officer.id)));
        try_step(&officer, &source, json!({"action": "refuse", "reason": "x"})).await.refused(409, "transition_not_allowed");
        owner.patch(source_path(&source)).if_match("*").merge(json!({"description": "x"})).send().await.refused(409, "transition_not_allowed");
        let (result, why) = condition(&stranger.client, &pilot, "G1.FUNDED").await;
        assert!(result == "unmet" && why.contains("0.01 taka are missing"), "{why}");
        let rest = app.source(&owner, &pilot, taka("0.01")).await;
        let finance = app.finance_officer().await;
        try_step(&finance, &rest, json!({"action": "confirm"})).await.expect(200);
        let gate = owner.get(format!("{}/gates/execution", path(&pilot))).send().await.expect(200);
        let funded = gate["conditions"].as_array().unwrap().iter().find(|it| it["code"] == "G1.FUNDED").unwrap().clone();
        assert_eq!(funded["result"], "met");
        for evidence in funded["evidence"].as_array().unwrap() {
            owner.get(evidence.as_str().unwrap()).send().await.expect(200);
        }
        assert!(funded["evidence"].to_string().contains(&source_path(&rest)));
        // Taken back before the gate, and no longer after it.
        assert_eq!(findings(&try_step(&deputy, &rest, json!({"action": "withdraw"})).await.refused(422, "validation_failed")), ["#/reason required"]);
        try_step(&officer, &rest, json!({"action": "withdraw", "reason": "x"})).await.refused(403, "forbidden");
        assert_eq!(try_step(&deputy, &rest, json!({"action": "withdraw", "reason": "Spent."})).await.expect(200)["status"], "withdrawn");
        assert_eq!(condition(&owner, &pilot, "G1.FUNDED").await.0, "unmet");
        let waive = json!({"gate": "execution", "outcome": "pass", "waivers": [{"code": "G1.FUNDED", "reason": "x"}]});
        assert_eq!(findings(&officer.post(format!("{}/gate-decisions", path(&pilot))).json(waive).send().await.refused(422, "validation_failed")), ["#/waivers/0/code not_waivable"]);
        let rest = app.source(&owner, &pilot, taka("0.01")).await;
        try_step(&officer, &rest, json!({"action": "confirm"})).await.expect(200);
        app.measured(&owner, &officer, &pilot, "baseline").await;
        app.pass(&officer, &pilot, "execution").await;
        try_step(&owner, &rest, json!({"action": "withdraw", "reason": "x"})).await.refused(409, "transition_not_allowed");
        let listed = stranger.get(format!("{}?include_total=true&limit=2", of(&pilot))).send().await.expect(200);
        assert_eq!((&listed["total"]["value"], &listed["items"][1]["reason"]), (&json!(3), &json!(null)), "why is between team and staff");
        assert_eq!(owner.get(of(&pilot)).send().await.expect(200)["items"][1]["reason"], "Spent.");
    }

    async fn a_source_is_refused_and_nobody_judges_their_own(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let pilot = app.design(&owner, &officer).await;
        let inside = app.person("Inside", &[Role::ProgrammeOfficer], app.people.land_office).await;
        join(&owner, &pilot, &inside, "deputy").await;
        let source = app.source(&inside, &pilot, taka("5.00")).await;
        try_step(&inside, &source, json!({"action": "confirm"})).await.refused(403, "separation_of_duties");
        assert_eq!(findings(&try_step(&officer, &source, json!({"action": "refuse"})).await.refused(422, "validation_failed")), ["#/reason required"]);
        let refused = try_step(&officer, &source, json!({"action": "refuse", "reason": "No seal."})).await.expect(200);
        assert_eq!((&refused["status"], &refused["reason"]), (&json!("refused"), &json!("No seal.")));
        // A document that was taken away proves nothing.
        let source = app.source(&owner, &pilot, taka("5.00")).await;
        let file = format!("/v1/attachments/{}", source["document_id"].as_str().unwrap());
        owner.delete(file).if_match("*").send().await;
        assert_eq!(findings(&try_step(&officer, &source, json!({"action": "confirm"})).await.refused(409, "conditions_unmet")), ["document_missing"]);
        // Of a draft nobody outside sees anything; of what has ended nothing changes.
        let draft = app.draft(&owner).await;
        let hidden = app.source(&owner, &draft, taka("5.00")).await;
        app.stranger().await.get(source_path(&hidden)).send().await.refused(404, "not_found");
        app.anonymous().get(source_path(&hidden)).send().await.refused(401, "unauthenticated");
        act(&owner, &pilot, json!({"action": "withdraw", "reason": "x"})).await;
        owner.post(of(&pilot)).json(json!({"kind": "in_kind", "provider": {"en": "x"}, "amount": taka("1.00")})).send().await.refused(409, "transition_not_allowed");
        try_step(&officer, &source, json!({"action": "refuse", "reason": "x"})).await.refused(409, "transition_not_allowed");
    }
}
