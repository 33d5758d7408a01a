"""The Service Innovation Fund around the caller: rounds, requests, awards and payments, each brought to a state by those
who would do it. An innovator who calls owns what is made; for everyone else the owner of `stage.py` does.

A round is closed when its time is over, which is waited for. So requests that are decided upon are made a few in one
round, and handed out one by one.
"""

from __future__ import annotations

import time
import uuid
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

from stage import Json, Person, attach, people, step, taka, with_plan

DHAKA = timezone(timedelta(hours=6))
MONTH = 30 * 86_400.0
# Long enough to hand in what is made together, on a slow machine too.
SHORT = 2.0
TOGETHER = 3
# What the plan of a pilot costs; gate 1 wants all of it.
COST = "84000.00"
HALF = "42000.00"


def the(role: str) -> Person:
    """Who acts for the fund in this role."""
    return people[f"{role}-a"]


def owner_for(me: Person) -> Person:
    return me if me.name.startswith("innovator") else people["owner"]


def today(later: int = 0) -> str:
    return (datetime.now(DHAKA).date() + timedelta(days=later)).isoformat()


def moment(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def pay(who: Person, path: str, name: str, body: Json | None = None) -> Json:
    """A step that moves money: on the version that the record has, with a key of its own."""
    headers = {
        "Authorization": who.bearer(), "If-Match": f'"{who.get(path)["version"]}"', "Idempotency-Key": str(uuid.uuid4()),
    }
    record: Json = who.send("POST", f"{path}/{name}", body, headers)
    return record


# --- Funds and rounds -------------------------------------------------------------------------------------------------


def fund_path(fund: Json) -> str:
    return f"/v1/funds/{fund['id']}"


def round_path(round_: Json) -> str:
    return f"/v1/funding-rounds/{round_['id']}"


def empty_fund() -> Json:
    fund: Json = the("fund_officer").post("/v1/funds", {"name": {"en": "Fund of the scenes"}})
    return fund


def capital() -> Json:
    return {"amount": taka("90000000.00"), "reason": "Budget of the fiscal year."}


kept: dict[str, Json] = {}


def fund() -> Json:
    """One with capital. It cannot be closed while its call is open."""
    if "fund" not in kept:
        kept["fund"] = empty_fund()
        pay(the("finance_officer"), fund_path(kept["fund"]), "capital", capital())
    return kept["fund"]


def round_content(seconds: float) -> Json:
    """Two reviewers, 50,000 to 500,000 taka, two approvers above 300,000. Not sealed: staff work on a request at once."""
    closes = moment(seconds)
    anchors = [{"score": 1, "meaning": {"en": "Little"}}, {"score": 5, "meaning": {"bn": "অনেক", "en": "Much"}}]
    return {
        "theme": {"bn": "কাছের সেবা", "en": "Services close by"}, "is_sealed": False,
        "opens_at": moment(-1).isoformat(), "closes_at": closes.isoformat(),
        "release_on": closes.astimezone(DHAKA).date().isoformat(),
        "smallest_award": taka("50000.00"), "largest_award": taka("500000.00"), "two_approvers_above": taka("300000.00"),
        "minimum_reviewers": 2, "panel_quorum": 2, "spread_threshold_percent": "25.00",
        "rubric": [{"code": "impact", "title": {"en": "Benefit to citizens"}, "weight": 60, "anchors": anchors}],
        "eligibility_rules": [{"code": "public_service", "kind": "manual", "statement": {"en": "It is a public service."}}],
        "minimum_utilisation": 75, "most_tranches": 4, "agreement_within_days": 30,
    }


def announced(seconds: float = MONTH) -> Json:
    """A round with money whose rules may still change."""
    made: Json = the("fund_officer").post(f"{fund_path(fund())}/rounds", round_content(seconds))
    pay(the("fund_approver"), round_path(made), "allocations", allocation())
    return made


def allocation(amount: str = "1000000.00") -> Json:
    return {"direction": "allocate", "amount": taka(amount), "reason": "Decision of the board."}


def opened(seconds: float = MONTH) -> Json:
    return step(the("fund_officer"), round_path(announced(seconds)), action="open")


def call() -> Json:
    """A round that takes requests during all of the run."""
    if "call" not in kept:
        kept["call"] = opened()
    return kept["call"]


def after_its_time(round_: Json) -> Json:
    closes = datetime.fromisoformat(round_["closes_at"])
    time.sleep(max(0.0, (closes - datetime.now(UTC)).total_seconds()) + 0.05)
    return round_


def moved(round_: Json, *actions: str) -> Json:
    for action in actions:
        round_ = step(the("fund_officer"), round_path(round_), action=action)
    return round_


def round_before(action: str) -> Json:
    """A round without requests that can take this step next."""
    if action == "open":
        return announced()
    before = ("close", "start_deciding", "finish_deciding", "release", "archive")
    ahead = before[:before.index(action)]
    round_ = moved(after_its_time(opened(0.5)), *(one for one in ahead if one != "release"))
    if "release" in ahead:
        the("fund_officer").post(f"{round_path(round_)}/release")
    return round_


def minutes() -> Json:
    return {"held_on": today(), "attendees": [the("fund_officer").id, the("fund_approver").id],
            "minutes": {"en": "All requests were discussed."}}


def meeting(round_id: str) -> Json:
    held: Json = the("fund_officer").post(f"/v1/funding-rounds/{round_id}/panel-meetings", minutes())
    return held


# --- Requests, until the panel ----------------------------------------------------------------------------------------


def request_path(request: Json) -> str:
    return f"/v1/funding-requests/{request['id']}"


def request_content(round_: Json, amount: str = COST) -> Json:
    return {
        "round_id": round_["id"], "requested": taka(amount), "purpose": {"en": "Three camps."},
        "budget_lines": [{"head": "transport", "description": "Boats", "amount": taka(amount)}], "co_funding": [],
    }


def asked(owner: Person, round_: Json, pilot: Json | None = None, amount: str = COST) -> Json:
    """A draft of a request."""
    pilot = pilot or with_plan(owner)
    request: Json = owner.post(f"/v1/pilots/{pilot['id']}/funding-requests", request_content(round_, amount))
    return request


def handed_in(owner: Person, round_: Json, pilot: Json | None = None, amount: str = COST) -> Json:
    return step(owner, request_path(asked(owner, round_, pilot, amount)), action="submit")


def results(is_met: bool = True) -> Json:
    return {"results": [{"rule": "public_service", "is_met": is_met, "reason": {"en": "As the plan says."}}]}


def taken_up(request: Json) -> Json:
    return step(the("fund_officer"), request_path(request), action="start_eligibility")


def checked(request: Json, is_met: bool = True) -> Json:
    taken_up(request)
    the("fund_officer").post(f"{request_path(request)}/eligibility-checks", results(is_met))
    return request


def assignment(reviewer: Person) -> Json:
    return {"reviewer_id": reviewer.id, "due_on": today(10)}


def reviewers() -> tuple[Person, Person]:
    return people["reviewer-a"], people["reviewer-b"]


def review_path(review: Json) -> str:
    return f"/v1/funding-reviews/{review['id']}"


def assigned(request: Json) -> list[Json]:
    """The reviews of a request that is checked, the first one of `reviewer-a`."""
    path = f"{request_path(request)}/reviews"
    return [the("fund_officer").post(path, assignment(reviewer)) for reviewer in reviewers()]


def in_review(request: Json) -> list[Json]:
    reviews = assigned(checked(request))
    step(the("fund_officer"), request_path(request), action="start_review")
    return reviews


def scores() -> Json:
    return {"scores": [{"criterion": "impact", "score": 4}], "public_comment": "Say how it goes on."}


def scored(reviewer: Person, review: Json) -> Json:
    """Free of conflicts, and written, but not handed in."""
    step(reviewer, review_path(review), action="declare")
    written: Json = reviewer.patch(review_path(review), scores())
    return written


def reviewed(request: Json) -> Json:
    for reviewer, review in zip(reviewers(), in_review(request), strict=True):
        scored(reviewer, review)
        step(reviewer, review_path(review), action="submit")
    return request


def before_panel(request: Json) -> Json:
    return step(the("fund_officer"), request_path(reviewed(request)), action="start_panel")


# --- Decisions --------------------------------------------------------------------------------------------------------


def recommendation(request: Json, amount: str = COST) -> Json:
    return {"amount": taka(amount), "panel_meeting_id": meeting(request["round_id"])["id"], "reason": "Strong."}


def recommended(request: Json, amount: str = COST) -> Json:
    before_panel(request)
    return pay(the("fund_officer"), request_path(request), "recommendation", recommendation(request, amount))


def awarded(request: Json) -> Json:
    recommended(request)
    return pay(the("fund_approver"), request_path(request), "decisions", {"decision": "award"})


pools: dict[tuple[str, str], list[Json]] = defaultdict(list)


def in_one_round(owner: Person, amount: str = COST) -> list[Json]:
    """Requests in a round that has begun to decide."""
    pilots = [with_plan(owner) for _ in range(TOGETHER)]
    round_ = opened(SHORT)
    requests = [handed_in(owner, round_, pilot, amount) for pilot in pilots]
    moved(after_its_time(round_), "close", "start_deciding")
    return requests


def out_of(pool: str, owner: Person, make: Callable[[Person], list[Json]]) -> Json:
    waiting = pools[pool, owner.name]
    if not waiting:
        waiting += make(owner)
    return waiting.pop()


def to_decide(owner: Person) -> Json:
    """A request, handed in, of a round that decides."""
    return out_of("to decide", owner, in_one_round)


def large_to_decide(owner: Person) -> Json:
    """The same, above the limit of one approver."""
    return out_of("large", owner, lambda who: in_one_round(who, "400000.00"))


def all_awarded(owner: Person) -> list[Json]:
    requests = [awarded(request) for request in in_one_round(owner)]
    round_ = moved({"id": requests[0]["round_id"]}, "finish_deciding")
    the("fund_officer").post(f"{round_path(round_)}/release")
    return requests


def award(owner: Person) -> Json:
    """An award that its owner was told of."""
    return out_of("award", owner, all_awarded)


# --- Agreement and payments -------------------------------------------------------------------------------------------


def plan(*amounts: str) -> Json:
    return {"tranches": [{"amount": taka(amount), "planned_on": today(7 * n)} for n, amount in enumerate(amounts)]}


def in_tranches(request: Json, *amounts: str) -> list[Json]:
    found: Json = the("fund_officer").post(f"{request_path(request)}/tranches", plan(*amounts))
    return list(found["items"])


def signature(owner: Person, request: Json) -> Json:
    return {"file_id": attach(owner, "funding_request", request)["id"]}


def signed(owner: Person, *amounts: str) -> tuple[Json, list[Json]]:
    """An agreement in force, and its tranches; two halves unless said otherwise."""
    request = award(owner)
    tranches = in_tranches(request, *(amounts or (HALF, HALF)))
    body = signature(owner, request)
    for who in (owner, the("fund_officer")):
        who.post(f"{request_path(request)}/agreement-signatures", body)
    return request, tranches


def tranche_path(tranche: Json) -> str:
    return f"/v1/tranches/{tranche['id']}"


def requested(owner: Person, tranche: Json) -> Json:
    return step(owner, tranche_path(tranche), action="request")


def approved(owner: Person, tranche: Json) -> Json:
    return step(the("fund_approver"), tranche_path(requested(owner, tranche)), action="approve")


def payment() -> Json:
    return {"payment_reference": f"BEFTN-{uuid.uuid4().hex[:8]}", "paid_on": today()}


def disbursed(owner: Person, tranche: Json) -> Json:
    return pay(the("finance_officer"), tranche_path(approved(owner, tranche)), "disbursement", payment())


def paid(owner: Person, *amounts: str) -> tuple[Json, Json]:
    """An agreement and its first tranche, paid."""
    request, tranches = signed(owner, *amounts)
    return request, disbursed(owner, tranches[0])


def active(owner: Person, *amounts: str) -> tuple[Json, Json]:
    """The same of a pilot that runs."""
    request, tranche = paid(owner, *amounts)
    people["officer"].post(f"/v1/pilots/{request['pilot_id']}/gate-decisions", {"gate": "execution", "outcome": "pass"})
    return request, tranche


# --- Reports ----------------------------------------------------------------------------------------------------------


def report_path(report: Json) -> str:
    return f"/v1/expenditure-reports/{report['id']}"


def lines(amount: Json, voucher: Json | None = None) -> Json:
    return {"lines": [{"head": "transport", "description": "Boats", "amount": amount, "spent_on": today(),
                       "voucher_number": "V-17", "voucher_id": voucher and voucher["id"]}]}


def report(owner: Person, tranche: Json) -> Json:
    """A draft that has its voucher: all of the tranche is spent."""
    begun: Json = owner.post(f"{tranche_path(tranche)}/expenditure-reports", lines(tranche["amount"]))
    voucher = attach(owner, "expenditure_report", begun)
    written: Json = owner.patch(report_path(begun), lines(tranche["amount"], voucher))
    return written


def handed_in_report(owner: Person, tranche: Json) -> Json:
    return step(owner, report_path(report(owner, tranche)), action="submit")


def checked_report(owner: Person, tranche: Json) -> Json:
    return step(the("fund_officer"), report_path(handed_in_report(owner, tranche)), action="check")


def acceptance(tranche: Json) -> Json:
    return {"action": "accept", "accepted_amount": tranche["amount"]}


def accounted_for(owner: Person) -> Json:
    """An agreement of which all is paid and all is accepted as spent."""
    request, tranche = active(owner, COST)
    the("finance_officer").post(f"{report_path(checked_report(owner, tranche))}/transitions", acceptance(tranche))
    return request


def closing(owner: Person) -> Json:
    return step(the("finance_officer"), request_path(accounted_for(owner)), action="start_closing")


# --- To look at -------------------------------------------------------------------------------------------------------


class Example:
    """An award with a report and all that led to it, for what only looks."""

    def __init__(self, owner: Person) -> None:
        self.request, self.tranche = paid(owner)
        self.report = handed_in_report(owner, self.tranche)
        self.pilot = {"id": self.request["pilot_id"]}


examples: dict[str, Example] = {}


def example(me: Person) -> Example:
    owner = owner_for(me)
    if owner.name not in examples:
        examples[owner.name] = Example(owner)
    return examples[owner.name]
