"""The app in a real browser: what is seen is what ``simulate`` says, and nothing leaves the machine."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import tverretatlig_sim as ts
from speaking import norwegian
from tverretatlig_sim.app.query import BANDED
from tverretatlig_sim.show.rows import DECIMALS, number, scaled

from .conftest import TIMEOUT, Running, ended, started

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

PAIR = "a=dfo-simplified&b=0-24-2018&runs=16"
MONTHS = max(ts.load_scenario(name).default_months for name in ("dfo-simplified", "0-24-2018"))
"""Months that the page shows of the pair."""
SIZES = {"projector": (1280, 900), "phone": (390, 844)}


class Watched:
    """A page of its own, and everything that it asked for or complained about."""

    def __init__(self, context: BrowserContext, app: Running) -> None:
        self.page: Page = context.new_page()
        self.address = app.address
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.set_default_timeout(TIMEOUT)
        self.page.on("console", lambda said: self.complaints.append(f"{said.type}: {said.text}"))
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def open(self, query: str) -> Page:
        """Open the page and wait until everything is drawn."""
        self.page.goto(f"{self.address}dashboard?{query}")
        return self.settle()

    def settle(self) -> Page:
        """Wait until single histories, levers and bands are there."""
        self.page.wait_for_selector("body:not([aria-busy]) #now tbody td")
        self.page.wait_for_selector("#finding:not(:empty)")
        return self.page


@pytest.fixture
def watched(browser: Browser, app: Running, request: pytest.FixtureRequest) -> Iterator[Watched]:
    width, height = SIZES[getattr(request, "param", "projector")]
    # Playwright evaluates text in the page to wait for things, which the pages' policy forbids.
    context = browser.new_context(viewport={"width": width, "height": height}, bypass_csp=True)
    watching = Watched(context, app)
    yield watching
    assert [said for said in watching.complaints if said.startswith(("error", "warning"))] == []
    assert watching.requests
    assert [url for url in watching.requests if not url.startswith(app.address)] == []
    context.close()


def numbers(page: Page, side: str) -> list[str]:
    return page.locator(f"#now td.{side}").all_inner_texts()


def simulated(scenario: str, month: int, *levers: str, seed: int = 1) -> list[str]:
    """What the table should say of run 0, month by month from 1."""
    run = ts.simulate(
        ts.with_levers(ts.load_scenario(scenario), *levers), 1, seed, MONTHS, series="runs"
    ).series
    now = run.isel(run=0, month=month - 1)
    stages = {str(stage): int(now["recommendations"].sel(stage=stage)) for stage in now["stage"].values}
    under_way = sum(stages[name] for name in ("drafted", "decided", "handed_over", "adopted"))
    drafted = under_way + stages["implemented"] + stages["dropped"]
    counts = [drafted, stages["implemented"], under_way, stages["dropped"]]
    series = [number(scaled(float(now[name]), unit), DECIMALS[unit]) for name, unit in BANDED.items()]
    return [*(number(n, 0) for n in counts), *series]


@pytest.mark.slow
def test_numbers_are_those_of_simulate_also_after_a_lever_and_in_norwegian(watched: Watched) -> None:
    page = watched.open(PAIR)
    assert numbers(page, "a") == simulated("dfo-simplified", MONTHS)
    before = numbers(page, "b")
    assert before == simulated("0-24-2018", MONTHS)
    assert page.locator("#progress").inner_text() == "16 of 16 histories"
    assert [path.get_attribute("d")[0] for path in page.locator("#chart path").all()] == ["M"] * 8  # type: ignore[index]
    rate = page.locator("#outcomes tbody tr").nth(0).locator("td").nth(1).inner_text()
    mean = ts.simulate("0-24-2018", 16, months=MONTHS).outcomes["implemented_rate"].mean()
    assert float(rate.split(" ")[0]) == pytest.approx(100 * mean, abs=0.06)
    page.locator("article.b summary").first.click()
    with page.expect_response("**/view?*with_b=specific-mandate"):
        page.locator("#b-specific-mandate").hover()  # asked for ahead, and nothing changes yet
    assert numbers(page, "b") == before
    assert "with_b" not in page.url
    page.locator("#b-specific-mandate").click()
    page.wait_for_url("**with_b=specific-mandate**")
    watched.settle()
    assert numbers(page, "b") == simulated("0-24-2018", MONTHS, "specific-mandate")
    page.locator("#language").click()
    page.wait_for_selector("html[lang=nb]")
    watched.settle()
    assert page.locator("#play").inner_text() == "Spill"
    assert numbers(page, "b") == norwegian(simulated, "0-24-2018", MONTHS, "specific-mandate")
    assert page.locator("#b-specific-mandate").is_checked()


@pytest.mark.slow
def test_it_plays_24_months_also_after_pages_that_were_left_early(watched: Watched) -> None:
    for seed in range(4):
        watched.page.goto(f"{watched.address}dashboard?runs=1000&seed={seed}&lang=nb", wait_until="commit")
    page = watched.open(PAIR + "&month=1")
    assert numbers(page, "b") == simulated("0-24-2018", 1)
    page.locator("#speed").select_option(label="fast")
    page.locator("#play").click()
    page.wait_for_function("() => Number(document.getElementById('month').value) >= 25")
    page.locator("#play").click()
    month = int(page.locator("#month").input_value())
    assert 25 <= month < MONTHS
    assert f"month {month} of {MONTHS}" in page.locator("#when").inner_text()
    assert numbers(page, "a") == simulated("dfo-simplified", month)
    pieces = page.locator("#lanes-a .piece.implemented").count()
    assert number(pieces, 0) == numbers(page, "a")[1]


def test_a_refused_lever_says_why_and_does_not_move(watched: Watched) -> None:
    page = watched.open("a=pure-hierarchy&b=dfo-simplified&runs=16")
    page.locator("article.a summary").first.click()
    switch = page.locator("#a-roles-in-secretariat")
    switch.click(force=True)
    assert not switch.is_checked()
    assert "cannot be pulled" in page.locator("#a-roles-in-secretariat-why").inner_text()
    assert "with_a" not in page.url


@pytest.mark.slow
def test_a_dial_is_set_and_let_go_by_keyboard(watched: Watched) -> None:
    page = watched.open(PAIR)
    page.locator("article.b details.levers summary").nth(1).click()
    slider, back = page.locator("#b-dial-matrix"), page.locator("[data-reset=b-dial-matrix]")
    assert slider.get_attribute("aria-valuetext") == "as it is"
    slider.focus()
    page.keyboard.press("End")
    page.wait_for_url("**with_b=matrix%3D1**")
    watched.settle()
    assert slider.get_attribute("aria-valuetext") == "1"
    assert numbers(page, "b") == simulated("0-24-2018", MONTHS, "matrix=1")
    back.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => !location.search.includes('matrix')")
    watched.settle()
    assert slider.get_attribute("aria-valuetext") == "as it is"
    assert numbers(page, "b") == simulated("0-24-2018", MONTHS)


@pytest.mark.slow
def test_by_keyboard_alone(watched: Watched) -> None:
    page = watched.open(PAIR + "&month=40")

    def press(selector: str, *keys: str) -> None:
        for _ in range(140):
            page.keyboard.press("Tab")
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                break
        else:
            raise AssertionError(f"the Tab key never comes to {selector}")
        for key in keys:
            page.keyboard.press(key)

    press("article.a summary", "Enter")
    press("#a-line-calibration", "Space")
    page.wait_for_url("**with_a=line-calibration**")
    watched.settle()
    press("#map-a [role=button]", "ArrowRight", "Enter")
    assert "trusts the others" in page.locator("#told-a").inner_text()
    press("#lanes-a [role=button]", "End", "Enter")
    page.wait_for_selector("#story-a li")
    press("#play", "Space")
    page.wait_for_selector("#play[aria-pressed=true]")
    page.keyboard.press("Space")
    press("#month", "Home")
    assert f"month 1 of {MONTHS}" in page.locator("#when").inner_text()


@pytest.mark.parametrize("watched", SIZES, indirect=True)
@pytest.mark.parametrize("look", ["theme=light&lang=nb", "theme=dark&lang=en"])
@pytest.mark.slow
def test_no_serious_barrier_and_nothing_beside_the_screen(watched: Watched, look: str) -> None:
    page = watched.open(f"{PAIR}&part=lever&month=30&rec=x&{look}")
    page.locator("article.a summary").first.click()
    page.wait_for_timeout(500)  # colours change slowly
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    found = page.evaluate("() => axe.run()")["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in {"serious", "critical"}] == []
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.slow
def test_a_spoilt_address_gives_a_page_that_says_so(watched: Watched) -> None:
    page = watched.open("a=<b>x</b>&seed=1e99&month=99999&run=-3&with_b=nonsense&rec=<i>&runs=16")
    notices = page.locator("#notices p").all_inner_texts()
    assert len(notices) == 6
    assert any("<b>x</b>" in notice for notice in notices)
    assert page.locator("#notices b").count() == 0
    assert page.locator("#month").input_value() == "91"


def test_pages_keep_to_their_policy(browser: Browser, app: Running) -> None:
    context = browser.new_context()
    watching = Watched(context, app)
    watching.open(PAIR)
    watching.page.goto(app.address)
    assert watching.complaints == []
    context.close()


@pytest.mark.slow
def test_a_page_recovers_when_its_server_is_back(browser: Browser, tmp_path: Path) -> None:
    first = started(cwd=tmp_path)
    page = Watched(browser.new_context(), first).open(PAIR)
    ended(first)
    page.locator("#seed").fill("2")
    page.locator("#seed").press("Enter")
    page.locator("#lost").wait_for(state="visible")
    second = started("--port", first.address.rstrip("/").rpartition(":")[2], cwd=tmp_path)
    page.locator("#lost").wait_for(state="hidden")
    page.wait_for_selector("body:not([aria-busy]) #finding:not(:empty)")
    assert numbers(page, "a") == simulated("dfo-simplified", MONTHS, seed=2)
    page.context.close()
    ended(second)
