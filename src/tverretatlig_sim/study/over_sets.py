"""In how many parameter sets a number matters, with the noise of few runs taken out.

A number, such as the difference between two arrangements, has an *expected* value in every set: its mean over
ever more runs. A few runs show a noisy mean, and the share of sets with a sign, counted on noisy means, hangs
on the number of runs. So the expected values are estimated first, by empirical Bayes, in two steps:

1. What the other sets say of a set: a linear prediction from its parameters, as strong as the sets support
   (mixed model, restricted maximum likelihood), each set left out of its own prediction.
2. How expected values lie around the predictions: normally along one line or, if that fits
   clearly better, along two, the prediction telling how likely each is: skewness, curvature and clumps.

What the other sets say and what a set's own runs say are weighed by precision. How well the intervals cover,
and where they do not, is measured in docs/coverage.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import expit, logsumexp, ndtr, ndtri, stdtrit

from tverretatlig_sim.arrays import Flags, Floats
from tverretatlig_sim.ensemble import HEADLINE, Unit
from tverretatlig_sim.ensemble.outcomes import OUTCOMES
from tverretatlig_sim.ensemble.statistics import mean_interval
from tverretatlig_sim.i18n import _
from tverretatlig_sim.study.sampling import mean_known

SMALLEST: dict[Unit, float] = {
    "share": 0.01, "level": 0.01, "count": 0.5, "months": 1.0, "fte": 1.0, "number": 0.01
}  # fmt: skip
"""Smallest difference of interest, by unit: of shares one percentage point."""
DOUBT = 0.05
"""A set is undecided if both answers, better and worse, have more probability than this."""
GROUPS = 20
"""Groups of sets that are left out in turn to learn how much a share is off by chance."""
ENOUGH = 50
"""Sets from which on two lines are tried."""
CLEARLY_BETTER = 14.0
"""Gain in log likelihood from which on two lines are taken: twice their seven further parameters."""
STARTS = (
    np.array([0.0, 1.0, 0.8, -0.8, 0.0, 0.0, -1.2, -1.2]),  # two clumps, one above the other
    np.array([0.0, 0.0, 0.0, 0.0, 0.7, 0.7, -2.5, -0.5]),  # a core, and what lies far from it
)
"""Lines from which the search for two sets out."""
HELD = np.array([0.01, 0.01, 0.0, 0.0, 0.1, 0.1, 0.0, 0.0])
"""How strongly gate and slopes are held to 0, or predictions that tell nothing are drawn out till they do."""
NO_LINES = np.empty(0)
POOLED = 4.0
"""Degrees of freedom that the mean variance of all sets counts for in the variance of one."""
ANSWERS = ("better", "no_matter", "worse")
"""What a set can say."""
NODES = ndtri((np.arange(20) + 0.5) / 20)
"""Twenty equally likely values of a standard normal number."""
STEPS = np.array([0.0, *np.geomspace(1e-4, 4.0, 25)])
"""Candidate variances, as shares of the whole."""


def smallest_of(outcome: str, asked: float | None = None) -> float:
    """Smallest difference of interest in an outcome.

    Args:
        outcome: name of an outcome.
        asked: for outcomes in the unit of the headline, instead of one percentage point.

    Raises:
        ValueError: it is below 0 or no number.
    """
    if asked is not None and not 0 <= asked < np.inf:
        raise ValueError(_("smallest = {smallest!r}: must be a number from 0 up", smallest=asked))
    unit = OUTCOMES[outcome].unit if outcome in OUTCOMES else "number"
    return SMALLEST[unit] if asked is None or unit != OUTCOMES[HEADLINE].unit else asked


def means_of(values: Floats) -> tuple[Floats, Floats]:
    """Mean of each set over its runs, and the variance of that mean by chance.

    A variance of few runs is uncertain itself, so the mean variance of all sets counts a little in each
    (Smyth 2004).

    Args:
        values: shape (set, run), NaN where undefined.

    Returns:
        Means, NaN where nothing is known, and their variances, NaN if no set has two runs. Shape (set,).
    """
    means, n = mean_known(values), (~np.isnan(values)).sum(axis=1)
    squares, freedom = np.nansum((values - means[:, None]) ** 2, axis=1), np.maximum(n - 1, 0)
    usual = squares.sum() / freedom.sum() if freedom.any() else np.nan
    return means, (squares + POOLED * usual) / (freedom + POOLED) / np.maximum(n, 1)


@dataclass(frozen=True)
class Expected:
    """What is known of the expected value of a number in every set: one or two normal distributions each.

    Attributes:
        weights, means, sds: of the distributions; NaN where the number is undefined. Shape (set, 1 or 2).
    """

    weights: Floats
    means: Floats
    sds: Floats

    @property
    def mean(self) -> Floats:
        """Mean in each set. Shape (set,)."""
        return np.asarray((self.weights * self.means).sum(axis=1))

    @property
    def sd(self) -> Floats:
        """Standard deviation in each set. Shape (set,)."""
        away = self.means - self.mean[:, None]
        return np.asarray(np.sqrt((self.weights * (self.sds**2 + away**2)).sum(axis=1)))

    def above(self, value: float) -> Floats:
        """Probability that the expected value is above some value. Shape (set,)."""
        sure = self.sds == 0
        score = (self.means - value) / np.where(sure, 1.0, self.sds)
        return np.asarray((self.weights * np.where(sure, self.means > value, ndtr(score))).sum(axis=1))

    def answers(self, smallest: float) -> Floats:
        """Probabilities that it is above the smallest difference, within, and below. Shape (3, set)."""
        above, below = self.above(smallest), 1.0 - self.above(np.nextafter(-smallest, -np.inf))
        return np.stack([above, np.maximum(1.0 - above - below, 0.0), np.maximum(below, 0.0)])

    def quantiles(self, shares: Sequence[float]) -> Floats:
        """Quantiles of the expected values over the sets; NaN without sets."""
        values = (self.means[..., None] + self.sds[..., None] * NODES).reshape(-1)
        weights = np.repeat(self.weights.reshape(-1), len(NODES))
        order = np.argsort(values)
        rank = np.cumsum(weights[order]) - weights[order] / 2
        return (
            np.interp(np.asarray(shares) * weights.sum(), rank, values[order])
            if len(rank)
            else np.full(2, np.nan)
        )


def expected(means: Floats, variances: Floats, parameters: Floats) -> Expected:
    """Estimate the expected value of a number in every set from noisy means.

    Args:
        means: of each set, NaN where undefined; shape (set,).
        variances: of these by chance, shape (set,).
        parameters: shape (set, parameter).
    """
    return _fitted(means, variances, parameters)[0]


def _fitted(
    means: Floats, variances: Floats, parameters: Floats, start: Floats | None = None
) -> tuple[Expected, Floats | None]:
    """The estimate, and the two lines it rests on, if it does.

    ``start`` are two lines to set out from. Without any it is first asked whether there are two; an empty
    array says that there are not.
    """
    known = ~np.isnan(means)
    y, noise = means[known], variances[known]
    if not len(y) or noise.mean() == 0 or np.ptp(y) == 0:
        return Expected(np.ones((len(means), 1)), means[:, None], np.where(known, 0.0, np.nan)[:, None]), None
    told, doubt = _predicted(y, float(noise.mean()), parameters, known)
    around = told[:, None], doubt[:, None]
    one, lines = _posterior(np.ones((len(y), 1)), *around, y, noise), NO_LINES
    found = one
    if (start is None and len(y) >= ENOUGH) or (start is not None and len(start)):
        terms = np.column_stack([np.ones(len(y)), (told - told.mean()) / y.std()])
        two, tried = _two_lines(terms, y, noise, start)
        if start is not None or two[3] - one[3] > CLEARLY_BETTER:
            found, lines = two, tried
    whole = [np.full((len(means), found[0].shape[1]), np.nan) for _part in range(3)]
    for array, part in zip(whole, found, strict=False):
        array[known] = part
    return Expected(*whole), lines


# --- what the other sets say


def _predicted(y: Floats, noise: float, parameters: Floats, known: Flags) -> tuple[Floats, Floats]:
    """What the other sets say of each, itself left out: a linear prediction and its variance."""
    directions, sizes = _directions(parameters.tobytes(), parameters.shape, known.tobytes())
    away = y - y.mean()
    along = directions.T @ away
    rest, freedom = max(float(away @ away - along @ along), 0.0), len(y) - 1 - len(sizes)

    def misfit(linear: Floats, left: Floats) -> Floats:
        """Minus twice the restricted log likelihood of two variances: along the parameters, and left over."""
        spread, other = linear[..., None] * sizes + left[..., None] + noise, left + noise
        likely = (np.log(spread) + along**2 / spread).sum(axis=-1) + freedom * np.log(other) + rest / other
        return np.asarray(likely)

    linear, left = _lowest(misfit, max(float(away @ away) / len(y), noise))
    spread, other = linear * sizes + left + noise, left + noise
    solved = away / other + directions @ ((1 / spread - 1 / other) * along)
    precision = (1 - 1 / len(y)) / other + directions**2 @ (1 / spread - 1 / other)
    return y - solved / precision, np.maximum(1 / precision - noise, 0.0)


def _lowest(misfit: Callable[[Floats, Floats], Floats], scale: float) -> tuple[float, float]:
    """The two variances with the lowest misfit: on a grid that is drawn tighter and tighter."""
    first = second = scale * STEPS
    for width in (0.45, 0.12, 0.03, 0.0):
        found = misfit(first[:, None], second)
        best, other = np.unravel_index(int(found.argmin()), found.shape)
        near = np.exp(width * np.linspace(-1, 1, 9))
        first, second = first[best] * near, second[other] * near
    return float(first[4]), float(second[4])


@lru_cache(64)
def _directions(parameters: bytes, shape: tuple[int, int], known: bytes) -> tuple[Floats, Floats]:
    """Directions in which the parameters of the known sets vary, and how much; the same for many outcomes."""
    values = np.frombuffer(parameters).reshape(shape)[np.frombuffer(known, dtype=bool)]
    spread = values.std(axis=0)
    scaled = (values - values.mean(axis=0))[:, spread > 0] / spread[spread > 0]
    directions, sizes, _rest = np.linalg.svd(scaled, full_matrices=False)
    kept = sizes > 1e-9 * sizes.max(initial=0.0)
    mean_size = float(np.mean(sizes**2)) if len(sizes) else 1.0
    return directions[:, kept], sizes[kept] ** 2 / mean_size


# --- how expected values lie around that


Posterior = tuple[Floats, Floats, Floats, float]
"""Weights, means and standard deviations of each set's distributions, and the log likelihood of all."""


def _posterior(prior: Floats, middle: Floats, spread: Floats, y: Floats, noise: Floats) -> Posterior:
    """What others say of each set (weights, means and variances) and its own mean, weighed by precision."""
    total = spread + noise[:, None]
    away = y[:, None] - middle
    likely = np.log(np.maximum(prior, 1e-12)) - 0.5 * (np.log(total) + away**2 / total)
    whole = logsumexp(likely, axis=1, keepdims=True)
    weight = spread / total
    sds = np.sqrt(weight * noise[:, None])
    return np.exp(likely - whole), middle + weight * away, sds, float(whole.sum())


def _two_lines(
    terms: Floats, y: Floats, noise: Floats, start: Floats | None = None
) -> tuple[Posterior, Floats]:
    """Two lines along which expected values lie, by maximum likelihood; what follows, and the lines.

    Lines are an array: log odds of the first against the second (2 terms), the lines (2 terms each), and the
    logarithms of the variances around them, all in units of the spread of the means.
    """
    from scipy.optimize import minimize  # slow to import

    centre, unit = y.mean(), y.std()
    y, noise = (y - centre) / unit, noise / unit**2

    def around(lines: Floats) -> tuple[Floats, Floats, Floats]:
        odds = expit(terms @ lines[:2])
        spread = np.exp(np.clip(lines[6:], -12, 6))
        return np.column_stack([odds, 1 - odds]), terms @ lines[2:6].reshape(2, 2), spread + 0 * y[:, None]

    def misfit(lines: Floats) -> tuple[float, Floats]:
        prior, middle, spread = around(lines)
        weights, _means, _sds, fit = _posterior(prior, middle, spread, y, noise)
        total, away = spread + noise[:, None], y[:, None] - middle
        slopes = [
            terms.T @ (weights[:, 0] - prior[:, 0]),
            (terms.T @ (weights * away / total)).reshape(-1),
            0.5 * (weights * (away**2 / total - 1) * spread / total).sum(axis=0),
        ]
        held = HELD * lines
        return -fit + float(held @ lines) / 2, held - np.concatenate(slopes)

    starts = STARTS if start is None else [start]
    tried = [minimize(misfit, one, jac=True, method="BFGS", options={"gtol": 1e-2}) for one in starts]
    lines = min(tried, key=lambda found: float(found.fun)).x
    weights, means, sds, fit = _posterior(*around(lines), y, noise)
    return (weights, centre + unit * means, unit * sds, fit - len(y) * float(np.log(unit))), lines


# --- over sets


def over_sets(
    means: Floats, variances: Floats, parameters: Floats, smallest: float, level: float = 0.95
) -> dict[str, float]:
    """What the sets say about a number: the one place where shares over sets are estimated.

    A share is the mean probability over the sets. Its interval is a Wilson interval for as many sets as would
    make it as uncertain as it is; that is found by leaving out groups of sets in turn (delete-a-group
    jackknife, Kott 2001), so what chance there is in sets, runs and estimated variances is all in it. It
    holds for all parameter sets of which these are a sample.

    Args:
        means: of each set over its runs, NaN where undefined; shape (set,).
        variances: of these by chance, shape (set,); see ``means_of``.
        parameters: shape (set, parameter).
        smallest: difference up to which a number does not matter.
        level: of the intervals.

    Returns:
        ``sets`` (in which the number is defined); ``better``, ``no_matter``, ``worse``: shares of the sets in
        which its expected value is above the smallest difference, within, and below, each with ``_low`` and
        ``_high``; ``undecided``: share of sets of which the runs do not say that it is not better, nor that
        it is not worse; ``mean``, ``low``, ``high`` (over sets, with interval); ``q05``, ``q95`` (of the
        expected values).
    """
    known = ~np.isnan(means)
    means, variances, parameters = means[known], variances[known], np.ascontiguousarray(parameters[known])
    interval, n = mean_interval(means, level), len(means)
    found, lines = _fitted(means, variances, parameters)
    answers = found.answers(smallest)
    shares = answers.mean(axis=1) if n else np.full(3, np.nan)

    def without(kept: Flags) -> Floats:
        fitted, _lines = _fitted(np.where(kept, means, np.nan), variances, parameters, lines)
        return np.asarray(fitted.answers(smallest)[:, kept].mean(axis=1))

    low, high = _ends(shares, without, n, level)
    rows: dict[str, float] = {"sets": n}
    for name, *row in zip(ANSWERS, shares, low, high, strict=True):
        rows |= dict(zip((name, f"{name}_low", f"{name}_high"), map(float, row), strict=True))
    q05, q95 = found.quantiles([0.05, 0.95])
    return rows | {
        "undecided": float(np.mean((answers[0] > DOUBT) & (answers[2] > DOUBT))) if n else np.nan,
        **{key: float(getattr(interval, key)) for key in ("mean", "low", "high")},
        "q05": float(q05),
        "q95": float(q95),
    }


def _ends(shares: Floats, without: Callable[[Flags], Floats], n: int, level: float) -> tuple[Floats, Floats]:
    """Ends of the intervals of some shares of n sets, given how to estimate them from some of the sets."""
    groups = min(GROUPS, n)
    if groups < 2:
        return np.full(len(shares), np.nan), np.full(len(shares), np.nan)
    group = np.random.default_rng(0).permutation(n) % groups
    left_out = np.stack([without(group != k) for k in range(groups)])
    variance = (groups - 1) / groups * ((left_out - shares) ** 2).sum(axis=0)
    there = np.divide(shares * (1 - shares), variance, out=np.full(len(shares), np.inf), where=variance > 0)
    size, z = np.clip(there, 1.0, n), float(stdtrit(groups - 1, (1 + level) / 2))
    middle = (shares + z**2 / (2 * size)) / (1 + z**2 / size)
    half = z * np.sqrt(shares * (1 - shares) / size + z**2 / (4 * size**2)) / (1 + z**2 / size)
    return middle - half, middle + half
