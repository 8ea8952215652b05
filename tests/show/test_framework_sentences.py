"""Sentences on the frameworks claim what the numbers support, and no more."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from speaking import labels
from tverretatlig_sim.ensemble.frameworks import LINKS
from tverretatlig_sim.show.report.frameworks import Reading, sentences

RUNS = 40
NOISE = np.resize([0.02, -0.02], RUNS)
MEASURES = [*labels()]


def reading(title: str, runs: int = RUNS, **means: float) -> Reading:
    """An arrangement in which every measure is a half, but for some; each with a little noise."""
    known = dict.fromkeys(MEASURES, 0.5) | {key.replace("__", "."): mean for key, mean in means.items()}
    shift = {measure: place % 2 for place, measure in enumerate(known)}
    noisy = {measure: mean + NOISE[:runs] * (1 - 2 * shift[measure]) for measure, mean in known.items()}
    return Reading(title, known, pd.DataFrame(noisy))


def said(one: Reading, other: Reading) -> dict[str, str]:
    return {name: " ".join(told) for name, told in sentences((one, other)).items()}


def test_only_clear_differences_are_called_so() -> None:
    told = said(reading("Left", ladder__reached=3.0), reading("Right", ladder__reached=2.0))
    assert "clearly higher in “Left”, by 1.00" in told["ladder"]
    assert "the same in both (50.0)" in told["distances"]
    turned = said(reading("Left", ladder__reached=2.0), reading("Right", ladder__reached=3.0))
    assert "clearly higher in “Right”, by 1.00" in turned["ladder"]


def test_a_difference_within_chance_is_not_clear() -> None:
    right = reading("Right")
    turned = replace(right, runs=right.runs.iloc[::-1].reset_index(drop=True))
    assert "Rung reached: no clear difference (0.00; 95 %" in said(reading("Left"), turned)["ladder"]


def test_what_is_the_same_in_every_run_is_said_to_be_so() -> None:
    assert "Rung reached: the same in both (0.50)." in said(reading("Left"), reading("Right"))["ladder"]


def test_the_chain_breaks_only_where_one_link_is_clearly_weakest() -> None:
    links = dict.fromkeys((link.replace(".", "__") for link in LINKS), 0.9)
    told = said(reading("Left", **links | {"chain__lasting": 0.4}), reading("Right", **links))["chain"]
    assert "In “Left” the chain breaks at “Carried out → lasting in the lines”: 40.0 per cent" in told
    assert "In “Right” it is not clear" in told


def test_one_run_shows_nothing_clearly() -> None:
    told = said(reading("Left", runs=1), reading("Right", runs=1))
    assert "One run does not show" in told["chain"]
    assert "cannot be compared" in told["ladder"]
    assert "clear" not in " ".join(told.values())


def test_what_does_not_apply_is_said() -> None:
    missing = {"matrix__position": np.nan, "ladder__aimed": np.nan}
    missing |= {f"role__{role}": np.nan for role in ("driver", "interest_balancer", "system_steward")}
    missing |= {link.replace(".", "__"): np.nan for link in LINKS}
    told = said(reading("Left", **missing), reading("Right"))
    assert "“Left” has no forum" in told["matrix"]
    assert "In “Left” nobody coordinates" in told["roles"]
    assert "driver, interest balancer and system steward (0.50 of 1)" in told["roles"]
    assert "nothing gets on its way" in told["chain"]
    assert "plans nothing" in told["ladder"]


def test_given_measures_are_higher_only_if_the_numbers_shown_differ() -> None:
    told = said(reading("Left", hierarchy__strength=0.501), reading("Right"))["mechanisms"]
    assert "the same in both (0.50)" in told
    told = said(reading("Left", hierarchy__strength=0.51), reading("Right"))["mechanisms"]
    assert "higher in “Left” (0.51 against 0.50)" in told


@pytest.mark.parametrize("lang", ["en", "nb"])
def test_no_place_is_left_empty_in_either_language(lang: str) -> None:
    assert all("{" not in told for told in said(reading("Left"), reading("Right")).values())
