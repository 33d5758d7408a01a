//! Creating, reading, editing and deleting drafts.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use futures_util::{FutureExt, future::join_all};
use innovation_pilots::platform::db::schema::{pilot_facets, pilot_words, pilots};
use serde_json::json;

use crate::support::{builders::*, client::findings};

on_both_engines! {
    async fn a_draft_is_created_whole_and_read_back(app: App) {
        let owner = app.owner().await;
        let answer = owner.post("/v1/pilots").json(content(&app)).send().await;
        let pilot = answer.expect(201);
        assert_eq!(answer.header("location"), Some(path(&pilot).as_str()));
        assert_eq!(answer.etag(), "\"1\"");
        assert_eq!(pilot["status"], "draft");
        assert_eq!(pilot["reference"], json!(null));
        assert_eq!(pilot["sector_code"], "livestock_fisheries");
        assert_eq!(pilot["allowed_actions"], json!(["edit", "delete", "add_member", "remove_member", "add_attachment", "comment", "hand_over", "submit", "withdraw"]));
        assert_eq!(owner.get(path(&pilot)).send().await.expect(200), pilot);
    }

    async fn a_title_in_one_language_is_enough_for_a_draft(app: App) {
        let owner = app.owner().await;
        let pilot = owner.post("/v1/pilots").json(json!({"title": {"bn": "শিরোনাম"}})).send().await.expect(201);
        assert_eq!(pilot["title"], json!({"bn": "শিরোনাম", "en": null}));
        let problem = owner.post("/v1/pilots").json(json!({"title": {}})).send().await.refused(422, "validation_failed");
        assert_eq!(findings(&problem), ["#/title language_missing"]);
    }

    async fn all_that_is_wrong_is_named_at_once(app: App) {
        let owner = app.owner().await;
        let problem = owner
            .post("/v1/pilots")
            .json(json!({
                "title": {"en": "", "fr": "x"}, "districts": ["Kurigram"], "origin": "dream", "tags": 5, "colour": "red",
                "summary": {"en": "a\u{0}b"}
            }))
            .send()
            .await
            .refused(422, "validation_failed");
        assert_eq!(
            findings(&problem),
            [
                "#/colour unknown_field", "#/districts/0 max_length", "#/districts/0 pattern", "#/origin enum", "#/summary/en control_character",
                "#/tags type", "#/title/en min_length", "#/title/fr unknown_field",
            ]
        );
    }

    async fn references_that_lead_nowhere_are_named(app: App) {
        let owner = app.owner().await;
        let problem = owner
            .post("/v1/pilots")
            .json(json!({
                "title": {"en": "x"}, "service_id": "0192f0c1-7c1e-7cc3-9a5e-6f1f2f3c4d5e", "districts": ["BD-28", "BD-99"],
                "sdg_targets": ["99.9"], "sector_code": "magic"
            }))
            .send()
            .await
            .refused(422, "validation_failed");
        assert_eq!(
            findings(&problem),
            ["#/districts/1 unknown_reference", "#/sdg_targets/0 unknown_reference", "#/sector_code unknown_reference", "#/service_id unknown_reference"]
        );
    }

    async fn a_patch_changes_what_it_names_and_nothing_else(app: App) {
        let owner = app.owner().await;
        let pilot = app.draft(&owner).await;
        let patch = json!({"title": {"en": "Camp"}, "summary": null, "tags": ["Camp", "camp"]});
        let answer = owner.patch(path(&pilot)).if_match(version(&pilot)).merge(patch).send().await;
        let changed = answer.expect(200);
        assert_eq!(changed["title"], json!({"bn": pilot["title"]["bn"], "en": "Camp"}));
        assert_eq!(changed["summary"], json!({"bn": null, "en": null}));
        assert_eq!(changed["tags"], json!(["camp"]));
        assert_eq!(changed["problem"], pilot["problem"]);
        assert_eq!(answer.etag(), "\"2\"");
    }

    async fn a_patch_needs_the_version_it_means(app: App) {
        let owner = app.owner().await;
        let pilot = app.draft(&owner).await;
        let patch = json!({"title": {"en": "Camp"}});
        owner.patch(path(&pilot)).merge(patch.clone()).send().await.refused(428, "if_match_required");
        owner.patch(path(&pilot)).if_match("W/\"1\"").merge(patch.clone()).send().await.expect(200);
        owner.patch(path(&pilot)).if_match("\"1\"").merge(patch).send().await.refused(412, "version_mismatch");
        assert_eq!(owner.get(path(&pilot)).send().await.expect(200)["version"], 2);
    }

    async fn a_patch_that_breaks_the_record_changes_nothing(app: App) {
        let owner = app.owner().await;
        let pilot = app.draft(&owner).await;
        let patch = json!({"title": {"en": null, "bn": null}});
        let problem = owner.patch(path(&pilot)).if_match("*").merge(patch).send().await.refused(422, "validation_failed");
        assert_eq!(findings(&problem), ["#/title language_missing"]);
        assert_eq!(owner.get(path(&pilot)).send().await.expect(200), pilot);
    }

    async fn a_draft_is_deleted_and_then_gone(app: App) {
        let owner = app.owner().await;
        let pilot = app.draft(&owner).await;
        owner.delete(path(&pilot)).send().await.refused(428, "if_match_required");
        owner.delete(path(&pilot)).if_match(version(&pilot)).send().await.expect(204);
        owner.get(path(&pilot)).send().await.refused(404, "not_found");
        assert_eq!(owner.get("/v1/pilots?q=camp").send().await.expect(200)["items"], json!([]));
        let submitted = app.submitted(&owner).await;
        owner.delete(path(&submitted)).if_match("*").send().await.refused(409, "transition_not_allowed");
    }

    async fn whatever_a_deleted_draft_was_found_by_goes_with_it_also_while_it_is_edited(app: App) {
        let owner = app.owner().await;
        for turn in 0..12 {
            let pilot = app.draft(&owner).await;
            let edits = (0..4).map(|edit| {
                let patch = json!({"title": {"en": format!("Edited {turn} {edit}")}, "tags": [format!("edit{edit}")]});
                owner.patch(path(&pilot)).if_match("*").merge(patch).send().boxed_local()
            });
            let deletion = owner.delete(path(&pilot)).if_match("*").send().boxed_local();
            for answer in join_all(edits.chain([deletion])).await {
                assert!([200, 204, 404].contains(&answer.status.as_u16()), "{}", answer.json());
            }
            owner.get(path(&pilot)).send().await.refused(404, "not_found");
        }
        let left = app.state.db.read(|connection| {
            let facets: i64 = pilot_facets::table
                .filter(pilot_facets::pilot_id.ne_all(pilots::table.select(pilots::id)))
                .count()
                .get_result(connection)?;
            let words: i64 = pilot_words::table
                .filter(pilot_words::pilot_id.ne_all(pilots::table.select(pilots::id)))
                .count()
                .get_result(connection)?;
            Ok((facets, words))
        });
        assert_eq!(left.await.unwrap(), (0, 0), "facets and words without their pilot");
    }
}
