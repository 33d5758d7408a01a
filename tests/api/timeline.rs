//! The timeline: everything in order, page by page, to each reader what they may see; and the holes that were mended
//! beside it.

use diesel::{
    Connection,
    connection::{InstrumentationEvent, SimpleConnection},
};
use innovation_pilots::{
    features::{
        pilots::see,
        timeline::{Viewpoint, merge},
    },
    platform::{
        auth::{Actor, Reach, Role, Via},
        ids::OrganisationId,
        web::{cursor::Cursor, page::Slice},
    },
};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

use crate::{
    pilots::query_plans::{PREFER_INDEXES, plan},
    support::{Client, Engine, builders::*},
};

/// All pages, two entries each.
async fn timeline(who: &Client, pilot: &Value, sort: &str) -> Vec<Value> {
    let first = format!("{}/timeline?limit=2&sort={sort}", path(pilot));
    let (mut all, mut next) = (Vec::new(), first.clone());
    loop {
        let page = who.get(&next).send().await.expect(200);
        all.extend(page["items"].as_array().unwrap().clone());
        match page["next_cursor"].as_str() {
            Some(cursor) => next = format!("{first}&cursor={cursor}"),
            None => return all,
        }
    }
}

fn names(entries: &[Value]) -> Vec<String> {
    entries.iter().map(|it| format!("{} {}", it["kind"].as_str().unwrap(), it["event"].as_str().unwrap())).collect()
}

on_both_engines! {
    async fn the_whole_story_in_both_orders(app: App) {
        let (owner, officer, stranger) = (app.owner().await, app.officer().await, app.stranger().await);
        let deputy = app.deputy().await;
        let pilot = app.screening(&owner, &officer).await;
        app.advance(chrono::Duration::minutes(1));
        act(&officer, &pilot, json!({"action": "request_changes", "reason": "Between us.", "due_on": "2026-07-20"})).await;
        act(&owner, &pilot, json!({"action": "submit"})).await;
        act(&officer, &pilot, json!({"action": "start_screening"})).await;
        act(&officer, &pilot, json!({"action": "accept"})).await;
        join(&owner, &pilot, &deputy, "deputy").await;
        app.measured(&owner, &officer, &pilot, "baseline").await;
        let plan = app.planned(&owner, &pilot).await;
        app.funded(&owner, &officer, &pilot, &plan).await;
        app.advance(chrono::Duration::minutes(1));
        app.pass(&officer, &pilot, "execution").await;
        let offer = json!({"user_id": stranger.id, "previous_owner_stays": true, "reason": "Secret."});
        let handover = owner.post(format!("{}/handovers", path(&pilot))).json(offer).send().await.expect(201);
        step(&stranger, &format!("/v1/handovers/{}", handover["id"].as_str().unwrap()), json!({"action": "decline"})).await;
        let told = timeline(&owner, &pilot, "at").await;
        assert_eq!(names(&told)[..3], ["team joined", "transition submit", "transition start_screening"]);
        for expected in ["transition request_changes", "team joined", "measurement submitted", "measurement verified", "plan submitted", "plan locked", "gate_decision pass", "transition start_execution", "handover offered", "handover declined"] {
            assert!(names(&told).iter().any(|name| name == expected), "{expected}: {:?}", names(&told));
        }
        let times: Vec<&str> = told.iter().map(|it| it["at"].as_str().unwrap()).collect();
        assert!(times.is_sorted());
        assert!(told.iter().all(|it| it["summary"]["bn"].is_string() && it["summary"]["en"].is_string()));
        assert!(told.iter().all(|it| it["actor"]["name"]["en"].is_string()));
        // The other order is the same list, and no entry is doubled or lost between pages.
        let mut back = timeline(&owner, &pilot, "-at").await;
        back.reverse();
        assert_eq!(back, told);
        let whole = owner.get(format!("{}/timeline?limit=200&sort=at&include_total=true", path(&pilot))).send().await.expect(200);
        assert_eq!((&whole["items"], &whole["total"]["value"]), (&json!(told), &json!(told.len())));
        // Others are told what they could read anyway.
        let outside = timeline(&app.person("Other", &[], app.people.land_office).await.client, &pilot, "at").await;
        assert!(!json!(outside).to_string().contains("Between us.") && !json!(outside).to_string().contains("Secret."));
        for hidden in ["team joined", "measurement submitted", "handover offered", "handover declined"] {
            assert!(!names(&outside).iter().any(|name| name == hidden), "{hidden}");
        }
        assert!(names(&outside).contains(&"measurement verified".to_owned()));
        for entry in told.iter().filter(|it| it["kind"] != "team") {
            owner.get(entry["href"].as_str().unwrap()).send().await.expect(200);
        }
        owner.get(format!("{}/timeline?sort=-at&cursor=abc", path(&pilot))).send().await.refused(400, "invalid_cursor");
    }

    async fn a_survivor_tells_the_story_of_what_was_merged_into_it(app: App) {
        let (owner, other, officer, stranger) = (app.owner().await, app.stranger().await, app.officer().await, app.person("Other", &[], app.people.a2i).await);
        let survivor = app.design(&owner, &officer).await;
        let merged = app.screening(&other, &officer).await;
        act(&officer, &merged, json!({"action": "merge", "merged_into_id": survivor["id"]})).await;
        for who in [&officer.client, &other.client] {
            let told = timeline(who, &survivor, "at").await;
            let steps: Vec<String> = names(&told).into_iter().filter(|name| name.starts_with("merge ")).collect();
            assert_eq!(steps, ["merge submit", "merge start_screening", "merge merge"]);
            assert!(told.iter().any(|it| it["summary"]["en"] == format!("{} was merged into this pilot.", merged["reference"].as_str().unwrap())));
        }
        // What was merged was never accepted: it is not told to those who could not see it.
        for who in [&owner.client, &stranger.client] {
            assert!(!names(&timeline(who, &survivor, "at").await).iter().any(|name| name.starts_with("merge ")));
        }
    }

    async fn a_page_costs_a_bounded_number_of_statements(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let pilot = app.design(&owner, &officer).await;
        let mut connection = app.database.connect();
        let actor = Actor { user_id: officer.id, via: Via::Session(officer.session), roles: [Role::ProgrammeOfficer].into_iter().collect(), name: Arc::default(), organisation_id: None::<OrganisationId>, authenticated_at: app.state.clock.now(), reach: Reach::default(), must_change_password: false, has_second_factor: false, at: app.state.clock.now() };
        let id = innovation_pilots::features::pilots::PilotId::parse(pilot["id"].as_str().unwrap()).unwrap();
        let seen = see(&mut connection, Some(&actor), id).unwrap();
        let statements = Arc::new(Mutex::new(Vec::new()));
        let record = Arc::clone(&statements);
        connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event {
                record.lock().unwrap().push(query.to_string());
            }
        });
        let of = Viewpoint { pilot: &seen.row, actor: &actor, standing: &seen.standing };
        let after = Cursor { key: "2026-07-01T03:00:00.000Z 3".to_owned(), id: id.to_string() };
        for (descending, after) in [(true, None), (false, None), (true, Some(after.clone())), (false, Some(after))] {
            statements.lock().unwrap().clear();
            let slice = Slice { limit: 2, after, include_total: false };
            merge(&mut connection, of, descending, &slice).unwrap();
            let sent: Vec<String> = statements.lock().unwrap().clone();
            // One a source, each of a page, each a range of an index in its order.
            assert_eq!(sent.len(), 11, "{sent:#?}");
            if app.engine == Engine::Postgres {
                connection.batch_execute(PREFER_INDEXES).unwrap();
            }
            for statement in sent {
                let statement = statement.split(" -- binds:").next().unwrap();
                assert!(statement.contains("LIMIT"), "{statement}");
                let plan = plan(&mut connection, statement);
                let bad = ["TEMP B-TREE", "SCAN ", "Sort", "Seq Scan", "Materialize"].iter().find(|sign| plan.contains(**sign));
                assert!(bad.is_none(), "{}: {statement}\n{plan}", bad.unwrap());
            }
        }
    }

    async fn a_proposal_does_not_outlive_its_pilot(app: App) {
        let (owner, officer, second) = (app.owner().await, app.officer().await, app.second_officer().await);
        let pilot = app.at_gate_one(&owner, None, &officer).await;
        let waivers = json!([{"code": "G1.TEAM", "reason": "Next month."}]);
        let proposal = json!({"gate": "execution", "outcome": "pass", "waivers": waivers});
        let proposed = officer.post(format!("{}/gate-decisions", path(&pilot))).json(proposal).send().await.expect(201);
        act(&owner, &pilot, json!({"action": "withdraw", "reason": "x"})).await;
        let gate = owner.get(format!("{}/gates/execution", path(&pilot))).send().await.expect(200);
        assert_eq!(gate["open_decision_id"], json!(null));
        let closed = second.get(decision_path(&proposed)).send().await.expect(200);
        assert_eq!((&closed["status"], &closed["confirmed_by"], &closed["allowed_actions"]), (&json!("withdrawn"), &json!(owner.id), &json!([])));
    }

    async fn nothing_is_measured_for_a_pilot_that_has_ended(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let pilot = app.design(&owner, &officer).await;
        act(&owner, &pilot, json!({"action": "withdraw", "reason": "x"})).await;
        owner.post(format!("{}/tcv-measurements", path(&pilot))).json(measurement("baseline")).send().await.refused(409, "transition_not_allowed");
    }

    async fn replications_in_two_districts_stand_side_by_side(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let pilot = app.design(&owner, &officer).await;
        let replication = async |district: &str| {
            let mut body = measurement("replication");
            body["district_code"] = json!(district);
            app.verified(&owner, &officer, &pilot, body).await
        };
        let (one, two) = (replication("BD-28").await, replication("BD-01").await);
        let again = replication("BD-28").await;
        let status = async |it: &Value| owner.get(measurement_path(it)).send().await.expect(200)["status"].clone();
        assert_eq!([status(&one).await, status(&two).await, status(&again).await], ["superseded", "verified", "verified"]);
    }

    async fn a_service_takes_its_pilots_along_to_another_sector(app: App) {
        let (owner, admin) = (app.owner().await, app.admin().await);
        let follows = app.draft(&owner).await;
        let mut body = content(&app);
        body["sector_code"] = json!("health");
        let keeps = owner.post("/v1/pilots").json(body).send().await.expect(201);
        admin.patch(format!("/v1/services/{}", app.people.service)).if_match("*").merge(json!({"sector_code": "education"})).send().await.expect(200);
        let sector = async |it: &Value| owner.get(path(it)).send().await.expect(200)["sector_code"].clone();
        assert_eq!([sector(&follows).await, sector(&keeps).await], ["education", "health"]);
        let listed = owner.get("/v1/pilots?sector_code=education").send().await.expect(200);
        assert_eq!((listed["items"].as_array().unwrap().len(), &listed["items"][0]["id"]), (1, &follows["id"]));
        // Whoever had the pilot open reads it again.
        owner.patch(path(&follows)).if_match(version(&follows)).merge(json!({"tags": []})).send().await.refused(412, "version_mismatch");
    }

    async fn members_leave_by_themselves(app: App) {
        let (owner, member, other) = (app.owner().await, app.stranger().await, app.person("Other", &[], app.people.a2i).await);
        let pilot = app.draft(&owner).await;
        join(&owner, &pilot, &member, "member").await;
        join(&owner, &pilot, &other, "member").await;
        let place = |person: &crate::support::people::Person| format!("{}/members/{}", path(&pilot), person.id);
        member.delete(place(&other)).if_match("*").send().await.refused(403, "forbidden");
        member.delete(place(&member)).send().await.refused(428, "if_match_required");
        member.delete(place(&member)).if_match("*").send().await.expect(204);
        member.get(path(&pilot)).send().await.refused(404, "not_found");
        owner.delete(place(&owner)).if_match("*").send().await.refused(409, "conflict");
        let told = timeline(&owner, &pilot, "-at").await;
        assert_eq!((&told[0]["event"], &told[0]["actor"]["id"], &told[0]["subject"]["id"]), (&json!("left"), &json!(member.id), &json!(member.id)));
    }
}
