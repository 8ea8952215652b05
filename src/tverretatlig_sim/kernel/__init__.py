"""The rules of the model, once: eight phases a month over arrays of shape (entity, run)."""

from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.kernel.month import PHASES, Phase, advance
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.kernel.state import State, initial_state

__all__ = ["PHASES", "Draws", "Parameters", "Phase", "State", "advance", "initial_state"]
