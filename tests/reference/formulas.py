"""Small formulas that several rules share (ODD, sections 2 and 7)."""

from __future__ import annotations

import math
from collections.abc import Iterable

Vector = dict[str, float]
"""Weights over all themes of a scenario, in order of theme names."""


def sigmoid(z: float) -> float:
    """Compute the logistic function; 0 where its exponential leaves the range of floats."""
    return 0.0 if z < -700.0 else 1.0 / (1.0 + math.exp(-z))


def clipped(z: float) -> float:
    """Clip to the unit interval."""
    return min(1.0, max(0.0, z))


def raised(z: float, u: float) -> float:
    """Make the move *raise*: towards 1."""
    return z + min(1.0, u) * (1.0 - z)


def lowered(z: float, u: float) -> float:
    """Make the move *lower*: towards 0."""
    return z * (1.0 - min(1.0, u))


def mean(numbers: Iterable[float], *, default: float) -> float:
    """Arithmetic mean; the default if there are no numbers."""
    listed = list(numbers)
    return sum(listed) / len(listed) if listed else default


def norm(x: Vector) -> float:
    """Euclidean length."""
    return math.sqrt(sum(weight * weight for weight in x.values()))


def cosine(x: Vector, y: Vector) -> float:
    """Cosine of the angle between two vectors; 0 if one has no weight."""
    lengths = norm(x) * norm(y)
    return sum(x[theme] * y[theme] for theme in x) / lengths if lengths else 0.0


def difference(x: Vector, y: Vector) -> Vector:
    """First vector minus the second."""
    return {theme: x[theme] - y[theme] for theme in x}


def cognitive_distance(x: Vector, y: Vector) -> float:
    """Distance of two understandings, as a share of the largest possible."""
    return norm(difference(x, y)) / math.sqrt(2.0)
