"""What they do together: forums, projects and letters, as many for each sector."""

from __future__ import annotations

from random import Random

from tverretatlig_sim.scenario.files import Raw
from tverretatlig_sim.scenario.generate.sectors import CHAIN, Ring, Sector

SEATS, MEMBERS = 6, 6
"""Seats of a forum and members of a project, at most."""
PROJECTS = 14
"""Projects of a sector: seven stakes an agency, as in the shipped scenarios."""
YEARS = range(2020, 2025)
FACILITATOR = "programme-office"
STAFF_PER_SECTOR = 1.0
"""Staff of the programme office for each sector, so that its service does not depend on the world's size."""


def arrangement(ring: Ring, luck: Random) -> Raw:
    """Table ``arrangement``: members, and for each sector a steering group, a secretariat and two bridges."""
    forums = [forum for sector in ring.sectors for forum in _forums(sector, ring, luck)]
    office = {
        "name": FACILITATOR,
        "function": "prepare",
        "seats": list(ring.sectors[0].agencies[:SEATS]),
        "cadence": 1,
        "secretariat_fte": STAFF_PER_SECTOR * len(ring.sectors),
    }
    members = [
        {"agency": name, "core": position < SEATS}
        for sector in ring.sectors
        for position, name in enumerate(sector.agencies)
    ]
    return {
        "name": "generated",
        "facilitator": FACILITATOR,
        "core_group_authority": round(luck.uniform(0.2, 0.5), 2),
        "mandate_clarity": round(luck.uniform(0.3, 0.6), 2),
        "project_clarity": round(luck.uniform(0.4, 0.7), 2),
        "stop_points": 1,
        "delivery": "increments",
        "follow_up": 0.3,
        "municipal_chain": list(CHAIN),
        "member": [*members, *({"agency": name} for name in CHAIN)],
        "forum": [*forums, office],
    }


def _forums(sector: Sector, ring: Ring, luck: Random) -> list[Raw]:
    def seats(group: tuple[str, ...]) -> list[str]:
        return sorted(luck.sample(group, min(SEATS, len(group))))

    secretariat = f"{sector.name}-secretariat"
    steering = {
        "name": f"{sector.name}-steering",
        "function": "steer",
        "seats": list(sector.agencies[:SEATS]),
        "cadence": 3,
        "rule": luck.choice(("consensus", "majority")),
        "served_by": secretariat,
    }
    staffed = {
        "name": secretariat,
        "function": "prepare",
        "seats": seats(sector.agencies),
        "cadence": 1,
        "secretariat_fte": round(luck.uniform(0.5, 2.0), 1),
    }
    bordering = ring.neighbours(sector)
    bridges = [
        {"name": f"{sector.name}-bridge-{x}", "function": "inform", "seats": seats(bordering), "cadence": 2}
        for x in "ab"
    ]
    return [steering, staffed, *bridges]


def portfolio(ring: Ring, luck: Random) -> Raw:
    """Table ``portfolio``: projects of each sector, every third with its neighbour."""
    projects = [_project(sector, number, ring, luck) for sector in ring.sectors for number in range(PROJECTS)]
    return {"name": "generated", "project": projects}


def _project(sector: Sector, number: int, ring: Ring, luck: Random) -> Raw:
    group = ring.neighbours(sector) if number % 3 == 0 else sector.agencies
    members = luck.sample(group, min(MEMBERS, len(group)))
    own, other = sector.themes
    commissioned = luck.random() < 0.7
    return {
        "name": f"{sector.name}-project-{number:02d}",
        "themes": {own: 1.0, other: round(luck.uniform(0.0, 1.0), 2)},
        "origin": "commissioned" if commissioned else "self-initiated",
        "lead": members[0],
        "members": sorted(members),
        "size": round(luck.uniform(8, 40)),
        "recommendations": 3,
        "instrument": luck.choice(("organisational", "pedagogical", "economic", "legal")),
        "boldness": round(luck.uniform(0.5, 0.9), 2),
        "start": f"{luck.choice(YEARS[:3])}-{luck.randint(1, 12):02d}",
        "line_work": round(luck.uniform(0.5, 2.0), 1),
        "municipal": number % 4 == 0,
        "route": [f"{sector.name}-steering"] if commissioned else ["line"],
    }


def letters(ring: Ring, luck: Random) -> Raw:
    """Table ``letters``: a general letter from each ministry each year, one about a project a sector."""
    yearly = [
        {
            "name": f"{ministry}-{year}",
            "ministries": [ministry],
            "to": "all",
            "begins": f"{year}-01",
            "strength": round(luck.uniform(0.1, 0.6), 2),
        }
        for sector in ring.sectors
        for ministry in sector.ministries
        for year in YEARS
    ]
    named = [_assignment(sector, luck) for sector in ring.sectors]
    event = {"name": "report-to-parliament", "ministries": "all", "month": "2022-06", "strength": 0.3}
    return {"name": "generated", "letter": [*yearly, *named], "event": [event]}


def _assignment(sector: Sector, luck: Random) -> Raw:
    return {
        "name": f"{sector.name}-assignment",
        "ministries": list(sector.ministries),
        "to": list(sector.agencies),
        "begins": f"{YEARS[1]}-01",
        "strength": round(luck.uniform(0.5, 0.9), 2),
        "projects": [f"{sector.name}-project-{luck.randrange(PROJECTS):02d}"],
    }
