"""Tables for the terminal."""

from __future__ import annotations

import pytest
from rich.console import Console

from speaking import norwegian
from tverretatlig_sim import Comparison, Ensemble, list_scenarios, load_scenario
from tverretatlig_sim.show import catalogue, tables
from tverretatlig_sim.show.portrait import portrait


def printed(*parts: object, width: int = 110) -> str:
    console = Console(width=width, markup=False, emoji=False, highlight=False)
    with console.capture() as capture:
        for part in parts:
            console.print(part)
    return capture.get()


def test_comparison(comparison: Comparison) -> None:
    text = printed(tables.comparison_table(comparison))
    assert "A − B" in text
    assert "Ownership at the end" in text
    assert "±" in text


def test_pairs(many: Comparison) -> None:
    text = printed(norwegian(tables.pairs_table, many))
    assert all(pair in text for pair in ("A − B", "A − C", "B − C"))


def test_funnel(ensemble: Ensemble) -> None:
    text = printed(norwegian(tables.funnel_table, ensemble))
    assert "Hvor anbefalinger faller bort: 0-24-2018" in text
    assert "Tatt inn i linjen" in text


@pytest.mark.parametrize("lang", ["en", "nb"])
@pytest.mark.parametrize("name", list_scenarios())
def test_portrait_of_every_shipped_scenario(name: str, lang: str) -> None:
    scenario = load_scenario(name)
    text = printed(*portrait(scenario))  # type: ignore[arg-type]
    assert str(scenario.title)[:20] in text
    assert all(agency.name in text for agency in scenario.agencies)
    assert text.count(" *") >= len(scenario.core)


def test_narrow_terminals_lose_nothing(comparison: Comparison) -> None:
    text = printed(norwegian(tables.comparison_table, comparison), width=80)
    assert "…" not in text


def test_letters_go_on_beyond_the_alphabet() -> None:
    letters = tables.letters_of([f"s{i}" for i in range(30)])
    assert len(set(letters.values())) == 30


def test_catalogue() -> None:
    assert all(name in printed(norwegian(catalogue.scenarios_table)) for name in list_scenarios())
    assert "attention_level" in printed(norwegian(catalogue.parameters_table))
