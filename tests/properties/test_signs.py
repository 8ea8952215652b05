"""Which way things move when one thing is raised and everything else stays fixed.

Each arrow is judged on paired runs with common random numbers, twice: with the default parameters, and with
another vector from the evidence ranges in every run. Where parameters can switch a mechanism off, nothing
moves without it. The difference must have the right sign with a paired t
statistic of at least 3.5 over the evidence ranges, and of at least 2 at the defaults. Seeds are fixed, so a
test always gives the same result.

An arrow is judged where its mechanism has room: a scenario without forums is left out where forums matter, a
secretariat that serves everything in time is given less staff, and other reasons stand beside the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from choosing import shipped
from tverretatlig_sim import Scenario
from tverretatlig_sim.ensemble.series import ratio

from . import levers
from .observing import Numbers, Observation, observe, sample, t_statistic

STRICT = 3.5
"""Least t statistic over the evidence ranges: an effect of zero passes in 3 of 10 000 fresh seeds."""
NOT_AGAINST = 2.0
"""At the defaults, where there are fewer runs: 25 of 1 000, so that both pass by chance in 8 of a million."""

QUICKLY = "0-24-2018"
"""Rows that have room there are judged there, in the fast part, where few runs tell."""
RUNS = {"default": 96, "evidence": 240}
FEW = {"default": 64, "evidence": 160}
AGENCIES = "etatssamarbeidet-2025"
FORUMS = (QUICKLY, "dfo-simplified", AGENCIES, "pure-network")
ALL = (*FORUMS, "pure-hierarchy")
"""One of each kind: a programme, both forms of the agencies' cooperation, and the two extremes."""
DECIDING = (QUICKLY, "dfo-simplified", "pure-network")
"""Where forums decide on most recommendations; in the agencies' cooperation lines do (DFO25 5.4)."""

Lever = Callable[..., Scenario]
Measure = Callable[[Observation], Numbers]

UP, DOWN = 1, -1


def outcome(name: str) -> Measure:
    return lambda seen: seen.outcomes[name]


def share_of(whole: str, name: str) -> Measure:
    return lambda seen: ratio(seen.outcomes[name], seen.outcomes[whole])


def implemented_of_planned(seen: Observation) -> Numbers:
    return seen.outcomes["implemented"] / seen.outcomes["planned"]


def effort(agency: str) -> Measure:
    return lambda seen: seen.effort_of(agency)


def adoption(agency: str) -> Measure:
    return lambda seen: seen.adoption_by(agency)


def same(scenario: Scenario) -> Scenario:
    return scenario


@dataclass(frozen=True)
class Sign:
    """One row of the table of signs.

    Attributes:
        lever: raises what the row raises.
        moves: what moves, and which way.
        where: shipped scenarios in which it has room.
        basis: what both sides of the comparison have in common.
        off: parameters that switch the mechanism off; then nothing moves.
    """

    lever: Lever
    moves: Mapping[str, tuple[Measure, int]]
    where: tuple[str, ...]
    basis: Lever = same
    off: Mapping[str, float] | None = None


@cache
def pull(change: Lever, **fields: Any) -> Lever:
    """A change with these settings: the same object for the same settings, so that ensembles are shared."""
    return partial(change, **fields)


def seated_all(scenario: Scenario) -> Scenario:
    """Every agency in every forum."""
    return levers.seated(scenario, len(scenario.agencies))


def seated_half(scenario: Scenario) -> Scenario:
    """Half of them, but not so few that nobody comes."""
    return levers.seated(scenario, max(3, len(scenario.agencies) // 2))


LOUD, QUIET = (pull(levers.louder, by=by) for by in (0.5, -0.4))
CLEAR, VAGUE = (pull(levers.clearer, by=by) for by in (0.3, -0.3))
HEARING = (QUICKLY, "dfo-simplified", AGENCIES, "pure-hierarchy")
STEERED: Mapping[str, tuple[Measure, int]] = {
    "effort": (lambda seen: seen.total_effort, UP),
    "progress": (lambda seen: seen.progress, UP),
}

SIGNS: dict[str, Sign] = {
    # The agency furthest from the portfolio: others have little room, and few duties.
    "core-task overlap": Sign(pull(levers.nearer, name="AVdir"), {"effort": (effort("AVdir"), UP)}, ALL),
    # Within chance in 0-24-2018 and pure-network (docs/evaluation.md).
    "core-task overlap and adoption": Sign(
        pull(levers.nearer, name="AVdir"),
        {"adoption of its duties": (adoption("AVdir"), UP)},
        ("0-24-2015", "dfo-simplified", AGENCIES),
    ),
    # In pure-network nobody hears ministries, by definition.
    "letter strength": Sign(LOUD, STEERED, HEARING, basis=QUIET),
    # Within chance elsewhere (docs/evaluation.md).
    "letter strength and adoption": Sign(
        LOUD,
        {"adoption": (lambda seen: seen.adoption, UP)},
        ("dfo-simplified", "etatssamarbeidet-2023"),
        basis=QUIET,
    ),
    "letters that contradict": Sign(
        levers.contradicted,
        {"effort": (lambda seen: seen.total_effort, DOWN), "rounds": (outcome("mandate_rounds"), UP)},
        (QUICKLY,),
    ),
    "letter strength with resources": Sign(pull(levers.louder, by=0.5, resources=0.5), STEERED, HEARING),
    "mandate clarity of forums": Sign(
        pull(levers.clearer_forums, by=0.3), {"structure share": (outcome("structure_share"), DOWN)}, FORUMS
    ),
    "mandate clarity": Sign(
        CLEAR, {"structure share": (outcome("structure_share"), DOWN)}, FORUMS, basis=VAGUE
    ),
    # Where mandates are vetted (0-24-2018), they are clear before anything is decided.
    "mandate clarity and rounds": Sign(
        CLEAR,
        {"rounds": (outcome("rounds"), DOWN)},
        ("dfo-simplified", AGENCIES, "pure-hierarchy", "pure-network"),
        basis=VAGUE,
    ),
    "preparation": Sign(
        pull(levers.arranged, preparation=6.0),
        {"clarity": (outcome("clarity_end"), UP), "progress": (lambda seen: seen.progress, DOWN)},
        (QUICKLY, "dfo-simplified", AGENCIES),
    ),
    "secretariat staff": Sign(
        pull(levers.staffed, fte=1.0),
        {"service quality": (outcome("service_quality"), UP)},
        FORUMS,
        basis=pull(levers.staffed, fte=0.5),
    ),
    # Where there is an inside to stand outside of.
    "secretariat staff and inclusion": Sign(
        pull(levers.staffed, fte=1.0),
        {"inclusion": (outcome("inclusion_periphery"), UP)},
        ("dfo-simplified", AGENCIES),
        basis=pull(levers.staffed, fte=0.5),
        off={"exclusion": 0.0},
    ),
    "seats per forum": Sign(
        seated_all, {"structure share": (outcome("structure_share"), UP)}, FORUMS, basis=seated_half
    ),
    "seats per forum and rounds": Sign(
        seated_all, {"rounds": (outcome("rounds"), UP)}, DECIDING, basis=seated_half
    ),
    # Monthly meetings on both sides: else the wait for the next one depends on the month a project ends in.
    "seats per forum and decision time": Sign(
        lambda scenario: levers.forums(seated_all(scenario), cadence=1.0),
        {"months to decide": (outcome("months_to_decide"), UP)},
        tuple(name for name in DECIDING if name != QUICKLY),  # its mandates wait at the same table
        basis=lambda scenario: levers.forums(seated_half(scenario), cadence=1.0),
    ),
    "turnover": Sign(
        lambda scenario: levers.restless(levers.staffed(scenario, 0.5)),
        {"trust": (outcome("trust_mean"), DOWN), "service quality": (outcome("service_quality"), DOWN)},
        FORUMS,
        basis=pull(levers.staffed, fte=0.5),
    ),
    "line stop points": Sign(
        pull(levers.stopping, points=3),
        {"adoption": (lambda seen: seen.adoption, UP), "boldness": (outcome("boldness_end"), DOWN)},
        ALL,
        basis=pull(levers.stopping, points=0),
    ),
    # Fewer come to the line, so refusals are counted of those that do.
    "instruments to be given up": Sign(
        levers.giving_up,
        {
            "rounds": (outcome("rounds"), UP),
            "adoption": (lambda seen: seen.adoption, DOWN),
            "refused": (share_of("handed_over", "refused"), UP),
        },
        ALL,
    ),
    "instruments to be given up and decisions": Sign(
        levers.giving_up, {"decided": (share_of("drafted", "decided"), DOWN)}, DECIDING
    ),
    # Of what was planned. Of what was drafted, the share says less, as only the quickest get that far: it is
    # judged where most is drafted all the same.
    # None in etatssamarbeidet-2025, where it rises at the defaults and falls over the evidence.
    "parallel projects": Sign(
        levers.more_projects,
        {"implemented": (implemented_of_planned, DOWN)},
        tuple(name for name in ALL if name != AGENCIES),
    ),
    # Within chance in dfo-simplified at the defaults, where what starts later waits for what began first.
    "parallel projects and the headline": Sign(
        levers.more_projects, {"implemented rate": (outcome("implemented_rate"), DOWN)}, ("0-24-2015",)
    ),
    # Without forums and project groups nobody listens, and views are their frames throughout.
    "stubbornness of frames": Sign(
        levers.stubborn, {"understanding gap": (outcome("understanding_gap"), UP)}, FORUMS
    ),
    "dependence": Sign(
        pull(levers.everyone, dependence=1.0),
        {"effort": STEERED["effort"]},
        (QUICKLY,),
        basis=pull(levers.everyone, dependence=0.0),
        off={"interdependence": 0.0},
    ),
    "authority of the lead": Sign(
        pull(levers.arranged, lead_authority=1.0),
        {"ownership": (outcome("ownership_end"), DOWN)},
        (QUICKLY,),
        basis=pull(levers.arranged, lead_authority=0.0),
        off={"dominance": 0.0, "distance_drag": 0.0},
    ),
    "authority of the chair": Sign(
        pull(levers.chaired, authority=1.0),
        {"mandates sent back": (outcome("mandate_rounds"), DOWN)},
        (QUICKLY,),
        basis=pull(levers.chaired, authority=0.0),
    ),
    "rank": Sign(
        pull(levers.forums, rank=1.0),
        {"trips": (outcome("round_trips"), DOWN), "months to decide": (outcome("months_to_decide"), DOWN)},
        (QUICKLY,),
        basis=pull(levers.forums, rank=0.1),
        off={"round_trip": 0.0},
    ),
    "ambition": Sign(
        pull(levers.everyone, ambition=4.0),
        {"rounds": (outcome("rounds"), DOWN)},
        (QUICKLY,),
        basis=pull(levers.everyone, ambition=1.0),
        off={"ambition_weight": 0.0},
    ),
    "municipal chain": Sign(
        levers.through_municipalities, {"implemented rate": (outcome("implemented_rate"), DOWN)}, (QUICKLY,)
    ),
    "resources of the programme": Sign(
        pull(levers.arranged, programme_resources=0.5),
        {"effort": STEERED["effort"]},
        (QUICKLY,),
        basis=pull(levers.arranged, programme_resources=0.0),
    ),
    "authority of the ministries' body": Sign(
        pull(levers.joint, authority=1.0),
        {"coherence": (outcome("ministry_coherence"), UP)},
        (QUICKLY, AGENCIES),
        basis=pull(levers.joint, authority=0.0),
    ),
    # No parameter switches it off: departments that know write letters, and also agree to law and budget.
    "link to the departments": Sign(
        pull(levers.joint, link=1.0, authority=1.0, cadence=2.0),
        {"implemented": (implemented_of_planned, UP)},
        (QUICKLY,),
        basis=pull(levers.joint, link=0.0, authority=1.0, cadence=2.0),
    ),
}


def samples(name: str) -> dict[str, slice]:
    """The runs of each sample of a scenario."""
    default, evidence = (FEW if name == QUICKLY else RUNS).values()
    return {"default": slice(0, default), "evidence": slice(default, default + evidence)}


@cache
def seen(name: str, lever: Lever) -> Observation:
    """Both samples of a shipped scenario after a change."""
    default, evidence = (FEW if name == QUICKLY else RUNS).values()
    return observe(lever(shipped(name)), sample(default, evidence), default + evidence)


@pytest.mark.parametrize(
    ("row", "name"),
    [
        pytest.param(row, name, id=f"{row}-{name}", marks=() if name == QUICKLY else pytest.mark.slow)
        for row, sign in SIGNS.items()
        for name in sign.where
    ],
)
def test_sign(row: str, name: str) -> None:
    sign = SIGNS[row]
    low, high = seen(name, sign.basis), seen(name, sign.lever)
    statistics = {
        (what, which): direction * t_statistic(measure(high)[runs] - measure(low)[runs])
        for what, (measure, direction) in sign.moves.items()
        for which, runs in samples(name).items()
    }
    least = {"default": NOT_AGAINST, "evidence": STRICT}
    assert all(statistic >= least[which] for (_, which), statistic in statistics.items()), statistics
    if sign.off is not None:
        without = [observe(lever(shipped(name)), sign.off, 8) for lever in (sign.basis, sign.lever)]
        for measure, _ in sign.moves.values():
            np.testing.assert_array_equal(*map(measure, without))


def test_effort_depends_on_promises_only_where_agencies_wait_and_see() -> None:
    def spent(weight: float, drop: float) -> Numbers:
        values = {"wait_and_see": weight, "line_drop": drop}
        return observe(shipped(QUICKLY), values, 96).outcomes["fte_spent"]

    cautious, others = (spent(weight, 0.005) - spent(weight, 0.1) for weight in (2.0, 0.0))
    assert t_statistic(cautious - others) >= STRICT


def test_municipal_projects_without_a_chain_are_as_any() -> None:
    plain = levers.practice(shipped(QUICKLY), municipal_chain=[])
    marked = levers.through_municipalities(plain, chain=())
    results = [observe(scenario, {}, 8).outcomes["implemented_rate"] for scenario in (plain, marked)]
    np.testing.assert_array_equal(*results)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["0-24-2018", AGENCIES])
def test_service_quality_saturates_in_staff(name: str) -> None:
    """Equal steps bring less and less, and at last nothing.

    In coarse steps only: far below full service, the backlog makes the first staff worth less than the next.
    """
    steps = [0.5, 2.0, 3.5, 5.0]
    quality = [seen(name, pull(levers.staffed, fte=fte)).outcomes["service_quality"] for fte in steps]
    first, second, third = (after - before for before, after in pairwise(quality))
    for runs in samples(name).values():
        assert t_statistic(first[runs] - second[runs]) >= STRICT
        assert second[runs].mean() >= third[runs].mean() >= 0
        assert third[runs].mean() < 0.02
