"""The arrangements of a study: scenarios with parts swapped and levers applied."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from tverretatlig_sim.i18n import Message, _, joined
from tverretatlig_sim.scenario import Scenario, ScenarioError, load_scenario
from tverretatlig_sim.scenario.combine import swap
from tverretatlig_sim.scenario.errors import Origin, Problem, quoted
from tverretatlig_sim.scenario.files import is_path, place_of, split_name
from tverretatlig_sim.scenario.levers import Lever, load_lever
from tverretatlig_sim.scenario.load import with_levers
from tverretatlig_sim.scenario.quantity import PRINTABLE, Name
from tverretatlig_sim.scenario.schema import Table

PARTS = ("portfolio", "agencies", "letters", "ministries")
"""Parts that an arrangement can take from another scenario."""

Text = Annotated[str, StringConstraints(max_length=2000, pattern=PRINTABLE)]


class Swaps(Table):
    """Scenarios from which every arrangement takes parts; see ``scenario.swaps``."""

    portfolio: Name | None = None
    agencies: Name | None = None
    letters: Name | None = None
    ministries: Name | None = None


class Cross(Table):
    """Alternatives: every arrangement is run with each combination. An empty text means: as it is.

    Attributes:
        levers: levers, or several joined by ``+``.
        portfolio, agencies, letters, ministries: scenarios to take parts from.
    """

    levers: list[Text] = Field(default_factory=list)
    portfolio: list[Text] = Field(default_factory=list)
    agencies: list[Text] = Field(default_factory=list)
    letters: list[Text] = Field(default_factory=list)
    ministries: list[Text] = Field(default_factory=list)


@dataclass(frozen=True)
class Variant:
    """An arrangement as a study asks for it.

    Attributes:
        base: the name or path it is made from.
        levers: applied to it, in this order.
        swaps: scenarios it takes parts from, by part.
        crossed: whether ``cross`` asks for it: then it may be left out.
    """

    base: str
    levers: tuple[str, ...]
    swaps: Mapping[str, str]
    crossed: bool

    @property
    def place(self) -> Message:
        """The variant as messages call it."""
        taken = [_("{part} of {name}", part=part, name=name) for part, name in self.swaps.items()]
        more = joined(", ", [*self.levers, *taken])
        if not more:
            return _("arrangement {name}", name=quoted(self.base))
        return _("arrangement {name}, with {changes}", name=quoted(self.base), changes=more)


def variants_of(
    arrangements: Sequence[str], levers: Sequence[str], swaps: Swaps, cross: Cross, loader: Loader
) -> Iterator[Variant]:
    """Every arrangement a study asks for, each with every combination of alternatives."""
    everywhere = {part: name for part in PARTS if (name := getattr(swaps, part)) is not None}
    alternatives = [getattr(cross, key) or [""] for key in ("levers", *PARTS)]
    for name in arrangements:
        base, own = loader.split(name)
        for more, *others in product(*alternatives):
            crossing = [lever for lever in more.split("+") if lever]
            applied = tuple(dict.fromkeys((*own, *levers, *crossing)))
            taken = everywhere | {part: other for part, other in zip(PARTS, others, strict=True) if other}
            yield Variant(base, applied, taken, bool(crossing) or taken != everywhere)


@dataclass
class Loader:
    """Makes the scenarios of a study, reading each file once.

    Attributes:
        folder: of the study file; paths are relative to it.
        given: scenarios and levers that were given as such, by name.
        notes: sentences on combinations that were left out.
    """

    folder: Path
    given: dict[str, Scenario | Lever] = field(default_factory=dict)
    notes: list[Message] = field(default_factory=list)

    def scenarios(
        self, variants: Iterator[Variant], origin: Origin, problems: list[Problem]
    ) -> dict[str, Scenario]:
        """Scenarios ready to be simulated, by name.

        A combination that ``cross`` asks for and that cannot be made, or that is the same as another, is left
        out with a note; anything else that cannot be made is appended to the problems.
        """
        found: dict[str, Scenario] = {}
        for variant in variants:
            try:
                scenario = self._made(variant, origin)
            except ScenarioError as error:
                # What the study asks for and is not there stands in it; other faults stand in their files.
                asked = [it for it in error.problems if it.code in ("unknown_scenario", "unknown_lever")]
                problems += [_placed(it, variant, origin) if it in asked else it for it in error.problems]
                continue
            if scenario is None:
                continue
            if scenario.name not in found:
                found[scenario.name] = scenario
            elif variant.crossed:
                what = _("the same as {name}", name=quoted(scenario.name))
                self.notes.append(_("left out: {place}: {reason}", place=variant.place, reason=what))
            else:
                once = _("every arrangement once")
                problems.append(origin.problem(variant.place, _("is given more than once"), once))
        return found

    def _made(self, variant: Variant, origin: Origin) -> Scenario | None:
        """The scenario of a variant; None, with a note, if it may be left out and cannot be made."""
        scenario = self._scenario(variant.base)
        others: dict[str, Any] = {part: self._scenario(name) for part, name in variant.swaps.items()}
        levers = [self._lever(name) for name in variant.levers]
        try:
            return with_levers(swap(scenario, **others) if others else scenario, *levers)
        except ScenarioError as error:
            if not variant.crossed:
                placed = [_placed(problem, variant, origin) for problem in error.problems]
                raise ScenarioError(placed) from None
            self.notes.append(_("left out: {place}: {reason}", place=variant.place, reason=error))
            return None

    def split(self, name: str) -> tuple[str, tuple[str, ...]]:
        """A scenario and its levers; one that was given as such may have a plus sign in its name."""
        return (name, ()) if name in self.given else split_name(name, self.folder)

    @cached_property
    def _loaded(self) -> dict[str, Scenario]:
        return {name: it for name, it in self.given.items() if isinstance(it, Scenario)}

    def _scenario(self, name: str) -> Scenario:
        if name not in self._loaded:
            base, levers = self.split(name)
            place = place_of(base, self.folder)
            found = load_scenario(_tidy(place) if isinstance(place, Path) else place)
            self._loaded[name] = with_levers(found, *map(self._lever, levers))
        return self._loaded[name]

    def _lever(self, name: str) -> Lever:
        if isinstance(given := self.given.get(name), Lever):
            return given
        return load_lever(_tidy(self.folder / name) if is_path(name) else name)


def _placed(problem: Problem, variant: Variant, origin: Origin) -> Problem:
    """The problem where the study asks for what has it."""
    return replace(problem, file=origin.file, place=joined(", ", (variant.place, problem.place)))


def _tidy(path: Path) -> Path:
    return Path(os.path.normpath(path))
