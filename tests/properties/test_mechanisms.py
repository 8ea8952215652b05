"""Signs of the further mechanisms, and that each is gone when its switch is off.

Paired runs on common draws with fixed seeds; a sign counts when the paired t statistic is beyond 4, which a
mechanism without any effect would reach with probability 1e-4.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from tverretatlig_sim import load_scenario, simulate
from tverretatlig_sim.scenario import Scenario
from tverretatlig_sim.scenario.schema import given

RUNS = 192
Change = Callable[[Scenario], Scenario]


def outcome(scenario: Scenario, name: str, **parameters: float) -> np.ndarray:
    ensemble = simulate(scenario, runs=RUNS, seed=5, months=72, parameters=parameters, series="none")
    return ensemble.outcomes[name].to_numpy()


def t_statistic(difference: np.ndarray) -> float:
    known = difference[~np.isnan(difference)]
    spread = known.std(ddof=1)
    return float(known.mean() / spread * np.sqrt(len(known))) if spread > 0 else 0.0


def arrangement(**fields: object) -> Change:
    return lambda s: replace(s, arrangement=s.arrangement.model_copy(update=fields))


def agencies(**fields: object) -> Change:
    return lambda s: replace(s, agencies=tuple(a.model_copy(update=fields) for a in s.agencies))


def ranks(rank: float) -> Change:
    def change(scenario: Scenario) -> Scenario:
        forums = [f.model_copy(update={"rank": given(rank)}) for f in scenario.arrangement.forum]
        return arrangement(forum=forums)(scenario)

    return change


def through_municipalities(scenario: Scenario) -> Scenario:
    projects = [p.model_copy(update={"municipal": True}) for p in scenario.portfolio.project]
    chain = arrangement(municipal_chain=["IMDi"])(scenario)
    return replace(chain, portfolio=scenario.portfolio.model_copy(update={"project": projects}))


SIGNS = [
    ("dependence", agencies(dependence=given(0.0)), agencies(dependence=given(1.0)), "fte_spent", 1),
    (
        "authority costs ownership",
        arrangement(lead_authority=given(0.0)),
        arrangement(lead_authority=given(1.0)),
        "ownership_end",
        -1,
    ),
    (
        "authority gives clarity",
        arrangement(lead_authority=given(0.0)),
        arrangement(lead_authority=given(1.0)),
        "clarity_end",
        1,
    ),
    ("rank", ranks(0.1), ranks(1.0), "round_trips", -1),
    ("rank speeds decisions", ranks(0.1), ranks(1.0), "months_to_decide", -1),
    ("ambition", agencies(ambition=given(1.0)), agencies(ambition=given(4.0)), "rounds", -1),
    ("municipal chain", lambda s: s, through_municipalities, "implemented_rate", -1),
    (
        "resources of the programme",
        arrangement(programme_resources=given(0.0)),
        arrangement(programme_resources=given(0.5)),
        "fte_spent",
        1,
    ),
    (
        "department link",
        arrangement(department_link=given(0.0)),
        arrangement(department_link=given(1.0)),
        "fte_spent",
        1,
    ),
]
OFF = {
    "dependence": {"interdependence": 0.0},
    "authority costs ownership": {"dominance": 0.0, "lead_push": 0.0},
    "authority gives clarity": {"dominance": 0.0, "lead_push": 0.0},
    "rank": {"round_trip": 0.0},
    "rank speeds decisions": {"round_trip": 0.0},
    "ambition": {"ambition_weight": 0.0},
    "department link": {"signal_loss": 0.0},
}


@pytest.mark.parametrize(("name", "low", "high", "what", "sign"), SIGNS, ids=[row[0] for row in SIGNS])
def test_sign(name: str, low: Change, high: Change, what: str, sign: int) -> None:
    scenario = load_scenario("0-24-2018")
    difference = outcome(high(scenario), what) - outcome(low(scenario), what)
    assert sign * t_statistic(difference) > 4


@pytest.mark.parametrize(
    ("name", "low", "high", "what"),
    [row[:4] for row in SIGNS if row[0] in OFF],
    ids=[row[0] for row in SIGNS if row[0] in OFF],
)
def test_the_switch_removes_it(name: str, low: Change, high: Change, what: str) -> None:
    scenario = load_scenario("0-24-2018")
    np.testing.assert_array_equal(
        outcome(high(scenario), what, **OFF[name]), outcome(low(scenario), what, **OFF[name])
    )


def test_wait_and_see_makes_effort_depend_on_promises() -> None:
    scenario = load_scenario("0-24-2018")

    def fall_of_effort(weight: float) -> np.ndarray:
        kept = outcome(scenario, "fte_spent", wait_and_see=weight, line_drop=0.005)
        broken = outcome(scenario, "fte_spent", wait_and_see=weight, line_drop=0.1)
        return kept - broken

    assert t_statistic(fall_of_effort(2.0) - fall_of_effort(0.0)) > 4


def test_municipal_projects_without_a_chain_are_as_any() -> None:
    scenario = arrangement(municipal_chain=[])(load_scenario("0-24-2018"))
    marked = arrangement(municipal_chain=[])(through_municipalities(scenario))
    np.testing.assert_array_equal(outcome(marked, "implemented_rate"), outcome(scenario, "implemented_rate"))
