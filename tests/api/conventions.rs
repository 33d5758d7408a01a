//! What holds on every endpoint.

use serde_json::json;

use crate::support::builders::*;

on_both_engines! {
    async fn the_server_is_ready(app: App) {
        app.anonymous().get("/readyz").send().await.expect(200);
        app.anonymous().get("/healthz").send().await.expect(200);
    }
}
