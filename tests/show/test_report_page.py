"""The report as a page: valid, whole, safe, and with the numbers of the results."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from xml.etree.ElementTree import Element

import html5lib
import numpy as np
import pytest

from speaking import norwegian
from tverretatlig_sim import compare, load_lever, load_scenario, swap
from tverretatlig_sim.ensemble.frameworks import FRAMEWORKS
from tverretatlig_sim.i18n import label
from tverretatlig_sim.show.catalogue import fingerprint
from tverretatlig_sim.show.report import page, report_html
from tverretatlig_sim.show.report.page import titles
from tverretatlig_sim.show.rows import Value, number, rows_of
from tverretatlig_sim.study.history_matching import read_stored
from tverretatlig_sim.study.levers import Case
from tverretatlig_sim.study.report_data import ReportData, gather

from .conftest import named_badly

A = "0-24-2018"
SIZE = {"runs": 5, "seed": 2, "months": 45}
COMMANDS = ("tverretatlig report A B", "tverretatlig compare A B --json")
OUTSIDE = re.compile(r"(?:src|href|action)\s*=\s*\"(?!#|data:)|@import|url\(|<(?:script|link|iframe)", re.I)
"""Whatever would make a browser fetch something."""


@pytest.fixture(scope="module")
def dossier() -> ReportData:
    stored = read_stored()
    few = replace(stored, sets=stored.sets.part(0, 12))
    other = swap(load_scenario(A), portfolio="0-24-2015", letters="0-24-2015")
    cases = Case(load_scenario(A)), Case(other, (load_lever("stable-staffing"),))
    return gather(
        cases, **SIZE, stored=few, levers=("line-calibration", "specific-mandate", "stable-staffing")
    )


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures are made, but not drawn: for tests of the words."""
    monkeypatch.setattr(page, "drawn", lambda figure, kind: b"")


def parsed(dossier: ReportData, *commands: str) -> Element:
    """The page as a strict parser sees it; any fault is an error."""
    return parse(report_html(dossier, *(commands or COMMANDS)))


def parse(written: str) -> Element:
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(written)  # type: ignore[no-any-return]


def text(element: Element) -> str:
    return " ".join(" ".join(element.itertext()).split())


def section(page: Element, name: str) -> Element:
    return next(found for found in page.iter("section") if found.get("id") == name)


def rows(part: Element) -> dict[str, list[str]]:
    """Cells of all tables by the heading of their row."""
    return {text(row[0]): [text(cell) for cell in row[1:]] for row in part.iter("tr")}


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "nb"])
def test_the_page_is_valid_whole_and_accessible(dossier: ReportData, lang: str) -> None:
    written = report_html(dossier, *COMMANDS)
    if lang == "nb":
        assert written == report_html(dossier, *COMMANDS)  # the same bytes for the same results
    tree = parse(written)
    assert tree.get("lang") == lang
    assert OUTSIDE.findall(written) == []
    assert len(written.encode()) < 3_000_000
    headings = [int(found.tag[1]) for found in tree.iter() if re.fullmatch("h[1-6]", str(found.tag))]
    assert headings.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(headings))
    assert [bool(image.get("alt")) for image in tree.iter("img")] == [True] * 9
    for table in tree.iter("table"):
        assert text(table.find("caption"))  # type: ignore[arg-type]
        assert all(text(found) and found.get("scope") in ("col", "row") for found in table.iter("th"))
    regions = [found.get("aria-label") for found in tree.iter("div") if found.get("role") == "region"]
    assert len(regions) == len(set(regions)) == len(list(tree.iter("table")))
    ids = [found.get("id") for found in tree.iter() if found.get("id")]
    assert len(ids) == len(set(ids))
    assert {str(found.get("href"))[1:] for found in tree.iter("a")} <= set(ids)


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("lang", ["en", "nb"])
def test_numbers_are_those_of_the_results(dossier: ReportData, lang: str) -> None:
    found = compare([case.scenario for case in dossier.cases], **SIZE, series="none")
    tree = parsed(dossier)
    means = [one.summary().loc["implemented_rate"] for one in found.ensembles.values()]
    apart = rows_of(found.table("implemented_rate"))[0]
    cells = [str(Value.of(m, "share", sign=m is apart)) for m in (*means, apart)]
    assert rows(section(tree, "result"))[f"{label('implemented_rate')} (%)"] == cells
    frameworks = section(tree, "frameworks")
    assert len(list(frameworks.iter("h3"))) == len(list(frameworks.iter("table"))) == len(FRAMEWORKS)
    positions = [one.frameworks()["mean"]["matrix.position"] for one in found.ensembles.values()]
    assert rows(frameworks)[label("matrix.position")] == [number(value, 2) for value in positions]
    total = dossier.explanation.total()
    said = str(Value.of(total._asdict(), "share", sign=True))
    assert rows(section(tree, "explained"))[label("explain.total")] == [said]
    levers = rows(section(tree, "levers"))
    refused = next(row for row in rows_of(dossier.effects.table) if row["reason"])
    assert levers[str(load_lever(refused["lever"]).title)] == [
        titles(dossier.scenarios)[1],
        str(refused["reason"]),
    ]
    effects = dossier.effects.table.set_index("lever").loc["line-calibration"]
    shown = [str(Value.of(e, "share", sign=True)) for e in rows_of(effects)]
    assert levers[str(load_lever("line-calibration").title)][:2] == shown


def shifted(dossier: ReportData, shift: float) -> ReportData:
    """The same, with the rate of the first scenario that of the second plus a shift."""
    (a, first), (b, second) = dossier.comparison.ensembles.items()
    noise = np.array([0.01, -0.01, 0.0, 0.01, -0.01])
    rate = 0.5 + noise
    ensembles = {
        a: replace(first, values=first.values | {"implemented_rate": rate + shift + noise / 10}),
        b: replace(second, values=second.values | {"implemented_rate": rate}),
    }
    return replace(dossier, comparison=replace(dossier.comparison, ensembles=ensembles))


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("shift", [0.1, -0.1, 0.0])
def test_the_answer_follows_the_numbers_also_when_swapped(dossier: ReportData, shift: float) -> None:
    changed = replace(shifted(dossier, shift), robust=None, stored=None)
    turned = dict(reversed(changed.comparison.ensembles.items()))
    swapped = replace(changed, comparison=replace(changed.comparison, ensembles=turned))
    higher = dossier.scenarios[0 if shift > 0 else 1].title
    for one in (changed, swapped):
        tree = norwegian(parsed, one)
        answer = text(section(tree, "answer"))
        assert (f"har «{higher.nb}» høyere gjennomføringsgrad" in answer) == bool(shift)
        assert ("ingen klar forskjell i gjennomføringsgrad" in answer) == (not shift)
        assert "parametersett" not in answer
        assert "Ikke undersøkt" in text(section(tree, "robust"))


@pytest.mark.usefixtures("undrawn")
def test_how_to_repeat_it_is_told(dossier: ReportData) -> None:
    said = text(section(parsed(dossier), "repeat"))
    hashes = [fingerprint(scenario) for scenario in dossier.scenarios]
    assert dossier.robust is not None
    assert all(part in said for part in (*COMMANDS, *hashes, f"12 × {dossier.robust.runs};"))
    assert fingerprint(replace(dossier.scenarios[0], source="elsewhere")) != hashes[0]
    assert fingerprint(load_scenario(A)) == hashes[0]


@pytest.mark.usefixtures("undrawn")
def test_names_and_titles_are_text_and_told_apart(dossier: ReportData) -> None:
    first, second = dossier.comparison.ensembles.values()
    bad = named_badly(first.scenario)
    same = replace(second, scenario=replace(second.scenario, title=bad.title))
    ensembles = {bad.name: replace(first, scenario=bad), second.scenario.name: same}
    table = dossier.effects.table.replace({"scenario": {first.scenario.name: bad.name}})
    changed = replace(
        dossier,
        comparison=replace(dossier.comparison, ensembles=ensembles),
        effects=replace(dossier.effects, table=table),
        robust=None,
    )
    tree = norwegian(parsed, changed, bad.name, bad.name)
    assert list(tree.iter("script")) == []
    assert [text(item) for item in next(tree.iter("header")).iter("li")] == [
        f"{bad.title} ({name})" for name in ensembles
    ]
    assert [found.text for found in tree.iter("code")][:2] == [bad.name, bad.name]


@pytest.mark.usefixtures("undrawn")
def test_nothing_to_explain_and_nothing_defined() -> None:
    twin = replace(load_scenario(A), name="twin")
    tree = parsed(gather((Case(load_scenario(A)), Case(twin)), runs=1, months=4, levers=()))
    assert "cannot be compared" in text(section(tree, "answer"))
    assert "do not differ in anything" in text(section(tree, "explained"))
