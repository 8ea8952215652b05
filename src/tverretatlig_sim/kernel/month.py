"""One month: the eight phases in order. The only place that knows the order."""

from __future__ import annotations

from collections.abc import Callable

from tverretatlig_sim.kernel.allocate import allocate
from tverretatlig_sim.kernel.convene import convene
from tverretatlig_sim.kernel.decide import decide
from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.kernel.implement import implement
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.kernel.prepare import prepare
from tverretatlig_sim.kernel.renew import renew
from tverretatlig_sim.kernel.state import Changes, State
from tverretatlig_sim.kernel.steer import steer
from tverretatlig_sim.kernel.work import work
from tverretatlig_sim.world.calendar import Month
from tverretatlig_sim.world.world import World

Phase = Callable[[State, World, Parameters, Draws, Month], Changes]
"""A rule of the model: the state at its start in, changed variables out."""

PHASES: tuple[Phase, ...] = (steer, allocate, prepare, convene, work, decide, implement, renew)


def advance(
    state: State,
    world: World,
    parameters: Parameters,
    draws: Draws,
    month: int,
    phases: tuple[Phase, ...] = PHASES,
) -> State:
    """State after one month.

    Args:
        state: state before the month.
        world: the indexed scenario.
        parameters: arrays of shape (1,) or (run,).
        draws: random numbers of this block of runs.
        month: index of the month in the run.
        phases: the rules, in order; replace or insert one to try another.
    """
    calendar_month = world.calendar[month]
    for phase in phases:
        state = state.evolve(phase(state, world, parameters, draws, calendar_month), phase)
    return state
