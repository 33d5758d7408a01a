"""Starts the built server on a fresh database with the demo data, runs a command against it, and stops it again.

    python3 contract/server.py --engine sqlite|postgres [--port N] [--log FILE] -- COMMAND [ARGUMENT ...]

The command finds the server's address in API_URL. Its exit status is ours. PostgreSQL is a cluster of our own in a
temporary folder, made from the programs on this machine and run as the user postgres if we are root; or, if
TEST_POSTGRES_URL names a server, a database made on that one. The environment reaches the server, so
PILOTS_LIMITS__…=… and the like can be given from outside.
"""

from __future__ import annotations

import argparse
import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = Path(os.environ.get("CONTRACT_SERVER") or ROOT / "target/debug/innovation-pilots")
CONFIG = ROOT / "contract/server.toml"
READY_SECONDS = 300
# Durability is given away for speed: nothing in this cluster outlives the run.
POSTGRES_SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = '{folder}'
max_connections = 60
fsync = off
full_page_writes = off
synchronous_commit = off
"""


class Failed(Exception):
    """Something around the test did not work, so there is no result."""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


# --- PostgreSQL ---------------------------------------------------------------------------------------------------


def postgres_programs() -> Path:
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    versions = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if path.parent.name.isdigit()]
    folders += sorted(versions, key=lambda path: int(path.parent.name), reverse=True)
    for folder in folders:
        if all((folder / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
            return folder
    raise Failed("PostgreSQL's server programs (initdb, pg_ctl) are missing: apt-get install postgresql")


def run(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", stdin=subprocess.DEVNULL)
    if done.returncode:
        raise Failed(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of an empty database."""
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        name = f"contract_{os.getpid()}_{int(time.time())}"
        run("psql", given, "-qc", f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        try:
            yield urlunsplit(urlsplit(given)._replace(path=f"/{name}"))
        finally:
            run("psql", given, "-qc", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        return
    programs = postgres_programs()
    # /tmp, because root's own TMPDIR may be closed to the user postgres.
    folder = Path(tempfile.mkdtemp(prefix="pilots-contract-pg-", dir="/tmp"))
    as_user: list[str] = []
    if os.getuid() == 0:
        # PostgreSQL refuses to run as root.
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        as_user = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--"]
    data, log = folder / "data", folder / "log"
    try:
        initdb = [programs / "initdb", "-D", data, "--locale=C.UTF-8", "-E", "UTF8", "-U", "postgres", "-A", "trust"]
        run(*as_user, *initdb, "--no-sync")
        with (data / "postgresql.conf").open("a") as settings:
            settings.write(POSTGRES_SETTINGS.format(folder=folder))
        port = free_port()
        run(*as_user, programs / "pg_ctl", "start", "-w", "-t", "60", "-D", data, "-l", log, "-o", f"-p {port}")
        try:
            yield f"postgres://postgres@127.0.0.1:{port}/postgres"
        finally:
            run(*as_user, programs / "pg_ctl", "stop", "-D", data, "-m", "immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# --- The server ---------------------------------------------------------------------------------------------------


@contextmanager
def database(engine: str, folder: Path) -> Iterator[str]:
    if engine == "sqlite":
        yield f"sqlite://{folder}/pilots.sqlite3"
    else:
        with postgres() as url:
            yield url


def is_ready(address: str) -> bool:
    # No proxy of the machine stands between us and our own server.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://{address}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@contextmanager
def server(engine: str, port: int | None, log: Path) -> Iterator[tuple[str, Path]]:
    """The URL of a server with the demo data, on a fresh database, and the folder that it runs in."""
    if not PROGRAM.exists():
        raise Failed(f"{PROGRAM} is not there: cargo build")
    log.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="pilots-contract-") as name, database(engine, Path(name)) as url:
        address = f"127.0.0.1:{port or free_port()}"
        command = [PROGRAM, "serve", "--demo", "--config", CONFIG, "--listen", address, "--database-url", url]
        environment = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "DATABASE_READ_URL")}
        with log.open("wb") as output:
            child = subprocess.Popen(
                command, cwd=name, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
            )
        try:
            deadline = time.monotonic() + READY_SECONDS
            # The accounts are printed when all of the demo is loaded.
            while not (re.search("Log in with the password", log.read_text(errors="replace")) and is_ready(address)):
                if child.poll() is not None or time.monotonic() > deadline:
                    raise Failed(f"the server did not get ready:\n{log.read_text(errors='replace')[-4000:]}")
                time.sleep(0.1)
            yield f"http://{address}", Path(name)
            if child.poll() is not None:
                raise Failed(f"the server ended meanwhile with {child.returncode}; see {log}")
        finally:
            child.terminate()
            try:
                child.wait(30)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
    if child.returncode:
        raise Failed(f"the server stopped with status {child.returncode}; see {log}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", choices=["sqlite", "postgres"], required=True)
    parser.add_argument("--port", type=int, help="default: any free one")
    parser.add_argument("--log", type=Path, default=ROOT / "contract/reports/server.log")
    parser.add_argument("command", nargs="+")
    arguments = parser.parse_args()
    try:
        with server(arguments.engine, arguments.port, arguments.log) as (url, _):
            return subprocess.run(arguments.command, env={**os.environ, "API_URL": url, "NO_PROXY": "*"}).returncode
    except Failed as failure:
        print(f"error: {failure}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
