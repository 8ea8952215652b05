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
    """Declaration of a state variable; the last dimension, run, is understood.

    Attributes:
        start: value before the first month, where nothing else is said in ``start_values``.
    """

    dims: tuple[str, ...]
    unit: str
    range: str
    meaning: str
    flow: bool
    start: float
    dtype: type


def stock(dims: str, unit: str, interval: str, meaning: str, start: float = 0.0, dtype: type = float) -> Any:
    """Declare a variable that carries over from month to month."""
    return field(
        metadata={"variable": Variable(tuple(dims.split()), unit, interval, meaning, False, start, dtype)}
    )


def flow(dims: str, unit: str, interval: str, meaning: str, start: float = 0.0) -> Any:
    """Declare a variable that a phase sets anew every month for later phases and observers."""
    return field(
        metadata={"variable": Variable(tuple(dims.split()), unit, interval, meaning, True, start, float)}
    )


def code(dims: str, unit: str, interval: str, meaning: str, start: int = 0) -> Any:
    """Declare a stock of codes, small whole numbers."""
    return stock(dims, unit, interval, meaning, start, np.int8)


def whole(dims: str, unit: str, interval: str, meaning: str, start: int = 0) -> Any:
    """Declare a stock of whole numbers that grow with the months: counts and months themselves."""
    return stock(dims, unit, interval, meaning, start, np.int16)


@dataclass(eq=False)
class State:
    """Arrays of shape (entity, run); runs are contiguous."""

    attention: Floats = stock("ministry", "share", "0..1", "political attention")
    ownership: Floats = stock("agency", "share", "0..1", "ownership of the cooperation")
    confidence: Floats = stock("agency", "share", "0..1", "how joint work fares, as the agency sees it", 0.5)
    inclusion: Floats = stock("agency", "share", "0..1", "inclusion in the cooperation", 1.0)
    load: Floats = stock("agency", "years", ">= 0", "work waiting in the line")
    understanding: Floats = stock("theme agency", "weight", "0..1", "problem understanding")
    clarity: Floats = stock("forum", "share", "0..1", "clarity of the forum's mandate")
    facilitation: Floats = stock("forum", "share", "0..1", "facilitation by the forum at its last meeting")
    backlog: Floats = stock("secretariat", "FTE-months", ">= 0", "work not served")
    service_quality: Floats = stock(
        "secretariat", "share", "0..1", "share of work served in time, smoothed", 1.0
    )
    experience: Floats = stock("secretariat", "share", "0..1", "experience of the staff in place", 1.0)
    progress: Floats = stock("project", "share", "0..1", "share of the project's work done")
    project_clarity: Floats = stock("project", "share", "0..1", "clarity of the project's mandate")
    project_boldness: Floats = stock("project", "share", "0..1", "boldness of its proposals so far")
    delivered_at: Array = whole("project", "month", "-1..", "month of delivery, -1 before", NEVER)
    stake_anchoring: Floats = stock("stake", "share", "0..1", "anchoring of the work in a member's line")
    trust: Floats = stock("tie", "share", "0..1", "trust of the source in the target")
    stage: Array = code("recommendation", "code", "0..6", "stage, see STAGES")
    boldness: Floats = stock("recommendation", "share", "0..1", "boldness left after compromise")
    content: Floats = stock("recommendation", "gain", "-1..1", "chance part of its gain")
    step: Array = whole("recommendation", "count", ">= 0", "bodies passed")
    rounds: Array = whole("recommendation", "count", ">= 0", "rounds at the present body")
    votes: Array = whole("recommendation", "count", ">= 0", "rounds at all bodies")
    trips: Array = whole("recommendation", "count", ">= 0", "times passed on unresolved")
    drafted_at: Array = whole("recommendation", "month", "-1..", "month of drafting, -1 before", NEVER)
    decided_at: Array = whole("recommendation", "month", "-1..", "month of decision", NEVER)
    handed_at: Array = whole("recommendation", "month", "-1..", "month of hand-over", NEVER)
    adopted_at: Array = whole("recommendation", "month", "-1..", "month of adoption by all lines", NEVER)
    carried_out_at: Array = whole(
        "recommendation", "month", "-1..", "month the agencies' duties were done", NEVER
    )
    implemented_at: Array = whole("recommendation", "month", "-1..", "month of implementation", NEVER)
    dropped_at: Array = whole("recommendation", "month", "-1..", "month of being dropped", NEVER)
    loss: Array = code("recommendation", "code", "0..4", "reason of loss, see LOSSES")
    duty_status: Array = code("duty", "code", "0..4", "idle, waiting, working, done, released")
    anchoring: Floats = stock(
        "duty", "share", "0..1", "anchoring of the recommendation in the duty-holder's line"
    )
    work_left: Floats = stock("duty", "FTE-months", ">= 0", "work left in the line")
    in_letter: Array = stock("duty", "flag", "0..1", "whether a letter names the duty", 0, bool)

    coherence: Floats = flow("", "share", "0..1", "coherence of the ministries' signals", 1.0)
    damping: Floats = flow("", "share", "0..1", "how far divergence leaves signals whole", 1.0)
    signal: Floats = flow("stake", "share", "0..1", "steering signal for a stake")
    agency_signal: Floats = flow("agency", "share", "0..1", "general steering signal")
    running: Floats = flow("project", "flag", "0..1", "whether the project is under way")
    mean_signal: Floats = flow("agency", "share", "0..1", "mean signal over active stakes")
    mean_trust: Floats = flow("agency", "share", "0..1", "mean trust in partners", 0.5)
    effort: Floats = flow("agency", "FTE", ">= 0", "capacity given to joint work")
    meeting_time: Floats = flow("agency", "FTE", ">= 0", "effort that meetings take")
    affordable: Floats = flow("agency", "share", "0..1", "share of meetings it can afford", 1.0)
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

    def evolve(self, changes: Mapping[str, Array], by: object = "a phase") -> State:
        """A state with some variables replaced.

        Args:
            changes: new values by name, each of the shape of what it replaces.
            by: the phase that returned them, for messages.

        Raises:
            TypeError: if they are no dict.
            KeyError: if one is no variable.
            ValueError: if one has another shape.
        """
        own = self.__dict__
        if not isinstance(changes, Mapping):
            raise TypeError(f"{_called(by)} returned {changes!r}; allowed: a dict of changed variables")
        if not changes.keys() <= own.keys():
            unknown = sorted(changes.keys() - own.keys())
            raise KeyError(f"{_called(by)} returned what are not state variables: {', '.join(unknown)}")
        for name, values in changes.items():
            shape, allowed = np.shape(values), own[name].shape
            if shape != allowed:
                raise ValueError(f"{_called(by)} returned {name} of shape {shape}; allowed: {allowed}")
        new = object.__new__(State)
        new.__dict__ = {**own, **changes}
        return new


def _called(phase: object) -> str:
    return str(getattr(phase, "__qualname__", phase))


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
    sizes = dimensions(world)
    blank: dict[str, Array] = {
        name: np.full(
            (*(sizes[dim] for dim in variable.dims), runs),
            variable.start,
            world.dtype if variable.dtype is float else variable.dtype,
        )
        for name, variable in variables().items()
    }
    started = {
        name: np.broadcast_to(values, blank[name].shape).astype(world.dtype)
        for name, values in start_values(world, parameters, draws).items()
    }
    return State(**{**blank, **started})


def dimensions(world: World) -> dict[str, int]:
    """Number of entities along each dimension."""
    return {
        "theme": len(world.themes),
        "ministry": len(world.ministries.names),
        "agency": len(world.agencies.names),
        "forum": len(world.forums.names),
        "secretariat": len(world.secretariats.names),
        "project": len(world.projects.names),
        "recommendation": len(world.recommendations.names),
        "seat": len(world.seats.agency),
        "tie": len(world.ties.source),
        "stake": len(world.stakes.agency),
        "duty": len(world.duties.agency),
    }


def start_values(world: World, parameters: Parameters, draws: Draws) -> dict[str, Floats]:
    """Start values that differ between entities or runs; they broadcast against (entity, run)."""
    p, level = parameters, world.ministries.level[:, None]
    boldness = world.projects.boldness[:, None]
    return {
        "attention": np.where(np.isnan(level), p.attention_level, level),
        "ownership": world.agencies.ownership[:, None],
        "understanding": world.agencies.understanding[:, :, None],
        "clarity": world.forums.mandate_clarity[:, None],
        "project_clarity": world.projects.clarity[:, None],
        "project_boldness": boldness,
        "stake_anchoring": p.anchoring_start,
        "trust": world.ties.trust[:, None],
        "boldness": boldness[world.recommendations.project],
        "content": p.content_spread * (2.0 * draws.every("content", 0, world.recommendations.keys) - 1.0),
    }
