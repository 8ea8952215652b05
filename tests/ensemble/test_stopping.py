"""Runs that go on until a mean is known: they stop where they should, and their intervals keep their word."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from tverretatlig_sim import compare, simulate
from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.ensemble.simulate import grow_until
from tverretatlig_sim.ensemble.statistics import FIRST_LOOK, StoppingRule, mean_interval

SHORT = {"months": 36, "series": "none"}


@dataclass
class Tape:
    """Stands for a simulation whose outcomes are known beforehand."""

    values: Floats
    seen: list[int] = field(default_factory=list)

    def grow(self, runs: int) -> None:
        self.seen.append(runs)

    def so_far(self) -> list[Floats]:
        return [self.values[: self.seen[-1]]]


def stopped(values: Floats, until: float) -> tuple[Tape, StoppingRule]:
    tape = Tape(values)
    precision = grow_until(tape.grow, len(values), until, tape.so_far)
    assert precision is not None
    return tape, precision


@pytest.mark.parametrize("skewed", [False, True])
def test_the_interval_at_the_stop_holds_the_mean_and_costs_what_was_planned(skewed: bool) -> None:
    """800 sequences. By chance 5 % may miss; 2 standard errors on top: 52. False alarm: 2.5 %.

    A plan with a known standard deviation of 1 takes 1068 runs. Version 0.1.0 took 2.5 times as many and
    held the mean in 99.8 %.
    """
    rng = np.random.default_rng(20)
    draws = rng.exponential(1.0, (800, 4096)) - 1.0 if skewed else rng.normal(size=(800, 4096))
    missed, runs = np.zeros(800, dtype=bool), np.zeros(800)
    for place, values in enumerate(draws):
        tape, precision = stopped(values, until=0.06)
        final = mean_interval(values[: tape.seen[-1]])
        assert precision.reached
        missed[place], runs[place] = not final.low <= 0.0 <= final.high, tape.seen[-1]
    assert missed.sum() <= 52
    assert runs.mean() < 1.12 * (1.96 / 0.06) ** 2


def test_it_stops_at_the_first_look_that_is_precise_enough() -> None:
    values = np.random.default_rng(4).normal(size=20_000)
    tape, precision = stopped(values, until=0.05)
    assert tape.seen[0] == FIRST_LOOK
    assert precision.looks == len(tape.seen) <= 4
    before = mean_interval(values[: tape.seen[-2]])
    assert precision.half_width <= 0.05 < (before.high - before.low) / 2


def test_it_stops_at_the_most_runs_and_says_so() -> None:
    tape, precision = stopped(np.random.default_rng(5).normal(size=700), until=1e-6)
    assert tape.seen == [256, 700]
    assert not precision.reached


def test_what_is_never_defined_is_not_waited_for() -> None:
    tape, precision = stopped(np.full(10_000, np.nan), until=0.01)
    assert tape.seen == [FIRST_LOOK]
    assert not precision.reached


def test_runs_until_are_the_same_runs() -> None:
    found = simulate("pure-network", half_width=0.05, **SHORT)  # type: ignore[arg-type]
    assert found.stopping_rule is not None
    assert found.stopping_rule.reached
    alone = simulate("pure-network", found.runs, **SHORT)  # type: ignore[arg-type]
    assert found.outcomes.equals(alone.outcomes)
    row, usual = (item.summary().loc["implemented_rate"] for item in (found, alone))
    assert row["high"] - row["mean"] == pytest.approx(found.stopping_rule.half_width)
    assert row.equals(usual)


def test_a_comparison_watches_the_difference() -> None:
    found = compare(["0-24-2018", "pure-network"], 300, half_width=1e-4, **SHORT)  # type: ignore[arg-type]
    assert found.stopping_rule is not None
    assert not found.stopping_rule.reached
    assert found.runs == 300
    row = found.table("implemented_rate").iloc[0]
    assert (row["high"] - row["low"]) / 2 == pytest.approx(found.stopping_rule.half_width)


@pytest.mark.parametrize("until", [0, -0.1, 0.5, 50, float("nan"), float("inf"), True, "0.1"])
def test_a_precision_is_a_number_that_a_share_can_be_off_by(until: object) -> None:
    with pytest.raises(ValueError, match=r"must be a number above 0 and below 0\.5"):
        simulate("pure-network", half_width=until, **SHORT)  # type: ignore[arg-type]


def test_one_value_a_run_needs_a_number_of_runs() -> None:
    with pytest.raises(ValueError, match="one a run"):
        simulate("pure-network", half_width=0.1, parameters={"turnover": [0.01, 0.02]}, **SHORT)  # type: ignore[arg-type]
