"""A class that takes part: what it is asked, and what its phones answer. Nothing leaves this process.

``Classroom`` says what may be done; ``Room`` lets browsers do it.
"""

from __future__ import annotations

import io
import json
import secrets
from asyncio import Event
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Literal, TypeVar

import segno
from anyio import move_on_after, sleep
from jinja2 import Environment, Template
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import (
    HTMLResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from tverretatlig_sim.app.query import page_language
from tverretatlig_sim.app.view import Document
from tverretatlig_sim.errors import TverretatligError
from tverretatlig_sim.i18n import current_language, label, use_language

MOST_SEATS = 200
"""Participants."""
MOST_CHANGES = 20
"""Times that a participant may send an answer to one question; the last one counts."""
MOST_QUESTIONS = 64
"""Questions whose answers are kept; beyond, the one asked longest ago is forgotten."""
MOST_BYTES = 8192
"""Of what is sent at once."""
LETTERS = "ACDEFHJKMNPRTUVWXY34679"
"""Of the code, none that looks like another."""
CODE_LETTERS = 4
PAUSE = 0.2
"""Least time in seconds between two pictures of the class, so that many answers at once make few."""
SIGN_OF_LIFE = 15.0
"""Longest time in seconds between two, so that it shows who has gone."""
PAGE_WORDS = "wait send sent closed failed"
BOARD_WORDS = "join people answers show hands agreed done renew unreachable"
"""Labels (``class.…``) that the scripts of phones and projector place."""

S = TypeVar("S", bound="Sent")
Text = Annotated[str, Field(min_length=1, max_length=300)]
Number = Annotated[int, Field(ge=0, le=1000, strict=True)]
Value = Number | Annotated[tuple[Number, ...], Field(max_length=12)]
"""Place of the choice, or how many get to each stage."""


class RefusedError(TverretatligError):
    """What was asked of the class cannot be had.

    Attributes:
        key: of the label (``class.refused.…``) that says why.
        status: of the answer.
    """

    def __init__(self, key: str, status: int) -> None:
        super().__init__(key)
        self.key, self.status = key, status


class Sent(BaseModel):
    """Something that a browser sent."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Question(Sent):
    """What the class is asked.

    Attributes:
        id: under which its answers are kept.
        kind: ``choice`` (one of several) or ``funnel`` (how many get to each stage).
        text: the question.
        labels: the choices, or the stages.
        most: number at the first stage of a funnel.
        open: whether answers are taken.
    """

    id: Text
    kind: Literal["choice", "funnel"]
    text: Text
    labels: Annotated[tuple[Text, ...], Field(min_length=2, max_length=12)]
    most: Number = 100
    open: bool = True

    def fits(self, value: Value) -> bool:
        """Whether a value is an answer to it."""
        if self.kind == "choice":
            return isinstance(value, int) and value < len(self.labels)
        return isinstance(value, tuple) and len(value) == len(self.labels) and max(value) <= self.most


class Asked(Sent):
    """The question that the class is asked from now on, if any."""

    question: Question | None


class Answer(Sent):
    """A participant's answer to a question."""

    id: Text
    value: Value


@dataclass
class Sheet:
    """Answers to a question by seat, and how often each seat has sent one."""

    answers: dict[str, Value] = field(default_factory=dict)
    sent: Counter[str] = field(default_factory=Counter)


class Classroom:
    """Seats, the question asked, and the answers. A seat is a random token that stands for nobody."""

    def __init__(self) -> None:
        """An empty one."""
        self.key = secrets.token_urlsafe(16)
        self.renew()

    def renew(self) -> None:
        """Everybody leaves, all answers are forgotten, and there is a new code."""
        self.code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LETTERS))
        self._seats: set[str] = set()
        self._sheets: OrderedDict[str, Sheet] = OrderedDict()
        self.question: Question | None = None

    def join(self, code: str, seat: str = "") -> str:
        """Take a seat.

        Args:
            code: as it was typed.
            seat: that was taken before, if any.

        Raises:
            RefusedError: the code is wrong, or all seats are taken.
        """
        if seat in self._seats:
            return seat
        if not _same(code.strip().upper(), self.code):
            raise RefusedError("code", 403)
        if len(self._seats) >= MOST_SEATS:
            raise RefusedError("full", 503)
        taken = secrets.token_urlsafe(16)
        self._seats.add(taken)
        return taken

    def check_key(self, key: str) -> None:
        """Let the teacher pass.

        Raises:
            RefusedError: the key is another one.
        """
        if not _same(key, self.key):
            raise RefusedError("key", 403)

    def ask(self, question: Question | None) -> None:
        """Ask the class something, or go on without a question; earlier answers to it still count."""
        self.question = question
        if question is not None:
            self._sheets.setdefault(question.id, Sheet())
            self._sheets.move_to_end(question.id)
            while len(self._sheets) > MOST_QUESTIONS:
                self._sheets.popitem(last=False)

    def answer(self, seat: str, answer: Answer) -> None:
        """Take an answer; it replaces the seat's earlier one.

        Raises:
            RefusedError: there is no such seat, the question is over, the answer does not fit, or it has been
                changed too often.
        """
        self.check_seat(seat)
        if self.question is None or self.question.id != answer.id or not self.question.open:
            raise RefusedError("over", 409)
        if not self.question.fits(answer.value):
            raise RefusedError("sense", 400)
        sheet = self._sheets[answer.id]
        if sheet.sent[seat] >= MOST_CHANGES:
            raise RefusedError("changes", 429)
        sheet.sent[seat] += 1
        sheet.answers[seat] = answer.value

    def check_seat(self, seat: str) -> None:
        """Let a participant pass.

        Raises:
            RefusedError: nobody has this seat.
        """
        if seat not in self._seats:
            raise RefusedError("seat", 403)

    def seen_from(self, seat: str) -> Document:
        """What a phone shows: the question, and the seat's own answer.

        Raises:
            RefusedError: nobody has this seat any longer.
        """
        self.check_seat(seat)
        if self.question is None:
            return {"question": None, "mine": None}
        return {
            "question": self.question.model_dump(),
            "mine": self._sheets[self.question.id].answers.get(seat),
        }

    def seen_by_teacher(self) -> Document:
        """What the projector shows: who takes part, and the answers.

        Returns:
            ``code``, ``people``, the question's ``id`` and number of ``answers``; and ``counts`` of each
            choice or the ``funnels``.
        """
        shown: Document = {"code": self.code, "people": len(self._seats), "id": "", "answers": 0}
        if self.question is not None:
            answers = list(self._sheets[self.question.id].answers.values())
            shown |= {"id": self.question.id, "answers": len(answers)}
            if self.question.kind == "funnel":
                shown["funnels"] = answers
            else:
                shown["counts"] = [answers.count(place) for place in range(len(self.question.labels))]
        return shown


def _same(one: str, other: str) -> bool:
    """Compares in a time that tells nothing."""
    return secrets.compare_digest(one.encode(), other.encode())


class Room:
    """A classroom that browsers can enter; it tells them when something has changed."""

    def __init__(self, classroom: Classroom, address: str, *, reachable: bool) -> None:
        """Let browsers in.

        Args:
            classroom: what is in it.
            address: of the phones' page, without the code.
            reachable: whether phones can reach it.
        """
        self.classroom, self.address, self.reachable = classroom, address, reachable
        self._changed = Event()

    def board(self) -> Document:
        """What the projector shows, in the current language."""
        return {"address": self.address, "reachable": self.reachable, "words": _words(BOARD_WORDS)}

    def routes(self, environment: Environment) -> list[Route]:
        """Pages and answers.

        Args:
            environment: has the template of the phones' page.
        """
        template = environment.get_template("class.html")
        return [
            _route("/class", partial(self._enter, template)),
            _route("/class/follow", self._follow),
            _route("/class/answer", self._answer, "POST"),
            _route("/class/lead/{key}", self._lead),
            _route("/class/board", self._board),
            _route("/class/ask", self._ask, "POST"),
            _route("/class/renew", self._renew, "POST"),
            _route("/class/code.svg", self._code),
        ]

    # --- for phones

    async def _enter(self, template: Template, request: Request) -> Response:
        code, refused, status, seat = request.query_params.get("code", ""), "", 200, ""
        try:
            seat = self.classroom.join(code, _seat(request))
        except RefusedError as refusal:
            if code:
                refused, status = _reason(refusal), refusal.status
        page = {"lang": current_language(), "label": label, "seat": seat, "refused": refused}
        response = HTMLResponse(template.render(page, words=_words(PAGE_WORDS)), status)
        if seat:
            response.set_cookie("seat", seat, path="/class", httponly=True, samesite="strict")
            self._tell()
        return response

    async def _follow(self, request: Request) -> Response:
        seat = _seat(request)
        self.classroom.check_seat(seat)
        return self._stream(lambda: self.classroom.seen_from(seat))

    async def _answer(self, request: Request) -> Response:
        self.classroom.answer(_seat(request), await _read(request, Answer))
        return self._tell()

    # --- for the teacher

    async def _lead(self, request: Request) -> Response:
        """The browser keeps the key and goes on to the story: a projector must not show the address."""
        key = request.path_params["key"]
        self.classroom.check_key(key)
        response = RedirectResponse(f"/?{request.url.query}", 303)
        response.set_cookie("key", key, httponly=True, samesite="strict")
        return response

    async def _board(self, request: Request) -> Response:
        self._check_teacher(request)
        return self._stream(self.classroom.seen_by_teacher)

    async def _ask(self, request: Request) -> Response:
        self._check_teacher(request)
        self.classroom.ask((await _read(request, Asked)).question)
        return self._tell()

    async def _renew(self, request: Request) -> Response:
        self._check_teacher(request)
        self.classroom.renew()
        return self._tell()

    async def _code(self, request: Request) -> Response:
        """The address that takes a phone in, as a picture."""
        self._check_teacher(request)
        drawn = io.BytesIO()
        address = f"{self.address}?code={self.classroom.code}"
        segno.make(address, micro=False).save(drawn, "svg", scale=8, border=2, light="white")
        return Response(drawn.getvalue(), media_type="image/svg+xml")

    def _check_teacher(self, request: Request) -> None:
        self.classroom.check_key(request.cookies.get("key", ""))

    # --- telling

    def _tell(self) -> Response:
        """Something has changed."""
        self._changed.set()
        self._changed = Event()
        return Response(status_code=204)

    def _stream(self, look: Callable[[], Document]) -> Response:
        return StreamingResponse(self.watch(look), media_type="text/event-stream")

    async def watch(self, look: Callable[[], Document]) -> AsyncIterator[str]:
        """Server-sent events: what is seen now, and when it has changed, until one may no longer look."""
        seen: Document | None = None
        while True:
            changed = self._changed
            try:
                now = look()
            except RefusedError:
                return
            # A line without content shows whether the other side is still there.
            yield f"data: {json.dumps(now)}\n\n" if now != seen else ":\n\n"
            seen = now
            await sleep(PAUSE)
            with move_on_after(SIGN_OF_LIFE):
                await changed.wait()


def _seat(request: Request) -> str:
    return request.cookies.get("seat", "")


def _reason(refusal: RefusedError) -> str:
    return label(f"class.refused.{refusal.key}")


def _words(keys: str) -> dict[str, str]:
    return {key: label(f"class.{key}") for key in keys.split()}


def _route(path: str, answer: Callable[[Request], Awaitable[Response]], method: str = "GET") -> Route:
    async def answered(request: Request) -> Response:
        query = request.scope["query_string"].decode("latin-1")
        use_language(page_language(query, request.headers.get("accept-language", "")))
        try:
            return await answer(request)
        except RefusedError as refusal:
            return PlainTextResponse(_reason(refusal), refusal.status)

    return Route(path, answered, methods=[method])


async def _read(request: Request, kind: type[S]) -> S:
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST_BYTES:
                raise RefusedError("long", 413)
        return kind.model_validate_json(body)
    except (ClientDisconnect, ValidationError):
        raise RefusedError("sense", 400) from None
