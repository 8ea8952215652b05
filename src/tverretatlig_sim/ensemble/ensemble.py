"""Results of many runs of one scenario: outcomes, monthly series, the funnel, traces, the frameworks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, TypeVar

import numpy as np
import pandas as pd
import xarray as xr

from tverretatlig_sim.arrays import NONE, Floats
from tverretatlig_sim.display import Plotted
from tverretatlig_sim.ensemble import SHOWN
from tverretatlig_sim.ensemble.batch import (
    months_of,
    resolve_parameters,
    world_of,
)
from tverretatlig_sim.ensemble.frameworks import Setting, given, reached, readouts
from tverretatlig_sim.ensemble.histories import Histories, Since
from tverretatlig_sim.ensemble.outcomes import OUTCOMES, Snapshot
from tverretatlig_sim.ensemble.series import ratio
from tverretatlig_sim.ensemble.statistics import StoppingRule, check_level, mean_interval, summary
from tverretatlig_sim.i18n import _, label
from tverretatlig_sim.inputs import FrozenDict, given_names, whole
from tverretatlig_sim.kernel.month import RULES
from tverretatlig_sim.kernel.rules import RuleSet
from tverretatlig_sim.kernel.state import DROPPED, FORGOTTEN, LOSSES, MONTH_OF, NEVER, REFUSED, STAGES, State
from tverretatlig_sim.scenario import Scenario, parameter_specs
from tverretatlig_sim.scenario.errors import check_named
from tverretatlig_sim.scenario.overlay import fingerprint
from tverretatlig_sim.version import __version__
from tverretatlig_sim.world import World

T = TypeVar("T")

FUNNEL: Mapping[str, tuple[str, str] | None] = {
    "planned": ("not_drafted", "not_drafted"),
    "drafted": ("disagreement", "lost_disagreement"),
    "decided": ("ministries", "lost_ministries"),
    "handed_over": ("line", "lost_line"),
    "adopted": ("municipalities", "lost_municipalities"),
    "implemented": None,
}
"""Stages of a recommendation; before the next, the reason of loss and the outcome that counts it."""


STEPS = (
    "in_letter", "mandate_passed", "drafted", "decided", "reported", "heard", "tabled", "settled", "known",
    "handed_over", "adopted", "implemented", "dropped", "mandate_open",
)  # fmt: skip
"""Steps of a mandate or recommendation, in the order of a month."""


class Transition(NamedTuple):
    """A recommendation enters a stage in a month; if it is dropped, why, and whose lines let it fall."""

    recommendation: str
    project: str
    month: int
    date: str
    from_stage: str
    to_stage: str
    reason: str
    refused_by: str
    forgotten_by: str


@dataclass(frozen=True, eq=False, repr=False)
class Ensemble(Plotted):
    """Results of many runs of one scenario. Its tables are copies.

    Attributes:
        scenario: what was run.
        seed, runs, months: how.
        values: outcomes by name, read-only arrays of shape (run,); NaN where undefined.
        monthly: the monthly series; read them as ``series``.
        given: parameter values that replaced the defaults; read them as ``parameters``.
        rules: what happened in a month.
        stopping_rule: what was asked for and reached, if runs went on until a mean was known.
        histories: what became of every recommendation in every run; None if only some outcomes were kept.
        parts: outcomes of each arrangement by name, where several run together; see ``by_arrangement``.
    """

    scenario: Scenario
    seed: int
    runs: int
    months: int
    values: dict[str, Floats]
    monthly: xr.Dataset
    given: Mapping[str, float | Floats]
    rules: RuleSet = RULES
    stopping_rule: StoppingRule | None = None
    histories: Histories | None = None
    parts: Mapping[str, Mapping[str, Floats]] = field(default_factory=dict)
    _tables: dict[tuple[str, float], pd.DataFrame] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Make the outcomes read-only."""
        for values in self.values.values():
            values.flags.writeable = False
        object.__setattr__(self, "values", FrozenDict(self.values))
        object.__setattr__(self, "given", FrozenDict(self.given))

    @property
    def outcomes(self) -> pd.DataFrame:
        """One row a run (index ``run``), one column an outcome; NaN where undefined."""
        return pd.DataFrame(dict(self.values)).rename_axis("run")

    @property
    def series(self) -> xr.Dataset:
        """Monthly series: dims ``month``, entities where there are any, and ``statistic`` or ``run``.

        A copy with read-only arrays; ``.copy(deep=True)`` gives arrays that can be changed. Units and all
        that the numbers hang on are attributes; ``.to_netcdf(…)`` keeps them.
        """
        return self.monthly.copy().assign_attrs(self._about)

    @property
    def parameters(self) -> dict[str, float | Floats]:
        """Parameter values that replaced the defaults: a number, or a read-only array with one a run."""
        return dict(self.given)

    def frame(self, parameters: Iterable[str] | None = None) -> pd.DataFrame:
        """One row a run (index ``run``): values of parameters, then the outcomes.

        Args:
            parameters: names; default: those whose values replaced the defaults.
        """
        used = resolve_parameters(self.scenario, self.given, self.runs)
        names = self.given if parameters is None else given_names("parameters", parameters, "turnover")
        for name in names:
            check_named("parameter", name, parameter_specs())
        values = {name: np.broadcast_to(getattr(used, name), self.runs) for name in names}
        return pd.DataFrame({**values, **self.values}).rename_axis("run")

    def to_xarray(self) -> xr.Dataset:
        """What ``frame`` has along the dimension ``run``, with units, and attributes as of ``series``."""
        units = {name: parameter_specs()[name].unit for name in self.given}
        units |= {name: OUTCOMES[name].unit for name in self.values if name in OUTCOMES}
        found = xr.Dataset.from_dataframe(self.frame()).assign_attrs(self._about)
        for name, column in found.items():
            column.attrs |= {"units": units.get(str(name), ""), "long_name": label(str(name))}
        return found

    @cached_property
    def _about(self) -> dict[str, str | int]:
        """What the numbers hang on, as files of numbers have it: text and whole numbers."""
        return {
            "title": str(self.scenario.title),
            "scenario": self.scenario.name,
            "scenario_sha256": fingerprint(self.scenario),
            "seed": str(self.seed),  # some kinds of files hold no number of 64 bits
            "runs": self.runs,
            "months": self.months,
            "parameters": json.dumps(
                {name: "one a run" if np.ndim(value) else float(value) for name, value in self.given.items()}
            ),
            "source": f"tverretatlig-sim {__version__}",
        }

    def summary(self, level: float = 0.95) -> pd.DataFrame:
        """One row an outcome: n, missing, mean, sd, 5/50/95 % quantiles and the interval of the mean."""
        return self._once("summary", level, lambda: summary(self.values, level))

    def by_arrangement(self, level: float = 0.95) -> pd.DataFrame:
        """The summary of each arrangement where several run together; index ``arrangement``, ``outcome``.

        Raises:
            ValueError: if there is only one.
        """
        if not self.parts:
            raise ValueError(_("only one arrangement runs here"))
        tables = {name: summary(values, level) for name, values in self.parts.items()}
        found: pd.DataFrame = pd.concat(tables, names=["arrangement"])
        return found

    def funnel(self, level: float = 0.95) -> pd.DataFrame:
        """Stage by stage: how many recommendations get there, how many are lost on the way, and why.

        Returns:
            Index ``stage``; columns ``reached`` (mean number a run) with ``low`` and ``high``;
            ``share_of_drafted`` (mean over runs); ``survival`` (share of the previous stage that got here,
            over all runs); ``lost`` (mean number lost between here and the next stage); ``reason``;
            ``waiting`` (mean number on the way at the end).

        Raises:
            ValueError: if only some outcomes were kept.
        """
        _kept(self.values if self.values.keys() >= OUTCOMES.keys() else None)
        return self._once("funnel", level, lambda: funnel(self.values, level))

    def incidence(self, since: Since = "start", level: float = 0.95) -> pd.DataFrame:
        """What becomes of a recommendation, and by when: cumulative incidence of ends that compete.

        Args:
            since: months count from the ``start`` of the work, or from ``drafting``.
            level: of the intervals.

        Returns:
            Index ``end`` (implemented, or why it was lost; those that happen) and ``month``; columns
            ``share``, the probability of that end by that month, with ``low`` and ``high``, and ``followed``,
            mean number of recommendations a run that are still followed. What is left to 1 is under way.

        Raises:
            ValueError: if only some outcomes were kept, or ``since`` is something else.
        """
        told, world = _kept(self.histories), world_of(self.scenario, self.months).last
        return self._once(f"incidence {since}", level, lambda: told.incidence(world, since, level))

    def times(self, since: Since = "start") -> pd.DataFrame:
        """How long each recommendation was followed in each run, and how that ended, for survival analysis.

        Returns:
            Columns ``run``, ``recommendation``, ``months``, and ``end``: as in ``incidence``, or *censored*.

        Raises:
            ValueError: if only some outcomes were kept, or ``since`` is something else.
        """
        return _kept(self.histories).times(world_of(self.scenario, self.months).last, since)

    @property
    def recommendations(self) -> pd.DataFrame:
        """What became of each recommendation over the runs.

        Index ``recommendation``; columns ``project``; the share of runs in which it got to each stage, was
        lost for each reason, or was ``not_drafted`` though its project delivered; ``months_in_system``, mean
        time from the start of the work to its end or to that of the run; and ``months_from_draft``, mean time
        from drafting to implementation; ``refused_by`` and ``refused_share``, whose line says no most
        often, and in which share of the runs. Needs all outcomes.
        """
        return _kept(self.histories).recommendations(world_of(self.scenario, self.months).last)

    @property
    def projects(self) -> pd.DataFrame:
        """What became of each project over the runs.

        Index ``project``; columns ``planned`` (recommendations), ``delivered`` (share of runs),
        ``months_to_deliver``, and mean numbers of recommendations a run at each stage and by reason of loss.
        Needs all outcomes.
        """
        return _kept(self.histories).projects(world_of(self.scenario, self.months).last)

    def frameworks(self, level: float = 0.95) -> pd.DataFrame:
        """The sources' frameworks: what the scenario gives, and what the runs reached.

        Returns:
            As ``tverretatlig_sim.frameworks``, with rows of kind ``reached``: mean over the ``n`` runs in
            which the measure applies, its interval, and the number of runs in which it is ``missing``.

        Raises:
            ValueError: if only some outcomes were kept.
        """
        _kept(self.values if self.values.keys() >= OUTCOMES.keys() else None)

        def made() -> pd.DataFrame:
            setting = Setting.of(self.scenario, self.months, self.given)
            return readouts(given(setting), reached(self.values, setting), level)

        return self._once("frameworks", level, made)

    def steps(self, run: int = 0) -> pd.DataFrame:
        """What became of every mandate and recommendation in one run: one row a step, case by case.

        Beside the stages of ``trace``: ``mandate_passed`` by whoever vets it, or ``mandate_open`` at the end;
        ``reported`` up the lead's line, ``heard`` by a ministry, ``tabled`` where ministries sit together,
        ``settled`` there, ``known`` to a ministry's department, ``in_letter`` to an agency.

        Args:
            run: as of ``trace``.

        Returns:
            Columns ``case`` (a recommendation; for a mandate, the project), ``month``, ``date``, ``step``,
            ``who`` (ministry, agency or forum; lines that let it fall) and ``detail`` (the reason of a loss;
            how often a mandate was sent back).

        Raises:
            ValueError: if there is no such run.
        """
        last = self._end_of(run)
        return pd.DataFrame(steps(last.world, last.state), columns=list(Step._fields))

    def trace(self, run: int = 0) -> pd.DataFrame:
        """Life cycle of every recommendation in one run: one row a transition.

        Args:
            run: number of the run, 0 … runs − 1; it is simulated again, on the same draws.

        Raises:
            ValueError: if there is no such run.
        """
        last = self._end_of(run)
        return pd.DataFrame(transitions(last.world, last.state), columns=list(Transition._fields))

    def _end_of(self, run: int) -> Snapshot:
        """The end of one run, simulated again."""
        run = whole("run", run, 0, self.runs - 1)
        world = world_of(self.scenario, self.months)
        parameters = resolve_parameters(self.scenario, self.given, self.runs).block(run, run + 1)
        *_, last = months_of(world, parameters, self.seed, np.array([run]), self.rules)
        return last

    def _once(self, view: str, level: float, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """A copy of a table that is computed when it is first asked for."""
        check_level(level)
        if (view, level) not in self._tables:
            self._tables[view, level] = make()
        return self._tables[view, level].copy()

    def _heading(self) -> str:
        heading = _(
            "Ensemble of {name}: runs {runs}, months {months}, seed {seed}",
            name=self.scenario.name,
            runs=self.runs,
            months=self.months,
            seed=self.seed,
        )
        return str(heading)

    def _preview(self) -> pd.DataFrame:
        kept = [name for name in SHOWN if name in self.values]
        return self.summary().loc[kept, ["mean", "low", "high", "missing"]]


def _kept(part: T | None) -> T:
    """What there is only if all outcomes were kept."""
    if part is None:
        raise ValueError(_("this needs all outcomes; simulate without the argument “outcomes”"))
    return part


def funnel(outcomes: Mapping[str, Floats], level: float = 0.95) -> pd.DataFrame:
    """The table of ``Ensemble.funnel``.

    Args:
        outcomes: by name, one value a run.
        level: of the interval.
    """
    stages = list(FUNNEL)
    numbers = {stage: np.asarray(outcomes[stage], dtype=np.float64) for stage in stages}
    drafted, before, rows = numbers["drafted"], 0.0, []
    for stage, following in zip(stages, [*stages[1:], stages[-1]], strict=True):
        here, loss = numbers[stage], FUNNEL[stage]
        lost = np.asarray(outcomes[loss[1]], dtype=np.float64) if loss else np.zeros(len(here))
        interval = mean_interval(here, level)
        share = np.nan if stage == "planned" else mean_interval(ratio(here, drafted), level).mean
        rows.append(
            {
                "stage": stage,
                "reached": interval.mean,
                "low": interval.low,
                "high": interval.high,
                "share_of_drafted": share,
                "survival": float(here.sum()) / before if before > 0 else np.nan,
                "lost": float(lost.mean()),
                "reason": loss[0] if loss else "",
                "waiting": float((here - numbers[following] - lost).mean()),
            }
        )
        before = float(here.sum())
    return pd.DataFrame(rows).set_index("stage")


class Step(NamedTuple):
    """A step of a mandate or recommendation: the columns of ``Ensemble.steps``."""

    case: str
    month: int
    date: str
    step: str
    who: str
    detail: str


def steps(world: World, state: State, run: int = 0) -> list[Step]:
    """Steps so far in one run of a batch, mandates first, then recommendation by recommendation."""
    cases, of, hearings, duties = world.recommendations.names, world.projects, world.hearings, world.duties
    found = [
        (it.recommendation, it.month, it.to_stage, it.refused_by or it.forgotten_by, it.reason)
        for it in transitions(world, state, run)
    ]
    for row in np.flatnonzero((of.mandate_body != NONE) & (state.begun_at[:, run] != NEVER)):
        body, back = world.forums.names[of.mandate_body[row]], str(int(state.mandate_rounds[row, run]))
        passed = int(state.mandated_at[row, run])
        end = (world.months - 1, "mandate_open") if passed == NEVER else (passed, "mandate_passed")
        found.append((of.names[row], *end, body, back))
    told = [world.ministries.names[ministry] for ministry in hearings.ministry]
    holders = [world.agencies.names[agency] for agency in duties.agency]
    for step, about, who, when in (
        ("reported", range(len(cases)), [""] * len(cases), state.reported_at),
        ("tabled", range(len(cases)), [""] * len(cases), state.tabled_at),
        ("settled", range(len(cases)), [""] * len(cases), state.settled_at),
        ("heard", hearings.recommendation, told, state.heard_at),
        ("known", hearings.recommendation, told, state.known_at),
        ("in_letter", duties.recommendation, holders, state.letter_at),
    ):
        each = zip(about, when[:, run], who, strict=True)
        found += [(cases[row], int(month), step, name, "") for row, month, name in each if month != NEVER]
    place = {name: row for row, name in enumerate((*of.names, *cases))}
    found.sort(key=lambda it: (place[it[0]], it[1], STEPS.index(it[2]), it[3]))
    return [Step(case, month, world.calendar.date(month), *rest) for case, month, *rest in found]


def transitions(world: World, state: State, run: int = 0) -> list[Transition]:
    """Transitions so far of each recommendation in one run of a batch, recommendation by recommendation."""
    rows: list[Transition] = []
    for index, name in enumerate(world.recommendations.names):
        stage, project = "planned", world.projects.names[world.recommendations.project[index]]
        for to_stage, variable in MONTH_OF.items():
            month = int(getattr(state, variable)[index, run])
            if month < 0:
                continue
            reason = LOSSES[int(state.loss[index, run])] if to_stage == STAGES[DROPPED] else ""
            # Lines let it fall only if it is dropped, so their answers belong to that transition.
            by = (lines_that(way, world, state, index, run) if reason else "" for way in (REFUSED, FORGOTTEN))
            date = world.calendar.date(month)
            rows.append(Transition(name, project, month, date, stage, to_stage, reason, *by))
            stage = to_stage
    return rows


def lines_that(status: int, world: World, state: State, recommendation: int, run: int) -> str:
    """Agencies whose duty in a recommendation came to a status, by name."""
    of = world.recommendations
    duties = of.first_duty[recommendation] + np.arange(of.duties[recommendation])
    there = duties[state.duty_status[duties, run] == status]
    return ", ".join(world.agencies.names[agency] for agency in world.duties.agency[there])
