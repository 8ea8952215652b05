"""What the form on which an arrangement is changed asks of the server: a page, answers and files."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from jinja2 import Template
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from tverretatlig_sim.app.briefs import LONGEST_FILE, Briefs, glances, overlay_file, restored
from tverretatlig_sim.app.change import Form
from tverretatlig_sim.app.desk import Desk, download
from tverretatlig_sim.app.query import read_change
from tverretatlig_sim.errors import TverretatligError
from tverretatlig_sim.i18n import label
from tverretatlig_sim.show import office

BRIEF_TYPES = {
    ".html": "text/html",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Kinds of file that a brief comes as."""


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
        ending = f".{request.query_params.get('format', 'html')}"
        if ending not in BRIEF_TYPES:
            return PlainTextResponse(label("app.missing"), 404)
        try:
            office.check(ending)
            work = partial(self._briefs.file, choice, ending)
            data = await self._desk.scheduler.background(work, long=True)
        except TverretatligError as error:
            return PlainTextResponse(str(error), 422)
        return download(data, label("change.file") + ending, BRIEF_TYPES[ending])


def _file(form: Form) -> Response:
    name = label("change.file")
    return download(overlay_file(form, name), f"{name}.toml", "application/toml")
