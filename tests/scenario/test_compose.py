"""Composition of arrangements: extends and without."""

from __future__ import annotations

import pytest

from .small_world import World


@pytest.fixture
def child(world: World) -> World:
    """The small world with an arrangement that extends the first one."""
    world.change("head", '"flat"', '"child"')
    return world


def test_a_child_inherits_replaces_merges_and_leaves_out(child: World) -> None:
    child.write(
        "arrangements/child.toml",
        """
        extends = "flat"
        route = ["directors"]
        without = { member = ["FHI"], tie = [["Udir", "Hdir"]] }
        [[member]]
        agency = "POD"
        [[member]]
        agency = "Hdir"
        core = true
        [[forum]]
        name = "directors"
        cadence = 6
        [[forum]]
        name = "council"
        function = "inform"
        seats = ["POD"]
        cadence = 12
        """,
    )
    arrangement = child.load().arrangement
    assert [member.agency for member in arrangement.member] == ["Udir", "Hdir", "POD"]
    assert [forum.name for forum in arrangement.forum] == ["directors", "secretariat", "council"]
    assert float(arrangement.forum[0].cadence) == 6
    assert arrangement.forum[0].chair == "Udir"
    assert arrangement.forum[0].seats == ["Hdir", "POD", "Udir"]
    assert arrangement.route == ["directors"]
    assert arrangement.coordinator == "Udir"
    assert arrangement.tie == []
    assert (arrangement.name, arrangement.extends) == ("child", None)


def test_an_override_keeps_the_rest_of_the_membership(child: World) -> None:
    child.write("arrangements/child.toml", 'extends = "flat"\n[[member]]\nagency = "Hdir"\ncore = true')
    scenario = child.load()
    assert scenario.core == {"Hdir", "Udir"}
    assert float(scenario.agencies[1].capacity) == 5.0


def test_the_start_merges_field_by_field(child: World) -> None:
    child.write("arrangements/base.toml", 'extends = "flat"\n[start]\ntrust = 0.7\nownership = 0.1')
    child.write("arrangements/child.toml", 'extends = "base"\n[start]\nownership = 0.9')
    start = child.load().arrangement.start
    assert (float(start.trust), float(start.ownership)) == (0.7, 0.9)


def test_an_arrangement_inside_the_scenario_file_can_extend(world: World) -> None:
    world.change(
        "head", 'arrangement = "flat"', 'arrangement = { extends = "flat", delivery = "increments" }'
    )
    arrangement = world.load().arrangement
    assert (arrangement.name, arrangement.delivery) == ("small", "increments")


def test_each_file_grades_its_own_numbers(child: World) -> None:
    child.change(
        "arrangement", "", '[evidence]\n"forum.cadence" = { grade = "sourced", source = "DFO25 4.4" }'
    )
    child.write(
        "arrangements/child.toml",
        """
        extends = "flat"
        [[forum]]
        name = "directors"
        cadence = 6
        [evidence]
        "forum.cadence" = { grade = "assumed", factor = 2, source = "not stated" }
        """,
    )
    directors, secretariat = child.load().arrangement.forum
    assert (directors.cadence.source, directors.cadence.range) == ("not stated", (3, 12))
    assert (secretariat.cadence.source, secretariat.cadence.range) == ("DFO25 4.4", None)


@pytest.mark.parametrize(
    ("text", "fragments"),
    [
        ('extends = "child"', ["arrangements/child.toml: extends", 'in a circle: "child" → "child"']),
        ('extends = "other"', ["arrangements/other.toml: extends", '"child" → "other" → "child"']),
        ('extends = "flatt"', ['extends: there is no arrangement "flatt"', 'did you mean "flat"?']),
        ("extends = 3", ["extends: is 3; allowed: the name of an arrangement"]),
        ('extends = "../flat"', ['extends: "../flat" is not a name; allowed: a name, not a path']),
        ('without = { forum = ["directors"] }', ["without: leaves out entries of nothing"]),
        ('extends = "flat"\nwithout = 3', ["without: is 3", "allowed: a table"]),
        (
            'extends = "flat"\nwithout = { forums = [] }',
            ["without, forums: unknown key", 'did you mean "forum"?'],
        ),
        ('extends = "flat"\nwithout = { forum = 3 }', ["without, forum: is 3; allowed: a list"]),
        (
            'extends = "flat"\nwithout = { forum = ["director"] }',
            ['without, forum: no inherited forum is called "director"', 'did you mean "directors"?'],
        ),
        (
            'extends = "flat"\n[[forum]]\nname = "directors"\n[[forum]]\nname = "directors"\ncadence = 3',
            ['forum "directors"', "2 entries have this name"],
        ),
        ('extends = "flat"\nmember = 3', ["arrangements/child.toml: member: is 3; allowed: a list"]),
    ],
)
def test_faulty_compositions(child: World, text: str, fragments: list[str]) -> None:
    child.write("arrangements/other.toml", 'extends = "child"')
    child.write("arrangements/child.toml", text)
    complaint = child.complaint()
    for fragment in fragments:
        assert fragment in complaint


def test_a_fault_of_the_parent_is_reported_once_and_there(child: World) -> None:
    child.change("arrangement", "cadence = 2.0", "cadence = 0")
    child.write("arrangements/child.toml", 'extends = "flat"\nfollow_up = 2')
    lines = child.complaint().splitlines()
    assert sorted(line.split(": ")[:2] for line in lines) == [
        ["arrangements/child.toml", "follow_up"],
        ["arrangements/flat.toml", 'forum "directors", cadence'],
    ]
