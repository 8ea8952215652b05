"""What is wrong with a scenario, said so that its author can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

SHOWN = 60
LISTED = 40


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in one place.

    Attributes:
        file: the file it stands in, or the name that was asked for.
        place: the entity, by its name, and the field; empty if the whole file is meant.
        what: what is wrong.
        allowed: what would be right, in words; empty if nothing helps.
        hint: a whole sentence of advice; empty if there is none.
    """

    file: str
    place: str
    what: str
    allowed: str = ""
    hint: str = ""

    def __str__(self) -> str:
        where = ": ".join(part for part in (self.file, self.place, self.what) if part)
        allowed = f"allowed: {self.allowed}" if self.allowed else ""
        return "; ".join(part for part in (where, allowed, self.hint) if part)


class ScenarioError(Exception):
    """All problems found in a scenario and its parts.

    Attributes:
        problems: one entry a problem, in the order in which the files were read.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(dict.fromkeys(problems))
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


@dataclass(frozen=True)
class Origin:
    """Where a table stands: its file and, for a table inside another file, the table that holds it."""

    file: str
    within: str = ""

    def problem(self, place: str, what: str, allowed: str = "", hint: str = "") -> Problem:
        """A problem at a place of this table."""
        return Problem(
            self.file, ", ".join(part for part in (self.within, place) if part), what, allowed, hint
        )


def printable(text: str) -> str:
    """The text on one line, control characters spelled out."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def quoted(value: object) -> str:
    """A value as error messages show it: on one line, shortened, text in quotation marks."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and abs(value) >= 10**SHOWN:
        return "a huge whole number"
    text = printable(f"{value:g}" if isinstance(value, float) else str(value))
    short = text if len(text) <= SHOWN else text[:SHOWN] + "…"
    return f'"{short}"' if isinstance(value, str) else short


def listed(words: Iterable[str]) -> str:
    """Names in quotation marks, sorted, cut off after a screenful."""
    names = sorted(words)
    tail = [f"… ({len(names) - LISTED} more)"] if len(names) > LISTED else []
    return ", ".join([quoted(name) for name in names[:LISTED]] + tail)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A question with the nearest known word, or an empty string if none is near."""
    by_case = {name.casefold(): name for name in known}
    near = get_close_matches(word[:200].casefold(), by_case, n=1, cutoff=0.6)
    return f"did you mean {quoted(by_case[near[0]])}?" if near else ""
