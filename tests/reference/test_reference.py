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


@pytest.mark.parametrize("other", [{"place": "Molde"}, {"form": "police"}])
def test_trust_grows_by_contact_less_by_distance(other: dict[str, str]) -> None:
    """Distance 1/3: other place or other form, else the same ministry and size."""
    arrangement = {"forum": [forum(["A", "B"])], "start": {"trust": 0.5}}
    scenario = tiny({"A": {}, "B": other}, arrangement=arrangement)
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


SURE_LINES = {"adoption_pace": 1.0, "priority_intercept": 40.0, "fit_intercept": 40.0}
"""With these the line takes up what waits in the first month it may."""


def test_confidence_follows_the_duties_of_partners() -> None:
    """A fifth of the way to 1 when the partner's duty is done, to 0 when it is dropped; effort goes along."""
    arrangement = {"forum": [forum(["A", "B"])]}
    scenario = tiny({"A": {"capacity": 2.0}, "B": {}}, arrangement=arrangement, projects=[project(["A"])])
    usual = still(acceptance_intercept=40.0, effort_intercept=0.0, adjustment=0.2, wait_and_see=2.0)
    kept = after(4, scenario, usual | SURE_LINES)
    assert kept.world.agencies["B"].confidence == pytest.approx(0.6)
    assert kept.world.agencies["A"].confidence == pytest.approx(0.6)
    kept.step()
    assert kept.world.agencies["B"].effort == pytest.approx(1 / (1 + math.exp(-2 * 0.1)))
    broken = after(3, scenario, usual | {"adoption_pace": 0.0, "line_drop": 1.0})
    assert broken.world.agencies["B"].confidence == pytest.approx(0.4)
    assert broken.world.agencies["A"].confidence == 0.5


def test_dependence_on_partners_gives_effort() -> None:
    """Half of a project of two is the partner's: dependence 0.8 counts by half."""
    scenario = tiny({"A": {"dependence": 0.8}, "B": {"dependence": 0.0}}, projects=[project(["A", "B"])])
    model = after(1, scenario, still(effort_intercept=0.0, interdependence=1.5))
    assert model.world.agencies["A"].effort == pytest.approx(1 / (1 + math.exp(-0.6)))
    assert model.world.agencies["B"].effort == pytest.approx(0.5)


def test_strong_coordinator_clarifies_and_dominates() -> None:
    """Half authority: clarity grows half as fast again, and the other loses half of `dominance`."""
    arrangement = {"forum": [forum(["A", "B"], mandate_clarity=0.5)], "lead_authority": 0.5}
    parameters = still(
        clarity_growth=0.1, structure_half=2.0, lead_push=1.0, dominance=0.1, ownership_half_life=1.0
    )
    agencies: dict[str, dict[str, Any]] = {"A": {}, "B": {}}
    led = after(1, tiny(agencies, arrangement={**arrangement, "coordinator": "A"}), parameters).world
    assert led.forums["F"].clarity == pytest.approx(0.5 + 0.1 * 1.5 * 0.25 * 0.25)
    assert led.agencies["A"].ownership == pytest.approx(0.5 / 2)
    assert led.agencies["B"].ownership == pytest.approx(0.5 * 0.95 / 2)
    alone = after(1, tiny(agencies, arrangement=arrangement), parameters).world
    assert alone.forums["F"].clarity == pytest.approx(0.5 + 0.1 * 0.25 * 0.25)
    assert alone.agencies["B"].ownership == pytest.approx(0.5 / 2)


def test_coordinator_pushes_stuck_cases_through() -> None:
    """Nobody accepts; two ways out, by the ministries (0.5) and by the coordinator (0.4), give 0.7."""
    arrangement = {
        "coordinator": "A", "lead_authority": 0.5, "attention": 1.0, "core_group_authority": 1.0
    }  # fmt: skip
    scenario = tiny({"A": {}}, arrangement=arrangement, projects=[project(["A"])])
    parameters = still(acceptance_intercept=-40.0, max_rounds=1.0, escalation=0.5, lead_push=0.8)
    for run in range(100):
        settled = Draws(1, run).uniform("escalate", key("P/01"), 1) < 0.7
        stage = after(2, scenario, parameters, run).world.recommendations["P/01"].stage
        assert stage == (Stage.HANDED_OVER if settled else Stage.DROPPED)


def test_low_rank_passes_cases_on() -> None:
    """Rank 0.4 and `round_trip` 0.5: three of ten times a case is left for the next meeting."""
    arrangement = {"forum": [forum(["A"], rank=0.4)], "route": ["F"]}
    scenario = tiny({"A": {}}, arrangement=arrangement, projects=[project(["A"])])
    parameters = still(acceptance_intercept=40.0, round_trip=0.5)
    for run in range(50):
        draws = Draws(1, run)
        trips = next(n for n in range(20) if draws.uniform("trip", key("P/01"), 1 + n) >= 0.3)
        model = after(20, scenario, parameters, run)
        assert model.world.recommendations["P/01"].months[Stage.DECIDED] == 1 + trips
        outcomes = model.outcomes()
        assert (outcomes["rounds"], outcomes["round_trips"]) == (1, trips)


def test_ambition_beyond_ones_own_costs_consent() -> None:
    """Rung 4 asked of an agency that aims at 1 costs the whole weight: odds of 1 to 4."""
    bold = project(["A"], rung=4.0)
    scenario = tiny({"A": {"ambition": 1.0}}, projects=[bold])
    parameters = still(acceptance_intercept=0.0, ambition_weight=math.log(4.0), max_rounds=1.0)
    for run in range(100):
        accepted = Draws(1, run).uniform("vote", pair("P/01", "A"), 1) < 0.2
        stage = after(2, scenario, parameters, run).world.recommendations["P/01"].stage
        assert stage == (Stage.HANDED_OVER if accepted else Stage.DROPPED)


def test_municipal_chain_comes_last() -> None:
    """Done by the agency in month 3, taken up by the chain in month 4, done there in month 5."""
    local = project(["A"], municipal=True, line_work=2.0)
    scenario = tiny({"A": {}, "B": {}}, arrangement={"municipal_chain": ["B"]}, projects=[local])
    model = after(4, scenario, still(acceptance_intercept=40.0) | SURE_LINES)
    assert [model.outcomes()[name] for name in ("adopted", "carried_out", "implemented")] == [1, 1, 0]
    model.step()
    model.step()
    months = model.world.recommendations["P/01"].months
    assert [months[stage] for stage in list(Stage)[1:6]] == [0, 1, 1, 2, 5]
    assert model.outcomes()["reached_municipalities"] == 1
    assert model.outcomes()["fte_spent"] == pytest.approx(1.0)


def test_what_municipalities_drop() -> None:
    """The chain has nothing to do with the theme, and drops at once what it does not take up."""
    local = project(["A"], municipal=True)
    agencies = {"A": {}, "B": {"core_tasks": {"b": 1.0}}}
    scenario = tiny(agencies, arrangement={"municipal_chain": ["A", "B"]}, projects=[local])
    unlike = {"priority_intercept": -40.0, "will_core": 80.0, "line_drop": 1.0}
    outcomes = after(5, scenario, still(acceptance_intercept=40.0) | SURE_LINES | unlike).outcomes()
    assert (outcomes["lost_municipalities"], outcomes["lost_line"], outcomes["carried_out"]) == (1, 0, 1)


def test_signal_is_lost_between_departments() -> None:
    """Full attention, a letter of strength 0.5, and three quarters of a loss of 0.4."""
    letter = {"name": "L", "ministries": ["M"], "to": ["A"], "begins": START, "ends": START, "strength": 0.5}
    arrangement = {"attention": 1.0, "department_link": 0.25}
    scenario = tiny({"A": {}}, arrangement=arrangement, letters={"letter": [letter]})
    model = after(1, scenario, still(signal_loss=0.4))
    assert model.world.agencies["A"].signal == pytest.approx(0.5 * 0.7)


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
