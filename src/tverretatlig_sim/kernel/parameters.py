"""Behavioural parameters as the rules see them: one value, or one a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from tverretatlig_sim.arrays import Floats, Integers


@dataclass(frozen=True)
class Parameters:
    """One array a parameter, of shape (1,) or (run,). Meaning, unit and range: ``parameters.toml``."""

    attention_level: Floats
    attention_return: Floats
    attention_noise: Floats
    commissioned_signal: Floats
    self_initiated_signal: Floats
    letter_uptake: Floats
    will_intercept: Floats
    will_core: Floats
    will_signal: Floats
    will_commitment: Floats
    will_load: Floats
    gain_weight: Floats
    meeting_cost: Floats
    work_per_seat: Floats
    work_per_project: Floats
    backlog_abandonment: Floats
    adjustment: Floats
    attendance_intercept: Floats
    attendance_commitment: Floats
    structure_half: Floats
    structure_relief: Floats
    mandate_step: Floats
    learning: Floats
    frame_stubbornness: Floats
    trust_growth: Floats
    distance_drag: Floats
    trust_promise: Floats
    ownership_process: Floats
    exclusion: Floats
    exclusion_softening: Floats
    group_contact: Floats
    friction: Floats
    group_drag: Floats
    anchoring_start: Floats
    anchoring_gain: Floats
    anchoring_drift: Floats
    dilution: Floats
    content_spread: Floats
    acceptance_intercept: Floats
    ask_weight: Floats
    process_weight: Floats
    bystander_consent: Floats
    max_rounds: Floats
    look_pace: Floats
    priority_support: Floats
    fit_anchoring: Floats
    line_drop: Floats
    turnover: Floats
    turnover_loss: Floats
    ownership_half_life: Floats
    ownership_result: Floats
    wait_and_see: Floats
    interdependence: Floats
    shared_vote: Floats
    dominance: Floats
    round_trip: Floats
    ambition_weight: Floats

    @classmethod
    def of(cls, values: Mapping[str, ArrayLike]) -> Parameters:
        """Make arrays of a complete mapping."""
        return cls(
            **{name: np.atleast_1d(np.asarray(value, dtype=np.float64)) for name, value in values.items()}
        )

    def block(self, first: int, last: int) -> Parameters:
        """Parameters of a block of runs."""
        own = {field.name: getattr(self, field.name) for field in fields(self)}
        return Parameters(**{name: x if len(x) == 1 else x[first:last] for name, x in own.items()})

    def in_runs(self, run: Integers) -> Parameters:
        """The parameters at some places: one value, or the value of each place's run.

        Args:
            run: run of each place, shape (place,).
        """
        return self if self._single else _InRuns(self, run)

    @cached_property
    def _single(self) -> bool:
        """Whether every parameter has one value for all runs."""
        return all(len(getattr(self, field.name)) == 1 for field in fields(self))


class _InRuns(Parameters):
    """Looks values up when they are asked for, as a rule asks for few."""

    def __init__(self, parameters: Parameters, run: Integers) -> None:
        vars(self).update(_parameters=parameters, _run=run)

    def __getattr__(self, name: str) -> Floats:
        value: Floats = getattr(vars(self)["_parameters"], name)
        return value if len(value) == 1 else value.take(vars(self)["_run"])
