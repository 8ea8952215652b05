"""Shares over sets do not hang on the number of runs, and their intervals hold the truth."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import gamma, norm

from tverretatlig_sim.study.robust_shares import ANSWERS, expected, means_of, robust_shares, smallest_of
from tverretatlig_sim.study.sampling import wilson


def made_up(seed: int, runs: int, sets: int = 400) -> tuple[np.ndarray, np.ndarray]:
    """Expected differences of 2 + 2.5 z, three quarters of the variance from parameters; noise 8 a run.

    Of all sets 65.5 % are above 1, 11.5 % below −1.
    """
    rng = np.random.default_rng(seed)
    parameters = rng.normal(size=(sets, 10))
    score = np.sqrt(0.75) * parameters.sum(axis=1) / np.sqrt(10) + 0.5 * rng.normal(size=sets)
    return (2 + 2.5 * score)[:, None] + 8 * rng.normal(size=(sets, runs)), parameters


TRUTH = np.array([norm.sf(-0.4), norm.cdf(-0.4) - norm.cdf(-1.2), norm.cdf(-1.2)])


@pytest.mark.slow
def test_shares_do_not_hang_on_the_number_of_runs() -> None:
    """Counted by the sign of means, as version 0.1.0 did, the share of a above b goes from 68 to 77 %.

    Twelve tables of 400 sets; at four runs a mean share has a standard error of about 2 points. Three of
    these: a false alarm in 0.3 %.
    """
    found, counted = {}, {}
    for runs in (4, 64):
        tables = [made_up(seed, runs) for seed in range(12)]
        rows = [robust_shares(*means_of(values), parameters, 1.0) for values, parameters in tables]
        found[runs] = np.mean([[row[name] for name in ANSWERS] for row in rows], axis=0)
        counted[runs] = np.mean([(values.mean(axis=1) > 0).mean() for values, _ in tables])
        ends = np.array([[(row[f"{name}_low"], row[f"{name}_high"]) for name in ANSWERS] for row in rows])
        held = ((ends[..., 0] <= TRUTH) & (ends[..., 1] >= TRUTH)).mean()
        assert held >= 0.83  # of 36 intervals at 95 %: three standard errors below is 84 %
        np.testing.assert_allclose(found[runs], TRUTH, atol=0.06)
    assert counted[64] - counted[4] > 0.06


def test_without_noise_shares_are_counted() -> None:
    values = np.array([1.0, 0.0, 0.0, -3.0, np.nan])[:, None] + np.zeros(2)
    found = robust_shares(*means_of(values), np.zeros((5, 0)), 0.0)
    assert [found[key] for key in ("sets", "better", "no_matter", "worse")] == [4, 0.25, 0.5, 0.25]
    assert found["undecided"] == 0
    assert (found["mean"], found["q05"]) == (-0.5, -3.0)
    none = robust_shares(*means_of(np.full((3, 2), np.nan)), np.zeros((3, 0)), 0.0)
    assert none["sets"] == 0
    assert np.isnan([none["better"], none["better_low"], none["undecided"], none["q05"]]).all()


def test_without_noise_the_interval_is_that_of_a_share() -> None:
    """Wilson's, with a t quantile: a little wider than with the normal one."""
    values = np.repeat([1.0, -1.0], [30, 70])[:, None] + np.zeros(2)
    found = robust_shares(*means_of(values), np.zeros((100, 0)), 0.0)
    low, high = wilson(30, 100)
    assert found["better_low"] == pytest.approx(low, abs=0.01)
    assert found["better_high"] == pytest.approx(high, abs=0.01)


def test_the_sides_are_mirrored() -> None:
    values, parameters = made_up(3, 6)
    there, back = (robust_shares(*means_of(sign * values), parameters, 1.0) for sign in (1, -1))
    for end in ("", "_low", "_high"):
        assert there[f"better{end}"] == pytest.approx(back[f"worse{end}"], abs=1e-4)


def test_two_clumps_stay_two() -> None:
    """Half of the sets at +4, half at −4, noise 2: 7 % of the means lie within ±1 or beyond."""
    rng = np.random.default_rng(8)
    truth = np.where(rng.random(600) < 0.5, 4.0, -4.0)
    found = expected(rng.normal(truth, 2.0), np.full(600, 4.0), np.zeros((600, 0)))
    answers = found.answers(1.0).mean(axis=1)
    assert answers[0] == pytest.approx((truth > 0).mean(), abs=0.06)  # three standard errors
    assert answers[1] < 0.08


@pytest.mark.slow
@pytest.mark.parametrize("noise", [1.25, 2.5])
def test_intervals_hold_where_expected_values_are_skewed(noise: float) -> None:
    """Shifted gamma numbers with a hard edge at −1.6: a normal distribution with noise taken out misses them.

    Twelve tables, 36 intervals. If all three of a table always missed together, at 95 % more than two tables
    in twelve would miss, and 28 not be reached, in 2 % of trials; on their own, in far fewer.
    """
    rng = np.random.default_rng(11)
    truth = np.array([gamma.sf(2.6 / 1.8, 2), 0.0, gamma.cdf(0.6 / 1.8, 2)])
    truth[1] = 1 - truth.sum()
    held = 0
    for _table in range(12):
        values = 1.8 * rng.gamma(2, size=600) - 1.6
        found = robust_shares(rng.normal(values, noise), np.full(600, noise**2), np.zeros((600, 0)), 1.0)
        held += sum(
            found[f"{name}_low"] <= share <= found[f"{name}_high"]
            for name, share in zip(ANSWERS, truth, strict=True)
        )
    assert held >= 28


def test_a_spike_at_nothing_stays_one() -> None:
    """Nine in ten sets have no difference; noise puts 16 % of means beyond what matters on each side."""
    rng = np.random.default_rng(3)
    truth = np.where(rng.random(600) < 0.9, 0.0, rng.normal(0, 5, 600))
    found = robust_shares(rng.normal(truth, 1.0), np.ones(600), np.zeros((600, 0)), 1.0)
    assert found["better"] == pytest.approx((truth > 1).mean(), abs=0.03)  # three standard errors
    assert found["worse"] == pytest.approx((truth < -1).mean(), abs=0.03)


@pytest.mark.parametrize("sets", [1, 2, 10])
def test_few_sets_say_little(sets: int) -> None:
    """More parameters than sets, and sets that are all the same: nothing breaks, and nothing is certain."""
    for values in (np.full(sets, 0.5), np.arange(float(sets))):
        found = robust_shares(values, np.ones(sets), np.eye(sets, 20), 1.0)
        assert found["better"] + found["no_matter"] + found["worse"] == pytest.approx(1)
        width = found["better_high"] - found["better_low"]
        assert np.isnan(width) if sets < 2 else width > 0.2


def test_moments_are_those_of_what_is_known() -> None:
    """With hardly any noise the mean of runs and its noise; undefined sets stay so."""
    means = np.array([3.0, np.nan, -2.0, 0.5, 1.0])
    found = expected(means, np.full(5, 1e-8), np.zeros((5, 0)))
    np.testing.assert_allclose(found.mean, means, atol=1e-3)
    np.testing.assert_allclose(found.sd[[0, 2, 3, 4]], 1e-4, rtol=0.1)
    np.testing.assert_array_equal(np.isnan(found.answers(1.0)).any(axis=0), np.isnan(means))


def test_undecided_are_sets_of_which_nothing_is_known() -> None:
    rng = np.random.default_rng(9)
    vague = robust_shares(rng.normal(0, 6, 200), np.full(200, 25.0), np.zeros((200, 0)), 1.0)
    clear = robust_shares(rng.normal(0, 8, 200), np.full(200, 0.01), np.zeros((200, 0)), 1.0)
    assert vague["undecided"] > 0.3
    assert clear["undecided"] == 0


def test_the_smallest_difference_goes_by_unit() -> None:
    assert smallest_of("implemented_rate") == 0.01
    assert smallest_of("implemented_rate", 0.02) == 0.02
    assert smallest_of("months_from_draft", 0.02) == 1.0


@pytest.mark.parametrize("linear", [True, False])
def test_sets_that_share_draws_count_as_one_draw_where_intervals_are_told(linear: bool) -> None:
    """40 blocks of 20 sets with one draw each of two numbers: 300 tables, intervals of 95 % hold in 90 to 99.

    As if sets were drawn alone, they would hold in under half.
    """
    rng, held, naive = np.random.default_rng(4), list[bool](), list[bool]()
    block = np.repeat(np.arange(40), 20)
    for _ in range(300):
        shared = np.stack([(rng.permutation(40) + rng.random(40)) / 40 for _ in range(2)])
        effect = shared.sum(axis=0) if linear else np.sin(9 * shared[0]) * (shared[1] > 0.5)
        means = effect[block] + 0.3 * rng.normal(size=800)
        truth = 1.0 if linear else (1 - np.cos(9)) / 9 / 2
        for blocks, found in ((block, held), (None, naive)):
            row = robust_shares(means, np.zeros(800), shared.T[block], 0.0, 0.95, blocks)
            found.append(row["low"] <= truth <= row["high"])
    assert 0.9 <= np.mean(held) <= 1.0
    assert linear or np.mean(naive) < 0.6
