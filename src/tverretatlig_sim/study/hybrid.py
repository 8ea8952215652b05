"""Scenarios with some parts from one scenario and the rest from another.

References that such a hybrid cannot honour follow the rules of ``notes``; each use of a rule is noted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from tverretatlig_sim.language import say
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import (
    Agency,
    Arrangement,
    Forum,
    Ministry,
    Portfolio,
    Project,
    months_between,
)
from tverretatlig_sim.study import fitting, secretariats
from tverretatlig_sim.study.fitting import Cast, named
from tverretatlig_sim.study.notes import Notes
from tverretatlig_sim.study.parts import PARTS, Part, mixed, moved


def hybrid(a: Scenario, b: Scenario, parts_from_b: Iterable[Part] = ()) -> Scenario:
    """One scenario with some parts of another.

    Without parts of ``b`` it gives the results of ``a``, with all of them those of ``b``, bit by bit.

    Args:
        a: gives the parts that are not asked of ``b``.
        b: gives the others.
        parts_from_b: names of parts, see ``PARTS``.

    Raises:
        ValueError: if there is no such part.
    """
    return joined(a, b, parts_from_b)[0]


def joined(a: Scenario, b: Scenario, parts_from_b: Iterable[Part] = ()) -> tuple[Scenario, Notes]:
    """As ``hybrid``, with the rules that had to be used."""
    wanted = frozenset(parts_from_b)
    if unknown := sorted(wanted - set(PARTS)):
        known = ", ".join(PARTS)
        raise ValueError(say("no part {names}; allowed: {known}", names=", ".join(unknown), known=known))
    join = _Join({part: b if part in wanted else a for part in PARTS}, Notes())
    name = " + ".join([a.name, *(f"{part} of {b.name}" for part in PARTS if part in wanted)])
    return replace(join.scenario(), name=name), join.notes


@dataclass(frozen=True)
class _Join:
    """A hybrid in the making: the scenario each part comes from."""

    origin: Mapping[Part, Scenario]
    notes: Notes

    def scenario(self) -> Scenario:
        return replace(
            self.origin["portfolio"],
            path=None,
            levers=(),
            notes=(),
            start=self._start,
            ministries=self._cast.ministries,
            agencies=self._cast.agencies,
            core=self.origin["membership"].core,
            beyond=self._beyond,
            beyond_ministries=self._beyond_ministries,
            arrangement=self._arrangement,
            portfolio=self._portfolio,
            letters=fitting.letters(
                self.origin["steering"], fitting.names_of(self._portfolio.project), self._cast, self.notes
            ),
            parameters=self.origin["parameters"].parameters,
        )

    @property
    def _start(self) -> str:
        return self.origin["steering"].start

    def _later(self, part: Part) -> int:
        """Months by which the dates of a part move, so that they keep their distance from the start."""
        return months_between(self.origin[part].start, self._start)

    @cached_property
    def _cast(self) -> Cast:
        agencies = tuple(self._agency(agency) for agency in self.origin["membership"].agencies)
        steering = sorted({agency.ministry for agency in agencies})
        return Cast(agencies, tuple(self._ministry(name) for name in steering))

    def _agency(self, own: Agency) -> Agency:
        """A member; what belongs to other parts comes from its namesake there, if it has one."""
        return mixed(own, {part: named(self.origin[part].everyone, own.name) for part in PARTS})

    @cached_property
    def _beyond(self) -> tuple[Agency, ...]:
        return tuple(self._agency(agency) for agency in self.origin["membership"].beyond)

    @property
    def _beyond_ministries(self) -> tuple[Ministry, ...]:
        steering = {agency.ministry for agency in self._beyond} - {m.name for m in self._cast.ministries}
        return tuple(self._ministry(name) for name in sorted(steering))

    def _ministry(self, name: str) -> Ministry:
        """As the steering's scenario has it; a ministry it does not know, as the members' scenario has it."""
        origins = self.origin["steering"], self.origin["membership"]
        known = [m for origin in origins for m in (*origin.ministries, *origin.beyond_ministries)]
        return next(ministry for ministry in known if ministry.name == name)

    @cached_property
    def _seated(self) -> list[Forum]:
        return fitting.forums(self.origin["forums"], self._cast, self.notes)

    @cached_property
    def _forums(self) -> list[Forum]:
        structure, served = self.origin["forums"].arrangement, self.origin["secretariat"].arrangement
        mandate = self.origin["mandate"].arrangement
        return [
            moved(fitting.with_mandate(forum, mandate), self._later("forums"))
            for forum in secretariats.staffed(self._seated, served, structure, self.notes)
        ]

    @cached_property
    def _arrangement(self) -> Arrangement:
        structure = self.origin["forums"].arrangement
        whole = mixed(structure, {part: self.origin[part].arrangement for part in PARTS})
        served = self.origin["secretariat"].arrangement
        changes = {
            "member": [
                fitting.member(item, self._cast) for item in self.origin["membership"].arrangement.member
            ],
            "forum": self._forums,
            "coordinator": fitting.coordinator(whole.coordinator, self._cast, self.notes),
            "facilitator": secretariats.facilitator(self._seated, served, structure, self.notes),
            "route": self._route(whole.route, "route"),
            "self_initiated_route": self._route(whole.self_initiated_route, "self_initiated_route"),
            "tie": fitting.ties(whole.tie, self._cast, self.notes),
            "unstable": [moved(period, self._later("staffing")) for period in whole.unstable],
        }
        return whole.model_copy(update=changes)

    def _route(self, stops: list[str] | None, name: str) -> list[str] | None:
        structure = self.origin["forums"].arrangement
        return fitting.route(stops, self._forums, structure.facilitator, name, self.notes)

    @cached_property
    def _portfolio(self) -> Portfolio:
        own = self.origin["portfolio"]
        fitted = (fitting.project(project, own, self._cast, self.notes) for project in own.portfolio.project)
        placed = [self._placed(project) for project in fitted if project is not None]
        return own.portfolio.model_copy(update={"project": placed})

    def _placed(self, project: Project) -> Project:
        """A project in the time and structure of the hybrid."""
        route = self._route(project.route, project.name)
        return moved(project, self._later("portfolio")).model_copy(update={"route": route})
