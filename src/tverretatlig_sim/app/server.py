"""The web server: pages, their parts as JSON, and static files; it keeps nothing about its visitors."""

from __future__ import annotations

import gc
import logging
import signal
import socket
import threading
import webbrowser
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from threading import Timer
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from tverretatlig_sim.app.bands import bands
from tverretatlig_sim.app.classroom import Classroom, Room
from tverretatlig_sim.app.desk import Desk, FormRoutes
from tverretatlig_sim.app.library import DECIMALS, Library, refusal
from tverretatlig_sim.app.network import Connection, KnownHosts, addresses, allow_connections
from tverretatlig_sim.app.page import page
from tverretatlig_sim.app.query import Choice, read
from tverretatlig_sim.app.story import Story, chapters
from tverretatlig_sim.app.story_page import PAPERS, paper, story_page, templates
from tverretatlig_sim.app.view import Document, stories, view
from tverretatlig_sim.errors import TverretatligError
from tverretatlig_sim.i18n import LANGUAGES, current_language, label, reason_of, use_language
from tverretatlig_sim.scenario import Scenario

HERE = Path(__file__).parent
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Of every answer: the page loads nothing from elsewhere, runs no inline script, and nothing is cached."""

STARTS = {"story": "", "dashboard": "dashboard", "change": "change"}
"""Path of each page that the app can open at."""


class AddressError(TverretatligError):
    """The app cannot listen there."""


def make_app(library: Library, story: Story | None = None, room: Room | None = None) -> Starlette:
    """The app over a library, ready to be served.

    Args:
        library: what can be chosen.
        story: what the front page tells; None for the usual one.
        room: for a class that takes part; without, nothing can be written.
    """
    desk, story = Desk(library), story or Story()
    simulator, scheduler = desk.simulator, desk.scheduler
    page_of = {
        name: templates().get_template(f"{name}.html") for name in ("page", "story", "change", *PAPERS)
    }

    def chosen(path: str, respond: Callable[[Choice, list[str]], Response]) -> Route:
        return desk.asked(path, lambda query: respond(*read(query, library)))

    def document(path: str, make: Callable[[Choice], Document]) -> Route:
        def respond(choice: Choice, notices: list[str]) -> Response:
            content = make(choice)
            notices = [*notices, *content.pop("notices", [])]
            return JSONResponse({"choice": choice.fields(), "notices": notices, **content})

        return chosen(path, respond)

    def stream(path: str, documents: Callable[[Choice], AsyncIterator[Document]]) -> Route:
        return chosen(path, lambda choice, _notices: desk.streamed(documents(choice)))

    def shown(path: str, name: str, variables: Callable[[Choice, list[str]], Document]) -> Route:
        return chosen(path, lambda *asked: HTMLResponse(page_of[name].render(variables(*asked))))

    def opening(choice: Choice, _notices: list[str]) -> Document:
        return story_page(story, choice.theme) | {"board": room and room.board()}

    routes = [
        shown("/", "story", opening),
        stream("/journey", lambda _: chapters(story, scheduler, current_language())),
        *(shown(f"/{name}", name, lambda *_, name=name: paper(name)) for name in PAPERS),
        shown("/dashboard", "page", lambda choice, notices: page(choice, notices, library)),
        document("/view", lambda choice: view(choice, simulator)),
        document("/story", lambda choice: stories(choice, simulator)),
        document("/levers", lambda choice: switches(choice, library)),
        stream("/bands", lambda choice: bands(choice, simulator, scheduler)),
        *FormRoutes(desk, page_of["change"]).routes(),
        *(room.routes(templates()) if room else ()),
        Mount("/static", StaticFiles(directory=HERE / "static")),
    ]
    # Event streams are not compressed, so each event is sent at once.
    middleware = [Middleware(GZipMiddleware, minimum_size=2000, compresslevel=5)]
    errors: Mapping[Any, Callable[[Request, Exception], Awaitable[Response]]] = {
        404: failure("app.missing", 404),
        500: failure("app.failed", 500),
        ClientDisconnect: failure("app.failed", 400),  # nobody is there to read it
    }
    return Starlette(routes=routes, middleware=middleware, exception_handlers=errors)


def switches(choice: Choice, library: Library) -> Document:
    """Whether each lever and dial is on, why it is not available, and where dials stand, by side and name.

    Args:
        choice: what is chosen.
        library: what can be chosen.
    """
    document: Document = {}
    for side, arrangement in choice.sides.items():
        refused = library.refusals(arrangement)
        reasons = {name: label("app.not_here", reason=refusal(error)) for name, error in refused.items()}
        document[side] = {
            name: {"on": name in arrangement.names, "reason": reasons.get(name, "")}
            for name in (*library.levers, *library.dials)
        }
        for name, value in library.standing(arrangement).items():
            document[side][name]["stands"] = round(value, DECIMALS)
    return document


def failure(key: str, status: int) -> Callable[[Request, Exception], Awaitable[Response]]:
    """What handles a failure: it answers in all languages."""

    async def answer(request: Request, error: Exception) -> Response:
        return refusal_page(key, status)

    return answer


def refusal_page(key: str, status: int) -> Response:
    """A label in all languages."""
    lines = []
    for code in LANGUAGES:
        with use_language(code):
            lines.append(label(key))
    return PlainTextResponse("\n".join(lines), status)


def serve(
    own: Sequence[Scenario],
    host: str,
    port: int,
    *,
    browser: bool,
    start: str,
    classroom: bool,
    announce: Callable[[str, str, str], None],
    language: str | None = None,
) -> None:
    """Serve the app until it is stopped.

    Args:
        own: scenarios besides the shipped ones.
        host: name or address to listen on.
        port: 0 for any that is free.
        browser: whether to open the page.
        start: page that the address is of, one of ``STARTS``.
        classroom: whether a class takes part. The first address announced is then the teacher's alone, and
            the second one leads phones to where they type the code.
        announce: called as soon as the page can be visited, with its address on this machine and in the
            network (empty if it cannot be visited from there), and the code of the class, if any.
        language: that the address names; None for the browser's own.

    Raises:
        AddressError: the address does not exist here, or the port is taken or not allowed.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        raise AddressError(reason_of(error)) from error
    allow_connections()
    here, there = addresses(host, listening.getsockname()[1])
    asked = f"?lang={language}" if language else ""
    room, code = None, ""
    if classroom:
        room = Room(Classroom(), f"{there or here}class", reachable=bool(there))
        here, there = f"{here}class/lead/{room.classroom.key}{asked}", room.address
        code = room.classroom.code
    else:
        here, there = (each and each + STARTS[start] + asked for each in (here, there))
    library = Library(own)
    library.scenarios, library.levers, library.dials  # noqa: B018 - read before the first visitor waits for it
    gc.freeze()  # what stays is not looked through for garbage, which takes a tenth of a second of an answer

    def ready() -> None:
        announce(here, there, code)
        if browser:
            opening = Timer(0.5, webbrowser.open, [here])
            opening.daemon = True
            opening.start()

    _run(server_of(make_app(library, room=room), host), listening, ready)


def server_of(app: ASGIApp, host: str) -> uvicorn.Server:
    """The server of an app that listens on a host: with the usual headers, and on its guard.

    Args:
        app: answers requests.
        host: as the user names it.
    """
    guarded = KnownHosts(app, host, refusal_page("app.foreign", 400))
    config = uvicorn.Config(
        guarded, http=Connection, headers=list(HEADERS.items()), log_level="error", lifespan="off",
        server_header=False, proxy_headers=False, ws="none", timeout_graceful_shutdown=1,
    )  # fmt: skip
    return uvicorn.Server(config)


def _run(server: uvicorn.Server, listening: socket.socket, ready: Callable[[], None]) -> None:
    """Run a server until a signal ends it, which is heard once the server has ended.

    uvicorn raises the signal again while pages are still open, and takes their end for faults of the app.
    """
    heard: list[int] = []

    def stop(number: int, _frame: object) -> None:
        heard.append(number)
        server.should_exit = True  # uvicorn may not listen yet

    own = threading.current_thread() is threading.main_thread()
    before = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM) if own}
    log = logging.getLogger("uvicorn.error")
    log.addFilter(quiet := lambda _record: not server.should_exit)
    try:
        ready()
        server.run(sockets=[listening])
    finally:
        log.removeFilter(quiet)
        for each, handler in before.items():
            signal.signal(each, handler)
    for number in heard[:1]:
        signal.raise_signal(number)
