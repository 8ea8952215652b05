"""In how many parameter sets a number matters, with the noise of few runs taken out.

A number, such as the difference between two arrangements, has an *expected* value in every set: its mean over
ever more runs. A few runs show a noisy mean, and the share of sets with a sign, counted on noisy means, hangs
on the number of runs. So how expected values are distributed is estimated first, by empirical Bayes
(g-modelling, Efron 2016), in two steps:

1. What the other sets say of a set: a linear prediction from its parameters, as strong as the sets support
   (mixed model, restricted maximum likelihood), each set left out of its own prediction.
2. The distribution of expected values given the prediction: the logarithm of its density is a spline in the
   expected value, whose coefficients change along the prediction; penalised maximum likelihood.

A set's own runs and that distribution are weighed by Bayes' rule. The penalty is weak: it leaves room for
skewness and clumps, and where runs say little of the shape, intervals are wide. How well they cover is
measured in docs/coverage.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from scipy.special import ndtr, softmax, stdtrit

from tverretatlig_sim.arrays import Floats, Integers
from tverretatlig_sim.ensemble import HEADLINE, Unit
from tverretatlig_sim.ensemble.outcomes import OUTCOMES
from tverretatlig_sim.ensemble.statistics import between, check_level
from tverretatlig_sim.i18n import _
from tverretatlig_sim.study.sampling import mean_known

SMALLEST: dict[Unit, float] = {
    "share": 0.01, "level": 0.01, "count": 0.5, "months": 1.0, "fte": 1.0, "number": 0.01
}  # fmt: skip
"""Smallest difference of interest, by unit: of shares one percentage point."""
DOUBT = 0.1
"""A set is undecided if both answers, better and worse, have more probability than this."""
KNOTS, CELLS = 0.5, 5
"""Distance between two knots of the spline, in standard deviations of the expected values; cells in each."""
ROUGH = 12.0
"""How much the spline may bend: standard deviation of third differences of its coefficients.

It costs a normal density nothing. A third of it hides two clumps where noise is as large as the spread, and
intervals are a third narrower (docs/coverage.md).
"""
LOOSE = 30.0
"""Standard deviation by which a coefficient may leave that of a normal density: nearly no bound."""
REACH = 4.0
"""Standard deviations to either side of the mean that densities reach at least."""
FEWEST = 10
"""Degrees of freedom without which what is linear over blocks is not told from chance."""
TINY = 1e-300
"""Keeps a likelihood that underflows above 0."""
POOLED = 4.0
"""Degrees of freedom that the mean variance of all sets counts for in the variance of one."""
ANSWERS = ("better", "no_matter", "worse")
"""What a set can say."""
STEPS = np.array([0.0, *np.geomspace(1e-4, 4.0, 25)])
"""Candidate variances, as shares of the whole."""


def smallest_of(outcome: str, asked: float | None = None) -> float:
    """Smallest difference of interest in an outcome.

    Args:
        outcome: name of an outcome.
        asked: for outcomes in the unit of the headline, instead of one percentage point.

    Raises:
        ValueError: it is not a number from 0 to below 1.
    """
    if asked is not None and asked != 0 and not between(asked, 1):
        raise ValueError(_("smallest = {smallest!r}: must be a number from 0 to below 1", smallest=asked))
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


@dataclass(frozen=True, eq=False)
class Expected:
    """What is known of the expected value of a number in every set.

    Before its own runs are looked at it has a density that is constant within cells; these say the rest.

    Attributes:
        means, noise: of the runs of each set, and the standard deviation of that mean; shape (set,).
        edges: of the cells, rising; shape (cell + 1,).
        prior: density in each cell, up to a factor; shape (set, cell). Anything NaN: undefined in the set.
    """

    means: Floats
    noise: Floats
    edges: Floats
    prior: Floats

    @cached_property
    def sure(self) -> bool:
        """Whether runs differ in nothing, so that means are expected values."""
        return not (self.noise > 0).any()

    def _scores(self, edges: Floats) -> Floats:
        """Edges as seen from each set's mean, in standard deviations. Shape (set, cell + 1)."""
        return np.asarray((edges - self.means[:, None]) / self.noise[:, None])

    @cached_property
    def likelihood(self) -> Floats:
        """Of each set, summed over its cells, by what its runs say. Shape (set, cell)."""
        return np.asarray(np.diff(ndtr(self._scores(self.edges))) + TINY)

    @cached_property
    def evidence(self) -> Floats:
        """Likelihood of what the runs of each set say. Shape (set,)."""
        return np.asarray((self.prior * self.likelihood).sum(axis=1))

    def within(self, value: float = -np.inf) -> Floats:
        """Probability that the expected value is in each cell and above some value. Shape (set, cell)."""
        part = (
            self.likelihood
            if value == -np.inf
            else np.diff(ndtr(self._scores(np.maximum(self.edges, value))))
        )
        return np.asarray(self.prior * part / self.evidence[:, None])

    def above(self, value: float) -> Floats:
        """Probability that the expected value is above some value. Shape (set,)."""
        if self.sure:
            return np.where(np.isnan(self.means), np.nan, self.means > value)
        return np.asarray(self.within(value).sum(axis=1))

    def answers(self, smallest: float) -> Floats:
        """Probabilities that it is above the smallest difference, within, and below. Shape (3, set)."""
        above, below = self.above(smallest), 1.0 - self.above(np.nextafter(-smallest, -np.inf))
        return np.stack([above, np.maximum(1.0 - above - below, 0.0), np.maximum(below, 0.0)])

    def _moments(self) -> tuple[Floats, Floats]:
        """First two moments about the mean of the runs, in units of their noise. Shape (set,)."""
        scores = self._scores(self.edges)
        density = np.exp(-(scores**2) / 2) / np.sqrt(2 * np.pi)
        first = -(self.prior * np.diff(density)).sum(axis=1) / self.evidence
        second = 1 - (self.prior * np.diff(scores * density)).sum(axis=1) / self.evidence
        return np.asarray(first), np.asarray(second)

    @property
    def mean(self) -> Floats:
        """Mean in each set. Shape (set,)."""
        return self.means if self.sure else np.asarray(self.means + self.noise * self._moments()[0])

    @property
    def sd(self) -> Floats:
        """Standard deviation in each set. Shape (set,)."""
        if self.sure:
            return self.noise
        first, second = self._moments()
        return np.asarray(self.noise * np.sqrt(np.maximum(second - first**2, 0.0)))

    def quantiles(self, shares: Sequence[float]) -> Floats:
        """Quantiles of the expected values over the sets; NaN without sets."""
        known = ~np.isnan(self.means)
        if not known.any():
            return np.full(len(shares), np.nan)
        if self.sure:
            return np.quantile(self.means[known], shares, method="inverted_cdf")
        return np.interp(shares, np.cumsum([0.0, *self.within()[known].mean(axis=0)]), self.edges)


def expected(means: Floats, variances: Floats, parameters: Floats) -> Expected:
    """Estimate the expected value of a number in every set from noisy means.

    Args:
        means: of each set, NaN where undefined; shape (set,).
        variances: of these by chance, shape (set,).
        parameters: shape (set, parameter).
    """
    known = ~np.isnan(means)
    found, _shape = _fitted(means[known], variances[known], np.ascontiguousarray(parameters[known]))
    prior = np.full((len(means), found.prior.shape[1]), np.nan)
    prior[known] = found.prior
    noise = np.full(len(means), np.nan)
    noise[known] = found.noise
    return Expected(means, noise, found.edges, prior)


# --- what the other sets say


def _predicted(y: Floats, noise: float, parameters: Floats) -> Floats:
    """What the other sets say of each, itself left out: a linear prediction from its parameters.

    ``y`` are deviations from the common mean, which is left as it is: else a set would show in the others'.
    """
    directions, sizes = _directions(parameters.tobytes(), parameters.shape)
    along = directions.T @ y
    rest, freedom = max(float(y @ y - along @ along), 0.0), len(y) - 1 - len(sizes)

    def misfit(linear: Floats, left: Floats) -> Floats:
        """Minus twice the restricted log likelihood of two variances: along the parameters, and left over."""
        spread, other = linear[..., None] * sizes + left[..., None] + noise, left + noise
        likely = (np.log(spread) + along**2 / spread).sum(axis=-1) + freedom * np.log(other) + rest / other
        return np.asarray(likely)

    linear, left = _lowest(misfit, max(float(y @ y) / len(y), noise))
    spread, other = linear * sizes + left + noise, left + noise
    solved = y / other + directions @ ((1 / spread - 1 / other) * along)
    precision = 1 / other + directions**2 @ (1 / spread - 1 / other)
    return np.asarray(y - solved / precision)


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
def _directions(parameters: bytes, shape: tuple[int, int]) -> tuple[Floats, Floats]:
    """Directions in which the parameters vary over sets, and how much; the same for many outcomes."""
    values = np.frombuffer(parameters).reshape(shape)
    spread = values.std(axis=0)
    scaled = (values - values.mean(axis=0))[:, spread > 0] / spread[spread > 0]
    directions, sizes, _rest = np.linalg.svd(scaled, full_matrices=False)
    kept = sizes > 1e-9 * sizes.max(initial=0.0)
    mean_size = float(np.mean(sizes**2)) if len(sizes) else 1.0
    return directions[:, kept], sizes[kept] ** 2 / mean_size


# --- how expected values are distributed, given that


@dataclass(frozen=True, eq=False)
class Shape:
    """The spline that the densities rest on, and how sure it is.

    Attributes:
        basis: shape (cell, coefficient).
        terms: what coefficients are multiplied with in each set, 1 and the prediction; shape (set, 2).
        penalty, covariance: of all coefficients, and with the penalty taken for a prior distribution.
    """

    basis: Floats
    terms: Floats
    penalty: Floats
    covariance: Floats

    def slopes(self, over_cells: Floats) -> Floats:
        """Of a sum over cells in each set by the coefficients. Shape (set, all coefficients)."""
        return np.asarray(
            (self.terms[:, :, None] * (over_cells @ self.basis)[:, None, :]).reshape(len(self.terms), -1)
        )


def _fitted(y: Floats, variances: Floats, parameters: Floats) -> tuple[Expected, Shape | None]:
    """The estimate for sets that are all known, and the spline it rests on if there is any noise."""
    if not len(y) or not (variances > 0).any():
        return Expected(y, np.zeros(len(y)), np.array([0.0, 1.0]), np.ones((len(y), 1))), None
    from scipy.interpolate import BSpline  # slow to import
    from scipy.optimize import minimize

    noise, centre = float(variances.mean()), float(y.mean())
    unit = np.sqrt(max(y.var() - noise, noise * np.sqrt(2 / len(y))))  # at least what cannot be told from 0
    variances = np.maximum(variances, 1e-12 * unit**2)
    near = (y - centre) / unit / (1 + variances / unit**2)
    ends = min(near.min() - 1, -REACH), max(near.max() + 1, REACH)
    knots = int(np.ceil((ends[1] - ends[0]) / KNOTS))
    width = (ends[1] - ends[0]) / knots
    edges = np.linspace(*ends, CELLS * knots + 1)
    places = ends[0] + width * np.arange(-3, knots + 4)
    basis = BSpline.design_matrix((edges[1:] + edges[:-1]) / 2, places, 3).toarray()
    terms = np.column_stack([np.ones(len(y)), _predicted(y - centre, noise, parameters) / unit])
    many = basis.shape[1]
    bends = [np.diff(np.eye(many), order, axis=0) / ROUGH for order in (3, 2)]
    penalty = np.eye(2 * many) / LOOSE**2
    for k, bend in enumerate(bends):
        penalty[k * many : (k + 1) * many, k * many : (k + 1) * many] += bend.T @ bend
    normal: Floats = np.concatenate([-(places[2:-2] ** 2) / 2, np.zeros(many)])

    def at(coefficients: Floats) -> Expected:
        prior = softmax(terms @ coefficients.reshape(2, many) @ basis.T, axis=1)
        return Expected(y, np.sqrt(variances), centre + unit * edges, prior)

    def misfit(coefficients: Floats) -> tuple[float, Floats]:
        found, away = at(coefficients), coefficients - normal
        gain = (terms.T @ ((found.within() - found.prior) @ basis)).reshape(-1)
        held = penalty @ away
        return float(away @ held / 2 - np.log(found.evidence).sum()), held - gain

    def curvature(coefficients: Floats) -> Floats:
        """Minus second derivatives of the log likelihood: covariances before runs are known less after."""
        found = at(coefficients)
        before, after = found.prior, found.within()
        parts = np.empty((2, many, 2, many))
        for k, m in ((0, 0), (0, 1), (1, 0), (1, 1)):
            weight = (terms[:, k] * terms[:, m])[:, None]
            both = basis.T @ ((weight * (before - after)).sum(axis=0)[:, None] * basis)
            mean, own = before @ basis, after @ basis
            parts[k, :, m] = both - (weight * mean).T @ mean + (weight * own).T @ own
        return parts.reshape(2 * many, 2 * many)

    best = minimize(  # type: ignore[call-overload]  # its stubs take no function that gives slopes as well
        misfit,
        normal,
        jac=True,
        hess=lambda coefficients: curvature(coefficients) + penalty,
        method="trust-exact",
        options={"gtol": 1e-3},
    ).x
    sizes, axes = np.linalg.eigh(curvature(best))
    covariance = np.linalg.inv(penalty + (axes * np.maximum(sizes, 0.0)) @ axes.T)
    return at(best), Shape(basis, terms, penalty, covariance)


# --- over sets


def robust_shares(
    means: Floats,
    variances: Floats,
    parameters: Floats,
    smallest: float,
    level: float = 0.95,
    blocks: Integers | None = None,
) -> dict[str, float]:
    """What the sets say about a number: the one place where shares over sets are estimated.

    A share is the mean probability over the sets. Its variance is what chance there is in sets and runs
    (infinitesimal jackknife: what each set adds to the share, by itself and through the spline) and what the
    penalty may hide (the part of the Bayesian variance that the penalty stands for, Nychka 1988). Intervals
    are for all parameter sets of which these are a sample.

    Args:
        means: of each set over its runs, NaN where undefined; shape (set,).
        variances: of these by chance, shape (set,); see ``means_of``.
        parameters: shape (set, parameter).
        smallest: difference up to which a number does not matter.
        level: of the intervals.
        blocks: of sets that have draws in common, so that chance is in the draws of blocks; shape (set,).

    Returns:
        ``sets`` (in which the number is defined); ``better``, ``no_matter``, ``worse``: shares of the sets in
        which its expected value is above the smallest difference, within, and below, each with ``_low`` and
        ``_high``; ``undecided``: share of sets of which it cannot be said with a probability of 90 % that it
        is not better, nor that it is not worse; ``mean``, ``low``, ``high`` (over sets, with interval);
        ``q05``, ``q95`` (of the expected values).
    """
    check_level(level)
    known = ~np.isnan(means)
    means, variances, parameters = means[known], variances[known], np.ascontiguousarray(parameters[known])
    n, block = (
        len(means),
        np.arange(known.sum()) if blocks is None else np.unique(blocks[known], return_inverse=True)[1],
    )
    number = int(block.max(initial=-1)) + 1
    found, shape = _fitted(means, variances, parameters)
    answers = found.answers(smallest)
    shares = answers.mean(axis=1) if n else np.full(3, np.nan)
    adds, hidden = _chance(found, shape, answers - shares[:, None], smallest)
    mean = float(means.mean()) if n else np.nan
    few = number / (number - 1) if number > 1 else np.nan
    deviations = (means - mean) / max(n, 1)
    if blocks is None:
        freedom, chance, spread = n - 1, (adds**2).sum(axis=1), (deviations**2).sum() * few
    else:
        (*chance, spread), freedom = _of_blocks(np.array([*adds, deviations]), block, parameters)
    low, high = _ends(shares, np.array(chance) + hidden, n, freedom, level)
    half = float(stdtrit(freedom, (1 + level) / 2) * np.sqrt(spread)) if freedom > 0 else np.nan
    rows: dict[str, float] = {"sets": n}
    for name, *row in zip(ANSWERS, shares, low, high, strict=True):
        rows |= dict(zip((name, f"{name}_low", f"{name}_high"), map(float, row), strict=True))
    q05, q95 = found.quantiles([0.05, 0.95])
    return rows | {
        "undecided": float(np.mean((answers[0] > DOUBT) & (answers[2] > DOUBT))) if n else np.nan,
        "mean": mean,
        "low": mean - half,
        "high": mean + half,
        "q05": float(q05),
        "q95": float(q95),
    }


def _of_blocks(adds: Floats, block: Integers, parameters: Floats) -> tuple[Floats, int]:
    """Variances of sums of what sets add, whose chance is in their blocks, and degrees of freedom.

    What blocks have in common is spread evenly over its range (a Latin hypercube), so what is linear in it is
    no chance (Stein 1987; Owen 1992), as far as there are blocks enough to tell.

    Args:
        adds: shape (sum, set).
        block: of each set, from 0.
        parameters: of each set.
    """
    sums = np.array([np.bincount(block, row) for row in adds])
    first = np.unique(block, return_index=True)[1]
    shared = (parameters == parameters[first][block]).all(axis=0)
    even = np.column_stack([np.ones(len(first)), parameters[first][:, shared]])
    freedom = len(first) - np.linalg.matrix_rank(even) if len(first) else 0
    if freedom < FEWEST:
        even, freedom = even[:, :1], len(first) - 1
    left = sums - (even @ np.linalg.lstsq(even, sums.T, rcond=None)[0]).T
    return np.asarray((left**2).sum(axis=1) * len(first) / max(freedom, 1)), int(freedom)


def _chance(found: Expected, shape: Shape | None, away: Floats, smallest: float) -> tuple[Floats, Floats]:
    """What each set adds to three shares, given its own answers; and the variance that the penalty hides."""
    adds, hidden = away / max(away.shape[1], 1), np.zeros(3)
    if shape is None:
        return adds, hidden
    whole = found.within()
    above, not_below = found.within(smallest), found.within(np.nextafter(-smallest, -np.inf))
    scores = shape.slopes(whole - found.prior)
    for k, part in enumerate((above, not_below - above, whole - not_below)):
        slope = shape.slopes(part - part.sum(axis=1, keepdims=True) * whole).mean(axis=0)
        moved = shape.covariance @ slope
        adds[k] += scores @ moved
        hidden[k] = moved @ shape.penalty @ moved
    return adds, hidden


def _ends(shares: Floats, variances: Floats, n: int, freedom: int, level: float) -> tuple[Floats, Floats]:
    """Ends of the intervals of some shares of n sets, whose variances have so many degrees of freedom.

    All shares p within z standard errors of what is found, where drawing sets has the variance p (1 − p) / n
    and what is left of the variance is the same for each p: Wilson's interval where nothing is left.
    """
    if freedom < 1:
        return np.full(len(shares), np.nan), np.full(len(shares), np.nan)
    z = float(stdtrit(freedom, (1 + level) / 2))
    left = np.maximum(variances - shares * (1 - shares) / n, 0.0)
    a, b, c = 1 + z**2 / n, shares + z**2 / (2 * n), shares**2 - z**2 * left
    half = np.sqrt(np.maximum(b**2 - a * c, 0.0))
    return np.maximum((b - half) / a, 0.0), np.minimum((b + half) / a, 1.0)
