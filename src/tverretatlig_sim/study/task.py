"""Tasks: what a worker gets, and what it gives back.

A task is pure data: some points of one arrangement and some runs of each. The same task gives the same part,
bit by bit, wherever it is run.
"""

from __future__ import annotations

import hashlib
import json
import pickle
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache, cached_property, lru_cache, reduce
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from tverretatlig_sim.arrays import Floats, Integers
from tverretatlig_sim.ensemble.batch import batch_size_of, run_batch
from tverretatlig_sim.ensemble.outcomes import Outcome
from tverretatlig_sim.ensemble.series import Moments
from tverretatlig_sim.kernel.month import RULES
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.kernel.rules import RuleSet
from tverretatlig_sim.own import OWN, Packed, digest_with_code
from tverretatlig_sim.scenario import Scenario
from tverretatlig_sim.scenario.addresses import set_values
from tverretatlig_sim.scenario.quantity import Name
from tverretatlig_sim.scenario.schema import Table
from tverretatlig_sim.world import World, build_world

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

FORMAT = 2
"""Of tasks and parts; another number makes other keys."""
SEGMENT = 1000
"""Runs of a point whose statistics are taken together. Fixed, so that results do not depend on the tasks."""

Shard = tuple[int, int]
"""Which share of the points, from 1, and how many there are."""
WHOLE: Shard = (1, 1)

Columns = dict[str, NDArray[Any]]
"""Columns of equal length, by name."""


def digest_of(document: object) -> str:
    """Hash of a document's canonical JSON: 32 hexadecimal digits."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:32]


class Record(Table):
    """What is kept of each point.

    Attributes:
        outcomes: names of outcomes, in the order of the columns; default: all.
        quantiles: over the runs of a point, as shares.
        replicates: keep every run too.
    """

    outcomes: list[Name] | Literal["all"] = "all"
    quantiles: Annotated[list[Annotated[float, Field(ge=0, le=1)]], Field(max_length=20)] = Field(default=[])
    replicates: bool = False

    def segments(self, runs: int) -> list[tuple[int, int]]:
        """First and last (excluded) run of what a task may hold of a point: all, if there are quantiles."""
        size = runs if self.quantiles else SEGMENT
        return [(first, min(first + size, runs)) for first in range(0, runs, size)]


@dataclass(frozen=True)
class SerialisedScenario:
    """A resolved scenario, small enough to travel with each task.

    Attributes:
        digest: hash of all that the scenario says, wherever its file lies.
        data: the scenario itself, compressed.
    """

    digest: str
    data: bytes = field(repr=False, compare=False)

    @classmethod
    def of(cls, scenario: Scenario) -> SerialisedScenario:
        """Serialise a scenario."""
        # How it was changed says nothing that is not in what it is.
        said = replace(scenario, changes=())
        values = {item.name: _plain(getattr(said, item.name)) for item in fields(said)}
        content = {name: value for name, value in values.items() if name not in ("path", "notes")}
        return cls(digest_of(content), zlib.compress(pickle.dumps(scenario)))


def _plain(value: object) -> object:
    """A value as JSON has it."""
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, frozenset):
        return sorted(map(str, value))
    return [_plain(item) for item in value] if isinstance(value, tuple | list) else value


def own_of(
    rules: RuleSet, outcomes: Collection[str], scenarios: Iterable[Scenario]
) -> tuple[RuleSet, dict[str, dict[str, Any]]] | None:
    """What results hang on of the user's own: rules and outcomes, and levers and dials by kind.

    Args:
        rules: what happens in a month.
        outcomes: names of those that are kept.
        scenarios: their changes at dates name levers.
    """
    readouts = tuple(it for it in rules.readouts if isinstance(it, Outcome) and it.name in outcomes)
    dated = any(it.then or it.beside for it in scenarios)
    levers = {kind: dict(OWN[kind]) for kind in ("lever", "dial") if dated and OWN[kind]}
    usual = rules.entries == RULES.entries and not rules.checks
    return None if usual and not readouts and not levers else (replace(rules, readouts=readouts), levers)


def own_digest(
    rules: RuleSet, outcomes: Collection[str], scenarios: Iterable[Scenario], more: object = None
) -> str:
    """Hash of what results hang on of the user's own, and of more; empty if there is nothing."""
    own = own_of(rules, outcomes, scenarios)
    return digest_with_code([own, more]) if own or more else ""


def is_address(name: str) -> bool:
    """Whether a factor is a number of the scenario; a bare name is a behavioural parameter."""
    return "." in name


@lru_cache(maxsize=8)
def _world(scenario: SerialisedScenario, numbers: tuple[tuple[str, float], ...], months: int) -> World:
    """The indexed scenario with some of its numbers replaced; kept, as tasks of a process share it."""
    loaded: Scenario = pickle.loads(zlib.decompress(scenario.data))
    return build_world(set_values(loaded, dict(numbers)), months)


@dataclass(frozen=True)
class Plan:
    """What all tasks of one arrangement have in common: everything but points and runs.

    Attributes:
        arrangement: its name in tables.
        scenario: with the numbers that are the same at all points.
        names: what varies, in the order of the columns of a task's ``values``: behavioural parameters, and
            numbers of the scenario by their address.
        numbers: those of these addresses that this scenario has.
        fixed: values of all other behavioural parameters.
        months: length of a run.
        seed: of the draws.
        record: what to keep.
        own: what ``own_of`` gives, if there is anything.
    """

    arrangement: str
    scenario: SerialisedScenario
    names: tuple[str, ...]
    numbers: tuple[str, ...]
    fixed: Mapping[str, float]
    months: int
    seed: int
    record: Record
    own: Packed | None = None

    @cached_property
    def digest(self) -> str:
        """Hash of the whole."""
        numbers = [self.names, dict(self.fixed), self.months, self.seed]
        own = [self.own.digest] if self.own else []
        return digest_of([self.arrangement, self.scenario.digest, *numbers, self.record.model_dump(), *own])

    @property
    def rules(self) -> RuleSet:
        """What happens in a month; levers of one's own that changes at dates name are known from now on."""
        if self.own is None:
            return RULES
        rules, levers = self.own.unpacked()
        for kind, things in levers.items():
            OWN[kind].update({name: it for name, it in things.items() if name not in OWN[kind]})
        own: RuleSet = rules
        return own


@dataclass(frozen=True, eq=False)
class Task:
    """Some points of one arrangement, and some runs of each.

    Attributes:
        plan: what it has in common with the other tasks of its arrangement.
        first_point: number of the first point.
        values: shape (point, factor).
        first_run, last_run: runs of every point, from the first up to but without the last.
    """

    plan: Plan
    first_point: int
    values: Floats
    first_run: int
    last_run: int

    @cached_property
    def key(self) -> str:
        """Hash of all that the part depends on, but for the program itself."""
        place = [FORMAT, self.first_point, self.first_run, self.last_run]
        return digest_of([self.plan.digest, place, self.values.tolist()])

    @property
    def points(self) -> Integers:
        """Numbers of the points. Shape (point,)."""
        return self.first_point + np.arange(len(self.values))

    @property
    def runs(self) -> int:
        """Runs of each point."""
        return self.last_run - self.first_run

    @property
    def size(self) -> int:
        """Runs of all points together."""
        return len(self.values) * self.runs

    def place(self) -> dict[str, Any]:
        """Where it is in the study: its arrangement, and the first and last of its points and runs."""
        return {
            "arrangement": self.plan.arrangement,
            "points": [self.first_point, self.first_point + len(self.values) - 1],
            "runs": [self.first_run, self.last_run - 1],
        }


def tasks_of(
    plans: Sequence[Plan], points: Floats, runs: int, task_runs: int, shard: Shard = WHOLE
) -> list[Task]:
    """The tasks of a study, in the order of its table: arrangements take turns.

    Args:
        plans: one an arrangement.
        points: shape (point, factor).
        runs: of each point.
        task_runs: runs of a task, of all its points together. A task holds at least one point, and at most
            one segment of its runs.
        shard: the tasks of which share of the points.
    """
    step = max(1, task_runs // runs)
    k, n = shard
    return [
        Task(plan, first, points[first : first + step], *segment)
        for first in range(0, len(points), step)[k - 1 :: n]
        for segment in plans[0].record.segments(runs)
        for plan in plans
    ]


def run_task(task: Task) -> pd.DataFrame:
    """Simulate a task.

    Run k of every point has the draws of run k, so points and arrangements share their random numbers. Linear
    algebra stays on one core: the cores belong to the tasks.

    Returns:
        The part: columns ``point``, ``run`` (of statistics: the first run), and one an outcome if single runs
        are kept, else those of ``statistics``.
    """
    with _threads().limit(limits=1):
        values = _simulated(task)
    if not task.plan.record.replicates:
        head = {"point": task.points, "run": np.full(len(task.points), task.first_run)}
        return pd.DataFrame(head | statistics(values, task.plan.record.quantiles))
    runs = np.arange(task.first_run, task.last_run)
    head = {"point": np.repeat(task.points, task.runs), "run": np.tile(runs, len(task.points))}
    return pd.DataFrame(head | {name: column.ravel() for name, column in values.items()})


@cache
def _threads() -> ThreadpoolController:
    """The libraries that would use more cores; looked for once a process."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _simulated(task: Task) -> dict[str, Floats]:
    """Outcomes by name, shape (point, run). Points with the same scenario are simulated together."""
    plan, rules = task.plan, task.plan.rules
    inside = [k for k, name in enumerate(plan.names) if name in plan.numbers]
    different, group = np.unique(task.values[:, inside], axis=0, return_inverse=True)
    found = {name: np.empty((len(task.values), task.runs)) for name in plan.record.outcomes}
    for number, row in enumerate(different):
        chosen = np.flatnonzero(np.ravel(group) == number)
        numbers = tuple((plan.names[k], float(value)) for k, value in zip(inside, row, strict=True))
        world = _world(plan.scenario, numbers, plan.months)
        for name, values in _batch(task, world, rules, task.values[chosen]).items():
            found[name][chosen] = values
    return found


def _batch(task: Task, world: World, rules: RuleSet, points: Floats) -> dict[str, Floats]:
    """Outcomes of some points in one world, by name, shape (point, run)."""
    plan, runs = task.plan, np.tile(np.arange(task.first_run, task.last_run), len(points))
    rows = {
        name: np.repeat(points[:, k], task.runs) for k, name in enumerate(plan.names) if not is_address(name)
    }
    parameters, cuts = Parameters.of({**plan.fixed, **rows}), list(range(0, len(runs), batch_size_of(world)))
    blocks = [
        run_batch(
            world, parameters.block(a, b), plan.seed, runs[a:b], "none", rules, plan.record.outcomes
        ).outcomes
        for a, b in zip(cuts, [*cuts[1:], len(runs)], strict=True)
    ]
    shape = len(points), task.runs
    return {
        name: np.concatenate([block[name] for block in blocks]).reshape(shape)
        for name in plan.record.outcomes
    }


def statistics(values: Mapping[str, Floats], quantiles: Sequence[float] = ()) -> Columns:
    """Statistics over the runs of each point.

    Args:
        values: by outcome, shape (point, run).
        quantiles: as shares.

    Returns:
        For each outcome NAME its mean ``NAME``, ``NAME_squares`` (sum of squared deviations),
        ``NAME_runs`` (runs in which it is defined) and quantiles ``NAME_q05``, … Shape (point,).
    """
    found: Columns = {}
    for name, column in values.items():
        moments = Moments.of(np.ascontiguousarray(column))
        found |= {name: moments.mean, f"{name}_squares": moments.squares, f"{name}_runs": moments.count}
        found |= {f"{name}_{quantile_label(q)}": _quantile(column, q) for q in quantiles}
    return found


def merged(parts: Sequence[Columns], names: Sequence[str], quantiles: Sequence[float] = ()) -> Columns:
    """Statistics over all runs, from those of several segments; of quantiles, there is one segment.

    Args:
        parts: as from ``statistics``.
        names: of the outcomes.
        quantiles: as shares.

    Returns:
        For each outcome NAME its mean ``NAME``, standard deviation ``NAME_sd``, ``NAME_runs`` and quantiles.
    """
    found: Columns = {}
    for name in names:
        keys = f"{name}_runs", name, f"{name}_squares"
        total = reduce(Moments.merge, (Moments(*(part[key] for key in keys)) for part in parts))
        found[name], found[f"{name}_sd"] = total.statistics()
        found[f"{name}_runs"] = total.count.astype(np.int64)
        found |= {key: parts[0][key] for key in (f"{name}_{quantile_label(q)}" for q in quantiles)}
    return found


def quantile_label(share: float) -> str:
    """A quantile in the name of a column: ``q05`` for 0.05, ``q97.5`` for 0.975."""
    whole, point, rest = f"{100 * share:g}".partition(".")
    return f"q{whole.zfill(2)}{point}{rest}"


def _quantile(values: Floats, share: float) -> Floats:
    """Quantile over the last axis, NaN left out; NaN where nothing is known."""
    found = np.full(len(values), np.nan)
    known = ~np.isnan(values)
    for k in np.flatnonzero(known.any(axis=-1)):
        found[k] = np.quantile(values[k, known[k]], share)
    return found
