"""Before the mandate: months in which a project settles what it is about (ODD 2, 7.5.2; RAD17 advice 2–4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tverretatlig_sim import load_scenario, simulate
from tverretatlig_sim.scenario.schema import given

from .laboratory import EXACT, Row, agencies, agency, assert_share, forum, project, world
from .test_mandates import after

PLAN = {"size": 20.0, "clarity": 0.2}
"""Two full-time equivalents do a tenth of it a month."""


def prepared(months: int, preparation: int, members: list[Row] | None = None, **fields: Any) -> Row:
    """One project of two agencies; fields go to the project."""
    parameters = {"anchoring_gain": 0.6, **fields.pop("parameters", {})}
    plan = project(**PLAN | {"preparation": preparation, "start": "2020-02"} | fields)
    practice = {"forum": [forum()], "route": ["table"], "mandate_body": "table"}
    return world(members or agencies(2), months=months, projects=[plan], parameters=parameters, **practice)


def test_it_clarifies_at_the_price_of_a_revision_and_is_brought_home_once() -> None:
    """Three months from February: 0.3 of the work, 0.3 of clarity, then one step of 0.6 · 0.5 · 0.5 / 2."""
    state = after(prepared(3, 3), 2)
    np.testing.assert_allclose(state.project_clarity, 0.4, rtol=EXACT)
    assert (state.stake_anchoring == 0.0).all()
    state = after(prepared(4, 3), 2)
    np.testing.assert_allclose(state.project_clarity, 0.5, rtol=EXACT)
    np.testing.assert_allclose(state.stake_anchoring, 0.075, rtol=EXACT)
    assert (state.progress == 0.0).all()
    assert (state.mandate_rounds == 0).all()
    assert (state.mandated_at == -1).all()


def test_its_mandate_and_substance_come_after_it() -> None:
    state = after(prepared(7, 3, clarity=1.0), 2)
    assert (state.mandated_at == 4).all()
    np.testing.assert_allclose(state.progress, 0.3, rtol=EXACT)


def test_its_date_stays() -> None:
    """Four months to the date, three of them spent: what one month gives is drafted."""
    state = after(prepared(6, 3, deadline=4, recommendations=10), 2)
    assert (state.delivered_at == 4).all()
    assert ((state.drafted_at == 4).sum(axis=0) == 1).all()


def test_those_who_see_nothing_alike_settle_nothing() -> None:
    members = [agency("A"), agency("B", core_tasks={"labour": 1.0})]
    state = after(prepared(5, 4, members), 2)
    np.testing.assert_allclose(state.project_clarity, 0.2, rtol=EXACT)


def test_who_has_no_time_for_it_brings_nothing_home() -> None:
    members = [agency("A"), agency("B", capacity=0.5)]
    tables = prepared(4, 3, members, parameters={"meeting_cost": 0.5})
    tables["arrangement"]["forum"] = [forum()]
    state = after(tables, 2)
    np.testing.assert_allclose(state.stake_anchoring[1], 0.0)
    assert (state.stake_anchoring[0] > 0.0).all()


@pytest.mark.parametrize(("agreed", "beyond"), [(0.0, 1.0), (0.5, 0.5), (1.0, 0.0)])
def test_agreed_ambition_is_the_lowest_one(agreed: float, beyond: float) -> None:
    """A project that aims at rung 4, among agencies ready for rungs 1 and 4: what the first says to it."""
    runs = 2000
    members = [agency("A", ambition=4), agency("B", ambition=1)]
    parameters = {"acceptance_intercept": 2.0, "ambition_weight": 3.0}
    plan = {"size": 0.01, "clarity": 1.0, "rung": 4, "ambition_agreed": agreed, "parties": 2}
    state = after(prepared(5, 1, members, parameters=parameters, **plan), runs)
    by_lead = 1.0 / (1.0 + np.exp(-2.0))
    assert_share(int((state.decided_at >= 0).sum()), runs, by_lead / (1.0 + np.exp(-2.0 + 3.0 * beyond)))


def test_without_months_nothing_is_prepared_or_agreed() -> None:
    """Bit by bit, whatever else the file says of it."""
    plain = load_scenario("0-24-2018")
    fields = {"preparation": given(0.0), "ambition_agreed": given(1.0)}
    skipped = replace(plain, arrangement=plain.arrangement.model_copy(update=fields))
    results = [simulate(it, runs=4, seed=1, series="none").outcomes for it in (plain, skipped)]
    assert results[0].equals(results[1])
