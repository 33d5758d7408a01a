"""A pilot from its first line to the celebrated result, as a program would do it. Run by clients/run in CI."""

from __future__ import annotations

import os
from datetime import date
from io import BytesIO

from api import Refused, anonymous, body, login, new_key, pages, record
from innovation_pilots_client import models as m
from innovation_pilots_client.api.attachments import add_attachment
from innovation_pilots_client.api.duplicates import list_pilot_duplicates, transition_duplicate
from innovation_pilots_client.api.funding_sources import declare_funding_source, transition_funding_source
from innovation_pilots_client.api.gates import (
    create_gate_decision,
    get_gate,
    transition_gate_decision,
)
from innovation_pilots_client.api.identity import get_me
from innovation_pilots_client.api.pilots import (
    add_pilot_member,
    create_pilot,
    get_pilot,
    list_pilots,
    transition_pilot,
    update_pilot,
)
from innovation_pilots_client.api.plans import (
    create_plan,
    get_final_report,
    get_plan,
    transition_milestone,
    transition_plan,
    update_final_report,
)
from innovation_pilots_client.api.reference import list_services
from innovation_pilots_client.api.tcv import (
    create_measurement,
    get_tcv_comparison,
    transition_measurement,
)
from innovation_pilots_client.client import AuthenticatedClient
from innovation_pilots_client.types import File

BASE_URL = os.environ.get("API_URL", "http://127.0.0.1:8080")
PASSWORD = "demo pilots for everyone"

owner = login(BASE_URL, "owner@demo.innovation.gov.bd", PASSWORD)
officer = login(BASE_URL, "officer@demo.innovation.gov.bd", PASSWORD)
second_officer = login(BASE_URL, "officer2@demo.innovation.gov.bd", PASSWORD)


def taka(amount: str) -> m.MoneyInput:
    return m.MoneyInput(amount=amount, currency="BDT")


# --- A draft, and how a refusal is shown --------------------------------------------------------------------------

me: m.MeView = body(get_me.sync_detailed(client=owner))
service = body(list_services.sync_detailed(client=anonymous(BASE_URL), q="poultry", limit=1)).items[0]

draft = m.PilotContent(title=m.TitleInput(bn="ভ্রাম্যমাণ পশু চিকিৎসা শিবির", en="Mobile Animal Health Camp"))
pilot, etag = record(create_pilot.sync_detailed(client=owner, body=draft, idempotency_key=new_key()))


def move(client: AuthenticatedClient, step: m.TransitionPilotRequest) -> str:
    """One step on the pilot, with the version that we know."""
    global pilot, etag
    pilot, etag = record(
        transition_pilot.sync_detailed(pilot.id, client=client, body=step, if_match=etag, idempotency_key=new_key())
    )
    return pilot.status


try:
    move(owner, m.TransitionPilotRequest(action="submit"))
    raise AssertionError("an empty draft cannot be submitted")
except Refused as refused:
    if refused.problem.code != "conditions_unmet":
        raise
    # Each entry says what is missing, in the caller's language.
    for missing in refused.problem.errors:
        print(f"{missing.code}: {missing.detail}")

# --- Editing, with the version that was read ------------------------------------------------------------------------

stale = etag
patch = m.PilotPatch(
    summary=m.ProseInput(bn="চিকিৎসক গ্রামে যান।", en="The veterinarian comes to the village."),
    problem=m.ProseInput(bn="খামারিদের অসুস্থ পশু নিয়ে দূরে যেতে হয়।", en="Farmers have to take sick animals far."),
    proposed_change=m.ProseInput(bn="প্রতি মাসে গ্রামে শিবির।", en="A camp in the village every month."),
    citizen_group=m.TitleInput(bn="ক্ষুদ্র খামারি", en="Small farmers"),
    service_id=service.id,
    districts=["BD-28"],
    tags=["livestock"],
)
pilot, etag = record(update_pilot.sync_detailed(pilot.id, client=owner, body=patch, if_match=etag))
try:
    body(update_pilot.sync_detailed(pilot.id, client=owner, body=m.PilotPatch(tags=[]), if_match=stale))
    raise AssertionError("a stale version changes nothing")
except Refused as refused:
    assert refused.problem.code == "version_mismatch"

deputy = m.AddPilotMemberRequest(email="deputy@demo.innovation.gov.bd", role="deputy")
body(add_pilot_member.sync_detailed(pilot.id, client=owner, body=deputy, idempotency_key=new_key()))
pilot, etag = record(get_pilot.sync_detailed(pilot.id, client=owner))

# --- Screening: the buttons come from allowed_actions ----------------------------------------------------------------

assert "submit" in pilot.allowed_actions
assert move(owner, m.TransitionPilotRequest(action="submit")) == "submitted"
assert "start_screening" not in pilot.allowed_actions, "an owner never screens"
move(officer, m.TransitionPilotRequest(action="start_screening"))
# Pilots that look alike stand in the way until somebody says whether they are one.
alike = body(list_pilot_duplicates.sync_detailed(pilot.id, client=officer, status=["open"]))
for similar in alike.items:
    verdict = m.TransitionDuplicateRequest(action="dismiss", reason="That camp stays in one place; this one travels.")
    body(
        transition_duplicate.sync_detailed(similar.id, client=officer, body=verdict, if_match=f'"{similar.version}"')
    )
assert move(officer, m.TransitionPilotRequest(action="accept")) == "design"

# --- A measurement, a plan, gate 1 --------------------------------------------------------------------------------------


def measure(content: m.MeasurementContent) -> None:
    taken, version = record(
        create_measurement.sync_detailed(pilot.id, client=owner, body=content, idempotency_key=new_key())
    )
    for client, action in ((owner, "submit"), (officer, "verify")):
        step = m.TransitionMeasurementRequest.from_dict({"action": action})
        taken, version = record(
            transition_measurement.sync_detailed(taken.id, client=client, body=step, if_match=version)
        )
    assert taken.status == "verified"


measure(
    m.MeasurementContent(
        kind="baseline",
        sample_size=40,
        period_start_on=date(2025, 1, 5),
        period_end_on=date(2025, 1, 23),
        district_code="BD-28",
        time=m.TcvTimeInput(travel="60.00", waiting="30.00", processing="10.00"),
        cost=m.TcvCostInput(
            travel=taka("1500.00"),
            fees=taka("1000.00"),
            assistance=taka("0.00"),
            communication=taka("0.00"),
            other=taka("0.00"),
        ),
        visits=m.TcvVisitsInput(apply="1.00", follow_up="1.50", collect="0.50"),
    )
)

content = m.PlanContent(
    solution_design=m.ProseInput(bn="মাসিক শিবির।", en="A monthly camp with medicine and vaccines."),
    implementation_plan=m.ProseInput(bn="পালা করে প্রতি ইউনিয়নে।", en="Union by union, one after the other."),
    budget_lines=[m.BudgetLine(head="transport", description="Boats", amount=taka("84000.00"))],
    risks=[m.Risk(description="Floods", likelihood="medium", impact="high", mitigation="Move the camp.")],
    tcv_targets=m.TcvTargetsInput(time_minutes="30.00", cost=taka("100.00"), visits="1.00"),
    milestones=[
        m.MilestoneInput(
            title=m.TitleInput(bn="প্রথম শিবির", en="First camp"),
            due_on=date(2030, 1, 31),
            responsible_id=me.id,
            is_mandatory=True,
        )
    ],
)
plan, plan_etag = record(create_plan.sync_detailed(pilot.id, client=owner, body=content, idempotency_key=new_key()))
body(
    transition_plan.sync_detailed(
        plan.id, client=owner, body=m.TransitionPlanRequest(action="submit"), if_match=plan_etag
    )
)

# The money is there before the pilot runs: the council gives it, and an officer reads the letter.
letter = m.AttachmentForm(
    file=File(
        payload=BytesIO("The council gives 84,000 taka.".encode()), file_name="letter.txt", mime_type="text/plain"
    )
)
document = body(
    add_attachment.sync_detailed(
        client=owner, body=letter, parent_kind="pilot", parent_id=pilot.id, idempotency_key=new_key()
    )
)
given = m.FundingSourceContent(
    kind="office_budget",
    provider=m.TitleInput(bn="উপজেলা পরিষদ", en="Upazila council"),
    amount=taka("84000.00"),
    document_id=document.id,
)
source, source_etag = record(
    declare_funding_source.sync_detailed(pilot.id, client=owner, body=given, idempotency_key=new_key())
)
confirmed = m.TransitionFundingSourceRequest(action="confirm")
body(transition_funding_source.sync_detailed(source.id, client=officer, body=confirmed, if_match=source_etag))

gate = body(get_gate.sync_detailed(pilot.id, "execution", client=owner))
for condition in gate.conditions:
    print(f"{condition.code}: {condition.result}")
assert gate.is_met
through = m.CreateGateDecisionRequest(gate="execution", outcome="pass")
body(create_gate_decision.sync_detailed(pilot.id, client=officer, body=through, idempotency_key=new_key()))

# --- Execution, endline, final report --------------------------------------------------------------------------------

running: m.PlanView = body(get_plan.sync_detailed(plan.id, client=owner))
done = m.TransitionMilestoneRequest(
    action="complete", done_on=date(2025, 3, 2), evidence="Attendance sheet of the first camp."
)
for milestone in running.milestones:
    body(transition_milestone.sync_detailed(milestone.id, client=owner, body=done, if_match="*"))

measure(
    m.MeasurementContent(
        kind="endline",
        sample_size=40,
        period_start_on=date(2025, 9, 7),
        period_end_on=date(2025, 9, 25),
        district_code="BD-28",
        time=m.TcvTimeInput(travel="10.00", waiting="8.00", processing="5.00"),
        cost=m.TcvCostInput(
            travel=taka("25.00"),
            fees=taka("50.00"),
            assistance=taka("0.00"),
            communication=taka("0.00"),
            other=taka("0.00"),
        ),
        visits=m.TcvVisitsInput(apply="1.00", follow_up="0.00", collect="0.00"),
    )
)

_, report_etag = record(get_final_report.sync_detailed(pilot.id, client=owner))
report = m.FinalReportPatch(
    what_worked=m.ProseInput(en="Farmers came in numbers."),
    what_did_not=m.ProseInput(en="Two camps were flooded."),
    cost_per_transaction=taka("12.50"),
    replication_needs=m.ProseInput(en="A vehicle and two veterinarians."),
    public_summary=m.ProseInput(en="Treatment in the village costs a farmer 75 taka, not 2,500."),
)
body(update_final_report.sync_detailed(pilot.id, client=owner, body=report, if_match=report_etag))

# --- Gate 2: a waiver, proposed by one officer and confirmed by another -----------------------------------------------

proposal = m.CreateGateDecisionRequest(
    gate="celebration",
    outcome="pass",
    waivers=[m.GateWaiver(code="G2.PUBLIC", reason="The Bangla text is with the translator.")],
)
decision, decision_etag = record(
    create_gate_decision.sync_detailed(pilot.id, client=officer, body=proposal, idempotency_key=new_key())
)
confirm = m.TransitionGateDecisionRequest(action="confirm")
try:
    body(transition_gate_decision.sync_detailed(decision.id, client=officer, body=confirm, if_match=decision_etag))
    raise AssertionError("nobody confirms their own waiver")
except Refused as refused:
    assert refused.problem.status == 403
body(transition_gate_decision.sync_detailed(decision.id, client=second_officer, body=confirm, if_match=decision_etag))

pilot, etag = record(get_pilot.sync_detailed(pilot.id, client=owner))
assert pilot.status == "completed"
change = body(get_tcv_comparison.sync_detailed(pilot.id, client=owner))
assert change.time.total.reduction_percent == "77.0"

# --- The same request twice has one effect -----------------------------------------------------------------------------

key, twice = new_key(), m.PilotContent(title=m.TitleInput(en="Sent twice"))
first = body(create_pilot.sync_detailed(client=owner, body=twice, idempotency_key=key))
again = body(create_pilot.sync_detailed(client=owner, body=twice, idempotency_key=key))
assert first.id == again.id

# --- A list, page after page --------------------------------------------------------------------------------------------

found = 0
for listed in pages(
    lambda cursor: body(
        list_pilots.sync_detailed(client=officer, phase=["initiation", "celebration"], limit=5, cursor=cursor)
    )
):
    assert listed.phase in ("initiation", "celebration")
    found += 1
assert found > 5, "more than one page"

print(f"Python: {pilot.reference} is {pilot.status}; {found} pilots in Initiation and Celebration")
