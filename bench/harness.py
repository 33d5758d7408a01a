"""What bench/run and bench/prove share: the programs, a PostgreSQL of our own, a server as a child, HTTP."""

import contextlib, glob, json, os, pathlib, shutil, socket, sqlite3, subprocess, sys, tempfile, time, urllib.error, urllib.request

HOME = pathlib.Path(__file__).resolve().parent
ROOT = HOME.parent
PASSWORD = "a bench needs no secrets 42"
OWNER, OFFICER = "owner@bench.gov.bd", "officer@bench.gov.bd"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def programs(profile="release"):
    """The server and the helper, built; or as they are in the folder that BENCH_PROGRAMS names."""
    if built := os.environ.get("BENCH_PROGRAMS"):
        return pathlib.Path(built) / "innovation-pilots", pathlib.Path(built) / "pilots-bench"
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    flag = ["--release"] if profile == "release" else []
    subprocess.run(["cargo", "build", *flag, "--locked", "-p", "innovation-pilots", "-p", "pilots-bench"], cwd=ROOT, check=True)
    folder = target / ("release" if flag else "debug")
    return folder / "innovation-pilots", folder / "pilots-bench"


class Postgres:
    """A server of our own with durable commits; as root it runs as the user postgres."""

    def __init__(self, folder, kept=False):
        self.kept = kept
        tools = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
        self.tools = tools[-1] + "/" if tools else ""
        self.own = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        self.folder = folder / "postgres"
        self.port = free_port()
        self.url = f"postgres://bench@127.0.0.1:{self.port}/bench"
        if self.folder.exists():
            self.start()
            return
        self.folder.mkdir()
        if self.own:
            shutil.chown(self.folder, "postgres")
            folder.chmod(0o755)
        self.tool("initdb", "-D", self.folder / "db", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-U", "bench")
        self.start()
        self.tool("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "bench", "bench")

    def tool(self, name, *arguments):
        subprocess.run([*self.own, self.tools + name, *map(str, arguments)], check=True, stdout=subprocess.DEVNULL, cwd=self.folder)

    def start(self):
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c shared_buffers=1GB -c max_wal_size=8GB " \
                  "-c max_pred_locks_per_transaction=512"
        self.tool("pg_ctl", "-D", self.folder / "db", "-w", "-t", "600", "-l", self.folder / "log", "-o", options, "start")

    def keep_to(self, cpus):
        """What it starts from now on runs on these processors alone, and so does it."""
        postmaster = (self.folder / "db" / "postmaster.pid").read_text().split()[0]
        subprocess.run(["taskset", "-acp", cpus, postmaster], check=True, stdout=subprocess.DEVNULL)

    def stop_at_once(self):
        self.tool("pg_ctl", "-D", self.folder / "db", "-m", "immediate", "-w", "stop")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.kept:
            # All it holds is written first, so that the next start has nothing to recover: for a million that is minutes.
            self.tool("pg_ctl", "-D", self.folder / "db", "-m", "fast", "-w", "-t", "600", "stop")
            return
        with contextlib.suppress(subprocess.CalledProcessError):
            self.stop_at_once()


class Server:
    """A child that serves; knows its memory."""

    def __init__(self, command, base, ready, environment=None):
        self.base = base
        began = time.monotonic()
        self.log = tempfile.TemporaryFile()
        self.child = subprocess.Popen(command, stdout=self.log, stderr=self.log, env={**os.environ, **(environment or {})})
        while True:
            try:
                urllib.request.urlopen(base + ready, timeout=1).read()
                break
            except urllib.error.HTTPError as refused:
                if refused.code == 404:
                    break
            except OSError:
                pass
            if self.child.poll() is not None or time.monotonic() - began > 30:
                self.log.seek(0)
                sys.exit(f"{command} did not start:\n{self.log.read().decode()}")
            time.sleep(0.005)
        self.start_seconds = time.monotonic() - began

    def memory(self, key):
        with open(f"/proc/{self.child.pid}/status") as status:
            return next(int(line.split()[1]) / 1024 for line in status if line.startswith(key + ":"))

    def stop(self):
        self.child.terminate()
        self.child.wait(30)

    def kill(self):
        self.child.kill()
        self.child.wait()


def call(base, method, path, token=None, body=None):
    request = urllib.request.Request(base + path, method=method, data=json.dumps(body).encode() if body else None,
                                     headers={"Content-Type": "application/json", "If-Match": "*"})
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def login(base, email):
    return call(base, "POST", "/v1/auth/login", body={"email": email, "password": PASSWORD})["access_token"]


def people(server, environment):
    """The two who act: an owner of pilots and an officer."""
    for email, role in ((OWNER, "innovator"), (OFFICER, "programme_officer")):
        subprocess.run([server, "user", "create", "--email", email, "--name-en", "Bench", "--role", role, "--password-stdin"],
                       input=PASSWORD + "\n", text=True, check=True, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)


def environment(url, folder, **more):
    return {"DATABASE_URL": url, "PILOTS_AUTH__KEYS": str(folder / "keys"), "PILOTS_LOG__FILTER": "warn",
            "PILOTS_LIMITS__ENABLED": "false", **more}


def rows(url, query):
    """The rows of a query, past the server."""
    if url.startswith("sqlite"):
        with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite://"))) as database:
            return database.execute(query).fetchall()
    out = subprocess.run(["psql", url, "-AtF", "\t", "-c", query], check=True, capture_output=True, text=True).stdout
    return [tuple(line.split("\t")) for line in out.splitlines()]


def number(url, query):
    return int(rows(url, query)[0][0])


def serve(server, env, ready="/readyz", on=()):
    port = free_port()
    return Server([*on, server, "serve", "--listen", f"127.0.0.1:{port}"], f"http://127.0.0.1:{port}", ready, env)
