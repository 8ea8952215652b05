"""Scenarios from Python: dataclasses, tables, graphs; and every kind of scenario can be used and saved."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest

import tverretatlig_sim as ts
from tverretatlig_sim.scenario import build as module
from tverretatlig_sim.scenario import schema
from tverretatlig_sim.scenario.combine import hybrid
from tverretatlig_sim.study.search import search


def small(**more: Any) -> ts.Scenario:
    return ts.build(
        "school-return",
        [
            ts.Agency("Schools", "Education", {"school": 1.0}, capacity=2.0),
            ts.Agency("Clinics", "Health", {"health": 1.0}, np.float64(3.0), staff=np.int64(90)),
        ],
        [
            ts.Project(
                "guide",
                {"school": 1.0, "health": 0.5},
                "commissioned",
                "Schools",
                "all",
                6,
                "2026-03",
                recommendations=4,
            )
        ],
        [
            ts.Forum("steering", "steer", "all", 2, served_by="office"),
            ts.Forum("office", "prepare", ("Schools",), 1, secretariat_fte=1.5),
        ],
        letters=[ts.Letter("asked", ["Education", "Health"], "all", "2026-01", 0.6)],
        **{"core": {"Schools"}, "coordinator": "Schools", "route": ("steering", "line"), "follow_up": 0.3}
        | more,
    )


def same_outcomes(one: Any, other: Any, runs: int = 3, months: int = 14) -> bool:
    first, second = (ts.simulate(it, runs, months=months, series="none").outcomes for it in (one, other))
    return bool(first.equals(second))


def test_dataclasses_become_a_file_that_gives_the_same_bits(tmp_path: Path) -> None:
    made = small()
    (file := tmp_path / "made.toml").write_text(made.to_toml(), encoding="utf-8")
    assert ts.load_scenario(file) == made
    assert same_outcomes(made, file, months=40)
    assert (made.start, made.core) == ("2026-03", frozenset({"Schools"}))
    assert {float(it.capacity) for it in made.agencies} == {2.0, 3.0}


def test_dataclasses_have_the_fields_and_defaults_of_a_file() -> None:
    for name in (
        "Ministry",
        "Agency",
        "Member",
        "Forum",
        "Term",
        "Tie",
        "Project",
        "Recommendation",
        "Letter",
        "Event",
    ):
        model, plain = getattr(schema, name), getattr(module, name)
        assert {it.name for it in fields(plain)} == set(model.model_fields)
    assert ts.Agency("a", "m", {}, 1.0).line_capacity == 2.0
    assert ts.Project("p", {}, "commissioned", "a", "all", 6, "2026-01").members == "all"


def test_dataclasses_of_ones_own_and_tables_will_do() -> None:
    @dataclass
    class Office:
        name: str
        ministry: str
        core_tasks: dict[str, float]
        capacity: float
        staff: float = 50.0
        place: str | None = None

    made = ts.build(
        "mixed",
        [
            Office("A", "M", {"x": 1.0}, 2.0),
            "Udir",
            {"name": "B", "ministry": "KD", "core_tasks": {"x": 1}, "capacity": 1},
        ],
        [
            {
                "name": "p",
                "themes": {"x": 1.0},
                "origin": "commissioned",
                "lead": "A",
                "members": ["A", "B"],
                "size": 3,
                "start": "2025-01",
                "recommendations": 1,
            }
        ],
    )
    assert {it.name: float(it.staff) for it in made.agencies if it.name != "Udir"} == {"A": 50.0, "B": 200.0}
    assert {it.name for it in made.ministries} == {"KD", "M"}
    assert next(it for it in made.ministries if it.name == "KD").title is not None  # as in the catalogue


def test_what_is_wrong_is_said_all_at_once() -> None:
    with pytest.raises(ts.ScenarioError, match=r'"commisioned".*did you mean "commissioned"') as refused:
        ts.build(
            "x",
            [ts.Agency("A", "M", {"t": 1.0}, -2.0)],
            [ts.Project("p", {"t": 1}, "commisioned", "A", "all", 6, "2026-13", recommendations=2)],
        )
    assert {"is -2", 'is the text "2026-13"'} < {str(it.what) for it in refused.value.problems}
    with pytest.raises(TypeError, match='no "cordinator"; did you mean "coordinator"'):
        small(cordinator="Schools")
    with pytest.raises(TypeError, match="agencies: must be a list of Agency"):
        ts.build("x", [3])


def test_any_graph_gives_a_structure() -> None:
    graph = nx.karate_club_graph()
    made = ts.from_graph(graph, "karate", months=24)
    assert len(made.agencies) == 34
    ties = {(it.source_agency, it.target_agency) for it in made.arrangement.tie}
    assert ties == {(str(a), str(b)) for a, b in graph.edges} | {(str(b), str(a)) for a, b in graph.edges}
    assert ts.scenario_graph(made).number_of_edges() == len(ties) + 34 + 34  # and one ministry, one project
    assert ts.simulate(made, 2).outcomes["drafted"].mean() > 0
    directed = nx.DiGraph([("A", "B", {"trust": np.float32(0.25)})])
    directed.add_node("A", capacity=4, core_tasks={"x": 1.0}, club="ignored")
    one = ts.from_graph(directed, start="2024-02")
    assert [float(it.trust) for it in one.arrangement.tie] == [0.25]
    assert float(one.agencies[0].capacity) == 4.0
    with pytest.raises(ValueError, match='there is no kind "person"'):
        ts.from_graph(_person())


def _person() -> nx.Graph:
    graph = nx.Graph()
    graph.add_node("A", kind="person")
    return graph


@pytest.mark.parametrize("name", ts.list_scenarios())
def test_a_structure_survives_graphml(name: str) -> None:
    file, graph = io.BytesIO(), ts.scenario_graph(name)
    nx.write_graphml(graph, file)
    file.seek(0)
    again = ts.scenario_graph(ts.from_graph(nx.read_graphml(file, force_multigraph=True)))
    assert set(again.nodes) == set(graph.nodes)
    told = [
        sorted(
            (one, other, it["kind"], it.get("trust", 0), it.get("lead", 0))
            for one, other, it in of.edges(data=True)
        )
        for of in (graph, again)
    ]
    assert told[0] == told[1]


MADE: dict[str, Callable[[], ts.Scenario]] = {
    "built": small,
    "edited": lambda: ts.edit("0-24-2018", {"member.IMDi": False}, secretariat=3),
    "swapped": lambda: ts.swap("dfo-simplified", portfolio="0-24-2018"),
    "hybrid": lambda: hybrid("0-24-2018", "dfo-simplified", ["forums", "mandate"]),
    "history": lambda: ts.then("0-24-2018", "2019-01", "dfo-simplified"),
    "together": lambda: ts.together("0-24-2018", small()),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", MADE)
def test_every_kind_is_simulated_studied_searched_and_saved(kind: str, tmp_path: Path) -> None:
    made = MADE[kind]()
    (file := tmp_path / "saved.toml").write_text(made.to_toml(), encoding="utf-8")
    found = ts.simulate(made, 3, months=14).outcomes
    assert same_outcomes(made, file)
    assert same_outcomes(made, ts.Scenario.from_dict(made.to_dict()))
    table = {"arrangements": [made], "design": {"kind": "grid"}, "record": {"replicates": True}}
    study = ts.study_of({**table, "runs": 3, "months": 14}).run().table()
    assert study["fte_spent"][0] == pytest.approx(found["fte_spent"].mean())
    tried = search(made, 2, 2, months=14, gain="fte_spent", dials=["stop_points"])
    assert tried.as_it_was[0].mean == pytest.approx(found["fte_spent"][:2].mean())
