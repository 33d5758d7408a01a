// Money of the Service Innovation Fund, from the call for proposals to the closed books. Run by clients/run in CI.

import assert from "node:assert/strict";

import { body, login, record, Refused, type Api, type Schemas } from "./api.js";
import { pilotInDesign, taka } from "./design.js";

const baseUrl = process.env["API_URL"] ?? "http://127.0.0.1:8080";
const as = (name: string) => login(baseUrl, `${name}@demo.innovation.gov.bd`, "demo pilots for everyone");
const [owner, officer] = [await as("owner"), await as("officer")];
const [fundOfficer, fundApprover, financeOfficer] = [await as("fund.officer"), await as("fund.approver"), await as("finance.officer")];
const reviewers = [await as("reviewer"), await as("reviewer2")];

// Days are days in Dhaka, which is six hours ahead of UTC.
const today = new Date(Date.now() + 6 * 3600_000).toISOString().slice(0, 10);

/**
 * What every step that moves money needs: the version that is meant, `*` will not do, and a key of its own. After 15 minutes
 * most of them also want a new login: `step_up_required`.
 */
const money = (etag: string) => ({ "If-Match": etag, "Idempotency-Key": crypto.randomUUID() });

const refusedWith = (status: number) => (error: unknown) => error instanceof Refused && error.problem.status === status;

async function attach(parent_kind: "funding_request" | "expenditure_report", parent_id: string, name: string) {
  const form = new FormData();
  form.append("file", new Blob([name], { type: "text/plain" }), `${name}.txt`);
  return body(owner.POST("/v1/attachments", {
    params: { query: { parent_kind, parent_id } }, body: { file: "" }, bodySerializer: () => form,
  }));
}

// --- A call for proposals ---------------------------------------------------------------------------------------------

const pilot = await pilotInDesign(baseUrl, owner, officer);
const fund = (await body(fundOfficer.GET("/v1/funds"))).items[0];
assert(fund, "the demo has a fund");

// It closes so soon because this example waits for it.
const closesAt = new Date(Date.now() + 4000);
let round = await record(
  fundOfficer.POST("/v1/funds/{fund_id}/rounds", {
    params: { path: { fund_id: fund.id } },
    body: {
      theme: { bn: "কাছের সেবা", en: "Services close by" }, is_sealed: true,
      opens_at: new Date().toISOString(), closes_at: closesAt.toISOString(),
      release_on: new Date(closesAt.getTime() + 6 * 3600_000).toISOString().slice(0, 10),
      smallest_award: taka("50000.00"), largest_award: taka("300000.00"), two_approvers_above: taka("200000.00"),
      minimum_reviewers: 2, panel_quorum: 2, spread_threshold_percent: "25.00",
      rubric: [{
        code: "impact", title: { en: "Benefit to citizens" }, weight: 100,
        anchors: [{ score: 1, meaning: { en: "Little" } }, { score: 5, meaning: { en: "Much" } }],
      }],
      eligibility_rules: [{ code: "public_service", kind: "manual", statement: { en: "It is a public service." } }],
      minimum_utilisation: 75, most_tranches: 3, agreement_within_days: 30,
    },
  }),
);
const roundPath = { round_id: round.data.id };

async function moveRound(action: Schemas["TransitionFundingRoundRequest"]["action"]) {
  round = await record(fundOfficer.GET("/v1/funding-rounds/{round_id}", { params: { path: roundPath } }));
  const params = { path: roundPath, header: { "If-Match": round.etag } };
  round = await record(fundOfficer.POST("/v1/funding-rounds/{round_id}/transitions", { params, body: { action } }));
}

await body(
  fundApprover.POST("/v1/funding-rounds/{round_id}/allocations", {
    params: { path: roundPath, header: money(round.etag) },
    body: { direction: "allocate", amount: taka("100000.00"), reason: "Decision of the board." },
  }),
);
await moveRound("open");

// --- A request ----------------------------------------------------------------------------------------------------------

const asked = await body(
  owner.POST("/v1/pilots/{pilot_id}/funding-requests", {
    params: { path: { pilot_id: pilot.id } },
    body: {
      round_id: roundPath.round_id, requested: taka("84000.00"), purpose: { en: "Three camps on the river islands." },
      budget_lines: [{ head: "transport", description: "Boats", amount: taka("84000.00") }],
    },
  }),
);
const path = { request_id: asked.id };

/** The request as someone sees it now. Its version changes with every step of the others, so it is read before each. */
const look = (who: Api) => record(who.GET("/v1/funding-requests/{request_id}", { params: { path } }));

async function move(who: Api, step: Schemas["TransitionFundingRequestRequest"]) {
  const params = { path, header: { "If-Match": (await look(who)).etag } };
  return body(who.POST("/v1/funding-requests/{request_id}/transitions", { params, body: step }));
}

await move(owner, { action: "submit" });
// The round is sealed: until it closes the fund knows nothing of it.
await assert.rejects(look(fundOfficer), refusedWith(404));
await new Promise((resolve) => setTimeout(resolve, closesAt.getTime() + 100 - Date.now()));
await moveRound("close");
await moveRound("start_deciding");

// --- Blind review -------------------------------------------------------------------------------------------------------

await move(fundOfficer, { action: "start_eligibility" });
await body(
  fundOfficer.POST("/v1/funding-requests/{request_id}/eligibility-checks", {
    params: { path }, body: { results: [{ rule: "public_service", is_met: true, reason: { en: "Of a public office." } }] },
  }),
);
for (const reviewer of reviewers) {
  const { id } = await body(reviewer.GET("/v1/me"));
  await body(
    fundOfficer.POST("/v1/funding-requests/{request_id}/reviews", { params: { path }, body: { reviewer_id: id, due_on: today } }),
  );
}
await move(fundOfficer, { action: "start_review" });

for (const reviewer of reviewers) {
  const mine = await body(reviewer.GET("/v1/funding-reviews", { params: { query: { status: ["assigned"] } } }));
  const assigned = mine.items.find((one) => one.request.id === asked.id);
  assert(assigned);
  const reviewPath = { review_id: assigned.id };
  const step = (etag: string, action: "declare" | "submit") => record(
    reviewer.POST("/v1/funding-reviews/{review_id}/transitions", {
      params: { path: reviewPath, header: { "If-Match": etag } }, body: { action },
    }),
  );
  // Who has not declared to be free of conflicts does not see the file.
  await assert.rejects(look(reviewer), refusedWith(403));
  const declared = await step(`"${assigned.version}"`, "declare");
  await look(reviewer);
  const written = await record(
    reviewer.PATCH("/v1/funding-reviews/{review_id}", {
      params: { path: reviewPath, header: { "If-Match": declared.etag } },
      body: { scores: [{ criterion: "impact", score: 4 }], public_comment: "Say who keeps the boats." },
    }),
  );
  await step(written.etag, "submit");
}
await move(fundOfficer, { action: "start_panel" });

// --- Recommendation and award -------------------------------------------------------------------------------------------

const panel = await Promise.all([fundOfficer, ...reviewers].map((who) => body(who.GET("/v1/me"))));
const meeting = await body(
  fundOfficer.POST("/v1/funding-rounds/{round_id}/panel-meetings", {
    params: { path: roundPath },
    body: { held_on: today, attendees: panel.map((person) => person.id), minutes: { en: "All agreed." } },
  }),
);
await body(
  fundOfficer.POST("/v1/funding-requests/{request_id}/recommendation", {
    params: { path, header: money((await look(fundOfficer)).etag) },
    body: { amount: taka("84000.00"), panel_meeting_id: meeting.id, reason: "Much benefit for little money." },
  }),
);
await body(
  fundApprover.POST("/v1/funding-requests/{request_id}/decisions", {
    params: { path, header: money((await look(fundApprover)).etag) }, body: { decision: "award" },
  }),
);
assert.equal((await look(owner)).data.status, "under_review", "applicants are told on the day of the release");
await moveRound("finish_deciding");
await body(
  fundOfficer.POST("/v1/funding-rounds/{round_id}/release", { params: { path: roundPath, header: { "If-Match": round.etag } } }),
);
assert.equal((await look(owner)).data.status, "awarded");

// --- Agreement ----------------------------------------------------------------------------------------------------------

await body(
  fundOfficer.POST("/v1/funding-requests/{request_id}/tranches", {
    params: { path, header: { "If-Match": (await look(fundOfficer)).etag } },
    body: { tranches: [{ amount: taka("84000.00"), planned_on: today }] },
  }),
);
const agreement = await attach("funding_request", asked.id, "agreement");
for (const who of [owner, fundOfficer]) {
  await body(
    who.POST("/v1/funding-requests/{request_id}/agreement-signatures", {
      params: { path, header: { "If-Match": (await look(who)).etag } }, body: { file_id: agreement.id },
    }),
  );
}
// The money is there, so the pilot can pass gate 1.
await body(
  officer.POST("/v1/pilots/{pilot_id}/gate-decisions", {
    params: { path: { pilot_id: pilot.id } }, body: { gate: "execution", outcome: "pass" },
  }),
);

// --- Payment: asked for, approved and paid by three people ---------------------------------------------------------------

const planned = (await body(owner.GET("/v1/funding-requests/{request_id}/tranches", { params: { path } }))).items[0];
assert(planned);
const tranchePath = { tranche_id: planned.id };
let etag = `"${planned.version}"`;
for (const [who, action] of [[owner, "request"], [fundApprover, "approve"]] as const) {
  const params = { path: tranchePath, header: { "If-Match": etag } };
  ({ etag } = await record(who.POST("/v1/tranches/{tranche_id}/transitions", { params, body: { action } })));
}
// The first answer may be lost on its way. The very same request again, same key, gets it again and pays nothing twice.
const payment = {
  params: { path: tranchePath, header: money(etag) }, body: { payment_reference: "BEFTN-2026-9", paid_on: today },
};
const first = await financeOfficer.POST("/v1/tranches/{tranche_id}/disbursement", payment);
const again = await financeOfficer.POST("/v1/tranches/{tranche_id}/disbursement", payment);
assert.deepEqual(again.data, first.data);
assert.equal(again.response.headers.get("Idempotent-Replayed"), "true");
const position = await body(financeOfficer.GET("/v1/funding-requests/{request_id}/position", { params: { path } }));
assert.equal(position.disbursed.amount, "84000.00");
assert.equal((await look(owner)).data.status, "active");

// --- What it was spent on -----------------------------------------------------------------------------------------------

const line = {
  head: "transport" as const, description: "Boats", amount: taka("84000.00"), spent_on: today, voucher_number: "V-01",
};
const draft = await record(
  owner.POST("/v1/tranches/{tranche_id}/expenditure-reports", { params: { path: tranchePath }, body: { lines: [line] } }),
);
const voucher = await attach("expenditure_report", draft.data.id, "voucher");
const reportPath = { report_id: draft.data.id };
let report = await record(
  owner.PATCH("/v1/expenditure-reports/{report_id}", {
    params: { path: reportPath, header: { "If-Match": draft.etag } }, body: { lines: [{ ...line, voucher_id: voucher.id }] },
  }),
);
const steps: [Api, Schemas["TransitionExpenditureReportRequest"]][] = [
  [owner, { action: "submit" }],
  [fundOfficer, { action: "check" }],
  [financeOfficer, { action: "accept", accepted_amount: taka("84000.00") }],
];
for (const [who, step] of steps) {
  const params = { path: reportPath, header: { "If-Match": report.etag } };
  report = await record(who.POST("/v1/expenditure-reports/{report_id}/transitions", { params, body: step }));
}

// --- The end ------------------------------------------------------------------------------------------------------------

await move(financeOfficer, { action: "start_closing" });
const end = await body(
  financeOfficer.POST("/v1/funding-requests/{request_id}/closure", {
    params: { path, header: money((await look(financeOfficer)).etag) },
  }),
);
assert.equal(end.status, "closed");
assert.equal(end.to_recover.amount, "0.00");
const books = await body(financeOfficer.GET("/v1/funds/{fund_id}/reconciliation", { params: { path: { fund_id: fund.id } } }));
assert(books.agrees, "the books add up line by line");

console.log(`TypeScript: ${(await look(owner)).data.reference} is ${end.status}; the ledger agrees with its ${books.lines} lines`);
