"""Edits: changes of a scenario that say what they want and leave consistency to ``fit``.

Three edits reach everything: ``set`` a field by its address, ``add`` an entry, ``remove`` one. The operations
of levers are edits, too. What an edit changed is read off the scenarios before and after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from inspect import signature
from operator import attrgetter
from typing import Any, ClassVar, Literal, TypeVar

from pydantic import ConfigDict, create_model

from tverretatlig_sim.i18n import Message, _, joined
from tverretatlig_sim.inputs import plain
from tverretatlig_sim.scenario.addresses import Address, entries, rewritten, set_values, unknown, updated
from tverretatlig_sim.scenario.errors import Origin, Problem, ScenarioError, among, is_, listed, quoted
from tverretatlig_sim.scenario.files import PARTS, Raw
from tverretatlig_sim.scenario.fit import Fitting, fit
from tverretatlig_sim.scenario.quantity import Name, Quantity, number_fields
from tverretatlig_sim.scenario.references import reference_problems
from tverretatlig_sim.scenario.scenario import Scenario, composed_table, read_of
from tverretatlig_sim.scenario.schema import Table
from tverretatlig_sim.scenario.validate import checked
from tverretatlig_sim.scenario.whole import KINDS, revised

LISTS = {
    kind: part for part in PARTS for kind in KINDS if KINDS[kind][1] and kind in KINDS[part][0].model_fields
}
"""Lists that entries can be added to and removed from, and the part they stand in."""
TAKES_PART = {
    ("project", "lead"): "members",
    ("forum", "chair"): "seats",
    ("ministry_forum", "chair"): "seats",
}
"""Who is given such a field belongs to such a list."""

content = attrgetter("start", "months", "ministries", "everyone", "arrangement", "portfolio", "letters")
"""What a scenario is made of, without what it is called: equal for scenarios with the same results."""


class Unfit(Exception):  # noqa: N818 - a reason, not a fault
    """Why something cannot be done to a scenario; its argument is a message, the end of a sentence."""


class Edit(Table):
    """A change of a scenario, by name.

    Attributes:
        do: name of the edit.
        optional: whether a lever does without it where it cannot be carried out.
    """

    do: Name
    optional: bool = False

    @property
    def subject(self) -> str:
        """What it is about: two edits about the same must say the same."""
        return self.do

    def apply(self, scenario: Scenario) -> Scenario:
        """The changed scenario, which need not fit together; itself if everything is so already.

        Raises:
            Unfit: the scenario lacks what is needed.
            ScenarioError: what is asked for is not allowed.
        """
        raise NotImplementedError


E = TypeVar("E", bound=Edit)


class Set(Edit):
    """Set a field: a number, a name or a list of names.

    Attributes:
        address: e.g. ``forum.steering-group.cadence``, ``project.shared-register.lead``.
        value: as a scenario file writes it; an empty text for no name.
    """

    do: Name = "set"
    address: Name
    value: Any

    @property
    def subject(self) -> str:
        """The address."""
        return f"set {self.address}"

    def apply(self, scenario: Scenario) -> Scenario:
        """The scenario with the field set; whoever leads or chairs something takes part in it."""
        for at, row in entries(scenario):
            field = self.address.removeprefix(f"{at}.")
            if field in type(row).model_fields and field not in number_fields(type(row)):
                if field in ("name", *KINDS[at.kind][1]) or _holds_tables(getattr(row, field)):
                    raise Unfit(_("only entries can be added and removed, and names stay"))
                new = {replace(at, field=field): None if self.value == "" else self.value}
                if (group := TAKES_PART.get((at.kind, field))) and self.value:
                    new[replace(at, field=group)] = sorted({*getattr(row, group), self.value})
                return rebuilt(updated(scenario, new))
        return set_values(scenario, {self.address: self.value})


class Add(Edit):
    """Add an entry.

    Attributes:
        kind: ``member``, ``forum``, ``ministry_forum``, ``tie``, ``unstable``, ``project``, ``letter`` or
            ``event``.
        entry: its table, as a scenario file writes it.
    """

    do: Name = "add"
    kind: Literal["member", "forum", "ministry_forum", "tie", "unstable", "project", "letter", "event"]
    entry: dict[str, Any]

    @property
    def subject(self) -> str:
        """The kind and what tells entries apart."""
        return f"add {self.kind} {self.entry.get('name', self.entry.get('agency', self.entry))}"

    def apply(self, scenario: Scenario) -> Scenario:
        """The scenario with the entry; agencies that it does not describe come from the package."""
        raw = scenario.to_dict()
        raw[LISTS[self.kind]].setdefault(self.kind, []).append(self.entry)
        made = rebuilt(scenario, raw)
        *others, new = [at for at, _row in entries(made) if at.kind == self.kind]
        if new in others:
            raise Unfit(_("{name} is there already", name=quoted(".".join(new.names))))
        return made


class Remove(Edit):
    """Remove an entry.

    Attributes:
        address: e.g. ``member.NAV``, ``forum.steering-group``.
    """

    do: Name = "remove"
    address: Name

    @property
    def subject(self) -> str:
        """The address."""
        return f"remove {self.address}"

    def apply(self, scenario: Scenario) -> Scenario:
        """The scenario without the entry."""

        def left(at: Address, row: Table) -> Table | None:
            return None if at.kind in LISTS and str(at) == self.address else row

        made = rewritten(scenario, left)
        members = {row.agency for row in made.arrangement.member}
        if made is scenario:
            raise ScenarioError([unknown(scenario, self.address)])
        if not members:
            raise Unfit(_("nobody would be left"))
        return revised(made, agencies=tuple(it for it in made.agencies if it.name in members))


class Operation(Edit):
    """An operation of levers, see ``operations``, with the keys that a lever file gives it."""

    model_config = ConfigDict(defer_build=True)  # one run uses few of them, if any
    carry_out: ClassVar[Callable[..., Scenario]]

    @property
    def keys(self) -> dict[str, Any]:
        """What the file says to it."""
        return {name: given for name, given in self if name not in Edit.model_fields}

    @property
    def settings(self) -> dict[str, object]:
        """What it says, numbers without their evidence."""
        return {key: float(it) if isinstance(it, Quantity) else it for key, it in self.keys.items()}

    @property
    def subject(self) -> str:
        """Its name and what it is about."""
        arguments, keys = signature(self.carry_out).parameters.items(), self.keys
        about = [str(keys[name]) for name, it in arguments if name in keys and it.kind is not it.KEYWORD_ONLY]
        return " ".join((self.do, *about))

    def apply(self, scenario: Scenario) -> Scenario:
        """The scenario with the operation carried out."""
        return type(self).carry_out(scenario, **self.keys)


def operation_of(function: Callable[..., Scenario]) -> type[Operation]:
    """What a lever file may say of an operation: the arguments of a function, behind the scenario."""
    arguments = [*signature(function, eval_str=True).parameters.values()][1:]
    keys: dict[str, Any] = {
        it.name: (it.annotation, ... if it.default is it.empty else it.default) for it in arguments
    }
    model = create_model(function.__name__, __base__=Operation, **keys)
    model.carry_out = staticmethod(function)
    return model


def edits_of(
    tables: Iterable[Mapping[str, Any]],
    kinds: Mapping[str, type[E]],
    what: str,
    origin: Origin,
    problems: list[Problem],
) -> list[E]:
    """Edits as a file writes them; what is wrong with others is appended to the problems.

    Args:
        tables: an edit each.
        kinds: edits by the word for them, ``do``.
        what: how messages call them.
        origin: where they stand.
        problems: found problems are appended here.
    """
    found = list[E | None]()
    for table in tables:
        word = str(table.get("do"))
        if word in kinds:
            where = Origin(origin.file, joined(", ", (origin.within, f"{what} {quoted(word)}")))
            found.append(checked(kinds[word], plain(table), where, problems))
        else:
            problems.append(origin.problem(f"{what}, do", is_(word), *among(word, kinds)))
    return [edit for edit in found if edit is not None]


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
            raise scenario.origin.refusal(edit.subject, *reason.args) from None
        fitted = fit(made, result)
        steps.append(Step(edit, tuple(differences(result, made)), fitted.fittings))
        result = fitted.scenario
    result.validate()
    return Edited(result, tuple(steps))


def differences(before: Scenario, after: Scenario) -> Iterator[Change]:
    """What differs between two scenarios: entries first by their place in the first one, then new ones."""
    old, new = (dict(entries(scenario)) for scenario in (before, after))
    for address in {**old, **new}:
        if address not in new or address not in old:
            yield Change("added" if address in new else "removed", str(address))
        elif old[address] is not new[address]:
            for field, value in new[address]:
                own = getattr(old[address], field)
                if own != value and not _holds_tables(own) and not _holds_tables(value):
                    yield Change("set", f"{address}.{field}", own, value)


def rebuilt(scenario: Scenario, raw: Raw | None = None) -> Scenario:
    """The scenario from its table, as if it was read: checked, but for who is named where, and resolved.

    Args:
        scenario: what to rebuild; agencies that it names and does not describe come from the package.
        raw: its table, if that was changed.

    Raises:
        ScenarioError: the table is not that of a scenario, or agencies or ministries are described nowhere.
    """
    whole = composed_table(scenario.to_dict() if raw is None else raw)
    model = read_of(whole, references=False)
    try:
        made = Scenario.of(model, scenario.path)
    except KeyError:
        found = [problem for problem in reference_problems(whole) if problem.code == "unknown_name"]
        raise ScenarioError(found) from None
    return replace(made, levers=scenario.levers, notes=scenario.notes, changes=scenario.changes)


def each(scenario: Scenario, kind: str, change: Callable[[Any], Mapping[str, object]]) -> Scenario:
    """The scenario with fields of every table of a kind replaced; itself if they are so already.

    Args:
        scenario: what to change.
        kind: a key of ``KINDS``; agencies are the members.
        change: given a table, new values of its fields by name.
    """
    members = {*scenario.members}

    def new(at: Address, row: Table) -> Table:
        meant = at.kind == kind and (kind != "agency" or at.names[0] in members)
        return revised(row, **change(row)) if meant else row

    return rewritten(scenario, new)


def arranged(scenario: Scenario, **fields: object) -> Scenario:
    """The scenario with fields of its arrangement replaced; itself if they are so already."""
    return revised(scenario, arrangement=revised(scenario.arrangement, **fields))


def rerouted(scenario: Scenario, change: Callable[[list[str]], list[str]]) -> Scenario:
    """Every route changed, those of projects too."""
    own = scenario.arrangement.self_initiated_route
    routes = {"route": change(scenario.arrangement.route), "self_initiated_route": own and change(own)}
    projects = each(scenario, "project", lambda it: {"route": change(it.route)} if it.route else {})
    return arranged(projects, **routes)


def noted(scenario: Scenario, notes: Sequence[Message | str]) -> Scenario:
    """The scenario with more notes, each said once."""
    return replace(scenario, notes=tuple(dict.fromkeys((*scenario.notes, *notes)))) if notes else scenario


def _holds_tables(value: object) -> bool:
    items = value if isinstance(value, list) else [value]
    return any(isinstance(item, Table) for item in items)


def _value(value: object) -> Message | str:
    if isinstance(value, Quantity):
        return f"{value.value:g}"
    if isinstance(value, dict):
        return joined(", ", [f"{key} {_value(number)}" for key, number in value.items()])
    return listed(value) if isinstance(value, list) else "–" if value is None else str(value)
