"""A scenario as a network."""

from __future__ import annotations

from tverretatlig_sim.scenario import Scenario
from tverretatlig_sim.scenario.build import scenario_graph

from .small_world import World


def edges(scenario: Scenario, kind: str) -> dict[tuple[str, str], dict[str, object]]:
    found = scenario_graph(scenario).edges(data=True)
    return {(one[1], other[1]): data for one, other, data in found if data["kind"] == kind}


def test_nodes_have_kinds(world: World) -> None:
    graph = scenario_graph(world.load())
    assert graph.nodes["agency", "Udir"] == {"kind": "agency", "name": "Udir"}
    kinds = sorted(kind for kind, _ in graph.nodes)
    assert kinds == ["agency"] * 3 + ["forum"] * 2 + ["ministry"] * 2 + ["project"]


def test_an_agency_and_a_forum_may_share_a_name(world: World) -> None:
    world.change("arrangement", 'name = "secretariat"', 'name = "Udir"')
    world.change("arrangement", 'served_by = "secretariat"', 'served_by = "Udir"')
    world.change("arrangement", 'facilitator = "secretariat"', "")
    assert {("agency", "Udir"), ("forum", "Udir")} <= set(scenario_graph(world.load()).nodes)


def test_edges_of_each_kind(world: World) -> None:
    scenario = world.load()
    assert set(edges(scenario, "steers")) == {("KD", "Udir"), ("HOD", "Hdir"), ("HOD", "FHI")}
    assert len(edges(scenario, "seat")) == 3 + 2
    assert {pair[0]: data["lead"] for pair, data in edges(scenario, "stake").items()} == {
        "Udir": True,
        "Hdir": False,
        "FHI": False,
    }


def test_ties_join_those_who_share_a_forum_both_ways(world: World) -> None:
    ties = edges(world.load(), "tie")
    assert len(ties) == 6
    assert ties["Udir", "Hdir"]["trust"] == 0.8
    assert ties["Hdir", "Udir"]["trust"] == 0.5


def test_project_groups_make_ties_only_if_their_members_work_together(world: World) -> None:
    world.change("arrangement", 'seats = "all"', 'seats = ["Udir"]')
    assert len(edges(world.load(), "tie")) == 6
    world.change("arrangement", "facilitator", "project_groups = false\nfacilitator")
    assert set(edges(world.load(), "tie")) == {("Udir", "Hdir"), ("Hdir", "Udir")}
