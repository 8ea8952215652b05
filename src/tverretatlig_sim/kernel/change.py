"""Change from where a run stands: state carried over to the world that another one turns into (ODD 7.9)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tverretatlig_sim.arrays import NONE, Integers, flags, integers
from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.kernel.month import initial_state
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.kernel.rules import RuleSet
from tverretatlig_sim.kernel.state import (
    ADOPTED,
    DRAFTED,
    HANDED_OVER,
    IDLE,
    IMPLEMENTED,
    NEVER,
    PLANNED,
    RELEASED,
    WAITING,
    WORKING,
    State,
)
from tverretatlig_sim.world.tables import LINE, NO_DUTY, OWN_DUTY
from tverretatlig_sim.world.world import World

Rows = tuple[Integers, Integers]
"""Rows of the same entities before and after a change."""


def carried(
    left: Sequence[tuple[State, World]], into: World, parameters: Parameters, draws: Draws, rules: RuleSet
) -> State:
    """The state in the world that another turns into.

    Whoever was there before keeps every variable, by name, as it was when last there; who is new starts as at
    the start of a run.

    Args:
        left: state after the last month of each world so far, and that world; the latest one last.
        into: the new one.
        parameters: arrays of shape (1,) or (run,).
        draws: random numbers of this batch.
        rules: the rules, which may bring variables of their own.
    """
    made = initial_state(into, parameters, draws, left[-1][0].runs, rules)
    new, starts = vars(made), {name: getattr(made, name) for name in rules.variables}
    for state, world in left:
        rows = {dim: _both(world, into, dim) for dim in world.sizes}
        for name, variable in rules.variables.items():
            before, after = (np.ix_(*(rows[dim][side] for dim in variable.dims)) for side in (0, 1))
            kept, values = getattr(state, name)[before], new[name].copy()
            if variable.anew:
                given = variable.first(world, parameters, draws, state.runs)[before]
                kept = np.where(given == starts[name][after], kept, starts[name][after])
            values[after] = kept
            new[name] = values
        _cases_find_their_body(made, world, into, rows["recommendation"])
    _duties_wait(made, into)
    return made


def restricted(state: State, world: World, part: World, rules: RuleSet) -> State:
    """What of a state belongs to one of the arrangements of its world."""
    rows = {dim: _both(world, part, dim)[0] for dim in world.sizes}
    own = {
        name: getattr(state, name)[np.ix_(*(rows[dim] for dim in variable.dims))]
        for name, variable in rules.variables.items()
    }
    return State(own, state.runs)


def _both(world: World, into: World, dim: str) -> Rows:
    """Rows along a dimension of what is in both worlds."""
    old = {key: row for row, key in enumerate(world.keys[dim])}
    found = [(old[key], row) for row, key in enumerate(into.keys[dim]) if key in old]
    before, after = zip(*found, strict=True) if found else ((), ())
    return integers(before), integers(after)


def _cases_find_their_body(state: State, world: World, into: World, rows: Rows) -> None:
    """A case stays at its body, else comes after those of the new route that it has passed."""
    step, rounds = state.step.copy(), state.rounds.copy()
    for before, after in zip(*rows, strict=True):
        old, new = _route(world, int(before)), _route(into, int(after))
        if old != new:
            places = integers([*_places(old, new), len(new)])
            stays = flags([*(body in new for body in old), True])
            now, stage = state.step[after], state.stage[after]
            step[after] = np.where(stage == PLANNED, 0, places[now])
            rounds[after] = np.where((stage == DRAFTED) & ~stays[now], 0, rounds[after])
    state.step, state.rounds = step, rounds


def _route(world: World, case: int) -> list[str]:
    """Names of the bodies that decide on a recommendation; the line has none."""
    bodies = world.recommendations.bodies[world.recommendations.route[case]].tolist()
    return ["" if body == LINE else world.forums.names[body] for body in bodies if body != NONE]


def _places(old: list[str], new: list[str]) -> list[int]:
    """Where on the new route a case stands that is at each body of the old one."""
    places, passed = list[int](), 0
    for body in old:
        places.append(new.index(body) if body in new else min(passed, len(new) - 1))
        passed = max(passed, places[-1] + 1) if body in new else passed
    return places


def _duties_wait(state: State, into: World) -> None:
    """Who has come to bear what is handed over already finds it waiting; who no longer does lets it go.

    So does who comes back to what has ended meanwhile.
    """
    case = into.duties.recommendation
    stage, due = state.stage[case], (state.bears == OWN_DUTY) | (state.carried_out_at[case] != NEVER)
    waits = ((stage == HANDED_OVER) | (stage == ADOPTED)) & due & (state.duty_status == IDLE)
    status = np.where(waits, WAITING, state.duty_status)
    late = (stage >= IMPLEMENTED) & ((status == WAITING) | (status == WORKING))
    status, state.work_left = np.where(late, RELEASED, status), np.where(late, 0.0, state.work_left)
    state.duty_status = np.where(state.bears == NO_DUTY, IDLE, status).astype(state.duty_status.dtype)
