//! The head of the OpenAPI document: what it is, whom to ask, and the tags.

use serde_json::{Value, json};

use crate::{
    features::{operations, permissions::PERMISSIONS},
    platform::web::documentation,
};

const ABOUT: &str = "\
Runs the innovation pilots of Bangladesh's public services: from a civil servant's idea through screening, two gates \
and execution to the celebrated result, measured in the time, cost and visits (TCV) that it saves citizens.\n\n\
**Conventions.** Keys are snake_case and always sent, `null` when empty. Money is a string with two decimals, text for \
people is `{bn, en}`. Titles and details of problems follow `Accept-Language: bn|en`; `code` is what to switch on. \
Changing a record takes its `ETag` as `If-Match`. Every POST takes an `Idempotency-Key`. Lists go on by `cursor`; a \
parameter or field we do not know is refused. Each record with a state carries `allowed_actions` for the caller, and \
`…/actions` explains those that are closed.";

/// The whole document.
pub fn document() -> Value {
    documentation::document(head(), &operations(), PERMISSIONS)
}

fn head() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Innovation Pilots",
            "summary": "Public-service innovation pilots of Bangladesh, from idea to scale-up.",
            "description": ABOUT,
            "version": env!("CARGO_PKG_VERSION"),
            "contact": {"name": "a2i Innovation Lab", "url": "https://innovation.gov.bd", "email": "api@innovation.gov.bd"},
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"}
        },
        "servers": [{"url": "/", "description": "This server."}],
        "tags": [
            {"name": "Attachments", "description": "Files on pilots, plans and measurements."},
            {"name": "Audit", "description": "Who changed what."},
            {"name": "Awards", "description": "Decisions on funding requests, and the awards as open data."},
            {"name": "Discussion", "description": "Comments on pilots and those who stand behind them."},
            {"name": "Duplicates", "description": "Pilots that may be one and the same."},
            {"name": "Events", "description": "The feed of changes, and webhooks that carry it."},
            {"name": "Expenditure reports", "description": "What a tranche was spent on, with vouchers."},
            {"name": "Funding requests", "description": "What the owner of a pilot asks a round for, and its way to the end."},
            {"name": "Funding reviews", "description": "Reviewers, conflicts of interest, scores."},
            {"name": "Funding rounds", "description": "Calls for requests: dates, rules, panel, release of results."},
            {"name": "Funding sources", "description": "What others give to a pilot besides the fund."},
            {"name": "Funds", "description": "Capital, allocations and the ledger."},
            {"name": "Gates", "description": "The two gates: conditions, decisions, waivers."},
            {"name": "Handovers", "description": "Giving a pilot to another officer."},
            {"name": "Identity", "description": "Login, sessions, one's own account."},
            {"name": "Impact", "description": "What the pilots changed by service, sector and programme, and what that saved."},
            {"name": "Imports", "description": "Reference lists from CSV and back."},
            {"name": "Operations", "description": "What leaves the program, for those who run it."},
            {"name": "Pilots", "description": "The pilot, its team and its way through the lifecycle."},
            {"name": "Plans", "description": "Plan versions, milestones and the final report."},
            {"name": "Reference", "description": "Places, organisations, sectors, services, SDGs: read by anyone, kept by administrators."},
            {"name": "Service accounts", "description": "Programs that act for a person, and their API keys."},
            {"name": "System", "description": "Health, keys and this document."},
            {"name": "Tasks", "description": "What waits for the caller."},
            {"name": "TCV", "description": "Measurements of time, cost and visits, and what changed between them."},
            {"name": "Tranches", "description": "Agreements and the payment of awards part by part."},
            {"name": "Users", "description": "People and their roles, kept by administrators."}
        ]
    })
}
