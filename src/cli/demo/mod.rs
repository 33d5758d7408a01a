//! The demo data: the programme's own stories and some fifty invented pilots, brought to their states by the same
//! commands that people give, so that nothing in it is impossible in real life.

mod courier;
mod data;
mod funding;
mod impact;
mod people;
mod story;

use std::collections::HashMap;

use actix_web::web::Data;
use diesel::{QueryDsl, RunQueryDsl};
use tracing::{instrument::WithSubscriber, subscriber::NoSubscriber};

use self::{courier::Courier, data::DemoPilot, people::People};
use super::say;
use crate::{
    app,
    platform::{clock::Clock, config::Config, db::schema::users, web::AppState},
};

/// The password of every demo account.
pub const PASSWORD: &str = "demo pilots for everyone";

/// Loads the demo data into an empty database and tells who can log in; does nothing when there is anyone already.
///
/// # Errors
/// A sentence saying which step of which story failed.
pub async fn load(config: &Config, state: &Data<AppState>) -> Result<(), String> {
    let count = state.db.read(|connection| Ok(users::table.count().get_result::<i64>(connection)?)).await;
    if count.map_err(|error| error.to_string())? > 0 {
        say("Demo data: not loaded, this database has users already.");
        return Ok(());
    }
    say("Loading demo data ...");
    // Hundreds of requests that nobody sent would hide what the start has to say.
    let (pilots, people) = tell(config, state).with_subscriber(NoSubscriber::new()).await?;
    say(&format!("Demo data: {pilots} pilots, {people} people. Log in with the password \"{PASSWORD}\" as"));
    for (email, what) in [
        ("owner@demo.innovation.gov.bd", "innovator, owner of the Animal Health Camp"),
        ("deputy@demo.innovation.gov.bd", "innovator, deputy of the same pilot"),
        ("officer@demo.innovation.gov.bd", "programme officer"),
        ("officer2@demo.innovation.gov.bd", "programme officer, the second person for waivers"),
        ("fund.officer@demo.innovation.gov.bd", "fund officer, runs the rounds"),
        ("fund.approver@demo.innovation.gov.bd", "fund approver, awards and approves tranches"),
        ("fund.approver2@demo.innovation.gov.bd", "fund approver, the second person for large awards"),
        ("finance.officer@demo.innovation.gov.bd", "finance officer, pays and accepts reports"),
        ("reviewer@demo.innovation.gov.bd", "reviewer of funding requests"),
        ("reviewer2@demo.innovation.gov.bd", "reviewer, the second of each request"),
        ("admin@demo.innovation.gov.bd", "administrator"),
        ("auditor@demo.innovation.gov.bd", "auditor"),
    ] {
        say(&format!("  {email:<34} {what}"));
    }
    Ok(())
}

/// Tells all stories; says how many pilots and people there are.
async fn tell(config: &Config, state: &Data<AppState>) -> Result<(usize, usize), String> {
    // A clock of its own, which the stories set back to the day of each step.
    let past = app::state(config, Clock::fixed(state.clock.now())).map_err(|error| error.to_string())?;
    let people = People::found(&past).await.map_err(|error| error.to_string())?;
    let courier = Courier::new(past, state.clock.now()).await;
    let pilots: Vec<DemoPilot> = data::read(data::PILOTS)?;
    let mut ids = HashMap::new();
    for pilot in &pilots {
        let told = story::tell(&courier, &people, pilot).await;
        ids.insert(pilot.key.clone(), told.map_err(|error| format!("demo pilot {}: {error}", pilot.key))?);
    }
    funding::tell(&courier, &people, &ids).await.map_err(|error| format!("demo funding: {error}"))?;
    impact::record(&courier, &people, &ids).await.map_err(|error| format!("demo figures: {error}"))?;
    Ok((pilots.len(), people.len()))
}
