"""A batch of runs, month by month: the only place of this layer that drives the kernel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from threading import Lock
from traceback import extract_tb
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from tverretatlig_sim.arrays import Floats, Integers
from tverretatlig_sim.ensemble.histories import Histories
from tverretatlig_sim.ensemble.outcomes import Snapshot
from tverretatlig_sim.ensemble.series import Moments, Series, SeriesKind, series_of
from tverretatlig_sim.i18n import _, joined
from tverretatlig_sim.inputs import FrozenDict, check_table, whole
from tverretatlig_sim.kernel.change import carried, restricted
from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.kernel.month import RULES, advance, initial_state
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.kernel.rules import RuleSet
from tverretatlig_sim.kernel.state import STAGES, State
from tverretatlig_sim.own import OWN
from tverretatlig_sim.scenario import Scenario
from tverretatlig_sim.scenario.addresses import varied
from tverretatlig_sim.scenario.parameters import check_parameters, parameter_specs
from tverretatlig_sim.world import World, build_world

BATCH_SIZE = 2048
"""Runs simulated together: enough to share out a month's fixed cost, few enough for the cache."""
LARGEST_ARRAY = 4_000_000
"""Ties × runs of a batch at most, so that memory does not grow with the runs of a large world."""
MOST_MONTHS = 600
WORLDS = 32
"""Worlds that are kept."""

ParameterValue: TypeAlias = ArrayLike
"""A number, or one a run."""


class Sizes(NamedTuple):
    """How much is run."""

    runs: int
    seed: int
    months: int
    batch_size: int


_worlds: list[tuple[Scenario, int, World]] = []
_lock = Lock()


def world_of(scenario: Scenario, months: int) -> World:
    """The indexed scenario, built unless an equal one was built a short time ago.

    Args:
        scenario: what is run; compared by what it says.
        months: length of a run.
    """
    with _lock:
        # The same object comes first: to compare all that two scenarios say takes longer.
        for place, (known, length, world) in sorted(
            enumerate(_worlds), key=lambda it: it[1][0] is not scenario
        ):
            if length == months and (known is scenario or known == scenario):
                _worlds.append(_worlds.pop(place))
                return world
    world = build_world(scenario, months)
    with _lock:
        _worlds.append((scenario, months, world))
        del _worlds[:-WORLDS]
    return world


def batch_size_of(world: World) -> int:
    """Runs of a world to simulate together, fewer where there are more than some 2 000 ties."""
    return max(1, min(BATCH_SIZE, LARGEST_ARRAY // max(1, len(world.ties.source))))


def own_parameters(parameters: Mapping[str, ParameterValue] | None) -> dict[str, float | Floats]:
    """Parameter values as a simulation keeps them: numbers, and read-only copies of arrays.

    Raises:
        ScenarioError: if a name is unknown, or a value is not a number within its bounds.
        TypeError: if they are not given by name.
        ValueError: if values are masked.
    """
    if parameters is None:
        return FrozenDict()
    check_table("parameters", parameters, "{'turnover': 0.02}")
    for name, value in parameters.items():
        if np.ma.is_masked(value):
            raise ValueError(_("parameter {name} has masked values; allowed: numbers", name=name))
    check_parameters(parameters)
    return FrozenDict(
        {
            str(name): value if isinstance(value, int | float) else _copied(value)
            for name, value in parameters.items()
        }
    )


def _copied(value: ParameterValue) -> Floats:
    array = np.array(value, dtype=np.float64, subok=False)
    array.flags.writeable = False
    return array


def resolve_parameters(
    scenario: Scenario, overrides: Mapping[str, ParameterValue] | None, runs: int
) -> Parameters:
    """Defaults, then the scenario's values, then overrides.

    Raises:
        ScenarioError: if an override is unknown or outside its hard bounds.
        ValueError: if a vector has another length than the number of runs.
    """
    values: dict[str, float | Floats] = {name: spec.value for name, spec in parameter_specs().items()}
    values |= {name: float(quantity) for name, quantity in scenario.parameters.items()}
    values |= own_parameters(overrides)
    for name, value in values.items():
        if (number := np.size(value)) not in (1, runs):
            what = _(
                "parameter {name} has {number} values; allowed: 1, or one a run ({runs})",
                name=name,
                number=number,
                runs=runs,
            )
            raise ValueError(what)
    return Parameters.of(values)


def rules_of(rules: RuleSet | None = None) -> RuleSet:
    """The rules that are given, or else those in use, with the outcomes and series of the user's own.

    Raises:
        TypeError: they are not a set of rules.
    """
    found = OWN["rules"].get("", RULES) if rules is None else rules
    if not isinstance(found, RuleSet):
        raise TypeError(_("rules: must be a set of rules, such as RULES or what its methods return"))
    own = (*found.readouts, *OWN["outcome"].values(), *OWN["series"].values())
    return replace(found, readouts=tuple({(type(it), it.name): it for it in own}.values())) if own else found


def sizes_of(runs: object, seed: object, months: object, batch_size: object = BATCH_SIZE) -> Sizes:
    """Sizes that can be run, as Python's own numbers.

    Raises:
        ValueError: with what is allowed.
    """
    return Sizes(
        whole("runs", runs, 1, 10**9),
        whole("seed", seed, 0, 2**64 - 1),
        whole("months", months, 1, MOST_MONTHS),
        whole("batch_size", batch_size, 1, 10**6),
    )


def begin(world: World, parameters: Parameters, draws: Draws, runs: int, rules: RuleSet = RULES) -> Snapshot:
    """Some runs before the first month."""
    state = initial_state(world, parameters, draws, runs, rules)
    parts = (Snapshot.start(restricted(state, world, part, rules), part) for part in world.parts)
    return replace(Snapshot.start(state, world), parts=tuple(parts))


def step(snapshot: Snapshot, parameters: Parameters, draws: Draws, rules: RuleSet = RULES) -> Snapshot:
    """One month further; what a rule raises says where in a note."""
    month, then = snapshot.months, snapshot.world.then
    if then is not None and then.begins == month:
        left = (*snapshot.left, (snapshot.state, snapshot.world))
        state = carried(left, then, parameters, draws, rules)
        snapshot = replace(snapshot, state=state, world=then, left=left)
    world = snapshot.world
    try:
        state = advance(snapshot.state, world, parameters, draws, month, rules)
    except Exception as error:
        called = [frame.name for frame in extract_tb(error.__traceback__)]
        for rule in filter(rules.names.__contains__, called):
            where = {"rule": rule, "phase": rules.phase_of(rule), "month": world.calendar.date(month)}
            error.add_note(str(_("in phase {phase}, rule {rule}, month {month}", **where)))
        raise
    parts = (
        replace(own, world=part).after(restricted(state, world, part, rules), part.calendar[month])
        for own, part in zip(snapshot.parts, world.parts, strict=True)
    )
    return replace(snapshot.after(state, world.calendar[month]), parts=tuple(parts))


def months_of(
    world: World, parameters: Parameters, seed: int, runs: Integers, rules: RuleSet = RULES
) -> Iterator[Snapshot]:
    """The simulation after each month of the world's length, for some runs.

    Args:
        world: the indexed scenario.
        parameters: arrays of shape (1,) or (run,), in the order of ``runs``.
        seed: of the draws.
        runs: numbers of the runs, shape (run,).
        rules: what happens in a month.
    """
    draws = Draws(seed, runs)
    snapshot = begin(world, parameters, draws, len(runs), rules)
    for __ in range(world.months):
        snapshot = step(snapshot, parameters, draws, rules)
        yield snapshot


@dataclass(frozen=True, eq=False)
class Batch:
    """Results of some runs.

    Attributes:
        outcomes: by name, shape (run,).
        moments: monthly series over runs by name, shape (month, …); empty unless asked for.
        series: monthly series of every run by name, shape (month, …, run); empty unless asked for.
        histories: of every recommendation; None unless all outcomes are kept.
        parts: outcomes of each arrangement, where several run together.
    """

    outcomes: dict[str, Floats]
    moments: dict[str, Moments]
    series: dict[str, Floats]
    histories: Histories | None = None
    parts: tuple[dict[str, Floats], ...] = ()


def observed(series: Series, last: Snapshot, first: World) -> Floats:
    """A monthly series after some months, for all that there is in the course of the run.

    Args:
        series: which.
        last: when.
        first: the world in which the run began; what is only in others is NaN.
    """
    world = last.world
    values = series.of(last.state, world, world.calendar[last.months - 1])
    if first.then is None or not series.dims:
        return values
    every = [first.everyone.get(dim, STAGES) for dim in series.dims]
    rows = [
        [keys.index(key) for key in world.shown.get(dim, STAGES)]
        for dim, keys in zip(series.dims, every, strict=True)
    ]
    whole = np.full((*map(len, every), values.shape[-1]), np.nan)
    whole[np.ix_(*rows)] = values
    return whole


@dataclass(frozen=True, eq=False)
class Job:
    """Some runs of a scenario, as pure data: what ``run_batch`` is given, but for the rules.

    Attributes:
        scenario: what is run.
        months: length of a run.
        numbers: of the scenario that differ between runs, by address, in the order of ``runs``.
        parameters, seed, runs, series, outcomes: as for ``run_batch``.
    """

    scenario: Scenario
    months: int
    numbers: Mapping[str, Floats]
    parameters: Parameters
    seed: int
    runs: Integers
    series: SeriesKind
    outcomes: Sequence[str] | None

    def world(self) -> World:
        """The indexed scenario, with these numbers."""
        if not self.numbers:
            return world_of(self.scenario, self.months)
        return build_world(varied(self.scenario, self.numbers), self.months)


def run_job(rules: RuleSet, job: Job) -> Batch:
    """Simulate some runs."""
    return run_batch(job.world(), job.parameters, job.seed, job.runs, job.series, rules, job.outcomes)


@cache
def keep_freed_memory() -> None:
    """Have the process keep the memory that a month's arrays free for those of the next.

    The GNU C library hands freed memory back to the system until it has seen an array this large freed;
    fetching it again takes an eighth of a month's time. Nothing is touched, so nothing is used.
    """
    np.empty(2**25 - 2**16, dtype=np.uint8)  # just below the most that the library takes as a hint


def run_batch(
    world: World,
    parameters: Parameters,
    seed: int,
    runs: Integers,
    series: SeriesKind = "moments",
    rules: RuleSet = RULES,
    outcomes: Sequence[str] | None = None,
) -> Batch:
    """Simulate some runs from start to end.

    Args:
        world: the indexed scenario.
        parameters: arrays of shape (1,) or (run,), in the order of ``runs``.
        seed: of the draws.
        runs: numbers of the runs, shape (run,).
        series: what to keep of the monthly series.
        rules: what happens in a month.
        outcomes: those to compute; default: all.

    Raises:
        ValueError: if a rule left a value that is not a number, which would pass for an outcome that does
            not apply, or one outside its variable's range.
    """
    keep_freed_memory()
    known = series_of(rules)
    moments: dict[str, list[Moments]] = {name: [] for name in known if series == "moments"}
    chosen = known if series == "runs" else series if isinstance(series, tuple) else ()
    every: dict[str, list[Floats]] = {name: [] for name in chosen}
    for last in months_of(world, parameters, seed, runs, rules):
        for name, seen in moments.items():
            seen.append(Moments.of(observed(known[name], last, world)))
        for name, kept in every.items():
            kept.append(np.asarray(observed(known[name], last, world), dtype=np.float64))
    _check_numbers(last.state, runs, rules)
    return Batch(
        last.outcomes(outcomes, rules),
        {name: Moments.stack(seen) for name, seen in moments.items()},
        {name: np.stack(kept) for name, kept in every.items()},
        Histories.of(last.state, last.months) if outcomes is None else None,
        tuple(part.outcomes(outcomes, rules) for part in last.parts),
    )


def _check_numbers(state: State, runs: Integers, rules: RuleSet) -> None:
    for name, variable in rules.variables.items():
        values = getattr(state, name)
        if not variable.holds(values):
            found = next(int(run) for k, run in enumerate(runs) if not variable.holds(values[..., k]))
            where = {"run": found, "name": name, "span": variable.range}
            what = _("run {run}: the rules left values of {name} that are not numbers from {span}", **where)
            raise ValueError(joined("; ", (what, _("rules.checked() says which rule does it"))))
