"""The arrangements of a study: scenarios with parts swapped and levers pulled."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

from tverretatlig_sim.i18n import Message, _, joined
from tverretatlig_sim.scenario import Scenario, ScenarioError, load_scenario
from tverretatlig_sim.scenario.combine import swap
from tverretatlig_sim.scenario.errors import Origin, Problem, quoted
from tverretatlig_sim.scenario.files import is_path, place_of, split_name
from tverretatlig_sim.scenario.levers import Lever, load_lever, with_levers
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
    def place(self) -> Message | str:
        taken = [_("{part} of {name}", part=part, name=name) for part, name in self.swaps.items()]
        more = joined(", ", [*self.levers, *taken])
        if not more:
            return _("arrangement {name}", name=quoted(self.base))
        return _("arrangement {name}, with {changes}", name=quoted(self.base), changes=more)


def load_variants(
    file: StudyFile, folder: Path, origin: Origin, problems: list[Problem]
) -> tuple[tuple[Variant, ...], tuple[Message | str, ...]]:
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
    notes: list[Message | str] = []
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
            what = _("the same as {name}", name=quoted(variant.name))
            notes.append(_("left out: {place}: {reason}", place=asked.place, reason=what))
        else:
            problems.append(
                origin.problem(asked.place, _("is given more than once"), _("every arrangement once"))
            )
    return tuple(found.values()), tuple(notes)


def _placed(problem: Problem, asked: _Asked, origin: Origin) -> Problem:
    """Where in the study it stands; what is wrong in another file stays there."""
    if not str(problem.file).startswith('"'):
        return problem
    return replace(problem, file=origin.file, place=joined(", ", (asked.place, problem.place)))


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
        others = {part: _scenario(name, folder) for part, name in asked.swaps.items()}
        return cls(
            _scenario(asked.base, folder), others, tuple(_lever(name, folder) for name in asked.levers)
        )


def _made(asked: _Asked, parts: _Loaded) -> Variant:
    swapped = swap(parts.scenario, **parts.others) if parts.others else parts.scenario
    return Variant(with_levers(swapped, *parts.levers), asked.base, asked.levers, dict(asked.swaps))


def _made_or_noted(asked: _Asked, parts: _Loaded, notes: list[Message | str]) -> Variant | None:
    try:
        return _made(asked, parts)
    except ScenarioError as error:
        notes.append(_("left out: {place}: {reason}", place=asked.place, reason=error))
        return None


def _scenario(name: str, folder: Path) -> Scenario:
    place = place_of(name, folder)
    return load_scenario(_tidy(place) if isinstance(place, Path) else place)


def _lever(name: str, folder: Path) -> Lever:
    return load_lever(_tidy(folder / name) if is_path(name) else name)


def _tidy(path: Path) -> Path:
    return Path(os.path.normpath(path))
