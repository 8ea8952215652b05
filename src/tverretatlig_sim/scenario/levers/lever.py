"""Lever files: what they may say, and how they are found and read."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from tverretatlig_sim.i18n import _
from tverretatlig_sim.scenario.checking import checked
from tverretatlig_sim.scenario.errors import (
    Origin,
    Problem,
    ScenarioError,
    did_you_mean,
    is_,
    listed,
    quoted,
)
from tverretatlig_sim.scenario.files import (
    Raw,
    Value,
    is_plain_name,
    read_table,
    shipped_folder,
    shown,
    toml_names,
)
from tverretatlig_sim.scenario.levers.amounts import How
from tverretatlig_sim.scenario.levers.operations import OPERATIONS, Operation
from tverretatlig_sim.scenario.levers.targets import Target, parsed
from tverretatlig_sim.scenario.quantity import Bounds, Override
from tverretatlig_sim.scenario.schema import Name, Named, Table, Title

Basis = Literal["observed", "impression", "advice"]
"""What the sources have on a lever: it was tried and seen, people say so, or it is advised only."""

FACTORS = Bounds(0, 100, "times")
SEPARATORS = "+,="
"""Characters that stand between names of levers."""


def _checked_target(what: str) -> str:
    parsed(what)
    return what


class Change(Table):
    """A number changed.

    Attributes:
        what: target, e.g. ``arrangement.stop_points`` or ``forum[served].cadence``.
        how: ``set``, ``multiply``, ``add``, ``at_least`` or ``at_most``.
        amount: by or to how much, in the unit of the target (times, for ``multiply``).
        optional: whether the lever does without it where a scenario has no such number.
    """

    what: Annotated[Name, AfterValidator(_checked_target)]
    how: How
    amount: Override
    optional: bool = False

    @property
    def target(self) -> Target:
        """What it changes."""
        return parsed(self.what)

    @property
    def bounds(self) -> Bounds | None:
        """Limits of the amount; None if it has none."""
        if self.how == "multiply":
            return FACTORS
        return None if self.how == "add" else self.target.bounds


class LeverFile(Named):
    """A lever file.

    Attributes:
        title: heading in both languages.
        evidence: what the sources have on it: ``observed``, ``impression`` or ``advice``.
        meaning: what pulling it means, in both languages.
        change: numbers it changes.
        operation: what it does to the structure; keys depend on ``do``.
    """

    title: Title
    source: Name
    evidence: Basis
    meaning: Title
    change: tuple[Change, ...] = Field(default=(), strict=False)
    operation: tuple[dict[str, Any], ...] = Field(default=(), strict=False)


@dataclass(frozen=True)
class Lever:
    """A change that composes with any arrangement.

    Attributes:
        name: short name.
        title: heading in both languages.
        source: where the advice is from, tag and chapter.
        evidence: what the sources have on it: ``observed``, ``impression`` or ``advice``.
        meaning: what pulling it means, in both languages.
        changes: numbers it changes.
        operations: what it does to the structure.
        path: its file.
        dial: name of the dial it sets, if it sets one.
    """

    name: str
    title: Title
    source: str
    evidence: Basis
    meaning: Title
    changes: tuple[Change, ...]
    operations: tuple[Operation, ...]
    path: Path
    dial: str = ""


def list_levers() -> list[str]:
    """Names of the levers that come with the package, sorted."""
    return toml_names(shipped_folder() / "levers")


def load_lever(name_or_path: str | Path | Lever) -> Lever:
    """A lever that comes with the package, by name, or one's own, by the path of its file.

    Args:
        name_or_path: a name from ``list_levers()``, the path of a TOML file, or a lever, returned as it is.

    Raises:
        ScenarioError: with all problems of the file.
    """
    return name_or_path if isinstance(name_or_path, Lever) else _read(_lever_path(name_or_path))


def sound_levers() -> tuple[list[Lever], list[Problem]]:
    """The levers that come with the package and can be read, and what is wrong with the others."""
    sound, problems = list[Lever](), list[Problem]()
    for name in list_levers():
        try:
            sound.append(load_lever(name))
        except ScenarioError as error:
            problems.extend(error.problems)
    return sound, problems


def _lever_path(name_or_path: str | Path) -> Path:
    text = os.fspath(name_or_path)
    if isinstance(name_or_path, Path) or text.endswith(".toml") or set(text) & {"/", "\\"}:
        return Path(name_or_path)
    known = list_levers()
    if text in known:
        return shipped_folder() / "levers" / f"{text}.toml"
    what = _("there is no such lever")
    raise ScenarioError([Problem(quoted(text), "", what, listed(known), did_you_mean(text, known))])


def _read(path: Path) -> Lever:
    origin, problems = Origin(shown(path)), list[Problem]()
    raw = {"name": path.stem, **read_table(path)}
    head = checked(LeverFile, raw, origin, problems)
    operations = [] if head is None else [_operation(item, origin, problems) for item in head.operation]
    if head is not None:
        problems.extend(_faults(head, raw, origin))
    if problems or head is None:
        raise ScenarioError(problems)
    return Lever(
        name=head.name,
        title=head.title,
        source=head.source,
        evidence=head.evidence,
        meaning=head.meaning,
        changes=head.change,
        operations=tuple(item for item in operations if item is not None),
        path=path,
    )


def _operation(raw: Raw, origin: Origin, problems: list[Problem]) -> Operation | None:
    do: Value = raw.get("do")
    model = OPERATIONS.get(do) if isinstance(do, str) else None
    if model is None:
        hint = did_you_mean(do, OPERATIONS) if isinstance(do, str) else ""
        problems.append(origin.problem("operation, do", is_(do), listed(OPERATIONS), hint))
        return None
    return checked(model, raw, Origin(origin.file, f"operation {quoted(do)}"), problems)


def _faults(head: LeverFile, raw: Raw, origin: Origin) -> list[Problem]:
    problems = []
    if not is_plain_name(head.name) or set(head.name) & set(SEPARATORS):
        allowed = _("no path, and none of {characters}", characters=SEPARATORS)
        problems.append(origin.problem("name", is_(head.name), allowed))
    if not (raw.get("change") or raw.get("operation")):
        allowed = _("at least one [[change]] or [[operation]]")
        problems.append(origin.problem("", _("changes nothing"), allowed))
    for change in head.change:
        limits, ends = change.bounds, (change.amount.value, *(change.amount.range or ()))
        if limits is not None and not all(limits.holds(end) for end in ends):
            place = f"change {quoted(change.what)}, amount"
            problems.append(origin.problem(place, _("goes beyond the limits"), limits.allowed))
    return problems
