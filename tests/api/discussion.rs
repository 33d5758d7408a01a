//! Comments and supporters: who says and reads what, who counts, and what a merge moves.

use innovation_pilots::platform::auth::Role;
use serde_json::{Value, json};

use crate::support::{Client, builders::*};

fn comments(pilot: &Value) -> String {
    format!("{}/comments", path(pilot))
}

fn supporters(pilot: &Value) -> String {
    format!("{}/supporters", path(pilot))
}

async fn say(who: &Client, pilot: &Value, text: &str) -> Value {
    who.post(comments(pilot)).json(json!({"text": {"en": text}})).send().await.expect(201)
}

async fn texts(who: &Client, pilot: &Value) -> Vec<Value> {
    let page = who.get(comments(pilot)).send().await.expect(200);
    page["items"].as_array().unwrap().iter().map(|comment| comment["text"]["en"].clone()).collect()
}

async fn support(who: &Client, pilot: &Value) -> u16 {
    who.post(supporters(pilot)).send().await.status.as_u16()
}

async fn count(who: &Client, pilot: &Value) -> Value {
    who.get(path(pilot)).send().await.expect(200)["supporter_count"].clone()
}

on_both_engines! {
    async fn what_was_said_before_acceptance_stays_inside(app: App) {
        let (owner, officer, stranger) = (app.owner().await, app.officer().await, app.stranger().await);
        let pilot = app.screening(&owner, &officer).await;
        let internal = say(&officer, &pilot, "Between us.").await;
        assert_eq!(internal["is_internal"], true);
        act(&officer, &pilot, json!({"action": "accept"})).await;
        act(&officer, &pilot, json!({"action": "publish"})).await;
        let open = say(&stranger, &pilot, "We want this too.").await;
        assert_eq!(texts(&owner, &pilot).await, ["Between us.", "We want this too."]);
        for outsider in [&stranger.client, &app.anonymous()] {
            assert_eq!(texts(outsider, &pilot).await, ["We want this too."]);
            outsider.get(format!("/v1/comments/{}", internal["id"].as_str().unwrap())).send().await.refused(404, "not_found");
            let page = outsider.get(format!("{}?include_total=true", comments(&pilot))).send().await.expect(200);
            assert_eq!(page["total"]["value"], 1);
        }
        // The public reads what was said, and not by whom.
        let address = format!("/v1/comments/{}", open["id"].as_str().unwrap());
        assert_eq!(app.anonymous().get(&address).send().await.expect(200)["author"], json!(null));
        assert_eq!(owner.get(&address).send().await.expect(200)["author"]["id"], json!(stranger.id));
    }

    async fn a_comment_is_retracted_by_its_author_and_hidden_by_an_officer(app: App) {
        let (owner, officer, stranger) = (app.owner().await, app.officer().await, app.stranger().await);
        let inside = app.person("Inside", &[Role::ProgrammeOfficer], app.people.a2i).await;
        let pilot = app.design(&owner, &officer).await;
        join(&owner, &pilot, &inside, "member").await;
        let comment = say(&stranger, &pilot, "It does not work, ask Mrs. X.").await;
        let address = format!("/v1/comments/{}", comment["id"].as_str().unwrap());
        let attempt = async |who: &Client, body: Value| who.post(format!("{address}/transitions")).if_match("*").json(body).send().await;
        let hide = json!({"action": "hide", "reason": "It names a person."});
        // Neither the owner nor an officer of the team silences a critic.
        attempt(&owner, hide.clone()).await.refused(403, "forbidden");
        attempt(&inside, hide.clone()).await.refused(403, "separation_of_duties");
        attempt(&owner, json!({"action": "retract"})).await.refused(403, "forbidden");
        attempt(&officer, json!({"action": "hide"})).await.refused(422, "validation_failed");
        officer.post(format!("{address}/transitions")).json(hide.clone()).send().await.refused(428, "if_match_required");
        attempt(&officer, hide).await.expect(200);
        assert_eq!(texts(&owner, &pilot).await, [json!(null)]);
        let own = stranger.get(&address).send().await.expect(200);
        assert_eq!((&own["text"]["en"], &own["hidden_reason"]), (&json!("It does not work, ask Mrs. X."), &json!("It names a person.")));
        assert_eq!(owner.get(&address).send().await.expect(200)["hidden_reason"], json!(null));
        attempt(&stranger, json!({"action": "retract"})).await.refused(409, "transition_not_allowed");
        attempt(&officer, json!({"action": "show"})).await.expect(200);
        attempt(&stranger, json!({"action": "retract"})).await.expect(200);
        let gone = officer.get(&address).send().await.expect(200);
        assert_eq!((&gone["status"], &gone["text"]["en"]), (&json!("retracted"), &json!(null)));
    }

    async fn everyone_counts_once_and_no_team_supports_itself(app: App) {
        let (owner, officer, stranger) = (app.owner().await, app.officer().await, app.stranger().await);
        let draft = app.draft(&owner).await;
        assert_eq!(support(&officer, &draft).await, 409);
        let pilot = app.design(&owner, &officer).await;
        let mut crowd = Vec::new();
        for number in 0..8 {
            crowd.push(app.person(&format!("Citizen {number}"), &[], app.people.land_office).await);
        }
        // All at once, each of them three times.
        let attempts = crowd.iter().flat_map(|person| [0, 1, 2].map(|_| support(person, &pilot)));
        let mut outcomes = futures_util::future::join_all(attempts).await;
        outcomes.sort_unstable();
        assert_eq!(outcomes, [[201; 8].as_slice(), [409; 16].as_slice()].concat());
        assert_eq!(count(&stranger, &pilot).await, 8);
        owner.post(supporters(&pilot)).send().await.refused(403, "separation_of_duties");
        // Who joins the team supports it no more, and not again after leaving.
        join(&owner, &pilot, &crowd[0], "member").await;
        assert_eq!(count(&stranger, &pilot).await, 7);
        crowd[0].delete(format!("{}/members/{}", path(&pilot), crowd[0].id)).if_match("*").send().await.expect(204);
        crowd[0].post(supporters(&pilot)).send().await.refused(403, "separation_of_duties");
        // One's own support alone is withdrawn.
        let of = |number: usize| format!("{}/{}", supporters(&pilot), crowd[number].id);
        stranger.delete(of(1)).if_match("*").send().await.refused(403, "forbidden");
        crowd[1].delete(of(1)).send().await.refused(428, "if_match_required");
        crowd[1].delete(of(1)).if_match("\"1\"").send().await.expect(204);
        crowd[1].delete(of(1)).if_match("*").send().await.refused(404, "not_found");
        assert_eq!(count(&stranger, &pilot).await, 6);
        // Page by page, everyone once, the latest first.
        let (mut seen, mut next) = (Vec::new(), format!("{}?limit=4&include_total=true", supporters(&pilot)));
        loop {
            let answer = stranger.get(&next).send().await;
            let page = answer.expect(200);
            assert_eq!(page["total"]["value"], 6);
            seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["person"]["id"].as_str().unwrap().to_owned()));
            match page["next_cursor"].as_str() {
                Some(cursor) => next = format!("{}?limit=4&include_total=true&cursor={cursor}", supporters(&pilot)),
                None => break,
            }
        }
        let mut distinct = seen.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!((seen.len(), distinct.len()), (6, 6));
    }

    async fn a_reader_is_told_whether_they_support_it(app: App) {
        let (owner, officer, stranger) = (app.owner().await, app.officer().await, app.stranger().await);
        let pilot = app.published(&owner, &officer).await;
        let offered = async |who: &Client| {
            let shown = who.get(path(&pilot)).send().await.expect(200)["allowed_actions"].clone();
            ["support", "withdraw_support"].map(|action| shown.as_array().unwrap().contains(&json!(action)))
        };
        let closed_by = async |who: &Client, action: &str| {
            let all = who.get(format!("{}/actions", path(&pilot))).send().await.expect(200)["items"].clone();
            let found = all.as_array().unwrap().iter().find(|item| item["action"] == action).unwrap().clone();
            found["conditions"].as_array().unwrap().iter().map(|condition| condition["code"].clone()).collect::<Vec<_>>()
        };
        assert_eq!((offered(&stranger).await, offered(&owner).await, offered(&app.anonymous()).await), ([true, false], [false; 2], [false; 2]));
        assert_eq!(closed_by(&stranger, "withdraw_support").await, ["not_supported"]);
        assert_eq!(support(&stranger, &pilot).await, 201);
        assert_eq!((offered(&stranger).await, offered(&officer).await), ([false, true], [true, false]));
        assert_eq!((closed_by(&stranger, "support").await, closed_by(&stranger, "withdraw_support").await), (vec![json!("already_exists")], vec![]));
        stranger.delete(format!("{}/{}", supporters(&pilot), stranger.id)).if_match("*").send().await.expect(204);
        assert_eq!(offered(&stranger).await, [true, false]);
    }

    async fn a_merge_moves_comments_and_supporters_once_each(app: App) {
        let (owner, other, officer, second) = (app.owner().await, app.stranger().await, app.officer().await, app.second_officer().await);
        let third = app.person("Third Officer", &[Role::ProgrammeOfficer], app.people.land_office).await;
        let survivor = app.design(&owner, &officer).await;
        let merged = app.screening(&other, &officer).await;
        say(&other, &merged, "Ours.").await;
        for (who, pilot) in [(&second, &survivor), (&second, &merged), (&app.admin().await, &merged)] {
            assert_eq!(support(who, pilot).await, 201);
        }
        // Supports the merged pilot and belongs to the surviving team.
        assert_eq!(support(&third, &merged).await, 201);
        join(&owner, &survivor, &third, "member").await;
        act(&officer, &merged, json!({"action": "merge", "merged_into_id": survivor["id"]})).await;
        assert_eq!(count(&owner, &survivor).await, 2);
        assert_eq!(count(&officer, &merged).await, 0);
        let page = officer.get(comments(&survivor)).send().await.expect(200);
        assert_eq!((&page["items"][0]["text"]["en"], &page["items"][0]["origin_pilot_id"]), (&json!("Ours."), &merged["id"]));
        // It was said to staff and to the team of the merged pilot, and stays between them: the surviving team is another.
        let moved = format!("/v1/comments/{}", page["items"][0]["id"].as_str().unwrap());
        assert_eq!(texts(&other, &survivor).await, vec![json!("Ours.")]);
        other.get(&moved).send().await.expect(200);
        assert_eq!(texts(&owner, &survivor).await, Vec::<Value>::new());
        owner.get(&moved).send().await.refused(404, "not_found");
        officer.post(comments(&merged)).json(json!({"text": {"en": "Too late."}})).send().await.refused(409, "transition_not_allowed");
    }

    async fn a_comment_needs_words(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let pilot = app.design(&owner, &officer).await;
        for body in [json!({}), json!({"text": {}}), json!({"text": {"en": "   "}}), json!({"text": {"en": "x"}, "pilot": 1}), json!({"text": {"bn": "x".repeat(5001)}})] {
            owner.post(comments(&pilot)).json(body).send().await.refused(422, "validation_failed");
        }
        assert_eq!(texts(&owner, &pilot).await.len(), 0);
        let first = owner.post(comments(&pilot)).key("said-once").json(json!({"text": {"bn": "ভালো।"}})).send().await.expect(201);
        let again = owner.post(comments(&pilot)).key("said-once").json(json!({"text": {"bn": "ভালো।"}})).send().await.expect(201);
        assert_eq!(first, again);
        assert_eq!(texts(&owner, &pilot).await.len(), 1);
    }
}
