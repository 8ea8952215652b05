"""What the data collector keeps: a row of the model and of each agent at the start and after each month."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import mesa

from tverretatlig_sim.ensemble.series import SERIES, stage_counts
from tverretatlig_sim.kernel.state import STAGES
from tverretatlig_sim.mesa_model.agents import AgencyAgent, MinistryAgent

if TYPE_CHECKING:
    from tverretatlig_sim.mesa_model.model import CoordinationModel

FLOWS = frozenset({"structure_share", "coherence", "attendance_core", "attendance_periphery"})
"""Series about what happens in a month: there is nothing to see before the first."""

AGENCY_REPORTERS = {
    name: name for name in ("name", "ownership", "inclusion", "effort", "meeting_time", "load", "mean_trust")
}
MINISTRY_REPORTERS = {name: name for name in ("name", "attention")}


def data_collector() -> mesa.DataCollector:
    """A collector of the monthly series that are one number, stages, agencies and ministries."""
    return mesa.DataCollector(
        model_reporters=_model_reporters(),
        agenttype_reporters={AgencyAgent: AGENCY_REPORTERS, MinistryAgent: MINISTRY_REPORTERS},
    )


def _model_reporters() -> dict[str, Any]:
    series = {name: partial(_observed, name) for name, series in SERIES.items() if not series.dims}
    stages = {f"recommendations_{stage}": partial(_in_stage, code) for code, stage in enumerate(STAGES)}
    return {"month": "month", "date": "date", **series, **stages}


def _observed(name: str, model: CoordinationModel) -> float:
    if name in FLOWS and model.month == 0:
        return float("nan")
    month = model.world.calendar[max(0, model.month - 1)]
    return float(SERIES[name].read(model.state, model.world, month)[0])


def _in_stage(code: int, model: CoordinationModel) -> int:
    return int(stage_counts(model.state)[code, 0])
