"""A base against a change of it: what each of the user's lines does alone, and what they do together.

A line is one of ``Scenario.changes``; a pulled lever is a line, too. Two scenarios of which neither was made
of the other differ in parts instead, as for ``explain``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite

import numpy as np
import pandas as pd

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.ensemble import HEADLINE, OF_PLANNED
from tverretatlig_sim.ensemble.batch import ParameterValue, sizes_of
from tverretatlig_sim.ensemble.ensemble import Ensemble
from tverretatlig_sim.ensemble.statistics import mean_interval, paired_difference
from tverretatlig_sim.scenario import Scenario
from tverretatlig_sim.scenario.addresses import numbers, set_values
from tverretatlig_sim.scenario.combine import essence
from tverretatlig_sim.scenario.history import phases
from tverretatlig_sim.scenario.overlay import Line, lever_line, with_lines
from tverretatlig_sim.scenario.schema import Title
from tverretatlig_sim.study.explain import (
    MOST_EXACT,
    ProgressOfTotal,
    lattice,
    sampled_orders,
    shapley,
    shapley_over,
    subsets,
)
from tverretatlig_sim.study.sampling import DEFAULTS, outcomes_of
from tverretatlig_sim.workers import sharing

TOLD = (HEADLINE, OF_PLANNED)
SAME_LOAD = 0.05
"""Relative difference of load up to which it counts as the same."""
Subset = frozenset[int]


@dataclass(frozen=True, eq=False)
class Effects:
    """What each line of a change does, on the same draws.

    Attributes:
        base, change: the two scenarios.
        lines: the user's own; empty if the two differ in parts instead.
        names: of the lines or parts, in order.
        idle: whether each changes nothing here.
        worth: outcomes by which lines hold, each of shape (run,).
        orders: sampled orders of joining; empty if every subset was run.
        seed, runs, months: how: runs of each subset.
    """

    base: Scenario
    change: Scenario
    lines: tuple[Line, ...]
    names: tuple[str, ...]
    idle: tuple[bool, ...]
    worth: Mapping[Subset, Mapping[str, Floats]]
    orders: Sequence[tuple[int, ...]]
    seed: int
    runs: int
    months: int

    @property
    def everything(self) -> Subset:
        """All lines."""
        return frozenset(range(len(self.names)))

    def of(self, some: Subset, outcome: str = HEADLINE) -> dict[str, float]:
        """The paired difference that some lines make to the base; see ``paired_difference``."""
        return paired_difference(self.worth[some][outcome], self.worth[frozenset()][outcome])

    def table(self, outcome: str = HEADLINE) -> pd.DataFrame:
        """One row a line, in the user's order.

        Returns:
            Columns ``name``, ``idle``; ``mean``, ``low``, ``high`` of its effect alone; ``share``,
            ``share_low``, ``share_high``: what it adds on average over the orders of joining (Shapley), which
            sums to the effect of all; 95 % intervals, those of sampled orders with the error of sampling.
        """
        shares = self._shares(outcome)
        rows = []
        for place, name in enumerate(self.names):
            alone = self.of(frozenset([place]), outcome)
            ends = dict(zip(("share", "share_low", "share_high"), shares[place], strict=True))
            effect = {key: alone[key] for key in ("mean", "low", "high")}
            rows.append({"name": name, "idle": self.idle[place], **effect, **ends})
        return pd.DataFrame(
            rows, columns=["name", "idle", "mean", "low", "high", "share", "share_low", "share_high"]
        )

    def rest(self, outcome: str = HEADLINE) -> dict[str, float]:
        """What all lines do together beyond the sum of what each does alone: mean and interval."""
        nothing = self.worth[frozenset()][outcome]
        alone = sum((self.worth[frozenset([it])][outcome] - nothing for it in self.everything), 0 * nothing)
        return mean_interval(self.worth[self.everything][outcome] - nothing - alone)._asdict()

    def _shares(self, outcome: str) -> list[tuple[float, float, float]]:
        worth = {some: values[outcome] for some, values in self.worth.items()}
        if self.orders:
            gains = shapley_over(self.orders, worth)
            pairs = np.nanmean(gains, axis=-1).reshape(len(self.orders) // 2, 2, -1).mean(axis=1)
            error = pairs.std(axis=0, ddof=1) / np.sqrt(len(pairs))
            by_run = gains.mean(axis=0)
        else:
            by_run = shapley(np.array([worth[some] for some in subsets(range(len(self.names)))]))
            error = np.zeros(len(by_run))
        found = []
        for values, sampled in zip(by_run, error, strict=True):
            interval = mean_interval(values)
            half = float(np.hypot((interval.high - interval.low) / 2, 1.96 * sampled))
            found.append((interval.mean, interval.mean - half, interval.mean + half))
        return found


def lines_between(base: Scenario, change: Scenario) -> tuple[Line, ...]:
    """The lines that make one scenario of the other; none if it was made otherwise."""
    own = change.changes[len(base.changes) :] if change.changes[: len(base.changes)] == base.changes else ()
    if not own and not base.levers:
        own = tuple(Line(*lever_line(name)) for name in change.levers)
    return tuple(own) if own and essence(with_lines(base, own)) == essence(change) else ()


@sharing
def effects(
    base: Scenario,
    change: Scenario,
    runs: int = 200,
    seed: int = 1,
    months: int | None = None,
    parameters: Mapping[str, ParameterValue] | None = None,
    *,
    outcomes: Sequence[str] = TOLD,
    known: Iterable[Ensemble] = (),
    progress: ProgressOfTotal | None = None,
    workers: int | None = None,
) -> Effects:
    """What each line of a change does alone, all do together, and how that is shared out among them.

    Up to eight lines every subset is run; of more, sampled orders of joining.

    Args:
        base: what was changed.
        change: what it was changed into, see ``edit``; levers pulled on the base are lines, too.
        runs: of each subset.
        seed: of the draws, the same for all.
        months: length of all runs; default: the longer of the scenarios' own.
        parameters: values that replace the defaults.
        outcomes: names of those to tell of.
        known: ensembles that may hold what is asked for, so that it is not run again.
        progress: called as runs finish, with the number of all runs.
        workers: processes, as for ``simulate``.

    Raises:
        ScenarioError, ValueError: as ``simulate``.
    """
    length = max(base.default_months, change.default_months) if months is None else months
    runs, seed, length, _size = sizes_of(runs, seed, length)
    lines = lines_between(base, change)
    names: tuple[str, ...] = tuple(line.key for line in lines)
    make: Callable[[Subset], Scenario]
    if lines:
        make = lambda some: with_lines(base, [line for place, line in enumerate(lines) if place in some])  # noqa: E731
    else:
        swaps = lattice(base, change)
        parts = names = swaps.differing
        make = lambda some: swaps.scenarios[swaps.keys[frozenset(parts[place] for place in some)]]  # noqa: E731
    size = len(names)
    orders = sampled_orders(size) if size > MOST_EXACT else []
    alone = [frozenset([place]) for place in range(size)]
    joined = [frozenset(order[:place]) for order in orders for place in range(size + 1)]
    wanted = dict.fromkeys([*alone, *joined] if orders else subsets(range(size)))
    made = {some: make(some) for some in wanted}
    keys = {some: essence(scenario) for some, scenario in made.items()}
    different = {keys[some]: scenario for some, scenario in made.items()}
    total = runs * len(different)
    values = outcomes_of(
        [(scenario, parameters or {}) for scenario in different.values()],
        DEFAULTS,
        runs,
        seed,
        length,
        outcomes=outcomes,
        known=known,
        progress=None if progress is None else lambda number: progress(number, total),
    )
    found = dict(zip(different, values, strict=True))
    worth = {some: {name: found[key][name][0] for name in outcomes} for some, key in keys.items()}
    idle = tuple(all(keys[some] == keys[some | one] for some in keys if some | one in keys) for one in alone)
    return Effects(base, change, lines, names, idle, worth, orders, seed, runs, length)


# --- workload and cost


def in_the_end(scenario: Scenario) -> Scenario:
    """The scenario once all its changes at dates hold: whose work, capacity, load and staff are told."""
    return phases(scenario)[-1][1]


def at_same_load(base: Scenario, change: Scenario) -> Scenario | None:
    """The change with smaller or larger projects, until each FTE carries what it carries in the base.

    None where it does so already, where nobody of one of them works, or where what changes does so at a date.
    """
    ratio = in_the_end(base).load / in_the_end(change).load
    if not isfinite(ratio) or ratio == 0 or abs(ratio - 1) <= SAME_LOAD or change.then:
        return None
    known = numbers(change)
    sizes = {f"project.{it.name}.size": it.size for it in change.portfolio.project}
    scaled = {at: ratio * float(size) for at, size in sizes.items() if at in known}
    title = Title(en=f"{change.title.en}, same load", nb=f"{change.title.nb}, samme belastning")
    return replace(set_values(change, scaled), name=f"{change.name}/same-load", title=title)
