"""The report as a page: valid, whole, safe, and with the numbers of ``compare``."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from xml.etree.ElementTree import Element

import html5lib
import pandas as pd
import pytest

from speaking import norwegian
from tverretatlig_sim import compare, load_lever, load_scenario, swap
from tverretatlig_sim.ensemble.readouts import FRAMEWORKS
from tverretatlig_sim.i18n import label
from tverretatlig_sim.show.describe import fingerprint
from tverretatlig_sim.show.rows import rows_of
from tverretatlig_sim.show.numbers import mean_with_interval, number
from tverretatlig_sim.show.report import page as pictures, report_html
from tverretatlig_sim.show.report.facts import titles
from tverretatlig_sim.study.dossier import Dossier, gather
from tverretatlig_sim.study.levers import Case
from tverretatlig_sim.study.robust import read_stored

A = "0-24-2018"
SIZE = {"runs": 5, "seed": 2, "months": 45}
COMMANDS = ("tverretatlig report A B", "tverretatlig compare A B --json")
LEVERS = ("line-calibration", "specific-mandate")
OUTSIDE = re.compile(r"(?:src|href|action)\s*=\s*\"(?!#|data:)|@import|url\(|<(?:script|link|iframe)", re.I)
"""Whatever would make a browser fetch something."""


@pytest.fixture(scope="module")
def dossier() -> Dossier:
    stored = read_stored()
    few = replace(stored, sets=stored.sets.part(0, 12))
    other = swap(load_scenario(A), portfolio="0-24-2015", letters="0-24-2015")
    cases = Case(load_scenario(A)), Case(other, (load_lever("stable-staffing"),))
    return gather(cases, **SIZE, stored=few, levers=LEVERS)


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures are made, but not drawn: for tests of the words."""
    monkeypatch.setattr(
        pictures, "picture", lambda figure, alt, caption: pictures.Picture("data:,", alt, caption, 1, 1)
    )


def tree(page: str) -> Element:
    """The page as a strict parser sees it; any fault is an error."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(page)  # type: ignore[no-any-return]


def text(element: Element) -> str:
    return " ".join(" ".join(element.itertext()).split())


def section(page: Element, name: str) -> Element:
    return next(found for found in page.iter("section") if found.get("id") == name)


@pytest.mark.parametrize("lang", ["en", "nb"])
def test_the_page_is_valid_whole_and_accessible(dossier: Dossier, lang: str) -> None:
    page = report_html(dossier, *COMMANDS)
    if lang == "nb":
        assert page == report_html(dossier, *COMMANDS)  # the same bytes for the same results
    parsed = tree(page)
    assert parsed.get("lang") == lang
    assert OUTSIDE.findall(page) == []
    assert len(page.encode()) < 3_000_000
    headings = [int(found.tag[1]) for found in parsed.iter() if re.fullmatch("h[1-6]", str(found.tag))]
    assert headings.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(headings))
    images = list(parsed.iter("img"))
    assert len(images) == 9
    assert all(image.get("alt") for image in images)
    for table in parsed.iter("table"):
        assert table.find("caption") is not None
        assert all(found.get("scope") in ("col", "row") for found in table.iter("th"))
    ids = [found.get("id") for found in parsed.iter() if found.get("id")]
    assert len(ids) == len(set(ids))
    links = [str(found.get("href"))[1:] for found in parsed.iter("a")]
    assert set(links) <= set(ids)


@pytest.mark.usefixtures("undrawn")
def test_numbers_are_those_of_compare(dossier: Dossier) -> None:
    first, second = (case.scenario for case in dossier.cases)
    found = compare([first, second], **SIZE, series="none")
    row = rows_of(found.table("implemented_rate"))[0]
    cells = [
        text(cell) for cell in next(section(tree(report_html(dossier, *COMMANDS)), "result").iter("tbody"))[0]
    ]
    means = [ensemble.summary().loc["implemented_rate"] for ensemble in found.ensembles.values()]
    expected = [mean_with_interval(m["mean"], m["low"], m["high"], "share") for m in means]
    expected.append(mean_with_interval(row["mean"], row["low"], row["high"], "share", sign=True))
    assert cells[1:] == expected


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("lang", ["en", "nb"])
def test_both_arrangements_stand_in_every_framework(dossier: Dossier, lang: str) -> None:
    shown = section(tree(report_html(dossier, *COMMANDS)), "frameworks")
    assert len(list(shown.iter("h3"))) == len(list(shown.iter("table"))) == len(FRAMEWORKS)
    readouts = [ensemble.frameworks()["mean"] for ensemble in dossier.comparison.ensembles.values()]
    cells = {text(row[0]): [text(cell) for cell in row[1:]] for row in shown.iter("tr")}
    expected = [number(means["matrix.position"], 2) for means in readouts]
    assert cells[label("matrix.position")] == expected
    assert all(all(said) for said in cells.values() if said[0] not in titles(dossier.scenarios))


def shifted(dossier: Dossier, shift: float) -> Dossier:
    """The same, with the rate of the first scenario that of the second plus a shift."""
    (a, first), (b, second) = dossier.comparison.ensembles.items()
    noise = pd.Series([0.01, -0.01, 0.0, 0.01, -0.01])
    rate = 0.5 + noise
    ensembles = {
        a: replace(first, outcomes=first.outcomes.assign(implemented_rate=rate + shift + noise / 10)),
        b: replace(second, outcomes=second.outcomes.assign(implemented_rate=rate)),
    }
    return replace(dossier, comparison=replace(dossier.comparison, ensembles=ensembles))


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize(
    ("shift", "said"),
    [(0.1, "“{a}” has a higher"), (-0.1, "“{b}” has a higher"), (0.0, "no clear difference")],
)
def test_the_answer_follows_the_numbers(dossier: Dossier, shift: float, said: str) -> None:
    a, b = (scenario.title.en for scenario in dossier.scenarios)
    answer = text(section(tree(report_html(shifted(dossier, shift), *COMMANDS)), "answer"))
    assert said.format(a=a, b=b) in answer
    if shift:
        assert "no clear difference in implemented rate" not in answer.split(".")[0]


@pytest.mark.usefixtures("undrawn")
def test_swapped_arrangements_give_the_same_answer(dossier: Dossier) -> None:
    ensembles = shifted(dossier, 0.1).comparison.ensembles
    swapped = replace(dossier.comparison, ensembles=dict(reversed(ensembles.items())))
    a = dossier.scenarios[0].title.en
    page = tree(report_html(replace(dossier, comparison=swapped, robust=None), *COMMANDS))
    assert f"“{a}” has a higher implemented rate" in text(section(page, "answer"))


@pytest.mark.usefixtures("undrawn")
def test_without_robustness_the_report_says_so(dossier: Dossier) -> None:
    page = tree(norwegian(report_html, replace(dossier, robust=None, stored=None), *COMMANDS))
    assert "Ikke undersøkt" in text(section(page, "robust"))
    assert "parametersett" not in text(section(page, "answer"))


@pytest.mark.usefixtures("undrawn")
def test_how_to_repeat_it_is_told(dossier: Dossier) -> None:
    said = text(section(tree(report_html(dossier, *COMMANDS)), "repeat"))
    hashes = [fingerprint(scenario) for scenario in dossier.scenarios]
    assert all(part in said for part in (*COMMANDS, *hashes, "12 × 4"))
    changed = replace(dossier.scenarios[0], start="2018-06")
    assert fingerprint(changed) != hashes[0]
    assert fingerprint(load_scenario(A)) == hashes[0]


@pytest.mark.usefixtures("undrawn")
def test_names_and_titles_are_text(dossier: Dossier) -> None:
    bad = '<script>alert("x")</script> =1+1 {{ 7*7 }} $a$ &lt;'
    first, second = dossier.scenarios
    named = {"name": bad, "title": first.title.model_copy(update={"en": bad, "nb": bad})}
    forums = [forum.model_copy(update={"title": named["title"]}) for forum in first.arrangement.forum]
    hostile = replace(first, **named, arrangement=first.arrangement.model_copy(update={"forum": forums}))
    ensembles = [replace(ensemble) for ensemble in dossier.comparison.ensembles.values()]
    comparison = replace(
        dossier.comparison,
        ensembles={bad: replace(ensembles[0], scenario=hostile), second.name: ensembles[1]},
    )
    table = dossier.effects.table.replace({"scenario": {first.name: bad}})
    effects = replace(dossier.effects, table=table)
    page = norwegian(
        report_html, replace(dossier, comparison=comparison, effects=effects, robust=None), bad, bad
    )
    parsed = tree(page)
    assert list(parsed.iter("script")) == []
    assert bad in "".join(parsed.itertext())
    assert [found.text for found in parsed.iter("code")][:2] == [bad, bad]


@pytest.mark.usefixtures("undrawn")
def test_scenarios_of_one_title_are_told_apart(dossier: Dossier) -> None:
    first, second = dossier.comparison.ensembles.values()
    same = replace(second.scenario, title=first.scenario.title)
    ensembles = {first.scenario.name: first, same.name: replace(second, scenario=same)}
    comparison = replace(dossier.comparison, ensembles=ensembles)
    page = tree(report_html(replace(dossier, comparison=comparison), *COMMANDS))
    titles = [text(item) for item in next(page.iter("header")).iter("li")]
    assert titles == [f"{first.scenario.title.en} ({name})" for name in ensembles]


@pytest.mark.usefixtures("undrawn")
def test_nothing_to_explain_and_nothing_defined() -> None:
    twin = replace(load_scenario(A), name="twin")
    dossier = gather((Case(load_scenario(A)), Case(twin)), runs=1, months=4, levers=())
    page = tree(report_html(dossier, *COMMANDS))
    assert "cannot be compared" in text(section(page, "answer"))
    assert "do not differ in anything" in text(section(page, "explained"))
