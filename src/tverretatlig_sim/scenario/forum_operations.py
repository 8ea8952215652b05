"""Operations on forums: edits of structure that levers and dials are made of."""

from __future__ import annotations

from collections import Counter
from typing import ClassVar, Literal

from tverretatlig_sim.i18n import Message, _
from tverretatlig_sim.scenario.edits import Edit, Unfit, arranged, each, rerouted
from tverretatlig_sim.scenario.errors import quoted
from tverretatlig_sim.scenario.fit import is_secretariat, names_of, revised
from tverretatlig_sim.scenario.quantity import Months, PositiveCount, PositiveFte, Quantity, Share
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import Forum, ForumFunction, Name, Title, months_between
from tverretatlig_sim.scenario.targets import SELECTORS, ForumSelector, deciding

FOREVER = "9999-12"
SECRETARIAT = "secretariat-added"

AGENDA = Quantity(
    value=5.0, range=(3.0, 8.0), source="no source counts cases; same value as for the shipped forums"
)
AUTHORITY = Quantity(value=0.0, range=(0.0, 0.2), source="no advice gives a new forum authority of its own")
RANK = Quantity(
    value=1.0, range=(0.8, 1.0), source="top leaders sit there; the scale is ours (RAD17 advice 5)"
)
UNRANKED = Quantity(value=1.0, range=(0.0, 1.0), source="it decides nothing, so its rank does not count")
MONTHLY = Quantity(value=1.0, range=(1.0, 2.0), source="no source says how often; as the shipped ones")
NO_STAFF = Quantity(
    value=0.0, range=(0.0, 0.0), grade="derived", source="the lever adds no staff",
    note="a secretariat is a lever of its own",
)  # fmt: skip
"""Numbers of new forums that no lever's file gives."""


class DropForums(Edit):
    """Leave out forums; secretariats, deciding bodies and the facilitator stay.

    Attributes:
        which: which forums.
    """

    about: ClassVar[str] = "which"
    which: ForumSelector

    def _apply(self, scenario: Scenario) -> Scenario:
        needed = deciding(scenario) | {scenario.arrangement.facilitator}
        return arranged(
            scenario,
            forum=[
                forum
                for forum in scenario.arrangement.forum
                if forum.name in needed
                or is_secretariat(forum)
                or not SELECTORS["forum"][self.which](scenario, forum)
            ],
        )

    def _undone_by(self, other: Edit) -> Message | str:
        if not isinstance(other, AddForum):
            return ""
        opposite = self.which in ("all", other.function) or (self.which == "exclusive" and other.exclusive)
        said = _(
            "one drops forums ({which}), the other adds one ({forum})", which=self.which, forum=other.forum
        )
        return said if opposite else ""


class OneLevel(Edit):
    """Of forums of one function that seat the same agencies, or part of them, keep one.

    The one that lives longest is kept, then the one that meets most often; what named another one names it.
    Secretariats are left alone.

    Attributes:
        function: of the forums.
    """

    about: ClassVar[str] = "function"
    function: ForumFunction

    def _apply(self, scenario: Scenario) -> Scenario:
        kept: list[Forum] = []
        heirs: dict[str, str] = {}
        for forum in self._best_first(scenario):
            heir = next((other.name for other in kept if _can_replace(other, forum, scenario)), None)
            if heir is None:
                kept.append(forum)
            else:
                heirs[forum.name] = heir
        facilitator = scenario.arrangement.facilitator
        rest = arranged(
            scenario,
            forum=[forum for forum in scenario.arrangement.forum if forum.name not in heirs],
            facilitator=facilitator and heirs.get(facilitator, facilitator),
        )
        return rerouted(rest, lambda route: list(dict.fromkeys(heirs.get(stop, stop) for stop in route)))

    def _best_first(self, scenario: Scenario) -> list[Forum]:
        level = [
            forum
            for forum in scenario.arrangement.forum
            if forum.function == self.function and not is_secretariat(forum)
        ]
        return sorted(level, key=lambda f: (-months_between(*_life(f, scenario)), float(f.cadence), f.name))

    def _undone_by(self, other: Edit) -> Message | str:
        opposite = isinstance(other, AddForum) and other.function == self.function
        said = _(
            "one keeps a single level of forums ({function}), the other adds a forum", function=self.function
        )
        return said if opposite else ""


class AddForum(Edit):
    """A new forum, prepared by the largest secretariat if there is one.

    Attributes:
        forum: its name.
        title: heading in both languages.
        function: what it is for.
        seats: all members, or the core agencies only.
        cadence: months between meetings.
        exclusive: whether it is a forum of the few.
        agenda: cases a meeting can take.
        authority: how far it can cut through, 0 to 1.
        rank: share of its cases that it can settle there and then, 0 to 1.
    """

    about: ClassVar[str] = "forum"
    forum: Name
    title: Title
    function: ForumFunction
    seats: Literal["all", "core"]
    cadence: Months
    exclusive: bool = False
    agenda: PositiveCount = AGENDA
    authority: Share = AUTHORITY
    rank: Share = RANK

    def _apply(self, scenario: Scenario) -> Scenario:
        seats = sorted(scenario.core) if self.seats == "core" else names_of(scenario.agencies)
        self._check(scenario, seats)
        forum = Forum(
            name=self.forum,
            title=self.title,
            function=self.function,
            seats=seats,
            cadence=self.cadence,
            exclusive=self.exclusive,
            agenda=self.agenda,
            authority=self.authority,
            rank=self.rank,
            secretariat_fte=NO_STAFF,
            served_by=_largest_secretariat(scenario),
        )
        return arranged(scenario, forum=[*scenario.arrangement.forum, forum])

    def _check(self, scenario: Scenario, seats: list[str]) -> None:
        if len(seats) < 2:
            core = _("a forum needs two seats, and there are {number} core agencies", number=len(seats))
            everyone = _("a forum needs two seats, and there are {number} agencies", number=len(seats))
            raise Unfit(core if self.seats == "core" else everyone)
        if self.exclusive and len(seats) == len(scenario.agencies):
            raise Unfit(_("every agency would have a seat, so it would be no forum of the few"))
        for forum in scenario.arrangement.forum:
            if forum.name == self.forum or self._serves(forum, set(seats), scenario):
                raise Unfit(_("the forum {name} seats these agencies already", name=quoted(forum.name)))

    def _serves(self, forum: Forum, seats: set[str], scenario: Scenario) -> bool:
        """Whether a lasting forum does what the new one would."""
        enough = set(forum.seats) == seats if self.exclusive else set(forum.seats) >= seats
        return enough and not is_secretariat(forum) and lasts(forum, scenario)


class FewerSeats(Edit):
    """Forums with fewer seats: the chair, the coordinator, the core, then those with most projects.

    A forum that loses seats is one of the few from then on. Secretariats keep theirs.

    Attributes:
        which: which forums.
        most: seats that a forum keeps.
    """

    about: ClassVar[str] = "which"
    which: ForumSelector
    most: PositiveCount

    def _apply(self, scenario: Scenario) -> Scenario:
        stakes = Counter(name for project in scenario.portfolio.project for name in project.members)

        def narrowed(forum: Forum) -> dict[str, object]:
            meant = SELECTORS["forum"][self.which](scenario, forum)
            if not meant or is_secretariat(forum) or len(forum.seats) <= self.most.value:
                return {}
            first = [forum.chair, scenario.arrangement.coordinator]
            ranked = sorted(
                forum.seats, key=lambda it: (it not in first, it not in scenario.core, -stakes[it], it)
            )
            return {"seats": sorted(ranked[: int(self.most)]), "exclusive": True}

        return each(scenario, "forum", narrowed)


class AddSecretariat(Edit):
    """A working secretariat of the coordinator and the core, where there is none.

    It serves all forums that nobody serves, and follows projects up if nobody does.

    Attributes:
        fte: its staff.
        cadence: months between its meetings.
        agenda: cases a meeting can take.
    """

    fte: PositiveFte
    cadence: Months = MONTHLY
    agenda: PositiveCount = AGENDA

    def _apply(self, scenario: Scenario) -> Scenario:
        arrangement = scenario.arrangement
        if any(map(is_secretariat, arrangement.forum)):
            return scenario
        if not arrangement.forum:
            raise Unfit(_("there is no forum that a secretariat could serve"))
        coordinator = {arrangement.coordinator} if arrangement.coordinator else set()
        secretariat = Forum(
            name=SECRETARIAT,
            title=Title(en="Working secretariat", nb="Arbeidende sekretariat"),
            function="prepare",
            seats=sorted(scenario.core | coordinator) or names_of(scenario.agencies),
            cadence=self.cadence,
            agenda=self.agenda,
            authority=AUTHORITY,
            rank=UNRANKED,
            secretariat_fte=self.fte,
        )
        served = [revised(forum, served_by=SECRETARIAT) for forum in arrangement.forum]
        facilitator = arrangement.facilitator or SECRETARIAT
        return arranged(scenario, forum=[*served, secretariat], facilitator=facilitator)


def _largest_secretariat(scenario: Scenario) -> str | None:
    """The secretariat with most staff that lives for the whole run; None if there is none."""
    lasting = [
        (-float(forum.secretariat_fte), forum.name)
        for forum in scenario.arrangement.forum
        if is_secretariat(forum) and lasts(forum, scenario)
    ]
    return min(lasting)[1] if lasting else None


def _life(forum: Forum, scenario: Scenario) -> tuple[str, str]:
    return max(forum.begins or scenario.start, scenario.start), forum.ends or FOREVER


def lasts(forum: Forum, scenario: Scenario) -> bool:
    """Whether a forum lives for the whole run."""
    return _life(forum, scenario) == (scenario.start, FOREVER)


def _can_replace(better: Forum, forum: Forum, scenario: Scenario) -> bool:
    """Whether one forum lives whenever the other does, and one's seats are among the other's."""
    seats, others = set(better.seats), set(forum.seats)
    (begins, ends), (other_begins, other_ends) = _life(better, scenario), _life(forum, scenario)
    return (seats <= others or others <= seats) and begins <= other_begins and other_ends <= ends
