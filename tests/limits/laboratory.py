"""Laboratory worlds: the tables of one scenario each, what a limit case does not need switched off."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tverretatlig_sim import Ensemble

Row = dict[str, Any]
Matrix = NDArray[np.float64]

CERTAIN = 40.0
"""A logit that is certainty: the logistic function of it is exactly 1."""

EXACT = 1e-10
"""Largest deviation of a deterministic limit case."""

STANDARD_ERRORS = 4.0
"""Largest deviation of a stochastic one: on a fresh seed a true oracle fails one check in 16 000 (6e-5)."""

NAMES = tuple("ABCDEFGH")

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "laboratory.md"
QUIET: dict[str, float] = tomllib.loads(
    PAGE.read_text(encoding="utf-8").partition("```toml\n")[2].partition("```")[0]
)["parameters"]
"""The switches of the how-to: nothing moves by itself, and what is asked for is done at once."""


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
