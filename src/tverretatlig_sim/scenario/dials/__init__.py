"""Dials: the sources' frameworks as numbers one can set in any arrangement; each setting is a lever."""

from tverretatlig_sim.scenario.dials.dial import Dial
from tverretatlig_sim.scenario.dials.read import (
    dial_lever,
    is_dial,
    lever_or_dial,
    list_dials,
    load_dial,
    with_levers,
)

__all__ = ["Dial", "dial_lever", "is_dial", "lever_or_dial", "list_dials", "load_dial", "with_levers"]
