"""Studies that take a fraction of a second."""

from __future__ import annotations

from typing import Any

from tverretatlig_sim import Study, study_of

TABLE: dict[str, Any] = {
    "name": "tiny",
    "arrangements": ["pure-network", "0-24-2015"],
    "runs": 5,
    "months": 8,
    "seed": 7,
    "parameters": {"line_drop": [0.0, 0.05, 0.1], "turnover": {"low": 0.0, "high": 0.1}},
    "design": {"kind": "grid", "levels": 2},
    "record": {"outcomes": ["drafted", "trust_mean", "implemented_rate", "attendance_core"]},
}
"""6 points × 2 arrangements × 5 runs; one outcome is never defined after 8 months."""


def tiny(**changes: Any) -> Study:
    """The tiny study, changed."""
    return study_of({**TABLE, **changes})
