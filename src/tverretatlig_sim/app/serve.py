"""Starting the app on this machine."""

from __future__ import annotations

import socket
import webbrowser
from collections.abc import Callable, Sequence
from threading import Timer

import uvicorn

from tverretatlig_sim.app.library import Library
from tverretatlig_sim.app.server import make_app
from tverretatlig_sim.errors import TverretatligError
from tverretatlig_sim.i18n import reason_of
from tverretatlig_sim.scenario import Scenario

MOST_CONNECTIONS = 400
"""Connections held at once; more are told to come back."""


class AddressError(TverretatligError):
    """The app cannot listen there."""


def serve(
    own: Sequence[Scenario],
    host: str,
    port: int,
    *,
    browser: bool,
    announce: Callable[[str], None],
    language: str | None = None,
) -> None:
    """Serve the app until it is stopped.

    Args:
        own: scenarios besides the shipped ones.
        host: name or address to listen on.
        port: 0 for any that is free.
        browser: whether to open the page.
        announce: told the page's address as soon as it can be visited.
        language: that the address names; None for the browser's own.

    Raises:
        AddressError: the address does not exist here, or the port is taken or not allowed.
    """
    listening = _listen(host, port)
    address = _address(host, listening.getsockname()[1]) + (f"?lang={language}" if language else "")
    library = Library(own)
    library.scenarios, library.levers, library.dials  # noqa: B018 - read before the first visitor waits for it
    app = make_app(library)
    config = uvicorn.Config(
        app, log_level="warning", lifespan="off", server_header=False, ws="none",
        limit_concurrency=MOST_CONNECTIONS, timeout_graceful_shutdown=1,
    )  # fmt: skip
    announce(address)
    if browser:
        opening = Timer(0.5, webbrowser.open, [address])
        opening.daemon = True
        opening.start()
    uvicorn.Server(config).run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
            listening.listen(128)
        except OSError:
            listening.close()
            raise
    except OSError as error:
        raise AddressError(reason_of(error)) from error
    return listening


def _address(host: str, port: int) -> str:
    shown = "127.0.0.1" if host in {"0.0.0.0", "::", ""} else host
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/"
