"""One pass over the references of a scenario: does everyone who is named exist and belong there?

It reads tables as far as they can be read, see ``lenient``: so what one fault hides is no reason for others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any

from tverretatlig_sim.dates import FROM_START, LONGEST, shifted
from tverretatlig_sim.i18n import Message, _, joined
from tverretatlig_sim.scenario.compose import Composed
from tverretatlig_sim.scenario.errors import NO_WEIGHT, Origin, Problem, among, at_most, listed, quoted
from tverretatlig_sim.scenario.files import PARTS
from tverretatlig_sim.scenario.quantity import Quantity, marked
from tverretatlig_sim.scenario.schema import (
    LINE,
    OWN,
    Agency,
    Among,
    Forum,
    Letter,
    Portfolio,
    Project,
    Table,
    Tie,
)
from tverretatlig_sim.scenario.validate import lenient, pair_of
from tverretatlig_sim.scenario.whole import KINDS, WholeScenario

SEATED = {"forum": "seats", "ministry_forum": "seats", "project": "members"}
"""Fields that say who takes part in an entry."""

Known = Collection[str] | None
"""Names that there are; None if they cannot be read, so that no name is wrong."""
Place = tuple[Message | str, ...]
"""An entry in an entry, then the field."""


def reference_problems(whole: Composed, read: WholeScenario | None = None) -> list[Problem]:
    """Every reference that leads nowhere or to the wrong place, in the order of the parts.

    Args:
        whole: the composed table; what cannot be read in it is passed over, and so is what depends on it.
        read: its model, if it is sound.
    """
    model: Any = read or lenient(WholeScenario, whole.raw)
    found = _References(whole, model)
    for raw, table in zip(whole.raw["actors"], model.actors, strict=True):
        found.origin = raw.origin
        found.check("actors", table, (), None)
    for part in PARTS:
        if (table := getattr(model, part)) is not None:
            found.origin = whole.raw[part].origin
            found.check(part, table, (), None)
    return found.problems


class _References:
    """The pass over one scenario; ``origin`` is where the table stands that is checked now."""

    def __init__(self, whole: Composed, model: Any) -> None:  # noqa: ANN401 - parts of it may be None
        self.origin, self.problems = Origin(""), list[Problem]()
        self.start, self.open_end = model.start, "months" not in whole.raw
        members, own = _rows(model.arrangement, "member"), _rows(model.arrangement, "forum")
        joint = _rows(model.arrangement, "ministry_forum")
        stops = None if own is None else {*own, LINE}
        forums = None if own is None or joint is None else {**own, **joint}
        unknown = members is None or whole.ministries is None
        self.known: dict[str, Known] = {
            "agencies": whole.agencies,
            "ministries": whole.ministries,
            "members": members,
            "seated": None if unknown else {*(members or ()), *(whole.ministries or ())},
            "forums": forums,
            "stops": stops,
            "projects": _rows(model.portfolio, "project"),
            "letters": _rows(model.letters, "letter"),
        }
        described = {row.name: row.ministry for table in model.actors for row in table.agency or ()}
        steering = {name: row.ministry or described.get(name) for name, row in (members or {}).items()}
        self.steering = {name: ministry for name, ministry in steering.items() if ministry}
        complete = members is not None and self.steering == steering
        self.senders = {*self.steering.values()} if complete else None
        staff = {name: row.secretariat_fte for name, row in (forums or {}).items()}
        self.secretariats = {name for name, fte in staff.items() if fte is None or float(fte) > 0}

    def add(
        self,
        code: str,
        place: Place,
        what: Message | str,
        allowed: Message | str = "",
        hint: Message | str = "",
        about: str = "",
    ) -> None:
        """Note one problem."""
        self.problems.append(self.origin.problem(joined(", ", place), what, allowed, hint, code, about))

    def check(self, kind: str, table: Table, place: Place, own: Known) -> None:
        """Check one table and the entries in it; ``own`` is who takes part in the table around it."""
        if kind in SEATED:
            seats = getattr(table, SEATED[kind])
            everyone = self.senders if kind == "ministry_forum" else self.known["members"]
            own = everyone if seats == "all" else seats
        for key, mark in marked(type(table), Among).items():
            known = own if mark.known == OWN else self.known[mark.known]
            self.names(kind, key, getattr(table, key), place, known, mark.wrong)
        begins, ends = getattr(table, "begins", None), getattr(table, "ends", None)
        if begins is not None and ends is not None and ends < begins:
            said = _("ends ({ends}) before it begins ({begins})", ends=ends, begins=begins)
            self.add("ends_first", place, said, _("an end in {begins} or later", begins=begins))
        self.rules(table, place, own)
        for key, held in table:
            if key in KINDS and isinstance(held, list):
                self.entries(key, held, place, own)

    def entries(self, kind: str, rows: Sequence[Table], within: Place, own: Known) -> None:
        """Check the entries of one list; those without a name have a problem already."""
        named = [(name, row) for row in rows if all(name := _identity(kind, row))]
        for name, count in Counter(name for name, _row in named).items():
            if count > 1 and kind not in ("agency", "ministry", "unstable"):
                what = _("{count} entries have this name", count=count)
                self.add("same_name", (*within, _called(kind, name)), what, _("names used once"))
        for number, (name, row) in enumerate(named, start=1):
            counted = _("number {number}", number=number)
            called = joined(" ", (kind, counted)) if kind == "unstable" else _called(kind, name)
            self.check(kind, row, (*within, called), own)

    def names(self, kind: str, key: str, value: Any, place: Place, known: Known, what: Message | str) -> None:  # noqa: ANN401
        """Note every name in a field that is not known, or stands there twice."""
        where = place if key in KINDS[kind][1] else (*place, key)
        single = [value] if isinstance(value, str) and value != "all" else []
        for name, count in Counter([*value] if isinstance(value, list | dict) else single).items():
            if known is not None and name not in known:
                unknown = joined(" ", (quoted(name), what))
                self.add("unknown_name", where, unknown, *among(name, known), name)
            if count > 1 and "route" not in key:
                said = _("{name} is listed twice", name=quoted(name))
                self.add("listed_twice", where, said, _("names used once"), about=name)
            silent = key == "ministries" and self.senders is not None and name not in self.senders
            if silent and name in (known or ()):
                said = _("{name} steers no member of the arrangement", name=quoted(name))
                self.add("steers_nobody", where, said, listed(self.senders or ()), about=name)

    def rules(self, table: Table, place: Place, own: Known) -> None:
        """What else must hold in a table."""
        match table:
            case Agency():
                self.weights(table.frame, (*place, "frame"), 1)
                self.weights(table.understanding, (*place, "understanding"), 1)
                if table.frame is None:
                    self.weights(table.core_tasks, (*place, "core_tasks"))
            case Forum():
                self.forum(table, place)
            case Tie(source_agency=source, target_agency=target) if source == target:
                self.add("tie_to_itself", place, _("an agency has no tie to itself"))
            case Portfolio():
                self.portfolio(table)
            case Project():
                self.project(table, place, own)
            case Letter(name=name, contradicts=[*others]) if name in others:
                what = _("a letter cannot contradict itself")
                self.add("contradicts_itself", (*place, "contradicts"), what, _("another letter"))
            case Letter(ministries=[*sending]):
                for name in dict.fromkeys(table.to or () if table.to != "all" else ()):
                    if (ministry := self.steering.get(name)) and ministry not in sending:
                        told = {"name": quoted(name), "ministry": quoted(ministry)}
                        what = _("{name} is steered by {ministry}, which does not send the letter", **told)
                        allowed = _("agencies of {ministries}", ministries=listed(sending))
                        self.add("not_steered", (*place, "to"), what, allowed, about=name)

    def weights(self, themes: Mapping[str, Quantity] | None, place: Place, most: float | None = None) -> None:
        """Note themes that weigh nothing, or too much together."""
        total = None if themes is None else sum(map(float, themes.values()))
        if most is not None and total is not None and total > most + 1e-9:
            what, allowed = _("weights sum to {total:g}", total=total), _("a sum of at most 1")
            self.add("weights_sum", place, what, allowed)
        if total == 0 and place[-1] != "understanding":
            self.add("no_weight", place, *NO_WEIGHT)

    def forum(self, forum: Forum, place: Place) -> None:
        """Names, chairs and secretariats of forums."""
        if forum.name == LINE:
            allowed = _("another name: in a route it means the lead's own line")
            self.add("name_taken", place, _('the name "line" is taken'), allowed)
        if forum.rule == "authority" and "chair" not in forum.model_fields_set:
            what = _('is missing, but the rule "authority" needs one')
            self.add("no_chair", (*place, "chair"), what, _("an agency with a seat"))
        served = forum.served_by
        if served == forum.name:
            allowed = _("another forum with secretariat_fte above 0")
            self.add("serves_itself", (*place, "served_by"), _("a forum cannot serve itself"), allowed)
        elif served in (self.known["forums"] or ()) and served not in self.secretariats:
            what = _("{name} is not a secretariat", name=quoted(served))
            self.add("no_secretariat", (*place, "served_by"), what, _("a forum with secretariat_fte above 0"))

    def portfolio(self, portfolio: Portfolio) -> None:
        """Projects wait for each other in no circle; a run lasts as long as its last one needs."""
        try:
            TopologicalSorter({it.name: it.after or () for it in portfolio.project or ()}).prepare()
        except CycleError as error:
            chain = error.args[1]
            what = _("projects wait for each other in a circle: {chain}", chain=" → ".join(chain))
            self.add("circle", (_called("project", chain[:1]), "after"), what)
        dated = [it for it in portfolio.project or () if it.start and it.name]
        last = max(dated, key=lambda it: it.start, default=None)
        latest = shifted(self.start, LONGEST - FROM_START) if self.start and self.open_end else "9999-12"
        if last is not None and last.start > latest:
            told = {"late": last.start, "start": self.start}
            what = _("{late} is too long after the scenario starts ({start}) to be followed up", **told)
            allowed = _("{latest} or earlier, or months at the top of the scenario file", latest=latest)
            self.add("too_late", (_called("project", (last.name,)), "start"), what, allowed)

    def project(self, project: Project, place: Place, own: Known) -> None:
        """Parties, themes, start and plan of projects."""
        parties, members = project.parties, len({*(own or ())})
        if own is not None and "parties" in project.model_fields_set and parties and int(parties) > members:
            what = _("{parties} parties, but only {members} take part", parties=int(parties), members=members)
            self.add("too_many_parties", (*place, "parties"), what, at_most(members))
        self.weights(project.themes, (*place, "themes"))
        if self.start is not None and project.start is not None and project.start < self.start:
            what = _("{month} is before the scenario starts", month=project.start)
            self.add("before_start", (*place, "start"), what, _("{month} or later", month=self.start))
        ways = ("recommendations" in project.model_fields_set) + bool(project.recommendation)
        if ways != 1:
            both = _("gives both recommendations and recommendation")
            allowed = _("either recommendations = <number> or [[project.recommendation]] tables")
            self.add("plan", place, both if ways else _("plans no recommendations"), allowed)


def _rows(part: Any, kind: str) -> dict[str, Any] | None:  # noqa: ANN401
    """The entries of a list by name; None if it cannot be read."""
    rows = None if part is None else getattr(part, kind)
    return None if rows is None else {name: row for row in rows if (name := _identity(kind, row)[0])}


def _identity(kind: str, row: Table) -> tuple[str, ...]:
    """What an entry is called; empty texts where it does not say."""
    return tuple(getattr(row, key) or "" for key in KINDS[kind][1])


def _called(kind: str, name: tuple[str, ...]) -> Message | str:
    return joined(" ", (kind, pair_of(*name) if len(name) == 2 else quoted(name[0])))
