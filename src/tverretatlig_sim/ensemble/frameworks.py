"""The sources' frameworks, read off a scenario and off its runs; section 11 of the ODD document.

A measure is an entry of ``GIVEN`` or ``REACHED``: a name whose first word tells the framework, and a formula.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from tverretatlig_sim.arrays import Floats, Integers
from tverretatlig_sim.ensemble.batch import ParameterValue, own_parameters, sizes_of, world_of
from tverretatlig_sim.ensemble.outcomes import JOINT_RUNG
from tverretatlig_sim.ensemble.series import ratio
from tverretatlig_sim.ensemble.statistics import mean_interval
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.kernel.steer import stake_strength
from tverretatlig_sim.scenario import Scenario, load_scenario
from tverretatlig_sim.scenario.history import parts, phases, whole
from tverretatlig_sim.scenario.load import ScenarioLike
from tverretatlig_sim.scenario.parameters import parameter_specs
from tverretatlig_sim.scenario.schema import Agency, Forum
from tverretatlig_sim.world import World
from tverretatlig_sim.world.organisations import far_apart, structural_distance
from tverretatlig_sim.world.tables import INSTRUMENTS
from tverretatlig_sim.world.tables import RULES as DECISION_RULES

FRAMEWORKS: Mapping[str, tuple[str, ...]] = {
    "ladder": ("ladder",),
    "distances": ("distance",),
    "matrix": ("matrix",),
    "mechanisms": ("hierarchy", "voluntary"),
    "roles": ("role",),
    "instruments": ("instrument",),
    "chain": ("chain",),
}
"""The seven frameworks, in the order of the tables, and the first words of their measures."""

RUNGS = (1, 2, 3, 4)
"""Rungs of the coordination ladder."""
LINKS = ("chain.recommendation", "chain.decision", "chain.implementation", "chain.lasting", "chain.municipal")
"""Links of the chain, in order: of what came so far, the share that gets one further."""
COLUMNS = ["framework", "kind", "mean", "low", "high", "n", "missing"]
CONSENSUS, AUTHORITY = DECISION_RULES.index("consensus"), DECISION_RULES.index("authority")

Outcomes: TypeAlias = Mapping[str, Floats]
"""Outcomes of runs by name, arrays of shape (run,)."""


def _mean(values: ArrayLike) -> float:
    """Mean; NaN where there is nothing to average."""
    array = np.asarray(values, dtype=np.float64)
    return float(array.sum()) / len(array) if len(array) else np.nan


def _mean_known(values: Floats) -> float:
    return _mean(values[~np.isnan(values)])


@dataclass(frozen=True, eq=False)
class Setting:
    """Where a measure is taken.

    Attributes:
        scenario: the arrangement of the first month, with its portfolio and letters.
        world: the same, indexed.
        parameters: one value of each parameter; the mean, where runs differ.
    """

    scenario: Scenario
    world: World
    parameters: Mapping[str, float]

    @classmethod
    def of(
        cls,
        scenario: Scenario,
        months: int | None = None,
        parameters: Mapping[str, ParameterValue] | None = None,
    ) -> Setting:
        """The setting of a run.

        Args:
            scenario: what is run.
            months: length of a run; default: the scenario's.
            parameters: values that replace the defaults; a scalar, or one value a run.
        """
        values: dict[str, float] = {name: spec.value for name, spec in parameter_specs().items()}
        values |= {name: float(quantity) for name, quantity in scenario.parameters.items()}
        values |= {name: float(np.mean(value)) for name, value in own_parameters(parameters).items()}
        length = scenario.default_months if months is None else months
        first = whole(parts(phases(scenario)[0][1]))
        return cls(first, world_of(scenario, sizes_of(1, 0, length).months), values)

    @property
    def participants(self) -> NDArray[np.bool_]:
        """Whether each agency takes part. Shape (agency,)."""
        return self.world.agencies.participant

    @cached_property
    def rungs(self) -> Floats:
        """Rung that each planned recommendation aims at."""
        return self.world.projects.rung[self.world.recommendations.project]

    @cached_property
    def start_trust(self) -> float:
        """Mean trust over ties before the first month."""
        return _mean(self.world.ties.trust[self.between])

    @cached_property
    def between(self) -> NDArray[np.bool_]:
        """Ties between agencies."""
        ties, joint = self.world.ties, self.world.agencies.is_ministry
        return ~(joint[ties.source] | joint[ties.target])

    @cached_property
    def start_gap(self) -> float:
        """Root mean square distance of participants' understanding from their mean, at the start."""
        views = self.world.agencies.understanding[:, self.participants]
        if not views.shape[1]:
            return np.nan
        return float(np.sqrt(((views - views.mean(axis=1, keepdims=True)) ** 2).sum(axis=0).mean()))

    @cached_property
    def pairwise(self) -> float:
        """Root mean square cognitive distance over pairs, by that to the mean; NaN with fewer than two.

        For n points, the mean squared distance of two different ones is 2n / (n − 1) times that to their
        mean, and cognitive distance is the distance divided by √2.
        """
        count = int(self.participants.sum())
        return float(np.sqrt(count / (count - 1))) if count > 1 else np.nan

    @cached_property
    def reach(self) -> float:
        """Share of pairs of participants that have a tie; NaN with fewer than two participants."""
        takes_part, ties = self.participants, self.world.ties
        count = int(takes_part.sum())
        tied = np.count_nonzero(takes_part[ties.source] & takes_part[ties.target])
        return tied / (count * (count - 1)) if count > 1 else np.nan

    @cached_property
    def resources(self) -> float:
        """Of capacity for joint work and the secretariats' staff, the part the programme disposes of.

        Letters' resources are included; mean over months. NaN where there is no forum, so no programme.
        """
        world, takes_part = self.world, self.participants
        if not self.scenario.arrangement.forum:
            return np.nan
        months = [world.calendar[month] for month in range(world.months)]
        staff = _mean([float(world.secretariats.staff[m.standing.secretariats].sum()) for m in months])
        extra = _mean([float(m.resources[takes_part].sum()) for m in months])
        members = float(world.agencies.capacity[takes_part].sum()) + extra
        return (staff + float(world.arrangements.programme_resources[0]) * members) / (staff + members)

    @cached_property
    def authority(self) -> float:
        """Mean, over those there are, of the forums' authority, the coordinator's authority and follow-up.

        They stand for the programme's steering, its strategy and its benefits. NaN where there is no forum.
        """
        arrangement = self.scenario.arrangement
        if not arrangement.forum:
            return np.nan
        parts = [_mean(self.world.forums.authority[~self.world.forums.of_ministries])]
        if arrangement.coordinator is not None:
            parts.append(float(arrangement.lead_authority))
        if arrangement.facilitator is not None:
            parts.append(float(arrangement.follow_up))
        return sum(parts) / len(parts)

    @cached_property
    def coordinator(self) -> int:
        """Position of the coordinating agency; −1 if nobody coordinates."""
        name = self.scenario.arrangement.coordinator
        return -1 if name is None else self.world.agencies.names.index(name)

    @cached_property
    def coordinators_forums(self) -> Integers:
        """Forums in which it has a seat."""
        forum = self.world.seats.forum[self.world.seats.agency == self.coordinator]
        return np.unique(forum[~self.world.forums.of_ministries[forum]])

    @cached_property
    def joint(self) -> list[Forum]:
        """Joint bodies: forums of ministries alone."""
        seated, forums = self.scenario.seated, self.scenario.arrangement.ministry_forum
        return [forum for forum in forums if {*forum.seats} <= seated]

    def over_ties(self, distance: Callable[[Agency, Agency], float]) -> float:
        """Mean distance over ties between agencies."""
        agencies, ties = sorted(self.scenario.everyone, key=lambda agency: agency.name), self.world.ties
        pairs = zip(ties.source, ties.target, strict=True)
        chosen = zip(pairs, self.between, strict=True)
        return _mean([distance(agencies[i], agencies[j]) for (i, j), own in chosen if own])

    def planned(self, holds: Callable[[int], bool]) -> float:
        """Of the planned recommendations, the share with a forum on their route for which something holds."""
        recommendations = self.world.recommendations
        routes = [any(body >= 0 and holds(int(body)) for body in row) for row in recommendations.bodies]
        return _mean(np.array(routes, dtype=np.float64)[recommendations.route])

    def closed(self, outcomes: Outcomes) -> Floats:
        """Share of the gap in understanding at the start that is closed at the end; below 0 if it grew."""
        gap = outcomes["understanding_gap"]
        return 1.0 - ratio(gap, np.full(len(gap), self.start_gap if self.start_gap > 0 else 0.0))

    def within_reach(self, strength: Floats) -> Floats:
        """Strength among those it reaches; 0 where it reaches nobody, whatever trust that would take."""
        return np.zeros_like(strength) if self.reach == 0 else self.reach * strength


def _decided_in_forums(s: Setting) -> float:
    """Of the steps on the routes of planned recommendations, the share that are forums."""
    recommendations = s.world.recommendations
    bodies = recommendations.bodies[recommendations.route]
    shares = (bodies >= 0).sum(axis=1) / np.maximum(recommendations.steps, 1)
    return _mean(shares) if s.scenario.arrangement.forum else np.nan


def _extra_contact(s: Setting) -> float:
    """What trust takes to grow as much as it would without distance, less one."""
    eased = _mean(1.0 - s.parameters["distance_drag"] * s.world.ties.distance[s.between])
    return 1.0 / eased - 1.0 if eased > 0 else np.nan


def _voluntary_start(s: Setting) -> float:
    common = 1.0 - s.start_gap * s.pairwise
    ownership = _mean(s.world.agencies.ownership[s.participants])
    return float(s.within_reach(np.array((s.start_trust + common + ownership) / 3.0)))


def _hierarchy(s: Setting) -> float:
    """Mean signal that work on projects hears, over stakes and the months from a project's start on.

    Attention stands at its level, and ministries do not diverge. NaN without any stake.
    """
    world, stakes = s.world, s.world.stakes
    level = world.ministries.level
    attention = np.where(np.isnan(level), s.parameters["attention_level"], level)
    heard = attention[world.agencies.ministry[stakes.agency]]
    total, months = np.zeros(len(heard)), np.zeros(len(heard))
    parameters, whole = Parameters.of(dict(s.parameters)), np.ones((len(world.agencies.names), 1))
    for month in range(world.months):
        begun = (world.projects.start[stakes.project] <= month).astype(np.float64)
        strength = stake_strength(world, parameters, world.calendar[month], whole)[:, 0]
        total, months = total + begun * strength, months + begun
    return _mean_known(heard * ratio(total, months))


def _can_stop(s: Setting) -> float:
    rule, chair, own = s.world.bodies.rule, s.world.bodies.chair, set(s.coordinators_forums.tolist())

    def stops(forum: int) -> bool:
        by_authority = rule[forum] == AUTHORITY and chair[forum] == s.coordinator
        return bool(by_authority or (rule[forum] == CONSENSUS and forum in own))

    return s.planned(stops)


def _takes_part(s: Setting) -> float:
    stakes, projects = s.world.stakes, len(s.world.projects.names)
    own = np.unique(stakes.project[(stakes.agency == s.coordinator) & (stakes.works > 0)])
    return len(own) / projects if projects else np.nan


def _has_capacity(s: Setting) -> float:
    """Of the secretariat's work in a month in which every forum keeps its cadence, what its staff can do."""
    p = s.parameters
    seats = sum(len(forum.seats) / float(forum.cadence) for forum in s.scenario.forums)
    work = p["work_per_seat"] * float(seats) + p["work_per_project"] * len(s.world.projects.names)
    return min(1.0, float(s.world.secretariats.staff.sum()) / work) if work > 0 else np.nan


ROLES: Mapping[str, tuple[Callable[[Setting], float], ...]] = {
    "driver": (
        # Answers hearings and requests: has a seat.
        lambda s: _mean(np.isin(np.flatnonzero(~s.world.forums.of_ministries), s.coordinators_forums)),
        # Starts and leads working groups.
        lambda s: _mean(s.world.projects.lead == s.coordinator),
        _can_stop,  # marks dissent, limits damage to its own goals
        lambda s: float(s.world.arrangements.lead_authority[0]),  # brings about a joint policy
    ),
    "interest_balancer": (
        lambda s: s.planned(lambda forum: True),  # circulates drafts: proposals pass a forum
        _takes_part,  # seeks the common problem in dialogue: is in the group
        lambda s: max([float(it.authority or 0.0) for it in s.joint], default=0.0),  # cuts through
        # Redefines the problem so that interests agree.
        lambda s: 1.0 - _mean(s.world.recommendations.given_up),
    ),
    "system_steward": (
        # Runs the cross-cutting system: forums have a secretariat.
        lambda s: _mean(s.world.forums.secretariat[~s.world.forums.of_ministries] >= 0),
        _has_capacity,  # leads the process, with capacity of its own
        # Decides with dissent.
        lambda s: s.planned(lambda forum: bool(s.world.bodies.rule[forum] != CONSENSUS)),
        lambda s: float(s.scenario.arrangement.follow_up),  # changes the system itself
    ),
}
"""Coordination roles by rung: what an arrangement lets its coordinator do, each from 0 to 1 (DIFI17 2.3).

The source describes twelve cells in words; each is read off the field of the scenario that comes nearest. The
reading is ours. Difi describes ministries and expects the roles to hold for others; here the coordinating
agency has them.
"""


def _cell(role: str, rung: int, s: Setting) -> float:
    """NaN where nobody coordinates."""
    return float(ROLES[role][rung - 1](s)) if s.coordinator >= 0 else np.nan


def _role(role: str, s: Setting) -> float:
    """How far the coordinator is equipped for a role, up to the highest rung aimed at."""
    aimed = int(s.rungs.max()) if len(s.rungs) else len(RUNGS)
    return _mean_known(np.array([_cell(role, rung, s) for rung in RUNGS[:aimed]]))


def _instrument(code: int, s: Setting) -> float:
    return _mean(s.world.recommendations.instrument == code)


GIVEN: Mapping[str, Callable[[Setting], float]] = {
    # The coordination ladder: rung aimed at, and the one agencies aim at by themselves (DIFI17 2.1; RAD17 1).
    "ladder.aimed": lambda s: _mean(s.rungs),
    "ladder.aimed_joint": lambda s: _mean(s.rungs >= JOINT_RUNG),
    "ladder.ambition": lambda s: _mean(s.world.agencies.ambition[s.participants]),
    # The four organisational distances between those who have to do with each other (DEL19 2.2.1; DFO25 3.3).
    "distance.geographic": lambda s: s.over_ties(far_apart),
    "distance.structural": lambda s: s.over_ties(structural_distance),
    "distance.power": lambda s: _mean(np.abs(s.world.calendar[0].power[s.between])),
    "distance.cognitive_start": lambda s: s.start_gap * s.pairwise,
    "distance.extra_contact": _extra_contact,
    # Weak and strong matrix: what the programme rather than the line holds (DEL19 2.3, 4.3).
    "matrix.resources": lambda s: s.resources,
    "matrix.authority": lambda s: s.authority,
    "matrix.position": lambda s: (s.resources + s.authority) / 2.0,
    "matrix.decided_in_forums": _decided_in_forums,
    # Hierarchy and voluntary adaptation as two strengths (DIFI17 2.1, 3; DIFI14 2.6; DFO25 3.4). The second
    # is the mean of trust, common understanding and ownership, times its reach.
    "hierarchy.strength": _hierarchy,
    "voluntary.reach": lambda s: s.reach,
    "voluntary.start": _voluntary_start,
    **{f"role.{role}": partial(_role, role) for role in ROLES},
    **{f"role.{role}_{rung}": partial(_cell, role, rung) for role in ROLES for rung in RUNGS},
    # The four kinds of instruments a state has: share of the planned recommendations (DEL19 3.2.1).
    **{f"instrument.{name}": partial(_instrument, code) for code, name in enumerate(INSTRUMENTS)},
    # Of the planned recommendations, the share that is to go on to municipalities by a last duty.
    "chain.to_municipalities": lambda s: _mean(s.world.recommendations.has_last_duty),
}
"""What a scenario is: measures by name; NaN where one does not apply."""


def _rung(step: int, s: Setting, o: Outcomes) -> Floats:
    return (o["ladder_rung"] >= step).astype(np.float64)


def _outcome(name: str, s: Setting, o: Outcomes) -> Floats:
    return o[name]


def _share(part: str, whole: str, s: Setting, o: Outcomes) -> Floats:
    return ratio(o[part], o[whole])


def _voluntary_end(s: Setting, o: Outcomes) -> Floats:
    common = 1.0 - o["understanding_gap"] * s.pairwise
    return s.within_reach((o["trust_mean"] + common + o["ownership_end"]) / 3.0)


def _capacity(s: Setting, o: Outcomes) -> Floats:
    """Mean of two shares of what was missing: trust that was won, and understanding; below 0 if lost."""
    missing = 0.0 if np.isnan(s.start_trust) else 1.0 - s.start_trust
    trust = o["trust_mean"]
    return (ratio(trust - s.start_trust, np.full(len(trust), missing)) + s.closed(o)) / 2.0


REACHED: Mapping[str, Callable[[Setting, Outcomes], Floats]] = {
    "ladder.reached": partial(_outcome, "ladder_rung"),
    **{f"ladder.rung_{step}": partial(_rung, step) for step in RUNGS},
    "ladder.negative": partial(_outcome, "negative_coordination"),
    "ladder.positive": partial(_outcome, "positive_coordination"),
    # Cognitive distance at the end, and the process that must make up for the distances.
    "distance.cognitive_end": lambda s, o: o["understanding_gap"] * s.pairwise,
    "distance.cognitive_closed": lambda s, o: s.closed(o),
    "distance.substance": lambda s, o: 1.0 - o["structure_share"],
    "distance.trust_won": lambda s, o: o["trust_mean"] - s.start_trust,
    "hierarchy.coherence": partial(_outcome, "ministry_coherence"),
    "voluntary.end": _voluntary_end,
    **{f"instrument.{name}_implemented": partial(_outcome, f"implemented_{name}") for name in INSTRUMENTS},
    "instrument.lost_at_ministries": partial(_share, "lost_ministries", "drafted"),
    # The theory of change: activity → recommendation → hand-over → carried out by the agencies → lasting in
    # the weakest line → carried on by municipalities (DEL19 2.3, 4.3, 6; annex 2).
    "chain.activity": partial(_outcome, "fte_spent"),
    "chain.recommendation": partial(_share, "drafted", "planned"),
    "chain.decision": partial(_share, "handed_over", "drafted"),
    "chain.implementation": partial(_share, "carried_out", "handed_over"),
    "chain.lasting": partial(_share, "lasting", "carried_out"),
    "chain.municipal": partial(_outcome, "municipal_link"),
    "chain.whole": partial(_share, "lasting", "planned"),
    "chain.capacity": _capacity,
}
"""What each run reached: measures by name, arrays of shape (run,); NaN where one does not apply."""


def weakest_link(table: pd.DataFrame) -> str | None:
    """Where the chain breaks: the link with the lowest mean share; None if none applies.

    Args:
        table: as ``frameworks`` gives it.
    """
    links = table["mean"].reindex(list(LINKS)).dropna()
    return str(links.idxmin()) if len(links) else None


def given(setting: Setting) -> dict[str, float]:
    """What a scenario is: the measures of ``GIVEN``."""
    return {name: formula(setting) for name, formula in GIVEN.items()}


def reached(outcomes: Outcomes, setting: Setting) -> dict[str, Floats]:
    """What each run reached: the measures of ``REACHED``.

    Args:
        outcomes: all of them, by name.
        setting: in which the runs were made.
    """
    return {name: formula(setting, outcomes) for name, formula in REACHED.items()}


def readouts(
    scenario: Mapping[str, float],
    runs: Mapping[str, Floats] | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Measures as a table.

    Args:
        scenario: as ``given`` gives them.
        runs: as ``reached`` gives them, if there are runs.
        level: of the interval of a mean over runs.

    Returns:
        As ``frameworks``; rows of kind ``reached`` tell of the runs.
    """
    rows: dict[str, tuple[object, ...]] = {}
    for framework, words in FRAMEWORKS.items():
        for measure, value in scenario.items():
            if measure.split(".")[0] in words:
                rows[measure] = (framework, "given", value, np.nan, np.nan, 0, 0)
        for measure, values in (runs or {}).items():
            if measure.split(".")[0] in words:
                n, mean, _, low, high = mean_interval(values, level)
                rows[measure] = (framework, "reached", mean, low, high, n, len(values) - n)
    return pd.DataFrame.from_dict(rows, orient="index", columns=COLUMNS).rename_axis("measure")


def frameworks(
    scenario: ScenarioLike,
    months: int | None = None,
    parameters: Mapping[str, ParameterValue] | None = None,
) -> pd.DataFrame:
    """What a scenario is in terms of the sources' frameworks, without running it.

    Args:
        scenario: as for ``load_scenario``.
        months: length of a run; default: the scenario's.
        parameters: values that replace the defaults.

    Returns:
        One row a measure (index ``measure``): ``framework``, ``kind`` (here always ``given``), ``mean``, and
        ``low``, ``high``, ``n`` and ``missing``, which tell something of runs only. NaN where a measure does
        not apply.

    Raises:
        ScenarioError, ValueError, TypeError: as ``simulate``.
    """
    loaded = load_scenario(scenario)
    return readouts(given(Setting.of(loaded, months, parameters)))
