"""What Schemathesis is told about this API while it runs. Generic over the document but for the operations named here.

State comes from CONTRACT_STATE, a JSON file that fuzz.py writes; counts go to CONTRACT_COUNTS.
"""

from __future__ import annotations

import atexit
import json
import os
import random
import threading
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

import requests
import schemathesis

STATE = json.loads(Path(os.environ["CONTRACT_STATE"]).read_text(encoding="utf-8"))
COUNTS = Path(os.environ["CONTRACT_COUNTS"])
random_ = random.Random(STATE["seed"])
lock = threading.RLock()
counts: Counter[tuple[str, str, int]] = Counter()
# Cursors that the server minted, by the list and the filters that they belong to.
cursors: dict[str, str] = {}


# --- The spare account: what ends sessions or changes passwords is done to it, not to those who run the test --------


class Spare:
    """An account that nothing else depends on. It logs in anew whenever it is needed."""

    def __init__(self) -> None:
        self.email: str = STATE["spare"]["email"]
        self.password: str = STATE["spare"]["password"]
        self.refresh_token = ""

    def login(self) -> str:
        answer = requests.post(
            f"{STATE['url']}/v1/auth/login",
            json={"email": self.email, "password": self.password},
            headers={"X-Forwarded-For": address()},
            timeout=60,
        )
        answer.raise_for_status()
        self.refresh_token = answer.json()["refresh_token"]
        return f"Bearer {answer.json()['access_token']}"


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
    case.body = {"current_password": spare.password, "new_password": f"{uuid.uuid4()} rivers"}
    case.headers["X-Forwarded-For"] = address()


# Half of the valid requests get a body that no generator could guess.
FILLED = {"login": fill_login, "refresh": fill_refresh, "change_password": fill_password}
# Sent as the spare account, because they end the caller's sessions or are counted against the caller.
AS_SPARE = {"logout", "logout_everywhere", "change_password"}


# --- Before and after each request ----------------------------------------------------------------------------------


def operation_id(case: Any) -> str:
    return str(case.operation.definition.raw.get("operationId", case.operation.label))


def is_positive(case: Any) -> bool:
    return case.meta is not None and case.meta.generation.mode.is_positive


def list_key(case: Any) -> str:
    query = {name: value for name, value in (case.query or {}).items() if name not in ("cursor", "limit", "include_total")}
    return json.dumps([case.operation.label, case.path_parameters, query, case.auth_identity], sort_keys=True, default=str)


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    with lock:
        name = operation_id(case)
        headers = case.headers if case.headers is not None else {}
        # A request that was to have no login, or a bad one, keeps that.
        if name in AS_SPARE and str(headers.get("Authorization", "")).startswith("Bearer ey"):
            headers["Authorization"] = spare.login()
        protect(case)
        if not is_positive(case):
            return
        if name in FILLED and isinstance(case.body, dict) and random_.random() < 0.5:
            FILLED[name](case)
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


def protect(case: Any) -> None:
    """Those who run the test are not disabled, demoted or given new passwords in the middle of it; the spare one is."""
    parameters = case.path_parameters or {}
    if case.method.upper() != "GET" and parameters.get("user_id") in STATE["protected"]:
        parameters["user_id"] = STATE["spare"]["id"]


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    with lock:
        name = operation_id(case)
        counts[(name, "valid" if is_positive(case) else "invalid", response.status_code)] += 1
        if name == "change_password" and response.status_code == 204:
            spare.password = case.body["new_password"]
        if case.method.upper() == "GET" and response.status_code == 200:
            try:
                cursor = response.json().get("next_cursor")
            except (ValueError, AttributeError):
                return
            if cursor:
                cursors[list_key(case)] = cursor


@atexit.register
def write_counts() -> None:
    rows = [{"operation": name, "mode": mode, "status": status, "count": n} for (name, mode, status), n in counts.items()]
    COUNTS.write_text(json.dumps(sorted(rows, key=str), indent=1), encoding="utf-8")
