"""Who stands around the caller of a request, and the records that they bring to a state by the commands people give."""

from __future__ import annotations

import base64
import hashlib
import hmac
import random
import re
import struct
import threading
import time
import uuid
from collections.abc import Callable
from datetime import date, timedelta
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


newcomers: list[Person] = []


def lodger() -> Person:
    """A newcomer shared by what does not change how they log in."""
    if not newcomers:
        newcomers.append(newcomer())
    return newcomers[0]


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


accepted_pilots: list[Json] = []


def accepted() -> Json:
    """A pilot that everyone sees, for what does not change where it stands."""
    if not accepted_pilots:
        accepted_pilots.append(in_design(people["owner"]))
    return accepted_pilots[0]


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


def source(owner: Person, pilot: Json) -> Json:
    """Local money for the whole plan, declared."""
    declared: Json = owner.post(f"{path_of(pilot)}/funding-sources", {
        "kind": "office_budget", "provider": {"en": "Upazila council"}, "amount": taka("84000.00"),
        "document_id": attach(owner, "pilot", pilot)["id"],
    })
    return declared


def with_plan(owner: Person) -> Json:
    """In design, with a baseline and a plan: all that gate 1 asks for but the money."""
    pilot = in_design(owner)
    measured(owner, pilot, "baseline")
    step(owner, f"/v1/plans/{planned(owner, pilot)['id']}", action="submit")
    return pilot


def at_gate_one(owner: Person, with_problem: bool = True) -> Json:
    pilot = with_plan(owner)
    step(people["officer"], f"/v1/funding-sources/{source(owner, pilot)['id']}", action="confirm")
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
    # Administrators see those of all.
    held = [it for it in me.items("/v1/webhook-endpoints") if it["owner_id"] == me.id]
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
        letters = sorted(Path(STATE["letters"]).glob("[!.]*.eml"), key=lambda path: path.stat().st_mtime, reverse=True)
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


def attach(me: Person, kind: str, record: Json) -> Json:
    answer = me.session.post(
        f"{STATE['url']}/v1/attachments?parent_kind={kind}&parent_id={record['id']}",
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
