//! Volumes and values of time, a fiscal year each: corrected, never changed.

use super::*;

on_both_engines! {
    async fn volumes_are_corrected_and_never_changed(app: App) {
        let mut cast = Cast::of(&app).await;
        let service = app.people.service.to_string();
        let place = format!("/v1/services/{service}/volumes");
        let first = cast.volume(&service, "2025-26", 40_000).await;
        assert_eq!((&first["revision"], &first["is_current"], &first["recorded_by"]), (&json!(1), &json!(true), &json!(cast.officer.id)));
        app.advance(chrono::Duration::days(1));
        cast.renew(&app).await;
        let second = cast.volume(&service, "2025-26", 42_000).await;
        cast.volume(&service, "2024-25", 0).await;
        assert_eq!(second["revision"], 2);
        let of = |row: &Value| format!("/v1/service-volumes/{}", row["id"].as_str().unwrap());
        let corrected = app.anonymous().get(of(&first)).send().await;
        assert_ne!(corrected.etag(), app.anonymous().get(of(&second)).send().await.etag());
        let corrected = corrected.expect(200);
        assert_eq!((&corrected["is_current"], &corrected["volume"], &corrected["note"], &corrected["recorded_by"]), (&json!(false), &json!(40_000), &json!(null), &json!(null)));
        assert_eq!(read(&cast.owner, of(&first)).await["note"], "All upazilas.");
        let numbers = async |query: &str| {
            let listed = read(&app.anonymous(), format!("{place}?include_total=true{query}")).await;
            let rows: Vec<i64> = listed["items"].as_array().unwrap().iter().map(|row| row["volume"].as_i64().unwrap()).collect();
            assert_eq!(listed["total"]["value"].as_u64().unwrap(), u64::try_from(rows.len()).unwrap());
            rows
        };
        assert_eq!(numbers("").await, [40_000, 42_000, 0]);
        assert_eq!(numbers("&fiscal_year=2025-26&only_current=true").await, [42_000]);
        let first_page = read(&app.anonymous(), format!("{place}?limit=2")).await;
        let rest = read(&app.anonymous(), format!("{place}?limit=2&cursor={}", first_page["next_cursor"].as_str().unwrap())).await;
        assert_eq!(rest["items"].as_array().unwrap().len(), 1);
        let volume_on = async |day: &str| read(&cast.officer, format!("/v1/services/{service}/tcv?as_of={day}&fiscal_year=2025-26")).await["volume"].clone();
        assert_eq!((volume_on("2026-06-30").await, volume_on("2026-07-01").await, volume_on("2026-07-02").await), (json!(null), json!(40_000), json!(42_000)));
        // What cannot be.
        let wrong = json!({"fiscal_year": "2025-27", "volume": -1, "source": " ", "note": "  ", "colour": 1});
        let problem = cast.officer.post(&place).json(wrong).send().await.refused(422, "validation_failed");
        assert_eq!(findings(&problem), ["#/colour unknown_field", "#/note min_length", "#/source min_length", "#/volume minimum"]);
        for (year, code) in [("2025-27", "fiscal_year"), ("2027-28", "in_the_future"), ("1999-00", "pattern")] {
            let content = json!({"fiscal_year": year, "volume": 1, "source": "x", "note": "x"});
            assert_eq!(findings(&cast.officer.post(&place).json(content).send().await.refused(422, "validation_failed")), [format!("#/fiscal_year {code}")]);
        }
        let large = json!({"fiscal_year": "2025-26", "volume": 1_000_000_001, "source": "x", "note": "x"});
        assert_eq!(findings(&cast.officer.post(&place).json(large).send().await.refused(422, "validation_failed")), ["#/volume maximum"]);
        assert_eq!(numbers("").await.len(), 3, "nothing was changed");
        // Who has a pilot on the service does not say how often it is used.
        let pilot = cast.running(&app, &service, ("1.00", "1.00")).await;
        let insider = insider(&app, &cast, &pilot).await;
        let content = json!({"fiscal_year": "2025-26", "volume": 1_000_000, "source": "x", "note": "x"});
        insider.post(&place).json(content.clone()).send().await.refused(403, "separation_of_duties");
        cast.owner.delete(format!("{}/members/{}", path(&pilot), insider.id)).if_match("*").send().await.expect(204);
        insider.post(&place).json(content.clone()).send().await.refused(403, "separation_of_duties");
        insider.post(format!("/v1/services/{service}/attributions")).json(shares_of(&[])).send().await.refused(403, "separation_of_duties");
        cast.owner.post(&place).json(content).send().await.refused(403, "forbidden");
    }

    async fn two_corrections_at_once_are_two_revisions(app: App) {
        let cast = Cast::of(&app).await;
        let service = app.people.service.to_string();
        let second = app.second_officer().await;
        let place = format!("/v1/services/{service}/volumes");
        let content = |volume: i64| json!({"fiscal_year": "2025-26", "volume": volume, "source": "x", "note": "x"});
        let answers = futures_util::future::join_all((0..8).map(|number| {
            let who = if number % 2 == 0 { &cast.officer } else { &second };
            who.post(&place).json(content(number)).send()
        })).await;
        let mut revisions: Vec<i64> = answers.iter().map(|answer| answer.expect(201)["revision"].as_i64().unwrap()).collect();
        revisions.sort_unstable();
        assert_eq!(revisions, (1..=8).collect::<Vec<i64>>());
        let current = read(&cast.officer, format!("{place}?only_current=true")).await;
        assert_eq!(current["items"].as_array().unwrap().iter().map(|row| row["revision"].clone()).collect::<Vec<_>>(), [json!(8)]);
        // One key, one effect.
        let once = cast.officer.post(&place).key("k-1").json(content(9)).send().await.expect(201);
        assert_eq!(cast.officer.post(&place).key("k-1").json(content(9)).send().await.expect(201)["id"], once["id"]);
    }

    async fn values_of_time_are_corrected_and_never_changed(app: App) {
        let cast = Cast::of(&app).await;
        let first = cast.value_of_time("2025-26", "60.00").await;
        let second = cast.value_of_time("2025-26", "62.50").await;
        assert_eq!((&first["revision"], &second["revision"], &second["per_hour"]), (&json!(1), &json!(2), &money("62.50")));
        let listed = read(&app.anonymous(), "/v1/values-of-time?fiscal_year=2025-26&include_total=true").await;
        let current: Vec<Value> = listed["items"].as_array().unwrap().iter().map(|row| row["is_current"].clone()).collect();
        assert_eq!((current, &listed["total"]["value"]), (vec![json!(false), json!(true)], &json!(2)));
        assert_eq!(read(&app.anonymous(), "/v1/values-of-time?only_current=true").await["items"][0]["id"], second["id"]);
        let one = read(&app.anonymous(), format!("/v1/values-of-time/{}", first["id"].as_str().unwrap())).await;
        assert_eq!((&one["is_current"], &one["note"]), (&json!(false), &json!(null)));
        let wrong = json!({"fiscal_year": "2025-26", "per_hour": {"amount": "-1.00", "currency": "USD"}, "source": "x", "note": "x"});
        let problem = cast.officer.post("/v1/values-of-time").json(wrong).send().await.refused(422, "validation_failed");
        assert_eq!(findings(&problem), ["#/per_hour/amount negative", "#/per_hour/currency enum"]);
        let next = json!({"fiscal_year": "2027-28", "per_hour": money("1.00"), "source": "x", "note": "x"});
        assert_eq!(findings(&cast.officer.post("/v1/values-of-time").json(next).send().await.refused(422, "validation_failed")), ["#/fiscal_year in_the_future"]);
        app.anonymous().get("/v1/values-of-time?fiscal_year=2025-27").send().await.refused(400, "invalid_parameters");
    }
}
