"""What Schemathesis is told about this API while it runs. Generic over the document but for the operations named here.

State comes from CONTRACT_STATE, a JSON file that fuzz.py writes; counts go to CONTRACT_COUNTS.
"""

from __future__ import annotations

import atexit
import json
import os
import random
import sys
import threading
import uuid
from collections import Counter, defaultdict, deque
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import requests
import schemathesis
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi import converter
from schemathesis.wfc.escalation import restore_identity_assignments

# Schemathesis loads this file by its path alone.
sys.path.insert(0, str(Path(__file__).resolve().parent))
import money_scenes  # noqa: E402, F401
import scenes  # noqa: E402
from stage import PDF  # noqa: E402

STATE = json.loads(Path(os.environ["CONTRACT_STATE"]).read_text(encoding="utf-8"))
COUNTS = Path(os.environ["CONTRACT_COUNTS"])
random_ = random.Random(STATE["seed"])
lock = threading.RLock()
scenes.open_stage(STATE)
# By operation, kind of data, status, and the code of a refusal.
counts: Counter[tuple[str, str, int, str]] = Counter()
# Cursors that the server minted, by the list and the filters that they belong to.
cursors: dict[str, str] = {}


# --- Memory ---------------------------------------------------------------------------------------------------------
#
# Schemathesis writes `maxLength` into the pattern beside it. A class of characters 5,000 times over is an automaton of
# 50 MB, and each text of each body is compiled anew: three gigabytes a run, and a machine that swaps. Left apart, the two
# mean the same, so long texts stay as the document has them.

LONGEST_FOLDED = 300
fold_length = converter.update_quantifier


def fold_short_length(pattern: str, min_length: int | None, max_length: int | None) -> str:
    return pattern if (max_length or 0) > LONGEST_FOLDED else fold_length(pattern, min_length, max_length)


converter.update_quantifier = fold_short_length


# --- The spare account: what ends sessions or changes passwords is done to it, not to those who run the test --------


class Spare:
    """An account that nothing else depends on. It logs in anew whenever it is needed."""

    def __init__(self) -> None:
        self.email: str = STATE["spare"]["email"]
        self.password: str = STATE["spare"]["password"]
        # Asked for, and perhaps set: an answer that never came says neither.
        self.next_password = ""
        self.refresh_token = ""

    def login(self) -> str:
        answer = self.try_login()
        if answer.status_code == 401 and self.next_password:
            self.password = self.next_password
            answer = self.try_login()
        answer.raise_for_status()
        self.refresh_token = answer.json()["refresh_token"]
        return f"Bearer {answer.json()['access_token']}"

    def try_login(self) -> requests.Response:
        return requests.post(
            f"{STATE['url']}/v1/auth/login",
            json={"email": self.email, "password": self.password},
            headers={"X-Forwarded-For": address()},
            timeout=60,
        )


def address() -> str:
    """An address nobody failed to log in from yet: each is held back on its own."""
    return f"10.{random_.randrange(200, 250)}.{random_.randrange(256)}.{random_.randrange(1, 255)}"


spare = Spare()


def fill_login(case: Any) -> None:
    case.body = {"email": spare.email, "password": spare.password}
    case.headers["X-Forwarded-For"] = address()


def fill_refresh(case: Any) -> None:
    spare.login()
    case.body = {"refresh_token": spare.refresh_token}


def fill_password(case: Any) -> None:
    spare.next_password = f"{uuid.uuid4()} rivers"
    case.body = {"current_password": spare.password, "new_password": spare.next_password}
    case.headers["X-Forwarded-For"] = address()


def fill_import(case: Any) -> None:
    if case.query.get("list") == "sectors":
        case.body = f"code,name_bn,name_en\nsector_{random_.randrange(1000)},খাত,Sector\n".encode()


def fill_attachment(case: Any) -> None:
    case.body = {**(case.body if isinstance(case.body, dict) else {}), "file": PDF}


# Half of the valid requests get a body that no generator could guess.
FILLED = {
    "login": fill_login, "refresh": fill_refresh, "change_password": fill_password, "create_import": fill_import,
    "add_attachment": fill_attachment,
}
WITH_BYTES = {"create_import", "add_attachment"}
# Sent as the spare account, because they end the caller's sessions or are counted against the caller.
AS_SPARE = {"logout", "logout_everywhere", "change_password"}


# --- What the caller was shown, and may do -------------------------------------------------------------------------
#
# Made-up identifiers, codes and commands never get past 404 and 422. So half of the valid requests are made sensible, as
# a client would: a record that this caller was shown, a command out of its allowed_actions, references that exist.
# It rests on the API's conventions alone: collection names, `id` or `code`, `allowed_actions`, names of references.

SENSIBLE = 0.6
# References whose name is not that of their collection.
COLLECTION_OF = {
    "parent_id": "organisations", "merged_into_id": "pilots", "responsible_id": "people", "user_id": "people",
    "actor_id": "people", "owner_id": "people", "member_id": "people", "organisation": "organisations",
    "sector": "sectors", "district": "districts", "division": "divisions", "goal": "sdg-goals", "sdg_goal": "sdg-goals",
    "districts": "districts", "sdg_targets": "sdg-targets", "sdg_target": "sdg-targets",
    "decision_id": "gate-decisions", "entry_id": "audit-entries", "measurement_id": "tcv-measurements",
    "source_id": "funding-sources", "request_id": "funding-requests", "round_id": "funding-rounds", "fund_id": "funds",
    "reviewer_id": "people", "review_id": "funding-reviews", "report_id": "expenditure-reports", "file_id": "attachments",
    "voucher_id": "attachments", "document_id": "attachments", "attendees": "people",
}
# Commands say in prose what else they need; a client that reads it fills these in.
NEEDED = {
    "reason": "The review of the first month asks for it.", "lessons": "What was learned is written down.",
    "evidence": "Attendance sheet.", "reason_code": "not_feasible",
}


class Record:
    def __init__(self, path: dict[str, Any], item: dict[str, Any]) -> None:
        self.path = path
        self.key = str(item.get("id") or item.get("code") or item.get("user_id") or item.get("role") or "")
        self.version = item.get("version")
        self.actions: list[str] = [action for action in item.get("allowed_actions") or [] if isinstance(action, str)]


# By caller, then by collection, then by key.
shown: dict[str, dict[str, dict[str, Record]]] = defaultdict(lambda: defaultdict(dict))


def answer(response: Any) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def caller(case: Any) -> str:
    return str(case.auth_identity or "anyone")


def remember(case: Any, body: dict[str, Any]) -> None:
    segments = [segment for segment in case.operation.path.split("/") if segment]
    collection = segments[-1]
    path = dict(case.path_parameters or {})
    if collection.startswith("{"):
        path.pop(collection.strip("{}"), None)
        collection = segments[-2]
    for item in body["items"] if isinstance(body.get("items"), list) else [body]:
        if not isinstance(item, dict):
            continue
        # What belongs to a list of another name, such as the answer to a transition, is the parent record itself.
        record = Record(path, item)
        if record.key:
            shown[caller(case)][segments[1] if collection in ("transitions", "roles") else collection][record.key] = record
        for name, nested in item.items():
            if isinstance(nested, list) and nested and isinstance(nested[0], dict) and "id" in nested[0]:
                for one in nested:
                    shown[caller(case)][name][str(one["id"])] = Record({}, one)


def forget(case: Any) -> None:
    """What was taken away is not there for anyone."""
    segments = [segment for segment in case.operation.path.split("/") if segment]
    key = str(case.path_parameters.get(segments[-1].strip("{}")))
    for collections in shown.values():
        collections[segments[-2]].pop(key, None)


def known(case: Any, name: str) -> list[str]:
    """Keys of existing records that the reference `name` can mean."""
    if name == "fiscal_year":
        return ["2023-24", "2024-25", "2025-26"]
    stem = name.removesuffix("_id").removesuffix("_code").replace("_", "-")
    collection = COLLECTION_OF.get(name, f"{stem}s")
    return list(shown[caller(case)][collection])


def act_sensibly(case: Any) -> None:
    if random_.random() > SENSIBLE:
        return
    learn(case)
    record = point_somewhere(case)
    if record is not None and record.version and is_money_step(case):
        case.headers["If-Match"] = f'"{record.version}"'
    if "fiscal_year" in (case.query or {}):
        case.query["fiscal_year"] = random_.choice(known(case, "fiscal_year"))
    if not isinstance(case.body, dict) or not case.body:
        return
    fill_references(case, case.body)
    properties = body_properties(case)
    if "action" in properties and record is not None and record.actions:
        commands = [action for action in record.actions if action in properties["action"].get("enum", record.actions)]
        if commands:
            case.body["action"] = random_.choice(commands)
            for name in properties:
                if name in NEEDED:
                    case.body[name] = NEEDED[name]
                elif name.endswith("_on"):
                    case.body[name] = (date.today() + timedelta(days=-1 if name == "done_on" else 30)).isoformat()


def is_money_step(case: Any) -> bool:
    """Where `*` will not do, so that luck never names the version."""
    return any(one.get("$ref", "").endswith("/MoneyIfMatch") for one in case.operation.definition.raw.get("parameters", []))


def body_properties(case: Any) -> dict[str, Any]:
    body = case.operation.definition.raw.get("requestBody", {})
    content = next(iter(body.get("content", {}).values()), {})
    reference = content.get("schema", {}).get("$ref", "")
    schema = case.operation.schema.raw_schema["components"]["schemas"].get(reference.rsplit("/", 1)[-1], {})
    return dict(schema.get("properties", {}))


# What was asked for already, by caller and collection.
learned: set[tuple[str, str]] = set()


def learn(case: Any) -> None:
    """Lets the caller look into the collection of the path, as a client would do first, unless they saw it."""
    segments = [segment for segment in case.operation.path.split("/") if segment]
    me = scenes.people.get(caller(case))
    if me is None or len(segments) < 3 or not segments[2].startswith("{") or (caller(case), segments[1]) in learned:
        return
    learned.add((caller(case), segments[1]))
    path = f"/v1/{segments[1]}"
    if "get" not in case.operation.schema.raw_schema["paths"].get(path, {}):
        return
    try:
        items = me.items(path)
    except (scenes.Unmade, requests.RequestException):
        # A list that asks for more, or is not for this caller.
        return
    for item in items:
        record = Record({}, item)
        if record.key:
            shown[caller(case)][segments[1]].setdefault(record.key, record)


def point_somewhere(case: Any) -> Record | None:
    """Path parameters of a record the caller was shown, best one that can be acted on."""
    segments = [segment for segment in case.operation.path.split("/") if segment]
    # Reads of a record keep the identifier that Schemathesis drew or followed a link to: it knows whose it is, and asks
    # for it again as the peer.
    if case.method.upper() == "GET" and case.operation.path.endswith("_id}"):
        return None
    places = [n for n, segment in enumerate(segments) if segment.startswith("{")]
    if not places:
        return None
    last = places[-1]
    records = list(shown[caller(case)][segments[last - 1]].values())
    if len(places) > 1:
        records = [record for record in records if record.path]
    if case.method.upper() != "GET":
        records = [record for record in records if record.actions] or records
    if not records:
        return None
    held = next((one for one in records if one.key == case.path_parameters.get(segments[last].strip("{}"))), None)
    if held is not None and is_chained(case):
        # The step before led here.
        return held
    record = random_.choice(records)
    for n in places[:-1]:
        case.path_parameters[segments[n].strip("{}")] = record.path.get(segments[n].strip("{}"))
    case.path_parameters[segments[last].strip("{}")] = record.key
    return record


def fill_references(case: Any, body: dict[str, Any]) -> None:
    for name, value in body.items():
        keys = known(case, name) if name.endswith(("_id", "_code", "fiscal_year")) or name in COLLECTION_OF else []
        if isinstance(value, dict):
            fill_references(case, value)
        elif keys and isinstance(value, str):
            body[name] = random_.choice(keys)
        elif keys and isinstance(value, list):
            body[name] = random_.sample(keys, min(len(value), len(keys)))
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, dict):
                    fill_references(case, item)


# --- Refusals that no schema can state ------------------------------------------------------------------------------

# A request may be valid by its schema and still be refused with 422, or with 400 if it is about a parameter, when it
# breaks a rule across fields or names what is not there. Each code that does so is listed; any other such answer to
# valid data is a failure.
RULES = {
    "language_missing", "period_reversed", "nothing_measured", "duplicate", "required", "in_the_future", "in_the_past",
    "more_than_whole", "wrong_parent", "subaddress",
    "too_late", "implausible", "cycle", "unknown_reference", "wrong_password", "weak_password", "same_password",
    # The second half of a fiscal year follows from the first one; whether a host has an address is for its resolver.
    "fiscal_year", "url", "unknown_host",
    # Which domains may register is configuration; waivers come with an approval alone.
    "domain_not_allowed", "not_allowed",
    # Each gate has conditions of its own, and only some that are not met are waived.
    "unknown_condition", "not_unmet", "not_waivable",
    # Money is more than nothing and within what its round gives; a sum is exact; a round's rubric and rules are data.
    "minimum", "maximum", "amounts_reversed", "sum_mismatch", "above_what_is_possible", "above_largest_award",
    "below_smallest_award", "more_than_paid", "nothing_to_refund", "outside_anchors", "anchors_not_ascending",
    "criterion_repeated", "repeated_criterion", "unknown_criterion", "rule_repeated", "unknown_rule", "automatic_rule",
    "percent_misplaced", "not_later", "too_early", "closed_in_the_past", "spent_outside", "voucher_missing", "other_file",
    "only_the_last", "not_reopened", "too_many",
    # A command takes the fields that belong to it.
    "unexpected",
}
# They frame the request: a server that is sent a wrong one cannot tell where it ends, and closes (README, "For front-end
# developers").
FRAMING = {"content-length", "transfer-encoding", "connection", "expect", "upgrade", "te", "trailer", "host"}
# Letters go to plain addresses only, without quotes or other marks that RFC 5321 would allow.
PLAIN_ADDRESS = ("#/email", "format")
# Problems about a whole body that no schema can describe: a code out of a letter, the rows of a file.
OPAQUE = {"mail_token_invalid", "import_refused"}
# What belongs to no one: who may see it is decided by role, so a peer sees it too.
COMMON = {"OrganisationView", "AttributionView"}
# What staff see of money by their role, whoever asked for it; reviews are not among it.
STAFF = {"programme_officer", "fund_officer", "fund_approver", "finance_officer", "auditor", "admin"}
SEEN_BY_STAFF = {"Funding requests", "Funding sources", "Tranches", "Expenditure reports", "Funds", "Awards"}
# What all people in a role see whoever owns it, as docs/generated/permissions.md says.
SEEN_BY_ROLE = {"admin": {"UserWithPasswordView", "ServiceAccountView"}, "auditor": {"ServiceAccountView"}}


@schemathesis.hook
def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:
    kind = type(failure).__name__
    if kind == "RejectedPositiveData" and response.status_code in (400, 422):
        problem = answer(response)
        errors = problem.get("errors") or [{}]
        known_rules = [e.get("code") in RULES or (e.get("pointer"), e.get("code")) == PLAIN_ADDRESS for e in errors]
        return problem.get("code") not in OPAQUE and not all(known_rules)
    if kind == "AcceptedNegativeData" and case.id in with_bytes:
        # Schemathesis cannot hold bytes against a schema, and takes a file of ours for invalid data.
        return False
    if kind == "ObjectLevelAuthorizationViolation":
        # What anyone may ask for without a login is nobody's own, whatever its path reminds Schemathesis of.
        raw, role = case.operation.definition.raw, str(failure.peer).rsplit("-", 1)[0]
        open_to_all = {} in raw.get("security", []) or role in STAFF and set(raw.get("tags", [])) <= SEEN_BY_STAFF
        # `service_id` in a path looks like the key of a service account, and is not.
        misread = case.operation.path.startswith("/v1/services/") and "`ServiceAccountView`" in failure.message
        seen = COMMON | SEEN_BY_ROLE.get(str(failure.peer).rsplit("-", 1)[0], set())
        if open_to_all or misread or any(f"`{name}`" in failure.message for name in seen):
            return False
        return not sees_the_pilot_in_the_list(str(failure.peer), answer(response))
    return True


def sees_the_pilot_in_the_list(peer: str, record: dict[str, Any]) -> bool:
    """Whether the peer is shown the pilot that a record hangs on in the list of all: then its records are no secret.
    The list decides for itself what it shows, so one that forgets to ask is found all the same."""
    pilot = record.get("pilot_id") or (record.get("parent_id") if record.get("parent_kind") == "pilot" else None)
    # A page of what hangs on one pilot.
    listed = {item.get("pilot_id") for item in record.get("items") or [] if isinstance(item, dict)}
    if pilot is None and len(listed) == 1:
        pilot = listed.pop()
    me = scenes.people.get(peer)
    if not pilot or me is None:
        return False
    cursor = ""
    while True:
        page = me.get(f"/v1/pilots?limit=200{cursor}")
        if any(item["id"] == pilot for item in page["items"]):
            return True
        if not page["next_cursor"]:
            return False
        cursor = f"&cursor={page['next_cursor']}"


# --- Before and after each request ----------------------------------------------------------------------------------


begun = False


def begin(case: Any) -> None:
    """Schemathesis takes the first person for every operation and turns to the next one at a 403 only. Records of money
    are 404 to most, so nobody would ever be asked who may use them; an operation with a scene begins with who it is for."""
    global begun
    if begun:
        return
    begun = True
    first, paths = scenes.first_callers(), case.operation.schema.raw_schema["paths"]
    restore_identity_assignments(case.operation.schema, {
        f"{method.upper()} {path}": first[operation["operationId"]]
        for path, item in paths.items() for method, operation in item.items() if operation["operationId"] in first
    })


def operation_id(case: Any) -> str:
    return str(case.operation.definition.raw.get("operationId", case.operation.label))


def is_positive(case: Any) -> bool:
    return case.meta is not None and case.meta.generation.mode.is_positive


def list_key(case: Any) -> str:
    query = {name: value for name, value in (case.query or {}).items() if name not in ("cursor", "limit", "include_total")}
    return json.dumps([case.operation.label, case.path_parameters, query, case.auth_identity], sort_keys=True, default=str)


# The checks of one answer send its request again, as a peer or without a login. Those keep what the first one had, and
# share its description.
lately: deque[Any] = deque(maxlen=50)
staged: set[str] = set()
# Operations that went well once.
succeeded: set[str] = set()
# Cases with a file of ours in the body.
with_bytes: set[str] = set()


def is_repeated(case: Any) -> bool:
    if case.meta is None:
        return False
    if any(case.meta is other for other in lately):
        return True
    lately.append(case.meta)
    return False


def is_chained(case: Any) -> bool:
    """Whether Schemathesis follows links of its own."""
    return case.meta is not None and case.meta.phase.name.value == "stateful"


def fill(case: Any, name: str) -> None:
    FILLED[name](case)
    if name in WITH_BYTES:
        with_bytes.add(case.id)


def aim(case: Any) -> None:
    """An invalid request to a record that is there: its body is only read when the path is right."""
    if case.meta is None or case.meta.is_negative_at(ParameterLocation.PATH) or is_chained(case) or not case.path_parameters:
        return
    # One refusal of a caller's role, and Schemathesis tries the next caller: a scene comes first, so that it is no other.
    if operation_id(case) not in succeeded and scenes.is_wanted(operation_id(case), caller(case)):
        return
    if case.method.upper() in ("POST", "PATCH") and case.operation.body and random_.random() < SENSIBLE:
        learn(case)
        point_somewhere(case)


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    with lock:
        begin(case)
        name = operation_id(case)
        headers = case.headers if case.headers is not None else {}
        repeated = is_repeated(case)
        # A request that was to have no login, or a bad one, keeps that.
        if name in AS_SPARE and str(headers.get("Authorization", "")).startswith("Bearer ey"):
            headers["Authorization"] = spare.login()
        for header in [header for header in headers if header.lower() in FRAMING]:
            del headers[header]
        # The dictionary is for texts; HTTP carries only Latin-1 in headers.
        for header, value in headers.items():
            if isinstance(value, str) and not value.isascii():
                headers[header] = "*"
        if is_positive(case):
            if repeated:
                pass
            elif not is_chained(case) and scenes.set_scene(case, name, caller(case)):
                staged.add(case.id)
                if name in FILLED:
                    fill(case, name)
            elif name in FILLED and case.body and random_.random() < 0.5:
                fill(case, name)
            else:
                act_sensibly(case)
            # A key is used once: by chance the generator sends the same one with another body, which is 422 by design.
            if "Idempotency-Key" in headers:
                headers["Idempotency-Key"] = str(uuid.uuid4())
            # A cursor is only valid with the list and the filters that it came from.
            query = case.query or {}
            if "cursor" in query:
                minted = cursors.get(list_key(case))
                if minted is None:
                    query.pop("cursor")
                else:
                    query["cursor"] = minted
        elif not repeated:
            aim(case)
        protect(case)


def protect(case: Any) -> None:
    """Those who run the test are not disabled, demoted or given new passwords in the middle of it; another one is."""
    parameters = case.path_parameters or {}
    of_a_user = case.operation.path.startswith("/v1/users/")
    if of_a_user and case.method.upper() != "GET" and parameters.get("user_id") in STATE["protected"]:
        parameters["user_id"] = STATE["target"]


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    with lock:
        name = operation_id(case)
        body = answer(response)
        code = str(body.get("code") or "") if response.status_code >= 400 else ""
        is_valid = is_positive(case) or case.id in with_bytes
        counts[(name, "valid" if is_valid else "invalid", response.status_code, code)] += 1
        if 200 <= response.status_code < 300:
            succeeded.add(name)
            if case.id in staged:
                scenes.succeeded.add(name)
        elif case.id in staged:
            scenes.unmade.setdefault(name, []).append(f"refused: {response.status_code} {response.text[:300]}")
        if response.status_code in (200, 201):
            remember(case, body)
        elif case.method.upper() == "DELETE" and response.status_code == 204:
            forget(case)
        if name == "change_password" and response.status_code == 204:
            spare.password = case.body["new_password"]
        if case.method.upper() == "GET" and response.status_code == 200:
            cursor = body.get("next_cursor")
            if cursor:
                cursors[list_key(case)] = cursor


@atexit.register
def write_counts() -> None:
    rows = [
        {"operation": name, "mode": mode, "status": status, "code": code, "count": n}
        for (name, mode, status, code), n in counts.items()
    ]
    COUNTS.write_text(json.dumps({"rows": sorted(rows, key=str), "unmade": scenes.unmade, "scene_seconds": scenes.seconds}, indent=1), encoding="utf-8")
