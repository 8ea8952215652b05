"""Many runs of a scenario: outcomes, monthly series, paired comparison, and the sources' frameworks.

Import names from the modules, or from ``tverretatlig_sim``; this file stays free of numerical libraries.
"""

from typing import Literal

Unit = Literal["share", "level", "count", "months", "fte", "number"]
"""Share of a whole (shown in per cent), level from 0 to 1, count, months, FTE-months, any other number."""

Direction = Literal["more", "less", "neither"]
"""Whether more of it is better, less is, or neither can be said."""

HEADLINE = "implemented_rate"
"""The outcome that findings, and the stopping rule, speak of."""

OF_PLANNED = "implemented_of_planned"
"""What stands beside the headline: counted from the start of the work, it cannot reward slowness."""

FOLLOW_UP = 24
"""Months after drafting within which an implementation counts for the headline rate."""

SHOWN = (
    HEADLINE,
    OF_PLANNED,
    "implemented_rate_horizon",
    "drafted",
    "implemented",
    "months_from_draft",
    "rounds",
    "boldness_end",
    "structure_share",
    "fte_per_implemented",
    "attendance_core",
    "attendance_periphery",
    "trust_core",
    "trust_periphery_to_core",
    "understanding_gap",
    "ownership_end",
    "ladder_rung",
)
"""Outcomes of the tables on the screen; files and JSON hold all of them."""
