"""Intervals, paired differences and moments against other libraries, or against a reckoning by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import tverretatlig_sim as ts
from tverretatlig_sim.ensemble.series import Moments
from tverretatlig_sim.ensemble.statistics import few_differ, mean_interval, paired_difference, summary


def test_the_interval_of_a_mean_is_the_t_interval_of_what_is_known() -> None:
    values = np.array([1.0, 4.0, np.nan, 2.5, 7.0])
    found, known = mean_interval(values, 0.9), values[~np.isnan(values)]
    low, high = stats.t.interval(0.9, 3, known.mean(), stats.sem(known))
    assert found == pytest.approx((4, known.mean(), known.std(ddof=1), low, high))
    for few, n in ((np.array([np.nan]), 0), (np.array([3.0, np.nan]), 1)):
        interval = mean_interval(few)
        assert interval.n == n
        assert np.isnan([interval.sd, interval.low, interval.high]).all()
    row = summary({"x": values}).loc["x"]
    assert (row["n"], row["missing"], row["q50"]) == (4, 1, np.median(known))


def test_a_paired_difference_by_hand() -> None:
    first, second = np.array([3.0, 5.0, 4.0, np.nan]), np.array([1.0, 5.0, 6.0, 2.0])
    found = paired_difference(first, second)
    assert (found["n"], found["mean"]) == (3, 0.0)
    assert (found["share_a_above_b"], found["share_equal"]) == pytest.approx((1 / 3, 1 / 3))
    assert found["variance_reduction"] == pytest.approx((1.0 + 7.0) / 4.0)
    assert found["correlation"] == pytest.approx(2.0 / np.sqrt(7.0))
    same = paired_difference(first, first)
    assert np.isnan(same["variance_reduction"])
    assert np.isnan(paired_difference(first[:1], second[:1])["low"])


@pytest.mark.parametrize(
    ("values", "flagged"),
    [
        ([41.0] * 10, True),  # as ``drafted`` in ten runs: the interval has no width, and held in 70 %
        ([41.0] * 96 + [40.0] * 4, True),
        ([41.0] * 90 + [40.0] * 10, False),
        ([1.0, 2.0, 3.0], False),
        ([1.0, 1.0, 3.0], True),
        ([2.0], False),
        ([np.nan, np.nan], False),
    ],
)
def test_an_interval_that_is_hardly_known_is_flagged(values: list[float], flagged: bool) -> None:
    assert few_differ(np.array(values)) is flagged
    assert bool(summary({"x": np.array(values)}).loc["x", "few_differ"]) is flagged
    assert paired_difference(np.array(values), np.zeros(len(values)))["few_differ"] is flagged


def test_of_many_intervals_all_can_be_made_to_hold_together() -> None:
    """Bonferroni: 5 % of misses in all, shared out over three pairs."""
    found = ts.compare(["pure-network", "pure-hierarchy", "0-24-2018"], 12, months=30, series="none")
    together, one = (found.table("drafted", simultaneous=both) for both in (True, False))
    level = found.table("drafted", 1 - 0.05 / 3)
    np.testing.assert_allclose(together[["low", "high"]], level[["low", "high"]])
    assert (together["high"] - together["low"] > one["high"] - one["low"]).any()


def test_moments_of_parts_are_those_of_the_whole() -> None:
    rng = np.random.default_rng(1)
    values = rng.normal(3.0, 2.0, (5, 90))
    values[1, ::7], values[2] = np.nan, np.nan
    parts = [Moments.of(part) for part in np.split(values, [1, 40], axis=1)]
    mean, sd = parts[0].merge(parts[1]).merge(parts[2]).statistics()
    some = [0, 1, 3, 4]
    np.testing.assert_allclose(mean[some], np.nanmean(values[some], axis=1), rtol=1e-13)
    np.testing.assert_allclose(sd[some], np.nanstd(values[some], axis=1, ddof=1), rtol=1e-13)
    assert np.isnan([mean[2], sd[2]]).all()


def test_moments_of_batches_are_those_of_every_run() -> None:
    moments, runs = (
        ts.simulate("pure-network", 30, months=24, batch_size=10, series=kind).series
        for kind in ("moments", "runs")
    )
    assert set(moments) == set(runs)
    for name, mean in moments.sel(statistic="mean").data_vars.items():
        np.testing.assert_allclose(mean, runs[name].mean("run"), rtol=1e-12, atol=1e-15, err_msg=str(name))
