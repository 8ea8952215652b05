"""The kernel: state variables and outcomes of the shipped scenarios under random parameter sets."""

from __future__ import annotations

import json
import lzma
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tverretatlig_sim.ensemble.batch import months_of, resolve_parameters
from tverretatlig_sim.kernel.state import variables
from tverretatlig_sim.scenario import load_scenario
from tverretatlig_sim.scenario.parameters import parameter_specs
from tverretatlig_sim.world import build_world

Array = NDArray[Any]

KERNEL = Path(__file__).parent / "kernel.npz"
SCENARIOS = (
    "0-24-2015", "0-24-2018", "dfo-simplified", "etatssamarbeidet-2022", "etatssamarbeidet-2023",
    "etatssamarbeidet-2025", "grorud-valley-2007", "housing-for-welfare-2014", "integration-goals-2006",
    "k-plus-2010", "labour-crime-2015", "ny-giv-2010", "pure-hierarchy", "pure-network",
)  # fmt: skip
MONTHS = (12, 36, 60)
SETS, RUNS_A_SET = 8, 2
SEED = 20240229
SMALL = 12
"""Rows up to which an array is stored whole. A larger one is stored, for each run, as

- the sum of its rows, rounded once (``fsum``), so that it does not depend on their order,
- the sum of its rows times weights in [1, 2) that belong to the rows' names,
- its least and its largest value.

A change of one cell by d changes the weighted sum by at least d, and changes of several cells cancel out
there only if they happen to stand in the ratio of weights that are hashes of names; two rows that are
swapped change it by their difference times that of their weights. The tolerance is relative to the weighted
sum, which is at most 2 × rows × the largest value: what goes unnoticed is less than about 1e-9 of a share."""
TOLERANCE = 1e-12
MISSING = -977.0
"""Stands for NaN in sums, so that one NaN does not hide the other rows."""


def pairs(first: Iterable[str], one: Array, second: Iterable[str], other: Array) -> list[str]:
    """Names of pairs of entities."""
    names, others = [*first], [*second]
    return [f"{names[i]} | {others[j]}" for i, j in zip(one.tolist(), other.tolist(), strict=True)]


def duties(w: Any) -> list[str]:
    """Names of duties; of those in a municipal chain, marked."""
    names = pairs(w.recommendations.names, w.duties.recommendation, w.agencies.names, w.duties.agency)
    return [f"{it}{' at last' if kind == 2 else ''}" for it, kind in zip(names, w.duties.kind, strict=True)]


ENTITIES = {
    "arrangement": "arrangements", "ministry": "ministries", "agency": "agencies", "forum": "forums",
    "secretariat": "secretariats", "project": "projects", "recommendation": "recommendations",
}  # fmt: skip
LABELS: Mapping[str, Callable[[Any], list[str]]] = {
    **{dim: lambda w, table=table: list(getattr(w, table).names) for dim, table in ENTITIES.items()},
    "theme": lambda w: list(w.themes),
    "seat": lambda w: pairs(w.forums.names, w.seats.forum, w.agencies.names, w.seats.agency),
    "tie": lambda w: pairs(w.agencies.names, w.ties.source, w.agencies.names, w.ties.target),
    "stake": lambda w: pairs(w.projects.names, w.stakes.project, w.agencies.names, w.stakes.agency),
    "duty": duties,
    "hearing": lambda w: pairs(
        w.recommendations.names, w.hearings.recommendation, w.ministries.names, w.hearings.ministry
    ),
}
"""Names of what stands along each dimension: what is compared is in their order, whatever the arrays' is."""


def parameter_sets() -> dict[str, dict[str, Array]]:
    """Fresh random parameter sets of each scenario within the evidence ranges; arrays of shape (set,)."""
    sets = {}
    for number, scenario in enumerate(SCENARIOS):
        random = np.random.Generator(np.random.PCG64([SEED, number]))
        sets[scenario] = {
            name: np.round(spec.low + (spec.high - spec.low) * random.random(SETS), 0 if spec.whole else 6)
            for name, spec in parameter_specs().items()
        }
    return sets


def labels_of(dims: tuple[str, ...], world: Any) -> list[str]:
    """Names of the rows of a variable, its dimensions flattened."""
    names = [""]
    for dim in dims:
        names = [f"{before} / {name}" if before else name for before in names for name in LABELS[dim](world)]
    return names


@cache
def weight(name: str) -> float:
    """Weight of a row in the weighted sum, in [1, 2)."""
    return 1.0 + int.from_bytes(blake2b(name.encode(), digest_size=6).digest(), "little") * 2.0**-48


def stored_form(values: Array, names: list[str]) -> Array:
    """What is stored of values of shape (row, run) with named rows: see ``SMALL``."""
    order = sorted(range(len(names)), key=names.__getitem__)
    values = np.asarray(values, dtype=np.float64)
    values = values.reshape(len(names), values.shape[-1])[order]
    if len(names) <= SMALL:
        return values
    known = np.where(np.isnan(values), MISSING, values)
    weighted = known * np.array([weight(names[row]) for row in order])[:, None]
    sums = ([math.fsum(column) for column in rows.T.tolist()] for rows in (known, weighted))
    return np.array([*sums, known.min(axis=0), known.max(axis=0)])


@dataclass(frozen=True)
class Kernel:
    """What is known about the kernel.

    Attributes:
        sets: values of the parameters by scenario, one a set.
        names: names along each dimension, sorted, by scenario.
        numbers: by ``scenario/month/variable`` and ``scenario/outcomes/outcome``.
    """

    sets: dict[str, dict[str, Array]]
    names: dict[str, dict[str, list[str]]]
    numbers: dict[str, Array]

    @classmethod
    def computed(cls, sets: dict[str, dict[str, Array]], scenarios: tuple[str, ...] = SCENARIOS) -> Kernel:
        """By the package as it is."""
        names: dict[str, dict[str, list[str]]] = {}
        numbers: dict[str, Array] = {}
        runs = np.arange(SETS * RUNS_A_SET)
        for scenario in scenarios:
            values = {name: np.repeat(x, RUNS_A_SET) for name, x in sets[scenario].items()}
            loaded = load_scenario(scenario)
            world = build_world(loaded, MONTHS[-1])
            for now in months_of(world, resolve_parameters(loaded, values, len(runs)), SEED, runs):
                for name, variable in variables().items() if now.months in MONTHS else ():
                    rows = labels_of(variable.dims, now.world)
                    numbers[f"{scenario}/{now.months}/{name}"] = stored_form(getattr(now.state, name), rows)
            numbers |= {f"{scenario}/outcomes/{name}": x[None] for name, x in now.outcomes().items()}
            names[scenario] = {dim: sorted(own(now.world)) for dim, own in LABELS.items()}
        return cls(sets, names, numbers)

    def write(self) -> None:
        """Store it: numbers one after the other, as bytes of the same place, which take less room."""
        layout = {
            "sets": {s: {name: x.tolist() for name, x in own.items()} for s, own in self.sets.items()},
            "names": self.names,
            "shapes": {key: values.shape for key, values in self.numbers.items()},
        }
        flat = np.concatenate([values.ravel() for values in self.numbers.values()]).astype("<f8")
        parts = {
            "numbers": flat.view(np.uint8).reshape(-1, 8).T.tobytes(),
            "layout": json.dumps(layout).encode(),
        }
        np.savez(
            KERNEL, **{k: np.frombuffer(lzma.compress(it, preset=9), np.uint8) for k, it in parts.items()}
        )

    @classmethod
    def read(cls) -> Kernel:
        """As stored."""
        with np.load(KERNEL) as file:
            layout = json.loads(lzma.decompress(file["layout"].tobytes()))
            places = np.frombuffer(lzma.decompress(file["numbers"].tobytes()), np.uint8).reshape(8, -1)
        flat = np.ascontiguousarray(places.T).view("<f8").ravel()
        ends = np.cumsum([math.prod(shape) for shape in layout["shapes"].values()])
        parts = zip(layout["shapes"].items(), np.split(flat, ends[:-1]), strict=True)
        return cls(
            {s: {name: np.array(x) for name, x in own.items()} for s, own in layout["sets"].items()},
            layout["names"],
            {key: x.reshape(shape) for (key, shape), x in parts},
        )


def deviation(now: Array | None, then: Array) -> float:
    """Largest difference, relative to what was stored where that is above 1; infinite where NaN moved."""
    if now is None or now.shape != then.shape or (np.isnan(now) != np.isnan(then)).any():
        return math.inf
    return float(np.nanmax(np.abs(now - then) / np.maximum(1.0, np.abs(then)), initial=0.0))


def kernel_deviations(scenarios: tuple[str, ...] = SCENARIOS) -> dict[str, float]:
    """Largest deviation by ``scenario/month/variable``; infinite where a name or an array is missing."""
    then = Kernel.read()
    now = Kernel.computed(then.sets, scenarios)
    found = {
        f"{scenario}/names/{dim}": 0.0 if now.names[scenario][dim] == names else math.inf
        for scenario in scenarios
        for dim, names in then.names[scenario].items()
    }
    stored = {key: values for key, values in then.numbers.items() if key.partition("/")[0] in scenarios}
    return found | {key: deviation(now.numbers.get(key), values) for key, values in stored.items()}


def check_kernel() -> bool:
    """Print where the kernel deviates, the worst first."""
    found = kernel_deviations()
    wrong = {key: apart for key, apart in found.items() if not apart <= TOLERANCE}
    for key, apart in sorted(wrong.items(), key=lambda pair: -pair[1])[:40]:
        print(f"WRONG {apart:.3g}  {key}")
    print(f"kernel: {len(found)} items, {len(wrong)} wrong, largest deviation {max(found.values()):.3g}")
    return not wrong
