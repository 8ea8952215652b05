"""The variables of the page's template: controls as chosen, the lesson, and words for the script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tverretatlig_sim.app.library import Arrangement, Library, name_of
from tverretatlig_sim.app.query import BANDED, DEFAULTS, LIMITS, THEMES, Choice
from tverretatlig_sim.app.view import Document, series_heading
from tverretatlig_sim.i18n import LANGUAGES, label
from tverretatlig_sim.kernel.state import LOSSES, STAGES
from tverretatlig_sim.scenario.levers import Dial

SPEEDS = {"slow": 1200, "normal": 500, "fast": 120}
"""Milliseconds a month."""
SLIDER_STEP = 0.05
"""Step of a slider whose dial is not a whole number."""
SCRIPT_LABELS = """
pulled none_pulled set none_set as_it_is play pause month month_of busy map agency no_forums forum board
piece bands bands.progress bands.waiting bands.chart bands.last story.none story.absent
"""
"""Labels (``app.…``) that the page's script places."""

COOPERATION, PROGRAMME = Arrangement("etatssamarbeidet-2022"), Arrangement("0-24-2018")
LESSON: Mapping[str, Choice] = {
    "life": Choice(COOPERATION, PROGRAMME, month=1),
    "funnel": Choice(COOPERATION, PROGRAMME),
    "table": Choice(PROGRAMME, COOPERATION, series="structure_share"),
    "chance": Choice(COOPERATION, PROGRAMME, run=1),
    "lever": Choice(COOPERATION, Arrangement(COOPERATION.scenario, ("line-calibration",))),
    "opposites": Choice(Arrangement("pure-hierarchy"), Arrangement("pure-network")),
}
"""What each part of the lesson shows, in the order of ``notebooks/lesson.ipynb``. Its heading is the label
``lesson.PART``, its question ``lesson.PART.ask``."""


def lesson_part(part: str, current: Choice) -> Choice:
    """What a part of the lesson shows, in the language and theme of the current choice."""
    return replace(LESSON[part], part=part, lang=current.lang, theme=current.theme)


def page(choice: Choice, notices: list[str], library: Library) -> Document:
    """The template's variables.

    Args:
        choice: what is chosen.
        notices: what to say about the address.
        library: what can be chosen.
    """
    return {
        "lang": choice.lang,
        "other": next(code for code in LANGUAGES if code != choice.lang),
        "choice": choice,
        "notices": notices,
        "label": label,
        "parts": [
            {
                "name": part,
                "title": label(f"lesson.{part}"),
                "address": f"?{lesson_part(part, choice).query()}",
            }
            for part in LESSON
        ],
        "sides": [_side(side, arrangement, library) for side, arrangement in choice.sides.items()],
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


def _side(side: str, arrangement: Arrangement, library: Library) -> Document:
    levers = [
        {
            "name": name,
            "title": str(lever.title),
            "meaning": str(lever.meaning),
            "on": name in arrangement.levers,
        }
        for name, lever in library.levers.items()
    ]
    return {
        "name": side,
        "letter": side.upper(),
        "options": [
            (name, str(scenario.title), name == arrangement.scenario)
            for name, scenario in library.scenarios.items()
        ],
        "levers": sorted(levers, key=lambda lever: str(lever["title"])),
        "dials": [_dial(dial, arrangement) for dial in library.dials.values()],
    }


def _dial(dial: Dial, arrangement: Arrangement) -> Document:
    """A slider; in the middle, where it is not set."""
    low, high, whole = dial.bounds.low, dial.bounds.high, dial.bounds.whole
    setting = next((lever for lever in arrangement.levers if name_of(lever) == dial.name), "")
    middle = high if whole else (low + high) / 2
    return {
        "name": dial.name,
        "title": str(dial.title),
        "meaning": str(dial.meaning),
        "low": f"{low:g}",
        "high": f"{high:g}",
        "step": f"{1.0 if whole else SLIDER_STEP:g}",
        "value": setting.partition("=")[2] or f"{middle:g}",
        "on": bool(setting),
    }
