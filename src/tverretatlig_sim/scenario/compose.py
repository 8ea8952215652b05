"""A scenario in one table, put together from files: parts, what they inherit, actors they name."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path, PurePath
from typing import Annotated, Any

from pydantic import Field

from tverretatlig_sim.i18n import Message, _, joined
from tverretatlig_sim.scenario.errors import (
    MISSING,
    Origin,
    Problem,
    ScenarioError,
    among,
    did_you_mean,
    is_,
    quoted,
)
from tverretatlig_sim.scenario.files import (
    PARTS,
    Folders,
    Raw,
    Value,
    guard,
    read_table,
    shown,
)
from tverretatlig_sim.scenario.quantity import Grade, Stated, number_fields
from tverretatlig_sim.scenario.schema import Table, Without
from tverretatlig_sim.scenario.validate import Sourced, checked, plain, tables, text, texts
from tverretatlig_sim.scenario.whole import KINDS

IDENTITY = {kind: KINDS[kind][1] for kind in ("member", "forum", "ministry_forum", "tie")}
"""Lists of an arrangement that merge entry by entry, and the fields that say which entry is which."""
NAMED = ("name",)
MERGING = {*IDENTITY, "start"}
"""What a child's arrangement need not say again."""
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
        lists = {
            key: list({identity(row, key): row for row in (*left, *tables(own.get(key)))}.values())
            for key, left in self.left.items()
        }
        return replace(self, raw=self.raw.having({"arrangement": own.having(lists)}), left={})


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
        raise origin.refusal(kind, what, allowed, "", "part_type")
    if kind == "arrangement":
        return _inheriting(table, own, path, folders, whole)
    return Sourced(graded(table, kind, own, whole.problems), own)


# --- arrangements that extend others


def _inheriting(table: Raw, origin: Origin, path: Path | None, folders: Folders, whole: Composed) -> Sourced:
    """An arrangement with everything it inherits, without ``extends`` and ``without``."""
    passed = [path] if path else []
    chain = list[tuple[Sourced, Value, Origin]]()
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
    result = chain.pop()[0]
    for own, without, where in reversed(chain):
        result = _merged(_left_out(result, without, where, whole), own)
    return result


def _parent(extends: Value, origin: Origin, folders: Folders, passed: Sequence[Path]) -> Path:
    """The file of the arrangement that is extended."""
    if not isinstance(extends, str):
        allowed = _("the name of an arrangement")
        raise origin.refusal("extends", is_(extends), allowed, "", "part_type")
    path = folders.find("arrangement", extends.strip(), origin, "extends")
    if path in passed:
        chain = " → ".join(str(quoted(file.stem)) for file in (*passed, path))
        what = _("arrangements extend each other in a circle: {chain}", chain=chain)
        raise origin.refusal("extends", what, "", "", "circle")
    return path


def _marked(table: Raw, origin: Origin) -> Sourced:
    """The table, each key of which knows where it stands, as do those of the tables in it."""

    def inner(value: Value) -> Value:
        if isinstance(value, list):
            return [inner(entry) for entry in value]
        return Sourced(value, None, dict.fromkeys(value, origin)) if isinstance(value, dict) else value

    merging = {key: inner(value) for key, value in table.items() if key in MERGING}
    return Sourced({**table, **merging}, origin, dict.fromkeys(table, origin))


def _merged(parent: Sourced, child: Sourced) -> Sourced:
    """The parent's table with the child's keys; named entries and the start merge field by field."""
    result = Sourced({**parent, **child}, child.origin, {**parent.origins, **child.origins})
    for key in MERGING & parent.keys() & child.keys():
        one, other = parent[key], child[key]
        if isinstance(one, list) and isinstance(other, list):
            result[key] = _merged_entries(key, one, other)
        elif isinstance(one, Sourced) and isinstance(other, Sourced):
            result[key] = _merged(one, other)
    return result


def _merged_entries(kind: str, parent: list[Any], child: list[Any]) -> list[Any]:
    """A second entry of the same name in the child stays apart, so that it is reported as a duplicate."""
    result = list(parent)
    places = {identity(entry, kind): index for index, entry in enumerate(parent)}
    for entry in child:
        index = places.pop(identity(entry, kind), None) if isinstance(entry, dict) else None
        if index is None:
            result.append(entry)
        else:
            result[index] = _merged(result[index], entry)
    return result


def identity(entry: Value, kind: str) -> Key:
    """What an entry of a list is called; empty if it does not say."""
    names = [text(entry.get(key)) if isinstance(entry, dict) else None for key in IDENTITY.get(kind, NAMED)]
    return tuple(name for name in names if name)


def _left_out(parent: Sourced, without: Value, origin: Origin, whole: Composed) -> Sourced:
    """What is inherited, without the entries that are left out."""
    where = Origin(origin.file, joined(", ", (origin.within, "without")))
    kept = {}
    for key, names in checked(Without, without, where, whole.problems) or ():
        unwanted = {tuple(name) if isinstance(name, list) else (name,) for name in names}
        there = tables(parent.get(key))
        known = {" ".join(identity(entry, key)) for entry in there}
        for name in sorted({" ".join(item) for item in unwanted} - known):
            what = _("no inherited {key} is called {name}", key=key, name=quoted(name))
            whole.problems.append(where.problem(key, what, *among(name, known), "unknown_entry", name))
        if unwanted:
            kept[key] = [entry for entry in there if identity(entry, key) not in unwanted]
            whole.left.setdefault(key, []).extend(
                entry for entry in there if identity(entry, key) in unwanted
            )
    return parent.having(kept)


# --- actors


@dataclass(eq=False)
class _ActorFile:
    """One table of actors, or none if it cannot be read."""

    origin: Origin
    table: Raw | None = None
    problems: list[Problem] = field(default_factory=list)

    def rows(self, kind: str) -> list[tuple[str, Raw]]:
        """Everyone of a kind whom it describes, by name."""
        rows = tables((self.table or {}).get(kind))
        return [(name, row) for row in rows if (name := text(row.get("name")))]


Layers = Sequence[Sequence[_ActorFile]]
"""Tables of actors, layer by layer; what the first layers say counts."""


def _add_actors(whole: Composed, inline: Raw | None, origin: Origin, folders: Folders) -> None:
    """Add the tables that describe someone the scenario names; faults concern only users of a file."""
    own = [] if inline is None else [_ActorFile(Origin(origin.file, "actors"), inline)]
    layers: Layers = [own]
    used, complete = _used(whole, layers)
    if not complete:
        layers = [own, *map(_actor_files, folders.paths)]
        used, complete = _used(whole, layers)
    for layer in layers:
        _mark_described_twice(layer)
    concerned = [file for layer in reversed(layers) for file in layer if file in used or file in own]
    whole.problems += [problem for file in concerned for problem in file.problems]
    whole.raw["actors"] = [Sourced(file.table, file.origin) for file in concerned if file.table is not None]
    files = [file for layer in layers for file in layer]
    if all(file.table is not None for file in files):
        whole.ministries = {name for file in files for name, _row in file.rows("ministry")}
        whole.agencies = {name for file in files for name, _row in file.rows("agency")}


def _used(whole: Composed, layers: Layers) -> tuple[set[_ActorFile], bool]:
    """The files that describe someone the scenario names, and whether everyone is described.

    A file that cannot be read may describe whoever is not described in its layer or one before it.
    """
    arrangement, letters = whole.raw.get("arrangement", {}), whole.raw.get("letters", {})
    members = [*tables(arrangement.get("member")), *whole.left.get("member", ())]
    sending = [*tables(letters.get("letter")), *tables(letters.get("event"))]
    wanted = {
        "agency": {text(row.get("agency")) for row in members} | {*texts(arrangement.get("municipal_chain"))},
        "ministry": {text(row.get("ministry")) for row in members}
        | {name for row in sending for name in texts(row.get("ministries"))},
    }
    used, complete = set[_ActorFile](), True
    for kind, names in wanted.items():
        missing = names - {None}
        for layer in layers:
            found = [(file, name, row) for file in layer for name, row in file.rows(kind) if name in missing]
            missing -= {name for _file, name, _row in found}
            used |= {file for file, _name, _row in found}
            used |= {file for file in layer if missing and file.table is None}
            if kind == "agency":
                wanted["ministry"] |= {text(row.get("ministry")) for _file, _name, row in found}
        complete = complete and not missing
    return used, complete


def _mark_described_twice(layer: Sequence[_ActorFile]) -> None:
    first: dict[tuple[str, str], Origin] = {}
    for file in layer:
        for key in [(kind, name) for kind in ACTORS for name, _row in file.rows(kind)]:
            if key in first:
                what = _("is described twice, first in {file}", file=first[key].file)
                place, allowed = f"{key[0]} {quoted(key[1])}", _("names used once")
                file.problems.append(file.origin.problem(place, what, allowed, code="described_twice"))
            first.setdefault(key, file.origin)


def _actor_files(folder: Path) -> list[_ActorFile]:
    """The files of actors in one scenario folder."""
    files = []
    for path in sorted((folder / "actors").glob("*.toml")):
        file = _ActorFile(Origin(shown(path)))
        files.append(file)
        try:
            guard(path, folder)
            file.table = graded(read_table(path), "actors", file.origin, file.problems)
        except ScenarioError as error:
            file.problems.extend(error.problems)
    return files


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
    file = short_name(origin.file)
    return {key: _graded(value, f"{root}.{key}", stated, file) for key, value in rest.items()}


def short_name(file: Message | str) -> str:
    """A file by the last of its folders and its stem: the same wherever one works."""
    path = PurePath(str(file))
    return str(PurePath(*path.parts[-2:-1], path.stem)) if path.suffix else path.name


@cache
def evidence_keys() -> frozenset[str]:
    """Every key that ``[evidence]`` may have, apart from ``parameters.<name>``."""
    return frozenset(
        f"{kind}.{field}" for kind, (model, _names) in KINDS.items() for field in number_fields(model)
    )


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


def _graded(value: Value, address: str, stated: dict[str, Raw], file: str) -> Value:
    """What stands in one field; numbers know their file, and the evidence stated for them or their field."""
    grading = stated.get(address)
    bare = isinstance(value, int | float) and not isinstance(value, bool)
    if (bare and grading is not None) or (isinstance(value, dict) and "value" in value):
        number = Stated({"value": value, **(grading or {})} if bare else value)
        number.file = file
        return number
    if isinstance(value, list):
        return [_graded(item, address, stated, file) if isinstance(item, dict) else item for item in value]
    if not isinstance(value, dict):
        return value
    within = address.rpartition(".")[2]
    return {
        key: _graded(item, f"{within}.{key}" if grading is None else address, stated, file)
        for key, item in value.items()
    }
