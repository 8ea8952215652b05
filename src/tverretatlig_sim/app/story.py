"""What happened to a recommendation in one run, told in words from its transitions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tverretatlig_sim.app.query import Choice
from tverretatlig_sim.app.simulation import Recommendation, Simulator, title_of
from tverretatlig_sim.i18n import label
from tverretatlig_sim.kernel.state import WAITING, WORKING

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
        event = label(
            f"app.event.{key}",
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
