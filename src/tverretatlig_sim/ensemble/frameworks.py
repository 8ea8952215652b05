"""The sources' frameworks, read off a scenario and off its runs; section 11 of the ODD document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple, TypeAlias, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from tverretatlig_sim.ensemble.batch import world_of
from tverretatlig_sim.ensemble.outcomes import JOINT_RUNG
from tverretatlig_sim.ensemble.series import ratio
from tverretatlig_sim.ensemble.statistics import mean_interval
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.kernel.steer import stake_strength
from tverretatlig_sim.scenario import Scenario, load_scenario
from tverretatlig_sim.scenario.parameters import parameter_specs
from tverretatlig_sim.world import World
from tverretatlig_sim.world.relations import far_apart, of_different_forms, size_distance
from tverretatlig_sim.world.sparse import Floats, Integers
from tverretatlig_sim.world.world import INSTRUMENTS
from tverretatlig_sim.world.world import RULES as DECISION_RULES

RUNGS = (1, 2, 3, 4)
"""Rungs of the coordination ladder."""
ROLES = ("driver", "interest_balancer", "system_steward")
"""Roles of a coordinator."""
LINKS = ("chain.recommendation", "chain.decision", "chain.implementation", "chain.lasting", "chain.municipal")
"""Links of the chain, in order: of what came so far, the share that gets one further."""
COLUMNS = ["framework", "kind", "mean", "low", "high", "n", "missing"]
CONSENSUS, AUTHORITY = DECISION_RULES.index("consensus"), DECISION_RULES.index("authority")

Number = TypeVar("Number", float, Floats)

Measures: TypeAlias = dict[str, float]
"""Measures that a scenario gives, by name; NaN where one does not apply."""
Columns: TypeAlias = dict[str, Floats]
"""Measures of each run, arrays of shape (run,), by name; NaN where one does not apply."""
Outcomes: TypeAlias = Mapping[str, Floats]
"""Outcomes of runs by name, arrays of shape (run,)."""


@dataclass(frozen=True)
class Setting:
    """Where a measure is taken.

    Attributes:
        scenario: the arrangement with its portfolio and letters.
        world: the same, indexed.
        parameters: one value of each parameter; the mean, where runs differ.
    """

    scenario: Scenario
    world: World
    parameters: Mapping[str, float]

    @classmethod
    def of(
        cls, scenario: Scenario, months: int | None = None, parameters: Mapping[str, ArrayLike] | None = None
    ) -> Setting:
        """The setting of a run.

        Args:
            scenario: what is run.
            months: length of a run; default: the scenario's.
            parameters: values that replace the defaults; a scalar, or one value a run.
        """
        values: dict[str, float] = {name: spec.value for name, spec in parameter_specs().items()}
        values |= {name: float(quantity) for name, quantity in scenario.parameters.items()}
        values |= {name: float(np.mean(np.asarray(x, np.float64))) for name, x in (parameters or {}).items()}
        return cls(
            scenario, world_of(scenario, scenario.default_months if months is None else months), values
        )

    @cached_property
    def start_gap(self) -> float:
        """Root mean square distance of participants' understanding from their mean, at the start."""
        views = self.world.agencies.understanding[:, self.world.agencies.participant]
        if not views.shape[1]:
            return np.nan
        return float(np.sqrt(((views - views.mean(axis=1, keepdims=True)) ** 2).sum(axis=0).mean()))

    @cached_property
    def start_trust(self) -> float:
        """Mean trust over ties before the first month."""
        return _mean(self.world.ties.trust)

    @cached_property
    def coordinator(self) -> int:
        """Position of the coordinating agency; −1 if nobody coordinates."""
        name = self.scenario.arrangement.coordinator
        return -1 if name is None else self.world.agencies.names.index(name)

    @cached_property
    def coordinators_forums(self) -> Integers:
        """Forums in which it has a seat."""
        return np.unique(self.world.seats.forum[self.world.seats.agency == self.coordinator])

    def pairwise(self, gap: Number) -> Number:
        """Root mean square cognitive distance over pairs, from that to the mean; NaN with fewer than two.

        For n points, the mean squared distance of two different ones is 2n / (n − 1) times that to their
        mean, and cognitive distance is the distance divided by √2.
        """
        count = int(self.world.agencies.participant.sum())
        return gap * (np.sqrt(count / (count - 1)) if count > 1 else np.nan)

    def closed(self, outcomes: Outcomes) -> Floats:
        """Share of the gap in understanding at the start that is closed at the end; below 0 if it grew."""
        gap = outcomes["understanding_gap"]
        return 1.0 - ratio(gap, np.full(len(gap), self.start_gap if self.start_gap > 0 else 0.0))

    @cached_property
    def reach(self) -> float:
        """Share of pairs of participants that have a tie; NaN with fewer than two participants."""
        takes_part, ties = self.world.agencies.participant, self.world.ties
        count = int(takes_part.sum())
        tied = np.count_nonzero(takes_part[ties.source] & takes_part[ties.target])
        return tied / (count * (count - 1)) if count > 1 else np.nan


def _mean(values: ArrayLike) -> float:
    """Mean; NaN where there is nothing to average."""
    array = np.asarray(values, dtype=np.float64)
    return float(array.sum()) / len(array) if len(array) else np.nan


def _mean_known(values: Floats) -> float:
    return _mean(values[~np.isnan(values)])


def _nothing(outcomes: Outcomes, setting: Setting) -> Columns:
    """What does not change in a run."""
    return {}


# The coordination ladder (DIFI17 2.1; RAD17 1, advice 3).


def _ladder(setting: Setting) -> Measures:
    """Rung aimed at, over planned recommendations, and the rung agencies aim at by themselves."""
    world = setting.world
    aimed = world.projects.rung[world.recommendations.project]
    return {
        "ladder.aimed": _mean(aimed),
        "ladder.aimed_joint": _mean(aimed >= JOINT_RUNG),
        "ladder.ambition": _mean(world.agencies.ambition[world.agencies.participant]),
    }


def _ladder_reached(outcomes: Outcomes, setting: Setting) -> Columns:
    """Rung reached, share of runs that reach each rung, negative and positive coordination apart."""
    rung = outcomes["ladder_rung"]
    return {
        "ladder.reached": rung,
        **{f"ladder.rung_{step}": (rung >= step).astype(np.float64) for step in RUNGS},
        "ladder.negative": outcomes["negative_coordination"],
        "ladder.positive": outcomes["positive_coordination"],
    }


# The four organisational distances, and the process that must make up for them (DEL19 2.2.1; DFO25 3.3).


def _distances(setting: Setting) -> Measures:
    """Distances between those who have to do with each other, and what they cost in contact.

    Geographic, structural and power distance are means over ties. Cognitive distance is the root mean square
    over pairs of participants, at the start. The extra contact is what trust takes to grow as much as it
    would without distance, less one.
    """
    ties = setting.world.ties
    agencies = sorted(setting.scenario.everyone, key=lambda agency: agency.name)
    pairs = [(agencies[i], agencies[j]) for i, j in zip(ties.source, ties.target, strict=True)]
    eased = _mean(1.0 - setting.parameters["distance_drag"] * ties.distance)
    return {
        "distance.geographic": _mean([far_apart(a, b) for a, b in pairs]),
        "distance.structural": _mean([of_different_forms(a, b) for a, b in pairs]),
        "distance.power": _mean([size_distance(a, b) for a, b in pairs]),
        "distance.cognitive_start": setting.pairwise(setting.start_gap),
        "distance.extra_contact": 1.0 / eased - 1.0 if eased > 0 else np.nan,
    }


def _distances_reached(outcomes: Outcomes, setting: Setting) -> Columns:
    """Cognitive distance at the end, how much of it was closed, and the process that did it."""
    return {
        "distance.cognitive_end": setting.pairwise(outcomes["understanding_gap"]),
        "distance.cognitive_closed": setting.closed(outcomes),
        "distance.substance": 1.0 - outcomes["structure_share"],
        "distance.trust_won": outcomes["trust_mean"] - setting.start_trust,
    }


# Weak and strong matrix: what the programme rather than the line holds (DEL19 2.3, 4.3).


def _matrix(setting: Setting) -> Measures:
    """Share of resources and of authority with the programme; NaN where there is no forum, so no programme.

    Position is the mean of both. Beside them: of the steps on the routes of planned recommendations, the
    share that are forums.
    """
    names = ("matrix.resources", "matrix.authority", "matrix.position", "matrix.decided_in_forums")
    if not setting.scenario.arrangement.forum:
        return dict.fromkeys(names, np.nan)
    resources, authority = _programme_resources(setting), _programme_authority(setting)
    recommendations = setting.world.recommendations
    bodies = recommendations.bodies[recommendations.route]
    decided = _mean((bodies >= 0).sum(axis=1) / np.maximum(recommendations.steps, 1))
    return dict(zip(names, (resources, authority, (resources + authority) / 2.0, decided), strict=True))


def _programme_resources(setting: Setting) -> float:
    """Of capacity for joint work and the secretariats' staff, the part the programme disposes of.

    Letters' resources are included; mean over months.
    """
    world = setting.world
    months = [world.calendar[month] for month in range(world.months)]
    staff = _mean([float(world.secretariats.staff[m.standing.secretariats].sum()) for m in months])
    extra = _mean([float(m.resources[world.agencies.participant].sum()) for m in months])
    members = float(world.agencies.capacity[world.agencies.participant].sum()) + extra
    return (staff + world.programme_resources * members) / (staff + members)


def _programme_authority(setting: Setting) -> float:
    """Mean, over those there are, of the forums' authority, the coordinator's over the line, and follow-up.

    They stand for the programme's steering, its strategy and its benefits.
    """
    arrangement = setting.scenario.arrangement
    parts = [_mean(setting.world.forums.authority)]
    if arrangement.coordinator is not None:
        parts.append(float(arrangement.lead_authority))
    if arrangement.facilitator is not None:
        parts.append(float(arrangement.follow_up))
    return sum(parts) / len(parts)


# Hierarchy and voluntary adaptation as two strengths (DIFI17 2.1, 3; DIFI14 2.6; DFO25 3.4).


def _mechanisms(setting: Setting) -> Measures:
    """Strength of hierarchy, and of voluntary adaptation at the start, each from 0 to 1.

    Voluntary adaptation is the mean of trust, common understanding and ownership, times its reach: the share
    of pairs of participants that have a tie. Without ties nobody can adapt to anybody.
    """
    agencies = setting.world.agencies
    common = 1.0 - setting.pairwise(setting.start_gap)
    ownership = _mean(agencies.ownership[agencies.participant])
    return {
        "hierarchy.strength": _hierarchy(setting),
        "voluntary.reach": setting.reach,
        "voluntary.start": _within(setting.reach, (setting.start_trust + common + ownership) / 3.0),
    }


def _mechanisms_reached(outcomes: Outcomes, setting: Setting) -> Columns:
    """What became of both: the ministries' coherence, and voluntary adaptation at the end."""
    common = 1.0 - setting.pairwise(outcomes["understanding_gap"])
    strength = (outcomes["trust_mean"] + common + outcomes["ownership_end"]) / 3.0
    return {
        "hierarchy.coherence": outcomes["ministry_coherence"],
        "voluntary.end": _within(setting.reach, strength),
    }


def _within(reach: float, strength: Number) -> Number:
    """Strength among those it reaches; 0 where it reaches nobody, whatever trust that would take."""
    return strength * 0.0 if reach == 0 else reach * strength


def _hierarchy(setting: Setting) -> float:
    """Mean signal that work on projects hears, over stakes and the months from a project's start on.

    Attention stands at its level, and ministries do not diverge. NaN without any stake.
    """
    world, stakes = setting.world, setting.world.stakes
    level = world.ministries.level
    attention = np.where(np.isnan(level), setting.parameters["attention_level"], level)
    kept = 1.0 - setting.parameters["signal_loss"] * (1.0 - world.department_link)
    heard = kept * attention[world.agencies.ministry[stakes.agency]]
    total, months = np.zeros(len(heard)), np.zeros(len(heard))
    parameters = Parameters.of(dict(setting.parameters))
    for month in range(world.months):
        begun = (world.projects.start[stakes.project] <= month).astype(np.float64)
        strength = stake_strength(world, parameters, world.calendar[month])[:, 0]
        total, months = total + begun * strength, months + begun
    return _mean_known(heard * ratio(total, months))


# Coordination roles by rung: what an arrangement lets its coordinator do (DIFI17 2.3). The source describes
# twelve cells in words; each is read off the field of the scenario that comes nearest. The reading is ours.
# Difi describes ministries and expects the roles to hold for others; here the coordinating agency has them.


def _planned(s: Setting, holds: Callable[[int], bool]) -> float:
    """Of the planned recommendations, the share with a forum on their route for which something holds."""
    recommendations = s.world.recommendations
    routes = [any(body >= 0 and holds(int(body)) for body in row) for row in recommendations.bodies]
    return _mean(np.array(routes, dtype=np.float64)[recommendations.route])


def _can_stop(s: Setting) -> float:
    rule, chair, own = s.world.bodies.rule, s.world.bodies.chair, set(s.coordinators_forums.tolist())
    return _planned(
        s,
        lambda forum: (
            (rule[forum] == CONSENSUS and forum in own)
            or (rule[forum] == AUTHORITY and chair[forum] == s.coordinator)
        ),
    )


def _takes_part(s: Setting) -> float:
    stakes, projects = s.world.stakes, len(s.world.projects.names)
    own = np.unique(stakes.project[(stakes.agency == s.coordinator) & (stakes.works > 0)])
    return len(own) / projects if projects else np.nan


def _has_capacity(s: Setting) -> float:
    """Of the secretariat's work in a month in which every forum keeps its cadence, what its staff can do."""
    p, forums = s.parameters, s.world.forums
    cadence = {forum.name: float(forum.cadence) for forum in s.scenario.arrangement.forum}
    seats = sum(size / cadence[name] for name, size in zip(forums.names, forums.size, strict=True))
    work = p["work_per_seat"] * float(seats) + p["work_per_project"] * len(s.world.projects.names)
    return min(1.0, float(s.world.secretariats.staff.sum()) / work) if work > 0 else np.nan


CELLS: Mapping[str, tuple[Callable[[Setting], float], ...]] = {
    "driver": (
        # Answers hearings and requests: has a seat.
        lambda s: len(s.coordinators_forums) / len(s.world.forums.names) if s.world.forums.names else np.nan,
        # Starts and leads working groups.
        lambda s: _mean(s.world.projects.lead == s.coordinator),
        _can_stop,  # marks dissent, limits damage to its own goals
        lambda s: s.world.lead_authority,  # brings about a joint policy
    ),
    "interest_balancer": (
        lambda s: _planned(s, lambda forum: True),  # circulates drafts: proposals pass a forum
        _takes_part,  # seeks the common problem in dialogue: is in the group
        lambda s: s.world.core_group_authority,  # cuts through
        # Redefines the problem so that interests agree.
        lambda s: 1.0 - _mean(s.world.recommendations.given_up),
    ),
    "system_steward": (
        # Runs the cross-cutting system: forums have a secretariat.
        lambda s: _mean(s.world.forums.secretariat >= 0),
        _has_capacity,  # leads the process, with capacity of its own
        # Decides with dissent.
        lambda s: _planned(s, lambda forum: s.world.bodies.rule[forum] != CONSENSUS),
        lambda s: float(s.scenario.arrangement.follow_up),  # changes the system itself
    ),
}
"""The twelve cells of DIFI17 2.3, role by role from rung 1 to 4, each from 0 to 1."""


def _roles(setting: Setting) -> Measures:
    """How far the coordinator is equipped for each role on each rung, and up to the rung aimed at.

    All are NaN where nobody coordinates, and a cell is where what it is read off does not exist.
    """
    there = setting.scenario.arrangement.coordinator is not None
    cells = {r: np.array([cell(setting) if there else np.nan for cell in CELLS[r]]) for r in ROLES}
    rungs = setting.world.projects.rung[setting.world.recommendations.project]
    aimed = int(rungs.max()) if len(rungs) else len(RUNGS)
    by_rung = {f"role.{role}_{rung}": float(cells[role][rung - 1]) for role in ROLES for rung in RUNGS}
    return {**{f"role.{role}": _mean_known(cells[role][:aimed]) for role in ROLES}, **by_rung}


# The four kinds of instruments a state has (DEL19 3.2.1).


def _instruments(setting: Setting) -> Measures:
    """Share of the planned recommendations with each kind of instrument."""
    kind = setting.world.recommendations.instrument
    return {f"instrument.{name}": _mean(kind == code) for code, name in enumerate(INSTRUMENTS)}


def _instruments_reached(outcomes: Outcomes, setting: Setting) -> Columns:
    """Of the drafted with each kind, the share implemented; of all drafted, the share lost at ministries."""
    done = {f"instrument.{name}_implemented": outcomes[f"implemented_{name}"] for name in INSTRUMENTS}
    return {**done, "instrument.lost_at_ministries": ratio(outcomes["lost_ministries"], outcomes["drafted"])}


# The theory of change: activity → recommendation → implementation → lasting capacity → municipalities.
# DEL19 2.3 (it shows where in the chain it fails), 4.3, 6; annex 2 (county governors and municipalities).


def _chain(setting: Setting) -> Measures:
    """Of the planned recommendations, the share that is to go on to municipalities by a last duty."""
    recommendations = setting.world.recommendations
    return {"chain.to_municipalities": _mean(recommendations.duties > recommendations.own_duties)}


def _chain_reached(outcomes: Outcomes, setting: Setting) -> Columns:
    """Each link, the whole chain, and the capacity to work together that was built.

    Links: planned → drafted → handed over → carried out by the agencies → lasting in the weakest line →
    carried on by the municipalities. Capacity is the mean of two shares of what was missing at the start:
    trust that was won, and the gap in understanding that was closed; below 0 if it was lost.
    """
    stages = ("planned", "drafted", "handed_over", "carried_out", "lasting")
    links = [ratio(outcomes[after], outcomes[before]) for before, after in pairwise(stages)]
    trust, start = outcomes["trust_mean"], setting.start_trust
    missing = 0.0 if np.isnan(start) else 1.0 - start
    built = ratio(trust - start, np.full(len(trust), missing))
    return {
        "chain.activity": outcomes["fte_spent"],
        **dict(zip(LINKS, [*links, outcomes["municipal_link"]], strict=True)),
        "chain.whole": ratio(outcomes["lasting"], outcomes["planned"]),
        "chain.capacity": (built + setting.closed(outcomes)) / 2.0,
    }


def weakest_link(table: pd.DataFrame) -> str | None:
    """Where the chain breaks: the link with the lowest mean share; None if none applies.

    Args:
        table: as ``frameworks`` gives it.
    """
    links = table["mean"].reindex(list(LINKS)).dropna()
    return str(links.idxmin()) if len(links) else None


class Framework(NamedTuple):
    """What reads the measures of a framework off a setting, and off outcomes of runs in it."""

    given: Callable[[Setting], Measures]
    reached: Callable[[Outcomes, Setting], Columns]


FRAMEWORKS: Mapping[str, Framework] = {
    "ladder": Framework(_ladder, _ladder_reached),
    "distances": Framework(_distances, _distances_reached),
    "matrix": Framework(_matrix, _nothing),
    "mechanisms": Framework(_mechanisms, _mechanisms_reached),
    "roles": Framework(_roles, _nothing),
    "instruments": Framework(_instruments, _instruments_reached),
    "chain": Framework(_chain, _chain_reached),
}
"""The seven frameworks, in the order of the tables."""


def given(setting: Setting) -> dict[str, Measures]:
    """What a scenario is in terms of each framework: measures by framework and name."""
    return {name: framework.given(setting) for name, framework in FRAMEWORKS.items()}


def reached(outcomes: Mapping[str, Floats] | pd.DataFrame, setting: Setting) -> dict[str, Columns]:
    """What each run reached: arrays of shape (run,) by framework and measure.

    Args:
        outcomes: all of them, by name.
        setting: in which the runs were made.
    """
    values = {str(name): np.asarray(column, dtype=np.float64) for name, column in outcomes.items()}
    return {name: framework.reached(values, setting) for name, framework in FRAMEWORKS.items()}


def readouts(
    scenario: Mapping[str, Measures],
    runs: Mapping[str, Columns] | None = None,
    level: float = 0.95,
    *,
    anytime: bool = False,
) -> pd.DataFrame:
    """Measures as a table.

    Args:
        scenario: as ``given`` gives them.
        runs: as ``reached`` gives them, if there are runs.
        level: of the interval of a mean over runs.
        anytime: whether intervals must hold at every look; see ``mean_interval``.

    Returns:
        As ``frameworks``; rows of kind ``reached`` tell of the runs.
    """
    rows: dict[str, tuple[object, ...]] = {}
    for name in FRAMEWORKS:
        for measure, value in scenario[name].items():
            rows[measure] = (name, "given", value, np.nan, np.nan, 0, 0)
        for measure, values in (runs[name] if runs else {}).items():
            n, mean, _, low, high = mean_interval(values, level, anytime=anytime)
            rows[measure] = (name, "reached", mean, low, high, n, len(values) - n)
    return pd.DataFrame.from_dict(rows, orient="index", columns=COLUMNS).rename_axis("measure")


def frameworks(
    scenario: Scenario | str | Path,
    months: int | None = None,
    parameters: Mapping[str, ArrayLike] | None = None,
) -> pd.DataFrame:
    """What a scenario is in terms of the sources' frameworks, without running it.

    Args:
        scenario: a loaded scenario, the name of a shipped one, or a path.
        months: length of a run; default: the scenario's.
        parameters: values that replace the defaults.

    Returns:
        One row a measure (index ``measure``): ``framework``, ``kind`` (here always ``given``), ``mean``, and
        ``low``, ``high``, ``n`` and ``missing``, which tell something of runs only. NaN where a measure does
        not apply.

    Raises:
        ScenarioError: if the scenario is not valid.
    """
    loaded = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    return readouts(given(Setting.of(loaded, months, parameters)))
