//! Reference lists from CSV: all of a file or nothing, errors by row, and back again.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::support::{Client, Response, builders::*, client::findings};

async fn send(who: &Client, list: &str, csv: impl Into<Vec<u8>>) -> Response {
    who.post(format!("/v1/imports?list={list}")).body("text/csv", csv).send().await
}

async fn dry(who: &Client, list: &str, csv: impl Into<Vec<u8>>) -> Value {
    let answer = who
        .post(format!("/v1/imports?list={list}&dry_run=true"))
        .body("text/csv; charset=utf-8", csv)
        .send()
        .await
        .expect(200);
    assert_eq!((&answer["dry_run"], &answer["applied"]), (&json!(true), &json!(false)));
    answer
}

fn counts(answer: &Value) -> [i64; 4] {
    ["created", "updated", "unchanged", "error_count"].map(|name| answer[name].as_i64().unwrap())
}

/// `row column code` of each error.
fn errors(answer: &Value) -> Vec<String> {
    let line = |error: &Value| {
        format!("{} {} {}", error["row"], error["column"].as_str().unwrap_or("-"), error["code"].as_str().unwrap())
    };
    answer["errors"].as_array().unwrap().iter().map(line).collect()
}

/// What a build without optimisations does well within the client's patience; 100,000 are measured by hand.
const ROWS: i64 = 10_000;

const UPAZILAS: &str =
    "\u{FEFF}code,district_code,name_bn,name_en\r\n302672,BD-13,সাভার,Savar\r\n302614,BD-13,ধামরাই,Dhamrai\r\n";

on_both_engines! {
    async fn upazilas_are_imported_found_and_named_by_pilots(app: App) {
        let (admin, owner, anyone) = (app.admin().await, app.owner().await, app.anonymous());
        assert_eq!(counts(&dry(&admin, "upazilas", UPAZILAS).await), [2, 0, 0, 0]);
        anyone.get("/v1/upazilas/302672").send().await.refused(404, "not_found");
        let done = send(&admin, "upazilas", UPAZILAS).await.expect(200);
        assert_eq!((counts(&done), &done["applied"], &done["rows"]), ([2, 0, 0, 0], &json!(true), &json!(2)));
        assert_eq!(counts(&send(&admin, "upazilas", UPAZILAS).await.expect(200)), [0, 0, 2, 0]);
        let savar = anyone.get("/v1/upazilas/302672").send().await.expect(200);
        assert_eq!((&savar["name"]["bn"], &savar["district_code"], &savar["version"]), (&json!("সাভার"), &json!("BD-13"), &json!(1)));
        let renamed = send(&admin, "upazilas", "code,district_code,name_en\n302672,BD-13,Savar Upazila\n").await.expect(200);
        assert_eq!(counts(&renamed), [0, 1, 0, 0]);
        let codes = async |query: &str| {
            let page = anyone.get(format!("/v1/upazilas?{query}&include_total=true")).send().await.expect(200);
            page["items"].as_array().unwrap().iter().map(|item| item["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(codes("district=BD-13").await, ["302672", "302614"]);
        assert_eq!(codes("district=BD-28").await, Vec::<String>::new());
        assert_eq!(codes("q=upaz").await, ["302672"]);
        assert_eq!(codes("q=%E0%A6%A7%E0%A6%BE%E0%A6%AE").await, ["302614"]);
        admin.patch("/v1/upazilas/302614").if_match("*").merge(json!({"name": {"en": "Dhamrai Town"}})).send().await.expect(200);
        assert_eq!(codes("q=town").await, ["302614"]);

        let wrong = json!({"title": {"en": "x"}, "districts": ["BD-28"], "upazilas": ["302672", "nowhere"]});
        let problem = owner.post("/v1/pilots").json(wrong).send().await.refused(422, "validation_failed");
        assert_eq!(findings(&problem), ["#/upazilas/0 wrong_parent", "#/upazilas/1 unknown_reference"]);
        let pilot = owner.post("/v1/pilots").json(json!({"title": {"en": "x"}, "districts": ["BD-13"], "upazilas": ["302672"]})).send().await.expect(201);
        assert_eq!(pilot["upazilas"], json!(["302672"]));
        let found = owner.get("/v1/pilots?upazila_code=302672").send().await.expect(200);
        assert_eq!((&found["items"][0]["id"], &found["items"][0]["upazilas"]), (&pilot["id"], &json!(["302672"])));
        assert_eq!(owner.get("/v1/pilots?upazila_code=302614").send().await.expect(200)["items"], json!([]));
        // Its district cannot leave without it.
        let moved = owner.patch(path(&pilot)).if_match("*").merge(json!({"districts": ["BD-28"]})).send().await;
        assert_eq!(findings(&moved.refused(422, "validation_failed")), ["#/upazilas/0 wrong_parent"]);
    }

    async fn everything_that_is_wrong_is_said_by_row_and_nothing_changes(app: App) {
        let (admin, auditor) = (app.admin().await, app.auditor().await);
        send(&admin, "upazilas", UPAZILAS).await.expect(200);
        let csv = "code,kind,name_bn,name_en,parent_code,district_code,upazila_code,is_active\n\
            MIN,ministry,,Ministry,,BD-13,302672,true\n\
            MIN,ministry,,Again,,,,\n\
            ,ministry,,No code,,,,\n\
            A-1,kingdom,,Kingdom,,,,\n\
            A-2,firm,,\"=cmd|' /C calc'!A0\",,,,\n\
            A-3,firm,,-1+2,,,,\n\
            A-4,firm,,@SUM(A1),,,,\n\
            A-5,firm,,,,,,\n\
            A-6,firm,,x,NOWHERE,,,\n\
            A-7,firm,,x,,BD-99,,\n\
            A-8,firm,,x,,BD-28,302672,\n\
            A-9,firm,,x,,,,perhaps\n\
            A-10,firm,x\n\
            B-1,firm,,x,B-2,,,\n\
            B-2,firm,,x,B-1,,,\n\
            B-3,firm,,\"\tx\",,,,\n";
        let answer = dry(&admin, "organisations", csv).await;
        assert_eq!(errors(&answer), [
            "3 code duplicate", "4 code required", "5 kind enum", "6 name_en formula", "7 name_en formula",
            "8 name_en formula", "9 name_bn language_missing", "10 parent_code unknown_reference", "11 district_code unknown_reference",
            "12 upazila_code wrong_parent", "13 is_active enum", "14 - column_count", "15 parent_code cycle", "17 name_en formula",
        ]);
        let before = auditor.get("/v1/audit-entries?limit=1&include_total=true").send().await.expect(200)["total"].clone();
        let problem = admin.post("/v1/imports?list=organisations").bangla().body("text/csv", csv).send().await.refused(422, "validation_failed");
        assert!(problem["detail"].as_str().unwrap().starts_with("১৪টি ত্রুটি"), "{problem}");
        assert!(findings(&problem).contains(&"#/rows/5/kind enum".to_owned()));
        assert_eq!(auditor.get("/v1/audit-entries?limit=1&include_total=true").send().await.expect(200)["total"], before);
        assert_eq!(admin.get("/v1/organisations?q=ministry").send().await.expect(200)["items"], json!([]));
    }

    async fn upazilas_have_geocodes_of_their_district(app: App) {
        let admin = app.admin().await;
        let csv = "code,name_en,district_code,is_active\n\
            302672,Savar,BD-13,true\n\
            SAVAR,Savar,BD-13,true\n\
            30267,Savar,BD-13,true\n\
            494918,Kurigram,BD-13,perhaps\n\
            306115,Bhaluka,BD-34,true\n\
            456115,Bhaluka,BD-34,true\n\
            ৩০২৬১৪,Dhamrai,BD-13,true\n";
        let answer = dry(&admin, "upazilas", csv).await;
        assert_eq!(errors(&answer), ["3 code pattern", "4 code pattern", "5 code wrong_parent", "5 is_active enum", "8 code pattern"]);
        assert!(answer["errors"][2]["detail"].as_str().unwrap().contains("3026"), "{answer}");
        assert_eq!(counts(&answer), [3, 0, 0, 5]);
        let problem = send(&admin, "upazilas", csv).await.refused(422, "validation_failed");
        assert_eq!(findings(&problem).len(), 5);
        // A file in another encoding has no rows to tell of: it is refused whole, in a dry run too.
        let latin = b"code,name_en,district_code\n302672,caf\xe9,BD-13\n".to_vec();
        let problem = admin.post("/v1/imports?list=upazilas&dry_run=true").body("text/csv", latin).send().await.refused(422, "import_refused");
        assert_eq!(findings(&problem), ["#/rows/2 encoding"]);
    }

    async fn a_tree_is_imported_in_any_order_and_pilots_follow_it(app: App) {
        let (admin, owner) = (app.admin().await, app.owner().await);
        let csv = "code,kind,name_bn,name_en,parent_code\n\
            OFFICE,field_office,,\"Office, \"\"old\"\"\nhouse\",DIR\n\
            DIR,directorate,অধিদপ্তর,Directorate,MIN\n\
            MIN,ministry,মন্ত্রণালয়,Ministry,\n\
            MIN-2,ministry,,Second ministry,\n";
        assert_eq!(counts(&send(&admin, "organisations", csv).await.expect(200)), [4, 0, 0, 0]);
        let by_name = async |q: &str| admin.get(format!("/v1/organisations?q={q}")).send().await.expect(200)["items"][0].clone();
        let (office, directorate, ministry, second) = (by_name("office%20old").await, by_name("directorate").await, by_name("ministry").await, by_name("second").await);
        assert_eq!((&office["name"]["en"], &office["parent_id"]), (&json!("Office, \"old\"\nhouse"), &directorate["id"]));
        assert_eq!((&directorate["parent_id"], &directorate["code"]), (&ministry["id"], &json!("DIR")));
        // The owner's office comes below the directorate, a pilot of it is filed under both ministries in turn.
        let place = format!("/v1/organisations/{}", app.people.livestock_office);
        admin.patch(place).if_match("*").merge(json!({"parent_id": directorate["id"], "code": "LIVESTOCK"})).send().await.expect(200);
        let pilot = app.draft(&owner).await;
        let filed = async |organisation: &Value| {
            let page = owner.get(format!("/v1/pilots?organisation_id={}", organisation["id"].as_str().unwrap())).send().await.expect(200);
            page["items"].as_array().unwrap().iter().any(|item| item["id"] == pilot["id"])
        };
        assert_eq!((filed(&ministry).await, filed(&second).await), (true, false));
        let moved = send(&admin, "organisations", "code,kind,name_en,parent_code\nDIR,directorate,Directorate,MIN-2\n").await.expect(200);
        assert_eq!(counts(&moved), [0, 1, 0, 0]);
        assert_eq!((filed(&ministry).await, filed(&second).await, filed(&directorate).await), (false, true, true));
        assert_eq!(by_name("directorate").await["name"]["bn"], "অধিদপ্তর");
        let below = send(&admin, "organisations", "code,kind,name_en,parent_code\nMIN-2,ministry,Second ministry,LIVESTOCK\n").await;
        assert_eq!(findings(&below.refused(422, "validation_failed")), ["#/rows/2/parent_code cycle"]);
        let taken = json!({"name": {"en": "x"}, "kind": "firm", "code": "DIR"});
        admin.post("/v1/organisations").json(taken).send().await.refused(409, "already_exists");
    }

    async fn services_and_sectors_come_the_same_way(app: App) {
        let admin = app.admin().await;
        send(&admin, "organisations", "code,kind,name_en\nDLS,directorate,Livestock\n").await.expect(200);
        send(&admin, "sectors", "code,name_bn,name_en\nsports_culture,ক্রীড়া,Sports\n").await.expect(200);
        admin.get("/v1/sectors/sports_culture").send().await.expect(200);
        let csv = "code,name_en,sector_code,organisation_code\nS-1,Vaccination,sports_culture,DLS\nS-2,Training,nothing,NOBODY\n";
        assert_eq!(errors(&dry(&admin, "services", csv).await), ["3 sector_code unknown_reference", "3 organisation_code unknown_reference"]);
        let csv = "code,name_en,sector_code,organisation_code\nS-1,Vaccination,sports_culture,DLS\n";
        assert_eq!(counts(&send(&admin, "services", csv).await.expect(200)), [1, 0, 0, 0]);
        let found = admin.get("/v1/services?q=vaccination").send().await.expect(200);
        assert_eq!((&found["items"][0]["code"], &found["items"][0]["sector_code"]), (&json!("S-1"), &json!("sports_culture")));
    }

    async fn files_that_are_no_list_are_refused_whole(app: App) {
        let admin = app.admin().await;
        let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain("code,name_en".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let cases: [(Vec<u8>, &[&str]); 7] = [
            (utf16, &["# encoding"]),
            (b"code,name_en,district_code\n1,a,BD-13\n302614,caf\xe9,BD-13\n".to_vec(), &["#/rows/3 encoding"]),
            (b"".to_vec(), &["# empty"]),
            (b"code,name,district_code\n".to_vec(), &["#/rows/1/name unknown_column", "#/rows/1/name_bn missing_column"]),
            (b"name_en\nx\n".to_vec(), &["#/rows/1/code missing_column", "#/rows/1/district_code missing_column"]),
            (b"code,code,name_en,district_code\n".to_vec(), &["#/rows/1/code repeated_column"]),
            (b"code;name_en;district_code\n".to_vec(), &["#/rows/1/code missing_column", "#/rows/1/code;name_en;district_code unknown_column", "#/rows/1/district_code missing_column", "#/rows/1/name_bn missing_column"]),
        ];
        for (csv, expected) in cases {
            let problem = send(&admin, "upazilas", csv).await.refused(422, "import_refused");
            assert_eq!(findings(&problem), expected);
        }
        admin.post("/v1/imports?list=users").body("text/csv", "x").send().await.refused(400, "invalid_parameters");
        admin.post("/v1/imports?list=sectors").json(json!({})).send().await.refused(415, "unsupported_media_type");
        let rows: String = (0..100_001).fold("code,name_en\n".to_owned(), |mut text, row| { let _ = writeln!(text, "a{row},x"); text });
        let problem = send(&admin, "sectors", rows).await.refused(422, "import_refused");
        assert_eq!(findings(&problem), ["#/rows/100002 too_many_rows"]);
    }

    async fn an_export_is_imported_again_without_a_change(app: App) {
        let admin = app.admin().await;
        send(&admin, "upazilas", UPAZILAS).await.expect(200);
        send(&admin, "organisations", "code,kind,name_en,parent_code,district_code,upazila_code\nA1,firm,\"x, \"\"y\"\"\",,,\nB1,firm,z,A1,BD-13,302672\n").await.expect(200);
        admin.post("/v1/organisations").json(json!({"name": {"en": "=1+1"}, "kind": "firm", "code": "C1"})).send().await.expect(201);
        for list in ["organisations", "services", "sectors", "upazilas"] {
            let exported = admin.get(format!("/v1/exports?list={list}")).send().await;
            assert_eq!(exported.status, 200);
            assert!(exported.header("content-disposition").unwrap().starts_with("attachment"));
            let text = String::from_utf8(exported.body.clone()).unwrap();
            assert!(list != "organisations" || text.contains("'=1+1"), "{text}");
            let answer = dry(&admin, list, exported.body).await;
            assert_eq!((answer["created"].clone(), answer["updated"].clone(), answer["errors"].clone()), (json!(0), json!(0), json!([])), "{list}");
        }
    }

    async fn a_retry_with_its_key_imports_once(app: App) {
        let admin = app.admin().await;
        let again = async || admin.post("/v1/imports?list=upazilas").key("import-1").body("text/csv", UPAZILAS).send().await;
        let (first, second) = (again().await, again().await);
        assert_eq!(first.expect(200), second.expect(200));
        assert_eq!((counts(&second.json()), second.header("idempotent-replayed")), ([2, 0, 0, 0], Some("true")));
    }

    async fn many_rows_are_a_matter_of_seconds(app: App) {
        let admin = app.admin().await;
        let csv = |name: &str| (0..ROWS).fold("code,kind,name_bn,name_en,parent_code\nROOT,ministry,মন্ত্রণালয়,Root,\n".to_owned(), |mut text, row| {
            if row > 0 { let _ = writeln!(text, "O-{row},field_office,কার্যালয় {row},{name} {row},{}", if row % 100 == 1 { "ROOT".to_owned() } else { format!("O-{}", row - 1) }); }
            text
        });
        for (name, expected) in [("Office", [ROWS, 0, 0, 0]), ("Office", [0, 0, ROWS, 0]), ("Bureau", [0, ROWS - 1, 1, 0])] {
            let begun = std::time::Instant::now();
            assert_eq!(counts(&send(&admin, "organisations", csv(name)).await.expect(200)), expected);
            assert!(begun.elapsed().as_secs() < 55);
        }
        let found = admin.get("/v1/organisations?q=bureau%207777").send().await.expect(200);
        assert_eq!(found["items"].as_array().unwrap().len(), 1);
    }
}
