"""A function whose sensitivity indices are known, run by the study engine in place of the model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.study.task import Task

A, B = 7.0, 0.1
FACTORS = {"will_core": 10.0, "will_signal": 10.0, "will_load": 10.0}
"""Parameters that stand for the three inputs, from 0 to this; the input is from −π to π."""

FIRST = (0.31390, 0.44241, 0.0)
TOTAL = (0.55759, 0.44241, 0.24368)
VARIANCE = A**2 / 8 + B * np.pi**4 / 5 + B**2 * np.pi**8 / 18 + 0.5
"""Ishigami and Homma 1990; 13.845."""

Noise = Literal["none", "independent", "shared"]
Simulated = Callable[[Task], dict[str, Floats]]


def ishigami(shares: Floats) -> Floats:
    """The function, of numbers from 0 to 1. Shape (point, 3) to (point,)."""
    x, y, z = (np.pi * (2.0 * shares - 1.0)).T
    return np.asarray(np.sin(x) + A * np.sin(y) ** 2 + B * z**4 * np.sin(x))


def simulated(noise: Noise, sd: float = 0.0) -> Simulated:
    """What the engine is to take for a simulation.

    Shared noise has three parts: one that every point shares, one that leans on the first input, and one of
    the point alone. Only the last two are noise in the differences between points.
    """

    def run(task: Task) -> dict[str, Floats]:
        shares = task.values / np.array(list(FACTORS.values()))
        own = np.random.default_rng([task.first_point, task.first_run]).normal(size=(len(shares), task.runs))
        luck = np.random.default_rng([7, task.first_run]).normal(size=(2, 1, task.runs))
        errors = {
            "none": 0.0 * own,
            "independent": sd * own,
            "shared": sd
            * (5.0 * luck[0] + luck[1] * (2.0 * shares[:, :1] - 1.0) * 0.3**0.5 + own * 0.9**0.5),
        }[noise]
        values = ishigami(shares)[:, None] + errors
        return dict.fromkeys(task.plan.record.outcomes, values)

    return run
