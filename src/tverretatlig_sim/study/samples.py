"""Variations of scenarios, and ensembles over parameter sets that statistics of patterns read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from statistics import median
from typing import Any, NamedTuple

import numpy as np

from tverretatlig_sim.arrays import Array, Floats
from tverretatlig_sim.dates import months_between
from tverretatlig_sim.ensemble.batch import BATCH_SIZE, months_of, resolve_parameters, rules_of, world_of
from tverretatlig_sim.ensemble.outcomes import Snapshot
from tverretatlig_sim.ensemble.series import SERIES, ratio
from tverretatlig_sim.kernel.rules import RuleSet
from tverretatlig_sim.kernel.state import State
from tverretatlig_sim.scenario import Quantity, Scenario, load_scenario
from tverretatlig_sim.scenario.combine import moved_to
from tverretatlig_sim.scenario.edits import each
from tverretatlig_sim.scenario.files import read_table, shipped_folder
from tverretatlig_sim.scenario.fit import PARTS, Part, fit
from tverretatlig_sim.scenario.quantity import number_fields
from tverretatlig_sim.scenario.resolved import views
from tverretatlig_sim.scenario.schema import Agency, Project, Table
from tverretatlig_sim.scenario.whole import revised
from tverretatlig_sim.study.sampling import ParameterSets, mean_known, values_by_run
from tverretatlig_sim.world.calendar import Month
from tverretatlig_sim.world.world import World

Change = Callable[[Scenario], Scenario]
Read = Callable[[State, World, Month], Floats]


# --- variations of a scenario


def quantity(value: float) -> Quantity:
    """A number of an experiment."""
    return Quantity(value=value, grade="assumed", source="an experiment")


def edit(address: str, value: object) -> Change:
    """The edit that sets a field of the arrangement, of the letters, or of every entry of a kind.

    Args:
        address: kind and field, e.g. ``arrangement.forum``, ``project.deadline``, ``forum.cadence``.
        value: what the field becomes; a function is given the entry and says what it becomes.
    """
    kind, _dot, name = address.partition(".")

    def new(row: Table) -> dict[str, object]:
        given = value(row) if callable(value) else value
        if isinstance(given, int | float) and name in number_fields(type(row)):
            return {name: quantity(given)}
        return {name: given}

    return lambda scenario: each(scenario, kind, new)


def chained(*changes: Change) -> Change:
    """Changes one after the other."""

    def change(scenario: Scenario) -> Scenario:
        for each_of_them in changes:
            scenario = each_of_them(scenario)
        return scenario

    return change


@dataclass(frozen=True, eq=False)
class Variation:
    """A named change of a scenario and of parameters.

    Two variations are the same only if they are the same object: an ensemble is kept for each.

    Attributes:
        name: what is changed, in words.
        change: of the scenario.
        parameters: values that replace those of every parameter set.
    """

    name: str
    change: Change
    parameters: Mapping[str, float] = field(default_factory=dict)


def variation(
    name: str,
    change: Change | Mapping[str, object] | None = None,
    parameters: Mapping[str, float] | None = None,
) -> Variation:
    """Name a change of a scenario, of parameters, or of both.

    Args:
        name: what is changed, in words.
        change: a function from scenario to scenario, or new values of fields by address, see ``edit``.
        parameters: values that replace those of every parameter set.
    """
    if isinstance(change, Mapping):
        change = chained(*(edit(address, value) for address, value in change.items()))
    return Variation(name, change or chained(), dict(parameters or {}))


def variation_in(row: Mapping[str, Any]) -> Variation:
    """A variation as files of patterns write it; see ``scenarios/patterns/variations.toml``."""
    edits = [
        *(edit(address, None) for address in row.get("unset", ())),
        *(edit(address, value) for address, value in row.get("set", {}).items()),
        *(_times(address, factor) for address, factor in row.get("times", {}).items()),
    ]
    return variation(
        row.get("name", ""),
        chained(*edits, *(CHANGES[name] for name in row.get("change", ()))),
        row.get("parameters"),
    )


@cache
def variations() -> Mapping[str, Variation]:
    """The variations that come with the package, by name."""
    rows = read_table(shipped_folder() / "patterns" / "variations.toml")["variation"]
    return {row["name"]: variation_in(row) for row in rows}


def _times(address: str, factor: float) -> Change:
    return edit(address, lambda row: factor * float(getattr(row, address.partition(".")[2])))


def same_agencies(scenario: Scenario) -> Scenario:
    """Every agency with the same core tasks, capacity, internal organisation and start ownership."""
    themes = sorted(set().union(*(agency.core_tasks for agency in scenario.agencies)))
    alike = {
        **dict.fromkeys(("ownership", "frame", "understanding")),
        "core_tasks": {theme: quantity(1.0) for theme in themes},
        "capacity": quantity(2.0),
        "internal_organisation": quantity(0.5),
    }
    equal = each(scenario, "agency", lambda agency: alike)
    return edit("project.gives_up", {})(edit("project.gains", {})(equal))


def one_size(scenario: Scenario) -> Scenario:
    """Every project as large as the median one without a deadline."""
    sizes = [float(project.size) for project in scenario.portfolio.project if project.deadline is None]
    return edit("project.size", median(sizes))(scenario) if sizes else scenario


def number_of_recommendations(scenario: Scenario) -> Scenario:
    """Projects that list their recommendations, with their number instead."""

    def counted(project: Project) -> dict[str, object]:
        number = quantity(len(project.recommendation))
        return {} if project.recommendations else {"recommendations": number, "recommendation": []}

    return each(scenario, "project", counted)


def nearer_start(scenario: Scenario) -> Scenario:
    """Frames and start understandings drawn towards their common mean."""
    frames = {row.name: views(revised(row, understanding=None)) for row in scenario.agencies}
    themes = sorted(set().union(*frames.values()))
    mean = {theme: sum(it.get(theme, 0.0) for it in frames.values()) / len(frames) for theme in themes}

    def nearer(agency: Agency) -> dict[str, object]:
        own = frames[agency.name]
        mixed = {it: quantity(mean[it] + 0.8 * (own.get(it, 0.0) - mean[it])) for it in themes}
        return {"frame": mixed, "understanding": None}

    return each(scenario, "agency", nearer)


def simplified_arrangement(scenario: Scenario) -> Scenario:
    """DFØ's simplified arrangement and its members, with one's own portfolio and letters."""
    other = load_scenario("dfo-simplified")
    theirs = ("arrangement", "agencies", "ministries", "beyond", "beyond_ministries")
    changed = replace(scenario, **{name: getattr(other, name) for name in theirs})
    own: tuple[Part, ...] = ("portfolio", "steering")
    return fit(changed, {**dict.fromkeys(PARTS, other), **dict.fromkeys(own, scenario)}).scenario


def portfolio_of_2015(scenario: Scenario) -> Scenario:
    """The spread portfolio of 0–24, moved in time to this one's start."""
    other = load_scenario("0-24-2015")
    swapped = replace(scenario, portfolio=moved_to(other, scenario.start).portfolio)
    return fit(swapped, {**dict.fromkeys(PARTS, scenario), "portfolio": other}).scenario


CHANGES: Mapping[str, Change] = {
    change.__name__.replace("_", "-"): change
    for change in (
        same_agencies,
        one_size,
        number_of_recommendations,
        nearer_start,
        simplified_arrangement,
        portfolio_of_2015,
    )
}
"""Changes that files can name, besides the fields that they set."""


# --- what is kept of an ensemble


def _by_agency(of_meeting: Callable[[State, World, Array], Array]) -> Read:
    """Sums over the seats of each agency in the month's meetings. Shape (agency, run)."""

    def read(state: State, world: World, month: Month) -> Floats:
        seats = month.meeting.seats
        return np.asarray(month.meeting.by_agency @ of_meeting(state, world, seats), dtype=np.float64)

    return read


BY_MONTH: Mapping[str, Read] = {
    **{name: series.read for name, series in SERIES.items() if not series.dims},
    "progress": lambda s, w, m: s.progress,
}
"""Kept month by month: all series that are one number a month, and the progress of each project."""

BY_AGENCY: Mapping[str, Read] = {
    "effort": lambda s, w, m: s.effort,
    "meeting_time": lambda s, w, m: s.meeting_time,
    "work": lambda s, w, m: w.stakes.by_agency @ s.work,
    "invited": lambda s, w, m: np.repeat(m.meeting.need[:, None], s.runs, axis=1),
    "taken": _by_agency(lambda s, w, seats: s.attended[seats]),
    "structure": _by_agency(lambda s, w, seats: s.structure[w.seats.forum[seats]] * s.attended[seats]),
    "kept": lambda s, w, m: s.kept,
    "broken": lambda s, w, m: s.broken,
}
"""Summed over months: effort, hours in meetings, project work (FTE), seats in meetings and those taken, taken
seats weighted with time on structure, duties kept and broken. Shape (agency, set, run)."""

AT_END = (
    "drafted_at", "decided_at", "handed_at", "adopted_at", "implemented_at", "dropped_at", "loss", "votes",
    "delivered_at", "mandated_at", "mandate_rounds", "begun_at", "letter_at",
)  # fmt: skip
"""State at the end: months of transitions (−1: never) and counts. Shape (entity, set, run)."""


class _Kept(NamedTuple):
    """What is kept of some runs, which stand last in every array."""

    outcomes: Mapping[str, Array]
    by_month: Mapping[str, Array]
    by_agency: Mapping[str, Array]
    at_end: Mapping[str, Array]

    @classmethod
    def of(cls, snapshots: Iterable[Snapshot]) -> _Kept:
        """Read month by month; there is at least one month."""
        monthly: dict[str, list[Array]] = {name: [] for name in BY_MONTH}
        sums: dict[str, Array] = {}
        for last in snapshots:
            state, world = last.state, last.world
            month = world.calendar[last.months - 1]
            for name, read in BY_MONTH.items():
                monthly[name].append(np.asarray(read(state, world, month), dtype=np.float32))
            for name, read in BY_AGENCY.items():
                sums[name] = sums.get(name, 0.0) + read(state, world, month)
        return cls(
            last.outcomes(),
            {name: np.stack(months) for name, months in monthly.items()},
            sums,
            {name: getattr(last.state, name) for name in AT_END},
        )


@dataclass(frozen=True, eq=False)
class Sample:
    """An ensemble over parameter sets.

    Attributes:
        world: the indexed scenario.
        months: length of a run.
        outcomes: by name, shape (set, run); NaN where undefined.
        by_month: see ``BY_MONTH``; shape (month, set, run), ``progress`` (month, project, set, run).
        by_agency: see ``BY_AGENCY``.
        at_end: see ``AT_END``.
    """

    world: World
    months: int
    outcomes: Mapping[str, Floats]
    by_month: Mapping[str, Floats]
    by_agency: Mapping[str, Floats]
    at_end: Mapping[str, Array]

    def outcome(self, name: str) -> Floats:
        """Mean outcome of each set, over the runs in which it is defined. Shape (set,)."""
        return mean_known(self.outcomes[name])

    def agency(self, *names: str) -> Array:
        """Positions of agencies."""
        return np.array([self.world.agencies.names.index(name) for name in names], dtype=np.intp)

    def month(self, date: str) -> int:
        """Number of the month ``YYYY-MM`` in the run."""
        return months_between(self.world.calendar.date(0), date)

    def only(self, runs: slice) -> Sample:
        """The same, with some of each set's runs."""
        kept = _Kept(self.outcomes, self.by_month, self.by_agency, self.at_end)
        parts = ({name: values[..., runs] for name, values in part.items()} for part in kept)
        return self if runs == slice(None) else Sample(self.world, self.months, *parts)


def pooled(part: Array, whole: Array) -> Floats:
    """Ratio of sums over everything but the sets. Shapes (…, set, run) to (set,)."""
    sums = (
        np.asarray(values, dtype=np.float64).sum(axis=(*range(values.ndim - 2), -1))
        for values in (part, whole)
    )
    return ratio(*sums)


@dataclass(frozen=True, eq=False)
class Context:
    """What a pattern is evaluated in: parameter sets, and ensembles over them.

    Attributes:
        sets: the parameter sets.
        runs: runs of each set; run k of a set has the same draws in every scenario.
        seed: of the draws.
        switches: variations that are applied to everything, after all others.
        rules: what happens in a month; default: the rules in use.
        halves: which of a set's runs are read: all, or every second from the first or the second.
    """

    sets: ParameterSets
    runs: int
    seed: int = 1
    switches: tuple[Variation, ...] = ()
    rules: RuleSet | None = None
    halves: slice = field(default_factory=lambda: slice(None))
    _samples: dict[tuple[str, tuple[Variation, ...], int | None], Sample] = field(
        default_factory=dict, repr=False
    )

    def sample(self, scenario: str, *changes: Variation | str, months: int | None = None) -> Sample:
        """The ensemble of a shipped scenario, or a file, with variations.

        Args:
            scenario: name or path.
            *changes: variations, or names of shipped ones, in order.
            months: length of a run; default: the scenario's.
        """
        made = tuple(variations()[it] if isinstance(it, str) else it for it in changes)
        key = (scenario, made, months)
        if key not in self._samples:
            self._samples[key] = self._simulated(load_scenario(scenario), made, months)
        return self._samples[key].only(self.halves)

    def switched(self, *switches: Variation) -> Context:
        """The same sets and draws, with mechanisms taken away."""
        return replace(self, switches=self.switches + switches, _samples={})

    def half(self, which: int) -> Context:
        """The same ensembles, read from every second run of each set: half 0 or 1."""
        return replace(self, halves=slice(which, None, 2))

    def _simulated(self, scenario: Scenario, changes: tuple[Variation, ...], months: int | None) -> Sample:
        drawn = values_by_run(scenario, self.sets, self.runs)
        for made in changes + self.switches:
            scenario = made.change(scenario)
            drawn.update(made.parameters)
        length = months or scenario.default_months
        world, total = world_of(scenario, length), len(self.sets) * self.runs
        values = resolve_parameters(scenario, drawn, total)
        blocks, rules = list[_Kept](), rules_of(self.rules)
        for first in range(0, total, BATCH_SIZE):
            last = min(first + BATCH_SIZE, total)
            numbers = self.sets.first * self.runs + np.arange(first, last)
            blocks.append(_Kept.of(months_of(world, values.block(first, last), self.seed, numbers, rules)))
        parts = (
            {name: self._by_set([block[k][name] for block in blocks]) for name in blocks[0][k]}
            for k in range(len(_Kept._fields))
        )
        return Sample(world, length, *parts)

    def _by_set(self, arrays: list[Array]) -> Array:
        """Arrays of some runs each, as one with the runs sorted by set."""
        whole = np.concatenate(arrays, axis=-1)
        return whole.reshape(*whole.shape[:-1], len(self.sets), self.runs)
