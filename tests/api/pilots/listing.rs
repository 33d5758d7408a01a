//! Lists of pilots: who sees what, filters, orders, pages, search.

use serde_json::{Value, json};

use crate::support::{Client, builders::*};

pub async fn ids(who: &Client, query: &str) -> Vec<String> {
    let page = who.get(format!("/v1/pilots?{query}")).send().await.expect(200);
    page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

pub fn id(pilot: &Value) -> String {
    pilot["id"].as_str().unwrap().to_owned()
}

/// Every item, page by page.
pub async fn walk(who: &Client, query: &str, limit: usize) -> Vec<String> {
    let mut found = Vec::new();
    let mut next = Some(format!("/v1/pilots?{query}&limit={limit}"));
    while let Some(address) = next {
        let answer = who.get(address).send().await;
        let page = answer.expect(200);
        found.extend(page["items"].as_array().unwrap().iter().map(id));
        next = answer.header("link").map(|link| link.trim_start_matches('<').split('>').next().unwrap().to_owned());
        assert_eq!(next.is_some(), page["next_cursor"].is_string());
    }
    found
}

on_both_engines! {
    async fn a_team_is_not_found_out_without_a_login(app: App) {
        let (anonymous, owner) = (app.anonymous(), app.owner().await);
        anonymous.get(format!("/v1/pilots?member_id={}", owner.id)).send().await.refused(401, "unauthenticated");
        owner.get(format!("/v1/pilots?member_id={}", owner.id)).send().await.expect(200);
    }

    async fn each_sees_what_they_may(app: App) {
        let (owner, officer, stranger) = (app.owner().await, app.officer().await, app.stranger().await);
        let draft = app.draft(&owner).await;
        let screening = app.screening(&owner, &officer).await;
        let design = app.design(&owner, &officer).await;
        let published = app.published(&owner, &officer).await;
        let all = vec![id(&published), id(&design), id(&screening), id(&draft)];
        assert_eq!(ids(&owner, "").await, all);
        assert_eq!(ids(&officer, "").await, all);
        assert_eq!(ids(&app.auditor().await.client, "").await, all);
        assert_eq!(ids(&stranger, "").await, all[..2]);
        assert_eq!(ids(&app.anonymous(), "").await, all[..1]);
        assert_eq!(ids(&stranger, "status=draft,screening").await, Vec::<String>::new());
        assert_eq!(ids(&stranger, "q=camp").await, all[..2]);
        assert_eq!(ids(&stranger, "tag=livestock").await, all[..2]);
        assert_eq!(ids(&stranger, &format!("owner_id={}", owner.id)).await, all[..2]);
        assert_eq!(ids(&app.anonymous(), "district_code=BD-28").await, all[..1]);
    }

    async fn every_filter_narrows(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let deputy = app.person("Deputy", &[], app.people.livestock_office).await;
        let camp = app.design(&owner, &officer).await;
        join(&owner, &camp, &deputy, "deputy").await;
        let other = officer_free_pilot(&app).await;
        let camp_id = vec![id(&camp)];
        let service = app.people.service;
        let organisation = app.people.livestock_office;
        for query in [
            "phase=initiation&status=design".to_owned(),
            "status=design,in_execution".to_owned(),
            "sector_code=livestock_fisheries".to_owned(),
            format!("service_id={service}"),
            "district_code=BD-28".to_owned(),
            "division_code=BD-F".to_owned(),
            format!("organisation_id={organisation}"),
            format!("owner_id={}", owner.id),
            format!("member_id={}", deputy.id),
            "sdg_goal=2".to_owned(),
            "sdg_target=2.3".to_owned(),
            "tag=livestock".to_owned(),
            "tag=Livestock&district_code=BD-28&sector_code=livestock_fisheries&status=design&q=camp".to_owned(),
        ] {
            for sort in ["-created_at", "created_at", "-updated_at", "updated_at"] {
                assert_eq!(ids(&officer, &format!("{query}&sort={sort}")).await, camp_id, "{query}");
            }
        }
        assert_eq!(ids(&officer, "").await, [id(&other), id(&camp)]);
        assert_eq!(ids(&officer, "phase=execution").await, Vec::<String>::new());
        assert_eq!(ids(&officer, "district_code=BD-28&tag=nothing").await, Vec::<String>::new());
    }

    async fn dates_part_the_list(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let early = app.draft(&owner).await;
        app.advance(chrono::Duration::hours(2));
        let (owner, officer) = (app.renewed(&owner).await, app.renewed(&officer).await);
        let late = app.draft(&owner).await;
        let border = "2026-07-01T05:00:00.000Z";
        assert_eq!(ids(&officer, &format!("created_at_gte={border}")).await, [id(&late)]);
        assert_eq!(ids(&officer, &format!("created_at_lt={border}")).await, [id(&early)]);
        owner.patch(path(&early)).if_match("*").merge(json!({"title": {"en": "Changed"}})).send().await.expect(200);
        assert_eq!(ids(&officer, &format!("updated_at_gte={border}&created_at_lt={border}")).await, [id(&early)]);
        assert_eq!(ids(&officer, &format!("updated_at_lt={border}")).await, Vec::<String>::new());
    }

    async fn pages_are_the_list_in_pieces(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let mut made = Vec::new();
        for number in 0..7 {
            made.push(if number % 3 == 0 { app.design(&owner, &officer).await } else { app.draft(&owner).await });
        }
        // Touched again, so that the order of change is not that of creation.
        owner.patch(path(&made[1])).if_match("*").merge(json!({"tags": ["livestock", "again"]})).send().await.expect(200);
        for query in ["sort=-created_at", "sort=created_at", "sort=-updated_at", "sort=updated_at", "tag=livestock&sort=-updated_at", "status=draft,design&sort=-created_at", "q=camp"] {
            for who in [&owner.client, &officer.client] {
                let whole = ids(who, &format!("{query}&limit=200")).await;
                assert_eq!(whole.len(), 7, "{query}");
                for limit in [1, 2, 3, 7] {
                    assert_eq!(walk(who, query, limit).await, whole, "{query} by {limit}");
                }
            }
        }
        let counted = officer.get("/v1/pilots?limit=1&include_total=true").send().await.expect(200);
        assert_eq!(counted["total"], json!({"value": 7, "relation": "eq"}));
        let counted = owner.get("/v1/pilots?limit=1&include_total=true&status=draft,design&tag=livestock").send().await.expect(200);
        assert_eq!(counted["total"], json!({"value": 7, "relation": "eq"}));
    }

    async fn search_knows_bangla_and_english_words(app: App) {
        let owner = app.owner().await;
        let make = async |title: Value| id(&owner.post("/v1/pilots").json(json!({"title": title})).send().await.expect(201));
        let farmers = make(json!({"bn": "খামারি সম্প্রসারণ কার্যক্রম"})).await;
        let pension = make(json!({"bn": "পেনশন সহজীকরণ ২০২৬", "en": "Quick Delivery of Monthly Pension"})).await;
        // Composed য় (U+09DF); people may type it as two characters.
        let time = make(json!({"bn": "সম\u{09DF} বাঁচানো"})).await;
        for (words, expected) in [
            ("খামারি", vec![&farmers]),
            ("খামা", vec![&farmers]),
            ("সম্প্রসারণ", vec![&farmers]),
            ("সম্প্র", vec![&farmers]),
            ("কার্যক্রম খামারি", vec![&farmers]),
            ("পেনশন", vec![&pension]),
            ("PENSION", vec![&pension]),
            ("month pens", vec![]),
            ("monthly pens", vec![&pension]),
            ("2026", vec![&pension]),
            ("২০২৬", vec![&pension]),
            ("সম\u{09AF}\u{09BC}", vec![&time]),
            ("সম\u{09DF}", vec![&time]),
            ("খাম\u{200D}ারি", vec![&farmers]),
            ("মারি", vec![]),
            ("\" OR 1=1 --", vec![]),
            ("' : * ( ) & | !", vec![]),
        ] {
            let encoded: String = words.bytes().map(|byte| format!("%{byte:02X}")).collect();
            let found = ids(&owner, &format!("q={encoded}")).await;
            assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{words}");
        }
    }
}

/// A pilot of someone else, about something else.
async fn officer_free_pilot(app: &crate::support::App) -> Value {
    let stranger = app.stranger().await;
    stranger
        .post("/v1/pilots")
        .json(json!({"title": {"en": "Land mutation"}, "districts": ["BD-13"], "tags": ["land"]}))
        .send()
        .await
        .expect(201)
}
