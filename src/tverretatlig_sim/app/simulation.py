"""Simulation for the page: single runs with everything that is drawn of them, and batches of runs for bands.

The only module of the app that reads worlds and states; both kinds of simulation share one loop over months.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from tverretatlig_sim.app.library import Arrangement, Library
from tverretatlig_sim.app.query import BANDED, Choice
from tverretatlig_sim.app.scheduler import Cache, Checkpoint
from tverretatlig_sim.arrays import NONE, Floats
from tverretatlig_sim.ensemble import HEADLINE
from tverretatlig_sim.ensemble.batch import months_of, observed, resolve_parameters, rules_of, world_of
from tverretatlig_sim.ensemble.compare import Comparison
from tverretatlig_sim.ensemble.ensemble import Ensemble, Transition, transitions
from tverretatlig_sim.ensemble.outcomes import Snapshot
from tverretatlig_sim.ensemble.series import SERIES
from tverretatlig_sim.ensemble.simulate import RunOptions, Simulation
from tverretatlig_sim.scenario import Scenario
from tverretatlig_sim.scenario.history import parts, phases, whole
from tverretatlig_sim.scenario.schema import Agency, Forum, Ministry, Named, Project
from tverretatlig_sim.scenario.whole import revised
from tverretatlig_sim.workers import share_out, workers_for
from tverretatlig_sim.world.tables import LINE, NO_DUTY

T = TypeVar("T", bound=Named)

HISTORIES_KEPT = 64
"""At most 0.2 MB each."""
BAND_BATCH = 64
"""Runs of a batch, after a smaller first one."""
BATCHES_KEPT = 96
"""At most 0.4 MB each."""

DRAWN = ("trust", "ownership", "attention", "recommendations")
"""Monthly series that are drawn of a single run, besides the banded ones."""


@dataclass(frozen=True)
class Span:
    """Runs ``first`` to ``end`` (not included) of an arrangement, on the draws of a seed."""

    arrangement: Arrangement
    months: int
    seed: int
    first: int
    end: int


@dataclass(frozen=True, eq=False)
class Batch:
    """Some runs: ``series``, shape (banded series, month, run), and ``outcomes``, shape (run,), by name."""

    series: Floats
    outcomes: Mapping[str, Floats]


@dataclass(frozen=True)
class Recommendation:
    """A recommendation, and what happened to it in one run.

    Attributes:
        name: as in the world, ``PROJECT/NUMBER``.
        project, position: its project, and the project's position in the portfolio.
        duties: agencies that have to implement it, and how far each is at the end, by its code in the state.
        route: forums that decide on it in turn; None stands for the line.
        gated: whether ministries must agree.
        municipal: whether it is carried out in municipalities.
        moves: transitions in order of time.
        rounds: of decision so far.
        delivered: month from 1 in which its project was delivered; 0 if it was not.
    """

    name: str
    project: Project
    position: int
    duties: Mapping[str, int]
    route: tuple[Forum | None, ...]
    gated: bool
    municipal: bool
    moves: tuple[Transition, ...]
    rounds: int
    delivered: int

    @property
    def title(self) -> str:
        """Its project's title and its number or name, in the current language."""
        own = self.name.removeprefix(f"{self.project.name}/")
        return f"{title_of(self.project)} · {own.lstrip('0') if own.isdigit() else own}"


@dataclass(frozen=True, eq=False)
class History:
    """One run of an arrangement, month by month.

    Attributes:
        scenario: what was run.
        dates: of each month.
        agencies, ministries: names in the order of the arrays.
        ties: source and target agency by position, shape (tie, 2).
        forums: each with the positions of its agencies, and the months from 1 in which it meets.
        recommendations: what happened to each.
        percent: trust of each tie, ownership of each agency and attention of each ministry in per cent, by
            name, shape (month, entity).
        stages: recommendations in each stage, shape (month, stage).
        series: the banded series, shape (month,).
    """

    scenario: Scenario
    dates: tuple[str, ...]
    agencies: tuple[str, ...]
    ministries: tuple[str, ...]
    ties: NDArray[np.intp]
    forums: tuple[tuple[Forum, tuple[int, ...], tuple[int, ...]], ...]
    recommendations: tuple[Recommendation, ...]
    percent: Mapping[str, NDArray[np.uint8]]
    stages: Floats
    series: Mapping[str, Floats]


class Simulator:
    """Simulates a library's arrangements; the latest results are kept."""

    def __init__(self, library: Library) -> None:
        """Simulate nothing yet.

        Args:
            library: what can be chosen.
        """
        self.library = library
        self._histories: Cache[Span, History] = Cache(HISTORIES_KEPT)
        self._batches: Cache[Span, Batch] = Cache(BATCHES_KEPT)

    def spans(self, choice: Choice, first: int, end: int) -> dict[str, Span]:
        """Runs of both sides, by side."""
        months = self.library.months(choice.a, choice.b)
        return {side: Span(which, months, choice.seed, first, end) for side, which in choice.sides.items()}

    def histories(self, choice: Choice) -> dict[str, History]:
        """The single run of both sides, by side."""
        spans = self.spans(choice, choice.run, choice.run + 1)
        return {side: self._histories.get(span, self._history) for side, span in spans.items()}

    def workers(self, choice: Choice) -> int:
        """Processes to share the bands out to: 1 where more would not pay."""
        months = self.library.months(choice.a, choice.b)
        options = RunOptions(choice.runs, choice.seed, months, batch_size=BAND_BATCH)
        sides = (Simulation(self.library.scenario(it), options) for it in choice.sides.values())
        return workers_for(sum(side.seconds(choice.runs) for side in sides))

    def batches(
        self, spans: Mapping[str, Span], workers: int = 1, checkpoint: Checkpoint = lambda: None
    ) -> dict[str, Batch]:
        """Some runs of both sides, by side.

        Args:
            spans: which.
            workers: processes that do it; 1: it is done here.
            checkpoint: called every month, or before others do it; what it raises ends the simulation.
        """
        made = dict[Span, Batch]()
        if workers > 1:
            checkpoint()
            jobs = [
                (span, self.library.scenario(span.arrangement))
                for span in spans.values()
                if span not in self._batches
            ]
            made = {
                span: batch
                for (span, _it), batch in zip(jobs, share_out(_banded, jobs, workers), strict=True)
            }

        def batch(span: Span) -> Batch:
            return made.get(span) or _banded((span, self.library.scenario(span.arrangement)), checkpoint)

        return {side: self._batches.get(span, batch) for side, span in spans.items()}

    def comparison(self, choice: Choice, batches: Mapping[str, Sequence[Batch]]) -> Comparison:
        """The runs so far of both sides, called A and B, as ``compare`` gives them without monthly series.

        Args:
            choice: what is chosen.
            batches: the same runs of both sides.
        """
        months = self.library.months(choice.a, choice.b)
        ensembles: dict[str, Ensemble] = {}
        for side, arrangement in choice.sides.items():
            parts = [batch.outcomes for batch in batches[side]]
            values = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
            scenario, runs = self.library.scenario(arrangement), len(values[HEADLINE])
            ensembles[side.upper()] = Ensemble(
                scenario, choice.seed, runs, months, values, monthly=xr.Dataset(), given={}
            )
        return Comparison(ensembles, choice.seed, runs, months)

    def _history(self, span: Span) -> History:
        asked = self.library.scenario(span.arrangement)
        series, last = _run(span, asked, (*BANDED, *DRAWN))
        scenario, first, months = _whole(asked), world_of(asked, span.months), range(span.months)
        agencies = first.everyone["agency"]
        seats, meets = dict[str, dict[int, None]](), dict[str, list[int]]()
        for month, world in zip(months, first.by_month(), strict=True):
            for row in world.calendar[month].meeting.forums:
                meets.setdefault(world.forums.names[row], []).append(month + 1)
            for forum, agency in world.keys["seat"]:
                if agency in agencies:
                    seats.setdefault(forum, {})[agencies.index(agency)] = None
        forums = {forum.name: forum for forum in scenario.forums}
        single = {name: values[..., 0] for name, values in series.items()}
        return History(
            scenario=scenario,
            dates=tuple(map(first.calendar.date, months)),
            agencies=tuple(map(str, agencies)),
            ministries=tuple(map(str, first.everyone["ministry"])),
            ties=np.array([[agencies.index(end) for end in tie] for tie in first.everyone["tie"]]).reshape(
                -1, 2
            ),
            forums=tuple(
                (forums[name], tuple(sorted(seats[name])), tuple(meets.get(name, ())))
                for name in map(str, first.everyone["forum"])
            ),
            recommendations=_recommendations(
                scenario, last, [forums[name] for name in last.world.forums.names]
            ),
            percent={name: np.rint(np.nan_to_num(100 * single[name])).astype(np.uint8) for name in DRAWN[:3]},
            stages=single["recommendations"],
            series={name: single[name] for name in BANDED},
        )


def _banded(job: tuple[Span, Scenario], checkpoint: Checkpoint = lambda: None) -> Batch:
    series, last = _run(*job, BANDED, checkpoint)
    return Batch(np.stack(list(series.values())), last.outcomes())


def _run(
    span: Span, scenario: Scenario, names: Iterable[str], checkpoint: Checkpoint = lambda: None
) -> tuple[dict[str, Floats], Snapshot]:
    """Monthly series of shape (month, …, run), and the end of the runs."""
    runs = np.arange(span.first, span.end)
    world, parameters = world_of(scenario, span.months), resolve_parameters(scenario, None, len(runs))
    series: dict[str, list[Floats]] = {name: [] for name in names}
    for last in months_of(world, parameters, span.seed, runs, rules_of()):
        checkpoint()
        for name, values in series.items():
            values.append(observed(SERIES[name], last, world))
    return {name: np.stack(values) for name, values in series.items()}, last


def _whole(scenario: Scenario) -> Scenario:
    """A scenario with everyone and everything that there is in the course of the run, as last described."""
    stages = [whole(parts(stage)) for _date, stage in phases(scenario)]

    def every(read: Callable[[Scenario], Iterable[T]]) -> list[T]:
        return [*{row.name: row for stage in stages for row in read(stage)}.values()]

    return replace(
        scenario,
        agencies=tuple(every(lambda it: it.agencies)),
        beyond=tuple(every(lambda it: it.beyond)),
        ministries=tuple(every(lambda it: it.ministries)),
        beyond_ministries=tuple(every(lambda it: it.beyond_ministries)),
        arrangement=revised(
            scenario.arrangement,
            forum=every(lambda it: it.arrangement.forum),
            ministry_forum=every(lambda it: it.arrangement.ministry_forum),
        ),
        portfolio=revised(scenario.portfolio, project=every(lambda it: it.portfolio.project)),
    )


def title_of(table: Agency | Forum | Ministry | Project) -> str:
    """Its title in the current language, else its name."""
    return str(table.title) if table.title else table.name


def _recommendations(
    scenario: Scenario, last: Snapshot, forums: Sequence[Forum]
) -> tuple[Recommendation, ...]:
    world, state = last.world, last.state
    table, duties, moves = world.recommendations, world.duties, transitions(world, state)
    projects = {project.name: project for project in scenario.portfolio.project}

    def recommendation(row: int, name: str) -> Recommendation:
        position = int(table.project[row])
        held = np.flatnonzero((duties.recommendation == row) & (state.bears[:, 0] != NO_DUTY))
        return Recommendation(
            name=name,
            project=projects[world.projects.names[position]],
            position=position,
            duties={world.agencies.names[duties.agency[d]]: int(state.duty_status[d, 0]) for d in held},
            route=tuple(
                None if body == LINE else forums[body]
                for body in table.bodies[table.route[row]]
                if body != NONE
            ),
            gated=bool(table.gated[row]),
            municipal=bool(table.municipal[row]),
            moves=tuple(move for move in moves if move.recommendation == name),
            rounds=int(state.votes[row, 0]),
            delivered=int(state.delivered_at[position, 0]) + 1,
        )

    return tuple(recommendation(row, name) for row, name in enumerate(table.names))
