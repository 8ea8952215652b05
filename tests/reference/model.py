"""The month, phase by phase, and a whole run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tverretatlig_sim.scenario.scenario import Scenario

from . import rules
from .build import build
from .draws import Draws
from .entities import World
from .outcomes import Tally, outcomes, understanding_gap

Snapshot = dict[str, Any]
"""State at the end of a month: for each variable, values by name."""


@dataclass(frozen=True)
class ReferenceRun:
    """What one run gives.

    Attributes:
        outcomes: by name; NaN where missing.
        history: one snapshot a month.
        transitions: month, recommendation, from_stage, to_stage (numbers 0 to 6) and reason (of a loss) of
            every move, in order.
    """

    outcomes: dict[str, float]
    history: list[Snapshot]
    transitions: list[dict[str, Any]]


class ReferenceModel:
    """One run, month by month."""

    def __init__(self, scenario: Scenario, seed: int, run: int, parameters: Mapping[str, float]) -> None:
        """Set up the start state.

        Args:
            scenario: resolved scenario.
            seed: from 0 up to 2⁶⁴ (excluded).
            run: number of the run, from 0.
            parameters: all parameters by name.
        """
        self.world = build(scenario, Draws(seed, run), parameters)
        self.tally = Tally(first_gap=understanding_gap(self.world))
        self.months = 0

    def step(self) -> None:
        """Simulate one month."""
        self.world.month = self.months
        self.steer()
        self.allocate()
        self.prepare()
        self.convene()
        self.work()
        self.decide()
        self.implement()
        self.renew()
        self.tally.observe(self.world)
        self.months += 1

    def steer(self) -> None:
        """Attention moves, letters are read, proposals enter letters."""
        rules.steer.run(self.world)

    def allocate(self) -> None:
        """Agencies share out their capacity."""
        rules.allocate.run(self.world)

    def prepare(self) -> None:
        """Secretariats work."""
        rules.prepare.run(self.world)

    def convene(self) -> None:
        """Forums meet; agencies listen, gain and lose trust and ownership."""
        rules.convene.run(self.world)

    def work(self) -> None:
        """Active projects move on, pass stop points and deliver."""
        rules.work.run(self.world)

    def decide(self) -> None:
        """Bodies settle their cases, ministries theirs."""
        rules.decide.run(self.world)

    def implement(self) -> None:
        """Lines work on what they have taken up and take up, or drop, what waits."""
        rules.implement.run(self.world)

    def renew(self) -> None:
        """People leave, promises are remembered, ownership fades and is fed."""
        rules.renew.run(self.world)

    def outcomes(self) -> dict[str, float]:
        """Outcomes of the months so far, by name."""
        return outcomes(self.world, self.tally, self.months)


def run_reference(
    scenario: Scenario, *, seed: int, run: int, months: int, parameters: Mapping[str, float]
) -> ReferenceRun:
    """Simulate one run.

    Args:
        scenario: resolved scenario.
        seed: from 0 up to 2⁶⁴ (excluded).
        run: number of the run, from 0.
        months: how many to run.
        parameters: all parameters by name.
    """
    model = ReferenceModel(scenario, seed, run, parameters)
    history = []
    for _ in range(months):
        model.step()
        history.append(snapshot(model.world))
    return ReferenceRun(model.outcomes(), history, [asdict(move) for move in model.world.transitions])


def snapshot(world: World) -> Snapshot:
    """State at the end of a month; recommendations not drafted have boldness and anchoring 0."""
    return {
        "coherence": world.coherence,
        **_of_agencies(world),
        **_of_forums(world),
        **_of_projects(world),
        "trust": {names: tie.trust for names, tie in world.ties.items()},
    }


def _of_agencies(world: World) -> Snapshot:
    agencies = world.agencies
    return {
        "attention": {name: ministry.attention for name, ministry in world.ministries.items()},
        "ownership": {name: agency.ownership for name, agency in agencies.items()},
        "confidence": {name: agency.confidence for name, agency in agencies.items()},
        "inclusion": {name: agency.inclusion for name, agency in agencies.items()},
        "load": {name: agency.load for name, agency in agencies.items()},
        "effort": {name: agency.effort for name, agency in agencies.items()},
        "understanding": {name: dict(agency.understanding) for name, agency in agencies.items()},
    }


def _of_forums(world: World) -> Snapshot:
    return {
        "forum_clarity": {name: forum.clarity for name, forum in world.forums.items()},
        "facilitation": {name: forum.facilitation for name, forum in world.forums.items()},
        "backlog": {name: secretariat.backlog for name, secretariat in world.secretariats.items()},
        "quality": {name: secretariat.quality for name, secretariat in world.secretariats.items()},
        "experience": {name: secretariat.experience for name, secretariat in world.secretariats.items()},
    }


def _of_projects(world: World) -> Snapshot:
    projects, recommendations = world.projects, world.recommendations
    stakes = [stake for project in projects.values() for stake in project.stakes]
    duties = [duty for recommendation in recommendations.values() for duty in recommendation.duties]
    return {
        "progress": {name: project.progress for name, project in projects.items()},
        "project_clarity": {name: project.clarity for name, project in projects.items()},
        "project_boldness": {name: project.boldness for name, project in projects.items()},
        "stake_anchoring": {(stake.project.name, stake.agency.name): stake.anchoring for stake in stakes},
        "stage": {name: int(recommendation.stage) for name, recommendation in recommendations.items()},
        "boldness": {name: recommendation.boldness for name, recommendation in recommendations.items()},
        "anchoring": {(duty.recommendation.name, duty.agency.name): duty.anchoring for duty in duties},
    }
