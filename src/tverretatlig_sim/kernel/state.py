"""The state of a block of runs. Every variable declares its dims, unit, range and meaning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.world.sparse import Floats
from tverretatlig_sim.world.world import World

Array = NDArray[Any]
Changes = dict[str, Array]
"""What a phase returns: new values of the variables it changes."""

NEVER = -1
"""Month of a transition that has not happened."""

PLANNED, DRAFTED, DECIDED, HANDED_OVER, ADOPTED, IMPLEMENTED, DROPPED = range(7)
STAGES = ("planned", "drafted", "decided", "handed_over", "adopted", "implemented", "dropped")

NO_LOSS, DISAGREEMENT, MINISTRIES, LINE_DECLINED, MUNICIPALITIES = range(5)
LOSSES = ("", "disagreement", "ministries", "line", "municipalities")

IDLE, WAITING, WORKING, DONE, RELEASED = range(5)


@dataclass(frozen=True)
class Variable:
    """Declaration of a state variable; the last dimension, run, is understood."""

    dims: tuple[str, ...]
    unit: str
    range: str
    meaning: str
    flow: bool


def stock(dims: str, unit: str, interval: str, meaning: str) -> Any:
    """Declare a variable that carries over from month to month."""
    return field(metadata={"variable": Variable(tuple(dims.split()), unit, interval, meaning, False)})


def flow(dims: str, unit: str, interval: str, meaning: str) -> Any:
    """Declare a variable that a phase sets anew every month for later phases and observers."""
    return field(metadata={"variable": Variable(tuple(dims.split()), unit, interval, meaning, True)})


@dataclass(eq=False)
class State:
    """Arrays of shape (entity, run); runs are contiguous."""

    attention: Floats = stock("ministry", "share", "0..1", "political attention")
    ownership: Floats = stock("agency", "share", "0..1", "ownership of the cooperation")
    confidence: Floats = stock("agency", "share", "0..1", "how joint work fares, as the agency sees it")
    inclusion: Floats = stock("agency", "share", "0..1", "inclusion in the cooperation")
    load: Floats = stock("agency", "years", ">= 0", "work waiting in the line")
    understanding: Floats = stock("theme agency", "weight", "0..1", "problem understanding")
    clarity: Floats = stock("forum", "share", "0..1", "clarity of the forum's mandate")
    facilitation: Floats = stock("forum", "share", "0..1", "facilitation by the forum at its last meeting")
    backlog: Floats = stock("secretariat", "FTE-months", ">= 0", "work not served")
    service_quality: Floats = stock("secretariat", "share", "0..1", "share of work served in time, smoothed")
    experience: Floats = stock("secretariat", "share", "0..1", "experience of the staff in place")
    progress: Floats = stock("project", "share", "0..1", "share of the project's work done")
    project_clarity: Floats = stock("project", "share", "0..1", "clarity of the project's mandate")
    project_boldness: Floats = stock("project", "share", "0..1", "boldness of its proposals so far")
    delivered_at: Array = stock("project", "month", "-1..", "month of delivery, -1 before")
    stake_anchoring: Floats = stock("stake", "share", "0..1", "anchoring of the work in a member's line")
    trust: Floats = stock("tie", "share", "0..1", "trust of the source in the target")
    stage: Array = stock("recommendation", "code", "0..6", "stage, see STAGES")
    boldness: Floats = stock("recommendation", "share", "0..1", "boldness left after compromise")
    content: Floats = stock("recommendation", "gain", "-1..1", "chance part of its gain")
    step: Array = stock("recommendation", "count", ">= 0", "bodies passed")
    rounds: Array = stock("recommendation", "count", ">= 0", "rounds at the present body")
    votes: Array = stock("recommendation", "count", ">= 0", "rounds at all bodies")
    trips: Array = stock("recommendation", "count", ">= 0", "times passed on unresolved")
    drafted_at: Array = stock("recommendation", "month", "-1..", "month of drafting, -1 before")
    decided_at: Array = stock("recommendation", "month", "-1..", "month of decision")
    handed_at: Array = stock("recommendation", "month", "-1..", "month of hand-over")
    adopted_at: Array = stock("recommendation", "month", "-1..", "month of adoption by all lines")
    carried_out_at: Array = stock("recommendation", "month", "-1..", "month the agencies' duties were done")
    implemented_at: Array = stock("recommendation", "month", "-1..", "month of implementation")
    dropped_at: Array = stock("recommendation", "month", "-1..", "month of being dropped")
    loss: Array = stock("recommendation", "code", "0..4", "reason of loss, see LOSSES")
    duty_status: Array = stock("duty", "code", "0..4", "idle, waiting, working, done, released")
    anchoring: Floats = stock(
        "duty", "share", "0..1", "anchoring of the recommendation in the duty-holder's line"
    )
    work_left: Floats = stock("duty", "FTE-months", ">= 0", "work left in the line")
    in_letter: Array = stock("duty", "flag", "0..1", "whether a letter names the duty")

    coherence: Floats = flow("", "share", "0..1", "coherence of the ministries' signals")
    damping: Floats = flow("", "share", "0..1", "how far divergence leaves signals whole")
    signal: Floats = flow("stake", "share", "0..1", "steering signal for a stake")
    agency_signal: Floats = flow("agency", "share", "0..1", "general steering signal")
    running: Floats = flow("project", "flag", "0..1", "whether the project is under way")
    lead_trust: Floats = flow("stake", "share", "0..1", "trust of the stake-holder in the project's lead")
    lead_gap: Floats = flow("stake", "distance", "0..1", "cognitive distance of the stake-holder to the lead")
    mean_signal: Floats = flow("agency", "share", "0..1", "mean signal over active stakes")
    mean_trust: Floats = flow("agency", "share", "0..1", "mean trust in partners")
    effort: Floats = flow("agency", "FTE", ">= 0", "capacity given to joint work")
    meeting_time: Floats = flow("agency", "FTE", ">= 0", "effort that meetings take")
    affordable: Floats = flow("agency", "share", "0..1", "share of meetings it can afford")
    work: Floats = flow("stake", "FTE", ">= 0", "effort on a project")
    structure: Floats = flow("forum", "share", "0..1", "time on structure and process, if it met")
    attended: Floats = flow("seat", "flag", "0..1", "whether a seat was taken this month")
    contact: Floats = flow("tie", "meetings", ">= 0", "contact on substance")
    kept: Floats = flow("agency", "count", ">= 0", "duties done this month")
    broken: Floats = flow("agency", "count", ">= 0", "duties dropped this month")

    @property
    def runs(self) -> int:
        """Number of runs in the block."""
        return int(self.coherence.shape[-1])

    def evolve(self, changes: Mapping[str, Array]) -> State:
        """A state with some variables replaced.

        Raises:
            KeyError: if a phase returns a variable that is not declared.
        """
        if unknown := changes.keys() - self.__dict__.keys():
            raise KeyError(f"not state variables: {', '.join(sorted(unknown))}")
        new = object.__new__(State)
        new.__dict__ = {**self.__dict__, **changes}
        return new


def variables() -> dict[str, Variable]:
    """Declarations of all state variables."""
    return {f.name: _declaration(f) for f in fields(State)}


def _declaration(declared: Field[Any]) -> Variable:
    variable: Variable = declared.metadata["variable"]
    return variable


def initial_state(world: World, parameters: Parameters, draws: Draws, runs: int) -> State:
    """State before the first month.

    Args:
        world: the indexed scenario.
        parameters: arrays of shape (1,) or (runs,).
        draws: random numbers of this block.
        runs: number of runs in the block.
    """
    p, projects, recommendations = parameters, world.projects, world.recommendations

    def rows(values: Floats) -> Floats:
        return np.repeat(values[..., None], runs, axis=-1)

    def constant(entities: int, value: float = 0.0) -> Floats:
        return np.full((entities, runs), value)

    def codes(entities: int, value: int = 0) -> Array:
        return np.full((entities, runs), value, dtype=np.int16)

    level = np.where(
        np.isnan(world.ministries.level)[:, None], p.attention_level, world.ministries.level[:, None]
    )
    agencies, forums = len(world.agencies.names), len(world.forums.names)
    secretariats, stakes = len(world.secretariats.names), len(world.stakes.agency)
    r, d = len(recommendations.names), len(world.duties.agency)
    return State(
        attention=np.broadcast_to(level, (len(level), runs)).copy(),
        ownership=rows(world.agencies.ownership),
        confidence=constant(agencies, 0.5),
        inclusion=constant(agencies, 1.0),
        load=constant(agencies),
        understanding=rows(world.agencies.understanding),
        clarity=rows(world.forums.mandate_clarity),
        facilitation=constant(forums),
        backlog=constant(secretariats),
        service_quality=constant(secretariats, 1.0),
        experience=constant(secretariats, 1.0),
        progress=constant(len(projects.names)),
        project_clarity=rows(projects.clarity),
        project_boldness=rows(projects.boldness),
        delivered_at=codes(len(projects.names), NEVER),
        stake_anchoring=np.broadcast_to(p.anchoring_start, (stakes, runs)).copy(),
        trust=rows(world.ties.trust),
        stage=codes(r),
        boldness=rows(projects.boldness[recommendations.project]),
        content=p.content_spread * (2.0 * draws.every("content", 0, recommendations.keys) - 1.0),
        step=codes(r),
        rounds=codes(r),
        votes=codes(r),
        trips=codes(r),
        drafted_at=codes(r, NEVER),
        decided_at=codes(r, NEVER),
        handed_at=codes(r, NEVER),
        adopted_at=codes(r, NEVER),
        carried_out_at=codes(r, NEVER),
        implemented_at=codes(r, NEVER),
        dropped_at=codes(r, NEVER),
        loss=codes(r),
        duty_status=codes(d),
        anchoring=constant(d),
        work_left=constant(d),
        in_letter=np.zeros((d, runs), dtype=bool),
        coherence=np.ones(runs),
        damping=np.ones(runs),
        signal=constant(stakes),
        agency_signal=constant(agencies),
        running=constant(len(projects.names)),
        lead_trust=constant(stakes),
        lead_gap=constant(stakes),
        mean_signal=constant(agencies),
        mean_trust=constant(agencies, 0.5),
        effort=constant(agencies),
        meeting_time=constant(agencies),
        affordable=constant(agencies, 1.0),
        work=constant(stakes),
        structure=constant(forums),
        attended=constant(len(world.seats.agency)),
        contact=constant(len(world.ties.source)),
        kept=constant(agencies),
        broken=constant(agencies),
    )
