//! Similar pilots: found in Bangla and in English, told to those who may know of them, decided before acceptance.

use diesel::connection::SimpleConnection;
use innovation_pilots::{
    features::{duplicates::neighbours, pilots::PilotId},
    platform::auth::Role,
};
use serde_json::{Value, json};

use crate::{
    pilots::query_plans::plan,
    support::{App, Client, Engine, builders::*, client::findings},
};

/// A pilot in the words of one language.
struct Words {
    language: &'static str,
    title: &'static str,
    problem: &'static str,
    change: &'static str,
}

const fn words(language: &'static str, title: &'static str, problem: &'static str, change: &'static str) -> Words {
    Words { language, title, problem, change }
}

/// Written by different people about the same thing: inflected, reordered, spelled in another way.
const SAME: &[(Words, Words)] = &[
    (
        words(
            "en",
            "Mobile vaccination camps for cattle",
            "Farmers must bring cattle to the upazila office and lose a day.",
            "A vaccination team visits each union with a mobile camp.",
        ),
        words(
            "en",
            "Mobile camp to vaccinate cattle",
            "A farmer loses one day bringing cattle to the office.",
            "Camps: the mobile team vaccinates in every union.",
        ),
    ),
    (
        words(
            "en",
            "Online land mutation tracking",
            "Applicants visit the land office many times to ask about their mutation.",
            "Applicants track the mutation by SMS and online.",
        ),
        words(
            "en",
            "Tracking of land mutation by SMS",
            "To learn about a mutation, an applicant visits the land office again and again.",
            "An SMS tells applicants each step; they can track it online.",
        ),
    ),
    (
        words(
            "en",
            "Programme for digitisation of birth registration",
            "Parents wait weeks for a certificate of birth registration.",
            "The union centre prints the certificate the same day.",
        ),
        words(
            "en",
            "Digitization of birth registrations program",
            "Parents are waiting weeks for birth certificates.",
            "Same day printing of certificates in the union center.",
        ),
    ),
    (
        words(
            "bn",
            "ভ্রাম্যমাণ পশু চিকিৎসা শিবির",
            "খামারিদের অসুস্থ পশু নিয়ে দূরের হাসপাতালে যেতে হয়।",
            "প্রতি মাসে গ্রামে চিকিৎসা শিবির বসবে।",
        ),
        words(
            "bn",
            "পশুর চিকিৎসায় ভ্রাম্যমাণ শিবির",
            "অসুস্থ পশু নিয়ে খামারি দূরের হাসপাতালে যান।",
            "গ্রামে মাসে একবার শিবিরে পশুর চিকিৎসা হবে।",
        ),
    ),
    (
        words(
            "bn",
            "প্রতিবন্ধী ভাতার টাকা মোবাইলে",
            "প্রতিবন্ধী ব্যক্তিরা ভাতা তুলতে ব্যাংকে লাইনে দাঁড়ান।",
            "ভাতার টাকা সরাসরি মোবাইলে পাঠানো হবে।",
        ),
        words("bn", "মোবাইলে প্রতিবন্ধি ভাতা", "ভাতা তুলতে প্রতিবন্ধী মানুষকে ব্যাংকের লাইনে দাঁড়াতে হয়।", "মোবাইলে সরাসরি ভাতার টাকা যাবে।"),
    ),
    (
        words(
            "bn",
            "শ্রেণীকক্ষে পাঠদানের ভিডিও গ্রন্থাগার",
            "শিক্ষকেরা পাঠদানের ভালো উপকরণ পান না।",
            "সেরা শিক্ষকদের পাঠদানের ভিডিও এক গ্রন্থাগারে থাকবে।",
        ),
        words(
            "bn",
            "পাঠদানের ভিডিওর গ্রন্থাগার শ্রেণিকক্ষের জন্য",
            "পাঠদানের উপকরণ শিক্ষকের কাছে থাকে না।",
            "গ্রন্থাগারে সেরা শিক্ষকের পাঠদান ভিডিও রাখা হবে।",
        ),
    ),
];

/// About different things, although the service, the place and many words are the same.
const DIFFERENT: &[(Words, Words)] = &[
    (
        words(
            "en",
            "Mobile vaccination camps for cattle",
            "Farmers must bring cattle to the upazila office and lose a day.",
            "A vaccination team visits each union with a mobile camp.",
        ),
        words(
            "en",
            "SMS price list of animal feed",
            "Farmers do not know fair prices of feed.",
            "A weekly SMS tells the price of feed in each market.",
        ),
    ),
    (
        words(
            "en",
            "Online application for trade licence",
            "Traders visit the office four times for a licence.",
            "Traders apply online and pay by mobile.",
        ),
        words(
            "en",
            "Online application for passport police clearance",
            "People visit the police station four times for a clearance.",
            "People apply online and are called once.",
        ),
    ),
    (
        words(
            "en",
            "Queue tokens at the hospital",
            "Patients wait hours without order.",
            "A token machine calls patients in turn.",
        ),
        words(
            "en",
            "Medicine stock board at the hospital",
            "Patients do not know which medicine is in stock.",
            "A board shows the stock each morning.",
        ),
    ),
    (
        words(
            "bn",
            "ভ্রাম্যমাণ পশু চিকিৎসা শিবির",
            "খামারিদের অসুস্থ পশু নিয়ে দূরের হাসপাতালে যেতে হয়।",
            "প্রতি মাসে গ্রামে চিকিৎসা শিবির বসবে।",
        ),
        words("bn", "খামারিদের জন্য দুধের বাজার", "খামারিরা দুধের ন্যায্য দাম পান না।", "দুধ সংগ্রহের কেন্দ্র খোলা হবে।"),
    ),
    (
        words(
            "bn",
            "প্রতিবন্ধী ভাতার টাকা মোবাইলে",
            "প্রতিবন্ধী ব্যক্তিরা ভাতা তুলতে ব্যাংকে লাইনে দাঁড়ান।",
            "ভাতার টাকা সরাসরি মোবাইলে পাঠানো হবে।",
        ),
        words("bn", "প্রতিবন্ধী শিশুর স্কুলে র‍্যাম্প", "হুইলচেয়ারে শিশুরা শ্রেণিকক্ষে উঠতে পারে না।", "প্রতিটি স্কুলে ঢালু পথ তৈরি হবে।"),
    ),
    (
        words("bn", "অনলাইনে জমির খাজনা", "খাজনা দিতে ভূমি অফিসে তিনবার যেতে হয়।", "ঘরে বসে খাজনা দেওয়া যাবে।"),
        words("bn", "অনলাইনে জন্ম নিবন্ধন", "জন্ম সনদ পেতে ইউনিয়ন পরিষদে তিনবার যেতে হয়।", "ঘরে বসে সনদ পাওয়া যাবে।"),
    ),
];

async fn submitted(app: &App, owner: &Client, words: &Words) -> Value {
    let mut body = content(app);
    for (field, text) in [("title", words.title), ("problem", words.problem), ("proposed_change", words.change)] {
        body[field] = json!({ words.language: text });
    }
    body["summary"] = json!(null);
    body["citizen_group"] =
        json!({ words.language: if words.language == "bn" { "গ্রামের মানুষ" } else { "People of the village" } });
    let pilot = owner.post("/v1/pilots").json(body).send().await.expect(201);
    act(owner, &pilot, json!({"action": "submit"})).await
}

async fn decide(who: &Client, duplicate: &Value, body: Value) -> crate::support::Response {
    who.post(format!("{}/transitions", duplicate_path(duplicate))).if_match("*").json(body).send().await
}

on_both_engines! {
    async fn the_same_is_found_and_the_different_is_not(app: App) {
        let (owner, other, officer) = (app.owner().await, app.stranger().await, app.officer().await);
        let mut wrong = Vec::new();
        for (pairs, expected) in [(SAME, true), (DIFFERENT, false)] {
            for (one, two) in pairs {
                let first = submitted(&app, &owner, one).await;
                let second = submitted(&app, &other, two).await;
                let found = duplicates(&officer, &second, "open").await;
                let score = found.iter().find(|it| it["other"]["id"] == first["id"]).map(|it| it["score"].clone());
                if score.is_some() != expected {
                    wrong.push(format!("{} | {}: {score:?}", one.title, two.title));
                }
                // Each pair by itself: withdrawn pilots are found no more.
                for (who, pilot) in [(&owner, &first), (&other, &second)] {
                    act(who, pilot, json!({"action": "withdraw", "reason": "Next."})).await;
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    async fn nothing_is_accepted_with_an_open_duplicate(app: App) {
        let (owner, other, officer) = (app.owner().await, app.stranger().await, app.officer().await);
        let first = app.design(&owner, &officer).await;
        let second = app.submitted(&other).await;
        // The answer to the submit says it at once, to a team that may see the other pilot.
        assert_eq!(second["possible_duplicates"][0]["other"]["id"], first["id"]);
        assert!(second["possible_duplicates"][0]["score"].as_i64().unwrap() > 90);
        act(&officer, &second, json!({"action": "start_screening"})).await;
        let accept = async || officer.post(format!("{}/transitions", path(&second))).if_match("*").json(json!({"action": "accept"})).send().await;
        assert_eq!(findings(&accept().await.refused(409, "conditions_unmet")), ["duplicate_open"]);
        assert!(!officer.get(path(&second)).send().await.expect(200)["allowed_actions"].to_string().contains("\"accept\""));
        let duplicate = duplicates(&officer, &second, "open").await.remove(0);
        assert!(duplicate["shared_words"].to_string().contains("camp"));
        // The team speaks, the officer decides, and says why.
        decide(&other, &duplicate, json!({"action": "dismiss", "reason": "x"})).await.refused(403, "forbidden");
        assert_eq!(findings(&decide(&other, &duplicate, json!({"action": "propose"})).await.refused(422, "validation_failed")), ["#/proposal required", "#/reason required"]);
        let said = decide(&other, &duplicate, json!({"action": "propose", "proposal": "dismiss", "reason": "Ours is for poultry."})).await.expect(200);
        assert_eq!((&said["status"], &said["proposal"]), (&json!("open"), &json!("dismiss")));
        assert_eq!(findings(&decide(&officer, &duplicate, json!({"action": "dismiss"})).await.refused(422, "validation_failed")), ["#/reason required"]);
        // Found to be the same, it is merged or decided anew, but not accepted.
        decide(&officer, &duplicate, json!({"action": "accept"})).await.expect(200);
        accept().await.refused(409, "conditions_unmet");
        decide(&officer, &duplicate, json!({"action": "reopen", "reason": "Looked again."})).await.expect(200);
        decide(&officer, &duplicate, json!({"action": "dismiss", "reason": "Poultry."})).await.expect(200);
        decide(&officer, &duplicate, json!({"action": "dismiss", "reason": "Poultry."})).await.refused(409, "transition_not_allowed");
        let accepted = accept().await.expect(200);
        assert_eq!((&accepted["status"], &accepted["possible_duplicates"]), (&json!("design"), &json!([])));
        // Reopened, it stands before gate 1, and nobody may waive it.
        assert_eq!(condition(&other, &second, "G1.CLEAR").await.0, "met");
        decide(&officer, &duplicate, json!({"action": "reopen", "reason": "A complaint."})).await.expect(200);
        assert_eq!(condition(&other, &second, "G1.CLEAR").await.0, "unmet");
        let waiver = json!({"gate": "execution", "outcome": "pass", "waivers": [{"code": "G1.CLEAR", "reason": "x"}]});
        officer.post(format!("{}/gate-decisions", path(&second))).json(waiver).send().await.refused(422, "validation_failed");
    }

    async fn a_team_learns_nothing_of_a_pilot_that_it_may_not_see(app: App) {
        let (owner, other, officer) = (app.owner().await, app.stranger().await, app.officer().await);
        let hidden = app.submitted(&owner).await;
        let second = app.submitted(&other).await;
        assert_eq!(second["possible_duplicates"], json!([]));
        let found = duplicates(&officer, &second, "open").await;
        assert_eq!(found[0]["other"]["id"], hidden["id"]);
        let page = other.get(format!("{}/duplicates?include_total=true", path(&second))).send().await.expect(200);
        assert_eq!((&page["items"], &page["total"]["value"]), (&json!([]), &json!(0)));
        other.get(duplicate_path(&found[0])).send().await.refused(404, "not_found");
        decide(&other, &found[0], json!({"action": "propose", "proposal": "accept", "reason": "x"})).await.refused(404, "not_found");
        // Nor does the earlier team learn that somebody has its idea.
        owner.get(duplicate_path(&found[0])).send().await.refused(404, "not_found");
        assert_eq!(owner.get(path(&hidden)).send().await.expect(200)["possible_duplicates"], json!([]));
        // Once the other pilot is accepted, its twin's team may know.
        act(&officer, &hidden, json!({"action": "start_screening"})).await;
        act(&officer, &hidden, json!({"action": "accept"})).await;
        assert_eq!(other.get(path(&second)).send().await.expect(200)["possible_duplicates"][0]["other"]["id"], hidden["id"]);
        // Merged into what its team cannot see, a pilot does not say into which.
        let third = app.screening(&other, &officer).await;
        let unseen = app.submitted(&owner).await;
        let merged = act(&officer, &third, json!({"action": "merge", "merged_into_id": unseen["id"]})).await;
        assert_eq!(merged["merged_into_id"], unseen["id"]);
        assert_eq!(other.get(path(&third)).send().await.expect(200)["merged_into_id"], json!(null));
    }

    async fn who_is_close_to_either_pilot_does_not_decide(app: App) {
        let (owner, other, officer) = (app.owner().await, app.stranger().await, app.officer().await);
        let both = app.person("Both", &[Role::Innovator, Role::ProgrammeOfficer], app.people.a2i).await;
        let colleague = app.person("Colleague", &[Role::ProgrammeOfficer], app.people.land_office).await;
        let first = app.design(&owner, &officer).await;
        join(&owner, &first, &both, "member").await;
        let second = app.submitted(&other).await;
        let duplicate = duplicates(&officer, &second, "open").await.remove(0);
        for (who, name) in [(&both, "of the other team"), (&colleague, "of the owner's office")] {
            for action in ["dismiss", "accept"] {
                let answer = decide(who, &duplicate, json!({"action": action, "reason": "x"})).await;
                assert_eq!(answer.refused(403, "separation_of_duties")["status"], 403, "{name}");
            }
            let shown = who.get(format!("{}/duplicates", path(&second))).send().await.expect(200);
            assert_eq!(shown["items"][0]["allowed_actions"], json!([]), "{name}");
        }
    }

    async fn a_decision_outlives_a_new_submit_unless_the_text_comes_closer(app: App) {
        let (owner, other, officer) = (app.owner().await, app.stranger().await, app.officer().await);
        let first = app.design(&owner, &officer).await;
        let mut body = content(&app);
        body["problem"] = json!({"en": "Poor families cannot pay a private veterinarian and their hens die of Newcastle disease."});
        body["proposed_change"] = json!({"en": "Trained women vaccinate hens for a small fee at every doorstep."});
        body["summary"] = json!(null);
        let draft = other.post("/v1/pilots").json(body).send().await.expect(201);
        let second = act(&other, &draft, json!({"action": "submit"})).await;
        let duplicate = duplicates(&officer, &second, "open").await.remove(0);
        assert_eq!(duplicate["other"]["id"], first["id"]);
        decide(&officer, &duplicate, json!({"action": "dismiss", "reason": "Hens."})).await.expect(200);
        let again = async |change: Value| {
            act(&officer, &second, json!({"action": "start_screening"})).await;
            act(&officer, &second, json!({"action": "request_changes", "reason": "x", "due_on": "2026-07-20"})).await;
            other.patch(path(&second)).if_match("*").merge(change).send().await.expect(200);
            act(&other, &second, json!({"action": "submit"})).await;
            officer.get(duplicate_path(&duplicate)).send().await.expect(200)
        };
        let same = again(json!({"summary": {"en": "Women vaccinate hens."}})).await;
        assert_eq!((&same["status"], &same["reason"]), (&json!("dismissed"), &json!("Hens.")));
        let closer = again(json!({"problem": content(&app)["problem"], "proposed_change": content(&app)["proposed_change"], "summary": content(&app)["summary"]})).await;
        assert_eq!(closer["status"], "open");
        assert!(closer["score"].as_i64() > duplicate["score"].as_i64());
        // No longer alike, it no longer stands in the way.
        let title = json!({"en": "Solar lamps for night schools", "bn": "রাতের পাঠশালায় সৌরবাতি"});
        let away = json!({"title": title, "problem": {"en": "Pupils cannot read after sunset.", "bn": null}, "proposed_change": {"en": "Each school lends lamps.", "bn": null}, "summary": null});
        assert_eq!(again(away).await["status"], "lapsed");
    }

    async fn what_ends_stands_in_nobodys_way(app: App) {
        let (owner, other, officer) = (app.owner().await, app.stranger().await, app.officer().await);
        let first = app.submitted(&owner).await;
        let second = app.screening(&other, &officer).await;
        assert_eq!(duplicates(&officer, &second, "open").await.len(), 1);
        act(&owner, &first, json!({"action": "withdraw", "reason": "Transferred."})).await;
        assert_eq!(duplicates(&officer, &second, "lapsed").await.len(), 1);
        officer.post(format!("{}/transitions", path(&second))).if_match("*").json(json!({"action": "accept"})).send().await.expect(200);
    }

    async fn a_merge_answers_the_question_and_has_its_limits(app: App) {
        let (owner, other, officer) = (app.owner().await, app.stranger().await, app.officer().await);
        let both = app.person("Both", &[Role::Innovator, Role::ProgrammeOfficer], app.people.a2i).await;
        let survivor = app.design(&owner, &officer).await;
        let withdrawn = app.submitted(&owner).await;
        act(&owner, &withdrawn, json!({"action": "withdraw", "reason": "x"})).await;
        let second = app.screening(&other, &officer).await;
        let merge = async |who: &Client, pilot: &Value, into: &Value| {
            who.post(format!("{}/transitions", path(pilot))).if_match("*").json(json!({"action": "merge", "merged_into_id": into["id"]})).send().await
        };
        let draft = app.draft(&owner).await;
        for dead in [&withdrawn, &draft, &second] {
            merge(&officer, &second, dead).await.refused(422, "validation_failed");
        }
        // Nobody enlarges their own pilot by screening another one.
        let own = app.submitted(&both).await;
        let third = app.submitted(&other).await;
        act(&both, &third, json!({"action": "start_screening"})).await;
        merge(&both, &third, &own).await.refused(403, "separation_of_duties");
        merge(&officer, &second, &survivor).await.expect(200);
        let pair = duplicates(&officer, &second, "accepted").await;
        assert_eq!((pair.len(), &pair[0]["other"]["id"], &pair[0]["decided_by"]), (1, &survivor["id"], &json!(officer.id)));
        // The end of the survivor is told, and a further merge is followed.
        assert_eq!(other.get(path(&second)).send().await.expect(200)["merged_into_ended"], false);
        act(&owner, &survivor, json!({"action": "withdraw", "reason": "Transferred."})).await;
        let told = other.get(path(&second)).send().await.expect(200);
        assert_eq!((&told["merged_into_id"], &told["merged_into_ended"]), (&survivor["id"], &json!(true)));
        let last = app.submitted(&owner).await;
        let middle = app.screening(&owner, &officer).await;
        let begun = app.screening(&other, &officer).await;
        merge(&officer, &begun, &middle).await.expect(200);
        merge(&officer, &middle, &last).await.expect(200);
        assert_eq!(officer.get(path(&begun)).send().await.expect(200)["merged_into_id"], last["id"]);
        merge(&officer, &begun, &last).await.refused(409, "transition_not_allowed");
    }

    async fn what_an_officer_told_apart_is_merged_only_after_that_is_taken_back(app: App) {
        let (owner, other, officer) = (app.owner().await, app.stranger().await, app.officer().await);
        let earlier = app.screening(&owner, &officer).await;
        let later = app.screening(&other, &officer).await;
        let [pair] = &duplicates(&officer, &later, "open").await[..] else { panic!("one pair") };
        decide(&officer, pair, json!({"action": "dismiss", "reason": "Cattle here, poultry there."})).await.expect(200);
        let merge = async |pilot: &Value, into: &Value| {
            officer.post(format!("{}/transitions", path(pilot))).if_match("*").json(json!({"action": "merge", "merged_into_id": into["id"]})).send().await
        };
        // The pair belongs to the later one; it stands against the merge in both directions.
        for (pilot, into) in [(&later, &earlier), (&earlier, &later)] {
            let problem = merge(pilot, into).await.refused(409, "conditions_unmet");
            assert_eq!(findings(&problem), ["duplicate_dismissed"]);
            let detail = problem["errors"][0]["detail"].as_str().unwrap();
            assert!(detail.contains(&duplicate_path(pair)) && detail.contains("reopen"), "{detail}");
            assert_eq!(officer.get(path(pilot)).send().await.expect(200)["status"], "screening");
        }
        decide(&officer, pair, json!({"action": "reopen", "reason": "They are one after all."})).await.expect(200);
        merge(&earlier, &later).await.expect(200);
        assert_eq!(duplicates(&officer, &later, "lapsed").await.len(), 1);
    }

    async fn similar_pilots_are_looked_up_in_an_index(app: App) {
        let mut connection = app.database.connect();
        // A shingle that fifty thousand pilots share, and others that few do; keys to other tables play no part here.
        let crowd = match app.engine {
            Engine::Sqlite => "PRAGMA foreign_keys = OFF; WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000) \
                 INSERT INTO pilot_shingles SELECT 7, printf('0192f0c1-7c1e-7cc3-9a5e-%012d', i) FROM n; \
                 WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000) \
                 INSERT INTO pilot_shingles SELECT 1000 + i, printf('0192f0c1-7c1e-7cc3-9a5e-%012d', i) FROM n; ANALYZE;",
            Engine::Postgres => "ALTER TABLE pilot_shingles DROP CONSTRAINT pilot_shingles_pilot_id_fkey; \
                 INSERT INTO pilot_shingles SELECT 7, '0192f0c1-7c1e-7cc3-9a5e-' || lpad(i::text, 12, '0') FROM generate_series(1, 50000) AS i; \
                 INSERT INTO pilot_shingles SELECT 1000 + i, '0192f0c1-7c1e-7cc3-9a5e-' || lpad(i::text, 12, '0') FROM generate_series(1, 50000) AS i; ANALYZE pilot_shingles;",
        };
        connection.batch_execute(crowd).unwrap();
        let none = PilotId::parse("0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e").unwrap();
        let near = neighbours(&mut connection, &[7, 1001, 50_999], none).unwrap();
        // The one that shares two of them leads, although it is among the latest of the crowd; the rest is bounded.
        assert_eq!(near[0].to_string(), "0192f0c1-7c1e-7cc3-9a5e-000000049999");
        assert_eq!(near.len(), 40);
        let statement = "SELECT * FROM (SELECT shingle, pilot_id FROM pilot_shingles WHERE shingle = 7 ORDER BY pilot_id DESC LIMIT 64) AS part \
            UNION ALL SELECT * FROM (SELECT shingle, pilot_id FROM pilot_shingles WHERE shingle = 1001 ORDER BY pilot_id DESC LIMIT 64) AS part";
        let plan = plan(&mut connection, statement);
        assert!(!plan.contains("TEMP B-TREE") && !plan.contains("Sort") && !plan.contains("Seq Scan"), "{plan}");
        assert!(!plan.contains("SCAN pilot_shingles"), "{plan}");
    }
}
