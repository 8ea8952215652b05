"""One run as a Mesa model: a face for interaction and teaching on the kernel that every ensemble uses."""

from tverretatlig_sim.mesa_model.agents import AgencyAgent, MinistryAgent
from tverretatlig_sim.mesa_model.model import CoordinationModel

__all__ = ["AgencyAgent", "CoordinationModel", "MinistryAgent"]
