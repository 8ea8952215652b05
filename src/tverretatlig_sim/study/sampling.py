"""Parameter sets drawn from the evidence ranges, and simulations over them."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol
from zlib import crc32

import numpy as np

from tverretatlig_sim.arrays import Floats, Integers, quotient
from tverretatlig_sim.ensemble.batch import ParameterValue, rules_of
from tverretatlig_sim.ensemble.ensemble import Ensemble
from tverretatlig_sim.ensemble.outcomes import OUTCOMES
from tverretatlig_sim.ensemble.simulate import RunOptions, Simulation, grow
from tverretatlig_sim.inputs import whole
from tverretatlig_sim.kernel.rules import RuleSet
from tverretatlig_sim.scenario import Quantity, Scenario, load_scenario
from tverretatlig_sim.scenario.addresses import Address
from tverretatlig_sim.scenario.combine import essence
from tverretatlig_sim.scenario.evidence import Entry, entries_of, named
from tverretatlig_sim.scenario.parameters import ParameterSpec, parameter_specs

BLOCKS = 48
"""Draws of numbers that change what there is in a world: more cost time, fewer tell less."""

Progress = Callable[[int], None]
"""Called with what was finished since the last call."""


@dataclass(frozen=True, eq=False)
class ParameterSets:
    """Parameter vectors, one a set.

    Attributes:
        names: parameters, in the order of the columns.
        values: shape (set, parameter), each column in the unit of its parameter.
        first: number of the first set; draws belong to it, so that a part of the sets draws as the whole.
        entries: evidence entries of scenarios, whose draws are the last columns; see ``with_entries``.
        blocks: of sets that have the same draws of some of these, shape (set,); None if there are none.
        by_block: names of the columns in which they have.
    """

    names: tuple[str, ...]
    values: Floats
    first: int = 0
    entries: tuple[Entry, ...] = ()
    blocks: Integers | None = None
    by_block: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.values)

    def part(self, start: int, stop: int) -> ParameterSets:
        """Some consecutive sets, with their numbers."""
        return replace(self.chosen(np.arange(len(self))[start:stop]), first=self.first + start)

    def chosen(self, kept: Sequence[int] | np.ndarray) -> ParameterSets:
        """Some of the sets, numbered anew from 0."""
        rows = np.asarray(kept)
        blocks = None if self.blocks is None else self.blocks[rows]
        return replace(self, values=self.values[rows], first=0, blocks=blocks)

    def about(self, *scenarios: Scenario) -> ParameterSets:
        """The same sets, with the entries of some scenarios alone: other numbers drawn are chance."""
        theirs = {entry for scenario in scenarios for entry in entries_of(scenario)}
        behaviour = len(self.names) - len(self.entries)
        kept = [k for k, entry in enumerate(self.entries) if entry in theirs]
        columns = [*range(behaviour), *(behaviour + k for k in kept)]
        names = tuple(self.names[k] for k in columns)
        by_block = tuple(name for name in self.by_block if name in names)
        return replace(
            self,
            names=names,
            values=self.values[:, columns],
            entries=tuple(self.entries[k] for k in kept),
            blocks=self.blocks if by_block else None,
            by_block=by_block,
        )

    def by_run(self, runs: int) -> dict[str, Floats]:
        """Values by parameter name, each set's repeated for its runs. Shape (set × runs,)."""
        parameters = self.names[: len(self.names) - len(self.entries)]
        return {name: np.repeat(self.values[:, column], runs) for column, name in enumerate(parameters)}


def uncertain_parameters() -> dict[str, ParameterSpec]:
    """Parameters whose evidence range has a width, by name."""
    return {name: spec for name, spec in parameter_specs().items() if spec.low < spec.high}


def draw_sets(number: int, seed: int = 1, skip: int = 0) -> ParameterSets:
    """Draw parameter sets that fill the evidence ranges evenly: a scrambled Sobol sequence.

    Whole-number parameters are rounded so that every whole number of the range is equally likely.

    Args:
        number: of sets, at least 1; powers of 2 fill the space best.
        seed: of the scrambling; the same seed gives the same sequence, of which more sets continue fewer.
        skip: sets of the sequence to pass over first.

    Raises:
        ValueError: if a number is out of range.
    """
    number, skip = whole("number of sets", number, 1, 10**7), whole("skip", skip, 0, 10**9)
    specs = uncertain_parameters()
    shares = sobol_shares(len(specs), number, seed, skip)
    columns = [scaled(shares[:, column], spec) for column, spec in enumerate(specs.values())]
    return ParameterSets(tuple(specs), np.column_stack(columns), skip)


def with_entries(
    sets: ParameterSets, scenarios: Iterable[Scenario], seed: int = 1, most: int = BLOCKS
) -> ParameterSets:
    """Parameter sets with a draw of every evidence entry of some scenarios beside the parameters.

    What two scenarios share has one draw. Numbers that change what there is in a world (how many
    recommendations, who is near enough for a duty, when a forum meets) have the same draw in some consecutive
    sets, which are simulated together.

    Args:
        sets: of parameters.
        scenarios: whose numbers are drawn.
        seed: of the draws; those of an entry do not hang on what other entries there are.
        most: draws of numbers that change what there is in a world.

    Returns:
        Sets with a column for each entry: how far its numbers lie from the low (0) to the high end (1) of
        their ranges.
    """
    found: dict[Entry, dict[Address, Quantity]] = {}
    for scenario in scenarios:
        for entry, numbers in entries_of(scenario).items():
            found.setdefault(entry, {}).update(numbers)
    values, names, n = [*sets.values.T], named(found), len(sets)
    blocks = np.arange(n) * min(n, most) // max(1, n)
    shared = [entry for entry, numbers in found.items() if not all(it.by_run for it in numbers)]
    for entry in found:
        rng = np.random.default_rng([seed, crc32("\0".join(entry).encode())])
        number = min(n, most) if entry in shared else n
        drawn = (rng.permutation(number) + rng.random(number)) / number
        values.append(drawn[blocks] if entry in shared else drawn)
    return replace(
        sets,
        names=(*sets.names, *names.values()),
        values=np.column_stack(values),
        entries=tuple(found),
        blocks=blocks if shared else None,
        by_block=tuple(names[entry] for entry in shared),
    )


class _Span(NamedTuple):
    low: float
    high: float
    whole: bool


def numbers_by_run(scenario: Scenario, sets: ParameterSets, runs: int) -> dict[str, Floats]:
    """What is drawn of a scenario's numbers for every run, by address. Shape (set × runs,)."""
    column = {entry: k - len(sets.entries) for k, entry in enumerate(sets.entries)}
    return {
        str(address): scaled(shares, _Span(*number.span, address.bounds.whole))
        for entry, numbers in (entries_of(scenario) if sets.entries else {}).items()
        if entry in column
        for shares in [np.repeat(sets.values[:, column[entry]], runs)]
        for address, number in numbers.items()
    }


def sobol_shares(dimensions: int, number: int, seed: int, skip: int = 0) -> Floats:
    """Points of a scrambled Sobol sequence in the unit cube. Shape (number, dimensions)."""
    from scipy.stats import qmc  # slow to import

    sequence = qmc.Sobol(dimensions, scramble=True, seed=np.random.default_rng(seed))
    if skip:
        sequence.fast_forward(skip)
    with warnings.catch_warnings():
        # The balance of a power of 2 is a fine point that users of 100 sets need not be warned of.
        warnings.filterwarnings("ignore", message="The balance properties", category=UserWarning)
        return np.asarray(sequence.random(number))


class Range(Protocol):
    """Something with two ends: a parameter's evidence range, or a factor of a study."""

    @property
    def low(self) -> float:
        """Lowest value."""

    @property
    def high(self) -> float:
        """Highest value."""

    @property
    def whole(self) -> bool:
        """Whether values are whole numbers."""


def scaled(shares: Floats, spec: Range) -> Floats:
    """Numbers in [0, 1) spread over a range; of whole numbers, each is equally likely."""
    if spec.whole:
        return np.minimum(np.floor(spec.low + shares * (spec.high - spec.low + 1.0)), spec.high)
    return spec.low + shares * (spec.high - spec.low)


def fixed_sets(values: Mapping[str, float]) -> ParameterSets:
    """One set, with the given values; without any, the one in which every parameter has its default."""
    return ParameterSets(tuple(values), np.array([list(values.values())], dtype=np.float64))


DEFAULTS = fixed_sets({})
"""The one set in which every parameter has its default."""


# --- simulations over sets


def values_by_run(
    scenario: Scenario,
    sets: ParameterSets,
    runs: int,
    parameters: Mapping[str, ParameterValue] | None = None,
) -> dict[str, ParameterValue]:
    """What is drawn for every run of a scenario: the one place where sets meet a scenario.

    What a scenario sets itself is part of what it describes, and stays.

    Args:
        scenario: what is run.
        sets: parameter sets.
        runs: of each set.
        parameters: values that replace those of every set; a number, or one a run (set × runs).
    """
    drawn = {name: values for name, values in sets.by_run(runs).items() if name not in scenario.parameters}
    return {**drawn, **(parameters or {})}


def outcomes_over(
    scenario: Scenario,
    sets: ParameterSets,
    runs: int,
    seed: int,
    months: int,
    parameters: Mapping[str, ParameterValue] | None = None,
    *,
    outcomes: Iterable[str] | None = None,
    rules: RuleSet | None = None,
    progress: Progress | None = None,
) -> dict[str, Floats]:
    """Simulate a scenario in every parameter set; as ``outcomes_of``, of one."""
    case = scenario, dict(parameters or {})
    return outcomes_of([case], sets, runs, seed, months, outcomes=outcomes, rules=rules, progress=progress)[0]


Case = tuple[Scenario, Mapping[str, ParameterValue]]
"""A scenario, and values that replace those of every set; a number, or one a run (set × runs)."""


def outcomes_of(
    cases: Sequence[Case],
    sets: ParameterSets,
    runs: int,
    seed: int,
    months: int,
    *,
    outcomes: Iterable[str] | None = None,
    rules: RuleSet | None = None,
    known: Iterable[Ensemble] = (),
    progress: Progress | None = None,
) -> list[dict[str, Floats]]:
    """Simulate scenarios in every parameter set, with the draws of their numbers, each different one once.

    Args:
        cases: what is run.
        sets: parameter sets.
        runs: of each set.
        seed: of the draws; run k of set s has the same draws in every scenario.
        months: length of a run.
        outcomes: names of those to keep; default: all.
        rules: what happens in a month; default: the rules in use.
        known: ensembles that may hold what is asked for, so that it is not run again.
        progress: called with the number of runs finished since the last call.

    Returns:
        Outcomes of each case by name, shape (set, run); NaN where undefined.

    Raises:
        ScenarioError, ValueError: as ``simulate``.
    """
    names, rules = tuple(OUTCOMES) if outcomes is None else tuple(outcomes), rules_of(rules)
    # What is drawn of numbers hangs on their evidence, of which the essence knows nothing.
    keys = [
        (place if sets.entries else essence(scenario), _constants(given))
        for place, (scenario, given) in enumerate(cases)
    ]
    found = dict[Hashable, Mapping[str, Floats]]()
    for it in known if len(sets) == 1 and not sets.names else ():
        same = (it.seed, it.months) == (seed, months) and it.rules == rules and it.runs >= runs
        if same and it.values.keys() >= {*names}:
            key = essence(it.scenario), _constants(it.parameters)
            found[key] = {name: it.values[name][:runs] for name in names}
    simulations = {
        key: Simulation(
            load_scenario(scenario),
            RunOptions(
                len(sets) * runs,
                seed,
                months,
                values_by_run(scenario, sets, runs, given),
                series="none",
                rules=rules,
                outcomes=names,
                numbers=numbers_by_run(scenario, sets, runs),
                progress=progress,
            ),
        )
        for key, (scenario, given) in dict(zip(keys, cases, strict=True)).items()
        if key not in found
    }
    if simulations:
        grow([*simulations.values()], len(sets) * runs)
    for key, simulation in simulations.items():
        found[key] = {name: simulation.outcome(name) for name in names}
    shape = len(sets), runs
    return [{name: found[key][name].reshape(shape) for name in names} for key in keys]


def _constants(parameters: Mapping[str, ParameterValue]) -> Hashable:
    """Parameter values by what they are."""
    return frozenset(
        (name, np.asarray(value, dtype=np.float64).tobytes()) for name, value in parameters.items()
    )


def mean_known(values: Floats) -> Floats:
    """Mean over runs, the last axis, NaN left out; NaN where nothing is known."""
    known = ~np.isnan(values)
    return quotient(np.where(known, values, 0.0).sum(axis=-1), known.sum(axis=-1, dtype=np.float64), np.nan)


def wilson(successes: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """Wilson interval of a share; NaN without observations."""
    if n == 0:
        return float("nan"), float("nan")
    from scipy.stats import binomtest  # slow to import

    interval = binomtest(successes, n).proportion_ci(level, method="wilson")
    return float(interval.low), float(interval.high)
