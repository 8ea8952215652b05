"""Notes for the teacher and a sheet for students: whole, in both languages, with no numbers of their own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tverretatlig_sim.app.story_page import MINUTES, STEPS
from tverretatlig_sim.i18n import label, use_language

from .conftest import Running

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SOURCE = re.compile(r"\((DFØ|Difi|Deloitte) [^)]*\)")


def test_every_step_has_its_time_and_all_together_fill_the_lesson() -> None:
    assert list(MINUTES) == [step.id for step in STEPS]
    assert [sum(times) for times in zip(*MINUTES.values(), strict=True)] == [45, 90]


@pytest.mark.parametrize("code", ["en", "nb"])
def test_notes_ask_before_they_answer_and_state_no_result(code: str) -> None:
    with use_language(code):
        for step in MINUTES:
            asked, answered = (label(f"story.notes.{step}.{part}") for part in ("ask", "answer"))
            assert "?" in asked
            assert not re.search(r"\d", asked + SOURCE.sub("", answered))


@pytest.mark.slow
def test_n_shows_the_notes_of_the_step_and_both_papers_print(app: Running, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto(f"{app.address}?lang=nb#table")
    page.wait_for_selector("html.drawn")
    assert page.locator("#notes").is_hidden()
    page.keyboard.press("n")
    assert page.locator("#notes [data-notes]:visible").get_attribute("data-notes") == "table"
    figure, notes = (page.locator(it).bounding_box() for it in ("#table .figure", "#notes"))
    assert figure is not None
    assert notes is not None
    assert figure["x"] + figure["width"] <= notes["x"]
    page.keyboard.press("ArrowLeft")
    page.wait_for_selector("[data-notes=opening]:visible")
    page.keyboard.press("n")
    assert page.locator("#notes").is_hidden()
    for paper in ("notes", "handout"):
        page.goto(f"{app.address}{paper}?lang=nb")
        assert page.locator("html").get_attribute("lang") == "nb"
        assert "story." not in page.inner_text("main")
        page.get_by_role("link", name="English").click()
        page.wait_for_selector("html[lang=en]")
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1
    page.close()
