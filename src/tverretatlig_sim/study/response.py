"""What a study says of one outcome at each of its points, and how much of that is noise of replication.

The mean over the runs of a point is its true mean plus noise. In our studies run k has the same random
numbers at every point, so noise is correlated between points and cannot be subtracted as if it were
independent. What
can be done is to multiply different runs only: the product of run k at one point and run l at another, k ≠ l,
has the product of the true means as its expectation, whatever runs with the same number share. All squares
and products that the analyses need are estimated in this way, if single runs were kept. If they were not,
noise is taken as independent between points; with common random numbers this subtracts too much of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from tverretatlig_sim.arrays import Floats, Integers, quotient
from tverretatlig_sim.i18n import _, joined
from tverretatlig_sim.study.sampling import mean_known

Noise = Literal["known", "independent", "unknown"]
"""Whether noise is told apart from single runs, from standard deviations, or not at all (one run a point)."""


@dataclass(frozen=True, eq=False)
class Response:
    """An outcome at the points of a design.

    Attributes:
        names: of the factors.
        points: shape (point, factor).
        means: over the runs of each point, shape (point,); NaN where undefined.
        errors: variance of each mean by noise, runs taken as independent, shape (point,); NaN if unknown.
        runs: outcome of every run, shape (point, run), NaN where undefined; None if not kept.
    """

    names: tuple[str, ...]
    points: Floats
    means: Floats
    errors: Floats
    runs: Floats | None = None

    @property
    def noise(self) -> Noise:
        """How noise is told apart."""
        if not len(self.errors) or np.isnan(self.errors).any():
            return "unknown"
        return "independent" if self.runs is None else "known"

    def product(self, first: Integers, second: Integers) -> Floats:
        """Products of true means at pairs of points, noise removed as far as it can be told apart.

        Args:
            first: positions of points, shape (pair,).
            second: positions of the points to pair them with, shape (pair,).
        """
        plain = self.means[first] * self.means[second]
        if self.noise == "unknown":
            return plain
        if self.runs is None:
            return plain - np.where(first == second, self.errors[first], 0.0)
        a, b = self.runs[first], self.runs[second]
        both = (~np.isnan(a)).sum(axis=1) * (~np.isnan(b)).sum(axis=1)
        same = ~np.isnan(a) & ~np.isnan(b)
        crossed = np.nansum(a, axis=1) * np.nansum(b, axis=1) - np.nansum(a * b, axis=1)
        return np.asarray(crossed / (both - same.sum(axis=1)))

    def centred(self, about: Integers) -> Response:
        """The same, less the mean over some points; of single runs, less that of the same run.

        So what a run has in common at every point is gone from its products.
        """
        runs = None if self.runs is None else self.runs - np.nanmean(self.runs[about], axis=0)
        means = self.means - np.nanmean(self.means[about])
        return Response(self.names, self.points, means, self.errors, runs)

    def chosen(self, kept: np.ndarray) -> Response:
        """The same at some of the points: positions, or one truth value a point."""
        runs = None if self.runs is None else self.runs[kept]
        return Response(self.names, self.points[kept], self.means[kept], self.errors[kept], runs)

    def defined(self) -> Response:
        """The same at the points where the outcome is defined.

        Raises:
            ValueError: there are fewer than two.
        """
        known = ~np.isnan(self.means)
        if known.sum() < 2:
            raise ValueError(
                _(
                    "the outcome is defined at {known} of {number} points; needed: 2",
                    known=known.sum(),
                    number=len(known),
                )
            )
        return self if known.all() else self.chosen(known)


def response(table: pd.DataFrame, factors: Sequence[str], outcome: str) -> Response:
    """Read a table of points, or of runs.

    Args:
        table: of one arrangement. Of points: a column for each factor and the outcome, in the order of the
            design, and, where known, ``OUTCOME_sd`` and ``OUTCOME_runs`` over the runs of the point. Of runs:
            also columns ``point`` and ``run``.
        factors: names of the columns that vary.
        outcome: name of the column to look at.

    Raises:
        ValueError: a column is missing, or the table holds several arrangements.
    """
    missing = [name for name in (*factors, outcome) if name not in table]
    if missing or not factors:
        lacking = _("the table has no column {names}", names=", ".join(missing))
        columns = _("columns: {names}", names=", ".join(map(str, table)))
        raise ValueError(joined("; ", (lacking if missing else _("no factor varies"), columns)))
    names = list(table["arrangement"].unique()) if "arrangement" in table else []
    if len(names) > 1:
        given = ", ".join(map(str, names))
        raise ValueError(_("the table holds several arrangements: {names}; choose one", names=given))
    return _of_runs(table, factors, outcome) if "run" in table else _of_points(table, factors, outcome)


def _of_points(table: pd.DataFrame, factors: Sequence[str], outcome: str) -> Response:
    means = table[outcome].to_numpy(dtype=np.float64)
    errors = np.full(len(means), np.nan)
    if {f"{outcome}_sd", f"{outcome}_runs"} <= set(table):
        spread, runs = (table[f"{outcome}{end}"].to_numpy(dtype=np.float64) for end in ("_sd", "_runs"))
        errors = spread**2 / np.where(runs > 0, runs, np.nan)
    return Response(tuple(factors), table[list(factors)].to_numpy(dtype=np.float64), means, errors)


def _of_runs(table: pd.DataFrame, factors: Sequence[str], outcome: str) -> Response:
    wide = table.pivot(index="point", columns="run", values=outcome).to_numpy(dtype=np.float64)
    points = table.drop_duplicates("point").sort_values("point")[list(factors)].to_numpy(dtype=np.float64)
    means, known = mean_known(wide), (~np.isnan(wide)).sum(axis=1, dtype=np.float64)
    errors = quotient(np.nansum((wide - means[:, None]) ** 2, axis=1), known * (known - 1.0), np.nan)
    return Response(tuple(factors), points, means, errors, wide)


@dataclass(frozen=True, eq=False)
class Saltelli:
    """Positions of points in a Saltelli design.

    Attributes:
        a, b: the two base samples, shape (base,).
        mixed: ``a`` with one factor from ``b``, shape (factor, base).
    """

    a: Integers
    b: Integers
    mixed: Integers


def saltelli_places(points: Floats) -> Saltelli | None:
    """The samples of a Saltelli design, in SALib's order; None if the points are none.

    Args:
        points: shape (point, factor).
    """
    size, factors = points.shape
    for step in (factors + 2, 2 * factors + 2):
        if size and size % step == 0:
            first = np.arange(0, size, step)
            places = Saltelli(first, first + step - 1, np.stack([first + 1 + k for k in range(factors)]))
            expected = np.repeat(points[places.a][None], factors, axis=0)
            for k in range(factors):
                expected[k, :, k] = points[places.b, k]
            if np.array_equal(points[places.mixed], expected):
                return places
    return None


def base_points(found: Response) -> Response:
    """The base samples of a Saltelli design, whose other points repeat their values; all of any other."""
    places = saltelli_places(found.points)
    return found if places is None else found.chosen(np.concatenate([places.a, places.b]))


def paired(table: pd.DataFrame, outcome: str, a: str, b: str) -> pd.DataFrame:
    """The difference a − b at every point, as a table for the same analyses.

    Args:
        table: with both arrangements; of points or of runs.
        outcome: to take the difference of.
        a: name of an arrangement.
        b: name of the other.

    Returns:
        As the table, with the difference in the column of the outcome, and ``arrangement`` ``a − b``. The
        standard deviation of a table of points is that of independent pairs; single runs give the true one.

    Raises:
        ValueError: the table lacks one of the arrangements.
    """
    keys = [key for key in ("point", "run") if key in table]
    names = [name for name in (outcome, f"{outcome}_sd", f"{outcome}_runs") if name in table]
    for name in (a, b):
        if name not in (known := [str(each) for each in table["arrangement"].unique()]):
            allowed = ", ".join(known)
            raise ValueError(
                _("no arrangement {name!r} in the table; allowed: {known}", name=name, known=allowed)
            )
    first, second = (table[table["arrangement"] == name] for name in (a, b))
    both = first.merge(second[[*keys, *names]], on=keys, suffixes=("", " of b"))
    both = both.sort_values(keys, ignore_index=True).assign(arrangement=f"{a} − {b}")
    both[outcome] -= both[f"{outcome} of b"]
    if len(names) == 3:
        spread, runs = names[1:]
        both[spread] = np.hypot(both[spread], both[f"{spread} of b"])
        both[runs] = np.minimum(both[runs], both[f"{runs} of b"])
    return both[list(first)]
