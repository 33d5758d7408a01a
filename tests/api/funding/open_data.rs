//! Awards as open data, and the lists of the fund as tables.

use serde_json::{Value, json};

use super::books::{Written, written_request};
use innovation_pilots::platform::auth::Role;

use crate::support::{Client, client::findings, funding_funds::*, funding_reviews::assign, funding_tranches::drawn_in};

async fn text(who: &Client, place: &str) -> String {
    let answer = who.get(place).send().await;
    assert_eq!(answer.status, 200, "{place}");
    String::from_utf8(answer.body).unwrap()
}

on_both_engines! {
    async fn awards_are_public_once_released(app: App) {
        let (officer, finance, approver, anyone) = (app.fund_officer().await, app.finance_officer().await, app.fund_approver().await, app.anonymous());
        let (owner, programme) = (app.owner().await, app.officer().await);
        let round = app.open_round(&officer, &finance, &approver, "1000000.00").await;
        let (one, two, three) = (app.published(&owner, &programme).await, app.published(&owner, &programme).await, app.published(&owner, &programme).await);
        let award = |status| Written { status, awarded: Some(8_400_005) };
        let awarded = written_request(&app, &round, &one, award("active")).await;
        written_request(&app, &round, &two, award("lapsed")).await;
        written_request(&app, &round, &three, Written { status: "declined", awarded: None }).await;
        app.sql(format!("UPDATE funding_requests SET purpose_en = '=cmd()' WHERE id = '{awarded}';")).await;
        // Nobody is told before the release, in whatever form.
        app.decide_round(&officer, &round).await;
        assert_eq!(again(&anyone, "/v1/awards").await["items"], json!([]));
        for format in ["three_sixty_giving", "common_grants", "csv"] {
            assert!(!text(&anyone, &format!("/v1/awards/export?format={format}")).await.contains(awarded.as_str()), "{format}");
        }
        app.release_round(&officer, &round).await;
        let listed = again(&anyone, "/v1/awards?include_total=true").await;
        let item = &listed["items"][0];
        assert_eq!((&listed["total"]["value"], &item["id"], &item["amount"]), (&json!(1), &json!(awarded), &taka("84000.05")));
        assert_eq!((&item["pilot"]["reference"], &item["round"]["number"], &item["status"]), (&one["reference"], &json!(1), &json!("active")));
        assert_eq!((&item["organisation"]["name"]["en"], &item["district_codes"]), (&json!("Upazila Livestock Office"), &json!(["BD-28"])));
        assert_eq!(item["awarded_on"], "2026-07-01");
        let of = async |filter: String| again(&anyone, &format!("/v1/awards?{filter}")).await["items"].as_array().unwrap().len();
        assert_eq!(of(format!("round_id={}", round["id"].as_str().unwrap())).await, 1);
        assert_eq!(of(format!("fund_id={}", round["id"].as_str().unwrap())).await, 0);

        let package: Value = serde_json::from_str(&text(&anyone, "/v1/awards/export?format=three_sixty_giving").await).unwrap();
        let grant = &package["grants"][0];
        assert_eq!(package["grants"].as_array().unwrap().len(), 1);
        assert!(grant["id"].as_str().unwrap().starts_with("360G-bd-a2i-SIF-2026-"), "{grant}");
        assert_eq!((&grant["amountAwarded"], &grant["currency"], &grant["awardDate"]), (&json!(84000.05), &json!("BDT"), &json!("2026-07-01")));
        assert_eq!(grant["recipientOrganization"][0]["name"], "Upazila Livestock Office");
        assert_eq!((&grant["beneficiaryLocation"][0]["geoCode"], &grant["title"]), (&json!("BD-28"), &one["title"]["en"]));
        assert_eq!(grant["grantProgramme"][0]["title"], "Service Innovation Fund, round 1");
        assert_eq!((&package["publisher"]["identifier"], &grant["fromOpenCall"]), (&grant["fundingOrganization"][0]["id"], &json!("Yes")));
        let common = anyone.get("/v1/awards/export?format=common_grants").send().await.expect(200);
        assert_eq!((&common["opportunities"][0]["id"], &common["opportunities"][0]["status"]["value"]), (&round["id"], &json!("closed")));
        let award = &common["awards"][0];
        assert_eq!((&award["opportunity"]["id"], &award["funding"]["awardedAmount"]), (&round["id"], &taka("84000.05")));
        assert_eq!(award["status"], json!({"value": "custom", "customValue": "active"}));
        assert_eq!((&award["funders"]["primary"]["id"], &award["identifiers"]["otherIds"]["awd:bd:sif"]["id"]), (&round["fund_id"], &item["reference"]));
        assert_eq!((&award["keyDates"]["awardDate"]["date"], &award["recipientOrganizations"]["primary"]["name"]), (&json!("2026-07-01"), &json!("Upazila Livestock Office")));
        let csv = anyone.get("/v1/awards/export?format=csv").send().await;
        assert_eq!(csv.header("content-disposition"), Some("attachment; filename=\"awards.csv\""));
        let csv = String::from_utf8(csv.body).unwrap();
        assert_eq!(csv.lines().count(), 2);
        assert!(csv.contains("84000.05") && csv.contains(",'=cmd()\r\n"), "{csv}");
        let refused = anyone.get("/v1/awards/export?format=xml").send().await.refused(400, "invalid_parameters");
        assert_eq!(findings(&refused), ["format enum"]);
        anyone.get("/v1/awards/export").send().await.refused(400, "invalid_parameters");
    }

    async fn the_lists_of_the_fund_are_tables(app: App) {
        let (officer, finance, approver, anyone) = (app.fund_officer().await, app.finance_officer().await, app.fund_approver().await, app.anonymous());
        let (owner, programme) = (app.owner().await, app.officer().await);
        let round = app.open_round(&officer, &finance, &approver, "1000000.00").await;
        let pilot = app.published(&owner, &programme).await;
        let request = written_request(&app, &round, &pilot, Written { status: "panel", awarded: None }).await;
        let of = |list: &str| format!("/v1/funding-exports/{list}?fund_id={}", round["fund_id"].as_str().unwrap());
        let rounds = text(&anyone, &of("rounds")).await;
        assert!(rounds.starts_with("id,fund_id,number,") && rounds.contains("500000.00"), "{rounds}");
        // Sealed as long as requests come in.
        assert_eq!(text(&finance, &of("requests")).await.lines().count(), 1);
        app.decide_round(&officer, &round).await;
        let requests = text(&finance, &of("requests")).await;
        assert!(requests.contains(request.as_str()) && requests.contains(",panel,100000.00,100000.00,"), "{requests}");
        // Who is in the team is told no more for being staff.
        drawn_in(&app, &pilot, &approver).await;
        assert!(text(&approver, &of("requests")).await.contains(",under_review,100000.00,,"));
        let auditor = app.auditor().await;
        let ledger = text(&auditor, &of("ledger")).await;
        assert_eq!(ledger.lines().count(), 3);
        assert!(ledger.contains(",capital_in,capital_in,5000000.00,"), "{ledger}");
        for list in ["tranches", "expenditure_reports", "decisions", "reviews", "panel_meetings"] {
            assert_eq!(text(&officer, &of(list)).await.lines().count(), 1, "{list}");
        }
        let funds = text(&anyone, &of("funds")).await;
        assert!(funds.contains(",active,,5000000.00,4000000.00,"), "{funds}");
        assert_eq!(text(&anyone, &format!("/v1/funding-exports/funds?round_id={}", round["id"].as_str().unwrap())).await, funds);
        for list in ["panel_meetings", "requests", "decisions", "reviews", "tranches", "expenditure_reports", "ledger", "sources"] {
            anyone.get(of(list)).send().await.refused(401, "unauthenticated");
            programme.get(of(list)).send().await.refused(403, "forbidden");
        }
        officer.get("/v1/funding-exports/secrets").send().await.refused(404, "not_found");
    }

    async fn decisions_meetings_and_extensions_are_tables_too(app: App) {
        let cast = app.cast_before_panel().await;
        app.recommend(&cast, &cast.request).await;
        app.award(&cast, &cast.request).await;
        let of = |list: &str| format!("/v1/funding-exports/{list}?round_id={}", cast.round["id"].as_str().unwrap());
        let decisions = text(&cast.finance_officer, &of("decisions")).await;
        let lines: Vec<&str> = decisions.lines().collect();
        assert!(lines[1].contains(",recommend,panel,recommended,") && lines[2].contains(",award,recommended,awarded,"), "{decisions}");
        assert_eq!((lines.len(), lines[1].split(',').nth(6)), (3, lines[2].split(',').nth(6)));
        let meetings = text(&cast.finance_officer, &of("panel_meetings")).await;
        assert!(meetings.lines().nth(1).is_some_and(|line| line.contains(",true,")), "{meetings}");
        // Who is in the team of a pilot finds nothing of it, whatever else they are.
        drawn_in(&app, &cast.pilot, &cast.fund_approver).await;
        assert_eq!(text(&cast.fund_approver, &of("decisions")).await.lines().count(), 1);
        assert_eq!(text(&cast.fund_approver, &of("reviews")).await.lines().count(), 1);
        let extensions = text(&app.anonymous(), &of("round_extensions")).await;
        assert_eq!(extensions, "id,round_id,from_closes_at,to_closes_at,reason,created_at\r\n");
    }

    async fn reviewers_stay_blind_to_each_other_in_a_table(app: App) {
        let scene = app.funding_scene("1000000.00", &["300000.00"]).await;
        let request = &scene.requests[0];
        let both = app.person("Both", &[Role::Reviewer, Role::FundOfficer], app.people.land_office).await;
        let other = assign(&scene.fund_officer, request, &scene.reviewers[0]).await.expect(201);
        let own = assign(&scene.fund_officer, request, &both).await.expect(201);
        let id = |review: &Value| review["id"].as_str().unwrap().to_owned();
        let reviews = text(&scene.fund_officer, "/v1/funding-exports/reviews").await;
        assert!(reviews.lines().count() == 3 && reviews.contains(&id(&other)) && reviews.contains(",assigned,"), "{reviews}");
        // Whoever reviews it, and is a fund officer besides, finds their own alone.
        let found = text(&both, "/v1/funding-exports/reviews").await;
        assert!(found.contains(&id(&own)) && !found.contains(&id(&other)), "{found}");
        // Nor is anyone told why someone else took their place.
        app.sql("UPDATE funding_reviews SET status = 'replaced', replace_reason = 'Too slow.'").await;
        assert!(text(&scene.fund_officer, "/v1/funding-exports/reviews").await.contains("Too slow."));
        assert!(!text(&both, "/v1/funding-exports/reviews").await.contains("Too slow."));
    }

    async fn sources_are_of_no_fund(app: App) {
        let cast = app.cast_before_panel().await;
        let sources = text(&cast.finance_officer, "/v1/funding-exports/sources").await;
        assert!(sources.starts_with("id,pilot_id,pilot_reference,kind,"), "{sources}");
        let refused = cast.finance_officer.get(format!("/v1/funding-exports/sources?fund_id={}&round_id={}",
            cast.round["fund_id"].as_str().unwrap(), cast.round["id"].as_str().unwrap())).send().await.refused(400, "invalid_parameters");
        assert_eq!(findings(&refused), ["fund_id unexpected", "round_id unexpected"]);
    }
}
