"""Scenarios by name, file or table: composed, checked, fitted and with levers pulled."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias

from tverretatlig_sim.dates import months_between
from tverretatlig_sim.i18n import Message, _, joined
from tverretatlig_sim.inputs import another_kind, check_table, given_names, plain
from tverretatlig_sim.scenario.addresses import set_values
from tverretatlig_sim.scenario.compose import compose
from tverretatlig_sim.scenario.edits import Edit, noted
from tverretatlig_sim.scenario.errors import Origin, ScenarioError, did_you_mean, listed, quoted
from tverretatlig_sim.scenario.files import (
    Folders,
    Raw,
    is_path,
    list_scenarios,
    read_table,
    shipped_folder,
    shown,
    split_name,
    toml_names,
)
from tverretatlig_sim.scenario.history import begun_late, parts, phases, said, words
from tverretatlig_sim.scenario.levers import Lever, is_dial, list_levers, pulled
from tverretatlig_sim.scenario.overlay import (
    EXAMPLE,
    HEX,
    MEMBERS,
    SECRETARIAT,
    Line,
    Overlay,
    changed,
    fingerprint,
    lever_line,
    lines_of,
)
from tverretatlig_sim.scenario.quantity import Quantity
from tverretatlig_sim.scenario.scenario import Scenario, built, composed_table
from tverretatlig_sim.scenario.schema import Title
from tverretatlig_sim.scenario.validate import read
from tverretatlig_sim.scenario.whole import Then, revised

ScenarioLike: TypeAlias = Scenario | str | Path | Mapping[str, Any]
"""A scenario, the name of a shipped one, the path of a file, or a table such as a file holds."""


def load_scenario(
    source: ScenarioLike,
    *,
    levers: Iterable[str | Path | Lever] | str | Path | Lever = (),
) -> Scenario:
    """A scenario that comes with the package, by name, or one's own, from a file or a table.

    Parts that a file names are looked up in the file's own folder first, then among those that come with
    the package. Where an arrangement leaves out what it inherits (``without``), everything that misses it is
    fitted; the scenario's notes say what was done.

    Args:
        source: a name from ``list_scenarios()``, or the path of a TOML file, both also with levers after plus
            signs (``0-24-2018+line-calibration``); a table such as a scenario file holds; or a scenario,
            which is checked as a file is if it was made or changed in memory.
        levers: more levers to pull with them, or a single one; see ``with_levers``.

    Raises:
        ScenarioError: with all problems of the file and its parts, or of the levers.
    """
    if isinstance(source, Scenario):
        return with_levers(source, levers)
    own: tuple[str, ...] = ()
    if isinstance(source, Mapping):
        if "base" in source:
            return with_levers(_overlaid(source, Origin(quoted(source.get("name", ""))), None), levers)
        whole, path = composed_table(source), None
    else:
        if isinstance(source, str):
            source, own = split_name(source, Path())
        path = _path_of(source)
        table, origin = {"name": path.stem, **read_table(path)}, Origin(shown(path))
        if "base" in table:
            return with_levers(_overlaid(table, origin, path), *own, levers)
        folders = Folders(tuple(dict.fromkeys((path.parent.absolute(), shipped_folder().absolute()))))
        whole = compose(table, origin, folders, path.stem)
    return with_levers(_with_history(built(whole, path)), *own, levers)


def edit(
    scenario: ScenarioLike,
    values: Mapping[str, Any] | None = None,
    *,
    members: Iterable[str] | Mapping[str, Any] | None = None,
    forums: Mapping[str, Any] | None = None,
    meetings: float | None = None,
    secretariat: float | None = None,
    letters: float | Mapping[str, Any] | None = None,
    ministries: Mapping[str, Any] | None = None,
    projects: Mapping[str, Any] | None = None,
    levers: Iterable[str] = (),
    since: str | None = None,
    name: str = "",
    title: Title | None = None,
) -> Scenario:
    """The scenario with what its user changes; what that forces elsewhere is fitted.

    Each argument and each value is a line, whose effect can be told alone; ``changes`` of the scenario that
    is returned holds them, with what each of them did and forced.

    Args:
        scenario: what to change, as for ``load_scenario``.
        values: by key: an address, ``forum.steering-group.cadence``; an entry, ``member.UDI``, with False to
            leave it out, True or its fields to add it; a target of levers that means several numbers,
            ``forum[steer].cadence``; ``lever.NAME`` with True, ``dial.NAME`` with its value.
        members: names of all who take part; or members by name: False leaves one out, True or fields add one.
        forums: by name, fields that change or those of a new forum; False leaves it out.
        meetings: months between the meetings of every forum.
        secretariat: its staff in all, full-time equivalents.
        letters: how concretely every letter asks, 0 to 1; or letters by name, as forums.
        ministries: forums of the ministries by name, as forums.
        projects: by name, as forums.
        levers: names of levers and settings of dials.
        since: first month in which all this holds, ``YYYY-MM``; default: the whole run.
        name: of the scenario; default: that of what is changed, marked.
        title: in both languages; default: that of what is changed, marked.

    Raises:
        ScenarioError: something cannot be changed so, with the line and what is allowed.
        TypeError: ``values`` is no table, or ``levers`` no list of names.
    """
    values, base = {} if values is None else values, load_scenario(scenario)
    check_table("values", values, EXAMPLE)
    if since is not None:
        read(Then, {"date": plain(since)}, base.origin)
    pulled_too = dict(map(lever_line, given_names("levers", levers, "line-calibration")))
    asked = {
        "member" if isinstance(members, Mapping) else MEMBERS: members,
        "forum": forums,
        "forum[all].cadence": meetings,
        SECRETARIAT: secretariat,
        "letter" if isinstance(letters, Mapping) else "letter[all].strength": letters,
        "ministry_forum": ministries,
        "project": projects,
    }
    given = {key: value for key, value in asked.items() if value is not None}
    lines = lines_of({**given, **pulled_too, **values})
    return edited_by(base, lines, since, name, title)


def edited_by(
    base: Scenario,
    lines: Sequence[Line],
    since: str | None = None,
    name: str = "",
    title: Title | None = None,
    faults: dict[str, ScenarioError] | None = None,
) -> Scenario:
    """As ``edit``, with lines as such.

    Args:
        base: what to change.
        lines: in the order in which they are made.
        since: first month in which they hold; default: the whole run.
        name: of the scenario; default: that of what is changed, marked.
        title: in both languages; default: that of what is changed, marked.
        faults: takes up why lines cannot be made, by key; they are left out then.
    """
    made = changed(base, lines, since, faults)
    marked = Title(en=f"{base.title.en}, changed", nb=f"{base.title.nb}, endret")
    own = name or f"{base.name}-changed"
    return _with_history(replace(made, name=own, title=title or marked, path=None))


def _overlaid(table: Mapping[str, Any], origin: Origin, path: Path | None) -> Scenario:
    """The scenario of a table that names its base and what is changed in it.

    Raises:
        ScenarioError: with everything that is wrong with the table, or the base.
    """
    found = read(Overlay, plain(table), origin)
    beside = path.parent / f"{found.base}.toml" if path and isinstance(found.base, str) else None
    base = load_scenario(beside if beside and beside.is_file() and beside != path else found.base)
    try:
        made = edited_by(base, lines_of(found.change), found.since, found.name, found.title)
    except ScenarioError as error:
        raise ScenarioError([replace(it, file=origin.file) for it in error.problems]) from None
    stale = found.base_hash and found.base_hash != fingerprint(base)[:HEX]
    warning = _(
        "{base} has changed since {name} was written", base=quoted(base.name), name=quoted(found.name)
    )
    return noted(replace(made, path=path), [warning] if stale else [])


def then(
    scenario: ScenarioLike,
    date: str,
    change: ScenarioLike | Lever | Edit | Iterable[str | Path | Lever | Edit | Mapping[str, Any]],
) -> Scenario:
    """The scenario with a change from a month of the run on.

    State at that date is carried over: trust, ownership, understanding, open work and cases. Nothing before
    the date differs by a bit.

    Args:
        scenario: what to change, as for ``load_scenario``.
        date: first month in which the change holds, ``YYYY-MM``.
        change: what it becomes (a scenario, its name, path or table); a lever or dial; an edit, or the table
            of one, as ``{"do": "set", "address": "forum.steering-group.cadence", "value": 2}``; or a list of
            these.

    Raises:
        ScenarioError: the change cannot be made then.
    """
    alone: Any = str | Path | Mapping | Scenario | Lever | Edit
    table: dict[str, Any] = {"date": date, "lever": [], "edit": []}
    given: Any = [change] if isinstance(change, alone) or not isinstance(change, Iterable) else change
    for one in given:
        if isinstance(one, Edit) or (isinstance(one, Mapping) and "do" in one):
            table["edit"].append(plain(one) if isinstance(one, Mapping) else _written(one))
        elif isinstance(one, Lever) or (isinstance(one, str) and (is_dial(one) or one in list_levers())):
            table["lever"].append(one.name if isinstance(one, Lever) else one)
        else:
            table["becomes"] = load_scenario(one).to_dict() if not _is_shipped(one) else one
    loaded = load_scenario(scenario)
    made = read(Then, table, Origin(quoted(loaded.name), "then"))
    changes, what = tuple(sorted([*loaded.then, made], key=lambda it: it.date)), f"{date}={words(made)}"
    name, title = f"{loaded.name}/{what}", loaded.title.with_(what)
    return _with_history(replace(loaded, then=changes, name=name, title=title, path=None))


def together(*scenarios: ScenarioLike) -> Scenario:
    """Arrangements on the same agencies in one run, in which they share capacity, attention, ties and lines.

    Each keeps its forums, coordinator, routes, portfolio and letters. The run has the earliest start and
    lasts until the last of them ends; agencies and ministries are as the first describes them that has them.

    Args:
        *scenarios: two or more of different names, each as for ``load_scenario``; changes at dates are those
            of the first.

    Raises:
        ScenarioError: they cannot run together.
    """
    own, *others = map(load_scenario, scenarios)
    start = min(it.start for it in (own, *others))
    months = max(months_between(start, it.start) + it.default_months for it in (own, *others))
    names = ",".join(it.name for it in others)
    made = replace(
        own,
        start=start,
        months=Quantity(value=float(months), source="the longest of those that run together"),
        beside=tuple(it.name if it.path and _is_shipped(it.name) else it.to_dict() for it in others),
        name=f"{own.name}/beside={names}",
        title=own.title.with_(names),
        path=None,
    )
    return _with_history(begun_late(made, own.start))


def _written(edit: Edit) -> Raw:
    """An edit as a file writes it."""
    return {"do": edit.do, **plain(edit)}


def _is_shipped(source: object) -> bool:
    return isinstance(source, str) and source in list_scenarios()


def _with_history(scenario: Scenario) -> Scenario:
    """The scenario whose changes can be made, with notes on them; what becomes of it needs no folder."""
    if not scenario.then and not scenario.beside and phases(scenario) == [(scenario.start, scenario)]:
        return scenario
    folder = scenario.path and scenario.path.parent

    def found(name: Any) -> Any:  # noqa: ANN401
        if isinstance(name, Mapping) or name is None or _is_shipped(name):
            return name
        own = folder / f"{name}.toml" if folder and isinstance(name, str) else name
        return load_scenario(own if isinstance(own, Path) and own.is_file() else name).to_dict()

    changes = tuple(revised(it, becomes=found(it.becomes)) for it in scenario.then)
    made = replace(scenario, then=changes, beside=tuple(map(found, scenario.beside)))
    others = listed(part.name for part in parts(made)[1:])
    notes: list[Message | str] = [_("runs beside {names}", names=others)] if made.beside else []
    before, changing = made, [*made.then]
    for date, after in phases(made):
        if changing and changing[0].date == date:
            notes.append(said(changing.pop(0)))
        elif date != made.start:
            notes.append(_("from {date}: other members or seats", date=date))
        notes += [joined(": ", (date, note)) for note in after.notes if note not in before.notes]
        before = after
    return noted(made, notes)


def with_levers(
    scenario: ScenarioLike, *levers: str | Path | Lever | Iterable[str | Path | Lever]
) -> Scenario:
    """The scenario with levers pulled and dials set: structure first, then numbers, whatever their order.

    Numbers are set, then multiplied, added to and held within limits. What changes force elsewhere follows
    ``fit`` and is said in ``notes``, as is what had to be left out. The name is the scenario's and the
    levers' sorted names, joined by ``+``; without levers the scenario is returned as it is.

    Args:
        scenario: what to change, as for ``load_scenario``; no lever has been pulled on it.
        levers: names from ``list_levers()``, paths of lever files, dials (``matrix=0.8``), or levers already
            loaded; also lists of these.

    Raises:
        ScenarioError: the scenario is not valid, a lever cannot be read or pulled here or would change
            nothing, or two contradict.
        TypeError: they are of another kind.
    """
    alone = str | Path | Lever
    given = [[it] if isinstance(it, alone) or not isinstance(it, Iterable) else it for it in levers]
    sound = scenario.checked() if isinstance(scenario, Scenario) else load_scenario(scenario)
    pulling = [*chain.from_iterable(given)]
    return _with_history(pulled(sound, *pulling)) if pulling else sound


def with_values(scenario: ScenarioLike, values: Mapping[str, float | Quantity]) -> Scenario:
    """The scenario with other numbers at some addresses; see ``addresses.numbers`` for those there are.

    Args:
        scenario: what to change, as for ``load_scenario``.
        values: by address; a bare number becomes an assumption that says it was set by hand.

    Raises:
        ScenarioError: the scenario is not valid; or with every address that is none and every number beyond
            its hard limits.
        TypeError: they are of another kind.
    """
    return set_values(load_scenario(scenario), values)


def _path_of(source: str | Path) -> Path:
    if not isinstance(source, str | os.PathLike):
        raise another_kind(_("a scenario is given by its name, the path of its file or a table"), source)
    text = os.fspath(source)
    if isinstance(source, Path) or is_path(text):
        return Path(source)
    known = list_scenarios()
    if text in known:
        return shipped_folder() / f"{text}.toml"
    nearby = text in toml_names(Path.cwd())
    hint = did_you_mean(f"{text}.toml", [f"{text}.toml"]) if nearby else did_you_mean(text, known)
    what = _("there is no such scenario")
    raise Origin(quoted(text)).refusal("", what, listed(known), hint, "unknown_scenario")
