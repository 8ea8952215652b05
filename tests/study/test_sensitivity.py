"""Analyses recover what is known: of a function with and without noise, and of the model by brute force."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tverretatlig_sim import study_of
from tverretatlig_sim.study.analysis import convergence, dependence, morris, noise, paired, pawn, sobol

from .ishigami import FACTORS, FIRST, TOTAL, VARIANCE, Noise, simulated

TASK = "tverretatlig_sim.study.task._simulated"
NAMES = list(FACTORS)
OUT = "implemented_rate"


def study_table(
    monkeypatch: pytest.MonkeyPatch,
    design: dict[str, object],
    kind: Noise = "none",
    sd: float = 0.0,
    *,
    runs: int = 1,
    replicates: bool = False,
) -> pd.DataFrame:
    """The table of a study, run by the engine, in which Ishigami's function stands for the model."""
    monkeypatch.setattr(TASK, simulated(kind, sd))
    study = study_of(
        {
            "arrangements": ["pure-network"],
            "parameters": {name: {"low": 0.0, "high": high} for name, high in FACTORS.items()},
            "design": design,
            "runs": runs,
            "record": {"outcomes": [OUT], "replicates": replicates},
        }
    )
    result = study.run(workers=1)  # others would not know of the function
    return result.replicates() if replicates else result.table()


def indices(table: pd.DataFrame, column: str = "index") -> np.ndarray:
    """Shape (order, factor)."""
    wide = table.pivot(index="order", columns="factor", values=column)
    return wide.loc[["first", "total"], NAMES].to_numpy()


SALTELLI = {"kind": "saltelli", "base": 1024}


def test_sobol_recovers_ishigami(monkeypatch: pytest.MonkeyPatch) -> None:
    """Intervals at 99.9 %, six of them: false alarm below 0.6 %."""
    table = study_table(monkeypatch, SALTELLI)
    found = sobol(table, NAMES, OUT, level=0.999)
    known = np.array([FIRST, TOTAL])
    assert np.abs(indices(found) - known).max() < 0.05
    assert (indices(found, "low") <= known).all()
    assert (known <= indices(found, "high")).all()
    assert indices(found) == pytest.approx(indices(found, "uncorrected"))


def test_without_luck_it_is_salib(monkeypatch: pytest.MonkeyPatch) -> None:
    from SALib.analyze.sobol import analyze

    table = study_table(monkeypatch, SALTELLI)
    problem = {"num_vars": 3, "names": NAMES, "bounds": [[0, 10]] * 3}
    theirs = analyze(problem, table[OUT].to_numpy(), calc_second_order=False, num_resamples=2)
    assert indices(sobol(table, NAMES, OUT)) == pytest.approx(
        np.array([theirs["S1"], theirs["ST"]]), abs=1e-9
    )
    second = study_table(monkeypatch, {"kind": "saltelli", "base": 64, "second_order": True})
    theirs = analyze(problem, second[OUT].to_numpy(), calc_second_order=True, num_resamples=2)
    assert indices(sobol(second, NAMES, OUT)) == pytest.approx(
        np.array([theirs["S1"], theirs["ST"]]), abs=1e-9
    )


@pytest.mark.parametrize(
    ("kind", "replicates"), [("independent", False), ("independent", True), ("shared", True)]
)
def test_luck_is_told_from_factors(monkeypatch: pytest.MonkeyPatch, kind: Noise, replicates: bool) -> None:
    """Luck has the variance 16 a run in differences between points, 4 in the means: 4 of 17.8 is luck.

    Intervals at 99.9 %, six of them in each case: false alarm below 0.6 % each.
    """
    table = study_table(monkeypatch, SALTELLI, kind, 4.0, runs=4, replicates=replicates)
    share = noise(table, NAMES, OUT).iloc[0]
    assert share["noise_share"] == pytest.approx(4.0 / (4.0 + VARIANCE), abs=0.03)
    assert share["by_factors"] == pytest.approx(VARIANCE, rel=0.2 if kind == "shared" else 0.06)
    found = sobol(table, NAMES, OUT, level=0.999)
    known = np.array([FIRST, TOTAL])
    assert np.abs(indices(found) - known).max() < 0.09
    assert (indices(found, "low") <= known).all()
    assert (known <= indices(found, "high")).all()
    wrong = indices(found, "uncorrected")
    assert wrong[1, 1] - TOTAL[1] > 0.05  # luck passes for interaction
    assert wrong[1, 2] - TOTAL[2] > 0.08


def test_single_runs_do_not_tell_luck(monkeypatch: pytest.MonkeyPatch) -> None:
    table = study_table(monkeypatch, {"kind": "saltelli", "base": 64}, "independent", 4.0)
    share = noise(table, NAMES, OUT).iloc[0]
    assert share["noise"] == "unknown"
    assert np.isnan(share["noise_share"])
    found = sobol(table, NAMES, OUT)
    assert indices(found) == pytest.approx(indices(found, "uncorrected"))


def test_morris_ranks_factors_and_knows_luck(monkeypatch: pytest.MonkeyPatch) -> None:
    design = {"kind": "morris", "trajectories": 200}
    quiet = morris(study_table(monkeypatch, design), NAMES, OUT).set_index("factor")
    assert quiet["index"].idxmin() != "will_signal"
    assert (quiet["low"] < quiet["index"]).all()
    assert quiet["noise"].isna().all()
    loud = morris(
        study_table(monkeypatch, design, "shared", 3.0, runs=6, replicates=True), NAMES, OUT
    ).set_index("factor")
    assert (loud["sigma"] > quiet["sigma"]).all()
    assert loud["sigma_factors"].to_numpy() == pytest.approx(quiet["sigma"].to_numpy(), rel=0.15)
    # Two independent errors of variance 9 · 0.9 / 6, a step of two thirds apart.
    own = 9.0 * 0.9 / 6.0 * 2.0 / (2.0 / 3.0) ** 2
    assert loud.loc["will_load", "noise"] == pytest.approx(np.sqrt(own * 2.0 / np.pi), rel=0.25)


def test_pawn_sees_what_matters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ishigami's second input matters most to the distribution; an unused column does not reach the floor."""
    table = study_table(monkeypatch, {"kind": "sobol", "points": 1024})
    table["unused"] = np.random.default_rng(2).random(len(table))
    found = pawn(table, [*NAMES, "unused"], OUT).set_index("factor")
    assert found.loc[NAMES[:2], "matters"].all()
    assert found["index"].idxmax() == "will_signal"
    assert not found.loc["unused", "matters"]


def test_pawn_takes_the_base_samples_of_a_saltelli_design(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its other points repeat values, so that inputs without effect would pass the floor too often."""
    table = study_table(monkeypatch, {"kind": "saltelli", "base": 64, "second_order": False})
    first = np.arange(0, len(table), len(NAMES) + 2)
    base = table.iloc[np.concatenate([first, first + len(NAMES) + 1])]
    pd.testing.assert_frame_equal(pawn(table, NAMES, OUT), pawn(base, NAMES, OUT))


def test_dependence_is_the_conditional_mean(monkeypatch: pytest.MonkeyPatch) -> None:
    """E[y | x₂] = 7 sin² x₂, as E[sin x₁] = 0. 16 bins at 99.9 %: false alarm below 1.6 %."""
    table = study_table(monkeypatch, {"kind": "latin-hypercube", "points": 4000})
    found = dependence(table, NAMES, OUT, bins=16, level=0.999)
    second = found[found["factor"] == "will_signal"]
    ends = np.pi * (second[["from", "to"]].to_numpy() / 5.0 - 1.0)
    integral = ends / 2.0 - np.sin(2.0 * ends) / 4.0
    expected = 7.0 * np.diff(integral, axis=1)[:, 0] / np.diff(ends, axis=1)[:, 0]
    assert (second["low"] <= expected).all()
    assert (expected <= second["high"]).all()
    assert second["points"].sum() == 4000


def test_dependence_of_few_values_has_a_bin_for_each() -> None:
    table = pd.DataFrame({"x": [0.0, 1.0, 2.0] * 20, "y": [0.0, 3.0, 5.0] * 20})
    found = dependence(table, ["x"], "y")
    assert found[["from", "to", "mean"]].to_numpy().tolist() == [[0, 0, 0], [1, 1, 3], [2, 2, 5]]


def two(differences: np.ndarray) -> pd.DataFrame:
    """Runs of two arrangements with these differences, shape (point, run), and large luck in common."""
    points, runs = differences.shape
    common = np.random.default_rng(1).normal(scale=10.0, size=differences.shape)
    place = np.repeat(np.arange(points), runs)
    frame = pd.DataFrame({"point": place, "run": np.tile(np.arange(runs), points), "x": place * 1.0})
    return pd.concat(
        [
            frame.assign(arrangement="A", y=(common + differences).ravel()),
            frame.assign(arrangement="B", y=common.ravel()),
        ]
    )


def test_paired_differences_cancel_common_luck() -> None:
    differences = np.random.default_rng(5).normal(1.0, 0.1, (30, 8))
    table = paired(two(differences), "y", "A", "B")
    assert table["y"].to_numpy().reshape(30, 8) == pytest.approx(differences)
    assert table["arrangement"].unique().tolist() == ["A − B"]


def test_convergence_says_how_many_runs_settle_the_ordering() -> None:
    """Differences of 0.5 with standard deviation 1 at half the points, none at the others."""
    rng = np.random.default_rng(6)
    noise_ = rng.normal(size=(60, 400))
    noise_ -= noise_.mean(axis=1, keepdims=True)
    truth = np.where(np.arange(60) % 2, 0.5, 0.0)[:, None]
    found = convergence(two(truth + noise_), ["x"], "y", "A", "B").set_index("runs")
    assert found["settled"].is_monotonic_increasing
    assert found.loc[4, "settled"] == 0.0
    assert found.loc[256, "settled"] == 0.5
    assert found.loc[65536, "settled"] == 0.5
    assert found.loc[256, "half_width"] == pytest.approx(1.97 / 16, rel=0.02)
    assert found["extrapolated"].tolist() == [runs > 400 for runs in found.index]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.drop(columns="will_core"), "no column will_core"),
        (lambda t: pd.concat([t, t.assign(arrangement="B")]), "several arrangements"),
        (lambda t: t.iloc[:-1], "no whole Saltelli design"),
        (lambda t: t.assign(**{OUT: t[OUT].where(t["point"] > 3)}), "undefined at 4 of 40 points"),
        (lambda t: t.assign(**{OUT: 1.0}), "nothing to share out"),
    ],
)
def test_what_cannot_be_analysed_is_refused(monkeypatch, change, said) -> None:
    table = study_table(monkeypatch, {"kind": "saltelli", "base": 8})
    with pytest.raises(ValueError, match=said):
        sobol(change(table), NAMES, OUT)


def test_morris_and_pawn_refuse_too(monkeypatch: pytest.MonkeyPatch) -> None:
    table = study_table(monkeypatch, {"kind": "sobol", "points": 64})
    with pytest.raises(ValueError, match="no whole Morris design"):
        morris(table, NAMES, OUT)
    with pytest.raises(ValueError, match="too few for 10 slices"):
        pawn(table, NAMES, OUT)
    with pytest.raises(ValueError, match="single run"):
        convergence(pd.concat([table, table.assign(arrangement="B")]), NAMES, OUT, "pure-network", "B")
    with pytest.raises(ValueError, match="no arrangement 'C'"):
        paired(table, OUT, "pure-network", "C")


def test_indices_of_the_model_agree_with_brute_force() -> None:
    """Three parameters, 8 × 8 × 8 points in the middle of cells against a Saltelli design of 128.

    Brute force takes the variance of conditional means over the grid, from products of different runs. It has
    errors of its own, about 0.02, which are allowed beside the 99.9 % intervals.
    """
    names = ["look_pace", "line_drop", "turnover"]
    ranges = {"look_pace": (0.08, 0.4), "line_drop": (0.005, 0.05), "turnover": (0.005, 0.04)}
    common = {
        "arrangements": ["pure-network"],
        "months": 40,
        "runs": 4,
        "record": {"outcomes": ["adopted"], "replicates": True},
    }
    parameters = {name: {"low": low, "high": high} for name, (low, high) in ranges.items()}
    design = {"kind": "saltelli", "base": 128}
    sampled = study_of({**common, "parameters": parameters, "design": design}).run().replicates()
    found = sobol(sampled, names, "adopted", level=0.999)
    middle = (np.arange(8) + 0.5) / 8
    values = {name: (low + middle * (high - low)).tolist() for name, (low, high) in ranges.items()}
    grid = study_of({**common, "parameters": values, "design": {"kind": "grid"}}).run().replicates()
    y = grid.sort_values(["point", "run"])["adopted"].to_numpy().reshape(8, 8, 8, 4)
    y = y - y.mean(axis=(0, 1, 2))

    def variance(means: np.ndarray) -> float:
        """Of true means, from runs on the last axis."""
        runs = means.shape[-1]
        return float(np.mean((means.sum(axis=-1) ** 2 - (means**2).sum(axis=-1)) / (runs * (runs - 1))))

    total = variance(y)
    for k, name in enumerate(names):
        others = tuple(axis for axis in range(3) if axis != k)
        first = variance(y.mean(axis=others)) / total
        all_but = 1.0 - variance(y.mean(axis=k)) / total
        rows = found[found["factor"] == name].set_index("order")
        assert rows.loc["first", "low"] - 0.02 <= first <= rows.loc["first", "high"] + 0.02
        assert rows.loc["total", "low"] - 0.02 <= all_but <= rows.loc["total", "high"] + 0.02
