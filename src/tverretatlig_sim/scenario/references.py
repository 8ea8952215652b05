"""One pass over the references of a scenario: does everyone who is named exist and belong there?

It reads the composed table, not the checked models: so what one fault hides is no reason for others.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping

from tverretatlig_sim.i18n import Message, _, joined
from tverretatlig_sim.scenario.compose import IDENTITY, NAMED, Composed, identity
from tverretatlig_sim.scenario.errors import NO_WEIGHT, Origin, Problem, at_most, did_you_mean, listed, quoted
from tverretatlig_sim.scenario.files import PARTS, Raw, Value
from tverretatlig_sim.scenario.schema import FOLLOW_UP, LINE, LONGEST, MONTHLY, shifted
from tverretatlig_sim.scenario.validate import number, pair_of, plain, tables, text, texts

LISTS: Mapping[str, tuple[str, ...]] = {
    "actors": ("agency",),
    "arrangement": ("member", "forum", "unstable", "tie"),
    "portfolio": ("project",),
    "letters": ("letter", "event"),
    "project": ("recommendation",),
}
"""Lists of entries that name others, by the table that holds them."""
STRANGER = _("is not a member of the arrangement")
UNKNOWN_AGENCY = _("is not a known agency")
UNKNOWN_MINISTRY = _("is not a known ministry")
NO_FORUM = _("is not a forum of the arrangement")
NO_STOP = _("is neither a forum of the arrangement nor the line")
OUTSIDER = _("takes no part in the project")
NAMES: Mapping[tuple[str, str], tuple[str, Message]] = {
    ("agency", "ministry"): ("ministries", UNKNOWN_MINISTRY),
    ("arrangement", "coordinator"): ("members", STRANGER),
    ("arrangement", "facilitator"): ("forums", NO_FORUM),
    ("arrangement", "route"): ("stops", NO_STOP),
    ("arrangement", "self_initiated_route"): ("stops", NO_STOP),
    ("arrangement", "municipal_chain"): ("agencies", UNKNOWN_AGENCY),
    ("member", "agency"): ("agencies", UNKNOWN_AGENCY),
    ("member", "ministry"): ("ministries", UNKNOWN_MINISTRY),
    ("forum", "seats"): ("members", STRANGER),
    ("forum", "chair"): ("own", _("has no seat in the forum")),
    ("forum", "served_by"): ("forums", NO_FORUM),
    ("tie", "source_agency"): ("members", STRANGER),
    ("tie", "target_agency"): ("members", STRANGER),
    ("project", "members"): ("members", STRANGER),
    ("project", "lead"): ("own", OUTSIDER),
    ("project", "gains"): ("own", OUTSIDER),
    ("project", "route"): ("stops", NO_STOP),
    ("recommendation", "duties"): ("own", OUTSIDER),
    ("letter", "ministries"): ("ministries", UNKNOWN_MINISTRY),
    ("letter", "to"): ("members", STRANGER),
    ("letter", "projects"): ("projects", _("is not a project of the portfolio")),
    ("event", "ministries"): ("ministries", UNKNOWN_MINISTRY),
}
"""Fields that name others: among whom they have to be, and what is wrong with a name that is not."""

Known = Collection[str] | None
"""Names that there are; None if they cannot be read, so that no name is wrong."""


def reference_problems(whole: Composed) -> list[Problem]:
    """Every reference that leads nowhere or to the wrong place, in the order of the parts.

    What cannot be read is passed over, and so is what depends on it.
    """
    found = _References(whole)
    for table in whole.raw["actors"]:
        found.origin = table.origin
        found.check("actors", table, "")
    for part in PARTS:
        if part in whole.raw:
            found.origin = whole.raw[part].origin
            found.check(part, whole.raw[part], "")
    return found.problems


class _References:
    """The pass over one scenario; ``origin`` is where the table stands that is checked now."""

    def __init__(self, whole: Composed) -> None:
        raw = whole.raw
        self.origin, self.problems = Origin(""), list[Problem]()
        self.start, self.open_end = _month(raw.get("start")), "months" not in raw
        forums = _listed(raw.get("arrangement"), "forum")
        self.known: dict[str, Known] = {
            "agencies": whole.agencies,
            "ministries": whole.ministries,
            "members": _listed(raw.get("arrangement"), "member"),
            "forums": forums,
            "stops": None if forums is None else {*forums, LINE},
            "projects": _listed(raw.get("portfolio"), "project"),
        }
        described = {
            name: entry.get("ministry")
            for table in raw["actors"]
            for (name,), entry in _named(table, "agency")
        }
        own = {name: row.get("ministry") for (name,), row in _named(raw.get("arrangement"), "member")}
        steering = {name: text(own[name]) or text(described.get(name)) for name in own}
        self.steering = {name: ministry for name, ministry in steering.items() if ministry}
        complete = self.known["members"] is not None and self.steering.keys() == own.keys()
        self.senders = frozenset(self.steering.values()) if complete else None
        staffed = _named(raw.get("arrangement"), "forum")
        self.secretariats = {
            name for (name,), row in staffed if (number(row.get("secretariat_fte")) or 0) > 0
        }

    def add(
        self,
        code: str,
        place: Message | str,
        what: Message | str,
        allowed: Message | str = "",
        hint: Message | str = "",
        about: str = "",
    ) -> None:
        """Note one problem."""
        self.problems.append(self.origin.problem(place, what, allowed, hint, code, about))

    def check(self, kind: str, table: Raw, place: str, own: Known = None) -> None:
        """Check one table and the entries in it; ``own`` is who takes part in the table around it."""
        for key in ("seats", "members"):
            if (kind, key) in NAMES:
                own = self.known["members"] if table.get(key) == "all" else _names_in(table.get(key))
        for (where, key), (known, what) in NAMES.items():
            if where == kind and key in table:
                self.names(kind, key, table[key], place, own if known == "own" else self.known[known], what)
        begins, ends = _month(table.get("begins")), _month(table.get("ends"))
        if begins is not None and ends is not None and ends < begins:
            said = _("ends ({ends}) before it begins ({begins})", ends=ends, begins=begins)
            self.add("ends_first", place, said, _("an end in {begins} or later", begins=begins))
        for key in LISTS.get(kind, ()):
            self.entries(key, table, f"{place}, " if place else "", own)
        special = getattr(self, f"_{kind}", None)
        if special is not None:
            special(table, place, own)

    def entries(self, kind: str, table: Raw, within: str, own: Known) -> None:
        """Check the entries of one list; those without a name have a problem already."""
        entries = _named(table, kind)
        for name, count in Counter(name for name, entry in entries if kind != "unstable").items():
            if count > 1 and kind != "agency":
                what = _("{count} entries have this name", count=count)
                allowed = _("names used once")
                self.add("same_name", f"{within}{_called(kind, name)}", what, allowed)
        for name, entry in entries:
            self.check(kind, entry, f"{within}{_called(kind, name)}", own)

    def names(self, kind: str, key: str, value: Value, place: str, known: Known, what: Message | str) -> None:
        """Note every name in a field that is not known, or stands there twice."""
        where = place if key in IDENTITY.get(kind, ()) else joined(", ", (place, key))
        single = [value] if value != "all" else []
        names = (
            [*map(plain, value)]
            if isinstance(value, dict)
            else texts(value if isinstance(value, list) else single)
        )
        for name, count in Counter(names).items():
            if known is not None and name not in known:
                unknown = joined(" ", (quoted(name), what))
                self.add("unknown_name", where, unknown, listed(known), did_you_mean(name, known), name)
            if count > 1 and "route" not in key:
                said = _("{name} is listed twice", name=quoted(name))
                self.add("listed_twice", where, said, _("names used once"), about=name)
            silent = key == "ministries" and self.senders is not None and name not in self.senders
            if silent and name in (known or ()):
                said = _("{name} steers no member of the arrangement", name=quoted(name))
                self.add("steers_nobody", where, said, listed(self.senders or ()), about=name)

    def weightless(self, table: Raw, key: str, place: str) -> None:
        """Note themes that weigh nothing."""
        weights = _weights(table.get(key))
        if weights is not None and not any(weights):
            self.add("no_weight", f"{place}, {key}", *NO_WEIGHT)

    def _agency(self, table: Raw, place: str, own: Known) -> None:
        for key in ("frame", "understanding"):
            total = sum(_weights(table.get(key)) or ())
            if total > 1 + 1e-9:
                what, allowed = _("weights sum to {total:g}", total=total), _("a sum of at most 1")
                self.add("weights_sum", f"{place}, {key}", what, allowed)
        self.weightless(table, "core_tasks" if table.get("frame") is None else "frame", place)

    def _forum(self, table: Raw, place: str, own: Known) -> None:
        name, served = text(table.get("name")), text(table.get("served_by"))
        if name == LINE:
            allowed = _("another name: in a route it means the lead's own line")
            self.add("name_taken", place, _('the name "line" is taken'), allowed)
        if table.get("rule") == "authority" and "chair" not in table:
            what = _('is missing, but the rule "authority" needs one')
            self.add("no_chair", f"{place}, chair", what, _("an agency with a seat"))
        if served == name:
            allowed = _("another forum with secretariat_fte above 0")
            self.add("serves_itself", f"{place}, served_by", _("a forum cannot serve itself"), allowed)
        elif served in (self.known["forums"] or ()) and served not in self.secretariats:
            what = _("{name} is not a secretariat", name=quoted(served))
            self.add("no_secretariat", f"{place}, served_by", what, _("a forum with secretariat_fte above 0"))

    def _tie(self, table: Raw, place: str, own: Known) -> None:
        if text(table["source_agency"]) == text(table["target_agency"]):
            self.add("tie_to_itself", place, _("an agency has no tie to itself"))

    def _portfolio(self, table: Raw, place: str, own: Known) -> None:
        """Without a length of its own a run lasts as long as its last project needs, within limits."""
        dated = [
            (month, name) for name, row in _named(table, "project") if (month := _month(row.get("start")))
        ]
        last, name = max(dated, key=lambda item: item[0], default=("", ()))
        if (
            self.start is None
            or not self.open_end
            or last <= (latest := shifted(self.start, LONGEST - FOLLOW_UP))
        ):
            return
        what = _(
            "{late} is too long after the scenario starts ({start}) to be followed up",
            late=last,
            start=self.start,
        )
        allowed = _("{latest} or earlier, or months at the top of the scenario file", latest=latest)
        self.add("too_late", f"{_called('project', name)}, start", what, allowed)

    def _project(self, table: Raw, place: str, own: Known) -> None:
        parties, begins = number(table.get("parties")), _month(table.get("start"))
        if parties is not None and own is not None and parties > len(own):
            what = _(
                "{parties} parties, but only {members} take part", parties=int(parties), members=len(own)
            )
            self.add("too_many_parties", f"{place}, parties", what, at_most(len(own)))
        self.weightless(table, "themes", place)
        if self.start is not None and begins is not None and begins < self.start:
            what = _("{month} is before the scenario starts", month=begins)
            self.add("before_start", f"{place}, start", what, _("{month} or later", month=self.start))
        ways = ("recommendations" in table) + bool(table.get("recommendation"))
        if ways != 1:
            both = _("gives both recommendations and recommendation")
            allowed = _("either recommendations = <number> or [[project.recommendation]] tables")
            self.add("plan", place, both if ways else _("plans no recommendations"), allowed)

    def _letter(self, table: Raw, place: str, own: Known) -> None:
        sending = texts(table.get("ministries"))
        for name in dict.fromkeys(texts(table.get("to"))):
            ministry = self.steering.get(name)
            if ministry is not None and ministry not in sending:
                told = {"name": quoted(name), "ministry": quoted(ministry)}
                what = _("{name} is steered by {ministry}, which does not send the letter", **told)
                allowed = _("agencies of {ministries}", ministries=listed(sending))
                self.add("not_steered", f"{place}, to", what, allowed, about=name)


def _named(table: Value, kind: str) -> list[tuple[tuple[str, ...], Raw]]:
    """The entries of a list that have a name, with it; unstable periods are counted instead."""
    rows = tables(table.get(kind)) if isinstance(table, dict) else []
    if kind == "unstable":
        return [((str(count),), row) for count, row in enumerate(rows, start=1)]
    length = len(IDENTITY.get(kind, NAMED))
    return [(name, row) for row in rows if len(name := identity(row, kind)) == length]


def _called(kind: str, name: tuple[str, ...]) -> Message | str:
    if kind == "unstable":
        return joined(" ", (kind, _("number {number}", number=int(name[0]))))
    return joined(" ", (kind, pair_of(*name) if len(name) == 2 else quoted(name[0])))


def _listed(part: Value, kind: str) -> Known:
    readable = isinstance(part, dict) and isinstance(part.get(kind, []), list)
    return frozenset(name for (name,), row in _named(part, kind)) if readable else None


def _names_in(value: Value) -> Known:
    return frozenset(texts(value)) if isinstance(value, list) else None


def _month(value: Value) -> str | None:
    return value if isinstance(value, str) and re.fullmatch(MONTHLY, value) else None


def _weights(themes: Value) -> list[float] | None:
    found = [number(weight) for weight in themes.values()] if isinstance(themes, dict) else [None]
    known = [weight for weight in found if weight is not None]
    return known if len(known) == len(found) else None
