//! Files on records: what is let in, who sees it, what stays, and what an outage of the store does.

use std::{
    io::{Cursor, Read, Write},
    net::TcpStream,
    time::Duration,
};

use awc::http::Method;
use innovation_pilots::features::attachments::sweep;
use serde_json::{Value, json};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use crate::support::{App, Client, Response, builders::*, client::findings};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

fn place(kind: &str, parent: &Value) -> String {
    format!("/v1/attachments?parent_kind={kind}&parent_id={}", parent["id"].as_str().unwrap())
}

fn file_path(file: &Value) -> String {
    format!("/v1/attachments/{}", file["id"].as_str().unwrap())
}

async fn attach(who: &Client, kind: &str, parent: &Value, name: &str, media_type: &str, content: &[u8]) -> Response {
    who.post(place(kind, parent)).form(name, media_type, content).send().await
}

/// An archive of these entries.
fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        writer.start_file(*name, options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A document with further entries.
fn docx(further: &[(&str, &[u8])]) -> Vec<u8> {
    let mut entries: Vec<(&str, &[u8])> =
        vec![("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w:document/>")];
    entries.extend(further);
    archive(&entries)
}

/// The objects in the store.
fn objects(app: &App) -> Vec<String> {
    let folder = app.database.folder().join("files").join("attachments");
    let entries = std::fs::read_dir(folder)
        .map(|entries| entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect());
    entries.unwrap_or_default()
}

on_both_engines! {
    async fn a_file_comes_back_as_it_was_sent(app: App) {
        let (owner, auditor) = (app.owner().await, app.auditor().await);
        let draft = app.draft(&owner).await;
        let answer = attach(&owner, "pilot", &draft, "../../হাজিরা \u{202E}.pdf", "application/pdf", PDF).await;
        let file = answer.expect(201);
        assert_eq!((&file["file_name"], &file["media_type"], &file["size"]), (&json!("হাজিরা .pdf"), &json!("application/pdf"), &json!(PDF.len())));
        let again = owner.get(file_path(&file)).send().await;
        assert_eq!((again.expect(200), again.etag()), (file.clone(), answer.etag()));
        let content = format!("{}/content", file_path(&file));
        let sent = owner.get(&content).send().await;
        assert_eq!((sent.status.as_u16(), sent.body.as_slice()), (200, PDF));
        assert_eq!(sent.header("content-disposition"), Some("attachment; filename=\"______ .pdf\"; filename*=UTF-8''%E0%A6%B9%E0%A6%BE%E0%A6%9C%E0%A6%BF%E0%A6%B0%E0%A6%BE%20.pdf"));
        assert_eq!(sent.header("content-type"), Some("application/octet-stream"));
        assert_eq!(sent.header("content-encoding"), None);
        assert!(sent.header("content-security-policy").unwrap().ends_with("sandbox"));
        assert_eq!(sent.etag(), format!("\"{}\"", file["sha256"].as_str().unwrap()));
        assert_eq!(owner.get(&content).header("If-None-Match", sent.etag()).send().await.status, 304);
        let head = owner.request(Method::HEAD, &content).send().await;
        assert_eq!((head.status.as_u16(), head.header("content-length")), (200, Some(PDF.len().to_string().as_str())));
        let listed = owner.get(place("pilot", &draft)).send().await.expect(200);
        assert_eq!(listed["items"], json!([file]));
        // The upload and the one download of bytes are on record.
        let trail = auditor.get(format!("/v1/audit-entries?record_type=attachment&record_id={}", file["id"].as_str().unwrap())).send().await.expect(200);
        let mut operations: Vec<&str> = trail["items"].as_array().unwrap().iter().map(|entry| entry["operation"].as_str().unwrap()).collect();
        operations.sort();
        assert_eq!(operations, ["add_attachment", "download_attachment"]);
    }

    async fn every_kind_that_is_let_in_is_recognised(app: App) {
        let owner = app.owner().await;
        let draft = app.draft(&owner).await;
        let png = [b"\x89PNG\r\n\x1a\n".as_slice(), &[0; 40], b"IEND\xAE\x42\x60\x82"].concat();
        let webp = [b"RIFF".as_slice(), &20_u32.to_le_bytes(), b"WEBPVP8 ", &[0; 12]].concat();
        let xlsx = archive(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>")]);
        let odt = archive(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<x/>")]);
        for (name, media_type, content, found) in [
            ("a.png", "image/png", png, "image/png"),
            ("a.JPG", "image/jpeg", b"\xFF\xD8\xFF\xE0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xFF\xD9".to_vec(), "image/jpeg"),
            ("a.webp", "image/webp", webp, "image/webp"),
            ("a.docx", "application/octet-stream", docx(&[]), DOCX),
            ("a.xlsx", "application/zip", xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            ("a.odt", "", odt, "application/vnd.oasis.opendocument.text"),
            ("a.csv", "application/vnd.ms-excel", "নাম,সংখ্যা\nক,1\n".as_bytes().to_vec(), "text/csv"),
            ("a.txt", "text/plain", b"Minutes.\n".to_vec(), "text/plain"),
        ] {
            let file = attach(&owner, "pilot", &draft, name, media_type, &content).await.expect(201);
            assert_eq!(file["media_type"], found, "{name}");
        }
    }

    async fn what_lies_or_harms_is_refused_and_leaves_nothing(app: App) {
        let owner = app.owner().await;
        let draft = app.draft(&owner).await;
        let bomb = docx(&[("word/media/a.xml", &vec![b' '; 90 << 20])]);
        let many: Vec<(String, &[u8])> = (0..2100).map(|number| (format!("word/{number}.xml"), b"".as_slice())).collect();
        let many: Vec<(&str, &[u8])> = many.iter().map(|(name, content)| (name.as_str(), *content)).collect();
        let nested = archive(&[("a.txt", b"x")]);
        let polyglot = [b"%PDF-1.7\n%%EOF\n".as_slice(), &archive(&[("a.class", b"x")]), b""].concat();
        let encrypted = archive(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("META-INF/manifest.xml", b"<manifest:encryption-data/>")]);
        let mut flagged = docx(&[]);
        let central = flagged.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
        flagged[central + 8] |= 1;
        flagged[6] |= 1;
        let cut = &docx(&[])[..60];
        for (name, media_type, content, status, code) in [
            ("a.pdf", "application/pdf", b"MZ\x90\0this is a program".to_vec(), 415, "file_type_not_allowed"),
            ("a.svg", "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), 415, "file_type_not_allowed"),
            ("a.txt", "text/plain", b"  <!DOCTYPE html><script>alert(1)</script>".to_vec(), 415, "file_type_not_allowed"),
            ("a.txt", "text/plain", b"a\0b".to_vec(), 415, "file_type_not_allowed"),
            ("a.csv", "text/csv", b"caf\xe9,1".to_vec(), 415, "file_type_not_allowed"),
            ("a.zip", "application/zip", nested.clone(), 415, "file_type_not_allowed"),
            ("a.png", "image/png", PDF.to_vec(), 415, "file_type_mismatch"),
            ("a.pdf", "image/png", PDF.to_vec(), 415, "file_type_mismatch"),
            ("a.pdf.exe", "application/pdf", PDF.to_vec(), 415, "file_type_mismatch"),
            ("a.xlsx", "", docx(&[]), 415, "file_type_mismatch"),
            ("a.docx", DOCX, bomb, 422, "archive_bomb"),
            ("a.docx", DOCX, docx(&many), 422, "archive_bomb"),
            ("a.docx", DOCX, docx(&[("word/vbaProject.bin", b"x")]), 422, "macros"),
            ("a.docx", DOCX, archive(&[("[Content_Types].xml", b"application/vnd.ms-word.document.macroEnabled.main+xml"), ("word/document.xml", b"x")]), 422, "macros"),
            ("a.docx", DOCX, docx(&[("../../evil.xml", b"x")]), 422, "path_traversal"),
            ("a.docx", DOCX, docx(&[("word/embeddings/a.zip", &nested)]), 422, "nested_archive"),
            ("a.docx", DOCX, flagged, 422, "encrypted"),
            ("a.odt", "", encrypted, 422, "encrypted"),
            ("a.docx", DOCX, cut.to_vec(), 422, "broken"),
            ("a.pdf", "application/pdf", polyglot[..polyglot.len()].to_vec(), 422, "polyglot"),
            ("a.png", "image/png", [b"\x89PNG\r\n\x1a\n".as_slice(), &[0; 40], b"IEND\xAE\x42\x60\x82", b"more"].concat(), 422, "incomplete"),
            ("a.pdf", "application/pdf", b"%PDF-1.7\n1 0 obj<</OpenAction<</S/J#61vaScript/JS(app.alert(1))>>>>endobj\n%%EOF\n".to_vec(), 422, "active_content"),
            ("a.pdf", "application/pdf", b"%PDF-1.7\n1 0 obj<</S/Launch/F(cmd.exe)>>endobj\n%%EOF\n".to_vec(), 422, "active_content"),
        ] {
            let answer = attach(&owner, "pilot", &draft, name, media_type, &content).await;
            if status == 422 {
                let problem = answer.refused(422, "file_unsafe");
                assert_eq!(findings(&problem), [format!("#/file {code}")], "{name} {code}");
            } else {
                answer.refused(status, code);
            }
        }
        assert_eq!(owner.get(place("pilot", &draft)).send().await.expect(200)["items"], json!([]));
        assert_eq!(objects(&app), Vec::<String>::new());
    }

    async fn forms_that_are_none_are_refused(app: App) {
        let owner = app.owner().await;
        let draft = app.draft(&owner).await;
        let here = place("pilot", &draft);
        let form = |body: &str| owner.post(&here).body("multipart/form-data; boundary=edge", body);
        let part = |name: &str, rest: &str, content: &str| format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"{rest}\r\n\r\n{content}\r\n");
        let file = part("file", "; filename=\"a.txt\"", "A note.");
        let truncated = form(&file).send().await;
        truncated.refused(400, "malformed_body");
        form("nothing").send().await.refused(400, "malformed_body");
        owner.post(&here).body("multipart/form-data", "x").send().await.refused(400, "malformed_body");
        owner.post(&here).json(json!({})).send().await.refused(415, "unsupported_media_type");
        let found = async |body: String| findings(&form(&body).send().await.refused(422, "validation_failed"));
        assert_eq!(found(format!("{}--edge--\r\n", part("description", "", "x"))).await, ["#/file required"]);
        assert_eq!(found(format!("{file}{file}--edge--\r\n")).await, ["#/file repeated"]);
        assert_eq!(found(format!("{file}{}--edge--\r\n", part("other", "", "x"))).await, ["#/other unknown_field"]);
        assert_eq!(found(format!("{}--edge--\r\n", part("file", "; filename=\"a.txt\"", ""))).await, ["#/file min_length"]);
        assert_eq!(found(format!("{}--edge--\r\n", part("file", "; filename=\"..\"", "x"))).await, ["#/file file_name"]);
        assert_eq!(found(format!("{file}{}--edge--\r\n", part("description", "", &"x".repeat(501)))).await, ["#/description max_length"]);
        assert_eq!(found(format!("{file}{}--edge--\r\n", part("description", "", "a\u{7}b"))).await, ["#/description control_character"]);
        let described = form(&format!("{}{file}--edge--\r\n", part("description", "", " A note\u{9} ক "))).send().await.expect(201);
        assert_eq!(described["description"], "A note\u{9} ক");
        owner.post("/v1/attachments").form("a.txt", "text/plain", "x").send().await.refused(400, "invalid_parameters");
        let nowhere = json!({"id": "0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e"});
        attach(&owner, "plan", &nowhere, "a.txt", "text/plain", b"x").await.refused(404, "not_found");
        assert_eq!(objects(&app).len(), 1);
    }

    async fn eleven_mebibytes_are_too_many_and_ten_are_not(app: App) {
        let owner = app.owner().await;
        let draft = app.draft(&owner).await;
        let pdf = |size: usize| [b"%PDF-1.7\n".as_slice(), &vec![b'x'; size - 15], b"%%EOF\n"].concat();
        attach(&owner, "pilot", &draft, "a.pdf", "application/pdf", &pdf((10 << 20) + 1)).await.refused(413, "body_too_large");
        attach(&owner, "pilot", &draft, "a.pdf", "application/pdf", &pdf(11 << 20)).await.refused(413, "body_too_large");
        let file = attach(&owner, "pilot", &draft, "a.pdf", "application/pdf", &pdf(10 << 20)).await.expect(201);
        assert_eq!(file["size"], 10 << 20);
        let sent = owner.get(format!("{}/content", file_path(&file))).send().await;
        assert_eq!(sent.body, pdf(10 << 20));
    }

    async fn strangers_are_told_nothing_before_a_byte_is_read(app: App) {
        let (owner, stranger, officer) = (app.owner().await, app.stranger().await, app.officer().await);
        let draft = app.draft(&owner).await;
        let file = attach(&owner, "pilot", &draft, "a.txt", "text/plain", b"A note.").await.expect(201);
        // The body is announced and never sent: an answer shows that nobody waited for it.
        let token = stranger.token();
        let mut socket = TcpStream::connect(app.base.trim_start_matches("http://")).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        let head = format!(
            "POST {} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: multipart/form-data; boundary=edge\r\nContent-Length: 5000000\r\n\r\n",
            place("pilot", &draft)
        );
        socket.write_all(head.as_bytes()).unwrap();
        let answer = actix_web::web::block(move || {
            let mut start = [0; 12];
            socket.read_exact(&mut start).unwrap();
            start
        })
        .await
        .unwrap();
        assert_eq!(&answer, b"HTTP/1.1 404");
        attach(&officer, "pilot", &draft, "a.txt", "text/plain", b"x").await.refused(403, "forbidden");
        for part in ["", "/content"] {
            stranger.get(format!("{}{part}", file_path(&file))).send().await.refused(404, "not_found");
            app.anonymous().get(format!("{}{part}", file_path(&file))).send().await.refused(401, "unauthenticated");
        }
        stranger.delete(file_path(&file)).if_match("*").send().await.refused(404, "not_found");
        stranger.get(place("pilot", &draft)).send().await.refused(404, "not_found");
    }

    async fn evidence_is_fixed_once_it_is_handed_in(app: App) {
        let (owner, officer) = (app.owner().await, app.officer().await);
        let design = app.design(&owner, &officer).await;
        let measurement = owner.post(format!("{}/tcv-measurements", path(&design))).json(measurement("baseline")).send().await.expect(201);
        let sheet = attach(&owner, "tcv_measurement", &measurement, "sheet.csv", "text/csv", b"a,b\n1,2\n").await.expect(201);
        step(&owner, &measurement_path(&measurement), json!({"action": "submit"})).await;
        attach(&owner, "tcv_measurement", &measurement, "late.csv", "text/csv", b"a\n").await.refused(409, "evidence_frozen");
        owner.delete(file_path(&sheet)).if_match("*").send().await.refused(409, "evidence_frozen");
        step(&officer, &measurement_path(&measurement), json!({"action": "return", "reason": "Which day?"})).await;
        owner.delete(file_path(&sheet)).send().await.refused(428, "if_match_required");
        owner.delete(file_path(&sheet)).if_match("\"9\"").send().await.refused(412, "version_mismatch");
        owner.delete(file_path(&sheet)).if_match("*").send().await.expect(204);
        // The officer had seen it: that it was there, and who took it away, stays.
        let gone = officer.get(file_path(&sheet)).send().await.expect(200);
        assert_eq!((&gone["deleted_by"], &gone["sha256"]), (&json!(owner.id), &sheet["sha256"]));
        officer.get(format!("{}/content", file_path(&sheet))).send().await.refused(404, "not_found");
        owner.delete(file_path(&sheet)).if_match("*").send().await.refused(404, "not_found");
        step(&owner, &measurement_path(&measurement), json!({"action": "submit"})).await;
        step(&officer, &measurement_path(&measurement), json!({"action": "verify"})).await;
        attach(&owner, "tcv_measurement", &measurement, "late.csv", "text/csv", b"a\n").await.refused(409, "evidence_frozen");
        let plan = app.planned(&owner, &design).await;
        attach(&owner, "plan", &plan, "a.txt", "text/plain", b"x").await.refused(409, "evidence_frozen");
    }

    async fn a_member_takes_away_only_their_own(app: App) {
        let owner = app.owner().await;
        let member = app.person("Member", &[], app.people.land_office).await;
        let draft = app.draft(&owner).await;
        join(&owner, &draft, &member, "member").await;
        let owners = attach(&owner, "pilot", &draft, "a.txt", "text/plain", b"x").await.expect(201);
        let members = attach(&member, "pilot", &draft, "b.txt", "text/plain", b"y").await.expect(201);
        member.delete(file_path(&owners)).if_match("*").send().await.refused(403, "forbidden");
        member.delete(file_path(&members)).if_match("*").send().await.expect(204);
        // Nobody outside had seen it, so nothing is left of it.
        owner.get(file_path(&members)).send().await.refused(404, "not_found");
        assert_eq!(objects(&app).len(), 1);
    }

    async fn a_retry_with_its_key_stores_once(app: App) {
        let owner = app.owner().await;
        let (draft, other) = (app.draft(&owner).await, app.draft(&owner).await);
        let send = async |parent: &Value, content: &str| owner.post(place("pilot", parent)).key("upload-1").form("a.txt", "text/plain", content).send().await;
        let first = send(&draft, "A note.").await;
        let second = send(&draft, "A note.").await;
        assert_eq!(first.expect(201), second.expect(201));
        assert_eq!(second.header("idempotent-replayed"), Some("true"));
        send(&draft, "Another note.").await.refused(422, "idempotency_key_reused");
        send(&other, "A note.").await.refused(422, "idempotency_key_reused");
        assert_eq!(objects(&app).len(), 1);
    }

    async fn fifty_files_are_enough(app: App) {
        let owner = app.owner().await;
        let draft = app.draft(&owner).await;
        for number in 0..50 {
            attach(&owner, "pilot", &draft, "a.txt", "text/plain", format!("{number}").as_bytes()).await.expect(201);
        }
        attach(&owner, "pilot", &draft, "a.txt", "text/plain", b"x").await.refused(409, "quota_exceeded");
        let page = owner.get(format!("{}&limit=20&include_total=true", place("pilot", &draft))).send().await.expect(200);
        assert_eq!((page["items"].as_array().unwrap().len(), &page["total"]["value"]), (20, &json!(50)));
        let next = owner.get(format!("{}&limit=40&cursor={}", place("pilot", &draft), page["next_cursor"].as_str().unwrap())).send().await.expect(200);
        assert_eq!(next["items"].as_array().unwrap().len(), 30);
    }

    async fn an_outage_of_the_store_is_503_and_nothing_else_suffers(app: App) {
        let owner = app.owner().await;
        let draft = app.draft(&owner).await;
        let file = attach(&owner, "pilot", &draft, "a.txt", "text/plain", b"A note.").await.expect(201);
        let folder = app.database.folder();
        std::fs::rename(folder.join("files"), folder.join("away")).unwrap();
        std::fs::write(folder.join("files"), "not a folder").unwrap();
        for answer in [
            attach(&owner, "pilot", &draft, "b.txt", "text/plain", b"x").await,
            owner.get(format!("{}/content", file_path(&file))).send().await,
        ] {
            answer.refused(503, "storage_unavailable");
            assert!(answer.header("retry-after").is_some());
        }
        app.anonymous().get("/readyz").send().await.expect(200);
        owner.get(path(&draft)).send().await.expect(200);
        assert_eq!(owner.get(place("pilot", &draft)).send().await.expect(200)["items"], json!([file]));
        std::fs::remove_file(folder.join("files")).unwrap();
        std::fs::rename(folder.join("away"), folder.join("files")).unwrap();
        assert_eq!(owner.get(format!("{}/content", file_path(&file))).send().await.body, b"A note.");
    }

    async fn only_objects_without_a_row_are_swept(app: App) {
        let owner = app.owner().await;
        let (kept, gone) = (app.draft(&owner).await, app.draft(&owner).await);
        let file = attach(&owner, "pilot", &kept, "a.txt", "text/plain", b"kept").await.expect(201);
        attach(&owner, "pilot", &gone, "b.txt", "text/plain", b"gone").await.expect(201);
        owner.delete(path(&gone)).if_match("*").send().await.expect(204);
        std::fs::write(app.database.folder().join("files/attachments/stray"), "stray").unwrap();
        assert_eq!(objects(&app).len(), 3);
        let at = |text: &str| innovation_pilots::platform::clock::Timestamp::parse(text).unwrap();
        // Written just now, by the machine's clock: too young.
        assert_eq!(sweep(&app.state.db, &app.state.files, at("2020-01-01T00:00:00Z")).await.unwrap(), 0);
        assert_eq!(sweep(&app.state.db, &app.state.files, at("2999-01-01T00:00:00Z")).await.unwrap(), 2);
        assert_eq!(objects(&app).len(), 1);
        assert_eq!(owner.get(format!("{}/content", file_path(&file))).send().await.body, b"kept");
    }
}

#[test]
fn who_sends_too_slowly_is_let_go() {
    actix_web::rt::System::new().block_on(async {
        let app = App::start_with(crate::support::Engine::Sqlite, |config| config.files.upload_seconds = 1).await.unwrap();
        let owner = app.owner().await;
        let draft = app.draft(&owner).await;
        let (base, token, place) = (app.base.clone(), owner.token().to_owned(), place("pilot", &draft));
        let answer = actix_web::web::block(move || {
            let mut socket = TcpStream::connect(base.trim_start_matches("http://")).unwrap();
            socket.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
            let head = format!("POST {place} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: multipart/form-data; boundary=edge\r\nContent-Length: 5000\r\n\r\n--edge\r\n");
            socket.write_all(head.as_bytes()).unwrap();
            let mut start = [0; 12];
            socket.read_exact(&mut start).unwrap();
            start
        })
        .await
        .unwrap();
        assert_eq!(&answer, b"HTTP/1.1 408");
    });
}
