"""Simulate a scenario many times: a number of runs, or as many as it takes to know a mean."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from math import ceil
from typing import Any, TypeAlias, get_args

import numpy as np

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.ensemble import HEADLINE
from tverretatlig_sim.ensemble.batch import (
    BATCH_SIZE,
    Batch,
    Job,
    ParameterValue,
    batch_size_of,
    own_parameters,
    resolve_parameters,
    rules_of,
    run_job,
    sizes_of,
    world_of,
)
from tverretatlig_sim.ensemble.ensemble import Ensemble
from tverretatlig_sim.ensemble.histories import Histories
from tverretatlig_sim.ensemble.outcomes import OUTCOMES
from tverretatlig_sim.ensemble.series import (
    SERIES,
    Moments,
    SeriesKind,
    series_dataset,
    series_of,
    size_of_series,
)
from tverretatlig_sim.ensemble.statistics import (
    FIRST_LOOK,
    MOST_RUNS,
    StoppingRule,
    check_half_width,
    interval_half_width,
)
from tverretatlig_sim.i18n import _
from tverretatlig_sim.inputs import Whole, given_names
from tverretatlig_sim.kernel.month import RULES
from tverretatlig_sim.kernel.rules import RuleSet
from tverretatlig_sim.scenario import Scenario, load_scenario
from tverretatlig_sim.scenario.addresses import places
from tverretatlig_sim.scenario.errors import check_named
from tverretatlig_sim.scenario.load import ScenarioLike
from tverretatlig_sim.workers import share_out, sharing, workers_for
from tverretatlig_sim.world import World

RUNS = 1000
"""Usual number of runs."""
LEAST_STEP = 32
"""Runs between two looks of the stopping rule, at least."""
GIB = 2**30
A_WORLD, A_MONTH, AN_ENTITY = 0.03, 1.5e-3, 3e-7
"""Seconds of a batch, of a month of it, and of that for each run and agency or project; roughly."""
LEAST_SHARE = 256
"""Runs of a scenario that are not cut further for more workers: a month's fixed cost would not pay."""
MOST_MEMORY = 64
"""GiB that the outcomes of one ensemble may take."""

ReportProgress: TypeAlias = Callable[[int], None]
"""Called with the number of runs finished since the last call."""


@dataclass(frozen=True)
class RunOptions:
    """How to simulate, checked and copied; see ``simulate`` for what each option means."""

    runs: int | None
    seed: int
    months: int
    parameters: Mapping[str, ParameterValue] | None = None
    half_width: float | None = None
    series: SeriesKind | Iterable[str] = "moments"
    rules: RuleSet = RULES
    batch_size: int | None = None
    outcomes: Iterable[str] | None = None
    progress: ReportProgress | None = None
    numbers: Mapping[str, Floats] = field(default_factory=dict)
    kept: SeriesKind = field(default="moments", init=False)

    def __post_init__(self) -> None:
        """Refuse what is out of range or of the wrong kind, before anything is run."""
        batch_size = BATCH_SIZE if self.batch_size is None else self.batch_size
        sizes = sizes_of(self.most, self.seed, self.months, batch_size)
        for name, size in sizes._asdict().items():
            if getattr(self, name) is not None:
                object.__setattr__(self, name, size)
        if self.half_width is not None:
            check_half_width(self.half_width)
        object.__setattr__(self, "kept", _series_kind(self.series))
        if self.progress is not None and not callable(self.progress):
            raise TypeError(_("progress: must be a function of the number of runs finished"))
        object.__setattr__(self, "parameters", own_parameters(self.parameters))  # a copy nobody can change
        object.__setattr__(self, "outcomes", _outcome_names(self.outcomes))

    @property
    def most(self) -> int:
        """Runs at most: as asked, else the usual number, or the most that a stopping rule may take."""
        if self.runs is not None:
            return self.runs
        return RUNS if self.half_width is None else MOST_RUNS


def _outcome_names(names: Iterable[str] | None) -> tuple[str, ...] | None:
    """Outcomes to keep, the headline always among them; None for all."""
    if names is None:
        return None
    asked = given_names("outcomes", names, HEADLINE)
    for name in asked:
        check_named("outcome", name, OUTCOMES)
    return tuple(dict.fromkeys((HEADLINE, *asked)))


def _series_kind(series: SeriesKind | Iterable[str]) -> SeriesKind:
    """What to keep of the monthly series, checked."""
    kinds: tuple[str, ...] = get_args(get_args(SeriesKind)[0])
    if isinstance(series, str) and series not in kinds:
        known = ", ".join(kinds)
        raise ValueError(_("series = {series!r}; allowed: {known}, or names", series=series, known=known))
    if isinstance(series, str):
        return series  # type: ignore[return-value]
    names = given_names("series", series, "trust_mean")
    for name in names:
        check_named("series", name, SERIES)
    return names


class Simulation:
    """Runs of one scenario, of which more can be added.

    Args:
        scenario: a loaded scenario.
        options: how to run it.

    Raises:
        ScenarioError, ValueError: as ``simulate``.
    """

    def __init__(self, scenario: Scenario, options: RunOptions) -> None:
        self.scenario, self.options, self.runs = scenario, options, 0
        self.values = resolve_parameters(scenario, options.parameters, options.most)
        self.parameters: Mapping[str, Any] = options.parameters or {}
        self.kept = tuple(OUTCOMES if options.outcomes is None else options.outcomes)
        self.batches: list[Batch] = []
        self.moments: dict[str, Moments] = {}

    @property
    def world(self) -> World:
        """The indexed scenario; built when it is asked for, as workers build their own."""
        return world_of(self.scenario, self.options.months)

    def seconds(self, runs: int) -> float:
        """About how long it takes here to have so many runs."""
        entities = len(self.scenario.agencies) + len(self.scenario.portfolio.project)
        batches = len(list(self._together(runs, self.options.batch_size or BATCH_SIZE)))
        months = batches * A_MONTH + (runs - self.runs) * AN_ENTITY * entities
        return self.options.months * months + A_WORLD * batches

    def jobs(self, runs: int, shares: int) -> Iterator[Job]:
        """What is to be simulated until there are so many runs, cut for so many workers.

        Raises:
            ValueError: the outcomes do not fit into the memory of any machine that this may run on.
        """
        options = self.options
        check_memory(runs, len(self.kept), size_of_series(self.world, options.kept, options.rules))
        size = options.batch_size or batch_size_of(self.world)
        if options.batch_size is None and options.kept != "moments":  # the last bits of these tell the cuts
            more = runs - self.runs
            size = max(min(size, LEAST_SHARE), ceil(more / (shares * ceil(more / (shares * size)))))
        kept = None if options.outcomes is None else self.kept
        for first, last in list(self._together(runs, size)):
            yield Job(
                self.scenario,
                options.months,
                {address: values[first:last] for address, values in options.numbers.items()},
                self.values.block(first, last),
                options.seed,
                np.arange(first, last),
                options.kept,
                kept,
            )

    def take(self, batch: Batch, number: int) -> None:
        """Keep the results of the next runs."""
        # Moments are merged at once, so that memory grows with the runs no more than it must.
        for name, new in batch.moments.items():
            self.moments[name] = self.moments[name].merge(new) if name in self.moments else new
        batch.moments.clear()
        self.batches.append(batch)
        self.runs += number
        if self.options.progress is not None:
            self.options.progress(number)

    def _together(self, runs: int, size: int) -> Iterator[tuple[int, int]]:
        """First and last of the runs that are simulated together: they share what there is in their world."""
        given, begins = self.options.numbers, {0, runs}
        varying = places(self.scenario) if given else ()
        for address in (str(place) for place, _number in varying if not place.by_run):
            if address in given:
                begins.update(np.flatnonzero(np.diff(given[address][:runs])) + 1)
        for begin, end in pairwise(sorted(begins)):
            for first in range(max(begin, self.runs), end, size):
                yield first, min(first + size, end)

    def outcome(self, name: str) -> Floats:
        """One outcome of the runs so far. Shape (run,)."""
        return np.concatenate([batch.outcomes[name] for batch in self.batches])

    def ensemble(self, stopping_rule: StoppingRule | None = None) -> Ensemble:
        """The runs so far, and why there are no more."""
        kind = self.options.kept
        if kind not in ("moments", "none"):
            names = self.batches[0].series
            series = {n: np.concatenate([b.series[n] for b in self.batches], axis=-1) for n in names}
        else:
            series = {name: moments.statistics() for name, moments in self.moments.items()}
        told = [batch.histories for batch in self.batches if batch.histories is not None]
        return Ensemble(
            scenario=self.scenario,
            seed=self.options.seed,
            runs=self.runs,
            months=self.options.months,
            values={name: self.outcome(name) for name in self.kept},
            monthly=series_dataset(series, self.world, kind, series_of(self.options.rules)),
            given={name: v[: self.runs] if np.ndim(v) else v for name, v in self.parameters.items()},
            rules=self.options.rules,
            stopping_rule=stopping_rule,
            histories=Histories.together(told) if told else None,
            parts={
                part.arrangements.names[0]: {
                    name: np.concatenate([batch.parts[k][name] for batch in self.batches])
                    for name in self.kept
                }
                for k, part in enumerate(self.world.parts)
            },
        )


def grow(simulations: Sequence[Simulation], runs: int) -> None:
    """Simulate all, by the same rules, until they have so many runs; shared out where that pays.

    Raises:
        ScenarioError, ValueError: as ``simulate``.
    """
    workers = workers_for(sum(simulation.seconds(runs) for simulation in simulations))
    shares = ceil(workers / len(simulations))
    whose = deque[tuple[Simulation, int]]()

    def jobs() -> Iterator[Job]:
        for simulation in simulations:
            for job in simulation.jobs(runs, shares):
                whose.append((simulation, len(job.runs)))
                yield job

    rules = simulations[0].options.rules
    for batch in share_out(partial(run_job, rules), jobs(), workers):
        simulation, number = whose.popleft()
        simulation.take(batch, number)


@sharing
def simulate(
    scenario: ScenarioLike,
    runs: Whole | None = None,
    seed: Whole = 1,
    months: Whole | None = None,
    parameters: Mapping[str, ParameterValue] | None = None,
    *,
    half_width: float | None = None,
    series: SeriesKind | Iterable[str] = "moments",
    rules: RuleSet | None = None,
    batch_size: Whole | None = None,
    outcomes: Iterable[str] | None = None,
    numbers: Mapping[str, Floats] | None = None,
    progress: ReportProgress | None = None,
    workers: int | None = None,
) -> Ensemble:
    """Simulate a scenario many times.

    Args:
        scenario: a loaded scenario, the name of a shipped one, a path, or a table such as a file holds.
        runs: number of runs, at least 1; default 1000. With ``half_width``: at most so many; default 100 000.
        seed: 0 … 2**64 − 1; the same seed gives the same bits, whatever the batch size.
        months: length of a run; default: the scenario's.
        parameters: values that replace the defaults; a number, or one a run. They are copied.
        half_width: stop when the half width of the 95 % interval of the mean implemented rate is at most
            this, e.g. 0.01; at least 256 runs are done.
        series: keep the monthly series as ``moments`` over runs, for every run (``runs``), not at all
            (``none``), or for every run those of some names.
        rules: what happens in a month; default: those in use, which are the model's own unless ``use`` says
            otherwise.
        batch_size: runs simulated together; changes speed and memory only. Default: 2048, fewer in large
            worlds.
        numbers: numbers of the scenario that differ between runs, by address (``arrangement.follow_up``); one
            a run. Some change what there is in a world, such as ``forum.….cadence``: runs with the same are
            simulated together, so these should change seldom; series and histories cannot be kept then.
        outcomes: names of the outcomes to keep of every run; default: all. All of them take about 0.4 KiB a
            run; of a million runs keep those you need. Funnel and frameworks need all.
        progress: called with the number of runs finished since the last call.
        workers: processes that long work is shared out to; changes speed only. Default: one a core, or as
            many as ``TVERRETATLIG_WORKERS`` says.

    Raises:
        ScenarioError: if the scenario or a parameter is not valid.
        ValueError: if runs, seed, months, half_width, series or batch_size are out of range, there is no such
            outcome, or a rule left a value that is not a number.
        TypeError: if an argument is of another kind.
    """
    loaded = load_scenario(scenario)
    length = loaded.default_months if months is None else months
    how: Any = (
        runs,
        seed,
        length,
        parameters,
        half_width,
        series,
        rules_of(rules),
        batch_size,
        outcomes,
        progress,
        numbers or {},
    )
    options = RunOptions(*how)
    simulation = Simulation(loaded, options)
    stopping_rule = grow_until(
        partial(grow, [simulation]), options.most, half_width, lambda: [simulation.outcome(HEADLINE)]
    )
    return simulation.ensemble(stopping_rule)


def grow_until(
    grow: Callable[[int], None],
    most: int,
    half_width: float | None,
    watched: Callable[[], Sequence[Floats]],
) -> StoppingRule | None:
    """Simulate all runs, or with a half width to reach as many as it takes to know every mean watched.

    Args:
        grow: simulates until there are so many runs.
        most: runs of each at most.
        half_width: largest half width of an interval; None: do all runs.
        watched: values whose means are to be known, of the runs so far.
    """
    if half_width is None:
        grow(most)
        return None
    runs, looks, widest = 0, 0, np.inf
    while runs < most:
        runs, looks = min(most, _next_look(runs, widest / half_width) if runs else FIRST_LOOK), looks + 1
        grow(runs)
        widest = float(np.max([interval_half_width(values) for values in watched()]))
        rule = StoppingRule(HEADLINE, float(half_width), widest, looks)
        # An outcome that none of so many runs has will not be known after more of them.
        if rule.reached or np.isnan(widest):
            break
    return rule


def _next_look(runs: int, too_wide: float) -> int:
    """As many runs as it will take, going by the spread so far; not so few more that it is looked at often.

    Looking is at the spread, not at the mean, and begins late, so that the usual interval keeps its level
    (Chow and Robbins 1965); see docs/coverage.md for what is measured.
    """
    return max(runs + LEAST_STEP, int(np.ceil(runs * too_wide**2)))


def check_memory(runs: int, outcomes: int, series: int = 0) -> None:
    """Refuse runs of which so many numbers each would be kept that it could only end in a lack of memory."""
    needed, of_series = (runs * kept * np.dtype(np.float64).itemsize / GIB for kept in (outcomes, series))
    if of_series > MOST_MEMORY:
        raise ValueError(
            _(
                "{runs} runs with all monthly series need {needed:.0f} GiB of memory; allowed: {most} GiB. "
                "Ask for fewer runs, or keep moments of the series",
                runs=runs,
                needed=of_series,
                most=MOST_MEMORY,
            )
        )
    if needed > MOST_MEMORY:
        raise ValueError(
            _(
                "{runs} runs with {outcomes} outcomes each need {needed:.0f} GiB of memory; "
                "allowed: {most} GiB. Ask for fewer runs, or keep fewer outcomes",
                runs=runs,
                outcomes=outcomes,
                needed=needed,
                most=MOST_MEMORY,
            )
        )
