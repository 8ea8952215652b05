"""The scalar reference as a Mesa model in Mesa's usual style: the baseline of the speed comparison.

Agencies and ministries are Mesa agents whose methods call the rules of the reference; forums, projects and
recommendations are their environment.
"""

from __future__ import annotations

from collections.abc import Mapping
from statistics import fmean

import mesa

from tverretatlig_sim.scenario.scenario import Scenario

from .build import build
from .draws import Draws
from .entities import Agency, Ministry, Stage, World
from .outcomes import Tally, outcomes, reached, understanding_gap
from .rules import allocate, convene, decide, implement, prepare, renew, steer, work


class MinistryAgent(mesa.Agent):
    """A ministry."""

    def __init__(self, model: MesaReference, ministry: Ministry) -> None:
        """Act for a ministry of the model's world."""
        super().__init__(model)
        self.world, self.ministry = model.world, ministry

    def renew_attention(self) -> None:
        """Turn towards what is political now."""
        steer.renew_attention(self.world, self.ministry)

    def send_signal(self) -> None:
        """Steer the agencies that take part."""
        steer.send_signal(self.ministry)


class AgencyAgent(mesa.Agent):
    """An agency."""

    def __init__(self, model: MesaReference, agency: Agency) -> None:
        """Act for an agency of the model's world."""
        super().__init__(model)
        self.world, self.agency = model.world, agency

    def read_letters(self) -> None:
        """Read what the ministry wants in general."""
        steer.read_letters(self.world, self.agency)

    def take_signals(self) -> None:
        """Take the signals and enter proposals into letters."""
        steer.take_signals(self.world, self.agency)
        steer.enter_letters(self.world, self.agency)

    def allocate(self) -> None:
        """Share out the capacity."""
        allocate.decide_effort(self.world, self.agency)
        allocate.plan_meetings(self.world, self.agency)
        allocate.plan_work(self.world, self.agency)

    def attend(self) -> None:
        """Go to meetings, or not."""
        convene.attend(self.world, self.agency)

    def listen(self) -> None:
        """Hear those one meets."""
        convene.meet(self.world, self.agency)
        convene.listen(self.world, self.agency)

    def learn(self) -> None:
        """Take up what was heard and what the meetings were like."""
        convene.learn(self.agency)
        convene.change_trust(self.world, self.agency)
        convene.change_ownership(self.world, self.agency)

    def feel_included(self) -> None:
        """Look at the circles one stands outside."""
        convene.change_inclusion(self.world, self.agency)

    def implement(self) -> None:
        """Carry out duties and take up new ones."""
        implement.carry_out(self.agency)
        implement.take_up(self.world, self.agency)

    def turn_over(self) -> None:
        """Lose key people, or not."""
        renew.turn_over(self.world, self.agency)

    def remember(self) -> None:
        """Change trust in others by who left and what was promised."""
        for tie in self.agency.ties.values():
            renew.lose_people(self.world, tie)
            renew.remember_promises(self.world, tie)

    def take_stock(self) -> None:
        """Let ownership fade, and results feed it and confidence."""
        renew.renew_ownership(self.world, self.agency)
        renew.renew_confidence(self.world, self.agency)
        renew.measure_load(self.agency)


class MesaReference(mesa.Model):
    """One run as a Mesa model."""

    def __init__(self, scenario: Scenario, seed: int, run: int, parameters: Mapping[str, float]) -> None:
        """Set up the start state; arguments as for `ReferenceModel`."""
        super().__init__(rng=seed)
        self.world: World = build(scenario, Draws(seed, run), parameters)
        self.tally = Tally(first_gap=understanding_gap(self.world))
        self.months = 0
        for ministry in self.world.ministries.values():
            MinistryAgent(self, ministry)
        for agency in self.world.agencies.values():
            AgencyAgent(self, agency)
        self.ministries = self.agents.select(agent_type=MinistryAgent)
        self.agencies = self.agents.select(agent_type=AgencyAgent)
        self.datacollector = mesa.DataCollector(
            model_reporters={"mean_trust": _mean_trust, "implemented": _implemented}
        )
        self.datacollector.collect(self)

    def step(self) -> None:
        """Simulate one month."""
        self.world.month = self.months
        self.steer()
        self.agencies.do("allocate")
        prepare.run(self.world)
        self.convene()
        work.run(self.world)
        decide.run(self.world)
        self.implement()
        self.renew()
        self.tally.observe(self.world)
        self.months += 1
        self.datacollector.collect(self)

    def steer(self) -> None:
        """Ministries and agencies exchange letters."""
        self.ministries.do("renew_attention")
        self.agencies.do("read_letters")
        self.ministries.do("send_signal")
        steer.align(self.world)
        self.agencies.do("take_signals")

    def convene(self) -> None:
        """Agencies meet in forums and groups."""
        for forum in self.world.forums.values():
            convene.open_meeting(self.world, forum)
        self.agencies.do("attend").do("listen").do("learn")
        for forum in self.world.forums.values():
            convene.close_meeting(self.world, forum)
        self.agencies.do("feel_included")

    def implement(self) -> None:
        """Agencies carry out what was handed over."""
        self.agencies.do("implement")
        for recommendation in self.world.recommendations.values():
            implement.follow(self.world, recommendation)

    def renew(self) -> None:
        """Secretariats and agencies change people, trust and ownership."""
        for secretariat in self.world.secretariats.values():
            renew.gain_experience(self.world, secretariat)
            renew.lose_experience(self.world, secretariat)
        self.agencies.do("turn_over").do("remember").do("take_stock")

    def outcomes(self) -> dict[str, float]:
        """Outcomes of the months so far, by name."""
        return outcomes(self.world, self.tally, self.months)


def _mean_trust(model: MesaReference) -> float:
    ties = model.world.ties.values()
    return fmean(tie.trust for tie in ties) if ties else 0.0


def _implemented(model: MesaReference) -> int:
    return len(reached(model.world, Stage.IMPLEMENTED))
