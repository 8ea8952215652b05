"""Time: dates attract work, work is taken up in turn, projects in sequence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from tverretatlig_sim import Ensemble, simulate

from .laboratory import EXACT, Laboratory, Row, agencies, path_of, project, world

MONTHS = 84


def run(lab: Laboratory, projects: Sequence[Row], runs: int = 1, **portfolio: float) -> Ensemble:
    """One agency that gives one FTE a month; nothing else moves."""
    tables = world(agencies(1), months=MONTHS, projects=projects)
    tables["portfolio"] |= portfolio
    return simulate(lab.load(tables), runs=runs, series="runs")


def delivered(ensemble: Ensemble) -> NDArray[np.intp]:
    """Month in which each project is first done, by run; MONTHS if never."""
    done = ensemble.series["progress"].transpose("run", "month", "project").to_numpy() >= 1.0
    return np.where(done.any(axis=1), done.argmax(axis=1), MONTHS)


def test_of_two_twins_the_one_with_a_date_gets_more_work_before_it(lab: Laboratory) -> None:
    """Its weight is 1 + 1/m, its place the first; the other's 1, and the second."""
    ensemble = run(lab, [project("due", size=10.0, deadline=6), project("open", size=10.0)])
    progress = path_of(ensemble, "progress")
    due = np.array([1.0 + 1.0 / left for left in range(6, 0, -1)])
    share = np.cumsum(due / (due + 0.5)) / 10.0
    np.testing.assert_allclose(progress[:6], np.stack([share, np.arange(1, 7) / 10.0 - share], 1), atol=EXACT)
    np.testing.assert_allclose(np.diff(progress[6:10, 1]), 0.1, atol=EXACT)


def test_what_is_finished_waits_for_no_date(lab: Laboratory) -> None:
    months = [
        simulate(lab.load(world(agencies(1), months=30, projects=[plan]))).outcomes["months_to_implement"]
        for plan in (project(size=3.0), project(size=3.0, deadline=24))
    ]
    np.testing.assert_array_equal(*months)


@pytest.mark.parametrize("number", [6, 24])
def test_many_projects_do_not_all_end_at_once(lab: Laboratory, number: int) -> None:
    """Twins come in turn by lot: the first gets 1 / (1 + 1/2 + … + 1/n) of the work; none is always first."""
    ensemble = run(lab, [project(f"P{k:02d}", size=12.0) for k in range(number)], runs=40)
    done = np.sort(delivered(ensemble), axis=1)
    first = np.ceil(12.0 * sum(1.0 / k for k in range(1, number + 1)) - EXACT) - 1
    assert (done[:, 0] == first).all()
    assert (done < MONTHS).sum(axis=1).min() >= 2
    assert len(set(delivered(ensemble).argmin(axis=1))) > 1


def test_one_at_once_is_a_queue(lab: Laboratory) -> None:
    """By priority, then start; each takes its own time, whatever waits."""
    plans = [
        project("a", size=4.0, start="2020-03"),
        project("b", size=4.0),
        project("c", size=4.0, priority=2),
    ]
    assert delivered(run(lab, plans, at_once=1))[0].tolist() == [11, 7, 3]


def test_a_project_begins_when_those_before_it_have_delivered(lab: Laboratory) -> None:
    """Its date counts from then."""
    plans = [project("a", size=100.0, after=["b"], deadline=2), project("b", size=4.0)]
    progress = path_of(run(lab, plans), "progress")
    np.testing.assert_allclose(progress[:7, 0], [0, 0, 0, 0, 0.01, 0.02, 0.02], atol=EXACT)


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
def test_law_and_budget_each_have_their_way(
    lab: Laboratory, instrument: str, letters: Row, month: int
) -> None:
    """Decided in February, agreed to in March; money comes in the January after the first budget in time."""
    plan = project(instrument=instrument)
    moves = simulate(
        lab.load(world(agencies(1), months=50, projects=[plan], letters=letters)), runs=1
    ).trace()
    assert moves.set_index("to_stage")["month"]["handed_over"] == month
