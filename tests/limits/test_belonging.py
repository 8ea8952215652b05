"""Belonging counts inside: who is outside speaks less, anchors less; what never meets changes nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tverretatlig_sim import load_scenario, simulate
from tverretatlig_sim.scenario.edits import Add
from tverretatlig_sim.scenario.edits import edited as changed

from .laboratory import EXACT, Matrix, agencies, forum, project, world
from .test_mandates import after


def test_the_silent_learn_and_are_learnt_from_by_none() -> None:
    """C stands outside a circle that shuts out wholly, from the first month on: nobody's trust in C grows."""

    def trust(months: int) -> Matrix:
        tables = world(
            agencies(3),
            months=months,
            forum=[forum(), forum("few", seats=["A", "B"], exclusive=True)],
            start={"trust": 0.5},
            parameters={"adjustment": 1.0, "exclusion": 1.0, "trust_growth": 0.1},
        )
        return after(tables, 1).trust[:, 0]

    grew = trust(6) > trust(1) + EXACT
    assert grew.tolist() == [True, False, True, False, True, True]  # A to B, C; B to A, C; C to A, B


@pytest.mark.parametrize(("staff", "trips"), [(1.0, 0.0), (0.0, 1.0)])
def test_an_unprepared_case_is_passed_down(staff: float, trips: float) -> None:
    tables = world(
        agencies(2),
        months=30,
        projects=[project()],
        forum=[forum(secretariat_fte=staff)],
        route=["table"],
        parameters={"round_trip": 1.0},
    )
    outcomes = simulate(load_scenario(tables), runs=1).outcomes
    assert bool((outcomes["round_trips"] > 0).all()) == bool(trips)


@pytest.mark.parametrize(("seats", "share"), [(["A"], 0.0), (["A", "B"], 0.5), ("all", 1.0)])
def test_facilitation_needs_those_concerned(seats: str | list[str], share: float) -> None:
    """Two stop points at full facilitation anchor by half of what is missing, times the share there."""
    table = forum("table", seats=seats, secretariat_fte=1.0)
    tables = world(
        agencies(4, internal_organisation=0.0),
        months=8,
        projects=[project(size=24.0, stop_points=2, clarity=1.0)],
        forum=[table],
        facilitator="table",
        parameters={"anchoring_gain": 1.0},
    )
    anchored = 1.0 - (1.0 - share / 2.0) ** 2
    np.testing.assert_allclose(after(tables, 1).stake_anchoring, anchored, atol=EXACT)


@pytest.mark.parametrize("name", ["0-24-2018", "etatssamarbeidet-2022", "pure-hierarchy"])
def test_a_forum_that_never_meets_changes_nothing(name: str) -> None:
    """An exclusive one with a chair and authority, too; only forums' own means see it."""
    scenario = load_scenario(name)
    seats = [agency.name for agency in scenario.agencies][:3]
    idle = {"name": "idle", "function": "steer", "seats": seats, "cadence": 600, "exclusive": True}
    more = changed(
        scenario, [Add(kind="forum", entry={**idle, "authority": 1.0, "chair": seats[0]})]
    ).scenario
    before, after = (
        simulate(one, runs=4, seed=3).outcomes.drop(columns="clarity_end") for one in (scenario, more)
    )
    pd.testing.assert_frame_equal(before, after)
