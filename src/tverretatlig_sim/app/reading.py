"""From a query string, whatever it says, to a choice that can be shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from urllib.parse import parse_qs

from tverretatlig_sim.app.choice import BANDED, PARTS, THEMES, Choice, Side, Theme, months
from tverretatlig_sim.app.library import Arrangement, Library
from tverretatlig_sim.app.refusals import refusal
from tverretatlig_sim.app.settings import WRITTEN, dial_of, setting
from tverretatlig_sim.i18n import LANGUAGES, current_language, label, use_language
from tverretatlig_sim.scenario.errors import quoted

WHOLE = re.compile(r"[+-]?[0-9]{1,40}")
"""A whole number; Python refuses to read very many digits, and is slow before that."""
LONGEST = 4000
"""Characters of a query string that are read."""
MOST_LEVERS = 30
LIMITS = {"seed": (0, 2**64 - 1), "run": (0, 999), "runs": (16, 1000)}
"""Whole numbers of the query string, smallest and largest; the month is held within the run."""


@dataclass
class _Reading:
    """A query string on its way to a choice, with what had to be said about it."""

    library: Library
    given: Mapping[str, str]
    notices: list[str] = field(default_factory=list)

    def notice(self, said_as: str, /, **words: object) -> None:
        said = label(f"app.notice.{said_as}", **words).rstrip()
        if said not in self.notices:
            self.notices.append(said)

    def one_of(self, key: str, allowed: Iterable[str], default: str) -> str:
        value, names = self.given.get(key, default), list(allowed)
        if value in names:
            return value
        near = get_close_matches(value[:200], names, n=1)
        hint = label("app.notice.near", name=near[0]) if near else ""
        self.notice("unknown", key=key, value=quoted(value), used=quoted(default), hint=hint)
        return default

    def number(self, key: str, default: int) -> int:
        text = self.given.get(key, "")
        if not text:
            return default
        if not WHOLE.fullmatch(text):
            self.notice("number", key=key, value=quoted(text), used=default)
            return default
        return int(text)

    def limited(self, key: str, default: int) -> int:
        return self.within(key, self.number(key, default), *LIMITS[key])

    def within(self, key: str, value: int, low: int, high: int) -> int:
        held = min(max(value, low), high)
        if held != value:
            self.notice("clamped", key=key, low=low, high=high, used=held)
        return held

    def arrangement(self, side: Side, default: str) -> Arrangement:
        name = self.one_of(side, self.library.scenarios, default)
        asked = [lever for lever in self.given.get(f"with_{side}", "").split(",") if lever]
        known: dict[str, str] = {}  # one setting of each dial, the first
        unknown: list[str] = []
        for lever in asked:
            written = self.written(lever)
            if written is None:
                unknown.append(lever)
            else:
                known.setdefault(dial_of(written) or written, written)
        for lever in unknown[:3]:
            self.notice("lever", value=quoted(lever))
        if len(known) > MOST_LEVERS:
            self.notice("levers", most=MOST_LEVERS, side=side.upper(), left=len(known) - MOST_LEVERS)
        return self.pulled(name, [*known.values()][:MOST_LEVERS])

    def written(self, lever: str) -> str | None:
        """How a lever or the setting of a dial is written; None if there is none of that name."""
        if lever in self.library.levers:
            return lever
        found = WRITTEN.fullmatch(lever)
        dial = self.library.dials.get(found[1]) if found else None
        if found is None or dial is None:
            return None
        value, ends = float(found[2]), (dial.bounds.low, dial.bounds.high)
        held = min(max(value, ends[0]), ends[1])
        if held != value:
            low, high, used = (f"{number:g}" for number in (*ends, held))
            self.notice("clamped", key=dial.name, low=low, high=high, used=used)
        return setting(dial, held)

    def pulled(self, name: str, levers: Sequence[str]) -> Arrangement:
        """With as many of the levers as go together."""
        fitting = self.library.fitting(name, levers)
        for lever, error in fitting.refused:
            self.notice("refused", lever=quoted(lever), reason=refusal(error))
        return fitting.arrangement


def read(query: str, library: Library, accepted: str = "en") -> tuple[Choice, list[str]]:
    """The choice that a query string asks for, and sentences about what in it could not be had.

    Nothing in a query string is an error: what cannot be understood is as by default, numbers are held
    within their limits, levers that cannot be pulled are left.

    Args:
        query: what follows the question mark, at most ``LONGEST`` characters of it are read.
        library: what can be chosen.
        accepted: language of the page if the query names none.
    """
    given = _fields(query[:LONGEST])
    with use_language(next((code for code in LANGUAGES if code == given.get("lang")), accepted)):
        return _chosen(_Reading(library, given), len(query) > LONGEST, accepted)


def _chosen(reading: _Reading, cut: bool, accepted: str) -> tuple[Choice, list[str]]:
    library, given = reading.library, reading.given
    if cut:
        reading.notice("long", longest=LONGEST)
    first, second = _defaults(library)
    reading.one_of("lang", LANGUAGES, accepted)
    month = reading.number("month", 0) if given.get("month") else None
    choice = Choice(
        a=reading.arrangement("a", first),
        b=reading.arrangement("b", second),
        seed=reading.limited("seed", 1),
        run=reading.limited("run", 0),
        runs=reading.limited("runs", 256),
        series=reading.one_of("series", BANDED, BANDED[0]),
        recommendation=given.get("rec", "")[:200],
        part=reading.one_of("part", ("", *PARTS), ""),
        language=current_language(),
        theme=_theme(reading.one_of("theme", THEMES, "auto")),
    )
    last = months(choice, library)
    held = None if month is None else reading.within("month", month, 1, last)
    return replace(choice, month=held), reading.notices


def _fields(query: str) -> dict[str, str]:
    """The first value of each field; empty for a query that cannot be parsed."""
    try:
        return {key: values[0].strip() for key, values in parse_qs(query, max_num_fields=50).items()}
    except ValueError:
        return {}


def _defaults(library: Library) -> tuple[str, str]:
    names = [*library.own, "0-24-2018", "etatssamarbeidet-2022"]
    first, second = list(dict.fromkeys(names))[:2]
    return first, second


def _theme(name: str) -> Theme:
    named: Callable[[Theme], bool] = name.__eq__
    return next(filter(named, THEMES))
