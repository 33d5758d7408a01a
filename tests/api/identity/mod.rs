//! Logins, sessions, tokens, passwords, and the accounts behind them, by subject; here is what they share.

mod guesses;
mod passwords;
mod people;
mod roles;
mod sessions;
mod tokens;

use serde_json::{Value, json};

use crate::support::{App, Client, Response, people::Person};

pub const NEW_PASSWORD: &str = "seven boats carry mangoes north";

pub async fn log_in(app: &App, email: &str, password: &str) -> Response {
    app.anonymous().post("/v1/auth/login").json(json!({"email": email, "password": password})).send().await
}

/// The tokens of a fresh session.
pub async fn tokens(app: &App, email: &str, password: &str) -> Value {
    log_in(app, email, password).await.expect(200)
}

pub fn bearer(app: &App, tokens: &Value) -> Client {
    app.anonymous().with_token(tokens["access_token"].as_str().unwrap())
}

pub async fn refresh(app: &App, tokens: &Value) -> Response {
    app.anonymous().post("/v1/auth/refresh").json(json!({"refresh_token": tokens["refresh_token"]})).send().await
}

/// A problem without what differs from request to request.
pub fn essence(answer: &Response) -> Value {
    let mut problem = answer.json();
    problem["request_id"] = Value::Null;
    problem
}

pub fn user_path(person: &Person) -> String {
    format!("/v1/users/{}", person.id)
}

pub async fn transition(who: &Client, person: &Person, command: Value) -> Response {
    who.post(format!("{}/transitions", user_path(person))).if_match("*").json(command).send().await
}

pub async fn revoke(who: &Client, person: &Person, role: &str) -> Response {
    who.delete(format!("{}/roles/{role}", user_path(person))).if_match("*").send().await
}

pub async fn grant(who: &Client, person: &Person, role: &str) -> Response {
    who.post(format!("{}/roles", user_path(person))).json(json!({"role": role})).send().await
}

/// Takes an account out of use behind the application's back.
pub async fn depose(app: &App, person: &Person) {
    use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
    use innovation_pilots::platform::db::schema::user_roles;
    let id = person.id;
    app.state
        .db
        .write(move |connection| {
            diesel::delete(user_roles::table.filter(user_roles::user_id.eq(id))).execute(connection)?;
            Ok(())
        })
        .await
        .unwrap();
}
