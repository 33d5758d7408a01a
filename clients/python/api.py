"""What a program needs around the generated client: login, retries, problems, versions, lists. Copy it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Generator, Iterator
from typing import Protocol, TypeVar

import httpx
from innovation_pilots_client.client import AuthenticatedClient, Client
from innovation_pilots_client.models.problem import Problem
from innovation_pilots_client.types import UNSET, Response, Unset

T = TypeVar("T")


class Refused(Exception):
    """A refusal. Switch on `problem.code`; show `problem.detail`; place `problem.errors` by their `pointer`."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.status} {problem.code}: {problem.detail} ({problem.request_id})")
        self.problem = problem


def record(response: Response[T | Problem]) -> tuple[T, str]:
    """The body of a success and its version, to be sent back as `if_match`; a refusal is raised."""
    parsed = response.parsed
    if isinstance(parsed, Problem):
        raise Refused(parsed)
    if parsed is None:
        raise RuntimeError(f"status {response.status_code} is not in the document")
    return parsed, response.headers.get("ETag", "")


def body(response: Response[T | Problem]) -> T:
    """The body of a success; a refusal is raised."""
    return record(response)[0]


def new_key() -> str:
    """An `idempotency_key`: sending a request twice with one key does its work once."""
    return str(uuid.uuid4())


class Page(Protocol[T]):
    """Every list of the API."""

    @property
    def items(self) -> list[T]: ...

    @property
    def next_cursor(self) -> str | None: ...


def pages(page: Callable[[str | Unset], Page[T]]) -> Iterator[T]:
    """All items of a list, one page after the other."""
    cursor: str | Unset | None = UNSET
    while cursor is not None:
        current = page(cursor)
        yield from current.items
        cursor = current.next_cursor


class Session(httpx.Auth):
    """Logs in when first needed. An access token lives for ten minutes; a refresh token is good once."""

    requires_response_body = True

    def __init__(self, base_url: str, email: str, password: str) -> None:
        self.base_url = base_url
        self.credentials = {"email": email, "password": password}
        self.access_token = ""
        self.refresh_token = ""
        self.stale_at = 0.0

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if time.monotonic() > self.stale_at:
            if self.refresh_token:
                token = {"refresh_token": self.refresh_token}
                answer = yield httpx.Request("POST", f"{self.base_url}/v1/auth/refresh", json=token)
            else:
                answer = yield httpx.Request("POST", f"{self.base_url}/v1/auth/login", json=self.credentials)
            answer.read()
            if answer.status_code != 200:
                raise Refused(Problem.from_dict(answer.json()))
            tokens = answer.json()
            self.access_token, self.refresh_token = tokens["access_token"], tokens["refresh_token"]
            # Half a minute early, for clocks and slow lines.
            self.stale_at = time.monotonic() + tokens["expires_in"] - 30
        request.headers["Authorization"] = f"Bearer {self.access_token}"
        yield request


class Patient(httpx.HTTPTransport):
    """Sends a request again when that is safe: after a lost connection or a 503, never after a refusal."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        is_safe = request.method == "GET" or "Idempotency-Key" in request.headers
        for attempt in range(1, 4 if is_safe else 1):
            try:
                response = super().handle_request(request)
            except httpx.TransportError:
                time.sleep(0.2 * 2**attempt)
                continue
            if response.status_code != 503:
                return response
            response.close()
            time.sleep(float(response.headers.get("Retry-After", 1)))
        return super().handle_request(request)


def join_lists(request: httpx.Request) -> None:
    """Several values of a filter stand between commas, `status=submitted,screening`; the generator repeats the name."""
    query = request.url.params
    request.url = request.url.copy_with(params={name: ",".join(query.get_list(name)) for name in query})


def anonymous(base_url: str, language: str = "en") -> Client:
    """A client for anyone."""
    return Client(
        base_url=base_url,
        headers={"Accept-Language": language},
        httpx_args={"transport": Patient(), "event_hooks": {"request": [join_lists]}},
    )


def login(base_url: str, email: str, password: str, language: str = "en") -> AuthenticatedClient:
    """A client for who logs in."""
    return AuthenticatedClient(
        base_url=base_url,
        token="",  # the session below sends its own
        headers={"Accept-Language": language},
        httpx_args={
            "auth": Session(base_url, email, password),
            "transport": Patient(),
            "event_hooks": {"request": [join_lists]},
        },
    )
