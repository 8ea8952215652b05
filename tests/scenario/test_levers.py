"""Levers compose with any arrangement, in any order, or are refused with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import combinations, permutations
from pathlib import Path
from random import Random
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from tverretatlig_sim import (
    Lever,
    Scenario,
    ScenarioError,
    list_levers,
    list_scenarios,
    load_lever,
    load_scenario,
    simulate,
)
from tverretatlig_sim.scenario.dials import list_dials, load_dial
from tverretatlig_sim.scenario.levers.amounts import ORDER, How, Pull, changed, contradiction
from tverretatlig_sim.scenario.levers.operations import OPERATIONS
from tverretatlig_sim.scenario.levers.targets import (
    FIELDS,
    FORUMS,
    SELECTORS,
    STANDS_FOR,
    ForumSelector,
    bounds_of,
    parsed,
    vocabulary,
)
from tverretatlig_sim.scenario.parts import problems_in
from tverretatlig_sim.scenario.quantity import Bounds, Quantity

HEAD = """
title = { en = "Own", nb = "Egen" }
source = "test"
evidence = "advice"
meaning = { en = "m", nb = "m" }
"""
LEVERS = list_levers()


@cache
def scenario(name: str) -> Scenario:
    return load_scenario(name)


def own(folder: Path, body: str, name: str = "own") -> Lever:
    path = folder / f"{name}.toml"
    path.write_text(HEAD + body, encoding="utf-8")
    return load_lever(path)


def change(what: str, how: str, amount: str) -> str:
    return f'[[change]]\nwhat = "{what}"\nhow = "{how}"\namount = {amount}\n'


def operation(do: str, **fields: str) -> str:
    return f'[[operation]]\ndo = "{do}"\n' + "".join(f"{key} = {value}\n" for key, value in fields.items())


def parts(made: Scenario) -> tuple[object, ...]:
    return made.ministries, made.everyone, made.arrangement, made.portfolio, made.letters


@cache
def pulled(lever: str) -> tuple[list[tuple[Scenario, Scenario]], dict[str, str]]:
    """Every scenario the lever can be pulled in, before and after, and why it cannot in the others."""
    pairs, refused = [], {}
    for name in list_scenarios():
        try:
            pairs.append((scenario(name), scenario(name).with_levers(lever)))
        except ScenarioError as refusal:
            refused[name] = str(refusal)
    return pairs, refused


def quantities(table: object) -> Iterator[Quantity]:
    """Every number in a table, at any depth."""
    if isinstance(table, Quantity):
        yield table
    elif isinstance(table, BaseModel):
        yield from (item for field in type(table).model_fields for item in quantities(getattr(table, field)))
    elif isinstance(table, dict):
        yield from (item for value in table.values() for item in quantities(value))
    elif isinstance(table, list | tuple):
        yield from (item for value in table for item in quantities(value))


@pytest.mark.parametrize("lever", LEVERS)
def test_every_lever_runs_or_is_refused_with_a_reason(lever: str) -> None:
    pairs, refused = pulled(lever)
    assert pairs
    for name, reason in refused.items():
        assert reason.startswith(f'"{name}": lever "{lever}": ')
        assert "cannot be pulled: " in reason or "changes nothing " in reason
    for before, after in pairs:
        assert after.name == f"{before.name}+{lever}"
        assert after.levers == (lever,)
        assert parts(after) != parts(before)
        assert problems_in(after, "") == []
        assert len(simulate(after, runs=4, months=12, series="none").outcomes) == 4


@pytest.mark.parametrize("lever", LEVERS)
def test_every_number_of_a_lever_has_a_grade_a_source_and_a_range(lever: str) -> None:
    found = load_lever(lever)
    for number in quantities([*found.changes, *found.operations]):
        assert number.source, number
        if number.value:
            assert number.range is not None
            assert number.range[0] <= number.value <= number.range[1]
    assert found.source
    assert all((found.title.en, found.title.nb, found.meaning.en, found.meaning.nb))


@pytest.mark.parametrize("lever", LEVERS)
def test_changed_numbers_keep_within_their_ranges(lever: str) -> None:
    for before, after in pulled(lever)[0]:
        known = set(map(id, quantities(list(parts(before)))))
        for number in quantities(list(parts(after))):
            if id(number) not in known and number.range is not None:
                assert number.range[0] <= number.value <= number.range[1]


def test_no_levers_change_nothing() -> None:
    for name in list_scenarios():
        assert scenario(name).with_levers() is scenario(name)
        assert load_scenario(name, levers=[]) == scenario(name)


@pytest.mark.parametrize(
    ("name", "levers"),
    [
        ("etatssamarbeidet-2023", ("simpler-structure", "good-arenas", "start-criteria", "role-driver")),
        (
            "integration-goals-2006",
            ("good-arenas", "stronger-secretariat", "lasting-anchoring", "target-picture"),
        ),
        ("0-24-2018", ("agreed-scope", "freedom-under-mandate", "stable-staffing", "shared-relations")),
    ],
)
def test_order_does_not_matter(name: str, levers: tuple[str, ...]) -> None:
    first, *others = (scenario(name).with_levers(*order) for order in permutations(levers))
    assert first.name == "+".join((name, *sorted(levers)))
    assert all(other == first for other in others)
    runs = [simulate(made, runs=3, months=24, series="none").outcomes for made in (first, others[-1])]
    assert np.array_equal(*(run.to_numpy(dtype=float) for run in runs), equal_nan=True)


@pytest.mark.parametrize("name", ["0-24-2018", "etatssamarbeidet-2023", "pure-hierarchy"])
def test_pairs_are_the_same_in_either_order_or_refused_alike(name: str) -> None:
    for one, other in list(combinations(LEVERS, 2))[::6]:
        results: list[Scenario | str] = []
        for order in ((one, other), (other, one)):
            try:
                results.append(scenario(name).with_levers(*order))
            except ScenarioError as refusal:
                results.append(str(refusal))
        assert results[0] == results[1]


def test_all_levers_at_once_contradict_only_over_the_forum_for_the_few() -> None:
    with pytest.raises(ScenarioError) as refusal:
        scenario("etatssamarbeidet-2022").with_levers(*LEVERS)
    assert {'levers "core-only-forum" and "simpler-structure"'} == {
        str(p.place) for p in refusal.value.problems
    }
    rest = scenario("etatssamarbeidet-2022").with_levers(*set(LEVERS) - {"core-only-forum"})
    assert len(rest.levers) == len(LEVERS) - 1


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (("set", "0.2"), ("set", "0.4"), "set 0.2 and set 0.4"),
        (("at_least", "0.8"), ("at_most", "0.5"), "at least 0.8 and at most 0.5"),
        (("set", "0.2"), ("at_least", "0.9"), "set 0.2 and at least 0.9"),
    ],
)
def test_numbers_that_contradict_are_refused(
    one: tuple[str, str], other: tuple[str, str], reason: str, tmp_path: Path
) -> None:
    levers = [
        own(tmp_path, change("arrangement.mandate_clarity", *spec), name)
        for name, spec in (("a", one), ("b", other))
    ]
    with pytest.raises(ScenarioError) as refusal:
        scenario("0-24-2018").with_levers(*levers)
    assert 'levers "a" and "b": contradict each other: arrangement, mandate_clarity: ' + reason in str(
        refusal.value
    )


def test_operations_that_contradict_are_refused(tmp_path: Path) -> None:
    few = own(tmp_path, operation("fewer-seats", which='"all"', most="4"), "few")
    fewer = own(tmp_path, operation("fewer-seats", which='"all"', most="3"), "fewer")
    open_ = own(tmp_path, operation("drop-forums", which='"exclusive"'), "open")
    base = scenario("etatssamarbeidet-2023")
    with pytest.raises(ScenarioError, match="different settings of fewer-seats all"):
        base.with_levers(few, fewer)
    with pytest.raises(ScenarioError, match='levers "core-only-forum" and "open": contradict'):
        base.with_levers(open_, "core-only-forum")


def test_levers_are_pulled_once_and_together() -> None:
    base = scenario("0-24-2018")
    with pytest.raises(ScenarioError, match="given more than once"):
        base.with_levers("line-calibration", "line-calibration")
    with pytest.raises(ScenarioError, match="pull all levers of a scenario at once"):
        base.with_levers("line-calibration").with_levers("stable-staffing")


def test_a_lever_that_asks_for_what_is_so_already_is_refused() -> None:
    with pytest.raises(ScenarioError, match="changes nothing here"):
        scenario("dfo-simplified").with_levers("specific-mandate")


def test_a_secretariat_is_added_where_there_are_forums_to_serve() -> None:
    bare = scenario("integration-goals-2006")
    with pytest.raises(ScenarioError, match="no forum that a secretariat could serve"):
        bare.with_levers("stronger-secretariat")
    made = bare.with_levers("stronger-secretariat", "good-arenas").arrangement
    network, secretariat = made.forum
    assert network.served_by == made.facilitator == secretariat.name
    assert float(secretariat.secretariat_fte) == 3.0
    assert secretariat.secretariat_fte.range == (0.75, 12.0)


def test_what_stands_for_the_arrangement_s_number_changes_with_it(tmp_path: Path) -> None:
    base = scenario("0-24-2018")
    own_stops = {p.name for p in base.portfolio.project if p.stop_points is not None}
    made = base.with_levers("line-calibration")
    assert own_stops
    assert all(float(p.stop_points or 3) >= 3 for p in made.portfolio.project)
    assert {p.name for p in made.portfolio.project if p.stop_points is not None} == own_stops
    both = own(
        tmp_path,
        change("arrangement.mandate_clarity", "add", "0.1")
        + change("forum[steer].mandate_clarity", "add", "0.1"),
    )
    forums = {forum.name: forum for forum in base.with_levers(both).arrangement.forum}
    assert float(forums["steering-group"].mandate_clarity or 0) == pytest.approx(0.9)
    assert forums["secretariat"].mandate_clarity is None


def test_attention_that_is_not_given_starts_from_the_parameter() -> None:
    made = scenario("0-24-2018").with_levers("role-driver")
    assert float(made.arrangement.attention or 0) == pytest.approx(0.6)


def test_one_level_keeps_the_forum_that_lasts_and_meets_most_often() -> None:
    made = scenario("etatssamarbeidet-2023").with_levers("simpler-structure").arrangement
    assert [forum.name for forum in made.forum] == ["managers-group", "secretariat", "au-secretariat"]
    managers = made.forum[0]
    assert len(managers.seats) == 5
    assert managers.exclusive
    assert {"Bufdir", "Hdir", "Udir"} <= set(managers.seats)


def test_fewer_projects_leave_the_length_of_the_run_as_it_was(tmp_path: Path) -> None:
    base = scenario("etatssamarbeidet-2022")
    late = own(tmp_path, operation("drop-projects", share="0.5", first='"last"'))
    for lever in (late, "start-criteria"):
        made = base.with_levers(lever)
        assert len(made.portfolio.project) < len(base.portfolio.project)
        assert made.default_months == base.default_months
        kept = {project.name for project in made.portfolio.project}
        assert all(set(letter.projects) <= kept for letter in made.letters.letter)
        named = [letter for letter in made.letters.letter if letter.projects]
        assert len(named) + 9 == len(made.letters.letter), "no letter turned into a general one"
    starts = {project.start for project in base.with_levers(late).portfolio.project}
    gone = {p.start for p in base.portfolio.project} - starts
    assert max(starts) <= min(gone)


def test_a_common_picture_draws_views_together_and_leaves_frames() -> None:
    base, made = scenario("0-24-2018"), scenario("0-24-2018").with_levers("common-understanding")
    assert [agency.frame for agency in made.agencies] == [agency.frame for agency in base.agencies]
    for agency in made.agencies:
        assert sum(float(weight) for weight in (agency.understanding or {}).values()) <= 1 + 1e-9


numbers = st.floats(0, 2, allow_nan=False)
pulls = st.lists(
    st.builds(
        lambda how, value, width: Pull(
            f"{how}{value}", how, Quantity(value=value, range=(value, value + width), source="s")
        ),
        st.sampled_from(("multiply", "add", "at_least")),
        numbers,
        numbers,
    ),
    max_size=5,
)


@given(base=st.floats(0, 1), asked=pulls, order=st.randoms(use_true_random=False))
def test_numbers_do_not_depend_on_order_and_stay_in_range(
    base: float, asked: list[Pull], order: Random
) -> None:
    start, limits = Quantity(value=base, range=(0.0, 1.0)), Bounds(0, 1)
    shuffled = order.sample(asked, len(asked))
    made = changed(start, asked, limits)
    assert made == changed(start, shuffled, limits)
    assert made.range is not None
    assert 0 <= made.range[0] <= made.value <= made.range[1] <= 1
    assert contradiction(asked) is None


def test_order_of_kinds_whole_numbers_and_limits_that_are_not_reached() -> None:
    def pull(how: How, value: float) -> Pull:
        return Pull(how, how, Quantity(value=value, source="s"))

    base = Quantity(value=4.0, range=(2.0, 8.0))
    kinds: list[tuple[How, float]] = [("at_most", 9), ("add", 1), ("multiply", 2), ("set", 3)]
    made = changed(base, [pull(how, value) for how, value in kinds], Bounds(0, 100))
    assert (made.value, made.range) == (7.0, (7.0, 7.0))
    assert changed(base, [pull("multiply", 0.4)], Bounds(0, 100, whole=True)).value == 2.0
    assert changed(base, [pull("multiply", 0)], Bounds(0, 100, above=True)).value == pytest.approx(0.04)
    assert get_args(How) == ORDER


def test_the_vocabulary_is_closed_and_has_limits() -> None:
    for what in vocabulary():
        assert isinstance(parsed(what).bounds, Bounds)
    for (kind, field), (base_kind, base_field) in STANDS_FOR.items():
        assert bounds_of(kind, field) == bounds_of(base_kind, base_field)
    assert set(FORUMS) == set(get_args(ForumSelector))
    pulled = [*map(load_lever, LEVERS), *(load_dial(name).at(1) for name in list_dials())]
    used = {item.do for lever in pulled for item in lever.operations}
    assert used == set(OPERATIONS)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "changes nothing"),
        (change("arrangement.stop_point", "add", "1"), 'did you mean "arrangement.stop_points"'),
        (change("forum[alle].cadence", "add", "1"), 'did you mean "forum[all].cadence"'),
        (change("arrangement.stop_points", "plus", "1"), "at_least"),
        (change("start.trust", "set", "1.5"), "a number from 0 to 1"),
        (change("arrangement.stop_points", "at_least", "1.5"), "a whole number"),
        (change("start.trust", "multiply", "-1"), "from 0 to 100 times"),
        (operation("one-leve", function='"steer"'), 'did you mean "one-level"'),
        (operation("one-level", function='"steering"'), '"steer"'),
        (operation("one-level", functoin='"steer"'), 'did you mean "function"'),
        (operation("fewer-seats", which='"all"'), "most: is missing"),
        ('name = "a+b"\n' + change("start.trust", "add", "0.1"), "none of +,="),
    ],
)
def test_faulty_files_say_what_is_wrong(body: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as refusal:
        own(tmp_path, body)
    assert said in str(refusal.value)
    assert "own.toml" in str(refusal.value)


def test_unknown_levers() -> None:
    with pytest.raises(ScenarioError, match='did you mean "agile-delivery"'):
        load_lever("agile-delivry")
    with pytest.raises(ScenarioError, match="there is no such file"):
        load_lever("mine.toml")


def test_levers_by_path_and_by_name_when_loading(tmp_path: Path) -> None:
    own(tmp_path, change("start.trust", "add", "0.1"), "mine")
    made = load_scenario("0-24-2018", levers=[tmp_path / "mine.toml", "line-calibration"])
    assert made.name == "0-24-2018+line-calibration+mine"
    assert made == scenario("0-24-2018").with_levers("line-calibration", load_lever(tmp_path / "mine.toml"))


def test_references_are_checked_again(tmp_path: Path) -> None:
    lever = own(tmp_path, change("forum[secretariat].secretariat_fte", "set", "0"))
    with pytest.raises(ScenarioError, match="is not a secretariat"):
        scenario("0-24-2018").with_levers(lever)
    broken = replace(scenario("0-24-2018"), start="2030-01")
    assert problems_in(broken, "")


def test_the_how_to_names_every_lever_target_and_operation() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "how-to" / "levers.md").read_text(encoding="utf-8")
    words = {*LEVERS, *OPERATIONS, *FIELDS, *ORDER}
    words |= {field for fields in FIELDS.values() for field in fields}
    words |= {selector for selectors in SELECTORS.values() for selector in selectors}
    words |= {key for model in OPERATIONS.values() for key in model.model_fields}
    assert {word for word in words if f"`{word}`" not in guide and f"`{word} = true`" not in guide} == set()
