"""The sources' frameworks, read off a scenario and off runs of it."""

from tverretatlig_sim.ensemble.readouts.chain import LINKS, weakest_link
from tverretatlig_sim.ensemble.readouts.setting import Setting
from tverretatlig_sim.ensemble.readouts.table import (
    FRAMEWORKS,
    Rows,
    frameworks,
    given,
    reached,
    readouts,
    readouts_of,
)

__all__ = [
    "FRAMEWORKS", "LINKS", "Rows", "Setting", "frameworks", "given", "reached", "readouts", "readouts_of",
    "weakest_link",
]  # fmt: skip
