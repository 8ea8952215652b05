"""The sources' frameworks, read off a scenario and off runs of it."""

from tverretatlig_sim.ensemble.readouts.chain import LINKS, weakest_link
from tverretatlig_sim.ensemble.readouts.table import FRAMEWORKS, frameworks, readouts

__all__ = ["FRAMEWORKS", "LINKS", "frameworks", "readouts", "weakest_link"]
