"""Time: dates attract work, work is taken up in turn, projects in sequence, people leave somewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tverretatlig_sim import Ensemble, load_scenario, simulate
from tverretatlig_sim.ensemble.batch import months_of, resolve_parameters
from tverretatlig_sim.world import build_world

from .laboratory import EXACT, Row, agencies, forum, path_of, project, world

MONTHS = 84


def run(projects: Sequence[Row], runs: int = 1, **portfolio: float) -> Ensemble:
    """One agency that gives one FTE a month; nothing else moves."""
    tables = world(agencies(1), months=MONTHS, projects=projects)
    tables["portfolio"] |= portfolio
    return simulate(load_scenario(tables), runs=runs, series="runs")


def delivered(ensemble: Ensemble) -> NDArray[np.intp]:
    """Month in which each project is first done, by run; MONTHS if never."""
    done = ensemble.series["progress"].transpose("run", "month", "project").to_numpy() >= 1.0
    return np.where(done.any(axis=1), done.argmax(axis=1), MONTHS)


def test_of_two_twins_the_one_with_a_date_gets_more_work_before_it() -> None:
    """Its weight is 1 + 1/m, its place the first; the other's 1, and the second."""
    ensemble = run([project("due", size=10.0, deadline=6), project("open", size=10.0)])
    progress = path_of(ensemble, "progress")
    due = np.array([1.0 + 1.0 / left for left in range(6, 0, -1)])
    share = np.cumsum(due / (due + 0.5)) / 10.0
    np.testing.assert_allclose(progress[:6], np.stack([share, np.arange(1, 7) / 10.0 - share], 1), atol=EXACT)
    np.testing.assert_allclose(np.diff(progress[6:10, 1]), 0.1, atol=EXACT)


def test_what_is_finished_waits_for_no_date() -> None:
    months = [
        simulate(load_scenario(world(agencies(1), months=30, projects=[plan]))).outcomes[
            "months_to_implement"
        ]
        for plan in (project(size=3.0), project(size=3.0, deadline=24))
    ]
    np.testing.assert_array_equal(*months)


@pytest.mark.parametrize("number", [6, 24])
def test_many_projects_do_not_all_end_at_once(number: int) -> None:
    """Twins come in turn by lot: the first gets 1 / (1 + 1/2 + … + 1/n) of the work; none is always first."""
    ensemble = run([project(f"P{k:02d}", size=12.0) for k in range(number)], runs=40)
    done = np.sort(delivered(ensemble), axis=1)
    first = np.ceil(12.0 * sum(1.0 / k for k in range(1, number + 1)) - EXACT) - 1
    assert (done[:, 0] == first).all()
    assert (done < MONTHS).sum(axis=1).min() >= 2
    assert len(set(delivered(ensemble).argmin(axis=1))) > 1


def test_one_at_once_is_a_queue() -> None:
    """By priority, then start; each takes its own time, whatever waits."""
    plans = [
        project("a", size=4.0, start="2020-03"),
        project("b", size=4.0),
        project("c", size=4.0, priority=2),
    ]
    assert delivered(run(plans, at_once=1))[0].tolist() == [11, 7, 3]


def test_a_project_begins_when_those_before_it_have_delivered() -> None:
    """Its date counts from then."""
    plans = [project("a", size=100.0, after=["b"], deadline=2), project("b", size=4.0)]
    progress = path_of(run(plans), "progress")
    np.testing.assert_allclose(progress[:7, 0], [0, 0, 0, 0, 0.01, 0.02, 0.02], atol=EXACT)


STORM = {"begins": "2020-01", "ends": "2020-06", "turnover": 10.0}
"""Six of them make what has a chance of one in a million certain."""


@pytest.mark.parametrize(("names", "left"), [("all", "ABC"), ("ABC", "ABC"), ("A", "A"), ("AB", "AB")])
def test_turnover_belongs_to_those_who_are_named(names: str, left: str) -> None:
    """Certain for them while it lasts, and only their ties lose trust: once for each end that leaves."""
    parameters = {"turnover": 1e-6, "turnover_loss": 0.1}
    who = names if names == "all" else [*names]
    tables = world(agencies(3), months=7, projects=[project(size=99.0)], parameters=parameters,
                   start={"trust": 1.0}, unstable=[{**STORM, "agencies": who}] * 6)  # fmt: skip
    trust = path_of(simulate(load_scenario(tables), runs=1, series="runs"), "trust")[5]
    pairs = [(a, b) for a in "ABC" for b in "ABC" if a != b]
    ends = np.array([(a in left) + (b in left) for a, b in pairs])
    np.testing.assert_allclose(trust, 0.9 ** (6.0 * ends), rtol=1e-4)


@pytest.mark.parametrize(("names", "loses"), [("all", True), ("A", True), ("C", False)])
def test_a_secretariat_loses_people_where_those_who_sit_in_it_do(names: str, loses: bool) -> None:
    office = forum("office", seats=["A", "B"], secretariat_fte=1.0)
    parameters = {"turnover": 1e-6, "turnover_loss": 0.1}
    who = names if names == "all" else [*names]
    tables = world(agencies(3), months=3, forum=[office], parameters=parameters,
                   unstable=[{**STORM, "agencies": who}] * 6)  # fmt: skip
    scenario = load_scenario(tables)
    *_, last = months_of(build_world(scenario, 3), resolve_parameters(scenario, None, 1), 3, np.arange(1))
    np.testing.assert_allclose(last.state.experience, 0.9**3 if loses else 1.0, rtol=1e-4)


def test_naming_everyone_is_naming_nobody_and_one_touches_only_its_own() -> None:
    """To the bit, ministries with a seat included; in the first month, trust moves on the ties of one."""
    whole = load_scenario("etatssamarbeidet-2023")

    def run(who: Any, turnover: float = 10.0) -> Ensemble:
        storm = [{"begins": "2022-03", "ends": "2022-12", "turnover": turnover, "agencies": who}]
        table = whole.to_dict()
        made = {**table, "arrangement": {**table["arrangement"], "unstable": storm}}
        return simulate(load_scenario(made), 40, 2, 12, series="runs")

    every, named = run("all"), run(sorted(it.name for it in whole.agencies))
    assert every.outcomes.equals(named.outcomes)
    assert every.series.equals(named.series)
    calm, one = (run(["Bufdir"], turnover).series["trust"].isel(month=2) for turnover in (1.0, 10.0))
    moved = (calm != one).any("run")
    assert moved.any()
    assert {name for tie in moved.tie.to_numpy()[moved] for name in str(tie).split(" → ")} >= {"Bufdir"}
    assert all("Bufdir" in str(tie) for tie in moved.tie.to_numpy()[moved])


@pytest.mark.parametrize(
    ("instrument", "letters", "month"),
    [
        ("legal", {"law_months": 36}, 38),
        ("legal", {"law_months": 0, "budget_lead": 12}, 2),
        ("economic", {"budget_lead": 7, "law_months": 5}, 12),
        ("economic", {"budget_lead": 8}, 24),
        ("economic", {"budget_lead": 0, "budget_month": 3}, 12),
        ("economic", {"budget_lead": 11, "budget_month": 1}, 36),
    ],
)
def test_law_and_budget_each_have_their_way(instrument: str, letters: Row, month: int) -> None:
    """Decided in February, agreed to in March; money comes in the January after the first budget in time."""
    plan = project(instrument=instrument)
    moves = simulate(
        load_scenario(world(agencies(1), months=50, projects=[plan], letters=letters)), runs=1
    ).trace()
    assert moves.set_index("to_stage")["month"]["handed_over"] == month
