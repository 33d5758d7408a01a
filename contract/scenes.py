"""Records in the state that an operation works on, made by the commands that people would give.

Made-up requests never meet a pilot at its gate, a delivery to be sent again or a code out of a letter. A scene makes one,
as the caller and with colleagues, and points the request at it; nothing is taken back and no answer is hidden. A scene that
cannot be made is written into counts.json and stands in the summary.

Each scene returns the values of the path; what it knows of the body or the query it puts there. `me` is who calls.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from stage import (
    STATE, Json, Person, Unmade, accepted, at_gate_one, attach, delivery, draft, endpoint, expires_on, in_design,
    in_execution, lodger, measured, measurement_content, newcomer, one_time_code, open_stage, path_of, people, planned,
    random_, receiver, service_account, source, step, submitted, token_in_letter, upazilas, waived, waiver, with_second_factor,
    words,
)

__all__ = ["Unmade", "is_wanted", "open_stage", "people", "set_scene", "succeeded", "unmade"]

Scene = Callable[[Any, Person], Json]
SCENES: dict[str, tuple[Scene, tuple[str, ...]]] = {}
EVERY_ROLE = ("innovator", "programme_officer", "admin", "auditor", "mentor")


def scene(name: str, *roles: str) -> Callable[[Scene], Scene]:
    """A scene of an operation, for callers in these roles."""
    def register(function: Scene) -> Scene:
        SCENES[name] = (function, roles or EVERY_ROLE)
        return function
    return register


def as_person(case: Any, person: Person) -> None:
    """Sends the request as somebody else: what counts against its sender or ends sessions."""
    case.headers["Authorization"] = person.bearer()
    case.headers["X-Forwarded-For"] = person.address


def on(path: Json, **more: Any) -> Json:
    return {"pilot_id": path["id"], **more}


for operation in ("update_pilot", "delete_pilot", "add_pilot_member"):
    scene(operation, "innovator")(lambda case, me: on(draft(me)))
for operation in ("create_plan", "list_pilot_handovers", "get_pilot_actions"):
    scene(operation, "innovator")(lambda case, me: on(in_design(me)))
for operation in ("support_pilot", "add_pilot_comment", "list_pilot_comments", "list_supporters"):
    scene(operation)(lambda case, me: on(accepted()))
scene("update_final_report", "innovator")(lambda case, me: on(in_execution(me)))
for operation in ("update_plan", "delete_plan"):
    scene(operation, "innovator")(lambda case, me: {"plan_id": planned(me, in_design(me))["id"]})
for operation in ("update_measurement", "delete_measurement"):
    scene(operation, "innovator")(lambda case, me: {"measurement_id": measured(me, in_design(me), "baseline", "draft")["id"]})


@scene("create_measurement", "innovator")
def create_measurement(case: Any, me: Person) -> Json:
    case.body = measurement_content("baseline")
    return on(in_design(me))


@scene("offer_handover", "innovator")
def offer_handover(case: Any, me: Person) -> Json:
    case.body = {"user_id": people["deputy"].id, "previous_owner_stays": True, "reason": "I am transferred."}
    return on(draft(me))


@scene("transition_pilot", "innovator", "programme_officer")
def transition_pilot(case: Any, me: Person) -> Json:
    mine = "innovator" in me.name
    if mine:
        case.body = {"action": "submit"}
        return on(draft(me))
    case.body = {"action": "start_screening"}
    return on(submitted(people["owner"]))


@scene("transition_plan", "innovator", "programme_officer")
def transition_plan(case: Any, me: Person) -> Json:
    owner = me if "innovator" in me.name else people["owner"]
    plan = planned(owner, in_design(owner))
    case.body = {"action": "submit"}
    if owner is not me:
        step(owner, f"/v1/plans/{plan['id']}", action="submit")
        case.body = {"action": "approve"}
    return {"plan_id": plan["id"]}


@scene("transition_measurement", "innovator", "programme_officer")
def transition_measurement(case: Any, me: Person) -> Json:
    mine = "innovator" in me.name
    owner = me if mine else people["owner"]
    case.body = {"action": "submit"} if mine else {"action": "verify"}
    return {"measurement_id": measured(owner, in_design(owner), "baseline", "draft" if mine else "submitted")["id"]}


@scene("transition_milestone", "innovator")
def transition_milestone(case: Any, me: Person) -> Json:
    plan = me.items(f"{path_of(in_execution(me))}/plans")[0]
    case.body = {"action": "complete", "done_on": "2025-03-02", "evidence": "Attendance sheet."}
    return {"milestone_id": me.get(f"/v1/plans/{plan['id']}")["milestones"][0]["id"]}


@scene("create_gate_decision", "programme_officer")
def create_gate_decision(case: Any, me: Person) -> Json:
    all_met = random_.random() < 0.5
    case.body = {"gate": "execution", "outcome": "pass"} if all_met else waiver()
    return on(at_gate_one(people["owner"], all_met))


@scene("transition_gate_decision", "innovator", "programme_officer")
def transition_gate_decision(case: Any, me: Person) -> Json:
    if "innovator" in me.name:
        # Shown, and refused: it is for officers.
        case.body = {"action": "confirm"}
        return {"decision_id": waived(people["officer"], at_gate_one(me, False))["id"]}
    first = random_.choice([me, people["officer"]])
    case.body = {"action": "withdraw"} if first is me else {"action": "confirm"}
    return {"decision_id": waived(first, at_gate_one(people["owner"], False))["id"]}


@scene("get_gate_decision", "innovator")
def get_gate_decision(case: Any, me: Person) -> Json:
    return {"decision_id": waived(people["officer"], at_gate_one(me, False))["id"]}


@scene("transition_funding_source", "innovator", "programme_officer", "finance_officer")
def transition_funding_source(case: Any, me: Person) -> Json:
    mine = "innovator" in me.name
    owner = me if mine else people["owner"]
    case.body = {"action": "withdraw", "reason": "The council spent it."} if mine else {"action": "confirm"}
    return {"source_id": source(owner, in_design(owner))["id"]}


@scene("remove_pilot_member", "innovator")
def remove_pilot_member(case: Any, me: Person) -> Json:
    pilot = draft(me)
    me.post(f"{path_of(pilot)}/members", {"user_id": people["deputy"].id, "role": "member"})
    return on(pilot, user_id=people["deputy"].id)


@scene("withdraw_support")
def withdraw_support(case: Any, me: Person) -> Json:
    pilot = in_design(people["owner"])
    me.post(f"{path_of(pilot)}/supporters")
    return on(pilot, user_id=me.id)


@scene("transition_pilot_comment")
def transition_pilot_comment(case: Any, me: Person) -> Json:
    comment = me.post(f"{path_of(accepted())}/comments", {"text": {"en": words()}})
    case.body = {"action": "retract"}
    return {"comment_id": comment["id"]}


def alike(owner: Person) -> Json:
    """Two pilots that look alike, and what says so."""
    pilot = submitted(owner)
    twin = owner.post("/v1/pilots", {name: pilot[name] for name in ("title", "summary", "problem", "proposed_change", "citizen_group")}
                      | {"service_id": pilot["service_id"], "districts": ["BD-28"], "origin": "own_idea"})
    step(owner, path_of(twin), action="submit")
    return people["officer"].items(f"{path_of(twin)}/duplicates?status=open")[0]


@scene("get_duplicate", "innovator")
def get_duplicate(case: Any, me: Person) -> Json:
    return {"duplicate_id": alike(me)["id"]}


@scene("transition_duplicate", "innovator", "programme_officer")
def transition_duplicate(case: Any, me: Person) -> Json:
    mine = "innovator" in me.name
    case.body = {"action": "propose", "proposal": "dismiss", "reason": "Another service."} if mine else \
        {"action": "dismiss", "reason": "Another service."}
    return {"duplicate_id": alike(me if mine else people["owner"])["id"]}


@scene("transition_handover", "innovator")
def transition_handover(case: Any, me: Person) -> Json:
    offer = {"user_id": me.id, "previous_owner_stays": True, "reason": "I am transferred."}
    handover = people["owner"].post(f"{path_of(draft(people['owner']))}/handovers", offer)
    case.body = {"action": random_.choice(["accept", "decline"]), "reason": "So be it."}
    if case.body["action"] == "accept":
        case.body["reason"] = None
    return {"handover_id": handover["id"]}


@scene("add_attachment", "innovator")
def add_attachment(case: Any, me: Person) -> Json:
    case.query |= {"parent_kind": "pilot", "parent_id": draft(me)["id"]}
    return {}


@scene("list_attachments", "innovator")
def list_attachments(case: Any, me: Person) -> Json:
    pilot = draft(me)
    attach(me, "pilot", pilot)
    case.query |= {"parent_kind": "pilot", "parent_id": pilot["id"]}
    return {}


for operation in ("get_attachment", "download_attachment", "delete_attachment"):
    scene(operation, "innovator")(lambda case, me: {"attachment_id": attach(me, "pilot", draft(me))["id"]})


# Accounts


@scene("confirm_registration")
def confirm_registration(case: Any, me: Person) -> Json:
    email = f"{uuid.uuid4().hex}@contract.gov.bd"
    people["admin"].send("POST", "/v1/auth/registrations", {"email": email, "name": {"en": "New"}, "language": "en"}, {})
    case.body = {"token": token_in_letter(email), "password": f"{uuid.uuid4()} rivers"}
    return {}


@scene("confirm_password_reset")
def confirm_password_reset(case: Any, me: Person) -> Json:
    person = newcomer()
    person.send("POST", "/v1/auth/password-resets", {"email": person.email}, {})
    case.body = {"token": token_in_letter(person.email), "password": f"{uuid.uuid4()} rivers"}
    return {}


@scene("begin_second_factor")
def begin_second_factor(case: Any, me: Person) -> Json:
    person = newcomer()
    as_person(case, person)
    case.body = {"password": person.password}
    return {}


@scene("confirm_second_factor")
def confirm_second_factor(case: Any, me: Person) -> Json:
    person = newcomer()
    begun = person.post("/v1/me/second-factor", {"password": person.password})
    as_person(case, person)
    case.body = {"code": one_time_code(begun["secret"])}
    return {}


def prove_second_factor(case: Any, me: Person) -> Json:
    person = newcomer()
    codes = with_second_factor(person)
    as_person(case, person)
    case.body = {"password": person.password, "code": codes[0]}
    return {}


for operation in ("disable_second_factor", "regenerate_recovery_codes"):
    scene(operation)(prove_second_factor)


@scene("create_api_key")
def create_api_key(case: Any, me: Person) -> Json:
    person = lodger()
    account = service_account(person)
    as_person(case, person)
    case.body = {"password": person.password, "expires_on": expires_on()}
    return {"service_account_id": account["id"]}


@scene("revoke_api_key")
def revoke_api_key(case: Any, me: Person) -> Json:
    person = lodger()
    account = service_account(person)
    key = person.post(f"/v1/service-accounts/{account['id']}/keys", {"password": person.password, "expires_on": expires_on()})
    as_person(case, person)
    return {"service_account_id": account["id"], "api_key_id": key["id"]}


@scene("update_service_account")
def update_service_account(case: Any, me: Person) -> Json:
    return {"service_account_id": service_account(me)["id"]}


@scene("create_user", "admin")
def create_user(case: Any, me: Person) -> Json:
    case.body = {
        "email": f"{uuid.uuid4().hex}@contract.example.gov.bd", "name": {"en": "New"}, "language": "en", "roles": ["mentor"]}
    return {}


@scene("revoke_role", "admin")
def revoke_role(case: Any, me: Person) -> Json:
    person = newcomer()
    me.post(f"/v1/users/{person.id}/roles", {"role": "mentor"})
    return {"user_id": person.id, "role": "mentor"}


for operation in ("update_user", "transition_user"):
    scene(operation, "admin")(lambda case, me: {"user_id": newcomer().id})


# Reference data and figures


@scene("get_upazila")
def get_upazila(case: Any, me: Person) -> Json:
    return {"upazila_code": random_.choice(upazilas())["code"]}


scene("update_upazila", "admin")(get_upazila)
scene("get_audit_entry", "auditor")(lambda case, me: {"entry_id": random_.choice(me.items("/v1/audit-entries"))["id"]})
scene("get_outbox_message", "admin", "auditor")(
    lambda case, me: {"message_id": random_.choice(me.items("/v1/outbox-messages"))["id"]})


@scene("get_service_volume")
def get_service_volume(case: Any, me: Person) -> Json:
    officer = people["officer"]
    service = random_.choice(officer.items("/v1/services?limit=50"))
    volume = officer.post(f"/v1/services/{service['id']}/volumes", {
        "fiscal_year": "2025-26", "volume": 42000, "source": "Annual report", "note": "All upazilas."})
    return {"volume_id": volume["id"]}


def attribution_content() -> tuple[str, Json]:
    """A service, and how much of what became better there is the work of a pilot."""
    pilot = accepted()
    return pilot["service_id"], {"reason": "By upazilas.", "shares": [{"pilot_id": pilot["id"], "basis_points": 6000}]}


@scene("create_attribution", "programme_officer")
def create_attribution(case: Any, me: Person) -> Json:
    service, case.body = attribution_content()
    return {"service_id": service}


@scene("get_attribution")
def get_attribution(case: Any, me: Person) -> Json:
    service, body = attribution_content()
    return {"attribution_id": people["officer"].post(f"/v1/services/{service}/attributions", body)["id"]}


# Webhooks


@scene("create_webhook_endpoint")
def create_webhook_endpoint(case: Any, me: Person) -> Json:
    case.body = {**(case.body if isinstance(case.body, dict) else {}), "url": receiver()}
    return {}


for operation in ("get_webhook_endpoint", "get_webhook_endpoint_actions", "update_webhook_endpoint", "rotate_webhook_secret", "test_webhook_endpoint",
                  "list_webhook_deliveries", "delete_webhook_endpoint"):
    scene(operation)(lambda case, me: {"endpoint_id": endpoint(me)["id"]})


@scene("transition_webhook_endpoint")
def transition_webhook_endpoint(case: Any, me: Person) -> Json:
    held = endpoint(me)
    case.body = {"action": random_.choice(held["allowed_actions"])}
    return {"endpoint_id": held["id"]}


@scene("replay_webhook_deliveries")
def replay_webhook_deliveries(case: Any, me: Person) -> Json:
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    case.body = {"since": an_hour_ago.strftime("%Y-%m-%dT%H:%M:%S.000Z")}
    return {"endpoint_id": endpoint(me)["id"]}


for operation in ("get_webhook_delivery", "replay_webhook_delivery"):
    scene(operation)(lambda case, me: {"delivery_id": delivery(me)["id"]})


# --- How often --------------------------------------------------------------------------------------------------------

# A scene costs up to thirty requests. So few are made in a run of each operation, and no more once one went well.
MOST_TRIES = 3
tries: dict[tuple[str, str], int] = {}
succeeded: set[str] = set()
unmade: dict[str, list[str]] = {}
seconds = 0.0


def first_callers() -> dict[str, str]:
    """By operation, who of everyone calls it: the first that its scene is for."""
    return {name: f"{roles[0]}-a" for name, (_, roles) in SCENES.items()}


def is_wanted(name: str, caller: str) -> bool:
    """Whether there is a scene of the operation for this caller, and it did not go well yet."""
    _, roles = SCENES.get(name, (None, ()))
    suits = caller in people and caller.rsplit("-", 1)[0] in roles
    return suits and name not in succeeded and tries.get((name, caller), 0) < MOST_TRIES


def set_scene(case: Any, name: str, caller: str) -> bool:
    """Points the case at a record in the right state; says whether it did."""
    global seconds
    if not is_wanted(name, caller):
        return False
    tries[name, caller] = tries.get((name, caller), 0) + 1
    begin = time.monotonic()
    try:
        case.path_parameters |= SCENES[name][0](case, people[caller])
        if takes_version(case):
            case.headers["If-Match"] = version(case)
    except (Unmade, LookupError, requests.RequestException) as error:
        unmade.setdefault(name, []).append(f"{type(error).__name__}: {error}"[:400])
        return False
    finally:
        seconds += time.monotonic() - begin
    # The values are ours now: they do not say whose record it is.
    case.meta.pool_draws = tuple(draw for draw in case.meta.pool_draws if draw.location not in ("path", "query"))
    return True


def takes_version(case: Any) -> bool:
    """Whether the operation takes `If-Match`, by either of the parameters that the document shares."""
    return any(one.get("$ref", "").endswith("IfMatch") for one in case.operation.definition.raw.get("parameters", []))


def version(case: Any) -> str:
    """The `ETag` of the record as it is now, as the sender of the case reads it; `*` where nothing can be read."""
    path = case.operation.path
    if case.method.upper() == "POST":
        # A step on the record that stands before it.
        path = path[:path.rindex("}") + 1]
    if "get" not in case.operation.schema.raw_schema["paths"].get(path, {}):
        return "*"
    url = STATE["url"] + path.format(**case.path_parameters)
    answer = requests.get(url, headers={"Authorization": case.headers.get("Authorization", "")}, timeout=60)
    return answer.headers.get("ETag", "*")
