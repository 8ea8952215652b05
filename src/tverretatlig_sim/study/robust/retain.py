"""History matching: which parameter sets does the evidence not rule out?"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.scenario.errors import at_least
from tverretatlig_sim.study.patterns.context import Context
from tverretatlig_sim.study.patterns.evaluation import CHUNK, evaluated, noise_of, wilson
from tverretatlig_sim.study.patterns.pattern import Pattern
from tverretatlig_sim.study.patterns.registry import SHIPPED
from tverretatlig_sim.study.sampling import ParameterSets, draw_sets, uncertain_parameters

BINDING = ("observed", "external")
"""Evidence that can rule a parameter set out; impressions and advice cannot."""

Part = tuple[list[Floats], list[Floats]]


def criteria() -> list[Pattern]:
    """Patterns that can rule a parameter set out."""
    return [pattern for pattern in SHIPPED.values() if pattern.evidence in BINDING]


@dataclass(frozen=True)
class History:
    """Parameter sets, and how implausible each criterion makes them.

    Attributes:
        sets: all that were drawn.
        criteria: what they were held against.
        values: statistics, shape (set, criterion).
        noise: standard deviation of each statistic by luck, shape (criterion,).
        runs, seed: runs of each set and scenario, seed of sets and draws.
        stages: number of sets drawn so far at the end of each stage.
    """

    sets: ParameterSets
    criteria: tuple[Pattern, ...]
    values: Floats
    noise: Floats
    runs: int
    seed: int
    stages: tuple[int, ...]

    @property
    def implausibility(self) -> Floats:
        """Shortfall from what the evidence says, in units of tolerance and luck. Shape (set, criterion).

        The shortfall of an ordering is how far it is on the wrong side, of a distance the distance itself.
        The unit is the tolerance and twice the standard deviation by luck, added as variances are. Undefined
        statistics rule nothing out.
        """
        columns = [
            implausibility(pattern, self.values[:, k], self.noise[k])
            for k, pattern in enumerate(self.criteria)
        ]
        return np.column_stack(columns)

    @property
    def passed(self) -> np.ndarray:
        """Whether each criterion leaves each set in. Shape (set, criterion)."""
        return np.asarray(self.implausibility <= 1.0)

    @property
    def kept(self) -> np.ndarray:
        """Positions of the sets that no criterion rules out."""
        return np.flatnonzero(self.passed.all(axis=1))

    @property
    def retained(self) -> ParameterSets:
        """The sets that no criterion rules out."""
        return self.sets.chosen(self.kept)

    def leave_one_out(self) -> pd.DataFrame:
        """Each criterion checked on the sets that all others keep.

        Returns:
            Columns ``id``, ``evidence``, ``tolerance``, ``noise``, ``passed`` (share of all sets it leaves
            in), ``others`` (sets that all others keep), ``share``, ``low``, ``high`` (share of these it keeps
            too, with Wilson interval), ``alone`` (sets only it rules out).
        """
        return pd.DataFrame([self._left_out(k) for k in range(len(self.criteria))])

    def _left_out(self, k: int) -> dict[str, object]:
        pattern, passed = self.criteria[k], self.passed
        others = np.delete(passed, k, axis=1).all(axis=1)
        right, n = int((others & passed[:, k]).sum()), int(others.sum())
        low, high = wilson(right, n)
        return {
            "id": pattern.id,
            "evidence": pattern.evidence,
            "tolerance": pattern.tolerance,
            "noise": float(self.noise[k]),
            "passed": float(passed[:, k].mean()),
            "others": n,
            "share": right / n if n else float("nan"),
            "low": low,
            "high": high,
            "alone": n - right,
        }

    def regions(self) -> pd.DataFrame:
        """Where in each parameter's range sets were ruled out, the most uneven first.

        Returns:
            Columns ``parameter``, ``low``, ``high`` (evidence range), ``kept_low``, ``kept_middle``,
            ``kept_high`` (share kept in each third of the range), ``kept_from``, ``kept_to`` (5 and 95 %
            quantiles of the kept), and ``contrast``: largest less smallest share over the mean share.
        """
        specs = uncertain_parameters()
        rows = [self._region(name, specs[name].low, specs[name].high) for name in self.sets.names]
        return pd.DataFrame(rows).sort_values("contrast", ascending=False, ignore_index=True)

    def _region(self, name: str, low: float, high: float) -> dict[str, object]:
        column = self.sets.values[:, self.sets.names.index(name)]
        kept = np.isin(np.arange(len(column)), self.kept)
        third = np.clip(((column - low) / (high - low) * 3).astype(int), 0, 2)
        shares = [float(kept[third == k].mean()) if (third == k).any() else float("nan") for k in range(3)]
        ends = np.quantile(column[kept], [0.05, 0.95]) if kept.any() else [np.nan, np.nan]
        spread = np.nanmax(shares) - np.nanmin(shares)
        return {
            "parameter": name,
            "low": low,
            "high": high,
            "kept_low": shares[0],
            "kept_middle": shares[1],
            "kept_high": shares[2],
            "kept_from": float(ends[0]),
            "kept_to": float(ends[1]),
            "contrast": float(spread / kept.mean()) if kept.any() else 0.0,
        }


def implausibility(pattern: Pattern, values: Floats, noise: float) -> Floats:
    """Shortfall of each set's statistic in units of tolerance and luck; see ``History``."""
    shortfall = values if pattern.is_distance else -pattern.direction * values
    shortfall = np.nan_to_num(np.maximum(shortfall, 0.0), nan=0.0)
    unit = np.hypot(pattern.tolerance, 2.0 * np.nan_to_num(noise))
    return np.where(shortfall > 0, shortfall / unit if unit > 0 else np.inf, 0.0)


def match_history(
    number: int = 4096,
    runs: int = 4,
    seed: int = 1,
    *,
    want: int = 512,
    most: int = 16384,
    chosen: Sequence[Pattern] | None = None,
    workers: int = 1,
    report: Callable[[int], None] | None = None,
) -> History:
    """Draw parameter sets in stages until enough agree with the evidence. Tolerances stay as they are.

    Args:
        number: sets of a stage.
        runs: of each set and scenario, at least 2, so that luck can be told from parameters.
        seed: of the sets and of the draws.
        want: sets to keep, at least.
        most: sets drawn at most; fewer may then be kept than wanted.
        chosen: criteria; default: ``criteria()``.
        workers: processes; more than 1 only with shipped criteria.
        report: called with the number of sets finished since the last call.

    Raises:
        ValueError: if a number is out of range.
    """
    if runs < 2:
        raise ValueError(at_least("runs", runs, 2))
    held = tuple(criteria() if chosen is None else chosen)
    parts: list[Part] = []
    stages: list[int] = []
    with _mapping(workers) as mapping:
        while True:
            drawn = draw_sets(number, seed, skip=sum(stages))
            jobs = [(held, drawn.part(i, i + CHUNK), runs, seed) for i in range(0, number, CHUNK)]
            for job, part in zip(jobs, mapping(_evaluated, jobs), strict=True):
                parts.append(part)
                if report is not None:
                    report(len(job[1]))
            stages.append(number)
            history = _history(held, draw_sets(sum(stages), seed), parts, runs, seed, stages)
            if len(history.kept) >= want or sum(stages) + number > most:
                return history


def _history(
    held: tuple[Pattern, ...],
    sets: ParameterSets,
    parts: Sequence[Part],
    runs: int,
    seed: int,
    stages: Sequence[int],
) -> History:
    values = [np.concatenate([part[0][k] for part in parts]) for k in range(len(held))]
    noise = [noise_of([part[1][k] for part in parts]) for k in range(len(held))]
    ends = tuple(int(end) for end in np.cumsum(stages))
    return History(sets, held, np.column_stack(values), np.array(noise), runs, seed, ends)


Job = tuple[tuple[Pattern, ...], ParameterSets, int, int]


def _evaluated(job: Job) -> Part:
    held, sets, runs, seed = job
    return evaluated(held, Context(sets, runs, seed))


def _evaluated_by_id(job: tuple[tuple[str, ...], ParameterSets, int, int]) -> Part:
    # Statistics need not pickle: another process looks the patterns up.
    ids, sets, runs, seed = job
    return _evaluated((tuple(SHIPPED[id_] for id_ in ids), sets, runs, seed))


Mapping = Callable[[Callable[[Job], Part], Sequence[Job]], Iterator[Part]]


@contextmanager
def _mapping(workers: int) -> Iterator[Mapping]:
    """A map over jobs, in this process or in several."""
    if workers == 1:
        yield map
        return
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:

        def spread(evaluate: Callable[[Job], Part], jobs: Sequence[Job]) -> Iterator[Part]:
            light = [(tuple(p.id for p in held), *rest) for held, *rest in jobs]
            return pool.map(_evaluated_by_id, light)

        yield spread
