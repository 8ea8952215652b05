"""One run as a Mesa model: a face for interaction and teaching on the kernel that every ensemble uses."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import mesa
import networkx as nx
import numpy as np
import pandas as pd
from mesa.discrete_space import FixedAgent, Network

from tverretatlig_sim.ensemble.batch import begin, resolve_parameters, rules_of, sizes_of, step, world_of
from tverretatlig_sim.ensemble.ensemble import Transition, transitions
from tverretatlig_sim.ensemble.series import series_of, stage_counts
from tverretatlig_sim.i18n import _
from tverretatlig_sim.inputs import shown
from tverretatlig_sim.kernel import Draws, RuleSet, State
from tverretatlig_sim.kernel.formulas import mean_trust
from tverretatlig_sim.kernel.state import STAGES, variables
from tverretatlig_sim.scenario import list_scenarios, load_scenario
from tverretatlig_sim.scenario.errors import Problem, ScenarioError, did_you_mean, listed, quoted
from tverretatlig_sim.scenario.load import ScenarioLike
from tverretatlig_sim.world import World

RandomSource = (
    int | np.integer | Sequence[int] | np.random.SeedSequence | np.random.BitGenerator | np.random.Generator
)

FRESH_BITS = 53
"""Bits of a fresh seed: as many as survive being written as a float, in a table or a JSON file."""

OF_A_MONTH = frozenset({"structure_share", "coherence", "attendance_core", "attendance_periphery"})
"""Series about what happens in a month: there is nothing to see before the first."""

A = TypeVar("A")


def seed_of(rng: RandomSource | None) -> int:
    """A seed from anything Mesa takes for ``rng``.

    Args:
        rng: a whole number is the seed; from any other source of random numbers a seed is drawn; None
            gives a fresh seed from the operating system.

    Raises:
        TypeError: if it is none of these.
    """
    if rng is None:
        return secrets.randbits(FRESH_BITS)
    if isinstance(rng, int | np.integer):
        return rng if isinstance(rng, bool) else int(rng)
    try:
        return int(np.random.default_rng(rng).integers(2**FRESH_BITS))
    except (TypeError, ValueError) as error:
        what = _("rng = {value}: is no seed, and no source of random numbers", value=shown(rng))
        raise TypeError(what) from error


def view(variable: str) -> property:
    """A variable of the state as an attribute of the agent in whose row it stands."""
    declared = variables()[variable]

    def read(agent: AgencyAgent | MinistryAgent) -> float:
        values = getattr(agent.model.state, variable)
        return float(values[row, 0]) if (row := agent.row) >= 0 else float("nan")

    return property(read, doc=f"{declared.meaning.capitalize()} ({declared.unit}, {declared.range}).")


def row_of(name: str, names: Sequence[str]) -> int:
    """Position of a name; −1 if it is not there."""
    return names.index(name) if name in names else -1


class AgencyAgent(FixedAgent):  # type: ignore[misc]  # Mesa has no types
    """An agency, at its node of ``model.space``.

    Every attribute is read off the model when it is asked for, so it is as of now; none can be set, as only
    the rules of the model change the state. Agencies and ministries are referred to by name.
    """

    model: CoordinationModel

    ownership = view("ownership")
    inclusion = view("inclusion")
    load = view("load")
    effort = view("effort")
    meeting_time = view("meeting_time")

    def __init__(self, model: CoordinationModel, name: str, node: int) -> None:
        """Look at one agency: its name, and its node in ``model.space``."""
        super().__init__(model)
        self._name, self.cell = name, model.space[node]

    @property
    def name(self) -> str:
        """Name."""
        return self._name

    @property
    def row(self) -> int:
        """Its position in the kernel's arrays as of now; −1 where it takes no part."""
        return row_of(self.name, self.model.world.agencies.names)

    @property
    def ministry(self) -> str:
        """Name of the ministry that steers it."""
        world = self.model.world
        return world.ministries.names[int(world.agencies.ministry[self.row])] if self.row >= 0 else ""

    @property
    def core(self) -> bool:
        """Whether it is one of the core agencies."""
        return self.row >= 0 and bool(self.model.world.agencies.core[self.row])

    @property
    def seats(self) -> tuple[str, ...]:
        """Names of the forums it has a seat in, whether or not they are alive now."""
        seats, forums = self.model.world.seats, self.model.world.forums
        return tuple(forums.names[forum] for forum in seats.forum[seats.agency == self.row])

    @property
    def understanding(self) -> dict[str, float]:
        """Weight of each theme in its understanding of the problem, each in [0, 1]."""
        if self.row < 0:
            return {}
        held = self.model.state.understanding[:, self.row, 0]
        return dict(zip(self.model.world.themes, held.tolist(), strict=True))

    @property
    def mean_trust(self) -> float:
        """Mean trust in the agencies it is tied to, in [0, 1]; 0.5 without ties."""
        row = self.row
        return float(mean_trust(self.model.state, self.model.world)[row, 0]) if row >= 0 else float("nan")

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
    """A ministry; live and read-only like :class:`AgencyAgent`."""

    model: CoordinationModel

    attention = view("attention")

    def __init__(self, model: CoordinationModel, name: str) -> None:
        """Look at one ministry, by its name."""
        super().__init__(model)
        self._name = name

    @property
    def name(self) -> str:
        """Name."""
        return self._name

    @property
    def row(self) -> int:
        """Its position in the kernel's arrays as of now; −1 where it takes no part."""
        return row_of(self.name, self.model.world.ministries.names)

    @property
    def agencies(self) -> tuple[str, ...]:
        """Names of the agencies it steers."""
        agencies = self.model.world.agencies
        return tuple(agencies.names[row] for row in np.flatnonzero(agencies.ministry == self.row))


AGENCY_REPORTERS = {
    name: name for name in ("name", "ownership", "inclusion", "effort", "meeting_time", "load", "mean_trust")
}
MINISTRY_REPORTERS = {name: name for name in ("name", "attention")}


class CoordinationModel(mesa.Model):  # type: ignore[misc]  # Mesa has no types
    """One run of a scenario as a Mesa model.

    It has no rules of its own: each step is one month of the kernel, and after T steps the outcomes are
    those of ``simulate(scenario, runs=1, seed=rng, months=T)``, bit for bit. For many runs use ``simulate``,
    which is far faster; Mesa 3.3 also keeps every model with agents in memory until the process ends.

    The data collector holds a row before the first month and one after each; ``get_model_vars_dataframe``
    has the monthly series that are one number and the recommendations in each stage, and
    ``get_agenttype_vars_dataframe(AgencyAgent)`` or ``(MinistryAgent)`` the agents. What happens in a month,
    such as ``structure_share``, is NaN in the first row.

    In ``mesa.batch_run`` name the seeds as a parameter, ``{"rng": [1, 2, 3]}``: every version of Mesa hands
    them on, and every row has the seed that was used as ``rng``. Mesa 3.3 makes one step more than
    ``max_steps`` and leaves the last row out: to get the state after T months in every version, give
    ``max_steps=T`` and let ``months`` be greater. From 3.4 on there is a row an agent: keep one a ``RunId``.

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
        rules: what happens in a month.
        space: network with an agency at each node and an edge for each tie of the first month, from who
            trusts to the trusted.
        datacollector: the collected data.
    """

    # Mesa 3.5 keeps a scenario of its own here, and its app would give that to the model on Reset.
    scenario = None

    def __init__(
        self,
        scenario: ScenarioLike | None = None,
        rng: RandomSource | None = None,
        months: int | None = None,
        rules: RuleSet | None = None,
        seed: int | None = None,
        **kwargs: float,
    ) -> None:
        """Set up the state before the first month.

        Args:
            scenario: as for ``load_scenario``; default: the first shipped one.
            rng: seed, 0 … 2**64 − 1; None for a fresh one; one is drawn from a numpy generator or the like.
            months: length of the run, at least 1; default: the scenario's.
            rules: the rules of a month, in order; default: those in use.
            seed: another name of ``rng``. Mesa from 3.4 on gives None to it, or to ``rng`` if there were no
                ``seed``, in batch runs without seeds of Mesa's own.
            **kwargs: behavioural parameters by name; they replace the scenario's values.

        Raises:
            ScenarioError: if the scenario or a parameter is not valid.
            ValueError: if the seed or the months are out of range, or ``rng`` and ``seed`` are both given.
            TypeError: if no seed can be made of ``rng``.
        """
        if rng is not None and seed is not None:
            raise ValueError(_("rng and seed are two names of one thing; give one of them"))
        rules = rules_of(rules)
        chosen = list_scenarios()[0] if scenario is None else scenario
        resolved = load_scenario(chosen)
        self.months = resolved.default_months if months is None else months
        self.seed_used = seed_of(seed if rng is None else rng)
        _runs, self.seed_used, self.months, _size = sizes_of(1, self.seed_used, self.months)
        super().__init__(rng=self.seed_used)
        self.scenario = None
        self.resolved_scenario = resolved
        first = world_of(resolved, self.months)
        self._parameters = resolve_parameters(resolved, kwargs, runs=1)
        self._draws = Draws(self.seed_used, np.array([0]))
        self.rules = rules
        self._snapshot = begin(first, self._parameters, self._draws, 1, rules)
        self.space = Network(_tie_graph(first), capacity=1, random=self.random)
        agencies, ministries = map(str, first.everyone["agency"]), map(str, first.everyone["ministry"])
        self._agency_named = {name: AgencyAgent(self, name, node) for node, name in enumerate(agencies)}
        self._ministry_named = {name: MinistryAgent(self, name) for name in ministries}
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "month": "month",
                "date": "date",
                "rng": "seed_used",
                **{name: [_observed, [name, self]] for name, it in series_of(rules).items() if not it.dims},
                **{f"recommendations_{s}": [_in_stage, [code, self]] for code, s in enumerate(STAGES)},
            },
            agenttype_reporters={AgencyAgent: AGENCY_REPORTERS, MinistryAgent: MINISTRY_REPORTERS},
        )
        self.datacollector.collect(self)

    def step(self) -> None:
        """Simulate one month and collect the data."""
        self._snapshot = step(self._snapshot, self._parameters, self._draws, self.rules)
        self.datacollector.collect(self)
        if self.month >= self.months:
            self.running = False

    @property
    def world(self) -> World:
        """The indexed scenario as of now; a change at a date brings another one."""
        return self._snapshot.world

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
        return pd.DataFrame(self._snapshot.outcomes(rules=self.rules)).rename_axis("run")

    def trace(self) -> pd.DataFrame:
        """Life cycle so far of every recommendation, one row a transition, as ``Ensemble.trace`` gives it."""
        return pd.DataFrame(transitions(self.world, self.state), columns=list(Transition._fields))


def _observed(name: str, model: CoordinationModel) -> float:
    if name in OF_A_MONTH and model.month == 0:
        return float("nan")
    month = model.world.calendar[max(0, model.month - 1)]
    return float(series_of(model.rules)[name].of(model.state, model.world, month)[0])


def _in_stage(code: int, model: CoordinationModel) -> int:
    return int(stage_counts(model.state)[code, 0])


def _tie_graph(world: World) -> Any:  # noqa: ANN401 - networkx's types differ by version
    """Agencies as whole numbers, as Mesa's drawings want it, and the ties of the first month."""
    graph: Any = nx.DiGraph()
    node = {name: row for row, name in enumerate(world.everyone["agency"])}
    graph.add_nodes_from((row, {"name": name}) for name, row in node.items())
    graph.add_edges_from((node[source], node[target]) for source, target in world.shown["tie"])
    return graph


def _named(agents: Mapping[str, A], name: str, kind: str) -> A:
    if name not in agents:
        what, hint = f"there is no such {kind}", did_you_mean(name, agents)
        raise ScenarioError([Problem(quoted(name), "", what, listed(agents), hint)])
    return agents[name]
