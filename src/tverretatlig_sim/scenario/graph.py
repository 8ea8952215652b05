"""A scenario as a network of actors, forums and projects."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, Any

from tverretatlig_sim.scenario.load import ScenarioLike, load_scenario

if TYPE_CHECKING:
    from networkx import MultiDiGraph

    Node = tuple[str, str]
    Graph = MultiDiGraph[Node]


def scenario_graph(scenario: ScenarioLike) -> Graph:
    """The network a scenario describes.

    Returns:
        A directed multigraph with the attributes ``name``, ``trust`` at the start and ``project_groups``;
        ``networkx.write_graphml`` writes it, ``from_graph`` makes a scenario of it.

        A node's key is the pair (kind, name), as an agency and a forum may share a
        name; its attributes are ``kind`` (``ministry``, ``agency``, ``forum`` or ``project``) and ``name``.
        An edge's attribute ``kind`` says what relates the two:

        - ``steers``: ministry to agency;
        - ``seat``: agency or ministry to forum;
        - ``stake``: agency to project, with ``lead`` (bool);
        - ``tie``: between agencies, and ministries with seats: one edge each way for every pair that shares
          a forum or, with project groups, a project, and one for every tie the arrangement gives; with
          ``trust`` at the start, 0 to 1.
    """
    from networkx import MultiDiGraph  # slow to import

    scenario = load_scenario(scenario)
    arrangement = scenario.arrangement
    trusting = float(arrangement.start.trust)
    about: dict[str, Any] = {"trust": trusting, "project_groups": arrangement.project_groups}
    graph: Graph = MultiDiGraph(None, name=scenario.name, **about)
    forums, projects = arrangement.forum, scenario.portfolio.project
    steering = {ministry.name for ministry in scenario.ministries}

    def node(name: str) -> Node:
        """Who has a seat: an agency or a ministry."""
        return "ministry" if name in steering else "agency", name

    for kind, rows in {
        "ministry": scenario.ministries, "agency": scenario.agencies, "forum": forums, "project": projects
    }.items():  # fmt: skip
        graph.add_nodes_from(((kind, row.name), {"kind": kind, "name": row.name}) for row in rows)
    for agency in scenario.agencies:
        graph.add_edge(("ministry", agency.ministry), ("agency", agency.name), kind="steers")
    for forum in forums:
        graph.add_edges_from((node(name), ("forum", forum.name), {"kind": "seat"}) for name in forum.seats)
    for project in projects:
        for name in project.members:
            graph.add_edge(
                ("agency", name), ("project", project.name), kind="stake", lead=name == project.lead
            )
    groups = [list(forum.seats) for forum in forums]
    groups += [list(project.members) for project in projects] if arrangement.project_groups else []
    pairs = sorted({pair for group in groups for pair in permutations(group, 2)})
    trust = dict.fromkeys(pairs, trusting)
    trust.update({(tie.source_agency, tie.target_agency): float(tie.trust) for tie in arrangement.tie})
    for (one, other), value in trust.items():
        graph.add_edge(node(one), node(other), kind="tie", trust=value)
    return graph
