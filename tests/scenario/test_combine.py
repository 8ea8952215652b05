"""Parts of one scenario in another: swaps and hybrids are valid; all parts make the other scenario."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from choosing import KINDS, mostly_slow, shipped
from properties.worlds import scenarios, steady
from tverretatlig_sim import Scenario, ScenarioError, list_scenarios, simulate, swap
from tverretatlig_sim.dates import FROM_START, months_between, shifted
from tverretatlig_sim.ensemble.batch import resolve_parameters
from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.kernel.month import initial_state
from tverretatlig_sim.scenario import schema as schema_module
from tverretatlig_sim.scenario import whole as whole_module
from tverretatlig_sim.scenario.combine import DATES, OWNERS, combined, essence, field_names, hybrid, moved_to
from tverretatlig_sim.scenario.fit import PARTS, Part
from tverretatlig_sim.scenario.quantity import Quantity
from tverretatlig_sim.study.explain import subsets
from tverretatlig_sim.world import build_world
from tverretatlig_sim.world.tables import LAST_DUTY, OWN_DUTY

NAMES = list_scenarios()
SWAPPED = ("portfolio", "agencies", "letters")
PAIRS = (
    ("0-24-2015", "etatssamarbeidet-2022"),
    ("integration-goals-2006", "dfo-simplified"),
    ("k-plus-2010", "ny-giv-2010"),
    ("pure-network", "labour-crime-2015"),
)


# --- swaps


def swapped(name: str, **parts: Scenario) -> Scenario | None:
    """The swap; None where it is refused for want of agencies in common."""
    try:
        return swap(shipped(name), **parts)
    except ScenarioError as error:
        assert "member here; allowed: a scenario that shares" in str(error)  # noqa: PT017
        return None


@pytest.mark.parametrize("name", mostly_slow(KINDS, ["etatssamarbeidet-2023"]))
def test_every_pair_gives_a_valid_scenario_or_a_reason(name: str) -> None:
    made = {
        (other, parts): swapped(name, **dict.fromkeys(parts, shipped(other)))
        for other in (*KINDS, *NAMES[::5])
        for parts in (*((part,) for part in SWAPPED), SWAPPED)
    }
    for (other, parts), one in made.items():
        if one is not None:
            assert one.problems() == ()
            assert one.portfolio.project
            seatless = {a.name for a in one.agencies} - {a.name for a in shipped(name).agencies}
            assert one.arrangement.forum == shipped(name).arrangement.forum
            assert not seatless or "portfolio" in parts
            assert seatless <= {it for project in one.portfolio.project for it in project.members}
            assert not seatless & {seat for forum in one.forums for seat in forum.seats}
            assert one.name != name or any("nothing is swapped" in str(note) for note in one.notes), other
            if other in (NAMES[0], NAMES[3]) and parts == SWAPPED:
                simulate(one, runs=1, months=6, series="none")
    assert sum(one is None for one in made.values()) < len(made) or name == "k-plus-2010"


@pytest.mark.parametrize("name", NAMES)
def test_swapping_with_itself_changes_nothing(name: str) -> None:
    base = shipped(name)
    made = swap(base, portfolio=name, agencies=base, letters=name)
    assert replace(made, notes=()) == replace(base, notes=())
    assert str(made.notes[-1]) == f'nothing is swapped: "{name}" has these parts already'


def test_the_name_says_what_was_swapped() -> None:
    made = swap(shipped("dfo-simplified"), letters="0-24-2018", portfolio="0-24-2018")
    assert (made.name, made.path) == ("dfo-simplified/portfolio=0-24-2018,letters=0-24-2018", None)
    with pytest.raises(ScenarioError, match='did you mean "dfo-simplified"'):
        swap(made, portfolio="dfo-simplifed")


def test_calendars_are_shifted_to_the_scenario_s_start() -> None:
    base, other = shipped("dfo-simplified"), shipped("etatssamarbeidet-2022")
    made = swap(base, portfolio=other, letters=other)
    later = months_between(other.start, base.start)
    starts = {project.name: project.start for project in other.portfolio.project}
    assert all(project.start == shifted(starts[project.name], later) for project in made.portfolio.project)
    events = {event.name: event.month for event in other.letters.event}
    assert all(event.month == shifted(events[event.name], later) for event in made.letters.event)
    assert made.letters.budget_month == other.letters.budget_month
    with pytest.raises(ScenarioError, match="from 1900 to 2099"):
        swap(moved_to(base, "2095-01"), portfolio=other)


WORK = ("members", "lead", "parties", "recommendations", "recommendation", "instrument", "municipal", "size")


def work_of(made: Scenario) -> dict[str, object]:
    """What there is to do, and in the long run who has to do it."""
    world, runs = build_world(made, 60), 300
    parameters = resolve_parameters(made, None, runs)
    bears = initial_state(world, parameters, Draws(1, np.arange(runs)), runs).bears
    of, agency = world.duties, np.array(world.agencies.names)[world.duties.agency]
    rows = zip(np.array(world.recommendations.names)[of.recommendation], agency, strict=True)
    duties = {row: bears[at] for at, row in enumerate(rows)}
    return {
        "candidates": sorted(duties),
        "recommendations": world.recommendations.names,
        "instruments": world.recommendations.instrument.tolist(),
        "work": made.work,
        **{
            f"{kind} of {one}": float(
                np.mean([(duties[row] == kind).mean() for row in duties if row[1] == one])
            )
            for kind in (OWN_DUTY, LAST_DUTY)
            for one in sorted({*agency})
        },
    }


@pytest.mark.parametrize("portfolio", ["etatssamarbeidet-2022", "0-24-2018"])
@pytest.mark.parametrize("name", sorted({*NAMES} - {"etatssamarbeidet-history"}))
def test_on_another_s_portfolio_the_work_is_the_same(name: str, portfolio: str) -> None:
    made, own = swapped(name, portfolio=shipped(portfolio)), shipped(portfolio)
    if name == "k-plus-2010":  # which has no agency in common with anybody
        assert made is None
        return
    assert made is not None
    for project, other in zip(made.portfolio.project, own.portfolio.project, strict=True):
        assert all(getattr(project, field) == getattr(other, field) for field in WORK)
    # Who bears a duty is drawn by names: the same draws give the same duty-holders.
    assert work_of(made) == work_of(own)
    equal = swap(shipped(name), portfolio=own, same_load=True)
    assert equal.load == pytest.approx(own.load, rel=0.01)
    assert work_of(equal) == work_of(own)


def test_who_is_no_member_works_without_a_seat_and_without_letters() -> None:
    base, other = shipped("0-24-2018"), shipped("etatssamarbeidet-2022")
    made = swap(base, portfolio=other)
    guests = {it.name for it in made.agencies} - {it.name for it in base.agencies}
    assert "take part without a seat" in str(made.notes[0])
    assert all(name in str(made.notes[0]) for name in guests)
    assert not guests & {name for letter in made.letters.letter for name in letter.to}
    assert not any(letter.projects for letter in swap(other, portfolio=base).letters.letter)
    letters = swap(shipped("dfo-simplified"), letters=base).letters.letter
    assert all("AID" in letter.ministries and "ASD" not in letter.ministries for letter in letters)


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("portfolio", 'no project of "k-plus-2010" has a member here'),
        ("agencies", '"k-plus-2010" describes no agency that is a member here'),
        ("letters", 'no letter of "k-plus-2010" is to a member here'),
    ],
)
def test_a_part_of_which_nothing_would_be_left_is_refused(part: str, said: str) -> None:
    with pytest.raises(ScenarioError) as refusal:
        swap(shipped("dfo-simplified"), **{part: "k-plus-2010"})
    assert str(refusal.value) == (
        f'"dfo-simplified": {part}: {said}; allowed: a scenario that shares agencies with "dfo-simplified"'
    )


def test_descriptions_replace_those_of_the_same_name_but_not_the_ministry() -> None:
    base, tiny = shipped("0-24-2018"), {"capacity": Quantity(value=0.1)}
    other = shipped("dfo-simplified")
    changed = replace(other, agencies=tuple(it.model_copy(update=tiny) for it in other.agencies))
    made = swap(base, agencies=changed)
    assert [agency.ministry for agency in made.agencies] == [agency.ministry for agency in base.agencies]
    assert {agency.capacity.value for agency in made.agencies} == {0.1}
    partly = swap(shipped("etatssamarbeidet-2022"), agencies=changed)
    assert any("does not describe, so as before" in str(note) for note in partly.notes)


def test_a_given_length_grows_with_the_portfolio() -> None:
    short = replace(shipped("0-24-2015"), months=Quantity(value=30.0))
    assert swap(short, portfolio="grorud-valley-2007").default_months >= 30
    long = swap(short, portfolio="etatssamarbeidet-2022")
    last = max(months_between(long.start, project.start) for project in long.portfolio.project)
    assert long.default_months == max(30, last + FROM_START)


# --- the partition


def _tables_in(annotation: Any) -> set[type[BaseModel]]:
    if isinstance(annotation, type):
        return {annotation} if issubclass(annotation, BaseModel) else set()
    return set().union(*(_tables_in(part) for part in get_args(annotation)))


@pytest.mark.parametrize("kind", OWNERS)
def test_every_field_belongs_to_exactly_one_part(kind: type) -> None:
    assigned = [field for fields in OWNERS[kind].values() for field in fields.split()]
    assert sorted(assigned) == sorted(field_names(kind))
    assert set(OWNERS[kind]) <= {*PARTS, "label", "inside"}
    for field in OWNERS[kind].get("inside", "").split():
        if issubclass(kind, BaseModel):
            assert _tables_in(kind.model_fields[field].annotation) <= set(OWNERS)


def test_every_month_of_the_calendar_moves() -> None:
    named = [*vars(schema_module).values(), *vars(whole_module).values()]
    tables = [it for it in named if isinstance(it, type) and issubclass(it, BaseModel)]
    dated = {
        field
        for kind in tables
        for field, info in kind.model_fields.items()
        if "(19|20)" in f"{info.annotation} {info.metadata}"
    }
    assert dated == set(DATES)


# --- hybrids


def assert_same(first: Scenario, second: Scenario) -> None:
    """Equal outcomes, bit by bit."""
    results = [simulate(made, 2, 7, 12, series="none").outcomes for made in (first, second)]
    pd.testing.assert_frame_equal(*results, check_exact=True)


def assert_valid(made: Scenario) -> None:
    """As a file it would be accepted: every table by the schema, every reference by the loader's checks."""
    for table in (made.arrangement, made.portfolio, made.letters, *made.agencies):
        assert type(table).model_validate(table.model_dump()) == table
    assert made.problems() == ()
    assert {agency.ministry for agency in made.agencies} == {m.name for m in made.ministries}
    assert made.core <= {agency.name for agency in made.agencies}


@pytest.mark.slow
def test_with_no_part_or_all_parts_of_the_other_it_is_one_of_the_two() -> None:
    for a, b in permutations(map(shipped, NAMES), 2):
        assert essence(hybrid(a, b)) == essence(a)
        assert essence(hybrid(a, b, PARTS)) == essence(b)


@pytest.mark.parametrize(
    "pair", [PAIRS[0], *(pytest.param(pair, marks=pytest.mark.slow) for pair in PAIRS[1:])]
)
def test_hybrids_of_shipped_scenarios_are_valid_and_end_in_the_same_results(pair: tuple[str, str]) -> None:
    first, second = map(shipped, pair)
    assert_same(hybrid(first, second), first)
    assert_same(hybrid(first, second, PARTS), second)
    assert hybrid(first, second, PARTS).default_months == second.default_months
    for parts in subsets(PARTS)[::29]:
        made, fittings = combined(first, second, parts)
        assert_valid(made)
        assert not {"chain", "ministry", "unserved"} & {fitting.code for fitting in fittings}


@steady(8)
@given(scenarios(10, 6), scenarios(10, 6), st.sets(st.sampled_from(PARTS)))
def test_every_hybrid_of_random_worlds_is_valid_and_runs(a: Scenario, b: Scenario, parts: set[Part]) -> None:
    made = hybrid(a, b, parts)
    assert_valid(made)
    simulate(made, 2, 1, 12, series="none")
    assert_same(hybrid(a, b), a)
    assert_same(hybrid(a, b, PARTS), b)
    assert essence(made) == essence(hybrid(b, a, set(PARTS) - parts))


def test_dates_keep_their_distance_from_the_start_which_comes_with_the_steering() -> None:
    a, b = shipped("0-24-2015"), shipped("etatssamarbeidet-2022")
    steered = hybrid(a, b, {"steering"})
    assert (a.start, steered.start) == ("2015-01", "2022-01")
    assert steered.letters.budget_month == b.letters.budget_month
    starts = [project.start for project in steered.portfolio.project]
    assert starts == [f"{int(p.start[:4]) + 7}{p.start[4:]}" for p in a.portfolio.project]
    with pytest.raises(ValueError, match=r"no part people; allowed: portfolio, "):
        hybrid(a, a, {"people"})  # type: ignore[arg-type]


def test_a_ministry_structure_is_swapped_like_any_other_part() -> None:
    made = swap("etatssamarbeidet-2022", ministries="labour-crime-2015")
    assert [it.name for it in made.arrangement.ministry_forum] == [
        "state-secretaries",
        "depok",
        "joint-report",
    ]
    assert {*made.arrangement.ministry_forum[0].seats} == {"AID", "JD", "KD", "SMK"}  # ASD's agency has moved
    assert [it.name for it in made.beyond_ministries] == ["Municipalities", "SMK"]
    made.validate()
    assert swap(made, ministries="k-plus-2010").arrangement.ministry_forum == []
