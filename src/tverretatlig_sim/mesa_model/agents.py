"""Agencies and ministries as Mesa agents: live, read-only views on the kernel's arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np
from mesa.discrete_space import FixedAgent

from tverretatlig_sim.kernel.state import variables
from tverretatlig_sim.kernel.terms import mean_trust

if TYPE_CHECKING:
    from tverretatlig_sim.mesa_model.model import CoordinationModel


def view(variable: str) -> property:
    """A variable of the state as an attribute of the agent in whose row it stands."""
    declared = variables()[variable]

    def read(agent: AgencyAgent | MinistryAgent) -> float:
        return float(getattr(agent.model.state, variable)[agent.row, 0])

    return property(read, doc=f"{declared.meaning.capitalize()} ({declared.unit}, {declared.range}).")


class AgencyAgent(FixedAgent):  # type: ignore[misc]  # Mesa has no types
    """An agency, at its node of ``model.space``.

    Every attribute is read off the model when it is asked for, so it is as of now; none can be set, as only
    the rules of the model change the state. Agencies and ministries are referred to by name.

    Attributes:
        row: position of the agency in the kernel's arrays, which is also its node in ``model.space``.
    """

    model: CoordinationModel

    ownership = view("ownership")
    inclusion = view("inclusion")
    load = view("load")
    effort = view("effort")
    meeting_time = view("meeting_time")

    def __init__(self, model: CoordinationModel, row: int) -> None:
        """Look at one agency.

        Args:
            model: the model it belongs to.
            row: its position in the kernel's arrays.
        """
        super().__init__(model)
        self.row = row
        self.cell = model.space[row]

    @property
    def name(self) -> str:
        """Name."""
        return self.model.world.agencies.names[self.row]

    @property
    def ministry(self) -> str:
        """Name of the ministry that steers it."""
        world = self.model.world
        return world.ministries.names[int(world.agencies.ministry[self.row])]

    @property
    def core(self) -> bool:
        """Whether it is one of the core agencies."""
        return bool(self.model.world.agencies.core[self.row])

    @property
    def seats(self) -> tuple[str, ...]:
        """Names of the forums it has a seat in, whether or not they are alive now."""
        seats, forums = self.model.world.seats, self.model.world.forums
        return tuple(forums.names[forum] for forum in seats.forum[seats.agency == self.row])

    @property
    def understanding(self) -> dict[str, float]:
        """Weight of each theme in its understanding of the problem, each in [0, 1]."""
        held = self.model.state.understanding[:, self.row, 0]
        return dict(zip(self.model.world.themes, held.tolist(), strict=True))

    @property
    def mean_trust(self) -> float:
        """Mean trust in the agencies it is tied to, in [0, 1]; 0.5 without ties."""
        return float(mean_trust(self.model.state, self.model.world)[self.row, 0])

    def trust(self, other: AgencyAgent | str) -> float:
        """Trust in another agency, in [0, 1]; NaN where there is no tie.

        Args:
            other: the trusted agency, or its name.

        Raises:
            ScenarioError: if no agency has that name.
        """
        target = self.model.agency(other).row if isinstance(other, str) else other.row
        ties = self.model.world.ties
        tie = np.flatnonzero((ties.source == self.row) & (ties.target == target))
        return float(self.model.state.trust[tie[0], 0]) if len(tie) else float("nan")


class MinistryAgent(mesa.Agent):  # type: ignore[misc]  # Mesa has no types
    """A ministry; live and read-only like :class:`AgencyAgent`.

    Attributes:
        row: position of the ministry in the kernel's arrays.
    """

    model: CoordinationModel

    attention = view("attention")

    def __init__(self, model: CoordinationModel, row: int) -> None:
        """Look at one ministry.

        Args:
            model: the model it belongs to.
            row: its position in the kernel's arrays.
        """
        super().__init__(model)
        self.row = row

    @property
    def name(self) -> str:
        """Name."""
        return self.model.world.ministries.names[self.row]

    @property
    def agencies(self) -> tuple[str, ...]:
        """Names of the agencies it steers."""
        agencies = self.model.world.agencies
        return tuple(agencies.names[row] for row in np.flatnonzero(agencies.ministry == self.row))
