"""How often intervals hold the truth: on made-up truths, and on the model with many runs as truth.

``python benchmarks/coverage.py [means until shares shapley sobol density model] [--repeat 200]``

Prints one table in markdown, the one of docs/coverage.md. More repetitions make it more certain: of 200
intervals that hold with 95 %, between 92 and 98 % do.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.stats import gamma, norm

import tverretatlig_sim as ts
from tverretatlig_sim.ensemble import HEADLINE
from tverretatlig_sim.ensemble.simulate import grow_until
from tverretatlig_sim.ensemble.statistics import few_differ, mean_interval
from tverretatlig_sim.study.discovery import discover
from tverretatlig_sim.study.explain import shapley
from tverretatlig_sim.study.history_matching import read_stored
from tverretatlig_sim.study.robust_shares import ANSWERS, means_of, robust_shares
from tverretatlig_sim.study.sampling import outcomes_over
from tverretatlig_sim.study.sensitivity import sobol

Row = tuple[str, str, str, str, str]
"""Interval, truth, how much is run or how much noise there is, coverage, and what else is of interest."""

SHOWN = 0.0005
"""By how much a share may miss: what one decimal of a percentage does not show."""
MODEL = ("dfo-simplified", "0-24-2018", "etatssamarbeidet-2022")
MONTHS = 84
SHAPES = ("normal", "skewed", "two clumps")


def shaped(kind: str, score: np.ndarray) -> np.ndarray:
    """Numbers of a shape, standard deviation about 2.5 to 4, from standard normal ones."""
    rank = np.clip(norm.cdf(score), 1e-9, 1 - 1e-9)
    if kind == "normal":
        return 2 + 2.5 * score
    if kind == "skewed":
        return gamma.ppf(rank, 2) * 1.8 - 1.6
    upper = 5 + norm.ppf(np.clip((rank - 0.4) / 0.6, 1e-9, 1 - 1e-9))
    return np.where(rank > 0.4, upper, -3 + norm.ppf(np.clip(rank / 0.4, 1e-9, 1 - 1e-9)))


MANY = {kind: shaped(kind, np.random.default_rng(0).normal(size=1_000_000)) for kind in SHAPES}


def said(held: np.ndarray | list[bool]) -> str:
    return f"{100 * np.mean(held):.0f} % of {np.size(held)}"


def means(rng: np.random.Generator, repeat: int) -> Iterator[Row]:
    """The t interval of ``run`` and ``compare``."""
    for kind in SHAPES:
        for runs in (10, 100, 1000):
            found = [mean_interval(shaped(kind, rng.normal(size=runs))) for _ in range(5 * repeat)]
            held = [one.low <= MANY[kind].mean() <= one.high for one in found]
            yield "mean", kind, f"{runs} runs", said(held), ""
    for rare in (0.02, 0.1):
        for runs in (10, 100):
            tables = [(rng.random(runs) < rare).astype(float) for _ in range(5 * repeat)]
            ends = [mean_interval(one) for one in tables]
            flagged = np.array([few_differ(one) for one in tables])
            held = np.array([one.low <= rare <= one.high for one in ends])
            rest = f"; of the others {said(held[~flagged])}" if (~flagged).any() else ""
            rest = f"{100 * flagged.mean():.0f} % flagged{rest}"
            yield "mean", f"one run in {round(1 / rare)} differs", f"{runs} runs", said(held), rest


class Tape:
    """Stands for a simulation."""

    def __init__(self, values: np.ndarray) -> None:
        self.values, self.runs = values, 0

    def grow(self, runs: int) -> None:
        self.runs = runs

    def so_far(self) -> list[np.ndarray]:
        return [self.values[: self.runs]]


def until(rng: np.random.Generator, repeat: int) -> Iterator[Row]:
    """The interval where runs went on until it was narrow enough, and how many runs that takes."""
    for kind in SHAPES:
        for planned in (300, 1000, 4000):
            asked = 1.96 * MANY[kind].std() / np.sqrt(planned)
            held, cost = [], []
            for _ in range(5 * repeat):
                tape = Tape(shaped(kind, rng.normal(size=3 * planned)))
                grow_until([tape], len(tape.values), asked, tape.so_far)  # type: ignore[list-item]
                interval = mean_interval(tape.values[: tape.runs])
                held.append(interval.low <= MANY[kind].mean() <= interval.high)
                cost.append(tape.runs / planned)
            yield "--until", kind, f"{planned} planned", said(held), f"{np.mean(cost):.2f} × the runs planned"


def shares(rng: np.random.Generator, repeat: int) -> Iterator[Row]:
    """Shares over sets: three quarters of the variance from parameters, or none."""
    parameters = read_stored().sets.values
    scores = (parameters - parameters.mean(axis=0)) / parameters.std(axis=0)
    for linear in (0.75, 0.0):
        for kind in SHAPES:
            truth = np.array(
                [np.mean(MANY[kind] > 1), np.mean(np.abs(MANY[kind]) <= 1), np.mean(MANY[kind] < -1)]
            )
            for noise in (0.5, 1.0, 2.0):
                found = []
                for _ in range(max(repeat // 8, 2)):
                    of = scores @ rng.normal(size=scores.shape[1])
                    of = np.sqrt(linear) * (of - of.mean()) / of.std()
                    values = shaped(kind, of + np.sqrt(1 - linear) * rng.normal(size=len(of)))
                    sd = noise * MANY[kind].std() * rng.uniform(0.8, 1.2, len(of))
                    found.append(robust_shares(rng.normal(values, sd), sd**2, parameters, 1.0))
                yield (
                    "robust share",
                    f"{kind}, {100 * linear:.0f} % linear",
                    f"noise {noise} × spread",
                    *_held(found, truth),
                )


def _held(found: list[dict[str, float]], truth: np.ndarray) -> tuple[str, str]:
    share, low, high = (
        np.array([[row[f"{name}{end}"] for name in ANSWERS] for row in found])
        for end in ("", "_low", "_high")
    )
    bias, width = 100 * np.abs((share - truth).mean(axis=0)).max(), 100 * (high - low).mean(axis=0).max()
    open_ = 100 * np.mean([row["undecided"] for row in found])
    rest = f"bias up to {bias:.1f}, width up to {width:.1f} points; {open_:.0f} % undecided"
    held = (low - SHOWN <= truth) & (truth <= high + SHOWN)
    error = held.mean(axis=1).std() / np.sqrt(len(found))  # the three shares of a table go together
    return f"{100 * held.mean():.0f} ± {100 * error:.0f} % of {held.size}", rest


def shapley_values(rng: np.random.Generator, repeat: int) -> Iterator[Row]:
    """Contributions of three parts: eight hybrids, with noise that they share and noise of their own."""
    for kind in SHAPES:
        worth = rng.normal(size=8)
        truth = shapley(worth)
        held = []
        for _ in range(2 * repeat):
            noise = shaped(kind, rng.normal(size=250)) + shaped(kind, rng.normal(size=(8, 250)))
            found = map(mean_interval, shapley(worth[:, None] + noise - 2 * MANY[kind].mean()))
            held += [one.low <= known <= one.high for one, known in zip(found, truth, strict=True)]
        yield "Shapley value", kind, "250 runs", said(held), ""


def sobol_indices(rng: np.random.Generator, repeat: int) -> Iterator[Row]:
    """First and total order of 2 x + y + nothing: 0.8, 0.2 and 0."""
    names = ["turnover", "friction", "line_drop"]
    study = {
        "arrangements": ["pure-network"],
        "parameters": {name: {"low": 0.0, "high": 1.0} for name in names},
    }
    truth = {"turnover": 0.8, "friction": 0.2, "line_drop": 0.0}
    for sd in (0.0, 0.3, 1.0):
        held = []
        for seed in range(max(repeat // 4, 2)):
            made = {**study, "design": {"kind": "saltelli", "base": 256}, "runs": 4, "seed": seed + 1}
            points = ts.study_of(made).points[names]
            runs = points.loc[points.index.repeat(4)].reset_index(names="point")
            runs["run"], runs["arrangement"] = np.tile(np.arange(4), len(points)), "A"
            runs["y"] = 2 * runs["turnover"] + runs["friction"] + sd * rng.normal(size=len(runs))
            found = sobol(runs, names, "y", seed=seed)
            held += [
                row.low <= truth[row.factor] <= row.high
                for row in found.itertuples()
                if truth[row.factor] > 0
            ]
        yield "Sobol index", "linear", f"noise {sd} a run, 4 runs", said(held), ""


def density(rng: np.random.Generator, repeat: int) -> Iterator[Row]:
    """Density of the conditions found: losing is more frequent in half of the range of one factor of four."""
    for inside, outside in ((0.9, 0.1), (0.6, 0.3), (0.5, 0.35)):
        held, off, tables = [], [], 2 * repeat
        for seed in range(tables):
            values = rng.random((400, 4))
            losses = rng.random(400) < np.where(values[:, 2] < 0.5, inside, outside)
            frame = pd.DataFrame(values, columns=list("abcd")).assign(point=range(400))
            both = [
                frame.assign(arrangement="A", y=np.where(losses, -1.0, 1.0)),
                frame.assign(arrangement="B", y=0.0),
            ]
            found = discover(pd.concat(both), list("abcd"), "y", "A", "B", seed=seed)
            if not (found.found and found.inside):
                continue
            ends = found.limits.set_index("factor").reindex(["c"]).iloc[0]
            low, high = (
                max(np.nan_to_num(ends["low"], nan=0.0), 0.0),
                min(np.nan_to_num(ends["high"], nan=1.0), 1.0),
            )
            truth = outside + (inside - outside) * max(min(high, 0.5) - low, 0.0) / (high - low)
            held.append(found.density_interval[0] <= truth <= found.density_interval[1])
            off.append(found.density - truth)
        yield (
            "density of conditions",
            f"{100 * inside:.0f} % against {100 * outside:.0f} %",
            f"found in {len(held)} of {tables}",
            said(held) if held else "–",
            f"bias {100 * np.mean(off):+.1f} points" if held else "",
        )


def model(rng: np.random.Generator, repeat: int, truth_runs: int, sets: int) -> Iterator[Row]:
    """Robust shares of the headline in the model; the truth is what many runs of the same sets say."""
    del rng
    chosen = read_stored().sets.part(0, sets)
    rates = {
        name: outcomes_over(ts.load_scenario(name), chosen, truth_runs, 1, MONTHS, outcomes=[HEADLINE])[
            HEADLINE
        ]
        for name in MODEL
    }
    for a, b in combinations(MODEL, 2):
        difference = rates[a] - rates[b]
        known = robust_shares(*means_of(difference), chosen.values, 0.01)
        truth = np.array([known[name] for name in ANSWERS])
        for runs in (4, 16, 64):
            parts = np.array_split(difference, max(truth_runs // runs, 1), axis=1)[:repeat]
            found = [robust_shares(*means_of(part), chosen.values, 0.01) for part in parts]
            yield "robust share", f"{a} − {b}, {truth_runs} runs", f"{runs} runs a set", *_held(found, truth)


PARTS: dict[str, Callable[[np.random.Generator, int], Iterator[Row]]] = {
    "means": means,
    "until": until,
    "shares": shares,
    "shapley": shapley_values,
    "sobol": sobol_indices,
    "density": density,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("parts", nargs="*", default=[*PARTS, "model"], metavar="|".join([*PARTS, "model"]))
    parser.add_argument("--repeat", type=int, default=200)
    parser.add_argument(
        "--truth", type=int, default=512, help="runs a set that stand for the truth in the model"
    )
    parser.add_argument("--sets", type=int, default=1298, help="parameter sets in the model")
    asked = parser.parse_args()
    print("| interval | truth | size | holds it | beside |\n| --- | --- | --- | --- | --- |", flush=True)
    for part in asked.parts:
        rng = np.random.default_rng(1)
        rows = (
            model(rng, asked.repeat, asked.truth, asked.sets)
            if part == "model"
            else PARTS[part](rng, asked.repeat)
        )
        for row in rows:
            print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
