//! A database as the programme might leave behind after some years: most pilots under way or done, some drafts.

use chrono::{DateTime, Duration, Utc};
use diesel::{Connection, RunQueryDsl, connection::SimpleConnection};
use innovation_pilots::platform::{db::DbConnection, text::search_words};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    rows::{Failure, Row, connect, insert, make_fast, settle, texts},
    words::Vocabulary,
};

/// Pilots a transaction.
const PART: usize = 10_000;
/// Offices, people and services grow with the programme, but not as fast.
const OFFICES: usize = 200;
const PEOPLE: usize = 500;
const SERVICES: usize = 200;
/// Drafts of the one who writes in the bench.
const DRAFTS: usize = 5_000;

/// Phase and status by weight; the first is left to the drafts of the writer.
const STATUSES: [(&str, &str, usize); 8] = [
    ("initiation", "submitted", 6),
    ("initiation", "screening", 6),
    ("initiation", "rejected", 10),
    ("initiation", "design", 18),
    ("execution", "in_execution", 25),
    ("execution", "on_hold", 3),
    ("execution", "discontinued", 7),
    ("celebration", "completed", 25),
];

struct World {
    owner: String,
    office: String,
    offices: Vec<String>,
    people: Vec<String>,
    services: Vec<(String, String)>,
    districts: Vec<(String, String)>,
    targets: Vec<String>,
    vocabulary: Vocabulary,
    random: fastrand::Rng,
}

pub fn fill(url: &str, pilots: usize, owner: &str) -> Result<(), Failure> {
    let mut connection = connect(url)?;
    make_fast(&mut connection)?;
    let words_index = take_words_index(&mut connection)?;
    let mut world = world(&mut connection, owner)?;
    let start = Utc::now() - Duration::days(700);
    let step = Duration::days(699) / i32::try_from(pilots)?;
    let (mut ids, mut drafts, mut running) = (Vec::new(), Vec::new(), Vec::new());
    for first in (0..pilots).step_by(PART) {
        let mut rows: [Vec<Row>; 4] = Default::default();
        for number in first..pilots.min(first + PART) {
            let at = start + step * i32::try_from(number)?;
            // A tenth, up to a limit, are drafts of the writer, evenly over time.
            let is_draft = number % (pilots / DRAFTS.min(pilots / 10)).max(1) == 0;
            let (id, status) = world.pilot(at, number, is_draft, &mut rows);
            if is_draft {
                drafts.push(id.clone());
            } else if status == "in_execution" && running.len() < DRAFTS {
                running.push(id.clone());
            }
            if ids.len() < 20_000 || world.random.usize(..pilots) < 20_000 {
                ids.push(id);
            }
        }
        connection.transaction::<_, Failure, _>(|connection| {
            for (table, rows) in ["pilots", "pilot_members", "pilot_facets", "pilot_words"].iter().zip(&rows) {
                insert(connection, table, rows)?;
            }
            Ok(())
        })?;
    }
    if let Some(definition) = words_index {
        connection.batch_execute(&definition)?;
    }
    settle(&mut connection)?;
    let searches: Vec<String> = (0..5_000).map(|_| world.vocabulary.search(&mut world.random)).collect();
    world.random.shuffle(&mut ids);
    let mut sectors: Vec<&String> = world.services.iter().map(|(_, sector)| sector).collect();
    sectors.sort_unstable();
    sectors.dedup();
    let districts: Vec<&String> = world.districts.iter().map(|(code, _)| code).collect();
    let asked = json!({"ids": ids, "drafts": drafts, "running": running, "searches": searches, "sectors": sectors,
        "districts": districts});
    println!("{asked}");
    Ok(())
}

/// PostgreSQL makes the index of words in minutes when all rows are there, and in an hour row by row. Takes it away and
/// gives what makes it again.
fn take_words_index(connection: &mut DbConnection) -> Result<Option<String>, Failure> {
    let DbConnection::Postgres(_) = connection else { return Ok(None) };
    let definition = texts(connection, "SELECT pg_get_indexdef('pilot_words_index'::regclass) AS value")?.pop();
    connection.batch_execute("DROP INDEX pilot_words_index")?;
    Ok(definition.map(|definition| {
        format!(
            "SET maintenance_work_mem = '10GB'; {definition}; \
             ALTER INDEX pilot_words_index ALTER COLUMN 1 SET STATISTICS 0"
        )
    }))
}

fn world(connection: &mut DbConnection, owner: &str) -> Result<World, Failure> {
    let mut random = fastrand::Rng::with_seed(20_261_123);
    let vocabulary = Vocabulary::new();
    let now = time(Utc::now());
    let owner_id = texts(connection, &format!("SELECT id AS value FROM users WHERE email = '{owner}'"))?
        .pop()
        .ok_or("there is no such owner")?;
    let office = Uuid::now_v7().to_string();
    let ministry = json!({"id": office, "kind": "ministry", "name_en": "Ministry of the Bench", "is_active": true,
        "version": 1, "created_at": now, "updated_at": now});
    insert(connection, "organisations", &[row(ministry)])?;
    diesel::sql_query("UPDATE users SET organisation_id = $1 WHERE id = $2")
        .bind::<diesel::sql_types::Text, _>(&office)
        .bind::<diesel::sql_types::Text, _>(&owner_id)
        .execute(connection)?;
    let sectors = texts(connection, "SELECT code AS value FROM codes WHERE scheme = 'sector'")?;
    let districts: Vec<(String, String)> =
        texts(connection, "SELECT code || ' ' || parent_code AS value FROM codes WHERE scheme = 'district'")?
            .iter()
            .filter_map(|pair| pair.split_once(' ').map(|(code, parent)| (code.to_owned(), parent.to_owned())))
            .collect();
    let targets = texts(connection, "SELECT code AS value FROM codes WHERE scheme = 'sdg_target'")?;
    let offices: Vec<String> = (0..OFFICES).map(|_| Uuid::now_v7().to_string()).collect();
    let rows: Vec<Row> = offices
        .iter()
        .map(|id| {
            row(json!({"id": id, "parent_id": office, "kind": "district_administration",
                "name_en": vocabulary.text(&mut random, 3), "is_active": true, "version": 1, "created_at": now,
                "updated_at": now}))
        })
        .collect();
    insert(connection, "organisations", &rows)?;
    let people: Vec<String> = (0..PEOPLE).map(|_| Uuid::now_v7().to_string()).collect();
    let rows: Vec<Row> = people
        .iter()
        .enumerate()
        .map(|(number, id)| {
            row(json!({"id": id, "email": format!("person{number}@bench.gov.bd"),
                "name_en": vocabulary.text(&mut random, 2), "organisation_id": offices[number % OFFICES],
                "language": "bn", "password_hash": "none", "password_changed_at": now, "must_change_password": false,
                "status": "active", "version": 1, "created_at": now, "updated_at": now}))
        })
        .collect();
    insert(connection, "users", &rows)?;
    let services: Vec<(String, String)> =
        (0..SERVICES).map(|number| (Uuid::now_v7().to_string(), sectors[number % sectors.len()].clone())).collect();
    let rows: Vec<Row> = services
        .iter()
        .enumerate()
        .map(|(number, (id, sector))| {
            row(json!({"id": id, "sector_code": sector, "organisation_id": offices[number % OFFICES],
                "name_en": vocabulary.text(&mut random, 3), "is_active": true, "version": 1, "created_at": now,
                "updated_at": now}))
        })
        .collect();
    insert(connection, "services", &rows)?;
    Ok(World { owner: owner_id, office, offices, people, services, districts, targets, vocabulary, random })
}

impl World {
    /// The rows of one pilot: its own, its team's, its facets', its words'.
    fn pilot(
        &mut self,
        at: DateTime<Utc>,
        number: usize,
        is_draft: bool,
        rows: &mut [Vec<Row>; 4],
    ) -> (String, &'static str) {
        let random = &mut self.random;
        let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
        let id = Uuid::from_u128(
            (u128::from(millis) << 80)
                | (7 << 76)
                | (u128::from(random.u16(..0x1000)) << 64)
                | (2 << 62)
                | u128::from(random.u64(..1 << 62)),
        )
        .to_string();
        let (phase, status) = if is_draft { ("initiation", "draft") } else { any_status(random) };
        let is_listed = !matches!(status, "draft" | "submitted" | "screening" | "rejected");
        let is_public = is_listed && random.u8(..10) < 6;
        let (owner, office) = if is_draft {
            (self.owner.clone(), self.office.clone())
        } else {
            let person = random.usize(..PEOPLE);
            (self.people[person].clone(), self.offices[person % OFFICES].clone())
        };
        let deputy = self.people[random.usize(..PEOPLE)].clone();
        let (service, sector) = self.services[random.usize(..SERVICES)].clone();
        let (district, division) = self.districts[random.usize(..self.districts.len())].clone();
        let target = self.targets[random.usize(..self.targets.len())].clone();
        let texts: Vec<String> =
            [6, 6, 20, 20, 30, 30, 30, 30, 4, 4].iter().map(|words| self.vocabulary.text(random, *words)).collect();
        let reference = (!is_draft).then(|| format!("PIL-2025-{number:07}"));
        let changed = time(at + Duration::hours(random.i64(1..2_000)));
        let created = time(at);
        let dated = |is: bool| if is { json!(created) } else { Value::Null };
        rows[0].push(row(json!({"id": id, "reference": reference, "title_bn": texts[0], "title_en": texts[1],
            "summary_bn": texts[2], "summary_en": texts[3], "problem_bn": texts[4], "problem_en": texts[5],
            "proposed_change_bn": texts[6], "proposed_change_en": texts[7], "citizen_group_bn": texts[8],
            "citizen_group_en": texts[9], "underserved": "[\"rural_poor\"]", "service_id": service,
            "sector_code": sector, "districts": json!([district]).to_string(),
            "sdg_targets": json!([target]).to_string(), "tags": "[\"bench\"]", "origin": "own_idea", "owner_id": owner,
            "deputy_id": deputy, "organisation_id": office, "phase": phase, "status": status, "is_listed": is_listed,
            "is_public": is_public, "submitted_at": dated(!is_draft), "screening_at": dated(!is_draft),
            "initiated_at": dated(is_listed), "execution_at": dated(phase != "initiation"),
            "completed_at": dated(status == "completed"), "published_at": dated(is_public), "version": 1,
            "created_at": created, "updated_at": changed})));
        for (person, role) in [(&owner, "owner"), (&deputy, "deputy")] {
            if role == "owner" || owner != deputy {
                rows[1].push(row(json!({"pilot_id": id, "user_id": person, "role": role, "added_at": created})));
            }
        }
        let goal = target.split('.').next().unwrap_or_default();
        let mut facets = vec![
            ("sector", sector.as_str()),
            ("service", &service),
            ("owner", &owner),
            ("member", &owner),
            ("organisation", &office),
            ("organisation", &self.office),
            ("district", &district),
            ("division", &division),
            ("sdg_target", &target),
            ("sdg_goal", goal),
            ("tag", "bench"),
            ("member", &deputy),
        ];
        facets.sort_unstable();
        facets.dedup();
        rows[2].extend(facets.into_iter().map(|(kind, value)| {
            row(json!({"kind": kind, "value": value, "pilot_id": id, "pilot_updated_at": changed}))
        }));
        let mut words: Vec<String> = texts.iter().chain(&reference).flat_map(|text| search_words(text)).collect();
        words.sort_unstable();
        words.dedup();
        rows[3].push(row(json!({"pilot_id": id, "body": words.join(" ")})));
        (id, status)
    }
}

fn any_status(random: &mut fastrand::Rng) -> (&'static str, &'static str) {
    let mut at = random.usize(..STATUSES.iter().map(|(_, _, weight)| weight).sum::<usize>());
    for (phase, status, weight) in STATUSES {
        if at < weight {
            return (phase, status);
        }
        at -= weight;
    }
    ("initiation", "design")
}

/// As diesel writes instants to SQLite; PostgreSQL reads it too.
fn time(at: DateTime<Utc>) -> String {
    at.naive_utc().format("%F %T%.3f").to_string()
}

fn row(value: Value) -> Row {
    match value {
        Value::Object(row) => row,
        _ => Row::new(),
    }
}
