"""One pass over the references of a scenario: does everyone who is named exist and belong there?

It reads the composed table, not the checked models: so what one fault hides is no reason for others.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from tverretatlig_sim.language import joined
from tverretatlig_sim.language import say as _
from tverretatlig_sim.scenario.compose import Composed
from tverretatlig_sim.scenario.errors import NO_WEIGHT, Origin, Problem, at_most, did_you_mean, listed, quoted
from tverretatlig_sim.scenario.files import Raw, Value
from tverretatlig_sim.scenario.schema import FOLLOW_UP, LONGEST, MONTHLY, shifted
from tverretatlig_sim.scenario.validate import Sourced, number, pair_of, plain, tables, text, texts

LINE = "line"
"""The word that stands for the lead's own line in a route."""
STRANGER = _("is not a member of the arrangement")
UNKNOWN_AGENCY = _("is not a known agency")
UNKNOWN_MINISTRY = _("is not a known ministry")
NO_FORUM = _("is not a forum of the arrangement")
NO_STOP = _("is neither a forum of the arrangement nor the line")
NO_SEAT = _("has no seat in the forum")
NO_PROJECT = _("is not a project of the portfolio")
OUTSIDER = _("takes no part in the project")

Known = Collection[str] | None
"""Names that there are; None if they cannot be read, so that no name is wrong."""


def reference_problems(whole: Composed) -> list[Problem]:
    """Every reference that leads nowhere or to the wrong place, in the order of the parts.

    What cannot be read is passed over, and so is what depends on it.
    """
    check = _Check(whole)
    check.actors()
    for part in ("arrangement", "portfolio", "letters"):
        if isinstance(table := whole.raw.get(part), Sourced) and table.origin is not None:
            check.origin = table.origin
            getattr(check, part)(table)
    return check.problems


def names_of(table: Raw, key: str, name: str = "name") -> list[str]:
    """Names of the entries of a list, faulty entries too, so that one fault is not reported twice."""
    return [found for found, _entry in named(table, key, name)]


def named(table: Raw, key: str, name: str = "name") -> list[tuple[str, Raw]]:
    """The entries of a list that have a name, with it."""
    return [(found, entry) for entry in tables(table.get(key)) if (found := text(entry.get(name)))]


@dataclass
class _Check:
    """The pass over one scenario; ``origin`` is where the part stands that is checked now."""

    whole: Composed
    problems: list[Problem] = field(default_factory=list)
    origin: Origin = field(default_factory=lambda: Origin(""))

    def __post_init__(self) -> None:
        raw = self.whole.raw
        self.members = self._listed("arrangement", "member", "agency")
        self.forums = self._listed("arrangement", "forum")
        self.projects = self._listed("portfolio", "project")
        described = {
            name: text(entry.get("ministry"))
            for table in raw["actors"]
            for name, entry in named(table, "agency")
        }
        rows = named(raw.get("arrangement", {}), "member", "agency")
        self.own = {name: text(row.get("ministry")) for name, row in rows}
        found = {name: own or described.get(name) for name, own in self.own.items()}
        self.steering = {name: ministry for name, ministry in found.items() if ministry}
        complete = self.members is not None and self.steering.keys() >= set(self.members)
        self.senders = frozenset(self.steering.values()) if complete else None

    def _listed(self, part: str, key: str, name: str = "name") -> Known:
        table = self.whole.raw.get(part)
        readable = isinstance(table, dict) and isinstance(table.get(key, []), list)
        return frozenset(names_of(table, key, name)) if readable and isinstance(table, dict) else None

    # --- what can be wrong

    def add(
        self, code: str, place: str, what: str, allowed: str = "", hint: str = "", about: str = ""
    ) -> None:
        """Note one problem."""
        self.problems.append(self.origin.problem(place, what, allowed, hint, code, about))

    def outsiders(self, place: str, names: Iterable[str], known: Known, what: str) -> None:
        """Note every name that is not known; ``what`` says what is wrong with it."""
        if known is None:
            return
        for name in dict.fromkeys(names):
            if name not in known:
                said = joined(" ", (quoted(name), what))
                self.add("unknown_name", place, said, listed(known), did_you_mean(name, known), name)

    def repeats(self, place: str, names: Iterable[str]) -> None:
        """Note every name that stands more than once in a list."""
        for name, count in Counter(names).items():
            if count > 1:
                what = _("{name} is listed twice", name=quoted(name))
                self.add("listed_twice", place, what, _("names used once"), about=name)

    def duplicates(self, kind: str, names: Iterable[str], within: str = "") -> None:
        """Note every entry whose name another one of its kind has."""
        for name, count in Counter(names).items():
            if count > 1:
                what = _("{count} entries have this name", count=count)
                self.add("same_name", f"{within}{kind} {quoted(name)}", what, _("names used once"))

    def lifetime(self, place: str, entry: Raw) -> None:
        """Note an end before the beginning."""
        begins, ends = _month(entry.get("begins")), _month(entry.get("ends"))
        if begins is not None and ends is not None and ends < begins:
            what = _("ends ({ends}) before it begins ({begins})", ends=ends, begins=begins)
            self.add("ends_first", place, what, _("an end in {begins} or later", begins=begins))

    def route(self, place: str, stops: Value) -> None:
        """Note every stop that is neither a forum nor the line."""
        if self.forums is not None:
            own = [stop for stop in texts(stops) if stop != LINE and stop not in self.forums]
            self.outsiders(place, own, {*self.forums, LINE} if own else (), NO_STOP)

    # --- parts

    def actors(self) -> None:
        """Ministries of the agencies, and what their weights sum to."""
        for table in self.whole.raw["actors"]:
            self.origin = table.origin
            for name, entry in named(table, "agency"):
                place = f"agency {quoted(name)}"
                ministry, known = text(entry.get("ministry")), self.whole.ministries
                if ministry is not None and known is not None and ministry not in known:
                    what, hint = (
                        _("there is no ministry {name}", name=quoted(ministry)),
                        did_you_mean(ministry, known),
                    )
                    self.add("unknown_name", f"{place}, ministry", what, listed(known), hint)
                for key in ("frame", "understanding"):
                    total = sum(_weights(entry.get(key)) or ())
                    if total > 1 + 1e-9:
                        what, allowed = _("weights sum to {total:g}", total=total), _("a sum of at most 1")
                        self.add("weights_sum", f"{place}, {key}", what, allowed)
                self.weightless(place, entry, "core_tasks" if entry.get("frame") is None else "frame")

    def weightless(self, place: str, entry: Raw, key: str) -> None:
        """Note themes that weigh nothing."""
        weights = _weights(entry.get(key))
        if weights is not None and not any(weights):
            self.add("no_weight", f"{place}, {key}", *NO_WEIGHT)

    def arrangement(self, table: Raw) -> None:
        """Members, forums, practice and ties."""
        self.duplicates("member", names_of(table, "member", "agency"))
        self.duplicates("forum", names_of(table, "forum"))
        for name, ministry in self.own.items():
            self.outsiders(f"member {quoted(name)}", [name], self.whole.agencies, UNKNOWN_AGENCY)
            if ministry is not None:
                place = f"member {quoted(name)}, ministry"
                self.outsiders(place, [ministry], self.whole.ministries, UNKNOWN_MINISTRY)
        chain = texts(table.get("municipal_chain"))
        self.outsiders("municipal_chain", chain, self.whole.agencies, UNKNOWN_AGENCY)
        self.repeats("municipal_chain", chain)
        forums = named(table, "forum")
        staffed = {name for name, forum in forums if (number(forum.get("secretariat_fte")) or 0) > 0}
        for name, forum in forums:
            self.forum(name, forum, staffed)
        for key, known, what in (
            ("coordinator", self.members, STRANGER),
            ("facilitator", self.forums, NO_FORUM),
        ):
            self.outsiders(key, filter(None, [text(table.get(key))]), known, what)
        for key in ("route", "self_initiated_route"):
            self.route(key, table.get(key))
        for count, period in enumerate(tables(table.get("unstable")), start=1):
            self.lifetime(joined(" ", ("unstable", _("number {number}", number=count))), period)
        self.ties(table)

    def forum(self, name: str, forum: Raw, staffed: Collection[str]) -> None:
        """Seats, chair and secretariat of a forum."""
        seats, place = forum.get("seats"), f"forum {quoted(name)}"
        if name == LINE:
            allowed = _("another name: in a route it means the lead's own line")
            self.add("name_taken", place, _('the name "line" is taken'), allowed)
        self.lifetime(place, forum)
        known = (
            self.members if seats == "all" else frozenset(texts(seats)) if isinstance(seats, list) else None
        )
        if seats != "all":
            self.outsiders(f"{place}, seats", texts(seats), self.members, STRANGER)
            self.repeats(f"{place}, seats", texts(seats))
        if (chair := text(forum.get("chair"))) is not None:
            self.outsiders(f"{place}, chair", [chair], known, NO_SEAT)
        elif forum.get("rule") == "authority" and "chair" not in forum:
            what = _('is missing, but the rule "authority" needs one')
            self.add("no_chair", f"{place}, chair", what, _("an agency with a seat"))
        served = text(forum.get("served_by"))
        if served is None:
            return
        if served == name:
            allowed = _("another forum with secretariat_fte above 0")
            self.add("serves_itself", f"{place}, served_by", _("a forum cannot serve itself"), allowed)
        elif self.forums is not None and served in self.forums and served not in staffed:
            what = _("{name} is not a secretariat", name=quoted(served))
            self.add("no_secretariat", f"{place}, served_by", what, _("a forum with secretariat_fte above 0"))
        else:
            self.outsiders(f"{place}, served_by", [served], self.forums, NO_FORUM)

    def ties(self, table: Raw) -> None:
        """Both ends of every tie."""
        rows = [
            (text(tie.get("source_agency")), text(tie.get("target_agency")))
            for tie in tables(table.get("tie"))
        ]
        pairs = [(one, other) for one, other in rows if one and other]
        for pair, count in Counter(pairs).items():
            place = joined(" ", ("tie", pair_of(*pair)))
            if count > 1:
                self.add("given_twice", place, _("is given twice"))
            self.outsiders(place, pair, self.members, STRANGER)
            if pair[0] == pair[1]:
                self.add("tie_to_itself", place, _("an agency has no tie to itself"))

    def portfolio(self, table: Raw) -> None:
        """Who leads, takes part in and carries out projects, and when they begin."""
        projects, start = named(table, "project"), _month(self.whole.raw.get("start"))
        self.duplicates("project", names_of(table, "project"))
        for name, project in projects:
            self.project(name, project, start)
        dated = [(month, name) for name, project in projects if (month := _month(project.get("start")))]
        if start is None or "months" in self.whole.raw or not dated:
            return
        latest = shifted(start, LONGEST - FOLLOW_UP)
        last, name = max(dated, key=lambda item: item[0])
        if last > latest:
            what = _(
                "{late} is too long after the scenario starts ({start}) to be followed up",
                late=last,
                start=start,
            )
            allowed = _("{latest} or earlier, or months at the top of the scenario file", latest=latest)
            self.add("too_late", f"project {quoted(name)}, start", what, allowed)

    def project(self, name: str, project: Raw, start: str | None) -> None:
        """Everyone who takes part in a project, its plan and its beginning."""
        place, members = f"project {quoted(name)}", project.get("members")
        everyone: Known = self.members if members == "all" else None
        if isinstance(members, list):
            everyone = frozenset(texts(members))
            self.outsiders(f"{place}, members", texts(members), self.members, STRANGER)
            self.repeats(f"{place}, members", texts(members))
        self.outsiders(f"{place}, lead", filter(None, [text(project.get("lead"))]), everyone, OUTSIDER)
        gains = project.get("gains")
        self.outsiders(
            f"{place}, gains", map(plain, gains) if isinstance(gains, dict) else (), everyone, OUTSIDER
        )
        self.route(f"{place}, route", project.get("route"))
        for item_name, item in named(project, "recommendation"):
            where = f"{place}, recommendation {quoted(item_name)}, duties"
            self.outsiders(where, texts(item.get("duties")), everyone, OUTSIDER)
            self.repeats(where, texts(item.get("duties")))
        self.duplicates("recommendation", names_of(project, "recommendation"), f"{place}, ")
        parties = number(project.get("parties"))
        if parties is not None and everyone is not None and parties > len(everyone):
            what = _(
                "{parties} parties, but only {members} take part", parties=int(parties), members=len(everyone)
            )
            self.add("too_many_parties", f"{place}, parties", what, at_most(len(everyone)))
        self.weightless(place, project, "themes")
        begins = _month(project.get("start"))
        if start is not None and begins is not None and begins < start:
            what = _("{month} is before the scenario starts", month=begins)
            self.add("before_start", f"{place}, start", what, _("{month} or later", month=start))
        ways = ("recommendations" in project) + bool(project.get("recommendation"))
        if ways != 1:
            both = _("gives both recommendations and recommendation")
            allowed = _("either recommendations = <number> or [[project.recommendation]] tables")
            self.add("plan", place, both if ways else _("plans no recommendations"), allowed)

    def letters(self, table: Raw) -> None:
        """Who writes to whom about what."""
        self.duplicates("letter", names_of(table, "letter"))
        self.duplicates("event", names_of(table, "event"))
        for name, letter in named(table, "letter"):
            self.letter(name, letter)
        for name, event in named(table, "event"):
            self.ministries(f"event {quoted(name)}, ministries", texts(event.get("ministries")))

    def letter(self, name: str, letter: Raw) -> None:
        """Senders, receivers and projects of a letter."""
        place, sending = f"letter {quoted(name)}", texts(letter.get("ministries"))
        self.lifetime(place, letter)
        self.ministries(f"{place}, ministries", sending)
        self.outsiders(f"{place}, projects", texts(letter.get("projects")), self.projects, NO_PROJECT)
        self.repeats(f"{place}, projects", texts(letter.get("projects")))
        receivers = texts(letter.get("to"))
        self.outsiders(f"{place}, to", receivers, self.members, STRANGER)
        self.repeats(f"{place}, to", receivers)
        for receiver in dict.fromkeys(receivers):
            ministry = self.steering.get(receiver)
            if ministry is not None and ministry not in sending:
                what = _(
                    "{name} is steered by {ministry}, which does not send the letter",
                    name=quoted(receiver),
                    ministry=quoted(ministry),
                )
                allowed = _("agencies of {ministries}", ministries=listed(sending))
                self.add("not_steered", f"{place}, to", what, allowed, about=receiver)

    def ministries(self, place: str, names: list[str]) -> None:
        """Ministries that write: each exists and steers a member."""
        known = self.whole.ministries
        self.outsiders(place, names, known, UNKNOWN_MINISTRY)
        self.repeats(place, names)
        if known is None or self.senders is None:
            return
        for name in dict.fromkeys(names):
            if name in known and name not in self.senders:
                what = _("{name} steers no member of the arrangement", name=quoted(name))
                self.add("steers_nobody", place, what, listed(self.senders), about=name)


def _month(value: Value) -> str | None:
    return value if isinstance(value, str) and re.fullmatch(MONTHLY, value) else None


def _weights(themes: Value) -> list[float] | None:
    found = [number(weight) for weight in themes.values()] if isinstance(themes, dict) else [None]
    known = [weight for weight in found if weight is not None]
    return known if len(known) == len(found) else None
