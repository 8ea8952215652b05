"""Made-up scenarios of any size, for testing, teaching and measuring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random

from tverretatlig_sim.inputs import whole
from tverretatlig_sim.scenario.files import Raw
from tverretatlig_sim.scenario.scenario import Scenario

SMALLEST, LARGEST = 13, 1_000_000
"""Agencies a generated world can have; the smallest is the largest shipped one."""
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
SEATS, MEMBERS = 6, 6
"""Seats of a forum and members of a project, at most."""
PROJECTS = 14
"""Projects of a sector: seven stakes an agency, as in the shipped scenarios."""
TOGETHER = 4
"""Sectors whose ministries have a joint body."""
YEARS = range(2020, 2025)
OFFICE = "programme-office"
STAFF_PER_SECTOR = 1.0
"""Staff of the programme office for each sector, so that its service does not depend on the world's size."""

SOURCE = "made up by the generator; stands for no real body"
WIDTHS = {
    "spread": (
        0.2,
        "agency.core_tasks agency.internal_organisation agency.dependence ministry.attention "
        "ministry_forum.authority ministry_forum.link arrangement.mandate_clarity "
        "arrangement.project_clarity arrangement.follow_up project.themes project.boldness "
        "letter.strength event.strength",
    ),
    "factor": (
        2.0,
        "agency.capacity agency.line_capacity agency.staff forum.cadence ministry_forum.cadence "
        "forum.secretariat_fte project.size project.line_work",
    ),
}
"""How wide the ranges of shares and of amounts are."""
COUNTS = "agency.ambition", "arrangement.stop_points", "project.recommendations"
"""Whole numbers, which may be one more or less."""


def generate(agencies: int = 300, seed: int = 1) -> Scenario:
    """A made-up scenario with as many relations an agency at any size.

    Sectors of about twelve agencies, a quarter of them municipalities, lie on a ring. Each has two
    ministries, which meet with those of three other sectors, a steering group, a secretariat, two forums with
    its neighbour and 14 projects; two bodies carry to all municipalities what must reach them. So every
    agency has about 2 seats, 7 stakes, 8 duties and some 15 ties, and cost grows with the number of agencies
    alone. Numbers are graded "assumed".

    Args:
        agencies: how many in all, 13 to 1 000 000.
        seed: the same seed gives the same world.

    Raises:
        ValueError: if the number of agencies or the seed is out of range.
    """
    return Scenario.from_dict(generated_tables(agencies, seed))


def generated_tables(agencies: int = 300, seed: int = 1) -> Raw:
    """The same scenario as a table such as scenario files hold.

    Args:
        agencies: as in ``generate``.
        seed: as in ``generate``.

    Raises:
        ValueError: as ``generate``.
    """
    agencies, seed = whole("agencies", agencies, SMALLEST, LARGEST), whole("seed", seed, 0, 2**64 - 1)
    sectors, dice = _sectors(agencies - len(CHAIN)), _Dice(seed)
    common = {"grade": "assumed", "source": SOURCE}
    return {
        "name": f"generated-{agencies}-{seed}",
        "title": {"en": f"{agencies} made-up agencies", "nb": f"{agencies} oppdiktede etater"},
        "source": SOURCE,
        "start": f"{YEARS[0]}-01",
        "months": 60,
        "evidence": {
            **{
                key: {**common, kind: width} for kind, (width, keys) in WIDTHS.items() for key in keys.split()
            },
            **{key: {**common, "spread": 1} for key in COUNTS},
            "scenario.months": common,
        },
        "actors": _actors(sectors, dice),
        "arrangement": _arrangement(sectors, dice),
        "portfolio": {
            "name": "generated",
            "project": [_project(s, count, dice) for s in sectors for count in range(PROJECTS)],
        },
        "letters": _letters(sectors, dice),
    }


class _Dice(Random):
    """Random numbers as people write them. The order of the draws decides what a seed gives."""

    def between(self, low: float, high: float, digits: int | None = 2) -> float:
        return round(self.uniform(low, high), digits)

    def seats(self, group: Sequence[str]) -> list[str]:
        return sorted(self.sample(group, min(SEATS, len(group))))


@dataclass
class _Sector:
    """A sector: position on the ring, names of those in it, and of those on the border with the next."""

    place: int
    ministries: tuple[str, ...]
    agencies: tuple[str, ...]
    bordering: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.name = f"sector-{self.place:05d}"
        self.themes = THEMES[self.place % len(THEMES)], THEMES[(self.place + 1) % len(THEMES)]


def _sectors(inside: int) -> list[_Sector]:
    """Sectors of nearly equal size; each borders on the next, the last on the first."""
    count = max(1, round(inside / PER_SECTOR))
    municipal = [
        int((number + 1) * MUNICIPAL_SHARE) > int(number * MUNICIPAL_SHARE) for number in range(inside)
    ]
    names = (f"{'municipality' if one else 'agency'}-{number:06d}" for number, one in enumerate(municipal))
    sectors = []
    for place in range(count):
        size = inside * (place + 1) // count - inside * place // count
        ministries = tuple(f"ministry-{place:05d}-{letter}" for letter in "ab"[: -(-size // PER_MINISTRY)])
        sectors.append(_Sector(place, ministries, tuple(islice(names, size))))
    for sector, following in zip(sectors, [*sectors[1:], sectors[0]], strict=True):
        own, other = sector.agencies, following.agencies
        sector.bordering = own if own == other else (*own[len(own) // 2 :], *other[: len(other) // 2])
    return sectors


def _actors(sectors: list[_Sector], dice: _Dice) -> Raw:
    members = [
        _agency(
            name, sector.ministries[position * len(sector.ministries) // len(sector.agencies)], sector, dice
        )
        for sector in sectors
        for position, name in enumerate(sector.agencies)
    ]
    # One for all sectors, so as large as there are sectors.
    shared = {
        "core_tasks": dict.fromkeys(THEMES, 1.0 / len(THEMES)),
        "line_capacity": 3.0 * len(sectors),
        "function": "service",
    }
    chain = [{**_agency(name, sectors[0].ministries[0], sectors[0], dice), **shared} for name in CHAIN]
    return {
        "ministry": [
            {"name": name, "attention": dice.between(0.4, 0.8)}
            for sector in sectors
            for name in sector.ministries
        ],
        "agency": [*members, *chain],
    }


def _agency(name: str, ministry: str, sector: _Sector, dice: _Dice) -> Raw:
    own, other = sector.themes
    municipal = name.startswith("municipality")
    size = 0.4 if municipal else 1.0
    return {
        "name": name,
        "ministry": ministry,
        "core_tasks": {own: dice.between(0.5, 1.0), other: dice.between(0.0, 0.5)},
        "capacity": round(size * dice.uniform(1.0, 4.0), 2),
        "line_capacity": round(size * dice.uniform(1.0, 3.0), 2),
        "staff": dice.between(50, 800, None),
        "place": dice.choice(("Oslo", "Oslo", "Bergen", "Trondheim", "Tromsø")),
        "function": "service" if municipal else dice.choice(("authority", "knowledge", "supervision")),
        "internal_organisation": dice.between(0.2, 0.8),
        "dependence": dice.between(0.2, 0.8),
        "ambition": dice.choice((2, 3, 3, 4)),
    }


def _arrangement(sectors: list[_Sector], dice: _Dice) -> Raw:
    """Members, and for each sector a steering group, a secretariat and two forums with its neighbour."""
    forums = [forum for sector in sectors for forum in _forums(sector, dice)]
    office = {
        "name": OFFICE,
        "function": "prepare",
        "seats": list(sectors[0].agencies[:SEATS]),
        "cadence": 1,
        "secretariat_fte": STAFF_PER_SECTOR * len(sectors),
    }
    members = [
        {"agency": name, "core": position < SEATS}
        for sector in sectors
        for position, name in enumerate(sector.agencies)
    ]
    return {
        "name": "generated",
        "facilitator": OFFICE,
        "mandate_clarity": dice.between(0.3, 0.6),
        "project_clarity": dice.between(0.4, 0.7),
        "stop_points": 1,
        "delivery": "increments",
        "follow_up": 0.3,
        "municipal_chain": list(CHAIN),
        "member": [*members, *({"agency": name} for name in CHAIN)],
        "forum": [*forums, office],
        "ministry_forum": [
            {
                "name": f"joint-body-{first // TOGETHER:05d}",
                "function": "steer",
                "seats": [name for sector in sectors[first : first + TOGETHER] for name in sector.ministries],
                "cadence": 4,
                "authority": dice.between(0.2, 0.5),
                "link": 0.5,
            }
            for first in range(0, len(sectors), TOGETHER)
        ],
    }


def _forums(sector: _Sector, dice: _Dice) -> list[Raw]:
    secretariat = f"{sector.name}-secretariat"
    steering = {
        "name": f"{sector.name}-steering",
        "function": "steer",
        "seats": list(sector.agencies[:SEATS]),
        "cadence": 3,
        "rule": dice.choice(("consensus", "majority")),
        "served_by": secretariat,
    }
    staffed = {
        "name": secretariat,
        "function": "prepare",
        "seats": dice.seats(sector.agencies),
        "cadence": 1,
        "secretariat_fte": dice.between(0.5, 2.0, 1),
    }
    bridges = [
        {
            "name": f"{sector.name}-bridge-{letter}",
            "function": "inform",
            "seats": dice.seats(sector.bordering),
            "cadence": 2,
        }
        for letter in "ab"
    ]
    return [steering, staffed, *bridges]


def _project(sector: _Sector, number: int, dice: _Dice) -> Raw:
    """A project of a sector; every third one with its neighbour."""
    group = sector.bordering if number % 3 == 0 else sector.agencies
    members = dice.sample(group, min(MEMBERS, len(group)))
    own, other = sector.themes
    commissioned = dice.random() < 0.7
    return {
        "name": f"{sector.name}-project-{number:02d}",
        "themes": {own: 1.0, other: dice.between(0.0, 1.0)},
        "origin": "commissioned" if commissioned else "self-initiated",
        "lead": members[0],
        "members": sorted(members),
        "size": dice.between(8, 40, None),
        "recommendations": 3,
        "instrument": dice.choice(("organisational", "pedagogical", "economic", "legal")),
        "boldness": dice.between(0.5, 0.9),
        "start": f"{dice.choice(YEARS[:3])}-{dice.randint(1, 12):02d}",
        "line_work": dice.between(0.5, 2.0, 1),
        "municipal": number % 4 == 0,
        "route": [f"{sector.name}-steering"] if commissioned else ["line"],
    }


def _letters(sectors: list[_Sector], dice: _Dice) -> Raw:
    """A general letter from each ministry each year, and one about a project for each sector."""
    yearly = [
        {
            "name": f"{ministry}-{year}",
            "ministries": [ministry],
            "to": "all",
            "begins": f"{year}-01",
            "strength": dice.between(0.1, 0.6),
        }
        for sector in sectors
        for ministry in sector.ministries
        for year in YEARS
    ]
    assignments = [
        {
            "name": f"{sector.name}-assignment",
            "ministries": list(sector.ministries),
            "to": list(sector.agencies),
            "begins": f"{YEARS[1]}-01",
            "strength": dice.between(0.5, 0.9),
            "projects": [f"{sector.name}-project-{dice.randrange(PROJECTS):02d}"],
        }
        for sector in sectors
    ]
    event = {"name": "report-to-parliament", "ministries": "all", "month": "2022-06", "strength": 0.3}
    return {"name": "generated", "letter": [*yearly, *assignments], "event": [event]}
