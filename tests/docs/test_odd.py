"""The ODD document says what the code has: parameters, state variables, outcomes; the glossary, whom."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tverretatlig_sim import simulate
from tverretatlig_sim.kernel.state import variables
from tverretatlig_sim.scenario import parameter_specs
from tverretatlig_sim.scenario.levers import list_dials

from .documents import ROOT

ODD = ROOT / "docs" / "odd.md"
FIRST_CELL = re.compile(r"^\| (`[^|]*`) \|", re.MULTILINE)


def section(heading: str) -> str:
    """The text of one section of the document."""
    _, _, rest = ODD.read_text(encoding="utf-8").partition(f"\n## {heading}")
    assert rest, heading
    return rest.partition("\n## ")[0]


def first_cells(text: str) -> list[str]:
    """Names in code type in the first column of a table."""
    return [name for cell in FIRST_CELL.findall(text) for name in re.findall(r"`([\w.-]+)`", cell)]


def test_parameter_table_is_that_of_the_parameter_file() -> None:
    import generated
    import parameter_table

    assert generated.stored(ODD, parameter_table.NAME) == parameter_table.table()
    assert first_cells(section("9. Parameters")) == list(parameter_specs())


def test_state_table_is_that_of_the_kernel() -> None:
    import generated
    import state_table

    assert generated.stored(ODD, state_table.NAME) == state_table.table()
    assert set(first_cells(section("2. Entities"))) >= set(variables())


def test_the_glossary_has_the_names_of_the_files() -> None:
    import generated
    import names_table

    assert generated.stored(ROOT / "docs" / "glossary.md", names_table.NAME) == names_table.table()


def test_the_reviewer_s_table_of_patterns_is_that_of_their_files() -> None:
    import generated
    import pattern_tables

    assert generated.stored(pattern_tables.DOCUMENT, "pattern-kinds") == pattern_tables.kinds_table()
    items = {item for pattern in pattern_tables.shipped().values() for item in pattern.through}
    for item in items - {"2"}:
        section, _dot, rest = item.partition(".")
        assert section == "7"
        assert f"### 7.{rest.split('.')[0]} " in ODD.read_text(encoding="utf-8"), item


def test_measures_of_the_frameworks_are_those_of_an_ensemble() -> None:
    measures = simulate("pure-hierarchy", runs=1, months=1, series="none").frameworks().index
    cells = first_cells(section("11. Frameworks"))
    assert sorted(cells) == sorted([*measures, *list_dials()])


def test_outcomes_are_those_of_an_ensemble() -> None:
    outcomes = simulate("pure-hierarchy", runs=1, months=1, series="none").outcomes
    assert sorted(first_cells(section("10. Outcomes"))) == sorted(outcomes)


def test_every_parameter_has_its_place_in_the_text() -> None:
    rules = ODD.read_text(encoding="utf-8").partition("\n## 9.")[0]
    missing = [name for name in parameter_specs() if name not in rules.replace("\\_", "_")]
    assert missing == ["attention_level"], "only the level stands in the text under its symbol"


def test_no_table_without_markers(tmp_path: Path) -> None:
    import generated

    (tmp_path / "plain.md").write_text("nothing", encoding="utf-8")
    with pytest.raises(ValueError, match="lacks the markers"):
        generated.stored(tmp_path / "plain.md", "state")
