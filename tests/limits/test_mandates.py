"""Mandates before whoever vets them: submissions, revision, overlap, compromise; and rejected proposals."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tverretatlig_sim import load_scenario, simulate
from tverretatlig_sim.ensemble.batch import months_of, resolve_parameters
from tverretatlig_sim.kernel.state import State
from tverretatlig_sim.scenario.schema import given
from tverretatlig_sim.world import build_world

from .laboratory import EXACT, Row, agencies, assert_share, forum, project, world

SEED = 11


def vetted(*projects: Row, months: int, seats: int = 1, step: float = 0.3, **fields: Any) -> Row:
    """Projects of everyone whose mandates come before a forum of everyone; fields go to the arrangement."""
    parameters = {"mandate_step": step, **fields.pop("parameters", {})}
    practice = {"forum": [forum()], "route": ["table"], "mandate_body": "table", **fields}
    return world(agencies(seats), months=months, projects=projects, parameters=parameters, **practice)


def after(tables: Row, runs: int) -> State:
    """State after the last month."""
    scenario = load_scenario(tables)
    parameters = resolve_parameters(scenario, None, runs)
    *_, last = months_of(build_world(scenario, tables["months"]), parameters, SEED, np.arange(runs))
    return last.state


@pytest.mark.parametrize("step", [0.0, 0.3, 0.6])
@pytest.mark.parametrize("clarity", [0.1, 0.3])
def test_one_seat_sends_a_vague_mandate_back(clarity: float, step: float) -> None:
    """It passes at the k-th submission with chance c_k times the product of 1 − c_j before."""
    runs = 4000
    state = after(vetted(project(clarity=clarity), months=60, step=step), runs)
    still, vague = 1.0, 1.0 - clarity
    for submission in range(5):
        passed = (state.mandate_rounds == submission) & (state.mandated_at >= 0)
        assert_share(int(passed.sum()), runs, still * (1.0 - vague))
        np.testing.assert_array_equal(state.mandated_at[passed], submission)
        still, vague = still * vague, vague * (1.0 - step)


def letter(name: str, strength: float, **fields: Any) -> Row:
    return {"name": name, "ministries": ["M"], "to": "all", "begins": "2020-01", "strength": strength,
            **fields}  # fmt: skip


@pytest.mark.parametrize(("strengths", "left"), [((0.6, 0.4), 0.2), ((0.5, 0.5), 0.0), ((0.6, 0.0), 0.6)])
def test_of_letters_that_contradict_the_difference_reaches(
    strengths: tuple[float, float], left: float
) -> None:
    """From either side, while both are in force; what nobody contradicts is as it was."""
    asked: list[tuple[Row, Row]] = [({"contradicts": ["b"]}, {}), ({}, {"contradicts": ["a"]})]
    for one, other in asked:
        first = letter("a", strengths[0], ends="2020-06", **one)
        second = letter("b", strengths[1], begins="2020-03", **other)
        scenario = load_scenario(world(agencies(2), months=12, projects=[project(size=99.0)],
                                  letters={"letter": [first, second]}))  # fmt: skip
        calendar = build_world(scenario, 12).calendar
        found = [calendar[month].general for month in (1, 2, 5, 6)]
        expected = [strengths[0], left, left, strengths[1]]
        np.testing.assert_allclose(found, np.repeat(expected, 2).reshape(4, 2), atol=EXACT)


@pytest.mark.parametrize(
    ("about", "other", "torn"), [([], [], True), (["P"], [], True), (["P"], ["Q"], False)]
)
def test_a_contradiction_blurs_mandates_of_what_both_letters_are_about(
    about: list[str], other: list[str], torn: bool
) -> None:
    """As one compromise would: a mandate of clarity c passes with chance c (1 − dilution)."""
    runs, plans = 2000, [project(clarity=0.8), project("Q", clarity=1.0, members=["A"], themes={"x": 1.0})]
    letters = {"letter": [letter("a", 0.5, projects=about, contradicts=["b"]),
                          letter("b", 0.5, projects=other)]}  # fmt: skip
    tables = vetted(*plans, months=1, letters=letters, parameters={"dilution": 0.25, "mandate_step": 0.0})
    state = after(tables, runs)
    assert_share(int((state.mandated_at[0] >= 0).sum()), runs, 0.6 if torn else 0.8)


def test_a_clear_mandate_passes_at_first_sight() -> None:
    state = after(vetted(project(clarity=1.0), months=2, seats=5), 20)
    assert (state.mandated_at == 0).all()
    assert (state.mandate_rounds == 0).all()
    assert (state.drafted_at == 1).all()


@pytest.mark.parametrize(
    ("other", "back"),
    [
        ({}, 1),
        ({"start": "2020-02"}, 1),
        ({"themes": {"labour": 1.0}}, 0),
        ({"instrument": "legal"}, 0),
        ({"members": ["B"], "lead": "B"}, 0),
    ],
)
def test_who_comes_second_with_the_same_task_is_sent_back_once(other: Row, back: int) -> None:
    """On the same by the same kind of instrument, with a member in common; begun before, then by lot."""
    first = project("Q", clarity=1.0, size=1000.0, members=["A"])
    second = project("P", clarity=1.0, size=1000.0) | other
    state = after(vetted(first, second, months=5, seats=2), 400)
    rounds = np.sort(state.mandate_rounds, axis=0)
    np.testing.assert_array_equal(rounds, np.repeat([[0], [back]], 400, axis=1))
    assert (state.mandated_at >= 0).all()
    by_lot = state.mandate_rounds[0].mean() if back else 0.0
    assert by_lot == (1.0 if "start" in other else pytest.approx(0.5 * back, abs=0.1))


def test_mandates_need_no_place_on_an_agenda() -> None:
    """Five at one meeting of a body with room for a single case."""
    plans = [project(name, clarity=1.0, themes={f"theme-{name}": 1.0}) for name in "PQRST"]
    state = after(vetted(*plans, months=1, forum=[forum(agenda=1)]), 10)
    assert (state.mandated_at == 0).all()


@pytest.mark.parametrize(("rule", "kept"), [("consensus", 0.8), ("authority", 1.0)])
def test_a_compromise_blurs(rule: str, kept: float) -> None:
    """Consensus after a refusal costs clarity; what one voice settles does not."""
    table = [forum(rule=rule, chair="A")]
    tables = vetted(project(clarity=0.4), months=60, forum=table, parameters={"dilution": 0.2})
    state = after(tables, 200)
    revised = 1.0 - 0.6 * 0.7**state.mandate_rounds
    expected = np.where(state.mandate_rounds > 0, kept * revised, revised)
    np.testing.assert_allclose(state.project_clarity, expected, rtol=EXACT)


def test_revision_takes_work_and_comes_first() -> None:
    """A mandate without any clarity comes back; 0.5 of 6 FTE-months are 3 months of one FTE."""
    tables = vetted(project(clarity=0.0, size=6.0), months=4, step=0.5)
    assert (after(tables | {"months": 3}, 20).mandate_rounds == 1).all()
    state = after(tables, 400)
    passed = state.mandated_at == 3
    assert_share(int(passed.sum()), 400, 0.5)
    np.testing.assert_allclose(state.progress, 1 / 6, rtol=EXACT)
    np.testing.assert_allclose(state.rework, np.where(passed, 0.0, 0.25), atol=EXACT)


@pytest.mark.parametrize("delivery", ["final-report", "increments"])
def test_nothing_is_handed_in_before_the_mandate_has_passed_but_at_the_date(delivery: str) -> None:
    """Five proposals of five months' work: nobody vets before July, or the date is in March."""
    plan = {"clarity": 1.0, "size": 5.0, "recommendations": 5}
    plans = [project(**plan), project("Q", **plan, lead="B", members=["B"], deadline=3)]
    late = forum(begins="2020-07")
    practice = {"mandate_body": "late", "delivery": delivery}
    tables = vetted(*plans, months=8, seats=2, forum=[forum(), late | {"name": "late"}], **practice)
    tables["portfolio"]["project"][0]["members"] = ["A"]
    state = after(tables, 2)
    assert (state.mandated_at == [[6], [-1]]).all()
    assert (state.delivered_at == [[7], [2]]).all()
    drafted = state.drafted_at.reshape(2, 5, 2)
    assert (drafted[0] == 7).all()
    assert ((drafted[1] == 2).sum(axis=0) == 3).all()
    assert ((drafted[1] == -1).sum(axis=0) == 2).all()


@pytest.mark.parametrize(("authority", "staff"), [(0.5, 1.0), (0.0, 1.0), (0.5, 0.0)])
def test_a_led_stop_point_clarifies(authority: float, staff: float) -> None:
    """Prepared, with somebody who may decide: else a mandate that nobody vets stays as vague as it was."""
    table = forum(authority=authority, secretariat_fte=staff)
    plan = project(clarity=0.2, size=12.0, stop_points=3)
    tables = vetted(plan, months=40, seats=2, forum=[table], mandate_body="table", facilitator="table")
    del tables["arrangement"]["mandate_body"]
    state = after(tables, 1)
    clarity = 1.0 - 0.8 * (1.0 - 0.3 * authority * staff) ** 3
    np.testing.assert_allclose(state.project_clarity, clarity, rtol=EXACT)
    assert (state.delivered_at > 0).all()


def test_rejected_proposals_come_back_clearer_after_revision() -> None:
    """A rejection of the only proposal of 12 FTE-months costs half of them: six months of one FTE."""
    runs, weight = 4000, 2.0
    parameters = {"process_weight": weight, "acceptance_intercept": 0.0, "max_rounds": 2, "mandate_step": 0.5}
    plan = project(clarity=0.0, size=12.0)
    tables = world(
        agencies(1), months=30, projects=[plan], forum=[forum()], route=["table"], parameters=parameters
    )
    state = after(tables, runs)
    assert (state.drafted_at == 11).all()
    once, twice = state.votes == 1, state.votes == 2
    assert_share(int(once.sum()), runs, 0.5)
    np.testing.assert_array_equal(state.decided_at[once], 12)
    decided = twice & (state.decided_at >= 0)
    np.testing.assert_array_equal(state.decided_at[decided], 18)
    assert_share(int(decided.sum()), int(twice.sum()), 1.0 / (1.0 + np.exp(-weight * 0.5)))


@pytest.mark.parametrize("body", ["steering-group", None])
def test_vague_mandates_come_out_clearer_only_where_somebody_vets(body: str | None) -> None:
    """All projects of 0-24 with clarity 0.1: its steering group sends them back, or they stay vague."""
    scenario = load_scenario("0-24-2018")
    vague = [row.model_copy(update={"clarity": given(0.1)}) for row in scenario.portfolio.project]
    scenario = replace(
        scenario,
        portfolio=scenario.portfolio.model_copy(update={"project": vague}),
        arrangement=scenario.arrangement.model_copy(update={"mandate_body": body}),
    )
    outcomes = simulate(scenario, runs=40, seed=SEED, series="none").outcomes
    if body is None:
        np.testing.assert_allclose(outcomes["clarity_end"], 0.1, rtol=EXACT)
        assert outcomes["mandate_rounds"].isna().all()
    else:
        assert (outcomes["mandate_rounds"] > 2.0).all()
        assert (outcomes["clarity_end"] > 0.4).all()
