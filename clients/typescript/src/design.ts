// A pilot that is measured and planned and only lacks its money: what journey.ts does step by step and with care.

import { anonymous, body, type Api, type Schemas } from "./api.js";

export const taka = (amount: string): Schemas["MoneyInput"] => ({ amount, currency: "BDT" });

/** Waits in design, before gate 1; its plan costs 84,000 taka. */
export async function pilotInDesign(baseUrl: string, owner: Api, officer: Api): Promise<Schemas["PilotView"]> {
  const [me, services] = await Promise.all([
    body(owner.GET("/v1/me")),
    body(anonymous(baseUrl).GET("/v1/services", { params: { query: { q: "poultry", limit: 1 } } })),
  ]);
  const text = { en: "The veterinarian comes to the village." };
  const pilot = await body(
    owner.POST("/v1/pilots", {
      body: {
        title: { en: "Vaccines by Boat" }, summary: text, problem: text, proposed_change: text,
        citizen_group: { en: "Small farmers" }, service_id: services.items[0]?.id ?? null, districts: ["BD-28"],
      },
    }),
  );
  const path = { pilot_id: pilot.id };
  // Nobody else knows of these records, so any version is meant.
  const anyVersion = { "If-Match": "*" };
  const move = (who: Api, step: Schemas["TransitionPilotRequest"]) =>
    body(who.POST("/v1/pilots/{pilot_id}/transitions", { params: { path, header: anyVersion }, body: step }));

  await body(
    owner.POST("/v1/pilots/{pilot_id}/members", {
      params: { path }, body: { email: "deputy@demo.innovation.gov.bd", role: "deputy" },
    }),
  );
  await move(owner, { action: "submit" });
  await move(officer, { action: "start_screening" });
  const alike = await body(officer.GET("/v1/pilots/{pilot_id}/duplicates", { params: { path, query: { status: ["open"] } } }));
  for (const similar of alike.items) {
    await body(
      officer.POST("/v1/duplicates/{duplicate_id}/transitions", {
        params: { path: { duplicate_id: similar.id }, header: anyVersion },
        body: { action: "dismiss", reason: "Another place." },
      }),
    );
  }
  const accepted = await move(officer, { action: "accept" });

  const parts = { travel: taka("50.00"), fees: taka("0.00"), assistance: taka("0.00"), communication: taka("0.00"), other: taka("0.00") };
  const baseline = await body(
    owner.POST("/v1/pilots/{pilot_id}/tcv-measurements", {
      params: { path },
      body: {
        kind: "baseline", sample_size: 40, period_start_on: "2025-01-05", period_end_on: "2025-01-23", district_code: "BD-28",
        time: { travel: "60.00", waiting: "30.00", processing: "10.00" }, cost: parts,
        visits: { apply: "1.00", follow_up: "1.50", collect: "0.50" },
      },
    }),
  );
  for (const [who, action] of [[owner, "submit"], [officer, "verify"]] as const) {
    await body(
      who.POST("/v1/tcv-measurements/{measurement_id}/transitions", {
        params: { path: { measurement_id: baseline.id }, header: anyVersion }, body: { action },
      }),
    );
  }
  const plan = await body(
    owner.POST("/v1/pilots/{pilot_id}/plans", {
      params: { path },
      body: {
        solution_design: text, implementation_plan: text,
        budget_lines: [{ head: "transport", description: "Boats", amount: taka("84000.00") }],
        risks: [{ description: "Floods", likelihood: "medium", impact: "high", mitigation: "Move the camp." }],
        tcv_targets: { time_minutes: "30.00", cost: taka("10.00"), visits: "1.00" },
        milestones: [{ title: { en: "First camp" }, due_on: "2030-01-31", responsible_id: me.id, is_mandatory: true }],
      },
    }),
  );
  await body(
    owner.POST("/v1/plans/{plan_id}/transitions", {
      params: { path: { plan_id: plan.id }, header: anyVersion }, body: { action: "submit" },
    }),
  );
  return accepted;
}
