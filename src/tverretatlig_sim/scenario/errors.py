"""What is wrong with a scenario, said so that its author can mend it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from tverretatlig_sim.errors import TverretatligError
from tverretatlig_sim.i18n import Message, _, joined

SHOWN = 60
LISTED = 40

EMPTY_NAME = _("is an empty name"), _("a name of 1 to 120 characters")
"""What is wrong with a name without letters, and what is allowed."""
MISSING = _("is missing")
NOTHING_NAMED = {
    "outcome": _("no outcome {name!r}; allowed: {known}"),
    "scenario": _("no scenario {name!r}; allowed: {known}"),
    "method": _("no method {name!r}; allowed: {known}"),
    "series": _("no series {name!r}; allowed: {known}"),
    "picture": _("no picture {name!r}; allowed: {known}"),
    "parameter": _("no parameter {name!r}; allowed: {known}"),
}
"""What is wrong with a name of nothing."""
NO_WEIGHT = _("no theme has any weight"), _("at least one weight above 0")
"""What is wrong with themes that weigh nothing, and what is allowed."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in one place.

    Attributes:
        file: the file it stands in, or the name that was asked for.
        place: the entity, by its name, and the field; empty if the whole file is meant.
        what: what is wrong.
        allowed: what would be right, in words; empty if nothing helps.
        hint: a whole sentence of advice; empty if there is none.
        code: what kind of problem it is, for programs; problems of one code in one place are one problem.
        about: the name it is about, where several in one place can have the same problem.
    """

    file: Message | str
    place: Message | str
    what: Message | str
    allowed: Message | str = ""
    hint: Message | str = ""
    code: str = ""
    about: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """Equal for problems that are one; without a code, what is said decides."""
        return str(self.file), str(self.place), self.about, self.code or str(self.what)

    def __str__(self) -> str:
        where = joined(": ", (self.file, self.place, self.what))
        allowed = _("allowed: {allowed}", allowed=self.allowed) if self.allowed else ""
        return str(joined("; ", (where, allowed, self.hint)))


class ScenarioError(TverretatligError):
    """All problems found in a scenario and its parts, in the language that is current when shown.

    Attributes:
        problems: one entry a problem, in the order in which the files were read.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        first: dict[tuple[str, ...], Problem] = {}
        for problem in problems:
            first.setdefault(problem.key, problem)
        self.problems = tuple(first.values())
        super().__init__(self.problems)

    def __str__(self) -> str:
        return str(joined("\n", map(str, self.problems)))


@dataclass(frozen=True)
class Origin:
    """Where a table stands: its file and, for a table inside another file, the table that holds it."""

    file: Message | str
    within: Message | str = ""

    def problem(
        self,
        place: Message | str,
        what: Message | str,
        allowed: Message | str = "",
        hint: Message | str = "",
        code: str = "",
        about: str = "",
    ) -> Problem:
        """A problem at a place of this table."""
        return Problem(self.file, joined(", ", (self.within, place)), what, allowed, hint, code, about)

    def refusal(self, place: Message | str, what: Message | str, *more: Any) -> ScenarioError:  # noqa: ANN401
        """The error that is a single problem at a place of this table; arguments as of ``problem``."""
        return ScenarioError([self.problem(place, what, *more)])


def printable(text: str) -> str:
    """The text on one line, control characters spelled out."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def quoted(value: object) -> Message | str:
    """A value as error messages show it: on one line, shortened, text in quotation marks."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and abs(value) >= 10**SHOWN:
        return _("a huge whole number")
    text = printable(f"{value:g}" if isinstance(value, float) else str(value))
    short = text if len(text) <= SHOWN else text[:SHOWN] + "…"
    return f'"{short}"' if isinstance(value, str) else short


def listed(words: Iterable[str]) -> Message | str:
    """Names in quotation marks, sorted, cut off after a screenful."""
    names = sorted(words)
    tail = [_("… ({number} more)", number=len(names) - LISTED)] if len(names) > LISTED else []
    return joined(", ", [*map(quoted, names[:LISTED]), *tail])


def did_you_mean(word: str, known: Iterable[str]) -> Message | str:
    """A question with the nearest known word, or an empty string if none is near."""
    by_case = {name.casefold(): name for name in known}
    near = get_close_matches(word[:200].casefold(), by_case, n=1, cutoff=0.6)
    return _("did you mean {word}?", word=quoted(by_case[near[0]])) if near else ""


def among(word: str, known: Collection[str]) -> tuple[Message | str, Message | str]:
    """What is allowed where a word is not among those that are known, and a hint."""
    return listed(known), did_you_mean(word, known)


def is_(value: object) -> Message | str:
    """What is wrong, where a value is not what it may be."""
    return _("is {value}", value=quoted(value))


def at_most(limit: float) -> Message | str:
    """What is allowed, where there is only an upper limit."""
    return _("at most {limit:g}", limit=limit)


def dial_called(name: str) -> Message | str:
    """A dial, or what it is set to, as messages call it."""
    return _("dial {name}", name=quoted(name))


def check_named(what: str, name: object, known: Iterable[str]) -> None:
    """Refuse the name of something that there is not.

    Args:
        what: a key of ``NOTHING_NAMED``.
        name: what was given.
        known: names there are.

    Raises:
        ValueError: with what is allowed.
    """
    names = list(known)
    if not isinstance(name, str) or name not in names:
        said = Message(NOTHING_NAMED[what].template, {"name": name, "known": ", ".join(names) or "–"})
        raise ValueError(joined("; ", (said, did_you_mean(str(name), names))))


def given_twice(names: Iterable[str]) -> Message | str:
    """What is wrong with names that are given more than once."""
    return _("given more than once: {names}", names=", ".join(names))


def at_least(name: str, value: int, least: int) -> Message | str:
    """What is wrong with a number that is too small."""
    return _("{name} = {value}: at least {least}", name=name, value=value, least=least)
