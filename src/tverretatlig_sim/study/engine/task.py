"""One pure task: some points of one arrangement, simulated together."""

from __future__ import annotations

import hashlib
import json
import pickle
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from tverretatlig_sim.ensemble.ensemble import block_of
from tverretatlig_sim.ensemble.run import run_block
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.scenario import Scenario
from tverretatlig_sim.study.engine.statistics import Part, statistics
from tverretatlig_sim.world import World, build_world
from tverretatlig_sim.world.numbers import Numbers
from tverretatlig_sim.world.sparse import Floats, Integers

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

FORMAT = 1
"""Of tasks and parts; another number makes other keys."""


def digest_of(document: object) -> str:
    """Hash of a document's canonical JSON: 32 hexadecimal digits."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:32]


def told(numbers: Numbers) -> dict[str, str]:
    """What a hash has of the precision: nothing of the usual one, so that older stores stay valid."""
    return {} if numbers == "double" else {"numbers": numbers}


@dataclass(frozen=True)
class Packed:
    """A resolved scenario, small enough to travel with each task.

    Attributes:
        digest: hash of all that the scenario says, wherever its file lies.
        data: the scenario itself, compressed.
    """

    digest: str
    data: bytes = field(repr=False)

    @classmethod
    def of(cls, scenario: Scenario) -> Packed:
        """Pack a scenario."""
        said = {item.name: getattr(scenario, item.name) for item in fields(scenario)}
        content = {name: _plain(value) for name, value in said.items() if name not in ("path", "notes")}
        return cls(digest_of(content), zlib.compress(pickle.dumps(scenario)))

    def world(self, months: int, numbers: Numbers = "double") -> World:
        """The indexed scenario; made once a process."""
        return _world(self.digest, months, numbers, self)

    def __hash__(self) -> int:
        return hash(self.digest)


@lru_cache(maxsize=8)
def _world(digest: str, months: int, numbers: Numbers, packed: Packed) -> World:
    scenario: Scenario = pickle.loads(zlib.decompress(packed.data))
    return build_world(scenario, months, numbers)


def _plain(value: object) -> object:
    """A value as JSON has it."""
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, frozenset):
        return sorted(map(str, value))
    return [_plain(item) for item in value] if isinstance(value, tuple | list) else value


@dataclass(frozen=True)
class Record:
    """What to keep of each point.

    Attributes:
        outcomes: names, in the order of the columns.
        quantiles: over the runs of a point, as shares.
        replicates: whether every run is kept instead of statistics.
    """

    outcomes: tuple[str, ...]
    quantiles: tuple[float, ...] = ()
    replicates: bool = False


@dataclass(frozen=True)
class TaskSpec:
    """A task as pure data: the same specification gives the same part, wherever it is run.

    Attributes:
        scenario: the arrangement.
        months: length of a run.
        seed: of the draws.
        first_point: number of the first point.
        names: parameters that vary, in the order of the columns of ``values``.
        values: shape (point, parameter).
        fixed: all other parameters.
        first_run, last_run: runs of every point, from the first up to but without the last.
        record: what to keep.
        numbers: double or single precision.
    """

    scenario: Packed
    months: int
    seed: int
    first_point: int
    names: tuple[str, ...]
    values: Floats
    fixed: Mapping[str, float]
    first_run: int
    last_run: int
    record: Record
    numbers: Numbers = "double"

    @cached_property
    def key(self) -> str:
        """Hash of all that the result depends on, but for the program itself."""
        document = {
            **{name: getattr(self, name) for name in ("months", "seed", "first_point", "names")},
            **{name: getattr(self, name) for name in ("first_run", "last_run")},
            "format": FORMAT,
            "scenario": self.scenario.digest,
            "values": self.values.tolist(),
            "fixed": dict(self.fixed),
            "record": asdict(self.record),
            **told(self.numbers),
        }
        return digest_of(document)

    @property
    def points(self) -> Integers:
        """Numbers of the points. Shape (point,)."""
        return self.first_point + np.arange(len(self.values))

    @property
    def runs(self) -> int:
        """Runs of each point."""
        return self.last_run - self.first_run

    @property
    def size(self) -> int:
        """Runs of all points together."""
        return len(self.values) * self.runs


def run_task(spec: TaskSpec) -> Part:
    """Simulate a task's points as runs of one batch.

    Run k of every point has the draws of run k, so that points and arrangements share their luck.
    Linear algebra stays on one core: the cores belong to the tasks.
    """
    with _threads().limit(limits=1):
        values = _simulated(spec)
    if spec.record.replicates:
        return {
            "point": np.repeat(spec.points, spec.runs),
            "run": np.tile(np.arange(spec.first_run, spec.last_run), len(spec.values)),
            **{name: column.ravel() for name, column in values.items()},
        }
    return statistics(spec.points, spec.first_run, values, spec.record.quantiles)


@cache
def _threads() -> ThreadpoolController:
    """The libraries that would use more cores; looked for once a process."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _simulated(spec: TaskSpec) -> dict[str, Floats]:
    """Outcomes by name, shape (point, run)."""
    world = spec.scenario.world(spec.months, spec.numbers)
    rows = {name: np.repeat(spec.values[:, k], spec.runs) for k, name in enumerate(spec.names)}
    parameters = Parameters.of({**spec.fixed, **rows})
    runs = np.tile(np.arange(spec.first_run, spec.last_run), len(spec.values))
    blocks, size = [], block_of(world)
    for first in range(0, len(runs), size):
        last = min(first + size, len(runs))
        block = run_block(world, parameters.block(first, last), spec.seed, runs[first:last], "none")
        blocks.append(block.outcomes)
    shape = len(spec.values), spec.runs
    return {
        name: np.concatenate([block[name] for block in blocks]).reshape(shape)
        for name in spec.record.outcomes
    }
