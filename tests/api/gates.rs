//! The gates: how they stand, who decides, and what a refusal keeps.

use innovation_pilots::platform::auth::Role;
use serde_json::{Value, json};

use crate::support::{Client, Response, builders::*, client::findings};

/// A condition's result and its sentence in English and in Bangla.
async fn sentences(who: &Client, pilot: &Value, code: &str) -> (String, String, String) {
    let (result, english) = condition(who, pilot, code).await;
    let gate = if code.starts_with("G1.") { "execution" } else { "celebration" };
    let view = who.get(format!("{}/gates/{gate}", path(pilot))).bangla().send().await.expect(200);
    let found = view["conditions"].as_array().unwrap().iter().find(|it| it["code"] == code).unwrap();
    assert_eq!(found["result"], result);
    (result, english, found["detail"].as_str().unwrap().to_owned())
}

fn met(english: &str, bangla: &str) -> (String, String, String) {
    ("met".to_owned(), english.to_owned(), bangla.to_owned())
}

fn unmet(english: &str, bangla: &str) -> (String, String, String) {
    ("unmet".to_owned(), english.to_owned(), bangla.to_owned())
}

/// Proposes to pass gate 1 without a deputy.
async fn propose(officer: &Client, pilot: &Value) -> Response {
    let waivers = json!([{"code": "G1.TEAM", "reason": "She is on leave."}]);
    officer
        .post(format!("{}/gate-decisions", path(pilot)))
        .json(json!({"gate": "execution", "outcome": "pass", "waivers": waivers}))
        .send()
        .await
}

async fn command(who: &Client, decision: &Value, command: Value) -> Response {
    who.post(format!("{}/transitions", decision_path(decision))).if_match("*").json(command).send().await
}

on_both_engines! {
    async fn a_gate_is_read_by_whoever_sees_the_pilot(app: App) {
        let (owner, officer, stranger) = (app.owner().await, app.officer().await, app.stranger().await);
        let draft = app.draft(&owner).await;
        let gate = format!("{}/gates/execution", path(&draft));
        stranger.get(&gate).send().await.refused(404, "not_found");
        app.anonymous().get(&gate).send().await.refused(401, "unauthenticated");
        owner.get(format!("{}/gates/heaven", path(&draft))).send().await.refused(404, "not_found");
        let team = async || {
            let view = owner.get(&gate).send().await.expect(200);
            assert_eq!((&view["is_passed"], &view["open_decision_id"]), (&json!(false), &json!(null)));
            view["conditions"].as_array().unwrap().iter().find(|it| it["code"] == "G1.TEAM").unwrap()["result"].clone()
        };
        assert_eq!(team().await, "unmet");
        let deputy = app.person("Deputy", &[Role::Innovator], app.people.livestock_office).await;
        join(&owner, &draft, &deputy, "deputy").await;
        assert_eq!(team().await, "met");
        officer.post(format!("{}/gate-decisions", path(&draft))).json(json!({"gate": "execution", "outcome": "pass"})).send().await.refused(409, "transition_not_allowed");
    }

    async fn a_refusal_leaves_the_pilot_and_keeps_the_conditions(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let pilot = app.design(&owner, &officer).await;
        let decisions = format!("{}/gate-decisions", path(&pilot));
        let refusal = json!({"gate": "execution", "outcome": "refuse", "reason": "The plan is thin."});
        owner.post(&decisions).json(refusal.clone()).send().await.refused(403, "forbidden");
        let bare = json!({"gate": "execution", "outcome": "refuse", "waivers": [{"code": "G1.TEAM", "reason": "Soon."}]});
        let problem = officer.post(&decisions).json(bare).send().await.refused(422, "validation_failed");
        assert_eq!(findings(&problem), ["#/reason required", "#/waivers not_allowed"]);
        let answer = officer.post(&decisions).json(refusal).send().await;
        let decision = answer.expect(201);
        assert_eq!(answer.header("location").unwrap(), format!("/v1/gate-decisions/{}", decision["id"].as_str().unwrap()));
        assert_eq!((&decision["status"], &decision["allowed_actions"]), (&json!("confirmed"), &json!([])));
        assert!(decision["conditions"].as_array().unwrap().iter().any(|it| it["code"] == "G1.TEAM" && it["result"] == "unmet"));
        assert_eq!(officer.get(path(&pilot)).send().await.expect(200)["status"], "design");
        let found = owner.get(answer.header("location").unwrap()).send().await.expect(200);
        assert_eq!(owner.get(&decisions).send().await.expect(200)["items"], json!([found]));
    }

    async fn a_pass_names_every_unmet_condition_and_every_wrong_waiver(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let pilot = app.design(&owner, &officer).await;
        let decide = officer.post(format!("{}/gate-decisions", path(&pilot)));
        let unmet = decide.json(json!({"gate": "execution", "outcome": "pass"})).send().await.refused(409, "conditions_unmet");
        assert!(findings(&unmet).contains(&"G1.TEAM".to_owned()));
        let waive = |code: &str| json!({"code": code, "reason": "So be it."});
        let waivers = json!([waive("G1.TEAM"), waive("G9.NONE"), waive("G1.TEAM")]);
        let decide = officer.post(format!("{}/gate-decisions", path(&pilot)));
        let wrong = decide.json(json!({"gate": "execution", "outcome": "pass", "waivers": waivers})).send().await;
        assert_eq!(
            findings(&wrong.refused(422, "validation_failed")),
            ["#/waivers/1/code unknown_condition", "#/waivers/2/code duplicate"]
        );
    }

    async fn every_condition_of_gate_1_is_unmet_and_then_met_in_both_languages(app: App) {
        let (owner, officer, deputy) = (app.owner().await, app.officer().await, app.deputy().await);
        let pilot = app.design(&owner, &officer).await;
        let says = async |code: &str| sentences(&owner, &pilot, code).await;
        assert_eq!(says("G1.TEAM").await, unmet("No deputy is named.", "কোনো সহকারীর নাম দেওয়া হয়নি।"));
        join(&owner, &pilot, &deputy, "deputy").await;
        assert_eq!(says("G1.TEAM").await, met("An owner and a deputy are named.", "স্বত্বাধিকারী ও সহকারীর নাম দেওয়া আছে।"));

        let no_baseline = ("No baseline of the pilot's service is verified.", "পাইলটের সেবার কোনো প্রারম্ভিক পরিমাপ যাচাই করা হয়নি।");
        let no_plan = ("No submitted plan sets targets for time, cost and visits.", "জমা দেওয়া কোনো পরিকল্পনায় সময়, খরচ ও যাতায়াতের লক্ষ্যমাত্রা নেই।");
        let both = unmet(&format!("{} {}", no_baseline.0, no_plan.0), &format!("{} {}", no_baseline.1, no_plan.1));
        assert_eq!(says("G1.TCV_BASELINE").await, both);
        app.measured(&owner, &officer, &pilot, "baseline").await;
        assert_eq!(says("G1.TCV_BASELINE").await, unmet(no_plan.0, no_plan.1));

        assert_eq!(says("G1.FUNDED").await, unmet("No plan version is submitted, so there is no budget to cover.", "কোনো পরিকল্পনা জমা দেওয়া হয়নি, তাই বাজেট নেই।"));
        assert_eq!(says("G1.PLAN").await, unmet("No plan version is submitted.", "কোনো পরিকল্পনা জমা দেওয়া হয়নি।"));
        let mut content = plan_content(&owner);
        content["tcv_targets"] = json!({"time_minutes": "30.00"});
        let plan = owner.post(format!("{}/plans", path(&pilot))).json(content).send().await.expect(201);
        assert_eq!(says("G1.PLAN").await.0, "unmet", "a draft is not enough");
        step(&owner, &plan_path(&plan), json!({"action": "submit"})).await;
        assert_eq!(says("G1.PLAN").await, met("A plan version is submitted.", "একটি পরিকল্পনা জমা দেওয়া আছে।"));
        assert_eq!(says("G1.TCV_BASELINE").await, unmet("The current plan sets no target for: cost, visits.", "বর্তমান পরিকল্পনায় লক্ষ্যমাত্রা নেই: খরচ, যাতায়াত।"));
        let plan = app.planned(&owner, &pilot).await;
        assert_eq!(
            says("G1.TCV_BASELINE").await,
            met(
                "A baseline with a sufficient sample is verified, and the plan sets targets for time, cost and visits.",
                "যথেষ্ট নমুনার প্রারম্ভিক পরিমাপ যাচাই করা আছে, এবং পরিকল্পনায় সময়, খরচ ও যাতায়াতের লক্ষ্যমাত্রা আছে।"
            )
        );
        assert_eq!(
            says("G1.FUNDED").await,
            unmet(
                "Confirmed sources give 0.00 taka and signed awards 0.00 taka of a budget of 100000.00 taka; 100000.00 taka are missing.",
                "বাজেট ১০০০০০.০০ টাকা; নিশ্চিত উৎস থেকে ০.০০ টাকা এবং স্বাক্ষরিত অনুদান থেকে ০.০০ টাকা; ঘাটতি ১০০০০০.০০ টাকা।"
            )
        );
        app.funded(&owner, &officer, &pilot, &plan).await;
        assert_eq!(says("G1.FUNDED").await.0, "met");
    }

    async fn every_condition_of_gate_2_is_unmet_and_then_met_in_both_languages(app: App) {
        let (owner, officer, deputy) = (app.owner().await, app.officer().await, app.deputy().await);
        let waiting = app.design(&owner, &officer).await;
        assert_eq!(sentences(&owner, &waiting, "G2.MILESTONES").await, unmet("No plan version is in force.", "কোনো পরিকল্পনা কার্যকর নেই।"));
        let pilot = app.in_execution(&owner, Some(&deputy), &officer).await;
        let says = async |code: &str| sentences(&owner, &pilot, code).await;

        assert_eq!(says("G2.MILESTONES").await, unmet("Mandatory milestones still open: 1.", "আবশ্যিক মাইলফলক বাকি: ১টি।"));
        let milestone = milestone_path(&app.plan_in_force(&owner, &pilot).await["milestones"][0]);
        step(&officer, &milestone, json!({"action": "waive", "reason": "The flood."})).await;
        assert_eq!(says("G2.MILESTONES").await.0, "met", "a waived one is let go");
        step(&owner, &milestone, json!({"action": "reopen"})).await;
        assert_eq!(says("G2.MILESTONES").await.0, "unmet");
        step(&owner, &milestone, json!({"action": "complete", "done_on": "2026-07-01", "evidence": "List."})).await;
        assert_eq!(says("G2.MILESTONES").await, met("All mandatory milestones are done or waived.", "সব আবশ্যিক মাইলফলক সম্পন্ন অথবা মওকুফ।"));

        assert_eq!(says("G2.TCV_ENDLINE").await, unmet("No endline of the pilot's service is verified.", "পাইলটের সেবার কোনো সমাপনী পরিমাপ যাচাই করা হয়নি।"));
        app.measured(&owner, &officer, &pilot, "endline").await;
        assert_eq!(
            says("G2.TCV_ENDLINE").await,
            met("An endline by the baseline's method is verified, and it was taken late enough.", "প্রারম্ভিক পরিমাপের একই পদ্ধতিতে সমাপনী পরিমাপ যাচাই করা আছে, এবং তা যথেষ্ট পরে নেওয়া।")
        );

        let report = async |change: Value| owner.patch(format!("{}/final-report", path(&pilot))).if_match("*").merge(change).send().await.expect(200);
        assert_eq!(
            says("G2.LESSONS").await,
            unmet(
                "The final report lacks: what worked, what did not, cost per transaction, what replication needs.",
                "চূড়ান্ত প্রতিবেদনে নেই: কী কাজ করেছে, কী কাজ করেনি, প্রতি সেবার খরচ, পুনরাবৃত্তির চাহিদা।"
            )
        );
        report(json!({"what_worked": {"en": "Much."}, "what_did_not": {"bn": "কিছু।"}, "cost_per_transaction": {"amount": "0.00", "currency": "BDT"}})).await;
        assert_eq!(says("G2.LESSONS").await, unmet("The final report lacks: what replication needs.", "চূড়ান্ত প্রতিবেদনে নেই: পুনরাবৃত্তির চাহিদা।"));
        report(json!({"replication_needs": {"en": "A boat."}})).await;
        assert_eq!(says("G2.LESSONS").await, met("The final report is complete.", "চূড়ান্ত প্রতিবেদন সম্পূর্ণ।"));

        let both = unmet("The public summary is needed in Bangla and in English.", "জনসাধারণের জন্য সারসংক্ষেপ বাংলা ও ইংরেজি উভয় ভাষায় প্রয়োজন।");
        assert_eq!(says("G2.PUBLIC").await, both);
        report(json!({"public_summary": {"en": "Close by."}})).await;
        assert_eq!(says("G2.PUBLIC").await, both, "one language is not enough");
        report(json!({"public_summary": {"bn": "কাছেই।"}})).await;
        assert_eq!(says("G2.PUBLIC").await, met("The public summary is there in Bangla and in English.", "জনসাধারণের জন্য সারসংক্ষেপ বাংলা ও ইংরেজিতে আছে।"));
    }

    async fn a_waiver_needs_a_second_person(app: App) {
        let (owner, one, two) = (app.owner().await, app.officer().await, app.second_officer().await);
        let pilot = app.at_gate_one(&owner, None, &one).await;
        let proposed = propose(&one, &pilot).await.expect(201);
        assert_eq!((&proposed["status"], &proposed["allowed_actions"]), (&json!("proposed"), &json!(["withdraw"])));
        let of_team = proposed["conditions"].as_array().unwrap().iter().find(|it| it["code"] == "G1.TEAM").unwrap();
        assert_eq!((&of_team["result"], &proposed["waivers"][0]["reason"]), (&json!("waived"), &json!("She is on leave.")));
        assert_eq!(owner.get(path(&pilot)).send().await.expect(200)["status"], "design", "nothing moves yet");
        let gate = owner.get(format!("{}/gates/execution", path(&pilot))).send().await.expect(200);
        assert_eq!(gate["open_decision_id"], proposed["id"]);
        // The same officer does not confirm, nor turn down, what they proposed; the owner decides nothing.
        command(&one, &proposed, json!({"action": "confirm"})).await.refused(403, "separation_of_duties");
        assert_eq!(closed_on(&one, &decision_path(&proposed), "confirm").await, ["separation_of_duties"]);
        assert_eq!(closed_on(&owner, &decision_path(&proposed), "confirm").await, ["forbidden"]);
        command(&one, &proposed, json!({"action": "reject", "reason": "No."})).await.refused(403, "separation_of_duties");
        command(&owner, &proposed, json!({"action": "confirm"})).await.refused(403, "forbidden");
        command(&two, &proposed, json!({"action": "withdraw"})).await.refused(403, "forbidden");
        let insider = app.person("Insider", &[Role::ProgrammeOfficer], app.people.a2i).await;
        join(&owner, &pilot, &insider, "member").await;
        command(&insider, &proposed, json!({"action": "confirm"})).await.refused(403, "separation_of_duties");
        // There is one open proposal at a time.
        propose(&two, &pilot).await.refused(409, "already_exists");
        two.post(format!("{}/transitions", decision_path(&proposed))).json(json!({"action": "confirm"})).send().await.refused(428, "if_match_required");
        let confirmed = command(&two, &proposed, json!({"action": "confirm"})).await.expect(200);
        assert_eq!((&confirmed["status"], &confirmed["confirmed_by"], &confirmed["allowed_actions"]), (&json!("confirmed"), &json!(two.id), &json!([])));
        assert_eq!(owner.get(path(&pilot)).send().await.expect(200)["status"], "in_execution");
        command(&two, &proposed, json!({"action": "reject", "reason": "Too late."})).await.refused(409, "transition_not_allowed");
    }

    async fn a_proposal_is_turned_down_or_taken_back(app: App) {
        let (owner, one, two) = (app.owner().await, app.officer().await, app.second_officer().await);
        let pilot = app.at_gate_one(&owner, None, &one).await;
        let proposed = propose(&one, &pilot).await.expect(201);
        let problem = command(&two, &proposed, json!({"action": "reject"})).await.refused(422, "validation_failed");
        assert_eq!(findings(&problem), ["#/reason required"]);
        let rejected = command(&two, &proposed, json!({"action": "reject", "reason": "Name one."})).await.expect(200);
        assert_eq!((&rejected["status"], &rejected["confirmation_reason"]), (&json!("rejected"), &json!("Name one.")));
        let proposed = propose(&one, &pilot).await.expect(201);
        let withdrawn = command(&one, &proposed, json!({"action": "withdraw"})).await.expect(200);
        assert_eq!(withdrawn["status"], "withdrawn");
        command(&two, &proposed, json!({"action": "confirm"})).await.refused(409, "transition_not_allowed");
        assert_eq!(owner.get(path(&pilot)).send().await.expect(200)["status"], "design");
    }

    async fn whoever_belongs_to_the_team_decides_nothing_by_another_role(app: App) {
        let both = [Role::Innovator, Role::ProgrammeOfficer];
        let owner = app.person("Mighty Owner", &both, app.people.land_office).await;
        let deputy = app.person("Mighty Deputy", &both, app.people.land_office).await;
        let officer = app.officer().await;
        let pilot = app.at_gate_one(&owner, Some(&deputy), &officer).await;
        let pass = json!({"gate": "execution", "outcome": "pass"});
        for who in [&owner, &deputy] {
            who.post(format!("{}/gate-decisions", path(&pilot))).json(pass.clone()).send().await.refused(403, "separation_of_duties");
            let refuse = json!({"gate": "execution", "outcome": "refuse", "reason": "No."});
            who.post(format!("{}/gate-decisions", path(&pilot))).json(refuse).send().await.refused(403, "separation_of_duties");
        }
        app.stranger().await.post(format!("{}/gate-decisions", path(&pilot))).json(pass).send().await.refused(403, "forbidden");
        assert_eq!(owner.get(format!("{}/gate-decisions", path(&pilot))).send().await.expect(200)["items"], json!([]));
    }

    async fn what_can_never_be_waived_is_not_waived(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let pilot = app.design(&owner, &officer).await;
        let waive = |code: &str| json!({"code": code, "reason": "So be it."});
        let attempt = async |waivers: Value| {
            let body = json!({"gate": "execution", "outcome": "pass", "waivers": waivers});
            findings(&officer.post(format!("{}/gate-decisions", path(&pilot))).json(body).send().await.refused(422, "validation_failed"))
        };
        assert_eq!(
            attempt(json!([waive("G1.TEAM"), waive("G1.PLAN"), waive("G1.TCV_BASELINE"), waive("G1.TEAM"), waive("G2.MILESTONES")])).await,
            ["#/waivers/1/code not_waivable", "#/waivers/2/code not_waivable", "#/waivers/3/code duplicate", "#/waivers/4/code unknown_condition"]
        );
        assert_eq!(attempt(json!([{"code": "G1.TEAM"}])).await, ["#/waivers/0/reason required"]);
        assert_eq!(attempt(json!([{"code": "G1.TEAM", "reason": " ", "by": 1}])).await, ["#/waivers/0/by unknown_field", "#/waivers/0/reason min_length"]);
        join(&owner, &pilot, &app.deputy().await, "deputy").await;
        assert_eq!(attempt(json!([waive("G1.TEAM")])).await, ["#/waivers/0/code not_unmet"]);
    }

    async fn what_changed_since_the_proposal_is_decided_anew(app: App) {
        let (owner, one, two) = (app.owner().await, app.officer().await, app.second_officer().await);
        let pilot = app.at_gate_one(&owner, None, &one).await;
        let proposed = propose(&one, &pilot).await.expect(201);
        app.planned(&owner, &pilot).await;
        command(&two, &proposed, json!({"action": "confirm"})).await.refused(409, "conflict");
        command(&one, &proposed, json!({"action": "withdraw"})).await.expect(200);
        // A deputy came: the waiver has lost its object.
        let proposed = propose(&one, &pilot).await.expect(201);
        join(&owner, &pilot, &app.deputy().await, "deputy").await;
        let problem = command(&two, &proposed, json!({"action": "confirm"})).await.refused(409, "conditions_unmet");
        assert_eq!(findings(&problem), ["G1.TEAM"]);
        assert_eq!(owner.get(path(&pilot)).send().await.expect(200)["status"], "design");
        assert_eq!(owner.get(decision_path(&proposed)).send().await.expect(200)["status"], "proposed");
        // Nor does it hold for a pilot that has gone another way: it is closed with it.
        let open = async || owner.get(format!("{}/gates/execution", path(&pilot))).send().await.expect(200)["open_decision_id"].clone();
        assert_eq!(open().await, proposed["id"]);
        act(&owner, &pilot, json!({"action": "withdraw", "reason": "Transferred."})).await;
        command(&two, &proposed, json!({"action": "confirm"})).await.refused(409, "transition_not_allowed");
        assert_eq!(open().await, json!(null));
        let closed = owner.get(decision_path(&proposed)).send().await.expect(200);
        assert_eq!((&closed["status"], &closed["allowed_actions"], &closed["confirmed_by"]), (&json!("withdrawn"), &json!([]), &json!(owner.id)));
    }

    async fn of_two_officers_who_confirm_at_once_one_wins(app: App) {
        let (owner, first, one) = (app.owner().await, app.officer().await, app.second_officer().await);
        let two = app.person("Third Officer", &[Role::ProgrammeOfficer], app.people.a2i).await;
        for _ in 0..3 {
            let pilot = app.at_gate_one(&owner, None, &first).await;
            let proposed = propose(&first, &pilot).await.expect(201);
            let confirm = json!({"action": "confirm"});
            let (left, right) = futures_util::future::join(command(&one, &proposed, confirm.clone()), command(&two, &proposed, confirm)).await;
            let mut outcomes = [left.status.as_u16(), right.status.as_u16()];
            outcomes.sort_unstable();
            assert_eq!(outcomes, [200, 409]);
            let winner = if left.status == 200 { &one } else { &two };
            assert_eq!(owner.get(decision_path(&proposed)).send().await.expect(200)["confirmed_by"], json!(winner.id));
            let history = owner.get(format!("{}/transitions", path(&pilot))).send().await.expect(200);
            let moves = history["items"].as_array().unwrap().iter().filter(|it| it["action"] == "start_execution").count();
            assert_eq!(moves, 1);
        }
    }

    async fn of_two_officers_who_pass_at_once_one_wins(app: App) {
        let (owner, one, two, deputy) = (app.owner().await, app.officer().await, app.second_officer().await, app.deputy().await);
        let pilot = app.at_gate_one(&owner, Some(&deputy), &one).await;
        let pass = |who: &Client| who.post(format!("{}/gate-decisions", path(&pilot))).json(json!({"gate": "execution", "outcome": "pass"})).send();
        let (left, right) = futures_util::future::join(pass(&one), pass(&two)).await;
        let mut outcomes = [left.status.as_u16(), right.status.as_u16()];
        outcomes.sort_unstable();
        assert_eq!(outcomes, [201, 409]);
        assert_eq!(owner.get(format!("{}/gate-decisions", path(&pilot))).send().await.expect(200)["items"].as_array().unwrap().len(), 1);
    }

    async fn a_gate_that_is_not_at_hand_is_not_passed(app: App) {
        let (owner, officer, deputy) = (app.owner().await, app.officer().await, app.deputy().await);
        let attempt = async |pilot: &Value, gate: &str| {
            for body in [json!({"gate": gate, "outcome": "pass"}), json!({"gate": gate, "outcome": "refuse", "reason": "No."})] {
                officer.post(format!("{}/gate-decisions", path(pilot))).json(body).send().await.refused(409, "transition_not_allowed");
            }
        };
        let screening = app.screening(&owner, &officer).await;
        attempt(&screening, "execution").await;
        let pilot = app.at_gate_one(&owner, Some(&deputy), &officer).await;
        attempt(&pilot, "celebration").await;
        app.pass(&officer, &pilot, "execution").await;
        attempt(&pilot, "execution").await;
        act(&officer, &pilot, json!({"action": "hold", "reason": "Flood.", "review_on": "2026-08-01"})).await;
        attempt(&pilot, "celebration").await;
    }

    async fn a_decision_keeps_what_it_was_taken_on(app: App) {
        let (owner, officer, deputy) = (app.owner().await, app.officer().await, app.deputy().await);
        let pilot = app.at_gate_one(&owner, Some(&deputy), &officer).await;
        let gate = owner.get(format!("{}/gates/execution", path(&pilot))).send().await.expect(200);
        let decision = app.pass(&officer, &pilot, "execution").await;
        assert_eq!(decision["conditions"], gate["conditions"]);
        owner.delete(format!("{}/members/{}", path(&pilot), deputy.id)).if_match("*").send().await.expect(204);
        assert_eq!(condition(&owner, &pilot, "G1.TEAM").await.0, "unmet");
        let kept = owner.get(decision_path(&decision)).send().await.expect(200);
        assert_eq!(kept["conditions"], gate["conditions"]);
        let bangla = owner.get(decision_path(&decision)).bangla().send().await.expect(200);
        let team = bangla["conditions"].as_array().unwrap().iter().find(|it| it["code"] == "G1.TEAM").unwrap().clone();
        assert_eq!((&team["result"], &team["detail"]), (&json!("met"), &json!("স্বত্বাধিকারী ও সহকারীর নাম দেওয়া আছে।")));
    }

    async fn decisions_are_for_whoever_sees_the_pilot(app: App) {
        let (owner, officer, stranger) = (app.owner().await, app.officer().await, app.stranger().await);
        let pilot = app.at_gate_one(&owner, None, &officer).await;
        let proposed = propose(&officer, &pilot).await.expect(201);
        let draft = app.draft(&owner).await;
        stranger.get(format!("{}/gate-decisions", path(&draft))).send().await.refused(404, "not_found");
        // Who is no officer is told so before anything is looked up: the answer is the same for what does not exist.
        for pilot in [path(&draft), "/v1/pilots/0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e".to_owned()] {
            stranger.post(format!("{pilot}/gate-decisions")).json(json!({"nonsense": 1})).send().await.refused(403, "forbidden");
        }
        let seen = stranger.get(decision_path(&proposed)).send().await.expect(200);
        assert_eq!(seen["allowed_actions"], json!([]));
        stranger.get("/v1/gate-decisions/0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e").send().await.refused(404, "not_found");
        app.anonymous().get(decision_path(&proposed)).send().await.refused(401, "unauthenticated");
    }
}
