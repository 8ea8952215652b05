"""Scenario discovery: under which conditions does A lose to B?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tverretatlig_sim.i18n import _
from tverretatlig_sim.study.analysis.box import Box, best_box
from tverretatlig_sim.study.analysis.dependence import base_points
from tverretatlig_sim.study.analysis.response import paired, response
from tverretatlig_sim.study.patterns.evaluation import wilson

FEWEST = 40
"""Points needed."""


@dataclass(frozen=True)
class Discovery:
    """The conditions under which one arrangement loses to another.

    The conditions are found on every second point; all numbers are counted on the other points.

    Attributes:
        a, b: names of the arrangements; a loses where its mean outcome is below that of b.
        outcome: in which it loses.
        points: counted on.
        losses: of these, points where a loses.
        limits: columns ``factor``, ``low``, ``high`` (infinite: no limit), ``range_low``, ``range_high`` (of
            the design); empty if no conditions were found.
        inside: points under the conditions.
        inside_losses: of these, points where a loses.
    """

    a: str
    b: str
    outcome: str
    points: int
    losses: int
    limits: pd.DataFrame
    inside: int
    inside_losses: int

    @property
    def found(self) -> bool:
        """Whether losing is clearly more frequent under the conditions than elsewhere, beyond chance."""
        outside = self.points - self.inside
        return bool(
            len(self.limits)
            and self.inside
            and outside
            and self.density_interval[0] > wilson(self.losses - self.inside_losses, outside)[1]
        )

    @property
    def density(self) -> float:
        """Share of points under the conditions where a loses."""
        return self.inside_losses / self.inside if self.inside else float("nan")

    @property
    def density_interval(self) -> tuple[float, float]:
        """Its Wilson interval."""
        return wilson(self.inside_losses, self.inside)

    @property
    def coverage(self) -> float:
        """Share of all points where a loses that are under the conditions."""
        return self.inside_losses / self.losses if self.losses else float("nan")

    @property
    def coverage_interval(self) -> tuple[float, float]:
        """Its Wilson interval."""
        return wilson(self.inside_losses, self.losses)

    @property
    def base_rate(self) -> float:
        """Share of all points where a loses."""
        return self.losses / self.points if self.points else float("nan")


def discover(table: pd.DataFrame, factors: Sequence[str], outcome: str, a: str, b: str) -> Discovery:
    """Find the conditions under which a loses to b: a box in the space of factors (PRIM).

    Args:
        table: with both arrangements, of points or of runs; see ``response.response``.
        factors: names of the columns that vary.
        outcome: in which a loses or wins.
        a: name of the arrangement that loses or wins.
        b: name of the other.

    Raises:
        ValueError: see ``response.response``; also with too few points.
    """
    found = base_points(response(paired(table, outcome, a, b), factors, outcome)).defined()
    if len(found.means) < FEWEST:
        raise ValueError(
            _(
                "{number} points are too few to find conditions; needed: {fewest}",
                number=len(found.means),
                fewest=FEWEST,
            )
        )
    points, losses = found.points, found.means < 0
    box = best_box(points[::2], losses[::2])
    held_points, held = points[1::2], losses[1::2]
    inside = np.zeros(len(held), dtype=bool) if box is None else box.holds(held_points)
    return Discovery(
        a=a,
        b=b,
        outcome=outcome,
        points=len(held),
        losses=int(held.sum()),
        limits=_limits(box, found.names, points),
        inside=int(inside.sum()),
        inside_losses=int(held[inside].sum()),
    )


def _limits(box: Box | None, names: Sequence[str], points: np.ndarray) -> pd.DataFrame:
    limited = [] if box is None else [(k, box.low[k], box.high[k]) for k in box.restricted]
    rows = [
        {
            "factor": names[k],
            "low": low,
            "high": high,
            "range_low": points[:, k].min(),
            "range_high": points[:, k].max(),
        }
        for k, low, high in limited
    ]
    return pd.DataFrame(rows, columns=["factor", "low", "high", "range_low", "range_high"])
