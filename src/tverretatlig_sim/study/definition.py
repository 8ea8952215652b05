"""What a study asks: its file, the checked table, and what is to be run, as one object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Self

import numpy as np
import pandas as pd
from pydantic import Field, PrivateAttr

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.ensemble.batch import rules_of, sizes_of
from tverretatlig_sim.ensemble.outcomes import OUTCOMES
from tverretatlig_sim.i18n import Message, _
from tverretatlig_sim.kernel.rules import RuleSet
from tverretatlig_sim.own import Packed
from tverretatlig_sim.scenario import Scenario, ScenarioError, parameter_specs
from tverretatlig_sim.scenario.addresses import set_values
from tverretatlig_sim.scenario.errors import Origin, Problem, did_you_mean, given_twice, listed, quoted
from tverretatlig_sim.scenario.quantity import Name
from tverretatlig_sim.scenario.schema import Table
from tverretatlig_sim.scenario.validate import checked
from tverretatlig_sim.study.designs import Design, Positive, design_points, design_problems, points_of_file
from tverretatlig_sim.study.factors import Factor, factors_of, numbers_in, read_factors
from tverretatlig_sim.study.task import (
    WHOLE,
    Plan,
    Record,
    SerialisedScenario,
    Shard,
    Task,
    digest_of,
    is_address,
    own_of,
    tasks_of,
)
from tverretatlig_sim.study.variants import Cross, Loader, Swaps, Text, variants_of

LARGEST_SEED = 2**63 - 1
"""Largest seed a TOML file can hold."""
RUN_MONTHS = 120_000
"""Run-months of a task, about: one to three seconds on one core in 2026."""

Points = pd.DataFrame | Mapping[str, Sequence[float] | Floats]
"""One column a factor, one row a point."""


class StudyDefinition(Table):
    """Arrangements, points of a space of factors, and how often to run each pair of them.

    The attributes are the keys of a study file.

    Attributes:
        name: short name; default: the file's.
        title: what is asked.
        arrangements: scenario names or paths, with levers of their own after ``+``.
        levers: applied to every arrangement.
        swaps: parts that every arrangement takes from other scenarios.
        cross: alternatives with which every arrangement is combined.
        parameters: what each factor does, and numbers that are the same at all points, by address.
        design: the points.
        runs: of each point and arrangement; run k has the same random numbers everywhere.
        months: length of a run; default: the longest of the arrangements' own.
        seed: of the draws and of the design.
        record: what to keep.
    """

    name: Name
    title: Text = ""
    arrangements: Annotated[list[Name], Field(min_length=1, max_length=1000)]
    levers: list[Name] = Field(default_factory=list)
    swaps: Swaps = Swaps()
    cross: Cross = Cross()
    parameters: dict[str, Any] = Field(default_factory=dict)
    design: Design
    runs: Positive = 50
    months: Annotated[int, Field(ge=1, le=600)] = 0
    seed: Annotated[int, Field(ge=0, le=LARGEST_SEED)] = 1
    record: Record = Record()

    _scenarios: dict[str, Scenario] = PrivateAttr(default_factory=dict)
    _factors: tuple[Factor, ...] = PrivateAttr(default=())
    _fixed: dict[str, float] = PrivateAttr(default_factory=dict)
    _points: Floats = PrivateAttr(default_factory=lambda: np.empty((1, 0)))
    _notes: tuple[Message | str, ...] = PrivateAttr(default=())
    _own: Packed | None = PrivateAttr(default=None)

    @classmethod
    def read(cls, raw: Mapping[str, Any], source: str, loader: Loader, rules: RuleSet | None = None) -> Self:
        """The study that a table describes, its scenarios loaded and its points made.

        Args:
            raw: what a study file holds.
            source: what messages call it.
            loader: reads the scenarios.
            rules: what happens in a month; default: the rules in use.

        Raises:
            ScenarioError: with all problems of the study and the scenarios it names.
            ValueError: something of the user's own cannot go to other processes.
        """
        origin, problems = Origin(source), list[Problem]()
        study, given = checked(cls, raw, origin, problems), raw.get("parameters")
        scenarios: dict[str, Scenario] = {}
        if study is not None:
            asked = study.arrangements, study.levers, study.swaps, study.cross
            scenarios = loader.scenarios(variants_of(*asked, loader), origin, problems)
        parameters = given if isinstance(given, Mapping) else {}
        factors, fixed = read_factors(parameters, scenarios, origin, problems)
        if study is None:
            raise ScenarioError(problems)
        if not problems:
            problems += design_problems(study.design, factors, origin)
        if study.design.file is not None and not problems:
            factors = points_of_file(study.design.file, loader.folder, scenarios, origin, problems)
        known = tuple(OUTCOMES)
        problems += _outcome_problems(study.record, known, origin)
        if problems:
            raise ScenarioError(problems)
        outcomes = list(known) if study.record.outcomes == "all" else study.record.outcomes
        record = study.record.model_copy(update={"outcomes": outcomes})
        months = study.months or max(scenario.default_months for scenario in scenarios.values())
        found = study.model_copy(update={"record": record, "months": months})
        found._scenarios, found._factors, found._fixed = scenarios, factors, fixed
        found._points = design_points(study.design, factors, study.seed)
        own = own_of(rules_of(rules), outcomes, scenarios.values())
        found._own = None if own is None else Packed.of(own)
        found._notes = (*loader.notes, *_without_factors(scenarios, factors))
        return found

    @property
    def scenarios(self) -> dict[str, Scenario]:
        """The arrangements by name, ready to be simulated."""
        return dict(self._scenarios)

    @property
    def factors(self) -> tuple[Factor, ...]:
        """What varies between points: ``name``, ``low``, ``high``, ``distribution``, ``values``."""
        return self._factors

    @property
    def fixed(self) -> dict[str, float]:
        """Numbers that are the same at all points, by address, where a study says so."""
        return dict(self._fixed)

    @property
    def notes(self) -> tuple[Message | str, ...]:
        """Sentences on what was left out."""
        return self._notes

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Names of the outcomes that are kept."""
        return tuple(self.record.outcomes)

    @property
    def points(self) -> pd.DataFrame:
        """One row a point (index ``point``), one column a factor."""
        return pd.DataFrame(self._points.copy(), columns=list(self._names)).rename_axis("point")

    @property
    def problem(self) -> dict[str, Any]:
        """The factors as SALib reads them: ``num_vars``, ``names`` and ``bounds``."""
        bounds = [[factor.low, factor.high] for factor in self._factors]
        return {"num_vars": len(bounds), "names": list(self._names), "bounds": bounds}

    @property
    def total(self) -> int:
        """Runs in all."""
        return len(self._scenarios) * len(self._points) * self.runs

    @property
    def digest(self) -> str:
        """Hash of all that the results depend on, but for the program itself."""
        return self._digest(self._plans())

    def changed(self, *, runs: int | None = None, months: int | None = None, seed: int | None = None) -> Self:
        """The same study with other numbers of runs or months, or other draws; its points stay.

        Raises:
            ValueError: a number is out of range.
        """
        given = {"runs": runs, "months": months, "seed": seed}
        sizes = {key: getattr(self, key) if value is None else value for key, value in given.items()}
        found = sizes_of(**sizes)._asdict()
        return self.model_copy(update={key: found[key] for key in sizes})

    def at(self, points: Points) -> Self:
        """The same study at points of your own; factors that they do not name keep their defaults.

        Args:
            points: one column a factor, by address; one row a point.

        Raises:
            ScenarioError: an address is unknown or a value outside its hard bounds.
            ValueError: they are no such columns, or there is no point.
        """
        frame = _numbers(points)
        if not len(frame):
            raise ValueError(_("no points; allowed: at least 1"))
        columns = {str(name): frame[name].to_numpy() for name in frame}
        found = self.model_copy(update={"design": Design(kind="list")})
        found._factors = factors_of(columns, self._scenarios)
        found._points = frame.to_numpy(dtype=np.float64)
        found._fixed = {name: value for name, value in self._fixed.items() if name not in found._names}
        return found

    def summary(self) -> dict[str, Any]:
        """What a store says of the study it belongs to."""
        plans = self._plans()
        return {
            "study": self.name,
            "digest": self._digest(plans),
            "scenarios": {plan.arrangement: plan.scenario.digest for plan in plans},
            "factors": list(self._names),
            "points": len(self._points),
            **{key: getattr(self, key) for key in ("runs", "months", "seed")},
        }

    def tasks(self, task_runs: int | None = None, shard: Shard = WHOLE) -> list[Task]:
        """What workers get, in the order of the table.

        Args:
            task_runs: runs of a task, of all its points together; default: a second or a few of work.
            shard: those of which share of the points; default: all.
        """
        return tasks_of(self._plans(), self._points, self.runs, task_runs or self.usual_task_runs, shard)

    def __repr__(self) -> str:
        size = f"{len(self._points)} points × {len(self._scenarios)} arrangements × {self.runs} runs"
        return f"<Study {self.name}: {size} of {self.months} months>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StudyDefinition) and (self.name, self.digest) == (other.name, other.digest)

    def __hash__(self) -> int:
        return hash(self.digest)

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(factor.name for factor in self._factors)

    @property
    def usual_task_runs(self) -> int:
        """Runs of a task, of all its points together, if nobody says otherwise."""
        return max(1, RUN_MONTHS // self.months)

    def _plans(self) -> list[Plan]:
        return [
            Plan(
                name,
                SerialisedScenario.of(_with_fixed(scenario, self._fixed)),
                self._names,
                numbers_in(scenario, self._names),
                self._parameters(scenario),
                self.months,
                self.seed,
                self.record,
                self._own,
            )
            for name, scenario in self._scenarios.items()
        ]

    def _parameters(self, scenario: Scenario) -> dict[str, float]:
        """Values of the behavioural parameters that do not vary."""
        usual = {name: spec.value for name, spec in parameter_specs().items()}
        own = {name: quantity.value for name, quantity in scenario.parameters.items()}
        given = {name: value for name, value in self._fixed.items() if not is_address(name)}
        return {k: float(v) for k, v in (usual | own | given).items() if k not in self._names}

    def _digest(self, plans: Sequence[Plan]) -> str:
        kept = self.record.model_dump()
        return digest_of([[plan.digest for plan in plans], self._points.tolist(), self.runs, kept])


def _with_fixed(scenario: Scenario, fixed: Mapping[str, float]) -> Scenario:
    """The scenario with the numbers that are the same at all points, as far as it has them."""
    return set_values(scenario, {name: fixed[name] for name in numbers_in(scenario, fixed)})


def _numbers(points: Points) -> pd.DataFrame:
    """Points as a table of numbers."""
    what = _(
        "points: must be columns of numbers, all of one length, as in {example}",
        example="{'turnover': [0.02, 0.03]}",
    )
    try:
        frame = pd.DataFrame(points)
        if {dtype.kind for dtype in frame.dtypes} & set("bc"):
            raise ValueError(what)
        numbers = frame.astype(np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(what) from error
    if index := [name for name in frame.index.names if name not in (None, "point")]:
        names = ", ".join(map(str, index))
        raise ValueError(_("{names}: is the index, not a column; reset_index() makes it one", names=names))
    if frame.columns.has_duplicates:
        raise ValueError(given_twice(map(str, frame.columns[frame.columns.duplicated()])))
    return numbers


def _without_factors(scenarios: Mapping[str, Scenario], factors: Sequence[Factor]) -> list[Message]:
    """Sentences on arrangements that lack the number that varies."""
    names = [factor.name for factor in factors if is_address(factor.name)]
    return [
        _(
            "{arrangement}: has no {address}, which therefore changes nothing there",
            arrangement=a,
            address=name,
        )
        for a, scenario in scenarios.items()
        for name in names
        if name not in numbers_in(scenario, [name])
    ]


def _outcome_problems(record: Record, known: Sequence[str], origin: Origin) -> list[Problem]:
    if record.outcomes == "all" or not known:
        return []
    here = Origin(origin.file, "record, outcomes")
    problems = [
        here.problem(quoted(name), _("unknown outcome"), listed(known), did_you_mean(name, known))
        for name in record.outcomes
        if name not in known
    ]
    if not record.outcomes:
        problems.append(here.problem("", _("is empty"), _('at least one outcome, or "all"')))
    return problems
