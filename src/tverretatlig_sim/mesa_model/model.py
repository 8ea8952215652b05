"""The Mesa model: drives the kernel with one run, and shows it as agents, a network and collected data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import mesa
import networkx as nx
import numpy as np
import pandas as pd
from mesa.discrete_space import Network

from tverretatlig_sim.ensemble.batch import RULES, RuleSet, begin, check_size, resolve_parameters, step
from tverretatlig_sim.ensemble.ensemble import Transition, transitions
from tverretatlig_sim.kernel import Draws, State
from tverretatlig_sim.mesa_model.agents import AgencyAgent, MinistryAgent
from tverretatlig_sim.mesa_model.reporters import data_collector
from tverretatlig_sim.mesa_model.seed import RandomSource, seed_of
from tverretatlig_sim.scenario import Scenario, list_scenarios, load_scenario
from tverretatlig_sim.scenario.errors import Problem, ScenarioError, did_you_mean, listed, quoted
from tverretatlig_sim.world import World, build_world

if TYPE_CHECKING:
    TieGraph = nx.DiGraph[int]
else:
    TieGraph = nx.DiGraph

A = TypeVar("A")


class CoordinationModel(mesa.Model):  # type: ignore[misc]  # Mesa has no types
    """One run of a scenario as a Mesa model.

    It has no rules of its own: each step is one month of the kernel, and after T steps the outcomes are
    those of ``simulate(scenario, runs=1, seed=rng, months=T)``, bit for bit. For many runs use ``simulate``,
    which is far faster; Mesa 3.3 also keeps every model with agents in memory until the process ends.

    The data collector holds a row before the first month and one after each; ``get_model_vars_dataframe``
    has the monthly series that are one number and the recommendations in each stage, and
    ``get_agenttype_vars_dataframe(AgencyAgent)`` or ``(MinistryAgent)`` the agents. What happens in a month,
    such as ``structure_share``, is NaN in the first row.

    ``mesa.batch_run`` of Mesa 3.3 makes one step more than ``max_steps`` and leaves the last row out: to get
    the state after T months, give ``max_steps=T`` and let ``months`` be greater.

    Example:
        >>> import tverretatlig_sim as ts
        >>> model = ts.CoordinationModel("0-24-2018", rng=1)
        >>> for _ in range(6):
        ...     model.step()
        >>> model.month, model.date
        (6, '2018-10')
        >>> udir, hdir = model.agency("Udir"), model.agency("Hdir")
        >>> udir.ministry
        'KD'
        >>> 0.0 < udir.trust(hdir) < 1.0
        True
        >>> model.outcomes().equals(ts.simulate("0-24-2018", runs=1, seed=1, months=6).outcomes)
        True
        >>> len(model.datacollector.get_model_vars_dataframe())
        7

    Attributes:
        resolved_scenario: what is simulated.
        seed_used: seed of the draws; give it as ``rng`` to repeat the run.
        months: months after which ``running`` turns False; ``step`` goes on if it is called.
        world: the indexed scenario.
        space: network with an agency at each node and an edge for each tie, from who trusts to the trusted.
        datacollector: the collected data.
    """

    # Mesa 3.5 keeps a scenario of its own here, and its app would give that to the model on Reset.
    scenario = None

    def __init__(
        self,
        scenario: Scenario | str | Path | None = None,
        rng: RandomSource | None = None,
        months: int | None = None,
        rules: RuleSet = RULES,
        **kwargs: float,
    ) -> None:
        """Set up the state before the first month.

        Args:
            scenario: a loaded scenario, the name of a shipped one, or a path; default: the first shipped one.
            rng: seed, 0 … 2**64 − 1; None for a fresh one; one is drawn from a numpy generator or the like.
            months: length of the run, at least 1; default: the scenario's.
            rules: what happens in a month; default: the model's own.
            **kwargs: behavioural parameters by name; they replace the scenario's values.

        Raises:
            ScenarioError: if the scenario or a parameter is not valid.
            ValueError: if the seed or the months are out of range.
            TypeError: if no seed can be made of ``rng``.
        """
        chosen = list_scenarios()[0] if scenario is None else scenario
        resolved = chosen if isinstance(chosen, Scenario) else load_scenario(chosen)
        length = resolved.default_months if months is None else months
        seed = seed_of(rng)
        check_size(runs=1, seed=seed, months=length)
        super().__init__(rng=seed)
        self.scenario = None
        self.resolved_scenario = resolved
        self.seed_used = seed
        self.months = length
        self.world: World = build_world(resolved, length)
        self._parameters = resolve_parameters(resolved, kwargs, runs=1)
        self._draws = Draws(seed, np.array([0]))
        self._rules = rules
        self._snapshot = begin(self.world, self._parameters, self._draws, runs=1)
        self.space = Network(_tie_graph(self.world), capacity=1, random=self.random)
        agencies, ministries = self.world.agencies.names, self.world.ministries.names
        self._agency_named = {name: AgencyAgent(self, row) for row, name in enumerate(agencies)}
        self._ministry_named = {name: MinistryAgent(self, row) for row, name in enumerate(ministries)}
        self.datacollector = data_collector()
        self.datacollector.collect(self)

    def step(self) -> None:
        """Simulate one month and collect the data."""
        self._snapshot = step(self._snapshot, self._parameters, self._draws, self._rules)
        self.datacollector.collect(self)
        if self.month >= self.months:
            self.running = False

    @property
    def state(self) -> State:
        """The kernel's arrays as of now, of shape (entity, 1); to be read, not changed."""
        return self._snapshot.state

    @property
    def month(self) -> int:
        """Months simulated so far."""
        return self._snapshot.months

    @property
    def date(self) -> str:
        """Month, ``YYYY-MM``, at whose end the model stands; at first the one before the scenario starts."""
        return self.world.calendar.date(self.month - 1)

    def agency(self, name: str) -> AgencyAgent:
        """The agency with a name.

        Raises:
            ScenarioError: if there is none.
        """
        return _named(self._agency_named, name, "agency")

    def ministry(self, name: str) -> MinistryAgent:
        """The ministry with a name.

        Raises:
            ScenarioError: if there is none.
        """
        return _named(self._ministry_named, name, "ministry")

    def outcomes(self) -> pd.DataFrame:
        """Outcomes as of now, one row with the columns of ``Ensemble.outcomes``; NaN where undefined."""
        return pd.DataFrame(self._snapshot.outcomes()).rename_axis("run")

    def trace(self) -> pd.DataFrame:
        """Life cycle so far of every recommendation, one row a transition, as ``Ensemble.trace`` gives it."""
        return pd.DataFrame(transitions(self.world, self.state), columns=list(Transition._fields))


def _tie_graph(world: World) -> TieGraph:
    """Agencies by row, as Mesa's drawings want whole numbers for nodes, and ties from source to target."""
    graph = TieGraph()
    graph.add_nodes_from((row, {"name": name}) for row, name in enumerate(world.agencies.names))
    graph.add_edges_from(zip(world.ties.source.tolist(), world.ties.target.tolist(), strict=True))
    return graph


def _named(agents: Mapping[str, A], name: str, kind: str) -> A:
    if name not in agents:
        what, hint = f"there is no such {kind}", did_you_mean(name, agents)
        raise ScenarioError([Problem(quoted(name), "", what, listed(agents), hint)])
    return agents[name]
