"""What a network asks of a server: whom it answers, how long it waits, and where it is found."""

from __future__ import annotations

import socket
from asyncio import TimerHandle, Transport
from collections.abc import Iterable
from contextlib import suppress
from urllib.parse import urlsplit

import h11
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

MOST_CONNECTIONS = 400
MOST_A_CLIENT = 300
"""Connections held at once, in all and by one address; a whole class may come through one address."""
REQUEST_SECONDS = 10.0
"""Time in which a request must have come in full, headers and body."""
STALLED_SECONDS = 20.0
"""Time in which some of a waiting answer must be read."""
WILDCARDS = {"0.0.0.0", "::", ""}
"""Hosts that mean all addresses of the machine."""
LOCAL_NAMES = {"localhost", "127.0.0.1", "::1"}


class Connection(H11Protocol):
    """A connection that ends when its request does not come, or its answer is not read.

    Where there are too many, the oldest gives way on which nothing is under way but waiting for the client.
    """

    _made = 0.0
    _overdue: TimerHandle | None = None
    _unread: TimerHandle | None = None

    @property
    def waits(self) -> bool:
        """Whether it waits for the client: to ask, or to read."""
        return (
            self._overdue is not None
            or self.cycle is None
            or self.cycle.response_complete
            or self.flow.write_paused
        )

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Take it up; where there are too many, one gives way."""
        super().connection_made(transport)
        self._made = self.loop.time()
        self._expect_request()
        held = [it for it in self.connections if isinstance(it, Connection) and not it.transport.is_closing()]
        own = [it for it in held if it.client and self.client and it.client[0] == self.client[0]]
        if len(own) > MOST_A_CLIENT or len(held) > MOST_CONNECTIONS:
            crowd = own if len(own) > MOST_A_CLIENT else held
            oldest = min((it for it in crowd if it.waits), key=lambda it: it._made)
            if oldest is self:
                self.limit_concurrency = 0  # uvicorn asks it to come back
            else:
                oldest.transport.abort()

    def data_received(self, data: bytes) -> None:
        """Read on, in time."""
        super().data_received(data)
        self._expect_request()

    def on_response_complete(self) -> None:
        """End, if the client still sends what nobody waits for."""
        super().on_response_complete()
        if self.conn.their_state is h11.SEND_BODY:
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of it."""
        for timer in (self._overdue, self._unread):
            if timer:
                timer.cancel()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Wait for the client to read."""
        super().pause_writing()
        self._expect_reading()

    def resume_writing(self) -> None:
        """Write on."""
        super().resume_writing()
        if self._unread:
            self._unread.cancel()

    def _expect_request(self) -> None:
        if self.conn.their_state not in {h11.IDLE, h11.SEND_BODY}:
            if self._overdue:
                self._overdue.cancel()
            self._overdue = None
        elif self._overdue is None:
            self._overdue = self.loop.call_later(REQUEST_SECONDS, self.transport.abort)

    def _expect_reading(self) -> None:
        before = self.transport.get_write_buffer_size()

        def check() -> None:
            if self.transport.get_write_buffer_size() < before:
                self._expect_reading()
            else:
                self.transport.abort()

        self._unread = self.loop.call_later(STALLED_SECONDS, check)


class KnownHosts:
    """Answers only requests for a name or address that this server has: others may have been lured here.

    A page from elsewhere could otherwise let its own name point to this machine and read what it says.
    """

    def __init__(self, app: ASGIApp, host: str, refusal: ASGIApp) -> None:
        """Guard an app.

        Args:
            app: answers requests for known hosts.
            host: that the server listens on.
            refusal: answers the others.
        """
        machine = socket.gethostname().lower()
        self._app, self._refusal = app, refusal
        self._names = {*LOCAL_NAMES, host.lower(), machine, f"{machine}.local"} - {""}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse."""
        asked = host_of(HTTPConnection(scope))
        # The address that the connection came in at is this machine's.
        known = asked in self._names or asked == (scope["server"] or ("",))[0]
        await (self._app if known else self._refusal)(scope, receive, send)


def allow_connections() -> None:
    """Let this process hold as many connections as it takes; some systems allow 256 at first."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(now, 2 * MOST_CONNECTIONS), most))


def host_of(request: HTTPConnection) -> str:
    """The host that a request is for, without port or brackets; empty if it makes no sense."""
    with suppress(ValueError):
        return urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    return ""


def addresses(host: str, port: int) -> tuple[str, str]:
    """Where a server is found: on this machine, and by others in the network (empty if they cannot).

    Args:
        host: that it listens on.
        port: that it listens on.
    """
    version_6 = ":" in host
    if host in WILDCARDS:
        here, there = "::1" if version_6 else "127.0.0.1", _own_address(version_6)
    else:
        here, there = host, "" if _is_loopback(host) else host
    return _address(here, port), there and _address(there, port)


def _is_loopback(host: str) -> bool:
    return host in LOCAL_NAMES or host.startswith("127.")


def _address(host: str, port: int) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def _own_address(version_6: bool) -> str:
    """The machine's address in its network; empty if it is in none."""
    family = socket.AF_INET6 if version_6 else socket.AF_INET
    elsewhere = "2001:db8::1" if version_6 else "192.0.2.1"  # for documentation; nothing is sent
    found: Iterable[str] = ()
    with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect((elsewhere, 9))
        found = (str(probe.getsockname()[0]),)
    if not found:  # a network that leads nowhere else
        with suppress(OSError):
            found = [str(it[4][0]) for it in socket.getaddrinfo(socket.gethostname(), 0, family)]
    return next((it for it in found if not _is_loopback(it)), "")
