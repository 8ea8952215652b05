"""What the page's template is filled with: controls as chosen, and the words the browser needs."""

from __future__ import annotations

from collections.abc import Iterator

from tverretatlig_sim.app.choice import BANDED, SIDES, THEMES, USUAL, Choice, Side
from tverretatlig_sim.app.lesson import SET_UP, set_up
from tverretatlig_sim.app.library import Arrangement, Library
from tverretatlig_sim.app.reading import LIMITS
from tverretatlig_sim.app.settings import dial_of, step
from tverretatlig_sim.app.view import Document, series_heading
from tverretatlig_sim.i18n import LANGUAGES, label
from tverretatlig_sim.kernel.state import LOSSES, STAGES
from tverretatlig_sim.scenario.levers import Dial

SPEEDS = {"slow": 1200, "normal": 500, "fast": 120}
"""Milliseconds a month."""
IN_BROWSER = """
pulled none_pulled set none_set as_it_is play pause month month_of busy lost map agency no_forums forum board
piece bands bands.progress bands.waiting bands.chart bands.last story story.none story.absent
"""
"""Labels (``app.…``) that the page's script places."""


def page(choice: Choice, notices: list[str], library: Library) -> Document:
    """The template's variables.

    Args:
        choice: what is chosen.
        notices: what to tell about the address.
        library: what can be chosen.
    """
    return {
        "lang": choice.language,
        "other": next(name for name in LANGUAGES if name != choice.language),
        "choice": choice,
        "notices": notices,
        "label": label,
        "parts": list(_parts(choice)),
        "sides": [_side(side, choice, library) for side in SIDES],
        "series": [(name, series_heading(name)) for name in BANDED],
        "themes": THEMES,
        "speeds": SPEEDS,
        "limits": LIMITS,
        "data": {"choice": choice.fields(), "usual": USUAL, "words": spoken()},
    }


def spoken() -> dict[str, str]:
    """Labels that the browser needs."""
    keys = [f"app.{key}" for key in IN_BROWSER.split()]
    keys += [*(f"stage.{stage}" for stage in STAGES), *(f"reason.{loss}" for loss in LOSSES if loss)]
    return {key: label(key) for key in keys}


def _parts(choice: Choice) -> Iterator[Document]:
    for part in SET_UP:
        yield {
            "name": part,
            "title": label(f"lesson.{part}"),
            "address": "?" + set_up(part, choice).query(),
        }


def _side(side: Side, choice: Choice, library: Library) -> Document:
    arrangement = choice.side(side)
    return {
        "name": side,
        "letter": side.upper(),
        "options": [
            (name, str(scenario.title), name == arrangement.scenario)
            for name, scenario in library.scenarios.items()
        ],
        "levers": [
            {
                "name": name,
                "title": str(lever.title),
                "meaning": str(lever.meaning),
                "on": name in arrangement.levers,
            }
            for name, lever in sorted(library.levers.items(), key=lambda item: str(item[1].title))
        ],
        "dials": [_dial(dial, arrangement) for dial in library.dials.values()],
    }


def _dial(dial: Dial, arrangement: Arrangement) -> Document:
    """A slider; in the middle, where it is not set."""
    bounds = dial.bounds
    written = next((lever for lever in arrangement.levers if dial_of(lever) == dial.name), "")
    middle = bounds.high if bounds.whole else (bounds.low + bounds.high) / 2
    return {
        "name": dial.name,
        "title": str(dial.title),
        "meaning": str(dial.meaning),
        "low": f"{bounds.low:g}",
        "high": f"{bounds.high:g}",
        "step": f"{step(dial):g}",
        "value": written.partition("=")[2] or f"{middle:g}",
        "on": bool(written),
    }
