//! How often the demo's services are used, what an hour is worth, and one share: what the savings are counted from.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{courier::Courier, data, people::People};
use crate::platform::fiscal_year::FiscalYear;

/// The last two fiscal years that are over, as in `volumes`.
const YEARS: i32 = 2;

#[derive(Deserialize)]
struct DemoImpact {
    service: String,
    volumes: Vec<Option<i64>>,
    source: String,
    note: String,
    share: Option<DemoShare>,
    correction: Option<DemoCorrection>,
}

#[derive(Deserialize)]
struct DemoShare {
    pilot: String,
    basis_points: i64,
    reason: String,
}

/// Of the last volume.
#[derive(Deserialize)]
struct DemoCorrection {
    volume: i64,
    note: String,
}

/// Records them, as an officer would, on the day before the present. `pilots` are the identifiers by key.
///
/// # Errors
/// The first request that was refused, and why.
pub async fn record(courier: &Courier, people: &People, pilots: &HashMap<String, String>) -> Result<(), String> {
    courier.turn_to(1, 3);
    let officer = people.account("officer")?;
    let last = FiscalYear::over_on(courier.today()).begins_in();
    let years: Vec<String> = (last + 1 - YEARS..=last).map(|year| FiscalYear::beginning_in(year).to_string()).collect();
    for (year, amount) in years.iter().zip(["58.00", "62.50"]) {
        let body = json!({"fiscal_year": year, "per_hour": {"amount": amount, "currency": "BDT"},
            "source": "Invented: labour force survey, mean hourly wage", "note": "All employed people, both sexes."});
        courier.post(officer, "/v1/values-of-time", body).await?;
    }
    for item in data::read::<DemoImpact>(data::IMPACT)? {
        let place = format!("/v1/services/{}", people.service(&item.service)?);
        let volume = |year: &str, volume: i64, note: &str| json!({"fiscal_year": year, "volume": volume, "source": item.source, "note": note});
        for (year, number) in years.iter().zip(&item.volumes) {
            if let Some(number) = number {
                courier.post(officer, &format!("{place}/volumes"), volume(year, *number, &item.note)).await?;
            }
        }
        if let (Some(correction), Some(year)) = (&item.correction, years.last()) {
            let body = volume(year, correction.volume, &correction.note);
            courier.post(officer, &format!("{place}/volumes"), body).await?;
        }
        if let Some(share) = &item.share {
            let pilot = pilots.get(&share.pilot).ok_or_else(|| format!("there is no pilot {}", share.pilot))?;
            let shares: Value = json!([{"pilot_id": pilot, "basis_points": share.basis_points}]);
            let body = json!({"reason": share.reason, "shares": shares});
            courier.post(officer, &format!("{place}/attributions"), body).await?;
        }
    }
    Ok(())
}
