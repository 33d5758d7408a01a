// A pilot from its first line to the celebrated result, as a front end would do it. Run by clients/run in CI.

import assert from "node:assert/strict";

import { anonymous, body, login, pages, record, Refused, type Schemas } from "./api.js";

const baseUrl = process.env["API_URL"] ?? "http://127.0.0.1:8080";
const password = "demo pilots for everyone";
const taka = (amount: string): Schemas["MoneyInput"] => ({ amount, currency: "BDT" });

const owner = await login(baseUrl, "owner@demo.innovation.gov.bd", password);
const officer = await login(baseUrl, "officer@demo.innovation.gov.bd", password);
const secondOfficer = await login(baseUrl, "officer2@demo.innovation.gov.bd", password);
const me = await body(owner.GET("/v1/me"));

// --- A draft, and how a refusal is shown --------------------------------------------------------------------------

const services = await body(anonymous(baseUrl).GET("/v1/services", { params: { query: { q: "poultry", limit: 1 } } }));
const service = services.items[0];
assert(service, "the demo has a service about poultry");

let pilot = await record(
  owner.POST("/v1/pilots", { body: { title: { bn: "ভ্রাম্যমাণ পশু চিকিৎসা শিবির", en: "Mobile Animal Health Camp" } } }),
);
const id = { pilot_id: pilot.data.id };

/** One step on the pilot, with the version that we know. */
async function move(api: typeof owner, step: Schemas["TransitionPilotRequest"]) {
  pilot = await record(
    api.POST("/v1/pilots/{pilot_id}/transitions", { params: { path: id, header: { "If-Match": pilot.etag } }, body: step }),
  );
  return pilot.data.status;
}

try {
  await move(owner, { action: "submit" });
  assert.fail("an empty draft cannot be submitted");
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  switch (error.problem.code) {
    case "conditions_unmet":
      // Each entry says what is missing, in the caller's language.
      console.log(error.problem.errors.map((missing) => `${missing.code}: ${missing.detail}`).join("\n"));
      break;
    case "version_mismatch":
      pilot = await record(owner.GET("/v1/pilots/{pilot_id}", { params: { path: id } }));
      break;
    default:
      throw error;
  }
}

// --- Editing, with the version that was read ------------------------------------------------------------------------

const staleEtag = pilot.etag;
pilot = await record(
  owner.PATCH("/v1/pilots/{pilot_id}", {
    params: { path: id, header: { "If-Match": pilot.etag } },
    body: {
      summary: { bn: "চিকিৎসক গ্রামে যান।", en: "The veterinarian comes to the village." },
      problem: { bn: "খামারিদের অসুস্থ পশু নিয়ে দূরে যেতে হয়।", en: "Farmers have to take sick animals far." },
      proposed_change: { bn: "প্রতি মাসে গ্রামে শিবির।", en: "A camp in the village every month." },
      citizen_group: { bn: "ক্ষুদ্র খামারি", en: "Small farmers" },
      service_id: service.id,
      districts: ["BD-28"],
      tags: ["livestock"],
    },
  }),
);
await assert.rejects(
  body(owner.PATCH("/v1/pilots/{pilot_id}", { params: { path: id, header: { "If-Match": staleEtag } }, body: { tags: [] } })),
  (error) => error instanceof Refused && error.problem.code === "version_mismatch",
);

await body(
  owner.POST("/v1/pilots/{pilot_id}/members", {
    params: { path: id },
    body: { email: "deputy@demo.innovation.gov.bd", role: "deputy" },
  }),
);
pilot = await record(owner.GET("/v1/pilots/{pilot_id}", { params: { path: id } }));

// --- Screening: the buttons come from allowed_actions ----------------------------------------------------------------

assert(pilot.data.allowed_actions.includes("submit"));
assert.equal(await move(owner, { action: "submit" }), "submitted");
assert(!pilot.data.allowed_actions.includes("start_screening"), "an owner never screens");
await move(officer, { action: "start_screening" });
// Pilots that look alike stand in the way until somebody says whether they are one.
const alike = await body(
  officer.GET("/v1/pilots/{pilot_id}/duplicates", { params: { path: id, query: { status: ["open"] } } }),
);
for (const similar of alike.items) {
  await body(
    officer.POST("/v1/duplicates/{duplicate_id}/transitions", {
      params: { path: { duplicate_id: similar.id }, header: { "If-Match": `"${similar.version}"` } },
      body: { action: "dismiss", reason: "That camp stays in one place; this one travels." },
    }),
  );
}
assert.equal(await move(officer, { action: "accept" }), "design");

// --- A measurement, a plan, gate 1 --------------------------------------------------------------------------------------

async function measure(content: Schemas["MeasurementContent"]) {
  const draft = await record(owner.POST("/v1/pilots/{pilot_id}/tcv-measurements", { params: { path: id }, body: content }));
  const path = { measurement_id: draft.data.id };
  const submitted = await record(
    owner.POST("/v1/tcv-measurements/{measurement_id}/transitions", {
      params: { path, header: { "If-Match": draft.etag } },
      body: { action: "submit" },
    }),
  );
  return body(
    officer.POST("/v1/tcv-measurements/{measurement_id}/transitions", {
      params: { path, header: { "If-Match": submitted.etag } },
      body: { action: "verify" },
    }),
  );
}

await measure({
  kind: "baseline", sample_size: 40, period_start_on: "2025-01-05", period_end_on: "2025-01-23", district_code: "BD-28",
  time: { travel: "60.00", waiting: "30.00", processing: "10.00" },
  cost: { travel: taka("1500.00"), fees: taka("1000.00"), assistance: taka("0.00"), communication: taka("0.00"), other: taka("0.00") },
  visits: { apply: "1.00", follow_up: "1.50", collect: "0.50" },
});

const plan = await record(
  owner.POST("/v1/pilots/{pilot_id}/plans", {
    params: { path: id },
    body: {
      solution_design: { bn: "মাসিক শিবির।", en: "A monthly camp with medicine and vaccines." },
      implementation_plan: { bn: "পালা করে প্রতি ইউনিয়নে।", en: "Union by union, one after the other." },
      budget_lines: [{ head: "transport", description: "Boats", amount: taka("84000.00") }],
      risks: [{ description: "Floods", likelihood: "medium", impact: "high", mitigation: "Move the camp." }],
      tcv_targets: { time_minutes: "30.00", cost: taka("100.00"), visits: "1.00" },
      milestones: [{ title: { bn: "প্রথম শিবির", en: "First camp" }, due_on: "2030-01-31", responsible_id: me.id, is_mandatory: true }],
    },
  }),
);
await body(
  owner.POST("/v1/plans/{plan_id}/transitions", {
    params: { path: { plan_id: plan.data.id }, header: { "If-Match": plan.etag } },
    body: { action: "submit" },
  }),
);

// The money is there before the pilot runs: the council gives it, and an officer reads the letter.
const letter = new FormData();
letter.append("file", new Blob(["The council gives 84,000 taka."], { type: "text/plain" }), "letter.txt");
const file = await body(
  owner.POST("/v1/attachments", {
    params: { query: { parent_kind: "pilot", parent_id: id.pilot_id } },
    body: { file: "" },
    bodySerializer: () => letter,
  }),
);
const source = await record(
  owner.POST("/v1/pilots/{pilot_id}/funding-sources", {
    params: { path: id },
    body: {
      kind: "office_budget", provider: { bn: "উপজেলা পরিষদ", en: "Upazila council" }, amount: taka("84000.00"),
      document_id: file.id,
    },
  }),
);
await body(
  officer.POST("/v1/funding-sources/{source_id}/transitions", {
    params: { path: { source_id: source.data.id }, header: { "If-Match": source.etag } },
    body: { action: "confirm" },
  }),
);

const gate = await body(owner.GET("/v1/pilots/{pilot_id}/gates/{gate}", { params: { path: { ...id, gate: "execution" } } }));
for (const condition of gate.conditions) console.log(`${condition.code}: ${condition.result}`);
assert(gate.is_met);
await body(
  officer.POST("/v1/pilots/{pilot_id}/gate-decisions", { params: { path: id }, body: { gate: "execution", outcome: "pass" } }),
);

// --- Execution, endline, final report --------------------------------------------------------------------------------

for (const milestone of (await body(owner.GET("/v1/plans/{plan_id}", { params: { path: { plan_id: plan.data.id } } }))).milestones) {
  await body(
    owner.POST("/v1/milestones/{milestone_id}/transitions", {
      params: { path: { milestone_id: milestone.id }, header: { "If-Match": "*" } },
      body: { action: "complete", done_on: "2025-03-02", evidence: "Attendance sheet of the first camp." },
    }),
  );
}

await measure({
  kind: "endline", sample_size: 40, period_start_on: "2025-09-07", period_end_on: "2025-09-25", district_code: "BD-28",
  time: { travel: "10.00", waiting: "8.00", processing: "5.00" },
  cost: { travel: taka("25.00"), fees: taka("50.00"), assistance: taka("0.00"), communication: taka("0.00"), other: taka("0.00") },
  visits: { apply: "1.00", follow_up: "0.00", collect: "0.00" },
});

const report = await record(owner.GET("/v1/pilots/{pilot_id}/final-report", { params: { path: id } }));
await body(
  owner.PATCH("/v1/pilots/{pilot_id}/final-report", {
    params: { path: id, header: { "If-Match": report.etag } },
    body: {
      what_worked: { en: "Farmers came in numbers." },
      what_did_not: { en: "Two camps were flooded." },
      cost_per_transaction: taka("12.50"),
      replication_needs: { en: "A vehicle and two veterinarians." },
      public_summary: { en: "Treatment in the village costs a farmer 75 taka, not 2,500." },
    },
  }),
);

// --- Gate 2: a waiver, proposed by one officer and confirmed by another -----------------------------------------------

const decision = await record(
  officer.POST("/v1/pilots/{pilot_id}/gate-decisions", {
    params: { path: id },
    body: {
      gate: "celebration", outcome: "pass",
      waivers: [{ code: "G2.PUBLIC", reason: "The Bangla text is with the translator." }],
    },
  }),
);
const confirm = {
  params: { path: { decision_id: decision.data.id }, header: { "If-Match": decision.etag } },
  body: { action: "confirm" as const },
};
await assert.rejects(
  body(officer.POST("/v1/gate-decisions/{decision_id}/transitions", confirm)),
  (error) => error instanceof Refused && error.problem.status === 403,
);
await body(secondOfficer.POST("/v1/gate-decisions/{decision_id}/transitions", confirm));

pilot = await record(owner.GET("/v1/pilots/{pilot_id}", { params: { path: id } }));
assert.equal(pilot.data.status, "completed");
const change = await body(owner.GET("/v1/pilots/{pilot_id}/tcv-comparison", { params: { path: id } }));
assert.equal(change.time.total.reduction_percent, "77.0");

// --- The same request twice has one effect -----------------------------------------------------------------------------

const twice = { params: { header: { "Idempotency-Key": crypto.randomUUID() } }, body: { title: { en: "Sent twice" } } };
const [first, again] = [await body(owner.POST("/v1/pilots", twice)), await body(owner.POST("/v1/pilots", twice))];
assert.equal(first.id, again.id);

// --- A list, page after page --------------------------------------------------------------------------------------------

let found = 0;
for await (const listed of pages((cursor) =>
  officer.GET("/v1/pilots", { params: { query: { phase: ["celebration"], limit: 5, ...cursor } } }),
)) {
  assert.equal(listed.phase, "celebration");
  found += 1;
}
assert(found > 5, "more than one page");

console.log(`TypeScript: ${pilot.data.reference} is ${pilot.data.status}; ${found} pilots in Celebration`);
