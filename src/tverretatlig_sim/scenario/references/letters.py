"""References of the calendar of letters: who writes to whom about what."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from tverretatlig_sim.i18n import _
from tverretatlig_sim.scenario.errors import listed, quoted
from tverretatlig_sim.scenario.references.arrangement import STRANGER, UNKNOWN_MINISTRY
from tverretatlig_sim.scenario.references.part import Part, Report
from tverretatlig_sim.scenario.schema import Letter, Letters

NO_PROJECT = _("is not a project of the portfolio")


@dataclass(frozen=True)
class Addressees:
    """Whom letters can name.

    Attributes:
        ministries: names of all ministries; None if unknown.
        members: agencies of the arrangement; None if unknown.
        steering: ministry of each member, where it is known.
        projects: names of the portfolio's projects; None if unknown.
    """

    ministries: Collection[str] | None
    members: frozenset[str] | None
    steering: dict[str, str]
    projects: frozenset[str] | None

    @cached_property
    def senders(self) -> frozenset[str] | None:
        """Ministries that steer a member; None if that of some member is unknown."""
        if self.ministries is None or self.members is None or not self.members <= self.steering.keys():
            return None
        return frozenset(self.steering.values())


def check_letters(part: Part[Letters], known: Addressees, report: Report) -> None:
    """Append what is wrong with the references of letters and events.

    Args:
        part: a calendar that could be read.
        known: whom it can name.
        report: takes the problems.
    """
    letters = part.model or Letters(name="empty")
    report.duplicates("letter", part.names("letter"))
    report.duplicates("event", part.names("event"))
    for letter in letters.letter:
        _check_letter(letter, known, report)
    for event in letters.event:
        if event.ministries != "all":
            _check_ministries(f"event {quoted(event.name)}, ministries", event.ministries, known, report)


def _check_letter(letter: Letter, known: Addressees, report: Report) -> None:
    place = f"letter {quoted(letter.name)}"
    report.lifetime(place, letter.begins, letter.ends)
    _check_ministries(f"{place}, ministries", letter.ministries, known, report)
    report.outsiders(f"{place}, projects", letter.projects, known.projects, NO_PROJECT)
    report.repeats(f"{place}, projects", letter.projects)
    if letter.to == "all":
        return
    report.outsiders(f"{place}, to", letter.to, known.members, STRANGER)
    report.repeats(f"{place}, to", letter.to)
    for name in dict.fromkeys(letter.to):
        steered_by = known.steering.get(name)
        if steered_by is not None and steered_by not in letter.ministries:
            what = _(
                "{name} is steered by {ministry}, which does not send the letter",
                name=quoted(name),
                ministry=quoted(steered_by),
            )
            allowed = _("agencies of {ministries}", ministries=listed(letter.ministries))
            report.add(f"{place}, to", what, allowed)


def _check_ministries(place: str, names: list[str], known: Addressees, report: Report) -> None:
    report.outsiders(place, names, known.ministries, UNKNOWN_MINISTRY)
    report.repeats(place, names)
    if known.ministries is None or known.senders is None:
        return
    for name in dict.fromkeys(names):
        if name in known.ministries and name not in known.senders:
            what = _("{name} steers no member of the arrangement", name=quoted(name))
            report.add(place, what, listed(known.senders))
