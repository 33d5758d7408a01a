"""Scenes of the Service Innovation Fund: what each of its operations is pointed at, by who it is for.

The first role that a scene names is who the run as everyone takes for it from the start (`hooks.py`). A body is left as
Schemathesis made it where any valid one will do; where amounts and files have to fit, the scene knows them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import money_stage as m
from scenes import scene
from stage import Json, Person, accepted, attach, people, random_, source, step, taka, with_plan

# Who reads the books of the fund, and who sees a request and its payments besides its team.
BOOKS = ("fund_officer", "fund_approver", "finance_officer", "auditor")
STAFF = ("fund_officer", "innovator", "programme_officer", "fund_approver", "finance_officer", "admin", "auditor")
ANYONE = ("innovator", *(role for role in STAFF if role != "innovator"), "reviewer", "mentor")


def is_in(me: Person, *roles: str) -> bool:
    return me.name.rsplit("-", 1)[0] in roles


# --- Funds and their books --------------------------------------------------------------------------------------------


scene("get_fund", *ANYONE)(lambda case, me: {"fund_id": m.fund()["id"]})
scene("update_fund", "fund_officer")(lambda case, me: {"fund_id": m.empty_fund()["id"]})
for operation in ("get_fund_position", "get_reconciliation", "list_ledger_entries"):
    scene(operation, *BOOKS)(lambda case, me: {"fund_id": m.fund()["id"]})
scene("list_funding_requests", *BOOKS)(lambda case, me: {})
scene("create_fund", "fund_officer")(lambda case, me: {})


@scene("add_fund_capital", "finance_officer")
def add_fund_capital(case: Any, me: Person) -> Json:
    case.body = m.capital()
    return {"fund_id": m.fund()["id"]}


@scene("transition_fund", "fund_approver")
def transition_fund(case: Any, me: Person) -> Json:
    fund = m.empty_fund()
    case.body = {"action": random_.choice(["close", "reopen"]), "reason": "The fiscal year ends."}
    if case.body["action"] == "reopen":
        step(me, m.fund_path(fund), action="close", reason="The fiscal year ends.")
    return {"fund_id": fund["id"]}


@scene("get_ledger_entry", *BOOKS)
def get_ledger_entry(case: Any, me: Person) -> Json:
    return {"entry_id": random_.choice(me.items(f"{m.fund_path(m.fund())}/ledger"))["id"]}


@scene("export_funding_list", *BOOKS)
def export_funding_list(case: Any, me: Person) -> Json:
    return {"list": random_.choice(["rounds", "requests", "tranches", "expenditure_reports", "ledger"])}


# --- Rounds -----------------------------------------------------------------------------------------------------------


for operation in ("get_funding_round", "list_round_extensions"):
    scene(operation, *ANYONE)(lambda case, me: {"round_id": m.call()["id"]})
for operation in ("get_round_position", "list_panel_meetings"):
    scene(operation, *BOOKS)(lambda case, me: {"round_id": m.call()["id"]})


@scene("create_funding_round", "fund_officer")
def create_funding_round(case: Any, me: Person) -> Json:
    case.body = m.round_content(m.MONTH)
    return {"fund_id": m.fund()["id"]}


@scene("update_funding_round", "fund_officer")
def update_funding_round(case: Any, me: Person) -> Json:
    case.body = {"minimum_reviewers": 3, "description": None, "largest_award": taka("600000.00")}
    return {"round_id": m.announced()["id"]}


@scene("transition_funding_round", "fund_officer")
def transition_funding_round(case: Any, me: Person) -> Json:
    case.body = {"action": random_.choice(["open", "close", "start_deciding", "finish_deciding", "archive"])}
    return {"round_id": m.round_before(case.body["action"])["id"]}


@scene("release_round_results", "fund_officer")
def release_round_results(case: Any, me: Person) -> Json:
    return {"round_id": m.round_before("release")["id"]}


@scene("allocate_to_round", "fund_approver")
def allocate_to_round(case: Any, me: Person) -> Json:
    case.body = m.allocation("1000.00") | {"direction": random_.choice(["allocate", "deallocate"])}
    return {"round_id": m.announced()["id"]}


@scene("extend_funding_round", "fund_officer")
def extend_funding_round(case: Any, me: Person) -> Json:
    later = m.moment(m.MONTH) + timedelta(days=15)
    case.body = {"closes_at": later.isoformat(), "reason": "Floods in the north."}
    return {"round_id": m.opened()["id"]}


@scene("create_panel_meeting", "fund_officer")
def create_panel_meeting(case: Any, me: Person) -> Json:
    case.body = m.minutes()
    return {"round_id": m.round_before("finish_deciding")["id"]}


@scene("get_panel_meeting", *BOOKS)
def get_panel_meeting(case: Any, me: Person) -> Json:
    return {"meeting_id": m.meeting(m.round_before("finish_deciding")["id"])["id"]}


# --- Requests ---------------------------------------------------------------------------------------------------------


for operation in ("get_funding_request", "get_funding_request_actions", "list_funding_request_transitions"):
    scene(operation, *STAFF, "reviewer")(lambda case, me: {"request_id": m.example(me).request["id"]})
for operation in ("list_tranches", "list_expenditure_reports", "list_eligibility_results"):
    scene(operation, *STAFF)(lambda case, me: {"request_id": m.example(me).request["id"]})
scene("get_funding_request_position", *BOOKS, "innovator")(lambda case, me: {"request_id": m.example(me).request["id"]})
scene("list_pilot_funding_requests", *STAFF)(lambda case, me: {"pilot_id": m.example(me).pilot["id"]})
for operation in ("update_funding_request", "delete_funding_request"):
    scene(operation, "innovator")(lambda case, me: {"request_id": m.asked(me, m.call())["id"]})


@scene("create_funding_request", "innovator")
def create_funding_request(case: Any, me: Person) -> Json:
    case.body = m.request_content(m.call())
    return {"pilot_id": with_plan(me)["id"]}


@scene("check_eligibility", "fund_officer")
def check_eligibility(case: Any, me: Person) -> Json:
    case.body = m.results(random_.random() < 0.5)
    return {"request_id": m.taken_up(m.handed_in(people["owner"], m.call()))["id"]}


@scene("transition_funding_request", "fund_officer", "innovator", "fund_approver", "finance_officer")
def transition_funding_request(case: Any, me: Person) -> Json:
    owner = m.owner_for(me)
    reason = "The office is being moved."
    if is_in(me, "finance_officer"):
        case.body, request = {"action": "start_closing"}, m.accounted_for(owner)
    elif is_in(me, "fund_approver"):
        request, _ = m.active(owner)
        case.body = {"action": random_.choice(["suspend", "resume"]), "reason": reason}
        if case.body["action"] == "resume":
            step(me, m.request_path(request), action="suspend", reason=reason)
    elif is_in(me, "innovator"):
        case.body, request = random_.choice([
            lambda: ({"action": "submit"}, m.asked(owner, m.call())),
            lambda: ({"action": "withdraw", "reason": reason}, m.recommended(m.to_decide(owner))),
        ])()
    else:
        case.body, request = random_.choice([
            lambda: ({"action": "start_eligibility"}, m.handed_in(owner, m.call())),
            lambda: ({"action": "find_ineligible", "reason": reason}, m.checked(m.handed_in(owner, m.call()), False)),
            lambda: ({"action": "request_changes", "reason": reason, "parts": ["budget_lines"], "due_on": m.today(9)},
                     m.checked(m.handed_in(owner, m.call()))),
            lambda: ({"action": "start_review"}, reviewers_assigned(owner)),
            lambda: ({"action": "start_panel"}, m.reviewed(m.handed_in(owner, m.call()))),
        ])()
    return {"request_id": request["id"]}


def reviewers_assigned(owner: Person) -> Json:
    request = m.checked(m.handed_in(owner, m.call()))
    m.assigned(request)
    return request


# --- Reviews ----------------------------------------------------------------------------------------------------------


scene("list_my_funding_reviews", "reviewer")(lambda case, me: {})
scene("list_reviewers", "fund_officer")(lambda case, me: {})
scene("list_funding_reviews", "fund_officer", "fund_approver", "auditor", "reviewer")(
    lambda case, me: {"request_id": m.example(me).request["id"]})
scene("get_review_summary", *BOOKS, "innovator")(lambda case, me: {"request_id": m.example(me).request["id"]})


@scene("assign_reviewer", "fund_officer")
def assign_reviewer(case: Any, me: Person) -> Json:
    case.body = m.assignment(random_.choice(m.reviewers()))
    return {"request_id": m.checked(m.handed_in(people["owner"], m.call()))["id"]}


def a_review() -> Json:
    """The review of `reviewer-a`, who has not declared conflicts yet."""
    return m.in_review(m.handed_in(people["owner"], m.call()))[0]


scene("get_funding_review", "reviewer", "fund_officer", "fund_approver", "auditor")(
    lambda case, me: {"review_id": a_review()["id"]})


@scene("update_funding_review", "reviewer")
def update_funding_review(case: Any, me: Person) -> Json:
    review = a_review()
    step(me, m.review_path(review), action="declare")
    case.body = m.scores() | {"private_comment": "Between us."}
    return {"review_id": review["id"]}


@scene("transition_funding_review", "reviewer", "fund_officer")
def transition_funding_review(case: Any, me: Person) -> Json:
    review = a_review()
    conflict = "My brother works there."
    if is_in(me, "fund_officer"):
        # Both reviewers of the run have a place, so the demo's one takes this.
        taken = {reviewer.id for reviewer in m.reviewers()}
        known = [one["person"]["id"] for one in me.items("/v1/reviewers?limit=200")]
        free = next(person for person in known if person not in taken)
        case.body = {"action": "replace", "reason": conflict, "reviewer_id": free, "due_on": m.today(10)}
    else:
        case.body = random_.choice([{"action": "declare"}, {"action": "recuse", "reason": conflict}, {"action": "submit"}])
        if case.body["action"] == "submit":
            m.scored(me, review)
    return {"review_id": review["id"]}


# --- Decisions --------------------------------------------------------------------------------------------------------


scene("list_funding_decisions", *BOOKS)(lambda case, me: {"request_id": m.example(me).request["id"]})


@scene("recommend_funding_request", "fund_officer")
def recommend_funding_request(case: Any, me: Person) -> Json:
    request = m.before_panel(m.to_decide(people["owner"]))
    case.body = m.recommendation(request)
    return {"request_id": request["id"]}


@scene("decide_funding_request", "fund_approver")
def decide_funding_request(case: Any, me: Person) -> Json:
    owner, reason = people["owner"], "More is left when an award lapses."
    kind = random_.choice(["award", "first of two", "second of two", "decline", "waitlist"])
    if "two" in kind:
        request = m.recommended(m.large_to_decide(owner), "400000.00")
        case.body = {"decision": "award"}
        if kind == "second of two":
            m.pay(people["fund_approver-b"], m.request_path(request), "decisions", case.body)
    elif kind == "award":
        request, case.body = m.recommended(m.to_decide(owner)), {"decision": "award", "amount": taka("60000.00")}
    else:
        request, case.body = m.recommended(m.to_decide(owner)), {"decision": kind, "reason": reason}
    return {"request_id": request["id"]}


# --- Agreements and payments ------------------------------------------------------------------------------------------


for operation in ("get_tranche", "get_tranche_actions", "list_tranche_transitions"):
    scene(operation, *STAFF)(lambda case, me: {"tranche_id": m.example(me).tranche["id"]})


@scene("set_tranche_plan", "fund_officer")
def set_tranche_plan(case: Any, me: Person) -> Json:
    case.body = m.plan(m.HALF, m.HALF)
    return {"request_id": m.award(people["owner"])["id"]}


@scene("sign_agreement", "innovator", "fund_officer")
def sign_agreement(case: Any, me: Person) -> Json:
    owner = m.owner_for(me)
    request = m.award(owner)
    m.in_tranches(request, m.HALF, m.HALF)
    case.body = m.signature(owner, request)
    if owner is not me:
        owner.post(f"{m.request_path(request)}/agreement-signatures", case.body)
    return {"request_id": request["id"]}


@scene("transition_tranche", "innovator", "fund_approver")
def transition_tranche(case: Any, me: Person) -> Json:
    owner = m.owner_for(me)
    _, (first, _) = m.signed(owner)
    if owner is me:
        case.body = {"action": "request"}
    else:
        case.body = {"action": random_.choice(["approve", "withhold", "release", "cancel"])}
        if case.body["action"] == "approve":
            m.requested(owner, first)
        else:
            case.body["reason"] = "The site is flooded."
        if case.body["action"] == "release":
            step(me, m.tranche_path(first), action="withhold", reason="The site is flooded.")
    return {"tranche_id": first["id"]}


@scene("disburse_tranche", "finance_officer")
def disburse_tranche(case: Any, me: Person) -> Json:
    owner = people["owner"]
    case.body = m.payment()
    return {"tranche_id": m.approved(owner, m.signed(owner)[1][0])["id"]}


scene("record_payment_failure", "finance_officer")(lambda case, me: {"tranche_id": m.paid(people["owner"])[1]["id"]})


@scene("refund_tranche", "finance_officer")
def refund_tranche(case: Any, me: Person) -> Json:
    case.body = m.payment() | {"amount": taka("1200.00")}
    return {"tranche_id": m.paid(people["owner"])[1]["id"]}


scene("terminate_funding_request", "fund_approver")(lambda case, me: {"request_id": m.active(people["owner"])[0]["id"]})
scene("close_funding_request", "finance_officer")(lambda case, me: {"request_id": m.closing(people["owner"])["id"]})


# --- Reports ----------------------------------------------------------------------------------------------------------


scene("get_expenditure_report", *STAFF)(lambda case, me: {"report_id": m.example(me).report["id"]})
scene("delete_expenditure_report", "innovator")(lambda case, me: {"report_id": m.report(me, m.paid(me)[1])["id"]})


@scene("create_expenditure_report", "innovator")
def create_expenditure_report(case: Any, me: Person) -> Json:
    tranche = m.paid(me)[1]
    case.body = m.lines(tranche["amount"])
    return {"tranche_id": tranche["id"]}


@scene("update_expenditure_report", "innovator")
def update_expenditure_report(case: Any, me: Person) -> Json:
    tranche = m.paid(me)[1]
    report = m.report(me, tranche)
    case.body = m.lines(taka("1.00"), attach(me, "expenditure_report", report))
    return {"report_id": report["id"]}


@scene("transition_expenditure_report", "finance_officer", "fund_officer", "innovator")
def transition_expenditure_report(case: Any, me: Person) -> Json:
    owner = m.owner_for(me)
    tranche = m.paid(owner)[1]
    if owner is me:
        case.body, report = {"action": "submit"}, m.report(owner, tranche)
    elif is_in(me, "fund_officer"):
        action = random_.choice(["check", "return", "dispute"])
        case.body, report = {"action": action}, m.handed_in_report(owner, tranche)
        if action != "check":
            case.body["reason"] = "The second voucher cannot be read."
    else:
        case.body, report = m.acceptance(tranche), m.checked_report(owner, tranche)
    return {"report_id": report["id"]}


# --- Local money ------------------------------------------------------------------------------------------------------


scene("get_funding_source", *ANYONE)(lambda case, me: {"source_id": source(people["owner"], accepted())["id"]})


@scene("declare_funding_source", "innovator")
def declare_funding_source(case: Any, me: Person) -> Json:
    case.body = {"kind": "in_kind", "provider": {"bn": "উপজেলা পরিষদ"}, "amount": taka("12000.00")}
    return {"pilot_id": with_plan(me)["id"]}


@scene("update_funding_source", "innovator")
def update_funding_source(case: Any, me: Person) -> Json:
    case.body = {"amount": taka("85000.00"), "description": "As the letter says."}
    return {"source_id": source(me, with_plan(me))["id"]}
