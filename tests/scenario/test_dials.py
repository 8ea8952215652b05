"""Each dial moves its read-out and an outcome, goes with others, and is refused where it has no meaning.

Signs: paired runs on common draws with fixed seeds; a sign counts when the paired t statistic of 128 runs is
beyond 4 on its side, which a dial without any effect would reach with probability 5e-5.
"""

from __future__ import annotations

import numpy as np
import pytest

import tverretatlig_sim as ts
from choosing import KINDS, mostly_slow, shipped
from tverretatlig_sim.scenario.levers import list_dials, load_dial
from tverretatlig_sim.scenario.schema import Arrangement

RUNS = 128

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
    "interest-balancer": ("role.interest_balancer_4", "boldness_end", -1),
    "system-steward": ("role.system_steward_4", "understanding_gap", -1),
    "law-and-budget": ("instrument.legal", "lost_ministries", 1),
    "theory-of-change": ("chain.lasting", "lasting", 1),
    "municipal": ("chain.to_municipalities", "implemented_of_planned", -1),
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


def ends(dial: str) -> tuple[str, str]:
    bounds = load_dial(dial).bounds
    return f"{dial}={bounds.low:g}", f"{dial}={bounds.high:g}"


@pytest.mark.parametrize("dial", mostly_slow(MOVES, list(MOVES)[::3]))
def test_a_dial_moves_its_read_out_and_an_outcome(dial: str) -> None:
    assert list(MOVES) == list_dials()
    measure, outcome, sign = MOVES[dial]
    low, high = (
        ts.simulate(ts.with_levers(shipped("0-24-2018"), end), runs=RUNS, seed=3, months=48, series="none")
        for end in ends(dial)
    )
    assert high.frameworks()["mean"][measure] > low.frameworks()["mean"][measure]
    difference = (high.outcomes[outcome] - low.outcomes[outcome]).dropna()
    assert len(difference) == RUNS
    assert sign * difference.mean() > 4 * difference.std() / np.sqrt(RUNS)


@pytest.mark.parametrize(
    "name", mostly_slow(sorted({*KINDS} - {"etatssamarbeidet-history"}), ["pure-hierarchy"])
)
def test_in_every_arrangement_dials_raise_their_read_outs_or_are_refused(name: str) -> None:
    for dial in (dial for dial in MOVES if MOVES[dial][0] not in REACHED):
        bounds, measure = load_dial(dial).bounds, MOVES[dial][0]
        values = np.linspace(bounds.low, bounds.high, 3 if bounds.high == 1 else 4)
        if (dial, name) in REFUSED:
            said = f'dial "{dial}=.*cannot be pulled: (there is no|no agencies)'
            with pytest.raises(ts.ScenarioError, match=said):
                ts.with_levers(shipped(name), f"{dial}={values[1]}")
            continue
        settings = [ts.with_levers(shipped(name), f"{dial}={value:g}") for value in values]
        found = [ts.frameworks(made)["mean"][measure] for made in settings]
        if (dial, name) in SILENT:
            assert np.isnan(found).all()
        else:
            assert (np.diff(found) >= -1e-12).all(), dial
            assert found[-1] > found[0], dial


def in_order(given: ts.Scenario) -> Arrangement:
    """The arrangement with its members by name: dials do not keep their order."""
    members = sorted(given.arrangement.member, key=lambda member: member.agency)
    return given.arrangement.model_copy(update={"member": members})


def test_structural_distance_moves_the_periphery_first_and_not_who_steers_whom() -> None:
    base = shipped("etatssamarbeidet-2022")
    full = ts.with_levers(base, "structural=1")
    assert [agency.ministry for agency in full.agencies] == [agency.ministry for agency in base.agencies]
    assert in_order(full) == in_order(base)
    assert (full.portfolio, full.letters) == (base.portfolio, base.letters)
    assert len({agency.form for agency in full.agencies}) == len(full.agencies)
    half = {agency.name: agency.form for agency in ts.with_levers(base, "structural=0.5").agencies}
    common = half[base.arrangement.coordinator or ""]
    differing = {name for name, form in half.items() if form != common}
    assert len(differing) == round(len(half) / 2)
    assert not differing & base.core or differing >= set(half) - base.core


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("matrix=0.5", "matrix=0.6"), 'dial "matrix": is given more than once'),
        (("voluntary=0.5", "cognitive=0.3"), "contradict each other: different settings of common-picture"),
        (("geographic=1", "co-location"), "different settings of spread place"),
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
        ts.with_levers(shipped("0-24-2018"), *asked)


def test_a_dial_may_stand_where_it_stood_and_levers_come_on_top() -> None:
    base = shipped("0-24-2018")
    same = ts.with_levers(base, "cognitive=1", "power=1")
    assert (same.agencies, same.arrangement, same.letters) == (base.agencies, base.arrangement, base.letters)
    both = ts.with_levers(base, "matrix=0.5", "role-driver")
    assert float(both.arrangement.lead_authority) == pytest.approx(0.7)


def test_a_role_is_its_lever_in_part() -> None:
    base = shipped("0-24-2018")
    levers = ("driver=0.5", "driver=1", "role-driver")
    half, full, lever = (float(ts.with_levers(base, name).arrangement.lead_authority) for name in levers)
    assert full == lever
    assert half == pytest.approx((lever + float(base.arrangement.lead_authority)) / 2)


@pytest.mark.parametrize(
    ("name", "lacks"), [("0-24-2018", False), ("k-plus-2010", True), ("pure-network", True)]
)
def test_a_role_does_what_can_be_done_and_says_what_cannot(name: str, lacks: bool) -> None:
    """Without a joint body of the ministries nobody can cut through there (DIFI17 2.3, rung 3)."""
    found = [ts.with_levers(shipped(name), f"interest-balancer={value}") for value in (0, 1)]
    none, full = (ts.frameworks(made)["mean"]["role.interest_balancer_3"] for made in found)
    assert (none == full == 0) if lacks else none < full
    said = "there is no such forum of the ministries here; the rest of it is done"
    assert any(said in str(note) for note in found[1].notes) == lacks


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_law_and_budget_meets_its_share_as_closely_as_projects_can(share: float) -> None:
    changed = ts.with_levers(shipped("etatssamarbeidet-2022"), f"law-and-budget={share}")
    means = ts.frameworks(changed)["mean"]
    counts = [len(p.recommendation) or int(p.recommendations or 0) for p in changed.portfolio.project]
    error = abs(means["instrument.legal"] + means["instrument.economic"] - share)
    assert error <= max(counts) / sum(counts)


def test_the_municipal_link_is_carried_by_the_chain_that_is_named() -> None:
    base = shipped("labour-crime-2015")
    added = ts.with_levers(base, "municipal=0.5")
    assert added.arrangement.municipal_chain == ["Fylkesmenn", "Kommuner"]
    assert added.agencies == base.agencies
    assert not ts.with_levers(base, "municipal=0").arrangement.municipal_chain
    own = ts.with_levers(shipped("0-24-2018"), "municipal=1")
    assert own.beyond == shipped("0-24-2018").beyond
    assert in_order(own) == in_order(shipped("0-24-2018"))
