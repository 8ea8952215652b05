"""What the page's template is filled with: controls as chosen, and the words the browser needs."""

from __future__ import annotations

from collections.abc import Iterator

from tverretatlig_sim.app.choice import BANDED, SIDES, THEMES, USUAL, Choice, Side
from tverretatlig_sim.app.lesson import SET_UP, set_up
from tverretatlig_sim.app.library import Arrangement, Library
from tverretatlig_sim.app.reading import LIMITS
from tverretatlig_sim.app.settings import dial_of, step
from tverretatlig_sim.app.view import Document, series_heading
from tverretatlig_sim.kernel.state import LOSSES, STAGES
from tverretatlig_sim.scenario.levers import Dial
from tverretatlig_sim.show.app_words import APP
from tverretatlig_sim.show.labels import LANGUAGES, Language, label

SPEEDS = {"slow": 1200, "normal": 500, "fast": 120}
"""Milliseconds a month."""


def page(choice: Choice, notices: list[str], library: Library) -> Document:
    """The template's variables.

    Args:
        choice: what is chosen.
        notices: what to tell about the address.
        library: what can be chosen.
    """
    lang = choice.lang
    return {
        "lang": lang,
        "other": next(name for name in LANGUAGES if name != lang),
        "choice": choice,
        "notices": notices,
        "words": {key: label(key, lang) for key in APP},
        "parts": list(_parts(choice)),
        "sides": [_side(side, choice, library) for side in SIDES],
        "series": [(name, series_heading(name, lang)) for name in BANDED],
        "themes": THEMES,
        "speeds": SPEEDS,
        "limits": LIMITS,
        "data": {"choice": choice.fields(), "usual": USUAL, "words": spoken(lang)},
    }


def spoken(lang: Language) -> dict[str, str]:
    """Labels that the browser needs."""
    keys = [*APP, *(f"stage.{stage}" for stage in STAGES), *(f"reason.{loss}" for loss in LOSSES if loss)]
    return {key: label(key, lang) for key in keys if not key.startswith(("app.notice", "lesson"))}


def _parts(choice: Choice) -> Iterator[Document]:
    for part in SET_UP:
        yield {
            "name": part,
            "title": label(f"lesson.{part}", choice.lang),
            "address": "?" + set_up(part, choice).query(),
        }


def _side(side: Side, choice: Choice, library: Library) -> Document:
    arrangement, lang = choice.side(side), choice.lang
    return {
        "name": side,
        "letter": side.upper(),
        "options": [
            (name, getattr(scenario.title, lang), name == arrangement.scenario)
            for name, scenario in library.scenarios.items()
        ],
        "levers": [
            {
                "name": name,
                "title": getattr(lever.title, lang),
                "meaning": getattr(lever.meaning, lang),
                "on": name in arrangement.levers,
            }
            for name, lever in sorted(library.levers.items(), key=lambda item: getattr(item[1].title, lang))
        ],
        "dials": [_dial(dial, arrangement, lang) for dial in library.dials.values()],
    }


def _dial(dial: Dial, arrangement: Arrangement, lang: Language) -> Document:
    """A slider; in the middle, where it is not set."""
    bounds = dial.bounds
    written = next((lever for lever in arrangement.levers if dial_of(lever) == dial.name), "")
    middle = bounds.high if bounds.whole else (bounds.low + bounds.high) / 2
    return {
        "name": dial.name,
        "title": getattr(dial.title, lang),
        "meaning": getattr(dial.meaning, lang),
        "low": f"{bounds.low:g}",
        "high": f"{bounds.high:g}",
        "step": f"{step(dial):g}",
        "value": written.partition("=")[2] or f"{middle:g}",
        "on": bool(written),
    }
