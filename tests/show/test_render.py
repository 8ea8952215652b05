"""Every renderer shows the same numbers, whole, wherever it shows them."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from math import isfinite
from typing import Any

import pandas as pd
import pytest

from show.sheets import QUICK, SLOW, sheet, tables
from speaking import norwegian
from tverretatlig_sim.i18n import Message
from tverretatlig_sim.show.render import as_json, html, terminal, texts
from tverretatlig_sim.show.rows import Cell, Group, Heading, Several, Sheet, Table, Value, Word, keyed

every_sheet = pytest.mark.parametrize(
    "name", [*QUICK, *(pytest.param(name, marks=pytest.mark.slow) for name in SLOW)]
)
DERIVED = {"evidence", "study", "analyses", "state of a study"}
"""Sheets whose first table holds shares, averages or sums of what the document has."""


def words(table: Table) -> Counter[str]:
    cells = [cell for group in texts(table) for row in group for cell in row]
    return Counter(" ".join([*cells, table.title, table.note]).split())


@every_sheet
def test_terminal_and_html_show_every_cell(name: str) -> None:
    for table in tables(sheet(name)):
        wide, narrow = (terminal(table, width=width).split() for width in (1000, 80))
        marked = unescape(re.sub("<[^>]*>", " ", html(table))).split()
        for shown in (wide, narrow, marked):
            assert words(table) - Counter(shown) == Counter()


UNNAMED = {"bar", "of", "what", "said", "pair", "part", "outcome", "measure", "A"}
"""Columns that go without a heading, at least in some table."""


@every_sheet
def test_columns_have_headings(name: str) -> None:
    for table in tables(sheet(name)):
        assert {key for key, heading in table.columns.items() if not heading.strip()} <= UNNAMED


def leaves(document: Any) -> Iterator[Any]:
    if isinstance(document, dict | list):
        for inner in document.values() if isinstance(document, dict) else document:
            yield from leaves(inner)
    else:
        yield document


def values(cell: Cell) -> Iterator[float]:
    if isinstance(cell, Several):
        for inner in cell.cells:
            yield from values(inner)
    elif isinstance(cell, Value) and isfinite(cell.mean):
        yield cell.mean


@every_sheet
def test_json_is_strict_and_holds_the_same_numbers(name: str) -> None:
    made = sheet(name)
    document = json.loads(as_json(made.document), parse_constant=pytest.fail)
    numbers = {leaf for leaf in leaves(document) if isinstance(leaf, int | float)}
    if name not in DERIVED:
        shown = {number for row in tables(made)[0].rows for cell in row.values() for number in values(cell)}
        assert shown <= numbers


@every_sheet
@pytest.mark.parametrize("width", [40, 80, 110])
@pytest.mark.parametrize("lang", ["en", "nb"])
def test_the_terminal_is_heeded_and_no_word_broken(name: str, width: int, lang: str) -> None:
    made = sheet(name, lang)
    lines = terminal(*made.parts, width=width).splitlines()
    assert [line for line in lines if len(line) > width and len(line.split()) > 1] == []
    said = Counter(" ".join(part for part in made.parts if isinstance(part, str)).split())
    assert said - Counter(" ".join(lines).split()) == Counter()


@every_sheet
def test_a_windows_terminal_can_show_it(name: str) -> None:
    terminal(*sheet(name).parts, width=80, encoding="cp1252").encode("cp1252")


def made(*cells: Cell, **more: Any) -> Table:
    return keyed([{"a": "first", "b": cell} for cell in cells], heads={"a": "A", "b": "B"}, **more)


def test_rows_are_aligned_and_groups_set_off() -> None:
    table = Table(
        {"name": "Name", "n": "Number"},
        [
            Group([{"name": "one", "n": Value(1.5)}], "Odd"),
            Group([{"name": "a rather long name", "n": Value(-200.25)}]),
        ],
        "Title",
        "Note.",
    )
    assert terminal(table, width=80).splitlines() == [
        "Title",
        "Name                 Number",
        "───────────────────────────",
        "Odd",
        "  one                   1.5",
        "───────────────────────────",
        "a rather long name  −200.25",
        "Note.",
    ]
    assert terminal(table, width=18).splitlines()[:6] == [
        "Title",
        "Name        Number",
        "──────────────────",
        "Odd",
        "  one          1.5",
        "──────────────────",
    ]
    too_narrow = terminal(table, width=12).splitlines()
    assert [line for line in too_narrow if line][:4] == ["Title", "Odd", "Name:   one", "  Number:"]


def test_headings_are_bold_where_that_is_wanted() -> None:
    assert terminal(Heading("Title"), width=80, bold=True) == "\033[1mTitle\033[0m"
    assert "\033" not in terminal(Heading("Title"), made("x", title="T"), width=80)


def test_html_escapes_names_and_marks_headings() -> None:
    shown = html(Heading("<b>"), "a & b", made("<script>", Value(0.5, "share")))
    assert "<h2>&lt;b&gt;</h2>" in shown
    assert "<p>a &amp; b</p>" in shown
    assert "&lt;script&gt;" in shown
    assert '<th scope="row">first</th><td class="number">50.0</td>' in shown


def test_json_refuses_what_it_has_no_way_to_write() -> None:
    with pytest.raises(ValueError, match="JSON"):
        as_json({"x": float("nan")})


def test_a_document_holds_rows_fields_and_messages_and_nothing_for_what_is_missing() -> None:
    frame = pd.DataFrame({"a": [1.5, float("nan")], "b": ["x", "y"]})
    found = norwegian(Sheet, [], {"rows": frame, "said": Message("Stopped."), "pair": (1, float("inf"))})
    assert found.document == {
        "rows": [{"a": 1.5, "b": "x"}, {"a": None, "b": "y"}],
        "said": "Stanset.",
        "pair": [1, None],
    }


def test_a_sign_stays_with_its_number() -> None:
    assert terminal("Within 95 % of all", width=9).splitlines() == ["Within", "95 % of", "all"]


def test_cells_are_rendered_in_the_language_of_the_reader() -> None:
    table = made(Value(1.5), Word("implemented_rate", unit="share"))
    assert [row[1] for row in norwegian(texts, table)[0]] == [
        "1,5",
        "Gjennomført innen 24 måneder etter utarbeiding (%)",
    ]
    assert isinstance(sheet("levers"), Sheet)
