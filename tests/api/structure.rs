//! What the repository promises of itself: the document, the generated pages, the twins, the layers.

use std::{
    fs,
    path::{Path, PathBuf},
};

use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection, sql_types::Text};
use innovation_pilots::{
    features::{
        discussion, duplicates, funding, gates, handovers, identity, permissions::PERMISSIONS, pilots, plans,
        service_accounts, tcv, webhooks,
    },
    platform::{
        db::{DatabaseUrl, migrations},
        lifecycle,
    },
};
use serde_json::{Value, json};

use crate::support::{Engine, contract, database::Database};

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Compares a generated file with what is in the repository; `UPDATE_GENERATED=1` writes it instead.
fn expect_file(path: &str, content: &str) {
    let file = root(path);
    if std::env::var("UPDATE_GENERATED").is_ok() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, content).unwrap();
    }
    let present = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        present == content,
        "{path} is not what the code says; run: UPDATE_GENERATED=1 cargo test --test api structure"
    );
}

fn sources(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found
}

#[test]
fn the_committed_openapi_document_is_what_the_code_says() {
    let text = serde_json::to_string_pretty(contract::document()).unwrap() + "\n";
    expect_file("openapi/openapi.json", &text);
}

#[test]
fn what_can_be_moved_explains_what_is_closed() {
    let document: Value = serde_json::to_value(contract::document()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let moved: Vec<&str> = paths
        .iter()
        .filter_map(|(path, operations)| path.strip_suffix("/transitions").filter(|_| operations.get("post").is_some()))
        .collect();
    let silent: Vec<&&str> = moved.iter().filter(|record| !paths.contains_key(&format!("{record}/actions"))).collect();
    assert!(moved.len() > 15 && silent.is_empty(), "{silent:?}");
}

#[test]
fn the_generated_pages_are_what_the_tables_say() {
    let pages = [
        lifecycle::page("pilot", pilots::status::LIFECYCLE),
        lifecycle::page("plan version", plans::PLAN_LIFECYCLE),
        lifecycle::page("milestone", plans::MILESTONE_LIFECYCLE),
        lifecycle::page("TCV measurement", tcv::status::LIFECYCLE),
        lifecycle::page("gate decision", gates::status::LIFECYCLE),
        lifecycle::page("comment", discussion::COMMENT_LIFECYCLE),
        lifecycle::page("possible duplicate", duplicates::DUPLICATE_LIFECYCLE),
        lifecycle::page("funding request", funding::requests::status::LIFECYCLE),
        lifecycle::page("funding source", funding::sources::status::LIFECYCLE),
        lifecycle::page("handover", handovers::HANDOVER_LIFECYCLE),
        lifecycle::page("fund", funding::funds::FUND_LIFECYCLE),
        lifecycle::page("funding round", funding::rounds::ROUND_LIFECYCLE),
        lifecycle::page("account", identity::USER_LIFECYCLE),
        lifecycle::page("webhook endpoint", webhooks::status::LIFECYCLE),
        lifecycle::page("service account", service_accounts::SERVICE_ACCOUNT_LIFECYCLE),
        lifecycle::page("funding review", funding::reviews::status::LIFECYCLE),
        lifecycle::page("tranche", funding::tranches::status::LIFECYCLE),
        lifecycle::page("expenditure report", funding::reports::status::LIFECYCLE),
    ];
    expect_file("docs/generated/lifecycles.md", &pages.join("\n"));
    let mut page = "# Permissions\n\nGenerated from the table in the code; a test keeps it true. Any one of *allowed* suffices, any one of\n\
        *unless* forbids. Seeing a record at all comes before.\n\n| Action | Allowed | Unless |\n|---|---|---|\n"
        .to_owned();
    for permission in PERMISSIONS {
        let allowed: Vec<String> = permission.allowed.iter().map(|who| format!("{who:?}")).collect();
        let unless: Vec<String> = permission.unless.iter().map(|bar| format!("{bar:?}")).collect();
        page.push_str(&format!("| `{}` | {} | {} |\n", permission.action, allowed.join(", "), unless.join(", ")));
    }
    expect_file("docs/generated/permissions.md", &page);
}

/// Which operations a key can be used for, and with which scope, as the document says it.
#[test]
fn the_page_of_scopes_is_what_the_document_says() {
    let mut page = "# Scopes of API keys\n\nGenerated from the operations; a test keeps it true. A key acts as its owner and can do what \
        the owner may,\nwithin these scopes. What is not named here is open to anyone, or for people only.\n\n| Scope | Operations |\n|---|---|\n"
        .to_owned();
    let document = contract::document();
    let declared = document["components"]["schemas"]["Scope"]["enum"].as_array().unwrap();
    for scope in declared {
        let mut operations = Vec::new();
        for operation in
            document["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values())
        {
            if operation["x-api-key-scope"] == *scope {
                let mut ways = operation["security"].as_array().unwrap().iter();
                assert!(ways.any(|way| way["api_key"].is_array()), "{}", operation["operationId"]);
                operations.push(format!("`{}`", operation["operationId"].as_str().unwrap()));
            }
        }
        assert!(!operations.is_empty(), "{scope} is good for nothing");
        operations.sort();
        page.push_str(&format!("| `{}` | {} |\n", scope.as_str().unwrap(), operations.join(", ")));
    }
    expect_file("docs/generated/scopes.md", &page);
}

#[test]
fn the_platform_knows_nothing_of_the_features() {
    for file in sources("src/platform") {
        let text = fs::read_to_string(&file).unwrap();
        assert!(!text.contains("crate::features") && !text.contains("crate::app"), "{} looks upwards", file.display());
    }
}

#[test]
fn files_stay_small() {
    let mut lengths: Vec<(usize, PathBuf)> =
        sources("src").into_iter().map(|file| (fs::read_to_string(&file).unwrap().lines().count(), file)).collect();
    lengths.sort();
    let over = lengths.iter().filter(|(lines, _)| *lines > 350).count();
    assert!(over * 10 <= lengths.len(), "{over} of {} files are over 350 lines", lengths.len());
    let (longest, file) = lengths.last().unwrap();
    assert!(*longest <= 700, "{} has {longest} lines", file.display());
}

#[test]
fn every_operation_is_described_whole() {
    let document = contract::document();
    let tags: Vec<&str> =
        document["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    let mut used = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let place = format!("{method} {path}");
            for field in ["operationId", "summary", "description", "security"] {
                assert!(!operation[field].is_null() && operation[field] != "", "{place} has no {field}");
            }
            let tag = operation["tags"][0].as_str().unwrap();
            assert!(tags.contains(&tag) && operation["tags"].as_array().unwrap().len() == 1, "{place} has tag {tag}");
            used.push(tag);
            check_example(&operation["requestBody"]["content"], &format!("{place}, request"));
            for (status, response) in operation["responses"].as_object().unwrap() {
                if response["$ref"].is_null() {
                    check_example(&response["content"], &format!("{place}, {status}"));
                }
                for (name, link) in response["links"].as_object().into_iter().flatten() {
                    let target = link["operationId"].as_str().unwrap();
                    assert!(
                        document.to_string().contains(&format!("\"operationId\":\"{target}\"")),
                        "{place}: link {name} leads nowhere"
                    );
                }
            }
        }
    }
    assert!(tags.iter().all(|tag| used.contains(tag)), "a tag is declared and not used");
}

/// Each body has an example, and the example is one.
fn check_example(content: &Value, place: &str) {
    for (media_type, media) in content.as_object().into_iter().flatten() {
        let example = &media["example"];
        assert!(!example.is_null(), "{place}, {media_type} has no example");
        let schema = json!({"allOf": [media["schema"]], "components": contract::document()["components"]});
        let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(example).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{place}: the example is not valid: {}\n{example:#}", errors.join("\n"));
    }
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    name: String,
}

fn names(folder: &str) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(root(folder)).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn the_migrations_are_twins() {
    assert_eq!(names("migrations/sqlite"), names("migrations/postgres"));
    let Some(postgres) = Database::fresh(Engine::Postgres) else { return };
    let sqlite = Database::fresh(Engine::Sqlite).unwrap();
    let path = sqlite.url.trim_start_matches("sqlite://");
    let mut left = SqliteConnection::establish(path).unwrap();
    let mut right = PgConnection::establish(&postgres.url).unwrap();
    // The index of FTS5 is tables of its own; PostgreSQL keeps its indexes out of sight.
    let in_sqlite: Vec<Column> = diesel::sql_query(
        "SELECT tables.name || '.' || columns.name AS name FROM sqlite_master AS tables, pragma_table_info(tables.name) AS columns \
         WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite%' AND tables.name NOT LIKE '%\\_search%' ESCAPE '\\' ORDER BY 1",
    )
    .load(&mut left)
    .unwrap();
    let in_postgres: Vec<Column> = diesel::sql_query(
        "SELECT table_name || '.' || column_name AS name FROM information_schema.columns WHERE table_schema = 'public'",
    )
    .load(&mut right)
    .unwrap();
    let sorted = |columns: Vec<Column>| {
        let mut names: Vec<String> = columns.into_iter().map(|column| column.name).collect();
        names.sort();
        names
    };
    let (in_sqlite, in_postgres) = (sorted(in_sqlite), sorted(in_postgres));
    assert!(in_sqlite.len() > 150);
    assert_eq!(in_sqlite, in_postgres);
    let parts = fs::read_dir(root("src/platform/db/schema")).unwrap().map(|entry| entry.unwrap().path());
    let schema: String = parts.map(|file| fs::read_to_string(file).unwrap()).collect();
    for column in in_sqlite.iter().filter(|column| !column.starts_with("__diesel")) {
        let name = column.split('.').nth(1).unwrap();
        assert!(
            schema.contains(&format!("        {name} -> ")) || schema.contains(&format!("{name} -> ")),
            "schema/ lacks {column}"
        );
    }
}

#[test]
fn migrations_go_down_to_nothing_and_up_again() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let Some(database) = Database::empty(engine) else { continue };
        crate::support::database::migrate(&database.url);
        let url = DatabaseUrl::parse(&database.url).unwrap();
        let all = migrations::status(&url).unwrap();
        assert!(all.iter().all(|migration| migration.applied));
        for _ in &all {
            assert!(migrations::down(&url).unwrap().is_some());
        }
        assert_eq!(migrations::down(&url).unwrap(), None);
        assert!(migrations::status(&url).unwrap().iter().all(|migration| !migration.applied));
        crate::support::database::migrate(&database.url);
    }
}

#[test]
fn eight_processes_may_migrate_at_once() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let Some(database) = Database::empty(engine) else { continue };
        let url = &database.url;
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(move || crate::support::database::migrate(url));
            }
        });
        assert!(
            migrations::status(&DatabaseUrl::parse(url).unwrap()).unwrap().iter().all(|migration| migration.applied)
        );
    }
}
