//! What was saved, and whose it is when several pilots worked on one service.

use super::*;

on_both_engines! {
    async fn shares_are_at_most_the_whole(app: App) {
        let cast = Cast::of(&app).await;
        let service = app.people.service.to_string();
        let elsewhere = cast.service(&app, "health").await;
        let place = format!("/v1/services/{service}/attributions");
        let (one, two) = (cast.running(&app, &service, ("1.00", "1.00")).await, cast.running(&app, &service, ("1.00", "1.00")).await);
        let other = cast.running(&app, &elsewhere, ("1.00", "1.00")).await;
        let draft = app.draft(&cast.owner).await;
        let refused = async |shares: &[(&Value, i64)]| findings(&cast.officer.post(&place).json(shares_of(shares)).send().await.refused(422, "validation_failed"));
        assert_eq!(refused(&[(&one, 6_000), (&two, 4_001)]).await, ["#/shares more_than_whole"]);
        assert_eq!(refused(&[(&one, 6_000), (&one, 6_000), (&other, 1), (&draft, 1)]).await, ["#/shares more_than_whole", "#/shares/1/pilot_id duplicate", "#/shares/2/pilot_id unknown_reference", "#/shares/3/pilot_id unknown_reference"]);
        assert_eq!(refused(&[(&one, 10_001)]).await, ["#/shares/0/basis_points maximum"]);
        assert_eq!(refused(&[(&one, -1)]).await, ["#/shares/0/basis_points minimum"]);
        assert_eq!(read(&cast.owner, &place).await["items"], json!([]));
        let first = cast.share(&service, &[(&one, 6_000), (&two, 4_000)]).await;
        let second = cast.share(&service, &[(&two, 10_000)]).await;
        assert_eq!((&first["revision"], &second["revision"]), (&json!(1), &json!(2)));
        let listed = read(&cast.owner, format!("{place}?include_total=true")).await;
        assert_eq!((&listed["total"]["value"], &listed["items"][0]["is_current"], &listed["items"][1]["is_current"]), (&json!(2), &json!(false), &json!(true)));
        assert_eq!(listed["items"][0]["shares"].as_array().unwrap().len(), 2);
        assert_eq!(read(&cast.owner, format!("/v1/attributions/{}", first["id"].as_str().unwrap())).await["shares"], listed["items"][0]["shares"]);
        app.anonymous().get(&place).send().await.refused(401, "unauthenticated");
        // At the same time, each in itself the whole: one after the other, and one of them counts.
        let (third, fourth) = (app.second_officer().await, app.person("Third", &[Role::ProgrammeOfficer], app.people.a2i).await);
        let answers = futures_util::future::join(
            third.post(&place).json(shares_of(&[(&one, 10_000)])).send(),
            fourth.post(&place).json(shares_of(&[(&two, 9_999)])).send(),
        ).await;
        answers.0.expect(201);
        answers.1.expect(201);
        let listed = read(&cast.owner, &place).await;
        let revisions: Vec<Value> = listed["items"].as_array().unwrap().iter().filter(|row| row["is_current"] == true).map(|row| row["revision"].clone()).collect();
        assert_eq!(revisions, [json!(4)]);
        // The second wall: the database itself.
        let mut connection = connect(&app);
        let id = first["id"].as_str().unwrap();
        let more = format!("INSERT INTO attribution_shares (attribution_id, pilot_id, basis_points) VALUES ('{id}', '{}', 1)", other["id"].as_str().unwrap());
        let refusal = connection.batch_execute(&more).unwrap_err().to_string();
        assert!(refusal.contains("more than the whole"), "{refusal}");
        for table in ["service_volumes", "values_of_time", "attributions", "attribution_shares"] {
            cast.volume(&service, "2025-26", 1).await;
            cast.value_of_time("2025-26", "1.00").await;
            let column = if table == "attribution_shares" { "basis_points" } else { "revision" };
            for change in [format!("UPDATE {table} SET {column} = {column}"), format!("DELETE FROM {table}")] {
                let refusal = connection.batch_execute(&change).unwrap_err().to_string();
                assert!(refusal.contains("append-only"), "{refusal}");
            }
        }
    }

    async fn savings_keep_money_and_time_apart(app: App) {
        let cast = Cast::of(&app).await;
        let service = app.people.service.to_string();
        let place = format!("/v1/services/{service}/savings?fiscal_year=2026-27");
        let reasons = async |path: &str| {
            let found = read(&cast.officer, path).await;
            (found["cost"]["saved"].clone(), found["cost"]["reason"].clone(), found["time"]["value"].clone(), found["time"]["reason"].clone())
        };
        let none = |reason: &str| (json!(null), json!(reason), json!(null), json!(reason));
        assert_eq!(reasons(&place).await, none("not_measured"));
        let pilot = cast.running(&app, &service, ("100.00", "2500.00")).await;
        cast.ended(&app, &pilot, ("23.00", "75.00")).await;
        assert_eq!(reasons(&place).await, none("not_completed"));
        cast.celebrated(&app, &pilot).await;
        assert_eq!(reasons(&place).await, none("no_volume"));
        cast.volume(&service, "2026-27", 1_000).await;
        let found = read(&cast.officer, &place).await;
        assert_eq!(found["cost"]["saved"], money("2425000.00"));
        assert_eq!((&found["time"]["minutes"], &found["time"]["value"], &found["time"]["reason"]), (&json!("77000.00"), &json!(null), &json!("no_value_of_time")));
        cast.value_of_time("2026-27", "62.50").await;
        let found = read(&cast.officer, &place).await;
        assert_eq!(found["cost"], json!({"saved": money("2425000.00"), "reason": null, "services": 1, "pilots": 1, "services_left_out": [], "pilots_left_out": []}));
        // 77,000 minutes are 1283 1/3 hours, at 62.50 taka: rounded once, at the end.
        assert_eq!(found["time"], json!({"minutes": "77000.00", "value": money("80208.33"), "reason": null, "services": 1, "pilots": 1, "services_left_out": [], "pilots_left_out": []}));
        // The year in which the change came does not count, whatever its volume.
        cast.volume(&service, "2025-26", 1_000).await;
        cast.value_of_time("2025-26", "62.50").await;
        let early = format!("/v1/services/{service}/savings?fiscal_year=2025-26");
        assert_eq!(reasons(&early).await, none("too_early"));
        assert_eq!(read(&cast.officer, &early).await["cost"]["pilots_left_out"], json!([{"reason": "too_early", "number": 1}]));
        // Of the pilot, the sector and the programme.
        let sector = read(&cast.officer, format!("/v1/services/{service}")).await["sector_code"].as_str().unwrap().to_owned();
        for path in [format!("{}/savings?fiscal_year=2026-27", path(&pilot)), format!("/v1/sectors/{sector}/savings?fiscal_year=2026-27"), "/v1/programme/savings?fiscal_year=2026-27".to_owned()] {
            let found = read(&cast.officer, &path).await;
            assert_eq!((&found["cost"]["saved"], &found["time"]["value"]), (&money("2425000.00"), &money("80208.33")), "{path}");
        }
        let elsewhere = read(&cast.officer, "/v1/sectors/health/savings?fiscal_year=2026-27").await;
        assert_eq!((&elsewhere["cost"]["saved"], &elsewhere["cost"]["services"]), (&json!(null), &json!(0)));
    }

    async fn several_pilots_share_a_service(app: App) {
        let mut cast = Cast::of(&app).await;
        let service = app.people.service.to_string();
        cast.volume(&service, "2026-27", 1_000).await;
        let one = cast.completed(&app, &service, ("100.00", "200.00"), ("50.00", "100.00")).await;
        let whole = read(&cast.officer, format!("/v1/services/{service}/savings?fiscal_year=2026-27")).await;
        assert_eq!(whole["cost"]["saved"], money("100000.00"), "the only pilot has the whole service");
        let two = cast.completed(&app, &service, ("100.00", "100.00"), ("100.00", "120.00")).await;
        let savings = async |path: &str, cast: &Cast| read(&cast.officer, format!("{path}/savings?fiscal_year=2026-27")).await["cost"].clone();
        let of_service = format!("/v1/services/{service}");
        let unshared = savings(&of_service, &cast).await;
        assert_eq!((&unshared["saved"], &unshared["reason"], &unshared["pilots_left_out"]), (&json!(null), &json!("no_share"), &json!([{"reason": "no_share", "number": 2}])));
        // Without shares the pilots count alike: (300 - 220) / 300, and 150 of 200 minutes are left.
        let tcv = read(&cast.officer, format!("{of_service}/tcv")).await;
        assert_eq!((&tcv["cost"]["reduction_percent"], &tcv["cost"]["baseline"], &tcv["cost"]["weighting"], &tcv["time"]["reduction_percent"]), (&json!("26.7"), &money("150.00"), &json!("equal"), &json!("25.0")));
        app.advance(chrono::Duration::days(1));
        cast.renew(&app).await;
        cast.share(&service, &[(&one, 3_000), (&two, 5_000)]).await;
        assert_eq!(savings(&path(&one), &cast).await["saved"], money("30000.00"));
        assert_eq!(savings(&path(&two), &cast).await["saved"], money("-10000.00"), "a worsening costs");
        let shared = savings(&of_service, &cast).await;
        assert_eq!((&shared["saved"], &shared["pilots"]), (&money("20000.00"), &json!(2)));
        // By the shares: (3·200 + 5·100) / 8 = 137.50 before, (3·100 + 5·120) / 8 = 112.50 after.
        let tcv = read(&cast.officer, format!("{of_service}/tcv")).await;
        assert_eq!((&tcv["cost"]["baseline"], &tcv["cost"]["endline"], &tcv["cost"]["reduction_percent"], &tcv["cost"]["weighting"]), (&money("137.50"), &money("112.50"), &json!("18.2"), &json!("shares")));
        let yesterday = read(&cast.officer, format!("{of_service}/savings?fiscal_year=2026-27&as_of=2026-07-01")).await;
        assert_eq!(yesterday["cost"]["reason"], "no_share", "yesterday nothing was shared yet");
        // Who is not named has no share.
        cast.share(&service, &[(&one, 3_000)]).await;
        let partly = savings(&of_service, &cast).await;
        assert_eq!((&partly["saved"], &partly["pilots"], &partly["pilots_left_out"]), (&money("30000.00"), &json!(1), &json!([{"reason": "no_share", "number": 1}])));
    }

    async fn who_comes_later_takes_nothing_from_the_years_before(app: App) {
        let mut cast = Cast::of(&app).await;
        let service = app.people.service.to_string();
        cast.volume(&service, "2026-27", 1_000).await;
        let one = cast.completed(&app, &service, ("100.00", "200.00"), ("50.00", "100.00")).await;
        cast.publish(&one).await;
        let place = format!("/v1/services/{service}/savings?fiscal_year=2026-27");
        let saved = async |cast: &Cast| read(&cast.officer, &place).await["cost"].clone();
        assert_eq!(saved(&cast).await["saved"], money("100000.00"));
        // A second pilot, measured but not completed, then completed: its endline lies in the year itself.
        app.advance(chrono::Duration::days(10));
        cast.renew(&app).await;
        let two = cast.running(&app, &service, ("100.00", "100.00")).await;
        let mut endline = taken("endline", "10.00", "10.00");
        (endline["period_start_on"], endline["period_end_on"]) = (json!("2026-07-02"), json!("2026-07-08"));
        app.verified(&cast.owner, &cast.officer, &two, endline).await;
        let running = saved(&cast).await;
        assert_eq!((&running["saved"], &running["pilots_left_out"]), (&money("100000.00"), &json!([{"reason": "not_completed", "number": 1}])));
        cast.celebrated(&app, &two).await;
        let both = saved(&cast).await;
        assert_eq!((&both["saved"], &both["pilots_left_out"]), (&money("100000.00"), &json!([{"reason": "too_early", "number": 1}])));
        assert_eq!(read(&app.anonymous(), &place).await["cost"]["saved"], both["saved"], "officials see no less than the public");
        for (pilot, amount, reason) in [(&one, money("100000.00"), json!(null)), (&two, json!(null), json!("too_early"))] {
            let own = read(&cast.officer, format!("{}/savings?fiscal_year=2026-27", path(pilot))).await["cost"].clone();
            assert_eq!((&own["saved"], &own["reason"]), (&amount, &reason));
        }
        // The year before: too early for both. That other services were never measured is not the reason.
        let other = cast.service(&app, "health").await;
        for whole in [format!("/v1/services/{service}"), "/v1/programme".to_owned()] {
            let found = read(&cast.officer, format!("{whole}/savings?fiscal_year=2024-25")).await;
            assert_eq!((&found["cost"]["reason"], &found["time"]["reason"]), (&json!("too_early"), &json!("too_early")), "{whole}");
        }
        assert_eq!(read(&cast.officer, format!("/v1/services/{other}/savings?fiscal_year=2024-25")).await["cost"]["reason"], "not_measured");
    }
}
