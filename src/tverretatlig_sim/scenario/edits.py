"""Edits: changes of a scenario that say what they want and leave consistency to ``fit``.

Three edits reach everything: ``set`` a field by its address, ``add`` an entry, ``remove`` one. The operations
of levers are edits, too. What an edit changed is read off the scenarios before and after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

from tverretatlig_sim.i18n import Message, _, joined
from tverretatlig_sim.scenario.addresses import Address, entries, unknown, with_values
from tverretatlig_sim.scenario.compose import shipped_actors
from tverretatlig_sim.scenario.errors import Origin, Problem, ScenarioError, listed, quoted
from tverretatlig_sim.scenario.fit import Fitted, Fitting, fit, named, names_of, revised
from tverretatlig_sim.scenario.quantity import Quantity, number_fields
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import (
    OVERRIDES,
    Event,
    Forum,
    Letter,
    Member,
    Name,
    Period,
    Project,
    Table,
    Tie,
)
from tverretatlig_sim.scenario.validate import checked

LISTS: Mapping[str, tuple[str, type[Table]]] = {
    "member": ("arrangement", Member),
    "forum": ("arrangement", Forum),
    "tie": ("arrangement", Tie),
    "unstable": ("arrangement", Period),
    "project": ("portfolio", Project),
    "letter": ("letters", Letter),
    "event": ("letters", Event),
}
"""Lists that entries can be added to and removed from: the part they stand in, and what they hold."""
TAKES_PART = {("project", "lead"): "members", ("forum", "chair"): "seats"}
"""Who is given such a field belongs to such a list."""


class Unfit(Exception):  # noqa: N818 - a reason, not a fault
    """Why something cannot be done to a scenario, as the end of a sentence."""


class Edit(Table):
    """A change of a scenario, by name.

    Attributes:
        about: the field that says what it is about, if its name does not.
        do: name of the edit.
        optional: whether a lever does without it where it cannot be carried out.
    """

    about: ClassVar[str] = ""
    do: Name
    optional: bool = False

    @property
    def subject(self) -> str:
        """What it is about: two edits about the same must say the same."""
        return f"{self.do} {getattr(self, self.about)}" if self.about else self.do

    def settings(self) -> dict[str, object]:
        """What it says, numbers without their evidence."""
        said = {name: getattr(self, name) for name in type(self).model_fields if name != "optional"}
        return {name: float(given) if isinstance(given, Quantity) else given for name, given in said.items()}

    def apply(self, scenario: Scenario) -> Scenario:
        """The changed scenario, which need not fit together; itself if everything is so already.

        Raises:
            Unfit: the scenario lacks what is needed.
            ScenarioError: what is asked for is not allowed.
        """
        return self._apply(scenario)

    def undone_by(self, other: Edit) -> Message | str:
        """In which way another edit undoes this one; empty if it does not."""
        return self._undone_by(other)

    def _apply(self, scenario: Scenario) -> Scenario:
        raise NotImplementedError

    def _undone_by(self, other: Edit) -> Message | str:
        return ""


class Set(Edit):
    """Set a field: a number, a name or a list of names.

    Attributes:
        address: e.g. ``forum.steering-group.cadence``, ``project.shared-register.lead``.
        value: as a scenario file writes it.
    """

    about: ClassVar[str] = "address"
    do: Name = "set"
    address: Name
    value: Any

    def _apply(self, scenario: Scenario) -> Scenario:
        for place, row in entries(scenario):
            field = self.address.removeprefix(f"{called(place)}.")
            if field in type(row).model_fields and field not in number_fields(type(row)):
                return self._with_field(scenario, place, row, field)
        return with_values(scenario, {self.address: self.value})

    def _with_field(self, scenario: Scenario, place: Address, row: Table, field: str) -> Scenario:
        if field == "name" or _holds_tables(getattr(row, field)):
            raise Unfit(_("only entries can be added and removed, and names stay"))
        raw = {key: value for key, value in {**_raw(row), field: self.value}.items() if value is not None}
        new = _checked(type(row), raw, f"{quoted(scenario.name)}, {called(place)}")
        if group := TAKES_PART.get((place.kind, field)):
            new = revised(new, **{group: sorted({*getattr(row, group), self.value})})
        new = _resolved(new, scenario)
        if place.kind in LISTS:
            return each(scenario, place.kind, lambda it: dict(new) if it is row else {})
        if place.kind == "recommendation":
            return each(
                scenario,
                "project",
                lambda it: {"recommendation": [new if own is row else own for own in it.recommendation]},
            )
        if place.kind == "agency":
            return each(scenario, "agency", lambda it: dict(new) if it is row else {})
        whole: dict[str, Any] = {place.kind: new}
        return replace(scenario, **whole)


class Add(Edit):
    """Add an entry.

    Attributes:
        kind: ``member``, ``forum``, ``tie``, ``unstable``, ``project``, ``letter`` or ``event``.
        entry: its table, as a scenario file writes it.
    """

    do: Name = "add"
    kind: Literal["member", "forum", "tie", "unstable", "project", "letter", "event"]
    entry: dict[str, Any]

    @property
    def subject(self) -> str:
        """The kind and what tells entries apart."""
        return f"add {self.kind} {self.entry.get('name', self.entry.get('agency', self.entry))}"

    def _apply(self, scenario: Scenario) -> Scenario:
        where, rows = f"{quoted(scenario.name)}, {self.kind}", rows_of(scenario, self.kind)
        row = _checked(LISTS[self.kind][1], self.entry, where)
        if _identity(row) in map(_identity, rows):
            raise Unfit(_("{name} is there already", name=listed([_identity(row)])))
        made = _with_list(scenario, self.kind, [*rows, _resolved(row, scenario)])
        return _with_member(made, row) if isinstance(row, Member) else made


class Remove(Edit):
    """Remove an entry.

    Attributes:
        address: e.g. ``member.NAV``, ``forum.steering-group``.
    """

    about: ClassVar[str] = "address"
    do: Name = "remove"
    address: Name

    def _apply(self, scenario: Scenario) -> Scenario:
        kind, _dot, name = self.address.partition(".")
        rows = rows_of(scenario, kind) if kind in LISTS else []
        kept = [row for row in rows if _identity(row) != name]
        if len(kept) == len(rows):
            raise ScenarioError([unknown(scenario, self.address)])
        if kind == "member" and not kept:
            raise Unfit(_("nobody would be left"))
        made = _with_list(scenario, kind, kept)
        if kind != "member":
            return made
        return replace(made, agencies=tuple(agency for agency in made.agencies if agency.name != name))


EDITS: Mapping[str, type[Edit]] = {"set": Set, "add": Add, "remove": Remove}
"""The edits that reach everything, by name."""


@dataclass(frozen=True)
class Change:
    """One thing that differs between two scenarios.

    Attributes:
        code: ``set``, ``added`` or ``removed``.
        address: of the field or entry.
        before, after: the field's values; None for entries.
    """

    code: Literal["set", "added", "removed"]
    address: str
    before: object = None
    after: object = None

    @property
    def text(self) -> Message | str:
        """The change in a sentence."""
        if self.code == "added":
            return _("{address} is added", address=self.address)
        if self.code == "removed":
            return _("{address} is left out", address=self.address)
        before, after = _value(self.before), _value(self.after)
        return _("{address}: {before} → {after}", address=self.address, before=before, after=after)


@dataclass(frozen=True)
class Step:
    """What one edit did.

    Attributes:
        edit: the edit.
        changes: what it changed itself.
        fittings: what it forced elsewhere.
    """

    edit: Edit
    changes: tuple[Change, ...]
    fittings: tuple[Fitting, ...]


@dataclass(frozen=True)
class Edited:
    """A scenario with edits made, and what each of them did, in order."""

    scenario: Scenario
    steps: tuple[Step, ...]


def edited(scenario: Scenario, edits: Iterable[Edit]) -> Edited:
    """The scenario with edits made one after the other, each fitted before the next.

    Args:
        scenario: what to change.
        edits: in the order in which they are made; the name stays.

    Raises:
        ScenarioError: an edit cannot be made here, or what comes of them is not a valid scenario.
    """
    result, steps = scenario, list[Step]()
    for edit in edits:
        try:
            made = edit.apply(result)
        except Unfit as reason:
            raise ScenarioError([Problem(quoted(scenario.name), edit.subject, str(reason))]) from None
        fitted = fit(made, result)
        steps.append(Step(edit, tuple(differences(result, made)), fitted.fittings))
        result = fitted.scenario
    if problems := result.problems():
        raise ScenarioError(problems)
    return Edited(result, tuple(steps))


def carried_out(edit: Edit, scenario: Scenario) -> Fitted:
    """The scenario with one edit made and fitted, not yet checked.

    Raises:
        Unfit, ScenarioError: as ``Edit.apply``.
    """
    made = edit.apply(scenario)
    return Fitted(scenario, ()) if made is scenario else fit(made, scenario)


def differences(before: Scenario, after: Scenario) -> Iterator[Change]:
    """What differs between two scenarios: entries first by their place in the first one, then new ones."""
    old, new = _rows(before), _rows(after)
    for address in {**old, **new}:
        if address not in new:
            yield Change("removed", address)
        elif address not in old:
            yield Change("added", address)
        elif old[address] is not new[address]:
            for field, value in new[address]:
                own = getattr(old[address], field)
                if own != value and not _holds_tables(own) and not _holds_tables(value):
                    yield Change("set", f"{address}.{field}", own, value)


def content(scenario: Scenario) -> tuple[object, ...]:
    """What a scenario is made of, without what it is called: equal for scenarios with the same results."""
    return (
        scenario.start,
        scenario.months,
        scenario.ministries,
        scenario.everyone,
        scenario.arrangement,
        scenario.portfolio,
        scenario.letters,
    )


def each(scenario: Scenario, kind: str, change: Callable[[Any], Mapping[str, object]]) -> Scenario:
    """The scenario with fields of every entry of a kind replaced.

    Args:
        scenario: what to change.
        kind: a key of ``LISTS``, or ``agency`` for all members.
        change: given an entry, new values of its fields by name.
    """
    if kind == "agency":
        return replace(scenario, agencies=tuple(revised(row, **change(row)) for row in scenario.agencies))
    return _with_list(scenario, kind, [revised(row, **change(row)) for row in rows_of(scenario, kind)])


def arranged(scenario: Scenario, **fields: object) -> Scenario:
    """The scenario with fields of its arrangement replaced; itself if they are so already."""
    arrangement = revised(scenario.arrangement, **fields)
    return scenario if arrangement is scenario.arrangement else replace(scenario, arrangement=arrangement)


def rerouted(scenario: Scenario, change: Callable[[list[str]], list[str]]) -> Scenario:
    """Every route changed, those of projects too."""
    own = scenario.arrangement.self_initiated_route
    routes = {"route": change(scenario.arrangement.route), "self_initiated_route": own and change(own)}
    projects = each(scenario, "project", lambda it: {"route": change(it.route)} if it.route else {})
    return arranged(projects, **routes)


def rows_of(scenario: Scenario, kind: str) -> list[Any]:
    """The entries of a kind."""
    return list(getattr(getattr(scenario, LISTS[kind][0]), kind))


def called(place: Address) -> str:
    """The address of an entry."""
    return str(replace(place, field="_")).removesuffix("._")


def noted(scenario: Scenario, notes: Sequence[Message | str]) -> Scenario:
    """The scenario with more notes, each said once."""
    return replace(scenario, notes=tuple(dict.fromkeys((*scenario.notes, *notes)))) if notes else scenario


def _with_list(scenario: Scenario, kind: str, rows: Sequence[Table]) -> Scenario:
    part = LISTS[kind][0]
    old = getattr(scenario, part)
    new = revised(old, **{kind: list(rows)})
    return scenario if new is old else replace(scenario, **{part: new})


def _with_member(scenario: Scenario, row: Member) -> Scenario:
    """The scenario with one more member: from the municipal chain, or as shipped files describe it."""
    own = named(scenario.beyond, row.agency)
    found, ministries = ([own], {}) if own else shipped_actors([row.agency])
    overrides = {field: value for field in OVERRIDES if (value := getattr(row, field)) is not None}
    agency = found[0].model_copy(update=overrides)
    known = {m.name: m for m in (*ministries.values(), *scenario.beyond_ministries, *scenario.ministries)}
    steering = sorted({agency.ministry, *names_of(scenario.ministries)})
    return replace(
        scenario,
        agencies=tuple(sorted((*scenario.agencies, agency), key=lambda it: it.name)),
        beyond=tuple(it for it in scenario.beyond if it.name != agency.name),
        ministries=tuple(known[name] for name in steering),
        core=scenario.core | ({agency.name} if row.core else set()),
    )


def _resolved(row: Table, scenario: Scenario) -> Table:
    """An entry with every "all" spelled out, and the end of a letter."""
    members = names_of(scenario.agencies)
    if isinstance(row, Forum):
        return revised(row, seats=members) if row.seats == "all" else row
    if isinstance(row, Project):
        return revised(row, members=members) if row.members == "all" else row
    if isinstance(row, Event):
        return revised(row, ministries=names_of(scenario.ministries)) if row.ministries == "all" else row
    if isinstance(row, Letter):
        to = [agency.name for agency in scenario.agencies if agency.ministry in row.ministries]
        return revised(row, to=to if row.to == "all" else row.to, ends=row.ends or f"{row.begins[:4]}-12")
    return row


def _checked(model: type[Table], raw: Mapping[str, Any], where: str) -> Any:  # noqa: ANN401
    problems: list[Problem] = []
    row = checked(model, dict(raw), Origin(where), problems)
    if problems or row is None:
        raise ScenarioError(problems)
    return row


def _raw(row: Table) -> dict[str, Any]:
    return {field: getattr(row, field) for field in row.model_fields_set}


def _identity(row: Table) -> str:
    """What tells an entry from others of its kind."""
    keys = (
        ("name",) if hasattr(row, "name") else ("agency", "source_agency", "target_agency", "begins", "ends")
    )
    return ".".join(str(getattr(row, key)) for key in keys if hasattr(row, key))


def _rows(scenario: Scenario) -> dict[str, Table]:
    members: dict[str, Table] = {f"member.{row.agency}": row for row in scenario.arrangement.member}
    return {**members, **{called(place): row for place, row in entries(scenario)}}


def _holds_tables(value: object) -> bool:
    items = value if isinstance(value, list) else [value]
    return any(isinstance(item, Table) for item in items)


def _value(value: object) -> Message | str:
    if isinstance(value, Quantity):
        return f"{value.value:g}"
    if isinstance(value, dict):
        return joined(", ", [f"{key} {_value(number)}" for key, number in value.items()])
    return listed(value) if isinstance(value, list) else "–" if value is None else str(value)
