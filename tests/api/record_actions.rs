//! Comments, possible duplicates, handovers, accounts, service accounts and endpoints say what closes an action; of the pilot,
//! its plans and gates, and of the fund their own tests do.

use innovation_pilots::platform::auth::Role;
use serde_json::json;

use crate::{
    identity::{depose, transition, user_path},
    support::{builders::*, client::findings},
};

on_both_engines! {
    async fn a_comment_says_whose_it_is(app: App) {
        let (owner, officer, stranger) = (app.owner().await, app.officer().await, app.stranger().await);
        let pilot = app.design(&owner, &officer).await;
        let comment = stranger.post(format!("{}/comments", path(&pilot))).json(json!({"text": {"en": "We want this."}})).send().await.expect(201);
        let place = format!("/v1/comments/{}", comment["id"].as_str().unwrap());
        assert_eq!(closed_on(&stranger, &place, "retract").await, Vec::<String>::new());
        assert_eq!(closed_on(&owner, &place, "retract").await, ["forbidden"]);
        assert_eq!(closed_on(&officer, &place, "hide").await, Vec::<String>::new());
        assert_eq!(closed_on(&officer, &place, "show").await, ["transition_not_allowed"]);
        assert_eq!(closed_on(&stranger, &place, "show").await, ["forbidden", "transition_not_allowed"]);
    }

    async fn a_possible_duplicate_says_who_decides_and_until_when(app: App) {
        let (owner, other, officer) = (app.owner().await, app.stranger().await, app.officer().await);
        app.design(&owner, &officer).await;
        let second = app.submitted(&other).await;
        let found = officer.get(format!("{}/duplicates?status=open", path(&second))).send().await.expect(200)["items"][0].clone();
        let place = format!("/v1/duplicates/{}", found["id"].as_str().unwrap());
        assert_eq!(closed_on(&other, &place, "propose").await, Vec::<String>::new());
        assert_eq!(closed_on(&other, &place, "dismiss").await, ["forbidden"]);
        assert_eq!(closed_on(&officer, &place, "dismiss").await, Vec::<String>::new());
        assert_eq!(closed_on(&officer, &place, "reopen").await, ["transition_not_allowed"]);
        act(&other, &second, json!({"action": "withdraw", "reason": "Not ours."})).await;
        assert_eq!(closed_on(&officer, &place, "dismiss").await, ["transition_not_allowed"]);
    }

    async fn an_offer_says_what_became_of_pilot_and_receiver(app: App) {
        let (owner, officer, receiver) = (app.owner().await, app.officer().await, app.stranger().await);
        let pilot = app.design(&owner, &officer).await;
        let body = json!({"user_id": receiver.id, "previous_owner_stays": true, "reason": "Transferred."});
        let offer = owner.post(format!("{}/handovers", path(&pilot))).json(body).send().await.expect(201);
        let place = format!("/v1/handovers/{}", offer["id"].as_str().unwrap());
        assert_eq!(closed_on(&receiver, &place, "accept").await, Vec::<String>::new());
        assert_eq!(closed_on(&receiver, &place, "withdraw").await, ["forbidden"]);
        assert_eq!(closed_on(&owner, &place, "accept").await, ["forbidden"]);
        // What the list of open offers cannot know, each offer says, and accepting it the same.
        depose(&app, &receiver).await;
        let all = receiver.get(format!("{place}/actions")).send().await.expect(200);
        let accept = all["items"].as_array().unwrap().iter().find(|item| item["action"] == "accept").unwrap();
        assert_eq!((&accept["allowed"], &accept["conditions"][0]["code"]), (&json!(false), &json!("not_an_innovator")));
        let refused = receiver.post(format!("{place}/transitions")).if_match("*").json(json!({"action": "accept"})).send().await;
        assert_eq!(findings(&refused.refused(409, "conditions_unmet")), ["not_an_innovator"]);
    }

    async fn accounts_and_programs_say_who_may_end_them(app: App) {
        let (owner, admin, auditor) = (app.owner().await, app.admin().await, app.auditor().await);
        assert_eq!(closed_on(&admin, &user_path(&owner), "disable").await, Vec::<String>::new());
        assert_eq!(closed_on(&admin, &user_path(&owner), "enable").await, ["transition_not_allowed"]);
        assert_eq!(closed_on(&admin, &user_path(&admin), "disable").await, ["conflict"]);
        assert_eq!(closed_on(&auditor, &user_path(&owner), "disable").await, ["forbidden"]);
        owner.get(format!("{}/actions", user_path(&owner))).send().await.refused(403, "forbidden");
        let wanted = json!({"name": "Dashboard", "scopes": ["pilots:read"], "ends_on": "2027-06-30"});
        let account = owner.post("/v1/service-accounts").json(wanted).send().await.expect(201);
        let place = format!("/v1/service-accounts/{}", account["id"].as_str().unwrap());
        assert_eq!(closed_on(&owner, &place, "revoke").await, Vec::<String>::new());
        assert_eq!(closed_on(&auditor, &place, "revoke").await, ["forbidden"]);
        let end = json!({"action": "revoke", "reason": "No longer needed."});
        admin.post(format!("{place}/transitions")).if_match("*").json(end).send().await.expect(200);
        assert_eq!(closed_on(&owner, &place, "revoke").await, ["transition_not_allowed"]);
        transition(&admin, &auditor, json!({"action": "disable", "reason": "Left."})).await.expect(200);
        assert_eq!(closed_on(&admin, &user_path(&auditor), "enable").await, Vec::<String>::new());
    }

    async fn an_endpoint_says_who_enables_it_again(app: App) {
        let (owner, admin) = (app.owner().await, app.admin().await);
        let auditor = app.person("Overseer", &[Role::Auditor], app.people.a2i).await;
        let made = owner.post("/v1/webhook-endpoints").json(json!({"url": "https://8.8.8.8/hook"})).send().await.expect(201);
        let place = format!("/v1/webhook-endpoints/{}", made["id"].as_str().unwrap());
        assert_eq!(closed_on(&owner, &place, "pause").await, Vec::<String>::new());
        assert_eq!(closed_on(&owner, &place, "enable").await, ["transition_not_allowed"]);
        assert_eq!(closed_on(&auditor, &place, "pause").await, ["forbidden"]);
        let stop = json!({"action": "disable", "reason": "It sends to the wrong office."});
        admin.post(format!("{place}/transitions")).if_match("*").json(stop).send().await.expect(200);
        assert_eq!(closed_on(&owner, &place, "enable").await, ["forbidden"]);
        assert_eq!(closed_on(&admin, &place, "enable").await, Vec::<String>::new());
    }
}
