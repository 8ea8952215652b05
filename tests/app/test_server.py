"""The app over HTTP: an answer whatever it is asked, names escaped, as many visitors as come."""

from __future__ import annotations

import json
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from html import escape
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest

from .conftest import COMMAND, ENVIRONMENT, Running, ended, started

pytestmark = pytest.mark.slow
ABUSE = (
    "a=%FF%FE&b=%00&seed=%F0%28%8C%28",
    "a=<script>alert(1)</script>&rec=<img src=x onerror=alert(1)>",
    "a=" + "x" * 30_000,
    "month=99999999999999999999&run=1e309&runs=-1&seed=nan",
    "&&&===;;;%%%",
    "a[]=1&a[b]=2&with_a=" + ",".join(["core-only-forum"] * 300),
    "with_a=matrix=1e308,matrix=-5,rung=99,hierarchy=NaN,power=,=1&with_b=" + ",".join(["matrix=0.1"] * 300),
    "a=%F0%9F%98%80%E2%80%AE&rec=%E2%80%AE%F0%9F%98%80&seed=" + "9" * 10_000,
    "__proto__=1&constructor=2&lang=xx&theme=url(javascript:1)&series=__class__",
    "with_a=../../etc/passwd&with_b=a.toml,/etc/passwd",
)
EVIL = '<script>alert("x")</script>&=1+1'
OWN = """\
name = "own"
title = { en = "TITLE", nb = "TITLE" }
source = "made up"
start = "2022-01"
arrangement = "dfo-simplified"
portfolio = "dfo-simplified"
letters = "dfo-simplified"
""".replace("TITLE", EVIL.replace('"', '\\"'))


def fetched(address: str, **headers: str) -> tuple[int, str]:
    try:
        with urlopen(Request(address, headers=headers), timeout=120) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def test_it_is_stopped_while_a_page_is_open(tmp_path: Path) -> None:
    """In 0.1.0 uvicorn printed a traceback."""
    app = started(cwd=tmp_path)
    with urlopen(f"{app.address}bands?runs=1000", timeout=60) as page:
        page.readline()
        assert ended(app) == "Ctrl-C stops it.\n"
    assert app.process.returncode == 143


def test_each_page_leads_to_the_others_and_the_one_asked_for_is_announced(
    app: Running, tmp_path: Path
) -> None:
    assert 'href="/dashboard?lang=en"' in fetched(app.address)[1]
    assert 'href="/change?lang=en"' in fetched(app.address)[1]
    assert 'href="/?lang=en"' in fetched(f"{app.address}dashboard")[1]
    running = started("--start", "dashboard", cwd=tmp_path)
    assert running.address.endswith("/dashboard")
    assert 'id="scenario-a"' in fetched(running.address)[1]
    ended(running)


@pytest.mark.parametrize("query", ABUSE)
def test_malformed_queries_get_an_answer(app: Running, query: str) -> None:
    asked = quote(query, safe="%&=;,[]")
    status, page = fetched(f"{app.address}dashboard?{asked}")
    assert status == 200
    assert not re.search("Traceback|<script>alert|<img src=x", page)
    for part in ("view", "story", "levers"):
        status, text = fetched(f"{app.address}{part}?{asked}")
        assert status == 200
        assert json.loads(text)["choice"]["a"] == "0-24-2018"


@pytest.mark.parametrize(("query", "code"), [("?", "nb"), ("?lang=en", "en"), ("?seed=2", "nb")])
def test_page_and_bands_speak_the_browsers_language_unless_the_address_names_one(
    app: Running, query: str, code: str
) -> None:
    header, pair = {"Accept-Language": "nn-NO,en;q=0.5"}, "a=dfo-simplified&b=dfo-simplified"
    assert f'<html lang="{code}"' in fetched(f"{app.address}dashboard{query}", **header)[1]
    _, stream = fetched(f"{app.address}bands{query}&{pair}&with_b=line-calibration&runs=20", **header)
    events = [json.loads(line.removeprefix("data: ")) for line in stream.splitlines() if line]
    assert [event["done"] for event in events] == [16, 20]  # as soon as they are known
    assert events[1]["outcomes"][0][0].startswith("Gjennomført" if code == "nb" else "Implemented")


def test_an_unknown_page_is_refused(app: Running) -> None:
    for path in ("nothing", "static/../server.py", "static/%2e%2e/server.py"):
        status, text = fetched(app.address + path)
        assert status == 404
        assert "import" not in text


def test_nothing_is_let_in_from_elsewhere(app: Running) -> None:
    with urlopen(app.address, timeout=60) as answer:
        policy, text = answer.headers["Content-Security-Policy"], answer.read().decode()
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert re.findall(r"https?://", text) == []


def test_many_visitors_at_once_are_all_served(app: Running) -> None:
    def visit(number: int) -> list[int]:
        query = f"a=dfo-simplified&b=k-plus-2010&runs=16&seed={number % 3}"
        return [
            fetched(f"{app.address}{page}?{query}")[0]
            for page in ("", "dashboard", "view", "bands", "levers")
        ]

    with ThreadPoolExecutor(12) as pool:
        assert list(pool.map(visit, range(12))) == [[200] * 5] * 12


def test_a_scenario_that_carries_html_shows_it_as_text(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(OWN, "utf-8")
    running = started("own.toml", cwd=tmp_path)
    try:
        status, page = fetched(f"{running.address}dashboard")
        assert status == 200
        assert EVIL not in page
        assert escape(EVIL, quote=False) in page.replace("&#34;", '"')
        assert json.loads(fetched(f"{running.address}view")[1])["a"]["title"] == EVIL
    finally:
        ended(running)


def test_a_port_that_is_taken_an_unknown_host_or_scenario_is_refused(app: Running, tmp_path: Path) -> None:
    port = app.address.rstrip("/").rpartition(":")[2]
    for arguments, hint in (
        (("--port", port), "the address is already in use"),
        (("--host", "no-such-host.invalid"), "cannot listen"),
        (("no-such",), "no-such"),
    ):
        command = [*COMMAND, *arguments]
        done = subprocess.run(
            command, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 2
        assert hint in done.stderr
        assert "Traceback" not in done.stderr
