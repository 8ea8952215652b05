"""What the page shows, as documents: text ready to be placed, and numbers ready to be drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from tverretatlig_sim.app.choice import BANDED, SIDES, Choice, Side, months
from tverretatlig_sim.app.frames import Frames, Histories, History
from tverretatlig_sim.app.layout import circle
from tverretatlig_sim.app.library import Library
from tverretatlig_sim.app.story import forum_title, story, title_of
from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.ensemble import Unit
from tverretatlig_sim.ensemble.outcomes import MONTH_OF
from tverretatlig_sim.i18n import label
from tverretatlig_sim.kernel.state import LOSSES, STAGES
from tverretatlig_sim.scenario.errors import quoted
from tverretatlig_sim.show.numbers import DECIMALS, number, scaled

Document = dict[str, Any]
UNITS: Mapping[str, Unit] = {
    "implemented_share": "share",
    "trust_mean": "level",
    "ownership_mean": "level",
    "understanding_gap": "level",
    "structure_share": "share",
}
"""Unit of the series that can be shown as bands."""


def headings() -> list[str]:
    """What the rows of ``Side.numbers`` are about."""
    counts = [label(f"app.{key}") for key in ("drafted", "implemented", "under_way", "dropped")]
    return [*counts, *(series_heading(name) for name in BANDED)]


def series_heading(name: str) -> str:
    """A series with its unit."""
    return f"{label(name)} (%)" if UNITS[name] == "share" else label(name)


def view(choice: Choice, histories: Histories, library: Library) -> Document:
    """One history of both arrangements, all months.

    Args:
        choice: what is chosen.
        histories: where the history is from.
        library: what can be chosen.
    """
    length = months(choice, library)
    chosen = {side: History(choice.side(side), length, choice.seed, choice.run) for side in SIDES}
    frames = {side: histories.get(history) for side, history in chosen.items()}
    sides = {side: histories.shown(history, _side) for side, history in chosen.items()}
    recommendations = _recommendations(frames)
    calendar = frames["a"].world.calendar, frames["b"].world.calendar
    return {
        "months": length,
        "month": choice.month or length,
        "headings": headings(),
        "dates": [[dates.date(month) for month in range(length)] for dates in calendar],
        "recommendations": recommendations,
        "notices": _notices(choice, recommendations),
        "a": sides["a"],
        "b": sides["b"],
    }


def _notices(choice: Choice, recommendations: list[list[str]]) -> list[str]:
    if choice.recommendation in {"", *(name for name, _ in recommendations)}:
        return []
    said = label("app.notice.recommendation")
    return [said.format(value=quoted(choice.recommendation))]


def _recommendations(frames: Mapping[Side, Frames]) -> list[list[str]]:
    """Name and title of every recommendation that one of the two has."""
    rows = {
        name: title_of(shown, row)
        for shown in frames.values()
        for row, name in enumerate(shown.world.recommendations.names)
    }
    return [[name, rows[name]] for name in rows]


def _side(frames: Frames) -> Document:
    scenario, world = frames.scenario, frames.world
    return {
        "title": str(scenario.title),
        "summary": str(scenario.summary) if scenario.summary else "",
        "notes": [str(note) for note in scenario.notes],
        **_actors(frames),
        "ties": np.stack([world.ties.source, world.ties.target], axis=1).tolist(),
        "trust": frames.trust.tolist(),
        "ownership": frames.ownership.tolist(),
        "attention": frames.attention.tolist(),
        "forums": _forums(frames),
        "lanes": [_lane(frames, row) for row in range(len(world.recommendations.names))],
        "numbers": list(_numbers(frames)),
        "series": {name: rounded(values) for name, values in frames.series.items()},
    }


def _actors(frames: Frames) -> Document:
    """Agencies and ministries by index in the arrays, with their places on the map."""
    scenario, places = frames.scenario, circle(frames.scenario)
    titles = {
        actor.name: str(actor.title) if actor.title else actor.name
        for actor in (*scenario.ministries, *scenario.beyond_ministries, *scenario.everyone)
    }
    steering = {agency.name: agency.ministry for agency in scenario.everyone}
    members = {agency.name for agency in scenario.agencies}
    return {
        "agencies": [
            {
                "name": name,
                "title": titles[name],
                "ministry": steering[name],
                "core": name in scenario.core,
                "member": name in members,
                "angle": round(places.agencies[name], 4),
            }
            for name in frames.world.agencies.names
        ],
        "ministries": [
            {"name": name, "title": titles[name], "arc": [round(end, 4) for end in places.ministries[name]]}
            for name in frames.world.ministries.names
        ],
    }


def _forums(frames: Frames) -> list[Document]:
    world = frames.world
    meets = [set(world.calendar[month].meeting.forums.tolist()) for month in range(world.months)]
    return [
        {
            "title": forum_title(frames, row),
            "seats": world.seats.agency[world.seats.forum == row].tolist(),
            "meets": [month + 1 for month, forums in enumerate(meets) if row in forums],
        }
        for row in range(len(world.forums.names))
    ]


def _lane(frames: Frames, row: int) -> Document:
    """A recommendation: its stage from each month on, and the reason if it was dropped."""
    moves = [
        [int(getattr(frames.last, variable)[row, 0]) + 1, STAGES.index(stage)]
        for stage, variable in MONTH_OF.items()
        if getattr(frames.last, variable)[row, 0] >= 0
    ]
    return {
        "name": frames.world.recommendations.names[row],
        "title": title_of(frames, row),
        "project": int(frames.world.recommendations.project[row]),
        "moves": moves,
        "loss": LOSSES[int(frames.last.loss[row, 0])],
    }


def _numbers(frames: Frames) -> Iterator[list[str]]:
    """The numbers of each month as readers see them, in the order of the headings."""
    for month, stages in enumerate(frames.stages):
        counts = [stages[1:].sum(), stages[5], stages[1:5].sum(), stages[6]]
        # What was dropped had been drafted; what is still planned had not.
        yield [
            *(number(count, 0) for count in counts),
            *(shown(frames.series[name][month], UNITS[name]) for name in BANDED),
        ]


def shown(value: float, kind: Unit) -> str:
    """A number as readers see it."""
    return number(scaled(value, kind), DECIMALS[kind])


def rounded(values: Floats) -> list[Any]:
    """Values of four decimals, None where there is none."""
    known = np.round(values, 4).astype(object)
    known[np.isnan(values)] = None
    listed: list[Any] = known.tolist()
    return listed


def stories(choice: Choice, histories: Histories, library: Library) -> Document:
    """The story of the chosen recommendation in both arrangements; None where there is none."""
    length = months(choice, library)
    told: Document = {}
    for side in SIDES:
        frames = histories.get(History(choice.side(side), length, choice.seed, choice.run))
        found = story(frames, choice.recommendation)
        told[side] = None if found is None else asdict(found)
    return told
