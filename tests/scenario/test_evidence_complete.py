"""No number of a scenario is without its evidence, as it is resolved or with any lever or dial on it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields

import pytest
from click.testing import CliRunner
from pydantic import BaseModel

from choosing import KINDS, mostly_slow, shipped
from tverretatlig_sim import Scenario, ScenarioError, list_levers, list_scenarios, swap
from tverretatlig_sim.cli.commands import tverretatlig
from tverretatlig_sim.i18n import Message
from tverretatlig_sim.scenario import Quantity
from tverretatlig_sim.scenario.evidence import PARTS, Number, numbers
from tverretatlig_sim.scenario.levers import list_dials, load_dial
from tverretatlig_sim.scenario.load import with_levers
from tverretatlig_sim.scenario.parameters import parameter_specs

PLACE = re.compile(
    r"\b(DEL19|DFO25|DIFI14|DIFI17|RAD17) (\d|ch \d|advice \d|annex \d|table \d)|\bpage «[^»]+», \S+"
)
CHANGES = ["", *list_levers(), *(f"{name}={load_dial(name).bounds.high:g}" for name in list_dials())]
SHARING = [name for name in list_scenarios() if name != "k-plus-2010"]
PAIRS = [(one, other) for one in SHARING for other in SHARING if one != other]


def held(value: object) -> Iterator[Quantity]:
    """Every number anywhere inside something; a bare one among them is a fault."""
    if isinstance(value, Quantity):
        yield value
    elif isinstance(value, BaseModel):
        yield from (number for _, inner in value for number in held(inner))
    elif isinstance(value, dict):
        yield from (number for inner in value.values() for number in held(inner))
    elif isinstance(value, list | tuple | frozenset):
        yield from (number for inner in value for number in held(inner))
    else:
        assert value is None or isinstance(value, str | bool | Message), value


def all_held(made: Scenario) -> list[Quantity]:
    """The numbers of a resolved scenario, found without knowing its fields; membership stands in agencies."""
    parts = {item.name: getattr(made, item.name) for item in fields(made)}
    given = [parts.pop(name) for name in ("months", "parameters", "path")][1]
    assert isinstance(given, dict)
    arrangement = parts.pop("arrangement").model_copy(update={"member": []})
    return [*held([*parts.values(), arrangement, given]), made.length]


def faults(number: Number) -> Iterator[str]:
    if number.part not in PARTS or not number.unit:
        yield "no part or unit"
    if number.grade not in ("sourced", "derived", "assumed"):
        yield "no grade"
    if not number.source.strip():
        yield "no source"
    if number.grade == "sourced" and not PLACE.search(number.source):
        yield "no place in the source"
    if number.grade == "derived" and not number.note:
        yield "no derivation"
    if number.grade == "assumed" and number.low is None:
        yield "no range"
    if number.low is not None and not number.low <= number.value <= (number.high or 0.0):
        yield "outside its range"
    if number.source == "library default" and number.field != "scenario.months":
        yield "left at the library's default"


def check(made: Scenario) -> None:
    listed = numbers(made)
    wrong = [(n.entity, n.field, fault) for n in listed for fault in faults(n)]
    # A dial is set by hand, so what it sets has no range; it says so.
    assert [item for item in wrong if "no range" not in item or not made.levers] == []
    assert all("dial" in n.source for n in listed if "no range" in faults(n))
    own = Counter(number.value for number in all_held(made))
    rest = Counter(spec.value for name, spec in parameter_specs().items() if name not in made.parameters)
    assert Counter(number.value for number in listed) == own + rest


@pytest.mark.parametrize("change", mostly_slow(CHANGES, CHANGES[::9]))
def test_every_number_of_every_scenario_has_its_evidence(change: str) -> None:
    done = 0
    for name in KINDS if change else list_scenarios():
        try:
            made = with_levers(shipped(name), change) if change else shipped(name)
        except ScenarioError:
            continue
        check(made)
        done += 1
        if change and done == 2:
            break
    assert done


@pytest.mark.parametrize(("one", "other"), PAIRS[::26])
def test_swapped_numbers_keep_their_evidence(one: str, other: str) -> None:
    check(swap(shipped(one), portfolio=other, agencies=other, letters=other))


EVERYWHERE = [*KINDS, "0-24-2018+core-only-forum", "0-24-2018+start-criteria"]


@pytest.mark.parametrize("name", mostly_slow(EVERYWHERE, EVERYWHERE[-1:]))
def test_the_command_lists_every_number(name: str) -> None:
    base, _, lever = name.partition("+")
    made = with_levers(shipped(base), lever) if lever else shipped(base)
    document = json.loads(CliRunner().invoke(tverretatlig, ["evidence", name, "--json"]).stdout)
    given = len(all_held(made)) + len(parameter_specs()) - len(made.parameters)
    assert len(document["numbers"]) == given == sum(part["n"] for part in document["counts"].values())
    assert all(entry["grade"] and entry["source"] for entry in document["numbers"])
    shown = CliRunner().invoke(tverretatlig, ["evidence", name], env={"COLUMNS": "300"}).stdout
    written = {".".join(entry["field"].split(".")[:2]) for entry in document["numbers"]}
    assert [field for field in sorted(written) if f"\n{field} " not in shown] == []


def test_the_length_of_a_run_keeps_its_grade() -> None:
    given = shipped("grorud-valley-2007").length
    assert (given.value, given.grade, given.source) == (120, "derived", "DIFI14 1.3.2")
    (row,) = [n for n in numbers(shipped("0-24-2015")) if n.field == "scenario.months"]
    assert (row.part, row.value, row.grade, row.unit) == ("scenario", 72, "derived", "months")
    default = shipped("etatssamarbeidet-2022").length
    assert (default.value, default.grade, default.source) == (91, "assumed", "library default")
    assert "last project" in default.note


def test_parties_are_cut_with_their_range_to_those_who_take_part() -> None:
    for name in list_scenarios():
        for project in shipped(name).portfolio.project:
            low, high = project.parties.range or (project.parties.value,) * 2
            assert low <= project.parties.value <= high <= len(project.members)
