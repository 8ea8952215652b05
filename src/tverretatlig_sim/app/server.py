"""The app as a web server: one page, its parts as JSON, and files; nothing is kept of who asks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from tverretatlig_sim.app.accepted import preferred
from tverretatlig_sim.app.choice import Choice
from tverretatlig_sim.app.desk import Desk
from tverretatlig_sim.app.library import Library
from tverretatlig_sim.app.offers import switches
from tverretatlig_sim.app.page import page
from tverretatlig_sim.app.reading import read
from tverretatlig_sim.app.view import Document, stories, view
from tverretatlig_sim.i18n import LANGUAGES, label, use_language

HERE = Path(__file__).parent
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""No page loads anything from elsewhere or runs a script that a name carries, and nothing is remembered.

The page evaluates no text. That it may is for the tools that test pages; it opens nothing, as no script but
the app's own can run."""


def make_app(library: Library) -> Starlette:
    """The app over a library, ready to be served.

    Args:
        library: what can be chosen.
    """
    desk = Desk(library)
    template = _template()

    async def show(request: Request) -> Response:
        def made() -> str:
            choice, notices = _read(request, library)
            use_language(choice.language)
            return template.render(page(choice, notices, library))

        return HTMLResponse(await desk.at_once(made), headers=HEADERS)

    async def bands(request: Request) -> Response:
        choice = (await desk.at_once(lambda: _read(request, library)))[0]
        use_language(choice.language)  # for the threads that are started from here
        return StreamingResponse(desk.bands(choice), media_type="text/event-stream", headers=HEADERS)

    def document(make: Callable[[Choice], Document]) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            def made() -> Document:
                choice, notices = _read(request, library)
                use_language(choice.language)
                found = make(choice)
                said = [*notices, *found.pop("notices", [])]
                return {"choice": choice.fields(), "notices": said, **found}

            return JSONResponse(await desk.at_once(made), headers=HEADERS)

        return answer

    routes = [
        Route("/", show),
        Route("/view", document(lambda choice: view(choice, desk.histories, library))),
        Route("/story", document(lambda choice: stories(choice, desk.histories, library))),
        Route("/levers", document(lambda choice: switches(choice, desk.offers))),
        Route("/bands", bands),
        Mount("/static", StaticFiles(directory=HERE / "static")),
    ]
    # Event streams are not compressed, so each event is sent at once.
    middleware = [Middleware(GZipMiddleware, minimum_size=2000, compresslevel=5)]
    return Starlette(routes=routes, middleware=middleware, exception_handlers={404: _missing, 500: _failed})


def _read(request: Request, library: Library) -> tuple[Choice, list[str]]:
    accepted = preferred(request.headers.get("accept-language", ""))
    return read(request.scope["query_string"].decode("latin-1"), library, accepted)


def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template("page.html")


async def _missing(request: Request, error: Exception) -> Response:
    return _plain("app.missing", 404)


async def _failed(request: Request, error: Exception) -> Response:
    return _plain("app.failed", 500)


def _plain(key: str, status: int) -> Response:
    return PlainTextResponse("\n".join(_in(code, key) for code in LANGUAGES), status, headers=HEADERS)


def _in(code: str, key: str) -> str:
    with use_language(code):
        return label(key)
