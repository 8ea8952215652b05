"""The single run of both sides as documents: what is drawn, and the story of a recommendation in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import pi
from typing import Any

import numpy as np

from tverretatlig_sim.app.query import BANDED, Choice
from tverretatlig_sim.app.simulation import History, Recommendation, Simulator, title_of
from tverretatlig_sim.arrays import Floats
from tverretatlig_sim.i18n import label
from tverretatlig_sim.kernel.state import STAGES, WAITING, WORKING
from tverretatlig_sim.scenario import Scenario
from tverretatlig_sim.scenario.errors import quoted
from tverretatlig_sim.scenario.schema import Ministry
from tverretatlig_sim.show.rows import Value, Word, number

Document = dict[str, Any]
GAP = 0.6
"""Room between two ministries on the map, in places of agencies."""


def view(choice: Choice, simulator: Simulator) -> Document:
    """The single run of both sides, all months.

    Args:
        choice: what is chosen.
        simulator: simulates it.
    """
    histories = simulator.histories(choice)
    titles = {one.name: one.title for history in histories.values() for one in history.recommendations}
    months = len(histories["a"].dates)
    notices = []
    if choice.rec not in {"", *titles}:
        notices.append(label("app.notice.recommendation", value=quoted(choice.rec)))
    return {
        "months": months,
        "month": months if choice.month is None else choice.month,
        "headings": headings(),
        "dates": [list(history.dates) for history in histories.values()],
        "recommendations": [[name, title] for name, title in titles.items()],
        "notices": notices,
        **{side: _side(history) for side, history in histories.items()},
    }


def headings() -> list[str]:
    """What the rows of ``numbers`` are about."""
    counts = [label(f"app.{key}") for key in ("drafted", "implemented", "under_way", "dropped")]
    return [*counts, *(series_heading(name) for name in BANDED)]


def series_heading(name: str) -> str:
    """A banded series with its unit."""
    return str(Word(name, unit=BANDED[name]))


def _side(history: History) -> Document:
    scenario = history.scenario
    return {
        "title": str(scenario.title),
        "summary": str(scenario.summary or ""),
        "notes": [str(note) for note in scenario.notes],
        **_actors(history),
        "ties": history.ties.tolist(),
        **{name: values.tolist() for name, values in history.percent.items()},
        "forums": [
            {"title": title_of(forum), "seats": list(seats), "meets": list(months)}
            for forum, seats, months in history.forums
        ],
        "lanes": [_lane(recommendation) for recommendation in history.recommendations],
        "numbers": list(_numbers(history)),
        "series": {name: rounded(values) for name, values in history.series.items()},
    }


def _actors(history: History) -> Document:
    """Agencies and ministries in the order of the arrays, with their places on the map."""
    scenario = history.scenario
    angles, arcs = circle(scenario)
    agencies = {agency.name: agency for agency in scenario.everyone}
    ministries = {m.name: m for m in (*scenario.ministries, *scenario.beyond_ministries)}
    members = {agency.name for agency in scenario.agencies}
    return {
        "agencies": [
            {
                "name": title_of(agencies[name]) if " " in name else name,
                "title": title_of(agencies[name]),
                "ministry": abbreviated(ministries[agencies[name].ministry]),
                "core": name in scenario.core,
                "member": name in members,
                "angle": round(angles[name], 4),
            }
            for name in history.agencies
        ],
        "ministries": [
            {"name": name, "title": title_of(ministries[name]), "arc": [round(end, 4) for end in arcs[name]]}
            for name in history.ministries
        ],
    }


def abbreviated(ministry: Ministry) -> str:
    """Its abbreviation, else its title in the current language."""
    return ministry.name if ministry.name.isupper() else title_of(ministry)


def circle(scenario: Scenario) -> tuple[Mapping[str, float], Mapping[str, tuple[float, float]]]:
    """Places on the map, in radians clockwise from the top; agencies of one ministry stand side by side.

    Ministries come in the scenario's order, the municipal chain last; in each, core agencies first. One that
    steers nobody and has a seat takes the place of one agency.

    Args:
        scenario: whose actors are placed.

    Returns:
        The angle of each agency, and first and last angle of each ministry's arc, by name.
    """
    everyone = sorted(scenario.everyone, key=lambda agency: (agency.name not in scenario.core, agency.name))
    ministries = [it.name for it in (*scenario.ministries, *scenario.beyond_ministries)]
    idle = {*ministries} - {agency.ministry for agency in everyone}
    step = 2 * pi / (len(everyone) + len(idle) + GAP * len(ministries))
    angles: dict[str, float] = {}
    arcs: dict[str, tuple[float, float]] = {}
    position = (GAP + 1) / 2
    for ministry in ministries:
        agencies = [agency.name for agency in everyone if agency.ministry == ministry]
        places = max(1, len(agencies))
        angles |= {agency: step * (position + row) for row, agency in enumerate(agencies)}
        arcs[ministry] = step * (position - 0.4), step * (position + places - 0.6)
        position += places + GAP
    return angles, arcs


def _lane(recommendation: Recommendation) -> Document:
    """A recommendation: its stage from each month on, and the reason if it was dropped."""
    moves = recommendation.moves
    return {
        "name": recommendation.name,
        "title": recommendation.title,
        "project": recommendation.position,
        "moves": [[move.month + 1, STAGES.index(move.to_stage)] for move in moves],
        "loss": moves[-1].reason if moves else "",
    }


def _numbers(history: History) -> Iterator[list[str]]:
    """The numbers of each month as readers see them, in the order of the headings."""
    for month, stages in enumerate(history.stages):
        # What was dropped had been drafted; what is still planned had not.
        counts = [stages[1:].sum(), stages[5], stages[1:5].sum(), stages[6]]
        series = [str(Value(history.series[name][month], unit)) for name, unit in BANDED.items()]
        yield [*(number(count, 0) for count in counts), *series]


def rounded(values: Floats) -> list[Any]:
    """Values of four decimals, None where there is none."""
    cells = np.round(values, 4).astype(object)
    cells[np.isnan(values)] = None
    return list(cells.tolist())


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


def stories(choice: Choice, simulator: Simulator) -> dict[str, Any]:
    """The story of the chosen recommendation on both sides; None where there is no such recommendation.

    Args:
        choice: what is chosen.
        simulator: simulates it.
    """
    told: dict[str, Any] = dict.fromkeys(choice.sides)
    for side, history in simulator.histories(choice).items():
        for recommendation in history.recommendations:
            if recommendation.name == choice.rec:
                told[side] = story(recommendation, history.dates)
    return told


def story(recommendation: Recommendation, dates: Sequence[str]) -> dict[str, Any]:
    """A recommendation's title, facts and events, in the current language.

    Args:
        recommendation: with what happened to it.
        dates: of each month.

    Returns:
        ``title``, ``facts`` and ``events``; an event has a ``text`` and a ``month`` from 1, or 0 for how
        things stand at the end.
    """
    facts = [
        label("app.story.facts", lead=recommendation.project.lead, duties=", ".join(recommendation.duties))
    ]
    facts += [label("app.story.gated")] if recommendation.gated else []
    facts += [label("app.story.municipal")] if recommendation.municipal else []
    events = [*_events(recommendation), *_end(recommendation, dates)]
    return {
        "title": recommendation.title,
        "facts": " ".join(facts),
        "events": [{"month": month, "text": text} for month, text in events],
    }


def _events(recommendation: Recommendation) -> Iterator[tuple[int, str]]:
    bodies = [label("line") if forum is None else title_of(forum) for forum in recommendation.route]
    for move in recommendation.moves:
        key, month = move.reason or move.to_stage, move.month + 1
        ways = {"refused": move.refused_by, "forgotten": move.forgotten_by}
        lines = [label(f"app.event.{way}", agencies=agencies) for way, agencies in ways.items() if agencies]
        event = label(
            f"app.event.{key}",
            lines="; ".join(lines),
            route=" → ".join(bodies),
            rounds=label("app.event.rounds", n=recommendation.rounds),
            duties=", ".join(recommendation.duties),
        )
        phase = label(f"app.phase.{PHASES[key]}")
        yield month, label("app.event", date=move.date, month=month, phase=phase, event=event)


def _end(recommendation: Recommendation, dates: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Where a recommendation stands that is neither implemented nor dropped."""
    stage = recommendation.moves[-1].to_stage if recommendation.moves else "planned"
    if stage == "planned" and recommendation.delivered:
        yield recommendation.delivered, label("app.end.not_drafted", date=dates[recommendation.delivered - 1])
    elif stage not in {"implemented", "dropped"}:
        unfinished = (WAITING,) if stage == "handed_over" else (WORKING, WAITING)
        agencies = [agency for agency, status in recommendation.duties.items() if status in unfinished]
        yield 0, label(f"app.end.{stage}", agencies=", ".join(agencies))
