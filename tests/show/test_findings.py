"""The sentence says what the numbers support, and no more."""

from __future__ import annotations

from math import nan
from typing import Any

import pytest

from speaking import norwegian
from tverretatlig_sim import Comparison
from tverretatlig_sim.show.findings import finding, findings

FORBIDDEN = ("because", "cause", "will ", "leads to", "due to", "forecast", "fordi", "vil ", "fører til")


def row(mean: float, low: float, high: float, n: int = 1000) -> dict[str, Any]:
    return {"a": "left", "b": "right", "n": n, "mean": mean, "low": low, "high": high}


def test_the_first_is_higher() -> None:
    said = finding(row(0.123, 0.112, 0.134), 1000)
    assert said.startswith(
        "In the model, “left” has a higher implemented rate than “right”, by 12.3 percentage points"
    )
    assert "(95 % interval 11.2 to 13.4, 1000 paired runs)" in said


def test_the_second_is_higher() -> None:
    said = finding(row(-0.123, -0.134, -0.112), 1000)
    assert "“right” has a higher implemented rate than “left”, by 12.3" in said
    assert "11.2 to 13.4" in said


@pytest.mark.parametrize(("low", "high"), [(-0.01, 0.02), (0.0, 0.02), (-0.02, 0.0), (0.0, 0.0)])
def test_no_clear_difference_when_the_interval_holds_zero(low: float, high: float) -> None:
    said = finding(row((low + high) / 2, low, high), 1000)
    assert "no clear difference" in said
    assert "higher" not in said


def test_a_clear_but_tiny_difference_is_not_rounded_to_zero() -> None:
    said = finding(row(0.0006, 0.0002, 0.0010), 1000)
    assert "0.02 to 0.10" in said


def test_norwegian_has_decimal_comma_and_minus() -> None:
    said = norwegian(finding, row(-0.005, -0.02, 0.01), 1000)
    assert said.startswith("I modellen er det ingen klar forskjell")
    assert "−0,5 prosentpoeng" in said


def test_one_pair_says_nothing() -> None:
    assert "try more runs" in finding(row(0.2, nan, nan, n=1), 1)


def test_undefined_rates_say_why() -> None:
    assert "try more months" in finding(row(nan, nan, nan, n=0), 1000)


def test_pairs_that_are_left_out_are_counted() -> None:
    assert "640 of 1000 paired runs" in finding(row(0.1, 0.09, 0.11, n=640), 1000)


@pytest.mark.parametrize("lang", ["en", "nb"])
@pytest.mark.parametrize("values", [(0.1, 0.05, 0.15), (-0.1, -0.15, -0.05), (0.0, -0.1, 0.1)])
def test_nothing_causal_no_forecast_and_levels_are_illustrative(values: Any, lang: str) -> None:
    said = finding(row(*values), 1000)
    assert not any(word in said for word in FORBIDDEN)
    assert "illustrative" in said


def test_one_sentence_a_pair(many: Comparison) -> None:
    assert len(findings(many)) == 3
