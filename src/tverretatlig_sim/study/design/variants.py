"""The arrangements of a study: scenarios with parts swapped and levers pulled."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

from tverretatlig_sim.scenario import Scenario, ScenarioError, list_scenarios, load_scenario
from tverretatlig_sim.scenario.errors import Origin, Problem, quoted
from tverretatlig_sim.scenario.levers import Lever, load_lever
from tverretatlig_sim.scenario.swaps import swap
from tverretatlig_sim.study.design.schema import CrossTable, StudyFile

SWAPPED = ("portfolio", "agencies", "letters")


@dataclass(frozen=True)
class Variant:
    """One arrangement of a study.

    Attributes:
        scenario: ready to be simulated; its name is the arrangement's.
        base: the name or path it was made from.
        levers: pulled in it, in the order asked for.
        swaps: scenarios it takes parts from, by part.
    """

    scenario: Scenario
    base: str
    levers: tuple[str, ...] = ()
    swaps: Mapping[str, str] | None = None

    @property
    def name(self) -> str:
        """Name of the arrangement in tables."""
        return self.scenario.name


@dataclass(frozen=True)
class _Asked:
    """An arrangement as a study asks for it."""

    base: str
    levers: tuple[str, ...]
    swaps: Mapping[str, str]
    crossed: bool

    @property
    def place(self) -> str:
        more = [*self.levers, *(f"{part} of {name}" for part, name in self.swaps.items())]
        return ", with ".join([f"arrangement {quoted(self.base)}", *([", ".join(more)] if more else [])])


def split_name(name: str, folder: Path) -> tuple[str, tuple[str, ...]]:
    """A scenario and its levers, joined by ``+``; a plus sign may also stand in the path of a file."""
    pieces = name.split("+")
    known = list_scenarios()
    ends = [
        end
        for end in range(1, len(pieces) + 1)
        if (base := "+".join(pieces[:end])) in known or _is_file(folder / base)
    ]
    end = max(ends, default=1)
    return "+".join(pieces[:end]), tuple(pieces[end:])


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # no file could have this name
        return False


def load_variants(
    file: StudyFile, folder: Path, origin: Origin, problems: list[Problem]
) -> tuple[tuple[Variant, ...], tuple[str, ...]]:
    """The arrangements of a study, and sentences on combinations that were left out.

    A combination that ``cross`` asks for and that cannot be made, or that is the same as another, is left
    out with a note; anything else that cannot be made is a problem.

    Args:
        file: the study.
        folder: of the study file; paths are relative to it.
        origin: the study file.
        problems: found problems are appended here.
    """
    found: dict[str, Variant] = {}
    notes: list[str] = []
    for asked in _asked(file, folder):
        try:
            parts = _Loaded.of(asked, folder)
            variant = _made(asked, parts) if not asked.crossed else _made_or_noted(asked, parts, notes)
        except ScenarioError as error:
            problems += [_placed(problem, asked, origin) for problem in error.problems]
            continue
        if variant is None:
            continue
        if variant.name not in found:
            found[variant.name] = variant
        elif asked.crossed:
            notes.append(f"left out: {asked.place}: the same as {quoted(variant.name)}")
        else:
            problems.append(origin.problem(asked.place, "is given more than once", "every arrangement once"))
    return tuple(found.values()), tuple(notes)


def _placed(problem: Problem, asked: _Asked, origin: Origin) -> Problem:
    """Where in the study it stands; what is wrong in another file stays there."""
    if not problem.file.startswith('"'):
        return problem
    place = ", ".join(part for part in (asked.place, problem.place) if part)
    return replace(problem, file=origin.file, place=place)


def _asked(file: StudyFile, folder: Path) -> Iterator[_Asked]:
    everywhere = {part: name for part in SWAPPED if (name := getattr(file.swaps, part)) is not None}
    for name in file.arrangements:
        base, levers = split_name(name, folder)
        pulled = tuple(dict.fromkeys((*levers, *file.levers)))
        yield from _crossed(_Asked(base, pulled, everywhere, crossed=False), file.cross)


def _crossed(asked: _Asked, cross: CrossTable) -> Iterator[_Asked]:
    alternatives = [getattr(cross, key) or [""] for key in ("levers", *SWAPPED)]
    for levers, *others in product(*alternatives):
        more = tuple(lever for lever in levers.split("+") if lever)
        swaps = {**asked.swaps, **{part: name for part, name in zip(SWAPPED, others, strict=True) if name}}
        crossed = bool(more) or swaps != asked.swaps
        yield _Asked(asked.base, tuple(dict.fromkeys((*asked.levers, *more))), swaps, crossed)


@dataclass(frozen=True)
class _Loaded:
    """What an arrangement is made of."""

    scenario: Scenario
    others: Mapping[str, Scenario]
    levers: tuple[Lever, ...]

    @classmethod
    def of(cls, asked: _Asked, folder: Path) -> _Loaded:
        others = {part: load_scenario(_place(name, folder)) for part, name in asked.swaps.items()}
        levers = tuple(load_lever(_lever(name, folder)) for name in asked.levers)
        return cls(load_scenario(_place(asked.base, folder)), others, levers)


def _made(asked: _Asked, parts: _Loaded) -> Variant:
    swapped = swap(parts.scenario, **parts.others) if parts.others else parts.scenario
    return Variant(swapped.with_levers(*parts.levers), asked.base, asked.levers, dict(asked.swaps))


def _made_or_noted(asked: _Asked, parts: _Loaded, notes: list[str]) -> Variant | None:
    try:
        return _made(asked, parts)
    except ScenarioError as error:
        notes.append(f"left out: {asked.place}: {error}")
        return None


def _place(name: str, folder: Path) -> str | Path:
    """The name of a shipped scenario, or a path relative to the study file."""
    if name in list_scenarios():
        return name
    is_path = name.endswith(".toml") or bool(set(name) & {"/", "\\"}) or _is_file(folder / name)
    return _relative(folder / name) if is_path else name


def _lever(name: str, folder: Path) -> str | Path:
    return _relative(folder / name) if name.endswith(".toml") or set(name) & {"/", "\\"} else name


def _relative(path: Path) -> Path:
    return Path(os.path.normpath(path))
