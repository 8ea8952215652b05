"""Levers do what their files say, go together in any order, or are refused with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import permutations
from pathlib import Path
from random import Random
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from choosing import KINDS, mostly_slow, shipped
from tverretatlig_sim import (
    Lever,
    Scenario,
    ScenarioError,
    list_levers,
    load_lever,
    load_scenario,
    simulate,
    with_levers,
)
from tverretatlig_sim.i18n import use_language
from tverretatlig_sim.scenario import addresses
from tverretatlig_sim.scenario.addresses import numbers
from tverretatlig_sim.scenario.edits import content
from tverretatlig_sim.scenario.levers import list_dials, load_dial
from tverretatlig_sim.scenario.operations import OPERATIONS
from tverretatlig_sim.scenario.quantity import Bounds, Quantity
from tverretatlig_sim.scenario.targets import (
    FIELDS,
    ORDER,
    SELECTORS,
    Asked,
    ForumSelector,
    How,
    changed,
    contradiction,
    parsed,
    places,
    vocabulary,
)

HEAD = """
title = { en = "Own", nb = "Egen" }
source = "test"
evidence = "advice"
meaning = { en = "m", nb = "m" }
"""
LEVERS = list_levers()


def own(folder: Path, body: str, name: str = "own") -> Lever:
    path = folder / f"{name}.toml"
    path.write_text(HEAD + body, encoding="utf-8")
    return load_lever(path)


def change(what: str, how: str, amount: str) -> str:
    return f'[[change]]\nwhat = "{what}"\nhow = "{how}"\namount = {amount}\n'


def operation(do: str, **fields: str) -> str:
    return f'[[operation]]\ndo = "{do}"\n' + "".join(f"{key} = {value}\n" for key, value in fields.items())


@cache
def pulled(lever: str) -> tuple[list[tuple[Scenario, Scenario]], dict[str, str]]:
    """Scenarios of all kinds that the lever can be pulled in, before and after, and why not the others."""
    pairs, refused = [], {}
    for name in KINDS:
        try:
            pairs.append((shipped(name), with_levers(shipped(name), lever)))
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


@pytest.mark.parametrize("lever", mostly_slow(LEVERS, LEVERS[::4]))
def test_every_lever_is_pulled_or_refused_with_a_reason(lever: str) -> None:
    pairs, refused = pulled(lever)
    assert pairs
    for name, reason in refused.items():
        assert reason.startswith(f'"{name}": lever "{lever}": ')
        assert "cannot be pulled: " in reason or "changes nothing here" in reason
    for before, after in pairs:
        assert (after.name, after.levers) == (f"{before.name}+{lever}", (lever,))
        assert content(after) != content(before)
        assert after.problems() == ()
        known = set(map(id, quantities(list(content(before)))))
        for number in quantities(list(content(after))):
            if id(number) not in known and number.range is not None:
                assert number.range[0] <= number.value <= number.range[1]
    simulate(pairs[0][1], runs=2, months=12, series="none")
    assert with_levers(pairs[0][0]) is pairs[0][0]


APPLIED = {"multiply": lambda x, y: x * y, "add": lambda x, y: x + y, "set": lambda x, y: y, "at_least": max}


@pytest.mark.parametrize("lever", mostly_slow(LEVERS, LEVERS[::4]))
def test_numbers_become_what_the_file_says(lever: str) -> None:
    changes = load_lever(lever).changes
    assert len({item.what for item in changes}) == len(changes)
    for before, after in pulled(lever)[0]:
        old, new = numbers(before), numbers(after)
        for item in changes:
            bounds = item.target.bounds
            for place in map(str, places(item.target, before, dict(addresses.places(before)))):
                if place in old and place in new:
                    wanted = APPLIED[item.how](old[place].value, item.amount.value)
                    assert new[place].value == pytest.approx(min(max(wanted, bounds.low), bounds.high)), place


@pytest.mark.parametrize(
    ("name", "levers"),
    [
        ("etatssamarbeidet-2023", ("simpler-structure", "good-arenas", "start-criteria", "matrix=0.5")),
        ("integration-goals-2006", ("good-arenas", "stronger-secretariat", "lasting-anchoring")),
        ("0-24-2018", ("agreed-scope", "freedom-under-mandate", "stable-staffing", "hierarchy=0.3")),
    ],
)
def test_order_does_not_matter(name: str, levers: tuple[str, ...]) -> None:
    first, *others = (with_levers(shipped(name), *order) for order in permutations(levers))
    assert first.name == "+".join((name, *sorted(levers)))
    assert all(other == first for other in others)
    runs = [simulate(made, runs=3, months=24, series="none").outcomes for made in (first, others[-1])]
    assert np.array_equal(*(run.to_numpy(dtype=float) for run in runs), equal_nan=True)


def test_all_levers_at_once_contradict_only_over_the_forum_for_the_few() -> None:
    with pytest.raises(ScenarioError) as refusal:
        with_levers(shipped("etatssamarbeidet-2022"), *LEVERS)
    places = {str(problem.place) for problem in refusal.value.problems}
    assert places == {'levers "core-only-forum" and "simpler-structure"'}
    rest = with_levers(shipped("etatssamarbeidet-2022"), *set(LEVERS) - {"core-only-forum"})
    assert len(rest.levers) == len(LEVERS) - 1


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (
            change("arrangement.mandate_clarity", "set", "0.2"),
            change("arrangement.mandate_clarity", "set", "0.4"),
            "arrangement.mandate_clarity: set 0.2 and set 0.4",
        ),
        (
            change("forum[steer].cadence", "at_least", "4"),
            change("forum.steering-group.cadence", "set", "3"),
            "forum.steering-group.cadence: at least 4 and set 3",
        ),
        (
            change("start.trust", "set", "0.2"),
            change("start.trust", "at_least", "0.9"),
            "start.trust: set 0.2 and at least 0.9",
        ),
        (
            operation("fewer-seats", which='"all"', most="4"),
            operation("fewer-seats", which='"all"', most="3"),
            "different settings of fewer-seats all",
        ),
        (
            operation("drop-forums", which='"exclusive"'),
            operation(
                "add-forum",
                forum='"few"', title='{ en = "F", nb = "F" }', function='"steer"', seats='"core"',
                cadence="2", exclusive="true",
            ),
            "one drops forums (exclusive), the other adds one (few)",
        ),
    ],
)  # fmt: skip
def test_levers_that_contradict_are_refused(one: str, other: str, reason: str, tmp_path: Path) -> None:
    levers = [own(tmp_path, body, name) for name, body in (("a", one), ("b", other))]
    with pytest.raises(ScenarioError) as refusal:
        with_levers(shipped("0-24-2018"), *levers)
    assert f'levers "a" and "b": contradict each other: {reason}' in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "first", "levers", "said"),
    [
        ("0-24-2018", (), ("line-calibration", "line-calibration"), "is given more than once"),
        ("0-24-2018", ("line-calibration",), ("stable-staffing",), "pull all levers of a scenario at once"),
        ("dfo-simplified", (), ("specific-mandate",), "changes nothing here"),
        ("integration-goals-2006", (), ("stronger-secretariat",), "no forum that a secretariat could serve"),
    ],
)
def test_what_cannot_be_pulled_says_why(
    name: str, first: tuple[str, ...], levers: tuple[str, ...], said: str
) -> None:
    with pytest.raises(ScenarioError, match=said):
        with_levers(with_levers(shipped(name), *first), *levers)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (change("forum[secretariat].secretariat_fte", "add", "1"), "det finnes ikke noe sekretariat her"),
        (change("agency[coordinator].capacity", "add", "1"), "ingen etat koordinerer her"),
        (change("forum.board.cadence", "add", "1"), "det finnes ikke noe slikt forum her"),
        (operation("needs", what='"ties"'), "ingen etater har noe med hverandre å gjøre her"),
    ],
)
def test_refusals_speak_the_reader_s_language(body: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as refusal:
        with_levers(shipped("pure-hierarchy"), own(tmp_path, body))
    with use_language("nb"):
        assert str(refusal.value).endswith(said)


def test_a_secretariat_is_added_where_there_are_forums_to_serve() -> None:
    bare = shipped("integration-goals-2006")
    made = with_levers(bare, "stronger-secretariat", "good-arenas").arrangement
    network, secretariat = made.forum
    assert network.served_by == made.facilitator == secretariat.name
    assert (float(secretariat.secretariat_fte), secretariat.secretariat_fte.range) == (3.0, (0.75, 12.0))


def test_what_stands_for_the_arrangement_s_number_changes_with_it(tmp_path: Path) -> None:
    base = shipped("0-24-2018")
    own_stops = {p.name for p in base.portfolio.project if p.stop_points is not None}
    made = with_levers(base, "line-calibration")
    assert own_stops
    assert all(float(p.stop_points or 3) >= 3 for p in made.portfolio.project)
    assert {p.name for p in made.portfolio.project if p.stop_points is not None} == own_stops
    both = own(
        tmp_path,
        change("arrangement.mandate_clarity", "add", "0.1")
        + change("forum[steer].mandate_clarity", "add", "0.1"),
    )
    forums = {forum.name: forum for forum in with_levers(base, both).arrangement.forum}
    assert float(forums["steering-group"].mandate_clarity or 0) == pytest.approx(0.9)
    assert forums["secretariat"].mandate_clarity is None
    # An attention that is not given starts from the parameter.
    assert float(with_levers(base, "role-driver").arrangement.attention or 0) == pytest.approx(0.6)


def test_one_level_keeps_the_forum_that_lasts_and_meets_most_often() -> None:
    made = with_levers(shipped("etatssamarbeidet-2023"), "simpler-structure").arrangement
    assert [forum.name for forum in made.forum] == ["managers-group", "secretariat", "au-secretariat"]
    managers = made.forum[0]
    assert (len(managers.seats), managers.exclusive) == (5, True)
    assert {"Bufdir", "Hdir", "Udir"} <= set(managers.seats)


def test_fewer_projects_leave_the_length_of_the_run_as_it_was(tmp_path: Path) -> None:
    base = shipped("etatssamarbeidet-2022")
    late = own(tmp_path, operation("drop-projects", share="0.5", first='"last"'))
    for lever in (late, "start-criteria"):
        made = with_levers(base, lever)
        assert len(made.portfolio.project) < len(base.portfolio.project)
        assert made.default_months == base.default_months
        named = [letter for letter in made.letters.letter if letter.projects]
        assert len(named) + 9 == len(made.letters.letter), "no letter turned into a general one"
    starts = {project.start for project in with_levers(base, late).portfolio.project}
    assert max(starts) <= min({p.start for p in base.portfolio.project} - starts)


def test_a_secretariat_without_staff_serves_nobody_any_more(tmp_path: Path) -> None:
    lever = own(tmp_path, change("forum[secretariat].secretariat_fte", "set", "0"))
    made = with_levers(shipped("0-24-2018"), lever)
    assert all(forum.served_by is None for forum in made.arrangement.forum)
    assert any("forums whose secretariat is gone" in str(note) for note in made.notes)


amounts = st.floats(0, 2, allow_nan=False)
asked_of = st.lists(
    st.builds(
        lambda how, value, width: Asked(
            f"{how}{value}", how, Quantity(value=value, range=(value, value + width), source="s")
        ),
        st.sampled_from(("multiply", "add", "at_least")),
        amounts,
        amounts,
    ),
    max_size=5,
)


@given(base=st.floats(0, 1), asked=asked_of, order=st.randoms(use_true_random=False))
def test_numbers_do_not_depend_on_order_and_stay_in_range(
    base: float, asked: list[Asked], order: Random
) -> None:
    start, limits = Quantity(value=base, range=(0.0, 1.0)), Bounds(0, 1)
    made = changed(start, asked, limits)
    assert made == changed(start, order.sample(asked, len(asked)), limits)
    assert made.range is not None
    assert 0 <= made.range[0] <= made.value <= made.range[1] <= 1
    assert contradiction(asked) is None


def test_order_of_kinds_whole_numbers_and_limits_that_are_not_reached() -> None:
    def asked(how: How, value: float) -> Asked:
        return Asked(how, how, Quantity(value=value, source="s"))

    base = Quantity(value=4.0, range=(2.0, 8.0))
    kinds: list[tuple[How, float]] = [("at_most", 9), ("add", 1), ("multiply", 2), ("set", 3)]
    made = changed(base, [asked(how, value) for how, value in kinds], Bounds(0, 100))
    assert (made.value, made.range) == (7.0, (7.0, 7.0))
    assert changed(base, [asked("multiply", 0.4)], Bounds(0, 100, whole=True)).value == 2.0
    assert changed(base, [asked("multiply", 0)], Bounds(0, 100, above=True)).value == pytest.approx(0.04)
    assert get_args(How) == ORDER


def test_the_vocabulary_is_closed_and_has_limits() -> None:
    assert all(isinstance(parsed(what).bounds, Bounds) for what in vocabulary())
    assert parsed("forum.steering-group.cadence").bounds == parsed("forum[all].cadence").bounds
    assert set(SELECTORS["forum"]) == set(get_args(ForumSelector))
    used = [*map(load_lever, LEVERS), *(load_dial(name).at(1) for name in list_dials())]
    assert {item.do for lever in used for item in lever.operations} == set(OPERATIONS)


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


def test_levers_by_name_and_by_path(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match='did you mean "agile-delivery"'):
        load_lever("agile-delivry")
    with pytest.raises(ScenarioError, match="there is no such file"):
        load_lever("mine.toml")
    mine = own(tmp_path, change("start.trust", "add", "0.1"), "mine")
    made = load_scenario("0-24-2018", levers=[tmp_path / "mine.toml", "line-calibration"])
    assert made.name == "0-24-2018+line-calibration+mine"
    assert made == with_levers(shipped("0-24-2018"), "line-calibration", mine)


def test_the_how_to_names_every_lever_target_and_operation() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "how-to" / "levers.md").read_text(encoding="utf-8")
    words = {*LEVERS, *OPERATIONS, *FIELDS, *ORDER}
    words |= {field for fields in FIELDS.values() for field in fields}
    words |= {selector for selectors in SELECTORS.values() for selector in selectors}
    words |= {key for model in OPERATIONS.values() for key in model.model_fields}
    assert {word for word in words if f"`{word}`" not in guide and f"`{word} = true`" not in guide} == set()
