"""The catalogue of ministries and agencies: shipped, beside one's own file, and inside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path

from tverretatlig_sim.i18n import Message, _
from tverretatlig_sim.scenario.checking import checked
from tverretatlig_sim.scenario.compose import entries, identity, plain
from tverretatlig_sim.scenario.errors import (
    NO_WEIGHT,
    Origin,
    Problem,
    ScenarioError,
    did_you_mean,
    listed,
    quoted,
)
from tverretatlig_sim.scenario.evidence import graded
from tverretatlig_sim.scenario.files import (
    LARGEST,
    Folders,
    Raw,
    Value,
    guard,
    read_table,
    shipped_folder,
    shown,
)
from tverretatlig_sim.scenario.schema import Actors, Agency, Ministry

Layer = list[tuple[Raw, Origin]]
"""Tables of actors that stand on the same level; a later layer replaces an earlier one."""
KINDS = ("ministry", "agency")
WRITTEN_NAME = re.compile(r"""\bname[ \t]*=[ \t]*["']?([^"'\n,}]+)""")
"""A name in a file that cannot be parsed, with or without its quotation marks."""


@dataclass(frozen=True)
class Needed:
    """The actors that a scenario names."""

    agencies: frozenset[str] = frozenset()
    ministries: frozenset[str] = frozenset()

    @classmethod
    def by(cls, arrangement: Raw, letters: Raw) -> Needed:
        """Those that an arrangement and a calendar of letters name, as they stand in the files."""
        members = entries(arrangement, "member")
        agencies = [*(item.get("agency") for item in members), *_names_in(arrangement, "municipal_chain")]
        ministries = [item.get("ministry") for item in members]
        for item in (*entries(letters, "letter"), *entries(letters, "event")):
            ministries += _names_in(item, "ministries")
        return cls(frozenset(_plain(agencies)), frozenset(_plain(ministries)))


@dataclass(frozen=True)
class Unread:
    """A file that cannot be read.

    Attributes:
        layer: number of its layer.
        names: what it seems to describe; None if nothing can be said.
    """

    layer: int
    names: frozenset[str] | None


@dataclass
class Catalogue:
    """Everyone a scenario can name.

    Attributes:
        ministries, agencies: by name.
        origins: where each agency is described.
        listed_ministries, listed_agencies: names, also of those whose tables are faulty, so that one fault is
            not reported twice.
        homes: by kind and name, the layer that counts, and the files that describe it there.
        steering: ministry of each agency, also of faulty ones.
        faults: what is wrong, by file.
        unread: files that could not be read.
    """

    ministries: dict[str, Ministry] = field(default_factory=dict)
    agencies: dict[str, Agency] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    listed_ministries: set[str] = field(default_factory=set)
    listed_agencies: set[str] = field(default_factory=set)
    homes: dict[tuple[str, str], tuple[int, set[str]]] = field(default_factory=dict)
    steering: dict[str, str] = field(default_factory=dict)
    faults: dict[str, list[Problem]] = field(default_factory=dict)
    unread: dict[str, Unread] = field(default_factory=dict)

    @property
    def known_ministries(self) -> AbstractSet[str] | None:
        """Names a ministry can have; None if nobody is known not to exist, as some file cannot be read."""
        return self._known(self.listed_ministries)

    @property
    def known_agencies(self) -> AbstractSet[str] | None:
        """Names an agency can have; None if nobody is known not to exist, as some file cannot be read."""
        return self._known(self.listed_agencies)

    def _known(self, listed_names: set[str]) -> AbstractSet[str] | None:
        hinted = [file.names for file in self.unread.values()]
        if not hinted:
            return listed_names
        if None in hinted:
            return None
        return listed_names.union(*(names for names in hinted if names is not None))

    def add(self, raw: Raw, origin: Origin, layer: int) -> None:
        """Take in the actors of one table; they replace those of the same name."""
        for kind in KINDS:
            for name in _names(raw, kind):
                old_layer, files = self.homes.get((kind, name), (layer, set()))
                self.homes[kind, name] = (layer, {origin.file} | (files if old_layer == layer else set()))
        self.listed_ministries.update(_names(raw, "ministry"))
        self.listed_agencies.update(_names(raw, "agency"))
        self.steering.update(_steering(raw))
        actors = checked(Actors, raw, origin, self.faults_of(origin.file)) or Actors()
        self.ministries.update({ministry.name: ministry for ministry in actors.ministry})
        self.agencies.update({agency.name: agency for agency in actors.agency})
        self.origins.update({agency.name: origin for agency in actors.agency})

    def faults_of(self, file: Message | str) -> list[Problem]:
        """What is wrong in a file; more can be appended."""
        return self.faults.setdefault(file, [])

    def faults_that_concern(self, needed: Needed, always: Iterable[str] = ()) -> list[Problem]:
        """Faults of the files that describe someone who is needed, or that may do so.

        A file that cannot be read may describe whom it seems to name, and anyone who is described nowhere.

        Args:
            needed: the actors that a scenario names; their ministries are needed as well.
            always: files that count even if they describe nobody who is needed.
        """
        wanted = self._wanted(needed)
        used = {*always}.union(*(self.homes[name][1] for name in wanted if name in self.homes))
        used |= {file for file, found in self.unread.items() if self._may_describe(found, wanted)}
        return [problem for file, found in self.faults.items() if file in used for problem in found]

    def _wanted(self, needed: Needed) -> set[tuple[str, str]]:
        ministries = needed.ministries | {
            self.steering[name] for name in needed.agencies if name in self.steering
        }
        return {("agency", name) for name in needed.agencies} | {("ministry", name) for name in ministries}

    def _may_describe(self, file: Unread, wanted: set[tuple[str, str]]) -> bool:
        return any(
            key not in self.homes
            or (file.names is not None and key[1] in file.names and self.homes[key][0] <= file.layer)
            for key in wanted
        )


def read_catalogue(folders: Folders, inline: Layer) -> Catalogue:
    """The catalogue of all folders (the last folder first) and of the scenario file itself.

    Args:
        folders: folders with a subfolder ``actors``.
        inline: actors written in the scenario file, already graded.

    Returns:
        The catalogue, with what is wrong in its files. A fault concerns only the scenarios that use the file.
    """
    catalogue = Catalogue()
    layers = [
        _folder_layer(folder, catalogue, number) for number, folder in enumerate(reversed(folders.paths))
    ]
    for number, layer in enumerate([*layers, inline]):
        for problem in _duplicates(layer):
            catalogue.faults_of(problem.file).append(problem)
        for raw, origin in layer:
            catalogue.add(raw, origin, number)
    for agency in catalogue.agencies.values():
        for problem in _agency_problems(agency, catalogue):
            catalogue.faults_of(problem.file).append(problem)
    return catalogue


def shipped_actors(names: Iterable[str]) -> tuple[list[Agency], dict[str, Ministry]]:
    """Agencies in the files that come with the package, and the ministries there by name.

    Args:
        names: of the agencies.

    Raises:
        ScenarioError: with all problems of the files that describe them.
    """
    wanted = list(names)
    catalogue = read_catalogue(Folders((shipped_folder().absolute(),)), [])
    if problems := catalogue.faults_that_concern(Needed(agencies=frozenset(wanted))):
        raise ScenarioError(problems)
    return [catalogue.agencies[name] for name in wanted], catalogue.ministries


def _folder_layer(folder: Path, catalogue: Catalogue, number: int) -> Layer:
    layer: Layer = []
    for path in sorted((folder / "actors").glob("*.toml")):
        origin = Origin(shown(path))
        try:
            guard(path, folder)
            layer.append(
                (graded(read_table(path), "actors", origin, catalogue.faults_of(origin.file)), origin)
            )
        except ScenarioError as error:
            catalogue.faults_of(origin.file).extend(error.problems)
            catalogue.unread[origin.file] = Unread(number, _names_hinted(path, folder))
    return layer


def _names_hinted(path: Path, folder: Path) -> frozenset[str] | None:
    """Names that a file which cannot be parsed seems to describe; None if nothing can be said."""
    try:
        guard(path, folder)
        with path.open(encoding="utf-8", errors="replace") as file:
            return frozenset(map(plain, WRITTEN_NAME.findall(file.read(LARGEST)))) or None
    except (OSError, ScenarioError):
        return None


def _names(raw: Value, key: str) -> list[str]:
    return [name for entry in entries(raw, key) for name in identity(entry, ("name",))]


def _names_in(raw: Raw, key: str) -> list[Value]:
    found = raw.get(key)
    return found if isinstance(found, list) else []


def _plain(names: Iterable[Value]) -> Iterator[str]:
    return (plain(name) for name in names if isinstance(name, str))


def _steering(raw: Value) -> dict[str, str]:
    found = (
        (_names({"agency": [entry]}, "agency"), entry.get("ministry")) for entry in entries(raw, "agency")
    )
    return {name: plain(ministry) for names, ministry in found if isinstance(ministry, str) for name in names}


def _duplicates(layer: Layer) -> Iterator[Problem]:
    for key in KINDS:
        first: dict[str, Origin] = {}
        for raw, origin in layer:
            for name in _names(raw, key):
                if name in first:
                    what = _("is described twice, first in {file}", file=first[name].file)
                    yield origin.problem(f"{key} {quoted(name)}", what, _("names used once"))
                first.setdefault(name, origin)


def _agency_problems(agency: Agency, catalogue: Catalogue) -> Iterator[Problem]:
    origin, place = catalogue.origins[agency.name], f"agency {quoted(agency.name)}"
    known = catalogue.known_ministries
    if known is not None and agency.ministry not in known:
        what = _("there is no ministry {name}", name=quoted(agency.ministry))
        yield origin.problem(f"{place}, ministry", what, listed(known), did_you_mean(agency.ministry, known))
    for name, themes in (("frame", agency.frame), ("understanding", agency.understanding)):
        total = sum(float(weight) for weight in (themes or {}).values())
        if total > 1 + 1e-9:
            what = _("weights sum to {total:g}", total=total)
            yield origin.problem(f"{place}, {name}", what, _("a sum of at most 1"))
    name, themes = ("core_tasks", agency.core_tasks) if agency.frame is None else ("frame", agency.frame)
    if not any(float(weight) for weight in themes.values()):
        yield origin.problem(f"{place}, {name}", *NO_WEIGHT)
