"""The server on a network: slow clients lose their place, others keep theirs; only known hosts are served."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest

from tverretatlig_sim.app import network
from tverretatlig_sim.app.library import Library
from tverretatlig_sim.app.network import KnownHosts, addresses
from tverretatlig_sim.app.server import HEADERS, make_app

from .conftest import Running, served
from .test_server import fetched

SMALL = b"GET /static/dom.js HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
UNFINISHED = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
SLOW_BODY = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n\r\n"
LONG = b"GET /view HTTP/1.1\r\nHost: localhost\r\n\r\n"
BANDS = b"GET /bands?a=dfo-simplified&b=k-plus-2010&runs=1000 HTTP/1.1\r\nHost: localhost\r\n\r\n"
Place = tuple[str, int]


def place_of(address: str) -> Place:
    parts = urlsplit(address)
    return str(parts.hostname), int(parts.port or 0)


def connected(place: Place, sent: bytes, **options: int) -> socket.socket:
    """A connection that has sent something; ``receive``: size of its receiving buffer."""
    client = socket.socket()
    if "receive" in options:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, options["receive"])
    client.settimeout(30)
    client.connect(place)
    client.sendall(sent)
    return client


def answer(place: Place, request: bytes = SMALL) -> bytes:
    with connected(place, request) as client:
        return b"".join(iter(lambda: client.recv(65536), b""))


def is_closed(client: socket.socket) -> bool:
    """Whether the server ends a connection in time; fails if it does not."""
    try:
        while client.recv(65536):
            pass
    except ConnectionResetError:
        pass
    return True


def test_requests_that_do_not_come_in_full_end_and_others_are_answered_meanwhile(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "MOST_A_CLIENT", 20)
    monkeypatch.setattr(network, "REQUEST_SECONDS", 1.0)
    with served(make_app(library)) as (address, _), ExitStack() as stack:
        place = place_of(address)
        slow = [
            stack.enter_context(connected(place, sent)) for _ in range(30) for sent in (UNFINISHED, SLOW_BODY)
        ]
        assert answer(place).startswith(b"HTTP/1.1 200")
        for client in slow[-20:]:  # a byte now and then does not help
            try:
                client.sendall(b"x")
            except OSError:
                continue
        assert all(map(is_closed, slow))
        assert answer(place).startswith(b"HTTP/1.1 200")


def test_readers_that_do_not_read_end(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "STALLED_SECONDS", 0.5)
    monkeypatch.setattr(socket, "create_server", _small_buffers(socket.create_server))
    with served(make_app(library)) as (address, server), ExitStack() as stack:
        place = place_of(address)
        stalled = [stack.enter_context(connected(place, LONG, receive=1024)) for _ in range(3)]
        assert all(client.recv(12) == b"HTTP/1.1 200" for client in stalled)
        assert answer(place).startswith(b"HTTP/1.1 200")
        until(lambda: not server.server_state.connections)


def until(true: Callable[[], object]) -> None:
    for _ in range(600):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("never comes true")


def _small_buffers(create: Callable[..., socket.socket]) -> Callable[..., socket.socket]:
    def created(*arguments: object, **options: object) -> socket.socket:
        made = create(*arguments, **options)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        return made

    return created


def test_one_connection_too_many_where_none_waits_is_asked_to_come_back(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "MOST_A_CLIENT", 2)
    with served(make_app(library)) as (address, _), ExitStack() as stack:
        place = place_of(address)
        busy = [stack.enter_context(connected(place, BANDS)) for _ in range(2)]
        for client in busy:
            assert client.recv(12) == b"HTTP/1.1 200"
        assert answer(place).startswith(b"HTTP/1.1 503")


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:1", 200),
        ("LOCALHOST", 200),
        ("127.0.0.1", 200),
        ("[::1]:80", 200),
        ("evil.example", 400),
        ("localhost.evil.example", 400),
        ("8.8.8.8", 400),
        ("[", 400),
        ("", 400),
    ],
)
@pytest.mark.slow
def test_only_known_hosts_are_answered(app: Running, host: str, status: int) -> None:
    found, text = fetched(f"{app.address}static/dom.js", Host=host)
    assert found == status
    if status == 400 and host:
        assert "machine's own names and addresses" in text
        assert "maskinens egne navn" in text


def test_the_address_of_a_connection_is_known_and_so_is_the_host_listened_on() -> None:
    async def refusal(scope: object, receive: object, send: object) -> None:
        raise PermissionError

    async def app(scope: object, receive: object, send: object) -> None:
        return None

    def ask(host: str, server: str) -> bool:
        scope = {"type": "http", "headers": [(b"host", host.encode())], "server": (server, 80)}
        guard = KnownHosts(app, "class.example", refusal)
        try:
            guard(scope, None, None).send(None)  # type: ignore[arg-type]
        except StopIteration:
            return True
        except PermissionError:
            return False
        raise AssertionError

    assert ask("192.168.7.4:8765", "192.168.7.4")
    assert ask("[fd00::7]:8765", "fd00::7")
    assert ask("class.example:8765", "10.0.0.1")
    assert not ask("192.168.7.4:8765", "192.168.7.5")
    assert not ask("example:8765", "10.0.0.1")


def test_where_a_server_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "_own_address", lambda version_6: "fd00::2" if version_6 else "192.168.7.4")
    assert addresses("127.0.0.1", 80) == ("http://127.0.0.1:80/", "")
    assert addresses("0.0.0.0", 80) == ("http://127.0.0.1:80/", "http://192.168.7.4:80/")
    assert addresses("::", 80) == ("http://[::1]:80/", "http://[fd00::2]:80/")
    assert addresses("::1", 80) == ("http://[::1]:80/", "")
    assert addresses("10.0.0.7", 80) == ("http://10.0.0.7:80/",) * 2


@pytest.mark.slow
def test_every_answer_has_the_usual_headers(app: Running) -> None:
    place = place_of(app.address)
    for path in (b"/", b"/static/dom.js", b"/nothing", b"/static/nothing", b"/view"):
        head = answer(place, SMALL.replace(b"/static/dom.js", path)).partition(b"\r\n\r\n")[0].decode()
        for name, value in HEADERS.items():
            assert head.count(f"{name.lower()}: {value}") == 1, path
    assert "unsafe" not in head
