"""A scenario in one table, put together from files: parts, what they inherit, actors they name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Annotated, Any, get_args

from pydantic import Field

from tverretatlig_sim.i18n import _, joined
from tverretatlig_sim.scenario.errors import (
    MISSING,
    Origin,
    Problem,
    ScenarioError,
    did_you_mean,
    is_,
    listed,
    quoted,
)
from tverretatlig_sim.scenario.files import (
    PARTS,
    Folders,
    Raw,
    Value,
    guard,
    read_table,
    shipped_folder,
    shown,
)
from tverretatlig_sim.scenario.quantity import Grade, Quantity
from tverretatlig_sim.scenario.schema import KINDS, Actors, Agency, Ministry, Table, Without
from tverretatlig_sim.scenario.validate import Sourced, checked, plain, tables, text, texts

IDENTITY = {kind: KINDS[kind][1] for kind in ("member", "forum", "tie")}
"""Lists of an arrangement that merge entry by entry, and the fields that say which entry is which."""
ACTORS = ("ministry", "agency")
Key = tuple[str, ...]


@dataclass
class Composed:
    """A scenario in one table.

    Attributes:
        raw: the head, with its parts as tables and ``actors`` as a list of tables, one a file.
        agencies, ministries: names that can be used; None if a file that cannot be read may describe more.
        left: entries of the arrangement that ``without`` left out, by list.
        problems: found on the way.
    """

    raw: Sourced
    agencies: Collection[str] | None = None
    ministries: Collection[str] | None = None
    left: dict[str, list[Raw]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def origin(self) -> Origin:
        """Where the scenario file's own keys stand."""
        return self.raw.origin or Origin("")

    def restored(self) -> Composed:
        """The same with what was left out put back, but for what was replaced."""
        own = self.raw["arrangement"]
        lists = {}
        for key, entries in self.left.items():
            there = {identity(entry, IDENTITY[key]) for entry in tables(own.get(key))}
            back = [entry for entry in entries if identity(entry, IDENTITY[key]) not in there]
            lists[key] = [*own.get(key, []), *back]
        raw = Sourced(
            {**self.raw, "arrangement": Sourced({**own, **lists}, own.origin, own.origins)}, self.raw.origin
        )
        return Composed(raw, self.agencies, self.ministries, {}, self.problems)


def compose(table: Mapping[str, Value], origin: Origin, folders: Folders, stem: str) -> Composed:
    """A scenario file's table with everything it names and inherits.

    Args:
        table: as read, with a name.
        origin: where it stands.
        folders: where parts and actors are looked up; without any, everything stands in the table.
        stem: name of parts that stand in the table without one.
    """
    whole = Composed(Sourced({}, origin))
    raw = graded(dict(table), "scenario", origin, whole.problems)
    actors = raw.pop("actors", {})
    if not isinstance(actors, dict):
        whole.problems.append(origin.problem("actors", is_(actors), _("a table"), code="model_type"))
        actors = {}
    whole.raw.update(raw)
    for kind in PARTS:
        try:
            whole.raw[kind] = _part(kind, raw, origin, folders, stem, whole)
        except ScenarioError as error:
            whole.problems.extend(error.problems)
            whole.raw.pop(kind, None)
    _add_actors(whole, actors or None, origin, folders)
    return whole


def _part(kind: str, raw: Raw, origin: Origin, folders: Folders, stem: str, whole: Composed) -> Sourced:
    """A part as it stands in its own file or inside the scenario file, with what it inherits."""
    value, path = raw.get(kind), None
    if isinstance(value, dict):
        table, own = {"name": stem, **value}, Origin(origin.file, kind)
    elif isinstance(value, str):
        path = folders.find(kind, plain(value), origin, kind)
        table, own = {"name": path.stem, **read_table(path)}, Origin(shown(path))
    else:
        what, allowed = is_(value) if kind in raw else MISSING, _("a name in quotation marks, or a table")
        raise ScenarioError([origin.problem(kind, what, allowed, code="part_type")])
    if kind == "arrangement":
        return _inheriting(table, own, path, folders, whole)
    return Sourced(graded(table, kind, own, whole.problems), own)


# --- arrangements that extend others


def _inheriting(table: Raw, origin: Origin, path: Path | None, folders: Folders, whole: Composed) -> Sourced:
    """An arrangement with everything it inherits, without ``extends`` and ``without``."""
    chain, passed = list[tuple[Sourced, Value, Origin]](), [path] if path else []
    while True:
        raw = graded(table, "arrangement", origin, whole.problems)
        extends, without = raw.pop("extends", None), raw.pop("without", {})
        chain.append((_marked(raw, origin), without, origin))
        if extends is None:
            break
        try:
            passed.append(_parent(extends, origin, folders, passed))
        except ScenarioError as error:
            whole.problems += error.problems
            without = {}
            break
        origin = Origin(shown(passed[-1]))
        table = {"name": passed[-1].stem, **read_table(passed[-1])}
    if without:
        what, allowed = _("leaves out entries of nothing"), _("only beside extends")
        whole.problems.append(origin.problem("without", what, allowed, code="without_nothing"))
    result = chain[-1][0]
    for own, left_out, where in reversed(chain[:-1]):
        result = _merged(_left_out(result, left_out, where, whole), own)
    return result


def _parent(extends: Value, origin: Origin, folders: Folders, passed: Sequence[Path]) -> Path:
    """The file of the arrangement that is extended."""
    if not isinstance(extends, str):
        allowed = _("the name of an arrangement")
        raise ScenarioError([origin.problem("extends", is_(extends), allowed, code="part_type")])
    path = folders.find("arrangement", extends.strip(), origin, "extends")
    if path in passed:
        chain = " → ".join(str(quoted(file.stem)) for file in (*passed, path))
        what = _("arrangements extend each other in a circle: {chain}", chain=chain)
        raise ScenarioError([origin.problem("extends", what, code="circle")])
    return path


def _marked(table: Raw, origin: Origin) -> Sourced:
    """The table, each key of which knows where it stands, as do those of the entries that merge."""

    def inner(value: Value) -> Value:
        if isinstance(value, list):
            return [inner(entry) for entry in value]
        return Sourced(value, None, dict.fromkeys(value, origin)) if isinstance(value, dict) else value

    merging = {key: inner(value) for key, value in table.items() if key in IDENTITY or key == "start"}
    return Sourced({**table, **merging}, origin, dict.fromkeys(table, origin))


def _merged(parent: Sourced, child: Sourced) -> Sourced:
    """The parent's table with the child's keys; named entries and the start merge field by field."""
    result = Sourced({**parent, **child}, child.origin, {**parent.origins, **child.origins})
    for key, fields in IDENTITY.items():
        if isinstance(parent.get(key), list) and isinstance(child.get(key), list):
            result[key] = _merged_entries(parent[key], child[key], fields)
    if isinstance(parent.get("start"), dict) and isinstance(child.get("start"), dict):
        result["start"] = _merged(parent["start"], child["start"])
    return result


def _merged_entries(parent: list[Any], child: list[Any], fields: Key) -> list[Any]:
    """A second entry of the same name in the child stays apart, so that it is reported as a duplicate."""
    result = list(parent)
    places = {identity(entry, fields): index for index, entry in enumerate(parent)}
    for entry in child:
        index = places.pop(identity(entry, fields), None) if isinstance(entry, dict) else None
        if index is None:
            result.append(entry)
        else:
            result[index] = _merged(result[index], entry)
    return result


def identity(entry: Value, fields: Key) -> Key:
    """What an entry is called; empty if it does not say."""
    names = [text(entry.get(field)) if isinstance(entry, dict) else None for field in fields]
    return tuple(name for name in names if name)


def _left_out(parent: Sourced, without: Value, origin: Origin, whole: Composed) -> Sourced:
    """What is inherited, without the entries that are left out."""
    result = Sourced(parent, parent.origin, parent.origins)
    where = Origin(origin.file, joined(", ", (origin.within, "without")))
    for key, names in checked(Without, without, where, whole.problems) or ():
        unwanted = {tuple(name) if isinstance(name, list) else (name,) for name in names}
        there = [(identity(entry, IDENTITY[key]), entry) for entry in tables(parent.get(key))]
        known = {" ".join(item) for item, _entry in there}
        for name in sorted({" ".join(item) for item in unwanted} - known):
            what = _("no inherited {key} is called {name}", key=key, name=quoted(name))
            hint = did_you_mean(name, known)
            place = f"without, {key}"
            whole.problems.append(origin.problem(place, what, listed(known), hint, "unknown_entry", name))
        if unwanted:
            result[key] = [entry for item, entry in there if item not in unwanted]
            whole.left.setdefault(key, []).extend(entry for item, entry in there if item in unwanted)
    return result


# --- actors


@dataclass
class _ActorFile:
    """One table of actors, or none if it cannot be read; a higher layer replaces what a lower one says."""

    origin: Origin
    layer: int
    table: Raw | None = None
    problems: list[Problem] = field(default_factory=list)

    def names(self) -> Iterator[tuple[str, str]]:
        """Kind and name of everyone it describes."""
        for kind in ACTORS:
            yield from (
                (kind, name)
                for row in tables((self.table or {}).get(kind))
                if (name := text(row.get("name")))
            )

    def steering(self) -> dict[str, str]:
        """Ministry of each agency."""
        rows = (
            (text(row.get("name")), text(row.get("ministry")))
            for row in tables((self.table or {}).get("agency"))
        )
        return {name: ministry for name, ministry in rows if name and ministry}


def _add_actors(whole: Composed, inline: Raw | None, origin: Origin, folders: Folders) -> None:
    """Add the tables that describe someone the scenario names; a fault concerns only those who use its file.

    A file that cannot be read concerns those who name someone it may describe: whoever is described nowhere,
    or only in a folder that this file's folder comes before.
    """
    own = (
        [_ActorFile(Origin(origin.file, "actors"), len(folders.paths), inline)] if inline is not None else []
    )
    files, homes = own, _homes(own)
    if not _wanted(whole.raw, whole.left, files) <= homes.keys():
        files = [*_actor_files(folders), *own]
        homes = _homes(files)
    wanted = _wanted(whole.raw, whole.left, files)
    used = [file for name in wanted for file in homes.get(name, ())]
    unread = [
        file
        for file in files
        if file.table is None
        and any(name not in homes or homes[name][0].layer < file.layer for name in wanted)
    ]
    concerned = [file for file in files if any(file is one for one in (*used, *unread, *own))]
    whole.problems += [problem for file in concerned for problem in file.problems]
    whole.raw["actors"] = [Sourced(file.table, file.origin) for file in concerned if file.table is not None]
    if all(file.table is not None for file in files):
        whole.ministries = {name for kind, name in homes if kind == "ministry"}
        whole.agencies = {name for kind, name in homes if kind == "agency"}


def _homes(files: Iterable[_ActorFile]) -> dict[tuple[str, str], list[_ActorFile]]:
    """The files of the highest layer that describe each actor; a second one there is a problem."""
    homes: dict[tuple[str, str], list[_ActorFile]] = {}
    for file in files:
        for kind, name in file.names():
            there = [old for old in homes.get((kind, name), ()) if old.layer == file.layer]
            if there:
                what = _("is described twice, first in {file}", file=there[0].origin.file)
                place, allowed = f"{kind} {quoted(name)}", _("names used once")
                file.problems.append(file.origin.problem(place, what, allowed, code="described_twice"))
            homes[kind, name] = [*there, file]
    return homes


def _wanted(raw: Raw, left: Mapping[str, list[Raw]], files: Iterable[_ActorFile]) -> set[tuple[str, str]]:
    """Everyone a scenario names, and the ministries of its agencies."""
    arrangement, letters = raw.get("arrangement", {}), raw.get("letters", {})
    members = [*tables(arrangement.get("member")), *left.get("member", ())]
    sending = [*tables(letters.get("letter")), *tables(letters.get("event"))]
    agencies = {text(row.get("agency")) for row in members} | {*texts(arrangement.get("municipal_chain"))}
    steering = {name: ministry for file in files for name, ministry in file.steering().items()}
    ministries = [text(row.get("ministry")) for row in members] + [
        steering.get(name or "") for name in agencies
    ]
    ministries += [name for row in sending for name in texts(row.get("ministries"))]
    return {("agency", name) for name in agencies if name} | {
        ("ministry", name) for name in ministries if name
    }


def _actor_files(folders: Folders) -> Iterator[_ActorFile]:
    """The files of all folders, those that others replace first."""
    for layer, folder in enumerate(reversed(folders.paths)):
        for path in sorted((folder / "actors").glob("*.toml")):
            file = _ActorFile(Origin(shown(path)), layer)
            try:
                guard(path, folder)
                file.table = graded(read_table(path), "actors", file.origin, file.problems)
            except ScenarioError as error:
                file.problems.extend(error.problems)
            yield file


# --- evidence that a file states once for many numbers


class Grading(Table):
    """The evidence of all bare numbers of one field in one file; see ``Quantity`` for the keys."""

    grade: Grade
    source: str = ""
    note: str = ""
    range: Annotated[tuple[float, float], Field(strict=False)] | None = None
    factor: float | None = None
    spread: float | None = None


def graded(raw: Raw, root: str, origin: Origin, problems: list[Problem]) -> Raw:
    """The table without its ``[evidence]``, which is written into every bare number it covers.

    Args:
        raw: a file as read.
        root: the word that stands for the file's top level in the keys, e.g. ``arrangement``.
        origin: where the table stands.
        problems: found problems are appended here.
    """
    rest = {key: value for key, value in raw.items() if key != "evidence"}
    stated = _stated(raw.get("evidence", {}), origin, problems)
    return _graded_table(rest, root, stated) if stated else rest


@cache
def evidence_keys() -> frozenset[str]:
    """Every key that ``[evidence]`` may have, apart from ``parameters.<name>``."""
    return frozenset(
        f"{table}.{field}"
        for table, (model, _names) in KINDS.items()
        for field, info in model.model_fields.items()
        if _holds_numbers(info.annotation)
    )


def _holds_numbers(annotation: Value) -> bool:
    return annotation is Quantity or any(_holds_numbers(part) for part in get_args(annotation))


def _stated(evidence: Value, origin: Origin, problems: list[Problem]) -> dict[str, Raw]:
    if not isinstance(evidence, dict):
        problems.append(origin.problem("evidence", is_(evidence), _("a table"), code="evidence_type"))
        return {}
    stated = {}
    for key, entry in evidence.items():
        if key not in evidence_keys() and not key.startswith("parameters."):
            hint = did_you_mean(key, evidence_keys())
            what, allowed = _("unknown key {key}", key=quoted(key)), _("<table>.<field> of a number")
            problems.append(origin.problem("evidence", what, allowed, hint, "unknown_evidence", key))
        grading = checked(Grading, entry, Origin(origin.file, f"evidence {quoted(key)}"), problems)
        if grading is not None:
            stated[key] = grading.model_dump(exclude_unset=True)
    return stated


def _graded_table(raw: Raw, table: str, stated: dict[str, Raw]) -> Raw:
    return {key: _graded_value(value, table, key, stated) for key, value in raw.items()}


def _graded_value(value: Value, table: str, key: str, stated: dict[str, Raw]) -> Value:
    grading = stated.get(f"{table}.{key}")
    if grading is not None:
        return _with_grading(value, grading)
    if isinstance(value, dict):
        return _graded_table(value, key, stated)
    if isinstance(value, list):
        return [_graded_table(item, key, stated) if isinstance(item, dict) else item for item in value]
    return value


def _with_grading(value: Value, grading: Raw) -> Value:
    if isinstance(value, dict) and "value" not in value:
        return {key: _with_grading(item, grading) for key, item in value.items()}
    if isinstance(value, int | float) and not isinstance(value, bool):
        return {"value": value, **grading}
    return value


def shipped_actors(names: Iterable[str]) -> tuple[list[Agency], dict[str, Ministry]]:
    """Agencies in the files that come with the package, and the ministries there by name.

    Args:
        names: of the agencies.

    Raises:
        ScenarioError: with all problems of the files that describe them.
    """
    wanted, origin = list(names), Origin("actors")
    whole = Composed(Sourced({"arrangement": {"municipal_chain": wanted}}, origin))
    _add_actors(whole, None, origin, Folders((shipped_folder().absolute(),)))
    found = [checked(Actors, table, table.origin, whole.problems) for table in whole.raw["actors"]]
    if whole.problems:
        raise ScenarioError(whole.problems)
    tables = [table for table in found if table is not None]
    agencies = {agency.name: agency for table in tables for agency in table.agency}
    return [agencies[name] for name in wanted], {row.name: row for table in tables for row in table.ministry}
