//! Who may call what: every line of the permission table, asked of the running application by everyone it could
//! concern. Nothing here changes anything: what is permitted stops at a missing `Content-Type` (415), a missing
//! `If-Match` (428) or a body that cannot be (422), all of which come after the permission.

mod case;
mod coverage;
mod matrix;
mod stage;

use awc::http::Method;
pub use case::{Case, Expected, Stage, act_on, check, delete, get, order, patch, post};
use innovation_pilots::platform::auth::Role::ProgrammeOfficer;
use serde_json::{Value, json};

use self::{
    matrix::{MATRIX, PERSONAS},
    stage::stage,
};
use crate::support::builders::*;

on_both_engines! {
    async fn everyone_may_what_the_matrix_says_and_nothing_else(app: App) {
        let stage = stage(&app).await;
        check(&stage, &PERSONAS, MATRIX.iter()).await;
    }

    async fn asking_changed_nothing(app: App) {
        let stage = stage(&app).await;
        let auditor = stage.people.last().unwrap();
        let count = async || auditor.get("/v1/audit-entries?limit=1&include_total=true").send().await.expect(200)["total"]["value"].clone();
        let before = count().await;
        for case in MATRIX.iter().filter(|case| case.method != Method::GET) {
            for who in &stage.people {
                let _ = stage.ask(case, who).await;
            }
        }
        assert_eq!(count().await, before);
    }

    async fn what_is_not_there_is_not_told_from_what_is_hidden(app: App) {
        let (owner, stranger) = (app.owner().await, app.stranger().await);
        let draft = app.draft(&owner).await;
        let absent = json!({"id": "0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e"});
        for part in ["", "/transitions", "/actions", "/members", "/plans", "/tcv-measurements", "/tcv-comparison", "/final-report", "/gate-decisions", "/gates/execution", "/comments", "/supporters", "/duplicates", "/handovers", "/timeline"] {
            let mut answers = Vec::new();
            for pilot in [&draft, &absent] {
                let mut problem = stranger.get(format!("{}{part}", path(pilot))).send().await.refused(404, "not_found");
                problem["request_id"] = Value::Null;
                answers.push(problem);
            }
            assert_eq!(answers[0], answers[1], "{part}");
        }
    }

    async fn an_officer_in_the_team_is_no_officer_to_the_pilot(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let inside = app.person("Inside", &[ProgrammeOfficer], app.people.a2i).await;
        let design = app.design(&owner, &officer).await;
        join(&owner, &design, &inside, "member").await;
        for action in [json!({"action": "hold", "reason": "x", "review_on": "2026-08-01"}), json!({"action": "resume"}), json!({"action": "publish"})] {
            inside.post(format!("{}/transitions", path(&design))).if_match("*").json(action).send().await.refused(403, "separation_of_duties");
        }
        inside.post(format!("{}/gate-decisions", path(&design))).send().await.refused(403, "separation_of_duties");
        officer.post(format!("{}/gate-decisions", path(&design))).send().await.refused(415, "unsupported_media_type");
    }
}
