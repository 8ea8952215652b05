"""What holds in every world: stages partition, effort stays within capacity, shares stay shares."""

from __future__ import annotations

import numpy as np
import pytest

from tverretatlig_sim import Ensemble, list_scenarios, load_scenario, simulate
from tverretatlig_sim.scenario import parameter_specs

from .laboratory import Laboratory, Row, agency, forum, project

RUNS, SEED = 24, 3
SHARES = (
    "attention",
    "ownership",
    "inclusion",
    "understanding",
    "trust",
    "clarity",
    "service_quality",
    "progress",
    "implemented_share",
    "structure_share",
    "coherence",
    "attendance_core",
    "attendance_periphery",
)
FUNNEL = ("planned", "drafted", "decided", "handed_over", "adopted", "implemented")


def lively() -> Row:
    """Everything at once: letters, resources, events, unstable periods, all rules, law and line."""
    rules = ("consensus", "majority", "lead", "authority")
    bodies = [forum(rule, rule=rule, chair="B", cadence=1.5, served_by="office") for rule in rules]
    office = forum("office", function="prepare", seats=["A"], secretariat_fte=0.4)
    few = forum("few", seats=["A", "B"], exclusive=True, begins="2020-06", ends="2021-06")
    names = ("A", "B", "C", "D")
    members = [
        agency(
            name, ministry=f"M{k % 2}", place=name, core_tasks={"health": 0.3 * k, "labour": 1.0 - 0.3 * k}
        )
        for k, name in enumerate(names)
    ]
    instruments = ("legal", "economic", "organisational", "pedagogical")
    plans = [
        project(f"P{k}", instrument=kind, size=3.0, recommendations=5, line_work=1.0, parties=2, deadline=20)
        for k, kind in enumerate(instruments)
    ]
    letter = {"name": "letter", "ministries": ["M0"], "to": "all", "begins": "2020-01", "strength": 0.6}
    extra = {**letter, "name": "extra", "projects": ["P0"], "resources": 0.5, "ends": "2022-12"}
    return {
        "start": "2020-01",
        "months": 96,
        "actors": {"ministry": [{"name": "M0"}, {"name": "M1"}], "agency": members},
        "arrangement": {
            "member": [{"agency": name, "core": name in "AB"} for name in names],
            "forum": [*bodies, office, few],
            "facilitator": "consensus",
            "route": [*rules, "line"],
            "core_group_authority": 0.5,
            "stop_points": 2,
            "delivery": "increments",
            "follow_up": 0.7,
            "unstable": [{"begins": "2020-03", "ends": "2020-09", "turnover": 5.0}],
        },
        "portfolio": {"project": plans},
        "letters": {
            "letter": [letter, extra],
            "event": [{"name": "crisis", "ministries": "all", "month": "2021-03", "strength": 0.9}],
        },
    }


def anything(within: str) -> dict[str, np.ndarray]:
    """Random parameters, one vector a run: within the evidence, or within all that is possible."""
    rng, values = np.random.default_rng(SEED), {}
    for name, spec in parameter_specs().items():
        low, high = (spec.low, spec.high) if within == "evidence" else (spec.minimum, spec.maximum)
        drawn = rng.uniform(low, min(high, 1000.0), RUNS)
        values[name] = np.round(drawn) if spec.whole else drawn
    return values


def assert_sound(ensemble: Ensemble, planned: int) -> None:
    series, outcomes = ensemble.series, ensemble.outcomes
    assert (series["recommendations"].sum("stage") == planned).all()
    for name in SHARES:
        known = series[name].to_numpy()[~np.isnan(series[name].to_numpy())]
        assert ((known >= 0.0) & (known <= 1.0)).all(), name
    assert float(series["understanding"].sum("theme").max()) <= 1.0 + 1e-12
    assert (series["meeting_time"] <= series["effort"]).all()
    for name in ("effort", "meeting_time", "load", "backlog"):
        assert (series[name] >= 0.0).all(), name
    for later, earlier in zip(FUNNEL[1:], FUNNEL[:-1], strict=True):
        assert (outcomes[later] <= outcomes[earlier]).all(), later
    lost = outcomes[[name for name in outcomes if name.startswith("lost_")]].sum(axis=1)
    assert (lost == outcomes["dropped"]).all()
    assert (outcomes["drafted"] == outcomes[["implemented", "dropped", "pending"]].sum(axis=1)).all()
    assert (outcomes["pending"] >= 0).all()


@pytest.mark.parametrize("within", ["evidence", "bounds"])
def test_lively_world(lab: Laboratory, within: str) -> None:
    parameters = anything(within)
    ensemble = simulate(lab.load(lively()), runs=RUNS, seed=SEED, parameters=parameters, series="runs")
    assert_sound(ensemble, planned=20)
    capacity = np.ones((96, 4, 1))
    capacity[:36, [0, 2]] += 0.5  # the letter of M0 to A and C, to the end of 2022
    assert (ensemble.series["effort"].transpose("month", "agency", "run") <= capacity).all()


@pytest.mark.parametrize("name", list_scenarios())
def test_shipped_scenario(name: str) -> None:
    scenario = load_scenario(name)
    parameters = anything("evidence")
    ensemble = simulate(scenario, runs=RUNS, seed=SEED, parameters=parameters, series="runs")
    assert_sound(ensemble, planned=int(ensemble.outcomes["planned"][0]))
