//! What a front end is told of a request: whether it can be decided on, its tranches be planned, it be signed and ended, and
//! what stands in the way; the same that the operations say.

use chrono::Duration;
use innovation_pilots::platform::auth::Role;
use serde_json::{Value, json};

use crate::support::{
    Client, builders::closed_on, client::findings, funding_reviews::request_path, funding_tranches::*,
};

/// The conditions that close an action on a request to someone, sorted.
async fn closed(who: &Client, request: &Value, action: &str) -> Vec<String> {
    closed_on(who, &request_path(request), action).await
}

const OPEN: [&str; 0] = [];

on_both_engines! {
    async fn planning_and_signing_say_what_stands_in_the_way(app: App) {
        let cast = app.cast_before_panel().await;
        let (officer, request) = (&cast.fund_officer, &cast.request);
        assert_eq!(closed(officer, request, "set_tranche_plan").await, ["not_awarded", "not_released"]);
        assert_eq!(closed(officer, request, "sign_agreement").await, ["transition_not_allowed"]);
        let before = cast.owner.get(format!("{}/actions", request_path(request))).send().await.expect(200);
        app.recommend(&cast, request).await;
        app.award(&cast, request).await;
        assert_eq!(closed(officer, request, "set_tranche_plan").await, ["not_released"]);
        assert_eq!(closed(officer, request, "sign_agreement").await, ["not_released", "plan_does_not_add_up"]);
        // The applicant is told nothing by it.
        let now = cast.owner.get(format!("{}/actions", request_path(request))).send().await.expect(200);
        let of = |all: &Value| -> Vec<Value> {
            let is_ours = |item: &&Value| [json!("set_tranche_plan"), json!("sign_agreement")].contains(&item["action"]);
            all["items"].as_array().unwrap().iter().filter(is_ours).cloned().collect()
        };
        assert_eq!(of(&now), of(&before));
        assert_eq!(closed(&cast.owner, request, "sign_agreement").await, ["transition_not_allowed"]);
        app.release_round(officer, &cast.round).await;
        assert_eq!(closed(officer, request, "set_tranche_plan").await, OPEN);
        for who in [officer, &cast.owner] {
            assert_eq!(closed(who, request, "sign_agreement").await, ["plan_does_not_add_up"]);
        }
        plan(&cast, two_halves()).await.expect(200);
        for who in [&cast.owner, &cast.deputy, &cast.officer, &cast.fund_approver, &cast.finance_officer] {
            assert_eq!(closed(who, request, "set_tranche_plan").await, ["forbidden"]);
        }
        for who in [&cast.deputy, &cast.officer, &cast.fund_approver, &cast.finance_officer] {
            assert_eq!(closed(who, request, "sign_agreement").await, ["forbidden"]);
        }
        for who in [officer, &cast.owner] {
            assert_eq!(closed(who, request, "sign_agreement").await, OPEN);
        }
        let file = attach(&cast.owner, "funding_request", request).await.expect(201);
        sign(officer, request, &file).await.expect(200);
        assert_eq!(closed(officer, request, "set_tranche_plan").await, ["already_signed"]);
        // A side corrects itself as long as it is alone.
        assert_eq!(closed(officer, request, "sign_agreement").await, OPEN);
        app.advance(Duration::days(31));
        let (late, owner) = (app.renewed(officer).await, app.renewed(&cast.owner).await);
        for who in [&late, &owner] {
            assert_eq!(closed(who, request, "sign_agreement").await, ["agreement_overdue"]);
            assert_eq!(findings(&sign(who, request, &file).await.refused(409, "conditions_unmet")), ["agreement_overdue"]);
        }
    }

    async fn in_force_it_is_neither_planned_nor_signed_again_nor_by_one_for_both(app: App) {
        let (cast, _) = app.cast_planned().await;
        let file = attach(&cast.owner, "funding_request", &cast.request).await.expect(201);
        let both = app.person("Both", &[Role::FundOfficer, Role::Innovator], app.people.land_office).await;
        sign(&both, &cast.request, &file).await.expect(200);
        // Who signed for the fund takes the pilot over.
        made_owner(&app, &cast.pilot, &both).await;
        assert_eq!(closed(&both, &cast.request, "sign_agreement").await, ["separation_of_duties"]);
        assert_eq!(closed(&both, &cast.request, "set_tranche_plan").await, ["separation_of_duties"]);
        // The previous owner stays as a member, who signs for nobody.
        assert_eq!(closed(&cast.owner, &cast.request, "sign_agreement").await, ["forbidden"]);
        assert_eq!(closed(&cast.fund_officer, &cast.request, "sign_agreement").await, OPEN);
    }

    async fn once_signed_the_plan_stands(app: App) {
        let (cast, _) = app.cast_signed().await;
        assert_eq!(closed(&cast.fund_officer, &cast.request, "set_tranche_plan").await, ["already_signed", "not_awarded"]);
        for who in [&cast.fund_officer, &cast.owner] {
            assert_eq!(closed(who, &cast.request, "sign_agreement").await, ["transition_not_allowed"]);
        }
    }

    async fn deciding_and_ending_too(app: App) {
        let cast = app.cast_before_panel().await;
        let (officer, approver, finance, request) = (&cast.fund_officer, &cast.fund_approver, &cast.finance_officer, &cast.request);
        assert_eq!(closed(officer, request, "recommend").await, OPEN);
        assert_eq!(closed(approver, request, "award").await, ["transition_not_allowed"]);
        assert_eq!(closed(approver, request, "waitlist").await, OPEN);
        let of_owner = async || cast.owner.get(format!("{}/actions", request_path(request))).send().await.expect(200);
        let before = of_owner().await;
        app.recommend(&cast, request).await;
        assert_eq!(closed(officer, request, "recommend").await, ["transition_not_allowed"]);
        for decision in ["award", "decline", "waitlist"] {
            assert_eq!(closed(approver, request, decision).await, OPEN, "{decision}");
            assert_eq!(closed(&cast.owner, request, decision).await, ["forbidden", "transition_not_allowed"], "{decision}");
        }
        assert_eq!(of_owner().await, before, "the applicant is told nothing by it");
        app.award(&cast, request).await;
        assert_eq!(closed(officer, request, "lapse").await, ["results_not_released"]);
        app.release_round(officer, &cast.round).await;
        assert_eq!(closed(officer, request, "lapse").await, ["agreement_not_overdue"]);
        assert_eq!(closed(approver, request, "terminate").await, ["transition_not_allowed"]);
        assert_eq!(closed(finance, request, "close").await, ["transition_not_allowed"]);
    }

    async fn a_second_approver_is_told_apart_from_the_first(app: App) {
        let cast = app.cast_before_panel().await;
        app.recommend(&cast, &cast.request).await;
        app.sql("UPDATE funding_rounds SET two_approvers_above = 1").await;
        app.award(&cast, &cast.request).await;
        assert_eq!(closed(&cast.fund_approver, &cast.request, "award").await, ["separation_of_duties"]);
        let second = app.second_fund_approver().await;
        assert_eq!(closed(&second, &cast.request, "award").await, OPEN);
    }

    async fn closing_names_what_is_left(app: App) {
        let (cast, _) = app.cast_paid().await;
        assert_eq!(closed(&cast.fund_approver, &cast.request, "terminate").await, OPEN);
        app.sql(format!("UPDATE funding_requests SET status = 'closing' WHERE id = '{}'", cast.request["id"].as_str().unwrap())).await;
        assert_eq!(closed(&cast.finance_officer, &cast.request, "close").await, ["report_missing", "tranche_left"]);
        assert_eq!(closed(&cast.owner, &cast.request, "close").await, ["forbidden"]);
    }
}
