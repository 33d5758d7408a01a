//! Registration and password reset by letter.

use chrono::Duration;
use diesel::{QueryDsl, RunQueryDsl};
use innovation_pilots::platform::db::schema::{account_letters, outbox_messages, registrations};
use serde_json::{Value, json};

use crate::support::{App, Response, client::findings, people::PASSWORD};

const NEW_PASSWORD: &str = "seven boats carry mangoes north";

fn rahima(app: &App, email: &str) -> Value {
    json!({
        "email": email, "name": {"bn": "রহিমা খাতুন", "en": "Rahima Khatun"}, "designation": {"en": "Livestock Officer"},
        "organisation_id": app.people.livestock_office, "language": "en"
    })
}

async fn register(app: &App, email: &str) -> Response {
    app.anonymous().post("/v1/auth/registrations").json(rahima(app, email)).send().await
}

async fn confirm(app: &App, token: &str, password: &str) -> Response {
    let body = json!({"token": token, "password": password});
    app.anonymous().post("/v1/auth/registrations/confirm").json(body).send().await
}

async fn ask_reset(app: &App, email: &str) -> Response {
    app.anonymous().post("/v1/auth/password-resets").json(json!({"email": email})).send().await
}

async fn reset(app: &App, token: &str, password: &str) -> Response {
    let body = json!({"token": token, "password": password});
    app.anonymous().post("/v1/auth/password-resets/confirm").json(body).send().await
}

async fn resend(app: &App, email: &str) -> Response {
    app.anonymous().post("/v1/auth/registrations/resend").json(json!({"email": email})).send().await
}

async fn log_in(app: &App, email: &str, password: &str) -> Response {
    app.anonymous().post("/v1/auth/login").json(json!({"email": email, "password": password})).send().await
}

/// What a stranger can compare of two answers.
fn looks(answer: &Response) -> (u16, Vec<u8>, Vec<String>) {
    let mut names: Vec<String> = answer.headers.iter().map(|(name, _)| name.to_string()).collect();
    names.sort();
    (answer.status.as_u16(), answer.body.clone(), names)
}

on_both_engines! {
    async fn a_civil_servant_comes_by_an_account(app: App) {
        let answer = register(&app, " Rahima@DLS.gov.bd ").await;
        assert_eq!(answer.expect(202), json!({"token_valid_seconds": 86400}));
        // Before the letter there is no account to log in to, to be found or to be taken into a team.
        log_in(&app, "rahima@dls.gov.bd", NEW_PASSWORD).await.refused(401, "invalid_credentials");
        let owner = app.owner().await;
        assert_eq!(owner.get("/v1/people?email=rahima@dls.gov.bd").send().await.expect(200)["items"], json!([]));
        let letter = App::only(app.letters().await, 0);
        assert_eq!(letter.to, "rahima@dls.gov.bd");
        // Whoever registers an address chooses the name: none of it is in the letter.
        assert!(!letter.text.contains("Rahima") && letter.text.contains("Dear colleague,"), "{}", letter.text);
        let token = letter.token();
        // A weak password does not use the token up.
        assert_eq!(findings(&confirm(&app, &token, "rahima@dls.gov.bd").await.refused(422, "validation_failed")), ["#/password weak_password"]);
        confirm(&app, &token, NEW_PASSWORD).await.expect(200);
        confirm(&app, &token, NEW_PASSWORD).await.refused(422, "mail_token_invalid");
        let tokens = log_in(&app, "rahima@dls.gov.bd", NEW_PASSWORD).await.expect(200);
        let me = app.anonymous().with_token(tokens["access_token"].as_str().unwrap());
        let me = me.get("/v1/me").send().await.expect(200);
        assert_eq!((&me["roles"], &me["organisation_id"]), (&json!(["innovator"]), &json!(app.people.livestock_office)));
        assert_eq!(me["must_change_password"], false);
    }

    async fn only_addresses_of_the_allowed_domains_may_register(app: App) {
        for (email, code) in [
            ("x@evilgov.bd", "domain_not_allowed"), ("x@gov.bd.evil.com", "domain_not_allowed"), ("x@gmail.com", "domain_not_allowed"),
            ("x@gov.bd.", "format"), ("x@GOV.BD.", "format"), ("x@gоv.bd", "format"), ("x@ｇｏｖ.bd", "format"),
            ("x@evil.com@gov.bd", "format"), ("x+two@gov.bd", "subaddress"), ("x@gov.bd, y@evil.com", "format"),
        ] {
            assert_eq!(findings(&register(&app, email).await.refused(422, "validation_failed")), [format!("#/email {code}")], "{email}");
        }
        let problem = register(&app, "x@gmail.com").await.refused(422, "validation_failed");
        assert_eq!(problem["errors"][0]["params"]["allowed"], json!(["gov.bd"]));
        assert!(problem["errors"][0]["detail"].as_str().unwrap().contains("gov.bd"), "{problem}");
        let rules = app.anonymous().get("/v1/auth/registrations").send().await.expect(200);
        assert_eq!(rules, json!({"is_open": true, "domains": ["gov.bd"]}));
        let body = json!({"email": "x@gov.bd", "name": {}, "organisation_id": "0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e", "language": "bn", "roles": ["admin"]});
        app.anonymous().post("/v1/auth/registrations").json(body).send().await.refused(422, "validation_failed");
        assert!(app.letters().await.is_empty());
        for email in ["a@gov.bd", "A.B@dls.GOV.bd", "c@x.y.gov.bd"] {
            register(&app, email).await.expect(202);
        }
        assert_eq!(app.letters().await.len(), 3);
    }

    async fn no_answer_tells_whether_there_is_an_account(app: App) {
        let owner = app.owner().await;
        let (known, unknown) = (register(&app, &owner.email).await, register(&app, "unknown@test.gov.bd").await);
        assert_eq!(looks(&known), looks(&unknown));
        assert_eq!(looks(&ask_reset(&app, &owner.email).await), looks(&ask_reset(&app, "nobody@test.gov.bd").await));
        assert_eq!(looks(&resend(&app, "unknown@test.gov.bd").await), looks(&resend(&app, "nobody@test.gov.bd").await));
        let letters = app.letters().await;
        let to = |address: &str| letters.iter().filter(|letter| letter.to == address).cloned().collect::<Vec<_>>();
        assert_eq!(to("nobody@test.gov.bd").len(), 0);
        assert_eq!(to("unknown@test.gov.bd").len(), 2);
        let own = to(&owner.email);
        assert_eq!(own.len(), 2);
        assert!(own[0].text.contains("account already") && !own[0].text.contains("token="), "{}", own[0].text);
        // The owner's account is what it was.
        log_in(&app, &owner.email, PASSWORD).await.expect(200);
        owner.get("/v1/me").send().await.expect(200);
    }

    async fn tokens_expire_and_a_newer_letter_voids_the_older(app: App) {
        register(&app, "rahima@dls.gov.bd").await.expect(202);
        let first = App::only(app.letters().await, 0).token();
        app.advance(Duration::seconds(1));
        resend(&app, "Rahima@dls.gov.bd").await.expect(202);
        let second = App::only(app.letters().await, 1).token();
        assert_ne!(first, second);
        confirm(&app, &first, NEW_PASSWORD).await.refused(422, "mail_token_invalid");
        // A token of one kind is none of the other.
        reset(&app, &second, NEW_PASSWORD).await.refused(422, "mail_token_invalid");
        app.advance(Duration::hours(24));
        confirm(&app, &second, NEW_PASSWORD).await.refused(422, "mail_token_invalid");
        resend(&app, "rahima@dls.gov.bd").await.expect(202);
        let third = App::only(app.letters().await, 2).token();
        app.advance(Duration::hours(24) - Duration::seconds(1));
        confirm(&app, &third, NEW_PASSWORD).await.expect(200);
        for token in ["x", &first, &second, &third] {
            confirm(&app, token, NEW_PASSWORD).await.refused(422, "mail_token_invalid");
        }
    }

    async fn of_two_who_use_a_token_at_once_one_gets_the_account(app: App) {
        register(&app, "rahima@dls.gov.bd").await.expect(202);
        let token = App::only(app.letters().await, 0).token();
        let both = futures_util::future::join(confirm(&app, &token, NEW_PASSWORD), confirm(&app, &token, "nine carts bring rice to market")).await;
        let mut statuses = [both.0.status.as_u16(), both.1.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 422]);
    }

    async fn a_password_is_reset_by_letter(app: App) {
        let owner = app.owner().await;
        ask_reset(&app, &owner.email.to_uppercase()).await.expect(202);
        let void = App::only(app.letters().await, 0).token();
        app.advance(Duration::seconds(1));
        ask_reset(&app, &owner.email).await.expect(202);
        let token = App::only(app.letters().await, 1).token();
        reset(&app, &void, NEW_PASSWORD).await.refused(422, "mail_token_invalid");
        assert_eq!(findings(&reset(&app, &token, "password12").await.refused(422, "validation_failed")), ["#/password weak_password"]);
        owner.get("/v1/me").send().await.expect(200);
        reset(&app, &token, NEW_PASSWORD).await.expect(204);
        owner.get("/v1/me").send().await.refused(401, "invalid_token");
        log_in(&app, &owner.email, PASSWORD).await.refused(401, "invalid_credentials");
        log_in(&app, &owner.email, NEW_PASSWORD).await.expect(200);
        reset(&app, &token, "nine carts bring rice to market").await.refused(422, "mail_token_invalid");
    }

    async fn a_reset_is_void_once_the_password_was_changed_or_the_account_disabled(app: App) {
        let (owner, admin) = (app.owner().await, app.admin().await);
        ask_reset(&app, &owner.email).await.expect(202);
        let token = App::only(app.letters().await, 0).token();
        app.advance(Duration::seconds(1));
        owner.post("/v1/me/password").json(json!({"current_password": PASSWORD, "new_password": NEW_PASSWORD})).send().await.expect(204);
        reset(&app, &token, "nine carts bring rice to market").await.refused(422, "mail_token_invalid");
        ask_reset(&app, &owner.email).await.expect(202);
        // The second one tells of the change.
        let token = App::only(app.letters().await, 2).token();
        let place = format!("/v1/users/{}/transitions", owner.id);
        admin.post(place).if_match("*").json(json!({"action": "disable", "reason": "x"})).send().await.expect(200);
        reset(&app, &token, "nine carts bring rice to market").await.refused(422, "mail_token_invalid");
        // No letter to who cannot log in anyway.
        ask_reset(&app, &owner.email).await.expect(202);
        assert_eq!(app.letters().await.len(), 3);
    }

    async fn no_word_of_a_stranger_is_in_a_letter(app: App) {
        let evil = "Visit\nhttp://evil.example/x now";
        let mut asked = rahima(&app, "rahima@dls.gov.bd");
        asked["name"] = json!({"bn": evil, "en": evil});
        asked["designation"] = json!({"en": evil});
        for language in ["en", "bn"] {
            asked["language"] = json!(language);
            app.anonymous().post("/v1/auth/registrations").json(asked.clone()).send().await.expect(202);
            app.advance(Duration::seconds(1));
        }
        let letters = app.letters().await;
        assert_eq!(letters.len(), 2);
        assert!(letters.iter().all(|letter| !letter.text.contains("evil") && !letter.text.contains("Visit")), "{letters:#?}");
        // The holder of the account chose that name; it is in one line and leads nowhere.
        confirm(&app, &letters[1].token(), NEW_PASSWORD).await.expect(200);
        app.advance(Duration::seconds(1));
        ask_reset(&app, "rahima@dls.gov.bd").await.expect(202);
        let letter = App::only(app.letters().await, 2);
        assert!(!letter.text.contains("http://evil") && !letter.text.contains("evil.example"), "{}", letter.text);
    }

    async fn the_holder_is_told_what_was_done_to_the_account(app: App) {
        let (owner, admin) = (app.owner().await, app.admin().await);
        let mut before = 0;
        let mut told = async |bangla: &str, english: &str| {
            let letter = App::only(app.letters().await, before);
            before += 1;
            assert_eq!(letter.to, owner.email);
            let (first, second) = (letter.text.find(bangla), letter.text.find(english));
            assert!(first.is_some() && first < second, "{bangla} / {english}: {}", letter.text);
            assert!(letter.text.contains("Dear Owner,") && letter.text.contains("/password-reset"), "{}", letter.text);
            assert!(!letter.text.contains("token=") && !letter.text.contains(NEW_PASSWORD), "{}", letter.text);
            app.advance(Duration::seconds(1));
        };
        owner.post("/v1/me/password").json(json!({"current_password": PASSWORD, "new_password": NEW_PASSWORD})).send().await.expect(204);
        told("পাসওয়ার্ড পরিবর্তন করা হয়েছে", "password for Innovation Pilots was changed").await;
        // A refusal tells nobody anything.
        owner.post("/v1/me/password").json(json!({"current_password": PASSWORD, "new_password": "nine carts bring rice to market"})).send().await.refused(422, "validation_failed");
        let reset = admin.post(format!("/v1/users/{}/password-resets", owner.id)).send().await.expect(201);
        told("প্রশাসক", "an administrator set a temporary password").await;
        let letters = app.letters().await;
        assert!(!letters.last().unwrap().text.contains(reset["temporary_password"].as_str().unwrap()));
    }

    async fn a_reset_by_letter_is_told_to_the_holder(app: App) {
        let owner = app.owner().await;
        ask_reset(&app, &owner.email).await.expect(202);
        let token = App::only(app.letters().await, 0).token();
        app.advance(Duration::seconds(1));
        reset(&app, &token, NEW_PASSWORD).await.expect(204);
        let letter = App::only(app.letters().await, 1);
        assert!(letter.to == owner.email && letter.text.contains("was set with the code of a letter"), "{}", letter.text);
        assert!(!letter.text.contains(&token));
    }

    async fn known_and_unknown_addresses_cost_the_same(app: App) {
        let (owner, gone, admin) = (app.owner().await, app.stranger().await, app.admin().await);
        let disable = json!({"action": "disable", "reason": "Left."});
        admin.post(format!("/v1/users/{}/transitions", gone.id)).if_match("*").json(disable).send().await.expect(200);
        app.letters().await;
        // Hashes are what makes an answer slow, rows in the outbox what is left for later: both are the same for everyone.
        let queued = async || {
            app.state.db.read(|connection| Ok(outbox_messages::table.count().get_result::<i64>(connection)?)).await.unwrap()
        };
        let mut costs = Vec::new();
        for email in [owner.email.as_str(), gone.email.as_str(), "nobody@test.gov.bd"] {
            let mut cost = Vec::new();
            let (mut hashes, mut rows) = (app.state.passwords.computed(), queued().await);
            let mut note = async |status: u16, expected: u16| {
                assert_eq!(status, expected, "{email}");
                let (now_hashes, now_rows) = (app.state.passwords.computed(), queued().await);
                cost.push((now_hashes - hashes, now_rows - rows));
                (hashes, rows) = (now_hashes, now_rows);
            };
            note(log_in(&app, email, "not the password").await.status.as_u16(), 401).await;
            note(register(&app, email).await.status.as_u16(), 202).await;
            note(resend(&app, email).await.status.as_u16(), 202).await;
            note(ask_reset(&app, email).await.status.as_u16(), 202).await;
            costs.push(cost);
        }
        assert_eq!(costs[0], [(1, 0), (0, 1), (0, 1), (0, 1)]);
        assert!(costs.iter().all(|cost| *cost == costs[0]), "{costs:?}");
    }

    async fn nobodys_mailbox_is_flooded(app: App) {
        for _ in 0..8 {
            register(&app, "rahima@dls.gov.bd").await.expect(202);
        }
        assert_eq!(app.letters().await.len(), 5);
        app.advance(Duration::minutes(61));
        resend(&app, "rahima@dls.gov.bd").await.expect(202);
        assert_eq!(app.letters().await.len(), 6);
    }

    async fn no_token_lies_in_the_database(app: App) {
        register(&app, "rahima@dls.gov.bd").await.expect(202);
        let waiting: Vec<Option<String>> = app.state.db.read(|connection| Ok(outbox_messages::table.select(outbox_messages::payload).load(connection)?)).await.unwrap();
        let token = App::only(app.letters().await, 0).token();
        let (letters, waiting_now) = app.state.db.read(|connection| {
            let digests: Vec<Option<String>> = account_letters::table.select(account_letters::token_sha256).load(connection)?;
            let payloads: Vec<Option<String>> = outbox_messages::table.select(outbox_messages::payload).load(connection)?;
            Ok((digests, payloads))
        }).await.unwrap();
        assert!(waiting.len() == 1 && waiting.iter().flatten().all(|payload| !payload.contains(&token)), "{waiting:?}");
        assert!(letters.iter().flatten().all(|digest| !digest.contains(&token) && digest.len() == 64));
        assert_eq!(waiting_now, [None]);
        confirm(&app, &token, NEW_PASSWORD).await.expect(200);
        let left: i64 = app.state.db.read(|connection| Ok(registrations::table.count().get_result(connection)?)).await.unwrap();
        assert_eq!(left, 0);
    }

    async fn what_is_asked_for_by_letter_is_written_down(app: App) {
        let (owner, auditor) = (app.owner().await, app.auditor().await);
        register(&app, "rahima@dls.gov.bd").await.expect(202);
        resend(&app, "rahima@dls.gov.bd").await.expect(202);
        ask_reset(&app, &owner.email).await.expect(202);
        let letters = app.letters().await;
        let token = |address: &str| letters.iter().rev().find(|letter| letter.to == address).unwrap().token();
        let tokens = (token("rahima@dls.gov.bd"), token(&owner.email));
        confirm(&app, &tokens.0, NEW_PASSWORD).await.expect(200);
        reset(&app, &tokens.1, NEW_PASSWORD).await.expect(204);
        for (operation, record) in [
            ("register", "registration"), ("resend_registration", "account_letter"), ("confirm_registration", "user"),
            ("request_password_reset", "account_letter"), ("confirm_password_reset", "user"),
        ] {
            let entries = auditor.get(format!("/v1/audit-entries?operation={operation}")).send().await.expect(200);
            let entries = entries["items"].as_array().unwrap();
            assert_eq!((entries.len(), &entries[0]["record_type"], &entries[0]["actor_id"]), (1, &json!(record), &Value::Null), "{operation}");
        }
    }
}

/// The program itself, in production mode, with everything missing and then with everything there.
#[test]
fn production_mode_says_all_that_is_missing_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_innovation-pilots"));
        command.current_dir(folder.path()).env_remove("DATABASE_URL").args(arguments);
        for (name, value) in variables {
            command.env(name, value);
        }
        let output = command.output().unwrap();
        (output.status.success(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    // Demo accounts in the database, and keys that the program made.
    let create = ["user", "create", "--email", "owner@demo.innovation.gov.bd", "--name-en", "Demo"];
    assert!(run(&create, &[]).0);
    let production = ("PILOTS_MODE", "production");
    let (started, _, message) = run(&["serve", "--demo", "--listen", "127.0.0.1:0"], &[production]);
    assert!(!started);
    for part in [
        "ed25519.der",
        "vault.key",
        "cursor.key",
        "--demo",
        "require_second_factor_for_staff",
        "server.public_url",
        "mail.transport",
        "1 active demo accounts",
    ] {
        assert!(message.contains(part), "{part} is not in:\n{message}");
    }
    assert!(!folder.path().join("data/keys").exists(), "production made keys");
    let secrets = [
        ("PILOTS_MAIL__SMTP_PASSWORD", "geheim-eins"),
        ("PILOTS_MAIL__SMTP_URL", "smtps://pilots:geheim-zwei@mail.gov.bd"),
        ("DATABASE_URL", "postgres://pilots:geheim-drei@127.0.0.1:1/pilots"),
        ("DATABASE_READ_URL", "postgres://127.0.0.1:1/pilots?user=pilots&password=geheim-vier"),
        ("PILOTS_TELEMETRY__OTLP_ENDPOINT", "https://geheim-fuenf@collector.gov.bd/v1/traces?api-key=geheim-sechs"),
        ("PILOTS_FILES__S3__BUCKET", "pilots"),
        ("PILOTS_FILES__S3__ENDPOINT", "https://geheim-sieben:geheim-acht@s3.gov.bd/?sig=geheim-neun"),
        ("PILOTS_METRICS__TOKEN", "geheim-zehn"),
    ];
    let (shown, text, _) = run(&["config"], &secrets);
    assert!(shown && !text.contains("geheim") && text.contains("smtp_password = \"********\""), "{text}");
    assert!(
        text.contains("pilots:********@127.0.0.1:1/pilots") && text.contains("# Production mode would refuse this:"),
        "{text}"
    );
}
