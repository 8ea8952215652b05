"""Every number has its evidence, and every scenario that comes with the package says where it is from."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

from tverretatlig_sim import evidence, list_scenarios, load_scenario
from tverretatlig_sim.scenario import Quantity, parameter_specs
from tverretatlig_sim.scenario.evidence import PARTS, numbers

from .small_world import World

SECTION = re.compile(r"\b(DEL19|DFO25|DIFI14|DIFI17|RAD17) (\d|ch \d|advice \d|annex \d|table \d)")
"""A source tag with the place in that source."""


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return {name: evidence(name) for name in list_scenarios()}


@pytest.mark.parametrize("name", list_scenarios())
def test_every_shipped_number_is_graded_and_has_a_reason(name: str, tables: dict[str, pd.DataFrame]) -> None:
    table = tables[name]
    assert set(table["part"]) <= set(PARTS)
    assert set(table["grade"]) <= {"sourced", "derived", "assumed"}
    assert (table["source"].str.strip() != "").all()
    assert (table["unit"] != "").all()
    assert (table[table["grade"] == "derived"]["note"] != "").all()


@pytest.mark.parametrize("name", list_scenarios())
def test_every_shipped_sourced_number_names_its_place(name: str, tables: dict[str, pd.DataFrame]) -> None:
    sourced = tables[name][tables[name]["grade"] == "sourced"]
    unplaced = sourced[~sourced["source"].map(lambda source: bool(SECTION.search(source)))]
    assert unplaced[["entity", "field", "source"]].to_dict("records") == []


def test_values_lie_within_their_ranges(tables: dict[str, pd.DataFrame]) -> None:
    ranged = pd.concat(tables.values()).dropna(subset=["low", "high"])
    assert ((ranged["low"] <= ranged["value"]) & (ranged["value"] <= ranged["high"])).all()


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
    assert (capacity.value, capacity.unit, capacity.part) == (
        5.0,
        "full-time equivalents",
        "actors",
    )  # overridden
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
