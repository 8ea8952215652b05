"""The documentation as a site: it begins with a result that its command gives, and no page is far away."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import tverretatlig_sim as ts

from .documents import ROOT, blocks
from .test_links import LINK

FRONT = ROOT / "docs" / "index.md"
PAGES = {
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *(ROOT / "docs").rglob("*.md"),
    *(ROOT / "docs").rglob("*.rst"),
    *(path for folder in ("notebooks", "experiments", "benchmarks") for path in (ROOT / folder).glob("*.md")),
    *(ROOT / "notebooks").glob("*.ipynb"),
}


def links(page: Path) -> set[Path]:
    """The pages that a page links to."""
    text = page.read_text("utf-8")
    found = [target.partition("#")[0] for target in LINK.findall(text)]
    found += [f"{name}.rst" for name in re.findall(r":doc:`([\w/.-]+)`", text) if page.suffix == ".rst"]
    return {(page.parent / target).resolve() for target in found if target and "://" not in target} & PAGES


def test_every_page_is_within_three_clicks() -> None:
    near = clicked = {FRONT}
    for _ in range(3):
        clicked = {page for one in clicked for page in links(one)} - near
        near = near | clicked
    assert sorted(str(page.relative_to(ROOT)) for page in PAGES - near) == []


def test_every_public_name_has_its_place_in_the_reference() -> None:
    pages = "".join(page.read_text("utf-8") for page in (ROOT / "docs" / "api").glob("*.rst"))
    shown = set(re.findall(r"^\.\. auto(?:class|function|data):: (\w+)$", pages, re.MULTILINE))
    assert shown == set(ts.__all__) - {"__version__"}


def test_the_front_page_agrees_with_the_findings() -> None:
    front, findings = (path.read_text("utf-8") for path in (FRONT, FRONT.with_name("findings.md")))
    finding = findings.partition("## Calibrating proposals with the line")[2].partition("##")[0]
    assert finding.strip().startswith("at stop points helps\n\n**Holds.**")
    for said in (r"\+\d\.\d to \+\d\.\d", r"\d+ to \d+ per cent of the draws"):
        assert re.search(said, front)[0] in finding  # type: ignore[index]


@pytest.mark.slow
def test_the_claim_on_the_front_page_is_what_its_command_gives() -> None:
    command = next(block.text for block in blocks(FRONT) if block.language == "sh").split()
    first, second, runs = command[2], command[3], int(command[5])
    found = (
        ts.compare([second, first], runs=runs, seed=1, series="none").table("implemented_of_planned").iloc[0]
    )
    said = f"{100 * found['mean']:.1f} ± {50 * (found['high'] - found['low']):.1f} percentage points"
    assert said in FRONT.read_text("utf-8")
