"""Each dial moves its read-out and an outcome, composes, and is refused where it has no meaning.

Signs: paired runs on common draws with fixed seeds; a sign counts when the paired t statistic of 32 runs is
beyond 4, which a dial without any effect would reach with probability 4e-4.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import tverretatlig_sim as ts
from tverretatlig_sim.scenario.dials import dial_lever, list_dials, load_dial

NAMES = ts.list_scenarios()
RUNS = 32
ARRANGEMENTS = ("0-24-2018", "etatssamarbeidet-2022", "ny-giv-2010")

MOVES = {
    "rung": ("ladder.aimed", "rounds", 1),
    "ambition": ("ladder.ambition", "rounds", -1),
    "geographic": ("distance.geographic", "trust_mean", -1),
    "structural": ("distance.structural", "trust_mean", -1),
    "cognitive": ("distance.cognitive_start", "understanding_gap", 1),
    "power": ("distance.power", "trust_mean", -1),
    "matrix": ("matrix.position", "structure_share", -1),
    "hierarchy": ("hierarchy.strength", "implemented", 1),
    "voluntary": ("voluntary.start", "trust_mean", 1),
    "driver": ("role.driver_4", "ownership_end", -1),
    "interest-balancer": ("role.interest_balancer_3", "boldness_end", -1),
    "system-steward": ("role.system_steward_4", "clarity_end", 1),
    "law-and-budget": ("instrument.legal", "lost_ministries", 1),
    "theory-of-change": ("chain.lasting", "lasting", 1),
    "municipal": ("chain.to_municipalities", "implemented_rate", -1),
}
"""Read-out that each dial raises, an outcome it moves, and that outcome's sign."""
REACHED = {"chain.lasting"}
"""Read-outs that only runs give."""
REFUSED = {
    ("matrix", "pure-hierarchy"),
    ("matrix", "integration-goals-2006"),
    ("voluntary", "pure-hierarchy"),
}
SILENT = {(dial, "pure-hierarchy") for dial in ("geographic", "structural", "power")}
"""Where there is nobody to be far from."""


@cache
def scenario(name: str) -> ts.Scenario:
    return ts.load_scenario(name)


def ends(dial: str) -> tuple[str, str]:
    bounds = load_dial(dial).bounds
    return f"{dial}={bounds.low:g}", f"{dial}={bounds.high:g}"


def test_every_dial_is_tried() -> None:
    assert list(MOVES) == list_dials()


@pytest.mark.parametrize("name", ARRANGEMENTS)
@pytest.mark.parametrize("dial", MOVES)
def test_a_dial_moves_its_read_out_and_an_outcome(dial: str, name: str) -> None:
    measure, outcome, sign = MOVES[dial]
    low, high = (
        ts.simulate(scenario(name).with_levers(end), runs=RUNS, seed=3, months=48, series="none")
        for end in ends(dial)
    )
    assert high.frameworks()["mean"][measure] > low.frameworks()["mean"][measure]
    difference = (high.outcomes[outcome] - low.outcomes[outcome]).dropna()
    assert len(difference) == RUNS
    assert sign * difference.mean() > 4 * difference.std() / np.sqrt(RUNS)


@pytest.mark.parametrize("dial", [dial for dial in MOVES if MOVES[dial][0] not in REACHED])
def test_in_every_arrangement_a_dial_raises_its_read_out_or_is_refused(dial: str) -> None:
    bounds, measure = load_dial(dial).bounds, MOVES[dial][0]
    values = np.linspace(bounds.low, bounds.high, 3 if bounds.high == 1 else 4)
    for name in NAMES:
        if (dial, name) in REFUSED:
            with pytest.raises(
                ts.ScenarioError, match=f'dial "{dial}=.*cannot be pulled: (there is no|no agencies)'
            ):
                scenario(name).with_levers(f"{dial}={values[1]}")
            continue
        changed = [scenario(name).with_levers(f"{dial}={value:g}") for value in values]
        found = [ts.frameworks(one)["mean"][measure] for one in changed]
        if (dial, name) in SILENT:
            assert np.isnan(found).all(), name
        else:
            assert (np.diff(found) >= -1e-12).all(), name
            assert found[-1] > found[0], name


@pytest.mark.parametrize("name", NAMES)
def test_structural_distance_moves_without_moving_who_steers_whom(name: str) -> None:
    base, made = scenario(name), scenario(name).with_dials(structural=1)
    assert [agency.ministry for agency in made.agencies] == [agency.ministry for agency in base.agencies]
    assert (made.arrangement, made.portfolio, made.letters) == (
        base.arrangement, base.portfolio, base.letters
    )  # fmt: skip
    assert all(agency.form is None for agency in base.agencies)
    assert len({agency.form for agency in made.agencies}) == len(made.agencies)
    given = ts.frameworks(made)["mean"].drop(["distance.structural", "distance.extra_contact"])
    assert given.equals(ts.frameworks(base)["mean"].drop(["distance.structural", "distance.extra_contact"]))


def test_the_periphery_s_forms_differ_before_the_core_s_and_the_coordinator_s() -> None:
    base = scenario("etatssamarbeidet-2022")
    half = {agency.name: agency.form for agency in base.with_dials(structural=0.5).agencies}
    common = half[base.arrangement.coordinator or ""]
    differing = {name for name, form in half.items() if form != common}
    assert len(differing) == round(len(half) / 2)
    assert not differing & base.core or differing >= set(half) - base.core


def test_dials_of_the_mechanisms_are_two() -> None:
    base = scenario("etatssamarbeidet-2022")
    high = ts.frameworks(base.with_dials(hierarchy=0.9, voluntary=0.2))["mean"]
    low = ts.frameworks(base.with_dials(hierarchy=0.1, voluntary=0.2))["mean"]
    assert high["voluntary.start"] == low["voluntary.start"]
    assert high["hierarchy.strength"] > 5 * low["hierarchy.strength"]


def test_dials_compose_in_any_order_also_with_levers() -> None:
    asked = ("matrix=0.5", "hierarchy=0.3", "rung=4", "stronger-secretariat")
    one = scenario("etatssamarbeidet-2022").with_levers(*asked)
    assert one == scenario("etatssamarbeidet-2022").with_levers(*reversed(asked))
    assert set(one.levers) == set(asked)
    assert one.name.startswith("etatssamarbeidet-2022+")


def test_levers_are_pulled_on_top_of_dials() -> None:
    both = scenario("0-24-2018").with_levers("matrix=0.5", "role-driver")
    assert float(both.arrangement.lead_authority) == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("matrix=0.5", "matrix=0.6"), 'dial "matrix": is given more than once'),
        (("voluntary=0.5", "cognitive=0.3"), "contradict each other: different settings of common-picture"),
        (("geographic=1", "co-location"), "brings them together"),
        (("matrix=1.5",), "a number from 0 to 1"),
        (("matrix=-0.1",), "a number from 0 to 1"),
        (("rung=2.5",), "a whole number from 1 to 4"),
        (("matrix=high",), "a number from 0 to 1"),
        (("matrix=nan",), "a number from 0 to 1"),
        (("matrix=0,5",), "a decimal point: 0.5"),
        (("matrix=",), "a number from 0 to 1"),
        (("matrx=0.5",), 'did you mean "matrix"'),
    ],
)
def test_what_cannot_be_set_is_refused_with_a_reason(asked: tuple[str, ...], said: str) -> None:
    with pytest.raises(ts.ScenarioError, match=said):
        scenario("0-24-2018").with_levers(*asked)


def test_dials_that_change_nothing_change_nothing() -> None:
    base = scenario("0-24-2018")
    same = base.with_levers("cognitive=1", "power=1")
    assert (same.agencies, same.arrangement, same.letters) == (base.agencies, base.arrangement, base.letters)


def test_a_role_is_its_lever_in_part() -> None:
    base = scenario("0-24-2018")
    half, full = (base.with_dials(driver=value).arrangement.lead_authority for value in (0.5, 1.0))
    lever = base.with_levers("role-driver").arrangement.lead_authority
    assert float(full) == float(lever)
    assert float(half) == pytest.approx((float(lever) + float(base.arrangement.lead_authority)) / 2)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.7, 1.0])
def test_law_and_budget_meets_its_share_as_closely_as_projects_can(share: float) -> None:
    changed = scenario("etatssamarbeidet-2022").with_dials(law_and_budget=share)
    means = ts.frameworks(changed)["mean"]
    largest = max(
        len(project.recommendation) or int(project.recommendations or 0)
        for project in changed.portfolio.project
    )
    planned = sum(
        len(project.recommendation) or int(project.recommendations or 0)
        for project in changed.portfolio.project
    )
    assert abs(means["instrument.legal"] + means["instrument.economic"] - share) <= largest / planned


def test_the_municipal_link_is_carried_by_the_chain_that_is_named() -> None:
    added = scenario("labour-crime-2015").with_dials(municipal=0.5)
    assert added.arrangement.municipal_chain == ["Fylkesmenn", "Kommuner"]
    assert added.agencies == scenario("labour-crime-2015").agencies
    assert not scenario("labour-crime-2015").with_dials(municipal=0).arrangement.municipal_chain
    own = scenario("0-24-2018").with_dials(municipal=1)
    assert (own.beyond, own.arrangement) == (scenario("0-24-2018").beyond, scenario("0-24-2018").arrangement)
    means = ts.simulate(own, runs=8, months=72, series="none").frameworks()["mean"]
    assert 0 < means["chain.municipal"] < 1
    assert dial_lever("municipal=0.5").dial == "municipal"
