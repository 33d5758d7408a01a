//! `openapi`: prints the document; `openapi/openapi.json` in the repository is its output.

use super::say;
use crate::openapi::document;

pub(super) fn run() -> Result<(), String> {
    say(&serde_json::to_string_pretty(&document()).map_err(|error| error.to_string())?);
    Ok(())
}
