"""What happened to a recommendation, told in words from its transitions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tverretatlig_sim.app.frames import Frames
from tverretatlig_sim.arrays import NONE
from tverretatlig_sim.ensemble.ensemble import transitions
from tverretatlig_sim.i18n import label
from tverretatlig_sim.kernel.state import STAGES, WAITING, WORKING
from tverretatlig_sim.scenario.schema import Project
from tverretatlig_sim.world.tables import LINE

PHASES = {
    "drafted": "work",
    "decided": "decide",
    "handed_over": "decide",
    "adopted": "implement",
    "implemented": "implement",
    "disagreement": "decide",
    "ministries": "decide",
    "line": "implement",
    "municipalities": "implement",
}
"""Phase of the month in which a transition, or a loss for a reason, comes about."""


@dataclass(frozen=True)
class Event:
    """A transition in words; ``month`` counts from 1, and is 0 for how things stand at the end."""

    month: int
    text: str


@dataclass(frozen=True)
class Story:
    """A recommendation's heading, what is to be known about it, and what happened."""

    title: str
    facts: str
    events: tuple[Event, ...]


def title_of(frames: Frames, row: int) -> str:
    """What a recommendation is called: its project's title and its number or name."""
    project = _project(frames, row)
    title = str(project.title) if project.title else project.name
    own = frames.world.recommendations.names[row].removeprefix(f"{project.name}/")
    return f"{title} · {own.lstrip('0') if own.isdigit() else own}"


def story(frames: Frames, name: str) -> Story | None:
    """The story of a recommendation; None if the scenario has none of that name.

    Args:
        frames: the history.
        name: of the recommendation.
    """
    names = frames.world.recommendations.names
    if name not in names:
        return None
    row = names.index(name)
    happened = [*_events(frames, row)]
    return Story(title_of(frames, row), _facts(frames, row), (*happened, *_end(frames, row)))


def _project(frames: Frames, row: int) -> Project:
    name = frames.world.projects.names[frames.world.recommendations.project[row]]
    return next(project for project in frames.scenario.portfolio.project if project.name == name)


def _duties(frames: Frames, row: int, *status: int) -> str:
    """Names of the duty-holders, or of those whose duty has one of some statuses now."""
    duties = frames.world.duties
    held = np.flatnonzero(duties.recommendation == row)
    chosen = [duty for duty in held if not status or frames.last.duty_status[duty, 0] in status]
    return ", ".join(frames.world.agencies.names[duties.agency[duty]] for duty in chosen)


def _facts(frames: Frames, row: int) -> str:
    table = frames.world.recommendations
    said = [label("app.story.facts", lead=_project(frames, row).lead, duties=_duties(frames, row))]
    said += [label("app.story.gated")] if table.gated[row] else []
    said += [label("app.story.municipal")] if table.municipal[row] else []
    return " ".join(said)


def _events(frames: Frames, row: int) -> Iterator[Event]:
    name = frames.world.recommendations.names[row]
    for step in transitions(frames.world, frames.last):
        if step.recommendation != name:
            continue
        key = step.reason or step.to_stage
        event = label(
            f"app.event.{key}",
            route=_route(frames, row),
            rounds=label("app.event.rounds", n=int(frames.last.votes[row, 0])),
            duties=_duties(frames, row),
        )
        month = step.month + 1
        phase = label(f"app.phase.{PHASES[key]}")
        told = label("app.event", date=step.date, month=month, phase=phase, event=event)
        yield Event(month, told)


def _route(frames: Frames, row: int) -> str:
    table = frames.world.recommendations
    bodies = [int(body) for body in table.bodies[table.route[row]] if body != NONE]
    return " → ".join(label("line") if body == LINE else forum_title(frames, body) for body in bodies)


def forum_title(frames: Frames, row: int) -> str:
    """A forum by its title, else its name."""
    name = frames.world.forums.names[row]
    forum = next(forum for forum in frames.scenario.arrangement.forum if forum.name == name)
    return str(forum.title) if forum.title else name


def _end(frames: Frames, row: int) -> Iterator[Event]:
    """Where a recommendation stands that has not come to its end."""
    stage = STAGES[int(frames.last.stage[row, 0])]
    delivered = int(frames.last.delivered_at[frames.world.recommendations.project[row], 0])
    if stage in {"implemented", "dropped"}:
        return
    if stage == "planned" and delivered >= 0:
        date = frames.world.calendar.date(delivered)
        yield Event(delivered + 1, label("app.end.not_drafted", date=date))
        return
    waiting = (
        _duties(frames, row, WAITING) if stage == "handed_over" else _duties(frames, row, WORKING, WAITING)
    )
    yield Event(0, label(f"app.end.{stage}", agencies=waiting))
