"""How requests are answered: in the language asked for, each in its turn; as pages, streams and files."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from tverretatlig_sim.app.library import Library
from tverretatlig_sim.app.query import page_language
from tverretatlig_sim.app.scheduler import Scheduler, visitor
from tverretatlig_sim.app.simulation import Simulator
from tverretatlig_sim.app.view import Document
from tverretatlig_sim.i18n import use_language


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
        waiting: Document = {"waiting": True}
        events = _events(self.scheduler.stream(documents, waiting))
        return StreamingResponse(events, media_type="text/event-stream")


async def _events(documents: AsyncIterator[Document]) -> AsyncIterator[str]:
    async for document in documents:
        yield f"data: {json.dumps(document, allow_nan=False)}\n\n"


def download(data: bytes, name: str, kind: str) -> Response:
    """A file that the browser puts where downloads go."""
    return Response(data, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
