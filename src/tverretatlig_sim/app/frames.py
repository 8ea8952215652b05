"""One history of one arrangement, month by month: what the map, the lanes and the numbers show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tverretatlig_sim.app.choice import BANDED
from tverretatlig_sim.app.library import Arrangement, Library
from tverretatlig_sim.app.shelf import Shelf
from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.ensemble.batch import check_size, resolve_parameters
from tverretatlig_sim.ensemble.series import SERIES, stage_counts
from tverretatlig_sim.i18n import current_language
from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.kernel.month import advance, initial_state
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.kernel.state import State, variables
from tverretatlig_sim.scenario import Scenario
from tverretatlig_sim.world import World, build_world

KEPT = 64
"""Histories that are kept, about 30 kB each."""
SHOWN = 16
"""Histories of which is kept what the page shows, about 200 kB each."""


@dataclass(frozen=True)
class Frames:
    """A history, with everything that is drawn of each month.

    Attributes:
        scenario: whose history it is.
        world: the scenario by index.
        last: state after the last month; holds the month of every transition.
        trust: trust of each tie in per cent, shape (month, tie).
        ownership: ownership of each agency in per cent, shape (month, agency).
        attention: attention of each ministry in per cent, shape (month, ministry).
        stages: recommendations in each stage, shape (month, stage).
        series: the series that can be shown as bands, shape (month,).
    """

    scenario: Scenario
    world: World
    last: State
    trust: NDArray[np.uint8]
    ownership: NDArray[np.uint8]
    attention: NDArray[np.uint8]
    stages: Floats
    series: dict[str, Floats]


@dataclass(frozen=True)
class History:
    """Whose history, over how many months, and with which luck."""

    arrangement: Arrangement
    months: int
    seed: int
    run: int


class Histories:
    """Single histories, the latest of which are kept."""

    def __init__(self, library: Library) -> None:
        """Keep histories of a library's arrangements."""
        self._library = library
        self._kept: Shelf[History, Frames] = Shelf(KEPT)
        self._shown: Shelf[tuple[History, str], dict[str, Any]] = Shelf(SHOWN)

    def shown(self, history: History, make: Callable[[Frames], dict[str, Any]]) -> dict[str, Any]:
        """What the page shows of a history, which nobody may change, made unless it is kept."""
        return self._shown.get((history, current_language()), lambda: make(self.get(history)))

    def get(self, history: History) -> Frames:
        """The history, simulated unless it is kept.

        Raises:
            ScenarioError: if the levers cannot be pulled.
            ValueError: if months, seed or run are out of range.
        """
        return self._kept.get(history, lambda: self._made(history))

    def _made(self, history: History) -> Frames:
        scenario = self._library.compose(history.arrangement)
        return simulate_frames(scenario, history.months, history.seed, history.run)


def simulate_frames(scenario: Scenario, months: int, seed: int, run: int) -> Frames:
    """Simulate one run and keep what is drawn; the numbers are those of ``simulate`` for the run.

    Args:
        scenario: whose history to simulate.
        months: length of the run.
        seed: of the draws.
        run: number of the run.

    Raises:
        ValueError: if months or seed are out of range.
    """
    check_size(run + 1, seed, months)
    world = build_world(scenario, months)
    parameters = resolve_parameters(scenario, None, 1)
    states = list(_states(world, parameters, Draws(seed, np.array([run]))))
    history = _one_after_another(states)
    month = world.calendar[months - 1]  # none of the series shown reads it
    return Frames(
        scenario=scenario,
        world=world,
        last=states[-1],
        trust=_percent(history.trust),
        ownership=_percent(history.ownership),
        attention=_percent(history.attention),
        stages=stage_counts(history).T,
        series={name: SERIES[name].read(history, world, month) for name in BANDED},
    )


def _states(world: World, parameters: Parameters, draws: Draws) -> Iterator[State]:
    """The state after each month; without the totals that only outcomes need, as somebody waits."""
    state = initial_state(world, parameters, draws, 1)
    for month in range(world.months):
        state = advance(state, world, parameters, draws, month)
        yield state


def _one_after_another(states: list[State]) -> State:
    """The months of one run as if they were runs, so that all are observed at once."""
    arrays = {name: np.concatenate([getattr(s, name) for s in states], axis=-1) for name in variables()}
    return State(arrays, len(states))


def _percent(shares: Floats) -> NDArray[np.uint8]:
    return np.rint(100 * shares).astype(np.uint8).T
