"""References between the parts of a scenario: does everyone who is named exist and belong there?"""

from tverretatlig_sim.scenario.references.draft import Draft, check_references
from tverretatlig_sim.scenario.references.part import Part

__all__ = ["Draft", "Part", "check_references"]
