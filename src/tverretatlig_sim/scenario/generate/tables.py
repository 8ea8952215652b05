"""A scenario of any size, from a seed."""

from __future__ import annotations

from random import Random

from tverretatlig_sim.scenario.errors import out_of_range
from tverretatlig_sim.scenario.files import Raw
from tverretatlig_sim.scenario.generate import work
from tverretatlig_sim.scenario.generate.sectors import Ring, actors
from tverretatlig_sim.scenario.load import load_table
from tverretatlig_sim.scenario.scenario import Scenario

SMALLEST, LARGEST = 13, 1_000_000
"""Agencies a generated world can have; the smallest is the largest shipped one."""

SHARES = (
    "agency.core_tasks", "agency.internal_organisation", "agency.dependence", "ministry.attention",
    "arrangement.core_group_authority", "arrangement.mandate_clarity", "arrangement.project_clarity",
    "arrangement.follow_up", "project.themes", "project.boldness", "letter.strength", "event.strength",
)  # fmt: skip
AMOUNTS = (
    "agency.capacity", "agency.line_capacity", "agency.staff", "forum.cadence", "forum.secretariat_fte",
    "project.size", "project.line_work",
)  # fmt: skip
COUNTS = ("agency.ambition", "arrangement.stop_points", "project.recommendations")
SOURCE = "made up by the generator; stands for no real body"


def generate(agencies: int = 300, seed: int = 1) -> Scenario:
    """A made-up scenario with as many relations an agency at any size.

    Sectors of about twelve agencies, a quarter of them municipalities, lie on a ring. Each has two
    ministries, a steering group, a secretariat, two forums with its neighbour and 14 projects; two bodies
    carry to all municipalities what must reach them. So every agency has about 2 seats, 7 stakes, 8 duties
    and some 15 ties, and cost grows with the number of agencies alone. Numbers are graded "assumed".

    Args:
        agencies: how many in all, 13 to 1 000 000.
        seed: the same seed gives the same world.

    Raises:
        ValueError: if the number of agencies or the seed is out of range.
    """
    return load_table(generated_tables(agencies, seed))


def generated_tables(agencies: int = 300, seed: int = 1) -> Raw:
    """The same scenario as a table such as scenario files hold.

    Args:
        agencies: as in ``generate``.
        seed: as in ``generate``.

    Raises:
        ValueError: as ``generate``.
    """
    for name, value, low, high in (("agencies", agencies, SMALLEST, LARGEST), ("seed", seed, 0, 2**64 - 1)):
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(out_of_range(name, value, low, high))
    ring, luck = Ring(agencies), Random(seed)
    return {
        "name": f"generated-{agencies}-{seed}",
        "title": {"en": f"{agencies} made-up agencies", "nb": f"{agencies} oppdiktede etater"},
        "source": SOURCE,
        "start": f"{work.YEARS[0]}-01",
        "months": 60,
        "evidence": _evidence(),
        "actors": actors(ring, luck),
        "arrangement": work.arrangement(ring, luck),
        "portfolio": work.portfolio(ring, luck),
        "letters": work.letters(ring, luck),
    }


def _evidence() -> Raw:
    common = {"grade": "assumed", "source": SOURCE}
    return {
        **{key: {**common, "spread": 0.2} for key in SHARES},
        **{key: {**common, "factor": 2.0} for key in AMOUNTS},
        **{key: {**common, "spread": 1} for key in COUNTS},
        "scenario.months": common,
    }
