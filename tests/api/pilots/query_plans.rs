//! A list must read an index in its own order, on both engines: no sort, no scan of a table, whatever is asked for.

use std::sync::{Arc, Mutex};

use diesel::{
    Connection, QueryableByName, RunQueryDsl, connection::InstrumentationEvent, connection::SimpleConnection,
    sql_types::Text,
};
use innovation_pilots::{
    features::pilots::list_pilots::{Audience, Filters, ListPilotsQuery, Stream, fetch},
    platform::{
        db::DbConnection,
        ids::UserId,
        web::{cursor::Cursor, page::Slice},
    },
};

use crate::support::{Engine, app::START};

/// Every offered filter, alone, with a value of the right form.
fn filters() -> Vec<(&'static str, ListPilotsQuery)> {
    let id = "0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e";
    let query = |json: serde_json::Value| serde_json::from_value::<ListPilotsQuery>(json).unwrap();
    [
        ("nothing", serde_json::json!({})),
        ("phase", serde_json::json!({"phase": ["execution"]})),
        ("status", serde_json::json!({"status": ["design"]})),
        ("sector", serde_json::json!({"sector_code": "health"})),
        ("service", serde_json::json!({"service_id": id})),
        ("district", serde_json::json!({"district_code": "BD-28"})),
        ("upazila", serde_json::json!({"upazila_code": "302672"})),
        ("division", serde_json::json!({"division_code": "BD-F"})),
        ("organisation", serde_json::json!({"organisation_id": id})),
        ("owner", serde_json::json!({"owner_id": id})),
        ("member", serde_json::json!({"member_id": id})),
        ("goal", serde_json::json!({"sdg_goal": "2"})),
        ("target", serde_json::json!({"sdg_target": "2.3"})),
        ("tag", serde_json::json!({"tag": "camp"})),
        ("created", serde_json::json!({"created_at_gte": START, "created_at_lt": "2027-01-01T00:00:00Z"})),
        ("updated", serde_json::json!({"updated_at_gte": START, "updated_at_lt": "2027-01-01T00:00:00Z", "sort": "-updated_at"})),
        ("several", serde_json::json!({"district_code": "BD-28", "tag": "camp", "status": ["design"]})),
    ]
    .into_iter()
    .map(|(name, json)| (name, query(json)))
    .collect()
}

fn streams(filters: &Filters) -> Vec<Stream> {
    let user = UserId::parse("0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e").unwrap();
    [Audience::Staff, Audience::Officials, Audience::Public, Audience::OwnUnlisted(user)]
        .into_iter()
        .map(|audience| Stream {
            audience,
            status: filters.statuses.first().copied(),
            phase: filters.phases.first().copied(),
        })
        .collect()
}

/// The text of the statement that a fetch sends.
fn statement_of(connection: &mut DbConnection, stream: Stream, filters: &Filters, slice: &Slice) -> String {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let record = Arc::clone(&seen);
    connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            record.lock().unwrap().push(query.to_string());
        }
    });
    fetch(connection, &[stream], filters, slice).unwrap();
    connection.set_instrumentation(|_: InstrumentationEvent<'_>| {});
    let statements = seen.lock().unwrap();
    statements.last().unwrap().split(" -- binds:").next().unwrap().to_owned()
}

#[derive(QueryableByName)]
struct SqlitePlan {
    #[diesel(sql_type = Text)]
    detail: String,
}

#[derive(QueryableByName)]
struct PostgresPlan {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    line: String,
}

/// How an engine would run a statement.
pub fn plan(connection: &mut DbConnection, statement: &str) -> String {
    match connection {
        DbConnection::Sqlite(sqlite) => {
            let lines: Vec<SqlitePlan> =
                diesel::sql_query(format!("EXPLAIN QUERY PLAN {statement}")).load(sqlite).unwrap();
            lines.into_iter().map(|line| line.detail + "\n").collect()
        }
        DbConnection::Postgres(postgres) => {
            let parameters = (1..40).take_while(|number| statement.contains(&format!("${number}"))).count();
            let nulls = vec!["NULL"; parameters].join(", ");
            postgres.batch_execute(&format!("PREPARE listed AS {statement}")).unwrap();
            let call = if parameters == 0 { "listed".to_owned() } else { format!("listed({nulls})") };
            let lines: Vec<PostgresPlan> = diesel::sql_query(format!("EXPLAIN EXECUTE {call}")).load(postgres).unwrap();
            postgres.batch_execute("DEALLOCATE listed").unwrap();
            lines.into_iter().map(|line| line.line + "\n").collect()
        }
    }
}

/// On an empty table PostgreSQL would rather read all of it; told not to, it shows whether an index fits at all.
pub const PREFER_INDEXES: &str = "SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off; \
     SET enable_hashjoin = off; SET enable_mergejoin = off; SET plan_cache_mode = force_generic_plan;";

on_both_engines! {
    async fn every_list_reads_an_index_in_its_order(app: App) {
        let mut connection = app.database.connect();
        if app.engine == Engine::Postgres {
            connection.batch_execute(PREFER_INDEXES).unwrap();
        }
        let after = Cursor { key: START.to_owned(), id: "0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e".to_owned() };
        let mut looked_at = 0;
        for (name, query) in filters() {
            for sort in ["-created_at", "created_at", "-updated_at", "updated_at"] {
                let filters = Filters::new(&ListPilotsQuery { sort: Some(sort.to_owned()), ..query.clone() }).unwrap();
                for stream in streams(&filters) {
                    for after in [None, Some(after.clone())] {
                        let slice = Slice { limit: 25, after, include_total: false };
                        let statement = statement_of(&mut connection, stream, &filters, &slice);
                        let plan = plan(&mut connection, &statement);
                        // A range of one time in the order of the other fits no index: the range is read and sorted, so
                        // the cost is that of the range.
                        let crosses = (name == "created" && sort.ends_with("updated_at")) || (name == "updated" && sort.ends_with("created_at"));
                        if crosses {
                            assert!(plan.contains("INDEX") || plan.contains("Index"), "{name} by {sort}: {plan}");
                            continue;
                        }
                        let bad = ["TEMP B-TREE", "SCAN users", "Sort", "Seq Scan", "Materialize"].iter().find(|sign| plan.contains(**sign));
                        assert!(bad.is_none(), "{name} by {sort} for {:?}: {}\n{statement}\n{plan}", stream.audience, bad.unwrap());
                        // SQLite says SCAN of an index too when it reads it in order from an end, which is what a list
                        // without a filter does; of a table never.
                        for line in plan.lines().filter(|line| line.starts_with("SCAN")) {
                            assert!(line.contains("USING INDEX") || line.contains("USING COVERING INDEX"), "{name} by {sort}: {plan}");
                        }
                        looked_at += 1;
                    }
                }
            }
        }
        // Four orders, four audiences, two pages; half of the two date filters cross.
        assert_eq!(looked_at, (filters().len() - 1) * 4 * 4 * 2);
    }
}
