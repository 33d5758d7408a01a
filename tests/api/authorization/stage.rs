//! Everyone and everything that the pilots' side of the matrix speaks of.

use innovation_pilots::platform::auth::Role::{self, Admin, Auditor, Innovator, ProgrammeOfficer};
use serde_json::{Value, json};

use super::case::Stage;
use crate::support::{App, Client, builders::*};

/// In the order of the columns and of the placeholders.
pub async fn stage(app: &App) -> Stage {
    let elsewhere = app.people.land_office;
    let person = async |name: &str, roles: &[Role], place| app.person(name, roles, place).await;
    let nobody = person("Nobody", &[], elsewhere).await;
    let stranger = app.stranger().await;
    let member = person("Member", &[], elsewhere).await;
    let deputy = person("Deputy", &[], elsewhere).await;
    let owner = app.owner().await;
    let officer = person("Officer", &[ProgrammeOfficer], app.people.a2i).await;
    let screener = person("Screener", &[ProgrammeOfficer], app.people.a2i).await;
    let admin = person("Admin", &[Admin], app.people.a2i).await;
    let auditor = person("Auditor", &[Auditor], app.people.a2i).await;
    let user = person("User", &[Innovator], elsewhere).await;

    let draft = app.draft(&owner).await;
    let offered = app.draft(&owner).await;
    // Somebody else's, of which the owner must not know.
    let others = app.submitted(&user).await;
    let design = app.design(&owner, &screener).await;
    let screening = app.screening(&owner, &screener).await;
    let found = duplicates(&screener, &screening, "open").await;
    let resembles = |pilot: &Value| {
        found.iter().find(|it| it["other"]["id"] == pilot["id"]).unwrap()["id"].as_str().unwrap().to_owned()
    };
    let (duplicate, hidden) = (resembles(&design), resembles(&others));
    let submitted = app.submitted(&owner).await;
    let public = app.published(&owner, &screener).await;
    for pilot in [&draft, &offered, &submitted, &screening, &design, &public] {
        join(&owner, pilot, &deputy, "deputy").await;
        join(&owner, pilot, &member, "member").await;
    }
    let said = json!({"text": {"en": "Please come to our union too."}});
    let comment = stranger.post(format!("{}/comments", path(&design))).json(said.clone()).send().await.expect(201);
    let internal = owner.post(format!("{}/comments", path(&draft))).json(said).send().await.expect(201);
    stranger.post(format!("{}/supporters", path(&design))).send().await.expect(201);
    let offer = json!({"user_id": stranger.id, "previous_owner_stays": true});
    let handover = owner.post(format!("{}/handovers", path(&offered))).json(offer).send().await.expect(201);
    let plan = json!({"milestones": [{"title": {"en": "First camp"}, "is_mandatory": true}]});
    let plan = owner.post(format!("{}/plans", path(&design))).json(plan).send().await.expect(201);
    let measurement = async || {
        let taken = json!({
            "kind": "baseline", "sample_size": 40, "period_start_on": "2026-01-04", "period_end_on": "2026-01-29",
            "time": {"travel": "60.00", "waiting": "30.00", "processing": "10.00"}
        });
        owner.post(format!("{}/tcv-measurements", path(&design))).json(taken).send().await.expect(201)
    };
    let (measurement, verified) = (measurement().await, measurement().await);
    for (who, action) in [(&owner, "submit"), (&screener, "verify")] {
        let place = format!("/v1/tcv-measurements/{}/transitions", verified["id"].as_str().unwrap());
        who.post(place).if_match("*").json(json!({"action": action})).send().await.expect(200);
    }
    // impact
    let service = app.people.service;
    let recorded =
        async |who: &Client, place: String, record: Value| who.post(place).json(record).send().await.expect(201);
    let volume = json!({"fiscal_year": "2025-26", "volume": 1, "source": "x", "note": "x"});
    let volume = recorded(&officer, format!("/v1/services/{service}/volumes"), volume).await;
    let hour = json!({"fiscal_year": "2025-26", "per_hour": {"amount": "1.00", "currency": "BDT"}, "source": "x", "note": "x"});
    let value_of_time = recorded(&officer, "/v1/values-of-time".to_owned(), hour).await;
    let shares = json!({"reason": "x", "shares": []});
    let attribution = recorded(&officer, format!("/v1/services/{service}/attributions"), shares).await;
    let refusal = json!({"gate": "execution", "outcome": "refuse", "reason": "Not yet."});
    let decision = screener.post(format!("{}/gate-decisions", path(&design))).json(refusal).send().await.expect(201);
    let file = async |kind: &str, parent: &Value| {
        let place = format!("/v1/attachments?parent_kind={kind}&parent_id={}", parent["id"].as_str().unwrap());
        owner.post(place).form("note.txt", "text/plain", "A note.").send().await.expect(201)
    };
    let (design_file, draft_file, plan_file) =
        (file("pilot", &design).await, file("pilot", &draft).await, file("plan", &plan).await);
    admin
        .post("/v1/imports?list=upazilas")
        .body("text/csv", "code,name_en,district_code\n302672,Savar,BD-13\n")
        .send()
        .await
        .expect(200);
    let entries = auditor.get("/v1/audit-entries?limit=1").send().await.expect(200);

    let endpoint =
        owner.post("/v1/webhook-endpoints").json(json!({"url": "https://8.8.8.8/hook"})).send().await.expect(201);
    let tests = format!("/v1/webhook-endpoints/{}/tests", endpoint["id"].as_str().unwrap());
    let delivery = owner.post(tests).send().await.expect(201);
    let message = crate::outbox::queue(app, "note", "x", "said").await;

    let service_account = json!({"name": "Dashboard", "scopes": ["pilots:read"], "ends_on": "2027-06-30"});
    let service_account = owner.post("/v1/service-accounts").json(service_account).send().await.expect(201);

    let id = |record: &Value| record["id"].as_str().unwrap().to_owned();
    let places = vec![
        ("{service_account}", id(&service_account)),
        ("{draft}", id(&draft)),
        ("{offered}", id(&offered)),
        ("{submitted}", id(&submitted)),
        ("{screening}", id(&screening)),
        ("{design}", id(&design)),
        ("{public}", id(&public)),
        ("{member}", member.id.to_string()),
        ("{stranger}", stranger.id.to_string()),
        ("{comment}", id(&comment)),
        ("{internal}", id(&internal)),
        ("{duplicate}", duplicate),
        ("{hidden}", hidden),
        ("{handover}", id(&handover)),
        ("{user}", user.id.to_string()),
        ("{organisation}", app.people.land_office.to_string()),
        ("{service}", app.people.service.to_string()),
        ("{plan}", id(&plan)),
        ("{milestone}", id(&plan["milestones"][0])),
        ("{measurement}", id(&measurement)),
        ("{verified}", id(&verified)),
        ("{decision}", id(&decision)),
        ("{volume}", id(&volume)),
        ("{value_of_time}", id(&value_of_time)),
        ("{attribution}", id(&attribution)),
        ("{file}", id(&design_file)),
        ("{draft_file}", id(&draft_file)),
        ("{plan_file}", id(&plan_file)),
        ("{entry}", id(&entries["items"][0])),
        ("{message}", message.to_string()),
        ("{endpoint}", id(&endpoint)),
        ("{delivery}", id(&delivery)),
    ];
    let people = [nobody, stranger, member, deputy, owner, officer, screener, admin, auditor];
    let people = [app.anonymous()].into_iter().chain(people.into_iter().map(|person| person.client)).collect();
    Stage { people, places }
}
