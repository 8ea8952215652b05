"""The reference against numbers worked out by hand.

Half-lives, listening, queues, consent and laws are limit cases of the kernel, which it equals.
"""

from __future__ import annotations

import math
from hashlib import blake2b
from typing import Any

import pytest

from tverretatlig_sim import build

from . import ReferenceModel, default_parameters
from .draws import GOLDEN, key, mix, pair, uniform

START = "2020-01"
STILL = (
    "attention_noise will_core will_signal will_commitment will_load gain_weight process_weight ask_weight "
    "content_spread attendance_commitment meeting_cost friction group_drag frame_stubbornness turnover "
    "line_drop ownership_result ownership_process fit_anchoring priority_support structure_relief exclusion"
)
SURE = {"acceptance_intercept": 40.0, "look_pace": 1.0}
"""With these everybody agrees, and lines take up what waits in the first month they may."""
approx = pytest.approx


def tiny(agencies: Any, projects: Any = (), *, run: int = 0, **arrangement: Any) -> ReferenceModel:
    """Agencies given as letters, or with fields of theirs; most parameters rest, but those in `p`."""
    parameters = default_parameters() | dict.fromkeys(STILL.split(), 0.0)
    parameters |= {"attendance_intercept": 40.0, "will_intercept": 40.0} | arrangement.pop("p", {})
    own = {"ministry": "M", "core_tasks": {"a": 1.0}, "capacity": 1.0}
    agencies = agencies if isinstance(agencies, dict) else {name: {} for name in agencies}
    usual = {"name": "P", "themes": {"a": 1.0}, "origin": "commissioned", "size": 1.0, "start": START}
    scenario = build(
        "tiny",
        [{"name": name, **own, **given} for name, given in agencies.items()],
        [{**usual, **given} for given in projects],
        arrangement.pop("forum", ()),
        start=START,
        months=60,
        **arrangement,
    )
    return ReferenceModel(scenario, 1, run, parameters)


def after(months: int, model: ReferenceModel) -> Any:
    for _ in range(months):
        model.step()
    return model.world


def forum(seats: str, **fields: Any) -> dict[str, Any]:
    """A monthly forum F with a clear mandate, so that no time goes to structure."""
    usual = {"name": "F", "function": "steer", "cadence": 1.0, "mandate_clarity": 1.0}
    return {**usual, "seats": list(seats), **fields}


def project(members: str, **fields: Any) -> dict[str, Any]:
    """A project P led by the first member, with one recommendation."""
    return {"lead": members[0], "members": list(members), "recommendations": 1, **fields}


def stage_months(recommendation: Any) -> list[int]:
    names = ("drafted_at", "decided_at", "handed_at", "adopted_at", "implemented_at")
    return [getattr(recommendation, name) for name in names]


def test_draws() -> None:
    """The first numbers of the published SplitMix64 with seed 0; then the definition, step by step."""
    assert mix(GOLDEN) == 0xE220A8397B1DCDAF
    assert mix(2 * GOLDEN % 2**64) == 0x6E789E6AA1B965F4
    keys = (int.from_bytes(blake2b(name, digest_size=8).digest(), "little") for name in (b"vote", b"r"))
    process, entity = keys
    base = mix((mix(7 ^ process) + GOLDEN * 4) % 2**64)
    expected = (mix((mix(base ^ entity) + GOLDEN * 3) % 2**64) >> 11) / 2**53
    assert uniform(7, 2, "vote", key("r"), 3) == expected
    low, high = key("b") % 2**32, key("b") // 2**32
    assert pair("a", "b") == mix(key("a") ^ (low * 2**32 + high))


def test_cadence_gives_twelve_meetings_in_forty_two_months() -> None:
    """The directors' group of 2022–2025."""
    model = tiny("A", forum=[forum("A", cadence=3.5)])
    after(42, model)
    assert model.outcomes()["meetings"] == 12


def test_project_with_one_stop_point() -> None:
    """Half done in the first month: a stop point is passed, and anchoring drifts by half of the drift."""
    parameters = {"anchoring_start": 0.4, "anchoring_drift": 0.5, "anchoring_gain": 1.0, "dilution": 0.1}
    agencies, work = {"A": {"internal_organisation": 0.6}}, [project("A", size=2.0)]
    model = tiny(agencies, work, stop_points=1, project_clarity=0.5, p=parameters)
    half = after(1, model).projects["P"]
    anchored = 1 - (1 - 0.4 * (1 - 0.5 * 0.5)) * (1 - 0.5 * 0.6 / 2)
    assert (half.progress, half.project_boldness) == approx((0.5, 0.8 * 0.9))
    assert half.stakes[0].stake_anchoring == approx(anchored)
    after(1, model)
    assert half.delivered_at == 1
    assert half.stakes[0].stake_anchoring == approx(anchored * 0.75)


def test_deadline_delivers_what_there_is() -> None:
    """Of four planned, a quarter of the work gives one, at a quarter of the boldness."""
    model = tiny("A", [project("A", size=8.0, deadline=2, recommendations=4)])
    after(2, model)
    outcomes = model.outcomes()
    assert [outcomes[name] for name in ("drafted", "not_drafted", "boldness_end")] == approx([1, 3, 0.2])


def test_duty_holders_in_turn() -> None:
    """The lead C with two of the three others, going round from the nearest: D, A, B."""
    agencies: Any = {"A": {"core_tasks": {"a": 1.0, "b": 1.0}}, "B": {"core_tasks": {"a": 0.5, "b": 1.0}}}
    world = tiny({**agencies, "C": {}, "D": {}}, [project("CABD", recommendations=3, parties=3)]).world
    holders = {name: "".join(d.agency.name for d in r.duties) for name, r in world.recommendations.items()}
    assert holders == {"P/01": "ACD", "P/02": "BCD", "P/03": "ABC"}


def test_line_takes_up_and_carries_out() -> None:
    """Adopted the month after hand-over; two duties of 2 at capacity 2 then take two months."""
    model = tiny("A", [project("A", line_work=2.0, recommendations=2)], p=SURE)
    assert stage_months(after(5, model).recommendations["P/01"]) == [0, 1, 1, 2, 4]
    assert model.outcomes()["months_to_implement"] == 4


def test_confidence_follows_the_duties_of_partners() -> None:
    """A fifth of the way to 1 when the partner's duty is done, to 0 when it is dropped; effort goes along."""
    usual = SURE | {"will_intercept": 0.0, "adjustment": 0.2, "wait_and_see": 2.0}
    agencies, work, meeting = {"A": {"capacity": 2.0}, "B": {}}, [project("A")], [forum("AB")]
    kept = tiny(agencies, work, forum=meeting, p=usual)
    assert [agency.confidence for agency in after(4, kept).agencies.values()] == approx([0.6, 0.6])
    assert after(1, kept).agencies["B"].effort == approx(1 / (1 + math.exp(-2 * 0.1)))
    broken = tiny(agencies, work, forum=meeting, p=usual | {"look_pace": 0.0, "line_drop": 1.0})
    assert [agency.confidence for agency in after(3, broken).agencies.values()] == approx([0.5, 0.4])


def test_dependence_on_partners_gives_effort() -> None:
    """Half of a project of two is the partner's: dependence 0.8 counts by half."""
    agencies = {"A": {"dependence": 0.8}, "B": {"dependence": 0.0}}
    model = tiny(agencies, [project("AB")], p={"will_intercept": 0.0, "interdependence": 1.5})
    efforts = [agency.effort for agency in after(1, model).agencies.values()]
    assert efforts == approx([1 / (1 + math.exp(-0.6)), 0.5])


@pytest.mark.parametrize(("coordinator", "led"), [("A", 0.5), (None, 0.0)])
def test_strong_coordinator_dominates(coordinator: str | None, led: float) -> None:
    """Half authority: the other loses half of `dominance`."""
    parameters = {"dominance": 0.1, "ownership_half_life": 1.0}
    model = tiny("AB", forum=[forum("AB")], lead_authority=0.5, coordinator=coordinator, p=parameters)
    world = after(1, model)
    assert [a.ownership for a in world.agencies.values()] == approx([0.25, 0.25 * (1 - 0.1 * led)])


def test_low_rank_passes_cases_on() -> None:
    """Rank 0.4 and `round_trip` 0.5: three of ten times a case is left for the next meeting."""
    for run in range(50):
        trips = next(n for n in range(20) if uniform(1, run, "trip", key("P/01"), 1 + n) >= 0.3)
        low = {
            "forum": [forum("A", rank=0.4, secretariat_fte=1.0)],
            "route": ["F"],
            "p": SURE | {"round_trip": 0.5},
        }
        model = tiny("A", [project("A")], run=run, **low)
        assert after(20, model).recommendations["P/01"].decided_at == 1 + trips
        assert [model.outcomes()[name] for name in ("rounds", "round_trips")] == [1, trips]


def test_municipal_chain_comes_last() -> None:
    """Done by the agency in month 3, taken up by the chain in month 4, done there in month 5."""
    model = tiny("AB", [project("A", municipal=True, line_work=2.0)], municipal_chain=["B"], p=SURE)
    after(4, model)
    assert [model.outcomes()[name] for name in ("adopted", "carried_out", "implemented")] == [1, 1, 0]
    assert stage_months(after(2, model).recommendations["P/01"]) == [0, 1, 1, 2, 5]
    assert [model.outcomes()[name] for name in ("reached_municipalities", "fte_spent")] == approx([1, 1])


def test_what_municipalities_drop() -> None:
    """The chain has nothing to do with the theme, and drops at once what it does not take up."""
    agencies = {"A": {}, "B": {"core_tasks": {"b": 1.0}}}
    unlike = {"will_intercept": -40.0, "will_core": 80.0, "line_drop": 1.0}
    model = tiny(agencies, [project("A", municipal=True)], municipal_chain=["A", "B"], p=SURE | unlike)
    after(5, model)
    names = ("lost_municipalities", "lost_line", "carried_out")
    assert [model.outcomes()[name] for name in names] == [1, 0, 1]


@pytest.mark.parametrize(("cadence", "damping"), [(1.0, 0.75), (2.0, 0.5)])
def test_ministries_that_see_other_things_damp_their_signals(cadence: float, damping: float) -> None:
    """Views at right angles lie 1 / 2 from their mean; half authority takes half of it, once met."""
    letter = {"name": "L", "ministries": ["M"], "to": ["A"], "begins": START, "ends": START, "strength": 0.5}
    agencies = {"A": {}, "B": {"ministry": "N", "core_tasks": {"b": 1.0}}}
    body = forum("MN", name="J", authority=0.5, cadence=cadence)
    model = tiny(agencies, [project("AB")], attention=1.0, letters=[letter], ministry_forum=[body])
    assert after(1, model).agencies["A"].agency_signal == approx(0.5 * damping)
    assert model.outcomes()["ministry_coherence"] == approx(damping)


def test_what_was_settled_gets_into_letters() -> None:
    """Decided in month 1, on the table in 2, known to both; in the letters of the next January, month 12."""
    agencies = {"A": {}, "B": {"ministry": "N"}}
    slow = SURE | {"look_pace": 0.0, "letter_uptake": 1.0}
    joint = {"ministry_forum": [forum("MN", name="J", rule="majority")], "attention": 1.0}
    world = after(13, tiny(agencies, [project("AB")], p=slow, **joint))
    r = world.recommendations["P/01"]
    assert [r.reported_at, r.tabled_at, r.settled_at] == [1, 2, 2]
    assert [(h.heard_at, h.known_at) for h in world.hearings.values()] == [(1, 1), (2, 2)]
    assert [duty.letter_at for duty in r.duties] == [12, 12]


def test_mesa_gives_the_same() -> None:
    """Same rules, other driver."""
    pytest.importorskip("mesa")
    from .mesa_reference import MesaReference

    plain = tiny("ABC", [project("ABC")], forum=[forum("ABC", mandate_clarity=0.2)], route=["F", "line"],
                 core=["A"], p={"turnover": 0.2, "attendance_intercept": 1.0})  # fmt: skip
    model = MesaReference(plain.world.scenario, 1, 0, vars(plain.world.p))
    for _ in range(24):
        model.step()
    after(24, plain)
    assert model.reference.outcomes() == approx(plain.outcomes(), nan_ok=True)
    assert len(model.datacollector.model_vars["implemented"]) == 25
