"""From a scenario to index arrays: entities, relations and the calendar."""

from tverretatlig_sim.world.build import build_world
from tverretatlig_sim.world.world import World

__all__ = ["World", "build_world"]
