"""Numbers and words as readers see them, and the units and labels of all that is shown."""

from __future__ import annotations

from math import inf, nan

import pytest

from speaking import labels, norwegian
from tverretatlig_sim import Ensemble
from tverretatlig_sim.ensemble import SHOWN
from tverretatlig_sim.ensemble.outcomes import OUTCOMES
from tverretatlig_sim.ensemble.series import SERIES
from tverretatlig_sim.i18n import LANGUAGES
from tverretatlig_sim.kernel.state import LOSSES, STAGES
from tverretatlig_sim.scenario import list_scenarios, load_scenario, parameter_specs
from tverretatlig_sim.scenario.evidence import PARTS as NUMBERS
from tverretatlig_sim.show.rows import (
    FRAMEWORK_UNITS,
    PERCENT,
    Bar,
    Cell,
    Several,
    Span,
    Value,
    Word,
    enough_decimals,
    measure,
    number,
    plain,
    text,
    unit_of,
)
from tverretatlig_sim.show.simulations import letters_of
from tverretatlig_sim.study import PARTS


@pytest.mark.parametrize(
    ("value", "decimals", "lang", "said"),
    [
        (1.25, 1, "en", "1.2"),
        (-1.5, 1, "en", "−1.5"),
        (1234.5, 1, "nb", "1234,5"),
        (-0.01, 1, "en", "0.0"),
        (nan, 1, "en", "–"),
        (inf, 1, "nb", "–"),
    ],
)
def test_number(value: float, decimals: int, said: str, lang: str) -> None:
    assert number(value, decimals) == said


def test_plain_and_enough_decimals() -> None:
    assert norwegian(plain, 3.5) == "3,5"
    assert (plain(-4.0), plain(nan)) == ("−4", "–")
    assert (enough_decimals(0.0, 12.0), enough_decimals(0.004, 12.0)) == (1, 3)


CELLS: dict[str, tuple[Cell, str]] = {
    "shares are shown in per cent": (Value(0.5, "share", 0.48, 0.52), "50.0 ± 2.0"),
    "no interval that is not zero looks like zero": (
        Value(0.6231, "level", 0.6221, 0.6241),
        "0.623 ± 0.001",
    ),
    "what is the same in every run has no interval": (Value(65.0, "count", 65.0, 65.0), "65.0"),
    "a missing interval leaves the mean": (Value(65.0, "count"), "65.0"),
    "a missing number is a dash": (Value(nan, "share"), "–"),
    "nothing stands behind a dash": (Value(nan, "share", decimals=0, after=" %"), "–"),
    "differences carry their sign": (Value(0.1, "share", 0.09, 0.11, sign=True), "+10.0 ± 1.0"),
    "an interval by its ends": (Value(0.58, "share", 0.55, 0.61, decimals=0, ends=True), "58 (55 … 61)"),
    "ends that meet are not said": (Value(2.0, "count", 2.0, 2.0, ends=True), "2.0"),
    "as it was given": (Value(0.25), "0.25"),
    "two ends": (Span(0.1, 2.0), "0.1 … 2"),
    "ends with their sign and unit": (Span(-0.02, 0.1, "share", sign=True), "−2.0 … +10.0"),
    "no ends": (Span.of(None), ""),
    "the ends of some numbers": (Span.of([3.0, 1.0, 2.0]), "1 … 3"),
    "one number is no span": (Span.of([3.0]), "3"),
    "cells in a row": (Several([Value(2.0, "count"), "of", 3], " "), "2.0 of 3"),
    "an outcome has its unit": (measure("attendance_core"), "Attendance, core agencies (%)"),
    "a level has none": (measure("trust_core"), "Trust within the core"),
    "a measure of the frameworks has its unit": (measure("chain.decision"), "Drafted → handed over (%)"),
    "a code without a label is itself": (Word("nobody", "stage"), "nobody"),
    "a bar": (Bar(0.5), "███████"),
    "a hollow bar": (Bar(-0.5), "░░░░░░░"),
    "no bar": (Bar(nan), ""),
    "nothing": (None, ""),
}  # fmt: skip


@pytest.mark.parametrize("case", CELLS)
def test_cells(case: str) -> None:
    cell, said = CELLS[case]
    assert text(cell) == said


def test_every_measure_has_a_unit_and_a_short_label(ensemble: Ensemble) -> None:
    assert set(ensemble.outcomes) == set(OUTCOMES)
    assert set(SHOWN) <= set(OUTCOMES)
    assert {measure(name).better for name in OUTCOMES} == {"more", "less", "neither"}
    assert (measure("implemented_rate").better, measure("chain.decision").better) == ("more", None)
    assert set(FRAMEWORK_UNITS) <= set(ensemble.frameworks().index)
    assert (unit_of("distance.power"), unit_of("chain.activity")) == ("level", "fte")
    for code in LANGUAGES:
        named = labels(code)
        assert all(len(named[name]) <= 60 for name in OUTCOMES)
        assert [key for key in FRAMEWORK_UNITS if PERCENT in named[key]] == []


def test_all_that_goes_by_a_key_has_a_label() -> None:
    scenarios = [load_scenario(name) for name in list_scenarios()]
    keys = {
        *SERIES,
        *(f"stage.{stage}" for stage in STAGES),
        *(f"reason.{reason}" for reason in LOSSES if reason),
        *(f"theme.{t}" for s in scenarios for project in s.portfolio.project for t in project.themes),
        *(f"unit.{spec.unit}" for spec in parameter_specs().values()),
        *(f"part.{part}" for part in PARTS),
        *(f"evidence.{part}" for part in NUMBERS),
    }
    assert keys - {"unit.logit"} <= set(labels())  # called the same in both languages


def test_letters_go_on_beyond_the_alphabet() -> None:
    assert len(set(letters_of([f"s{i}" for i in range(30)]).values())) == 30
