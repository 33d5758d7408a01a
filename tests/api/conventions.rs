//! What holds on every endpoint.

use std::io::Write;

use awc::http::Method;
use serde_json::{Value, json};

use crate::support::{builders::*, client::findings};

on_both_engines! {
    async fn the_server_is_ready_until_it_is_told_to_stop(app: App) {
        app.anonymous().get("/readyz").send().await.expect(200);
        app.state.drain();
        let answer = app.anonymous().get("/readyz").send().await;
        answer.refused(503, "shutting_down");
        assert!(answer.header("retry-after").is_some());
        app.anonymous().get("/healthz").send().await.expect(200);
    }

    async fn broken_json_is_told_apart_from_wrong_json(app: App) {
        let owner = app.owner().await;
        let deep = format!("{{\"title\":{}1{}}}", "[".repeat(200), "]".repeat(200));
        for broken in [
            "", "{", "nonsense", r#"{"title":{"en":"a"},"title":{"en":"b"}}"#, r#"{"title":{"en":"\ud800"}}"#, r#"{"title":1e999}"#, deep.as_str(),
        ] {
            owner.post("/v1/pilots").body("application/json", broken).send().await.refused(400, "malformed_body");
        }
        owner.post("/v1/pilots").body("application/json", &b"{\"title\":{\"en\":\"\xff\"}}"[..]).send().await.refused(400, "malformed_body");
        for (wrong, expected) in [
            ("[]", vec!["# type"]),
            ("null", vec!["# type"]),
            (r#"{"title":{"en":"a\u0000b"}}"#, vec!["#/title/en control_character"]),
            (r#"{"title":{"en":"a"},"a/b~c":1}"#, vec!["#/a~1b~0c unknown_field"]),
            (r#"{"title":{"en":9223372036854775808}}"#, vec!["#/title/en type"]),
            (r#"{"title":{"en":1e30}}"#, vec!["#/title/en type"]),
            (r#"{"title":"a","problem":7}"#, vec!["#/problem type", "#/title type"]),
        ] {
            let problem = owner.post("/v1/pilots").body("application/json", wrong).send().await.refused(422, "validation_failed");
            assert_eq!(findings(&problem), expected, "{wrong}");
        }
        assert_eq!(owner.get("/v1/pilots").send().await.expect(200)["items"], json!([]));
    }

    async fn at_most_fifty_errors_are_told(app: App) {
        let owner = app.owner().await;
        let fields: serde_json::Map<String, Value> = (0..200).map(|n| (format!("field_{n}"), json!(1))).collect();
        let problem = owner.post("/v1/pilots").json(Value::Object(fields)).send().await.refused(422, "validation_failed");
        assert_eq!(problem["errors"].as_array().unwrap().len(), 50);
    }

    async fn a_body_has_a_type_a_size_and_a_sound_compression(app: App) {
        let owner = app.owner().await;
        let body = content(&app).to_string();
        for media_type in ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1"] {
            owner.post("/v1/pilots").body(media_type, body.clone()).send().await.refused(415, "unsupported_media_type");
        }
        owner.post("/v1/pilots").send().await.refused(415, "unsupported_media_type");
        let large = json!({"title": {"en": "x".repeat(2 << 20)}}).to_string();
        owner.post("/v1/pilots").body("application/json", large.clone()).send().await.refused(413, "body_too_large");
        let sent = |encoding: &str, bytes: Vec<u8>| owner.post("/v1/pilots").body("application/json", bytes).header("Content-Encoding", encoding);
        sent("gzip", gzip(body.as_bytes())).send().await.expect(201);
        // Two megabytes that travel as two kilobytes.
        sent("gzip", gzip(large.as_bytes())).send().await.refused(413, "body_too_large");
        sent("gzip", body.clone().into_bytes()).send().await.refused(400, "malformed_body");
        let mut torn = gzip(body.as_bytes());
        torn.truncate(40);
        sent("gzip", torn).send().await.refused(400, "malformed_body");
        sent("zstd", body.into_bytes()).send().await.refused(415, "unsupported_media_type");
    }

    async fn unknown_repeated_and_wild_parameters_are_refused_together(app: App) {
        let officer = app.officer().await;
        let query = "limit=201&colour=red&status=draft&status=design&phase=dream&created_at_gte=yesterday&service_id=7&include_total=perhaps";
        let problem = officer.get(format!("/v1/pilots?{query}")).send().await.refused(400, "invalid_parameters");
        assert_eq!(
            findings(&problem),
            ["colour unknown_parameter", "created_at_gte format", "include_total type", "limit maximum", "phase enum", "service_id min_length", "status repeated_parameter"]
        );
        for query in ["limit=0", "limit=-1", "limit=1.5", "limit=9223372036854775808", "limit=1e30", "limit=", "q=%00", "sort=title", "cursor="] {
            officer.get(format!("/v1/pilots?{query}")).send().await.refused(400, "invalid_parameters");
        }
        officer.get("/v1/me?x=1").send().await.refused(400, "invalid_parameters");
    }

    async fn a_cursor_altered_by_one_byte_is_refused(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        for _ in 0..3 {
            app.draft(&owner).await;
        }
        let cursor = officer.get("/v1/pilots?limit=1").send().await.expect(200)["next_cursor"].as_str().unwrap().to_owned();
        officer.get(format!("/v1/pilots?limit=2&cursor={cursor}")).send().await.expect(200);
        for index in 0..cursor.len() {
            let mut altered: Vec<char> = cursor.chars().collect();
            altered[index] = if altered[index] == 'A' { 'B' } else { 'A' };
            let altered: String = altered.into_iter().collect();
            if altered != cursor {
                officer.get(format!("/v1/pilots?limit=1&cursor={altered}")).send().await.refused(400, "invalid_cursor");
            }
        }
        for other in ["&status=draft", "&sort=created_at"] {
            officer.get(format!("/v1/pilots?limit=1&cursor={cursor}{other}")).send().await.refused(400, "invalid_cursor");
        }
    }

    async fn a_retry_with_its_key_gets_the_first_answer(app: App) {
        let owner = app.owner().await;
        let first = owner.post("/v1/pilots").key("k-1").json(content(&app)).send().await;
        let created = first.expect(201);
        let again = owner.post("/v1/pilots").key("k-1").json(content(&app)).send().await;
        assert_eq!(again.expect(201), created);
        assert_eq!(again.header("idempotent-replayed"), Some("true"));
        assert_eq!(again.header("location"), first.header("location"));
        assert_eq!(again.etag(), first.etag());
        owner.post("/v1/pilots").key("k-1").json(json!({"title": {"en": "other"}})).send().await.refused(422, "idempotency_key_reused");
        // The key belongs to its owner alone.
        app.stranger().await.post("/v1/pilots").key("k-1").json(content(&app)).send().await.expect(201);
        assert_eq!(owner.get("/v1/pilots").send().await.expect(200)["items"].as_array().unwrap().len(), 1);
        // After three days it is forgotten.
        app.advance(chrono::Duration::hours(72));
        let owner = app.renewed(&owner).await;
        let later = owner.post("/v1/pilots").key("k-1").json(json!({"title": {"en": "other"}})).send().await;
        assert_ne!(later.expect(201)["id"], created["id"]);
        owner.post("/v1/pilots").key(&"k".repeat(256)).json(content(&app)).send().await.refused(400, "invalid_parameters");
    }

    async fn a_refused_request_leaves_its_key_free(app: App) {
        let owner = app.owner().await;
        owner.post("/v1/pilots").key("k-1").json(json!({})).send().await.refused(422, "validation_failed");
        owner.post("/v1/pilots").key("k-1").json(content(&app)).send().await.expect(201);
    }

    async fn twenty_retries_at_once_have_one_effect(app: App) {
        let owner = app.owner().await;
        let sends = (0..20).map(|_| owner.post("/v1/pilots").key("storm").json(content(&app)).send());
        let answers = futures_util::future::join_all(sends).await;
        assert!(answers.iter().any(|answer| answer.status == 201));
        for answer in answers {
            assert!(answer.status == 201 || answer.refused(409, "idempotency_key_in_use")["status"] == 409);
        }
        assert_eq!(owner.get("/v1/pilots").send().await.expect(200)["items"].as_array().unwrap().len(), 1);
    }

    async fn head_works_on_a_get_and_a_wrong_method_is_told_what_is_right(app: App) {
        let owner = app.owner().await;
        let pilot = app.draft(&owner).await;
        let head = owner.request(Method::HEAD, path(&pilot)).send().await;
        assert_eq!((head.status.as_u16(), head.etag()), (200, "\"1\"".to_owned()));
        let answer = owner.request(Method::PUT, path(&pilot)).send().await;
        answer.refused(405, "method_not_allowed");
        let mut allowed: Vec<&str> = answer.header("allow").unwrap().split(", ").collect();
        allowed.sort_unstable();
        assert_eq!(allowed, ["DELETE", "GET", "HEAD", "PATCH"]);
        for lost in ["/v1/pilots/", "/v1/nothing", "/", "/v1/pilots/not-an-id", "/v1/../etc/passwd"] {
            owner.get(lost).send().await.refused(404, "not_found");
        }
    }

    async fn who_has_the_version_gets_304(app: App) {
        let owner = app.owner().await;
        let pilot = app.draft(&owner).await;
        for (tag, status) in [("\"1\"", 304), ("W/\"1\"", 304), ("*", 304), ("\"2\"", 200), ("\"0\", \"1\"", 304)] {
            let answer = owner.get(path(&pilot)).header("If-None-Match", tag).send().await;
            assert_eq!((answer.status.as_u16(), answer.etag()), (status, "\"1\"".to_owned()), "{tag}");
        }
    }

    async fn a_well_formed_request_id_is_kept_and_any_other_replaced(app: App) {
        let ours = app.anonymous().get("/healthz").header("X-Request-Id", "abcd-1234").send().await;
        assert_eq!(ours.header("x-request-id"), Some("abcd-1234"));
        for bad in ["short", "with space 123", "<script>alert(1)</script>"] {
            let answer = app.anonymous().get("/healthz").header("X-Request-Id", bad).send().await;
            assert_ne!(answer.header("x-request-id"), Some(bad));
        }
        let problem = app.anonymous().get("/v1/me").header("X-Request-Id", "abcd-1234").send().await.refused(401, "unauthenticated");
        assert_eq!(problem["request_id"], "abcd-1234");
    }

    async fn problems_speak_bangla_to_who_asks_for_it(app: App) {
        let answer = app.anonymous().get("/v1/me").bangla().send().await;
        assert_eq!(answer.refused(401, "unauthenticated")["title"], "লগইন প্রয়োজন");
        assert!(answer.header("www-authenticate").unwrap().starts_with("Bearer"));
        let owner = app.owner().await;
        let problem = owner.post("/v1/pilots").bangla().json(json!({})).send().await.refused(422, "validation_failed");
        assert_eq!(problem["errors"][0]["detail"], "এই ঘরটি আবশ্যক।");
        assert_eq!(problem["detail"], "১টি ঘর সঠিক নয়।");
    }

    async fn a_version_without_quotes_is_a_mistake_and_a_stale_one_is_stale(app: App) {
        let owner = app.owner().await;
        let pilot = app.draft(&owner).await;
        let patch = |version: &str| owner.patch(path(&pilot)).if_match(version).merge(json!({"tags": ["x"]}));
        for malformed in ["1", "\"1", "W/1", "latest", "\"1\" 2"] {
            let problem = patch(malformed).send().await.refused(400, "invalid_parameters");
            assert_eq!((&problem["errors"][0]["header"], &problem["errors"][0]["code"]), (&json!("If-Match"), &json!("pattern")), "{malformed}");
            assert!(problem["errors"][0]["detail"].as_str().unwrap().contains("`If-Match: \"1\"`"), "{problem}");
        }
        patch("\"9\"").send().await.refused(412, "version_mismatch");
        patch("W/\"1\"").send().await.expect(200);
    }

    async fn what_would_do_is_named_for_programs_too(app: App) {
        let owner = app.owner().await;
        let problem = async |path: &str| owner.get(path).send().await.refused(400, "invalid_parameters");
        let sort = problem("/v1/pilots?sort=title").await;
        assert_eq!(sort["errors"][0]["code"], "enum");
        assert_eq!(sort["errors"][0]["params"], json!({"allowed": ["-created_at", "created_at", "-updated_at", "updated_at"], "minimum": null, "maximum": null}));
        assert!(sort["errors"][0]["detail"].as_str().unwrap().contains("-updated_at"), "{sort}");
        assert_eq!(sort["detail"], "1 parameter or header is not valid.");
        let several = problem("/v1/pilots?limit=201&status=asleep,draft").await;
        assert_eq!(findings(&several), ["limit maximum", "status enum"]);
        assert_eq!(several["errors"][0]["params"]["maximum"], "200");
        assert!(several["errors"][1]["params"]["allowed"].as_array().unwrap().contains(&json!("in_execution")));
        let pilot = app.draft(&owner).await;
        let timeline = problem(&format!("{}/timeline?sort=title", path(&pilot))).await;
        assert_eq!(timeline["errors"][0]["params"]["allowed"], json!(["-at", "at"]));
        for query in ["sort=at", "sort=-at", ""] {
            owner.get(format!("{}/timeline?{query}", path(&pilot))).send().await.expect(200);
        }
    }

    async fn bangla_refusals_are_in_bangla(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let pilot = app.draft(&owner).await;
        let problem = owner.get("/v1/pilots?limit=201").bangla().send().await.refused(400, "invalid_parameters");
        assert_eq!((&problem["detail"], &problem["errors"][0]["detail"]), (&json!("১টি প্যারামিটার বা হেডার সঠিক নয়।"), &json!("এটি সর্বোচ্চ ২০০ হতে পারে।")));
        let step = owner.post(format!("{}/transitions", path(&pilot))).if_match("*").bangla().json(json!({"action": "withdraw", "reason": "x"})).send().await;
        step.expect(200);
        let again = owner.post(format!("{}/transitions", path(&pilot))).if_match("*").bangla().json(json!({"action": "submit"})).send().await;
        assert_eq!(again.refused(409, "transition_not_allowed")["detail"], "‘প্রত্যাহৃত’ অবস্থায় ‘জমা দেওয়া’ সম্ভব নয়; সম্ভব: ‘খসড়া’, ‘সংশোধন চাওয়া হয়েছে’।");
        let edit = owner.patch(path(&pilot)).if_match("*").bangla().merge(json!({"tags": ["x"]})).send().await;
        assert!(edit.refused(409, "transition_not_allowed")["detail"].as_str().unwrap().starts_with("‘প্রত্যাহৃত’ অবস্থায়"));
        let stale = officer.patch("/v1/me").if_match("\"77\"").bangla().merge(json!({"language": "bn"})).send().await;
        assert_eq!(stale.refused(412, "version_mismatch")["detail"], "রেকর্ডটি এখন ১ নম্বর সংস্করণে আছে।");
        let missing = app.anonymous().get("/v1/nowhere").bangla().send().await.refused(404, "not_found");
        assert_eq!(missing["detail"], "এমন কোনো রেকর্ড নেই, অথবা আপনি সেটি দেখতে পারেন না।");
    }

    async fn only_listed_origins_may_call_from_a_browser(app: App) {
        let ask = |origin: &str, method: &str, headers: &str| {
            app.anonymous()
                .request(Method::OPTIONS, "/v1/pilots")
                .header("Origin", origin)
                .header("Access-Control-Request-Method", method)
                .header("Access-Control-Request-Headers", headers)
        };
        let preflight = |origin: &str| ask(origin, "POST", "authorization,content-type,idempotency-key,if-match");
        let allowed = preflight("https://front.example").send().await;
        assert_eq!(allowed.header("access-control-allow-origin"), Some("https://front.example"));
        let refused = preflight("https://evil.example").send().await;
        assert_eq!(refused.header("access-control-allow-origin"), None);
        assert!(refused.refused(403, "origin_not_allowed")["detail"].as_str().unwrap().contains("server.cors_origins"));
        assert_eq!(preflight("https://evil.example").bangla().send().await.json()["title"], "এই উৎস থেকে অনুরোধ চলে না");
        let method = ask("https://front.example", "PUT", "authorization").send().await;
        assert!(method.refused(403, "origin_not_allowed")["detail"].as_str().unwrap().contains("PATCH"));
        let header = ask("https://front.example", "POST", "x-secret").send().await;
        assert!(header.refused(403, "origin_not_allowed")["detail"].as_str().unwrap().contains("Request-Headers"));
        let refusal = app.anonymous().get("/v1/me").header("Origin", "https://front.example").send().await;
        assert_eq!(refusal.header("access-control-allow-origin"), Some("https://front.example"));
        assert!(refusal.header("access-control-expose-headers").unwrap().to_lowercase().contains("etag"));
    }

    async fn large_answers_travel_compressed_and_small_ones_do_not(app: App) {
        let large = app.anonymous().get("/v1/openapi.json").header("Accept-Encoding", "gzip").send().await;
        assert_eq!(large.header("content-encoding"), Some("gzip"));
        let small = app.anonymous().get("/healthz").header("Accept-Encoding", "gzip").send().await;
        assert_eq!(small.header("content-encoding"), None);
    }

    async fn the_documentation_is_served_with_the_document_it_shows(app: App) {
        let page = app.anonymous().get("/docs/").send().await;
        assert!(String::from_utf8_lossy(&page.body).contains("swagger-ui"));
        let initializer = app.anonymous().get("/docs/swagger-initializer.js").send().await;
        assert!(String::from_utf8_lossy(&initializer.body).contains("/v1/openapi.json"));
        for (place, status) in [("/docs", 308), ("/docs/", 200), ("/docs/swagger-ui.css", 200)] {
            let head = app.anonymous().request(Method::HEAD, place).send().await;
            assert_eq!((head.status.as_u16(), head.body.len()), (status, 0), "{place}");
            let refusal = app.anonymous().post(place).send().await;
            assert_eq!(refusal.header("allow"), Some("GET, HEAD"));
            refusal.refused(405, "method_not_allowed");
        }
        app.anonymous().get("/docs/nothing.js").send().await.refused(404, "not_found");
        let served = app.anonymous().get("/v1/openapi.json").send().await.expect(200);
        assert_eq!(&served, crate::support::contract::document());
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
