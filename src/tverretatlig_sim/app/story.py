"""What happened to a recommendation in one run, told in words from its transitions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tverretatlig_sim.app.query import Choice
from tverretatlig_sim.app.simulation import Recommendation, Simulator, title_of
from tverretatlig_sim.i18n import label

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
    told: dict[str, Any] = {}
    for side, history in simulator.histories(choice).items():
        chosen = [one for one in history.recommendations if one.name == choice.recommendation]
        told[side] = story(chosen[0]) if chosen else None
    return told


def story(recommendation: Recommendation) -> dict[str, Any]:
    """A recommendation's title, facts and events, in the current language.

    Args:
        recommendation: with what happened to it.

    Returns:
        ``title``, ``facts`` and ``events``; an event has a ``text`` and a ``month`` from 1, or 0 for how
        things stand at the end.
    """
    duties = ", ".join(recommendation.holders)
    facts = [label("app.story.facts", lead=recommendation.project.lead, duties=duties)]
    facts += [label("app.story.gated")] if recommendation.gated else []
    facts += [label("app.story.municipal")] if recommendation.municipal else []
    events = [*_events(recommendation), *_end(recommendation)]
    return {
        "title": recommendation.title,
        "facts": " ".join(facts),
        "events": [{"month": month, "text": text} for month, text in events],
    }


def _events(recommendation: Recommendation) -> Iterator[tuple[int, str]]:
    bodies = [label("line") if forum is None else title_of(forum) for forum in recommendation.route]
    for move in recommendation.transitions:
        key = move.reason or move.stage
        event = label(
            f"app.event.{key}",
            route=" → ".join(bodies),
            rounds=label("app.event.rounds", n=recommendation.rounds),
            duties=", ".join(recommendation.holders),
        )
        phase = label(f"app.phase.{PHASES[key]}")
        yield move.month, label("app.event", date=move.date, month=move.month, phase=phase, event=event)


def _end(recommendation: Recommendation) -> Iterator[tuple[int, str]]:
    """Where a recommendation stands that is neither implemented nor dropped."""
    stage = recommendation.stage
    if stage == "planned" and recommendation.delivered is not None:
        month, date = recommendation.delivered
        yield month, label("app.end.not_drafted", date=date)
    elif stage not in {"implemented", "dropped"}:
        agencies = recommendation.waiting if stage == "handed_over" else recommendation.open
        yield 0, label(f"app.end.{stage}", agencies=", ".join(agencies))
