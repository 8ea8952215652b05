"""Evaluating patterns over parameter sets: values, intervals, verdicts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.ensemble.statistics import MeanInterval, mean_interval
from tverretatlig_sim.i18n import _
from tverretatlig_sim.scenario.errors import at_least
from tverretatlig_sim.study.patterns.context import Context
from tverretatlig_sim.study.patterns.pattern import Pattern
from tverretatlig_sim.study.patterns.variations import Variation
from tverretatlig_sim.study.sampling import ParameterSets

Verdict = Literal["holds", "leans", "fails", "unknown"]
NEGLIGIBLE = 0.001
"""Differences up to this count as none: a tenth of a percentage point."""
CHUNK = 128
"""Parameter sets evaluated together; bounds memory and changes nothing else."""


def wilson(successes: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """Wilson interval of a share; NaN without observations."""
    if n == 0:
        return float("nan"), float("nan")
    interval = binomtest(successes, n).proportion_ci(level, method="wilson")
    return float(interval.low), float(interval.high)


@dataclass(frozen=True)
class Finding:
    """How a pattern fares over parameter sets.

    Attributes:
        pattern: what was evaluated.
        values: its statistic, one a set, NaN where undefined.
        noise: standard deviation of a value by the luck of its runs; NaN with a single run a set.
    """

    pattern: Pattern
    values: Floats
    noise: float = float("nan")

    @property
    def known(self) -> Floats:
        """Values of the sets in which the statistic is defined."""
        return self.values[~np.isnan(self.values)]

    @property
    def interval(self) -> MeanInterval:
        """Mean over sets with its 95 % interval."""
        return mean_interval(self.known)

    @property
    def right(self) -> int:
        """Sets with the right sign or, for a distance, within tolerance."""
        if self.pattern.is_distance:
            return int(np.count_nonzero(self.known <= self.pattern.tolerance))
        return int(np.count_nonzero(self.pattern.direction * self.known > NEGLIGIBLE))

    @property
    def share(self) -> float:
        """Their share."""
        return self.right / len(self.known) if len(self.known) else float("nan")

    @property
    def share_interval(self) -> tuple[float, float]:
        """Wilson interval of the share."""
        return wilson(self.right, len(self.known))

    @property
    def verdict(self) -> Verdict:
        """See ``verdict``."""
        return verdict(self)

    def row(self) -> dict[str, object]:
        """The finding as plain values."""
        pattern, interval, (low, high) = self.pattern, self.interval, self.share_interval
        return {
            "id": pattern.id,
            "claim": pattern.claim.en,
            "source": pattern.source,
            "evidence": pattern.evidence,
            "automatic": pattern.automatic,
            "measure": pattern.measure.en,
            "direction": pattern.direction,
            "tolerance": pattern.tolerance,
            "mean": interval.mean,
            "low": interval.low,
            "high": interval.high,
            "share": self.share,
            "share_low": low,
            "share_high": high,
            "sets": len(self.known),
            "noise": self.noise,
            "verdict": self.verdict,
        }


def verdict(finding: Finding) -> Verdict:
    """What the sets say about a pattern.

    An ordering *holds* if the mean over sets is on the right side, with its 95 % interval, and so is the
    share of sets with the right sign: the first alone could rest on a few sets with large effects, the second
    alone on many with negligible ones. It *leans* if both are on the right side but one of the intervals is
    not, and *fails* else. A distance holds if most sets, with interval, are within tolerance, leans if most
    are, and fails else.
    """
    if len(finding.known) < 2:
        return "unknown"
    right, surely = finding.share > 0.5, finding.share_interval[0] > 0.5
    if not finding.pattern.is_distance:
        sign, interval = finding.pattern.direction, finding.interval
        right = right and sign * interval.mean > 0
        surely = surely and min(sign * interval.low, sign * interval.high) > 0
    if right and surely:
        return "holds"
    return "leans" if right else "fails"


def evaluate(
    patterns: Sequence[Pattern],
    sets: ParameterSets,
    runs: int = 8,
    seed: int = 1,
    *,
    switches: tuple[Variation, ...] = (),
    report: Callable[[int], None] | None = None,
) -> list[Finding]:
    """Evaluate patterns over parameter sets; patterns that need the same ensemble share it.

    Args:
        patterns: what to evaluate.
        sets: parameter sets.
        runs: of each set and scenario, at least 1.
        seed: of the draws.
        switches: mechanisms to take away everywhere.
        report: called with the number of sets finished since the last call.

    Raises:
        ValueError: if runs is out of range, or a statistic does not give one number a set.
    """
    if runs < 1:
        raise ValueError(at_least("runs", runs, 1))
    parts = [evaluated(patterns, context) for context in contexts(sets, runs, seed, switches, report)]
    return [
        Finding(
            pattern, np.concatenate([values[k] for values, _ in parts]), noise_of([n[k] for _, n in parts])
        )
        for k, pattern in enumerate(patterns)
    ]


def evaluate_switched(
    patterns: Sequence[Pattern],
    sets: ParameterSets,
    runs: int = 8,
    seed: int = 1,
    *,
    report: Callable[[int], None] | None = None,
) -> list[Finding]:
    """Evaluate each pattern with the mechanism it rests on taken away; arguments as ``evaluate``."""
    return [
        finding
        for pattern in patterns
        for finding in evaluate(
            [pattern], sets, runs, seed, switches=(pattern.switch.variation,), report=report
        )
    ]


def contexts(
    sets: ParameterSets,
    runs: int,
    seed: int,
    switches: tuple[Variation, ...] = (),
    report: Callable[[int], None] | None = None,
) -> Iterator[Context]:
    """Contexts of some sets each, so that memory does not grow with the number of sets."""
    for start in range(0, len(sets), CHUNK):
        part = sets.part(start, min(start + CHUNK, len(sets)))
        yield Context(part, runs, seed, switches)
        if report is not None:
            report(len(part))


def evaluated(patterns: Sequence[Pattern], context: Context) -> tuple[list[Floats], list[Floats]]:
    """Values of each pattern, and the squared differences of its values between halves of the runs."""
    values = [_checked(pattern, context) for pattern in patterns]
    if context.runs < 2:
        return values, [np.array([]) for _ in patterns]
    halves = [context.half(0), context.half(1)]
    first, second = ([_checked(pattern, half) for pattern in patterns] for half in halves)
    return values, [(a - b) ** 2 for a, b in zip(first, second, strict=True)]


def _checked(pattern: Pattern, context: Context) -> Floats:
    values = np.asarray(pattern.statistic(context), dtype=np.float64)
    if values.shape != (len(context.sets),):
        raise ValueError(
            _(
                "pattern {id!r}: its statistic gives shape {shape}; one number a set: ({sets},)",
                id=pattern.id,
                shape=values.shape,
                sets=len(context.sets),
            )
        )
    return values


def noise_of(squares: list[Floats]) -> float:
    """Two halves differ by twice the standard deviation of their mean."""
    known = np.concatenate(squares)
    known = known[~np.isnan(known)]
    return float(np.sqrt(known.mean()) / 2.0) if len(known) else float("nan")


def table(findings: Sequence[Finding]) -> pd.DataFrame:
    """One row a pattern."""
    return pd.DataFrame([finding.row() for finding in findings])
