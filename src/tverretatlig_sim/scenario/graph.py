"""A scenario as a network of actors, forums and projects."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import permutations
from typing import TYPE_CHECKING, Any

import networkx as nx

if TYPE_CHECKING:
    from tverretatlig_sim.scenario.scenario import Scenario

    Node = tuple[str, str]
    Graph = nx.MultiDiGraph[Node]
else:
    Graph = nx.MultiDiGraph

Edge = tuple["Node", "Node", dict[str, Any]]


def scenario_graph(scenario: Scenario) -> Graph:
    """The network a scenario describes.

    Returns:
        A directed multigraph. A node's key is the pair (kind, name), as an agency and a forum may share a
        name; its attributes are ``kind`` (``ministry``, ``agency``, ``forum`` or ``project``) and ``name``.
        An edge's attribute ``kind`` says what relates the two:

        - ``steers``: ministry to agency;
        - ``seat``: agency to forum;
        - ``stake``: agency to project, with ``lead`` (bool);
        - ``tie``: agency to agency, one edge each way for every pair that shares a forum or, with project
          groups, a project, and one for every tie the arrangement gives; with ``trust`` at the start, 0 to 1.
    """
    graph = Graph(name=scenario.name)
    names = {
        "ministry": [ministry.name for ministry in scenario.ministries],
        "agency": [agency.name for agency in scenario.agencies],
        "forum": [forum.name for forum in scenario.arrangement.forum],
        "project": [project.name for project in scenario.portfolio.project],
    }
    for kind, members in names.items():
        graph.add_nodes_from(((kind, name), {"kind": kind, "name": name}) for name in members)
    for edges in (_steering(scenario), _seats(scenario), _stakes(scenario), _ties(scenario)):
        graph.add_edges_from(edges)
    return graph


def _steering(scenario: Scenario) -> Iterable[Edge]:
    for agency in scenario.agencies:
        yield ("ministry", agency.ministry), ("agency", agency.name), {"kind": "steers"}


def _seats(scenario: Scenario) -> Iterable[Edge]:
    for forum in scenario.arrangement.forum:
        for name in forum.seats:
            yield ("agency", name), ("forum", forum.name), {"kind": "seat"}


def _stakes(scenario: Scenario) -> Iterable[Edge]:
    for project in scenario.portfolio.project:
        for name in project.members:
            yield ("agency", name), ("project", project.name), {"kind": "stake", "lead": name == project.lead}


def _ties(scenario: Scenario) -> Iterable[Edge]:
    arrangement = scenario.arrangement
    groups = [list(forum.seats) for forum in arrangement.forum]
    if arrangement.project_groups:
        groups += [list(project.members) for project in scenario.portfolio.project]
    pairs = {pair for group in groups for pair in permutations(group, 2)}
    trust = dict.fromkeys(sorted(pairs), float(arrangement.start.trust))
    trust.update({(tie.source_agency, tie.target_agency): float(tie.trust) for tie in arrangement.tie})
    for (one, other), value in trust.items():
        yield ("agency", one), ("agency", other), {"kind": "tie", "trust": value}
