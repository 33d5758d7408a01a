"""A pilot that is measured and planned and only lacks its money: what journey.py does step by step and with care."""

from __future__ import annotations

from datetime import date

from api import anonymous, body
from innovation_pilots_client import models as m
from innovation_pilots_client.api.duplicates import list_pilot_duplicates, transition_duplicate
from innovation_pilots_client.api.identity import get_me
from innovation_pilots_client.api.pilots import add_pilot_member, create_pilot, transition_pilot
from innovation_pilots_client.api.plans import create_plan, transition_plan
from innovation_pilots_client.api.reference import list_services
from innovation_pilots_client.api.tcv import create_measurement, transition_measurement
from innovation_pilots_client.client import AuthenticatedClient


def taka(amount: str) -> m.MoneyInput:
    return m.MoneyInput(amount=amount, currency="BDT")


def pilot_in_design(base_url: str, owner: AuthenticatedClient, officer: AuthenticatedClient) -> m.PilotView:
    """Waits in design, before gate 1; its plan costs 84,000 taka."""
    me = body(get_me.sync_detailed(client=owner))
    service = body(list_services.sync_detailed(client=anonymous(base_url), q="poultry", limit=1)).items[0]
    text = m.ProseInput(en="The veterinarian comes to the village.")
    content = m.PilotContent(
        title=m.TitleInput(en="Vaccines by Boat"),
        summary=text,
        problem=text,
        proposed_change=text,
        citizen_group=m.TitleInput(en="Small farmers"),
        service_id=service.id,
        districts=["BD-28"],
    )
    pilot = body(create_pilot.sync_detailed(client=owner, body=content))

    def move(who: AuthenticatedClient, step: m.TransitionPilotRequest) -> m.PilotView:
        # Nobody else knows of the pilot yet, so any version is meant.
        return body(transition_pilot.sync_detailed(pilot.id, client=who, body=step, if_match="*"))

    deputy = m.AddPilotMemberRequest(email="deputy@demo.innovation.gov.bd", role="deputy")
    body(add_pilot_member.sync_detailed(pilot.id, client=owner, body=deputy))
    move(owner, m.TransitionPilotRequest(action="submit"))
    move(officer, m.TransitionPilotRequest(action="start_screening"))
    other = m.TransitionDuplicateRequest(action="dismiss", reason="Another place.")
    for similar in body(list_pilot_duplicates.sync_detailed(pilot.id, client=officer, status=["open"])).items:
        body(transition_duplicate.sync_detailed(similar.id, client=officer, body=other, if_match="*"))
    pilot = move(officer, m.TransitionPilotRequest(action="accept"))

    nothing = taka("0.00")
    baseline = m.MeasurementContent(
        kind="baseline",
        sample_size=40,
        period_start_on=date(2025, 1, 5),
        period_end_on=date(2025, 1, 23),
        district_code="BD-28",
        time=m.TcvTimeInput(travel="60.00", waiting="30.00", processing="10.00"),
        cost=m.TcvCostInput(
            travel=taka("50.00"), fees=nothing, assistance=nothing, communication=nothing, other=nothing
        ),
        visits=m.TcvVisitsInput(apply="1.00", follow_up="1.50", collect="0.50"),
    )
    taken = body(create_measurement.sync_detailed(pilot.id, client=owner, body=baseline))
    submit, verify = m.TransitionMeasurementRequest(action="submit"), m.TransitionMeasurementRequest(action="verify")
    body(transition_measurement.sync_detailed(taken.id, client=owner, body=submit, if_match="*"))
    body(transition_measurement.sync_detailed(taken.id, client=officer, body=verify, if_match="*"))

    planned = m.PlanContent(
        solution_design=text,
        implementation_plan=text,
        budget_lines=[m.BudgetLine(head="transport", description="Boats", amount=taka("84000.00"))],
        risks=[m.Risk(description="Floods", likelihood="medium", impact="high", mitigation="Move the camp.")],
        tcv_targets=m.TcvTargetsInput(time_minutes="30.00", cost=taka("10.00"), visits="1.00"),
        milestones=[
            m.MilestoneInput(
                title=m.TitleInput(en="First camp"), due_on=date(2030, 1, 31), responsible_id=me.id, is_mandatory=True
            )
        ],
    )
    plan = body(create_plan.sync_detailed(pilot.id, client=owner, body=planned))
    hand_in = m.TransitionPlanRequest(action="submit")
    body(transition_plan.sync_detailed(plan.id, client=owner, body=hand_in, if_match="*"))
    return pilot
