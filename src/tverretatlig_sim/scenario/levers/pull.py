"""Pulling levers: many changes of one scenario, composed so that their order does not matter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations
from typing import Any

from tverretatlig_sim.i18n import Message, _, joined
from tverretatlig_sim.scenario.errors import Problem, ScenarioError, dial_called, listed, quoted
from tverretatlig_sim.scenario.levers.amounts import How, Pull, changed, contradiction
from tverretatlig_sim.scenario.levers.entries import Tables, tables_of, updated
from tverretatlig_sim.scenario.levers.lever import Lever
from tverretatlig_sim.scenario.levers.moot import why_nothing_counts
from tverretatlig_sim.scenario.levers.operations import OPERATIONS, Operation, Unfit, opposed
from tverretatlig_sim.scenario.levers.targets import (
    Place,
    base_place,
    bounds_of,
    own_value,
    places,
    value_at,
)
from tverretatlig_sim.scenario.parts import noted, problems_in
from tverretatlig_sim.scenario.quantity import Quantity
from tverretatlig_sim.scenario.scenario import Scenario
from tverretatlig_sim.scenario.schema import Title

Pulls = dict[Place, list[Pull]]

KEPT = 512
"""What single levers make of single scenarios that is kept: every check asks for it again."""

ASKS: Mapping[How, str] = {
    "set": _("set"),
    "multiply": _("multiply"),
    "add": _("add"),
    "at_least": _("at least"),
    "at_most": _("at most"),
}
"""What a lever asks of a number."""


def pull(scenario: Scenario, levers: Sequence[Lever]) -> Scenario:
    """The scenario with levers pulled: structure first, then numbers.

    Numbers are set, then multiplied, added to and held within limits, whatever the order of the levers. The
    name is the scenario's and the levers' sorted names, joined by ``+``; without levers the scenario is
    returned as it is.

    Args:
        scenario: what to change; no lever has been pulled on it.
        levers: to pull together.

    Raises:
        ScenarioError: a lever cannot be pulled here or would change nothing, or two contradict each other.
    """
    if not levers:
        return scenario
    ordered = sorted(levers, key=lambda lever: lever.name)
    pulling = _Pulling(scenario, ordered)
    for check in (pulling.check_names, pulling.check_operations, pulling.check_idle):
        check()
        if pulling.problems:
            raise ScenarioError(pulling.problems)
    result = pulling.result()
    notes = [] if pulling.problems else pulling.check_counting(result)
    if pulling.problems:
        raise ScenarioError(pulling.problems)
    return _named(noted(result, notes), scenario, ordered)


class _Pulling:
    """Levers on their way into one scenario; collects what is wrong."""

    def __init__(self, scenario: Scenario, levers: Sequence[Lever]) -> None:
        self.scenario = scenario
        self.levers = levers
        self.problems: list[Problem] = []
        self.notes: list[Message | str] = []

    def check_names(self) -> None:
        if self.scenario.levers:
            before = _("levers {names}", names=listed(self.scenario.levers))
            self._refuse(before, _("are pulled already; pull all levers of a scenario at once"))
        names = [lever.dial or lever.name for lever in self.levers]
        for name in sorted({name for name in names if names.count(name) > 1}):
            dial = any(lever.dial == name for lever in self.levers)
            self._refuse(dial_called(name) if dial else _said(name), _("is given more than once"))

    def check_operations(self) -> None:
        for one, other in combinations(self.levers, 2):
            for mine in one.operations:
                for theirs in other.operations:
                    if reason := opposed(mine, theirs):
                        self._contradict(one.name, other.name, reason)

    def check_idle(self) -> None:
        """Refuse levers that would change nothing by themselves; a dial may stand where it stood."""
        for lever in (lever for lever in self.levers if not lever.dial):
            alone = _alone(self.scenario, lever)
            if alone.idle:
                idle = _("changes nothing here: all it asks for is so already")
                self._refuse(_said(lever.name), joined("; ", (idle, *alone.notes)))

    def check_counting(self, result: Scenario) -> list[Message | str]:
        """Refuse levers that change only what cannot count in what comes of them; notes on dials that do."""
        notes = []
        for lever in self.levers:
            alone = _alone(self.scenario, lever).scenario
            if reason := why_nothing_counts(self.scenario, alone, result):
                idle = _("changes nothing that counts here: {reason}", reason=reason)
                if lever.dial:
                    notes.append(joined(": ", (_said(lever.name), idle)))
                else:
                    self._refuse(_said(lever.name), idle)
        return notes

    def result(self) -> Scenario:
        """What comes of them all, its references checked."""
        result = self.changed()
        if self.problems:
            return self.scenario
        self.problems += problems_in(result, quoted(self.scenario.name))
        return noted(result, self.notes)

    def changed(self) -> Scenario:
        """What comes of them all, unchecked; the scenario itself if they cannot be pulled."""
        structure = self._structure()
        pulls = self._pulls(structure)
        numbers = self._numbers(structure, pulls)
        return self.scenario if self.problems else updated(structure, numbers)

    def _structure(self) -> Scenario:
        order = list(OPERATIONS)
        asked = [(operation, lever.name) for lever in self.levers for operation in lever.operations]
        asked.sort(key=lambda item: (order.index(item[0].do), item[0].subject, item[1]))
        result, done = self.scenario, set[str]()
        for operation, lever in asked:
            if operation.subject not in done:
                result = self._carried_out(operation, lever, result)
                done.add(operation.subject)
        return result

    def _carried_out(self, operation: Operation, lever: str, scenario: Scenario) -> Scenario:
        try:
            return operation.carried_out(scenario)
        except Unfit as reason:
            self._miss(lever, str(reason), operation.optional)
            return scenario

    def _pulls(self, scenario: Scenario) -> Pulls:
        """What is done to each number."""
        pulls: Pulls = {}
        for lever in self.levers:
            for change in lever.changes:
                found = places(change.target, scenario)
                if not found:
                    reason = _("there is no {entry} here", entry=change.what.rpartition(".")[0])
                    self._miss(lever.name, reason, change.optional)
                for place in found:
                    pulls.setdefault(place, []).append(Pull(lever.name, change.how, change.amount))
        tables = tables_of(scenario)
        return {place: [*own, *_shared(place, pulls, tables)] for place, own in pulls.items()}

    def _numbers(self, scenario: Scenario, pulls: Pulls) -> dict[tuple[str, str], dict[str, Quantity]]:
        """New numbers by entry and field; those that stay are left out."""
        tables = tables_of(scenario)
        numbers: dict[tuple[str, str], dict[str, Quantity]] = {}
        for place, asked in sorted(pulls.items()):
            if pair := contradiction(asked):
                both = _("{one} and {other}", one=_asks(pair[0]), other=_asks(pair[1]))
                reason = joined(": ", (str(place), both))
                self._contradict(pair[0].lever, pair[1].lever, reason)
                continue
            base = value_at(place, scenario, tables)
            new = changed(base, asked, bounds_of(place.kind, place.field))
            if new is not base or _shared(place, pulls, tables):
                numbers.setdefault((place.kind, place.name), {})[place.field] = new
        return numbers

    def _refuse(self, who: Message | str, what: Message | str) -> None:
        self.problems.append(Problem(quoted(self.scenario.name), who, what))

    def _contradict(self, one: str, other: str, reason: Message | str) -> None:
        if one == other:
            self._refuse(_said(one), _("contradicts itself: {reason}", reason=reason))
            return
        both = _("levers {one} and {other}", one=quoted(one), other=quoted(other))
        if "=" in one + other:
            both = _("{one} and {other}", one=_said(one), other=_said(other))
        self._refuse(both, _("contradict each other: {reason}", reason=reason))

    def _miss(self, lever: str, reason: Message | str, optional: bool) -> None:
        if optional:
            done = _("{lever}: {reason}; the rest of it is done", lever=_said(lever), reason=reason)
            self.notes.append(done)
        else:
            self._refuse(_said(lever), _("cannot be pulled: {reason}", reason=reason))


@dataclass(frozen=True)
class _Alone:
    """What a lever makes of a scenario by itself.

    Attributes:
        scenario: the changed scenario.
        idle: whether that is no change at all.
        notes: what had to be left out.
    """

    scenario: Scenario
    idle: bool
    notes: tuple[Message | str, ...]


class _Same:
    """Something that is equal to itself only: scenarios and levers never change, and hold lists."""

    def __init__(self, it: Any) -> None:  # noqa: ANN401
        self.it = it

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.it is other.it

    def __hash__(self) -> int:
        return id(self.it)


def _alone(scenario: Scenario, lever: Lever) -> _Alone:
    return _made_alone(_Same(scenario), _Same(lever))


@lru_cache(KEPT)
def _made_alone(scenario: _Same, lever: _Same) -> _Alone:
    alone = _Pulling(scenario.it, [lever.it])
    result = alone.changed()
    # What equals a scenario has the problems of that one, which are rarely any: so they are looked for last.
    same = not alone.problems and _content(result) == _content(scenario.it)
    idle = same and not problems_in(result, "")
    return _Alone(noted(result, alone.notes), idle, tuple(alone.notes))


def _shared(place: Place, pulls: Pulls, tables: Tables) -> list[Pull]:
    """What is done to the number that counts where none is given at a place."""
    base = base_place(place)
    return pulls.get(base, []) if base is not None and own_value(place, tables) is None else []


def _content(scenario: Scenario) -> tuple[object, ...]:
    return (
        scenario.ministries,
        scenario.everyone,
        scenario.arrangement,
        scenario.portfolio,
        scenario.letters,
    )


def _named(result: Scenario, base: Scenario, levers: Sequence[Lever]) -> Scenario:
    titles = [base.title, *(lever.title for lever in levers)]
    names = tuple(lever.name for lever in levers)
    return replace(
        result,
        name="+".join((base.name, *names)),
        title=Title(en=_joined(title.en for title in titles), nb=_joined(title.nb for title in titles)),
        source="; ".join([base.source, *(f"{_said(lever.name)}: {lever.source}" for lever in levers)]),
        path=None,
        levers=names,
    )


def _joined(titles: Iterable[str]) -> str:
    return " + ".join(titles)


def _said(lever: str) -> Message | str:
    # Names of levers hold no equals sign; settings of dials do.
    return dial_called(lever) if "=" in lever else _("lever {name}", name=quoted(lever))


def _asks(item: Pull) -> Message | str:
    return joined(" ", (ASKS[item.how], f"{item.amount.value:g}"))
