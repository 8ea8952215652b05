"""Who there is: sectors on a ring, each with ministries, agencies and municipalities."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from random import Random

from tverretatlig_sim.scenario.files import Raw

PER_SECTOR = 12
"""Agencies of a sector, about."""
PER_MINISTRY = 6
"""Agencies that a ministry steers, about."""
MUNICIPAL_SHARE = 0.25
"""Share of a sector's agencies that stand for a municipality."""
THEMES = tuple(f"theme-{number}" for number in range(1, 9))
"""As many as the shipped scenarios have: more themes would not be a larger world but another problem."""

CHAIN = ("county-governors", "municipal-association")
"""Who carries what must reach every municipality; they take part everywhere."""


@dataclass(frozen=True)
class Sector:
    """A sector: position on the ring and names of those in it."""

    place: int
    ministries: tuple[str, ...]
    agencies: tuple[str, ...]

    @property
    def name(self) -> str:
        """What its forums and projects are called after."""
        return f"sector-{self.place:05d}"

    @property
    def themes(self) -> tuple[str, str]:
        """Its own theme and its neighbour's."""
        return THEMES[self.place % len(THEMES)], THEMES[(self.place + 1) % len(THEMES)]

    def ministry_of(self, position: int) -> str:
        """Ministry of the agency at a position; neighbours share one."""
        return self.ministries[position * len(self.ministries) // len(self.agencies)]


@dataclass(frozen=True)
class Ring:
    """All sectors; each borders on the next, the last on the first.

    Attributes:
        agencies: number of agencies in all, with municipalities and the municipal chain.
    """

    agencies: int

    @cached_property
    def sectors(self) -> list[Sector]:
        """Sectors of nearly equal size."""
        inside = self.agencies - len(CHAIN)
        count = max(1, round(inside / PER_SECTOR))
        names = self._names(inside)
        sizes = [inside * (place + 1) // count - inside * place // count for place in range(count)]
        return [
            Sector(place, self._ministries(place, size), tuple(islice(names, size)))
            for place, size in enumerate(sizes)
        ]

    @staticmethod
    def _names(inside: int) -> Iterator[str]:
        """Names in order, a municipality at regular distances."""
        for number in range(inside):
            municipal = int((number + 1) * MUNICIPAL_SHARE) > int(number * MUNICIPAL_SHARE)
            yield f"{'municipality' if municipal else 'agency'}-{number:06d}"

    @staticmethod
    def _ministries(place: int, size: int) -> tuple[str, ...]:
        return tuple(f"ministry-{place:05d}-{letter}" for letter in "ab"[: -(-size // PER_MINISTRY)])

    def neighbours(self, sector: Sector) -> tuple[str, ...]:
        """Agencies of the second half of a sector and the first half of the next."""
        following = self.sectors[(sector.place + 1) % len(self.sectors)].agencies
        if following == sector.agencies:
            return sector.agencies
        return (
            *sector.agencies[len(sector.agencies) // 2 :],
            *following[: len(following) // 2],
        )


def actors(ring: Ring, luck: Random) -> Raw:
    """Table ``actors``: ministries and agencies, described."""
    ministries = [name for sector in ring.sectors for name in sector.ministries]
    members = [
        _agency(name, sector.ministry_of(position), sector, luck)
        for sector in ring.sectors
        for position, name in enumerate(sector.agencies)
    ]
    chain = [_chain(name, ring, luck) for name in CHAIN]
    return {
        "ministry": [{"name": name, "attention": _between(luck, 0.4, 0.8)} for name in ministries],
        "agency": [*members, *chain],
    }


def _agency(name: str, ministry: str, sector: Sector, luck: Random) -> Raw:
    own, other = sector.themes
    municipal = name.startswith("municipality")
    size = 0.4 if municipal else 1.0
    return {
        "name": name,
        "ministry": ministry,
        "core_tasks": {own: _between(luck, 0.5, 1.0), other: _between(luck, 0.0, 0.5)},
        "capacity": round(size * luck.uniform(1.0, 4.0), 2),
        "line_capacity": round(size * luck.uniform(1.0, 3.0), 2),
        "staff": round(luck.uniform(50, 800)),
        "place": luck.choice(("Oslo", "Oslo", "Bergen", "Trondheim", "Tromsø")),
        "function": "service" if municipal else luck.choice(("authority", "knowledge", "supervision")),
        "internal_organisation": _between(luck, 0.2, 0.8),
        "dependence": _between(luck, 0.2, 0.8),
        "ambition": luck.choice((2, 3, 3, 4)),
    }


def _chain(name: str, ring: Ring, luck: Random) -> Raw:
    """A member of the municipal chain: one for all sectors, so as large as there are sectors."""
    first = ring.sectors[0]
    described = _agency(name, first.ministries[0], first, luck)
    return {
        **described,
        "core_tasks": dict.fromkeys(THEMES, 1.0 / len(THEMES)),
        "line_capacity": 3.0 * len(ring.sectors),
        "function": "service",
    }


def _between(luck: Random, low: float, high: float) -> float:
    return round(luck.uniform(low, high), 2)
