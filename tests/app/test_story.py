"""The story: its numbers are those of ``simulate``, nothing is given away, and it works from a disk too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from threading import Thread
from time import sleep
from typing import TYPE_CHECKING

import numpy as np
import pytest
import uvicorn

import tverretatlig_sim as ts
from tverretatlig_sim.app.library import Library
from tverretatlig_sim.app.server import make_app
from tverretatlig_sim.app.story import ENDS, REACHED, SEED, Story, load_plot, typical
from tverretatlig_sim.app.story_page import STEPS, story_file
from tverretatlig_sim.i18n import use_language
from tverretatlig_sim.study.barriers import evaluators

from .test_browser import BOXES, Watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow
RUNS = 8
NEAR = 400
"""Pixels: on a phone a step may be longer than the screen, and need not stand at its top."""
IDS = [step.id for step in STEPS]
BASE, OTHER = load_plot().arrangements
GIVEN_AWAY = "#mandate .talk, .station.passed, .quilt, .track, .switch, .dot.b, #road .bubble *, .result"
"""What only a reveal draws, besides the model's columns of the funnel."""


@pytest.fixture(scope="module")
def story() -> Story:
    return Story(RUNS)


@pytest.fixture(scope="module")
def address(story: Story) -> Iterator[str]:
    """Where an app with few histories is served."""
    config = uvicorn.Config(make_app(Library(), story), port=0, log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    thread = Thread(target=server.run)
    thread.start()
    while not server.started:
        sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
    server.should_exit = True
    thread.join()


# --- the document


def test_numbers_are_those_of_simulate(story: Story) -> None:
    document = json.loads(json.dumps(story.document()))
    other = ts.swap(OTHER, portfolio=BASE, same_load=True)
    pair, months = document["pair"], document["pair"]["months"]
    assert months == max(ts.load_scenario(BASE).default_months, other.default_months)
    for side, scenario in (("a", BASE), ("b", other)):
        told, ensemble = pair[side], ts.simulate(scenario, RUNS, SEED, months)
        assert told["implemented"] == ensemble.outcomes["implemented"].tolist()
        assert told["reached"] == pytest.approx(ensemble.funnel()["reached"][list(REACHED)], abs=1e-4)
        for run in (0, RUNS - 1, pair["run"]):
            trace = ensemble.trace(run).set_index("recommendation").loc[story.plot.recommendation]
            moves = {move.to_stage: move.month + 1 for move in trace.itertuples()}
            fate = told["fates"][run]
            assert fate[:6] == [moves.get(stage, 0) for stage in (*REACHED[1:], "dropped")]
            last = trace.iloc[-1]
            assert ENDS[fate[6]] == (last["reason"] or "implemented")
            says_no = [agency for bit, agency in enumerate(pair["bearers"]) if fate[7] & (1 << bit)]
            assert ", ".join(says_no) == last["refused_by"]
    base = ts.simulate(BASE, RUNS, SEED, months)
    for bar, vote in zip(document["votes"]["bars"], story.plot.votes, strict=True):
        table = ts.compare([BASE, f"{BASE}+{vote}"], RUNS, SEED, months).table("implemented")
        assert [bar["mean"], bar["low"], bar["high"]] == pytest.approx(
            [-table["mean"].iloc[0], -table["high"].iloc[0], -table["low"].iloc[0]], abs=1e-4
        )
    lever = ts.simulate(f"{BASE}+{story.plot.lever}", RUNS, SEED, months)
    for pieces, ensemble in (("before", base), ("after", lever)):
        trace = ensemble.trace(pair["run"])
        done = trace.loc[trace["to_stage"] == "implemented", "recommendation"]
        names = [
            it
            for it, (_depth, end) in zip(
                story.world.recommendations.names, document["lever"][pieces], strict=True
            )
            if end == 1
        ]
        assert sorted(done) == names  # fmt: skip
    said = [it for it in evaluators().barrier if BASE in it.arrangements]
    assert [bar["claim"] for bar in document["barriers"]["bars"]] == [str(it.claim) for it in said]
    assert document["barriers"]["bars"][0]["source"] == said[0].source.replace("DFO25", "DFØ 2025,")


def test_the_history_shown_is_the_typical_one(story: Story) -> None:
    fates = np.array(story.chapter("pair")["a"]["fates"], dtype=float)
    ends, counts = np.unique(fates[:, 6], return_counts=True)
    among = np.flatnonzero(fates[:, 6] == ends[counts.argmax()])
    far = np.abs(fates[among, :6] - np.median(fates[among, :6], axis=0)).sum(axis=1)
    assert typical(story.pair[0].histories, story.row) == among[far.argmin()]


def test_every_recommendation_of_the_pair_has_a_title_and_every_agency_a_task(story: Story) -> None:
    names = story.world.recommendations.names
    for code in ("en", "nb"):
        with use_language(code):
            titles = [story.plot.title(name) for name in names]
            assert len({*titles}) == len(names) == sum(map(len, story.plot.titles.values()))
            assert all(agency["task"] for agency in story.chapter("cast")["agencies"])


# --- in a browser


def opened(browser: Browser, address: str, page: str, width: int, height: int, **more: object) -> Watched:
    # Playwright evaluates text in the page to wait for things, which the pages' policy forbids.
    size = {"width": width, "height": height}
    context = browser.new_context(viewport=size, bypass_csp=True, **more)  # type: ignore[arg-type]
    watched = Watched(context, address)
    watched.page.goto(page)
    watched.page.wait_for_selector("html.drawn")
    return watched


def closed(watched: Watched) -> None:
    assert [said for said in watched.complaints if said.startswith(("error", "warning"))] == []
    assert [url for url in watched.requests if not url.startswith(watched.address)] == []
    watched.page.context.close()


def at(page: Page, step: str, within: int = 2) -> None:
    """Wait until a step is there, its top that many pixels at most from the screen's."""
    page.wait_for_function(
        """([id, within]) => location.hash === '#' + id
        && Math.abs(document.getElementById(id).getBoundingClientRect().top) <= within""",
        arg=[step, within],
    )


OUTSIDE = """id => {
    const high = document.querySelector('.bar').getBoundingClientRect().bottom;
    const low = document.querySelector('.turn').getBoundingClientRect().top;
    return [...document.querySelectorAll(`#${id} :is(h1, h2, p, button, text, li, b, small)`)]
        .filter((it) => it.textContent && getComputedStyle(it).opacity !== '0')
        .map((it) => [it.textContent, it.getBoundingClientRect()])
        .filter(([, { width, top, bottom, left, right }]) =>
            width && (top < high - 1 || bottom > low + 1 || left < 0 || right > innerWidth))
        .map(([text, { top, bottom, left, right }]) => [text, top, bottom, left, right]);
}"""


def fits(page: Page, step: str) -> None:
    """Everything of the step is on the screen, and no text is on the bars above and below."""
    assert page.evaluate(OUTSIDE, step) == [], step


def hidden(page: Page, step: str) -> None:
    shown = page.locator(f"#{step}").locator(GIVEN_AWAY)
    assert shown.count() == 0, step
    heights = page.locator(f"#{step} .model").evaluate_all(
        "all => all.map((it) => Number(it.getAttribute('height')))"
    )
    assert sum(heights) == 0


def barriers(page: Page, step: str) -> None:
    found = page.evaluate("id => axe.run('#' + id)", step)["violations"]
    serious = [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in {"serious", "critical"}]
    assert serious == [], step


def walk(page: Page, *, check: bool) -> list[str]:
    """Through all steps by keyboard alone; returns what was asked."""
    asked = []
    for number, step in enumerate(IDS):
        at(page, step)
        if page.locator(f"#{step} .skip").count():
            asked.append(step)
            hidden(page, step)
            fits(page, step)
            if step == "funnel":
                page.locator("#funnel .grip[tabindex='0']").focus()
                for key in ("PageDown", "ArrowDown", "ArrowRight", "PageDown"):
                    page.keyboard.press(key)
                page.locator("#funnel .primary").focus()
                page.keyboard.press("Enter")
            elif step == "vote":
                page.locator("#vote .row").nth(1).focus()
                page.keyboard.press("Space")
            else:
                page.keyboard.press("Space")  # skips
        if step != "end":
            page.wait_for_selector(f"#{step}.concluded")
        if check:
            fits(page, step)
            barriers(page, step)
        if number + 1 < len(IDS):
            page.evaluate("() => document.activeElement.blur()")
            page.keyboard.press(("Space", "ArrowRight", "ArrowDown", "PageDown")[number % 4])
    return asked


@pytest.mark.parametrize(
    ("look", "size"), [("lang=nb&theme=light", (1280, 720)), ("lang=en&theme=dark", (1920, 1080))]
)
def test_the_whole_story_by_keyboard(
    browser: Browser, address: str, story: Story, look: str, size: tuple[int, int]
) -> None:
    watched = opened(browser, address, f"{address}?{look}", *size, reduced_motion="reduce")
    page = watched.page
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    page.evaluate("""() => { window.heard = [];
        document.addEventListener('prediction', ({ detail }) => window.heard.push(detail)); }""")
    asked = walk(page, check=True)
    assert asked == ["mandate", "road", "funnel", "paths", "lever", "luck", "forms", "vote"]
    heard = {it["id"]: it["value"] for it in page.evaluate("() => window.heard")}
    assert heard == {**dict.fromkeys(asked), "funnel": [52, 46, 41, 41, 41, 41], "vote": story.plot.votes[1]}
    # What was drawn and voted for is shown beside the model's, and so is what a class answers.
    assert page.locator("#funnel text.number:not(.models)").all_text_contents() == ["52", "46", *["41"] * 4]
    reached = story.chapter("pair")["a"]["reached"]
    assert page.locator("#funnel .models").all_text_contents() == [f"{mean:.0f}" for mean in reached]
    assert page.locator("#vote .row.mine").get_attribute("data-value") == story.plot.votes[1]
    bars = {bar["id"]: bar["mean"] for bar in story.chapter("votes")["bars"]}
    shown = page.locator("#vote .row").evaluate_all(
        "all => all.map((it) => [it.dataset.value, it.querySelector('.number').textContent])"
    )
    for name, text in shown:
        assert float(text.replace(",", ".").replace("−", "-")) == pytest.approx(bars[name], abs=0.051)
    page.evaluate(
        """id => document.dispatchEvent(
        new CustomEvent('tallies', { detail: { id: 'vote', counts: { [id]: 7 } } }))""",
        story.plot.votes[0],
    )
    assert "7" in page.locator(f"#vote .row[data-value={story.plot.votes[0]}] .class").inner_text()
    page.keyboard.press("ArrowUp")
    at(page, "barriers")
    page.keyboard.press("Home")
    at(page, "opening")
    page.mouse.move(600, 400)
    page.mouse.wheel(0, 0.7 * size[1])
    at(page, "table")
    closed(watched)


def test_the_file_tells_it_without_a_server(browser: Browser, story: Story, tmp_path: Path) -> None:
    path = tmp_path / "story.html"
    with use_language("nb"):
        path.write_text(story_file(story), "utf-8")
    watched = opened(browser, path.as_uri(), path.as_uri(), 1280, 720, reduced_motion="reduce")
    assert walk(watched.page, check=False)
    assert watched.page.locator("html").get_attribute("lang") == "nb"
    assert {url.partition("#")[0] for url in watched.requests} <= {path.as_uri(), "data:,"}
    watched.requests.clear()
    closed(watched)


def test_on_a_phone_by_touch(browser: Browser, address: str) -> None:
    watched = opened(
        browser,
        address,
        f"{address}?lang=nb",
        390,
        844,
        has_touch=True,
        is_mobile=True,
        reduced_motion="reduce",
    )
    page = watched.page
    touch = page.context.new_cdp_session(page)
    for kind, y in [
        ("touchStart", 700),
        *(("touchMove", y) for y in range(660, 80, -40)),
        ("touchEnd", None),
    ]:
        points = [] if y is None else [{"x": 195, "y": y}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    at(page, "table", NEAR)
    page.locator("#table .seat").first.tap()
    assert "–" in page.locator("#table .told").inner_text()
    for step in IDS[1:-1]:
        at(page, step, NEAR)
        if page.locator(f"#{step} .skip").count():
            hidden(page, step)
            if step == "funnel":
                page.locator("#funnel svg").tap(position={"x": 190, "y": 200})
                page.locator("#funnel .primary").tap()
            else:
                page.locator(f"#{step} :is(.option, .ballot .row)").first.tap()
        page.wait_for_selector(f"#{step}.concluded")
        assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
        targets = page.locator(f"#{step} :is(button, a, [role=button])").evaluate_all(BOXES)
        assert min((min(it["width"], it["height"]) for it in targets), default=24) >= 24, step
        page.locator("#next").tap()
    at(page, "end", NEAR)
    closed(watched)
