"""Behaviour of version 0.1.0: what the kernel computes, what commands print as JSON, what the app serves.

``python tests/frozen/freeze.py [kernel|json|app]`` rewrites what is stored,
``python tests/frozen/freeze.py --check [kernel|json|app]`` prints the largest deviation of each item.

Only the first part, the adapter, knows the package. When names in the package change, change it there.
"""

from __future__ import annotations

import argparse
import json
import lzma
import math
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).parent
Array = NDArray[Any]

# ---------------------------------------------------------------------------------------------- adapter


@dataclass(frozen=True)
class Moment:
    """A simulation after some months: all there is to read old values from."""

    state: Any
    world: Any
    months: int
    outcomes: Callable[[], Mapping[str, Array]]


def simulated(
    scenario: str, parameters: Mapping[str, Array], seed: int, runs: Array, months: int
) -> Iterator[Moment]:
    """A shipped scenario after each month, for some runs with a value a run of each parameter."""
    from tverretatlig_sim.ensemble.ensemble import resolve_parameters
    from tverretatlig_sim.ensemble.run import months_of
    from tverretatlig_sim.scenario import load_scenario
    from tverretatlig_sim.world import build_world

    loaded = load_scenario(scenario)
    world = build_world(loaded, months)
    values = resolve_parameters(loaded, parameters, len(runs))
    for now in months_of(world, values, seed, runs):
        yield Moment(now.state, world, now.months, lambda now=now: now.outcomes(world))


OLD_VARIABLES: Mapping[str, Callable[[Moment], Array]] = {}
"""How to read a state variable of 0.1.0 that has another name, place or shape now: its old array, of shape
(entities along its old dimensions, run), from a moment. All others are read off the state by name."""

OLD_OUTCOMES: Mapping[str, Callable[[Mapping[str, Array]], Array]] = {}
"""The same for outcomes."""

OLD_PARAMETERS: Mapping[str, str] = {}
"""New name of each parameter of 0.1.0 that has another one now."""

GONE: Mapping[str, str] = {}
"""State variables and outcomes of 0.1.0 that are no more, and why."""

LABELS: Mapping[str, Callable[[Any], list[str]]] = {
    "theme": lambda w: list(w.themes),
    "ministry": lambda w: list(w.ministries.names),
    "agency": lambda w: list(w.agencies.names),
    "forum": lambda w: list(w.forums.names),
    "secretariat": lambda w: list(w.secretariats.names),
    "project": lambda w: list(w.projects.names),
    "recommendation": lambda w: list(w.recommendations.names),
    "seat": lambda w: pairs(w.forums.names, w.seats.forum, w.agencies.names, w.seats.agency),
    "tie": lambda w: pairs(w.agencies.names, w.ties.source, w.agencies.names, w.ties.target),
    "stake": lambda w: pairs(w.projects.names, w.stakes.project, w.agencies.names, w.stakes.agency),
    "duty": lambda w: [
        f"{name}{' at last' if last else ''}"
        for name, last in zip(
            pairs(w.recommendations.names, w.duties.recommendation, w.agencies.names, w.duties.agency),
            w.duties.last,
            strict=True,
        )
    ],
}
"""Names of what stands along each dimension of the old arrays, in the order in which the arrays have it.
What is compared is in order of these names, whatever the arrays' own order is."""


def pairs(first: tuple[str, ...], one: Array, second: tuple[str, ...], other: Array) -> list[str]:
    """Names of pairs of entities."""
    return [f"{first[i]} | {second[j]}" for i, j in zip(one.tolist(), other.tolist(), strict=True)]


def declared() -> dict[str, tuple[str, ...]]:
    """Dimensions of the state variables, without run. Only asked when rewriting."""
    from tverretatlig_sim.kernel.state import variables

    return {name: variable.dims for name, variable in variables().items()}


def drawn_ranges() -> dict[str, tuple[float, float, bool]]:
    """Evidence range of each parameter, and whether it is a whole number. Only asked when rewriting."""
    from tverretatlig_sim.scenario.parameters import parameter_specs

    return {name: (spec.low, spec.high, spec.whole) for name, spec in parameter_specs().items()}


# ----------------------------------------------------------------------------------------------- kernel

KERNEL = HERE / "kernel.npz"
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

A change of one cell by d changes the weighted sum by at least d, and changes of several cells cancel out there
only if they happen to stand in the ratio of weights that are hashes of names; two rows that are swapped
change it by their difference times that of their weights. The tolerance is relative to the weighted sum,
which is at most 2 × rows × the largest value: what goes unnoticed is less than about 1e-9 of a share."""
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
    """Largest deviation by ``scenario/month/variable``; infinite where names differ or something is missing."""
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


# --------------------------------------------------------------------------------------------- command


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


CHECKS: Mapping[str, Callable[[], bool]] = {"kernel": check_kernel}
WRITERS: Mapping[str, Callable[[], None]] = {"kernel": write_kernel}


def main() -> int:
    """Check or rewrite."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="print deviations; change nothing")
    parser.add_argument("parts", nargs="*", choices=list(CHECKS), default=list(CHECKS))
    asked = parser.parse_args()
    if asked.check:
        return 0 if all([CHECKS[part]() for part in asked.parts]) else 1
    for part in asked.parts:
        WRITERS[part]()
    return 0


if __name__ == "__main__":
    sys.exit(main())
