"""The app in a real browser: what is seen is what ``simulate`` says, and nothing leaves the machine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from itertools import combinations
from typing import TYPE_CHECKING

import pytest

import tverretatlig_sim as ts
from speaking import norwegian
from tverretatlig_sim.app.library import Library
from tverretatlig_sim.app.query import BANDED
from tverretatlig_sim.app.server import make_app
from tverretatlig_sim.app.story import Story
from tverretatlig_sim.show.rows import DECIMALS, number, scaled

from .conftest import TIMEOUT, Running, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

PAIR = "a=dfo-simplified&b=0-24-2018&runs=16"
MONTHS = max(ts.load_scenario(name).default_months for name in ("dfo-simplified", "0-24-2018"))
"""Months that the page shows of the pair."""
SIZES = {"projector": (1280, 720), "phone": (390, 844)}


class Watched:
    """A page of its own, and everything that it asked for or complained about."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.page: Page = context.new_page()
        self.address = address
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
    watching = Watched(context, app.address)
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


def ends_elsewhere(scenario: str, lever: str) -> str:
    """How the page should count what a lever does to run 0."""
    runs = [ts.simulate(made, 1, 1, MONTHS) for made in (scenario, ts.with_levers(scenario, lever))]
    last = [run.trace(0).groupby("recommendation").last()[["to_stage", "reason"]] for run in runs]
    names = last[0].index.union(last[1].index)
    ends = [found.reindex(names).fillna("") for found in last]
    bent = int((ends[0] != ends[1]).any(axis=1).sum())
    before, after = (int((end["to_stage"] == "implemented").sum()) for end in ends)
    planned = int(runs[0].outcomes["planned"].iloc[0])
    return f"{bent} of {planned} recommendations end elsewhere; {before} → {after} implemented"


@pytest.mark.slow
def test_numbers_are_those_of_simulate_also_after_a_lever_and_in_norwegian(watched: Watched) -> None:
    page = watched.open(PAIR + "&month=last")
    assert numbers(page, "a") == simulated("dfo-simplified", MONTHS)
    before = numbers(page, "b")
    assert before == simulated("0-24-2018", MONTHS)
    assert page.locator("#progress").inner_text() == "16 of 16 histories"
    assert [path.get_attribute("d")[0] for path in page.locator("#chart path").all()] == ["M"] * 8  # type: ignore[index]
    rate = page.locator("#outcomes tbody tr").nth(0).locator("td").nth(1).inner_text()
    mean = ts.simulate("0-24-2018", 16, months=MONTHS).outcomes["implemented_rate"].mean()
    assert float(rate.split(" ")[0]) == pytest.approx(100 * mean, abs=0.06)
    page.locator("[data-pane=levers][data-side=b]").click()
    with page.expect_response("**/view?*with_b=specific-mandate"):
        page.locator("#b-specific-mandate").hover()  # asked for ahead, and nothing changes yet
    assert numbers(page, "b") == before
    assert "with_b" not in page.url
    page.locator("#b-specific-mandate").click()
    page.wait_for_url("**with_b=specific-mandate**")
    watched.settle()
    assert numbers(page, "b") == simulated("0-24-2018", MONTHS, "specific-mandate")
    effect = page.locator("#effect-b").inner_text()
    assert ends_elsewhere("0-24-2018", "specific-mandate") in effect
    assert f"mean of 16 histories: {rate} → " in effect
    one_page = page.locator("#one-page-b").get_attribute("href")
    assert one_page == "/change?base=0-24-2018&do=lever.specific-mandate%3Dtrue&lang=en"
    assert page.locator("#lanes-b .piece.bent").count() == int(re.findall(r"history (\d+) of", effect)[0])
    page.locator("#language").click()
    page.wait_for_selector("html[lang=nb]")
    watched.settle()
    assert page.locator("#play").inner_text() == "Spill av"
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
    page.locator("[data-pane=levers][data-side=a]").click()
    switch = page.locator("#a-roles-in-secretariat")
    switch.click(force=True)
    assert not switch.is_checked()
    assert "cannot be pulled" in page.locator("#a-roles-in-secretariat-why").inner_text()
    assert "with_a" not in page.url


@pytest.mark.slow
def test_a_dial_is_set_and_let_go_by_keyboard(watched: Watched) -> None:
    page = watched.open(PAIR + "&month=last&pane_b=dials")
    slider, back = page.locator("#b-dial-matrix"), page.locator("[data-reset=b-dial-matrix]")
    stands = ts.frameworks("0-24-2018")["mean"]["matrix.authority"]
    assert slider.get_attribute("aria-valuetext") == f"as it is ({stands:.2f})"
    assert float(slider.input_value()) == pytest.approx(stands, abs=0.026)
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
    assert slider.get_attribute("aria-valuetext") == f"as it is ({stands:.2f})"
    assert numbers(page, "b") == simulated("0-24-2018", MONTHS)


@pytest.mark.slow
def test_what_moves_is_in_view_and_a_story_opens_beside_its_piece(watched: Watched) -> None:
    page = watched.open("a=etatssamarbeidet-2022&b=0-24-2018&runs=16")
    assert page.locator("#month").input_value() == "0"
    assert page.locator(".piece.planned").count() == page.locator(".piece").count()
    assert page.locator("#losses-a li:visible").count() == 0
    page.locator("#month").evaluate("it => { it.value = it.max; it.dispatchEvent(new Event('input')); }")
    page.wait_for_timeout(500)  # pieces fall slowly
    boxes = page.locator(".piece").evaluate_all(BOXES)
    assert min(min(box["width"], box["height"]) for box in boxes) >= 24
    assert not overlapping(boxes)
    for selector in ("#play", "#lanes-a svg", "#lanes-b svg", "#map-a svg", "#map-b svg"):
        box = page.locator(selector).bounding_box()
        assert box is not None
        assert 0 <= box["y"] <= 720 - box["height"], selector
    page.locator("#lanes-a .piece.dropped").first.click()
    page.wait_for_selector("#story-a li")
    box = page.locator("#story-pane-a").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 720
    assert page.locator("#map-pane-b").is_visible()  # B has no such recommendation
    page.keyboard.press("Escape")
    assert page.locator("#map-pane-a").is_visible()


@pytest.mark.slow
def test_back_undoes_the_last_choice_and_panels_survive_reload(watched: Watched) -> None:
    page = watched.open(PAIR + "&part=life")
    page.locator("[data-pane=levers][data-side=b]").click()
    page.locator("#b-specific-mandate").click()
    page.wait_for_url("**with_b=specific-mandate**")
    watched.settle()
    page.reload()
    watched.settle()
    assert page.locator("#b-specific-mandate").is_checked()
    assert page.locator("#levers-pane-b").is_visible()
    page.locator("#scenario-a").select_option("pure-network")
    watched.settle()
    assert page.locator("#question").count() == 0
    page.go_back()
    page.wait_for_function("() => document.getElementById('scenario-a').value === 'dfo-simplified'")
    page.go_back()
    page.wait_for_function("() => !document.getElementById('b-specific-mandate').checked")
    assert page.url.startswith(f"{watched.address}dashboard?")


def test_levers_are_grouped_by_who_advises_them_and_found_by_a_word(watched: Watched) -> None:
    page = watched.open(PAIR + "&pane_a=levers&lang=nb")
    groups = page.locator("#levers-pane-a section")
    assert groups.count() == 5
    assert len(page.locator("#levers-pane-a li").all()) == len(ts.list_levers())
    page.locator("[data-find=a]").fill("SEKRETARIAT")
    assert 0 < page.locator("#levers-pane-a li:visible").count() < len(ts.list_levers()) / 2
    assert page.locator("#a-stronger-secretariat").is_visible()
    page.locator("[data-find=a]").fill("zzz")
    assert page.locator("#levers-pane-a section:visible").count() == 0


def test_play_is_near_and_space_and_arrows_move_time(watched: Watched) -> None:
    page = watched.open(PAIR)
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.id") == "play":
            break
    else:
        raise AssertionError("the Tab key does not come to Play in eight steps")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert page.locator("#month").input_value() == "1"
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("Space")
    page.wait_for_function("() => document.getElementById('month').value >= 3")
    page.keyboard.press("Space")
    assert page.locator("#play").get_attribute("aria-pressed") == "false"
    assert page.evaluate("() => scrollY") == 0


BOXES = "all => all.map(it => it.getBoundingClientRect().toJSON())"


def overlapping(boxes: list[dict[str, float]]) -> bool:
    """Whether two boxes share more than half a pixel both ways."""

    def shared(one: dict[str, float], other: dict[str, float], at: str, size: str) -> float:
        return min(one[at] + one[size], other[at] + other[size]) - max(one[at], other[at])

    return any(
        shared(one, other, "x", "width") > 0.5 and shared(one, other, "y", "height") > 0.5
        for one, other in combinations(boxes, 2)
    )


@pytest.mark.slow
def test_labels_never_collide_and_nothing_scrolls_sideways(watched: Watched) -> None:
    page = watched.page
    page.goto(f"{watched.address}dashboard?a=grorud-valley-2007&b=labour-crime-2015&runs=16&lang=nb")
    page.wait_for_selector("#now tbody td")
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 720})
        page.wait_for_function("width => document.querySelector('#map-a svg').clientWidth < width", arg=width)
        assert page.locator("#map-a .agency").count() > 30
        for side in "ab":
            names = page.locator(f"#map-{side} text").evaluate_all(BOXES)
            assert len(names) == page.locator(f"#map-{side} .agency").count()
            assert not overlapping(names)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width


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

    press("[data-pane=levers][data-side=a]", "Enter")
    press("#a-line-calibration", "Space")
    page.wait_for_url("**with_a=line-calibration**")
    watched.settle()
    press("[data-pane=map][data-side=a]", "Enter")
    press("#map-a [role=button]", "ArrowRight", "Enter")
    assert "trusts the others" in page.locator("#told-a").inner_text()
    press("#lanes-a [role=button]", "End", "Enter")
    page.wait_for_selector("#story-a li")
    press("#play", "Space")
    page.wait_for_selector("#play[aria-pressed=true]")
    page.keyboard.press("Space")
    press("#month", "Home")
    assert "before the first month" in page.locator("#when").inner_text()


@pytest.mark.parametrize("watched", SIZES, indirect=True)
@pytest.mark.parametrize(("look", "pane"), [("theme=light&lang=nb", "dials"), ("theme=dark&lang=en", "map")])
@pytest.mark.slow
def test_no_serious_barrier_and_nothing_beside_the_screen(watched: Watched, look: str, pane: str) -> None:
    page = watched.open(f"{PAIR}&part=lever&month=30&rec=x&pane_a=levers&pane_b={pane}&{look}")
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
    watching = Watched(context, app.address)
    watching.open(PAIR)
    watching.page.goto(app.address)
    assert watching.complaints == []
    context.close()


@pytest.mark.slow
def test_pages_recover_when_their_server_is_back(browser: Browser, library: Library) -> None:
    app = make_app(library, Story(runs=4))
    with served(app) as (address, _):
        watching = Watched(browser.new_context(), address)
        page = watching.open(PAIR + "&month=last")
        before = numbers(page, "a")
    page.locator("#seed").fill("2")
    page.locator("#seed").press("Enter")
    page.locator("#lost").wait_for(state="visible")
    with served(app, int(address.rstrip("/").rpartition(":")[2])):
        page.locator("#lost").wait_for(state="hidden")
        watching.settle()
        assert numbers(page, "a") != before
        page.route("**/journey*", lambda asked: asked.abort())
        page.goto(address)
        page.locator("#lost").wait_for(state="visible")
        page.unroute("**/journey*")
        page.locator("#lost").wait_for(state="hidden")
        page.context.close()
