"""The arrangements of a study: scenarios with parts swapped and levers pulled."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

from tverretatlig_sim.scenario import Scenario, ScenarioError, list_scenarios, load_scenario
from tverretatlig_sim.scenario.errors import Origin, Problem, quoted
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
            variant = _made(asked, folder)
        except ScenarioError as error:
            if asked.crossed:
                notes.append(f"left out: {asked.place}: {error}")
            else:
                problems += [
                    replace(p, file=origin.file, place=_joined(asked.place, p)) for p in error.problems
                ]
            continue
        if variant.name not in found:
            found[variant.name] = variant
        elif asked.crossed:
            notes.append(f"left out: {asked.place}: the same as {quoted(variant.name)}")
        else:
            problems.append(origin.problem(asked.place, "is given more than once", "every arrangement once"))
    return tuple(found.values()), tuple(notes)


def _joined(place: str, problem: Problem) -> str:
    return ", ".join(part for part in (place, problem.place) if part)


def _asked(file: StudyFile, folder: Path) -> Iterator[_Asked]:
    everywhere = {part: name for part in SWAPPED if (name := getattr(file.swaps, part)) is not None}
    for name in file.arrangements:
        base, levers = split_name(name, folder)
        yield from _crossed(_Asked(base, (*levers, *file.levers), everywhere, crossed=False), file.cross)


def _crossed(asked: _Asked, cross: CrossTable) -> Iterator[_Asked]:
    alternatives = [getattr(cross, key) or [""] for key in ("levers", *SWAPPED)]
    for levers, *others in product(*alternatives):
        more = tuple(lever for lever in levers.split("+") if lever)
        swaps = {**asked.swaps, **{part: name for part, name in zip(SWAPPED, others, strict=True) if name}}
        crossed = bool(more) or swaps != asked.swaps
        yield _Asked(asked.base, tuple(dict.fromkeys((*asked.levers, *more))), swaps, crossed)


def _made(asked: _Asked, folder: Path) -> Variant:
    scenario = load_scenario(_place(asked.base, folder))
    others = {part: load_scenario(_place(name, folder)) for part, name in asked.swaps.items()}
    swapped = swap(scenario, **others) if others else scenario
    pulled = swapped.with_levers(*(_lever(name, folder) for name in asked.levers))
    return Variant(pulled, asked.base, asked.levers, dict(asked.swaps))


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
