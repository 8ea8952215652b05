"""The kernel: state variables and outcomes of the shipped scenarios under random parameter sets."""

from __future__ import annotations

import json
import lzma
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from frozen.adapter import (
    GONE,
    LABELS,
    OLD_OUTCOMES,
    OLD_PARAMETERS,
    OLD_VARIABLES,
    Array,
    Moment,
    declared,
    drawn_ranges,
    simulated,
)  # fmt: skip

KERNEL = Path(__file__).parent / "kernel.npz"
SCENARIOS = (
    "0-24-2015",
    "0-24-2018",
    "dfo-simplified",
    "etatssamarbeidet-2022",
    "etatssamarbeidet-2023",
    "etatssamarbeidet-2025",
    "grorud-valley-2007",
    "housing-for-welfare-2014",
    "integration-goals-2006",
    "k-plus-2010",
    "labour-crime-2015",
    "ny-giv-2010",
    "pure-hierarchy",
    "pure-network",
)
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


def parameter_sets() -> dict[str, dict[str, Array]]:
    """Fresh random parameter sets of each scenario within the evidence ranges; arrays of shape (set,)."""
    sets = {}
    for number, scenario in enumerate(SCENARIOS):
        random = np.random.Generator(np.random.PCG64([SEED, number]))
        sets[scenario] = {
            name: np.round(low + (high - low) * random.random(SETS), 0 if whole else 6)
            for name, (low, high, whole) in drawn_ranges().items()
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
    rows = [
        [math.fsum(column) for column in known.T.tolist()],
        [math.fsum(column) for column in weighted.T.tolist()],
        known.min(axis=0),
        known.max(axis=0),
    ]
    return np.array(rows)


def old_variable(name: str, now: Moment) -> Array:
    """A state variable of 0.1.0."""
    made = OLD_VARIABLES.get(name)
    return made(now) if made is not None else getattr(now.state, name)  # type: ignore[no-any-return]


def old_outcome(name: str, found: Mapping[str, Array]) -> Array:
    """An outcome of 0.1.0."""
    made = OLD_OUTCOMES.get(name)
    return made(found) if made is not None else found[name]


@dataclass(frozen=True)
class Kernel:
    """What is known about the kernel.

    Attributes:
        dims: of each state variable.
        sets: values of the parameters by scenario, one a set.
        names: names along each dimension, sorted, by scenario.
        numbers: by ``scenario/month/variable`` and ``scenario/outcomes/outcome``.
    """

    dims: dict[str, tuple[str, ...]]
    sets: dict[str, dict[str, Array]]
    names: dict[str, dict[str, list[str]]]
    numbers: dict[str, Array]

    @classmethod
    def computed(
        cls,
        dims: dict[str, tuple[str, ...]],
        sets: dict[str, dict[str, Array]],
        outcomes: tuple[str, ...] | None = None,
        scenarios: tuple[str, ...] = SCENARIOS,
    ) -> Kernel:
        """By the package as it is; ``outcomes`` are those to read, None for all that there are."""
        names: dict[str, dict[str, list[str]]] = {}
        numbers: dict[str, Array] = {}
        for scenario in scenarios:
            values = {
                OLD_PARAMETERS.get(name, name): np.repeat(x, RUNS_A_SET) for name, x in sets[scenario].items()
            }
            runs = np.arange(SETS * RUNS_A_SET)
            for now in simulated(scenario, values, SEED, runs, MONTHS[-1]):
                if now.months in MONTHS:
                    for name, own in dims.items():
                        if name not in GONE:
                            rows = labels_of(own, now.world)
                            key = f"{scenario}/{now.months}/{name}"
                            numbers[key] = stored_form(old_variable(name, now), rows)
            found = now.outcomes()
            for name in found if outcomes is None else outcomes:
                if name not in GONE:
                    numbers[f"{scenario}/outcomes/{name}"] = old_outcome(name, found)[None]
            names[scenario] = {dim: sorted(own(now.world)) for dim, own in LABELS.items()}
        return cls(dims, sets, names, numbers)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Names of the outcomes."""
        start = f"{SCENARIOS[0]}/outcomes/"
        return tuple(key.removeprefix(start) for key in self.numbers if key.startswith(start))

    def write(self) -> None:
        """Store it: numbers one after the other, as bytes of the same place, which take less room."""
        layout = {
            "dims": self.dims,
            "sets": {s: {name: x.tolist() for name, x in own.items()} for s, own in self.sets.items()},
            "names": self.names,
            "shapes": {key: values.shape for key, values in self.numbers.items()},
        }
        flat = np.concatenate([values.ravel() for values in self.numbers.values()]).astype("<f8")
        places = lzma.compress(flat.view(np.uint8).reshape(-1, 8).T.tobytes(), preset=9)
        np.savez(
            KERNEL,
            numbers=np.frombuffer(places, np.uint8),
            layout=np.frombuffer(lzma.compress(json.dumps(layout).encode(), preset=9), np.uint8),
        )

    @classmethod
    def read(cls) -> Kernel:
        """As stored."""
        with np.load(KERNEL) as file:
            layout = json.loads(lzma.decompress(file["layout"].tobytes()))
            places = np.frombuffer(lzma.decompress(file["numbers"].tobytes()), np.uint8).reshape(8, -1)
        flat = np.ascontiguousarray(places.T).view("<f8").ravel()
        ends = np.cumsum([math.prod(shape) for shape in layout["shapes"].values()])
        parts = np.split(flat, ends[:-1])
        return cls(
            {name: tuple(own) for name, own in layout["dims"].items()},
            {s: {name: np.array(x) for name, x in own.items()} for s, own in layout["sets"].items()},
            layout["names"],
            {key: x.reshape(s) for (key, s), x in zip(layout["shapes"].items(), parts, strict=True)},
        )


def deviation(now: Array, then: Array) -> float:
    """Largest difference, relative to what was stored where that is above 1; infinite where NaN moved."""
    if now.shape != then.shape or (np.isnan(now) != np.isnan(then)).any():
        return math.inf
    apart = np.abs(now - then) / np.maximum(1.0, np.abs(then))
    return float(np.nanmax(apart, initial=0.0))


def kernel_deviations(scenarios: tuple[str, ...] = SCENARIOS) -> dict[str, float]:
    """Largest deviation by ``scenario/month/variable``; infinite where a name or an array is missing."""
    then = Kernel.read()
    now = Kernel.computed(then.dims, then.sets, then.outcomes, scenarios)
    found = {
        f"{scenario}/names/{dim}": 0.0 if now.names[scenario][dim] == names else math.inf
        for scenario in scenarios
        for dim, names in then.names[scenario].items()
    }
    for key, values in then.numbers.items():
        scenario, _, name = key.split("/")
        if scenario in scenarios and name not in GONE:
            found[key] = deviation(now.numbers[key], values) if key in now.numbers else math.inf
    return found


def by_item(found: Mapping[str, float]) -> dict[str, float]:
    """Largest deviation of each variable or outcome over scenarios and months."""
    worst: dict[str, float] = {}
    for key, apart in found.items():
        _, month, name = key.split("/")
        item = name if month.isdigit() else f"{month}/{name}"
        worst[item] = max(worst.get(item, 0.0), apart)
    return worst


def check_kernel() -> bool:
    """Print the largest deviation of each variable and outcome, then where the worst are."""
    found = kernel_deviations()
    for item, apart in sorted(by_item(found).items(), key=lambda pair: -pair[1]):
        print(f"{apart:10.3g}  {item}")
    wrong = {key: apart for key, apart in found.items() if not apart <= TOLERANCE}
    for key, apart in list(wrong.items())[:40]:
        print(f"WRONG {apart:.3g}  {key}")
    print(f"kernel: {len(found)} items, {len(wrong)} wrong, largest deviation {max(found.values()):.3g}")
    return not wrong


def write_kernel() -> None:
    """Rewrite what is stored of the kernel."""
    Kernel.computed(declared(), parameter_sets()).write()
