//! Payments that meet: of several at once one is recorded, whoever sends them.

use futures_util::future::join_all;
use innovation_pilots::platform::auth::Role;
use serde_json::json;

use crate::support::{builders::*, funding_funds::taka, funding_reviews::request_path, funding_tranches::*};

on_both_engines! {
    async fn of_two_payments_of_one_tranche_one_wins(app: App) {
        let (cast, tranches) = app.cast_signed().await;
        step(&cast.owner, &tranche_path(&tranches[0]), json!({"action": "request"})).await;
        let approved = step(&cast.fund_approver, &tranche_path(&tranches[0]), json!({"action": "approve"})).await;
        let second = app.person("Second Finance", &[Role::FinanceOfficer], app.people.a2i).await;
        let all = [&cast.finance_officer, &second, &cast.finance_officer, &second];
        let answers = join_all(all.map(|who| disburse(&app, who, &approved))).await;
        let won = answers.iter().filter(|answer| answer.status.as_u16() == 200).count();
        assert_eq!(won, 1, "{:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
        assert!(answers.iter().all(|answer| [200, 409, 412].contains(&answer.status.as_u16())));
        let ledger = format!("/v1/funds/{}/ledger?limit=100", cast.round["fund_id"].as_str().unwrap());
        let lines = cast.fund_officer.get(ledger).send().await.expect(200);
        let paid: Vec<_> = lines["items"].as_array().unwrap().iter().filter(|line| line["kind"] == "disburse").collect();
        assert_eq!((paid.len(), &paid[0]["amount"]), (1, &taka("50000.00")));
        let replay = format!("/v1/funds/{}/reconciliation", cast.round["fund_id"].as_str().unwrap());
        assert_eq!(cast.fund_officer.get(replay).send().await.expect(200)["agrees"], true);
    }

    async fn one_key_sent_many_times_at_once_pays_once(app: App) {
        let (cast, tranches) = app.cast_signed().await;
        step(&cast.owner, &tranche_path(&tranches[0]), json!({"action": "request"})).await;
        let approved = step(&cast.fund_approver, &tranche_path(&tranches[0]), json!({"action": "approve"})).await;
        let body = json!({"payment_reference": "BEFTN-1", "paid_on": app.today()});
        let pay = || {
            let place = format!("{}/disbursement", tranche_path(&approved));
            cast.finance_officer.post(place).if_match(version(&approved)).key("pay-once").json(body.clone()).send()
        };
        let answers = join_all((0..5).map(|_| pay())).await;
        for answer in &answers {
            // The first, its answer once more, or: it is still being worked on.
            match answer.status.as_u16() {
                200 => {}
                _ => drop(answer.refused(409, "idempotency_key_in_use")),
            }
        }
        assert_eq!(pay().await.header("idempotent-replayed"), Some("true"));
        let position = format!("{}/position", request_path(&cast.request));
        let position = cast.fund_officer.get(position).send().await.expect(200);
        assert!(position.to_string().contains("50000.00"), "{position}");
        let ledger = format!("/v1/funds/{}/ledger?limit=100", cast.round["fund_id"].as_str().unwrap());
        let lines = cast.fund_officer.get(ledger).send().await.expect(200);
        assert_eq!(lines["items"].as_array().unwrap().iter().filter(|line| line["kind"] == "disburse").count(), 1);
    }
}
