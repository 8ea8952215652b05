"""A scenario with every name resolved: what the rest of the package reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tverretatlig_sim.i18n import Message
from tverretatlig_sim.scenario.quantity import Quantity
from tverretatlig_sim.scenario.schema import Agency, Arrangement, Letters, Ministry, Portfolio, Title

if TYPE_CHECKING:
    from tverretatlig_sim.scenario.graph import Graph
    from tverretatlig_sim.scenario.levers import Lever

SHORTEST_DEFAULT = 60
FOLLOW_UP = 24
LONGEST = 600


@dataclass(frozen=True)
class Scenario:
    """One arrangement, one portfolio and one calendar of letters, ready to be simulated.

    Every "all" is replaced by an explicit sorted list and every letter has an end.

    Attributes:
        name: short name.
        title: heading in both languages.
        summary: what it shows, in both languages, if the file says so.
        source: where its facts are from.
        start: first month, ``YYYY-MM``.
        months: length of a run in months, if given; see ``length``.
        ministries: those that steer a member, by name.
        agencies: the members, by name, with the arrangement's overrides applied.
        core: names of the members counted among the core agencies.
        arrangement, portfolio, letters: the three parts.
        parameters: values that replace those of the parameter file, by parameter name.
        path: the scenario's file; None if it was made in memory.
        levers: names of the levers pulled, sorted.
        notes: sentences on what had to be left out when levers were pulled or parts swapped, and on what can
            never happen though the file asks for it.
        beyond: agencies of the municipal chain that are no members, by name: they only carry last duties.
        beyond_ministries: those that steer them and no member.
    """

    name: str
    title: Title
    summary: Title | None
    source: str
    start: str
    months: Quantity | None
    ministries: tuple[Ministry, ...]
    agencies: tuple[Agency, ...]
    core: frozenset[str]
    arrangement: Arrangement
    portfolio: Portfolio
    letters: Letters
    parameters: Mapping[str, Quantity]
    path: Path | None = None
    levers: tuple[str, ...] = ()
    notes: tuple[Message | str, ...] = ()
    beyond: tuple[Agency, ...] = ()
    beyond_ministries: tuple[Ministry, ...] = ()

    @property
    def everyone(self) -> tuple[Agency, ...]:
        """Members, and those of the municipal chain that are none."""
        return self.agencies + self.beyond

    @property
    def default_months(self) -> int:
        """Length of a run: as given, else 60 months, or more if the last project starts after month 36."""
        return int(self.length)

    @property
    def length(self) -> Quantity:
        """Length of a run in months, with its evidence."""
        if self.months is not None:
            return self.months
        last = max(
            (months_between(self.start, project.start) for project in self.portfolio.project), default=0
        )
        note = f"{SHORTEST_DEFAULT} months, or the start of the last project and {FOLLOW_UP} months"
        months = float(max(SHORTEST_DEFAULT, last + FOLLOW_UP))
        return Quantity(value=months, range=(months, months), source="library default", note=note)

    def graph(self) -> Graph:
        """The scenario as a network of actors, forums and projects; see ``scenario.graph.scenario_graph``."""
        from tverretatlig_sim.scenario.graph import scenario_graph  # networkx is slow to import

        return scenario_graph(self)

    def with_levers(self, *levers: str | Path | Lever) -> Scenario:
        """This scenario with levers pulled; see ``scenario.levers.pull``.

        Args:
            levers: names from ``list_levers()``, paths of lever files, dials (``matrix=0.8``), or levers
                already loaded.

        Raises:
            ScenarioError: a lever cannot be read or pulled here, or two contradict each other.
        """
        if not levers:
            return self
        from tverretatlig_sim.scenario.dials import lever_or_dial
        from tverretatlig_sim.scenario.levers import pull

        return pull(self, [lever_or_dial(lever) for lever in levers])

    def with_dials(self, **settings: float) -> Scenario:
        """This scenario with dials set; hyphens in their names are written as underscores.

        Args:
            settings: e.g. ``matrix=0.8, theory_of_change=1``; see ``list_dials()``.

        Raises:
            ScenarioError: there is no such dial, it cannot be set to that or not here, or two contradict.
        """
        return self.with_levers(*(f"{name.replace('_', '-')}={value!r}" for name, value in settings.items()))


def months_between(first: str, second: str) -> int:
    """Months from one ``YYYY-MM`` to another; negative if the second is earlier."""
    (year, month), (other_year, other_month) = (map(int, date.split("-")) for date in (first, second))
    return 12 * (other_year - year) + other_month - month


def shifted(date: str, months: int) -> str:
    """The month ``YYYY-MM`` that lies some months later; earlier if negative."""
    year, month = map(int, date.split("-"))
    later, index = divmod(12 * year + month - 1 + months, 12)
    return f"{later:04d}-{index + 1:02d}"
