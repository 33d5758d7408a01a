//! Shares, reductions and savings as they are shown: what counts, to whom, on which day.

use super::*;

on_both_engines! {
    async fn the_published_figures_come_out_for_a_service(app: App) {
        let cast = Cast::of(&app).await;
        let service = app.people.service.to_string();
        let place = format!("/v1/services/{service}/tcv");
        let nothing = read(&cast.officer, &place).await;
        assert_eq!((&nothing["pilots"], &nothing["method_version"], &nothing["cost"]["reason"]), (&json!(0), &json!(null), &json!("not_measured")));
        let pilot = cast.running(&app, &service, ("100.00", "2500.00")).await;
        assert_eq!(read(&cast.officer, &place).await["pilots"], 0, "a baseline alone says nothing");
        cast.ended(&app, &pilot, ("23.00", "75.00")).await;
        let found = read(&cast.officer, &place).await;
        assert_eq!((&found["basis"], &found["pilots"], &found["method_version"], &found["fiscal_year"]), (&json!("verified"), &json!(1), &json!("2026.1"), &json!("2025-26")));
        assert_eq!(found["cost"], json!({"baseline": money("2500.00"), "endline": money("75.00"), "reduction_percent": "97.0", "reason": null, "pilots": 1, "weighting": "equal"}));
        assert_eq!(found["time"], json!({"baseline": "100.00", "endline": "23.00", "reduction_percent": "77.0", "reason": null, "pilots": 1, "weighting": "equal"}));
        assert_eq!(found["visits"], json!({"baseline": null, "endline": null, "reduction_percent": null, "reason": "not_measured", "pilots": 0, "weighting": null}));
        app.anonymous().get("/v1/services/0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e/tcv").send().await.refused(404, "not_found");
        app.anonymous().get("/v1/services/x/savings").send().await.refused(404, "not_found");
        app.anonymous().get("/v1/sectors/nowhere/tcv").send().await.refused(404, "not_found");
    }

    async fn the_public_sees_what_is_published_and_no_trace_of_the_rest(app: App) {
        let mut cast = Cast::of(&app).await;
        let service = app.people.service.to_string();
        let anonymous = app.anonymous();
        let places = [format!("/v1/services/{service}/tcv"), "/v1/programme/tcv".to_owned(), format!("/v1/services/{service}/savings?fiscal_year=2026-27"), "/v1/programme/savings?fiscal_year=2026-27".to_owned()];
        let seen = async || {
            let mut answers = Vec::new();
            for place in &places {
                answers.push(read(&anonymous, place).await);
            }
            answers
        };
        cast.volume(&service, "2026-27", 1_000).await;
        let empty = seen().await;
        let pilot = cast.completed(&app, &service, ("100.00", "2500.00"), ("23.00", "75.00")).await;
        assert_eq!(seen().await, empty, "verified is not published");
        for basis in ["verified", "published"] {
            let place = format!("/v1/programme/tcv?basis={basis}");
            let answer = anonymous.get(&place).send().await;
            if basis == "verified" { answer.refused(401, "unauthenticated"); } else { answer.expect(200); }
            let expected = if basis == "verified" { 1 } else { 0 };
            assert_eq!(read(&cast.owner, &place).await["pilots"], expected, "{basis}");
        }
        cast.publish(&pilot).await;
        let public = read(&anonymous, &places[0]).await;
        assert_eq!((&public["pilots"], &public["cost"]["reduction_percent"], &public["basis"]), (&json!(1), &json!("97.0"), &json!("published")));
        // Another one, measured but hidden: to the public it is not there, neither as a pilot nor as what was left out.
        let before = seen().await;
        let hidden = cast.completed(&app, &service, ("100.00", "100.00"), ("90.00", "90.00")).await;
        cast.publish(&hidden).await;
        act(&cast.officer, &hidden, json!({"action": "unpublish", "reason": "A name in it."})).await;
        assert_eq!(seen().await, before);
        assert_eq!(read(&cast.officer, &places[0]).await["pilots"], 2);
        anonymous.get(format!("{}/savings", path(&hidden))).send().await.refused(404, "not_found");
        // What is hidden later is gone from the days before, too.
        app.advance(chrono::Duration::days(3));
        cast.renew(&app).await;
        assert_eq!(read(&anonymous, format!("{}?as_of=2026-07-02", places[0])).await["pilots"], 1);
        act(&cast.officer, &pilot, json!({"action": "unpublish", "reason": "A name in it."})).await;
        for day in ["2026-07-01", "2026-07-02", "2026-07-04"] {
            assert_eq!(read(&anonymous, format!("{}?as_of={day}", places[0])).await["pilots"], 0, "{day}");
        }
        assert_eq!(read(&cast.officer, format!("{}?as_of=2026-07-02", places[0])).await["pilots"], 2, "officials still see it");
        act(&cast.officer, &pilot, json!({"action": "publish"})).await;
        assert_eq!(read(&anonymous, &places[0]).await["pilots"], 1);
    }

    async fn figures_are_those_of_the_day_that_is_asked_for(app: App) {
        let mut cast = Cast::of(&app).await;
        let service = app.people.service.to_string();
        let place = format!("/v1/services/{service}/tcv");
        let pilot = cast.running(&app, &service, ("100.00", "100.00")).await;
        cast.ended(&app, &pilot, ("50.00", "40.00")).await;
        app.advance(chrono::Duration::days(2));
        cast.renew(&app).await;
        // A newer endline takes the place of the older one, from that day on.
        cast.ended(&app, &pilot, ("110.00", "30.00")).await;
        let at = async |day: &str| {
            let found = read(&cast.officer, format!("{place}?as_of={day}")).await;
            (found["time"]["reduction_percent"].clone(), found["cost"]["reduction_percent"].clone())
        };
        assert_eq!(at("2026-06-30").await, (json!(null), json!(null)));
        assert_eq!(at("2026-07-01").await, (json!("50.0"), json!("60.0")));
        assert_eq!(at("2026-07-02").await, (json!("50.0"), json!("60.0")));
        assert_eq!(at("2026-07-03").await, (json!("-10.0"), json!("70.0")), "a worsening stays one");
        let problem = cast.officer.get(format!("{place}?as_of=2026-07-04&fiscal_year=2026-28")).send().await.refused(400, "invalid_parameters");
        assert_eq!(findings(&problem), ["as_of in_the_future", "fiscal_year fiscal_year"]);
        let problem = cast.officer.get(format!("{place}?fiscal_year=2027-28&basis=drafts&colour=red")).send().await.refused(400, "invalid_parameters");
        assert_eq!(findings(&problem), ["basis enum", "colour unknown_parameter"]);
        let problem = cast.officer.get(format!("{place}?fiscal_year=2027-28")).send().await.refused(400, "invalid_parameters");
        assert_eq!(findings(&problem), ["fiscal_year in_the_future"]);
        // Yesterday's year is over, today's is not.
        assert_eq!(read(&cast.officer, format!("{place}?as_of=2026-06-30")).await["fiscal_year"], "2024-25");
    }

    async fn services_are_put_together_alike_and_by_volume(app: App) {
        let cast = Cast::of(&app).await;
        let (one, two, three, four) = (cast.service(&app, "health").await, cast.service(&app, "health").await, cast.service(&app, "health").await, cast.service(&app, "health").await);
        cast.completed(&app, &one, ("100.00", "100.00"), ("50.00", "10.00")).await;
        cast.completed(&app, &two, ("100.00", "1000.00"), ("100.00", "1500.00")).await;
        cast.completed(&app, &three, ("100.00", "0.00"), ("10.00", "5.00")).await;
        cast.volume(&one, "2025-26", 100).await;
        cast.volume(&two, "2025-26", 10).await;
        let found = read(&cast.officer, "/v1/sectors/health/tcv").await;
        assert_eq!((&found["services"], &found["pilots"], &found["sector_code"]), (&json!(4), &json!(3), &json!("health")));
        // (90 % - 50 %) / 2; the third cost nothing before, the fourth was never measured.
        assert_eq!(found["cost"]["mean_of_services"], json!({"reduction_percent": "20.0", "reason": null, "services": 2, "pilots": 2,
            "services_left_out": [{"reason": "baseline_zero", "number": 1}, {"reason": "not_measured", "number": 1}]}));
        // (100·90 - 10·500) / (100·100 + 10·1000).
        assert_eq!(found["cost"]["pooled"], json!({"reduction_percent": "20.0", "reason": null, "services": 2, "pilots": 2,
            "services_left_out": [{"reason": "no_volume", "number": 1}, {"reason": "not_measured", "number": 1}]}));
        // (50 + 0 + 90) / 3 = 46.67; pooled 5000 / 11000 = 45.45.
        assert_eq!((&found["time"]["mean_of_services"]["reduction_percent"], &found["time"]["mean_of_services"]["services"]), (&json!("46.7"), &json!(3)));
        assert_eq!((&found["time"]["pooled"]["reduction_percent"], &found["time"]["pooled"]["services"]), (&json!("45.5"), &json!(2)));
        assert_eq!(found["visits"]["mean_of_services"]["reason"], "not_measured");
        assert_eq!(found["visits"]["mean_of_services"]["services_left_out"], json!([{"reason": "not_measured", "number": 4}]));
        let programme = read(&cast.officer, "/v1/programme/tcv").await;
        assert_eq!((&programme["cost"]["mean_of_services"]["reduction_percent"], &programme["sector_code"], &programme["pilots"]), (&json!("20.0"), &json!(null), &json!(3)));
        // A service that cost nothing and costs something now is a worsening in the pool.
        cast.volume(&three, "2025-26", 200).await;
        let found = read(&cast.officer, "/v1/sectors/health/tcv").await;
        assert_eq!(found["cost"]["pooled"]["reduction_percent"], "15.0");
        assert_eq!(read(&cast.officer, format!("/v1/services/{three}/tcv")).await["cost"]["reason"], "baseline_zero");
        let moved = json!({"sector_code": "agriculture"});
        cast.admin.patch(format!("/v1/services/{four}")).if_match("*").json(moved).send().await.expect(200);
        assert_eq!(read(&cast.officer, "/v1/sectors/health/tcv").await["services"], 3);
    }

    async fn two_pilots_verified_at_once_both_count(app: App) {
        let cast = Cast::of(&app).await;
        let second = app.second_officer().await;
        let service = app.people.service.to_string();
        let mut submitted = Vec::new();
        for _ in 0..2 {
            let pilot = cast.running(&app, &service, ("100.00", "100.00")).await;
            let drafted = cast.owner.post(format!("{}/tcv-measurements", path(&pilot))).json(taken("endline", "50.00", "10.00")).send().await.expect(201);
            submitted.push(step(&cast.owner, &measurement_path(&drafted), json!({"action": "submit"})).await);
        }
        let verify = |who: &Person, one: &Value| who.post(format!("{}/transitions", measurement_path(one))).if_match("*").json(json!({"action": "verify"})).send();
        let (left, right) = futures_util::future::join(verify(&cast.officer, &submitted[0]), verify(&second, &submitted[1])).await;
        left.expect(200);
        right.expect(200);
        let found = read(&cast.officer, format!("/v1/services/{service}/tcv")).await;
        assert_eq!((&found["pilots"], &found["cost"]["reduction_percent"]), (&json!(2), &json!("90.0")));
    }

    async fn the_sums_are_those_of_the_records(app: App) {
        let mut cast = Cast::of(&app).await;
        let (one, two) = (cast.service(&app, "health").await, app.people.service.to_string());
        for service in [&one, &two] {
            cast.volume(service, "2026-27", 500).await;
        }
        cast.value_of_time("2026-27", "50.00").await;
        let first = cast.completed(&app, &one, ("100.00", "200.00"), ("50.00", "100.00")).await;
        app.advance(chrono::Duration::days(1));
        cast.renew(&app).await;
        let second = cast.running(&app, &one, ("30.00", "20.00")).await;
        cast.ended(&app, &second, ("20.00", "30.00")).await;
        cast.ended(&app, &second, ("10.00", "10.00")).await;
        cast.share(&one, &[(&first, 2_500), (&second, 7_500)]).await;
        let third = cast.completed(&app, &two, ("30.00", "20.00"), ("20.00", "10.00")).await;
        cast.publish(&first).await;
        cast.publish(&third).await;
        act(&cast.officer, &third, json!({"action": "unpublish", "reason": "x"})).await;
        let ask = async || {
            let mut answers = Vec::new();
            for who in [&app.anonymous(), &cast.officer.client] {
                for path in ["/v1/programme/tcv", "/v1/programme/savings?fiscal_year=2026-27"] {
                    answers.push(read(who, path).await);
                }
                for service in [&one, &two] {
                    answers.push(read(who, format!("/v1/services/{service}/tcv")).await);
                    answers.push(read(who, format!("/v1/services/{service}/savings?fiscal_year=2026-27")).await);
                }
            }
            answers
        };
        let followed = ask().await;
        assert_eq!(followed[0]["pilots"], 1, "the public sees the first");
        assert_eq!(followed[6]["pilots"], 3, "officials see all");
        connect(&app).batch_execute("DELETE FROM service_tcv; DELETE FROM pilot_effects;").unwrap();
        assert_eq!(ask().await[6]["pilots"], 0);
        crate::support::database::migrate(&app.database.url);
        assert_eq!(ask().await, followed, "made anew from pilots, measurements and shares");
    }

    async fn figures_read_one_entry_of_an_index_for_each_service(app: App) {
        let mut connection = connect(&app);
        if app.engine == Engine::Postgres {
            // On an empty table PostgreSQL would rather read all of it; told not to, it shows whether an index fits.
            connection.batch_execute("SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off; SET plan_cache_mode = force_generic_plan;").unwrap();
        }
        for scope in [Scope::Service(app.people.service), Scope::Sector("health".to_owned()), Scope::Programme] {
            let plan = crate::pilots::query_plans::plan(&mut connection, &statement(&scope));
            let (totals, volumes, services) = match app.engine {
                Engine::Sqlite => ("SEARCH t USING INDEX sqlite_autoindex_service_tcv_1 (service_id=? AND audience=? AND day<?)", "SEARCH v USING INDEX service_volumes_revisions (service_id=? AND fiscal_year=?)", "SEARCH s USING"),
                Engine::Postgres => ("Index Scan Backward using service_tcv_pkey", "Index Scan Backward using service_volumes_revisions", "using services_"),
            };
            assert!(plan.contains(totals) && plan.contains(volumes), "{plan}");
            assert!(!plan.contains("Sort") && !plan.contains("TEMP B-TREE"), "{plan}");
            assert!(scope == Scope::Programme || plan.contains(services), "{plan}");
            assert!(!plan.contains("pilots") && !plan.contains("measurements"), "{plan}");
        }
    }
}
