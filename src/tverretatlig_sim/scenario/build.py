"""Scenarios from Python: plain dataclasses, or a networkx graph, instead of a file; and as a graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, field, fields, is_dataclass, make_dataclass
from inspect import cleandoc
from itertools import permutations
from typing import TYPE_CHECKING, Any

from pydantic.fields import FieldInfo

from tverretatlig_sim.i18n import _, joined
from tverretatlig_sim.inputs import another_kind, check_table, given_names, plain
from tverretatlig_sim.scenario import schema
from tverretatlig_sim.scenario.errors import did_you_mean, listed, quoted
from tverretatlig_sim.scenario.files import Raw, read_table, shipped_folder
from tverretatlig_sim.scenario.load import ScenarioLike, load_scenario
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.validate import texts

if TYPE_CHECKING:
    from networkx import Graph, MultiDiGraph

    Node = tuple[str, str]
    Network = MultiDiGraph[Node]


def _dataclass(model: type[schema.Table]) -> Any:  # noqa: ANN401 - a class that is made here
    """A plain dataclass with the fields and defaults of a table, and numbers instead of quantities."""

    def default(info: FieldInfo) -> Any:  # noqa: ANN401
        if info.is_required():
            return field()
        value = plain(info.get_default(call_default_factory=True))
        value = value["value"] if isinstance(value, dict) and "value" in value else value
        return field(default_factory=value.copy) if isinstance(value, dict | list) else value

    every = sorted(model.model_fields.items(), key=lambda item: not item[1].is_required())
    said = cleandoc(model.__doc__ or "")
    namespace = {"__doc__": f"{said}\n\nFields as in a scenario file; numbers may be tables with evidence."}
    made = make_dataclass(model.__name__, [(n, Any, default(it)) for n, it in every], namespace=namespace)
    made.__module__ = __name__
    return made


TABLES: tuple[type[schema.Table], ...] = (
    schema.Ministry, schema.Agency, schema.Member, schema.Forum, schema.Term, schema.Tie, schema.Project,
    schema.Recommendation, schema.Letter, schema.Event,
)  # fmt: skip
Ministry, Agency, Member, Forum, Term, Tie, Project, Recommendation, Letter, Event = map(_dataclass, TABLES)

START = "2025-01"
"""First month of what is built of a graph, unless another is given."""


def build(
    name: str,
    agencies: Iterable[object],
    projects: Iterable[object] = (),
    forums: Iterable[object] = (),
    ministries: Iterable[object] = (),
    letters: Iterable[object] = (),
    events: Iterable[object] = (),
    *,
    core: Iterable[str] = (),
    start: str | None = None,
    months: float | None = None,
    title: object = None,
    trust: float | None = None,
    ownership: float | None = None,
    parameters: Mapping[str, float] | None = None,
    **arrangement: Any,  # noqa: ANN401 - whatever an arrangement may say
) -> Scenario:
    """A scenario from Python objects: the dataclasses of this module, one's own, or tables.

    Args:
        name: what it is called.
        agencies: who takes part: ``Agency(…)``, or the names of agencies that come with the package.
        projects: what there is to do.
        forums: where they meet.
        ministries: those that are not said and do not come with the package are added by name.
        letters: what ministries ask.
        events: what renews political attention.
        core: names of the core agencies.
        start: first month of the run, ``YYYY-MM``; default: that of the first project.
        months: length of the run; default: 60, or the last project's start + 48.
        title: heading, in both languages as ``{"en": …, "nb": …}`` or one text for both.
        trust: in each other at the start, 0 to 1; default: 0.5.
        ownership: at the start, 0 to 1; default: 0.5.
        parameters: values of behavioural parameters.
        **arrangement: any other field of an arrangement: ``coordinator``, ``route``, ``follow_up``,
            ``ministry_forum``, ``tie``; ``member`` instead of ``core``.

    Raises:
        ScenarioError: with everything that is wrong with it.
        TypeError: there is no such field.
    """
    if unknown := [key for key in arrangement if key not in schema.Arrangement.model_fields]:
        known = schema.Arrangement.model_fields
        what = _("an arrangement has no {names}", names=listed(unknown))
        raise TypeError(joined("; ", (what, did_you_mean(unknown[0], known))))
    inner = {*given_names("core", core, "Udir")}
    if parameters is not None:
        check_table("parameters", parameters, "{'turnover': 0.02}")
    members = _rows("agencies", agencies)
    described = [it for it in members if not isinstance(it, str)]
    names = [it if isinstance(it, str) else it.get("name") for it in members]
    work, steering, asked = (
        _rows("projects", projects),
        _rows("ministries", ministries),
        _rows("letters", letters),
    )
    named = {*texts([it.get("ministry") for it in described])}
    named |= {it for letter in asked for it in texts(letter.get("ministries"))}
    new = sorted(named - {*texts([it.get("name") for it in steering])} - _catalogue())
    at_start = {"trust": trust, "ownership": ownership}
    begins = sorted(str(it["start"]) for it in work if "start" in it)
    found: Raw = {
        "name": name,
        "start": next(iter(begins), START) if start is None else plain(start),
        "arrangement": {
            "member": [{"agency": it, "core": str(it) in inner} for it in names],
            "forum": _rows("forums", forums),
            "start": {key: _plain(value) for key, value in at_start.items() if value is not None},
            **{key: _plain(value) for key, value in arrangement.items()},
        },
        "portfolio": {"project": work},
        "letters": {"letter": asked, "event": _rows("events", events)},
        "actors": {"agency": described, "ministry": [*steering, *({"name": it} for it in new)]},
        "parameters": dict(parameters or {}),
    }
    if months is not None:
        found["months"] = months
    if title is not None:
        found["title"] = {"en": title, "nb": title} if isinstance(title, str) else _plain(title)
    return Scenario.from_dict(found)


def from_graph(graph: Graph[Any], name: str = "", **more: Any) -> Scenario:  # noqa: ANN401
    """A scenario with the structure of a networkx graph, and defaults for what a graph does not say.

    A node is an agency unless its attribute ``kind`` says ``ministry``, ``forum`` or ``project``, and is
    called by its attribute ``name`` or itself; attributes that are fields of its kind (``capacity``,
    ``core_tasks``, ``cadence``) are taken. An edge is what it can be between its ends: who steers, has a
    seat, works on a project (``lead``: leads it) or is tied to whom (``trust``, default that of the graph
    or 0.5; undirected: both ways). ``scenario_graph`` gives such a graph. Where nothing else is said, an
    agency has two full-time equivalents, one ministry steers all, forums meet every month, and everybody
    works on one project of four recommendations, decided by the lead's line.

    Args:
        graph: of any kind.
        name: of the scenario; default: the graph's.
        **more: as for ``build``; given projects or forums take the place of the defaults.

    Raises:
        ScenarioError: with everything that is wrong with it.
        TypeError: it is no graph, or an arrangement has no such field.
        ValueError: a node is of a kind that there is not.
    """
    if not all(hasattr(graph, part) for part in ("nodes", "edges", "is_directed", "graph")):
        raise another_kind(_("a structure is given by a graph of networkx"), graph)
    nodes, about = {key: _node(key, facts) for key, facts in graph.nodes(data=True)}, graph.graph
    by_kind: dict[str, dict[str, Raw]] = {kind: {} for kind in KINDS}
    for kind, own, facts in nodes.values():
        by_kind[kind][own] = facts
    agencies, forums, projects, ties = *(by_kind[it] for it in ("agency", "forum", "project")), list[Raw]()
    for one, other, said in _both_ways(graph):
        (kind, source, _facts), (to, target, there) = nodes[one], nodes[other]
        if (kind, to) == ("ministry", "agency") and said.get("kind", "steers") == "steers":
            there.setdefault("ministry", source)
        elif to == "forum":
            there.setdefault("seats", []).append(source)
        elif (kind, to) == ("agency", "project"):
            there.setdefault("members", []).append(source)
            if said.get("lead"):
                there["lead"] = source
        elif (kind, to) == ("agency", "agency") and source != target:
            trust = _plain(said.get("trust", about.get("trust", 0.5)))
            ties.append({"source_agency": source, "target_agency": target, "trust": trust})
    start = more.setdefault("start", START)
    _default(agencies, {"ministry": "ministry", "core_tasks": {"joint-work": 1.0}, "capacity": 2.0})
    tasks = [it["core_tasks"] for it in agencies.values()]
    themes = dict.fromkeys((theme for it in tasks if isinstance(it, dict) for theme in it), 1.0)
    if not projects:
        projects["joint-project"] = {"name": "joint-project", "members": [*agencies]}
    for project in projects.values():
        project.setdefault("lead", next(iter(project.get("members", agencies)), ""))
        if "recommendation" not in project:
            project.setdefault("recommendations", 4)
    work = {"themes": themes, "origin": "commissioned", "size": 6.0, "start": start, "members": "all"}
    _default(projects, work)
    _default(forums, {"function": "steer", "cadence": 1.0, "seats": "all"})
    usual: dict[str, Any] = {
        "projects": projects.values(),
        "forums": forums.values(),
        "ministries": by_kind["ministry"].values(),
        "tie": ties,
        "project_groups": bool(about.get("project_groups", not ties)),
        "trust": about.get("trust"),
    }
    named = name if not isinstance(name, str) or name else str(about.get("name") or "graph")
    return build(named, agencies.values(), **usual | more)


KINDS = {"agency": Agency, "ministry": Ministry, "forum": Forum, "project": Project}
"""What a node of a graph can be."""


def _node(key: object, facts: Mapping[str, Any]) -> tuple[str, str, Raw]:
    """Kind, name and fields of a node."""
    kind = str(facts.get("kind", "agency"))
    if kind not in KINDS:
        what = _("node {node}: there is no kind {kind}", node=quoted(str(key)), kind=quoted(kind))
        raise ValueError(joined("; ", (what, _("allowed: {allowed}", allowed=listed(KINDS)))))
    known = {it.name for it in fields(KINDS[kind])} - {"title", "source"}
    name = str(facts.get("name", key))
    return kind, name, {**{k: _plain(value) for k, value in facts.items() if k in known}, "name": name}


def _default(rows: Mapping[str, Raw], usual: Raw) -> None:
    for row in rows.values():
        row.update({key: value for key, value in usual.items() if key not in row})


def _both_ways(graph: Graph[Any]) -> Iterator[tuple[Any, Any, Mapping[str, Any]]]:
    """Edges from each end that counts: of an undirected graph, both."""
    for one, other, facts in graph.edges(data=True):
        yield one, other, facts
        if not graph.is_directed():
            yield other, one, facts


def _rows(what: str, given: object) -> list[Any]:
    """Entries as a file has them; what is as by default is not said. Agencies may be names."""
    found = (
        [*map(_plain, given)]
        if isinstance(given, Iterable) and not isinstance(given, str | Mapping)
        else None
    )
    if found is not None and all(
        isinstance(it, dict) or (what, type(it)) == ("agencies", str) for it in found
    ):
        return found
    allowed = _(
        "{what}: must be a list of Agency(…), Forum(…), Project(…) and the like, or of tables", what=what
    )
    raise another_kind(allowed, given)


def _plain(value: Any) -> Any:  # noqa: ANN401
    if is_dataclass(value) and not isinstance(value, type):
        own = type(value).__module__ == __name__
        said = {
            it.name: getattr(value, it.name) for it in fields(value) if not (own and _is_default(value, it))
        }
        return {key: _plain(item) for key, item in said.items() if item is not None}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [*map(_plain, value)] if isinstance(value, list | tuple) else plain(value)


def _is_default(value: object, its: Any) -> bool:  # noqa: ANN401 - a field
    given, usual = getattr(value, its.name), its.default
    if its.default_factory is not MISSING:
        usual = its.default_factory()
    return type(given) is type(usual) and bool(given == usual)


def _catalogue() -> set[str]:
    """Ministries that come with the package."""
    files = (shipped_folder() / "actors").glob("*.toml")
    return {row["name"] for file in files for row in read_table(file).get("ministry", ())}


# --- a scenario as a graph


def scenario_graph(scenario: ScenarioLike) -> Network:
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
    graph: Network = MultiDiGraph(None, name=scenario.name, **about)
    forums, projects = arrangement.forum, scenario.projects
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
