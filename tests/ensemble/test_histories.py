"""What becomes of recommendations, and when: against closed forms, plain loops and the outcomes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import tverretatlig_sim as ts
from tverretatlig_sim.ensemble.batch import world_of
from tverretatlig_sim.ensemble.histories import ENDS, Histories, aalen_johansen, implemented_by
from tverretatlig_sim.kernel.state import MONTH_OF

MONTHS, RECOMMENDATIONS, RUNS = 40, 12, 600
TAKEN, LOST = 0.06, 0.04


@pytest.fixture(scope="module")
def ensemble() -> ts.Ensemble:
    return ts.simulate("0-24-2018", runs=60, months=70, seed=5)


@pytest.fixture(scope="module")
def chain() -> tuple[Histories, np.ndarray, np.ndarray]:
    """Recommendations drafted at random, then each month taken up or lost; half share a run's luck."""
    rng = np.random.default_rng(3)
    shape = (RECOMMENDATIONS, RUNS)
    drafted = rng.integers(0, 30, shape)
    waits = rng.geometric(TAKEN + LOST, shape) - 1
    waits[: RECOMMENDATIONS // 2] = waits[0]
    taken = rng.random(shape) < TAKEN / (TAKEN + LOST)
    taken[: RECOMMENDATIONS // 2] = taken[0]
    end = drafted + waits
    seen = end < MONTHS
    reached = {stage: np.full(shape, -1) for stage in MONTH_OF}
    reached["drafted"] = drafted
    reached["implemented"] = np.where(seen & taken, end, -1)
    reached["dropped"] = np.where(seen & ~taken, end, -1)
    histories = Histories(
        MONTHS, reached, np.where(seen & ~taken, 1, 0), np.zeros((1, RUNS)), np.zeros((1, RUNS))
    )
    return histories, waits, taken


def test_closed_form_of_an_absorbing_chain(chain: tuple[Histories, np.ndarray, np.ndarray]) -> None:
    """Four standard errors at five months and two ends: a false alarm in 1 of 1 600 such tests."""
    table = chain[0].incidence(world_of(ts.load_scenario("pure-network"), 6), "drafting", 0.95)
    for end, hazard in ((ENDS[0], TAKEN), (ENDS[1], LOST)):
        for month in (0, 5, 12, 24, 36):
            share, low, high = table.loc[(end, month), ["share", "low", "high"]]
            true = hazard / (TAKEN + LOST) * (1 - (1 - TAKEN - LOST) ** (month + 1))
            assert abs(share - true) < 4 * (high - low) / 2 / 1.96, (end, month)


def test_a_plain_loop_agrees(chain: tuple[Histories, np.ndarray, np.ndarray]) -> None:
    histories = chain[0]
    world = world_of(ts.load_scenario("pure-network"), 6)
    months, codes = histories.followed(world)
    table, each = histories.incidence(world, "drafting", 0.9), list(zip(months.flat, codes.flat, strict=True))
    left, share = 1.0, dict.fromkeys(ENDS[:2], 0.0)
    for month in range(MONTHS):
        still = [code for time, code in each if time >= month]
        ended = [ENDS[code] for time, code in each if time == month and code < len(ENDS)]
        for end in share:
            share[end] += left * ended.count(end) / max(len(still), 1)
            assert table.loc[(end, month), "share"] == pytest.approx(share[end], abs=1e-12)
        left *= 1 - len(ended) / max(len(still), 1)


def test_intervals_are_those_of_runs_left_out(chain: tuple[Histories, np.ndarray, np.ndarray]) -> None:
    """Half of a run's recommendations end together, so an interval from single ones would be half as wide."""
    months, codes = chain[0].followed(world_of(ts.load_scenario("pure-network"), 6))
    without = (np.delete(np.arange(RUNS), run) for run in range(0, RUNS, 3))
    found = [implemented_by(*(x[:, rest].reshape(-1, 1) for x in (months, codes)), 24) for rest in without]
    error = np.sqrt((RUNS - 1) * np.var(found))
    table = chain[0].incidence(world_of(ts.load_scenario("pure-network"), 6), "drafting", 0.95)
    share, low, high = table.loc[("implemented", 24), ["share", "low", "high"]]
    assert (high - low) / 2 / 1.964 == pytest.approx(error, rel=0.15)
    alone = np.sqrt(share * (1 - share) / (RECOMMENDATIONS * RUNS))
    assert error > 1.5 * alone


def test_late_drafts_count_for_as_long_as_they_were_seen() -> None:
    """Of four, one is done at once, one late, two were drafted too late to tell."""
    months, codes = np.array([[3], [20], [10], [10]]), np.array([[0], [0], [len(ENDS)], [len(ENDS)]])
    assert implemented_by(months, codes, 24)[0] == pytest.approx(1 / 4 + 3 / 4)
    assert implemented_by(months[2:], codes[2:], 24)[0] == 0.0


def test_shares_never_fall_nor_exceed_what_there_is() -> None:
    counts = np.random.default_rng(1).integers(0, 4, (len(ENDS) + 1, 50)).astype(float)
    found = aalen_johansen(counts)
    assert (np.diff(found.share, axis=-1) >= 0).all()
    assert found.share[:, -1].sum() <= 1 + 1e-12


def test_tables_agree_with_outcomes(ensemble: ts.Ensemble) -> None:
    means, stages = ensemble.summary()["mean"], ensemble.funnel()
    each, projects = ensemble.recommendations, ensemble.projects
    for stage in ("drafted", "decided", "handed_over", "adopted", "implemented"):
        assert each[stage].sum() == pytest.approx(stages.loc[stage, "reached"])
        assert projects[stage].sum() == pytest.approx(stages.loc[stage, "reached"])
    assert each["lost_line"].sum() == pytest.approx(means["lost_line"])
    assert projects["planned"].sum() == means["planned"] == len(each)
    members = set(world_of(ensemble.scenario, ensemble.months).agencies.names)
    trace = ensemble.trace(0)
    refused = {name for names in trace["refused_by"] for name in names.split(", ") if name}
    assert refused <= members
    assert (each["refused_share"] <= 1).all()
    assert each.loc[each["refused_share"] > 0, "refused_by"].isin(members).all()
    incidence = ensemble.incidence()
    assert incidence.loc[("implemented", 47), "share"] >= means["implemented_of_planned"] - 0.02
    times = ensemble.times("drafting")
    assert (times["end"] == "implemented").sum() == means["implemented"] * ensemble.runs


def test_what_cannot_be_asked(ensemble: ts.Ensemble) -> None:
    with pytest.raises(ValueError, match="since = 'birth'; allowed: start, drafting"):
        ensemble.incidence("birth")  # type: ignore[arg-type]
    few = ts.simulate("pure-network", runs=3, months=12, outcomes=["drafted"])
    for ask in (few.incidence, few.times, lambda: few.projects, lambda: few.recommendations):
        with pytest.raises(ValueError, match="all outcomes"):
            ask()


@pytest.mark.slow
def test_tables_are_of_whole_batches(ensemble: ts.Ensemble) -> None:
    parts = ts.simulate("0-24-2018", runs=60, months=70, seed=5, batch_size=7)
    pd.testing.assert_frame_equal(parts.incidence(), ensemble.incidence())
    pd.testing.assert_frame_equal(parts.times(), ensemble.times())
