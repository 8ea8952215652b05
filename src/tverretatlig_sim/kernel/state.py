"""The state of a batch of runs. Every variable declares its dims, unit, range, meaning and start."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any

import numpy as np

from tverretatlig_sim.arrays import Array, Flags, Floats, by_run, ranks
from tverretatlig_sim.i18n import _, joined
from tverretatlig_sim.kernel.draws import Draws
from tverretatlig_sim.kernel.parameters import Parameters
from tverretatlig_sim.world.tables import OWN_DUTY
from tverretatlig_sim.world.world import World

Changes = Mapping[str, Array]
"""What a rule returns: new values, whole, of the variables it changes."""

Start = Callable[[World, Parameters, Draws], Array]
"""Start values that differ between entities or runs; they broadcast against the variable's shape."""

NEVER = -1
"""Month of a transition that has not happened."""

PLANNED, DRAFTED, DECIDED, HANDED_OVER, ADOPTED, IMPLEMENTED, DROPPED = range(7)
STAGES = ("planned", "drafted", "decided", "handed_over", "adopted", "implemented", "dropped")
MONTH_OF = {
    "drafted": "drafted_at",
    "decided": "decided_at",
    "handed_over": "handed_at",
    "adopted": "adopted_at",
    "implemented": "implemented_at",
    "dropped": "dropped_at",
}
"""Variable that holds the month in which a recommendation gets to a stage; −1 before."""

NO_LOSS, DISAGREEMENT, MINISTRIES, LINE_DECLINED, MUNICIPALITIES = range(5)
LOSSES = ("", "disagreement", "ministries", "line", "municipalities")

IDLE, WAITING, WORKING, DONE, RELEASED, REFUSED, FORGOTTEN = range(7)
"""Status of a duty; the last two tell whose line let a recommendation fall."""

NOT_HEARD, ON_AGENDA, PASSED_DOWN, ACCEPTED, REJECTED = range(5)
"""What becomes of a recommendation before a body this month."""

NO_MOVE, FINISHED, DECLINED, TAKEN_UP, GIVEN_UP = range(5)
"""What the line does with a duty this month."""

SLACK = 1e-9
"""How far rounding may take a value out of its range."""


@dataclass(frozen=True)
class Variable:
    """Declaration of a state variable; the last dimension, run, is understood.

    Attributes:
        dims: entities along each dimension, by the names in ``World.sizes``.
        range: the values it can take, as in ``0..1``; nothing on one side means no limit there.
        flow: whether it is set anew every month; a stock carries over.
        start: value before the first month, or a function that gives it.
        anew: whether it is given rather than grown, as a mandate is: a change to another start value holds.
    """

    dims: tuple[str, ...]
    unit: str
    range: str
    meaning: str
    flow: bool
    start: float | Start = 0.0
    dtype: type = float
    anew: bool = False

    def __get__(self, state: object, owner: type) -> Variable:
        """The declaration, read off the class; a state that lacks the variable has none."""
        if state is None:
            return self
        raise AttributeError

    def first(self, world: World, parameters: Parameters, draws: Draws, runs: int) -> Array:
        """Values before the first month."""
        start = self.start(world, parameters, draws) if callable(self.start) else self.start
        shape = (*(world.sizes[dim] for dim in self.dims), runs)
        return np.broadcast_to(start, shape).astype(self.dtype)

    def holds(self, values: Array) -> bool:
        """Whether all values are numbers within the range."""
        low, high = self.range.split("..")
        inside = (values >= float(low or "-inf") - SLACK) & (values <= float(high or "inf") + SLACK)
        return bool(inside.all())


def stock(
    dims: str,
    unit: str,
    span: str,
    meaning: str,
    start: float | Start = 0.0,
    dtype: type = float,
    *,
    anew: bool = False,
) -> Any:
    """Declare a variable that carries over from month to month; arguments as the attributes above."""
    return Variable(tuple(dims.split()), unit, span, meaning, False, start, dtype, anew)


def flow(
    dims: str, unit: str, span: str, meaning: str, start: float | Start = 0.0, dtype: type = float
) -> Any:
    """Declare a variable that a rule sets anew every month for later rules and observers."""
    return Variable(tuple(dims.split()), unit, span, meaning, True, start, dtype)


def code(dims: str, span: str, meaning: str) -> Any:
    """Declare a stock of codes, small whole numbers."""
    return stock(dims, "code", span, meaning, dtype=np.int8)


def count(dims: str, meaning: str) -> Any:
    """Declare a stock of whole numbers."""
    return stock(dims, "count", "0..", meaning, dtype=np.int16)


def month_of(dims: str, meaning: str) -> Any:
    """Declare a stock of months in which something happened."""
    return stock(dims, "month", "-1..", meaning, NEVER, np.int16)


def attention_level(world: World, parameters: Parameters) -> Floats:
    """Level that each ministry's attention returns to. Shape (ministry, 1) or (ministry, run)."""
    given = by_run(world.ministries.level)
    return np.where(np.isnan(given), parameters.attention_level, given)


def _content(world: World, p: Parameters, draws: Draws) -> Floats:
    return p.content_spread * (2.0 * draws.every("content", 0, world.recommendations.keys) - 1.0)


def _turn(world: World, p: Parameters, draws: Draws) -> Array:
    """Projects that come equally early are taken up in an order that is drawn (ODD 7.2)."""
    return ranks(world.projects.turn, draws.every("turn", 0, world.projects.keys))


def _number(world: World, p: Parameters, draws: Draws) -> Array:
    """Projects draft in an order that is drawn, not in that of names (ODD 2, number)."""
    of, projects = world.recommendations, world.projects
    first = projects.first_recommendation[of.project, None]
    return ranks(of.project, draws.every("order", 0, of.keys)) - first + 1


def _bears(world: World, p: Parameters, draws: Draws) -> Array:
    """Equally near members take turns in an order that is drawn (ODD 2, duty-holders)."""
    turns, bears = world.turns, world.duties.kind[:, None]
    if not len(turns.keys):
        return bears
    place = by_run(turns.first) + ranks(turns.group, draws.every("turn", 0, turns.keys))
    past = (place[turns.member] - by_run(turns.skip)) % by_run(turns.others)
    bears = np.repeat(bears, place.shape[1], axis=1)
    bears[turns.duty] = np.where(past < by_run(turns.extra), OWN_DUTY, bears[turns.duty])
    return bears


def _boldness(world: World, p: Parameters, draws: Draws) -> Floats:
    return by_run(world.projects.boldness, world.recommendations.project)


class State:
    """Arrays of shape (entity, run); runs are contiguous. Rules of one's own may bring further variables."""

    attention: Floats = stock(
        "ministry", "share", "0..1", "political attention", lambda w, p, d: attention_level(w, p)
    )
    ownership: Floats = stock(
        "agency",
        "share",
        "0..1",
        "ownership of the cooperation",
        lambda w, p, d: by_run(w.agencies.ownership),
    )
    confidence: Floats = stock("agency", "share", "0..1", "how joint work fares, as the agency sees it", 0.5)
    inclusion: Floats = stock("agency", "share", "0..1", "inclusion in the cooperation", 1.0)
    load: Floats = stock("agency", "years", "0..", "work waiting in the line")
    understanding: Floats = stock(
        "theme agency",
        "weight",
        "0..1",
        "problem understanding",
        lambda w, p, d: w.agencies.understanding[:, :, None],
    )
    facilitation: Floats = stock("project", "share", "0..1", "facilitation at the last meeting for it")
    backlog: Floats = stock("secretariat", "FTE-months", "0..", "work not served")
    service_quality: Floats = stock(
        "secretariat", "share", "0..1", "share of work served in time, smoothed", 1.0
    )
    experience: Floats = stock("secretariat", "share", "0..1", "experience of the staff in place", 1.0)
    progress: Floats = stock("project", "share", "0..1", "share of the project's work done")
    project_clarity: Floats = stock(
        "project",
        "share",
        "0..1",
        "clarity of the project's mandate",
        lambda w, p, d: by_run(w.projects.clarity),
        anew=True,
    )
    project_boldness: Floats = stock(
        "project",
        "share",
        "0..1",
        "boldness of its proposals so far",
        lambda w, p, d: by_run(w.projects.boldness),
    )
    mandate_rounds: Array = count("project", "times its mandate was sent back")
    mandated_at: Array = month_of("project", "month its mandate passed; -1 before, or where nobody vets it")
    rework: Floats = stock("project", "share", "0..", "revision to be done, as a share of the project's work")
    turn: Array = stock("project", "count", "0..", "place in the order of work", _turn, np.int16, anew=True)
    begun_at: Array = month_of("project", "month in which work began, -1 before")
    delivered_at: Array = month_of("project", "month of delivery, -1 before")
    stake_anchoring: Floats = stock(
        "stake",
        "share",
        "0..1",
        "anchoring of the work in a member's line",
        lambda w, p, d: p.anchoring_start,
    )
    trust: Floats = stock(
        "tie", "share", "0..1", "trust of the source in the target", lambda w, p, d: by_run(w.ties.trust)
    )
    number: Array = stock(
        "recommendation",
        "count",
        "1..",
        "place in the order in which its project drafts",
        _number,
        np.int16,
        anew=True,
    )
    stage: Array = code("recommendation", "0..6", "stage, see STAGES")
    boldness: Floats = stock("recommendation", "share", "0..1", "boldness left after compromise", _boldness)
    content: Floats = stock("recommendation", "gain", "-1..1", "chance part of its gain", _content)
    step: Array = count("recommendation", "bodies passed")
    rounds: Array = count("recommendation", "rounds at the present body")
    votes: Array = count("recommendation", "rounds at all bodies")
    trips: Array = count("recommendation", "times passed on unresolved")
    drafted_at: Array = month_of("recommendation", "month of drafting, -1 before")
    decided_at: Array = month_of("recommendation", "month of decision")
    passed_at: Array = month_of("recommendation", "month its law or budget is passed, once ministries agreed")
    handed_at: Array = month_of("recommendation", "month of hand-over")
    adopted_at: Array = month_of("recommendation", "month of adoption by all lines")
    carried_out_at: Array = month_of("recommendation", "month the agencies' duties were done")
    implemented_at: Array = month_of("recommendation", "month of implementation")
    dropped_at: Array = month_of("recommendation", "month of being dropped")
    loss: Array = code("recommendation", "0..4", "reason of loss, see LOSSES")
    bears: Array = stock(
        "duty",
        "code",
        "0..2",
        "what the agency bears in this run: nothing, a duty, a last duty",
        _bears,
        np.int8,
        anew=True,
    )
    duty_status: Array = code("duty", "0..6", "idle, waiting, working, done, released, refused, forgotten")
    anchoring: Floats = stock(
        "duty", "share", "0..1", "anchoring of the recommendation in the duty-holder's line"
    )
    work_left: Floats = stock("duty", "FTE-months", "0..", "work left in the line")
    letter_at: Array = month_of("duty", "month in which a letter takes the duty up, -1 before")
    reported_at: Array = month_of("recommendation", "month in which it goes up the lead's line")
    tabled_at: Array = month_of("recommendation", "month on the table of ministries that sit together")
    settled_at: Array = month_of("recommendation", "month in which ministries settle it")
    joint_rounds: Array = count("recommendation", "rounds at the ministries' joint body")
    heard_at: Array = month_of("hearing", "month in which the ministry hears of it")
    known_at: Array = month_of("hearing", "month in which the ministry's department knows of it")

    coherence: Floats = flow("arrangement", "share", "0..1", "coherence of the ministries' signals", 1.0)
    damping: Floats = flow("ministry", "share", "0..1", "how far divergence leaves its letters whole", 1.0)
    signal: Floats = flow("stake", "share", "0..1", "steering signal for a stake")
    agency_signal: Floats = flow("agency", "share", "0..1", "general steering signal")
    running: Flags = flow("project", "flag", "0..1", "whether the project is under way", dtype=bool)
    mean_signal: Floats = flow("agency", "share", "0..1", "mean signal over active stakes")
    mean_trust: Floats = flow("agency", "share", "0..1", "mean trust in partners", 0.5)
    effort: Floats = flow("agency", "FTE", "0..", "capacity given to joint work")
    meeting_time: Floats = flow("agency", "FTE", "0..", "effort that meetings take")
    affordable: Floats = flow("agency", "share", "0..1", "share of meetings it can afford", 1.0)
    work: Floats = flow("stake", "FTE", "0..", "effort on a project")
    service: Floats = flow("forum", "share", "0..1", "service quality that the forum gets")
    structure: Floats = flow("forum", "share", "0..1", "time on structure and process, if it met")
    attended: Flags = flow("seat", "flag", "0..1", "whether a seat was taken this month", dtype=bool)
    spoke: Flags = flow("seat", "flag", "0..1", "whether a seat that was taken spoke up", dtype=bool)
    contact: Floats = flow("tie", "meetings", "0..", "contact on substance")
    unprepared: Floats = flow("tie", "share", "0..1", "share of the contact that nobody prepared")
    absence: Floats = flow("tie", "meetings", "0..", "meetings that the other missed")
    progress_before: Floats = flow("project", "share", "0..1", "progress before this month's work")
    verdict: Array = flow(
        "recommendation",
        "code",
        "0..4",
        "not heard, on the agenda, passed down, accepted, rejected",
        dtype=np.int8,
    )
    vetting: Array = flow("project", "code", "0..4", "what became of its mandate, as verdict", dtype=np.int8)
    consent: Flags = flow("duty", "flag", "0..1", "whether the duty-holder voted for it", dtype=bool)
    line_move: Array = flow(
        "duty",
        "code",
        "0..4",
        "what the line did: nothing, finished, declined, taken up, given up",
        dtype=np.int8,
    )
    kept: Floats = flow("agency", "count", "0..", "duties done this month")
    broken: Floats = flow("agency", "count", "0..", "duties forgotten this month")
    leaving: Flags = flow("agency", "flag", "0..1", "whether key people leave this month", dtype=bool)
    results: Floats = flow("agency", "count", "0..", "recommendations implemented in its projects this month")

    def __init__(self, arrays: Mapping[str, Array], runs: int, reader: str = "") -> None:
        """Take arrays as they are.

        Args:
            arrays: all variables, by name.
            runs: number of runs.
            reader: rule that is handed only these variables, for messages.
        """
        vars(self).update(arrays)
        self.runs, self._reader = runs, reader

    def __getattr__(self, name: str) -> Array:
        reader = "" if name.startswith("__") else vars(self).get("_reader", "")
        if reader:
            raise AttributeError(
                _("rule {rule} reads {name}, which it does not declare", rule=reader, name=name)
            )
        raise AttributeError(_("there is no state variable {name}", name=name))

    def copy(self) -> State:
        """The same arrays in a state of their own."""
        return State(vars(self), self.runs)

    def only(self, names: Iterable[str], reader: str) -> State:
        """A state with only some of the variables, none of which can be changed in place."""
        views = {name: getattr(self, name).view() for name in names}
        for view in views.values():
            view.flags.writeable = False
        return State(views, self.runs, reader)

    def update(self, changes: Changes, rule: str, writes: Set[str] | None = None) -> None:
        """Replace variables.

        Args:
            changes: new values by name, each of the shape of what it replaces.
            rule: who returned them, for messages.
            writes: variables that it may change; default: all there are.

        Raises:
            TypeError: if they are no dict.
            ValueError: if one is no variable, or none that the rule declares to write, has another shape, or
                is no array of numbers.
        """
        own = vars(self)
        if not isinstance(changes, dict):
            raise TypeError(
                _("{rule} returned {it!r}; allowed: a dict of changed variables", rule=rule, it=changes)
            )
        for name, values in changes.items():
            if writes is not None and name not in writes:
                what = _("rule {rule} writes {name}, which it does not declare", rule=rule, name=name)
                raise ValueError(what)
            before = own.get(name)
            if not (
                type(values) is np.ndarray
                and before is not None
                and values.shape == before.shape
                and values.dtype.kind in "fiub"
            ):
                raise _refusal(rule, name, values, before)
            own[name] = values


def _refusal(rule: str, name: str, values: object, before: Array | None) -> ValueError:
    """Why what a rule returned cannot stand in the place of a variable."""
    if before is None:
        return ValueError(_("{rule} returned {name}, which is no state variable", rule=rule, name=name))
    if getattr(values, "shape", ()) != before.shape:
        shapes = {"shape": getattr(values, "shape", ()), "allowed": before.shape}
        return ValueError(
            _("{rule} returned {name} of shape {shape}; allowed: {allowed}", rule=rule, name=name, **shapes)
        )
    what = _("{rule} returned {name} as {kind}", rule=rule, name=name, kind=type(values).__name__)
    dtype = _("an array of the type {dtype}", dtype=before.dtype)
    return ValueError(joined("; ", (what, _("allowed: {allowed}", allowed=dtype))))


def variables() -> dict[str, Variable]:
    """Declarations of the model's own state variables."""
    return {name: value for name, value in vars(State).items() if isinstance(value, Variable)}
