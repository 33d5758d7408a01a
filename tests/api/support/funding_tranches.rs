//! Awards brought to their agreement, their payments and their reports, by the people of the fund.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use innovation_pilots::platform::db::schema::funding_requests;
use serde_json::{Value, json};

use super::{
    App, Client, Response,
    builders::{join, path, plan_content, plan_path, step},
    funding_funds::taka,
    funding_reviews::{Scene, checked, handed_in, request_path},
    people::Person,
};

/// What every attached file is.
pub const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";

/// A pilot in design and everyone who has to do with its money.
pub struct Cast {
    pub owner: Person,
    pub deputy: Person,
    pub officer: Person,
    pub fund_officer: Person,
    pub fund_approver: Person,
    pub finance_officer: Person,
    pub pilot: Value,
    pub round: Value,
    /// The funding request: its `id`.
    pub request: Value,
}

pub fn tranche_path(tranche: &Value) -> String {
    format!("/v1/tranches/{}", tranche["id"].as_str().unwrap())
}

pub fn report_path(report: &Value) -> String {
    format!("/v1/expenditure-reports/{}", report["id"].as_str().unwrap())
}

/// Two halves of 100,000 taka; the second for the first milestone.
pub fn two_halves() -> Value {
    json!({"tranches": [
        {"amount": taka("50000.00"), "planned_on": "2026-10-01", "milestones": []},
        {"amount": taka("50000.00"), "planned_on": "2026-12-01", "milestones": [1]}
    ]})
}

/// Someone is in a team who handles requests: they came before there was one, or got their role later. Nobody is taken in
/// like that while it is under way.
pub async fn drawn_in(app: &App, pilot: &Value, person: &Person) {
    let pilot = pilot["id"].as_str().unwrap();
    let row = format!("('{pilot}', '{}', 'member', '2026-07-01 03:00:00')", person.id);
    app.sql(format!("INSERT INTO pilot_members (pilot_id, user_id, role, added_at) VALUES {row}")).await;
}

/// Someone who handles requests owns the pilot, as [`drawn_in`].
pub async fn made_owner(app: &App, pilot: &Value, person: &Person) {
    drawn_in(app, pilot, person).await;
    let (pilot, person) = (pilot["id"].as_str().unwrap(), person.id);
    let statements = [
        format!("UPDATE pilot_members SET role = 'member' WHERE pilot_id = '{pilot}' AND role = 'owner'"),
        format!("UPDATE pilot_members SET role = 'owner' WHERE pilot_id = '{pilot}' AND user_id = '{person}'"),
        format!("UPDATE pilots SET owner_id = '{person}' WHERE id = '{pilot}'"),
    ];
    app.sql(statements.join("; ")).await;
}

impl App {
    /// Someone's day.
    pub fn today(&self) -> String {
        self.state.clock.now().day_in_dhaka().to_string()
    }

    /// Before the panel: 100,000 taka are asked for, on the plan of a pilot that stands before gate 1.
    pub async fn cast_before_panel(&self) -> Cast {
        let (owner, deputy, officer) = (self.owner().await, self.deputy().await, self.officer().await);
        let (fund_officer, fund_approver) = (self.fund_officer().await, self.fund_approver().await);
        let finance_officer = self.finance_officer().await;
        let round = self.open_round(&fund_officer, &finance_officer, &fund_approver, "450000.00").await;
        let pilot = self.design(&owner, &officer).await;
        join(&owner, &pilot, &deputy, "deputy").await;
        self.measured(&owner, &officer, &pilot, "baseline").await;
        let plan = owner.post(format!("{}/plans", path(&pilot))).json(plan_content(&owner)).send().await.expect(201);
        step(&owner, &plan_path(&plan), json!({"action": "submit"})).await;
        let request = handed_in(&owner, &pilot, &round, "100000.00").await;
        let round = self.decide_round(&fund_officer, &round).await;
        checked(&fund_officer, &request).await;
        let scene = Scene {
            fund_officer: fund_officer.clone(),
            finance_officer: finance_officer.clone(),
            fund_approver: fund_approver.clone(),
            owner: owner.clone(),
            officer: officer.clone(),
            reviewers: [self.reviewer("First Reviewer").await, self.reviewer("Second Reviewer").await],
            round: round.clone(),
            requests: Vec::new(),
        };
        scene.before_panel(&request).await;
        Cast { owner, deputy, officer, fund_officer, fund_approver, finance_officer, pilot, round, request }
    }

    /// Another request for 100,000 taka as the reviewers leave it to the panel, written into the database: the time in which
    /// the round takes requests is over.
    pub async fn request_before_panel(&self, round: &Value, pilot: &Value, owner: &Person) -> Value {
        let id = self.state.clock.new_uuid(self.state.clock.now()).to_string();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let (round_id, fund_id, pilot_id) = (text(&round["id"]), text(&round["fund_id"]), text(&pilot["id"]));
        let at = "'2026-07-01 03:00:00'";
        let statement = format!(
            "INSERT INTO funding_requests (id, reference, fund_id, round_id, pilot_id, status, requested, budget_lines, \
             co_funding, plan_id, created_by, submitted_by, submitted_at, change_parts, eligibility_check, version, \
             created_at, updated_at) VALUES ('{id}', 'SIF-{}', '{fund_id}', '{round_id}', '{pilot_id}', 'panel', 10000000, \
             '[]', '[]', NULL, '{owner}', '{owner}', {at}, '[]', 1, 5, {at}, {at});",
            id.get(24..).unwrap(),
            owner = owner.id
        );
        self.sql(statement).await;
        json!({"id": id})
    }

    /// A signed agreement of the same pilot in a round whose results are released, its tranche and a report on it, written
    /// into the database: for those who only look, or are turned away.
    pub async fn signed_beside(&self, request: &Value, owner: &Person) -> [String; 3] {
        let new = || self.state.clock.new_uuid(self.state.clock.now()).to_string();
        let (round, signed, tranche, report) = (new(), new(), new(), new());
        let (from, at, owner) = (request["id"].as_str().unwrap(), "'2026-07-01 03:00:00'", owner.id);
        let kept = "theme_bn, theme_en, description_bn, description_en, status, opens_at, closes_at, is_sealed, smallest_award, \
            largest_award, two_approvers_above, minimum_reviewers, panel_quorum, spread_threshold, rubric, eligibility_rules, \
            minimum_utilisation, most_tranches, agreement_within_days, release_on, created_by, version, created_at, updated_at";
        let statements = format!(
            "INSERT INTO funding_rounds (id, fund_id, number, released_at, released_by, {kept}) SELECT '{round}', fund_id, 99, opens_at, created_by, {kept} \
             FROM funding_rounds WHERE id = (SELECT round_id FROM funding_requests WHERE id = '{from}');
             INSERT INTO funding_requests (id, fund_id, round_id, pilot_id, status, requested, recommended, awarded, budget_lines, \
             co_funding, created_by, change_parts, eligibility_check, version, created_at, updated_at) SELECT '{signed}', fund_id, \
             '{round}', pilot_id, 'awarded', 100, 100, 100, '[]', '[]', '{owner}', '[]', 1, 5, {at}, {at} FROM funding_requests \
             WHERE id = '{from}';
             INSERT INTO tranches (id, request_id, pilot_id, number, amount, planned_on, milestones, is_post_completion, status, \
             version, created_at, updated_at) SELECT '{tranche}', id, pilot_id, 1, 100, '2026-10-01', '[]', FALSE, 'planned', 1, \
             {at}, {at} FROM funding_requests WHERE id = '{signed}';
             UPDATE funding_requests SET status = 'agreement_signed' WHERE id = '{signed}';
             INSERT INTO expenditure_reports (id, tranche_id, request_id, pilot_id, status, lines, total, created_by, version, \
             created_at, updated_at) SELECT '{report}', id, request_id, pilot_id, 'draft', '[]', 0, '{owner}', 1, {at}, {at} \
             FROM tranches WHERE id = '{tranche}';"
        );
        self.sql(statements).await;
        [signed, tranche, report]
    }

    /// The request with its present version.
    pub async fn request_now(&self, request: &Value) -> Value {
        let id = request["id"].as_str().unwrap().to_owned();
        let (status, version): (String, i64) = self
            .state
            .db
            .read(move |connection| {
                Ok(funding_requests::table
                    .filter(funding_requests::id.eq(id))
                    .select((funding_requests::status, funding_requests::version))
                    .first(connection)?)
            })
            .await
            .unwrap();
        json!({"id": request["id"], "status": status, "version": version})
    }

    /// A meeting of the panel with a quorum.
    pub async fn meeting(&self, cast: &Cast) -> Value {
        let attendees = vec![json!(cast.fund_officer.id), json!(cast.fund_approver.id)];
        self.panel_meeting(&cast.fund_officer, &cast.round, attendees).await
    }

    /// Recommends a request at a meeting of its panel.
    pub async fn recommend(&self, cast: &Cast, request: &Value) {
        let meeting = self.meeting(cast).await;
        let body = json!({"amount": taka("100000.00"), "panel_meeting_id": meeting["id"], "reason": "Good."});
        let place = format!("{}/recommendation", request_path(request));
        let present = self.request_now(request).await;
        cast.fund_officer.post(place).money(&present).json(body).send().await.expect(200);
    }

    /// Awards it all.
    pub async fn award(&self, cast: &Cast, request: &Value) {
        let present = self.request_now(request).await;
        let place = format!("{}/decisions", request_path(request));
        let decide = cast.fund_approver.post(place).money(&present);
        decide.json(json!({"decision": "award"})).send().await.expect(200);
    }

    /// Awarded and released.
    pub async fn cast(&self) -> Cast {
        let cast = self.cast_before_panel().await;
        self.recommend(&cast, &cast.request).await;
        self.award(&cast, &cast.request).await;
        self.release_round(&cast.fund_officer, &cast.round).await;
        cast
    }

    /// With a plan of [`two_halves`].
    pub async fn cast_planned(&self) -> (Cast, Vec<Value>) {
        let cast = self.cast().await;
        let tranches = plan(&cast, two_halves()).await.expect(200)["items"].as_array().unwrap().clone();
        (cast, tranches)
    }

    /// Signed by both.
    pub async fn cast_signed(&self) -> (Cast, Vec<Value>) {
        let (cast, tranches) = self.cast_planned().await;
        let file = attach(&cast.owner, "funding_request", &cast.request).await.expect(201);
        sign(&cast.owner, &cast.request, &file).await.expect(200);
        assert_eq!(sign(&cast.fund_officer, &cast.request, &file).await.expect(200)["status"], "agreement_signed");
        (cast, tranches)
    }

    /// With the first tranche paid.
    pub async fn cast_paid(&self) -> (Cast, Vec<Value>) {
        let (cast, mut tranches) = self.cast_signed().await;
        tranches[0] = self.pay(&cast, &tranches[0]).await;
        (cast, tranches)
    }

    /// Asked for by the owner, approved, and paid today.
    pub async fn pay(&self, cast: &Cast, tranche: &Value) -> Value {
        step(&cast.owner, &tranche_path(tranche), json!({"action": "request"})).await;
        let approved = step(&cast.fund_approver, &tranche_path(tranche), json!({"action": "approve"})).await;
        disburse(self, &cast.finance_officer, &approved).await.expect(200)
    }

    /// A report on a tranche that was handed in: one line of so much, with its voucher.
    pub async fn reported(&self, cast: &Cast, tranche: &Value, amount: &str) -> Value {
        let place = format!("{}/expenditure-reports", tranche_path(tranche));
        let report = cast.owner.post(place).json(json!({"lines": []})).send().await.expect(201);
        let voucher = attach(&cast.owner, "expenditure_report", &report).await.expect(201);
        let lines = json!({"lines": [line(self, amount, &voucher)]});
        cast.owner.patch(report_path(&report)).if_match("*").merge(lines).send().await.expect(200);
        step(&cast.owner, &report_path(&report), json!({"action": "submit"})).await
    }

    /// Checked, and this much of it accepted.
    pub async fn accepted(&self, cast: &Cast, report: &Value, amount: &str) -> Value {
        step(&cast.fund_officer, &report_path(report), json!({"action": "check"})).await;
        let accept = json!({"action": "accept", "accepted_amount": taka(amount)});
        step(&cast.finance_officer, &report_path(report), accept).await
    }
}

/// A line of a report that was spent today.
pub fn line(app: &App, amount: &str, voucher: &Value) -> Value {
    json!({
        "head": "transport", "description": "Boats", "amount": taka(amount), "spent_on": app.today(),
        "voucher_number": "V-17", "voucher_id": voucher["id"]
    })
}

/// Attaches a file to a record.
pub async fn attach(who: &Client, kind: &str, parent: &Value) -> Response {
    let place = format!("/v1/attachments?parent_kind={kind}&parent_id={}", parent["id"].as_str().unwrap());
    who.post(place).form("agreement.pdf", "application/pdf", PDF).send().await
}

/// Plans the tranches of the cast's award.
pub async fn plan(cast: &Cast, content: Value) -> Response {
    let place = format!("{}/tranches", request_path(&cast.request));
    cast.fund_officer.post(place).if_match("*").json(content).send().await
}

/// Signs the agreement with a file.
pub async fn sign(who: &Client, request: &Value, file: &Value) -> Response {
    let place = format!("{}/agreement-signatures", request_path(request));
    who.post(place).if_match("*").json(json!({"file_id": file["id"]})).send().await
}

/// Records the payment of a tranche, today.
pub async fn disburse(app: &App, who: &Client, tranche: &Value) -> Response {
    let body = json!({"payment_reference": "BEFTN-1", "paid_on": app.today()});
    who.post(format!("{}/disbursement", tranche_path(tranche))).money(tranche).json(body).send().await
}

/// Records a refund, today.
pub async fn refund(app: &App, who: &Client, tranche: &Value, amount: &str) -> Response {
    let body = json!({"amount": taka(amount), "payment_reference": "CHALLAN-7", "paid_on": app.today()});
    who.post(format!("{}/refunds", tranche_path(tranche))).money(tranche).json(body).send().await
}

/// Terminates a request.
pub async fn terminate(app: &App, who: &Client, request: &Value) -> Response {
    let place = format!("{}/termination", request_path(request));
    let present = app.request_now(request).await;
    who.post(place).money(&present).json(json!({"reason": "The office is gone."})).send().await
}
