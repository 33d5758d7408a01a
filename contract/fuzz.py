"""Runs Schemathesis against the built server: as everyone, then as each role with a peer who must not see its records.

    contract/run [--engine sqlite|postgres] [--as everyone|ROLE] [--max-examples N] [--seed N] [--port N]

Both engines run at the same time, each with a server and a database of its own. Reports: contract/reports/<engine>/.
Exits with 0 only if every run of every role on every engine had no failure.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from server import ROOT, Failed, server

HERE = Path(__file__).resolve().parent
REPORTS = HERE / "reports"
PASSWORD = "seven boats carry mangoes north"
DEMO = {"email": "admin@demo.innovation.gov.bd", "password": "demo pilots for everyone"}
# Each role runs with two people, one who acts and one who must not see what is not theirs. In this order, since later
# ones find what earlier ones made.
ROLES = ("innovator", "programme_officer", "fund_officer", "fund_approver", "finance_officer", "reviewer", "admin", "auditor", "mentor")
PEERS = ("a", "b")
# Those who stand around the caller in a scene; nobody's peers, so that a draft they share is no leak.
CAST = {"owner": "innovator", "deputy": "innovator", "officer": "programme_officer"}
# Before them, everyone: every operation as the first of all roles that it lets in, valid and invalid data, every phase.
# The roles after it only need valid data: what a body may hold does not depend on who sends it.
EVERYONE = "everyone"
PASSES = (EVERYONE, *ROLES)
DEEPER = ["--phases", "fuzzing,stateful", "--mode", "positive"]


@dataclass
class Person:
    name: str
    email: str
    id: str
    address: str


class Api:
    """The few calls that make the people."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False

    def call(self, method: str, path: str, token: str | None = None, body: Any = None, address: str = "10.0.0.1") -> Any:
        headers = {"X-Forwarded-For": address}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        answer = self.session.request(method, self.url + path, json=body, headers=headers, timeout=60)
        if not answer.ok:
            raise Failed(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer.json() if answer.content else None

    def login(self, email: str, password: str, address: str) -> str:
        body = {"email": email, "password": password}
        return str(self.call("POST", "/v1/auth/login", body=body, address=address)["access_token"])


def make_people(api: Api) -> dict[str, list[Person]]:
    """Two people in each role, and a spare one for each run, with a password that need not be changed any more."""
    admin = api.login(DEMO["email"], DEMO["password"], "10.0.0.1")
    offices = api.call("GET", "/v1/organisations?limit=200", admin)["items"]
    people: dict[str, list[Person]] = defaultdict(list)
    number = 0
    groups = [*((role, PEERS) for role in ROLES), ("spare", (*PASSES, "target")), ("cast", tuple(CAST))]
    for role, letters in groups:
        for letter in letters:
            number += 1
            name, first = f"{role}-{letter}", secrets.token_urlsafe(24)
            user = api.call("POST", "/v1/users", admin, {
                "email": f"{name}@contract.example.gov.bd", "name": {"en": f"Contract {name}"}, "language": "en",
                "organisation_id": offices[number]["id"], "password": first,
                "roles": [{"spare": "innovator", "cast": CAST.get(letter, "")}.get(role, role)],
            })
            person = Person(name, user["email"], user["id"], f"10.0.1.{number}")
            token = api.login(person.email, first, person.address)
            api.call("POST", "/v1/me/password", token, {"current_password": first, "new_password": PASSWORD}, person.address)
            people[role].append(person)
    return people


def auth_document(people: list[Person]) -> dict[str, Any]:
    """Web Fuzzing Commons: how each logs in. Schemathesis does it again every five minutes; a token lives for ten."""
    return {"auth": [
        {"name": person.name, "loginEndpointAuth": {
            "endpoint": "/v1/auth/login", "verb": "POST", "contentType": "application/json",
            "headers": [{"name": "X-Forwarded-For", "value": person.address}],
            "payloadUserPwd": {"username": person.email, "usernameField": "email",
                               "password": PASSWORD, "passwordField": "password"},
            "token": {"extractFrom": "body", "extractSelector": "/access_token", "sendIn": "header",
                      "sendName": "Authorization", "sendTemplate": "Bearer {token}"},
        }} for person in people
    ]}


def run_role(
    url: str, letters: Path, folder: Path, role: str, people: dict[str, list[Person]], options: argparse.Namespace
) -> int:
    # Schemathesis keeps there which caller it took for what; a run begins with nothing.
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    # One for each run, since its password changes.
    spare = people["spare"][PASSES.index(role)]
    peers = people["innovator" if role == EVERYONE else role]
    team = [*peers, *(people[other][0] for other in ROLES[1:])] if role == EVERYONE else peers
    target = people["spare"][-1]
    protected = [person.id for group in people.values() for person in group if person != target]
    auth, state, config = folder / "auth.json", folder / "state.json", folder / "schemathesis.toml"
    auth.write_text(json.dumps(auth_document(team), indent=1))
    state.write_text(json.dumps({
        "url": url, "seed": options.seed, "protected": protected, "target": target.id,
        "spare": {"id": spare.id, "email": spare.email, "password": PASSWORD}, "letters": str(letters),
        "cast": [
            {"name": "admin", "id": "", **DEMO},
            *({"name": person.name.removeprefix("cast-"), "id": person.id, "email": person.email, "password": PASSWORD}
              for person in [*people["cast"], *(one for role in ROLES for one in people[role])]),
        ],
    }))
    document = folder / "openapi.json"
    document.write_text(json.dumps(Api(url).call("GET", "/v1/openapi.json")))
    names = json.dumps([person.name for person in peers])
    pinned = "" if role == EVERYONE else f"user = {json.dumps(peers[0].name)}\n"
    config.write_text(
        (HERE / "schemathesis.toml").read_text().replace('"hooks.py"', json.dumps(str(HERE / "hooks.py")))
        + f"\n[auth.wfc]\npath = {json.dumps(str(auth))}\n{pinned}peers = {names}\n"
    )
    command = [
        # From a file: loaded by its address, the document would leave the operation out that it came from.
        str(Path(sys.executable).with_name("st")), "--config-file", str(config), "run", str(document), "--url", url,
        # What a body may hold was tried by everyone; of the roles there are nine.
        "--checks", "all", "--max-examples", str(options.max_examples if role == EVERYONE else max(options.max_examples // 2, 1)), "--seed", str(options.seed), "--no-color",
        "--generation-database", "none", "--report", "junit", "--report-dir", str(folder),
        *([] if role == EVERYONE else DEEPER), *options.extra,
    ]
    environment = {**os.environ, "CONTRACT_STATE": str(state), "CONTRACT_COUNTS": str(folder / "counts.json"), "NO_PROXY": "*"}
    with (folder / "output.txt").open("w") as output:
        return subprocess.run(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=output,
                              stderr=subprocess.STDOUT).returncode


def run_engine(engine: str, options: argparse.Namespace) -> list[str]:
    """The runs that failed."""
    folder, failed = REPORTS / engine, []
    with server(engine, options.port, folder / "server.log") as (url, home):
        people = make_people(Api(url))
        for role in options.role or PASSES:
            begin = time.monotonic()
            status = run_role(url, home / "data/mail", folder / role, role, people, options)
            print(f"{engine:<9} {role:<18} {'passed' if status == 0 else f'FAILED ({status})':<12} "
                  f"{time.monotonic() - begin:5.0f} s", flush=True)
            if status:
                failed.append(f"{engine}/{role}")
    return failed


# What nothing but luck could reach, and why.
NOT_REACHED = {"lapse_funding_request": "an agreement is due a day after its round at the earliest; tests turn the clock"}


def summarise(engines: list[str], roles: list[str]) -> None:
    """How often each operation succeeded with valid requests, which never did, and what they were told."""
    document = json.loads((ROOT / "openapi/openapi.json").read_text())
    known = [operation["operationId"] for item in document["paths"].values() for operation in item.values()]
    totals: Counter[str] = Counter()
    good: dict[str, Counter[str]] = defaultdict(Counter)
    valid: Counter[str] = Counter()
    refused: dict[str, Counter[str]] = defaultdict(Counter)
    unmade: list[str] = []
    seconds = 0.0
    for engine in engines:
        for role in roles:
            path = REPORTS / engine / role / "counts.json"
            counted = json.loads(path.read_text()) if path.exists() else {"rows": [], "unmade": {}}
            unmade += [f"{engine}/{role} {name}: {why}" for name, all_ in counted["unmade"].items() for why in all_]
            seconds += counted.get("scene_seconds", 0)
            for row in counted["rows"]:
                totals[row["operation"]] += row["count"]
                if row["mode"] == "valid":
                    valid[row["operation"]] += row["count"]
                    if 200 <= row["status"] < 400:
                        good[row["operation"]][role] += row["count"]
                    else:
                        refused[row["operation"]][f"{row['status']} {row['code']}"] += row["count"]
    lines = [f"{'operation':<28} {'requests':>8} {'valid':>7} {'2xx':>7}  share  by"]
    for name in known:
        n = sum(good[name].values())
        share = f"{100 * n / valid[name]:5.1f}%" if valid[name] else "    -"
        by = ", ".join(f"{role} {count}" for role, count in good[name].items())
        lines.append(f"{name:<28} {totals[name]:>8} {valid[name]:>7} {n:>7}  {share}  {by}")
    lines += ["", *(f"Scene without a 2xx: {one}" for one in unmade)]
    never = [name for name in known if not good[name]]
    end = [f"{sum(totals.values())} requests to {len(known)} operations; {len(known) - len(never)} succeeded at least once."]
    end.append(f"{seconds:.0f} s of {len(engines) * len(roles)} runs went into scenes.")
    for name in never:
        told = ", ".join(f"{status} × {n}" for status, n in refused[name].most_common(4))
        end.append(f"Never a 2xx: {name}: {NOT_REACHED.get(name) or told or 'never sent with valid data'}")
    refusals = sum(": refused: " in one for one in unmade)
    if unmade:
        end.append(f"{len(unmade) - refusals} scenes could not be made; of those made, {refusals} requests were refused all the same.")
    (REPORTS / "summary.txt").write_text("\n".join([*lines, *end]) + "\n")
    print("\n".join(end), f"Shares: {(REPORTS / 'summary.txt').relative_to(ROOT)}", sep="\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", action="append", choices=["sqlite", "postgres"], help="default: both")
    parser.add_argument("--as", dest="role", action="append", choices=list(PASSES), help="default: all")
    parser.add_argument("--max-examples", type=int, default=10)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--port", type=int, help="with one engine only; default: any free one")
    parser.add_argument("extra", nargs="*", help="after --: more arguments for Schemathesis")
    options = parser.parse_args()
    engines = options.engine or ["sqlite", "postgres"]
    try:
        # One thread an engine: Schemathesis keeps one core busy, and there are two.
        with ThreadPoolExecutor() as pool:
            failed = [run for runs in pool.map(lambda engine: run_engine(engine, options), engines) for run in runs]
    except Failed as failure:
        print(f"error: {failure}", file=sys.stderr)
        return 2
    summarise(engines, options.role or list(PASSES))
    for run in failed:
        lines = (REPORTS / run / "output.txt").read_text().splitlines()
        begin = next((n for n, line in enumerate(lines) if "FAILURES" in line or "ERRORS" in line), max(0, len(lines) - 60))
        end = next((n for n, line in enumerate(lines) if "= WARNINGS =" in line or "= SUMMARY =" in line), len(lines))
        print(f"\n== {run}\n" + "\n".join(lines[begin:max(end, begin + 1)][:200]))
    print(f"{len(engines) * len(options.role or PASSES) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
