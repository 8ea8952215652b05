"""Scenarios small enough to compute by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import Agency, Arrangement, Letters, Ministry, Portfolio, Title

from .parameters import default_parameters

START = "2020-01"
STILL = dict.fromkeys(
    (
        "attention_noise", "will_core", "will_signal", "will_commitment", "will_load", "gain_weight",
        "process_weight", "ask_weight", "content_spread", "attendance_commitment", "meeting_cost", "friction",
        "group_drag", "frame_stubbornness", "turnover", "ownership_result", "ownership_process", "line_drop",
        "fit_anchoring", "priority_support", "structure_relief", "exclusion",
    ),
    0.0,
)  # fmt: skip
"""Parameters at which most mechanisms rest."""

CERTAIN = 40.0
"""A logit so high that the event is certain for every draw that is used here."""


def still(**changes: float) -> dict[str, float]:
    """Parameters with most mechanisms at rest, full attendance and full effort; then the changes."""
    certain = {"attendance_intercept": CERTAIN, "effort_intercept": CERTAIN}
    return default_parameters() | STILL | certain | changes


def tiny(
    agencies: Mapping[str, Mapping[str, Any]],
    *,
    arrangement: Mapping[str, Any] | None = None,
    projects: Sequence[Mapping[str, Any]] = (),
    letters: Mapping[str, Any] | None = None,
    core: Sequence[str] = (),
) -> Scenario:
    """Make a scenario that starts in January 2020 with one ministry M.

    Args:
        agencies: fields of each agency by name, beside theme `a`, capacity 1 and ministry M.
        arrangement: its fields, beside name and members.
        projects: fields of each project, beside theme `a`, origin, size 1 and start.
        letters: fields of the calendar.
        core: names of core agencies.
    """
    usual = {"themes": {"a": 1.0}, "origin": "commissioned", "size": 1.0, "start": START}
    own = {"ministry": "M", "core_tasks": {"a": 1.0}, "capacity": 1.0}
    tables = [Agency.model_validate({"name": name, **own, **given}) for name, given in agencies.items()]
    members = [{"agency": name} for name in agencies]
    return Scenario(
        name="tiny",
        title=Title(en="tiny", nb="liten"),
        summary=None,
        source="",
        start=START,
        months=None,
        ministries=(Ministry(name="M"),),
        agencies=tuple(tables),
        core=frozenset(core),
        arrangement=Arrangement.model_validate({"name": "tiny", "member": members, **(arrangement or {})}),
        portfolio=Portfolio.model_validate(
            {"name": "tiny", "project": [{**usual, **given} for given in projects]}
        ),
        letters=Letters.model_validate({"name": "tiny", **(letters or {})}),
        parameters={},
    )
