"""The arrangements and levers that the app offers: those that are shipped, and files named at the start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from tverretatlig_sim.app.shelf import Shelf
from tverretatlig_sim.scenario import Scenario, list_scenarios, load_scenario
from tverretatlig_sim.scenario.errors import ScenarioError
from tverretatlig_sim.scenario.levers import Lever, sound_levers

KEPT = 64
"""Arrangements with levers pulled that are kept."""


@dataclass(frozen=True)
class Arrangement:
    """A scenario by name, with the levers pulled on it, sorted."""

    scenario: str
    levers: tuple[str, ...] = ()


class Library:
    """Everything that can be chosen. A name in a query string never becomes a path."""

    def __init__(self, own: Sequence[Scenario] = ()) -> None:
        """Take up scenarios besides the shipped ones.

        Args:
            own: loaded scenarios; one that is called like a shipped one takes its place.
        """
        self.own = tuple(scenario.name for scenario in own)
        self._given = {scenario.name: scenario for scenario in own}
        self._composed: Shelf[Arrangement, Scenario] = Shelf(KEPT)

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

    def compose(self, arrangement: Arrangement) -> Scenario:
        """The scenario with its levers pulled.

        Raises:
            ScenarioError: if they cannot be pulled here.
        """
        return self._composed.get(arrangement, lambda: self._pulled(arrangement))

    def _pulled(self, arrangement: Arrangement) -> Scenario:
        levers = [self.levers[name] for name in arrangement.levers]
        return self.scenarios[arrangement.scenario].with_levers(*levers)
