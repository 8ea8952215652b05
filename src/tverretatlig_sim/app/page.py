"""The variables of the page's template: controls as chosen, the lesson, and words for the script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tverretatlig_sim.app.library import Arrangement, Library
from tverretatlig_sim.app.query import BANDED, DEFAULTS, LIMITS, PANES, THEMES, Choice
from tverretatlig_sim.app.view import Document, series_heading
from tverretatlig_sim.i18n import LANGUAGES, label
from tverretatlig_sim.kernel.state import LOSSES, STAGES
from tverretatlig_sim.scenario.levers import Dial

SPEEDS = {"slow": 1200, "normal": 500, "fast": 120}
"""Milliseconds a month."""
SLIDER_STEP = 0.05
"""Step of a slider whose dial is not a whole number."""
SCRIPT_LABELS = """
as_it_is play pause month_of start busy map agency no_forums forum board piece effect effect.many bands
bands.progress bands.waiting bands.chart bands.last story.none story.absent
"""
"""Labels (``app.…``) that the page's script places."""

COOPERATION, PROGRAMME = Arrangement("etatssamarbeidet-2022"), Arrangement("0-24-2018")
LESSON: Mapping[str, Choice] = {
    "life": Choice(COOPERATION, PROGRAMME),
    "funnel": Choice(COOPERATION, PROGRAMME),
    "table": Choice(PROGRAMME, COOPERATION, series="structure_share"),
    "chance": Choice(COOPERATION, PROGRAMME, run=1),
    "lever": Choice(COOPERATION, COOPERATION, pane_b="levers"),
    "opposites": Choice(Arrangement("pure-hierarchy"), Arrangement("pure-network")),
}
"""What each part of the lesson shows, in the order of ``notebooks/lesson.ipynb``. Its heading is the label
``lesson.PART``, its question ``lesson.PART.ask``."""


def lesson_part(part: str, current: Choice) -> Choice:
    """What a part of the lesson shows, in the language and theme of the current choice."""
    return replace(LESSON[part], part=part, lang=current.lang, theme=current.theme)


def spoken(language: str) -> Document:
    """What every page's template needs: its language, the other one, and labels."""
    other = next(code for code in LANGUAGES if code != language)
    return {"lang": language, "other": other, "label": label}


def page(choice: Choice, notices: list[str], library: Library) -> Document:
    """The template's variables.

    Args:
        choice: what is chosen.
        notices: what to say about the address.
        library: what can be chosen.
    """
    return {
        **spoken(choice.lang),
        "choice": choice,
        "notices": notices,
        "parts": [
            {
                "name": part,
                "title": label(f"lesson.{part}"),
                "address": f"?{lesson_part(part, choice).query()}",
            }
            for part in LESSON
        ],
        "sides": [
            _side("a", choice.a, choice.pane_a, library),
            _side("b", choice.b, choice.pane_b, library),
        ],
        "panes": PANES,
        "series": [(name, series_heading(name)) for name in BANDED],
        "themes": THEMES,
        "speeds": SPEEDS,
        "limits": LIMITS,
        "data": {"choice": choice.fields(), "usual": DEFAULTS, "words": _words()},
    }


def _words() -> dict[str, str]:
    """Labels that the script needs, by key."""
    keys = [f"app.{key}" for key in SCRIPT_LABELS.split()]
    keys += [*(f"stage.{stage}" for stage in STAGES), *(f"reason.{loss}" for loss in LOSSES if loss)]
    return {key: label(key) for key in keys}


def _side(side: str, arrangement: Arrangement, pane: str, library: Library) -> Document:
    return {
        "name": side,
        "letter": side.upper(),
        "scenario": arrangement.scenario,
        "options": [
            (name, str(scenario.title), name == arrangement.scenario)
            for name, scenario in library.scenarios.items()
        ],
        "levers": _levers(arrangement, library),
        "dials": [_dial(dial) for dial in library.dials.values()],
        "pane": pane,
    }


def _levers(arrangement: Arrangement, library: Library) -> Mapping[str, list[Document]]:
    """The levers by the report that advises them, each report's in the order of its advice."""
    groups: dict[str, list[Document]] = {}
    for lever in sorted(library.levers.values(), key=lambda lever: lever.source):
        report = label(f"reference.{lever.source.split()[0]}")
        groups.setdefault(report, []).append(
            {
                "name": lever.name,
                "title": str(lever.title),
                "meaning": str(lever.meaning),
                "on": lever.name in arrangement.levers,
            }
        )
    return groups


def _dial(dial: Dial) -> Document:
    """A slider; the script puts it where the arrangement is."""
    return {
        "name": dial.name,
        "title": str(dial.title),
        "meaning": str(dial.meaning),
        "low": f"{dial.bounds.low:g}",
        "high": f"{dial.bounds.high:g}",
        "step": f"{1.0 if dial.bounds.whole else SLIDER_STEP:g}",
    }
