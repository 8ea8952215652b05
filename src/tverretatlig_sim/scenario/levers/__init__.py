"""Levers: changes that compose with any arrangement, read from files and pulled together."""

from tverretatlig_sim.scenario.levers.lever import Change, Lever, list_levers, load_lever, sound_levers
from tverretatlig_sim.scenario.levers.pull import pull

__all__ = ["Change", "Lever", "list_levers", "load_lever", "pull", "sound_levers"]
