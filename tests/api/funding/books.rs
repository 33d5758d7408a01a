//! The books: the ledger as it is read, positions at any day, and the reconciliation, which finds what was forged.

use chrono::Duration;
use diesel::{QueryDsl, RunQueryDsl};
use innovation_pilots::{
    features::funding::ids::FundingRequestId,
    platform::{auth::Role, db::schema::funding_requests},
};
use serde_json::{Value, json};

use crate::support::{App, Engine, client::findings, funding_funds::*, funding_tranches::drawn_in};

/// A request as it is written to the database directly: what the rules of the round ask of requests is tested elsewhere.
#[derive(Clone, Copy, Default)]
pub struct Written {
    pub status: &'static str,
    pub awarded: Option<i64>,
}

/// Writes a request of a pilot to a round.
pub async fn written_request(app: &App, round: &Value, pilot: &Value, written: Written) -> FundingRequestId {
    let id = FundingRequestId::from(app.state.clock.new_uuid(app.state.clock.now()));
    let text = |record: &Value, name: &str| record[name].as_str().unwrap().to_owned();
    let awarded = written.awarded.map_or("NULL".to_owned(), |it| it.to_string());
    let at = "'2026-07-01 03:00:00'";
    app.sql(format!(
        "INSERT INTO funding_requests (id, reference, fund_id, round_id, pilot_id, status, requested, budget_lines, co_funding, \
         created_by, change_parts, eligibility_check, recommended, awarded, awarded_at, version, created_at, updated_at) \
         VALUES ('{id}', 'SIF-2026-{}', '{}', '{}', '{}', '{}', 10000000, '[]', '[]', '{}', '[]', 0, 10000000, {awarded}, \
         {at}, 1, {at}, {at});",
        &id.as_str()[30..],
        text(round, "fund_id"),
        text(round, "id"),
        text(pilot, "id"),
        written.status,
        text(&pilot["owner"], "id"),
    ))
    .await;
    id
}

impl App {
    pub async fn write_status(&self, request: &FundingRequestId, status: &str) {
        self.sql(format!("UPDATE funding_requests SET status = '{status}' WHERE id = '{request}';")).await;
    }

    pub async fn agreement_due_on(&self, request: &FundingRequestId) -> Option<String> {
        let id = *request;
        let found = self.state.db.read(move |connection| {
            let day: Option<chrono::NaiveDate> =
                funding_requests::table.find(id).select(funding_requests::agreement_due_on).first(connection)?;
            Ok(day.map(|day| day.to_string()))
        });
        found.await.unwrap()
    }

    /// Lets lines be changed that are never changed.
    async fn unguard(&self) {
        let statements = match self.engine {
            Engine::Sqlite => "DROP TRIGGER ledger_entries_not_changed;",
            Engine::Postgres => "ALTER TABLE ledger_entries DISABLE TRIGGER ledger_entries_not_changed;",
        };
        self.sql(statements.to_owned()).await;
    }
}

on_both_engines! {
    async fn the_books_are_closed_to_who_would_read_a_decision_about_themselves(app: App) {
        let (officer, finance, approver) = (app.fund_officer().await, app.finance_officer().await, app.fund_approver().await);
        let round = app.open_round(&officer, &finance, &approver, "2000000.00").await;
        let (owner, screener) = (app.owner().await, app.officer().await);
        let pilot = app.design(&owner, &screener).await;
        let inside = app.person("Inside", &[Role::FundOfficer, Role::Auditor], app.people.a2i).await;
        drawn_in(&app, &pilot, &inside).await;
        let fund = format!("/v1/funds/{}", round["fund_id"].as_str().unwrap());
        let lines = again(&inside, &format!("{fund}/ledger")).await;
        let books = [
            format!("{fund}/ledger"), format!("{fund}/position"), format!("{fund}/reconciliation"),
            format!("{}/position", round_path(&round)), format!("/v1/ledger-entries/{}", lines["items"][0]["id"].as_str().unwrap()),
        ];
        app.decide_round(&officer, &round).await;
        let asked = written_request(&app, &round, &pilot, Written { status: "panel", awarded: None }).await;
        for book in &books {
            inside.get(book).send().await.refused(403, "separation_of_duties");
            again(&officer, book).await;
        }
        inside.get("/v1/funding-exports/ledger").send().await.refused(403, "separation_of_duties");
        app.write_status(&asked, "declined").await;
        app.release_round(&officer, &round).await;
        for book in &books {
            again(&inside, book).await;
        }
    }

    async fn the_ledger_is_read_by_those_who_keep_it(app: App) {
        let (officer, finance, approver) = (app.fund_officer().await, app.finance_officer().await, app.fund_approver().await);
        let round = app.open_round(&officer, &finance, &approver, "2000000.00").await;
        app.allocate(&approver, &round, "1.50").await;
        let fund = round["fund_id"].as_str().unwrap();
        let ledger = format!("/v1/funds/{fund}/ledger");
        let all = finance.get(format!("{ledger}?include_total=true")).send().await.expect(200);
        let lines = all["items"].as_array().unwrap();
        let of = |name: &str| lines.iter().map(|line| line[name].clone()).collect::<Vec<_>>();
        assert_eq!(of("seq"), [1, 2, 3]);
        assert_eq!(of("kind"), ["capital_in", "allocate", "allocate"]);
        assert_eq!((&all["total"]["value"], &lines[2]["after"]["round_allocated"]), (&json!(3), &taka("2000001.50")));
        assert_eq!(lines[2]["after"]["request_committed"], json!(null));
        let first = officer.get(format!("{ledger}?limit=2")).send().await.expect(200);
        let rest = officer.get(format!("{ledger}?limit=2&cursor={}", first["next_cursor"].as_str().unwrap())).send().await.expect(200);
        assert_eq!((&rest["items"][0], &rest["next_cursor"]), (&lines[2], &json!(null)));
        let count = async |filter: &str| {
            let page = approver.get(format!("{ledger}?{filter}")).send().await.expect(200);
            page["items"].as_array().unwrap().len()
        };
        assert_eq!(count("kind=capital_in,refund").await, 1);
        assert_eq!(count(&format!("round_id={}", round["id"].as_str().unwrap())).await, 2);
        assert_eq!(count("request_id=01900000-0000-7000-8000-000000000000").await, 0);
        let one = format!("/v1/ledger-entries/{}", lines[0]["id"].as_str().unwrap());
        let read = app.auditor().await.get(&one).send().await;
        assert_eq!((read.etag(), &read.expect(200)), ("\"1\"".to_owned(), &lines[0]));
        let stranger = app.stranger().await;
        for place in [ledger, one, format!("/v1/funds/{fund}/position"), format!("/v1/funds/{fund}/reconciliation")] {
            stranger.get(&place).send().await.refused(403, "forbidden");
            app.anonymous().get(&place).send().await.refused(401, "unauthenticated");
        }
        officer.get("/v1/funds/01900000-0000-7000-8000-000000000000/ledger").send().await.refused(404, "not_found");
    }

    async fn a_position_is_of_any_day(app: App) {
        let (officer, finance, approver) = (app.fund_officer().await, app.finance_officer().await, app.fund_approver().await);
        let fund = app.fund(&officer).await;
        app.capital(&finance, &fund, "1000.00").await;
        let mut content = round_content(&app);
        content["closes_at"] = json!("2026-12-01T00:00:00Z");
        content["release_on"] = json!("2026-12-01");
        let round = app.round_with(&officer, &fund, content.clone()).await;
        let other = app.round_with(&officer, &fund, content).await;
        app.allocate(&approver, &round, "600.00").await;
        app.allocate(&approver, &other, "100.00").await;
        // Later that day in Dhaka, and on the next one: by people who log in anew.
        app.advance(Duration::hours(15));
        let finance = app.person("Finance Two", &[Role::FinanceOfficer], app.people.a2i).await;
        let approver = app.person("Approver Two", &[Role::FundApprover], app.people.a2i).await;
        app.capital(&finance, &fund, "500.00").await;
        app.allocate(&approver, &round, "50.00").await;
        let read = async |place: String| approver.get(place).send().await.expect(200);
        let now = read(format!("{}/position", fund_path(&fund))).await;
        let parts = |view: &Value| ["capital", "allocated", "unallocated", "available"].map(|name| view[name]["amount"].as_str().unwrap().to_owned());
        assert_eq!((parts(&now), &now["seq"], &now["as_of"]), (["1500.00", "750.00", "750.00", "750.00"].map(str::to_owned), &json!(5), &json!(null)));
        let then = read(format!("{}/position?as_of=2026-07-01", fund_path(&fund))).await;
        assert_eq!((parts(&then), &then["seq"]), (["1000.00", "700.00", "300.00", "700.00"].map(str::to_owned), &json!(3)));
        let before = read(format!("{}/position?as_of=2026-06-30", fund_path(&fund))).await;
        assert_eq!((parts(&before), &before["seq"]), (["0.00"; 4].map(str::to_owned), &json!(0)));
        let of_round = |day: &str| format!("{}/position?as_of={day}", round_path(&round));
        assert_eq!(read(of_round("2026-07-01")).await["allocated"], taka("600.00"));
        assert_eq!(read(of_round("2026-07-02")).await["available"], taka("650.00"));
        for (day, code) in [("2026-07-03", "in_the_future"), ("1999-01-01", "implausible"), ("today", "format")] {
            let refused = approver.get(of_round(day)).send().await.refused(400, "invalid_parameters");
            assert_eq!(findings(&refused), [format!("as_of {code}")]);
        }
    }

    async fn a_request_has_a_position_too(app: App) {
        let (officer, finance, approver) = (app.fund_officer().await, app.finance_officer().await, app.fund_approver().await);
        let (owner, programme, stranger) = (app.owner().await, app.officer().await, app.stranger().await);
        let round = app.open_round(&officer, &finance, &approver, "1000000.00").await;
        let pilot = app.published(&owner, &programme).await;
        let request = written_request(&app, &round, &pilot, Written { status: "waitlisted", ..Written::default() }).await;
        app.sql(format!("UPDATE funding_requests SET waitlisted_at = created_at WHERE id = '{request}';")).await;
        let place = format!("/v1/funding-requests/{request}/position");
        // Sealed: for nobody but the team, who is not told before the release.
        officer.get(&place).send().await.refused(404, "not_found");
        owner.get(&place).send().await.refused(403, "forbidden");
        app.decide_round(&officer, &round).await;
        assert_eq!(again(&finance, &place).await["reserved"], taka("0.00"));
        // More money for the round moves up who waits.
        app.allocate(&approver, &round, "1.00").await;
        let view = again(&finance, &place).await;
        assert_eq!((&view["reserved"], &view["committed"], &view["seq"]), (&taka("100000.00"), &taka("0.00"), &json!(4)));
        assert_eq!((&view["tranches"], &view["unproven"]), (&json!([]), &taka("0.00")));
        let books = again(&officer, &format!("/v1/funds/{}/reconciliation", round["fund_id"].as_str().unwrap())).await;
        assert_eq!((&books["agrees"], &books["lines"], &books["reserved"]), (&json!(true), &json!(4), &taka("100000.00")));
        let lines = again(&officer, &format!("/v1/funds/{}/ledger?request_id={request}", round["fund_id"].as_str().unwrap())).await;
        assert_eq!((&lines["items"][0]["kind"], &lines["items"][0]["actor_id"]), (&json!("reserve"), &json!(null)));
        stranger.get(&place).send().await.refused(404, "not_found");
        programme.get(&place).send().await.refused(403, "forbidden");
        app.anonymous().get(&place).send().await.refused(401, "unauthenticated");
        owner.get(&place).send().await.refused(403, "forbidden");
        app.write_status(&request, "declined").await;
        app.release_round(&officer, &round).await;
        assert_eq!(again(&owner, &place).await["reserved"], taka("100000.00"));
    }

    async fn the_reconciliation_names_what_was_forged(app: App) {
        let (officer, finance, approver) = (app.fund_officer().await, app.finance_officer().await, app.fund_approver().await);
        let round = app.open_round(&officer, &finance, &approver, "2000000.00").await;
        app.allocate(&approver, &round, "1.50").await;
        let fund = round["fund_id"].as_str().unwrap().to_owned();
        let place = format!("/v1/funds/{fund}/reconciliation");
        let books = again(&finance, &place).await;
        assert_eq!((&books["agrees"], &books["lines"], &books["disagreement"]), (&json!(true), &json!(3), &json!(null)));
        assert_eq!((&books["capital"], &books["allocated"]), (&taka("5000000.00"), &taka("2000001.50")));
        app.unguard().await;
        let forged = async |statement: &str| {
            app.sql(format!("UPDATE ledger_entries SET {statement} AND fund_id = '{fund}';")).await;
            let books = again(&finance, &place).await;
            assert_eq!(books["agrees"], json!(false));
            (books["disagreement"]["code"].as_str().unwrap().to_owned(), books["disagreement"]["seq"].as_i64().unwrap())
        };
        assert_eq!(forged("amount = 151 WHERE seq = 3").await, ("totals_differ".to_owned(), 3));
        assert_eq!(forged("fund_capital = 500000001 WHERE seq = 2").await, ("totals_differ".to_owned(), 2));
        assert_eq!(forged("amount = 1, fund_capital = 1 WHERE seq = 1").await, ("L1".to_owned(), 2));
        assert_eq!(forged("seq = 9 WHERE seq = 2").await, ("gap".to_owned(), 3));
        let bangla = finance.get(&place).bangla().send().await.expect(200);
        assert_eq!(bangla["disagreement"]["detail"], "এর আগে একটি ভুক্তি নেই।");
        let named = again(&finance, &format!("/v1/ledger-entries/{}", bangla["disagreement"]["entry_id"].as_str().unwrap())).await;
        assert_eq!(named["seq"], 3);
    }
}
