//! Access tokens: verified by anyone, forged by nobody.

use std::fs;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, jwk::JwkSet};
use serde_json::{Value, json};

use super::tokens;
use crate::support::{App, people::PASSWORD};

on_both_engines! {
    async fn the_public_keys_verify_a_real_token(app: App) {
        let owner = app.owner().await;
        let pair = tokens(&app, &owner.email, PASSWORD).await;
        let published = app.anonymous().get("/.well-known/jwks.json").send().await.expect(200);
        assert!(published["keys"].as_array().unwrap().iter().all(|key| key.get("d").is_none()), "a private key is public");
        let keys: JwkSet = serde_json::from_value(published).unwrap();
        let token = pair["access_token"].as_str().unwrap();
        let header = jsonwebtoken::decode_header(token).unwrap();
        assert_eq!((header.alg, header.typ.as_deref()), (Algorithm::EdDSA, Some("at+jwt")));
        let key = DecodingKey::from_jwk(keys.find(header.kid.as_deref().unwrap()).unwrap()).unwrap();
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&["innovation-pilots-api"]);
        validation.set_issuer(&["innovation-pilots"]);
        // The clock of the tests is not that of the machine.
        (validation.validate_exp, validation.validate_nbf) = (false, false);
        let claims = jsonwebtoken::decode::<Value>(token, &key, &validation).unwrap().claims;
        assert_eq!(claims["sub"], json!(owner.id));
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 600);
    }

    async fn a_forged_token_is_refused_whatever_is_wrong_with_it(app: App) {
        let forger = Forger::new(&app).await;
        // The same tools make a good one, so what is refused below is refused for its own fault.
        let good = forger.sign(&forger.header, &forger.claims);
        app.anonymous().with_token(&good).get("/v1/me").send().await.expect(200);
        for (fault, token) in forger.forgeries(&good) {
            let client = app.anonymous().with_token(&token);
            let answer = client.get("/v1/me").send().await;
            assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (401, &json!("invalid_token")), "{fault}");
            assert!(answer.header("www-authenticate").unwrap().contains("invalid_token"), "{fault}");
            // Nor does it make a stranger of its bearer where strangers are welcome.
            for public in ["/v1/divisions", "/v1/pilots", "/healthz"] {
                let answer = client.get(public).send().await;
                assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (401, &json!("invalid_token")), "{fault} on {public}");
            }
        }
        for credentials in ["Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "nonsense", ""] {
            app.anonymous().get("/v1/divisions").header("Authorization", credentials).send().await.refused(401, "invalid_token");
        }
        app.anonymous().with_token("x").post("/v1/auth/login").json(json!({"email": "a@b.c", "password": "x"})).send().await.refused(401, "invalid_token");
    }

    async fn a_token_ends_to_the_second_even_when_it_is_known(app: App) {
        let owner = app.owner().await;
        owner.get("/v1/me").send().await.expect(200);
        app.advance(chrono::Duration::seconds(599));
        owner.get("/v1/me").send().await.expect(200);
        app.advance(chrono::Duration::seconds(1));
        owner.get("/v1/me").send().await.refused(401, "invalid_token");
    }
}

/// Someone who knows how tokens are made, and in the worst case has a key.
struct Forger {
    header: Header,
    claims: Value,
    key: EncodingKey,
    /// The public half, as published.
    public: Vec<u8>,
    now: i64,
}

impl Forger {
    async fn new(app: &App) -> Self {
        let owner = app.owner().await;
        let header = jsonwebtoken::decode_header(owner.token()).unwrap();
        let claims =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(owner.token().split('.').nth(1).unwrap()).unwrap()).unwrap();
        let key =
            EncodingKey::from_ed_der(&fs::read(app.database.folder().join("keys/access-token.ed25519.der")).unwrap());
        let keys = app.anonymous().get("/.well-known/jwks.json").send().await.expect(200);
        let public = URL_SAFE_NO_PAD.decode(keys["keys"][0]["x"].as_str().unwrap()).unwrap();
        Self { header, claims, key, public, now: app.state.clock.now().seconds() }
    }

    fn sign(&self, header: &Header, claims: &Value) -> String {
        jsonwebtoken::encode(header, claims, &self.key).unwrap()
    }

    /// With some claims changed; null takes one away.
    fn claiming(&self, changes: Value) -> String {
        let mut claims = self.claims.clone();
        for (name, value) in changes.as_object().unwrap() {
            if value.is_null() {
                claims.as_object_mut().unwrap().remove(name);
            } else {
                claims[name] = value.clone();
            }
        }
        self.sign(&self.header, &claims)
    }

    fn forgeries(&self, good: &str) -> Vec<(&'static str, String)> {
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let kid = self.header.kid.as_deref().unwrap();
        let unsigned = |alg: &str| {
            format!("{}.{}.", encode(&json!({"alg": alg, "typ": "at+jwt", "kid": kid})), encode(&self.claims))
        };
        let hmac = Header { alg: Algorithm::HS256, ..self.header.clone() };
        let by_hmac =
            |secret: &[u8]| jsonwebtoken::encode(&hmac, &self.claims, &EncodingKey::from_secret(secret)).unwrap();
        let other =
            aws_lc_rs::signature::Ed25519KeyPair::generate_pkcs8v1(&aws_lc_rs::rand::SystemRandom::new()).unwrap();
        let other = EncodingKey::from_ed_der(other.as_ref());
        let header = |change: fn(&mut Header)| {
            let mut header = self.header.clone();
            change(&mut header);
            self.sign(&header, &self.claims)
        };
        let parts: Vec<&str> = good.split('.').collect();
        let mut promoted = self.claims.clone();
        promoted["sub"] = json!("0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e");
        vec![
            ("alg none", unsigned("none")),
            ("alg None", unsigned("None")),
            ("no signature", unsigned("EdDSA")),
            ("HS256 with the public key", by_hmac(&self.public)),
            ("HS256 with the public key as text", by_hmac(URL_SAFE_NO_PAD.encode(&self.public).as_bytes())),
            ("HS256 with nothing", by_hmac(b"")),
            ("a key of its own", jsonwebtoken::encode(&self.header, &self.claims, &other).unwrap()),
            ("another kid", header(|header| header.kid = Some("another".to_owned()))),
            ("no kid", header(|header| header.kid = None)),
            ("typ JWT", header(|header| header.typ = Some("JWT".to_owned()))),
            ("no typ", header(|header| header.typ = None)),
            ("no exp", self.claiming(json!({"exp": null}))),
            ("no nbf", self.claiming(json!({"nbf": null}))),
            ("no aud", self.claiming(json!({"aud": null}))),
            ("no iss", self.claiming(json!({"iss": null}))),
            ("no sub", self.claiming(json!({"sub": null}))),
            ("no sid", self.claiming(json!({"sid": null}))),
            ("another aud", self.claiming(json!({"aud": "another-api"}))),
            ("another iss", self.claiming(json!({"iss": "another-issuer"}))),
            ("expired", self.claiming(json!({"nbf": self.now - 700, "exp": self.now}))),
            ("not yet valid", self.claiming(json!({"nbf": self.now + 1}))),
            ("exp as text", self.claiming(json!({"exp": "9999999999"}))),
            ("a session that is not", self.claiming(json!({"sid": "0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e"}))),
            ("someone else's session", self.sign(&self.header, &promoted)),
            ("other claims under a good signature", format!("{}.{}.{}", parts[0], encode(&promoted), parts[2])),
            ("a cut signature", good[..good.len() - 4].to_owned()),
            ("more parts", format!("{good}.{}", parts[2])),
            ("nonsense", "abc.def.ghi".to_owned()),
            ("something long", "a".repeat(4000)),
        ]
    }
}
