"""The kernel equals the scalar reference, written from the ODD document alone, on the same draws.

Every state variable is compared after every month, then the outcomes. Beside the shipped scenarios there are
scrambled ones: the same with most numbers, rules, dates and roles drawn anew, so that every mechanism bites.
Random parameters lie within their ranges.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import Any

import numpy as np
import pytest

import tverretatlig_sim as ts
from choosing import KINDS, mostly_slow
from reference import ReferenceModel, default_parameters
from reference.outcomes import state as reference_state
from tverretatlig_sim.scenario import Scenario
from tverretatlig_sim.scenario.parameters import parameter_specs
from tverretatlig_sim.scenario.schema import Event, Forum, Period, Tie, given

TOLERANCE = {"rtol": 1e-9, "atol": 1e-9}
NOT_COMPARED = {
    "absence", "consent", "leaving", "line_move", "mean_trust", "progress_before", "results", "running",
    "service", "structure", "spoke", "verdict", "vetting",
}  # fmt: skip
"""Flows that are as of some point within the month; what follows from them is compared."""

KEPT = 0.25
"""Chance that a scrambled table keeps what a field says."""
FAST = {"0-24-2018", "pure-network"}
"""In scrambled form."""


def kernel_months(
    scenario: Scenario, parameters: Mapping[str, float], seed: int, months: int
) -> tuple[list[dict[str, Any]], Any]:
    """State variables of two runs after each month, and their outcomes."""
    seen: list[dict[str, Any]] = []

    def observe(state: Any, *_: object) -> dict[str, Any]:
        seen.append({name: getattr(state, name) for name in ts.RULES.variables})
        return {}

    rules = ts.RULES.after("renew", observe)
    ensemble = ts.simulate(scenario, 2, seed, months, parameters, series="none", rules=rules)
    return seen, ensemble.outcomes


def assert_agrees(
    scenario: Scenario, changes: Mapping[str, float], seed: int, months: int | None = None, run: int = 1
) -> None:
    months = scenario.default_months if months is None else months
    kernel, outcomes = kernel_months(scenario, changes, seed, months)
    assert len(kernel) == months
    assert all(ts.RULES.variables[name].flow for name in NOT_COMPARED)
    parameters = default_parameters(scenario) | changes
    model = ReferenceModel(scenario, seed, run, parameters, months)
    for month, own in enumerate(kernel):
        model.step()
        expected = reference_state(model.world)
        assert own.keys() - expected.keys() == NOT_COMPARED
        for name, values in expected.items():
            wanted, got = np.asarray(values, dtype=float), own[name][..., run]
            if ts.RULES.variables[name].dims == ("duty",):
                got = got[own["bears"][..., run] > 0]  # the others are candidates whose turn it is not
            assert wanted.size == got.size, name
            if not np.all(np.isnan(wanted) | np.isclose(got, wanted, **TOLERANCE)):
                np.testing.assert_allclose(got, wanted, **TOLERANCE, err_msg=f"{name}, month {month}")
    wanted = model.outcomes()
    assert wanted.keys() == set(outcomes.columns)
    for name, value in outcomes.loc[run].items():
        np.testing.assert_allclose(value, wanted[name], **TOLERANCE, err_msg=str(name))


def random_parameters(seed: int) -> dict[str, float]:
    random = Random(seed)
    drawn = {name: random.uniform(spec.low, spec.high) for name, spec in parameter_specs().items()}
    return {name: float(round(x)) if parameter_specs()[name].whole else x for name, x in drawn.items()}


def changed(table: Any, random: Random, **fields: Any) -> Any:
    """A table with most of the fields drawn anew: numbers from (lowest, highest), others from a list."""
    update = {
        name: given(random.uniform(*of)) if isinstance(of, tuple) else random.choice(of)
        for name, of in fields.items()
        if random.random() > KEPT
    }
    return table.model_copy(update=update)


def numbers(*values: float) -> list[Any]:
    return [given(value) for value in values]


def dates(scenario: Scenario, *months: int) -> list[str]:
    first = int(scenario.start[:4]) * 12 + int(scenario.start[5:]) - 1
    return [f"{(first + month) // 12}-{(first + month) % 12 + 1:02d}" for month in months]


def scrambled(name: str, seed: int) -> Scenario:
    """A shipped scenario with numbers, rules, dates and roles of its own."""
    scenario, random, share = ts.load_scenario(name), Random(seed), (0.0, 1.0)
    own, agencies = scenario.arrangement, sorted(agency.name for agency in scenario.agencies)
    forums = sorted(forum.name for forum in own.forum)
    staffed = [forum.name for forum in own.forum if float(forum.secretariat_fte) > 0]
    members = sorted({row.agency for row in own.member})
    bodies, flags = [*forums, "line"], [True, False]
    routes = [random.sample(bodies, min(n, len(bodies))) for n in (1, 2, 3)]

    def part(row: Any) -> list[str]:
        where = row.seats if isinstance(row, Forum) else row.members
        return members if where == "all" else sorted(where)

    def chaired(forum: Forum) -> Forum:
        return forum.model_copy(update={"chair": random.choice(part(forum))})

    people = [
        changed(agency, random, dependence=share, ambition=[1, 2, 3, 4], internal_organisation=share,
                capacity=(0.5, 3.0), line_capacity=(0.5, 4.0), staff=(20.0, 9000.0), ownership=share,
                stubbornness=(0.0, 10.0), place=["Oslo", "Molde"], form=[None, "police", "bank"],
                function=[None, "service", "authority"], works=[None, "field", "desk"],
                core_tasks=[agency.core_tasks, scenario.agencies[0].core_tasks])
        for agency in scenario.agencies
    ]  # fmt: skip
    meetings = [
        changed(chaired(forum), random, cadence=numbers(1.0, 1.5, 2.0, 3.5, 500.0), authority=share,
                rule=["consensus", "majority", "lead", "authority"], agenda=numbers(1.0, 3.0), rank=share,
                rounds=[None, *numbers(1.0, 4.0)], quorum=[given(0.0), given(0.4)],
                mandate_clarity=share, exclusive=flags,
                served_by=[None, *(name for name in staffed if name != forum.name)],
                begins=[None, *dates(scenario, -5, 0, 7)], ends=[None, *dates(scenario, 20, 45)])
        for forum in own.forum
    ]  # fmt: skip
    tables = [
        changed(forum, random, cadence=numbers(1.0, 1.5, 2.0, 5.0), authority=share, link=share, rank=share,
                rule=["consensus", "majority", "lead", *(["authority"] if forum.chair else [])],
                agenda=numbers(1.0, 3.0), begins=[None, *dates(scenario, -5, 0, 7)],
                ends=[None, *dates(scenario, 20, 45)])
        for forum in own.ministry_forum
    ]  # fmt: skip
    work = [
        changed(project, random, origin=["commissioned", "self-initiated"], municipal=flags, boldness=share,
                instrument=["legal", "economic", "organisational", "pedagogical"], cost=share,
                instruments_given_up=share, gives_up=[{}, {project.lead: given(0.9)}],
                rung=numbers(2.0, 3.0, 4.0),
                parties=numbers(*range(1, min(4, len(part(project))) + 1)),
                start=[project.start, *dates(scenario, 0, 9)], deadline=[None, *numbers(3.0, 14.0)],
                priority=numbers(0.0, 1.0), after=[[], [earlier.name]] if earlier else [[]],
                recommendations=[project.recommendations, None if project.recommendation else given(101.0)],
                stop_points=[None, *numbers(0.0, 1.0, 3.0)], clarity=[None, *numbers(0.2, 0.9)],
                delivery=[None, "increments"],
                preparation=[None, *numbers(0.0, 1.0, 4.0)], ambition_agreed=[None, *numbers(0.0, 0.5, 1.0)],
                size=(0.5, 10.0), route=[None, *routes], mandate_body=[None, *forums], line_work=(0.0, 3.0))
        for earlier, project in pairwise([None, *scenario.portfolio.project])
    ]  # fmt: skip
    calendar = [
        changed(letter, random, strength=share, resources=(0.0, 1.0),
                contradicts=[[], [earlier.name]] if earlier else [[]],
                projects=[[], [random.choice(work).name]] if work else [[]])
        for earlier, letter in pairwise([None, *scenario.letters.letter])
    ]  # fmt: skip
    ministries = sorted(ministry.name for ministry in scenario.ministries)
    events = [
        Event(name=date, ministries=random.sample(ministries, 1), month=date, strength=given(random.random()))
        for date in dates(scenario, 6, 30)
    ]
    begins, ends = dates(scenario, 10, 25)
    limits = [None, *numbers(1.0, 5.0)]
    first, second = random.sample(agencies, 2)
    tie = Tie(source_agency=first, target_agency=second, trust=given(random.random()))
    roles = {"coordinator": random.choice(agencies), "facilitator": random.choice(forums or [None])}
    roles["municipal_chain"] = sorted({*own.municipal_chain, *random.sample(agencies, 2)})
    unstable = [
        Period(begins=begins, ends=ends, turnover=given(9.0), agencies=who)
        for who in ("all", random.sample(agencies, 2))[seed % 2 :]
    ]
    lists = {"forum": meetings, "ministry_forum": tables, "tie": [tie], "unstable": unstable}
    arrangement = changed(
        own.model_copy(update={**roles, **lists}), random,
        circle=flags,
        lead_authority=share, programme_resources=share, follow_up=share, turnover=(0.0, 3.0),
        stop_points=numbers(0.0, 2.0), project_groups=flags, preparation=numbers(0.0, 2.0),
        delivery=["final-report", "increments"], route=routes, self_initiated_route=[None, *routes],
        mandate_body=[None, *forums], self_initiated_mandate_body=[None, *forums],
    )  # fmt: skip
    letters = scenario.letters.model_copy(update={"letter": calendar, "event": events})
    return replace(
        scenario,
        agencies=tuple(people),
        arrangement=arrangement,
        portfolio=scenario.portfolio.model_copy(update={"project": work, "at_once": random.choice(limits)}),
        letters=changed(
            letters,
            random,
            budget_month=numbers(3.0, 10.0),
            budget_lead=numbers(0.0, 4.0),
            law_months=numbers(0.0, 7.0),
        ),
    )


@pytest.mark.parametrize("name", mostly_slow(KINDS))
def test_shipped_scenarios(name: str) -> None:
    assert_agrees(ts.load_scenario(name), {}, seed=7)


@pytest.mark.parametrize("name", mostly_slow(sorted({*KINDS, *FAST}), FAST))
def test_scrambled_scenarios_with_random_parameters(name: str) -> None:
    seed = 100 + ts.list_scenarios().index(name)
    assert_agrees(scrambled(name, seed), random_parameters(seed), seed=seed, months=60, run=seed % 2)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_more_of_both(seed: int) -> None:
    names = sorted(FAST)
    assert_agrees(scrambled(names[seed % 2], seed), random_parameters(seed), seed=seed, months=40)


@pytest.mark.slow
def test_every_parameter_moves_scrambled_scenarios() -> None:
    """Otherwise agreement would say nothing about the rule that reads it."""
    still = set(parameter_specs())
    for name, seed in (
        ("0-24-2018", 5),
        ("etatssamarbeidet-2022", 6),
        ("pure-network", 7),
        *((one, 8) for one in ("0-24-2015", "etatssamarbeidet-2025", "k-plus-2010")),
    ):
        scenario, usual = scrambled(name, seed), random_parameters(seed)
        before = ts.simulate(scenario, 6, 2, 48, usual, series="none").outcomes
        for parameter in sorted(still):
            spec = parameter_specs()[parameter]
            other = spec.high if usual[parameter] != spec.high else spec.low
            moved = {**usual, parameter: other}
            after = ts.simulate(scenario, 6, 2, 48, moved, series="none").outcomes
            if not before.equals(after):
                still.discard(parameter)
    assert not still
