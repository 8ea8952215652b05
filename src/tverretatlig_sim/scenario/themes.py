"""Weights over themes."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt

from tverretatlig_sim.scenario.quantity import Quantity
from tverretatlig_sim.scenario.schema import Agency, Project

Weights = Mapping[str, Quantity]


def overlap(agency: Agency, project: Project) -> float:
    """Cosine of an agency's core tasks and a project's themes; 0 if one has no weight."""
    one, other = _numbers(agency.core_tasks), _numbers(project.themes)
    lengths = sqrt(sum(x * x for x in one.values())) * sqrt(sum(x * x for x in other.values()))
    return sum(one[theme] * other.get(theme, 0.0) for theme in one) / lengths if lengths > 0 else 0.0


def views(agency: Agency) -> dict[str, float]:
    """How an agency understands the problem at the start: as given, else its frame, else its core tasks."""
    given = agency.frame if agency.understanding is None else agency.understanding
    if given is not None:
        return _numbers(given)
    core = _numbers(agency.core_tasks)
    total = sum(core.values())
    return {theme: weight / total for theme, weight in core.items()} if total > 0 else core


def _numbers(weights: Weights) -> dict[str, float]:
    return {theme: float(weight) for theme, weight in sorted(weights.items())}
