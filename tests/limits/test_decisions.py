"""Decisions with independent votes: products, binomial tails, tries."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import binom, multivariate_normal, norm

from tverretatlig_sim import Ensemble, load_scenario, simulate
from tverretatlig_sim.ensemble.batch import months_of, resolve_parameters
from tverretatlig_sim.world import build_world

from .laboratory import (
    Row,
    agencies,
    agency,
    assert_mean,
    assert_share,
    forum,
    logit,
    project,
    weights,
    world,
)

RUNS, RECOMMENDATIONS = 400, 40
TRIALS = RUNS * RECOMMENDATIONS
SEED = 20


def council(
    seats: int,
    accept: float,
    *,
    duties: int | None = None,
    bodies: int = 1,
    months: int | None = None,
    recommendations: int = RECOMMENDATIONS,
    parameters: dict[str, float] | None = None,
    **fields: object,
) -> Row:
    """Equal forums of everyone in a row, and one report from the first month; fields go to the forums.

    By default there are as many months as it takes to settle everything.
    """
    tries = int((parameters or {}).get("max_rounds", 1))
    names = [f"body-{k}" for k in range(bodies)]
    return world(
        agencies(seats),
        months=months or 4 + bodies * tries,
        projects=[project(recommendations=recommendations, parties=duties or seats)],
        forum=[forum(name, **fields) for name in names],
        route=names,
        parameters={"acceptance_intercept": logit(accept), **(parameters or {})},
    )


def run(tables: Row, runs: int = RUNS) -> Ensemble:
    ensemble = simulate(load_scenario(tables), runs=runs, seed=SEED, series="none", batch_size=2000)
    assert (ensemble.outcomes["drafted"] == ensemble.outcomes["planned"]).all()
    return ensemble


def assert_decided(ensemble: Ensemble, chance: float) -> None:
    """Check the decided share; every recommendation must have been settled one way or the other."""
    decided, lost = ensemble.outcomes["decided"], ensemble.outcomes["lost_disagreement"]
    assert (decided + lost == ensemble.outcomes["drafted"]).all()
    assert_share(decided.sum(), int(ensemble.outcomes["drafted"].sum()), chance)


@pytest.mark.parametrize("seats", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("accept", [0.5, 0.8, 0.95])
def test_consensus_is_a_product(seats: int, accept: float) -> None:
    assert_decided(run(council(seats, accept)), accept**seats)


@pytest.mark.parametrize(("seats", "bodies"), [(1, 3), (2, 2), (3, 4), (5, 6)])
def test_complexity_of_joint_action(seats: int, bodies: int) -> None:
    """Pressman and Wildavsky: k clearances of n parties each."""
    accept = 0.95
    assert_decided(run(council(seats, accept, bodies=bodies)), accept ** (seats * bodies))


@pytest.mark.parametrize("tries", [1, 2, 3, 6])
@pytest.mark.parametrize("bodies", [1, 3])
@pytest.mark.parametrize("seats", [1, 3])
def test_persistence(tries: int, bodies: int, seats: int) -> None:
    """Bowen: up to r tries at each clearance."""
    accept = 0.7
    at_once = accept**seats
    tables = council(seats, accept, bodies=bodies, parameters={"max_rounds": tries})
    assert_decided(run(tables), (1.0 - (1.0 - at_once) ** tries) ** bodies)


@pytest.mark.parametrize("tries", [1, 2, 5])
def test_rounds_are_a_truncated_geometric(tries: int) -> None:
    accept = 0.4
    rounds = run(council(1, accept, parameters={"max_rounds": tries})).outcomes["rounds"]
    expected = (1.0 - (1.0 - accept) ** tries) / accept
    if tries == 1:
        assert (rounds == expected).all()
    else:
        assert_mean(rounds.to_numpy(), expected)


@pytest.mark.parametrize(("seats", "duties"), [(4, 1), (4, 2), (8, 3)])
def test_bystanders_consent_on_their_own_terms(seats: int, duties: int) -> None:
    accept, consent = 0.8, 0.9
    tables = council(seats, accept, duties=duties, parameters={"bystander_consent": consent})
    assert_decided(run(tables), accept**duties * consent ** (seats - duties))


@pytest.mark.parametrize("seats", range(1, 9))
@pytest.mark.parametrize("accept", [0.5, 0.7])
def test_majority_is_a_binomial_tail(seats: int, accept: float) -> None:
    """More than half: a tie falls."""
    tables = council(seats, accept, rule="majority")
    assert_decided(run(tables), float(binom.sf(seats // 2, seats, accept)))


@pytest.mark.parametrize("rule", ["consensus", "majority"])
def test_chances_may_differ_by_agency(rule: str) -> None:
    """Gains give every duty-holder a chance of its own: a product, and a Poisson-binomial tail."""
    chances, weight = [0.55, 0.9, 0.7, 0.8], 4.0
    parameters = {"gain_weight": weight, "acceptance_intercept": 0.0}
    tables = council(4, 0.5, parameters=parameters, rule=rule)
    gains = {name: logit(chance) / weight for name, chance in zip("ABCD", chances, strict=True)}
    tables["portfolio"]["project"][0].update(gains=gains, boldness=1.0)
    count = np.ones(1)
    for chance in chances:
        count = np.convolve(count, [1.0 - chance, chance])
    least = {"consensus": 4, "majority": 3}[rule]
    assert_decided(run(tables), float(count[least:].sum()))


@pytest.mark.parametrize(
    ("fields", "duties", "chance"),
    [
        ({"rule": "lead"}, 4, 0.7),
        ({"rule": "authority", "chair": "A"}, 4, 0.7),
        ({"rule": "authority", "chair": "D"}, 1, 0.9),
    ],
    ids=["lead", "chair with a duty", "chair without one"],
)
def test_one_voice_settles(fields: dict[str, str], duties: int, chance: float) -> None:
    tables = council(4, 0.7, duties=duties, parameters={"bystander_consent": 0.9}, **fields)
    assert_decided(run(tables), chance)


@pytest.mark.parametrize("bodies", [0, 1, 2])
def test_the_line_is_the_leads_vote(bodies: int) -> None:
    """On a route the lead's own line is one clearance, with forums before it or without."""
    accept, seats = 0.9, 4
    tables = council(seats, accept, bodies=bodies)
    tables["arrangement"]["route"].append("line")
    assert_decided(run(tables), accept ** (seats * bodies + 1))


@pytest.mark.parametrize(("rule", "seats"), [("consensus", 3), ("majority", 4)])
def test_only_seats_attended_count(rule: str, seats: int) -> None:
    """Attendance is one draw for all cases of a meeting, so each run has one recommendation."""
    accept, attend = 0.6, 0.5
    parameters = {"attendance_intercept": logit(attend)}
    tables = council(seats, accept, months=60, recommendations=1, parameters=parameters, rule=rule)
    least = {"consensus": lambda m: m, "majority": lambda m: m // 2 + 1}[rule]
    present = binom.pmf(range(seats + 1), seats, attend)
    passed = sum(present[m] * binom.sf(least(m) - 1, m, accept) for m in range(1, seats + 1))
    assert_decided(run(tables, runs=4000), float(passed / (1.0 - present[0])))


@pytest.mark.parametrize(("consent", "authority"), [(1.0, 0.0), (0.6, 0.0), (0.6, 0.5), (0.6, 1.0)])
def test_ministries_settle_what_is_stuck(consent: float, authority: float) -> None:
    """The lead's ministry M votes as an agency does, N as a bystander; M as chair cuts through."""
    accept = 0.3
    tables = council(1, accept, months=8, parameters={"bystander_consent": consent})
    joint(tables, ["M", "N"], chair="M", authority=authority)
    settled = accept * (consent + (1.0 - consent) * authority)
    assert_decided(run(tables), accept + (1.0 - accept) * settled)


def joint(tables: Row, ministries: list[str], **fields: object) -> None:
    """A joint body of some ministries that meets every month."""
    tables["actors"]["ministry"] = [{"name": name} for name in ministries]
    tables["arrangement"]["ministry_forum"] = [forum("joint", seats=ministries, **fields)]


@pytest.mark.parametrize(("link", "authority"), [(0.0, 1.0), (1.0, 0.0), (0.4, 1.0)])
def test_letters_take_up_what_departments_know(link: float, authority: float) -> None:
    """Of a duty of the lead and one elsewhere, the first is known by the line, the other by link."""
    known = {"letter_uptake": 1.0, "look_pace": 0.0}
    tables = council(2, 0.5, months=14, parameters=known | {"acceptance_intercept": 40.0})
    tables["actors"]["agency"][1]["ministry"] = "N"
    joint(tables, ["M", "N"], chair="M", authority=authority, link=link)
    scenario = load_scenario(tables)
    *_, last = months_of(
        build_world(scenario, 14), resolve_parameters(scenario, None, RUNS), SEED, np.arange(RUNS)
    )
    taken_up = (last.state.letter_at >= 0).reshape(-1, 2, RUNS)
    assert taken_up[:, 0].all()
    assert_share(taken_up[:, 1].sum(), taken_up[:, 1].size, link)


@pytest.mark.parametrize("cases", [3, 5])
def test_agenda_takes_cases_of_one_month_by_lot(cases: int) -> None:
    """Two a meeting: in every run the k-th is decided in month 1 + k // 2, and each as often early."""
    reports = [project(f"P{k}") for k in range(cases)]
    tables = world(agencies(2), months=10, projects=reports, forum=[forum(agenda=2)], route=["table"])
    scenario = load_scenario(tables)
    parameters = resolve_parameters(scenario, None, RUNS)
    *_, last = months_of(build_world(scenario, 10), parameters, SEED, np.arange(RUNS))
    decided = last.state.decided_at
    np.testing.assert_array_equal(np.sort(decided, axis=0).T, [[1 + k // 2 for k in range(cases)]] * RUNS)
    for early in (decided == 1).sum(axis=1):
        assert_share(early, RUNS, 2 / cases)


def test_agenda_takes_the_oldest_case_first() -> None:
    """What was drafted a month earlier comes first, whatever it is called."""
    reports, table = [project("A", start="2020-02"), project("B")], [forum(agenda=1, cadence=3)]
    tables = world(agencies(2), months=10, projects=reports, forum=table, route=["table"])
    moves = simulate(load_scenario(tables), runs=1).trace()
    decided = moves[moves["to_stage"] == "decided"].set_index("recommendation")["month"]
    assert decided.to_dict() == {"B/01": 2, "A/01": 5}


@pytest.mark.parametrize(("ministries", "tries"), [(1, 1), (1, 3), (2, 2), (3, 1)])
def test_law_needs_every_ministry_once_a_year(ministries: int, tries: int) -> None:
    consent = 0.6
    options = {"attention_level": consent, "max_rounds": tries}
    tables = council(ministries, 0.5, months=40, parameters=options)
    tables["parameters"]["acceptance_intercept"] = 40.0
    tables["portfolio"]["project"][0]["instrument"] = "legal"
    tables["letters"] = {"law_months": 0}
    names = [f"M{k}" for k in range(ministries)]
    tables["actors"]["ministry"] = [{"name": name} for name in names]
    for row, name in zip(tables["actors"]["agency"], names, strict=True):
        row["ministry"] = name
    joint(tables, names)
    outcomes = run(tables).outcomes
    assert (outcomes["handed_over"] + outcomes["lost_ministries"] == outcomes["decided"]).all()
    agreed = 1.0 - (1.0 - consent**ministries) ** tries
    assert_share(outcomes["handed_over"].sum(), TRIALS, agreed)


def tasks(*rows: list[float]) -> list[Row]:
    """Agencies with these weights in core tasks."""
    return [agency(name, core_tasks=weights("xyz", row)) for name, row in zip("ABCDEFGH", rows, strict=False)]


def voting(members: list[Row], accept: float, *, months: int = 4, **fields: Any) -> Row:
    """Agencies that share their votes, all with a duty; fields go to the forum."""
    parameters = {"shared_vote": 1.0, "acceptance_intercept": logit(accept), **fields.pop("parameters", {})}
    plan = project(recommendations=RECOMMENDATIONS, parties=len(members))
    return world(members, months=months, projects=[plan], forum=[forum(**fields)], route=["table"],
                 parameters=parameters)  # fmt: skip


@pytest.mark.parametrize("clones", [2, 5])
def test_clones_add_no_veto_unless_votes_are_independent(clones: int) -> None:
    tables = voting(tasks(*[[1.0, 1.0, 0.0]] * clones), 0.7)
    assert_decided(run(tables), 0.7)
    tables["parameters"]["shared_vote"] = 0.0
    assert_decided(run(tables), 0.7**clones)


@pytest.mark.parametrize("share", [0.5, 1.0])
def test_votes_hang_together_as_far_as_core_tasks_do(share: float) -> None:
    """Two of three themes in common: the normal numbers behind two votes have half the share in common."""
    tables = voting(tasks([1.0, 1.0, 0.0], [0.0, 1.0, 1.0]), 0.6, parameters={"shared_vote": share})
    both = multivariate_normal.cdf([norm.ppf(0.6)] * 2, cov=[[1.0, share / 2.0], [share / 2.0, 1.0]])
    assert_decided(run(tables), float(both))


def test_votes_without_common_tasks_are_independent() -> None:
    apart = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    assert_decided(run(voting(tasks(*apart), 0.8)), 0.8**3)


@pytest.mark.parametrize("authority", [0.0, 0.4, 1.0])
@pytest.mark.parametrize("rule", ["consensus", "majority"])
def test_a_chair_cuts_through(rule: str, authority: float) -> None:
    """What is not agreed on passes if the chair is for it and may decide; with full authority it decides."""
    accept = 0.6
    fields = {"rule": rule, "chair": "A", "authority": authority, "parameters": {"shared_vote": 0.0}}
    tables = voting(agencies(3), accept, **fields)
    others = {"consensus": accept**2, "majority": 1.0 - (1.0 - accept) ** 2}[rule]
    passed = accept * (others + authority * (1.0 - others))
    alone = {"consensus": 0.0, "majority": (1.0 - accept) * accept**2}[rule]
    assert_decided(run(tables), passed + alone)


def test_those_overruled_lose_ownership() -> None:
    """A gains, B loses and refuses each time; A has the chair and goes over B's head."""
    parameters = {"gain_weight": 40.0}
    tables = voting(agencies(2), 0.5, chair="A", authority=1.0, parameters=parameters)
    tables["portfolio"]["project"][0].update(gains={"A": 1.0, "B": -1.0}, boldness=1.0)
    kept = {}
    for cost in (0.0, 0.02):
        tables["parameters"]["dominance"] = cost
        outcomes = run(tables, runs=1).outcomes
        assert outcomes["decided"][0] == RECOMMENDATIONS
        kept[cost] = outcomes["ownership_end"][0]
    np.testing.assert_allclose(kept[0.02] / kept[0.0], (1.0 + 0.98**RECOMMENDATIONS) / 2.0, rtol=1e-9)


@pytest.mark.parametrize(
    ("fields", "authority"), [({}, 0.8), ({"authority": 0.0}, 0.0), ({"chair": "B"}, 0.0)]
)
def test_the_coordinator_has_its_authority_where_it_chairs(fields: dict[str, Any], authority: float) -> None:
    tables = voting(agencies(2), 0.5, parameters={"shared_vote": 0.0}, **fields)
    tables["arrangement"].update(coordinator="A", lead_authority=0.8)
    assert_decided(run(tables), 0.25 + 0.25 * authority)


@pytest.mark.parametrize(("quorum", "settled"), [(0.0, 0.75), (0.5, 0.75), (0.6, 0.25), (1.0, 0.25)])
def test_too_few_settle_nothing(quorum: float, settled: float) -> None:
    """Two seats that come by the toss of a coin: at one meeting, one case in each run."""
    parameters = {"attendance_intercept": 0.0, "shared_vote": 0.0}
    tables = voting(agencies(2), 0.5, months=2, quorum=quorum, parameters=parameters)
    tables["portfolio"]["project"][0]["recommendations"] = 1
    outcomes = run(tables, runs=4000).outcomes
    seen = outcomes["decided"] + outcomes["lost_disagreement"]
    assert_share(int(seen.sum()), 4000, settled)


@pytest.mark.parametrize("rounds", [1, 3])
def test_a_forum_may_have_rounds_of_its_own(rounds: int) -> None:
    tables = voting(agencies(1), 0.4, months=4 + rounds, rounds=rounds, parameters={"max_rounds": 2})
    assert_decided(run(tables), 1.0 - 0.6**rounds)
