"""Laboratory worlds: one scenario file each, everything switched off that the limit case does not need."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tverretatlig_sim import Ensemble, Scenario, load_scenario

Row = dict[str, Any]
Matrix = NDArray[np.float64]

CERTAIN = 40.0
"""A logit that is certainty: the logistic function of it is exactly 1."""

EXACT = 1e-10
"""Largest deviation of a deterministic limit case."""

STANDARD_ERRORS = 4.0
"""Largest deviation of a stochastic one: on a fresh seed a true oracle fails one check in 16 000 (6e-5)."""

NAMES = tuple("ABCDEFGH")

QUIET: Mapping[str, float] = {
    "attention_level": 1.0,
    "attention_return": 0.0,
    "attention_noise": 0.0,
    "commissioned_signal": 0.0,
    "self_initiated_signal": 0.0,
    "letter_uptake": 0.0,
    "will_intercept": CERTAIN,
    "will_core": 0.0,
    "will_signal": 0.0,
    "will_commitment": 0.0,
    "will_load": 0.0,
    "gain_weight": 0.0,
    "meeting_cost": 0.0,
    "work_per_seat": 0.0,
    "work_per_project": 0.0,
    "backlog_abandonment": 0.0,
    "adjustment": 0.0,
    "attendance_intercept": CERTAIN,
    "attendance_commitment": 0.0,
    "structure_relief": 0.0,
    "learning": 0.0,
    "frame_stubbornness": 0.0,
    "trust_growth": 0.0,
    "distance_drag": 0.0,
    "trust_promise": 0.0,
    "ownership_process": 0.0,
    "exclusion": 0.0,
    "exclusion_softening": 0.0,
    "group_contact": 0.0,
    "friction": 0.0,
    "group_drag": 0.0,
    "anchoring_start": 0.0,
    "anchoring_gain": 0.0,
    "anchoring_drift": 0.0,
    "dilution": 0.0,
    "mandate_step": 0.0,
    "content_spread": 0.0,
    "acceptance_intercept": CERTAIN,
    "ask_weight": 0.0,
    "process_weight": 0.0,
    "bystander_consent": 1.0,
    "max_rounds": 1,
    "look_pace": 1.0,
    "priority_support": 0.0,
    "fit_anchoring": 0.0,
    "line_drop": 0.0,
    "turnover": 0.0,
    "turnover_loss": 0.0,
    "ownership_half_life": 100000.0,
    "ownership_result": 0.0,
    "wait_and_see": 0.0,
    "interdependence": 0.0,
    "shared_vote": 0.0,
    "dominance": 0.0,
    "round_trip": 0.0,
    "ambition_weight": 0.0,
}
"""Nothing moves by itself, and what is asked for is done at the first opportunity."""


def agency(name: str, **fields: Any) -> Row:
    """An agency of the ministry M with one full-time equivalent for joint work."""
    return {"name": name, "ministry": "M", "core_tasks": {"health": 1.0}, "capacity": 1.0, **fields}


def agencies(count: int, **fields: Any) -> list[Row]:
    """Equal agencies A, B, C, …"""
    return [agency(name, **fields) for name in NAMES[:count]]


def forum(name: str = "table", **fields: Any) -> Row:
    """A forum of everyone that meets every month."""
    return {"name": name, "function": "steer", "seats": "all", "cadence": 1, **fields}


def project(name: str = "P", **fields: Any) -> Row:
    """A project of everyone, led by A, that delivers in its first month."""
    basics = {"themes": {"health": 1.0}, "origin": "commissioned", "lead": "A", "members": "all"}
    plan = {"size": 0.01, "recommendations": 1, "start": "2020-01", "line_work": 0.0}
    return {"name": name, **basics, **plan, **fields}


def ties(trust: Matrix) -> list[Row]:
    """Ties in both directions between the first agencies, with trust as in the matrix."""
    return [
        {"source_agency": NAMES[i], "target_agency": NAMES[j], "trust": float(trust[i, j])}
        for i, j in permutations(range(len(trust)), 2)
    ]


def weights(themes: Sequence[str], values: Iterable[float]) -> dict[str, float]:
    """Theme weights as a scenario file has them."""
    return {theme: float(value) for theme, value in zip(themes, values, strict=True)}


def world(
    members: Sequence[Row],
    *,
    months: int,
    projects: Sequence[Row] = (),
    letters: Row | None = None,
    ministries: Sequence[Row] = ({"name": "M"},),
    parameters: Mapping[str, float] | None = None,
    **arrangement: Any,
) -> Row:
    """The tables of one complete scenario file; parameters replace those of QUIET."""
    practice = {"mandate_clarity": 1.0, "member": [{"agency": row["name"]} for row in members]}
    return {
        "start": "2020-01",
        "months": months,
        "letters": letters or {},
        "portfolio": {"project": list(projects)},
        "actors": {"ministry": list(ministries), "agency": list(members)},
        "arrangement": {**practice, **arrangement},
        "parameters": {**QUIET, **(parameters or {})},
    }


class Laboratory:
    """Writes laboratory worlds to a folder and loads them, as a user would."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, tables: Row, name: str = "world") -> Scenario:
        path = self._folder / f"{name}.toml"
        lines = [f"{key} = {inline(value)}\n" for key, value in tables.items()]
        path.write_text("".join(lines), encoding="utf-8")
        return load_scenario(path)


def inline(value: Any) -> str:
    """A value in TOML, on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(key)} = {inline(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(inline, value)) + "]"
    return json.dumps(value)


def logit(chance: float) -> float:
    """The intercept that gives a chance when nothing else speaks for or against."""
    return float(np.log(chance / (1.0 - chance)))


def path_of(ensemble: Ensemble, name: str) -> Matrix:
    """A monthly series of the first run."""
    values: Matrix = ensemble.series[name].isel(run=0).to_numpy()
    return values


def assert_share(hits: float, trials: int, chance: float) -> None:
    """Check a share of independent trials against its chance."""
    error = np.sqrt(chance * (1.0 - chance) / trials)
    assert abs(hits / trials - chance) <= STANDARD_ERRORS * error, (hits / trials, chance, error)


def assert_mean(values: NDArray[np.float64], expected: float) -> None:
    """Check a mean of independent values against its expectation."""
    error = values.std(ddof=1) / np.sqrt(len(values))
    assert abs(values.mean() - expected) <= STANDARD_ERRORS * error, (values.mean(), expected, error)
