//! The second factor: set up, asked for, never accepted twice, and got rid of.

use chrono::Duration;
use diesel::{QueryDsl, RunQueryDsl};
use innovation_pilots::platform::{
    auth::Role,
    db::schema::{recovery_codes, second_factors},
};
use serde_json::{Value, json};
use totp_rs::{Builder, Secret, Totp};

use crate::support::{
    App, Client, Engine, Response,
    client::findings,
    people::{PASSWORD, Person},
};

const WRONG: &str = "000000";

/// The app on the person's phone.
struct Phone(Totp);

impl Phone {
    fn of(begun: &Value) -> Self {
        let secret = Secret::try_from_base32(begun["secret"].as_str().unwrap()).unwrap();
        let uri = begun["otpauth_uri"].as_str().unwrap();
        assert!(
            uri.starts_with("otpauth://totp/Innovation%20Pilots") && uri.contains(begun["secret"].as_str().unwrap()),
            "{uri}"
        );
        Self(Builder::new().with_secret(secret).build().unwrap())
    }

    fn code(&self, app: &App) -> String {
        self.0.generate(u64::try_from(app.state.clock.now().seconds()).unwrap()).to_string()
    }

    /// The code of the next step of time, for which the clock is moved on.
    fn next(&self, app: &App) -> String {
        app.advance(Duration::seconds(30));
        self.code(app)
    }
}

async fn begin(who: &Client) -> Phone {
    Phone::of(&who.post("/v1/me/second-factor").json(json!({"password": PASSWORD})).send().await.expect(200))
}

async fn confirm(who: &Client, code: &str) -> Response {
    who.post("/v1/me/second-factor/confirm").json(json!({"code": code})).send().await
}

/// Switches it on; the phone, and the recovery codes.
async fn switch_on(app: &App, who: &Client) -> (Phone, Vec<String>) {
    let phone = begin(who).await;
    let codes = confirm(who, &phone.code(app)).await.expect(200);
    (phone, serde_json::from_value(codes["recovery_codes"].clone()).unwrap())
}

async fn log_in(app: &App, email: &str, code: Option<&str>) -> Response {
    let mut body = json!({"email": email, "password": PASSWORD});
    if let Some(code) = code {
        body["code"] = json!(code);
    }
    app.anonymous().post("/v1/auth/login").json(body).send().await
}

async fn state(who: &Client) -> Value {
    who.get("/v1/me/second-factor").send().await.expect(200)
}

on_both_engines! {
    async fn a_login_needs_a_code_once_a_code_has_shown_that_the_app_works(app: App) {
        let owner = app.owner().await;
        let elsewhere = log_in(&app, &owner.email, None).await.expect(200);
        let elsewhere = app.anonymous().with_token(elsewhere["access_token"].as_str().unwrap());
        let refused = owner.post("/v1/me/second-factor").json(json!({"password": "not mine"})).send().await;
        assert_eq!(findings(&refused.refused(422, "validation_failed")), ["#/password wrong_password"]);
        confirm(&owner, WRONG).await.refused(409, "conflict");
        let phone = begin(&owner).await;
        assert_eq!(state(&owner).await["status"], "pending");
        log_in(&app, &owner.email, None).await.expect(200);
        assert_eq!(findings(&confirm(&owner, WRONG).await.refused(422, "validation_failed")), ["#/code wrong_code"]);
        let codes = confirm(&owner, &phone.code(&app)).await;
        assert!(codes.header("cache-control").unwrap().contains("no-store"));
        assert_eq!(codes.expect(200)["recovery_codes"].as_array().unwrap().len(), 10);
        // Sessions without a code are over, but for this one.
        elsewhere.get("/v1/me").send().await.refused(401, "invalid_token");
        assert_eq!(owner.get("/v1/me").send().await.expect(200)["has_second_factor"], true);
        assert_eq!((&state(&owner).await["status"], &state(&owner).await["recovery_codes_left"]), (&json!("on"), &json!(10)));
        let asked = log_in(&app, &owner.email, None).await;
        asked.refused(401, "second_factor_required");
        assert!(asked.header("www-authenticate").is_some());
        log_in(&app, &owner.email, Some(WRONG)).await.refused(401, "second_factor_invalid");
        let bangla: String = phone.next(&app).chars().map(|digit| char::from_u32(0x09e6 + digit.to_digit(10).unwrap()).unwrap()).collect();
        log_in(&app, &owner.email, Some(&bangla)).await.expect(200);
        // A wrong password tells nothing of the code, and a code nothing of the password.
        let wrong = json!({"email": owner.email, "password": "not mine", "code": phone.next(&app)});
        app.anonymous().post("/v1/auth/login").json(wrong).send().await.refused(401, "invalid_credentials");
        owner.post("/v1/me/second-factor").json(json!({"password": PASSWORD})).send().await.refused(409, "conflict");
    }

    async fn the_holder_is_told_when_it_is_switched_or_renewed(app: App) {
        let (owner, admin) = (app.owner().await, app.admin().await);
        let last = async |count: usize| {
            let letters = app.letters().await;
            assert_eq!(letters.len(), count, "{letters:#?}");
            let letter = letters.into_iter().last().unwrap();
            assert_eq!(letter.to, owner.email);
            letter.text
        };
        let (phone, codes) = switch_on(&app, &owner).await;
        let text = last(1).await;
        assert!(text.contains("was switched on") && text.find("চালু করা হয়েছে") < text.find("was switched on"), "{text}");
        assert!(codes.iter().all(|code| !text.contains(code.as_str())));
        let proof = |code: String| json!({"password": PASSWORD, "code": code});
        let renewed = owner.post("/v1/me/second-factor/recovery-codes").json(proof(phone.next(&app))).send().await.expect(200);
        let text = last(2).await;
        assert!(text.contains("new recovery codes") && !text.contains(renewed["recovery_codes"][0].as_str().unwrap()), "{text}");
        owner.post("/v1/me/second-factor/disable").json(proof(phone.next(&app))).send().await.expect(204);
        assert!(last(3).await.contains("was switched off"));
        app.advance(Duration::seconds(30));
        let (..) = switch_on(&app, &owner).await;
        app.advance(Duration::seconds(1));
        admin.post(format!("/v1/users/{}/second-factor-resets", owner.id)).send().await.expect(201);
        assert!(last(5).await.contains("an administrator switched off the second factor"));
    }

    async fn no_code_is_accepted_twice(app: App) {
        let owner = app.owner().await;
        let (phone, codes) = switch_on(&app, &owner).await;
        // The code that switched it on is spent as well.
        log_in(&app, &owner.email, Some(&phone.code(&app))).await.refused(401, "second_factor_invalid");
        let earlier = phone.next(&app);
        let code = phone.next(&app);
        log_in(&app, &owner.email, Some(&code)).await.expect(200);
        log_in(&app, &owner.email, Some(&code)).await.refused(401, "second_factor_invalid");
        // Neither is an earlier one that nobody used.
        log_in(&app, &owner.email, Some(&earlier)).await.refused(401, "second_factor_invalid");
        let recovery = codes[0].to_uppercase();
        log_in(&app, &owner.email, Some(&recovery)).await.expect(200);
        log_in(&app, &owner.email, Some(&recovery)).await.refused(401, "second_factor_invalid");
        let owner = app.renewed(&owner).await;
        assert_eq!(state(&owner).await["recovery_codes_left"], 9);
    }

    async fn of_two_logins_with_one_code_at_once_one_gets_in(app: App) {
        let owner = app.owner().await;
        let (phone, codes) = switch_on(&app, &owner).await;
        for code in [phone.next(&app), codes[0].clone()] {
            let all = (0..4).map(|_| log_in(&app, &owner.email, Some(&code)));
            let answers = futures_util::future::join_all(all).await;
            let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
            statuses.sort_unstable();
            assert_eq!(statuses, [200, 401, 401, 401], "{code}");
        }
    }

    async fn guessing_codes_is_slowed_down_however_often_the_password_is_right(app: App) {
        let owner = app.owner().await;
        let (phone, _) = switch_on(&app, &owner).await;
        app.advance(Duration::seconds(30));
        for _ in 0..5 {
            log_in(&app, &owner.email, Some(WRONG)).await.refused(401, "second_factor_invalid");
            // The right password alone forgives nothing.
            let asked = log_in(&app, &owner.email, None).await;
            assert!([401, 429].contains(&asked.status.as_u16()));
        }
        log_in(&app, &owner.email, Some(&phone.code(&app))).await.refused(429, "too_many_attempts");
        app.advance(Duration::minutes(16));
        log_in(&app, &owner.email, Some(&phone.code(&app))).await.expect(200);
        log_in(&app, &owner.email, Some(WRONG)).await.refused(401, "second_factor_invalid");
    }

    async fn it_is_switched_off_and_its_codes_renewed_with_both_factors_only(app: App) {
        let owner = app.owner().await;
        let (phone, old) = switch_on(&app, &owner).await;
        for part in ["disable", "recovery-codes"] {
            let place = format!("/v1/me/second-factor/{part}");
            let send = async |password: &str, code: &str| owner.post(&place).json(json!({"password": password, "code": code})).send().await;
            assert_eq!(findings(&send("not mine", WRONG).await.refused(422, "validation_failed")), ["#/password wrong_password"]);
            assert_eq!(findings(&send(PASSWORD, WRONG).await.refused(422, "validation_failed")), ["#/code wrong_code"]);
        }
        let proof = json!({"password": PASSWORD, "code": phone.next(&app)});
        let renewed = owner.post("/v1/me/second-factor/recovery-codes").json(proof).send().await.expect(200);
        log_in(&app, &owner.email, Some(&old[0])).await.refused(401, "second_factor_invalid");
        log_in(&app, &owner.email, renewed["recovery_codes"][0].as_str()).await.expect(200);
        let proof = json!({"password": PASSWORD, "code": phone.next(&app)});
        owner.post("/v1/me/second-factor/disable").json(proof).send().await.expect(204);
        log_in(&app, &owner.email, None).await.expect(200);
        assert_eq!(state(&owner).await["status"], "off");
        let left: i64 = app.state.db.read(|connection| Ok(recovery_codes::table.count().get_result(connection)?)).await.unwrap();
        assert_eq!(left, 0);
    }

    async fn an_administrator_helps_who_has_lost_it_but_not_themselves(app: App) {
        let (owner, admin, auditor) = (app.owner().await, app.admin().await, app.auditor().await);
        switch_on(&app, &owner).await;
        let place = |person: &Person| format!("/v1/users/{}/second-factor-resets", person.id);
        admin.post(place(&admin)).send().await.refused(409, "conflict");
        assert_eq!(admin.post(place(&owner)).send().await.expect(201)["has_second_factor"], false);
        owner.get("/v1/me").send().await.refused(401, "invalid_token");
        log_in(&app, &owner.email, None).await.expect(200);
        for operation in ["begin_second_factor", "confirm_second_factor", "reset_second_factor"] {
            let entries = auditor.get(format!("/v1/audit-entries?operation={operation}")).send().await.expect(200);
            assert_eq!(entries["items"].as_array().unwrap().len(), 1, "{operation}");
        }
    }

    async fn neither_secret_nor_recovery_codes_lie_open_in_the_database(app: App) {
        let owner = app.owner().await;
        let begun = owner.post("/v1/me/second-factor").json(json!({"password": PASSWORD})).send().await.expect(200);
        let phone = Phone::of(&begun);
        let codes = confirm(&owner, &phone.code(&app)).await.expect(200);
        let (sealed, digests): (Vec<String>, Vec<String>) = app.state.db.read(|connection| {
            let sealed = second_factors::table.select(second_factors::sealed_secret).load(connection)?;
            Ok((sealed, recovery_codes::table.select(recovery_codes::code_digest).load(connection)?))
        }).await.unwrap();
        assert!(sealed.len() == 1 && !sealed[0].contains(begun["secret"].as_str().unwrap()));
        assert_eq!(app.state.vault.open(&sealed[0], owner.id.as_str()).unwrap(), phone.0.secret().as_bytes());
        assert!(app.state.vault.open(&sealed[0], "someone else").is_err());
        let plain = codes["recovery_codes"][0].as_str().unwrap().replace('-', "");
        assert!(digests.len() == 10 && digests.iter().all(|digest| digest.len() == 64 && !digest.contains(&plain)));
    }
}

/// With `auth.require_second_factor_for_staff` staff come no further than its set-up, and others notice nothing.
#[test]
fn staff_set_it_up_first_where_it_is_required() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        actix_web::rt::System::new().block_on(async {
            let change = |config: &mut innovation_pilots::platform::config::Config| {
                config.auth.require_second_factor_for_staff = true
            };
            let Some(app) = App::start_with(engine, change).await else { return };
            let (owner, officer) = (app.owner().await, app.officer().await);
            let reviewer = app.person("Reviewer", &[Role::Reviewer], app.people.a2i).await;
            for free in [&owner, &reviewer] {
                free.get("/v1/pilots").send().await.expect(200);
            }
            for place in ["/v1/pilots", "/v1/people", "/v1/service-accounts"] {
                officer.get(place).send().await.refused(403, "second_factor_setup_required");
            }
            assert_eq!(state(&officer).await["is_required"], true);
            officer.get("/v1/me").send().await.expect(200);
            let (phone, _) = switch_on(&app, &officer).await;
            officer.get("/v1/pilots").send().await.expect(200);
            let proof = json!({"password": PASSWORD, "code": phone.next(&app)});
            officer.post("/v1/me/second-factor/disable").json(proof).send().await.expect(204);
            officer.get("/v1/pilots").send().await.refused(403, "second_factor_setup_required");
        });
    }
}
