"""Units of outcomes, and which outcomes are shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Unit = Literal["share", "level", "count", "months", "fte", "number"]
"""Share of a whole (shown in per cent), level from 0 to 1, count, months, FTE-months, any other number."""

UNITS: Mapping[str, Unit] = {
    "implemented_rate": "share",
    "implemented_rate_horizon": "share",
    "planned": "count",
    "drafted": "count",
    "decided": "count",
    "handed_over": "count",
    "adopted": "count",
    "implemented": "count",
    "dropped": "count",
    "pending": "count",
    "not_drafted": "count",
    "lost_disagreement": "count",
    "lost_ministries": "count",
    "lost_line": "count",
    "lost_municipalities": "count",
    "carried_out": "count",
    "months_to_implement": "months",
    "months_from_draft": "months",
    "months_to_decide": "months",
    "rounds": "number",
    "round_trips": "number",
    "boldness_end": "level",
    "structure_share": "share",
    "meetings": "count",
    "fte_spent": "fte",
    "fte_per_implemented": "fte",
    "service_quality": "level",
    "attendance_core": "share",
    "attendance_periphery": "share",
    "trust_mean": "level",
    "trust_core": "level",
    "trust_periphery_to_core": "level",
    "trust_core_to_periphery": "level",
    "inclusion_periphery": "level",
    "understanding_gap": "level",
    "ownership_end": "level",
    "confidence_end": "level",
    "clarity_end": "level",
    "ministry_coherence": "level",
    "negative_coordination": "share",
    "positive_coordination": "share",
    "reached_municipalities": "share",
    "implemented_legal": "share",
    "implemented_economic": "share",
    "implemented_organisational": "share",
    "implemented_pedagogical": "share",
    "lasting": "count",
    "municipal_link": "share",
    "ladder_rung": "number",
}
"""Unit of every outcome, in the order of the model's description."""

HEADLINE = "implemented_rate"
"""The outcome that findings speak of."""

SHOWN = (
    HEADLINE, "implemented_rate_horizon", "drafted", "implemented", "months_from_draft", "rounds",
    "boldness_end",
    "structure_share", "fte_per_implemented", "attendance_core", "attendance_periphery", "trust_core",
    "trust_periphery_to_core", "understanding_gap", "ownership_end", "ladder_rung",
)  # fmt: skip
"""Outcomes of the tables on the screen; files and JSON hold all of them."""


def unit(outcome: str) -> Unit:
    """Unit of an outcome."""
    return UNITS.get(outcome, "number")
