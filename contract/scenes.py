"""Records in the state that an operation works on, made by the commands that people would give.

Made-up requests never meet a pilot at its gate, a delivery to be sent again or a code out of a letter. A scene makes one,
as the caller and with a cast of colleagues, and points the request at it; nothing is taken back and no answer is hidden.
A scene that cannot be made is written into counts.json and stands in the summary.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
import re
import struct
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests

STATE: dict[str, Any] = {}
random_ = random.Random()
Json = dict[str, Any]


class Unmade(Exception):
    """A step of a scene was refused."""


# --- People -------------------------------------------------------------------------------------------------------


class Person:
    """Somebody who can log in; logs in again when the token grows old."""

    def __init__(self, name: str, email: str, password: str, id: str = "") -> None:
        self.name, self.email, self.password, self.id = name, email, password, id
        self.address = f"10.9.{random_.randrange(256)}.{random_.randrange(1, 255)}"
        self.token, self.until = "", 0.0
        self.session = requests.Session()
        self.session.trust_env = False

    def bearer(self) -> str:
        if time.monotonic() > self.until:
            body = {"email": self.email, "password": self.password}
            self.token = self.send("POST", "/v1/auth/login", body, {})["access_token"]
            self.until = time.monotonic() + 300
        return f"Bearer {self.token}"

    def send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        headers = {"X-Forwarded-For": self.address, "If-Match": "*", **headers}
        answer = self.session.request(method, STATE["url"] + path, json=body, headers=headers, timeout=60)
        if not answer.ok:
            raise Unmade(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
        return answer.json() if answer.content else {}

    def get(self, path: str) -> Any:
        return self.send("GET", path, None, {"Authorization": self.bearer()})

    def post(self, path: str, body: Any = None) -> Any:
        return self.send("POST", path, body, {"Authorization": self.bearer()})

    def patch(self, path: str, body: Any) -> Any:
        return self.send("PATCH", path, body, {"Authorization": self.bearer()})

    def items(self, path: str) -> list[Json]:
        return list(self.get(path)["items"])


people: dict[str, Person] = {}


def open_stage(state: Json) -> None:
    STATE.update(state)
    random_.seed(state["seed"])
    for one in state["cast"]:
        people[one["name"]] = Person(one["name"], one["email"], one["password"], one["id"])


def newcomer() -> Person:
    """An account that nobody else uses, for what may go wrong only so often: passwords, codes, letters."""
    address = f"{uuid.uuid4().hex}@contract.example.gov.bd"
    first, lasting = f"{uuid.uuid4()} ferries", f"{uuid.uuid4()} boats"
    user = people["admin"].post("/v1/users", {
        "email": address, "name": {"en": "Newcomer"}, "language": "en", "roles": ["innovator"], "password": first,
    })
    person = Person("newcomer", address, first, user["id"])
    person.post("/v1/me/password", {"current_password": first, "new_password": lasting})
    person.password, person.until = lasting, 0.0
    return person


# --- Pilots -------------------------------------------------------------------------------------------------------


def taka(amount: str) -> Json:
    return {"amount": amount, "currency": "BDT"}


def words() -> str:
    """Words of no other pilot, so that none looks like another one by accident."""
    return " ".join("".join(random_.choices("abcdefghijklmnopqrstuvwxyz", k=9)) for _ in range(4))


def content() -> Json:
    service = random_.choice(people["owner"].items("/v1/services?limit=50"))
    return {name: {"en": words().capitalize(), "bn": f"সেবা {words()}"} for name in
            ("title", "summary", "problem", "proposed_change", "citizen_group")} | {
        "service_id": service["id"], "districts": ["BD-28"], "sdg_targets": ["2.3"], "origin": "own_idea"}


def draft(owner: Person) -> Json:
    pilot: Json = owner.post("/v1/pilots", content())
    return pilot


def step(who: Person, path: str, **command: Any) -> Json:
    record: Json = who.post(f"{path}/transitions", command)
    return record


def path_of(pilot: Json) -> str:
    return f"/v1/pilots/{pilot['id']}"


def submitted(owner: Person) -> Json:
    pilot = draft(owner)
    owner.post(f"{path_of(pilot)}/members", {"user_id": people["deputy"].id, "role": "deputy"})
    return step(owner, path_of(pilot), action="submit")


def in_design(owner: Person) -> Json:
    pilot, officer = submitted(owner), people["officer"]
    step(officer, path_of(pilot), action="start_screening")
    for alike in officer.items(f"{path_of(pilot)}/duplicates?status=open"):
        step(officer, f"/v1/duplicates/{alike['id']}", action="dismiss", reason="Another place.")
    return step(officer, path_of(pilot), action="accept")


def measurement_content(kind: str) -> Json:
    first = kind == "baseline"
    return {
        "kind": kind, "sample_size": 40, "district_code": "BD-28",
        "period_start_on": "2025-01-05" if first else "2025-09-07", "period_end_on": "2025-01-23" if first else "2025-09-25",
        "time": {"travel": "60.00", "waiting": "30.00", "processing": "10.00"},
        "cost": {part: taka("50.00") for part in ("travel", "fees", "assistance", "communication", "other")},
        "visits": {"apply": "1.00", "follow_up": "1.50", "collect": "0.50"},
    }


def measured(owner: Person, pilot: Json, kind: str, until: str = "verified") -> Json:
    taken: Json = owner.post(f"{path_of(pilot)}/tcv-measurements", measurement_content(kind))
    path = f"/v1/tcv-measurements/{taken['id']}"
    if until != "draft":
        taken = step(owner, path, action="submit")
    return step(people["officer"], path, action="verify") if until == "verified" else taken


def plan_content(owner: Person) -> Json:
    return {
        "solution_design": {"en": "A monthly camp."}, "implementation_plan": {"en": "Union by union."},
        "budget_lines": [{"head": "transport", "description": "Boats", "amount": taka("84000.00")}],
        "risks": [{"description": "Floods", "likelihood": "medium", "impact": "high", "mitigation": "Move it."}],
        "tcv_targets": {"time_minutes": "30.00", "cost": taka("100.00"), "visits": "1.00"},
        "milestones": [{"title": {"en": "First camp"}, "due_on": "2030-01-31", "responsible_id": owner.id, "is_mandatory": True}],
    }


def planned(owner: Person, pilot: Json) -> Json:
    plan: Json = owner.post(f"{path_of(pilot)}/plans", plan_content(owner))
    return plan


def at_gate_one(owner: Person, with_problem: bool = True) -> Json:
    pilot = in_design(owner)
    measured(owner, pilot, "baseline")
    step(owner, f"/v1/plans/{planned(owner, pilot)['id']}", action="submit")
    if not with_problem:
        owner.session.delete(
            f"{STATE['url']}{path_of(pilot)}/members/{people['deputy'].id}",
            headers={"Authorization": owner.bearer(), "If-Match": "*"}, timeout=60,
        )
    return pilot


def in_execution(owner: Person) -> Json:
    pilot = at_gate_one(owner)
    people["officer"].post(f"{path_of(pilot)}/gate-decisions", {"gate": "execution", "outcome": "pass"})
    running: Json = owner.get(path_of(pilot))
    return running


def waived(officer: Person, pilot: Json) -> Json:
    """A decision that a second officer has to confirm."""
    decision: Json = officer.post(f"{path_of(pilot)}/gate-decisions", waiver())
    return decision


def waiver() -> Json:
    return {"gate": "execution", "outcome": "pass", "waivers": [{"code": "G1.TEAM", "reason": "The deputy comes in May."}]}


# --- Around them ----------------------------------------------------------------------------------------------------


class Receiver(BaseHTTPRequestHandler):
    """Takes whatever a webhook brings."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


receivers: list[str] = []


def receiver() -> str:
    """The URL of our own receiver, in the one network that server.toml opens to webhooks."""
    if not receivers:
        server = ThreadingHTTPServer(("127.77.0.1", 0), Receiver)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        receivers.append(f"http://127.77.0.1:{server.server_address[1]}/pilots")
    return receivers[0]


def endpoint(me: Person) -> Json:
    held = me.items("/v1/webhook-endpoints")
    # A person has ten at most.
    made: Json = held[0] if len(held) > 6 else me.post("/v1/webhook-endpoints", {"url": receiver()})
    return made


def delivery(me: Person) -> Json:
    at = f"/v1/webhook-endpoints/{endpoint(me)['id']}"
    me.post(f"{at}/tests")
    return until(lambda: next((one for one in me.items(f"{at}/deliveries") if one["status"] != "pending"), None), "a delivery")


def until(find: Callable[[], Any], what: str, seconds: float = 15) -> Any:
    """What is done in the background, once it is there."""
    deadline = time.monotonic() + seconds
    while (found := find()) is None:
        if time.monotonic() > deadline:
            raise Unmade(f"{what} did not come")
        time.sleep(0.05)
    return found


def token_in_letter(email: str) -> str:
    """The code in the latest letter to somebody."""
    def find() -> str | None:
        letters = sorted(Path(STATE["letters"]).glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in letters[:20]:
            letter = message_from_bytes(path.read_bytes(), policy=policy.default)
            if email in str(letter["To"]):
                part = letter.get_body(("plain",))
                found = re.search(r"token=([A-Za-z0-9_-]{20,})", part.get_content() if part else "")
                if found:
                    return found.group(1)
        return None
    return str(until(find, f"the letter to {email}"))


def one_time_code(secret: str) -> str:
    """RFC 6238."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place:place + 4])[0] & 0x7FFFFFFF) % 1000000:06d}"


def with_second_factor(person: Person) -> list[str]:
    """Turns it on, and gives the recovery codes."""
    begun = person.post("/v1/me/second-factor", {"password": person.password})
    confirmed = person.post("/v1/me/second-factor/confirm", {"code": one_time_code(begun["secret"])})
    return list(confirmed["recovery_codes"])


def service_account(me: Person) -> Json:
    ends_on = (date.today() + timedelta(days=90)).isoformat()
    made: Json = me.post("/v1/service-accounts", {"name": "Dashboard", "scopes": ["pilots:read"], "ends_on": ends_on})
    return made


def expires_on() -> str:
    return (date.today() + timedelta(days=30)).isoformat()


# A file that is what its ending says.
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def attach(me: Person, pilot: Json) -> Json:
    answer = me.session.post(
        f"{STATE['url']}/v1/attachments?parent_kind=pilot&parent_id={pilot['id']}",
        files={"file": ("sheet.pdf", PDF, "application/pdf")}, headers={"Authorization": me.bearer()}, timeout=60,
    )
    if answer.status_code != 201:
        raise Unmade(f"POST /v1/attachments: {answer.status_code} {answer.text[:300]}")
    return dict(answer.json())


def upazilas() -> list[Json]:
    admin = people["admin"]
    held = admin.items("/v1/upazilas")
    if not held:
        answer = admin.session.post(
            f"{STATE['url']}/v1/imports?list=upazilas", data="code,name_bn,name_en,district_code,is_active\n"
            "302672,সাভার,Savar,BD-13,true\n302614,ধামরাই,Dhamrai,BD-13,true\n".encode(),
            headers={"Authorization": admin.bearer(), "Content-Type": "text/csv"}, timeout=60,
        )
        if not answer.ok:
            raise Unmade(f"POST /v1/imports: {answer.status_code} {answer.text[:300]}")
        held = admin.items("/v1/upazilas")
    return held


# --- The scenes -------------------------------------------------------------------------------------------------------
#
# Each returns the values of the path; what it knows of the body or the query it puts there. `me` is who calls.

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


for operation in ("update_pilot", "delete_pilot", "add_pilot_member", "offer_handover"):
    scene(operation, "innovator")(lambda case, me: on(draft(me)))
for operation in ("create_plan", "create_measurement", "list_pilot_handovers", "get_pilot_actions"):
    scene(operation, "innovator")(lambda case, me: on(in_design(me)))
for operation in ("support_pilot", "add_pilot_comment", "list_pilot_comments", "list_supporters"):
    scene(operation)(lambda case, me: on(in_design(people["owner"])))
scene("update_final_report", "innovator")(lambda case, me: on(in_execution(me)))
for operation in ("update_plan", "delete_plan"):
    scene(operation, "innovator")(lambda case, me: {"plan_id": planned(me, in_design(me))["id"]})
for operation in ("update_measurement", "delete_measurement"):
    scene(operation, "innovator")(lambda case, me: {"measurement_id": measured(me, in_design(me), "baseline", "draft")["id"]})


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


@scene("transition_gate_decision", "programme_officer")
def transition_gate_decision(case: Any, me: Person) -> Json:
    first = random_.choice([me, people["officer"]])
    case.body = {"action": "withdraw"} if first is me else {"action": "confirm"}
    return {"decision_id": waived(first, at_gate_one(people["owner"], False))["id"]}


@scene("get_gate_decision", "innovator")
def get_gate_decision(case: Any, me: Person) -> Json:
    return {"decision_id": waived(people["officer"], at_gate_one(me, False))["id"]}


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
    comment = me.post(f"{path_of(in_design(people['owner']))}/comments", {"text": {"en": words()}})
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
    case.body = {"action": "propose", "proposal": "different", "reason": "Another service."} if mine else \
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
    attach(me, pilot)
    case.query |= {"parent_kind": "pilot", "parent_id": pilot["id"]}
    return {}


for operation in ("get_attachment", "download_attachment", "delete_attachment"):
    scene(operation, "innovator")(lambda case, me: {"attachment_id": attach(me, draft(me))["id"]})


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
    person = newcomer()
    account = service_account(person)
    as_person(case, person)
    case.body = {"password": person.password, "expires_on": expires_on()}
    return {"service_account_id": account["id"]}


@scene("revoke_api_key")
def revoke_api_key(case: Any, me: Person) -> Json:
    person = newcomer()
    account = service_account(person)
    key = person.post(f"/v1/service-accounts/{account['id']}/keys", {"password": person.password, "expires_on": expires_on()})
    as_person(case, person)
    return {"service_account_id": account["id"], "api_key_id": key["id"]}


@scene("update_service_account")
def update_service_account(case: Any, me: Person) -> Json:
    return {"service_account_id": service_account(me)["id"]}


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


@scene("get_attribution")
def get_attribution(case: Any, me: Person) -> Json:
    pilot = in_design(people["owner"])
    measured(people["owner"], pilot, "baseline")
    attribution = people["officer"].post(f"/v1/services/{pilot['service']['id']}/attributions", {
        "reason": "By upazilas.", "shares": [{"pilot_id": pilot["id"], "basis_points": 6000}]})
    return {"attribution_id": attribution["id"]}


# Webhooks


@scene("create_webhook_endpoint")
def create_webhook_endpoint(case: Any, me: Person) -> Json:
    case.body = {**(case.body if isinstance(case.body, dict) else {}), "url": receiver()}
    return {}


for operation in ("get_webhook_endpoint", "update_webhook_endpoint", "rotate_webhook_secret", "test_webhook_endpoint",
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

# A scene costs up to thirty requests. So many are made in a run of each operation, and no more once it went well twice.
MOST_TRIES, ENOUGH = 6, 2
tries: dict[str, int] = {}
successes: dict[str, int] = {}
unmade: dict[str, list[str]] = {}


def set_scene(case: Any, name: str, caller: str) -> bool:
    """Points the case at a record in the right state; says whether it did."""
    function, roles = SCENES.get(name, (None, ()))
    me = people.get(caller)
    role = caller.rsplit("-", 1)[0]
    if function is None or me is None or role not in roles:
        return False
    if tries.get(name, 0) >= MOST_TRIES or successes.get(name, 0) >= ENOUGH:
        return False
    tries[name] = tries.get(name, 0) + 1
    try:
        path = function(case, me)
    except (Unmade, LookupError, requests.RequestException) as error:
        unmade.setdefault(name, []).append(f"{type(error).__name__}: {error}"[:400])
        return False
    case.path_parameters |= path
    # The values are ours now: they do not say whose record it is.
    case.meta.pool_draws = tuple(draw for draw in case.meta.pool_draws if draw.location not in ("path", "query"))
    return True
