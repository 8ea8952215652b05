"""The difference between two scenarios shared out among the parts in which they differ."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from math import factorial
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.ensemble import HEADLINE
from tverretatlig_sim.ensemble.batch import ParameterValue, sizes_of
from tverretatlig_sim.ensemble.ensemble import Ensemble
from tverretatlig_sim.ensemble.outcomes import OUTCOMES
from tverretatlig_sim.ensemble.statistics import MeanInterval, mean_interval
from tverretatlig_sim.i18n import _
from tverretatlig_sim.inputs import Whole, another_kind
from tverretatlig_sim.kernel.rules import RuleSet
from tverretatlig_sim.scenario import Scenario, load_scenario
from tverretatlig_sim.scenario.combine import combined, essence, moved_to
from tverretatlig_sim.scenario.errors import check_named
from tverretatlig_sim.scenario.fit import PARTS, Fitting, Part, by_rule
from tverretatlig_sim.scenario.load import ScenarioLike
from tverretatlig_sim.study.sampling import DEFAULTS, ParameterSets, outcomes_of
from tverretatlig_sim.workers import sharing

RUNS = 250
"""Default number of runs of each hybrid: two large scenarios take about a minute."""

ProgressOfTotal = Callable[[int, int], None]
"""Called with the number of runs finished since the last call, and that of all runs to be done."""


# --- Shapley values


MOST_EXACT = 8
"""Members up to which every subset is run; of more, orders of joining are sampled."""
ORDERS = 12
"""Pairs of an order and its reverse that are sampled then."""


def shapley(worth: Floats) -> Floats:
    """What each member adds to the worth of a whole: averaged over every order of joining (Shapley 1953).

    Args:
        worth: shape (2ᵏ, …); row ``s`` is the worth of the subset whose members are the bits set in ``s``.

    Returns:
        Shape (k, …); sums over members to the worth of the whole minus that of the empty set.
    """
    size = len(worth).bit_length() - 1
    rows = np.arange(len(worth))
    before = np.array([int(row).bit_count() for row in rows])
    added = np.zeros((size, *worth.shape[1:]))
    for member in range(size):
        without = rows[rows >> member & 1 == 0]
        gains = worth[without | 1 << member] - worth[without]
        # The share of orders in which exactly these members come before: |s|! (k − |s| − 1)! / k!
        orders = [factorial(n) * factorial(size - n - 1) / factorial(size) for n in before[without].tolist()]
        added[member] = np.tensordot(np.array(orders), gains, axes=1)
    return added


def sampled_orders(size: int, seed: int = 1) -> list[tuple[int, ...]]:
    """Orders of joining, each followed by its reverse, which halves the error (Mitchell et al. 2022)."""
    draws = np.random.default_rng(seed)
    found = [tuple(map(int, draws.permutation(size))) for _pair in range(ORDERS)]
    return [order for one in found for order in (one, one[::-1])]


def shapley_over(orders: Sequence[tuple[int, ...]], worth: Mapping[frozenset[int], Floats]) -> Floats:
    """As ``shapley``, over sampled orders: what each member adds in each. Shape (order, k, …)."""
    gains = np.zeros((len(orders), len(orders[0]), *next(iter(worth.values())).shape))
    for row, order in enumerate(orders):
        for place, member in enumerate(order):
            before = frozenset(order[:place])
            gains[row, member] = worth[before | {member}] - worth[before]
    return gains


# --- hybrids

M = TypeVar("M")


def subsets(members: Sequence[M]) -> list[frozenset[M]]:
    """Every subset; the bits of its position say which members are in it."""
    places = range(len(members))
    return [
        frozenset(compress(members, (number >> place & 1 for place in places)))
        for number in range(2 ** len(members))
    ]


@dataclass(frozen=True)
class Lattice:
    """Hybrids of two scenarios over the parts in which they differ, each different one once.

    Attributes:
        differing: parts whose swap changes any hybrid.
        keys: which of the scenarios each subset of them, taken from the second scenario, makes.
        scenarios: the different ones.
        fittings: what had to be fitted.
    """

    differing: tuple[Part, ...]
    keys: dict[frozenset[Part], Hashable]
    scenarios: dict[Hashable, Scenario]
    fittings: tuple[Fitting, ...]


def lattice(a: Scenario, b: Scenario) -> Lattice:
    """All hybrids of two scenarios."""
    # Few scenarios set parameters or change at dates, and each part doubles the number of hybrids.
    alike = {
        "parameters": dict(a.parameters) == dict(b.parameters),
        "changes": not (a.then or a.beside or b.then or b.beside),
    }
    candidates = tuple(part for part in PARTS if not alike.get(part))
    # The start, and with it every date, hangs on the steering alone; moving a history is slow.
    dated = [(moved_to(a, it.start), moved_to(b, it.start)) for it in (a, b)]
    hybrids = {subset: combined(*dated["steering" in subset], subset) for subset in subsets(candidates)}
    keys = {subset: essence(scenario) for subset, (scenario, _) in hybrids.items()}
    differing = tuple(
        part
        for part in candidates
        if any(key != keys.get(subset | {part}, key) for subset, key in keys.items())
    )
    needed = subsets(differing)
    fittings = dict.fromkeys(fitting for subset in needed for fitting in hybrids[subset].fittings)
    scenarios = {keys[subset]: hybrids[subset].scenario for subset in needed}
    return Lattice(differing, {subset: keys[subset] for subset in needed}, scenarios, tuple(fittings))


# --- explanations


@dataclass(frozen=True, eq=False)
class SharedOut:
    """How much each part contributes to the difference a − b in one outcome, on the same draws.

    Attributes:
        a, b: names of the scenarios.
        outcome: name of the outcome, in whose unit everything is.
        seed, runs, months: how the hybrids were run: runs of each hybrid (and set).
        differing: parts whose swap changes a scenario at all.
        hybrids: how many different scenarios were run, the two themselves among them.
        contributions: Shapley values, one row a run or set, one column a part; exactly 0 for parts that do
            not differ. What is undefined in some hybrid has no row.
        difference: outcome of ``a`` minus that of ``b`` in the same rows; what the contributions sum to.
        notes: names of what each rule for conflicts was used on in the hybrids, by rule; see
            ``scenario.fit.RULES``.
    """

    a: str
    b: str
    outcome: str
    seed: int
    runs: int
    months: int
    differing: tuple[Part, ...]
    hybrids: int
    contributions: pd.DataFrame
    difference: pd.Series
    notes: Mapping[str, tuple[str, ...]]

    def by_part(self, row: Callable[[Floats], Mapping[str, float]]) -> pd.DataFrame:
        """Statistics of the contributions: largest ``mean`` first, parts that do not differ last."""
        rows = {part: row(self.contributions[part].to_numpy(dtype=np.float64)) for part in PARTS}
        order = sorted(
            PARTS, key=lambda part: (part not in self.differing, -abs(np.nan_to_num(rows[part]["mean"])))
        )
        return pd.DataFrame(
            [{"part": part, "differs": part in self.differing, **rows[part]} for part in order]
        )


@dataclass(frozen=True, eq=False)
class Explanation(SharedOut):
    """A difference shared out run by run; index ``run``. See ``SharedOut``."""

    @property
    def missing(self) -> int:
        """Runs left out because the outcome is undefined in some hybrid."""
        return self.runs - len(self.difference)

    def total(self, level: float = 0.95) -> MeanInterval:
        """Mean difference a − b over runs, with its t interval."""
        return mean_interval(self.difference.to_numpy(dtype=np.float64), level)

    def table(self, level: float = 0.95) -> pd.DataFrame:
        """One row a part, the largest contribution first.

        Returns:
            Columns ``part``, ``differs``, ``n`` (runs), ``mean``, ``sd``, ``low`` and ``high`` (t interval).
        """
        return self.by_part(lambda values: mean_interval(values, level)._asdict())


@sharing
def explain(
    a: ScenarioLike,
    b: ScenarioLike,
    outcome: str = HEADLINE,
    runs: Whole = RUNS,
    seed: Whole = 1,
    months: Whole | None = None,
    parameters: Mapping[str, ParameterValue] | None = None,
    *,
    known: Iterable[Ensemble] = (),
    rules: RuleSet | None = None,
    progress: ProgressOfTotal | None = None,
    workers: int | None = None,
) -> Explanation:
    """Share out the difference in an outcome among the parts in which two scenarios differ.

    Every hybrid of the two is run on the same draws. A part's contribution is its Shapley value: what
    swapping it changes, averaged over every order in which the parts can be swapped.

    Args:
        a: a loaded scenario, the name of a shipped one, a path, or a table such as a file holds.
        b: the other.
        outcome: name of the outcome.
        runs: runs of each hybrid; there are up to 2ᵏ hybrids, k being the number of differing parts.
        seed: of the draws.
        months: length of all runs; default: the longer of the scenarios' own.
        parameters: values that replace the defaults, in all hybrids.
        known: ensembles of the scenarios with this seed, length and parameters and at least as many runs, so
            that these are not run again.
        rules: what happens in a month, as for ``simulate``.
        progress: called as runs finish.
        workers: processes, as for ``simulate``.

    Raises:
        ScenarioError: if a scenario or a parameter is not valid.
        ValueError: if there is no such outcome, or runs, seed or months are out of range.
    """
    ensembles = [*known] if isinstance(known, Iterable) else [known]
    if not all(isinstance(it, Ensemble) for it in ensembles):
        raise another_kind(_("known: must be a list of ensembles"), known)
    check_named("outcome", outcome, OUTCOMES)
    both = load_scenario(a), load_scenario(b)
    shared = shared_out(
        *both, DEFAULTS, outcome, runs, seed, months, parameters, progress, ensembles, rules=rules
    )
    for name in ("contributions", "difference"):
        shared[name] = shared[name].droplevel("set")
    return Explanation(**shared)


def shared_out(
    a: Scenario,
    b: Scenario,
    sets: ParameterSets,
    outcome: str,
    runs: Whole,
    seed: Whole,
    months: Whole | None,
    parameters: Mapping[str, ParameterValue] | None,
    progress: ProgressOfTotal | None,
    known: Iterable[Ensemble] = (),
    rules: RuleSet | None = None,
) -> dict[str, Any]:
    """Fields of ``SharedOut``, one row a set and run; as ``explain``."""
    length = max(a.default_months, b.default_months) if months is None else months
    runs, seed, length, _size = sizes_of(runs, seed, length)
    swaps = lattice(a, b)
    done = {essence(it.scenario) for it in known}
    total = len(sets) * runs * sum(key not in done for key in swaps.scenarios)
    runs_of = outcomes_of(
        [(scenario, parameters or {}) for scenario in swaps.scenarios.values()],
        sets,
        runs,
        seed,
        length,
        outcomes=[outcome],
        rules=rules,
        known=known,
        progress=None if progress is None else lambda number: progress(number, total),
    )
    found = {key: each[outcome] for key, each in zip(swaps.scenarios, runs_of, strict=True)}
    worth = np.array([found[key].reshape(-1) for key in swaps.keys.values()])
    defined = ~np.isnan(worth).any(axis=0)
    values, rows = worth[:, defined], np.flatnonzero(defined)
    index = pd.MultiIndex.from_arrays([rows // runs, rows % runs], names=["set", "run"])
    columns = dict(zip(swaps.differing, -shapley(values), strict=True))
    nothing = np.zeros(len(rows))
    return {
        "a": a.name,
        "b": b.name,
        "outcome": outcome,
        "seed": seed,
        "runs": runs,
        "months": length,
        "differing": swaps.differing,
        "hybrids": len(swaps.scenarios),
        "contributions": pd.DataFrame({part: columns.get(part, nothing) for part in PARTS}, index=index),
        "difference": pd.Series(values[0] - values[-1], index=index, name="difference"),
        "notes": by_rule(swaps.fittings),
    }
