"""Operations on forums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import ClassVar, Literal

from tverretatlig_sim.i18n import Message, _
from tverretatlig_sim.scenario.errors import quoted
from tverretatlig_sim.scenario.levers.operations.base import Operation, Unfit
from tverretatlig_sim.scenario.levers.targets import FORUMS, ForumSelector, deciding, is_secretariat
from tverretatlig_sim.scenario.parts import rerouted, with_forums
from tverretatlig_sim.scenario.quantity import Months, PositiveCount, PositiveFte, Quantity, Share
from tverretatlig_sim.scenario.scenario import Scenario, months_between
from tverretatlig_sim.scenario.schema import Forum, ForumFunction, Name, Title

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


class DropForums(Operation):
    """Leave out forums; secretariats, deciding bodies and the facilitator stay.

    Attributes:
        which: which forums.
    """

    about: ClassVar[str] = "which"
    which: ForumSelector

    def _apply(self, scenario: Scenario) -> Scenario:
        needed = deciding(scenario) | {scenario.arrangement.facilitator}
        forums = scenario.arrangement.forum
        dropped = [
            forum.name
            for forum in forums
            if FORUMS[self.which](scenario, forum) and not is_secretariat(forum) and forum.name not in needed
        ]
        return with_forums(scenario, [forum for forum in forums if forum.name not in dropped])

    def _undone_by(self, other: Operation) -> Message | str:
        if not isinstance(other, AddForum):
            return ""
        opposite = self.which in ("all", other.function) or (self.which == "exclusive" and other.exclusive)
        said = _(
            "one drops forums ({which}), the other adds one ({forum})", which=self.which, forum=other.forum
        )
        return said if opposite else ""


class OneLevel(Operation):
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
        return _inherited(scenario, heirs) if heirs else scenario

    def _best_first(self, scenario: Scenario) -> list[Forum]:
        level = [
            forum
            for forum in scenario.arrangement.forum
            if forum.function == self.function and not is_secretariat(forum)
        ]
        return sorted(level, key=lambda f: (-months_between(*_life(f, scenario)), float(f.cadence), f.name))

    def _undone_by(self, other: Operation) -> Message | str:
        opposite = isinstance(other, AddForum) and other.function == self.function
        said = _(
            "one keeps a single level of forums ({function}), the other adds a forum", function=self.function
        )
        return said if opposite else ""


class AddForum(Operation):
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
        seats = sorted(self._seats(scenario))
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
            served_by=largest_secretariat(scenario),
        )
        return with_forums(scenario, [*scenario.arrangement.forum, forum])

    def _seats(self, scenario: Scenario) -> set[str]:
        return set(scenario.core) if self.seats == "core" else {agency.name for agency in scenario.agencies}

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
        return enough and not is_secretariat(forum) and _life(forum, scenario) == (scenario.start, FOREVER)


class FewerSeats(Operation):
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
        forums = [
            self._narrowed(forum, scenario) if FORUMS[self.which](scenario, forum) else forum
            for forum in scenario.arrangement.forum
        ]
        return with_forums(scenario, forums)

    def _narrowed(self, forum: Forum, scenario: Scenario) -> Forum:
        if is_secretariat(forum) or len(forum.seats) <= self.most.value:
            return forum
        stakes = Counter(name for project in scenario.portfolio.project for name in project.members)
        first = [forum.chair, scenario.arrangement.coordinator]
        ranked = sorted(
            forum.seats, key=lambda name: (name not in first, name not in scenario.core, -stakes[name], name)
        )
        return forum.model_copy(update={"seats": sorted(ranked[: int(self.most)]), "exclusive": True})


class AddSecretariat(Operation):
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
        if any(is_secretariat(forum) for forum in arrangement.forum):
            return scenario
        if not arrangement.forum:
            raise Unfit(_("there is no forum that a secretariat could serve"))
        secretariat = Forum(
            name=SECRETARIAT,
            title=Title(en="Working secretariat", nb="Arbeidende sekretariat"),
            function="prepare",
            seats=self._seats(scenario),
            cadence=self.cadence,
            agenda=self.agenda,
            authority=AUTHORITY,
            rank=UNRANKED,
            secretariat_fte=self.fte,
        )
        served = [forum.model_copy(update={"served_by": SECRETARIAT}) for forum in arrangement.forum]
        facilitator = arrangement.facilitator or SECRETARIAT
        return with_forums(scenario, [*served, secretariat], facilitator=facilitator)

    def _seats(self, scenario: Scenario) -> list[str]:
        coordinator = scenario.arrangement.coordinator
        seats = scenario.core | ({coordinator} if coordinator else set())
        return sorted(seats or {agency.name for agency in scenario.agencies})


def largest_secretariat(scenario: Scenario) -> str | None:
    """The secretariat with most staff that lives for the whole run; None if there is none."""
    lasting = [
        (-float(forum.secretariat_fte), forum.name)
        for forum in scenario.arrangement.forum
        if is_secretariat(forum) and _life(forum, scenario) == (scenario.start, FOREVER)
    ]
    return min(lasting)[1] if lasting else None


def steering_forum(scenario: Scenario) -> str:
    """The forum that steers: alive for the whole run, and meeting most often.

    Raises:
        Unfit: there is none.
    """
    lasting = [
        (float(forum.cadence), forum.name)
        for forum in scenario.arrangement.forum
        if forum.function == "steer" and _life(forum, scenario) == (scenario.start, FOREVER)
    ]
    if not lasting:
        raise Unfit(_("no forum steers for the whole run"))
    return min(lasting)[1]


def _life(forum: Forum, scenario: Scenario) -> tuple[str, str]:
    return max(forum.begins or scenario.start, scenario.start), forum.ends or FOREVER


def _can_replace(better: Forum, forum: Forum, scenario: Scenario) -> bool:
    """Whether one forum lives whenever the other does, and one's seats are among the other's."""
    seats, others = set(better.seats), set(forum.seats)
    (begins, ends), (other_begins, other_ends) = _life(better, scenario), _life(forum, scenario)
    return (seats <= others or others <= seats) and begins <= other_begins and other_ends <= ends


def _inherited(scenario: Scenario, heirs: Mapping[str, str]) -> Scenario:
    """The scenario without the forums that have heirs; routes and the facilitator name the heirs."""
    forums = [forum for forum in scenario.arrangement.forum if forum.name not in heirs]
    facilitator = scenario.arrangement.facilitator
    heir = facilitator and heirs.get(facilitator, facilitator)
    rest = with_forums(scenario, forums, facilitator=heir)
    return rerouted(rest, lambda route: list(dict.fromkeys(heirs.get(stop, stop) for stop in route)))
