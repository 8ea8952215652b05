"""The brief: one page whose words follow its numbers, for browser, Word and Excel; the report behind it."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import Element

import docx
import html5lib
import numpy as np
import openpyxl
import pytest

from speaking import norwegian
from tverretatlig_sim import compare, edit, load_scenario
from tverretatlig_sim.ensemble import HEADLINE, OF_PLANNED
from tverretatlig_sim.i18n import LANGUAGES, use_language
from tverretatlig_sim.scenario.overlay import fingerprint
from tverretatlig_sim.show import office
from tverretatlig_sim.show.brief import points, verdict
from tverretatlig_sim.show.report import Page, page
from tverretatlig_sim.show.rows import PagePart, Picture, Points, Table, text
from tverretatlig_sim.study.briefing import Briefing, gather
from tverretatlig_sim.study.history_matching import read_stored

BASE = "etatssamarbeidet-2025"
SIX = ["Bufdir", "Hdir", "Husbanken", "IMDi", "POD", "Udir"]
SIZE = {"runs": 4, "seed": 2, "months": 60}
NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
OUTSIDE = re.compile(r"(?:src|href|action)\s*=\s*\"(?!#|data:)|@import|url\(|<(?:script|link|iframe)", re.I)
"""Whatever would make a browser fetch something."""


@pytest.fixture(scope="module")
def results() -> Briefing:
    base, stored = load_scenario(BASE), read_stored()
    group = {"function": "steer", "seats": "all", "cadence": 1}
    change = edit(base, members=SIX, forums={"strategic-group": group}, secretariat=6)
    few = replace(stored, sets=stored.sets.part(0, 4))
    return gather(base, change, **SIZE, stored=few, levers=["line-calibration", "stable-staffing"])


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures are made, but not drawn: for tests of the words."""
    monkeypatch.setattr(page, "drawn", lambda figure, kind: b"")


def with_rates(results: Briefing, **differences: float) -> Briefing:
    """The same, with outcomes of the change those of the base plus a difference and a little noise."""
    (a, base), (b, change) = results.comparison.ensembles.items()
    noise = np.resize([0.001, -0.001], results.comparison.runs)
    level = 0.5 + np.resize([0.01, -0.01, 0.0], results.comparison.runs)
    old = dict.fromkeys(differences, level)
    new = {key: level + shift + noise for key, shift in differences.items()}
    ensembles = {a: replace(base, values=base.values | old), b: replace(change, values=change.values | new)}
    return replace(results, comparison=replace(results.comparison, ensembles=ensembles))


def words(parts: list[PagePart]) -> str:
    """Everything a part shows, words in pictures included."""
    said: list[str] = []
    for part in parts:
        if isinstance(part, str):
            said.append(part)
        elif isinstance(part, Points):
            said += part.items
        elif isinstance(part, Table):
            said += [text(cell) for row in part.rows for cell in row.values()]
            said += [*part.columns.values(), part.title, part.note]
        elif isinstance(part, Picture):
            part.figure.canvas.draw()
            for axes in part.figure.axes:
                marks = [*axes.get_xticklabels(), *axes.get_yticklabels(), *axes.texts]
                said += [it.get_text() for it in marks]
            said += [part.caption, part.alt]
    return "\n".join(said)


# --- words follow numbers


@pytest.mark.parametrize(
    ("mean", "half", "expected"),
    [
        (0.03, 0.01, "more"), (-0.03, 0.01, "less"), (0.008, 0.001, "small"), (0.0, 0.005, "small"),
        (0.0, 0.03, "unclear"), (0.02, 0.03, "unclear"), (0.02, float("nan"), "unknown"),
    ],
)  # fmt: skip
def test_clearly_is_only_what_is_certain_and_matters(mean: float, half: float, expected: str) -> None:
    row = {"mean": mean, "low": mean - half, "high": mean + half}
    assert verdict(row, 0.01) == expected
    assert points(row, "mean")[0].lstrip("−").count(".") == (half < 0.005)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_has_few_numbers_no_ids_and_one_language(results: Briefing, lang: str) -> None:
    with use_language(lang):
        made = Page(results)
        shown = words([it for parts in made.sections.values() for it in parts])
    assert len(NUMBER.findall(shown)) <= 60
    ids = [BASE, "strategic-group", "managers-group", *(it.name for it in results.base.portfolio.project)]
    assert [name for name in ids if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", shown)] == []
    assert ("gjennomført" in shown) == (lang == "nb")
    assert ("implemented" in shown) == (lang == "en")


@pytest.mark.parametrize("shift", [0.1, -0.1, 0.005, 0.0])
def test_the_answer_follows_the_numbers_also_when_swapped(results: Briefing, shift: float) -> None:
    one = with_rates(results, **{HEADLINE: shift, OF_PLANNED: shift})
    comparison = one.comparison
    swapped = replace(
        one,
        comparison=replace(comparison, ensembles=dict(reversed(comparison.ensembles.items()))),
        effects=replace(one.effects, base=one.change, change=one.base, lines=()),
    )
    for made, sign in ((one, 1), (swapped, -1)):
        answer = norwegian(lambda made=made: Page(replace(made, robust=None)).answer)
        assert ("klart mer" in answer[0]) == (sign * shift > 0.01)
        assert ("klart mindre" in answer[0]) == (sign * shift < -0.01)
        assert ("for liten til å bety noe" in answer[0]) == (abs(shift) < 0.01)
        assert answer[1] == "Hvor mye dette avhenger av antakelsene, er ikke prøvd."
        assert len(answer) == 2


def test_measures_that_disagree_are_reconciled(results: Briefing) -> None:
    apart = with_rates(results, **{HEADLINE: 0.05, OF_PLANNED: -0.05, "drafted": 0.0})
    made = norwegian(lambda: Page(apart).answer)
    assert "klart mindre" in made[0]
    assert "blir mer gjennomført innen 2 år" in made[-1]
    assert "begge deler stemmer fordi" in made[-1]


def test_a_change_that_changes_nothing_says_so() -> None:
    base = load_scenario(BASE)
    same = edit(base, secretariat=1.5)
    made = Page(gather(base, same, runs=2, months=50))
    assert made.answer == [
        "The changes change nothing here: all of it is so already, and every number is the same with and "
        "without them."
    ]
    assert not any(isinstance(part, Picture) for parts in made.sections.values() for part in parts)
    assert "each FTE carries as much as before" in made.workload[0]


def test_numbers_are_those_of_compare(results: Briefing) -> None:
    found = compare([results.base, results.change], **SIZE, series="none")
    row = found.table(OF_PLANNED).iloc[0]
    made = Page(results)
    assert made.difference(OF_PLANNED)["mean"] == -row["mean"]
    cells = {str(row["outcome"]): row for row in made.tables["measures"].rows}
    assert cells["Implemented within 48 months, of all planned (%)"]["difference"].mean == -row["mean"]  # type: ignore[union-attr]
    assert any(fingerprint(results.change) in text(row["value"]) for row in made.tables["repeat"].rows)


# --- files


def test_word_opens_it_with_headings_tables_and_pictures(results: Briefing, tmp_path: Path) -> None:
    with use_language("nb"):
        made = Page(results)
        made.save(tmp_path / "b.docx")
        expected = made.title
    read = docx.Document(str(tmp_path / "b.docx"))
    styles = {p.style.name: p.text for p in read.paragraphs}
    assert {"Heading 1", "Heading 2", "Caption", "List Number", "List Bullet"} <= {*styles}
    assert styles["Heading 1"] == expected
    (table,) = read.tables
    assert [cell.text for cell in table.rows[0].cells] == ["", "Som i dag", "Endret"]
    (shape,) = read.inline_shapes
    assert round(shape.width.cm, 1) == office.CENTIMETRES
    assert "Søyler" in shape._inline.docPr.get("descr")
    own = docx.Document()
    own.sections[0].header.paragraphs[0].text = "Eget hode"
    own.add_paragraph("goes")
    own.save(str(tmp_path / "own.docx"))
    made.save(tmp_path / "c.docx", tmp_path / "own.docx")
    again = docx.Document(str(tmp_path / "c.docx"))
    assert again.sections[0].header.paragraphs[0].text == "Eget hode"
    assert "goes" not in [p.text for p in again.paragraphs]
    with pytest.raises(office.OfficeError, match="no Word document"):
        made.save(tmp_path / "d.docx", tmp_path / "b.html")


def test_excel_opens_it_with_numbers(results: Briefing) -> None:
    with use_language("nb"):
        made = Page(results)
        book = openpyxl.load_workbook(BytesIO(made.data(".xlsx")))
        expected = made.difference(OF_PLANNED)
    assert book.sheetnames[-1] == "Slik gjentar du dette"
    rows = list(book.worksheets[0].iter_rows(min_row=3, values_only=True))
    head, first = rows[0], rows[1]
    assert head[:2] == ("", "Som i dag") or head[1] == "Som i dag"
    assert [type(cell) for cell in first[1:4]] == [float] * 3
    start = head.index("forskjell")
    assert first[start : start + 3] == pytest.approx([100 * expected[key] for key in ("mean", "low", "high")])


def test_what_is_not_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(office, "import_module", missing)
    with pytest.raises(office.OfficeError, match="XlsxWriter") as refusal:
        office.xlsx({})
    assert "pip install 'tverretatlig-sim[office]'" in str(refusal.value.advice)


# --- HTML


def tree_of(results: Briefing, *, report: bool) -> Element:
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(Page(results, "tverretatlig brief A B").html(report=report))  # type: ignore[no-any-return]


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_pages_are_valid_whole_and_accessible(results: Briefing, lang: str) -> None:
    with use_language(lang):
        written = Page(results).html(report=True)
        assert written == Page(results).html(report=True)  # the same bytes for the same results
        tree = tree_of(results, report=True)
    assert tree.get("lang") == lang
    assert OUTSIDE.findall(written) == []
    headings = [int(found.tag[1]) for found in tree.iter() if re.fullmatch("h[1-6]", str(found.tag))]
    assert headings.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(headings))
    assert all(image.get("alt") for image in tree.iter("img"))
    for table in tree.iter("table"):
        assert "".join(table.find("caption").itertext()).strip()  # type: ignore[union-attr]
    regions = [found.get("aria-label") for found in tree.iter("div") if found.get("role") == "region"]
    assert len(regions) == len({*regions})
    ids = [found.get("id") for found in tree.iter() if found.get("id")]
    assert len(ids) == len({*ids})
    assert {str(found.get("href"))[1:] for found in tree.iter("a")} <= {*ids}


@pytest.mark.usefixtures("undrawn")
def test_the_report_marks_truly_what_differs(results: Briefing) -> None:
    tree = tree_of(results, report=True)
    cells = {
        "".join(row[0].itertext()): ["".join(cell.itertext()) for cell in row[1:]]
        for part in tree.iter("section")
        if part.get("id") == "more-arrangements"
        for row in part.iter("tr")
    }
    marked = {key.removesuffix(" ≠") for key in cells if key.endswith("≠")}
    assert {"Projects", "Agencies"} & marked or len(marked) >= 6
    assert all("≠" in key for key, values in cells.items() if len({*values}) == 2 and key.strip())
    short = tree_of(results, report=False)
    assert [it.get("id") for it in short.iter("section")] == [
        "question", "answer", "changes", "cost", "barriers", "unknown", "sources",
    ]  # fmt: skip
