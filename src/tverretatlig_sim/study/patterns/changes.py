"""Changes of scenarios that patterns are tested with. Each is made once, so that its ensembles are shared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from statistics import median
from typing import Any

from tverretatlig_sim.scenario import Quantity, Scenario
from tverretatlig_sim.scenario.schema import Agency, Forum, Letter, Project
from tverretatlig_sim.study.patterns.variations import Change, Variation, variation


def quantity(value: float) -> Quantity:
    """A number of an experiment."""
    return Quantity(value=value, grade="assumed", source="an experiment")


def arranged(scenario: Scenario, **changes: object) -> Scenario:
    """The scenario with fields of its arrangement replaced."""
    return replace(scenario, arrangement=scenario.arrangement.model_copy(update=changes))


def with_projects(scenario: Scenario, change: Callable[[Project], dict[str, Any]]) -> Scenario:
    """The scenario with fields of each project replaced."""
    projects = [project.model_copy(update=change(project)) for project in scenario.portfolio.project]
    return replace(scenario, portfolio=scenario.portfolio.model_copy(update={"project": projects}))


def with_agencies(scenario: Scenario, change: Callable[[Agency], dict[str, Any]]) -> Scenario:
    """The scenario with fields of each agency replaced."""
    return replace(scenario, agencies=tuple(a.model_copy(update=change(a)) for a in scenario.agencies))


def with_forums(scenario: Scenario, change: Callable[[Forum], dict[str, Any]]) -> Scenario:
    """The scenario with fields of each forum replaced."""
    return arranged(scenario, forum=[f.model_copy(update=change(f)) for f in scenario.arrangement.forum])


def lettered(scenario: Scenario, **changes: object) -> Scenario:
    """The scenario with fields of its calendar of letters replaced."""
    return replace(scenario, letters=scenario.letters.model_copy(update=changes))


def chained(*variations: Variation) -> Change:
    """The changes of several variations, one after the other."""

    def change(scenario: Scenario) -> Scenario:
        for each in variations:
            scenario = each.change(scenario)
        return scenario

    return change


@cache
def stop_points(number: int) -> Variation:
    """Every project with so many line stop points."""

    def change(scenario: Scenario) -> Scenario:
        alike = with_projects(scenario, lambda project: {"stop_points": None})
        return arranged(alike, stop_points=quantity(number))

    return variation(f"{number} line stop points", change)


@cache
def secretariat_staff(times: float) -> Variation:
    """Every secretariat with so many times its staff."""

    def staff(forum: Forum) -> dict[str, Any]:
        return {"secretariat_fte": quantity(times * float(forum.secretariat_fte))}

    return variation(f"secretariat staff × {times:g}", lambda scenario: with_forums(scenario, staff))


@cache
def stable_people() -> Variation:
    """No period with more turnover than usual."""
    return variation("no unstable period", lambda scenario: arranged(scenario, unstable=[]))


@cache
def no_renewal() -> Variation:
    """Neither results nor events feed ownership."""
    return variation(
        "no results, no events", lambda scenario: lettered(scenario, event=[]), {"ownership_result": 0.0}
    )


@cache
def hierarchy_alone() -> Variation:
    """Letters and commissions as they are; no forums, no project groups, each line decides."""

    def change(scenario: Scenario) -> Scenario:
        lines = with_projects(scenario, lambda project: {"route": None})
        return arranged(
            lines, forum=[], tie=[], route=["line"], self_initiated_route=None, facilitator=None,
            project_groups=False,
        )  # fmt: skip

    return variation("hierarchy alone", change)


@cache
def voluntary_alone() -> Variation:
    """Forums and project groups as they are; nothing is asked by letter, commission or core group."""

    def change(scenario: Scenario) -> Scenario:
        return lettered(arranged(scenario, core_group_authority=quantity(0.0)), letter=[], event=[])

    return variation("voluntary adaptation alone", change, {"commissioned_signal": 0.0})


@cache
def fresh_money(fte: float) -> Variation:
    """So many full-time equivalents more to every agency, for the whole run and without a word."""

    def change(scenario: Scenario) -> Scenario:
        grant = Letter(
            name="fresh money",
            ministries=[ministry.name for ministry in scenario.ministries],
            to=[agency.name for agency in scenario.agencies],
            begins=scenario.start,
            ends="2099-12",
            strength=quantity(0.0),
            resources=quantity(fte),
        )
        return lettered(scenario, letter=[*scenario.letters.letter, grant])

    return variation(f"{fte:g} FTE more each", change)


@cache
def start_distance(times: float) -> Variation:
    """Frames and start understandings drawn towards their common mean."""

    def change(scenario: Scenario) -> Scenario:
        frames = {agency.name: _frame(agency) for agency in scenario.agencies}
        themes = sorted(set().union(*frames.values()))
        mean = {t: sum(f.get(t, 0.0) for f in frames.values()) / len(frames) for t in themes}

        def nearer(agency: Agency) -> dict[str, Any]:
            own = frames[agency.name]
            mixed = {t: quantity(mean[t] + times * (own.get(t, 0.0) - mean[t])) for t in themes}
            return {"frame": mixed, "understanding": None}

        return with_agencies(scenario, nearer)

    return variation(f"start distance × {times:g}", change)


def _frame(agency: Agency) -> dict[str, float]:
    weights = agency.core_tasks if agency.frame is None else agency.frame
    total = sum(float(weight) for weight in weights.values()) if agency.frame is None else 1.0
    return {theme: float(weight) / total for theme, weight in weights.items()} if total > 0 else {}


@cache
def parties(number: int) -> Variation:
    """Every planned recommendation with so many duty-holders."""
    return variation(
        f"{number} duty-holders",
        lambda scenario: with_projects(
            scenario, lambda project: {"parties": quantity(number), **_counted(project)}
        ),
    )


def _counted(project: Project) -> dict[str, Any]:
    """A project that lists its recommendations, with their number instead."""
    if project.recommendations is not None:
        return {}
    return {"recommendations": quantity(len(project.recommendation)), "recommendation": []}


@cache
def same_agencies() -> Variation:
    """Every agency with the same core tasks, capacity, internal organisation and start ownership."""

    def change(scenario: Scenario) -> Scenario:
        themes = sorted(set().union(*(agency.core_tasks for agency in scenario.agencies)))
        alike = {
            "core_tasks": {theme: quantity(1.0) for theme in themes},
            "capacity": quantity(2.0),
            "internal_organisation": quantity(0.5),
            "ownership": None,
            "frame": None,
            "understanding": None,
        }
        return with_projects(with_agencies(scenario, lambda agency: alike), lambda project: {"gains": {}})

    return variation("all agencies alike", change)


@cache
def clear_mandates() -> Variation:
    """Forums whose mandates leave nothing to talk about."""

    def change(scenario: Scenario) -> Scenario:
        alike = with_forums(scenario, lambda forum: {"mandate_clarity": None})
        return arranged(alike, mandate_clarity=quantity(1.0))

    return variation("full mandate clarity", change)


@cache
def all_commissioned() -> Variation:
    """Every project commissioned by the ministries."""
    return variation(
        "all projects commissioned",
        lambda scenario: with_projects(scenario, lambda project: {"origin": "commissioned"}),
    )


@cache
def one_size() -> Variation:
    """Every project as large as the median one without a deadline."""

    def change(scenario: Scenario) -> Scenario:
        sizes = [float(p.size) for p in scenario.portfolio.project if p.deadline is None]
        usual = quantity(median(sizes)) if sizes else None
        return with_projects(scenario, lambda project: {"size": usual} if usual else {})

    return variation("all projects of one size", change)


@cache
def light_line_work() -> Variation:
    """Duties that are done in the line as soon as they are taken up."""
    return variation(
        "no work in the line",
        lambda scenario: with_projects(scenario, lambda project: {"line_work": quantity(0.01)}),
    )


@cache
def no_municipal_chain() -> Variation:
    """Implemented means carried out by the agencies, whatever becomes of it in the municipalities."""
    return variation("no municipal chain", lambda scenario: arranged(scenario, municipal_chain=[]))


@cache
def letters_name_nothing() -> Variation:
    """Letters that ask for joint work in general only."""

    def change(scenario: Scenario) -> Scenario:
        general = [letter.model_copy(update={"projects": []}) for letter in scenario.letters.letter]
        return lettered(scenario, letter=general)

    return variation("letters name no project", change)
