//! The lists that pilots refer to: complete from the start, read by anyone, kept by administrators.

use serde_json::{Value, json};

use crate::support::{Client, builders::*, client::findings};

/// All items of a list, fetched in pages of 50.
async fn all(who: &Client, list: &str) -> Vec<Value> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let separator = if list.contains('?') { '&' } else { '?' };
        let page = who.get(format!("{list}{separator}limit=50{cursor}")).send().await.expect(200);
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
    }
}

fn texts(items: &[Value], field: &str) -> Vec<String> {
    items.iter().map(|item| item[field].as_str().unwrap().to_owned()).collect()
}

fn encoded(words: &str) -> String {
    words.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// The names in English of what a search finds.
async fn found(who: &Client, list: &str, words: &str) -> Vec<String> {
    let items = all(who, &format!("{list}?q={}", encoded(words))).await;
    items.iter().map(|item| item["name"]["en"].as_str().unwrap().to_owned()).collect()
}

async fn organisation(admin: &Client, en: &str, bn: &str, parent: Option<&Value>) -> Value {
    let new =
        json!({"name": {"en": en, "bn": bn}, "kind": "directorate", "parent_id": parent.map(|parent| &parent["id"])});
    admin.post("/v1/organisations").json(new).send().await.expect(201)
}

/// Puts an organisation below another, or at the top.
async fn put_below(admin: &Client, id: &Value, parent: Option<&Value>) -> crate::support::Response {
    let place = format!("/v1/organisations/{}", id.as_str().unwrap());
    admin.patch(place).if_match("*").merge(json!({"parent_id": parent.map(|parent| &parent["id"])})).send().await
}

/// The pilots filed under an organisation.
async fn filed_under(who: &Client, organisation: &Value) -> Vec<String> {
    let list = format!("/v1/pilots?organisation_id={}", organisation["id"].as_str().unwrap());
    texts(&all(who, &list).await, "id")
}

on_both_engines! {
    async fn the_lists_are_complete_in_both_languages(app: App) {
        let anyone = app.anonymous();
        for (list, count) in [("/v1/divisions", 8), ("/v1/districts", 64), ("/v1/sectors", 17), ("/v1/sdg-goals", 17), ("/v1/sdg-targets", 169)] {
            let items = all(&anyone, list).await;
            assert_eq!(items.len(), count, "{list}");
            let mut codes = texts(&items, "code");
            codes.sort();
            codes.dedup();
            assert_eq!(codes.len(), count, "{list} repeats a code");
            for item in &items {
                let (bn, en) = (item["name"]["bn"].as_str().unwrap(), item["name"]["en"].as_str().unwrap());
                assert!(bn.chars().any(|letter| ('\u{0980}'..='\u{09FF}').contains(&letter)), "{list}: {bn}");
                assert!(en.chars().any(|letter| letter.is_ascii_alphabetic()), "{list}: {en}");
                assert_eq!((&item["is_active"], &item["version"]), (&json!(true), &json!(1)));
                let code = item["code"].as_str().unwrap();
                if list != "/v1/sdg-targets" || code.ends_with(".1") {
                    assert_eq!(&anyone.get(format!("{list}/{code}")).send().await.expect(200), item);
                }
            }
            let counted = anyone.get(format!("{list}?limit=1&include_total=true")).send().await.expect(200);
            assert_eq!(counted["total"], json!({"value": count, "relation": "eq"}));
            anyone.get(format!("{list}/nothing")).send().await.refused(404, "not_found");
        }
        assert!(!all(&anyone, "/v1/tcv-methods").await.is_empty());
    }

    async fn goals_and_targets_stand_in_their_own_order(app: App) {
        let goals = texts(&all(&app.anonymous(), "/v1/sdg-goals").await, "code");
        assert_eq!(goals, (1..=17).map(|goal| goal.to_string()).collect::<Vec<_>>());
        let targets = texts(&all(&app.anonymous(), "/v1/sdg-targets?goal=17").await, "code");
        assert_eq!(targets, (1..=19).map(|target| format!("17.{target}")).collect::<Vec<_>>());
    }

    async fn every_child_has_its_parent(app: App) {
        let anyone = app.anonymous();
        let mut districts = 0;
        for division in texts(&all(&anyone, "/v1/divisions").await, "code") {
            let below = all(&anyone, &format!("/v1/districts?division={division}")).await;
            assert!(below.iter().all(|district| district["division_code"] == division.as_str()));
            assert!(!below.is_empty(), "{division}");
            districts += below.len();
        }
        assert_eq!(districts, 64);
        let mut targets = 0;
        for goal in texts(&all(&anyone, "/v1/sdg-goals").await, "code") {
            let below = all(&anyone, &format!("/v1/sdg-targets?goal={goal}")).await;
            assert!(below.iter().all(|target| target["goal_code"] == goal.as_str() && target["code"].as_str().unwrap().starts_with(&format!("{goal}."))));
            targets += below.len();
        }
        assert_eq!(targets, 169);
        assert_eq!(all(&anyone, "/v1/districts?division=nothing").await, Vec::<Value>::new());
        let rangpur = texts(&all(&anyone, "/v1/districts?division=BD-F").await, "code");
        assert!(rangpur.contains(&"BD-28".to_owned()) && rangpur.len() == 8, "{rangpur:?}");
    }

    async fn anyone_reads_and_only_administrators_write(app: App) {
        let (admin, owner, officer) = (app.admin().await, app.owner().await, app.officer().await);
        for place in ["/v1/divisions/BD-F", "/v1/districts/BD-28", "/v1/sectors/health", "/v1/sdg-goals/2", "/v1/sdg-targets/2.3"] {
            let before = app.anonymous().get(place).send().await.expect(200);
            let patch = json!({"name": {"en": "Another name"}});
            app.anonymous().patch(place).if_match("*").merge(patch.clone()).send().await.refused(401, "unauthenticated");
            for who in [&owner, &officer] {
                who.patch(place).if_match("*").merge(patch.clone()).send().await.refused(403, "forbidden");
            }
            admin.patch(place).merge(patch.clone()).send().await.refused(428, "if_match_required");
            let changed = admin.patch(place).if_match("\"1\"").merge(patch.clone()).send().await;
            assert_eq!(changed.etag(), "\"2\"");
            assert_eq!(changed.expect(200)["name"], json!({"bn": before["name"]["bn"], "en": "Another name"}));
            admin.patch(place).if_match("\"1\"").merge(patch).send().await.refused(412, "version_mismatch");
            for wrong in [json!({"name": null}), json!({"name": {"bn": null, "en": null}}), json!({"code": "x"}), json!({"is_active": "no"}), json!({"name": {"en": " "}})] {
                admin.patch(place).if_match("*").merge(wrong.clone()).send().await.refused(422, "validation_failed");
            }
            assert_eq!(app.anonymous().get(place).send().await.expect(200), changed.json());
            admin.patch(place).if_match("\"2\"").merge(json!({"is_active": false})).send().await.expect(200);
        }
        admin.patch("/v1/divisions/nothing").if_match("*").merge(json!({"is_active": false})).send().await.refused(404, "not_found");
    }

    async fn sectors_grow_at_the_end(app: App) {
        let admin = app.admin().await;
        let new = json!({"code": "sports_culture", "name": {"bn": "ক্রীড়া ও সংস্কৃতি"}});
        let answer = admin.post("/v1/sectors").json(new.clone()).send().await;
        let sector = answer.expect(201);
        assert_eq!((answer.header("location"), answer.etag()), (Some("/v1/sectors/sports_culture"), "\"1\"".to_owned()));
        assert_eq!(all(&app.anonymous(), "/v1/sectors").await.last(), Some(&sector));
        admin.post("/v1/sectors").json(new).send().await.refused(409, "already_exists");
        for (wrong, expected) in [
            (json!({"code": "Sports", "name": {"en": "x"}}), "#/code pattern"),
            (json!({"code": "sports"}), "#/name required"),
            (json!({"code": "sports", "name": {}}), "#/name language_missing"),
        ] {
            assert_eq!(findings(&admin.post("/v1/sectors").json(wrong).send().await.refused(422, "validation_failed")), [expected]);
        }
        // It can be used at once.
        let owner = app.owner().await;
        owner.post("/v1/pilots").json(json!({"title": {"en": "Chess"}, "sector_code": "sports_culture"})).send().await.expect(201);
    }

    async fn organisations_are_created_changed_and_filtered(app: App) {
        let admin = app.admin().await;
        let ministry = json!({"name": {"bn": "মৎস্য ও প্রাণিসম্পদ মন্ত্রণালয়", "en": "Ministry of Fisheries and Livestock"}, "kind": "ministry", "district_code": "BD-13"});
        let answer = admin.post("/v1/organisations").json(ministry).send().await;
        let ministry = answer.expect(201);
        assert_eq!((&ministry["is_active"], &ministry["parent_id"], answer.etag()), (&json!(true), &Value::Null, "\"1\"".to_owned()));
        let place = answer.header("location").unwrap().to_owned();
        assert_eq!(app.anonymous().get(&place).send().await.expect(200), ministry);
        let below = organisation(&admin, "Department of Livestock Services", "প্রাণিসম্পদ অধিদপ্তর", Some(&ministry)).await;
        let names = async |query: &str| -> Vec<String> {
            let items = all(&app.anonymous(), &format!("/v1/organisations?{query}")).await;
            items.iter().map(|item| item["name"]["en"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(names("kind=ministry").await, ["Ministry of Fisheries and Livestock"]);
        assert_eq!(names("district=BD-13").await, ["Ministry of Fisheries and Livestock"]);
        assert_eq!(names(&format!("parent_id={}", ministry["id"].as_str().unwrap())).await, ["Department of Livestock Services"]);
        assert_eq!(names("kind=directorate&district=BD-13").await, Vec::<String>::new());
        assert_eq!(names("kind=field_office").await, ["Upazila Livestock Office", "Land Office"]);
        app.anonymous().get("/v1/organisations?kind=empire").send().await.refused(400, "invalid_parameters");

        admin.patch(&place).merge(json!({"kind": "division"})).send().await.refused(428, "if_match_required");
        let changed = admin.patch(&place).if_match("\"1\"").merge(json!({"kind": "division", "district_code": null})).send().await.expect(200);
        assert_eq!((&changed["kind"], &changed["district_code"], &changed["version"]), (&json!("division"), &Value::Null, &json!(2)));
        admin.patch(&place).if_match("\"1\"").merge(json!({"kind": "ministry"})).send().await.refused(412, "version_mismatch");
        let nowhere = json!({"parent_id": "0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e", "district_code": "BD-99"});
        let problem = admin.patch(&place).if_match("*").merge(nowhere).send().await.refused(422, "validation_failed");
        assert_eq!(findings(&problem), ["#/district_code unknown_reference", "#/parent_id unknown_reference"]);
        for required in ["name", "kind"] {
            let problem = admin.patch(&place).if_match("*").merge(json!({required: null})).send().await.refused(422, "validation_failed");
            assert!(findings(&problem)[0].starts_with(&format!("#/{required}")), "{problem}");
        }
        assert_eq!(app.anonymous().get(&place).send().await.expect(200)["version"], 2);
        assert_eq!(below["parent_id"], ministry["id"]);
    }

    async fn no_organisation_lies_below_itself(app: App) {
        let admin = app.admin().await;
        let top = organisation(&admin, "Top", "উপর", None).await;
        let middle = organisation(&admin, "Middle", "মাঝ", Some(&top)).await;
        let bottom = organisation(&admin, "Bottom", "নিচ", Some(&middle)).await;
        for below in [&top, &middle, &bottom] {
            let problem = put_below(&admin, &top["id"], Some(below)).await.refused(422, "validation_failed");
            assert_eq!(findings(&problem), ["#/parent_id cycle"]);
        }
        put_below(&admin, &bottom["id"], None).await.expect(200);
        put_below(&admin, &top["id"], Some(&bottom)).await.expect(200);
        let problem = put_below(&admin, &bottom["id"], Some(&middle)).await.refused(422, "validation_failed");
        assert_eq!(findings(&problem), ["#/parent_id cycle"]);
    }

    async fn two_moves_at_once_make_no_circle_either(app: App) {
        let admin = app.admin().await;
        for _ in 0..5 {
            let (one, two) = (organisation(&admin, "One", "এক", None).await, organisation(&admin, "Two", "দুই", None).await);
            let moves = futures_util::future::join(put_below(&admin, &one["id"], Some(&two)), put_below(&admin, &two["id"], Some(&one)));
            let (first, second) = moves.await;
            let mut statuses = [first.status.as_u16(), second.status.as_u16()];
            statuses.sort_unstable();
            assert_eq!(statuses, [200, 422]);
        }
    }

    async fn pilots_move_along_with_their_organisation(app: App) {
        let (admin, owner) = (app.admin().await, app.owner().await);
        let pilot = app.draft(&owner).await;
        let filed = vec![pilot["id"].as_str().unwrap().to_owned()];
        let none: Vec<String> = Vec::new();
        let office = json!({"id": app.people.livestock_office});
        let fisheries = organisation(&admin, "Ministry of Fisheries", "মৎস্য মন্ত্রণালয়", None).await;
        let livestock = organisation(&admin, "Livestock Department", "প্রাণিসম্পদ অধিদপ্তর", Some(&fisheries)).await;
        let land = organisation(&admin, "Ministry of Land", "ভূমি মন্ত্রণালয়", None).await;
        assert_eq!(filed_under(&owner, &office).await, filed);
        assert_eq!(filed_under(&owner, &livestock).await, none);
        // Below the department: found under it and the ministry.
        put_below(&admin, &office["id"], Some(&livestock)).await.expect(200);
        for (above, expected) in [(&office, &filed), (&livestock, &filed), (&fisheries, &filed), (&land, &none)] {
            assert_eq!(&filed_under(&owner, above).await, expected);
        }
        // The department moves, and all below it with it.
        put_below(&admin, &livestock["id"], Some(&land)).await.expect(200);
        for (above, expected) in [(&office, &filed), (&livestock, &filed), (&fisheries, &none), (&land, &filed)] {
            assert_eq!(&filed_under(&owner, above).await, expected);
        }
        // What is created or changed afterwards is filed by the new place.
        owner.patch(path(&pilot)).if_match("*").merge(json!({"tags": ["other"]})).send().await.expect(200);
        let second = app.draft(&owner).await;
        assert_eq!(filed_under(&owner, &land).await, [second["id"].as_str().unwrap(), &filed[0]]);
        // A change that is no move changes no filing.
        let place = format!("/v1/organisations/{}", livestock["id"].as_str().unwrap());
        admin.patch(place).if_match("*").merge(json!({"is_active": false})).send().await.expect(200);
        assert_eq!(filed_under(&owner, &land).await.len(), 2);
        // To the top: only its own chain is left.
        put_below(&admin, &office["id"], None).await.expect(200);
        for (above, expected) in [(&office, 2), (&livestock, 0), (&fisheries, 0), (&land, 0)] {
            assert_eq!(filed_under(&owner, above).await.len(), expected);
        }
        // The order of change is still that of the pilots.
        let recent = all(&owner, &format!("/v1/pilots?organisation_id={}&sort=-updated_at", app.people.livestock_office)).await;
        assert_eq!(recent.len(), 2);
    }

    async fn services_are_created_changed_and_filtered(app: App) {
        let admin = app.admin().await;
        let new = json!({"name": {"bn": "ভূমি নামজারি", "en": "Land mutation"}, "sector_code": "land", "organisation_id": app.people.land_office});
        let problem = admin.post("/v1/services").json(json!({"name": {"en": "x"}, "sector_code": "magic", "organisation_id": "0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e"})).send().await.refused(422, "validation_failed");
        assert_eq!(findings(&problem), ["#/organisation_id unknown_reference", "#/sector_code unknown_reference"]);
        let known = texts(&all(&app.anonymous(), "/v1/sectors").await, "code");
        let sector = known.iter().find(|code| code.as_str() != "livestock_fisheries").unwrap();
        let mut new = new;
        new["sector_code"] = json!(sector);
        let answer = admin.post("/v1/services").json(new).send().await;
        let service = answer.expect(201);
        let place = answer.header("location").unwrap().to_owned();
        assert_eq!(app.anonymous().get(&place).send().await.expect(200), service);
        let ids = async |query: String| texts(&all(&app.anonymous(), &format!("/v1/services?{query}")).await, "id");
        let (livestock, land) = (app.people.service.to_string(), service["id"].as_str().unwrap().to_owned());
        assert_eq!(ids(String::new()).await, [livestock.clone(), land.clone()]);
        assert_eq!(ids(format!("sector={sector}")).await, [land.as_str()]);
        assert_eq!(ids("sector=livestock_fisheries".to_owned()).await, [livestock.as_str()]);
        assert_eq!(ids(format!("organisation={}", app.people.land_office)).await, [land.as_str()]);
        assert_eq!(ids(format!("organisation={}&sector=livestock_fisheries", app.people.land_office)).await, Vec::<String>::new());
        admin.patch(&place).merge(json!({"is_active": false})).send().await.refused(428, "if_match_required");
        let changed = admin.patch(&place).if_match("\"1\"").merge(json!({"sector_code": "livestock_fisheries"})).send().await.expect(200);
        assert_eq!((&changed["sector_code"], &changed["version"]), (&json!("livestock_fisheries"), &json!(2)));
        admin.patch(&place).if_match("\"1\"").merge(json!({"is_active": false})).send().await.refused(412, "version_mismatch");
        assert_eq!(ids("sector=livestock_fisheries".to_owned()).await, [livestock, land]);
    }

    async fn names_are_found_in_bangla_and_english(app: App) {
        let admin = app.admin().await;
        let livestock = organisation(&admin, "Livestock Department", "প্রাণিসম্পদ অধিদপ্তর", None).await;
        organisation(&admin, "Extension Department", "কৃষি সম্প্রসারণ অধিদপ্তর", None).await;
        let anyone = app.anonymous();
        let search = async |words: &str| found(&anyone, "/v1/organisations", words).await;
        let both = ["Livestock Department", "Extension Department"];
        assert_eq!(search("প্রাণিসম্পদ").await, both[..1]);
        assert_eq!(search("প্রাণি").await, both[..1]);
        assert_eq!(search("সম্প্রসারণ").await, both[1..]);
        assert_eq!(search("অধিদপ্তর").await, both);
        assert_eq!(search("অধিদপ্তর কৃষি").await, both[1..]);
        assert_eq!(search("dePART").await, both);
        assert_eq!(search("সম্পদ").await, Vec::<String>::new());
        assert_eq!(search("\" OR 1=1 --").await, Vec::<String>::new());
        // A name that is given up is not found any more.
        let place = format!("/v1/organisations/{}", livestock["id"].as_str().unwrap());
        admin.patch(place).if_match("*").merge(json!({"name": {"bn": "পশু চিকিৎসা পরিদপ্তর"}})).send().await.expect(200);
        assert_eq!(search("প্রাণিসম্পদ").await, Vec::<String>::new());
        assert_eq!(search("চিকিৎসা").await, both[..1]);
        let service = json!({"name": {"bn": "পেনশন সহজী\u{0995}রণ ও সম\u{09AF}\u{09BC}", "en": "Pension"}, "sector_code": "livestock_fisheries", "organisation_id": app.people.a2i});
        admin.post("/v1/services").json(service).send().await.expect(201);
        for words in ["পেনশন", "সম\u{09DF}", "সম\u{09AF}\u{09BC}", "pens"] {
            assert_eq!(found(&anyone, "/v1/services", words).await, ["Pension"], "{words}");
        }
    }
}
