"""What evaluators say held an arrangement back, and what changes here when it is taken away.

Claims stand in ``scenarios/barriers``, and for each kind of barrier two doses: by the *common* one a scenario
becomes as good in that respect as the best of the shipped arrangements; or it is taken away *wholly*.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from math import isfinite, nan
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pydantic import Field

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.ensemble import HEADLINE
from tverretatlig_sim.ensemble.batch import ParameterValue
from tverretatlig_sim.ensemble.ensemble import Ensemble
from tverretatlig_sim.ensemble.statistics import paired_difference
from tverretatlig_sim.i18n import Message, _
from tverretatlig_sim.inputs import given_names
from tverretatlig_sim.kernel.rules import RuleSet
from tverretatlig_sim.own import OWN
from tverretatlig_sim.scenario import Scenario, ScenarioError, check_parameters, load_scenario, with_levers
from tverretatlig_sim.scenario.errors import Origin, Problem, quoted
from tverretatlig_sim.scenario.files import Raw, read_table, shipped_folder, shown
from tverretatlig_sim.scenario.fit import is_secretariat
from tverretatlig_sim.scenario.history import source_of
from tverretatlig_sim.scenario.levers import IDLE, lever_of
from tverretatlig_sim.scenario.load import ScenarioLike
from tverretatlig_sim.scenario.quantity import Name
from tverretatlig_sim.scenario.resolved import views
from tverretatlig_sim.scenario.schema import Table, Title
from tverretatlig_sim.scenario.targets import mean_of
from tverretatlig_sim.scenario.validate import checked
from tverretatlig_sim.scenario.whole import Then, revised
from tverretatlig_sim.study.robust import check_robust
from tverretatlig_sim.study.robust_shares import means_of, robust_shares, smallest_of
from tverretatlig_sim.study.samples import variation_in
from tverretatlig_sim.study.sampling import DEFAULTS, ParameterSets, Progress, outcomes_of
from tverretatlig_sim.workers import sharing

SHIPPED = shipped_folder() / "barriers" / "evaluators.toml"
DOSES = ("common", "wholly")
TOLD = ("implemented_of_planned", HEADLINE)
"""Outcomes that effects are told in."""
COMPUTED = re.compile(r"(highest|lowest|nearer) (\S+)")
"""An amount that is the best of the arrangements compared."""
SHARES = {"share": "better", "share_low": "better_low", "share_high": "better_high", "undecided": "undecided"}
COLUMNS = ("id", "claim", "source", "grade", "dose", "outcome", "mean", "low", "high", *SHARES, "reason")


# --- what the file says


class Remedy(Table):
    """What taking a barrier away means.

    Attributes:
        edits: changes and operations as in lever files; amounts may be computed, see the file.
        variation: of fields and parameters, as in files of patterns.
    """

    edits: list[dict[str, Any]] = Field(default_factory=list)
    variation: dict[str, Any] = Field(default_factory=dict)


class Explanation(Table):
    """A kind of barrier, and how it is taken away by each dose."""

    id: Name
    title: Title
    common: Remedy
    wholly: Remedy


class Barrier(Table):
    """What evaluators say held some arrangements back.

    Attributes:
        explanation: id of the kind of barrier.
        arrangements: names.
        source: tag and section.
        grade: reported as a finding (F), said by informants (I), evaluators' judgement (E), theory (T).
        claim: in words.
        leave_out: targets of changes that the claim is not about.
    """

    explanation: Name
    arrangements: list[Name]
    source: Name
    grade: Name
    claim: Title
    leave_out: list[str] = Field(default_factory=list)


class Evaluators(Table):
    """A file of barriers.

    Attributes:
        compared: arrangements whose best gives the common dose.
        explanation, barrier: its tables.
        unevaluated: why nobody says what held an arrangement back, by its name.
    """

    compared: list[Name]
    explanation: list[Explanation]
    barrier: list[Barrier]
    unevaluated: dict[str, Title]


@cache
def evaluators(path: Path = SHIPPED) -> Evaluators:
    """A file of barriers.

    Raises:
        ScenarioError: with its problems; also where a parameter that it names is gone.
    """
    problems = list[Problem]()
    found = checked(Evaluators, read_table(path), Origin(shown(path)), problems)
    for remedy in [getattr(it, dose) for it in found.explanation for dose in DOSES] if found else []:
        try:
            check_parameters(remedy.variation.get("parameters", {}))
        except ScenarioError as error:
            problems += [replace(problem, file=shown(path)) for problem in error.problems]
    if found is None or problems:
        raise ScenarioError(problems)
    return found


def known() -> Evaluators:
    """The barriers and explanations that come with the package, and the user's own in use."""
    file, more = evaluators(), {kind: [*OWN[kind].values()] for kind in ("explanation", "barrier")}
    return file.model_copy(update={kind: getattr(file, kind) + own for kind, own in more.items()})


# --- the common dose


def _largest_forum(scenario: Scenario) -> float:
    """Seats of the largest forum; meetings of two, and secretariats, are left out."""
    seats = [len(forum.seats) for forum in scenario.arrangement.forum if not is_secretariat(forum)]
    return max((number for number in seats if number > 2), default=nan)


def _understanding_gap(scenario: Scenario) -> float:
    """Mean distance of the agencies' views at the start from the mean view."""
    own = pd.DataFrame([views(agency) for agency in scenario.agencies]).fillna(0.0)
    return float(np.linalg.norm(own - own.mean(), axis=1).mean())


MEASURES = {
    "largest-forum": _largest_forum,
    "understanding-gap": _understanding_gap,
}
"""What arrangements are compared by, besides the numbers that levers change."""


def measured(what: str, scenario: Scenario) -> float:
    """A measure, or the mean of the numbers that a target stands for; NaN where there is none."""
    return MEASURES[what](scenario) if what in MEASURES else mean_of(what, scenario)


@cache
def best(which: str, what: str) -> float:
    """The best of the arrangements compared: the ``highest``, or else the lowest, value."""
    return (max if which == "highest" else min)(filter(isfinite, [measured(what, it) for it in _compared()]))


@cache
def _compared() -> tuple[Scenario, ...]:
    return tuple(map(load_scenario, evaluators().compared))


def _dosed(row: Raw, scenario: Scenario) -> Raw | None:
    """A change or operation with its computed amounts; None where the scenario is as good already."""
    made = {"optional": True, **row}
    for key, given in row.items():
        if isinstance(given, str) and (asked := COMPUTED.fullmatch(given)):
            which, what = asked.groups()
            there, own = best(which, what), measured(what, scenario)
            if own >= there - 1e-9 if which == "highest" else own <= there + 1e-9:
                return None
            value = 1.0 - there / own if which == "nearer" else there
            made[key] = {"value": value, "grade": "derived", "source": f"{which} {what}"}
    return made


# --- taken away


def without(
    scenario: Scenario, barrier: Barrier, dose: str
) -> tuple[Scenario, Mapping[str, float], Message | str]:
    """Take a barrier away, also from what the scenario becomes at dates.

    Returns:
        The scenario without it, parameters that take it away, and why nothing changes if nothing does.

    Raises:
        ScenarioError: the file asks for what cannot be.
    """
    made, parameters = _taken_away(scenario, barrier, dose)
    made = revised(made, then=tuple(_later(change, barrier, dose) for change in scenario.then))
    return made, parameters, IDLE if made is scenario and not parameters else ""


def _later(change: Then, barrier: Barrier, dose: str) -> Then:
    """A change at a date to an arrangement without a barrier."""
    if change.becomes is None:
        return change
    into = source_of(change.becomes)
    better, _parameters = _taken_away(into, barrier, dose)
    return change if better is into else revised(change, becomes=better.to_dict())


def _taken_away(scenario: Scenario, barrier: Barrier, dose: str) -> tuple[Scenario, Mapping[str, float]]:
    """An arrangement without a barrier; itself if nothing changes."""
    explanation = next(it for it in known().explanation if it.id == barrier.explanation)
    remedy: Remedy = getattr(explanation, dose)
    off = variation_in(remedy.variation)
    made = off.change(scenario)
    asked = [_dosed(row, made) for row in remedy.edits if row.get("what") not in barrier.leave_out]
    edits = [row for row in asked if row is not None]
    raw = {
        "name": f"without-{explanation.id}-{dose}",
        "title": explanation.title.model_dump(),
        "source": barrier.source,
        "meaning": barrier.claim.model_dump(),
        "evidence": "impression",
        "change": [row for row in edits if "how" in row],
        "operation": [row for row in edits if "do" in row],
    }
    try:
        made = with_levers(revised(made, levers=()), lever_of(raw, SHIPPED))
    except ScenarioError as refusal:
        if any(problem.code != "idle" for problem in refusal.problems):
            raise
    return made, off.parameters


@dataclass(frozen=True, eq=False)
class Barriers:
    """What taking each barrier away changes, each alone.

    Attributes:
        table: columns ``id``, ``claim``, ``source``, ``grade``, ``dose``, ``outcome``; ``mean``, ``low``,
            ``high`` (without the barrier minus as it is, with 95 % interval: over paired runs or, robustly,
            over sets); ``share``, ``share_low``, ``share_high``, ``undecided`` (of sets, in which it is
            expected to raise the outcome by more than the smallest difference of interest; NaN if there is
            one set); ``reason`` (why taking it away changes nothing in the scenario; empty if it does).
        scenario: the scenario.
        reason: why no barriers are listed; empty if some are.
        sets, runs, seed, months, smallest: how; runs of each set.
    """

    table: pd.DataFrame
    scenario: Scenario
    reason: Title | Message | str
    sets: int
    runs: int
    seed: int
    months: int
    smallest: float


@sharing
def barriers(
    scenario: ScenarioLike,
    runs: int = 1000,
    seed: int = 1,
    months: int | None = None,
    parameters: Mapping[str, ParameterValue] | None = None,
    *,
    sets: ParameterSets | None = None,
    smallest: float | None = None,
    outcomes: Iterable[str] = TOLD,
    kinds: bool = False,
    rules: RuleSet | None = None,
    already: Iterable[Ensemble] = (),
    progress: Progress | None = None,
    workers: int | None = None,
) -> Barriers:
    """What the evaluators of an arrangement say held it back, and what taking it away changes.

    Args:
        scenario: a scenario with an arrangement that was evaluated.
        runs: of the scenario as it is and without each barrier; of each set if there are several.
        seed: of the draws, the same for all.
        months: length of a run; default: the scenario's.
        parameters: values that replace the defaults, or those of every set.
        sets: parameter sets, such as ``stored_sets()``; default: the parameters' defaults.
        smallest: smallest difference of interest in a share, default 0.01.
        outcomes: names of those to tell of.
        kinds: whether each kind of barrier is taken away, by the common dose, whoever reports it where; else
            those that evaluators report of this arrangement, by both doses.
        rules: what happens in a month, as for ``simulate``.
        already: ensembles that may hold what is asked for, so that it is not run again.
        progress: called as runs finish.
        workers: processes, as for ``simulate``.

    Raises:
        ScenarioError, ValueError: as ``simulate``; also for a single run a set.
    """
    loaded, file = load_scenario(scenario), known()
    names = given_names("outcomes", outcomes, HEADLINE)
    if sets is not None:
        check_robust(runs, smallest)
    over, length = DEFAULTS if sets is None else sets, loaded.default_months if months is None else months
    name = loaded.arrangement.name
    reported = [it for it in file.barrier if name in it.arrangements]
    first = {it.explanation: it for it in reversed(file.barrier)}
    every = [
        it.model_copy(update={"claim": kind.title, "arrangements": [], "leave_out": []})
        for kind in file.explanation
        if (it := first.get(kind.id))
    ]
    cases = [
        (it, dose, *without(loaded, it, dose))
        for it in (every if kinds else reported)
        for dose in (DOSES[:1] if kinds else DOSES)
    ]

    own = dict(parameters or {})
    base, *afters = (
        outcomes_of(
            [(loaded, own), *((made, {**own, **better}) for _it, _dose, made, better, _idle in cases)],
            over,
            runs,
            seed,
            length,
            outcomes=names,
            rules=rules,
            known=already,
            progress=progress,
        )
        if cases
        else [{}]
    )
    rows = list[dict[str, object]]()
    for (it, dose, _made, _better, idle), after in zip(cases, afters, strict=True):
        said = {"id": it.explanation, "claim": str(it.claim), "source": it.source, "grade": it.grade}
        for outcome in names:
            effect = _effect(after[outcome], base[outcome], sets, smallest_of(outcome, smallest))
            rows.append({**said, "dose": dose, "outcome": outcome, **effect, "reason": idle})
    none = _("No evaluation of the arrangement {name} is on file.", name=quoted(name))
    reason = "" if cases else file.unevaluated.get(name, none)
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return Barriers(table, loaded, reason, len(over), runs, seed, length, smallest_of(HEADLINE, smallest))


def _effect(after: Floats, base: Floats, sets: ParameterSets | None, smallest: float) -> dict[str, float]:
    """The paired effect, and the share of sets in which it matters. Shapes (set, run)."""
    found = (
        paired_difference(after[0], base[0])
        if sets is None
        else robust_shares(*means_of(after - base), sets.values, smallest)
    )
    return {key: found.get(SHARES.get(key, key), nan) for key in ("mean", "low", "high", *SHARES)}
