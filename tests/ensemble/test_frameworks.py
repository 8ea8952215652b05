"""Read-outs of the sources' frameworks: right where they can be reckoned otherwise, sensible everywhere."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, permutations
from math import log, sqrt

import numpy as np
import pandas as pd
import pytest

import tverretatlig_sim as ts
from choosing import KINDS, mostly_slow, shipped
from tverretatlig_sim.ensemble.batch import months_of
from tverretatlig_sim.ensemble.frameworks import FRAMEWORKS, LINKS, Setting, reached, weakest_link
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.scenario.history import phases
from tverretatlig_sim.scenario.parameters import parameter_specs
from tverretatlig_sim.scenario.resolved import views
from tverretatlig_sim.scenario.schema import given
from tverretatlig_sim.scenario.whole import revised
from tverretatlig_sim.world import build_world
from tverretatlig_sim.world.organisations import structural_distance

UNBOUNDED = ("distance.extra_contact", "distance.trust_won", "distance.cognitive_closed", "chain.capacity")
"""Measures that can be negative, or above one."""


@pytest.mark.parametrize("name", mostly_slow(KINDS))
def test_measures_are_within_limits_and_hang_together(name: str) -> None:
    runs = ts.simulate(name, runs=6, seed=2, months=48, series="none")
    table, means = runs.frameworks(), runs.frameworks()["mean"]
    assert list(dict.fromkeys(table["framework"])) == list(FRAMEWORKS)
    for measure, mean in means.items():
        if measure in ("ladder.aimed", "ladder.ambition", "ladder.reached"):
            assert 0 <= mean <= 4, measure
        elif not np.isnan(mean) and measure != "chain.activity" and measure not in UNBOUNDED:
            assert -1e-9 <= mean <= 1 + 1e-9, measure
    of_runs = table[table["kind"] == "reached"]
    assert (of_runs["n"] + of_runs["missing"] == 6).all()
    assert (table["mean"].isna() <= (table["n"] == 0)).all()
    # What is given needs no runs.
    pd.testing.assert_frame_equal(ts.frameworks(shipped(name), months=48), table[table["kind"] == "given"])
    # Rungs are reached from the bottom, and the kinds of instruments are all there are.
    rungs = [means[f"ladder.rung_{rung}"] for rung in (1, 2, 3, 4)]
    assert rungs == sorted(rungs, reverse=True)
    assert sum(rungs) == pytest.approx(means["ladder.reached"])
    kinds = ("legal", "economic", "organisational", "pedagogical")
    assert sum(means[f"instrument.{kind}"] for kind in kinds) == pytest.approx(1)
    # Links multiply to the whole chain.
    columns = reached(runs.values, Setting.of(runs.scenario, runs.months))
    whole = np.prod([columns[link] for link in LINKS[:4]], axis=0)
    known = ~np.isnan(whole)
    np.testing.assert_allclose(whole[known], columns["chain.whole"][known])
    assert weakest_link(table) in LINKS


def test_distances_are_those_of_the_pairs_that_have_to_do_with_each_other() -> None:
    agencies = {agency.name: agency for agency in shipped("labour-crime-2015").agencies}
    arrangement = shipped("labour-crime-2015").arrangement
    # Who comes to a forum later has nothing to do with its members in the first month.
    groups = [sorted({*forum.seats} - {it.holder for it in forum.term}) for forum in arrangement.forum]
    groups += [project.members for project in shipped("labour-crime-2015").portfolio.project]
    pairs = {pair for group in groups for pair in permutations(group, 2)}
    pairs |= {(tie.source_agency, tie.target_agency) for tie in arrangement.tie}
    means = ts.frameworks("labour-crime-2015")["mean"]
    own = [(agencies[a], agencies[b]) for a, b in pairs]
    assert means["distance.geographic"] == pytest.approx(np.mean([a.place != b.place for a, b in own]))

    def unlike(a: ts.Agency, b: ts.Agency) -> float:
        parts = [float(a.ministry != b.ministry), abs(log(float(a.staff) / float(b.staff))) / log(1000)]
        parts.append(abs(float(a.internal_organisation) - float(b.internal_organisation)))
        kinds = ((getattr(a, kind), getattr(b, kind)) for kind in ("form", "function", "works"))
        return float(np.mean(parts + [float(one != other) for one, other in kinds if one and other]))

    assert means["distance.structural"] == pytest.approx(np.mean([unlike(a, b) for a, b in own]))
    # Nobody has authority over others there.
    resources = [(float(a.capacity), float(b.capacity)) for a, b in own]
    assert means["distance.power"] == pytest.approx(np.mean([abs(a - b) / (a + b) for a, b in resources]) / 2)


@pytest.mark.parametrize("late", ["Bufdir", "Udir"])
def test_who_comes_later_is_not_there_in_the_first_month(late: str) -> None:
    """Nor as the coordinator, which Udir is."""
    own = shipped("0-24-2018").arrangement
    rows = {row.agency: row for row in own.member}
    rows[late] = rows[late].model_copy(update={"begins": "2019-01"})
    later = replace(shipped("0-24-2018"), arrangement=revised(own, member=[*rows.values()]))
    del rows[late]
    first = phases(later)[0][1]
    without = replace(first, arrangement=revised(first.arrangement, member=[*rows.values()]))
    pd.testing.assert_frame_equal(ts.frameworks(later, months=6), ts.frameworks(without, months=6))


def test_what_one_of_two_files_does_not_say_makes_no_structural_distance() -> None:
    one = shipped("0-24-2018").agencies[0].model_copy(update={"works": None})
    other = one.model_copy(update={"works": "field"})
    assert structural_distance(one, other) == 0
    other = one.model_copy(update={"function": "knowledge", "ministry": "elsewhere"})
    assert structural_distance(one, other) == pytest.approx(2 / 5)


def test_cognitive_distance_is_the_root_mean_square_over_pairs() -> None:
    found = [views(agency) for agency in shipped("0-24-2018").agencies]
    squares = [
        sum((one.get(theme, 0.0) - other.get(theme, 0.0)) ** 2 for theme in {*one, *other}) / 2
        for one, other in combinations(found, 2)
    ]
    start = ts.frameworks("0-24-2018")["mean"]["distance.cognitive_start"]
    assert start == pytest.approx(sqrt(np.mean(squares)))


def of_one_mind(scenario: ts.Scenario) -> ts.Scenario:
    """Ministries that all see the problem as the first agency does."""
    tasks = scenario.agencies[0].core_tasks
    same = {"frame": {theme: given(1 / len(tasks)) for theme in tasks}}
    alike = {
        field: tuple(ministry.model_copy(update=same) for ministry in getattr(scenario, field))
        for field in ("ministries", "beyond_ministries")
    }
    return replace(scenario, **alike)


def test_hierarchy_is_the_signal_that_work_hears_when_nothing_disturbs_it() -> None:
    quiet = {"attention_noise": 0.0}
    calm = shipped("0-24-2018")
    calm = replace(calm, letters=calm.letters.model_copy(update={"event": []}))
    calm = replace(of_one_mind(calm), arrangement=calm.arrangement.model_copy(update={"ministry_forum": []}))
    world = build_world(calm, 48)
    values = {name: spec.value for name, spec in parameter_specs().items()}
    heard: dict[int, list[float]] = {}
    for month, progress in enumerate(months_of(world, Parameters.of({**values, **quiet}), 1, np.arange(1))):
        for stake, project in enumerate(world.stakes.project):
            if world.projects.start[project] <= month:
                heard.setdefault(stake, []).append(progress.state.signal[stake, 0])
    expected = np.mean([np.mean(months) for months in heard.values()])
    measured = ts.frameworks(calm, months=48, parameters=quiet)["mean"]["hierarchy.strength"]
    assert measured == pytest.approx(expected)


def test_the_matrix_is_weak_or_strong_at_the_ends() -> None:
    base = shipped("0-24-2018")
    strong = ts.frameworks(ts.with_levers(base, "matrix=1"))["mean"]
    assert strong["matrix.resources"] == strong["matrix.authority"] == strong["matrix.position"] == 1
    weak = ts.frameworks(ts.with_levers(base, "matrix=0"))["mean"]
    assert weak["matrix.authority"] == 0
    # What is left is the secretariat's staff, which no dial sends home.
    staff = sum(float(forum.secretariat_fte) for forum in base.arrangement.forum)
    members = sum(float(agency.capacity) for agency in base.agencies)
    extra = sum(float(letter.resources) for letter in base.letters.letter)
    assert extra == 0
    assert weak["matrix.resources"] == pytest.approx(staff / (staff + members))


def test_what_does_not_apply_is_missing_and_not_zero() -> None:
    alone = ts.simulate("pure-hierarchy", 2, months=48).frameworks()["mean"]
    for measure in ("distance.geographic", "distance.extra_contact", "matrix.position", "role.driver_2"):
        assert np.isnan(alone[measure])
    assert alone["voluntary.start"] == alone["voluntary.end"] == 0
    assert np.isnan(ts.simulate("k-plus-2010", 2, months=48).frameworks()["mean"]["chain.municipal"])
    assert np.isnan(ts.frameworks("labour-crime-2015")["mean"]["role.system_steward"])


def test_a_portfolio_without_projects_has_no_measures_of_work() -> None:
    empty = shipped("0-24-2018")
    empty = replace(
        empty,
        portfolio=empty.portfolio.model_copy(update={"project": []}),
        letters=empty.letters.model_copy(
            update={"letter": [x for x in empty.letters.letter if not x.projects]}
        ),
    )
    means = ts.simulate(empty, runs=2, months=12, series="none").frameworks()["mean"]
    for measure in ("ladder.aimed", "hierarchy.strength", "instrument.legal", "chain.recommendation"):
        assert np.isnan(means[measure]), measure
    assert weakest_link(ts.frameworks(empty)) is None


def test_everyone_of_one_mind_has_no_cognitive_distance_to_close() -> None:
    base = of_one_mind(shipped("0-24-2018"))
    tasks = base.agencies[0].core_tasks
    same = {theme: given(1 / len(tasks)) for theme in tasks}
    alike = replace(
        base,
        agencies=tuple(a.model_copy(update={"frame": same}) for a in base.agencies),
        beyond=tuple(a.model_copy(update={"frame": same}) for a in base.beyond),
    )
    means = ts.simulate(alike, runs=2, months=6, series="none").frameworks()["mean"]
    assert means["distance.cognitive_start"] == pytest.approx(0, abs=1e-12)
    assert means["distance.cognitive_end"] == pytest.approx(0, abs=1e-12)


def test_the_roles_follow_the_coordinator() -> None:
    base = shipped("0-24-2018")
    leads = [project.lead for project in base.portfolio.project]
    means = ts.frameworks(base)["mean"]
    assert means["role.driver_2"] == pytest.approx(leads.count(base.arrangement.coordinator) / len(leads))
    other = replace(base, arrangement=base.arrangement.model_copy(update={"coordinator": "IMDi"}))
    assert ts.frameworks(other)["mean"]["role.driver_2"] == pytest.approx(leads.count("IMDi") / len(leads))
    assert means["role.driver_4"] == float(base.arrangement.lead_authority)
