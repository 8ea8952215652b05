"""The reference against numbers worked out by hand."""

from __future__ import annotations

import math
from hashlib import blake2b
from typing import Any

import pytest

from . import ReferenceModel, run_reference
from .build import build
from .draws import GOLDEN, Draws, key, mix, pair
from .entities import Stage
from .tiny import START, still, tiny

TOP = 2**64


def forum(seats: list[str], **fields: Any) -> dict[str, Any]:
    """Describe a monthly forum F with a clear mandate, so that no time goes to structure."""
    return {
        "name": "F", "function": "steer", "seats": seats, "cadence": 1.0, "mandate_clarity": 1.0, **fields
    }  # fmt: skip


def project(members: list[str], **fields: Any) -> dict[str, Any]:
    """Describe a project P led by the first member, with one recommendation."""
    return {"name": "P", "lead": members[0], "members": members, "recommendations": 1, **fields}


def after(months: int, scenario: Any, parameters: dict[str, float], run: int = 0) -> ReferenceModel:
    """Run the model for some months."""
    model = ReferenceModel(scenario, 1, run, parameters)
    for _ in range(months):
        model.step()
    return model


def test_mix_is_the_finaliser_of_splitmix64() -> None:
    """The first two numbers of the published generator with seed 0."""
    assert mix(GOLDEN) == 0xE220A8397B1DCDAF
    assert mix(2 * GOLDEN % TOP) == 0x6E789E6AA1B965F4


def test_draw_of_a_name() -> None:
    """Each step of the definition, written out."""
    process, entity = (
        int.from_bytes(blake2b(name, digest_size=8).digest(), "little") for name in (b"vote", b"r")
    )
    base = mix((mix(7 ^ process) + GOLDEN * 4) % TOP)
    expected = (mix((mix(base ^ entity) + GOLDEN * 3) % TOP) >> 11) / 2**53
    assert Draws(seed=7, run=2).uniform("vote", key("r"), 3) == expected


def test_pair_rotates_the_second_key() -> None:
    """Rotation by half the width swaps the halves."""
    low, high = key("b") % 2**32, key("b") // 2**32
    assert pair("a", "b") == mix(key("a") ^ (low * 2**32 + high))
    assert pair("a", "b") != pair("b", "a")


def test_ownership_halves_in_its_half_life() -> None:
    """Nothing feeds it here."""
    model = after(12, tiny({"A": {"ownership": 0.8}}), still(ownership_half_life=12.0))
    assert model.world.agencies["A"].ownership == pytest.approx(0.4)


def test_two_agencies_move_a_third_of_the_way() -> None:
    """DeGroot: contact 1, trust 0.5, learning 1, hence own weight 1 against 0.5 for the other."""
    agencies = {"A": {"core_tasks": {"a": 1.0}}, "B": {"core_tasks": {"b": 1.0}}}
    arrangement = {"forum": [forum(["A", "B"])], "start": {"trust": 0.5}}
    model = after(1, tiny(agencies, arrangement=arrangement), still(learning=1.0))
    assert model.world.agencies["A"].understanding == pytest.approx({"a": 2 / 3, "b": 1 / 3})
    assert model.world.agencies["B"].understanding == pytest.approx({"a": 1 / 3, "b": 2 / 3})


def test_three_agencies_share_their_contact() -> None:
    """With three seats each pair has contact 1/2, so each of the others weighs 0.25."""
    agencies = {name: {"core_tasks": {theme: 1.0}} for name, theme in (("A", "a"), ("B", "b"), ("C", "b"))}
    arrangement = {"forum": [forum(["A", "B", "C"])], "start": {"trust": 0.5}}
    model = after(1, tiny(agencies, arrangement=arrangement), still(learning=1.0))
    assert model.world.agencies["A"].understanding == pytest.approx({"a": 2 / 3, "b": 1 / 3})
    assert model.world.agencies["B"].understanding == pytest.approx({"a": 1 / 6, "b": 5 / 6})


def test_trust_grows_by_contact_less_by_distance() -> None:
    """Distance 1/3: other place, same ministry, same size."""
    arrangement = {"forum": [forum(["A", "B"])], "start": {"trust": 0.5}}
    scenario = tiny({"A": {}, "B": {"place": "Molde"}}, arrangement=arrangement)
    model = after(1, scenario, still(trust_growth=0.1, distance_drag=0.6))
    assert model.world.ties["A", "B"].trust == pytest.approx(0.5 + 0.1 * 0.8 * 0.5)


def test_understaffed_secretariat() -> None:
    """Six seats give 0.6 of work to a staff of 0.5; a month later the backlog of 0.1 has become 0.05."""
    office = forum(["A"], name="S", cadence=100.0, secretariat_fte=0.5)
    names = ["A", "B", "C", "D", "E", "G"]
    arrangement = {"forum": [forum(names, served_by="S"), office]}
    scenario = tiny({name: {} for name in names}, arrangement=arrangement)
    parameters = still(work_per_seat=0.1, backlog_abandonment=0.5, adjustment=0.5)
    office_after_one = after(1, scenario, parameters).world.secretariats["S"]
    assert office_after_one.backlog == pytest.approx(0.1)
    assert office_after_one.quality == pytest.approx(1 + 0.5 * (0.5 / 0.6 - 1))
    assert after(2, scenario, parameters).world.secretariats["S"].backlog == pytest.approx(0.05 + 0.6 - 0.5)


def test_cadence_gives_twelve_meetings_in_forty_two_months() -> None:
    """The directors' group of 2022–2025."""
    model = after(42, tiny({"A": {}}, arrangement={"forum": [forum(["A"], cadence=3.5)]}), still())
    assert model.outcomes()["meetings"] == 12


def test_project_with_one_stop_point() -> None:
    """Half done in the first month: a stop point is passed, and anchoring drifts by half of the drift."""
    arrangement = {"stop_points": 1, "project_clarity": 0.5}
    scenario = tiny(
        {"A": {"internal_organisation": 0.6}}, arrangement=arrangement, projects=[project(["A"], size=2.0)]
    )
    parameters = still(anchoring_start=0.4, anchoring_drift=0.5, anchoring_gain=1.0, dilution=0.1)
    model = after(1, scenario, parameters)
    drifted, step = 0.4 * (1 - 0.5 * 0.5), 0.5 * 0.6 / 2
    half = model.world.projects["P"]
    assert half.progress == pytest.approx(0.5)
    assert half.boldness == pytest.approx(0.8 * 0.9)
    assert half.stakes[0].anchoring == pytest.approx(1 - (1 - drifted) * (1 - step))
    model.step()
    assert half.delivered == 1
    assert half.stakes[0].anchoring == pytest.approx((1 - (1 - drifted) * (1 - step)) * 0.75)


def test_deadline_delivers_what_there_is() -> None:
    """Of four planned, a quarter of the work gives one, at a quarter of the boldness."""
    late = project(["A"], size=8.0, deadline=2, recommendations=4)
    model = after(2, tiny({"A": {}}, projects=[late]), still())
    outcomes = model.outcomes()
    assert (outcomes["drafted"], outcomes["not_drafted"]) == (1, 3)
    assert outcomes["boldness_end"] == pytest.approx(0.8 / 4)


def test_duty_holders_in_turn() -> None:
    """The lead with two of the three others, going round."""
    given = project(["C", "A", "B", "D"], recommendations=3, parties=3)
    scenario = tiny({name: {} for name in "ABCD"}, projects=[given])
    world = build(scenario, Draws(1, 0), still())
    holders = {name: [d.agency.name for d in r.duties] for name, r in world.recommendations.items()}
    assert holders == {"P/01": ["A", "B", "C"], "P/02": ["A", "C", "D"], "P/03": ["B", "C", "D"]}


def test_consent_of_all_has_the_product_of_chances() -> None:
    """Pressman and Wildavsky: three parties that each accept with 0.8 accept together with 0.8³."""
    given = {"name": "r", "duties": ["A", "B", "C"]}
    agreed = project(["A", "B", "C"], recommendations=None, recommendation=[given])
    arrangement = {"forum": [forum(["A", "B", "C"])], "route": ["F"]}
    scenario = tiny({name: {} for name in "ABC"}, arrangement=arrangement, projects=[agreed])
    parameters = still(acceptance_intercept=math.log(4.0), max_rounds=1.0)
    decided = []
    for run in range(300):
        draws = Draws(1, run)
        all_accept = all(draws.uniform("vote", pair("P/r", name), 1) < 0.8 for name in "ABC")
        model = after(2, scenario, parameters, run)
        stage = model.world.recommendations["P/r"].stage
        assert stage == (Stage.HANDED_OVER if all_accept else Stage.DROPPED)
        assert model.outcomes()["rounds"] == 1
        decided.append(all_accept)
    assert sum(decided) / 300 == pytest.approx(0.8**3, abs=4 * math.sqrt(0.8**3 * (1 - 0.8**3) / 300))


def test_law_waits_for_the_budget_month() -> None:
    """Decided in February, it gets to the ministries in October (month 9)."""
    legal = project(["A"], instrument="legal")
    arrangement = {"attention": 1.0}
    parameters = still(acceptance_intercept=40.0, ministry_consent=1.0)
    model = after(12, tiny({"A": {}}, arrangement=arrangement, projects=[legal]), parameters)
    months = model.world.recommendations["P/01"].months
    assert (months[Stage.DRAFTED], months[Stage.DECIDED], months[Stage.HANDED_OVER]) == (0, 1, 9)


def test_line_takes_up_and_carries_out() -> None:
    """Certain adoption the month after hand-over; two duties of 2 at capacity 2 then take two months."""
    quick = project(["A"], line_work=2.0, recommendations=2)
    parameters = still(
        acceptance_intercept=40.0, adoption_pace=1.0, priority_intercept=40.0, fit_intercept=40.0
    )
    model = after(5, tiny({"A": {}}, projects=[quick]), parameters)
    months = model.world.recommendations["P/01"].months
    assert [months[stage] for stage in list(Stage)[1:6]] == [0, 1, 1, 2, 4]
    assert model.outcomes()["months_to_implement"] == 4


def test_mesa_gives_the_same() -> None:
    """Same rules, other driver."""
    pytest.importorskip("mesa")
    from .mesa_reference import MesaReference

    names = ["A", "B", "C"]
    arrangement = {"forum": [forum(names, mandate_clarity=0.2)], "route": ["F", "line"]}
    scenario = tiny(
        {name: {} for name in names},
        arrangement=arrangement,
        projects=[project(names, start=START)],
        core=["A"],
    )
    model = MesaReference(scenario, 1, 0, still(turnover=0.2, attendance_intercept=1.0))
    for _ in range(24):
        model.step()
    parameters = dict(model.world.parameters)
    plain = run_reference(scenario, seed=1, run=0, months=24, parameters=parameters)
    assert model.outcomes() == pytest.approx(plain.outcomes, nan_ok=True)
    assert len(model.datacollector.model_vars["implemented"]) == 25
