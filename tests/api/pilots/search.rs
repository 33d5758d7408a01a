//! Search among more matches than are ever collected: nothing is left out, doubled or out of order.

use diesel::{Connection, connection::SimpleConnection};
use innovation_pilots::platform::db::DbConnection;
use serde_json::{Value, json};

use super::listing::{id, ids, walk};
use crate::support::{App, Engine};

/// More than the list takes from the index of words before it reads along the list.
const COPIES: usize = 3_000;
/// Every so-manieth copy has the tag, and each third of those the rare word.
const TAGGED: usize = 300;

/// A copy of a published pilot.
struct Made {
    id: String,
    words: &'static str,
    is_tagged: bool,
}

/// Writes them past the server, since it would take minutes.
fn make(app: &App, model: &Value, copies: &[Made]) {
    let url = app.database.url.trim_start_matches("sqlite://");
    let mut connection = match app.engine {
        Engine::Sqlite => DbConnection::Sqlite(Connection::establish(url).unwrap()),
        Engine::Postgres => DbConnection::Postgres(Connection::establish(url).unwrap()),
    };
    let mut script = format!("CREATE TEMP TABLE model AS SELECT * FROM pilots WHERE id = '{}';\n", id(model));
    for (n, Made { id, words, is_tagged }) in copies.iter().enumerate() {
        let at = format!("2026-01-01 {:02}:{:02}:00", n * 7 % 24, n * 7 / 24 % 60);
        script += &format!("UPDATE model SET id = '{id}', reference = NULL, updated_at = '{at}'; ");
        script += "INSERT INTO pilots SELECT * FROM model; ";
        script += &format!("INSERT INTO pilot_words (pilot_id, body) VALUES ('{id}', '{words}');\n");
        if *is_tagged {
            script += "INSERT INTO pilot_facets (kind, value, pilot_id, pilot_updated_at) ";
            script += &format!("VALUES ('tag', 'few', '{id}', '{at}');\n");
        }
    }
    connection.transaction::<_, diesel::result::Error, _>(|connection| connection.batch_execute(&script)).unwrap();
}

/// Copies of one moment that hold the words `common` and, few of them, `rare`; their ids in the order of creation.
fn copies(app: &App, model: &Value) -> Vec<String> {
    let copy = |n: usize| Made {
        id: format!("01900000-0000-7000-8000-{n:012}"),
        words: if n.is_multiple_of(3 * TAGGED) { "common rare" } else { "common" },
        is_tagged: n.is_multiple_of(TAGGED),
    };
    let made: Vec<Made> = (0..COPIES).map(copy).collect();
    make(app, model, &made);
    made.into_iter().map(|copy| copy.id).collect()
}

/// Copies made over eight years, ever more of them, with gaps of any length between them.
fn years(app: &App, model: &Value) -> Vec<Made> {
    // Back from 2026 by seconds at first, by months in the end.
    let mut back = 20_000_u64;
    let copy = |n: usize| {
        back += back * 244 / 10_000;
        let millis = 1_790_000_000_000 - back;
        let words = match n {
            _ if n.is_multiple_of(97) => "common some rare",
            _ if n.is_multiple_of(7) => "common some",
            _ => "common",
        };
        let id = format!("{:08x}-{:04x}-7000-8000-{n:012}", millis >> 16, millis & 0xffff);
        Made { id, words, is_tagged: false }
    };
    let mut made: Vec<Made> = (0..700).map(copy).collect();
    make(app, model, &made);
    made.sort_by(|left, right| left.id.cmp(&right.id));
    made
}

on_both_engines! {
    async fn a_common_word_is_paged_through_whole(app: App) {
        let (owner, officer, stranger) = (app.owner().await, app.officer().await, app.stranger().await);
        let model = app.published(&owner, &officer).await;
        let made = copies(&app, &model);
        let latest_first: Vec<String> = made.iter().rev().cloned().collect();
        assert_eq!(walk(&stranger, "q=common", 200).await, latest_first);
        assert_eq!(walk(&app.anonymous(), "q=comm&sort=created_at", 187).await, made);
        let mut by_update = walk(&stranger, "q=common&sort=-updated_at", 200).await;
        let dates = walk(&stranger, "tag=few&sort=-updated_at", 200).await;
        assert_eq!(walk(&stranger, "q=common&tag=few&sort=-updated_at", 3).await, dates);
        by_update.sort();
        assert_eq!(by_update, made);
    }

    async fn rare_words_and_rare_filters_are_found_among_common_ones(app: App) {
        let (owner, officer, stranger) = (app.owner().await, app.officer().await, app.stranger().await);
        let model = app.published(&owner, &officer).await;
        let made = copies(&app, &model);
        let every = |step: usize| made.iter().step_by(step).rev().cloned().collect::<Vec<_>>();
        assert_eq!(ids(&stranger, "q=common&tag=few").await, every(TAGGED));
        assert_eq!(walk(&stranger, "q=common&tag=few", 3).await, every(TAGGED));
        assert_eq!(ids(&stranger, "q=rare").await, every(3 * TAGGED));
        assert_eq!(ids(&stranger, "q=common%20rar&status=design").await, every(3 * TAGGED));
        assert_eq!(ids(&stranger, "q=ommon").await, Vec::<String>::new());
        assert_eq!(ids(&stranger, "q=rar%20common").await, Vec::<String>::new());
        let counted = async |query: &str| {
            let page = stranger.get(format!("/v1/pilots?include_total=true&limit=1&{query}")).send().await.expect(200);
            page["total"].clone()
        };
        assert_eq!(counted("q=common").await, json!({"value": COPIES, "relation": "eq"}));
        assert_eq!(counted("q=common&tag=few").await, json!({"value": COPIES / TAGGED, "relation": "eq"}));
        assert_eq!(counted("q=rare").await["value"], 4);
    }

    async fn changed_words_replace_the_old_ones(app: App) {
        let owner = app.owner().await;
        let draft = app.draft(&owner).await;
        let path = format!("/v1/pilots/{}", id(&draft));
        assert_eq!(ids(&owner, "q=camp").await, [id(&draft)]);
        owner.patch(&path).header("If-Match", "*").json(json!({"title": {"bn": "সেচ", "en": "Irrigation"},
            "summary": null, "proposed_change": null})).send().await.expect(200);
        assert_eq!(ids(&owner, "q=irrigat").await, [id(&draft)]);
        assert_eq!(ids(&owner, "q=%E0%A6%B8%E0%A7%87%E0%A6%9A").await, [id(&draft)]);
        assert_eq!(ids(&owner, "q=camp").await, Vec::<String>::new());
        owner.delete(&path).header("If-Match", "*").send().await.expect(204);
        assert_eq!(ids(&owner, "q=irrigation").await, Vec::<String>::new());
    }

    async fn nothing_is_lost_between_the_stretches_of_time(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let model = app.published(&owner, &officer).await;
        let made = years(&app, &model);
        for (query, word) in [("common", "common"), ("som", "some"), ("rare", "rare"), ("common%20rar", "rare")] {
            let with_it = made.iter().filter(|copy| copy.words.contains(word));
            let mut expected: Vec<String> = with_it.map(|copy| copy.id.clone()).collect();
            for limit in [1, 9, 50] {
                let limit = if word == "rare" { limit } else { limit * 4 };
                assert_eq!(walk(&officer, &format!("q={query}&sort=created_at"), limit).await, expected, "{query}");
            }
            expected.reverse();
            assert_eq!(walk(&officer, &format!("q={query}"), 23).await, expected, "{query}");
            assert_eq!(walk(&app.anonymous(), &format!("q={query}"), 23).await, expected, "{query}");
        }
    }
}
