"""Every hybrid of two scenarios, each different one once."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from itertools import compress

from tverretatlig_sim.scenario.combine import combined, essence
from tverretatlig_sim.scenario.fit import PARTS, Fitting, Part
from tverretatlig_sim.scenario.scenario import Scenario

Subset = frozenset[Part]


def subsets(parts: tuple[Part, ...]) -> list[Subset]:
    """Every subset; the bits of its position say which parts are in it."""
    places = range(len(parts))
    return [
        frozenset(compress(parts, (number >> place & 1 for place in places)))
        for number in range(2 ** len(parts))
    ]


@dataclass(frozen=True)
class Lattice:
    """Hybrids of two scenarios over the parts in which they differ.

    Attributes:
        differing: parts whose swap changes any hybrid.
        keys: which of the scenarios each subset of them, taken from the second scenario, makes.
        scenarios: the different ones.
        fittings: what had to be fitted.
    """

    differing: tuple[Part, ...]
    keys: dict[Subset, Hashable]
    scenarios: dict[Hashable, Scenario]
    fittings: tuple[Fitting, ...]


def lattice(a: Scenario, b: Scenario) -> Lattice:
    """All hybrids of two scenarios."""
    hybrids = {subset: combined(a, b, subset) for subset in subsets(_candidates(a, b))}
    keys = {subset: essence(scenario) for subset, (scenario, _) in hybrids.items()}
    differing = tuple(part for part in PARTS if _differs(part, keys))
    needed = subsets(differing)
    fittings = dict.fromkeys(fitting for subset in needed for fitting in hybrids[subset].fittings)
    scenarios = {keys[subset]: hybrids[subset].scenario for subset in needed}
    return Lattice(differing, {subset: keys[subset] for subset in needed}, scenarios, tuple(fittings))


def _candidates(a: Scenario, b: Scenario) -> tuple[Part, ...]:
    """Parts that may differ; few scenarios set parameters, and each part doubles the number of hybrids."""
    set_alike = dict(a.parameters) == dict(b.parameters)
    return tuple(part for part in PARTS if not (part == "parameters" and set_alike))


def _differs(part: Part, keys: dict[Subset, Hashable]) -> bool:
    """Whether swapping a part changes any hybrid."""
    pairs = ((key, keys.get(subset | {part}, key)) for subset, key in keys.items())
    return any(key != swapped for key, swapped in pairs)
