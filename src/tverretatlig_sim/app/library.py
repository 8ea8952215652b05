"""What the app offers: the arrangements, levers and dials that are shipped, and files named at the start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from tverretatlig_sim.app.settings import dial_of
from tverretatlig_sim.app.shelf import Shelf
from tverretatlig_sim.scenario import Scenario, list_scenarios, load_scenario
from tverretatlig_sim.scenario.errors import ScenarioError
from tverretatlig_sim.scenario.levers import (
    Dial,
    Lever,
    list_dials,
    load_dial,
    load_lever,
    sound_levers,
    with_levers,
)

KEPT = 64
"""Arrangements with levers pulled that are kept."""


@dataclass(frozen=True)
class Arrangement:
    """A scenario by name, with the levers pulled and the dials set (``matrix=0.8``) on it, sorted."""

    scenario: str
    levers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fitting:
    """As many levers as go together, and what came of pulling each of the others besides them."""

    arrangement: Arrangement
    refused: tuple[tuple[str, ScenarioError], ...] = ()


class Library:
    """Everything that can be chosen. A name in a query string never becomes a path."""

    def __init__(self, own: Sequence[Scenario] = ()) -> None:
        """Take up scenarios besides the shipped ones.

        Args:
            own: loaded scenarios; one that is called like a shipped one takes its place.
        """
        self.own = tuple(scenario.name for scenario in own)
        self._given = {scenario.name: scenario for scenario in own}
        self._set: Shelf[str, Lever] = Shelf(4 * KEPT)
        self._composed: Shelf[Arrangement, Scenario] = Shelf(KEPT)
        self._fitting: Shelf[tuple[str, tuple[str, ...]], Fitting] = Shelf(KEPT)

    @cached_property
    def scenarios(self) -> Mapping[str, Scenario]:
        """All scenarios without levers, one's own first; shipped ones with a faulty file are not offered."""
        found = dict(self._given)
        for name in list_scenarios():
            if name not in found:
                with suppress(ScenarioError):
                    found[name] = load_scenario(name)
        return found

    @cached_property
    def levers(self) -> Mapping[str, Lever]:
        """All levers by name; those with a faulty file are not offered."""
        return {lever.name: lever for lever in sound_levers()[0]}

    @cached_property
    def dials(self) -> Mapping[str, Dial]:
        """All dials by name."""
        return {name: load_dial(name) for name in list_dials()}

    def lever(self, written: str) -> Lever:
        """The lever of a name, or the one that sets a dial."""
        if not dial_of(written):
            return self.levers[written]
        return self._set.get(written, lambda: load_lever(written))

    def compose(self, arrangement: Arrangement) -> Scenario:
        """The scenario with its levers pulled and dials set.

        Raises:
            ScenarioError: if they cannot be pulled here.
        """
        return self._composed.get(arrangement, lambda: self._pulled(arrangement))

    def fitting(self, scenario: str, levers: Sequence[str]) -> Fitting:
        """The arrangement with as many of the levers as go together, in the order given."""
        return self._fitting.get((scenario, tuple(levers)), lambda: self._fitted(scenario, levers))

    def _fitted(self, scenario: str, levers: Sequence[str]) -> Fitting:
        kept, refused = Arrangement(scenario, tuple(sorted(levers))), list[tuple[str, ScenarioError]]()
        if self._fits(kept) is None:
            return Fitting(kept)
        kept = Arrangement(scenario)
        for lever in levers:
            tried = Arrangement(scenario, tuple(sorted((*kept.levers, lever))))
            if (error := self._fits(tried)) is None:
                kept = tried
            else:
                refused.append((lever, error))
        return Fitting(kept, tuple(refused))

    def _fits(self, arrangement: Arrangement) -> ScenarioError | None:
        try:
            self.compose(arrangement)
        except ScenarioError as error:
            return error
        return None

    def _pulled(self, arrangement: Arrangement) -> Scenario:
        levers = [self.lever(written) for written in arrangement.levers]
        return with_levers(self.scenarios[arrangement.scenario], *levers)
