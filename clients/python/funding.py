"""Money of the Service Innovation Fund, from the call for proposals to the closed books. Run by clients/run in CI."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from typing import Any
from uuid import UUID

from api import Refused, body, login, new_key, record
from design import pilot_in_design, taka
from innovation_pilots_client import models as m
from innovation_pilots_client.api.attachments import add_attachment
from innovation_pilots_client.api.awards import decide_funding_request, recommend_funding_request
from innovation_pilots_client.api.expenditure_reports import (
    create_expenditure_report,
    transition_expenditure_report,
    update_expenditure_report,
)
from innovation_pilots_client.api.funding_requests import (
    check_eligibility,
    create_funding_request,
    get_funding_request,
    transition_funding_request,
)
from innovation_pilots_client.api.funding_reviews import (
    assign_reviewer,
    list_my_funding_reviews,
    transition_funding_review,
    update_funding_review,
)
from innovation_pilots_client.api.funding_rounds import (
    allocate_to_round,
    create_funding_round,
    create_panel_meeting,
    get_funding_round,
    release_round_results,
    transition_funding_round,
)
from innovation_pilots_client.api.funds import get_funding_request_position, get_reconciliation, list_funds
from innovation_pilots_client.api.gates import create_gate_decision
from innovation_pilots_client.api.identity import get_me
from innovation_pilots_client.api.tranches import (
    close_funding_request,
    disburse_tranche,
    list_tranches,
    set_tranche_plan,
    sign_agreement,
    transition_tranche,
)
from innovation_pilots_client.client import AuthenticatedClient
from innovation_pilots_client.types import File, Response

BASE_URL = os.environ.get("API_URL", "http://127.0.0.1:8080")
# Days are days in Dhaka.
DHAKA = timezone(timedelta(hours=6))
today = datetime.now(DHAKA).date()


def enter(name: str) -> AuthenticatedClient:
    return login(BASE_URL, f"{name}@demo.innovation.gov.bd", "demo pilots for everyone")


owner, officer = enter("owner"), enter("officer")
fund_officer, fund_approver, finance_officer = enter("fund.officer"), enter("fund.approver"), enter("finance.officer")
reviewers = [enter("reviewer"), enter("reviewer2")]


def version(response: Response[Any]) -> str:
    """The version after a step, for the next one."""
    return record(response)[1]


def attach(parent_kind: m.AddAttachmentParentKind, parent_id: UUID, name: str) -> UUID:
    form = m.AttachmentForm(file=File(payload=BytesIO(name.encode()), file_name=f"{name}.txt", mime_type="text/plain"))
    return body(
        add_attachment.sync_detailed(client=owner, body=form, parent_kind=parent_kind, parent_id=parent_id)
    ).id


# --- A call for proposals -----------------------------------------------------------------------------------------

pilot = pilot_in_design(BASE_URL, owner, officer)
fund = body(list_funds.sync_detailed(client=fund_officer)).items[0]

# It closes so soon because this example waits for it.
closes_at = datetime.now(UTC) + timedelta(seconds=4)
call = m.FundingRoundContent(
    theme=m.TitleInput(bn="কাছের সেবা", en="Services close by"),
    is_sealed=True,
    opens_at=datetime.now(UTC),
    closes_at=closes_at,
    release_on=closes_at.astimezone(DHAKA).date(),
    smallest_award=taka("50000.00"),
    largest_award=taka("300000.00"),
    two_approvers_above=taka("200000.00"),
    minimum_reviewers=2,
    panel_quorum=2,
    spread_threshold_percent="25.00",
    rubric=[
        m.Criterion(
            code="impact",
            title=m.TitleInput(en="Benefit to citizens"),
            weight=100,
            anchors=[
                m.Anchor(score=1, meaning=m.TitleInput(en="Little")),
                m.Anchor(score=5, meaning=m.TitleInput(en="Much")),
            ],
        )
    ],
    eligibility_rules=[
        m.EligibilityRule(
            code="public_service", kind="manual", statement=m.TitleInput(en="It is a public service.")
        )
    ],
    minimum_utilisation=75,
    most_tranches=3,
    agreement_within_days=30,
)
round_, round_etag = record(create_funding_round.sync_detailed(fund.id, client=fund_officer, body=call))


def move_round(action: str) -> None:
    global round_, round_etag
    step = m.TransitionFundingRoundRequest.from_dict({"action": action})
    present = version(get_funding_round.sync_detailed(round_.id, client=fund_officer))
    round_, round_etag = record(
        transition_funding_round.sync_detailed(round_.id, client=fund_officer, body=step, if_match=present)
    )


# Every step that moves money needs the version that is meant, `*` will not do, and a key of its own. After 15 minutes most
# of them also want a new login: `step_up_required`.
allocation = m.AllocateToRoundRequest(
    direction="allocate", amount=taka("100000.00"), reason="Decision of the board."
)
body(
    allocate_to_round.sync_detailed(
        round_.id, client=fund_approver, body=allocation, if_match=round_etag, idempotency_key=new_key()
    )
)
move_round("open")

# --- A request ------------------------------------------------------------------------------------------------------

wish = m.CreateFundingRequestRequest(
    round_id=round_.id,
    requested=taka("84000.00"),
    purpose=m.ProseInput(en="Three camps on the river islands."),
    budget_lines=[m.BudgetLine(head="transport", description="Boats", amount=taka("84000.00"))],
)
asked = body(create_funding_request.sync_detailed(pilot.id, client=owner, body=wish, idempotency_key=new_key()))


def look(who: AuthenticatedClient) -> tuple[m.FundingRequestView, str]:
    """The request as someone sees it now. Its version changes with every step of the others: read it before each."""
    return record(get_funding_request.sync_detailed(asked.id, client=who))


def is_refused(who: AuthenticatedClient, status: int) -> bool:
    try:
        look(who)
        return False
    except Refused as refused:
        return refused.problem.status == status


def move(who: AuthenticatedClient, action: str) -> None:
    step = m.TransitionFundingRequestRequest.from_dict({"action": action})
    body(transition_funding_request.sync_detailed(asked.id, client=who, body=step, if_match=look(who)[1]))


move(owner, "submit")
assert is_refused(fund_officer, 404), "the round is sealed: until it closes the fund knows nothing of it"
time.sleep((closes_at - datetime.now(UTC)).total_seconds() + 0.1)
move_round("close")
move_round("start_deciding")

# --- Blind review ---------------------------------------------------------------------------------------------------

move(fund_officer, "start_eligibility")
check = m.CheckEligibilityRequest(
    results=[
        m.ManualResult(rule="public_service", is_met=True, reason=m.ProseInput(en="Of a public office."))
    ]
)
body(check_eligibility.sync_detailed(asked.id, client=fund_officer, body=check))
for reviewer in reviewers:
    place = m.AssignReviewerRequest(reviewer_id=body(get_me.sync_detailed(client=reviewer)).id, due_on=today)
    body(assign_reviewer.sync_detailed(asked.id, client=fund_officer, body=place))
move(fund_officer, "start_review")

for reviewer in reviewers:
    mine = body(list_my_funding_reviews.sync_detailed(client=reviewer, status=["assigned"]))
    review = next(one for one in mine.items if one.request.id == asked.id)
    assert is_refused(reviewer, 403), "who has not declared to be free of conflicts does not see the file"
    declare, submit = m.TransitionFundingReviewRequest(action="declare"), m.TransitionFundingReviewRequest(action="submit")
    etag = version(
        transition_funding_review.sync_detailed(
            review.id, client=reviewer, body=declare, if_match=f'"{review.version}"'
        )
    )
    look(reviewer)
    judgement = m.FundingReviewPatch(
        scores=[m.CriterionScore(criterion="impact", score=4)], public_comment="Say who keeps the boats."
    )
    etag = version(update_funding_review.sync_detailed(review.id, client=reviewer, body=judgement, if_match=etag))
    body(transition_funding_review.sync_detailed(review.id, client=reviewer, body=submit, if_match=etag))
move(fund_officer, "start_panel")

# --- Recommendation and award ---------------------------------------------------------------------------------------

minutes = m.CreatePanelMeetingRequest(
    held_on=today,
    attendees=[body(get_me.sync_detailed(client=who)).id for who in (fund_officer, *reviewers)],
    minutes=m.ProseInput(en="All agreed."),
)
meeting = body(create_panel_meeting.sync_detailed(round_.id, client=fund_officer, body=minutes))
recommendation = m.RecommendFundingRequestRequest(
    amount=taka("84000.00"), panel_meeting_id=meeting.id, reason="Much benefit for little money."
)
body(
    recommend_funding_request.sync_detailed(
        asked.id,
        client=fund_officer,
        body=recommendation,
        if_match=look(fund_officer)[1],
        idempotency_key=new_key(),
    )
)
award = m.DecideFundingRequestRequest(decision="award")
body(
    decide_funding_request.sync_detailed(
        asked.id, client=fund_approver, body=award, if_match=look(fund_approver)[1], idempotency_key=new_key()
    )
)
assert look(owner)[0].status == "under_review", "applicants are told on the day of the release"
move_round("finish_deciding")
body(release_round_results.sync_detailed(round_.id, client=fund_officer, if_match=round_etag))
assert look(owner)[0].status == "awarded"

# --- Agreement ------------------------------------------------------------------------------------------------------

plan = m.SetTranchePlanRequest(tranches=[m.TrancheInput(amount=taka("84000.00"), planned_on=today)])
body(set_tranche_plan.sync_detailed(asked.id, client=fund_officer, body=plan, if_match=look(fund_officer)[1]))
signature = m.SignAgreementRequest(file_id=attach("funding_request", asked.id, "agreement"))
for who in (owner, fund_officer):
    body(sign_agreement.sync_detailed(asked.id, client=who, body=signature, if_match=look(who)[1]))
# The money is there, so the pilot can pass gate 1.
through = m.CreateGateDecisionRequest(gate="execution", outcome="pass")
body(create_gate_decision.sync_detailed(pilot.id, client=officer, body=through))

# --- Payment: asked for, approved and paid by three people ------------------------------------------------------------

tranche = body(list_tranches.sync_detailed(asked.id, client=owner)).items[0]
ask, approve = m.TransitionTrancheRequest(action="request"), m.TransitionTrancheRequest(action="approve")
etag = f'"{tranche.version}"'
etag = version(transition_tranche.sync_detailed(tranche.id, client=owner, body=ask, if_match=etag))
etag = version(transition_tranche.sync_detailed(tranche.id, client=fund_approver, body=approve, if_match=etag))
# The first answer may be lost on its way. The very same request again, same key, gets it again and pays nothing twice.
payment, key = m.DisburseTrancheRequest(payment_reference="BEFTN-2026-9", paid_on=today), new_key()
first, again = (
    disburse_tranche.sync_detailed(
        tranche.id, client=finance_officer, body=payment, if_match=etag, idempotency_key=key
    )
    for _ in range(2)
)
assert body(first) == body(again)
assert again.headers["Idempotent-Replayed"] == "true"
position = body(get_funding_request_position.sync_detailed(asked.id, client=finance_officer))
assert position.disbursed.amount == "84000.00"
assert look(owner)[0].status == "active"

# --- What it was spent on -------------------------------------------------------------------------------------------

line = m.ExpenditureLine(
    head="transport", description="Boats", amount=taka("84000.00"), spent_on=today, voucher_number="V-01"
)
begun = m.ExpenditureReportContent(lines=[line])
report, etag = record(create_expenditure_report.sync_detailed(tranche.id, client=owner, body=begun))
line.voucher_id = attach("expenditure_report", report.id, "voucher")
proven = m.ExpenditureReportPatch(lines=[line])
etag = version(update_expenditure_report.sync_detailed(report.id, client=owner, body=proven, if_match=etag))
for who, judged in (
    (owner, m.TransitionExpenditureReportRequest(action="submit")),
    (fund_officer, m.TransitionExpenditureReportRequest(action="check")),
    (finance_officer, m.TransitionExpenditureReportRequest(action="accept", accepted_amount=taka("84000.00"))),
):
    etag = version(transition_expenditure_report.sync_detailed(report.id, client=who, body=judged, if_match=etag))

# --- The end --------------------------------------------------------------------------------------------------------

move(finance_officer, "start_closing")
end = body(
    close_funding_request.sync_detailed(
        asked.id, client=finance_officer, if_match=look(finance_officer)[1], idempotency_key=new_key()
    )
)
assert (end.status, end.to_recover.amount) == ("closed", "0.00")
books = body(get_reconciliation.sync_detailed(fund.id, client=finance_officer))
assert books.agrees, "the books add up line by line"

print(f"Python: {look(owner)[0].reference} is {end.status}; the ledger agrees with its {books.lines} lines")
