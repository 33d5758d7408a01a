//! Handing a pilot over: who may offer, who may take, and that nothing but the owner changes.

use chrono::Duration;
use innovation_pilots::platform::auth::Role;
use serde_json::{Value, json};

use crate::support::{App, Client, Response, builders::*, client::findings, people::Person};

async fn offer(who: &Client, pilot: &Value, to: &Person, stays: bool) -> Response {
    let body = json!({"user_id": to.id, "previous_owner_stays": stays, "reason": "Transferred."});
    who.post(format!("{}/handovers", path(pilot))).json(body).send().await
}

fn place(handover: &Value) -> String {
    format!("/v1/handovers/{}", handover["id"].as_str().unwrap())
}

async fn answer(who: &Client, handover: &Value, action: &str) -> Response {
    who.post(format!("{}/transitions", place(handover))).if_match("*").json(json!({"action": action})).send().await
}

async fn roles(who: &Client, pilot: &Value) -> Vec<(Value, Value)> {
    let team = who.get(format!("{}/members", path(pilot))).send().await.expect(200);
    team["items"].as_array().unwrap().iter().map(|it| (it["user_id"].clone(), it["role"].clone())).collect()
}

on_both_engines! {
    async fn the_receiver_becomes_the_owner_and_nothing_else_changes(app: App) {
        let (owner, officer, receiver) = (app.owner().await, app.officer().await, app.stranger().await);
        let deputy = app.deputy().await;
        let pilot = app.screening(&owner, &officer).await;
        join(&owner, &pilot, &deputy, "deputy").await;
        let before = owner.get(path(&pilot)).send().await.expect(200);
        let handover = offer(&owner, &pilot, &receiver, true).await.expect(201);
        assert_eq!((&handover["status"], &handover["expires_at"]), (&json!("offered"), &json!("2026-07-15T03:00:00.000Z")));
        // The receiver reads the pilot like an official, and nothing but reads it.
        let read = receiver.get(path(&pilot)).send().await.expect(200);
        assert_eq!((&read["problem"], &read["allowed_actions"]), (&before["problem"], &json!([])));
        let listed = receiver.get("/v1/handovers").send().await.expect(200);
        assert_eq!((&listed["items"][0]["pilot"]["reference"], &listed["items"][0]["allowed_actions"]), (&before["reference"], &json!(["accept", "decline"])));
        app.person("Other", &[], app.people.land_office).await.get(place(&handover)).send().await.refused(404, "not_found");
        for who in [&owner, &deputy, &officer] {
            answer(who, &handover, "accept").await.refused(403, "forbidden");
        }
        let stale = receiver.post(format!("{}/transitions", place(&handover))).if_match("\"9\"").json(json!({"action": "accept"})).send().await;
        stale.refused(412, "version_mismatch");
        answer(&receiver, &handover, "accept").await.expect(200);
        answer(&receiver, &handover, "accept").await.refused(409, "transition_not_allowed");
        let mut after = receiver.get(path(&pilot)).send().await.expect(200);
        assert_eq!(after["owner"]["id"], json!(receiver.id));
        assert_eq!(roles(&receiver, &pilot).await, [(json!(receiver.id), json!("owner")), (json!(deputy.id), json!("deputy")), (json!(owner.id), json!("member"))]);
        for key in ["owner", "version", "allowed_actions", "updated_at"] {
            after[key] = before[key].clone();
        }
        assert_eq!(after, before);
        // The new owner owns it, in lists too; the old one is a member.
        assert_eq!(receiver.get(format!("/v1/pilots?owner_id={}", receiver.id)).send().await.expect(200)["items"].as_array().unwrap().len(), 1);
        owner.post(format!("{}/handovers", path(&pilot))).json(json!({"user_id": deputy.id, "previous_owner_stays": true})).send().await.refused(403, "forbidden");
        act(&receiver, &pilot, json!({"action": "withdraw", "reason": "x"})).await;
    }

    async fn a_deputy_takes_over_and_the_owner_leaves(app: App) {
        let (owner, officer, deputy) = (app.owner().await, app.officer().await, app.deputy().await);
        let pilot = app.design(&owner, &officer).await;
        join(&owner, &pilot, &deputy, "deputy").await;
        let handover = offer(&owner, &pilot, &deputy, false).await.expect(201);
        answer(&deputy, &handover, "accept").await.expect(200);
        assert_eq!(roles(&deputy, &pilot).await, [(json!(deputy.id), json!("owner"))]);
        assert_eq!(deputy.get(path(&pilot)).send().await.expect(200)["deputy"], json!(null));
        // And back again.
        let back = offer(&deputy, &pilot, &owner, true).await.expect(201);
        answer(&owner, &back, "accept").await.expect(200);
        assert_eq!(roles(&owner, &pilot).await, [(json!(owner.id), json!("owner")), (json!(deputy.id), json!("member"))]);
        let all = officer.get(format!("{}/handovers?include_total=true&limit=1", path(&pilot))).send().await.expect(200);
        assert_eq!((&all["total"]["value"], &all["items"][0]["id"]), (&json!(2), &back["id"]));
    }

    async fn a_supporter_who_takes_over_supports_it_no_more(app: App) {
        let (owner, officer, receiver) = (app.owner().await, app.officer().await, app.stranger().await);
        let pilot = app.design(&owner, &officer).await;
        let count = async || officer.get(path(&pilot)).send().await.expect(200)["supporter_count"].clone();
        for who in [&receiver, &officer] {
            who.post(format!("{}/supporters", path(&pilot))).send().await.expect(201);
        }
        let handover = offer(&owner, &pilot, &receiver, true).await.expect(201);
        assert_eq!(count().await, json!(2), "an offer changes nothing");
        answer(&receiver, &handover, "accept").await.expect(200);
        assert_eq!(count().await, json!(1));
    }

    async fn who_judged_the_pilot_never_owns_it(app: App) {
        let (owner, stranger) = (app.owner().await, app.stranger().await);
        let two = [Role::Innovator, Role::ProgrammeOfficer];
        let screener = app.person("Screener", &two, app.people.a2i).await;
        let verifier = app.person("Verifier", &two, app.people.a2i).await;
        let decider = app.person("Decider", &two, app.people.a2i).await;
        let bystander = app.person("Bystander", &two, app.people.a2i).await;
        let nobody = app.person("Nobody", &[], app.people.land_office).await;
        let pilot = app.design(&owner, &screener).await;
        app.measured(&owner, &verifier, &pilot, "baseline").await;
        let refusal = json!({"gate": "execution", "outcome": "refuse", "reason": "Not yet."});
        decider.post(format!("{}/gate-decisions", path(&pilot))).json(refusal).send().await.expect(201);
        for who in [&screener, &verifier, &decider] {
            assert_eq!(findings(&offer(&owner, &pilot, who, true).await.refused(409, "conditions_unmet")), ["judged_the_pilot"]);
        }
        assert_eq!(findings(&offer(&owner, &pilot, &nobody, true).await.refused(409, "conditions_unmet")), ["not_an_innovator"]);
        assert_eq!(findings(&offer(&owner, &pilot, &owner, true).await.refused(409, "conditions_unmet")), ["owner_already"]);
        // Offered first and judging then does not help either; and who owned it never judges it.
        let handover = offer(&owner, &pilot, &bystander, false).await.expect(201);
        bystander.post(format!("{}/gate-decisions", path(&pilot))).json(json!({"gate": "execution", "outcome": "refuse", "reason": "x"})).send().await.expect(201);
        assert_eq!(findings(&answer(&bystander, &handover, "accept").await.refused(409, "conditions_unmet")), ["judged_the_pilot"]);
        answer(&bystander, &handover, "decline").await.expect(200);
        let handover = offer(&owner, &pilot, &stranger, false).await.expect(201);
        answer(&stranger, &handover, "accept").await.expect(200);
        // A colleague of the new owner is too close now.
        let colleague = app.person("Colleague", &[Role::ProgrammeOfficer], app.people.land_office).await;
        let other = app.submitted(&owner).await;
        let handover = offer(&owner, &other, &stranger, false).await.expect(201);
        answer(&stranger, &handover, "accept").await.expect(200);
        colleague.post(format!("{}/transitions", path(&other))).if_match("*").json(json!({"action": "start_screening"})).send().await.refused(403, "separation_of_duties");
    }

    async fn one_offer_at_a_time_and_not_for_ever(app: App) {
        let (owner, officer, receiver) = (app.owner().await, app.officer().await, app.stranger().await);
        let deputy = app.deputy().await;
        let pilot = app.design(&owner, &officer).await;
        let attempts = futures_util::future::join_all([&receiver, &deputy, &receiver, &deputy].map(|to| offer(&owner, &pilot, to, true))).await;
        let mut outcomes: Vec<u16> = attempts.iter().map(|it| it.status.as_u16()).collect();
        outcomes.sort_unstable();
        assert_eq!(outcomes, [201, 409, 409, 409]);
        let first = attempts.iter().find(|it| it.status == 201).unwrap().json();
        answer(&owner, &first, "withdraw").await.expect(200);
        let second = offer(&owner, &pilot, &receiver, true).await.expect(201);
        app.advance(Duration::days(14));
        let (owner, receiver) = (app.renewed(&owner).await, app.renewed(&receiver).await);
        let shown = receiver.get(place(&second)).send().await.expect(200);
        assert_eq!((&shown["status"], &shown["allowed_actions"]), (&json!("expired"), &json!([])));
        answer(&receiver, &second, "accept").await.refused(409, "transition_not_allowed");
        let third = offer(&owner, &pilot, &receiver, true).await.expect(201);
        assert_eq!(owner.get(place(&second)).send().await.expect(200)["status"], "expired");
        // A pilot that ends is no longer on offer.
        act(&owner, &pilot, json!({"action": "withdraw", "reason": "x"})).await;
        assert_eq!(owner.get(place(&third)).send().await.expect(200)["status"], "lapsed");
        offer(&owner, &pilot, &receiver, true).await.refused(409, "transition_not_allowed");
        assert_eq!(owner.get(path(&pilot)).send().await.expect(200)["owner"]["id"], json!(owner.id));
    }

    async fn a_draft_is_open_to_its_receiver_as_long_as_the_offer_is_and_to_nobody_else(app: App) {
        let (owner, receiver) = (app.owner().await, app.stranger().await);
        let colleague = app.person("Colleague", &[Role::Innovator], app.people.land_office).await;
        let pilot = app.draft(&owner).await;
        let file = owner.post(format!("/v1/attachments?parent_kind=pilot&parent_id={}", pilot["id"].as_str().unwrap())).form("a.txt", "text/plain", "A note.").send().await.expect(201);
        let bytes = format!("/v1/attachments/{}/content", file["id"].as_str().unwrap());
        let files = format!("/v1/attachments?parent_kind=pilot&parent_id={}", pilot["id"].as_str().unwrap());
        let places = ["", "/members", "/transitions", "/timeline", "/actions", "/plans", "/tcv-measurements", "/gates/execution"].map(|part| format!("{}{part}", path(&pilot)));
        let closed = async |who: &Client| {
            for place in places.iter().chain([&bytes, &files]) {
                who.get(place).send().await.refused(404, "not_found");
            }
        };
        closed(&receiver).await;
        let handover = offer(&owner, &pilot, &receiver, false).await.expect(201);
        for place in &places {
            receiver.get(place).send().await.expect(200);
        }
        assert_eq!(receiver.get(&files).send().await.expect(200)["items"][0]["id"], file["id"]);
        assert_eq!(receiver.get(&bytes).send().await.body, b"A note.");
        assert_eq!(receiver.get(path(&pilot)).send().await.expect(200)["allowed_actions"], json!([]));
        closed(&colleague).await;
        // Only reading: not a word, not a hand, not a file.
        let here = path(&pilot);
        let writes = [
            receiver.patch(&here).if_match("*").merge(json!({"tags": ["x"]})),
            receiver.delete(&here).if_match("*"),
            receiver.post(format!("{here}/transitions")).if_match("*").json(json!({"action": "submit"})),
            receiver.post(format!("{here}/comments")).json(json!({"text": {"en": "x"}})),
            receiver.post(format!("{here}/supporters")),
            receiver.post(format!("{here}/members")).json(json!({"user_id": colleague.id, "role": "member"})),
            receiver.post(format!("{here}/plans")).json(plan_content(&receiver)),
            receiver.post(&files).form("b.txt", "text/plain", "x"),
            receiver.delete(format!("/v1/attachments/{}", file["id"].as_str().unwrap())).if_match("*"),
        ];
        for write in writes {
            write.send().await.refused(403, "forbidden");
        }
        receiver.get(format!("{here}/handovers")).send().await.refused(403, "forbidden");
        // What the team says to staff before acceptance is not for guests.
        owner.post(format!("{here}/comments")).json(json!({"text": {"en": "Between us."}})).send().await.expect(201);
        assert_eq!(receiver.get(format!("{here}/comments")).send().await.expect(200)["items"], json!([]));
        // It closes with the offer: declined, withdrawn, or its time over.
        answer(&receiver, &handover, "decline").await.expect(200);
        closed(&receiver).await;
        let handover = offer(&owner, &pilot, &receiver, false).await.expect(201);
        answer(&owner, &handover, "withdraw").await.expect(200);
        closed(&receiver).await;
        let handover = offer(&owner, &pilot, &receiver, false).await.expect(201);
        app.advance(Duration::days(14) - Duration::milliseconds(1));
        let renewed = app.renewed(&receiver).await;
        renewed.get(path(&pilot)).send().await.expect(200);
        app.advance(Duration::milliseconds(1));
        closed(&renewed).await;
        assert_eq!(renewed.get(place(&handover)).send().await.expect(200)["status"], "expired");
    }

    async fn letters_tell_of_an_offer_and_of_its_answer_in_both_languages(app: App) {
        let (owner, receiver) = (app.owner().await, app.stranger().await);
        let pilot = app.submitted(&owner).await;
        let reference = pilot["reference"].as_str().unwrap();
        let address = async |who: &Person| who.get("/v1/me").send().await.expect(200)["email"].as_str().unwrap().to_owned();
        let (from, to) = (address(&owner).await, address(&receiver).await);
        let refused = offer(&owner, &pilot, &owner, true).await;
        refused.refused(409, "conditions_unmet");
        assert_eq!(app.letters().await.len(), 0, "what was refused is not told");
        let first = offer(&owner, &pilot, &receiver, true).await.expect(201);
        let letter = App::only(app.letters().await, 0);
        assert_eq!(letter.to, to);
        let (bangla, english) = letter.text.split_once("----").unwrap();
        assert!(bangla.contains("হস্তান্তরের প্রস্তাব") && bangla.contains("২০২৬-০৭-১৫") && bangla.contains(reference), "{bangla}");
        assert!(english.contains("is offered to you") && english.contains("2026-07-15") && english.contains(reference), "{english}");
        assert!(english.contains(&place(&first).replace("/v1", "")), "{english}");
        answer(&receiver, &first, "decline").await.expect(200);
        let letter = App::only(app.letters().await, 1);
        assert_eq!(letter.to, from);
        assert!(letter.text.contains("declined the pilot") && letter.text.contains("গ্রহণ করেননি"), "{}", letter.text);
        let second = offer(&owner, &pilot, &receiver, true).await.expect(201);
        answer(&owner, &second, "withdraw").await.expect(200);
        // The offer was gone before its letter left: only that it was taken back is told.
        let letter = App::only(app.letters().await, 2);
        assert!(letter.to == to && letter.text.contains("was taken back"), "{letter:?}");
        let third = offer(&owner, &pilot, &receiver, true).await.expect(201);
        app.letters().await;
        answer(&receiver, &third, "accept").await.expect(200);
        let letter = App::only(app.letters().await, 4);
        assert!(letter.to == from && letter.text.contains("owns the pilot"), "{letter:?}");
        // Nobody's mailbox is flooded.
        for _ in 0..12 {
            let again = offer(&receiver, &pilot, &owner, true).await.expect(201);
            app.letters().await;
            answer(&receiver, &again, "withdraw").await.expect(200);
        }
        let told = app.letters().await.into_iter().filter(|letter| letter.to == from && letter.text.contains("is offered to you")).count();
        assert_eq!(told, 10);
    }

    async fn an_officer_offers_only_for_an_owner_who_has_left(app: App) {
        let (owner, officer, admin, receiver) = (app.owner().await, app.officer().await, app.admin().await, app.stranger().await);
        let self_serving = app.person("Self Serving", &[Role::Innovator, Role::ProgrammeOfficer], app.people.a2i).await;
        let pilot = app.design(&owner, &officer).await;
        assert_eq!(findings(&offer(&officer, &pilot, &receiver, false).await.refused(409, "conditions_unmet")), ["owner_present"]);
        let named = async || officer.get(path(&pilot)).send().await.expect(200)["allowed_actions"].to_string().contains("hand_over_on_behalf");
        assert!(!named().await);
        let disable = json!({"action": "disable", "reason": "Retired."});
        admin.post(format!("/v1/users/{}/transitions", owner.id)).if_match("*").json(disable).send().await.expect(200);
        assert!(named().await);
        let silent = json!({"user_id": receiver.id, "previous_owner_stays": false});
        let problem = officer.post(format!("{}/handovers", path(&pilot))).json(silent).send().await.refused(422, "validation_failed");
        assert_eq!(findings(&problem), ["#/reason required"]);
        offer(&self_serving, &pilot, &self_serving, false).await.refused(403, "separation_of_duties");
        let handover = offer(&officer, &pilot, &receiver, false).await.expect(201);
        assert_eq!((&handover["offered_by"], &handover["from"]["id"]), (&json!(officer.id), &json!(owner.id)));
        answer(&receiver, &handover, "accept").await.expect(200);
        assert_eq!(receiver.get(path(&pilot)).send().await.expect(200)["owner"]["id"], json!(receiver.id));
        for body in [json!({}), json!({"user_id": receiver.id, "email": "a@b.c", "previous_owner_stays": true}), json!({"email": "nobody@test.gov.bd", "previous_owner_stays": true})] {
            receiver.post(format!("{}/handovers", path(&pilot))).json(body).send().await.refused(422, "validation_failed");
        }
    }
}
