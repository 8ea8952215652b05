"""Scenarios by name or file: read, composed, checked, resolved."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel

from tverretatlig_sim.i18n import _, joined
from tverretatlig_sim.scenario.catalogue import Catalogue, Layer, Needed, read_catalogue
from tverretatlig_sim.scenario.checking import checked
from tverretatlig_sim.scenario.collecting import no_collecting
from tverretatlig_sim.scenario.compose import Step, composed, plain
from tverretatlig_sim.scenario.errors import Origin, Problem, ScenarioError, did_you_mean, is_, listed, quoted
from tverretatlig_sim.scenario.evidence import graded
from tverretatlig_sim.scenario.files import (
    PARTS,
    Folders,
    Raw,
    Value,
    list_scenarios,
    read_table,
    shipped_folder,
    shown,
    toml_names,
)
from tverretatlig_sim.scenario.parameters import checked_overrides
from tverretatlig_sim.scenario.references import Draft, Part, check_references
from tverretatlig_sim.scenario.resolve import Parts, resolved
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import Arrangement, Letters, Portfolio, ScenarioFile

if TYPE_CHECKING:
    from tverretatlig_sim.scenario.levers import Lever

M = TypeVar("M", bound=BaseModel)


def load_scenario(
    name_or_path: str | Path, *, levers: Sequence[str | Path | Lever] | str | Path | Lever = ()
) -> Scenario:
    """A scenario that comes with the package, by name, or one's own, by the path of its file.

    Parts that a file names are looked up in the file's own folder first, then among those that come with
    the package.

    Args:
        name_or_path: a name from ``list_scenarios()``, or the path of a TOML file.
        levers: to pull together, or a single one; see ``Scenario.with_levers``.

    Raises:
        ScenarioError: with all problems of the file and its parts, or of the levers.
    """
    if isinstance(levers, str) or not isinstance(levers, Sequence):  # a lone one
        levers = (levers,)
    path = _scenario_path(name_or_path)
    table = {"name": path.stem, **read_table(path)}
    folders = Folders(tuple(dict.fromkeys((path.parent.absolute(), shipped_folder().absolute()))))
    return _Loading(table, Origin(shown(path)), folders, path).scenario().with_levers(*levers)


def load_table(table: Raw) -> Scenario:
    """A scenario from a table such as a scenario file holds, with a name; it has no path.

    Args:
        table: its parts stand in it, or are named and come with the package.

    Raises:
        ScenarioError: with all problems of the table and its parts.
    """
    folders = Folders((shipped_folder().absolute(),))
    return _Loading(table, Origin(quoted(table.get("name", "table"))), folders).scenario()


def _scenario_path(name_or_path: str | Path) -> Path:
    if not isinstance(name_or_path, str | os.PathLike):
        what = _("a scenario is given by its name or the path of its file")
        raise TypeError(joined("; ", (what, _("given: {given!r}", given=name_or_path))))
    text = os.fspath(name_or_path)
    if isinstance(name_or_path, Path) or text.endswith(".toml") or set(text) & {"/", "\\"}:
        return Path(name_or_path)
    known = list_scenarios()
    if text in known:
        return shipped_folder() / f"{text}.toml"
    nearby = text in toml_names(Path.cwd())
    hint = did_you_mean(f"{text}.toml", [f"{text}.toml"]) if nearby else did_you_mean(text, known)
    what = _("there is no such scenario")
    raise ScenarioError([Problem(quoted(text), "", what, listed(known), hint)])


@dataclass
class _Loading:
    """One scenario on its way from tables to a resolved whole; collects problems as it goes."""

    table: Raw
    origin: Origin
    folders: Folders
    path: Path | None = None
    problems: list[Problem] = field(default_factory=list)

    @no_collecting()
    def scenario(self) -> Scenario:
        raw = graded(self.table, "scenario", self.origin, self.problems)
        head = self._head(raw)
        parameters = checked_overrides(raw.get("parameters", {}), self.origin, self.problems)
        catalogue, before = self._catalogue(raw), len(self.problems)
        arrangement = self._part(Arrangement, "arrangement", raw)
        portfolio = self._part(Portfolio, "portfolio", raw)
        letters = self._part(Letters, "letters", raw)
        needed = Needed.by(arrangement.raw, letters.raw)
        # Read before the parts, said before theirs.
        self.problems[before:before] = catalogue.faults_that_concern(needed, [str(self.origin.file)])
        check_references(Draft(head, catalogue, arrangement, portfolio, letters), self.problems)
        if self.problems or not (head and arrangement.model and portfolio.model and letters.model):
            raise ScenarioError(self.problems)
        parts = Parts(head, catalogue, arrangement.model, portfolio.model, letters.model, parameters)
        return resolved(parts, self.path)

    def _head(self, raw: Raw) -> ScenarioFile | None:
        """The file without its parts, which are checked one by one."""
        outside = {key: value for key, value in raw.items() if key not in ("actors", "parameters")}
        stand_ins = {kind: "part" for kind in PARTS if kind in raw}
        return checked(ScenarioFile, {**outside, **stand_ins}, self.origin, self.problems)

    def _catalogue(self, raw: Raw) -> Catalogue:
        inline: Layer = [(raw["actors"], Origin(self.origin.file, "actors"))] if "actors" in raw else []
        return read_catalogue(self.folders, inline)

    def _part(self, model: type[M], kind: str, raw: Raw) -> Part[M]:
        try:
            step = self._found(kind, raw[kind]) if kind in raw else None
        except ScenarioError as error:
            self.problems.extend(error.problems)
            step = None
        if step is None:
            return Part(None, self.origin, {})
        whole = self._whole(kind, step)
        found: list[Problem] = []
        part = Part(checked(model, whole, step.origin, found), step.origin, whole)
        # Faults of an arrangement that is extended were already reported where they stand.
        inherited = {step.origin.problem(old.place, old.what, old.allowed, old.hint) for old in self.problems}
        self.problems.extend(problem for problem in found if problem not in inherited)
        return part

    def _found(self, kind: str, value: Value) -> Step:
        """The part as it stands in its own file or inside the scenario file."""
        if isinstance(value, dict):
            name = self.path.stem if self.path else "inline"
            return Step({"name": name, **value}, Origin(self.origin.file, kind))
        if not isinstance(value, str):
            allowed = _("a name in quotation marks, or a table")
            raise ScenarioError([self.origin.problem(kind, is_(value), allowed)])
        path = self.folders.find(kind, plain(value), self.origin, kind)
        return Step({"name": path.stem, **read_table(path)}, Origin(shown(path)), (path,))

    def _whole(self, kind: str, step: Step) -> Raw:
        if kind == "arrangement":
            return composed(step, self.folders, self.problems)
        return graded(step.raw, kind, step.origin, self.problems)
