"""From a scenario to index arrays: entities, relations and the calendar."""

from tverretatlig_sim.world.world import World, build_world

__all__ = ["World", "build_world"]
