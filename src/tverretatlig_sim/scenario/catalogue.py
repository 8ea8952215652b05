"""The catalogue of ministries and agencies: shipped, beside one's own file, and inside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tverretatlig_sim.language import say
from tverretatlig_sim.scenario.checking import checked
from tverretatlig_sim.scenario.compose import entries, identity
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
from tverretatlig_sim.scenario.files import Folders, Raw, Value, guard, read_table, shipped_folder, shown
from tverretatlig_sim.scenario.schema import Actors, Agency, Ministry

Layer = list[tuple[Raw, Origin]]
"""Tables of actors that stand on the same level; a later layer replaces an earlier one."""


@dataclass
class Catalogue:
    """Everyone a scenario can name.

    Attributes:
        ministries, agencies: by name.
        origins: where each agency is described.
        listed_ministries, listed_agencies: names, also of those whose tables are faulty, so that one fault is
            not reported twice.
        complete: whether every file could be read; if not, nobody is known not to exist.
    """

    ministries: dict[str, Ministry] = field(default_factory=dict)
    agencies: dict[str, Agency] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    listed_ministries: set[str] = field(default_factory=set)
    listed_agencies: set[str] = field(default_factory=set)
    complete: bool = True

    @property
    def known_ministries(self) -> set[str] | None:
        """Names a ministry can have; None if a file could not be read."""
        return self.listed_ministries if self.complete else None

    @property
    def known_agencies(self) -> set[str] | None:
        """Names an agency can have; None if a file could not be read."""
        return self.listed_agencies if self.complete else None

    def add(self, raw: Raw, origin: Origin, problems: list[Problem]) -> None:
        """Take in the actors of one table; they replace those of the same name."""
        self.listed_ministries.update(_names(raw, "ministry"))
        self.listed_agencies.update(_names(raw, "agency"))
        actors = checked(Actors, raw, origin, problems) or Actors()
        self.ministries.update({ministry.name: ministry for ministry in actors.ministry})
        self.agencies.update({agency.name: agency for agency in actors.agency})
        self.origins.update({agency.name: origin for agency in actors.agency})


def read_catalogue(folders: Folders, inline: Layer, problems: list[Problem]) -> Catalogue:
    """The catalogue of all folders (the last folder first) and of the scenario file itself.

    Args:
        folders: folders with a subfolder ``actors``.
        inline: actors written in the scenario file, already graded.
        problems: found problems are appended here.
    """
    catalogue = Catalogue()
    layers = [_folder_layer(folder, catalogue, problems) for folder in reversed(folders.paths)]
    for layer in [*layers, inline]:
        problems.extend(_duplicates(layer))
        for raw, origin in layer:
            catalogue.add(raw, origin, problems)
    for agency in catalogue.agencies.values():
        problems.extend(_agency_problems(agency, catalogue))
    return catalogue


def shipped_catalogue() -> Catalogue:
    """Everyone in the files that come with the package.

    Raises:
        ScenarioError: with all problems of these files.
    """
    problems: list[Problem] = []
    catalogue = read_catalogue(Folders((shipped_folder().absolute(),)), [], problems)
    if problems:
        raise ScenarioError(problems)
    return catalogue


def _folder_layer(folder: Path, catalogue: Catalogue, problems: list[Problem]) -> Layer:
    layer: Layer = []
    for path in sorted((folder / "actors").glob("*.toml")):
        origin = Origin(shown(path))
        try:
            guard(path, folder)
            layer.append((graded(read_table(path), "actors", origin, problems), origin))
        except ScenarioError as error:
            problems.extend(error.problems)
            catalogue.complete = False
    return layer


def _names(raw: Value, key: str) -> list[str]:
    return [name for entry in entries(raw, key) for name in identity(entry, ("name",))]


def _duplicates(layer: Layer) -> Iterator[Problem]:
    for key in ("ministry", "agency"):
        first: dict[str, Origin] = {}
        for raw, origin in layer:
            for name in _names(raw, key):
                if name in first:
                    what = say("is described twice, first in {file}", file=first[name].file)
                    yield origin.problem(f"{key} {quoted(name)}", what, say("names used once"))
                first.setdefault(name, origin)


def _agency_problems(agency: Agency, catalogue: Catalogue) -> Iterator[Problem]:
    origin, place = catalogue.origins[agency.name], f"agency {quoted(agency.name)}"
    known = catalogue.known_ministries
    if known is not None and agency.ministry not in known:
        what = say("there is no ministry {name}", name=quoted(agency.ministry))
        yield origin.problem(f"{place}, ministry", what, listed(known), did_you_mean(agency.ministry, known))
    for name, themes in (("frame", agency.frame), ("understanding", agency.understanding)):
        total = sum(float(weight) for weight in (themes or {}).values())
        if total > 1 + 1e-9:
            what = say("weights sum to {total:g}", total=total)
            yield origin.problem(f"{place}, {name}", what, say("a sum of at most 1"))
    name, themes = ("core_tasks", agency.core_tasks) if agency.frame is None else ("frame", agency.frame)
    if not any(float(weight) for weight in themes.values()):
        yield origin.problem(f"{place}, {name}", *NO_WEIGHT)
