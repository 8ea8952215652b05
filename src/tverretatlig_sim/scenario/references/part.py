"""One part of a scenario as the checks of references see it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel

from tverretatlig_sim.i18n import Message, _, joined
from tverretatlig_sim.scenario.compose import entries, identity
from tverretatlig_sim.scenario.errors import Origin, Problem, did_you_mean, listed, quoted
from tverretatlig_sim.scenario.files import Raw

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Part(Generic[M]):
    """One part of a scenario.

    Attributes:
        model: what could be read of it; None if nothing.
        origin: where it stands.
        raw: its table before checking, with what it inherits.
    """

    model: M | None
    origin: Origin
    raw: Raw

    def names(self, key: str, field: str = "name") -> list[str]:
        """Names of the entries of one list, faulty entries too, so that one fault is not reported twice."""
        return names_of(self.raw, key, field)


def names_of(raw: Raw, key: str, field: str = "name") -> list[str]:
    """Names of the entries of one list of a table, faulty entries too."""
    return [name for entry in entries(raw, key) for name in identity(entry, (field,))]


@dataclass(frozen=True)
class Report:
    """Writes problems of one file.

    Attributes:
        origin: the table whose references are checked.
        problems: found problems are appended here.
    """

    origin: Origin
    problems: list[Problem]

    def add(self, place: str, what: Message | str, allowed: Message | str = "", hint: str = "") -> None:
        """Append one problem."""
        self.problems.append(self.origin.problem(place, what, allowed, hint))

    def outsiders(
        self, place: str, names: Iterable[str], known: Collection[str] | None, what: Message | str
    ) -> None:
        """Append a problem for every name that is not known; no name is wrong if ``known`` is None.

        Args:
            place: where the names stand.
            names: the names.
            known: what they may be.
            what: what is wrong with one that is not known, e.g. "is not a member".
        """
        for name in dict.fromkeys(names):
            if known is not None and name not in known:
                about = joined(" ", (quoted(name), what))
                self.add(place, about, listed(known), did_you_mean(name, known))

    def repeats(self, place: str, names: Iterable[str]) -> None:
        """Append a problem for every name that occurs more than once."""
        for name, count in Counter(names).items():
            if count > 1:
                self.add(place, _("{name} is listed twice", name=quoted(name)), _("names used once"))

    def duplicates(self, kind: str, names: Iterable[str], within: str = "") -> None:
        """Append a problem for every entity whose name another one of its kind has."""
        for name, count in Counter(names).items():
            if count > 1:
                what = _("{count} entries have this name", count=count)
                self.add(f"{within}{kind} {quoted(name)}", what, _("names used once"))

    def lifetime(self, place: Message | str, begins: str | None, ends: str | None) -> None:
        """Append a problem if something ends before it begins."""
        if begins is not None and ends is not None and ends < begins:
            what = _("ends ({ends}) before it begins ({begins})", ends=ends, begins=begins)
            self.add(place, what, _("an end in {begins} or later", begins=begins))
