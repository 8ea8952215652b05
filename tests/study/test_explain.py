"""Differences shared out among parts: hybrids are valid, contributions add up, nothing is claimed twice."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from math import factorial
from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from properties.worlds import Row, scenario_of, scenarios, steady
from tverretatlig_sim import Scenario, compare, explain, list_scenarios, load_scenario, simulate
from tverretatlig_sim.scenario import Quantity
from tverretatlig_sim.scenario import schema as schema_module
from tverretatlig_sim.scenario.combine import DATES, OWNERS, combined, essence, field_names
from tverretatlig_sim.scenario.fit import RULES, by_rule
from tverretatlig_sim.study import PARTS, Part, hybrid
from tverretatlig_sim.study.lattice import lattice, subsets
from tverretatlig_sim.study.shapley import shapley

MONTHS = 20
PAIRS = (
    ("0-24-2015", "etatssamarbeidet-2022"),
    ("integration-goals-2006", "dfo-simplified"),
    ("k-plus-2010", "ny-giv-2010"),
    ("pure-network", "labour-crime-2015"),
)

parts_of = st.sets(st.sampled_from(PARTS))


@pytest.fixture(scope="module")
def shipped() -> dict[str, Scenario]:
    return {name: load_scenario(name) for name in list_scenarios()}


def assert_same(first: Scenario, second: Scenario) -> None:
    """Equal outcomes, bit by bit."""
    results = [simulate(scenario, 3, 7, MONTHS, series="none").outcomes for scenario in (first, second)]
    pd.testing.assert_frame_equal(*results, check_exact=True)


def assert_valid(scenario: Scenario) -> None:
    """As a file it would be accepted: every table by the schema, every reference by the loader's checks."""
    for table in (scenario.arrangement, scenario.portfolio, scenario.letters, *scenario.agencies):
        assert type(table).model_validate(table.model_dump()) == table
    assert scenario.problems() == ()
    assert {agency.ministry for agency in scenario.agencies} == {m.name for m in scenario.ministries}
    assert scenario.core <= {agency.name for agency in scenario.agencies}


# --- the partition


@pytest.mark.parametrize("kind", OWNERS)
def test_every_field_belongs_to_exactly_one_part(kind: type) -> None:
    assigned = [field for fields in OWNERS[kind].values() for field in fields]
    assert sorted(assigned) == sorted(field_names(kind))
    assert set(OWNERS[kind]) <= {*PARTS, "label", "inside"}


def _tables_in(annotation: Any) -> set[type[BaseModel]]:
    if isinstance(annotation, type):
        return {annotation} if issubclass(annotation, BaseModel) else set()
    return set().union(*(_tables_in(part) for part in get_args(annotation)))


def test_tables_that_are_shared_out_are_shared_out_field_by_field() -> None:
    for kind, owners in OWNERS.items():
        for field in owners.get("inside", ()):
            if issubclass(kind, BaseModel):
                assert _tables_in(kind.model_fields[field].annotation) <= set(OWNERS)


def test_every_month_of_the_calendar_moves() -> None:
    tables = [
        kind
        for kind in vars(schema_module).values()
        if isinstance(kind, type) and issubclass(kind, BaseModel)
    ]
    dated = {
        field
        for kind in tables
        for field, info in kind.model_fields.items()
        if "(19|20)" in f"{info.annotation} {info.metadata}"
    }
    assert dated == set(DATES)


# --- hybrids


def test_without_the_other_it_is_itself(shipped: dict[str, Scenario]) -> None:
    for a, b in permutations(shipped.values(), 2):
        assert essence(hybrid(a, b)) == essence(a)
        assert essence(hybrid(a, b, PARTS)) == essence(b)


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_without_the_other_it_has_the_same_results(a: str, b: str, shipped: dict[str, Scenario]) -> None:
    first, second = shipped[a], shipped[b]
    assert_same(hybrid(first, second), first)
    assert_same(hybrid(first, second, PARTS), second)
    assert hybrid(first, second, PARTS).default_months == second.default_months


@steady(20)
@given(scenarios(10, 6), scenarios(10, 6), parts_of)
def test_every_hybrid_of_random_worlds_is_valid_and_runs(a: Scenario, b: Scenario, parts: set[Part]) -> None:
    made = hybrid(a, b, parts)
    assert_valid(made)
    simulate(made, 2, 1, MONTHS, series="none")
    assert_same(hybrid(a, b), a)
    assert_same(hybrid(a, b, PARTS), b)
    assert essence(made) == essence(hybrid(b, a, set(PARTS) - parts))


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_every_hybrid_of_shipped_scenarios_is_valid(a: str, b: str, shipped: dict[str, Scenario]) -> None:
    for parts in subsets(PARTS)[::7]:
        assert_valid(hybrid(shipped[a], shipped[b], parts))


def test_dates_keep_their_distance_from_the_start(shipped: dict[str, Scenario]) -> None:
    a, b = shipped["0-24-2015"], shipped["etatssamarbeidet-2022"]
    steered = hybrid(a, b, {"steering"})
    assert (a.start, steered.start) == ("2015-01", "2022-01")
    assert steered.letters.budget_month == b.letters.budget_month
    starts = [project.start for project in steered.portfolio.project]
    assert starts == [f"{int(p.start[:4]) + 7}{p.start[4:]}" for p in a.portfolio.project]


def test_parts_must_exist(shipped: dict[str, Scenario]) -> None:
    a = shipped["0-24-2015"]
    with pytest.raises(ValueError, match=r"no part people; allowed: portfolio, "):
        hybrid(a, a, {"people"})  # type: ignore[arg-type]


# --- the rules for references that cannot be honoured


def small(
    agencies: dict[str, str], forums: list[Row], projects: list[Row], letters: list[Row], **more: Any
) -> Scenario:
    """A scenario of agencies by ministry, each near the theme of its own name."""
    return scenario_of(
        {
            "name": "small",
            "start": "2020-01",
            "actors": {
                "ministry": [{"name": name} for name in sorted(set(agencies.values()))],
                "agency": [
                    {"name": name, "ministry": ministry, "capacity": 2.0, "core_tasks": {name: 1.0}}
                    for name, ministry in agencies.items()
                ],
            },
            "arrangement": {
                "name": "small", "member": [{"agency": name} for name in agencies], "forum": forums, **more,
            },
            "portfolio": {"name": "small", "project": projects},
            "letters": {"name": "small", "letter": letters, "event": []},
        }
    )  # fmt: skip


def forum(name: str, seats: Any = "all", **more: Any) -> Row:
    return {"name": name, "function": "steer", "seats": seats, "cadence": 2, **more}


def project(name: str, lead: str, members: Any = "all", **more: Any) -> Row:
    return {
        "name": name,
        "themes": {"y": 1.0},
        "origin": "commissioned",
        "lead": lead,
        "members": members,
        "size": 3,
        "start": "2020-03",
        **({"recommendations": 2} if "recommendation" not in more else {}),
        **more,
    }


def letter(name: str, ministries: list[str], to: Any = "all", **more: Any) -> Row:
    return {"name": name, "ministries": ministries, "to": to, "begins": "2020-01", "strength": 0.5, **more}


@pytest.fixture(scope="module")
def two() -> tuple[Scenario, Scenario]:
    listed = {"name": "r", "duties": ["w"]}
    first = small(
        {"w": "M", "x": "M", "y": "N"},
        [
            forum("board", chair="w", rule="authority"),
            forum("staff", ["w", "x"], function="prepare", secretariat_fte=2.0),
            forum("few", ["w"]),
        ],
        [
            project("joint", "w"),
            project("lonely", "w", ["w"]),
            project("listed", "x", ["w", "x"], recommendation=[listed], gains={"w": 0.5}),
        ],
        [
            letter("general", ["M", "N"]),
            letter("to-w", ["M"], ["w"]),
            letter("joint", ["M"], projects=["joint"]),
        ],
        coordinator="w", facilitator="staff", route=["board", "few"], tie=[
            {"source_agency": "w", "target_agency": "x", "trust": 0.9}
        ],
    )  # fmt: skip
    second = small(
        {"x": "M", "y": "N", "z": "N"},
        [forum("council", served_by="office"), forum("office", ["x"], function="draft", secretariat_fte=1.0)],
        [project("other", "z", route=["council", "office", "line"])],
        [letter("only-other", ["M", "N"], projects=["other"]), letter("mild", ["N"])],
        facilitator="council", route=["council"],
    )  # fmt: skip
    return first, second


def named(tables: list[Any], name: str) -> Any:
    return next((table for table in tables if table.name == name), None)


def test_who_does_not_take_part_is_dropped(two: tuple[Scenario, Scenario]) -> None:
    made, notes = joined(*two, {"membership"})
    assert_valid(made)
    assert named(made.arrangement.forum, "board").seats == ["x", "y", "z"]  # everyone is everyone again
    assert named(made.arrangement.forum, "board").rule == "consensus"  # the coordinator is gone as well
    assert named(made.arrangement.forum, "staff").seats == ["x"]
    assert named(made.arrangement.forum, "few") is None
    assert made.arrangement.route == ["board", "staff"]
    assert (made.arrangement.coordinator, made.arrangement.tie) == (None, [])
    assert named(made.portfolio.project, "lonely") is None
    assert named(made.portfolio.project, "joint").lead == "y"  # nearest to the theme
    assert named(made.portfolio.project, "listed").recommendation[0].duties == ["x"]
    assert named(made.portfolio.project, "listed").gains == {}
    assert [item.name for item in made.letters.letter] == ["general", "joint"]
    assert named(made.letters.letter, "general").to == ["x", "y", "z"]
    unused = {"assignment", "event", "secretariat", "unstaffed", "served", "facilitator"}
    assert set(notes.listed()) == set(RULES) - unused


def test_routes_lead_to_the_facilitator_of_the_structure(two: tuple[Scenario, Scenario]) -> None:
    first, second = two
    made, notes = joined(first, second, {"portfolio"})
    assert_valid(made)
    assert named(made.portfolio.project, "other").route == ["staff", "line"]  # two in a row count once
    assert notes.listed()["route"] == ("other",)
    bare = replace(first, arrangement=first.arrangement.model_copy(update={"facilitator": None}))
    assert named(hybrid(bare, second, {"portfolio"}).portfolio.project, "other").route == ["line"]


def test_a_letter_about_missing_projects_does_not_become_a_general_one(
    two: tuple[Scenario, Scenario],
) -> None:
    made, notes = joined(*two, {"steering"})
    assert_valid(made)
    assert [item.name for item in made.letters.letter] == ["mild"]
    assert notes.listed()["assignment"] == ("only-other",)


def test_a_secretariat_finds_a_home(two: tuple[Scenario, Scenario]) -> None:
    first, second = two
    made = hybrid(first, second, {"secretariat"})
    assert_valid(made)
    fte = {item.name: float(item.secretariat_fte) for item in made.arrangement.forum}
    assert fte == {"board": 0.0, "staff": 1.0, "few": 0.0}  # a forum that prepares
    assert (
        named(made.arrangement.forum, "board").served_by == "staff"
    )  # as the council, which steers, is served
    assert made.arrangement.facilitator == "board"  # steers, as the council does
    back = hybrid(second, first, {"secretariat"})
    assert_valid(back)
    fte = {item.name: float(item.secretariat_fte) for item in back.arrangement.forum}
    assert fte == {"council": 2.0, "office": 0.0}  # nothing prepares there: the facilitator
    assert back.arrangement.facilitator == "council"


def test_staffing_reaches_members_of_both_only(two: tuple[Scenario, Scenario]) -> None:
    first, second = two
    richer = tuple(a.model_copy(update={"capacity": Quantity(value=9.0)}) for a in second.agencies)
    made = hybrid(first, replace(second, agencies=richer), {"staffing"})
    assert {a.name: float(a.capacity) for a in made.agencies} == {"w": 2.0, "x": 9.0, "y": 9.0}


# --- Shapley values


def test_shapley_values_are_means_over_orders() -> None:
    worth = np.random.default_rng(1).normal(size=(16, 3))
    expected = np.zeros((4, 3))
    for order in permutations(range(4)):
        before = 0
        for member in order:
            expected[member] += worth[before | 1 << member] - worth[before]
            before |= 1 << member
    np.testing.assert_allclose(shapley(worth), expected / factorial(4), rtol=1e-12)


def test_the_glove_game() -> None:
    """One left glove and two right ones; a pair is worth 1 (Shapley & Shubik 1969)."""
    worth = np.array([float(bool(s & 1) and bool(s & 6)) for s in range(8)])
    np.testing.assert_allclose(shapley(worth), [2 / 3, 1 / 6, 1 / 6])


# --- explanations


@pytest.fixture(scope="module")
def changed() -> tuple[Scenario, Scenario]:
    """A scenario, and the same with other mandates, other staffing and another parameter."""
    a = load_scenario("0-24-2018")
    fields = {"mandate_clarity": 0.1, "follow_up": 0.9, "turnover": 3.0}
    practice = {field: Quantity(value=value) for field, value in fields.items()}
    parameters = {"group_drag": Quantity(value=0.3)}
    arrangement = a.arrangement.model_copy(update=practice)
    return a, replace(a, name="changed", arrangement=arrangement, parameters=parameters)


def test_parts_add_up_to_the_difference(changed: tuple[Scenario, Scenario]) -> None:
    found = explain(*changed, runs=12, seed=3, months=60)
    assert (found.differing, found.hybrids) == (("mandate", "staffing", "parameters"), 8)
    np.testing.assert_allclose(found.contributions.sum(axis=1), found.difference, rtol=0, atol=1e-9)
    table = found.table()
    assert table["mean"].sum() == pytest.approx(found.total().mean, abs=1e-9)
    assert list(table["mean"].abs()) == sorted(table["mean"].abs(), reverse=True)
    assert table["differs"].tolist() == [True] * 3 + [False] * 5
    assert (table[~table["differs"]][["mean", "low", "high"]] == 0.0).all(axis=None)
    assert (table[table["differs"]]["mean"] != 0.0).all()
    row = compare(changed, 12, 3, 60, series="none").table("implemented_rate").iloc[0]
    total = found.total()
    assert [row[key] for key in ("n", "mean", "low", "high")] == [12, total.mean, total.low, total.high]


@pytest.mark.parametrize("part", ["mandate", "parameters"])
def test_a_single_differing_part_gets_everything(part: Part) -> None:
    a = load_scenario("0-24-2018")
    clear = a.arrangement.model_copy(update={"mandate_clarity": Quantity(value=0.1)})
    changed = {
        "mandate": {"arrangement": clear},
        "parameters": {"parameters": {"turnover": Quantity(value=0.1)}},
    }
    b = replace(a, name="changed", **changed[part])  # type: ignore[arg-type]
    found = explain(a, b, "trust_mean", runs=10, months=40)
    assert (found.differing, found.hybrids) == ((part,), 2)
    row = compare([a, b], 10, months=40, series="none").table("trust_mean").iloc[0]
    first = found.table().iloc[0]
    assert (first["part"], first["n"]) == (part, 10)
    assert [first[key] for key in ("mean", "low", "high")] == [row[key] for key in ("mean", "low", "high")]
    assert row["mean"] != 0


def test_labels_and_evidence_make_no_difference() -> None:
    a = load_scenario("0-24-2018")
    text = a.arrangement.model_copy(update={"name": "other", "source": "elsewhere"})
    found = explain(a, replace(a, name="other", arrangement=text), runs=3, months=30)
    assert (found.differing, found.hybrids) == ((), 1)
    assert (found.difference == 0).all()


def test_runs_without_the_outcome_are_left_out_of_everything(changed: tuple[Scenario, Scenario]) -> None:
    a, _ = changed
    b = replace(a, name="changed", parameters={"turnover": Quantity(value=0.03)})
    found = explain(a, b, "months_to_implement", runs=30, months=18)
    n = 30 - found.missing
    assert 0 < n < 30
    assert len(found.contributions) == len(found.difference) == n
    assert (found.table()["n"] == n).all()
    np.testing.assert_allclose(found.contributions.sum(axis=1), found.difference, rtol=0, atol=1e-9)


def test_progress_counts_every_run() -> None:
    heard: list[tuple[int, int]] = []
    found = explain(
        "etatssamarbeidet-2022", "etatssamarbeidet-2023", runs=2, months=20,
        report=lambda done, total: heard.append((done, total)),
    )  # fmt: skip
    assert sum(done for done, _ in heard) == 2 * found.hybrids
    assert {total for _, total in heard} == {2 * found.hybrids}


def test_what_cannot_be_explained_is_refused_before_anything_runs() -> None:
    with pytest.raises(ValueError, match=r'no outcome .*did you mean "trust_mean"'):
        explain("0-24-2015", "0-24-2018", "trust_meen")
    with pytest.raises(ValueError, match="runs = 0"):
        explain("0-24-2015", "0-24-2018", runs=0)


def test_two_arrangements_of_the_same_work_differ_in_few_parts(shipped: dict[str, Scenario]) -> None:
    swaps = lattice(shipped["etatssamarbeidet-2022"], shipped["etatssamarbeidet-2023"])
    assert swaps.differing == ("forums", "staffing")  # the strategic group, and the turnover of autumn 2024
    assert len(swaps.scenarios) == 4
