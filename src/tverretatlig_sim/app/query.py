"""The address: reading a query string into a choice that can be shown, and writing a choice as one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from operator import itemgetter
from typing import TypeVar
from urllib.parse import parse_qs, urlencode

from tverretatlig_sim.app.library import SETTING, Arrangement, Library, name_of, refusal, setting
from tverretatlig_sim.ensemble import Unit
from tverretatlig_sim.i18n import LANGUAGES, current_language, label
from tverretatlig_sim.scenario.errors import quoted

N = TypeVar("N", int, float)

SIDES = ("a", "b")
LAST = "last"
THEMES = ("auto", "light", "dark")
PANES = ("map", "levers", "dials", "story")
"""What can be open under the recommendations of a side."""
PARTS = ("life", "funnel", "table", "chance", "lever", "opposites")
"""Parts of the lesson, whose questions the page can ask."""
BANDED: Mapping[str, Unit] = {
    "implemented_share": "share",
    "trust_mean": "level",
    "ownership_mean": "level",
    "understanding_gap": "level",
    "structure_share": "share",
}
"""Monthly series that can be shown as bands, with their units."""

LIMITS = {"seed": (0, 2**64 - 1), "run": (0, 999), "runs": (16, 1000)}
"""Smallest and largest value of whole numbers; the month is held within the length of the run."""
WHOLE = re.compile(r"[+-]?[0-9]{1,40}")
"""A whole number; Python refuses to read very many digits, and is slow before that."""
MOST_CHARACTERS = 16_000
"""Characters of a query string that are read."""
MOST_LEVERS = 30
MOST_LINES = 60
"""Lines of a change that are read."""
MONTH = re.compile(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])")

TODAY = "etatssamarbeidet-2025"
"""The arrangement that is changed, unless another one is named."""
MOST_HEADER = 400
"""Characters of an ``Accept-Language`` header that are read."""
PAGE_LANGUAGE = {**{code: code for code in LANGUAGES}, "nn": "nb", "no": "nb"}
"""Language of the page by that of the browser; readers of Nynorsk get Bokmål."""
ACCEPTED = re.compile(
    r"(?:^|,)\s*([a-z]{1,8})(?:-[a-z0-9-]{1,30})?\s*(?:;\s*q=([01](?:\.[0-9]{0,3})?)\s*)?(?=,|$)", re.I
)


@dataclass(frozen=True)
class Choice:
    """Everything that is chosen on the page, by the names that the address has for it.

    Attributes:
        a, b: the two arrangements.
        seed: of the draws.
        run: number of the single run that is shown; runs 0 … ``runs`` − 1 make the bands.
        month: month shown, from 1; 0 before the first, None for the last, ``last`` in the address.
        series: which series the bands show.
        rec: name of the recommendation whose story is told; empty for none.
        part: part of the lesson whose question is asked; empty for none.
        pane_a, pane_b: what is open on each side, of ``PANES``.
        lang, theme: of the page.
    """

    a: Arrangement
    b: Arrangement
    seed: int = 1
    run: int = 0
    runs: int = 256
    month: int | None = 0
    series: str = "implemented_share"
    rec: str = ""
    part: str = ""
    pane_a: str = "map"
    pane_b: str = "map"
    lang: str = "en"
    theme: str = "auto"

    @property
    def sides(self) -> dict[str, Arrangement]:
        """The two arrangements by side, ``a`` and ``b``."""
        return {"a": self.a, "b": self.b}

    def fields(self) -> dict[str, str]:
        """The choice as the fields of a query string."""
        plain = {key: LAST if value is None else str(value) for key, value in vars(self).items()}
        scenarios = {side: arrangement.scenario for side, arrangement in self.sides.items()}
        levers = {f"with_{side}": ",".join(arrangement.levers) for side, arrangement in self.sides.items()}
        lines = {f"do_{side}": "\n".join(arrangement.lines) for side, arrangement in self.sides.items()}
        since = {f"since_{side}": arrangement.since for side, arrangement in self.sides.items()}
        return {
            **scenarios,
            **levers,
            **lines,
            **since,
            **{key: plain[key] for key in plain if key not in SIDES},
        }

    def query(self, **changes: str) -> str:
        """The query string that gives this choice; defaults are left out.

        Args:
            changes: fields that are to differ.
        """
        fields = {**self.fields(), **changes}
        return urlencode(
            {key: text for key, text in fields.items() if text != DEFAULTS.get(key, "")}, safe=",/"
        )


@dataclass(frozen=True)
class Change(Choice):
    """A base, the first side, and its change, the second; runs are those of the brief.

    Attributes:
        robust: whether the brief tries its answer in other parameter sets.
    """

    runs: int = 500
    robust: bool = True

    @property
    def rest(self) -> dict[str, str]:
        """What is asked besides lines, by its name in a query string; defaults are left out."""
        given = {"since": self.b.since, "lang": self.lang, "theme": self.theme, "runs": str(self.runs)}
        usual = {"theme": Change.theme, "runs": str(Change.runs), "since": ""}
        robust = {} if self.robust else {"robust": "false"}
        return {key: text for key, text in given.items() if text != usual.get(key)} | robust

    def query(self, **changes: str) -> str:
        """The query string that ``read_change`` reads as this choice.

        Args:
            changes: fields that are to differ.
        """
        rest = {**self.rest, **changes}
        lines = (("do", line) for line in self.b.lines)
        return urlencode([("base", self.a.scenario), *lines, *rest.items()])


DEFAULTS = {
    key: text for key, text in Choice(Arrangement(""), Arrangement(""), lang="").fields().items() if text
}
"""Fields that a query string may leave out, besides empty ones. The language is always written."""


def accepted_language(header: str) -> str:
    """The preferred language of an ``Accept-Language`` header that the page has; English if there is none.

    Args:
        header: as the browser sent it, e.g. ``nn-NO,nb;q=0.9,en;q=0.5``.
    """
    ranges = [
        (float(weight or 1), PAGE_LANGUAGE.get(code.lower()))
        for code, weight in ACCEPTED.findall(header[:MOST_HEADER])
    ]
    spoken = [(weight, code) for weight, code in ranges if code is not None and weight > 0]
    return max(spoken, key=itemgetter(0), default=(1.0, "en"))[1]


def page_language(query: str, header: str) -> str:
    """The language that a query string names, else the browser's.

    Args:
        query: what follows the question mark.
        header: ``Accept-Language`` as the browser sent it.
    """
    named = _fields(query).get("lang")
    return named if named in LANGUAGES else accepted_language(header)


def read(query: str, library: Library) -> tuple[Choice, list[str]]:
    """The choice that a query string asks for, and notices, in the current language, about the rest.

    Nothing in a query string is an error: what is not understood becomes the default, numbers are held within
    their limits, levers that cannot be applied are left out.

    Args:
        query: what follows the question mark; at most ``MOST_CHARACTERS`` of it are read.
        library: what can be chosen.
    """
    reader = _Reader(library, _fields(query))
    if len(query) > MOST_CHARACTERS:
        reader.notice("long", longest=MOST_CHARACTERS)
    reader.one_of("lang", LANGUAGES, current_language())
    defaults = dict.fromkeys([*library.own, "0-24-2018", "etatssamarbeidet-2022"])
    a = reader.arrangement("a", next(it for it in defaults if it != reader.fields.get("b")))
    b = reader.arrangement("b", next(it for it in (*[*defaults][1:], *defaults) if it != a.scenario))
    months = library.months(a, b)
    choice = Choice(
        a,
        b,
        month=None if reader.fields.get("month") == LAST else reader.whole("month", 0, months),
        series=reader.one_of("series", BANDED),
        rec=reader.fields.get("rec", "")[:200],
        part=reader.one_of("part", ("", *PARTS)),
        pane_a=reader.one_of("pane_a", PANES),
        pane_b=reader.one_of("pane_b", PANES),
        lang=current_language(),
        theme=reader.one_of("theme", THEMES),
        **{key: reader.whole(key, *limits) for key, limits in LIMITS.items()},
    )
    return choice, reader.notices


def read_change(query: str, library: Library) -> tuple[Change, list[str]]:
    """A base, the first side, and its change, the second, that a query string asks for; notices as ``read``.

    Args:
        query: ``base=NAME&do=LINE&do=LINE…&since=MONTH``, with ``lang``, ``theme``, ``runs`` and ``robust``.
        library: what can be chosen.
    """
    reader, given = _Reader(library, _fields(query)), _parsed(query).get("do", [])
    if len(query) > MOST_CHARACTERS:
        reader.notice("long", longest=MOST_CHARACTERS)
    reader.one_of("lang", LANGUAGES, current_language())
    base = reader.one_of("base", library.scenarios, next(iter([*library.own, TODAY])))
    changed = reader.changed(Arrangement(base), given, reader.fields.get("since", ""))
    change = Change(
        Arrangement(base),
        changed,
        lang=current_language(),
        theme=reader.one_of("theme", THEMES),
        runs=reader.whole("runs", *LIMITS["runs"], default=Change.runs),
        robust=reader.fields.get("robust") != "false",
    )
    return change, reader.notices


def _parsed(query: str) -> dict[str, list[str]]:
    """The values of each field; empty for a query that cannot be parsed."""
    try:
        return parse_qs(query[:MOST_CHARACTERS], max_num_fields=100)
    except ValueError:
        return {}


def _fields(query: str) -> dict[str, str]:
    """The first value of each field."""
    return {key: values[0].strip() for key, values in _parsed(query).items()}


@dataclass
class _Reader:
    """Reads fields one by one and collects notices in the current language."""

    library: Library
    fields: Mapping[str, str]
    notices: list[str] = field(default_factory=list)

    def notice(self, kind: str, /, **values: object) -> None:
        text = label(f"app.notice.{kind}", **values).rstrip()
        if text not in self.notices:
            self.notices.append(text)

    def one_of(self, key: str, allowed: Iterable[str], default: str | None = None) -> str:
        default = DEFAULTS.get(key, "") if default is None else default
        value, names = self.fields.get(key, default), list(allowed)
        if value in names:
            return value
        near = get_close_matches(value[:200], names, n=1)
        hint = label("app.notice.near", name=near[0]) if near else ""
        self.notice("unknown", key=key, value=quoted(value), used=quoted(default), hint=hint)
        return default

    def whole(self, key: str, low: int, high: int, default: int | None = None) -> int:
        usual = DEFAULTS.get(key, str(high)) if default is None else str(default)
        text = self.fields.get(key) or usual
        if not WHOLE.fullmatch(text):
            self.notice("number", key=key, value=quoted(text), used=usual)
            return int(usual)
        return self.within(key, int(text), low, high)

    def within(self, key: str, value: N, low: N, high: N) -> N:
        held = min(max(value, low), high)
        if held != value:
            texts = [str(n) if isinstance(n, int) else f"{n:g}" for n in (low, high, held)]
            self.notice("clamped", key=key, low=texts[0], high=texts[1], used=texts[2])
        return held

    def arrangement(self, side: str, default: str) -> Arrangement:
        name = self.one_of(side, self.library.scenarios, default)
        levers = {text: self.lever(text) for text in self.fields.get(f"with_{side}", "").split(",") if text}
        for text in [text for text, lever in levers.items() if lever is None][:3]:
            self.notice("lever", value=quoted(text))
        applied: dict[str, str] = {}  # one setting of each dial, the first
        for lever in filter(None, levers.values()):
            applied.setdefault(name_of(lever), lever)
        if len(applied) > MOST_LEVERS:
            self.notice("levers", most=MOST_LEVERS, side=side.upper(), left=len(applied) - MOST_LEVERS)
        lines = self.fields.get(f"do_{side}", "").splitlines()
        asked = self.changed(Arrangement(name), lines, self.fields.get(f"since_{side}", ""))
        if asked.lines:
            self.notice("changed", side=side.upper(), n=len(asked.lines))
        asked = replace(asked, levers=tuple(applied.values())[:MOST_LEVERS])
        arrangement, refused = self.library.fitting(asked)
        for text, error in refused:
            self.notice("refused", lever=quoted(text), reason=refusal(error))
        return arrangement

    def changed(self, arrangement: Arrangement, lines: Sequence[str], since: str) -> Arrangement:
        """The arrangement with lines of its user, those that cannot be made among them."""
        if len(lines) > MOST_LINES:
            self.notice("lines", most=MOST_LINES, left=len(lines) - MOST_LINES)
        if since and not MONTH.fullmatch(since):
            self.notice("unknown", key="since", value=quoted(since), used="–", hint="")
            since = ""
        kept = tuple(line.strip() for line in lines[:MOST_LINES] if line.strip())
        return replace(arrangement, lines=kept, since=since)

    def lever(self, text: str) -> str | None:
        """A lever, or the setting of a dial held within its bounds; None if there is none of that name."""
        if text in self.library.levers:
            return text
        match = SETTING.fullmatch(text)
        if match is None or match[1] not in self.library.dials:
            return None
        dial = self.library.dials[match[1]]
        return setting(dial, self.within(dial.name, float(match[2]), dial.bounds.low, dial.bounds.high))
