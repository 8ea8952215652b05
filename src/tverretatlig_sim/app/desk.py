"""How requests are answered: in the language asked for, each in its turn; and what the form asks."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from functools import partial

from jinja2 import Template
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from tverretatlig_sim.app.briefs import LONGEST_FILE, Briefs, glances, overlay_file, restored
from tverretatlig_sim.app.change import FORMATS, Form
from tverretatlig_sim.app.library import Library
from tverretatlig_sim.app.query import page_language, read_change
from tverretatlig_sim.app.scheduler import Scheduler, visitor
from tverretatlig_sim.app.simulation import Simulator
from tverretatlig_sim.app.view import Document
from tverretatlig_sim.errors import TverretatligError
from tverretatlig_sim.i18n import label, use_language
from tverretatlig_sim.show import office


class Desk:
    """Where requests come in.

    Attributes:
        library: what can be chosen.
        simulator: simulates it.
        scheduler: says when.
    """

    def __init__(self, library: Library) -> None:
        """Take no request yet.

        Args:
            library: what can be chosen.
        """
        self.library, self.simulator, self.scheduler = library, Simulator(library), Scheduler()

    def heard(self, request: Request) -> str:
        """The query of a request, from now on answered in its language and in its visitor's turn."""
        query: str = request.scope["query_string"].decode("latin-1")
        # The address names the language, else the browser does; every request has a context of its own.
        use_language(page_language(query, request.headers.get("accept-language", "")))
        visitor.set(request.client.host if request.client else "")
        return query

    def asked(self, path: str, respond: Callable[[str], Response]) -> Route:
        """A path that somebody waits at, answered by what is made of the query."""

        async def answer(request: Request) -> Response:
            query = self.heard(request)
            return await self.scheduler.interactive(lambda: respond(query))

        return Route(path, answer)

    def streamed(self, documents: AsyncIterator[Document]) -> Response:
        """Documents as server-sent events, each when it is there; the first may say that others wait."""
        events = _events(self.scheduler.stream(documents, {"waiting": True}))
        return StreamingResponse(events, media_type="text/event-stream")


async def _events(documents: AsyncIterator[Document]) -> AsyncIterator[str]:
    async for document in documents:
        yield f"data: {json.dumps(document, allow_nan=False)}\n\n"


class FormRoutes:
    """Answers what the form asks."""

    def __init__(self, desk: Desk, template: Template) -> None:
        """Answer nothing yet.

        Args:
            desk: where requests come in.
            template: of the page.
        """
        self._desk, self._template, self._briefs = desk, template, Briefs(desk.library)

    def routes(self) -> list[Route]:
        """Of the page, what lines do and give, their file both ways, and the brief."""
        return [
            self._desk.asked("/change", self._page),
            self._of("/change/said", lambda form: JSONResponse(form.said())),
            self._of("/change/glance", self._glances),
            self._of("/change/file", _file),
            Route("/change/file", self._restore, methods=["POST"]),
            self._of("/brief/making", self._making),
            Route("/brief", self._brief),
        ]

    def _of(self, path: str, respond: Callable[[Form], Response]) -> Route:
        """A path answered by what is made of the form that the query asks for."""
        library = self._desk.library
        return self._desk.asked(path, lambda query: respond(Form(read_change(query, library)[0], library)))

    def _page(self, query: str) -> Response:
        choice, notices = read_change(query, self._desk.library)
        return HTMLResponse(self._template.render(Form(choice, self._desk.library).page(notices)))

    def _glances(self, form: Form) -> Response:
        return self._desk.streamed(glances(form, self._desk.simulator, self._desk.scheduler))

    def _making(self, form: Form) -> Response:
        return self._desk.streamed(self._briefs.making(form.choice, self._desk.scheduler))

    async def _restore(self, request: Request) -> Response:
        choice, _notices = read_change(self._desk.heard(request), self._desk.library)
        text = b""
        async for part in request.stream():
            text += part
            if len(text) > LONGEST_FILE:
                return JSONResponse({"fault": label("change.file.long")})
        work = partial(restored, text, choice, self._desk.library)
        return JSONResponse(await self._desk.scheduler.interactive(work))

    async def _brief(self, request: Request) -> Response:
        choice, _notices = read_change(self._desk.heard(request), self._desk.library)
        kind = request.query_params.get("format", "html")
        if kind not in FORMATS:
            return PlainTextResponse(label("app.missing"), 404)
        ending = f".{kind}"
        try:
            office.check(ending)
            work = partial(self._briefs.file, choice, ending)
            data = await self._desk.scheduler.background(work, long=True)
        except TverretatligError as error:
            return PlainTextResponse(str(error), 422)
        return download(data, label("change.file") + ending, FORMATS[kind])


def _file(form: Form) -> Response:
    name = label("change.file")
    return download(overlay_file(form, name), f"{name}.toml", "application/toml")


def download(data: bytes, name: str, kind: str) -> Response:
    """A file that the browser puts where downloads go."""
    return Response(data, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
