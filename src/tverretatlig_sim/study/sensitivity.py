"""Which factors matter, how the outcome moves along them, and how many runs it takes.

Every function takes a tidy table, the names of its factors and the name of an outcome, and returns a tidy
table; see ``response`` for what the table must hold. Indices and elementary effects are SALib's wherever
these suffice; ours is to tell noise of replication from the effect of factors.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.special import ndtri, stdtrit

from tverretatlig_sim.arrays import Floats, Integers
from tverretatlig_sim.ensemble.statistics import mean_interval
from tverretatlig_sim.i18n import _
from tverretatlig_sim.study.response import Response, Saltelli, base_points, paired, response, saltelli_places

RESAMPLES = 1000
GROUPS = 20
"""Groups of runs of the jackknife, at most."""
SLICES = 10
DUMMIES = 40
"""Factors without any effect, to see how large a PAWN index comes about by chance."""
BINS = 8
LADDER = tuple(2**k for k in range(2, 17))
"""Numbers of runs that are looked at: 4 to 65 536."""

Pieces = tuple[Floats, Floats, Floats, Floats]
"""What Sobol indices are made of: first, total (both (base, factor)), square and mean (both (base,))."""


def sobol(
    table: pd.DataFrame, factors: Sequence[str], outcome: str, *, level: float = 0.95, seed: int = 1
) -> pd.DataFrame:
    """First- and total-order Sobol indices with intervals: which share of the variance each factor brings.

    The estimators are those of SALib (Saltelli et al. 2010 for the first order, Jansen 1999 for the total),
    and without noise they give the same numbers. SALib has none that remove noise from numerator and
    denominator, so the formulas stand here once more, over products of true means. The intervals are those of
    a bootstrap
    over the base sample, widened by a jackknife over runs if single runs were kept, at least three: noise
    that points share does not average out over points.

    Args:
        table: of one arrangement, of points or of runs, a whole Saltelli design; see ``response.response``.
        factors: names of the columns that vary.
        outcome: to look at.
        level: of the intervals.
        seed: of the bootstrap.

    Returns:
        Two rows a factor: ``factor``, ``order`` (``first`` or ``total``), ``index``, ``low``, ``high``,
        ``uncorrected`` (noise not removed). An index can come out a little below 0 or above 1.

    Raises:
        ValueError: see ``response.response``; also if the points are no Saltelli design, or the outcome is
            undefined at some, or does not vary.
    """
    found = response(table, factors, outcome)
    places, undefined = saltelli_places(found.points), int(np.isnan(found.means).sum())
    if places is None:
        raise ValueError(
            _(
                "these {size} points are no whole Saltelli design of {factors} factors; "
                'a study with [design] kind = "saltelli" makes one',
                size=len(found.points),
                factors=len(found.names),
            )
        )
    if undefined:
        raise ValueError(
            _(
                "{outcome} is undefined at {undefined} of {number} points, and Sobol indices need "
                "them all; take more runs or months, or an outcome that is always defined",
                outcome=outcome,
                undefined=undefined,
                number=len(found.means),
            )
        )
    pieces, noisy = (
        _pieces(found, places),
        replace(found, errors=np.full(len(found.means), np.nan), runs=None),
    )
    estimate, uncorrected = _estimate(pieces), _estimate(_pieces(noisy, places))
    if np.isnan(estimate).any():
        raise ValueError(
            _(
                "nothing to share out: between points, {outcome} differs by no more than noise",
                outcome=outcome,
            )
        )
    ends = _bootstrapped(pieces, level, seed)
    margin = ndtri((1 + level) / 2) * _error_by_runs(found, places)
    low = estimate - np.hypot(estimate - ends[0], margin)
    high = estimate + np.hypot(ends[1] - estimate, margin)
    return pd.DataFrame(
        {
            "factor": [name for name in found.names for _ in range(2)],
            "order": ["first", "total"] * len(found.names),
            "index": estimate.T.ravel(),
            "low": low.T.ravel(),
            "high": high.T.ravel(),
            "uncorrected": uncorrected.T.ravel(),
        }
    )


def _pieces(found: Response, places: Saltelli) -> Pieces:
    a, b = places.a, places.b
    found = found.centred(np.arange(len(found.means)))
    squares = found.product(a, a)
    first = [found.product(b, mixed) - found.product(b, a) for mixed in places.mixed]
    total = [(squares + found.product(mixed, mixed)) / 2 - found.product(a, mixed) for mixed in places.mixed]
    mean = (found.means[a] + found.means[b]) / 2
    return np.column_stack(first), np.column_stack(total), (squares + found.product(b, b)) / 2, mean


def _estimate(pieces: Pieces) -> Floats:
    """Indices of the whole sample. Shape (order, factor)."""
    return np.asarray(_indices(pieces, np.ones((1, len(pieces[2]))))[:, 0])


def _bootstrapped(pieces: Pieces, level: float, seed: int) -> Floats:
    """Ends of percentile intervals. Shape (end, order, factor)."""
    base = len(pieces[2])
    weights = np.random.default_rng(seed).multinomial(base, np.full(base, 1 / base), RESAMPLES)
    indices = _indices(pieces, weights.astype(np.float64))
    return np.nanquantile(indices, [(1 - level) / 2, (1 + level) / 2], axis=1)


def _error_by_runs(found: Response, places: Saltelli) -> Floats:
    """Standard errors of the indices by the choice of runs: a jackknife that leaves out groups of them."""
    if found.runs is None or found.runs.shape[1] < 3:
        return np.zeros((2, len(found.names)))
    groups = min(found.runs.shape[1], GROUPS)
    member = np.arange(found.runs.shape[1]) % groups
    without = [replace(found, runs=found.runs[:, member != group]) for group in range(groups)]
    indices = np.stack([_estimate(_pieces(fewer, places)) for fewer in without])
    return np.asarray(np.sqrt((groups - 1) * np.var(indices, axis=0)))


def _indices(pieces: Pieces, weights: Floats) -> Floats:
    """Indices of weighted base samples: weights (sample, base) give shape (order, sample, factor)."""
    first, total, square, mean = pieces
    weights = weights / weights.sum(axis=1, keepdims=True)
    variance = weights @ square - (weights @ mean) ** 2
    shares = np.stack([weights @ first, weights @ total])
    return np.asarray(shares / np.where(variance > 0, variance, np.nan)[:, None])


def morris(
    table: pd.DataFrame,
    factors: Sequence[str],
    outcome: str,
    *,
    levels: int = 4,
    level: float = 0.95,
    seed: int = 1,
) -> pd.DataFrame:
    """Elementary effects of each factor, by SALib, and how large noise alone would make them.

    Args:
        table: of one arrangement, of points or of runs, a whole Morris design; see ``response.response``.
        factors: names of the columns that vary.
        outcome: to look at.
        levels: of the design.
        level: of the interval.
        seed: of the bootstrap.

    Returns:
        One row a factor: ``factor``, ``index`` (mean absolute effect μ*, in the outcome's unit for the whole
        range of the factor) with ``low`` and ``high``; ``mu`` (mean effect); ``sigma`` (standard deviation
        over trajectories, with noise); ``sigma_factors`` (noise removed: non-linearity and interactions);
        ``noise`` (the μ* that noise alone would give; NaN if it cannot be told apart).

    Raises:
        ValueError: see ``response.response``; also if the points are no Morris design, or the outcome is
            undefined at some.
    """
    from SALib.analyze.morris import analyze

    found = response(table, factors, outcome)
    moved = _moved(found)
    effects = analyze(
        _problem(found.names, found.points), found.points, found.means, num_levels=levels,
        num_resamples=RESAMPLES, conf_level=level, seed=np.random.default_rng(seed),
    )  # fmt: skip
    index, half = np.asarray(effects["mu_star"]), np.asarray(effects["mu_star_conf"])
    sigma, noise = np.asarray(effects["sigma"], dtype=float), _effects_by_noise(found, moved, levels)
    return pd.DataFrame(
        {
            "factor": list(found.names),
            "index": index,
            "low": index - half,
            "high": index + half,
            "mu": np.asarray(effects["mu"]),
            "sigma": sigma,
            "sigma_factors": np.sqrt(np.maximum(sigma**2 - noise, 0.0)),
            # The mean of the absolute value of a normal variable.
            "noise": np.sqrt(np.maximum(noise, 0.0) * 2.0 / np.pi),
        }
    )


def _problem(names: Sequence[str], points: Floats) -> dict[str, object]:
    """Factors and their ends as SALib reads them."""
    bounds = np.stack([points.min(axis=0), points.max(axis=0)], axis=1).tolist()
    return {"num_vars": len(names), "names": list(names), "bounds": bounds}


def _moved(found: Response) -> Integers:
    """Which factor each step of each trajectory moves. Shape (trajectory, step).

    Raises:
        ValueError: the points are no Morris design, or the outcome is undefined at some.
    """
    count, factors = len(found.points), len(found.names)
    trajectories = found.points.reshape(-1, factors + 1, factors) if count % (factors + 1) == 0 else None
    steps = np.zeros((0, factors, factors)) if trajectories is None else np.diff(trajectories, axis=1) != 0
    if not len(steps) or (steps.sum(axis=2) != 1).any() or (steps.sum(axis=1) != 1).any():
        raise ValueError(
            _(
                "these {count} points are no whole Morris design of {factors} factors; "
                'a study with [design] kind = "morris" makes one',
                count=count,
                factors=factors,
            )
        )
    undefined = int(np.isnan(found.means).sum())
    if undefined:
        raise ValueError(
            _(
                "the outcome is undefined at {undefined} of {count} points, and Morris needs them all; take "
                "more runs or months, or an outcome that is always defined",
                undefined=undefined,
                count=count,
            )
        )
    return np.asarray(steps.argmax(axis=2))


def _effects_by_noise(found: Response, moved: Integers, levels: int) -> Floats:
    """Variance of the elementary effects of each factor by noise. Shape (factor,)."""
    if found.noise == "unknown":
        return np.full(len(found.names), np.nan)
    places = np.arange(len(found.points)).reshape(moved.shape[0], -1)
    before, after = places[:, :-1].ravel(), places[:, 1:].ravel()
    square = found.product(after, after) + found.product(before, before) - 2 * found.product(after, before)
    raw = (found.means[after] - found.means[before]) ** 2
    step = levels / (2.0 * (levels - 1.0))
    totals = np.bincount(moved.ravel(), weights=raw - square, minlength=len(found.names))
    return np.asarray(totals / len(moved) / step**2)


def pawn(
    table: pd.DataFrame, factors: Sequence[str], outcome: str, *, slices: int = SLICES, seed: int = 1
) -> pd.DataFrame:
    """PAWN indices, by SALib, with the index that factors without effect have.

    The index says how far the distribution of the outcome moves when a factor is held in a part of its range.
    That of a factor without effect is not 0: a slice of the points differs from all of them by chance. Noise
    in the means adds to that and to the index of no factor, so it is judged against ``floor``. Of a Saltelli
    design only the base samples are used: its other points repeat values.

    Args:
        table: of one arrangement, of points or of runs; see ``response.response``.
        factors: names of the columns that vary, independently of each other.
        outcome: to look at.
        slices: parts of a factor's range.
        seed: of the factors without effect.

    Returns:
        One row a factor: ``factor``, ``index`` (median over slices of the Kolmogorov–Smirnov distance),
        ``low`` and ``high`` (NaN: resampled points repeat, which moves the distance itself), ``largest``
        (over slices), ``floor`` (95 % quantile of indices without effect), ``matters`` (index above floor).

    Raises:
        ValueError: see ``response.response``; also with fewer than 10 points a slice.
    """
    from SALib.analyze.pawn import analyze

    found = base_points(response(table, factors, outcome)).defined()
    if len(found.means) < 10 * slices:
        raise ValueError(
            _(
                "{number} points are too few for {slices} slices; needed: {needed}",
                number=len(found.means),
                slices=slices,
                needed=10 * slices,
            )
        )
    rng = np.random.default_rng(seed)
    dummies = np.column_stack([rng.permutation(len(found.means)) for _ in range(DUMMIES)]).astype(np.float64)
    names = [str(k) for k in range(DUMMIES)]
    chance = analyze(_problem(names, dummies), dummies, found.means, S=slices)
    floor = float(np.quantile(chance["median"], 0.95))
    indices = analyze(_problem(found.names, found.points), found.points, found.means, S=slices)
    median = np.asarray(indices["median"])
    return pd.DataFrame(
        {
            "factor": list(found.names),
            "index": median,
            "low": np.nan,
            "high": np.nan,
            "largest": np.asarray(indices["maximum"]),
            "floor": floor,
            "matters": median > floor,
        }
    )


def dependence(
    table: pd.DataFrame, factors: Sequence[str], outcome: str, *, bins: int = BINS, level: float = 0.95
) -> pd.DataFrame:
    """Partial dependence: the mean outcome in bins of each factor, averaged over all others.

    In our designs factors vary independently, so the mean of the points in a bin is the partial dependence
    there, with an interval that needs no model. A fitted surrogate would put its own errors in between.

    Args:
        table: of one arrangement, of points or of runs; see ``response.response``.
        factors: names of the columns that vary, independently of each other. Of a Saltelli design only
            the two base samples are read.
        outcome: to look at.
        bins: number of bins with equally many points; fewer if a factor has fewer values.
        level: of the intervals.

    Returns:
        One row a factor and bin: ``factor``, ``from``, ``to``, ``at`` (mean value of the factor), ``points``,
        ``mean``, ``low``, ``high``. The interval covers the spread of the other factors and the noise of each
        point; noise that all points share moves all bins alike.

    Raises:
        ValueError: see ``response.response``.
    """
    found = base_points(response(table, factors, outcome)).defined()
    rows = [
        {"factor": name, **row}
        for k, name in enumerate(found.names)
        for row in _binned(found.points[:, k], found.means, bins, level)
    ]
    return pd.DataFrame(rows)


def _binned(values: Floats, means: Floats, bins: int, level: float) -> Iterator[dict[str, float]]:
    different = np.unique(values)
    if len(different) <= bins:
        member = np.searchsorted(different, values)
    else:
        edges = np.unique(np.quantile(values, np.linspace(0, 1, bins + 1)))
        member = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, len(edges) - 2)
    for place in np.unique(member):
        inside = member == place
        interval = mean_interval(means[inside], level)
        yield {
            "from": float(values[inside].min()),
            "to": float(values[inside].max()),
            "at": float(values[inside].mean()),
            "points": int(inside.sum()),
            "mean": interval.mean,
            "low": interval.low,
            "high": interval.high,
        }


def noise(table: pd.DataFrame, factors: Sequence[str], outcome: str) -> pd.DataFrame:
    """Share out the variance between points to factors and to noise of replication.

    Args:
        table: of one arrangement, of points or of runs; see ``response.response``.
        factors: names of the columns that vary.
        outcome: to look at.

    Returns:
        One row: ``points``; ``variance`` (of the means between points); ``by_factors``, ``by_noise`` (its
        parts); ``noise_share`` (that of noise; a little below 0 if it is too small to be told from 0);
        ``single_run`` (its share of the variance of single runs over all points); ``noise`` (how it is told
        apart, see ``response.Noise``). NaN where it cannot be.

    Raises:
        ValueError: see ``response.response``.
    """
    found = response(table, factors, outcome).defined()
    size, every = len(found.means), np.arange(len(found.means))
    found = found.centred(every)
    total = float(np.var(found.means, ddof=1))
    factor_part = float(found.product(every, every).mean()) * size / (size - 1)
    noise_part = total - factor_part if found.noise != "unknown" else np.nan
    within = float(np.mean(found.errors)) * _mean_runs(table, outcome)
    return pd.DataFrame(
        [
            {
                "points": size,
                "variance": total,
                "by_factors": total - noise_part,
                "by_noise": noise_part,
                "noise_share": noise_part / total if total > 0 else np.nan,
                "single_run": within / (within + factor_part) if within + factor_part > 0 else np.nan,
                "noise": found.noise,
            }
        ]
    )


def _mean_runs(table: pd.DataFrame, outcome: str) -> float:
    """Mean number of runs of a point in which the outcome is defined."""
    if "run" in table:
        return float(table[outcome].notna().sum() / max(table["point"].nunique(), 1))
    return float(table[f"{outcome}_runs"].mean()) if f"{outcome}_runs" in table else np.nan


def convergence(
    table: pd.DataFrame,
    factors: Sequence[str],
    outcome: str,
    a: str,
    b: str,
    *,
    runs: Sequence[int] = LADDER,
    level: float = 0.95,
) -> pd.DataFrame:
    """At how many points would the ordering of two arrangements be settled with so many runs?

    Settled means that the interval of the mean difference leaves out 0.

    Args:
        table: with both arrangements; see ``response.response``. What pairs gain by common random numbers
            is counted in from single runs, if they were kept; from standard deviations it is not.
        factors: names of the columns that vary.
        outcome: to compare.
        a: name of an arrangement.
        b: name of the other.
        runs: numbers of runs of a point to look at.
        level: of the intervals.

    Returns:
        One row a number of runs: ``runs``, ``half_width`` (median over points), ``settled`` (share of points
        where the ordering would be settled), ``extrapolated`` (whether these are more runs than there are).
        The differences seen are taken for the true ones. By chance they are larger than these, so ``settled``
        is too optimistic where runs are few.

    Raises:
        ValueError: see ``response.response``; also if every point has a single run.
    """
    found = response(paired(table, outcome, a, b), factors, outcome).defined()
    if found.noise == "unknown":
        raise ValueError(
            _("a point with a single run does not show how much noise there is; take at least 2 runs")
        )
    there = float(table["run"].nunique() if "run" in table else table[f"{outcome}_runs"].max())
    half = [
        stdtrit(number - 1, (1 + level) / 2) * np.sqrt(found.errors) * np.sqrt(there / number)
        for number in runs
    ]
    return pd.DataFrame(
        {
            "runs": list(runs),
            "half_width": [float(np.median(width)) for width in half],
            "settled": [float(np.mean(np.abs(found.means) > width)) for width in half],
            "extrapolated": [number > there for number in runs],
        }
    )
