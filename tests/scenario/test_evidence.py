"""Numbers with their evidence: ranges, what a file states once for many, and the table of all."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from tverretatlig_sim import evidence, load_scenario
from tverretatlig_sim.scenario import Quantity, parameter_specs
from tverretatlig_sim.scenario.evidence import Fact, facts, numbers
from tverretatlig_sim.scenario.schema import Agency, Forum, Project

from .small_world import World

FORUM = {"name": "f", "function": "steer", "seats": "all"}


def capacity(raw: object) -> Quantity:
    table = {"name": "A", "ministry": "M", "core_tasks": {"health": 1}, "capacity": raw}
    return Agency.model_validate(table).capacity


@pytest.mark.parametrize(
    ("raw", "value", "limits"),
    [
        (3, 3, None),
        ({"value": 3, "range": [1, 5]}, 3, (1, 5)),
        ({"value": 3, "factor": 2}, 3, (1.5, 6)),
        ({"value": 3, "spread": 0.5}, 3, (2.5, 3.5)),
        ({"value": 80_000, "factor": 2}, 80_000, (40_000, 100_000)),
        ({"value": 3, "spread": 5}, 3, (0.03, 8)),
    ],
)
def test_ranges_are_clipped_to_the_limits(
    raw: object, value: float, limits: tuple[float, float] | None
) -> None:
    quantity = capacity(raw)
    assert float(quantity) == value
    assert quantity.range == (None if limits is None else pytest.approx(limits))


def test_ranges_of_whole_numbers_have_whole_ends() -> None:
    forum = Forum.model_validate({**FORUM, "cadence": 1, "agenda": {"value": 5, "factor": 2}})
    assert forum.agenda.range == (3, 10)


def test_ranges_of_negative_numbers_are_in_order() -> None:
    raw = {
        "name": "p", "themes": {}, "origin": "commissioned", "lead": "A", "members": "all", "size": 1,
        "start": "2022-01", "gains": {"A": {"value": -0.4, "factor": 2}},
    }  # fmt: skip
    assert Project.model_validate(raw).gains["A"].range == (-0.8, -0.2)


def test_bare_numbers_of_a_field_take_the_evidence_stated_for_it(world: World) -> None:
    world.change("actors", "capacity = 4.0", 'capacity = { value = 4.0, grade = "sourced", source = "own" }')
    world.change(
        "actors",
        "",
        """
        [evidence]
        "agency.capacity" = { grade = "assumed", factor = 2.0, source = "no source gives FTE" }
        "agency.core_tasks" = { grade = "derived", source = "DFO25 2.1", note = "reading of the tasks" }
        """,
    )
    fhi, hdir, udir = world.load().agencies
    assert fhi.capacity == Quantity(value=2, range=(1, 4), grade="assumed", source="no source gives FTE")
    assert hdir.capacity.source == ""  # the arrangement's own number, in another file
    assert udir.capacity.source == "own"
    assert udir.core_tasks["health"].note == "reading of the tasks"


def test_fields_of_every_level_take_evidence(world: World) -> None:
    world.change("arrangement", "coordinator", "follow_up = 0.4\nstart = { trust = 0.6 }\ncoordinator")
    world.change(
        "arrangement",
        "",
        """
        [evidence]
        "arrangement.follow_up" = { grade = "assumed", spread = 0.2 }
        "start.trust" = { grade = "derived" }
        "member.capacity" = { grade = "sourced", source = "x" }
        """,
    )
    scenario = world.load()
    assert scenario.arrangement.follow_up.range == pytest.approx((0.2, 0.6))
    assert scenario.arrangement.start.trust.grade == "derived"
    assert scenario.agencies[1].capacity.source == "x"


def test_a_scenario_file_grades_its_months_and_parameters(world: World) -> None:
    world.change(
        "head",
        "",
        """
        months = 48
        [parameters]
        rounds = 2
        [evidence]
        "scenario.months" = { grade = "sourced", source = "x" }
        "parameters.rounds" = { grade = "assumed", factor = 3 }
        """,
    )
    scenario = world.load()
    assert (scenario.default_months, scenario.length.grade, scenario.length.source) == (48, "sourced", "x")
    assert scenario.parameters["rounds"].range == (1, 6)


@pytest.mark.parametrize(
    ("evidence", "fragments"),
    [
        ("evidence = 3", ["evidence: is 3", "allowed: a table"]),
        (
            '[evidence]\n"agency.capasity" = { grade = "assumed" }',
            ['evidence: unknown key "agency.capasity"', 'did you mean "agency.capacity"?'],
        ),
        ('[evidence]\n"agency.place" = { grade = "assumed" }', ['unknown key "agency.place"']),
        ('[evidence]\n"agency.capacity" = 3', ['evidence "agency.capacity": is 3; allowed: a table']),
        ('[evidence]\n"agency.capacity" = {}', ['evidence "agency.capacity", grade: is missing']),
        (
            '[evidence]\n"agency.capacity" = { grade = "guess", fator = 2 }',
            [
                'grade: is the text "guess"; allowed: "assumed", "derived", "sourced"',
                'did you mean "factor"?',
            ],
        ),
    ],
)
def test_faulty_evidence(world: World, evidence: str, fragments: list[str]) -> None:
    if evidence.startswith("["):
        world.change("actors", "", evidence)
    else:
        world.change("actors", "\n", f"{evidence}\n")
    complaint = world.complaint()
    for fragment in fragments:
        assert fragment in complaint


def test_nothing_is_left_out_and_nothing_is_counted_twice() -> None:
    scenario = load_scenario("etatssamarbeidet-2022")
    table = evidence(scenario)
    assert not table.duplicated(["part", "entity", "field"]).any()
    assert set(table[table["part"] == "parameters"]["entity"]) == set(parameter_specs())
    parts = [
        scenario.arrangement,
        scenario.portfolio,
        scenario.letters,
        *scenario.everyone,
        *scenario.ministries,
        *scenario.beyond_ministries,
    ]
    inside = sum(_count(part.model_dump(exclude={"member"})) for part in parts)
    assert len(table) == inside + len(parameter_specs()) + 1  # the length of a run


def _count(value: object) -> int:
    """Quantities in dumped tables."""
    if isinstance(value, dict):
        return 1 if {"value", "grade"} <= value.keys() else sum(map(_count, value.values()))
    return sum(map(_count, value)) if isinstance(value, list) else 0


def test_fields_units_and_entities(world: World) -> None:
    rows = {(n.entity, n.field): n for n in numbers(world.load())}
    capacity = rows["Hdir", "agency.capacity"]
    own = (5.0, "full-time equivalents", "actors")  # the membership's
    assert (capacity.value, capacity.unit, capacity.part) == own
    assert rows["Udir", "agency.core_tasks.education"].unit == "share"
    assert rows["Udir – Hdir", "tie.trust"].value == 0.8
    assert rows["2022-06 – 2022-12", "unstable.turnover"].unit == "times"
    assert rows["directors", "forum.cadence"].unit == "months"
    assert rows["flat", "start.trust"].part == "arrangement"
    assert rows["absence", "project.recommendations"].unit == "whole number"


def test_what_is_left_at_the_librarys_default_says_so(world: World) -> None:
    rows = {(n.entity, n.field): n for n in numbers(world.load())}
    default = rows["Udir", "agency.staff"]
    assert (default.grade, default.source, default.low) == ("assumed", "library default", None)
    assert rows["Udir", "agency.capacity"].source == ""  # given, but without any evidence


def test_a_parameter_set_by_the_scenario_carries_its_own_evidence() -> None:
    scenario = load_scenario("0-24-2018")
    own = Quantity(value=0.05, grade="derived", source="DFO25 4.6", note="counted")
    rows = evidence(replace(scenario, parameters={"turnover": own})).set_index("field")
    assert tuple(rows.loc["parameters.turnover", ["value", "grade", "source", "unit"]]) == (
        0.05, "derived", "DFO25 4.6", "per month",
    )  # fmt: skip
    assert pd.isna(rows.loc["parameters.turnover", "low"])


def test_facts_are_graded_by_what_their_source_says_of_them(world: World) -> None:
    told = {
        "DFO25 2.3; lead inferred, start and members assumed": ("derived", "assumed", "sourced"),
        "DFO25 2.3": ("sourced", "sourced", "sourced"),
        "DFO25 2.3, continued: assumed": ("assumed", "assumed", "assumed"),
        "": ("assumed", "assumed", "assumed"),
        "own report, p. 4; start antatt": ("sourced", "assumed", "sourced"),
    }
    (project, *_rest) = (base := world.load()).portfolio.project
    for source, grades in told.items():
        same = [project.model_copy(update={"name": name, "source": source}) for name in ("a", "b")]
        made = replace(base, portfolio=base.portfolio.model_copy(update={"project": same}))
        found = [fact for fact in facts(made) if fact.part == "portfolio"]
        assert len(found) == len(set(found))  # what two projects are told by the same source counts once
        for field, grade in zip(("lead", "start", "origin"), grades, strict=True):
            assert Fact("portfolio", f"project.{field}", grade, source) in found  # type: ignore[arg-type]
