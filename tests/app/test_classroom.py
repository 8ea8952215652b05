"""A class takes part: who may do what, exactly; thirty phones at once; and what no phone can do."""

from __future__ import annotations

import http.client
import json
import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from importlib.resources import files
from threading import Barrier
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import pytest

from tverretatlig_sim.app.classroom import (
    CODE_LETTERS,
    LETTERS,
    MOST_BYTES,
    MOST_CHANGES,
    MOST_QUESTIONS,
    MOST_SEATS,
    Answer,
    Classroom,
    Question,
    RefusedError,
    Room,
    Value,
)
from tverretatlig_sim.app.library import Library
from tverretatlig_sim.app.server import make_app
from tverretatlig_sim.app.story import Story

from .conftest import TIMEOUT, Running, ended, served, started

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PHONES = 30
PROJECTOR: Any = {"viewport": {"width": 1280, "height": 720}}
PHONE: Any = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def question(kind: Literal["choice", "funnel"] = "choice", name: str = "q", *, open: bool = True) -> Question:
    return Question(id=name, kind=kind, text="?", labels=("a", "b", "c"), open=open)


@contextmanager
def refused(status: int) -> Iterator[None]:
    with pytest.raises(RefusedError) as found:
        yield
    assert found.value.status == status


def test_the_last_answer_of_each_seat_counts() -> None:
    room = Classroom()
    one, other = room.join(room.code.lower()), room.join(f" {room.code} ")
    assert one != other
    assert room.join("whatever", one) == one
    room.ask(question())
    for seat, value in ((one, 0), (other, 2), (one, 2), (one, 1)):
        room.answer(seat, Answer(id="q", value=value))
    assert room.seen_by_teacher() == {
        "code": room.code, "people": 2, "id": "q", "answers": 2, "counts": [0, 1, 1],
    }  # fmt: skip
    assert room.seen_from(one) == {"question": question().model_dump(), "mine": 1}


def test_answers_wait_while_another_question_is_asked() -> None:
    room = Classroom()
    seat = room.join(room.code)
    room.ask(question("funnel", "drawn"))
    room.answer(seat, Answer(id="drawn", value=(100, 50, 5)))
    room.ask(question("choice", "next"))
    assert room.seen_by_teacher()["answers"] == 0
    assert room.seen_from(seat)["mine"] is None
    room.ask(None)
    assert room.seen_from(seat) == {"question": None, "mine": None}
    assert room.seen_by_teacher()["id"] == ""
    room.ask(question("funnel", "drawn", open=False))
    assert room.seen_by_teacher()["funnels"] == [(100, 50, 5)]
    for number in range(MOST_QUESTIONS):
        room.ask(question(name=str(number)))
    room.ask(question("funnel", "drawn"))
    assert room.seen_by_teacher()["funnels"] == []


def test_what_is_refused() -> None:
    room = Classroom()
    assert len(room.code) == CODE_LETTERS
    assert set(room.code) <= set(LETTERS)
    seat = room.join(room.code)
    for code in ("", "0000", room.code + "A", "Ø", room.key):
        with refused(403):
            room.join(code)
    with refused(403):
        room.check_key(room.code)
    with refused(409):
        room.answer(seat, Answer(id="q", value=0))  # nothing is asked
    room.ask(question())
    with refused(403):
        room.answer("nobody", Answer(id="q", value=0))
    with refused(409):
        room.answer(seat, Answer(id="earlier", value=0))
    unfit: list[tuple[Literal["choice", "funnel"], Value]] = [
        ("choice", 3), ("choice", (1, 2, 3)), ("funnel", 1), ("funnel", (1, 2)), ("funnel", (101, 2, 1)),
    ]  # fmt: skip
    for kind, value in unfit:
        room.ask(question(kind))
        with refused(400):
            room.answer(seat, Answer(id="q", value=value))
    room.ask(question())
    for _ in range(MOST_CHANGES):
        room.answer(seat, Answer(id="q", value=1))
    with refused(429):
        room.answer(seat, Answer(id="q", value=2))
    room.ask(question(open=False))
    with refused(409):
        room.answer(seat, Answer(id="q", value=2))
    assert room.seen_by_teacher()["counts"] == [0, 1, 0]


def test_there_are_so_many_seats_and_a_new_code_empties_them() -> None:
    room = Classroom()
    seats = [room.join(room.code) for _ in range(MOST_SEATS)]
    with refused(503):
        room.join(room.code)
    room.ask(question())
    room.answer(seats[0], Answer(id="q", value=1))
    key = room.key
    room.renew()
    assert (room.key, room.seen_by_teacher()["people"], room.question) == (key, 0, None)
    with refused(403):
        room.seen_from(seats[0])
    room.ask(question())
    assert room.seen_by_teacher()["counts"] == [0, 0, 0]


@pytest.mark.parametrize(
    "value",
    [
        "true",
        "-1",
        "1001",
        "1.5",
        '"1"',
        "null",
        "[1, 2, null]",
        "[NaN]",
        "1e3",
        str([1] * 13),
        "{}",
        "[[1]]",
    ],
)
def test_what_is_no_answer_is_not_read(value: str) -> None:
    with pytest.raises(ValueError, match="validation"):
        Answer.model_validate_json(f'{{"id": "q", "value": {value}}}')


# --- over the network


@dataclass
class Visitor:
    """A browser that keeps its cookies."""

    place: str
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def _headers(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}

    def ask(self, path: str, sent: object = None) -> tuple[int, str]:
        """Status and text; what is sent is sent as JSON, bytes as they are."""
        connection = http.client.HTTPConnection(self.place, timeout=60)
        body = sent if isinstance(sent, bytes) or sent is None else json.dumps(sent).encode()
        connection.request("GET" if body is None else "POST", path, body, self._headers)
        answer = connection.getresponse()
        if cookie := answer.headers.get("Set-Cookie", ""):
            assert "HttpOnly" in cookie
            assert "SameSite=strict" in cookie
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def events(self, path: str) -> Iterator[Any]:
        """What a stream says, one after the other."""
        connection = http.client.HTTPConnection(self.place, timeout=60)
        connection.request("GET", path, None, self._headers)
        with closing(connection), connection.getresponse() as answer:
            assert answer.status == 200
            for line in answer:
                if line.startswith(b"data: "):
                    yield json.loads(line[6:])


@dataclass(frozen=True)
class Class:
    """An app with a class."""

    running: Running
    code: str
    teacher: Visitor

    def visitor(self) -> Visitor:
        return Visitor(self.teacher.place)

    def phone(self) -> Visitor:
        """One that has joined."""
        phone = self.visitor()
        assert phone.ask(f"/class?code={self.code}")[0] == 200
        return phone

    def asks(self, asked: Question | None) -> None:
        assert self.teacher.ask("/class/ask", {"question": asked and asked.model_dump()})[0] == 204

    def board(self) -> Any:
        return next(self.teacher.events("/class/board"))


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Class]:
    running = started("--class", "--host", "127.0.0.1", cwd=tmp_path_factory.mktemp("class"))
    assert running.process.stdout is not None
    found = re.search(r"(http://\S+)/class and the code (\w+)", running.process.stdout.readline())
    assert found
    parts = urlsplit(running.address)
    teacher = Visitor(parts.netloc)
    assert found[1] == f"http://{parts.netloc}"
    assert teacher.ask(parts.path)[0] == 303
    yield Class(running, found[2], teacher)
    said = ended(running)
    assert said == "Ctrl-C stops it.\n"


@pytest.mark.slow
def test_thirty_phones_join_vote_and_draw(room: Class) -> None:
    room.asks(question("choice", "vote"))
    before, together = room.board()["people"], Barrier(PHONES + 1)

    def take_part(number: int) -> Visitor:
        together.wait(60)
        phone = room.phone()
        seen = phone.events("/class/follow")
        assert next(seen)["question"]["id"] == "vote"
        assert phone.ask("/class/answer", {"id": "vote", "value": number % 3})[0] == 204
        assert phone.ask("/class/answer", {"id": "vote", "value": 0})[0] == 204
        together.wait(60)
        asked = next(now for now in seen if now["question"] and now["question"]["id"] == "draw")
        assert asked == {"question": question("funnel", "draw").model_dump(mode="json"), "mine": None}
        assert phone.ask("/class/answer", {"id": "draw", "value": [100, number, 0]})[0] == 204
        return phone

    with ThreadPoolExecutor(PHONES) as pool:
        phones = [pool.submit(take_part, number) for number in range(PHONES)]
        together.wait(60)
        together.wait(60)
        found = next(seen for seen in room.teacher.events("/class/board") if seen["counts"][0] == PHONES)
        assert found["people"] - before == PHONES
        assert found["counts"] == [PHONES, 0, 0]
        room.asks(question("funnel", "draw"))
        assert len({phone.result(60).cookies["seat"] for phone in phones}) == PHONES
    assert sorted(room.board()["funnels"]) == [[100, number, 0] for number in range(PHONES)]


@pytest.mark.slow
def test_what_no_phone_can_do(room: Class) -> None:
    room.asks(question("choice", "abuse"))
    phone, stranger = room.phone(), room.visitor()
    for path in ("/class/board", "/class/code.svg", "/class/lead/wrong", "/class/lead/%ff%00"):
        assert phone.ask(path)[0] == 403
    for cookies in ({}, {"key": "wrong"}, {"key": phone.cookies["seat"]}):
        intruder = Visitor(phone.place, cookies)
        assert intruder.ask("/class/ask", {"question": None})[0] == 403
        assert intruder.ask("/class/renew", {})[0] == 403
    assert stranger.ask("/class/answer", {"id": "abuse", "value": 0})[0] == 403
    assert stranger.ask("/class/follow")[0] == 403
    status, page = stranger.ask("/class?code=%3Cb%3Ewrong")
    assert status == 403
    assert "not the code on the screen" in page
    assert "<b>" not in page
    assert "seat" not in stranger.cookies
    for body in (b"", b"{", b"[" * 5000, b'{"id": "abuse", "value": 1, "more": 2}', b"\xff"):
        assert phone.ask("/class/answer", body)[0] == 400
    assert phone.ask("/class/answer", b"x" * (MOST_BYTES + 1))[0] == 413
    for value in (3, -1, [1, 2, 3], "0"):
        assert phone.ask("/class/answer", {"id": "abuse", "value": value})[0] == 400
    with ThreadPoolExecutor(8) as pool:
        many = pool.map(lambda _: phone.ask("/class/answer", {"id": "abuse", "value": 1})[0], range(300))
    assert {*many} <= {204, 429}
    assert room.board()["counts"] == [0, 1, 0]
    too_many = {**question().model_dump(), "labels": ["a"] * 13}
    assert room.teacher.ask("/class/ask", {"question": too_many})[0] == 400
    assert b"<svg" in room.teacher.ask("/class/code.svg")[1].encode()


@pytest.mark.slow
def test_an_endless_body_is_cut_off_and_a_broken_one_leaves_no_trace(room: Class) -> None:
    host, _, port = room.teacher.place.partition(":")
    head = "POST {} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    with socket.create_connection((host, int(port)), timeout=60) as client:
        client.sendall(head.format("/class/answer").encode())
        sent = 0
        with suppress(OSError):
            while sent < 2**30:
                client.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")
                sent += 65536
    assert sent < 2**30
    for path in ("/class/answer", "/change/file"):  # the app would print a traceback
        with socket.create_connection((host, int(port)), timeout=60) as client:
            client.sendall(head.format(path).encode() + b"5\r\n[1, 2\r\n")
    assert room.visitor().ask("/static/dom.js")[0] == 200


@pytest.mark.slow
def test_without_a_class_nothing_can_be_written(app: Running) -> None:
    reader = Visitor(urlsplit(app.address).netloc)
    for path in ("/class", "/class/board", "/class/lead/x"):
        assert reader.ask(path)[0] == 404
    for path in ("/class/answer", "/class/ask", "/class/renew", "/", "/view", "/static/dom.js"):
        assert reader.ask(path, {})[0] in {404, 405}


# --- seen


@pytest.mark.slow
def test_the_projector_leads_phones_and_shows_what_they_answer(browser: Browser, library: Library) -> None:
    room = Room(Classroom(), "", reachable=True)
    with served(make_app(library, Story(runs=4), room)) as (address, _):
        room.address = f"{address}class"
        projector, phone = (page_of(browser, **size) for size in (PROJECTOR, PHONE))
        projector.goto(f"{address}class/lead/{room.classroom.key}?lang=nb")
        assert room.classroom.key not in projector.url
        phone.goto(f"{address}class?lang=nb")
        phone.locator("#code").fill(room.classroom.code.lower())
        phone.keyboard.press("Enter")
        question = phone.locator("#question")
        question.filter(has_text="Følg med på skjermen").wait_for()
        projector.get_by_role("button", name="Vis QR-koden").click()
        projector.wait_for_function("() => document.querySelector('.invitation img').naturalWidth > 100")
        projector.keyboard.press("Escape")

        projector.locator("#steps a").nth(2).click()
        question.filter(has_text="Hvor mange minutter").wait_for()
        phone.get_by_role("button", name="10 minutter").click()
        phone.get_by_role("button", name="45 minutter").click()
        phone.locator("[aria-pressed=true]", has_text="45 minutter").wait_for()
        projector.locator(".board", has_text="svar: 1").wait_for()
        projector.get_by_role("button", name="Tell hender").click()
        projector.get_by_label("45 minutter").fill("6")
        projector.get_by_role("button", name="Ferdig").last.click()
        assert "7" not in projector.locator("#mandate .foot").inner_text()
        projector.locator("#mandate .skip").click()
        phone.locator("#said", has_text="Resultatet er på skjermen").wait_for()
        assert phone.get_by_role("button", name="20 minutter").is_disabled()
        projector.locator("#mandate .chosen li", has_text="45 minutter").filter(has_text="7").wait_for()

        projector.goto(f"{address}?lang=nb#funnel")
        projector.reload()
        question.filter(has_text="Hvor mange når hvert trinn?").wait_for()
        phone.locator("#stage-4").fill("9")
        phone.get_by_role("button", name="Send").click()
        projector.locator(".board", has_text="svar: 1").wait_for()
        projector.get_by_role("button", name="Tell hender").click()
        projector.get_by_role("spinbutton", name="Overlevert").fill("30")
        projector.get_by_role("button", name="Ferdig").last.click()
        drawn = projector.locator("#funnel polyline.other")
        assert drawn.count() == 0
        projector.locator("#funnel .skip").click()
        drawn.nth(1).wait_for(state="attached")  # the phone's, and the one the room agrees on
        heights = [
            float(point.split(",")[1]) for point in (drawn.nth(1).get_attribute("points") or "").split()
        ]
        assert heights[0] == heights[2] < heights[3] == heights[5]
        assert room.classroom.seen_by_teacher()["funnels"] == [(52, 52, 52, 52, 9, 9)]

        for page in (projector, phone):
            no_barrier(page)
        room.classroom.renew()
        phone.locator("#code").wait_for()  # the code is another one
        for page in (projector, phone):
            page.context.close()


def no_barrier(page: Page) -> None:
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    found = page.evaluate("() => axe.run()")["violations"]
    assert [it["id"] for it in found if it["impact"] in {"serious", "critical"}] == []
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0


def page_of(browser: Browser, **size: Any) -> Page:
    page = browser.new_context(bypass_csp=True, **size).new_page()
    page.set_default_timeout(TIMEOUT)
    return page
